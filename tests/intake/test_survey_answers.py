"""Survey answers: one row per respondent, or one per answer."""

from __future__ import annotations

import pytest

from pipelines.intake.cells import Cell
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.kinds.result import Result
from pipelines.intake.workspace import Workspace
from store.intake import ColumnUse
from tests.intake.reading_rows import asked, read, refusals, rules, table

SAFE, AFRAID = "Hur trygg känner du dig?", "Har du blivit utsatt?"
SCALE = ("Mycket otrygg", "Ganska otrygg", "Ganska trygg", "Mycket trygg")
SAID = {"survey": "Trygghetsundersökningen", "wave": "VT 2025"}
PEOPLE: list[ColumnUse | tuple[str, str]] = [
    ("Nr", "respondent"), ("Vikt", "weight"), ("Ort", "place"), ("Kön", "group"), ("Ålder", "group"),
    ColumnUse(header=SAFE, field="question", scale=SCALE), (AFRAID, "question"),
]  # fmt: skip
Rows = list[tuple[Cell | None, ...]]


@pytest.fixture(scope="session")
def places(workspace: Workspace) -> Gazetteer:
    return workspace.gazetteer


def people(places: Gazetteer, rows: Rows, **given: object) -> Result:
    return read(places, "answers", PEOPLE, rows, form="respondents", options=SAID, **given)


def test_a_row_per_respondent(places: Gazetteer) -> None:
    result = people(
        places,
        [
            ("1", "1,5", "Rimbo", "Kvinna", "16–29", "Mycket trygg", "Nej"),
            ("2", "0,5", "Uppsala", "Man", None, "Ganska otrygg", "Ja"),
            ("3", "1", None, None, None, "Vet ej", None),
        ],
    )
    rows = table(result, "survey_answer")
    assert len(rows) == 5
    assert set(rows["respondent"]) == {"1", "2", "3"}
    assert dict(zip(rows["respondent"], rows["weight"], strict=True)) == {"1": 1.5, "2": 0.5, "3": 1.0}
    assert dict(zip(rows["respondent"], rows["groups"], strict=True)) == {
        "1": "kön=Kvinna|ålder=16–29", "2": "kön=Man", "3": ""
    }  # fmt: skip
    assert dict(zip(rows["respondent"], rows["placement"], strict=True)) == {
        "1": "placed", "2": "outside", "3": "unplaced"
    }  # fmt: skip
    safe = rows[rows["question_id"].str.startswith("hur")].set_index("respondent")
    assert dict(safe["answer"]) == {"1": "Mycket trygg", "2": "Ganska otrygg", "3": "Vet ej"}
    assert dict(safe["value"].astype(object).where(safe["value"].notna(), None)) == {"1": 4.0, "2": 2.0, "3": None}
    questions = table(result, "survey_question").set_index("text")
    assert questions.loc[SAFE, "kind"] == "scale"
    assert questions.loc[SAFE, "scale"].split("\n") == list(SCALE)
    assert questions.loc[AFRAID, "kind"] == "yes_no"
    assert set(rows["wave"]) == {"VT 2025"}
    assert (str(rows["period_start"][0])[:10], str(rows["period_end"][0])[:10]) == ("2025-01-01", "2025-06-30")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("1", "1", "Rimbo", "Man", "30", "Mycket trygg", "Nej"), "Samma svarande"),
        (("4", "-1", "Rimbo", "Man", "30", "Mycket trygg", "Nej"), "Vikten"),
        (("4", None, "Rimbo", "Man", "30", "Mycket trygg", "Nej"), "Vikten"),
        (("4", "tung", "Rimbo", "Man", "30", "Mycket trygg", "Nej"), "Vikten"),
        (("4", "1", "Rimbo", "Man", "30", None, None), "Raden har inget svar"),
    ],
    ids=["the same respondent again", "negative weight", "no weight", "strange weight", "no answer"],
)
def test_refused_respondents(places: Gazetteer, row: tuple[Cell | None, ...], why: str) -> None:
    result = people(places, [("1", "1", "Rimbo", "Man", "30", "Ganska trygg", "Ja"), row])
    assert refusals(result)[3].startswith(why)
    assert set(table(result, "survey_answer")["respondent"]) == {"1"}
    assert (result.parsed.rows_kept, result.parsed.rows_refused) == (1, 1)


def test_without_numbers_every_row_is_somebody_of_that_delivery(places: Gazetteer) -> None:
    rows = table(
        read(places, "answers", [(AFRAID, "question")], [("Ja",), ("Nej",)], form="respondents", options=SAID),
        "survey_answer",
    )
    assert list(rows["respondent"]) == ["abc rad 2", "abc rad 3"]  # of lokal_prov-abc


