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
from analysis.thread import Records, breaks
from analysis.verdict import Verdict
from analysis.weighted import difference, verdicts
from pipelines.demo import TRUTH, Truth
from pipelines.demo.make import make_example
from pipelines.demo.surveys import NO_OPINION, RESIDENTS
from pipelines.demo.work import write_work
from queries import (
    causes,
    local,
    measured,
    survey_waves,
    three_views,
    time_and_place_change,
    time_and_place_reports,
    time_and_place_spots,
)
from store.records import (
    Activity,
    Cause,
    Evidence,
    FollowUp,
    Goal,
    GoalMeasure,
    Invoice,
    Measure,
    MeasureCause,
    Meeting,
    Plan,
    Problem,
    Situation,
    Work,
    open_work,
)
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


def test_the_place_of_the_planted_cluster_is_pointed_out_as_the_cause(example: tuple[Build, Truth]) -> None:
    """The first of all districts, days, times and seasons; and of what is told inside it, nothing is called lower."""
    build, truth = example
    cluster = truth.cluster
    source = str(faults(build, truth, cluster.category)["source_id"].iloc[0])
    asked = (build, truth.municipality, source, truth.municipality, cluster.category)
    found = causes.breakdown(*asked, (), causes.YEAR)
    assert found is not None
    first = found.found.iloc[0]
    place = fetch(build, "SELECT name FROM area WHERE area_id = $place", {"place": cluster.place})["name"].item()
    assert (first["dimension"], first["value"], first["verdict"]) == ("Kommundel", place, Verdict.HIGHER)
    assert first["moved"] == pytest.approx(cluster.planted, abs=20)
    inside = causes.breakdown(*asked, (("Kommundel", place),), causes.MEAN)
    assert inside is not None
    assert Verdict.LOWER not in set(inside.found["verdict"])


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


def source_of(build: Build, title: str) -> str:
    return str(fetch(build, "SELECT source_id FROM source WHERE title = $title", {"title": title})["source_id"].iloc[0])


def test_the_page_of_time_and_place_says_what_was_planted(example: tuple[Build, Truth]) -> None:
    """The cluster is told of, where it is and with its neighbours' words, and no other category has one."""
    build, truth = example
    cluster = truth.cluster
    faults_id = source_of(build, cluster.series)
    for category in sorted({r.category for r in truth.rates if r.series == cluster.series}):
        found = time_and_place_spots.spots(build, truth.municipality, faults_id, truth.municipality, category)
        assert found is not None
        if category != cluster.category:
            assert found.spots.empty, category
            continue
        (spot,) = found.spots.to_dict("records")
        assert spot["kind"] == Kind.EMERGING
        assert np.hypot(spot["x"] - cluster.east, spot["y"] - cluster.north) < cluster.radius
        assert 0.9 * cluster.planted - found.step < spot["recent"]
        told = time_and_place_spots.spots(build, truth.municipality, faults_id, cluster.place, category)
        assert told is not None
        assert len(told.spots) == 1


def test_before_and_after_finds_the_planted_effect_and_no_other(example: tuple[Build, Truth]) -> None:
    build, truth = example
    effect = truth.effect
    police_id, start = source_of(build, effect.series), date.fromisoformat(effect.starts)
    assert start in time_and_place_change.starts(build, police_id)
    verdicts_of = {}
    for category in effect.categories:
        found = time_and_place_change.change(build, truth.municipality, police_id, effect.place, category, start)
        assert found is not None
        verdicts_of[category] = found.verdict
        if found.verdict is not Verdict.TOO_LITTLE:
            assert found.lower <= 100 * (effect.relative_risk - 1) <= found.upper, category
    assert Verdict.LOWER in verdicts_of.values()
    assert Verdict.HIGHER not in verdicts_of.values()


def test_more_reports_are_told_to_come_from_more_rapporteurs(example: tuple[Build, Truth]) -> None:
    build, truth = example
    for place in truth.reporting:
        found = time_and_place_reports.reports(
            build, truth.municipality, source_of(build, place.series), place.place, ""
        )
        assert found is not None
        assert found.verdict is Verdict.NORMAL, place.place_name
        assert found.lower <= 1 <= found.upper
        assert found.reports > 1
        assert found.reporters > 1


def source_id(build: Build, title: str) -> str:
    found = local.sources(build).set_index("title")["source_id"]
    return str(found[title])


