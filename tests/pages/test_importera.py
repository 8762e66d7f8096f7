"""Importera: from a dropped file to a delivery and back, against a fake importer that answers literally."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from store.intake import Mapping
from tests.fixtures.worker.examinations import POLICE
from tests.pages.conftest import OpenPage
from ui import worker
from ui.importing.inbox import KEY

Asked = Callable[..., list[dict[str, Any]]]


AREAS = [
    {"area_id": "0188", "level": "municipality", "name": "Norrtälje"},
    {"area_id": "0188-hallstavik", "level": "district", "name": "Hallstavik", "parent_id": "0188"},
]


@pytest.fixture
def asked(literal: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """The requests that the fake importer has had, all or those of a command."""
    literal(area=AREAS)
    log = tmp_path / "asked.jsonl"
    command = (sys.executable, "-m", "tests.fixtures.worker.importing", str(log))
    pool = worker.Pool()
    monkeypatch.setattr(worker, "command", lambda: command)
    monkeypatch.setattr(worker, "pool", lambda: pool)

    def requests(command: str = "") -> list[dict[str, Any]]:
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        return [request for request in map(json.loads, lines) if command in ("", request["command"])]

    yield requests
    pool.close()


def drop(app: AppTest, *files: tuple[str, str]) -> AppTest:
    """Drop files, given by name and scenario."""
    app.file_uploader[0].set_value([(name, scenario.encode(), "text/csv") for name, scenario in files])
    app.run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    """All that the page says, without the escapes of Markdown."""
    boxes = [*app.markdown, *app.error, *app.warning, *app.success, *app.subheader]
    return "\n".join(element.value for element in boxes).replace("\\", "")


def press(app: AppTest, label: str) -> AppTest:
    """Press the button with this label (there is one)."""
    found = [button for button in app.button if button.label == label]
    assert len(found) == 1, [button.label for button in app.button]
    found[0].click().run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next(button for button in app.button if button.label == label)


def test_the_empty_page_says_what_can_be_dropped_and_offers_a_start(open_page: OpenPage, asked: Asked) -> None:
    app = open_page("importera")
    assert not app.exception
    assert app.title[0].value == "Importera"
    assert "Släpp en fil som den är" in text(app)
    assert "Inget har lagts in än." in text(app)
    labels = [download.label for download in app.get("download_button")]
    assert labels[0] == "En rad per händelse"
    assert len(labels) == 8, "one per kind and form"
    press(app, "Prova med exempeldata")
    assert asked("demo")
    assert app.success[0].value == "Exempeldata är klara\\."


def test_a_recognised_file_goes_in_with_one_click_and_out_with_another(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("mars.xlsx", "clean"))
    assert app.subheader[0].value == "mars\\.xlsx"
    assert "Klar att lägga in" in text(app)
    assert (
        "Polisen, Norrtälje: 8\N{NO-BREAK SPACE}214 rader, januari 2025–december 2025. Känns igen från «Polisen, "
        "Norrtälje»; «Brottsdatum» hette «Datum» förra gången."
    ) in text(app).replace("8 214", "8\N{NO-BREAK SPACE}214")
    app.text_input(key="brought-by").set_value("Anna").run()
    kept = Path(asked("examine")[0]["path"])
    assert kept.read_text() == "clean"
    press(app, "Lägg in")
    (request,) = asked("take")
    assert (request["by"], request["name"], request["save"]) == ("Anna", "mars.xlsx", True)
    assert Mapping.model_validate(request["mappings"][0]) == POLICE
    assert "Inlagd" in text(app)
    assert "204 rader inlagda" in text(app)
    assert not kept.exists(), "the dropped file is gone"
    assert next(download.label for download in app.get("download_button")) == "Ladda ner avvisade rader"
    press(app, "Ångra")
    assert [request["delivery"] for request in asked("undo")] == ["local_police-1"]
    assert "borttaget igen" in text(app)


def test_a_question_is_asked_first_and_its_answer_reads_the_file_again(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("utdrag.csv", "police"))
    assert "Väntar på 1 svar" in text(app)
    assert button(app, "Lägg in").disabled
    assert "Svara på 1 fråga först." in text(app)
    question = next(radio for radio in app.radio if "Är «4/3 2025»" in radio.label)
    assert question.value is None, "never guessed"
    press(app, "Svara")
    assert "Välj eller skriv ett svar först\\." in app.warning[0].value or "Välj eller skriv" in text(app)
    next(radio for radio in app.radio if "Är «4/3 2025»" in radio.label).set_value("dmy")
    press(app, "Svara")
    assert asked("examine")[-1]["mappings"][0]["date_order"] == "dmy"
    assert "Klar att lägga in" in text(app)
    assert not button(app, "Lägg in").disabled
    assert [one.label for one in app.button if one.proto.type == "primary"] == ["Lägg in"]


def test_place_names_can_be_explained(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("utdrag.csv", "police"))
    place = next(box for box in app.selectbox if box.label.startswith("Hallsta"))
    assert place.options[0] == "Hallstavik"
    assert place.options[-1] == "Utanför kommunen"
    place.set_value("0188-hallstavik")
    press(app, "Spara platsnamnen")
    assert asked("examine")[-1]["mappings"][0]["places"] == {"Hallsta": "0188-hallstavik"}


def test_the_report_is_by_severity_with_its_place_in_the_file(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("utdrag.csv", "police"))
    heading = next(expander for expander in app.expander if expander.label.startswith("Kontroll"))
    assert heading.label == "Kontroll: 1 fel och 1 varning"
    app.session_state[_key(app, "report")] = True
    app.run()
    said = text(app)
    assert said.index("**Fel**") < said.index("Blad1, rad 17, «Brottsdatum», till exempel «32/13 2025»")
    assert said.index("**Varningar**") < said.index("Rader utan plats i kommunen. (184 rader)")
    assert not app.dataframe, "a wide table is cut off on a phone"


def _key(app: AppTest, part: str) -> str:
    """The key of a part of the only file's only table."""
    (box,) = app.session_state[KEY].values()
    (key,) = box.files
    return f"{part}-{key}-0"


