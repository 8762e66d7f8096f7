"""An agenda from a work of a few rows, put together by hand; and the days of the meetings from the calendar."""

from datetime import date

import pandas as pd
import pytest

from analysis.agenda import Asked, Item, Point, agenda
from analysis.meeting_days import meeting_days

ON, UNTIL = date(2025, 8, 12), date(2025, 12, 9)


def frame(columns, *rows):
    return pd.DataFrame(list(rows), columns=columns.split())


@pytest.fixture(scope="module")
def work():
    """Plan 1 is the partnership's, with an activity and a measure in it; plan 2 is another's."""
    return {
        "meeting": frame(
            "id kind planned_on plan_id",
            (1, "partnership", date(2025, 4, 8), 1), (2, "partnership", ON, 1), (3, "council", date(2025, 5, 1), None),
        ),
        "decision": frame(
            "id meeting_id what role due_on done_on",
            (1, 1, "Ta fram underlag", "Samordnare", date(2025, 6, 1), None),
            (2, 1, "Boka lokal", "Samordnare", None, date(2025, 5, 2)),
            (3, 3, "Rådets beslut", "Chef", None, None),
            (4, 2, "Av mötet självt", "Chef", None, None),
        ),
        "activity": frame(
            "id plan_id number title option chosen cost_sek per progress",
            (1, 1, 1, "Tryggare Skola", True, True, 123_000, "skola", "planned"),
            (2, 1, 2, "HackShield", True, False, 50_000, "", "planned"),
            (3, 1, 3, "BoTryggt2030", True, True, 240_000, "", "ongoing"),
            (4, 1, 6, "Välfärdsbrott", False, True, 280_000, "", "planned"),
        ),
        "measure": frame(
            "id plan_id activity_id title starts_on ends_on progress role",
            (1, 1, None, "Belysning", date(2025, 2, 1), date(2025, 6, 30), "ongoing", "Gatuchef"),
            (2, None, 1, "Trygghetsrond", date(2025, 5, 1), date(2025, 12, 1), "planned", "Rektor"),
            (3, 2, None, "Annan plans", date(2025, 1, 1), date(2025, 2, 1), "planned", ""),
            (4, 1, None, "Klar", date(2025, 1, 1), date(2025, 2, 1), "done", ""),
        ),
        "goal_measure": frame("goal_id measure_id", (1, 1), (2, 3)),
        "goal": frame(
            "id title due_on", (1, "Färre skadegörelser", date(2025, 11, 30)), (2, "Annat mål", date(2025, 10, 1)),
        ),
        "follow_up": frame(
            "id goal_id measure_id due_on held_on outcome",
            (1, 1, 1, date(2025, 6, 15), None, ""), (2, 1, None, date(2025, 4, 1), date(2025, 4, 8), ""),
            (3, None, 2, date(2025, 7, 1), None, ""), (4, 2, None, date(2025, 7, 1), None, ""),
            (5, 1, None, date(2025, 9, 1), None, ""),
        ),
        "deviation": frame(
            "id meeting_id activity_id measure_id what agreed_on",
            (1, None, None, 1, "Stolparna är försenade", None), (2, None, 1, None, "Färre skolor", date(2025, 4, 8)),
            (3, None, None, 3, "Annan plans avvikelse", None),
        ),
        "invoice": frame(
            "id plan_id half_year amount_sek due_on paid_on",
            (1, 1, "2025 första halvåret", 500_000, date(2025, 1, 31), date(2025, 1, 30)),
            (2, 1, "2025 andra halvåret", 500_000, date(2025, 7, 31), None),
            (3, 1, "2026 första halvåret", 500_000, date(2026, 1, 31), None),
            (4, 2, "2025 andra halvåret", 1, date(2025, 7, 31), None),
        ),
    }  # fmt: skip


def said(items):
    return [(one.point, one.title, one.about, one.about_id, one.day) for one in items]


