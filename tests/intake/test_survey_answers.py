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


WORRIES: list[ColumnUse | tuple[str, str]] = [
    ("Vad oroar dig? – Inbrott", "question"),
    ("Vad oroar dig? – Klotter", "question"),
]


def by_box(result: Result) -> dict[str, dict[str, str]]:
    """Per question, what each respondent has answered."""
    rows = table(result, "survey_answer").merge(table(result, "survey_question")[["question_id", "text"]])
    return {str(text): dict(zip(of["respondent"], of["answer"], strict=True)) for text, of in rows.groupby("text")}


@pytest.mark.parametrize(
    ("burglary", "graffiti"),
    [("x", "X"), (1, 1), ("1", "1"), ("Inbrott", "Klotter"), ("Ja", "Ja"), ("✓", "SANT")],
)
def test_an_empty_tick_box_is_no_for_those_who_ticked_another(
    places: Gazetteer, burglary: Cell, graffiti: Cell
) -> None:
    uses: list[ColumnUse | tuple[str, str]] = [("Nr", "respondent"), *WORRIES, (AFRAID, "question")]
    rows: Rows = [
        ("1", burglary, None, "Ja"), ("2", burglary, graffiti, "Nej"), ("3", None, graffiti, None),
        ("4", None, None, "Nej"),
    ]  # fmt: skip
    result = read(places, "answers", uses, rows, form="respondents", options=SAID)
    boxes = by_box(result)
    assert boxes["Vad oroar dig? – Inbrott"] == {"1": "Ja", "2": "Ja", "3": "Nej"}
    assert boxes["Vad oroar dig? – Klotter"] == {"1": "Nej", "2": "Ja", "3": "Ja"}
    assert boxes[AFRAID] == {"1": "Ja", "2": "Nej", "4": "Nej"}
    assert set(table(result, "survey_question")["kind"]) == {"yes_no"}
    assert rules(result) == {"kryssrutor": 3, "utan_plats": 4}


@pytest.mark.parametrize(
    ("headers", "rows", "expected"),
    [
        (("Inbrott", "Klotter"), [("x", None), (None, "x")],
         {"Inbrott": ["Ja", "Nej"], "Klotter": ["Nej", "Ja"]}),
        (("Oro [Inbrott]", "Oro [Brand]"), [("x", None), ("x", None)],
         {"Oro [Inbrott]": ["Ja", "Ja"], "Oro [Brand]": ["Nej", "Nej"]}),
        (("Oro: Inbrott", "Oro: Klotter", "Oro: Brand"), [("x", None, None), (None, "x", None)],
         {"Oro: Inbrott": ["Ja", "Nej"], "Oro: Klotter": ["Nej", "Ja"], "Oro: Brand": ["Nej", "Nej"]}),
        (("Oro: Inbrott", "Oro: Klotter"), [("Ja", None), ("Nej", "Ja")],
         {"Oro: Inbrott": ["Ja", "Nej"], "Oro: Klotter": ["Ja"]}),
        (("Drabbad", "Trygg"), [(1, "Ja"), (0, "Nej")], {"Drabbad": ["Ja", "Nej"], "Trygg": ["Ja", "Nej"]}),
        (("Drabbad", "Trygg"), [("x", "Ja"), ("x", "Nej")], {"Drabbad": ["Ja", "Ja"], "Trygg": ["Ja", "Nej"]}),
        (("Drabbad", "Trygg"), [("x", "Ja"), (None, "Nej")], {"Trygg": ["Ja", "Nej"]}),
    ],
    ids=["beside each other", "one filled box", "a box that nobody ticked", "yes and no", "figures", "all ticked",
         "a box of its own"],
)  # fmt: skip
def test_which_columns_are_tick_boxes(
    places: Gazetteer, headers: tuple[str, ...], rows: Rows, expected: dict[str, list[str]]
) -> None:
    uses: list[ColumnUse | tuple[str, str]] = [(header, "question") for header in headers]
    found = by_box(read(places, "answers", uses, rows, form="respondents", options=SAID))
    assert {text: list(each.values()) for text, each in found.items()} == expected


def test_a_tick_box_of_its_own_is_left_out_and_told(places: Gazetteer) -> None:
    uses: list[ColumnUse | tuple[str, str]] = [("Drabbad", "question"), (AFRAID, "question")]
    result = read(places, "answers", uses, [("x", "Ja"), (None, "Nej")], form="respondents", options=SAID)
    assert rules(result)["ensam_kryssruta"] == 1
    assert list(table(result, "survey_question")["text"]) == [AFRAID]


