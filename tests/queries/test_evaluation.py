"""What a measure may have done, asked of builds whose truth is known; and why nothing is said where it must not be."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.goal_outcome import Standing, Terms
from analysis.verdict import Verdict
from queries import evaluation, outcomes
from queries.measured import EVENTS, SURVEY, Measured
from store.warehouse import Build
from tests.pages.test_local import delivered
from tests.queries.literal import Rows, literal_build, within

HERE = "0188"
RIMBO, HALLSTAVIK, VADDO = (f"{HERE}-{name}" for name in ("rimbo", "hallstavik", "vaddo"))
OPEN, PROTECTED = "open", "protected"
START = date(2025, 1, 1)
ROBBERY = Measured(EVENTS, RIMBO, source_id=OPEN, category="Rån")
THREATS = Measured(EVENTS, RIMBO, source_id=PROTECTED, category="Hot")
STOLD = Measured(EVENTS, RIMBO, "Stöld", source_id=OPEN, category="Stöld")


def months(source: str, area: str, category: str, *monthly: int) -> Rows:
    """Events each month of 2023, 2024 and 2025: so many, the same every month of a year."""
    return [
        {"source_id": source, "event_id": f"{source}{area}{category}{year}{month}", "events": monthly[year - 2023],
         "occurred_from": pd.Timestamp(year, month, 3 if month == 1 else 28), "area_id": area, "category": category,
         "placement": "placed"}
        for year in (2023, 2024, 2025) for month in range(1, 13)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Thefts fall from 20 to 12 a month in Rimbo, rise from 10 to 15 in Väddö, and stay at 20 in Hallstavik.

    A protected source has 50, 50 and 30 of one kind in Rimbo beside 50 in Hallstavik, and 3 of another."""
    areas = [{"area_id": HERE, "level": "municipality", "name": "Norrtälje"}] + [
        {"area_id": area, "level": "district", "name": name, "parent_id": HERE}
        for area, name in ((RIMBO, "Rimbo"), (HALLSTAVIK, "Hallstavik"), (VADDO, "Väddö"))
    ]
    events = [
        *months(OPEN, RIMBO, "Stöld", 20, 20, 12), *months(OPEN, HALLSTAVIK, "Stöld", 20, 20, 20),
        *months(OPEN, VADDO, "Stöld", 10, 10, 15), *months(PROTECTED, RIMBO, "Klotter", 50, 50, 30),
        *months(PROTECTED, HALLSTAVIK, "Klotter", 50, 50, 50), *months(PROTECTED, RIMBO, "Hot", 3, 3, 3),
        *months(PROTECTED, HALLSTAVIK, "Hot", 30, 30, 30),
    ]  # fmt: skip
    sources: list[dict[str, Any]] = [
        {"source_id": one, "title": one, "citation": f"Källan {one}", "kind": "events", "protected": one == PROTECTED}
        for one in (OPEN, PROTECTED)
    ]
    deliveries = [delivered(f"d-{one['source_id']}", one["source_id"]) for one in sources]
    chains = {HERE: [], RIMBO: [HERE], HALLSTAVIK: [HERE], VADDO: [HERE]}
    return literal_build(
        tmp_path_factory.mktemp("evaluation"), area=areas, area_within=within(chains), event=events, source=sources,
        delivery=deliveries,
    )  # fmt: skip


def test_the_three_methods_agree_on_series_without_chance(build: Build) -> None:
    around = evaluation.before_after(build, STOLD, START, HALLSTAVIK, VADDO)
    assert around.counts[["before", "after"]].to_numpy().tolist() == [[240, 144], [240, 240], [120, 180]]
    assert around.found is not None
    assert around.found.weighted is not None
    assert around.found.displaced is not None
    assert (around.found.effect.ratio, around.found.weighted.difference) == (pytest.approx(0.6), -96)
    # (180 / 240 - 120 / 240) / (144 / 240 - 240 / 240): five eighths of the fall turned up in Väddö.
    assert around.found.displaced.quotient == pytest.approx(-0.625)
    assert around.found.displaced.buffer.verdict is Verdict.HIGHER
    course, beside = evaluation.own_course(build, STOLD, START), evaluation.beside(build, STOLD, START, HALLSTAVIK)
    # Months have unequally many days, which the two that follow the series take into account.
    assert (course.effect.ratio, beside.effect.ratio) == (pytest.approx(0.6, rel=0.02), pytest.approx(0.6))
    assert (course.months, course.before, course.after, beside.areas) == (1, 24, 12, ("Hallstavik",))
    assert course.effect.verdict is beside.effect.verdict is Verdict.LOWER