@pytest.mark.parametrize("decision", ["stop", "mask"])
def test_personal_data_is_decided_by_the_person(open_page: OpenPage, asked: Asked, decision: str) -> None:
    app = drop(open_page("importera"), ("fritext.xlsx", "personal"))
    assert ":red-badge[:material/shield_person: Personuppgift" in text(app)
    app.radio[0].set_value(decision)
    press(app, "Svara")
    assert asked("examine")[-1]["mappings"][0]["decisions"]["personal_data"] == decision
    told = {"stop": "3 rader stoppas för personuppgifter", "mask": "3 celler maskeras"}
    assert told[decision] in text(app)


def test_a_shrunken_overlapping_delivery_needs_both_answers(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("litet.xlsx", "shrunken"))
    assert "Väntar på 2 svar" in text(app)
    assert "Rader: 8 214 → **812**, titta närmare" in text(app)
    assert "Rimbo: 900 → 88" in text(app)
    assert "på samma platser finns 640 sedan förut (Rimbo). Den nya filen har 812 de dagarna." in text(app)
    assert "4 januari 2025, Rimbo: Stöld ur motorfordon" in text(app)
    app.radio[0].set_value("yes")
    press(app, "Svara")
    assert "Väntar på 1 svar" in text(app)
    app.radio[0].set_value("replace")
    press(app, "Svara")
    decisions = asked("examine")[-1]["mappings"][0]["decisions"]
    assert (decisions["shrunken"], decisions["overlap"]) == (True, "replace")
    assert "Klar att lägga in" in text(app)
    assert "1–31 januari 2025: på samma platser finns 640" in text(app), "still told when answered"


def test_an_official_file_asks_nothing(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("betyg.xlsx", "official"))
    assert "Känns igen som **Grundskolor och betyg**" in text(app)
    press(app, "Lägg in")
    assert asked("take")[0]["mappings"] == []


@pytest.mark.parametrize(
    ("scenario", "told", "badge"),
    [
        ("broken", "filen är trasig", "Kunde inte läsas"),
        ("nothing", "Det finns ingen tabell i filen", "Inget att lägga in"),
        ("known", "Finns redan bland uppgifterna", "Finns redan"),
    ],
)
def test_what_cannot_go_in_says_why_and_offers_no_button(
    open_page: OpenPage, asked: Asked, scenario: str, told: str, badge: str
) -> None:
    app = drop(open_page("importera"), ("fil.xlsx", scenario))
    assert told in text(app)
    assert badge in text(app)
    assert "Lägg in" not in [button.label for button in app.button]
    press(app, "Ta bort ur listan")
    assert "Släpp en fil som den är" in text(app)


