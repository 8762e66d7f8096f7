"""Events: what each row of a list of events becomes, and what is refused, noted or asked."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from pyproj import Transformer

from pipelines.intake.cells import Cell
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.kinds.result import Result
from pipelines.intake.workspace import Workspace
from tests.intake.reading_rows import asked, read, refusals, rules, table

WHAT_AND_WHEN = [("Händelse", "category"), ("Datum", "occurred")]


@pytest.fixture(scope="session")
def places(workspace: Workspace) -> Gazetteer:
    return workspace.gazetteer


def stamp(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


@pytest.mark.parametrize(
    ("uses", "row", "first", "last"),
    [
        ([], ("2025-03-04",), "2025-03-04", "2025-03-04 23:59:59"),
        ([], ("2025-03-04 21:30",), "2025-03-04 21:30", "2025-03-04 21:30"),
        ([], ("2025-03-04 22:00 - 2025-03-05 06:00",), "2025-03-04 22:00", "2025-03-05 06:00"),
        ([], ("4–6 mars 2025",), "2025-03-04", "2025-03-06 23:59:59"),
        ([("Tid", "occurred_time")], ("2025-03-04", "21.30"), "2025-03-04 21:30", "2025-03-04 21:30"),
        ([("Tid", "occurred_time")], ("2025-03-04", None), "2025-03-04", "2025-03-04 23:59:59"),
        ([("Tid", "occurred_time")], ("2025-03-04", "vet ej"), "2025-03-04", "2025-03-04 23:59:59"),
        ([("Tid", "occurred_time")], ("2025-03-04", "22:30–02:00"), "2025-03-04 22:30", "2025-03-05 02:00"),
        ([("Till", "until")], ("2025-03-04", "2025-03-06"), "2025-03-04", "2025-03-06 23:59:59"),
        ([("Till", "until")], ("2025-03-04", None), "2025-03-04", "2025-03-04 23:59:59"),
        ([("Till", "until")], ("2025-03-04", "2025-03-01"), "2025-03-04", "2025-03-04 23:59:59"),
        ([("Till", "until")], ("2025-03-04", "senare"), "2025-03-04", "2025-03-04 23:59:59"),
        (
            [("Tid", "occurred_time"), ("Till", "until"), ("Tid till", "until_time")],
            ("2025-03-04", "22:00", "2025-03-05", "06:00"),
            "2025-03-04 22:00", "2025-03-05 06:00",
        ),
        (
            [("Tid från", "occurred_time"), ("Tid till", "until_time")],
            ("2025-03-04", "18:00", "19:30"),
            "2025-03-04 18:00", "2025-03-04 19:30",
        ),
        (
            [("Tid från", "occurred_time"), ("Tid till", "until_time")],
            ("2025-03-04", "22:00", "01:00"),
            "2025-03-04 22:00", "2025-03-05 01:00",
        ),
    ],
    ids=[
        "day", "minute", "span in one cell", "days in one cell", "clock", "clock missing", "clock unknown",
        "clock over midnight", "until", "until missing", "until before from", "until unreadable", "four columns",
        "until has only a clock", "until has only a clock of the next day",
    ],
)  # fmt: skip
def test_the_time_of_an_event(
    places: Gazetteer, uses: list[tuple[str, str]], row: tuple[Cell | None, ...], first: str, last: str
) -> None:
    result = read(places, "events", [*WHAT_AND_WHEN, *uses], [("Klotter", *row)])
    rows = table(result, "event")
    assert [rows["occurred_from"][0], rows["occurred_to"][0]] == [stamp(first), stamp(last)]
    assert refusals(result) == {}


def test_typed_dates_and_clocks(places: Gazetteer) -> None:
    row = ("Klotter", dt.datetime(2025, 3, 4), dt.time(21, 30))
    rows = table(read(places, "events", [*WHAT_AND_WHEN, ("Tid", "occurred_time")], [row], typed=True), "event")
    assert rows["occurred_from"][0] == stamp("2025-03-04 21:30")


def test_an_end_before_the_beginning_and_one_that_cannot_be_read_are_told(places: Gazetteer) -> None:
    rows: list[tuple[Cell | None, ...]] = [
        ("Klotter", "2025-03-04", "2025-03-01"), ("Klotter", "2025-03-04", "senare")
    ]  # fmt: skip
    found = rules(read(places, "events", [*WHAT_AND_WHEN, ("Till", "until")], rows))
    assert (found["slut_fore_borjan"], found["slut_olast"]) == (1, 1)


REPORTED = [*WHAT_AND_WHEN, ("Anmält", "reported")]


@pytest.mark.parametrize(
    ("row", "refused", "note", "rule"),
    [
        (("Stöld", "2025-02-31", "2025-03-01"), "", "tiden gick inte att läsa i filen", "tid"),
        (("Stöld", None, "2025-03-01"), "", "tiden står inte i filen", ""),
        (("Stöld", "2025-02-28", "i går"), "", "", "anmald_olast"),
        (("Stöld", "2025-03-09", "2025-03-01"), "", "", "hande_efter_anmalan"),
        (("Stöld", "2025-02-31", None), "Tiden går inte att läsa", "", ""),
        (("Stöld", None, "31 februari"), "Tiden går inte att läsa", "", ""),
        (("Stöld", None, None), "Tiden saknas.", "", ""),
        ((None, "2025-02-28", "2025-03-01"), "Händelsetypen saknas.", "", ""),
    ],
    ids=["bad date", "no date", "bad report", "after report", "bad, no report", "bad report only", "none", "no type"],
)  # fmt: skip
def test_rows_without_a_time_or_a_type(
    places: Gazetteer, row: tuple[Cell | None, ...], refused: str, note: str, rule: str
) -> None:
    result = read(places, "events", REPORTED, [row, ("Rån", "2025-03-04", "2025-03-05")])
    assert refusals(result).get(2, "").startswith(refused)
    assert (2 in refusals(result)) == bool(refused)
    kept = table(result, "event")
    assert len(kept) == (1 if refused else 2)
    if not refused:
        assert kept["time_note"].fillna("")[0] == note
        assert rule in {"", *rules(result)}


@pytest.mark.parametrize(
    ("count", "events"),
    [("3", 3), ("0", None), ("-7", None), ("1,5", None), ("många", None), ("..", None), ("99999", None)],
    ids=str,
)
def test_the_number_of_events(places: Gazetteer, count: str | None, events: int | None) -> None:
    result = read(places, "events", [*WHAT_AND_WHEN, ("Antal", "count")], [("Rån", "2025-03-04", count)])
    assert list(table(result, "event")["events"]) == ([events] if events else [])
    assert bool(refusals(result)) == (events is None)


def test_a_number_left_out_is_asked_for_where_others_have_one(places: Gazetteer) -> None:
    rows: list[tuple[Cell | None, ...]] = [("Rån", "2025-03-04", "3"), ("Rån", "2025-03-05", None)]
    result = read(places, "events", [*WHAT_AND_WHEN, ("Antal", "count")], rows)
    assert list(table(result, "event")["events"]) == [3]
    (why,) = refusals(result).values()
    assert why.startswith("Antalet saknas")


def test_a_column_of_numbers_that_nobody_filled_in_counts_one_each(places: Gazetteer) -> None:
    result = read(places, "events", [*WHAT_AND_WHEN, ("Antal", "count")], [("Rån", "2025-03-04", None)])
    assert list(table(result, "event")["events"]) == [1]
    assert not refusals(result)


def ids(result: Result) -> list[str]:
    return list(table(result, "event")["event_id"])


def test_rows_of_one_case_are_numbered(places: Gazetteer) -> None:
    rows: list[tuple[Cell | None, ...]] = [(case, "Rån", "2025-03-04") for case in ("K1", "K1", "K2")]
    assert ids(read(places, "events", [("Ärende", "event_id"), *WHAT_AND_WHEN], rows)) == [
        "K1 Rån",
        "K1 Rån:2",
        "K2 Rån",
    ]


def test_a_case_number_is_the_same_as_a_number_and_as_a_text(places: Gazetteer) -> None:
    rows: list[tuple[Cell | None, ...]] = [(case, "Rån", "2025-03-04") for case in (17, "17", None)]
    found = ids(read(places, "events", [("Ärende", "event_id"), *WHAT_AND_WHEN], rows, typed=True))
    assert found[1] == f"{found[0]}:2"
    assert len(set(found)) == 3


def test_without_a_case_number_the_row_itself_is_the_id(places: Gazetteer) -> None:
    rows: list[tuple[Cell | None, ...]] = [("Rån", "2025-03-04"), ("Hot", "2025-03-04"), ("Rån", "2025-03-04")]
    first = ids(read(places, "events", WHAT_AND_WHEN, rows))
    assert len(set(first)) == 3  # the same row twice is two events
    assert first[2] == f"{first[0]}:2"
    assert set(ids(read(places, "events", WHAT_AND_WHEN, rows[::-1]))) == set(first)  # whatever the order


# The square of Hallstavik, near enough: 60.0505 north, 18.5930 east.
LAT, LON = 60.0505, 18.5930
SWEREF = Transformer.from_crs(4326, 3006, always_xy=True).transform(LON, LAT)
RT90 = Transformer.from_crs(4326, 3021, always_xy=True).transform(LON, LAT)
POINT = [*WHAT_AND_WHEN, ("X", "x"), ("Y", "y")]


def shown(pair: tuple[float, float]) -> tuple[str, str]:
    return f"{pair[0]:.6f}".replace(".", ","), f"{pair[1]:.6f}".replace(".", ",")


def at(*pairs: tuple[str, str]) -> list[tuple[Cell | None, ...]]:
    return [("Rån", "2025-03-04", *pair) for pair in pairs]


@pytest.mark.parametrize("pair", [(LON, LAT), SWEREF, RT90], ids=["WGS 84", "SWEREF 99 TM", "RT 90"])
@pytest.mark.parametrize("swapped", [False, True], ids=["straight", "swapped"])
def test_coordinates_in_three_systems(places: Gazetteer, pair: tuple[float, float], swapped: bool) -> None:
    one = shown(pair)[::-1] if swapped else shown(pair)
    result = read(places, "events", POINT, at(one, one, one))
    row = table(result, "event").iloc[0]
    assert (row["x"], row["y"]) == pytest.approx(SWEREF, abs=1.0)
    assert row["placement"] == "placed"
    assert str(row["area_id"]).startswith("0188")
    assert asked(result) == {}


def test_coordinates_of_two_systems_in_one_list(places: Gazetteer) -> None:
    result = read(places, "events", POINT, at(*[shown(SWEREF)] * 4, shown((LON, LAT)), shown(RT90)))
    assert set(table(result, "event")["placement"]) == {"placed"}
    assert rules(result)["koordinatsystem"] == 1


def test_points_elsewhere_and_points_that_are_none(places: Gazetteer) -> None:
    uppsala, nowhere, zero = shown((17.64, 59.86)), ("5,0", "5,0"), ("0", "0")
    result = read(places, "events", POINT, at(*[shown((LON, LAT))] * 4, uppsala, nowhere, zero, ("öst", "nord")))
    rows = table(result, "event")
    assert list(rows["placement"][4:]) == ["outside", "unplaced", "unplaced", "unplaced"]
    assert rules(result)["koordinat_utanfor_sverige"] == 1
    assert rules(result)["koordinat"] == 1


def test_coordinates_of_an_unknown_system_are_asked_about(places: Gazetteer) -> None:
    result = read(places, "events", POINT, at(("123", "456"), ("124", "457"), ("125", "458")))
    assert asked(result) == {"coordinates": ["sweref99tm", "wgs84", "rt90"]}


PLACED = [*WHAT_AND_WHEN, ("Plats", "place"), ("Kommun", "municipality")]


@pytest.mark.parametrize(
    ("place", "municipality", "area", "placement"),
    [
        ("Hallstavik", "Norrtälje", "0188-hallstavik", "placed"),
        ("Hallstaviks", None, "0188-hallstavik", "placed"),
        ("Rimbo", "Norrtälje kommun", "0188-rimbo", "placed"),
        (None, "Norrtälje", "0188", "unplaced"),
        ("Kiosken", "Norrtälje", "0188", "unplaced"),
        ("Kiosken", None, None, "unplaced"),
        (None, "Uppsala", None, "outside"),
        ("Torget", "Uppsala", None, "outside"),
        ("Knivsta", None, None, "outside"),
    ],
)
def test_places(
    places: Gazetteer, place: str | None, municipality: str | None, area: str | None, placement: str
) -> None:
    result = read(places, "events", PLACED, [("Rån", "2025-03-04", place, municipality)])
    rows = table(result, "event")
    assert (rows["area_id"].fillna("")[0], rows["placement"][0]) == (area or "", placement)
    assert result.placements == {placement: 1}


def test_unknown_names_can_be_explained(places: Gazetteer) -> None:
    rows: list[tuple[Cell | None, ...]] = [("Rån", "2025-03-04", "Kiosken", None)] * 2
    assert [(view.text, view.rows) for view in read(places, "events", PLACED, rows).places] == [("Kiosken", 2)]
    explained = read(places, "events", PLACED, rows, places={"Kiosken": "0188-rimbo"})
    assert set(table(explained, "event")["area_id"]) == {"0188-rimbo"}


def test_one_place_for_all_rows(places: Gazetteer) -> None:
    result = read(places, "events", WHAT_AND_WHEN, [("Rån", "2025-03-04")], options={"place": "Älmsta"})
    assert list(table(result, "event")["area_id"]) == ["0188-almsta"]
    unknown = read(places, "events", WHAT_AND_WHEN, [("Rån", "2025-03-04")], options={"place": "Kiosken"})
    assert "options.place" in asked(unknown)


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["3/4/2025", "5/6/2025"], ["dmy", "mdy"]),
        (["03-04-05", "05-06-07"], ["dmy", "mdy", "ymd"]),
        (["25/3/2025", "3/4/2025"], []),
        (["4/3 2025", "4 mars 2025"], []),
    ],
    ids=["day or month", "also the year", "told by another cell", "Swedish ways"],
)
def test_the_order_of_day_and_month_is_asked_where_it_is_not_told(
    places: Gazetteer, cells: list[str], orders: list[str]
) -> None:
    result = read(places, "events", WHAT_AND_WHEN, [("Rån", cell) for cell in cells])
    assert asked(result) == ({"date_order": orders} if orders else {})


@pytest.mark.parametrize(("order", "day"), [("dmy", "2005-04-03"), ("mdy", "2005-03-04"), ("ymd", "2003-04-05")])
def test_the_answer_decides_the_order(places: Gazetteer, order: str, day: str) -> None:
    result = read(places, "events", WHAT_AND_WHEN, [("Rån", "03-04-05")], date_order=order)
    assert table(result, "event")["occurred_from"][0] == stamp(day)