def test_the_survey_page_says_what_was_planted(example: tuple[Build, Truth]) -> None:
    """No wave differs, what is shown holds the planted shares, and more who report are not taken for more incidents."""
    build, truth = example
    rows = survey_waves.over_waves(build, truth.municipality, source_id(build, RESIDENTS))
    judged = rows[rows["change_verdict"] != Verdict.TOO_LITTLE]
    assert len(judged) > 50
    assert (judged["change_verdict"] != Verdict.NORMAL).mean() <= 0.12
    scales = fetch(build, "SELECT text, len(string_split(scale, chr(10))) AS levels FROM survey_question")
    levels = scales.set_index("text")["levels"]
    held = []
    for share in (one for one in truth.shares if one.place):
        own = rows[(rows["question"] == share.question) & (rows["area_id"] == share.place) & rows["share"].notna()]
        for row in own.to_dict("records"):
            counted = set(row["choice"].split(" eller "))
            # The answers counted are those of the truth, or all the others of the scale.
            others = not counted & set(share.answers) and len(counted | set(share.answers)) == levels[share.question]
            if counted == set(share.answers) or others:
                held.append(row["lower"] <= (1 - share.share if others else share.share) <= row["upper"])
    assert len(held) > 20
    assert np.mean(held) >= 0.9
    for reporting in truth.reporting:
        source = (source_id(build, reporting.series), reporting.series)
        view = three_views.events(build, truth.municipality, source, reporting.place, None)
        assert view is not None
        assert (view.unit, view.verdict) == ("rapporter per rapportör och månad", Verdict.NORMAL)


def test_no_free_text_is_in_the_build(example: tuple[Build, Truth]) -> None:
    """The residents' file has a column of remarks; neither the question nor a remark is stored."""
    build, _ = example
    remarks = ("Bättre belysning vid gångvägen", "Fler poliser på kvällarna", "Det är lugnt här")
    stored = fetch(build, "SELECT DISTINCT answer AS text FROM survey_answer UNION SELECT text FROM survey_question")
    assert len(stored) > 20
    assert not set(remarks) & set(stored["text"])
    assert not stored["text"].str.contains("synpunkter").any()


@pytest.fixture(scope="module")
def work(example: tuple[Build, Truth]) -> Work:
    """The work that the example was made with."""
    folder = example[0].path.parent.parent
    return open_work(folder / "records.sqlite", folder)


def test_the_activity_plan_of_2025_is_there(work: Work) -> None:
    """Numbers, options, costs and grants are those of the partnership's plan."""
    told = [
        (one.number, one.option, one.cost_sek, one.per, one.yearly_cost_sek, one.grant) for one in work.all(Activity)
    ]
    assert told == [
        (1, True, 123_000, "skola", None, "yes"), (2, True, 50_000, "", None, "no"),
        (3, True, 190_000, "", None, "conditional"), (4, True, 240_000, "", None, "yes"),
        (5, False, 180_000, "", None, "no"), (6, False, 280_000, "", None, "yes"),
        (7, True, 180_000, "", None, "conditional"), (8, True, None, "", 60_000, "no"),
    ]  # fmt: skip
    (plan,) = work.all(Plan, kind="activity")
    assert [one.amount_sek for one in work.all(Invoice)] == [plan.budget_sek / 2] * 2
    months = [one.planned_on.month for one in work.all(Meeting, plan_id=plan.id) if one.planned_on]
    assert months == [4, 8, 12, 4, 8, 12]


def test_the_work_is_written_once_and_stays(example: tuple[Build, Truth], work: Work) -> None:
    build, truth = example
    before = work.revision()
    folder = build.path.parent.parent
    assert not write_work(Settings(data_dir=folder), build, truth)
    assert work.revision() == before
    assert [one.stage for one in work.all(Situation)] == ["decided", "decided"]
    assert [one.stage for one in work.all(Plan)] == ["decided", "draft", "decided"]
    assert all(one.frozen["mark"] == "Exempeldata" for one in work.all(Evidence) if one.frozen)


def test_the_goals_stand_where_the_figures_do(example: tuple[Build, Truth], work: Work) -> None:
    goals = work.all(Goal)
    assert len(goals) == 3
    for goal in goals:
        one = measured.Measured.from_json(goal.measured)
        assert one is not None
        rows = measured.series(example[0], one, by_year=True).set_index("label")
        assert goal.baseline == pytest.approx(rows.loc[goal.baseline_period, "value"], abs=1e-5)


def test_one_thread_is_whole_and_the_others_break(work: Work) -> None:
    names = (Problem, Cause, Measure, Goal, FollowUp, MeasureCause, GoalMeasure, Evidence)
    found = breaks(Records(*(work.frame(one) for one in names)), date(2026, 9, 1))
    assert {"no_cause", "cause_no_measure", "measure_no_cause", "measure_no_goal", "goal_no_measure"} <= set(
        found["fault"]
    )
    whole = work.all(Problem)[0]
    own = {one.id for one in work.all(Measure, problem_id=whole.id)}
    of_whole = found[(found["kind"] == "measure") & found["id"].isin(own)]
    assert of_whole.empty
    assert not ((found["kind"] == "problem") & (found["id"] == whole.id)).any()