def test_one_of_two_tables_can_be_left_out(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("tva.xlsx", "two"))
    assert button(app, "Lägg in").disabled, "nobody knows what the second table is"
    opened = [one.proto.expanded for one in app.expander if one.label.startswith("Så tolkas tabellen")]
    assert opened == [False, True], "the one that asks"
    app.toggle[1].set_value(False).run()
    assert "Klar att lägga in" in text(app)
    assert "Väntar på" not in text(app)
    press(app, "Lägg in")
    first, second = asked("take")[0]["mappings"]
    assert (Mapping.model_validate(first), second) == (POLICE, None)


def test_a_person_can_say_what_a_table_holds(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("tva.xlsx", "two"))
    app.radio[0].set_value("participation")
    press(app, "Svara")
    assert asked("examine")[-1]["mappings"][1]["kind"] == "participation"
    assert "Klar att lägga in" in text(app)


def test_columns_are_corrected_in_one_go(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("utdrag.csv", "police"))
    by_label = {box.label: box for box in app.selectbox}
    assert by_label["Handläggare blir"].disabled, "personal data is never stored"
    assert by_label["Ort blir"].value == "place"
    by_label["Ort blir"].set_value("occurred")
    press(app, "Läs om med ändringarna")
    assert "Bara en kolumn kan vara: När det hände (från)" in text(app)
    before = len(asked("examine"))
    by_label = {box.label: box for box in app.selectbox}
    by_label["Ort blir"].set_value("detail")
    by_label["Brottskod blir"].set_value("")
    next(box for box in app.text_input if box.label == "Avsändare").set_value("Lokalpolisområdet")
    press(app, "Läs om med ändringarna")
    assert len(asked("examine")) == before + 1
    sent = Mapping.model_validate(asked("examine")[-1]["mappings"][0])
    assert sent.sender == "Lokalpolisområdet"
    assert [(use.header, use.field) for use in sent.columns] == [
        ("Brott", "category"),
        ("Brottsdatum", "occurred"),
        ("Ort", "detail"),
    ]


def test_another_kind_has_its_columns_suggested_anew(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("utdrag.csv", "police"))
    app.segmented_control[0].set_value("observations").run()
    assert not app.exception
    sent = asked("examine")[-1]["mappings"][0]
    assert (sent["kind"], sent["columns"]) == ("observations", [])


def test_the_header_is_pointed_out_in_the_preview(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("mars.xlsx", "clean"))
    app.session_state[_key(app, "standing")] = True
    app.run()
    rows = app.radio[-1]
    said = [option.replace("\\", "") for option in rows.options]
    assert said[0] == "**Rad 1**: Ärenden 2025"
    assert said[1] == "**Rad 2**: tom"
    assert said[2] == "**Rad 3**, rubrik: Brottskod | Brott | Brottsdatum | Ort | Handläggare"
    assert button(app, "Det här är rubriken").disabled
    rows.set_value(1).run()
    press(app, "Det här är rubriken")
    sent = asked("examine")[-1]["mappings"][0]["spot"]
    assert (sent["header_row"], sent["header_rows"], sent["first_row"]) == (1, 1, 2)


def test_two_header_rows_are_pointed_out_in_the_grid(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("mars.xlsx", "clean"))
    app.session_state[_key(app, "standing")] = True
    app.session_state[_key(app, "look")] = "grid"
    app.run()
    (preview,) = app.dataframe
    assert preview.value["Läses som"].tolist() == ["–", "–", "rubrik", "uppgifter", "uppgifter"]
    assert preview.value["A"].tolist()[2:4] == ["Brottskod", "0805"]
    app.session_state[preview.key] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    app.run()
    press(app, "Det här är rubriken")
    sent = asked("examine")[-1]["mappings"][0]["spot"]
    assert (sent["header_row"], sent["header_rows"], sent["first_row"]) == (1, 2, 3)


