"""What the law asks for beside what is here. The days are those of lag (2023:196) 4-13 §§, worked out by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analysis.law import State, clocks, duties

TODAY = date(2026, 11, 23)
PARTS = {"crime": "Brottslighetens omfattning", "analysis": "Analys"}
COLUMNS = {
    "situation": ("id", "title", "stage", "decided_on", "decided_by", "crime", "analysis", "other_statutes"),
    "plan": ("id", "kind", "title", "stage", "decided_on", "decided_by", "registry_number", "situation_id"),
    "measure": ("id", "plan_id", "progress"),
    "goal_measure": ("goal_id", "measure_id"),
    "follow_up": ("id", "goal_id", "measure_id", "held_on"),
    "agreement": ("id", "party", "starts_on", "ends_on"),
    "council_member": ("id", "organisation", "leads"),
    "coordination": ("id", "function", "contact", "informs"),
    "meeting": ("id", "kind", "held_on"),
}
PICTURE = {
    "id": 1, "title": "Lägesbild 2025", "stage": "decided", "decided_on": date(2025, 3, 4),
    "decided_by": "Kommunstyrelsen", "crime": "x", "analysis": "x", "other_statutes": "Folkhälsoplanen",
}  # fmt: skip
PLAN = {
    "id": 1, "kind": "lawful", "title": "Åtgärdsplan", "stage": "decided", "decided_on": date(2025, 6, 1),
    "decided_by": "Kommunstyrelsen", "registry_number": "KS 2025-100", "situation_id": 1,
}  # fmt: skip


def work(**rows: list[dict[str, object]]) -> dict[str, pd.DataFrame]:
    return {table: pd.DataFrame(rows.get(table, []), columns=list(columns)) for table, columns in COLUMNS.items()}


@pytest.mark.parametrize(
    ("decided", "today", "due", "state"),
    [
        (date(2025, 3, 4), date(2026, 9, 2), date(2027, 3, 4), State.DONE),
        (date(2025, 3, 4), date(2026, 9, 3), date(2027, 3, 4), State.SOON),
        (date(2025, 3, 4), date(2027, 3, 4), date(2027, 3, 4), State.SOON),
        (date(2025, 3, 4), date(2027, 3, 5), date(2027, 3, 4), State.LATE),
        (date(2024, 2, 29), date(2026, 1, 1), date(2026, 2, 28), State.SOON),
    ],
    ids=["half a year left", "less", "the day", "the day after", "leap day"],
)
def test_the_picture_is_due_two_years_after_its_decision(decided: date, today: date, due: date, state: State) -> None:
    picture, _ = clocks(work(situation=[PICTURE | {"decided_on": decided}]), today)
    assert (picture.due, picture.state) == (due, state)


def test_nothing_decided_has_no_day() -> None:
    assert [(one.due, one.state) for one in clocks(work(situation=[PICTURE | {"stage": "draft"}]), TODAY)] == [
        (None, State.MISSING)
    ] * 2


def held(identity: int, day: date | None, **about: int) -> dict[str, object]:
    return {"id": identity, "held_on": day, **about}


FIRST, NEXT = date(2026, 5, 5), date(2026, 9, 9)


@pytest.mark.parametrize(
    ("follow_ups", "due", "says"),
    [
        ([], date(2027, 6, 1), "0 av 2 åtgärder har följts upp sedan beslutet."),
        ([held(1, FIRST, measure_id=7)], date(2027, 6, 1), "1 av 2"),
        ([held(1, FIRST, goal_id=3)], date(2027, 6, 1), "1 av 2"),
        ([held(1, FIRST, measure_id=9)], date(2027, 6, 1), "0 av 2"),
        ([held(1, date(2025, 1, 1), measure_id=7), held(2, FIRST, measure_id=8)], date(2027, 6, 1), "1 av 2"),
        ([held(1, None, measure_id=7)], date(2027, 6, 1), "0 av 2"),
        ([held(1, FIRST, measure_id=7), held(2, NEXT, goal_id=3)], date(2028, 9, 9),
         "0 av 2 åtgärder har följts upp sedan den senaste gången alla hade följts upp."),
        ([held(1, FIRST, measure_id=7), held(2, FIRST, measure_id=8), held(3, NEXT, measure_id=7)], date(2028, 5, 5),
         "1 av 2"),
        ([held(1, FIRST, measure_id=7), held(2, FIRST, measure_id=8), held(3, NEXT, measure_id=7),
          held(4, date(2026, 10, 10), measure_id=8)], date(2028, 10, 10), "0 av 2"),
    ],
    ids=["none", "of a measure", "of a goal", "of another plan's", "before the plan", "not held", "of all",
         "one of them again", "of all again"],
)  # fmt: skip
def test_the_plans_clock_counts_from_the_day_when_all_were_followed_up(
    follow_ups: list[dict[str, object]], due: date, says: str
) -> None:
    """Measure 10 is stopped and needs no follow-up."""
    measures = [
        {"id": 7, "plan_id": 1, "progress": "ongoing"},
        {"id": 8, "plan_id": 1, "progress": "done"},
        {"id": 9, "plan_id": 2, "progress": "ongoing"},
        {"id": 10, "plan_id": 1, "progress": "stopped"},
    ]
    told = clocks(
        work(plan=[PLAN], measure=measures, goal_measure=[{"goal_id": 3, "measure_id": 8}], follow_up=follow_ups), TODAY
    )[1]
    assert told.due == due
    assert says in told.says


def test_each_paragraph_is_missing_where_there_is_nothing() -> None:
    told = duties(work(), TODAY, parts=PARTS)
    assert [one.paragraph for one in told] == ["4 §", "5 §", "6 §", "7 §", "8–9 §§", "10 §", "11–12 §§", "13 §"]
    assert {one.state for one in told} == {State.MISSING}


def test_all_is_fulfilled() -> None:
    full = work(
        situation=[PICTURE], plan=[PLAN],
        agreement=[{"id": 1, "party": "Polisen", "ends_on": None}],
        council_member=[{"id": 1, "organisation": "Kommunen", "leads": True}],
        coordination=[{"id": 1, "function": "Trygghetssamordnare", "contact": "växeln", "informs": "webben"}],
        meeting=[{"id": 1, "kind": "council", "held_on": date(2026, 5, 1)},
                 {"id": 2, "kind": "board", "held_on": date(2026, 2, 1)}],
    )  # fmt: skip
    told = {one.paragraph: one.state for one in duties(full, date(2026, 8, 1), parts=PARTS)}
    assert set(told.values()) == {State.DONE}


@pytest.mark.parametrize(
    ("paragraph", "rows", "state", "missing"),
    [
        ("4 §", {"situation": [PICTURE | {"stage": "draft", "analysis": " "}]}, State.PART, "Analys är tom."),
        ("5 §", {"plan": [PLAN | {"situation_id": None}]}, State.PART,
         "Planen säger inte vilken lägesbild den grundas på."),
        ("5 §", {"plan": [PLAN | {"kind": "activity"}]}, State.MISSING, ""),
        ("8–9 §§", {"agreement": [{"id": 1, "party": "Polisen", "ends_on": date(2026, 11, 22)}]}, State.MISSING,
         "Överenskommelsen med Polisen har gått ut."),
        ("8–9 §§", {"agreement": [{"id": 1, "party": "Polisen", "starts_on": date(2026, 11, 24)}]}, State.MISSING, ""),
        ("10 §", {"council_member": [{"id": 1, "organisation": "Kommunen", "leads": False}]}, State.PART,
         "Det framgår inte vem som leder rådet."),
        ("11–12 §§", {"coordination": [{"id": 1, "function": "Samordnare", "contact": "", "informs": "x"}]}, State.PART,
         "Kontaktväg saknas."),
        ("13 §", {"meeting": [{"id": 1, "kind": "board", "held_on": date(2025, 11, 1)}]}, State.LATE, ""),
    ],
    ids=["empty part", "plan without picture", "other plan", "ended", "not begun", "no leader", "no contact",
         "old report"],
)  # fmt: skip
def test_what_is_missing_is_said(
    paragraph: str, rows: dict[str, list[dict[str, object]]], state: State, missing: str
) -> None:
    told = next(one for one in duties(work(**rows), TODAY, parts=PARTS) if one.paragraph == paragraph)
    assert told.state == state
    assert missing in (told.missing or ("",))
