"""Events of local sources: counted by place, time and category, small numbers hidden, and nothing small left open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.verdict import Verdict
from queries import local, local_events
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, within

HERE = "0188"
RIMBO, HALLSTAVIK = f"{HERE}-rimbo", f"{HERE}-hallstavik"
DESO_R, DESO_H = "0188A0010", "0188B3010"
SOURCE = "lokal_polisen"


def area(code: str, level: str, parent: str | None = None) -> dict[str, Any]:
    return {"area_id": code, "level": level, "name": code.rpartition("-")[2].capitalize(), "parent_id": parent}


AREAS = [
    area(HERE, "municipality"), area(RIMBO, "district", HERE), area(HALLSTAVIK, "district", HERE),
    area(f"{HERE}-vaddo", "district", HERE), area(DESO_R, "deso", HERE), area(DESO_H, "deso", HERE),
]  # fmt: skip
WITHIN = within(
    {HERE: [], RIMBO: [HERE], HALLSTAVIK: [HERE], f"{HERE}-vaddo": [HERE], DESO_R: [RIMBO, HERE],
     DESO_H: [HALLSTAVIK, HERE]}
)  # fmt: skip


def events(number: int, day: str, place: str | None, category: str = "Stöld", **more: Any) -> Rows:
    """One row that stands for ``number`` events."""
    placement = more.pop("placement", "placed" if place else "unplaced")
    return [{
        "source_id": SOURCE, "event_id": f"{day}-{place}-{category}-{more}-{placement}", "category": category,
        "events": number, "occurred_from": pd.Timestamp(day), "area_id": place, "placement": placement, **more,
    }]  # fmt: skip


def build_of(folder: Path, rows: Rows) -> Build:
    delivery = {
        "delivery_id": "d1", "source_id": SOURCE, "layout": "tolkning", "file": "utdrag.xlsx", "sha256": "s",
        "bytes": 1, "received_at": pd.Timestamp(2026, 1, 15), "received_by": "Anna", "rows_read": len(rows),
        "rows_kept": len(rows), "rows_refused": 0, "period_first": pd.Timestamp(2024, 1, 1),
        "period_last": pd.Timestamp(2025, 12, 31), "original_kept": True,
    }  # fmt: skip
    source = {"source_id": SOURCE, "title": "Polisens utdrag", "kind": "events", "protected": True}
    return literal_build(
        folder, area=AREAS, area_within=WITHIN, event=rows, delivery=[delivery],
        source=[source, {"source_id": "official"}],
    )  # fmt: skip


def table(rows: pd.DataFrame, back: int = 0) -> dict[tuple[str, str], float | str]:
    """Numbers by place and category, hidden ones as "–"."""
    return {
        (row["area_id"], row["category"]): "–" if row["status"] == local.HIDDEN else row["events"]
        for row in rows[rows["back"] == back].to_dict("records")
    }


def test_a_year_by_district_and_category_with_its_totals(tmp_path: Path) -> None:
    rows = [
        *events(30, "2025-01-02", DESO_R), *events(20, "2025-05-02", RIMBO, "Klotter"),
        *events(40, "2025-12-30", DESO_H), *events(50, "2025-06-01", DESO_H, "Klotter"),
        *events(7, "2025-06-02", None), *events(99, "2025-06-02", None, placement="outside"),
        *events(8, "2025-06-03", HERE, "Klotter"), *events(100, "2024-01-05", DESO_R),
    ]  # fmt: skip
    found = local_events.years(build_of(tmp_path, rows), HERE, SOURCE)
    assert set(found["label"]) == {"2025", "2024"}
    # Väddö, where no event has ever been, is not said to have none.
    assert table(found) == {
        (RIMBO, "Stöld"): 30, (RIMBO, "Klotter"): 20, (RIMBO, ""): 50,
        (HALLSTAVIK, "Stöld"): 40, (HALLSTAVIK, "Klotter"): 50, (HALLSTAVIK, ""): 90,
        ("", "Stöld"): 7, ("", "Klotter"): 8, ("", ""): 15,
        (HERE, "Stöld"): 77, (HERE, "Klotter"): 78, (HERE, ""): 155,
    }  # fmt: skip
    assert table(found, 1)[(HALLSTAVIK, "")] == 0
    assert set(found["months"]) == {12}


def test_a_small_number_is_hidden_with_others_so_that_no_total_tells_it(tmp_path: Path) -> None:
    rows = [
        *events(2, "2025-01-02", DESO_R), *events(20, "2025-05-02", DESO_R, "Klotter"),
        *events(40, "2025-12-30", DESO_H), *events(50, "2025-06-01", DESO_H, "Klotter"),
    ]  # fmt: skip
    found = table(local_events.years(build_of(tmp_path, rows), HERE, SOURCE))
    assert found == {
        (RIMBO, "Stöld"): "–", (RIMBO, "Klotter"): "–", (RIMBO, ""): 22,
        (HALLSTAVIK, "Stöld"): "–", (HALLSTAVIK, "Klotter"): "–", (HALLSTAVIK, ""): 90,
        (HERE, "Stöld"): 42, (HERE, "Klotter"): 70, (HERE, ""): 112,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("newest", "last", "label"),
    [("2025-12-31", "2025-12-31", "2025"), ("2025-12-26", "2025-12-31", "2025"),
     ("2025-12-20", "2025-11-30", "dec 2024–nov 2025"), ("2025-10-31", "2025-10-31", "nov 2024–okt 2025")],
    ids=["a whole year", "the last week", "in the middle of a month", "ten months"],
)  # fmt: skip
def test_years_end_with_the_last_whole_month(tmp_path: Path, newest: str, last: str, label: str) -> None:
    rows = [*events(9, "2024-01-03", DESO_R), *events(9, newest, DESO_R)]
    build = build_of(tmp_path, rows)
    covered = local_events.window(build, SOURCE)
    assert covered is not None
    assert (covered.first, covered.last) == (pd.Timestamp(2024, 1, 1), pd.Timestamp(last))
    assert local_events.years(build, HERE, SOURCE)["label"].iloc[0] == label


def test_quarters_of_a_place(tmp_path: Path) -> None:
    rows = [
        *events(10, "2024-01-02", DESO_R), *events(9, "2024-05-02", DESO_R), *events(8, "2024-08-02", RIMBO),
        *events(7, "2024-12-02", DESO_R), *events(2, "2025-01-02", DESO_R), *events(11, "2025-05-02", DESO_R),
        *events(6, "2025-09-02", DESO_R), *events(12, "2025-12-31", DESO_R), *events(500, "2025-12-31", DESO_H),
    ]  # fmt: skip
    found = local_events.series(build_of(tmp_path, rows), HERE, SOURCE, RIMBO)
    labels = [f"{year} kv {quarter}" for year in (2024, 2025) for quarter in range(1, 5)]
    assert found["period_label"].tolist() == labels
    # 2 is small; with the year's number shown, the next smallest of the year goes along.
    assert found["events"].fillna(-1).tolist() == [10, 9, 8, 7, -1, 11, -1, 12]
    assert found["period_start"].iloc[-1] == pd.Timestamp(2025, 10, 1)


def test_a_place_without_any_event_is_not_said_to_have_none(tmp_path: Path) -> None:
    build = build_of(tmp_path, [*events(10, "2024-01-02", DESO_R), *events(9, "2025-12-31", DESO_R)])
    assert local_events.series(build, HERE, SOURCE, HALLSTAVIK).empty
    assert local_events.latest(build, HERE, SOURCE, HALLSTAVIK) is None
    assert local_events.series(build, HERE, "lokal_annan", RIMBO).empty
    assert local_events.latest(build, HERE, "lokal_annan", RIMBO) is None


@pytest.mark.parametrize(
    ("newest", "verdict", "observed"),
    [(104, Verdict.NORMAL, 104), (180, Verdict.HIGHER, 180), (60, Verdict.LOWER, 60), (3, Verdict.LOWER, None)],
    ids=["as usual", "many more", "fewer", "so few that the number is hidden"],
)
def test_the_newest_year_beside_its_own_history(
    tmp_path: Path, newest: int, verdict: Verdict, observed: int | None
) -> None:
    history = [100, 95, 108, 99, 103, 97]
    rows = [row for year, number in enumerate(history, 2019) for row in events(number, f"{year}-01-02", DESO_R)]
    rows += [*events(newest, "2025-03-02", DESO_R), *events(900, "2025-12-31", DESO_H)]
    found = local_events.latest(build_of(tmp_path, rows), HERE, SOURCE, RIMBO)
    assert found is not None
    assert (found.label, found.before_label, found.before) == ("2025", "2024", 97)
    assert found.expected.verdict == verdict
    assert (None if pd.isna(found.expected.observed) else found.expected.observed) == observed
    assert found.expected.expected == pytest.approx(100, abs=5)


def test_three_years_are_too_few_for_a_verdict(tmp_path: Path) -> None:
    rows = [row for year in (2023, 2024) for row in events(100, f"{year}-01-02", DESO_R)]
    rows += [*events(300, "2025-12-31", DESO_R)]
    found = local_events.latest(build_of(tmp_path, rows), HERE, SOURCE, RIMBO)
    assert found is not None
    assert (found.expected.verdict, found.expected.reason) == (Verdict.TOO_LITTLE, "short_history")


def test_reports_on_each_who_reports(tmp_path: Path) -> None:
    rows = [row for who in ("Skolan", "Polisen") for row in events(12, "2025-10-02", RIMBO, reporter=who)]
    rows += events(30, "2025-11-03", RIMBO, reporter="Skolan")
    rows += events(16, "2025-12-31", RIMBO, reporter="Skolan") + events(5, "2025-12-30", RIMBO, "Klotter")
    found = local_events.reporting(build_of(tmp_path, rows), HERE, SOURCE, RIMBO)
    assert found[["period_label", "events", "reporters", "per_reporter"]].to_numpy().tolist() == [
        ["okt 2025", 24, 2, 12], ["nov 2025", 30, 1, 30], ["dec 2025", 21, 1, 16],
    ]  # fmt: skip


def test_without_reporters_nothing_is_said_of_them(tmp_path: Path) -> None:
    build = build_of(tmp_path, [*events(9, "2024-01-03", DESO_R), *events(9, "2025-12-31", DESO_R)])
    assert local_events.reporting(build, HERE, SOURCE, RIMBO).empty


def test_where_the_rows_of_a_delivery_are(tmp_path: Path) -> None:
    rows = [
        *events(90, "2025-12-31", DESO_R), *events(7, "2025-01-03", None), *events(800, "2024-01-03", None),
        *events(6, "2025-01-03", None, placement="outside"),
    ]  # fmt: skip
    build = build_of(tmp_path, rows)
    assert local_events.placements(build, HERE, SOURCE) == {"placed": 90, "outside": 6, "unplaced": 7}
    assert local.sources(build)["source_id"].tolist() == [SOURCE]
    assert local.deliveries(build)["file"].tolist() == ["utdrag.xlsx"]