def test_a_table_is_pointed_out_where_none_was_found(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("anteckningar.xlsx", "nothing"))
    rows = app.radio[-1]
    assert [option.replace("\\", "") for option in rows.options][2:] == [
        "**Rad 4**: Ort | Vad",
        "**Rad 5**: Rimbo | ring [telefon]",
    ]
    last = next(box for box in app.selectbox if box.label == "Sista kolumnen")
    assert last.options == ["A: Ort", "B: Vad"]
    rows.set_value(4).run()
    press(app, "Det här är rubriken")
    (sent,) = asked("examine")[-1]["mappings"]
    assert (sent["kind"], sent["columns"]) == ("", [])
    assert sent["spot"] == {
        "sheet": "Anteckningar", "header_row": 4, "header_rows": 1, "first_row": 5, "last_row": 8,
        "first_column": 1, "last_column": 2,
    }  # fmt: skip
    assert "Klar att lägga in" in text(app)
    assert "ingen tabell hittades" not in " ".join(expander.label for expander in app.expander)


def test_a_recognised_table_can_be_another_senders(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("mars.xlsx", "clean"))
    assert "Läses med den sparade tolkningen **Polisen, Norrtälje**, avsändare **Polisen**." in text(app)
    fields = {box.label: box for box in app.text_input if "another" in str(box.key)}
    fields["Namn på uppgifterna"].set_value("polisen, norrtälje")
    press(app, "Läs som en ny avsändares")
    assert "Välj ett annat namn än den sparade tolkningens." in text(app)
    fields = {box.label: box for box in app.text_input if "another" in str(box.key)}
    fields["Avsändare"].set_value("Securitas")
    fields["Namn på uppgifterna"].set_value("")
    press(app, "Läs som en ny avsändares")
    sent = Mapping.model_validate(asked("examine")[-1]["mappings"][0])
    assert (sent.name, sent.sender, sent.columns) == ("Securitas", "Securitas", POLICE.columns)


def test_rows_can_be_typed_and_impossible_ones_are_refused(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("mars.xlsx", "clean"))
    app.session_state[_key(app, "standing")] = True
    app.run()
    numbers = {box.label: box for box in app.number_input}
    numbers["Första raden med uppgifter"].set_value(2)
    press(app, "Läs om bladet")
    assert "Uppgifterna måste börja under rubrikerna" in text(app)
    numbers = {box.label: box for box in app.number_input}
    numbers["Första raden med uppgifter"].set_value(5)
    next(box for box in app.selectbox if box.label == "Blad").set_value("Blad2")
    press(app, "Läs om bladet")
    sent = asked("examine")[-1]["mappings"][0]["spot"]
    assert (sent["sheet"], sent["first_row"]) == ("Blad2", 5)


def test_several_files_have_a_line_each_and_one_button(open_page: OpenPage, asked: Asked) -> None:
    files = ("a.csv", "clean 1"), ("b.csv", "clean 2"), ("c.csv", "police"), ("d.csv", "broken")
    app = drop(open_page("importera"), *files)
    assert [heading.value for heading in app.subheader][:4] == ["a\\.csv", "b\\.csv", "c\\.csv", "d\\.csv"]
    press(app, "Lägg in alla 2 som är klara")
    assert {request["name"] for request in asked("take")} == {"a.csv", "b.csv"}
    press(app, "Rensa bort färdiga ur listan")
    assert [heading.value for heading in app.subheader][:2] == ["c\\.csv", "d\\.csv"]


def test_the_same_file_twice_is_one_line(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("a.csv", "clean"))
    app = drop(app, ("a igen.csv", "clean"))
    assert len(asked("examine")) == 1
    assert "a igen\\.csv finns redan i listan\\." in app.success[0].value


def test_a_zip_file_becomes_its_files(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("allt.zip", "zip"))
    assert [heading.value.replace("\\", "") for heading in app.subheader][:2] == ["allt.zip: a.csv", "allt.zip: b.zip"]
    assert "En zip-fil i zip-filen packas inte upp" in text(app)
    assert "Klar att lägga in" in text(app)


def test_hostile_names_are_shown_as_they_are(open_page: OpenPage, asked: Asked) -> None:
    app = drop(open_page("importera"), ("../../[x](http://y) \u202e$a$ <b>.csv", "clean"))
    assert app.subheader[0].value == "\\.\\./\\.\\./\\[x\\]\\(http://y\\) \\$a\\$ \\<b\\>\\.csv".replace(":", "\\:")
    path = Path(asked("examine")[0]["path"])
    assert path.parent.parent.parent.name == "incoming"
