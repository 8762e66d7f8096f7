"""Polisens händelser: times out of titles, places, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.source import DeliveryError, Parsed, Peek
from pipelines.sources.polisen_events import SOURCE, published_at

API, OPEN = SOURCE.layouts
FIXTURE = Path(__file__).parent.parent / "fixtures" / "polisen" / "events.json"
SHIPPED = Path(__file__).parent.parent.parent / "data" / "open" / "polisen_events" / "polisen_events_norrtalje.csv"


def an_event(**changes: Any) -> dict[str, Any]:
    return {
        "id": 1, "datetime": "2026-08-22 9:48:12 +02:00", "name": "22 augusti 08.30, Brand, Norrtälje",
        "summary": "", "url": "/aktuellt/1/", "type": "Brand",
        "location": {"name": "Norrtälje", "gps": "59.757995,18.704785"},
    } | changes  # fmt: skip


def parsed(tmp_path: Path, *events: Any) -> Parsed:
    path = tmp_path / "events.json"
    path.write_text(json.dumps(events), "utf-8")
    return API.parse(path)


def only(tmp_path: Path, **changes: Any) -> pd.Series[Any]:
    return parsed(tmp_path, an_event(**changes)).tables["event"].iloc[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-08-22 9:48:12 +02:00", "2026-08-22 09:48:12", id="hour without zero"),
        pytest.param("2026-01-22 19:51:41 +01:00", "2026-01-22 19:51:41", id="winter"),
        pytest.param("2026-08-22 22:30:00 +00:00", "2026-08-23 00:30:00", id="told in UTC"),
        pytest.param("2023-03-26 8:35:34 +02:00", "2023-03-26 08:35:34", id="first day of summer time"),
        pytest.param("2026-10-25 2:30:00 +01:00", "2026-10-25 02:30:00", id="the hour that comes twice"),
        pytest.param("2026-08-22 9:48:12", None, id="no offset"),
        pytest.param("2026-02-30 9:48:12 +01:00", None, id="no such day"),
        pytest.param("i går", None, id="words"),
    ],
)
def test_time_of_publication(text: str, expected: str | None) -> None:
    assert published_at(text) == (pd.Timestamp(expected) if expected else None)


NEW_YEAR = "2026-01-01 0:31:04 +01:00"


@pytest.mark.parametrize(
    ("name", "published", "first", "last"),
    [
        pytest.param("22 augusti 08.30, Brand, X", None, "2026-08-22 08:30", "2026-08-22 08:30", id="full stop"),
        pytest.param("22 augusti 08:30, Brand, X", None, "2026-08-22 08:30", "2026-08-22 08:30", id="colon"),
        pytest.param("5 augusti 8.05, Brand, X", None, "2026-08-05 08:05", "2026-08-05 08:05", id="short numbers"),
        pytest.param("22 Augusti kl. 08.30, Brand", None, "2026-08-22 08:30", "2026-08-22 08:30", id="kl."),
        pytest.param("22 augusti 2025 08.30, Brand", None, "2025-08-22 08:30", "2025-08-22 08:30", id="with year"),
        pytest.param("22 augusti 07.00–08.30, Brand", None, "2026-08-22 07:00", "2026-08-22 08:30", id="span"),
        pytest.param("21 augusti 23.30-01.15, Brand", None, "2026-08-21 23:30", "2026-08-22 01:15", id="span of night"),
        pytest.param("01:16, Brand, X", None, "2026-08-22 01:16", "2026-08-22 01:16", id="clock alone, today"),
        pytest.param("23.50, Brand, X", None, "2026-08-21 23:50", "2026-08-21 23:50", id="clock alone, last night"),
        pytest.param("19.30, Brand, X", None, "2026-08-21 19:30", "2026-08-21 19:30", id="clock alone, last evening"),
        pytest.param("22 augusti 10.15, Brand, X", None, "2026-08-22 10:15", "2026-08-22 10:15", id="a little ahead"),
        pytest.param("31 december 23.40, Brand", NEW_YEAR, "2025-12-31 23:40", "2025-12-31 23:40", id="New Year"),
        pytest.param("1 januari 00.05, Brand", NEW_YEAR, "2026-01-01 00:05", "2026-01-01 00:05", id="New Year's Day"),
        pytest.param(
            "1 januari 00.00, Brand", "2025-12-31 23:59:30 +01:00", "2026-01-01 00:00", "2026-01-01 00:00",
            id="New Year, put out early",
        ),
        pytest.param(
            "29 februari 12.00, Brand", "2024-03-01 8:00:00 +01:00", "2024-02-29 12:00", "2024-02-29 12:00",
            id="leap day",
        ),
    ],
)  # fmt: skip
def test_event_time_from_the_title(tmp_path: Path, name: str, published: str | None, first: str, last: str) -> None:
    event = only(tmp_path, name=name, **({"datetime": published} if published else {}))
    assert (event.occurred_from, event.occurred_to) == (pd.Timestamp(first), pd.Timestamp(last))
    assert pd.isna(event.time_note)


@pytest.mark.parametrize(
    ("name", "note"),
    [
        pytest.param("Brand, Norrtälje", "anger ingen tid", id="no time"),
        pytest.param("31 juni 12.00, Brand, X", "finns inte i kalendern", id="no such day"),
        pytest.param("29 februari 2025 12.00, Brand, X", "finns inte i kalendern", id="no leap day that year"),
        pytest.param("22 augusti 25.00, Brand, X", "klockslag finns inte", id="no such hour"),
        pytest.param("22 augusti 07.00-07.75, Brand", "klockslag finns inte", id="no such end"),
        pytest.param("22 augusti 19.30, Brand, X", "ligger efter publiceringen", id="hours after publication"),
        pytest.param("22 augusti 23.50, Brand, X", "ligger efter publiceringen", id="after publication"),
        pytest.param("24 augusti 08.00, Brand, X", "årtalet är osäkert", id="a date to come"),
    ],
)
def test_without_a_time_there_is_a_reason(tmp_path: Path, name: str, note: str) -> None:
    event = only(tmp_path, name=name)
    assert pd.isna(event.occurred_from)
    assert note in event.time_note


def test_a_day_without_a_clock_is_that_day(tmp_path: Path) -> None:
    event = only(tmp_path, name="20 augusti, Brand, Norrtälje")
    assert (event.occurred_from, event.occurred_to) == (
        pd.Timestamp("2026-08-20 00:00"),
        pd.Timestamp("2026-08-20 23:59"),
    )
    assert "inget klockslag" in event.time_note


@pytest.mark.parametrize(
    ("summary", "first", "last"),
    [
        pytest.param("Ett urval av nattens händelser.", None, None, id="no hours"),
        pytest.param("Nattens verksamhet 00.00–07.00.", "2026-08-22 00:00", "2026-08-22 07:00", id="after midnight"),
        pytest.param("Nattens verksamhet 22.00–07.00.", "2026-08-21 22:00", "2026-08-22 07:00", id="across midnight"),
    ],
)
def test_summaries_have_the_hours_they_are_about(
    tmp_path: Path, summary: str, first: str | None, last: str | None
) -> None:
    name = "22 augusti 07.58, Sammanfattning natt, Stockholms län"
    event = only(tmp_path, name=name, type="Sammanfattning natt", summary=summary)
    for found, expected in ((event.occurred_from, first), (event.occurred_to, last)):
        assert pd.isna(found) if expected is None else found == pd.Timestamp(expected)
    assert event.time_note.startswith("Sammanfattning av flera händelser")


@pytest.mark.parametrize(
    ("title", "location", "area", "precision"),
    [
        pytest.param("Norrtälje", "Norrtälje", "0188", "municipality", id="municipality"),
        pytest.param("Norrtälje", "Stockholms län", "0188", "municipality", id="county, title says more"),
        pytest.param("Lilla edet", "Västra Götalands län", "1462", "municipality", id="other letter case"),
        pytest.param("Stockholms län", "Stockholms län", "01", "county", id="county"),
        pytest.param("Hallstavik", "Stockholms län", "01", "county", id="a place that is no municipality"),
        pytest.param("Malmö", "Stockholms län", "01", "county", id="a municipality of another county"),
        pytest.param("Gotlands län", "Gotlands län", "09", "county", id="one municipality, but county said"),
        pytest.param("Brand", "Okänd", None, None, id="nowhere"),
    ],
)
def test_place(tmp_path: Path, title: str, location: str, area: str | None, precision: str | None) -> None:
    event = only(tmp_path, name=f"22 augusti 08.30, Brand, {title}", location={"name": location, "gps": "59.7,18.7"})
    assert (event.area_id if area else pd.isna(event.area_id)) == (area or True)
    assert (event.precision if precision else pd.isna(event.precision)) == (precision or True)
    assert event.place_text == location
    assert pd.isna(event.x)
    assert pd.isna(event.y)


def test_whole_file() -> None:
    result = API.parse(FIXTURE)
    assert (result.rows_read, result.rows_kept, result.refusals) == (6, 6, ())
    events = result.tables["event"].set_index("event_id")
    assert events.loc["650175", "occurred_from"] == pd.Timestamp("2026-08-20 22:47")
    assert events.loc["650175", "area_id"] == "0182"
    assert events.loc["612345", "occurred_from"] == pd.Timestamp("2025-12-31 23:40")
    assert events.loc["650256", "url"].startswith("https://polisen.se/aktuellt/handelser/2026/augusti/22/")
    assert SOURCE.check({"event": result.tables["event"]}) == []


def test_shipped_figures() -> None:
    result = OPEN.parse(SHIPPED)
    events = result.tables["event"]
    assert (result.rows_read, result.rows_kept, len(result.refusals)) == (284, 284, 0)
    assert set(events["area_id"]) == {"0188"}
    assert events["occurred_from"].notna().all()
    assert SOURCE.check({"event": events}) == []


@pytest.mark.genuine
def test_genuine_feed(genuine: Path) -> None:
    path = genuine / "polisen" / "events.json"
    assert API.matches(Peek.at(path))
    result = API.parse(path)
    events = result.tables["event"]
    assert (result.rows_read, result.rows_kept) == (500, 500)
    assert (events["occurred_from"].notna() | events["time_note"].notna()).all()
    summaries = events["category"].str.startswith("Sammanfattning")
    assert events.loc[~summaries, "occurred_from"].notna().all()
    # Every title ends with a municipality or with the county itself.
    assert (events["precision"].eq("municipality") | events["title"].str.endswith("län")).all()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"id": None}, "saknar id, datetime", id="no id"),
        pytest.param({"location": "Norrtälje"}, "saknar id, datetime", id="location as text"),
        pytest.param({"name": 5}, "saknar id, datetime", id="name as number"),
        pytest.param({"datetime": "22/8"}, "Tidpunkten för publicering", id="unreadable publication"),
        pytest.param({"id": 2}, "förekommer mer än en gång", id="same id twice"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_row(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    result = parsed(tmp_path, an_event(id=2), an_event(**changes))
    assert (result.rows_read, result.rows_kept) == (2, 1)
    assert [(refusal.row, reason in refusal.reason) for refusal in result.refusals] == [(2, True)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b'[{"id": 1, "dat', "avbruten eller skadad", id="cut off"),
        pytest.param(b"[]", "inga händelser", id="no events"),
        pytest.param(b'{"id": 1}', "inga händelser", id="not a list"),
        pytest.param(b'[{"nummer": 1}]', "Polisen kan ha ändrat sitt format", id="other fields"),
        pytest.param(b"", "filen är tom", id="empty"),
    ],
)
def test_unusable_files_are_explained(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(content)
    with pytest.raises(DeliveryError, match=message) as caught:
        API.parse(path)
    assert "events.json" in str(caught.value)


def test_check_finds_what_must_not_be() -> None:
    events = API.parse(FIXTURE).tables["event"]
    events.loc[0, ["x", "y"]] = [1.0, 1.0]
    events.loc[1, "occurred_from"] = pd.Timestamp("2027-01-01")
    events.loc[2, ["occurred_from", "time_note"]] = [pd.NaT, None]
    assert len(SOURCE.check({"event": events})) == 3


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(FIXTURE.read_bytes(), ["api"], id="API"),
        pytest.param(
            json.dumps([an_event(summary="å" * 1000)] * 99, ensure_ascii=False).encode()[:65536],
            ["api"],
            id="API, head",
        ),
        pytest.param(json.dumps([an_event()] * 300, indent=1).encode()[:65536], ["api"], id="API on many rows"),
        pytest.param(b"\xef\xbb\xbf" + FIXTURE.read_bytes(), ["api"], id="API with BOM"),
        pytest.param(SHIPPED.read_bytes(), ["open"], id="open figures"),
        pytest.param(b'[{"kpi": "N1"}]', [], id="another JSON list"),
        pytest.param(b"Kommun;Antal\r\n", [], id="another CSV"),
    ],
)
def test_recognition(content: bytes, expected: list[str]) -> None:
    peek = Peek(Path("x"), "x", content)
    assert [layout.id for layout in SOURCE.layouts if layout.matches(peek)] == expected


@given(st.binary(max_size=200) | st.text(alphabet='[]{}":,\\ufffidä1', max_size=60).map(lambda text: text.encode()))
def test_recognition_never_raises(content: bytes) -> None:
    for layout in SOURCE.layouts:
        assert layout.matches(Peek(Path("x"), "x", content)) in (True, False)


@given(
    st.text(max_size=60)
    | st.from_regex(r"\d{1,2} (mars|maj) \d{1,2}[.:]\d\d([-–]\d{1,2}[.:]\d\d)?, Brand", fullmatch=True)
)
def test_any_title_gives_a_time_or_a_reason(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    event = only(tmp_path_factory.mktemp("title"), name=name)
    assert pd.notna(event.time_note) or event.occurred_from <= event.occurred_to
