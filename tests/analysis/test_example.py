"""The example workspace: what was planted in it is found, and what was not is not."""

from __future__ import annotations

import shutil
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.effect import difference_in_differences
from analysis.hot_spots import Kind, hot_spots
from analysis.survey import survey_share
from analysis.verdict import Verdict
from analysis.weighted import difference, verdicts
from pipelines.demo import TRUTH, Truth
from pipelines.demo.make import make_example
from pipelines.demo.surveys import NO_OPINION
from store.settings import PROJECT, Settings
from store.warehouse import Build, fetch

EVENTS = """
    SELECT e.*, w.within_id AS place FROM event e
    LEFT JOIN area_within w ON w.area_id = e.area_id AND w.within_id LIKE '0188-%'
    WHERE e.category = $category
"""


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Truth]:
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(PROJECT / "data" / "open" / "scb_areas", folder / "open" / "scb_areas")
    shutil.copy(PROJECT / "data" / "open" / "delivered.toml", folder / "open")
    settings = Settings(data_dir=folder / "data", open_dir=folder / "open")
    return make_example(settings), Truth.read(settings.example.data_dir / TRUTH)


def events(build: Build, *categories: str) -> pd.DataFrame:
    return pd.concat([fetch(build, EVENTS, {"category": one}) for one in categories], ignore_index=True)


def faults(build: Build, truth: Truth, category: str) -> pd.DataFrame:
    rows = events(build, category)
    return rows[rows["x"].notna() & rows["area_id"].str.startswith(truth.municipality)]


def test_the_planted_cluster_is_found_and_nothing_else(example: tuple[Build, Truth]) -> None:
    build, truth = example
    cluster = truth.cluster
    rows = faults(build, truth, cluster.category)
    found = hot_spots(rows["x"], rows["y"], rows["reported"]).spots
    assert found["kind"].tolist() == [Kind.EMERGING]
    assert np.hypot(found["x"] - cluster.east, found["y"] - cluster.north).item() < 2 * cluster.radius
    assert found["recent_count"].item() >= 0.9 * cluster.planted


def test_no_other_category_has_a_hot_spot(example: tuple[Build, Truth]) -> None:
    build, truth = example
    others = {r.category for r in truth.rates if r.series == truth.cluster.series} - {truth.cluster.category}
    for category in sorted(others):
        rows = faults(build, truth, category)
        assert hot_spots(rows["x"], rows["y"], rows["reported"]).spots.empty, category


def test_the_planted_effect_is_found_and_no_other_district_is_called_changed(example: tuple[Build, Truth]) -> None:
    build, truth = example
    effect = truth.effect
    rows = events(build, *effect.categories).dropna(subset=["place"])
    month = rows["occurred_from"].fillna(rows["reported"]).dt.to_period("M").dt.to_timestamp()
    counts = rows.assign(period_start=month).groupby(["place", "period_start"])["events"].sum()
    months = pd.date_range(truth.first_day, truth.last_day, freq="MS")
    every = pd.MultiIndex.from_product([truth.population, months], names=["area_id", "period_start"])
    table = counts.rename_axis(["area_id", "period_start"]).reindex(every, fill_value=0).rename("count").reset_index()
    start = date.fromisoformat(effect.starts)
    found = difference_in_differences(table.assign(treated=table["area_id"] == effect.place), start)
    assert found.verdict is Verdict.LOWER
    assert found.lower <= effect.relative_risk <= found.upper
    controls = table[table["area_id"] != effect.place]
    for place in effect.controls:
        other = difference_in_differences(controls.assign(treated=controls["area_id"] == place), start)
        assert other.verdict is Verdict.NORMAL, place


def test_shares_cover_the_truth_and_waves_have_not_changed(example: tuple[Build, Truth]) -> None:
    """Residents, by district: nearly all intervals hold the share that was planted, the same in every wave."""
    build, truth = example
    asked = fetch(
        build, "SELECT a.*, q.text FROM survey_answer a JOIN survey_question q USING (source_id, question_id)"
    )
    covered, changed = [], []
    residents = [share for share in truth.shares if share.place]
    for share in residents:
        own = asked[(asked["text"] == share.question) & (asked["area_id"] == share.place)]
        own = own[~own["answer"].eq(NO_OPINION) & own["weight"].notna()]
        waves = [
            survey_share(pd.DataFrame({"hit": rows["answer"].isin(share.answers), "weight": rows["weight"]}))
            for _, rows in own.groupby("wave")
        ]
        covered += [bool((w["lower"] <= share.share).item() and (share.share <= w["upper"]).item()) for w in waves]
        changed.append(verdicts(difference(waves[1], waves[0]), [True]) != [Verdict.NORMAL])
    assert len(covered) == 2 * len(residents)
    assert np.mean(covered) >= 0.9
    assert np.mean(changed) <= 0.12