def test_the_partnerships_agenda_is_about_its_plan(work):
    found = agenda(Asked("partnership", ON, UNTIL, plan_id=1, meeting_id=2), work)
    assert said(found) == [
        (Point.DECISIONS, "Ta fram underlag", "meeting", 1, date(2025, 6, 1)),
        (Point.LATE_FOLLOW_UPS, "Färre skadegörelser", "goal", 1, date(2025, 6, 15)),
        (Point.LATE_FOLLOW_UPS, "Trygghetsrond", "measure", 2, date(2025, 7, 1)),
        (Point.GOALS, "Färre skadegörelser", "goal", 1, date(2025, 9, 1)),
        (Point.MEASURES, "Trygghetsrond", "measure", 2, date(2025, 5, 1)),
        (Point.MEASURES, "Belysning", "measure", 1, date(2025, 6, 30)),
        (Point.DEVIATIONS, "Stolparna är försenade", "measure", 1, None),
        (Point.OPTIONS, "Tryggare Skola", "plan", 1, None),
        (Point.OPTIONS, "HackShield", "plan", 1, None),
        (Point.INVOICES, "2025 andra halvåret", "plan", 1, date(2025, 7, 31)),
    ]
    assert [one.note for one in found if one.point in (Point.MEASURES, Point.OPTIONS)] == [
        "not_started", "not_done", "on", "off",
    ]  # fmt: skip
    assert found[-3:-1] == [
        Item(Point.OPTIONS, "Tryggare Skola", "plan", 1, note="on", amount=123_000, per="skola"),
        Item(Point.OPTIONS, "HackShield", "plan", 1, note="off", amount=50_000),
    ]


def test_the_council_takes_up_all_plans_but_not_the_partnerships_business(work):
    found = agenda(Asked("council", ON, UNTIL), work)
    assert [(one.point, one.title) for one in found] == [
        (Point.DECISIONS, "Rådets beslut"),
        (Point.LATE_FOLLOW_UPS, "Färre skadegörelser"),
        (Point.LATE_FOLLOW_UPS, "Trygghetsrond"),
        (Point.LATE_FOLLOW_UPS, "Annat mål"),
        (Point.GOALS, "Färre skadegörelser"),
        (Point.GOALS, "Annat mål"),
        (Point.MEASURES, "Annan plans"),
        (Point.MEASURES, "Trygghetsrond"),
        (Point.MEASURES, "Belysning"),
        (Point.DEVIATIONS, "Stolparna är försenade"),
        (Point.DEVIATIONS, "Annan plans avvikelse"),
    ]


@pytest.mark.parametrize(
    ("held_on", "outcome", "asked"),
    [(date(2025, 11, 30), "", False), (date(2025, 11, 29), "", True), (date(2025, 11, 29), "end", False)],
    ids=["judged on its last day", "only before", "ended before"],
)
def test_a_goal_whose_day_has_passed_is_asked_for_its_verdict(work, held_on, outcome, asked):
    held = frame("id goal_id measure_id due_on held_on outcome", (1, 1, None, held_on, held_on, outcome))
    found = agenda(Asked("council", UNTIL, date(2026, 4, 14), 1), work | {"follow_up": held})
    ended = [one for one in found if one.point is Point.ENDED_GOALS]
    assert said(ended) == [(Point.ENDED_GOALS, "Färre skadegörelser", "goal", 1, date(2025, 11, 30))] * asked


def test_an_empty_work_has_an_empty_agenda(work):
    assert agenda(Asked("partnership", ON, UNTIL, 1), {name: rows.iloc[:0] for name, rows in work.items()}) == []


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2025, 1, 1), date(2026, 12, 31),
         [date(2025, 4, 8), date(2025, 8, 12), date(2025, 12, 9), date(2026, 4, 14), date(2026, 8, 11),
          date(2026, 12, 8)]),
        (date(2025, 4, 9), date(2025, 8, 12), [date(2025, 8, 12)]),
        (date(2025, 9, 1), date(2025, 10, 1), []),
    ],
    ids=["the partnership's two years", "part of a year", "between two meetings"],
)  # fmt: skip
def test_the_second_tuesday_of_april_august_and_december(first, last, days):
    assert meeting_days(first, last) == days
