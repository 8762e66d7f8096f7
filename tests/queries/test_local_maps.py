"""Local measures on a map: events per inhabitant and shares of answers, with what is hidden told as that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import local_maps
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, within
from tests.queries.test_local_events import HALLSTAVIK, HERE, RIMBO, SOURCE, area, events
from tests.queries.test_local_surveys import QUESTIONS, answers
from tests.queries.test_local_surveys import SOURCE as SURVEY

VADDO = f"{HERE}-vaddo"
REGSO = {"0188R001": RIMBO, "0188R002": RIMBO, "0188R003": HALLSTAVIK}
DESO = {"0188A0010": "0188R001", "0188A0020": "0188R001", "0188A0030": "0188R002", "0188B3010": "0188R003"}


def inhabited(row: dict[str, Any], people: int) -> dict[str, Any]:
    return {**row, "population": people, "population_year": 2025}


AREAS = [
    inhabited(area(HERE, "municipality"), 10000), inhabited(area(RIMBO, "district", HERE), 4000),
    inhabited(area(HALLSTAVIK, "district", HERE), 2000), inhabited(area(VADDO, "district", HERE), 1000),
    *(inhabited(area(code, "regso", HERE), 2000) for code in REGSO),
    *(inhabited(area(code, "deso", regso), 1000) for code, regso in DESO.items()),
]  # fmt: skip
WITHIN = within(
    {HERE: [], RIMBO: [HERE], HALLSTAVIK: [HERE], VADDO: [HERE]}
    | {regso: [district, HERE] for regso, district in REGSO.items()}
    | {deso: [regso, REGSO[regso], HERE] for deso, regso in DESO.items()}
)


def build_of(folder: Path, *rows: Rows, answered: Rows | None = None) -> Build:
    common = {"layout": "tolkning", "sha256": "s", "bytes": 1, "received_by": "Anna", "rows_read": 1, "rows_kept": 1,
              "rows_refused": 0, "received_at": pd.Timestamp(2026, 1, 15), "original_kept": True}  # fmt: skip
    kinds = {SOURCE: ("Polisens utdrag", "events"), SURVEY: ("Trygghetsundersökningen", "answers")}
    told: dict[str, Rows] = {"event": [row for each in rows for row in each], "survey_answer": answered or []}
    return literal_build(
        folder, area=AREAS, area_within=WITHIN, survey_question=QUESTIONS,
        **{name: rows for name, rows in told.items() if rows},
        source=[{"source_id": one, "title": title, "kind": kind, "protected": True}
                for one, (title, kind) in kinds.items()],
        delivery=[{"delivery_id": f"d{n}", "source_id": one, "file": one, **common} for n, one in enumerate(kinds)],
    )  # fmt: skip


def shown(build: Build, level: str, measure: str, period: str = "2025") -> dict[str, tuple[float | None, str | None]]:
    rows = local_maps.values(build, HERE, level, measure, period, "")
    return {
        row["area_id"]: (None if pd.isna(row["value"]) else row["value"], None if pd.isna(row["status"])
                         else row["status"])
        for row in rows.to_dict("records")
    }  # fmt: skip


PLACED = (
    events(10, "2025-01-01", "0188A0010"), events(20, "2025-02-01", "0188A0020"), events(30, "2025-03-01", "0188A0030"),
    events(60, "2025-12-31", "0188B3010"),
)  # fmt: skip


def test_events_on_a_thousand_inhabitants(tmp_path: Path) -> None:
    build = build_of(tmp_path, *PLACED, events(6, "2025-05-05", None))
    measures = local_maps.indicators(build, HERE, "district").set_index("name")["indicator_id"]
    rate = measures["Polisens utdrag, per 1 000 invånare"]
    assert local_maps.is_local(rate)
    assert local_maps.source_of(rate) == SOURCE
    assert local_maps.slices(build, HERE, "district", rate)["period_label"].tolist() == ["2025"]
    # 60 events on 4 000 and on 2 000 inhabitants; no event has ever been on Väddö.
    assert shown(build, "district", rate) == {RIMBO: (15, "final"), HALLSTAVIK: (30, "final"), VADDO: (None, None)}
    (whole,) = local_maps.wholes(build, HERE, rate, "2025", "").to_dict("records")
    assert (whole["name"], whole["value"]) == ("0188", pytest.approx(12.6))
    number = measures["Polisens utdrag, antal"]
    assert shown(build, "regso", number) == {
        "0188R001": (30, "final"), "0188R002": (30, "final"), "0188R003": (60, "final"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "third", "hidden"),
    [(3, 20, 30, {"0188A0010", "0188A0020"}), (2, 2, 30, {"0188A0010", "0188A0020", "0188A0030"}), (9, 8, 7, set())],
    ids=["one is small", "their RegSO is, and the district's other one with it", "none"],
)
def test_a_small_area_is_not_told_by_the_larger_one(
    tmp_path: Path, first: int, second: int, third: int, hidden: set[str]
) -> None:
    build = build_of(
        tmp_path, events(first, "2025-01-01", "0188A0010"), events(second, "2025-02-01", "0188A0020"),
        events(third, "2025-03-01", "0188A0030"), events(60, "2025-12-31", "0188B3010"),
    )  # fmt: skip
    found = shown(build, "deso", f"händelser|{SOURCE}|antal")
    assert {code for code, (_, status) in found.items() if status == local_maps.PROTECTED} == hidden
    regso = shown(build, "regso", f"händelser|{SOURCE}|antal")
    assert regso["0188R001"] == ((None, local_maps.PROTECTED) if first + second < 5 else (first + second, "final"))


def test_a_source_by_district_is_not_shown_by_smaller_areas(tmp_path: Path) -> None:
    build = build_of(tmp_path, events(40, "2025-01-01", RIMBO), events(60, "2025-12-31", HALLSTAVIK))
    assert len(local_maps.indicators(build, HERE, "district")) == 2
    assert local_maps.indicators(build, HERE, "deso").empty


def test_shares_of_answers_by_district(tmp_path: Path) -> None:
    given = answers(20, RIMBO, "brott", "Ja") + answers(60, RIMBO, "brott", "Nej", who="n")
    given += answers(6, HALLSTAVIK, "brott", "Ja") + answers(9, HALLSTAVIK, "brott", "Nej", who="n")
    build = build_of(tmp_path, answered=given)
    (measure,) = local_maps.indicators(build, HERE, "district").to_dict("records")
    assert measure["name"] == "Trygghetsundersökningen: Har du drabbats? (Ja)"
    found = shown(build, "district", measure["indicator_id"])
    assert found == {RIMBO: (25, "final"), HALLSTAVIK: (40, "few"), VADDO: (None, None)}
    (whole,) = local_maps.wholes(build, HERE, measure["indicator_id"], "2025", "").to_dict("records")
    assert whole["value"] == pytest.approx(100 * 26 / 95)
    assert local_maps.indicators(build, HERE, "deso").empty
