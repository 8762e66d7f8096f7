"""Observations, participation and inspections: figures per indicator, area and period."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipelines.frames import slug
from pipelines.intake.cells import Cell
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.kinds.result import Result
from pipelines.intake.workspace import Workspace
from store.intake import ColumnUse
from tests.intake.reading_rows import asked, read, refusals, rules, table

Uses = list[ColumnUse | tuple[str, str]]
Rows = list[tuple[Cell | None, ...]]
ATTENDANCE = {"indicator": "Närvaro", "unit": "procent"}
COUNTED = {"unit": "antal"}
LONG: Uses = [("Ort", "place"), ("År", "period"), ("Värde", "value")]
NOWHERE = f"0188-{slug('lokal_prov')}-utan-plats"
ELSEWHERE = f"0188-{slug('lokal_prov')}-utanfor"


@pytest.fixture(scope="session")
def places(workspace: Workspace) -> Gazetteer:
    return workspace.gazetteer


def observed(places: Gazetteer, uses: Uses, rows: Rows, **given: Any) -> Result:
    given = {"options": ATTENDANCE, **given}
    return read(places, "observations", uses, rows, **given)


def figures(result: Result) -> dict[tuple[str, str, str], float]:
    """The value per area, period and breakdown."""
    rows = table(result, "observation")
    keys = zip(rows["area_id"], rows["period_label"], rows["breakdown"], strict=True)
    return dict(zip(keys, rows["value"], strict=True))


def names(result: Result) -> dict[str, str]:
    return dict(zip(table(result, "indicator")["name"], table(result, "indicator")["unit"], strict=True))


def test_long(places: Gazetteer) -> None:
    uses: Uses = [*LONG, ("Kön", "breakdown"), ("Elever", "base")]
    rows: Rows = [("Rimbo", "2025", "92,5", "flickor", "120"), ("Rimbo", "2024/25", "91", None, None)]
    result = observed(places, uses, rows)
    assert figures(result) == {("0188-rimbo", "2025", "kön=flickor"): 92.5, ("0188-rimbo", "2024/25", ""): 91.0}
    assert table(result, "observation")["base"].fillna(0).tolist() == [120, 0]
    assert names(result) == {"Närvaro": "procent"}


@pytest.mark.parametrize(
    ("headers", "period", "labels"),
    [
        (("2024", "2025"), "", ["2024", "2025"]),
        (("mars 2025", "april 2025"), "", ["mars 2025", "april 2025"]),
        (("augusti", "januari"), "2024/25", ["augusti 2024", "januari 2025"]),
        (("v. 12", "v. 40"), "2025", ["v. 12 2025", "v. 40 2025"]),
        (("2023/24", "2024/25"), "", ["2023/24", "2024/25"]),
        (("HT 2024 – aug", "VT 2025 – jan"), "2024/25", ["augusti 2024", "januari 2025"]),
        (("2024/25 – aug", "2024/25 – jan"), "", ["augusti 2024", "januari 2025"]),
    ],
    ids=[
        "years",
        "months with year",
        "months of a school year",
        "weeks of a year",
        "school years",
        "months under terms",
        "months under a school year",
    ],
)
def test_wide(places: Gazetteer, headers: tuple[str, str], period: str, labels: list[str]) -> None:
    uses: Uses = [("Ort", "place"), *((header, "value") for header in headers)]
    result = observed(
        places, uses, [("Rimbo", "91", "92"), ("Älmsta", None, "..")], form="wide",
        options={**ATTENDANCE, "period": period},
    )  # fmt: skip
    rows = table(result, "observation")
    assert [rows["period_label"][0], rows["period_label"][1]] == [labels[0], labels[1]]
    assert rows["status"].tolist() == ["final", "final", "suppressed"]


def test_months_without_their_year_are_asked_about(places: Gazetteer) -> None:
    result = observed(places, [("Ort", "place"), ("augusti", "value")], [("Rimbo", "91")], form="wide")
    assert "options.period" in asked(result)


def test_several_measures(places: Gazetteer) -> None:
    uses: Uses = [
        ("Ort", "place"), ("År", "period"), ColumnUse(header="Närvaro", field="value", unit="procent"),
        ColumnUse(header="Antal elever", field="value", unit="antal"),
    ]  # fmt: skip
    result = observed(places, uses, [("Rimbo", "2025", "92,5", "412")], options={})
    assert names(result) == {"Närvaro": "procent", "Antal elever": "antal"}
    assert sorted(table(result, "observation")["value"]) == [92.5, 412.0]


def test_the_measure_in_a_column(places: Gazetteer) -> None:
    uses: Uses = [*LONG, ("Mått", "indicator")]
    rows: Rows = [("Rimbo", "2025", "92", "Närvaro"), ("Rimbo", "2025", "8", "Frånvaro"), ("Rimbo", "2025", "8", None)]
    result = observed(places, uses, rows, options={"unit": "procent"})
    assert {"Närvaro", "Frånvaro"} <= set(names(result))
    assert refusals(result) == {4: "Måttet saknas."}


@pytest.mark.parametrize(
    ("cells", "typed", "share", "wanted", "is_asked"),
    [
        (("0,93", "0,87"), False, "", (0.93, 0.87), True),
        ((0.93, 0.87), True, "", (0.93, 0.87), True),
        ((0.93, 1), True, "", (0.93, 1.0), True),
        ((0.93, 0.07), True, "andel", (93.0, 7.0), False),
        ((0.93, 0.07), True, "procent", (0.93, 0.07), False),
        ((1.03, 0.07, 0.9), True, "andel", (103.0, 7.0, 90.0), False),
        (("93 %", "0,7 %"), False, "", (93.0, 0.7), False),
        (("93", "0,7", "88"), False, "", (93.0, 0.7, 88.0), False),
        (("93", "0,7", "88"), False, "andel", (93.0, 0.7, 88.0), False),
        (("0", "0"), False, "", (0.0, 0.0), False),
    ],
    ids=["text", "workbook", "with a whole", "shares", "per cent", "over the whole", "signed", "mostly not",
         "saved but not", "noughts"],
)  # fmt: skip
def test_shares_written_for_per_cent(
    places: Gazetteer, cells: tuple[Cell, ...], typed: bool, share: str, wanted: tuple[float, ...], is_asked: bool
) -> None:
    rows: Rows = [("Rimbo", f"{2020 + number}", cell) for number, cell in enumerate(cells)]
    result = observed(places, LONG, rows, typed=typed, options={**ATTENDANCE, "share": share})
    assert table(result, "observation")["value"].tolist() == pytest.approx(list(wanted))
    assert asked(result) == ({"options.share": ["andel", "procent"]} if is_asked else {})


def test_a_share_of_several_wholes_is_refused(places: Gazetteer) -> None:
    rows: Rows = [("Rimbo", "2024", "0,9"), ("Rimbo", "2025", "9"), ("Älmsta", "2025", "0,8")]
    assert refusals(observed(places, LONG, rows, options={**ATTENDANCE, "share": "andel"})) == {
        3: "Andelen är större än 1."
    }


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("Rimbo", "2025", "5"), "Samma mått"),
        (("Rimbos", "helåret 2025", "5"), "Samma mått"),
        (("Rimbo", "i fjol", "5"), "Perioden saknas"),
        (("Rimbo", None, "5"), "Perioden saknas"),
        (("Älmsta", "2025", "många"), "Värdet är inget tal"),
        (("Älmsta", "2025", "-7"), "Antalet är negativt"),
    ],
    ids=["twice", "twice in other words", "no such period", "no period", "no number", "negative"],
)
def test_refused_figures(places: Gazetteer, row: tuple[Cell | None, ...], why: str) -> None:
    result = observed(places, LONG, [("Rimbo", "2025", "4"), row], options=COUNTED)
    assert refusals(result)[3].startswith(why)
    assert list(figures(result).values()) == [4.0]


def test_a_row_that_is_refused_does_not_stand_in_the_way_of_its_twin(places: Gazetteer) -> None:
    uses: Uses = [*LONG, ("Elever", "base")]
    result = observed(places, uses, [("Rimbo", "2025", "4", "ett"), ("Rimbo", "2025", "5", "9")], options=COUNTED)
    assert list(refusals(result)) == [2]
    assert list(figures(result).values()) == [5.0]


def test_figures_without_a_place_here_stand_outside_the_sums(places: Gazetteer) -> None:
    named = {"Rimbo": "1", "Kiosken": "2", None: "3", "Uppsala": "4", "Norrtälje kommun": "9"}
    rows: Rows = [(place, "2025", value) for place, value in named.items()]
    result = observed(places, LONG, rows, options=COUNTED)
    assert figures(result) == {
        ("0188-rimbo", "2025", ""): 1.0, (NOWHERE, "2025", "plats=Kiosken"): 2.0, (NOWHERE, "2025", ""): 3.0,
        (ELSEWHERE, "2025", "plats=Uppsala"): 4.0, ("0188", "2025", ""): 9.0,
    }  # fmt: skip
    area = table(result, "area")
    assert list(area["area_id"]) == [NOWHERE, ELSEWHERE]
    assert set(area["level"]) == {"unplaced"}


def test_points_outside_are_not_the_municipality_s(places: Gazetteer) -> None:
    uses: Uses = [("X", "x"), ("Y", "y"), ("År", "period"), ("Värde", "value")]
    rows: Rows = [("18,70", "59,76", "2025", "1"), ("17,64", "59,86", "2025", "2")]  # Norrtälje, Uppsala
    result = observed(places, uses, rows, options=COUNTED)
    assert figures(result)[ELSEWHERE, "2025", ""] == 2.0
    assert result.placements == {"placed": 1, "outside": 1}


def test_a_table_that_says_no_place_is_the_municipality_s(places: Gazetteer) -> None:
    result = observed(places, [("År", "period"), ("Värde", "value")], [("2025", "7")])
    assert figures(result) == {("0188", "2025", ""): 7.0}


def test_rows_without_figures_are_told(places: Gazetteer) -> None:
    result = observed(places, LONG, [("Rimbo", "2025", "4"), ("Älmsta", "2025", None)])
    assert rules(result)["inga_siffror"] == 1


TAKING_PART: Uses = [
    ("Skola", "place"), ("Klass", "group"), ("Datum", "date"), ("Anmälda", "number"), ("Aktiva", "number")
]  # fmt: skip


def test_participation(places: Gazetteer) -> None:
    rows: Rows = [
        ("Rimbo", "4A", "2025-03-04", "24", "21"), ("Kultur- och fritidskontoret", None, "v. 12 2025", "5", "-")
    ]  # fmt: skip
    result = read(
        places, "participation", TAKING_PART, rows, options={"activity": "HackShield"},
        places={"Kultur- och fritidskontoret": "0188"},
    )  # fmt: skip
    assert names(result) == {"HackShield: anmälda": "antal", "HackShield: aktiva": "antal"}
    found = table(result, "observation")
    assert sorted(
        zip(found["area_id"], found["breakdown"], found["period_label"], found["value"].fillna(-1), strict=True)
    ) == [
        ("0188", "plats=Kultur- och fritidskontoret", "v. 12 2025", -1.0),
        ("0188", "plats=Kultur- och fritidskontoret", "v. 12 2025", 5.0),
        ("0188-rimbo", "klass=4A", "2025-03-04", 21.0),
        ("0188-rimbo", "klass=4A", "2025-03-04", 24.0),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("Rimbo", "4B", "2025-03-04", "-3", "2"), "Antalet är negativt"),
        (("Rimbo", "4B", "2025-03-04", "tre", "2"), "Antalet är inget tal"),
        (("Rimbo", "4B", "sen", "3", "2"), "Perioden saknas"),
        (("Rimbo", "4A", "2025-03-04", "3", "2"), "Samma mått"),
    ],
    ids=["negative", "no number", "no date", "twice"],
)
def test_refused_participation(places: Gazetteer, row: tuple[Cell | None, ...], why: str) -> None:
    rows: Rows = [("Rimbo", "4A", "2025-03-04", "24", "21"), row]
    result = read(places, "participation", TAKING_PART, rows, options={"activity": "HackShield"})
    assert refusals(result)[3].startswith(why)
    assert len(table(result, "observation")) == 2


def test_participation_asks_what_and_when(places: Gazetteer) -> None:
    uses: Uses = [("Skola", "place"), ("Anmälda", "number")]
    assert "options.period" in asked(read(places, "participation", uses, [("Rimbo", "3")], options={"activity": "X"}))
    assert "options.activity" in asked(
        read(places, "participation", uses, [("Rimbo", "3")], options={"period": "2025"})
    )


def test_an_activity_in_a_column_must_be_filled_in(places: Gazetteer) -> None:
    uses: Uses = [*TAKING_PART, ("Insats", "activity")]
    rows: Rows = [("Rimbo", "4A", "2025", "3", "2", "HackShield"), ("Rimbo", "4B", "2025", "3", "2", None)]
    assert refusals(read(places, "participation", uses, rows)) == {3: "Aktiviteten saknas."}


ROUND: Uses = [("Plats", "place"), ("Datum", "date"), ("Zon", "spot"), ("Belysning", "score"), ("Skötsel", "score")]
SCALE = {"inspection": "Trygghetsrond", "highest": "20"}


def test_inspections(places: Gazetteer) -> None:
    day = dt.datetime(2025, 3, 4)
    rows: Rows = [("Rimbo", day, "Entré", 14, 20), ("Älmsta", day, None, 0, None)]
    result = read(places, "inspections", ROUND, rows, form="wide", typed=True, options=SCALE)
    assert names(result) == {
        "Trygghetsrond: belysning": "poäng (högst 20)", "Trygghetsrond: skötsel": "poäng (högst 20)"
    }  # fmt: skip
    assert sorted(figures(result).values()) == [0.0, 20.0]
    assert len(table(result, "observation")) == 3


@pytest.mark.parametrize("score", ["21", "-1", "bra"])
def test_scores_outside_the_scale(places: Gazetteer, score: str) -> None:
    rows: Rows = [("Rimbo", "2025-03-04", "Entré", score, "3"), ("Rimbo", "2025-03-04", "Gård", "4", "3")]
    assert list(refusals(read(places, "inspections", ROUND, rows, form="wide", options=SCALE))) == [2]


@pytest.mark.parametrize(
    ("highest", "is_asked"), [("", True), ("tjugo", True), ("0", True), ("nan", True), ("20", False), ("7,5", False)]
)
def test_the_highest_score_must_be_known(places: Gazetteer, highest: str, is_asked: bool) -> None:
    options = {"inspection": "Trygghetsrond", "highest": highest}
    result = read(places, "inspections", ROUND, [("Rimbo", "2025", None, "4", "3")], form="wide", options=options)
    assert ("options.highest" in asked(result)) == is_asked


def test_inspections_one_row_per_judgement(places: Gazetteer) -> None:
    uses: Uses = [("Plats", "place"), ("Datum", "date"), ("Det", "indicator"), ("Poäng", "score")]
    rows: Rows = [("Rimbo", "2025-03-04", "Belysning", "14"), ("Rimbo", "2025-03-04", None, "3")]
    result = read(places, "inspections", uses, rows, form="long", options=SCALE)
    assert refusals(result) == {3: "Det saknas vad som bedömts."}
    assert names(result).keys() >= {"Trygghetsrond: belysning"}
