"""What is reported, felt and observed: which periods are compared, and what is hidden or cannot be judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.verdict import Verdict
from queries import three_views
from queries.three_views import FELT, OBSERVED, REPORTED
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, year
from tests.queries.test_local_events import AREAS, DESO_H, DESO_R, HALLSTAVIK, HERE, WITHIN
from tests.queries.test_local_surveys import QUESTIONS, SOURCE, answers

POLICE = ("lokal_polisen", "Polisens ärenden")


def monthly(of: int, each: int, *, reporters: int = 0, place: str = DESO_H) -> Rows:
    """``each`` events a month; with ``reporters``, told by so many in turn."""
    return [
        {"source_id": POLICE[0], "event_id": f"{of}-{month}-{place}-{who}", "category": "Stöld",
         "events": each // max(reporters, 1), "occurred_from": pd.Timestamp(of, month, 15), "area_id": place,
         "placement": "placed", "reporter": f"r{who}" if reporters else None}
        for month in range(1, 13) for who in range(max(reporters, 1))
    ]  # fmt: skip


def edge() -> Rows:
    """An event on the first and on the last day, so that the source covers whole years."""
    return [
        {"source_id": POLICE[0], "event_id": day, "category": "Stöld", "events": 20, "area_id": DESO_R,
         "occurred_from": pd.Timestamp(day), "placement": "placed"}
        for day in ("2023-01-01", "2025-12-31")
    ]  # fmt: skip


def build_of(folder: Path, **tables: Rows) -> Build:
    source = {"source_id": POLICE[0], "title": POLICE[1], "kind": "events", "protected": True}
    return literal_build(folder, area=AREAS, area_within=WITHIN, source=[source], **tables)


WAVES = (date(2023, 7, 2), date(2025, 7, 2))


def test_events_are_judged_between_the_years_nearest_the_waves(tmp_path: Path) -> None:
    rows = [*monthly(2023, 10), *monthly(2024, 30), *monthly(2025, 20), *edge()]
    build = build_of(tmp_path, event=rows)
    view = three_views.events(build, HERE, POLICE, HALLSTAVIK, WAVES)
    assert view is not None
    assert (view.role, view.unit, view.old, view.new) == (REPORTED, "antal", "2023", "2025")
    assert view.points["value"].tolist() == [120, 360, 240]
    assert view.change == pytest.approx(2)
    assert view.verdict == Verdict.HIGHER
    beside = three_views.events(build, HERE, POLICE, HALLSTAVIK, None)
    assert beside is not None
    assert (beside.old, beside.new, beside.verdict) == ("2024", "2025", Verdict.LOWER)
    assert three_views.events(build, HERE, POLICE, f"{HERE}-vaddo", None) is None


def test_more_who_report_is_no_change(tmp_path: Path) -> None:
    rows = [*monthly(2023, 20, reporters=2), *monthly(2024, 20, reporters=2), *monthly(2025, 60, reporters=6), *edge()]
    view = three_views.events(build_of(tmp_path, event=rows), HERE, POLICE, HALLSTAVIK, None)
    assert view is not None
    assert view.unit == "rapporter per rapportör och månad"
    assert view.points["value"].tolist() == [10, 10, 10]
    assert view.verdict == Verdict.NORMAL


def test_a_hidden_year_is_not_compared(tmp_path: Path) -> None:
    few = [{**monthly(2024, 3)[0]}]
    rows = [*monthly(2023, 10), *few, *monthly(2025, 20), *monthly(2024, 10, place=DESO_R), *edge()]
    view = three_views.events(build_of(tmp_path, event=rows), HERE, POLICE, HALLSTAVIK, None)
    assert view is not None
    assert (view.verdict, view.reason) == (Verdict.TOO_LITTLE, "hidden")
    assert pd.isna(view.points["value"].iloc[1])
    assert pd.isna(view.change)


def quarter(of: int, number: int, value: float) -> dict[str, Any]:
    start = pd.Timestamp(of, 3 * number - 2, 1)
    return {
        "period_type": "quarter", "period_start": start, "period_end": start + pd.offsets.QuarterEnd(),
        "period_label": f"{of} kv {number}", "value": value,
    }  # fmt: skip


def test_offences_are_judged_by_the_quarters_of_the_years(tmp_path: Path) -> None:
    common = {"indicator_id": "bra_offences_total", "area_id": HERE}
    rows: Rows = [{**common, **year(of), "value": 4.0 * each} for of, each in ((2023, 500), (2024, 505), (2025, 650))]
    rows += [{**common, **quarter(of, number, each + 5 * number)}
             for of, each in ((2023, 500), (2025, 650)) for number in range(1, 5)]  # fmt: skip
    build = build_of(tmp_path, observation=rows, indicator=[{"indicator_id": "bra_offences_total", "unit": "antal"}])
    view = three_views.reported(build, HERE, WAVES)
    assert view is not None
    assert (view.old, view.new, view.verdict) == ("2023", "2025", Verdict.HIGHER)
    assert view.change == pytest.approx(2650 / 2050)
    unknown = three_views.reported(build, HERE, None)
    assert unknown is not None
    assert (unknown.old, unknown.verdict, unknown.reason) == ("2024", Verdict.TOO_LITTLE, "few")
    assert three_views.reported(build, "2482", None) is None


def test_what_is_felt_is_a_view_per_question_and_place(tmp_path: Path) -> None:
    rows = [
        *answers(60, DESO_H, "morker", "Mycket trygg", wave="2023"),
        *answers(40, DESO_H, "morker", "Mycket otrygg", wave="2023"),
        *answers(30, DESO_H, "morker", "Mycket trygg"), *answers(70, DESO_H, "morker", "Mycket otrygg"),
        *answers(20, DESO_H, "platser", "Torget"),
    ]  # fmt: skip
    felt = three_views.felt(build_of(tmp_path, survey_question=QUESTIONS, survey_answer=rows), HERE, SOURCE)
    (view,) = felt[HALLSTAVIK]
    assert (view.role, view.choice, view.old, view.new) == (FELT, "Ganska trygg eller Mycket trygg", "2023", "2025")
    assert view.change == pytest.approx(-30)
    assert view.verdict == Verdict.LOWER
    assert view.points["value"].tolist() == pytest.approx([60, 30])
    assert three_views.times([view]) == (date(2023, 7, 2), date(2025, 7, 2))
    assert three_views.times([]) is None


def test_published_surveys_are_judged_by_their_published_uncertainty(tmp_path: Path) -> None:
    night, dark = "kolada_N07609", "kolada_N00610"
    rows: Rows = [
        {"indicator_id": night, "area_id": HERE, **year(2024), "value": 20.0, "lower": 17.0, "upper": 23.0},
        {"indicator_id": night, "area_id": HERE, **year(2025), "value": 27.0, "lower": 24.0, "upper": 30.0},
        {"indicator_id": dark, "area_id": HERE, **year(2024), "value": 80.0},
        {"indicator_id": dark, "area_id": HERE, **year(2025), "value": 60.0},
    ]  # fmt: skip
    indicators = [{"indicator_id": night, "name": "NTU: Otrygghet"}, {"indicator_id": dark, "name": "Trygg"}]
    first, second = three_views.official(build_of(tmp_path, observation=rows, indicator=indicators), HERE)
    # By hand: 7 ± √(3² + 3²) = 7 ± 4.24.
    assert [first.change, first.lower] == pytest.approx([7, 7 - 18**0.5])
    assert (first.verdict, first.reason) == (Verdict.HIGHER, "")
    assert (second.verdict, second.reason) == (Verdict.TOO_LITTLE, "no_uncertainty")


def test_inspections_have_no_judgement(tmp_path: Path) -> None:
    source = {"source_id": "ronder", "title": "Ronden", "kind": "inspections", "protected": True}
    rows = [
        {"indicator_id": "ljus", "area_id": DESO_H, **year(of), "value": score} for of, score in ((2024, 9), (2025, 13))
    ]
    build = literal_build(
        tmp_path, area=AREAS, area_within=WITHIN, source=[source], observation=rows,
        indicator=[{"indicator_id": "ljus", "source_id": "ronder", "unit": "poäng (högst 20)"}],
    )  # fmt: skip
    (view,) = three_views.inspections(build, HALLSTAVIK)
    assert (view.role, view.unit, view.reason) == (OBSERVED, "poäng (högst 20)", "no_uncertainty")
    assert view.points["value"].tolist() == [9, 13]
    assert three_views.inspections(build, f"{HERE}-vaddo") == []


@pytest.mark.parametrize(
    ("title", "role"),
    [("Polisens ärenden", REPORTED), ("Ärendeutdrag", REPORTED), ("Anmälda brott i Rimbo", REPORTED),
     ("Felanmälningar", OBSERVED), ("Felanmälningar, ärenden", OBSERVED), ("EST, lägesrapporter", OBSERVED)],
)  # fmt: skip
def test_a_source_says_by_its_title_what_it_tells_of(title: str, role: str) -> None:
    assert three_views.role_of(title) == role