def test_numbers_in_a_file_for_one_place_are_that_place_s(places: Gazetteer) -> None:
    uses: list[ColumnUse | tuple[str, str]] = [("Nr", "respondent"), (AFRAID, "question")]
    options = {**SAID, "place": "Rimbo"}
    rows = table(read(places, "answers", uses, [("1", "Ja")], form="respondents", options=options), "survey_answer")
    assert list(rows["respondent"]) == ["Rimbo: 1"]
    assert list(rows["area_id"]) == ["0188-rimbo"]


def test_several_answers_in_a_cell(places: Gazetteer) -> None:
    uses: list[ColumnUse | tuple[str, str]] = [ColumnUse(header="Var?", field="question", separator=";")]
    rows: Rows = [("Hemma; Skolan;",), ("Skolan",), ("Hemma;Hemma",)]
    result = read(places, "answers", uses, rows, form="respondents", options=SAID)
    found = table(result, "survey_answer")
    assert sorted(zip(found["respondent"], found["answer"], strict=True)) == [
        ("abc rad 2", "Hemma"), ("abc rad 2", "Skolan"), ("abc rad 3", "Skolan"), ("abc rad 4", "Hemma")
    ]  # fmt: skip
    assert list(table(result, "survey_question")["kind"]) == ["multi"]


def test_free_text_is_left_out_and_told(places: Gazetteer) -> None:
    texts = [
        f"Jag tycker att det är mörkt vid hållplats nummer {n} och att någon borde göra något åt det" for n in range(40)
    ]
    uses: list[ColumnUse | tuple[str, str]] = [(AFRAID, "question"), ("Övrigt", "question")]
    result = read(places, "answers", uses, [("Ja", text) for text in texts], form="respondents", options=SAID)
    assert set(table(result, "survey_answer")["answer"]) == {"Ja"}
    assert rules(result)["fritext"] == 40
    assert list(table(result, "survey_question")["text"]) == [AFRAID]


def test_questions_that_begin_alike_stay_apart(places: Gazetteer) -> None:
    start = "I vilken utsträckning instämmer du i följande påståenden om hur det är i området där du bor till vardags"
    start += " och om hur det har varit under det senaste året"
    uses: list[ColumnUse | tuple[str, str]] = [(f"{start}: {line}", "question") for line in ("rent", "lugnt")]
    result = read(places, "answers", uses, [("Ja", "Nej")], form="respondents", options=SAID)
    assert sorted(table(result, "survey_answer")["answer"]) == ["Ja", "Nej"]
    assert table(result, "survey_question")["question_id"].nunique() == 2


@pytest.mark.parametrize(
    ("wave", "is_asked"),
    [("2025", False), ("VT 2025", False), ("mars 2025", False), ("2024/25", False), ("", True), ("första", True)],
)
def test_the_wave_must_be_a_period(places: Gazetteer, wave: str, is_asked: bool) -> None:
    options = {**SAID, "wave": wave}
    result = read(places, "answers", [(AFRAID, "question")], [("Ja",)], form="respondents", options=options)
    assert ("options.wave" in asked(result) or "options.period" in asked(result)) == is_asked
    assert (len(result.parsed.tables) == 0) == is_asked


PER_ANSWER: list[ColumnUse | tuple[str, str]] = [
    ("Nr", "respondent"), ("Fråga", "question_text"), ("Svar", "answer")
]  # fmt: skip


def test_a_row_per_answer(places: Gazetteer) -> None:
    rows: Rows = [
        ("1", SAFE, "Mycket trygg"), ("1", AFRAID, "Nej"), ("2", SAFE, "Ganska otrygg"),
        ("2", None, "Ja"), ("3", AFRAID, None), ("2", SAFE, "Mycket trygg"),
        ("1", "Var?", "Hemma"), ("1", "Var?", "Skolan"), ("1", "Var?", "Skolan"), ("2", "Var?", "Skolan"),
    ]  # fmt: skip
    result = read(places, "answers", PER_ANSWER, rows, form="answers", options=SAID)
    assert refusals(result) == {
        5: "Frågan saknas.", 6: "Raden har inget svar.",
        7: "Samma svarande har svarat på frågan på en tidigare rad.",
        10: "Samma svarande har svarat på frågan på en tidigare rad.",
    }  # fmt: skip
    found = table(result, "survey_answer")
    assert sorted(zip(found["respondent"], found["answer"], strict=True)) == [
        ("1", "Hemma"), ("1", "Mycket trygg"), ("1", "Nej"), ("1", "Skolan"), ("2", "Ganska otrygg"), ("2", "Skolan")
    ]  # fmt: skip
    kinds = table(result, "survey_question").set_index("text")["kind"]
    assert dict(kinds) == {SAFE: "scale", AFRAID: "yes_no", "Var?": "multi"}