def test_the_municipality_stands_for_its_other_districts(build: Build) -> None:
    assert evaluation.beside(build, STOLD, START, HERE).areas == ("Hallstavik", "Väddö")
    around = evaluation.before_after(build, STOLD, START, HERE)
    assert around.counts[["before", "after"]].to_numpy().tolist() == [[240, 144], [360, 420]]


def test_steps_make_every_interval_wider(build: Build) -> None:
    klotter = Measured(EVENTS, RIMBO, "Klotter", source_id=PROTECTED, category="Klotter")
    around = evaluation.before_after(build, klotter, START, HALLSTAVIK)
    assert around.counts["step"].tolist() == [5, 5]
    assert around.found is not None
    effect = around.found.effect
    # 600 to 360 beside 600 to 600, told as 602, 362, 602 and 602: the worst within the steps is 600 to 364 beside 604
    # to 600, and beyond it lies what chance adds.
    worst = (364 / 600) / (600 / 604)
    error = np.sqrt(1 / 600 + 1 / 364 + 1 / 604 + 1 / 600)
    assert effect.upper == pytest.approx(worst * np.exp(1.959964 * error))
    course = evaluation.own_course(build, klotter, START)
    assert course.effect.ratio == pytest.approx(32 / 52, rel=0.02)
    exact = evaluation.own_course(build, STOLD, START).effect
    assert np.log(course.effect.upper / course.effect.lower) > 0
    assert exact.reason == course.effect.reason == ""


@pytest.mark.parametrize(
    ("measured", "start", "reasons"),
    [
        pytest.param(Measured(SURVEY, RIMBO, source_id="s"), START, ["not_counts"] * 3, id="answers"),
        pytest.param(STOLD, date(2023, 6, 1), ["short"] * 3, id="nothing before"),
        pytest.param(STOLD, date(2025, 12, 15), ["short", "no_after", "no_after"], id="nothing after"),
        pytest.param(ROBBERY, START, ["short", "no_series", "no_series"], id="no such events"),
        pytest.param(THREATS, START, ["", "coarse", "coarse"], id="too few for the steps"),
    ],
)  # fmt: skip
def test_why_nothing_is_said(build: Build, measured: Measured, start: date, reasons: list[str]) -> None:
    around = evaluation.before_after(build, measured, start, HALLSTAVIK)
    course, beside = (
        evaluation.own_course(build, measured, start),
        evaluation.beside(build, measured, start, HALLSTAVIK),
    )
    assert [around.reason, course.effect.reason, beside.effect.reason] == reasons


def test_a_hidden_month_is_neither_filled_in_nor_left_out(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = evaluation.series(build, STOLD)
    lost = shown["label"] == "juli 2024"
    assert lost.sum() == 1
    figures = ["value", "count"]
    hidden = shown.assign(**shown[figures].mask(lost), status=shown["status"].mask(lost, "suppressed"))
    monkeypatch.setattr(evaluation, "series", lambda *_: hidden)
    for found in (evaluation.own_course(build, STOLD, START), evaluation.beside(build, STOLD, START, HALLSTAVIK)):
        assert (found.effect.reason, found.hidden) == ("hidden", 1)
        assert np.isnan(found.effect.ratio)


def test_a_control_without_such_events_is_none(build: Build) -> None:
    klotter = Measured(EVENTS, RIMBO, source_id=PROTECTED, category="Klotter")
    assert evaluation.before_after(build, klotter, START, VADDO).reason == "no_control"
    assert evaluation.beside(build, klotter, START, VADDO).effect.reason == "no_control"


def test_where_a_goal_stands_and_what_it_can_be_set_beside(build: Build) -> None:
    found = outcomes.outcome(build, STOLD, Terms(True, 240, 211, 272, 200), START, date(2026, 2, 1))
    assert (found.standing, found.label, found.value) == (Standing.REACHED, "2025", 144)
    assert outcomes.outcome(build, None, Terms(True), START, START).standing is Standing.NOT_FOLLOWED
    assert outcomes.sides(build, STOLD)["name"].tolist() == ["Hallstavik", "Norrtälje", "Väddö"]
    assert outcomes.sources(build, STOLD)["citation"].tolist() == ["Källan open"]