def test_a_saved_scale_takes_in_new_levels_and_tells_of_strange_ones(places: Gazetteer) -> None:
    uses: list[ColumnUse | tuple[str, str]] = [ColumnUse(header=SAFE, field="question", scale=SCALE)]
    rows: Rows = [("Mycket trygg",), ("Varken trygg eller otrygg",), ("Vet ej",)]
    result = read(places, "answers", uses, rows, form="respondents", options=SAID)
    whole = ["Mycket otrygg", "Ganska otrygg", "Varken trygg eller otrygg", "Ganska trygg", "Mycket trygg"]
    assert table(result, "survey_question")["scale"][0].split("\n") == whole
    assert list(table(result, "survey_answer")["value"].dropna()) == [5.0, 3.0]
    strange = read(places, "answers", uses, [*rows, ("Blå",)], form="respondents", options=SAID)
    assert rules(strange)["utanfor_skalan"] >= 1
    assert set(table(strange, "survey_answer")["answer"]) == {*(row[0] for row in rows), "Blå"}


def of_question(
    places: Gazetteer,
    header: str,
    cells: list[Cell],
    options: dict[str, str] | None = None,
    scale: tuple[str, ...] = (),
) -> Result:
    """The answers to one question that everybody answered, one cell each."""
    use = ColumnUse(header=header, field="question", scale=scale)
    rows: Rows = [(cell,) for cell in cells]
    return read(places, "answers", [use], rows, form="respondents", options=SAID | (options or {}))


def test_yes_and_no_are_stored_in_one_way(places: Gazetteer) -> None:
    result = of_question(places, AFRAID, ["Ja", "JA!", "ja.", "x", "Nej.", "nej", "0", "Vet ej"])
    counts = table(result, "survey_answer")["answer"].value_counts()
    assert dict(counts) == {"Ja": 4, "Nej": 3, "Vet ej": 1}


@pytest.mark.parametrize(
    "scale", [(), SCALE, tuple(f"{level}." for level in SCALE)], ids=["told", "saved", "with full stops"]
)
def test_levels_of_a_scale_are_stored_in_one_way(places: Gazetteer, scale: tuple[str, ...]) -> None:
    spelled: list[Cell] = [
        "Mycket trygg",
        "mycket trygg",
        "Mycket  trygg.",
        "Ganska otrygg.",
        "Mycket otrygg",
        "Vet ej",
    ]
    result = of_question(places, SAFE, spelled, scale=scale)
    found = table(result, "survey_answer").sort_values("respondent")
    assert [answer.rstrip(".") for answer in found["answer"]] == [
        *["Mycket trygg"] * 3, "Ganska otrygg", "Mycket otrygg", "Vet ej"
    ]  # fmt: skip
    assert found["answer"].nunique() == 4
    assert list(found["value"].dropna()) == [4.0, 4.0, 4.0, 2.0, 1.0]
    assert "utanfor_skalan" not in rules(result)


def test_groups_whose_words_have_signs_in_them_stay_apart(places: Gazetteer) -> None:
    uses: list[ColumnUse | tuple[str, str]] = [("Bo=ende", "group"), (AFRAID, "question")]
    rows: Rows = [(word, "Ja") for word in ("Hyra=1", "Hyra=2", "Hyra|1", "Hyra/1")]
    groups = table(read(places, "answers", uses, rows, form="respondents", options=SAID), "survey_answer")["groups"]
    assert groups.nunique() == 4
    assert all(text.split("=")[0] == "bo＝ende" for text in groups)
    assert all(text.count("=") == 1 and "|" not in text for text in groups)


def test_a_scale_whose_end_nobody_chose_is_asked_for(places: Gazetteer) -> None:
    cells: list[Cell] = [1, 2, 3, 4, 4, "Vet ej"]
    result = of_question(places, SAFE, cells)
    assert asked(result) == {"options.skala_1_4": ["1-4", "1-5", "1-7", "1-10", "antal"]}
    assert SAFE in result.questions[0].text
    assert result.questions[0].suggestion == ""
    for said, levels in (("1-4", 4), ("1-5", 5), ("1–7", 7)):
        result = of_question(places, SAFE, cells, {"skala_1_4": said})
        assert asked(result) == {}
        assert table(result, "survey_question")["scale"][0].split("\n") == [str(n) for n in range(1, levels + 1)]
        assert sorted(table(result, "survey_answer")["value"].dropna()) == [1, 2, 3, 4, 4]
    counted = of_question(places, SAFE, cells, {"skala_1_4": "antal"})
    assert asked(counted) == {}
    assert list(table(counted, "survey_question")["kind"]) == ["number"]


@pytest.mark.parametrize(
    ("header", "cells", "levels"),
    [(f"{SAFE} (1–5)", [1, 2, 4], 5), (f"{SAFE} 1=otrygg, 5=trygg", [2, 3], 5), (SAFE, [1, 3, 5], 5),
     (f"{SAFE} (1–5)", [1], 5)],
    ids=["header", "its words", "the end was chosen", "all chose 1"],
)  # fmt: skip
def test_a_scale_whose_end_is_told_is_not_asked_for(
    places: Gazetteer, header: str, cells: list[Cell], levels: int
) -> None:
    result = of_question(places, header, cells)
    assert asked(result) == {}
    assert len(table(result, "survey_question")["scale"][0].split("\n")) == levels


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
