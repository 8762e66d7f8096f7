"""Start, Röda tråden and Efterlevnad on the shipped figures: nothing begun, then work with late and loose things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from store.records import (
    Actor,
    Cause,
    FollowUp,
    Goal,
    GoalMeasure,
    Measure,
    MeasureCause,
    Meeting,
    Plan,
    Problem,
    Role,
    Work,
    open_work,
)
from tests.pages.conftest import OpenPage, words
from tests.pages.test_problem import tables

ANNA = Actor("Anna", Role.ADMIN)


@pytest.fixture
def work(literal: Callable[..., None], tmp_path: Path) -> Work:
    """The work beside a build of two years."""
    literal(**tables(y2024=90.0, y2025=120.0))
    return open_work(tmp_path / "records.sqlite", tmp_path)


def thread(work: Work) -> None:
    """One problem whose measure works on its cause and towards a goal followed up late, and one with nothing."""
    whole = work.create(ANNA, Problem(title="Klotter", place_id="0188-rimbo", place="Rimbo", measured={"kind": "x"}))
    cause = work.create(ANNA, Cause(problem_id=whole.id, what="Mörkt på torget"))
    measure = work.create(
        ANNA, Measure(title="Belysning", problem_id=whole.id, progress="ongoing", starts_on=date(2026, 1, 1),
                      ends_on=date(2026, 2, 1))
    )  # fmt: skip
    goal = work.create(ANNA, Goal(title="Hälften så mycket", problem_id=whole.id, measured={"kind": "x"}))
    work.link(ANNA, MeasureCause, measure_id=measure.id, cause_id=cause.id)
    work.link(ANNA, GoalMeasure, goal_id=goal.id, measure_id=measure.id)
    work.create(ANNA, FollowUp(goal_id=goal.id, due_on=date(2026, 3, 1)))
    work.create(ANNA, Problem(title="Buller", place_id="0188", place="Norrtälje kommun"))


def test_start_begins_with_three_steps_and_the_clocks(open_page: OpenPage, work: Work) -> None:
    app = open_page("start")
    assert not app.exception
    assert app.title[0].value == "Vad behöver göras nu?"
    told = words(app)
    assert "2 saker är försenade eller saknas." in told
    assert "Så börjar ni." in told
    assert "Ingen beslutad lägesbild finns här." in told
    assert "Inget möte är planerat." in told


def test_start_says_what_is_late_and_loose_and_when_the_next_meeting_is(open_page: OpenPage, work: Work) -> None:
    thread(work)
    work.create(ANNA, Meeting(title="Decembermöte", planned_on=date(2099, 12, 8)))
    told = words(open_page("start"))
    assert "Försenade uppföljningar" in told
    assert "skulle ha gjorts 1 mars 2026" in told
    assert "skulle ha varit klar 1 februari 2026" in told
    assert "Problem utan orsak" in told
    assert "**Decembermöte**, 8 december 2099" in told
    assert "Så börjar ni." not in told


def test_the_thread_is_empty_then_names_its_breaks(open_page: OpenPage, work: Work) -> None:
    assert "Här finns ingen tråd ännu." in words(open_page("roda_traden"))
    thread(work)
    app = open_page("roda_traden", problem="1")
    assert not app.exception
    told = words(app)
    assert "Tråden är hel för 0 av 2 problem" in told
    assert [one.label for one in app.expander] == [
        "Problem utan underlag i data", "Problem utan orsak", "Åtgärd som aldrig har följts upp",
    ]  # fmt: skip
    assert "✕ som aldrig har följts upp" in told
    district = open_page("roda_traden", plats="Rimbo")
    assert "Tråden är hel för 0 av 1 problem" in words(district)


def test_following_up_makes_the_thread_whole(open_page: OpenPage, work: Work) -> None:
    thread(work)
    (planned,) = work.all(FollowUp)
    held = {"held_on": date(2026, 3, 2), "light": "yellow", "grounds": "Försenat", "outcome": "continue",
            "outcome_grounds": "Det går åt rätt håll", "decided_by": "Styrgruppen"}  # fmt: skip
    work.save(ANNA, FollowUp, planned.id, planned.version, **held)
    assert "Tråden är hel för 1 av 2 problem" in words(open_page("roda_traden"))


def test_compliance_counts_what_is_written_here(open_page: OpenPage, work: Work) -> None:
    app = open_page("efterlevnad")
    assert not app.exception
    assert "0 av 8 delar är uppfyllda" in words(app)
    work.create(ANNA, Plan(title="Åtgärdsplan 2026"))
    assert "**5 §** · Delvis" in words(open_page("efterlevnad"))
