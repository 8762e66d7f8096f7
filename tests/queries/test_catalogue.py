"""What is cited: the source, and the newest delivery among the very figures that are shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries import catalogue, places
from store.warehouse import Build
from tests.queries.literal import literal_build, within, year


@pytest.fixture
def build(tmp_path: Path) -> Build:
    delivered = {"old": "2024-01-01", "new": "2026-05-05", "country": "2025-03-03", "other": "2026-09-09"}
    figures = [("a", "0188", "old"), ("a", "0188-rimbo", "new"), ("a", "00", "country"), ("b", "0188", "other")]
    return literal_build(
        tmp_path,
        source=[{"source_id": "brå", "citation": "Brå"}],
        delivery=[{"delivery_id": one, "source_id": "brå", "layout": "l", "file": one, "sha256": one, "bytes": 1,
                   "received_at": pd.Timestamp(day), "received_by": "x", "rows_read": 1, "rows_kept": 1,
                   "rows_refused": 0} for one, day in delivered.items()],
        indicator=[{"indicator_id": one, "source_id": "brå"} for one in ("a", "b")],
        area_within=within({"00": [], "0188": ["00"], "0188-rimbo": ["0188", "00"]}),
        observation=[{"indicator_id": indicator, "area_id": area, **year(2025), "value": 1.0, "delivery_id": delivery}
                     for indicator, area, delivery in figures],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("indicators", "asked", "expected"),
    [
        (("a",), ("0188-rimbo",), "2026-05-05"),
        (("a",), ("00",), "2025-03-03"),
        (("a",), ("0188",), "2026-05-05"),
        (("a", "b"), ("0188",), "2026-09-09"),
        (("b",), ("0188",), "2026-09-09"),
    ],
    ids=["a part", "the country's own", "a whole with its parts", "two measures", "the other measure"],
)
def test_the_newest_delivery_among_the_figures_shown(
    build: Build, indicators: tuple[str, ...], asked: tuple[str, ...], expected: str
) -> None:
    (found,) = catalogue.provenance(build, indicators, asked).to_dict("records")
    assert (found["citation"], found["received_at"]) == ("Brå", pd.Timestamp(expected))


def test_no_figures_nothing_to_cite(build: Build) -> None:
    assert catalogue.provenance(build, ("b",), ("0188-rimbo",)).empty


def test_places_come_as_in_the_swedish_alphabet_and_are_told_apart(tmp_path: Path) -> None:
    names = ["Öregrund", "Ängby", "Årsta", "Zinken", "ekeby", "Kommunen", "Årsta"]
    districts = [{"area_id": f"0188-{number}", "level": "district", "name": name, "parent_id": "0188"}
                 for number, name in enumerate(names)]  # fmt: skip
    build = literal_build(tmp_path, area=[{"area_id": "0188", "level": "municipality", "name": "Kommunen"}, *districts])
    assert sorted(places.choices(build, "0188")["label"].tolist()[4:6]) == ["Årsta (0188-2)", "Årsta (0188-6)"]
    found = places.choices(build, "0188")
    assert found["name"].tolist() == ["Kommunen", "ekeby", "Kommunen", "Zinken", "Årsta", "Årsta", "Ängby", "Öregrund"]
    assert found["label"].tolist()[:3] == ["Kommunen (hela kommunen)", "ekeby", "Kommunen"]


def test_the_newest_period_is_of_what_is_known_and_past(tmp_path: Path) -> None:
    """Periods to come, and periods without a figure, do not make a source newer than it is."""
    at = {"event_id": "1", "occurred_from": pd.Timestamp("2026-03-04 22:15"), "placement": "placed"}
    wave = {"wave": "2025", "period_start": pd.Timestamp("2025-10-01"), "period_end": pd.Timestamp("2025-10-31")}
    answer = {
        "respondent": "1",
        "weight": 1.0,
        "placement": "unplaced",
        "groups": "",
        "question_id": "q",
        "answer": "ja",
    }
    build = literal_build(
        tmp_path,
        source=[{"source_id": one} for one in ("figures", "begun", "events", "answers", "nothing")],
        indicator=[{"indicator_id": "f", "source_id": "figures"}, {"indicator_id": "b", "source_id": "begun"}],
        observation=[
            {"indicator_id": "f", "area_id": "0188", **year(2023), "value": 1.0},
            {"indicator_id": "f", "area_id": "0188", **year(2024), "value": None, "status": "missing"},
            {"indicator_id": "f", "area_id": "0188", **year(2030), "value": 1.0},
            {"indicator_id": "b", "area_id": "0188", **year(2026), "value": 1.0},
        ],
        event=[{"source_id": "events", **at}],
        survey_answer=[{"source_id": "answers", **wave, **answer, "delivery_id": "d1"}],
    )
    found = catalogue.sources(build, date(2026, 6, 1)).set_index("source_id")["newest_period"]
    expected = {"figures": "2023-12-31", "begun": "2026-01-01", "events": "2026-03-04", "answers": "2025-10-31"}
    assert {one: str(day.date()) for one, day in found.dropna().items()} == expected
