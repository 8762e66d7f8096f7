"""Rows of earlier deliveries for the same days: when they are asked about, and which of them are shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipelines.deliveries import Delivery
from pipelines.intake import checks
from pipelines.intake.overlaps import overlapping, question
from pipelines.staging import Staged
from store.intake import Mapping

NAMES = {"0188-hallstavik": "Hallstavik", "0188-rimbo": "Rimbo", "0188": "Norrtälje"}


def called(area: str) -> str:
    return NAMES.get(area, area)


def events(*rows: tuple[str, str | None]) -> dict[str, pd.DataFrame]:
    """Events by (day of March 2025 or a whole date, area)."""
    days = [pd.Timestamp(day if "-" in day else f"2025-03-{int(day):02d}") for day, _ in rows]
    frame = {"category": "Bråk", "occurred_from": days, "reported": pd.NaT, "area_id": [area for _, area in rows]}
    return {"event": pd.DataFrame(frame)}


HALLSTAVIK, RIMBO, DESO, SCHOOL = "0188-hallstavik", "0188-rimbo", "0188C1040", "24146389"


@pytest.mark.parametrize(
    ("new", "earlier", "counts"),
    [
        pytest.param([("3", RIMBO)], [("3", HALLSTAVIK)], None, id="other places"),
        pytest.param([("3", "0188C1041")], [("3", DESO)], None, id="other areas of one level"),
        pytest.param([("3", DESO)], [("3", HALLSTAVIK)], (0, 1), id="areas of different levels may be one place"),
        pytest.param([("3", SCHOOL)], [("3", HALLSTAVIK)], (0, 1), id="a school lies in a district"),
        pytest.param([("3", HALLSTAVIK)], [("3", HALLSTAVIK), ("3", RIMBO)], (1, 1), id="some places"),
        pytest.param([("3", RIMBO), ("4", "0188")], [("3", HALLSTAVIK)], None, id="no place here"),
        pytest.param([("3", "0188")], [("4", "0188")], None, id="another day"),
        pytest.param([("3", None), ("5", None)], [("4", None)], (1, 0), id="outside in both"),
        pytest.param([("2014-03-04", RIMBO), ("4", RIMBO)], [("2020-03-04", RIMBO)], None, id="a wrong year between"),
    ],
)
def test_rows_of_the_same_days_are_asked_about_where_places_meet(
    new: list[tuple[str, str | None]], earlier: list[tuple[str, str | None]], counts: tuple[int, int] | None
) -> None:
    found = overlapping(events(*new), [("förra.csv", events(*earlier))], called)
    assert [(one.there, one.elsewhere) for one in found] == ([counts] if counts else [])


def test_everything_that_could_be_replaced_is_told_once_anything_meets() -> None:
    new = events(("3", HALLSTAVIK), ("5", HALLSTAVIK))
    earlier = [("a.csv", events(("3", HALLSTAVIK), ("4", HALLSTAVIK))), ("b.csv", events(("4", RIMBO), ("9", RIMBO)))]
    found = overlapping(new, earlier, called)
    assert [(one.file, one.there, one.elsewhere, one.here) for one in found] == [("a.csv", 2, 0, 1), ("b.csv", 0, 1, 0)]
    asked = question(found)
    assert asked.text.startswith("Det finns redan 3 uppgifter för samma tid.")
    assert asked.examples == (
        "3 mars 2025, Hallstavik, Bråk",
        "4 mars 2025, Hallstavik, Bråk",
        "4 mars 2025, Rimbo, Bråk",
    )


def test_ten_rows_are_shown_at_most() -> None:
    many = events(*[(str(day), HALLSTAVIK) for day in range(1, 29)])
    (found,) = overlapping(many, [("a.csv", many)], called)
    assert (found.there, len(found.rows)) == (28, 10)


def test_respondents_are_counted_once_and_figures_shown_with_their_name() -> None:
    answers = pd.DataFrame(
        {"respondent": ["1", "1", "2"], "period_start": [date(2025, 1, 1)] * 3, "area_id": [HALLSTAVIK] * 3}
    )
    (survey,) = overlapping({"survey_answer": answers}, [("enkät.csv", {"survey_answer": answers})], called)
    assert (survey.there, survey.here) == (2, 2)
    assert survey.rows == ("1 januari 2025, Hallstavik, svarande 1", "1 januari 2025, Hallstavik, svarande 2")
    figures = pd.DataFrame(
        {
            "indicator_id": ["närvaro"], "period_start": [date(2025, 1, 1)], "area_id": [HALLSTAVIK],
            "value": [92.5], "value_text": [None],
        }
    )  # fmt: skip
    named = {"observation": figures, "indicator": pd.DataFrame({"indicator_id": ["närvaro"], "name": ["Närvaro"]})}
    (one,) = overlapping(named, [("tal.csv", named)], called)
    assert one.rows == ("1 januari 2025, Hallstavik, Närvaro 92,5",)


def staged(folder: Path, name: str, first: str, last: str, received: str) -> Staged:
    delivery = Delivery(name, "lokal_x", "tolkning", name, name, 1, received, "Anna", folder, kind="events")
    return Staged(delivery, folder, 1, 1, 0, [], first, last, [], [])


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        pytest.param(
            [("2024-01-01", "2024-12-31"), ("2022-01-01", "2022-12-31")], "0", id="the last year, not the last"
        ),
        pytest.param([("2026-01-01", "2026-12-31"), ("2024-01-01", "2024-12-31")], "1", id="before, not after"),
        pytest.param([("2027-01-01", "2027-12-31"), ("2026-01-01", "2026-12-31")], "1", id="only later: the nearest"),
        pytest.param([("2025-03-01", "2025-03-31"), ("2025-01-01", "2025-01-31")], "0", id="the one that is corrected"),
        pytest.param([("2025-03-01", "2025-03-30"), ("2025-03-01", "2025-03-30")], "1", id="of equal ones the last"),
    ],
)
def test_a_delivery_is_compared_with_the_one_nearest_before(
    tmp_path: Path, periods: list[tuple[str, str]], expected: str
) -> None:
    earlier = [
        (staged(tmp_path, str(number), first, last, f"2027-01-0{number + 1}"), events(("3", RIMBO)))
        for number, (first, last) in enumerate(periods)
    ]
    new = events(("1", RIMBO), ("31", RIMBO))
    found = checks.compare(new, earlier, Mapping(name="x", kind="events"), called, sheet="")
    assert found.compared_with == expected
