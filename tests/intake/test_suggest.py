"""What new tables are suggested to be: senders' tables, templates, and tables that are none of it."""

from __future__ import annotations

import json
import re
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.frames import conform
from pipelines.intake.cells import Column
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.options import name_in
from pipelines.intake.suggest import suggest
from pipelines.intake.tables import Table
from pipelines.municipalities import District, Municipality
from store.intake import Spot
from store.kinds import KINDS
from tests.intake import senders
from tests.intake.senders import SENDERS, Sender, table

DISTRICTS = (
    District(id="rimbo", name="Rimbo"),
    District(id="hallstavik", name="Hallstavik"),
    District(id="stad", name="Norrtälje stad", aliases=["Norrtälje"]),
)
MUNICIPALITY = Municipality(
    code="0188", name="Norrtälje", county_code="01", county_name="Stockholms län", districts=DISTRICTS
)
AREAS = [
    ("0188", "municipality", "Norrtälje"),
    ("0188-rimbo", "district", "Rimbo"),
    ("0188-hallstavik", "district", "Hallstavik"),
    ("0188-stad", "district", "Norrtälje stad"),
    *((code, "deso", code) for code in senders.DESO),
    ("11111111", "school", "Hallsta skola"),
    ("22222222", "school", "Långsjöskolan"),
    ("33333333", "school", "Roslagsskolan"),
]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    areas = conform("area", pd.DataFrame(AREAS, columns=["area_id", "level", "name"]))
    layer = {
        "layer": "0188-deso-2018",
        "municipality_id": "0188",
        "level": "deso",
        "sha256": "0",
        "geojson": json.dumps({"type": "FeatureCollection", "features": []}),
    }
    return Gazetteer.of(areas, conform("boundary", pd.DataFrame([layer])), MUNICIPALITY)


@pytest.mark.parametrize("sender", [pytest.param(sender, id=sender.id) for sender in SENDERS])
def test_senders_tables_are_read_as_a_coordinator_would(sender: Sender, gazetteer: Gazetteer) -> None:
    found = suggest(table(sender.columns, sender.title), gazetteer, file=sender.file)
    assert {use.header: use.field for use in found.uses} == sender.expected
    assert (found.kind, found.form, found.other_kinds) == (sender.kind, sender.form, ())
    assert sender.options.items() <= found.options.items()
    assert tuple(view.header for view in found.views) == tuple(sender.columns)
    assert all(view.reason.endswith(".") for view in found.views)


@pytest.mark.parametrize(
    ("sender", "header", "reason"),
    [
        (
            "police-comma",
            "Brottsdatum",
            "Rubriken «Brottsdatum» brukar betyda «när det hände (från)», "
            "och 100 % av cellerna går att läsa som datum.",
        ),
        ("police-comma", "Radnr", "Tas inte med: kolumnen numrerar bara raderna."),
        ("est-weekly", "Beskrivning", "Tas inte med: fritext, som inte behövs för händelser."),
        ("no-headers", "Kolumn 4", "100 % av cellerna har formen av en DeSO- eller RegSO-kod."),
        (
            "ftu",
            "Har ni övervägt att flytta verksamheten?",
            "Rubriken är en fråga eller ett påstående, och svaren är ja eller nej.",
        ),
        ("attendance-wide", "mars 2025", "Rubriken «mars 2025» är en period, och 100 % av cellerna är tal."),
        ("repeated-headers", "Datum (2)", "Tas inte med: kolumnen «Datum» passar bättre som «när det hände (från)»."),
    ],
)
def test_reasons_say_what_header_and_cells_tell(sender: str, header: str, reason: str, gazetteer: Gazetteer) -> None:
    chosen = next(one for one in SENDERS if one.id == sender)
    views = {view.header: view for view in suggest(table(chosen.columns), gazetteer).views}
    assert views[header].reason == reason


@pytest.mark.parametrize(
    ("sender", "header", "kind"),
    [
        ("est-form", "Namn", "namn"),
        ("est-form", "E-post", "epost"),
        ("fault-reports", "Telefon", "telefon"),
        ("police-two-categories", "Målsägande", "namn"),
    ],
)
def test_columns_of_personal_data_are_left_out_and_not_shown(
    sender: str, header: str, kind: str, gazetteer: Gazetteer
) -> None:
    chosen = next(one for one in SENDERS if one.id == sender)
    view = {view.header: view for view in suggest(table(chosen.columns), gazetteer).views}[header]
    assert (view.field, view.personal, view.samples) == ("", kind, ())
    assert view.reason.startswith("Tas inte med: personuppgifter")


def test_identity_numbers_under_an_innocent_header_are_left_out(gazetteer: Gazetteer) -> None:
    numbers = ["19121212-1212", "811218-9876", "640823-3234"]  # public examples with right check digits
    found = suggest(table({"Ärende": numbers, "Datum": senders.DATES, "Händelse": senders.CRIMES}), gazetteer)
    view = found.views[0]
    assert (view.field, view.personal, view.samples) == ("", "personnummer", ())


SAMPLE_CELLS = {
    "text": senders.CASES,
    "category": senders.CRIMES,
    "moment": senders.DATES,
    "time": senders.CLOCKS,
    "number": senders.COUNTS,
    "x": [707200 + i for i in range(senders.ROWS)],
    "y": [6630100 + i for i in range(senders.ROWS)],
    "answer": senders.AGREE,
}
OWN_CELLS = {
    "area_code": senders.DESO,
    "place": senders.PLACES,
    "municipality": ["Norrtälje"],
    "unit_code": ["11111111", "22222222"],
    "code": senders.CODES,
    "question_text": ["Är du trygg?", "Trivs du?"],
    "indicator": ["Belysning", "Skötsel"],
}
OWN_HEADERS = {"question": "Hur trygg är du i skolan?", "answers": "Svar", "score": "Belysning"}


@pytest.mark.parametrize(
    ("kind", "form"), [pytest.param(k.id, f.id, id=f"{k.id}-{f.id}") for k in KINDS.values() for f in k.forms]
)
def test_templates_need_no_question(kind: str, form: str, gazetteer: Gazetteer) -> None:
    columns = {}
    expected = {}
    for field in KINDS[kind].form(form).fields:
        header = field.label
        if field.id == "question" or (field.id == "score" and form == "wide"):
            header = OWN_HEADERS[field.id]
        if field.id == "value" and form == "wide":
            header = "2025"
        columns[header] = OWN_CELLS.get(field.id) or SAMPLE_CELLS[field.cells]
        expected[header] = field.id
    found = suggest(table(columns), gazetteer)
    assert (found.kind, found.form, found.other_kinds) == (kind, form, ())
    assert {use.header: use.field for use in found.uses} == expected


def test_questions_carry_their_scale_and_separator(gazetteer: Gazetteer) -> None:
    chosen = next(one for one in SENDERS if one.id == "forms-survey")
    uses = {use.header: use for use in suggest(table(chosen.columns), gazetteer).uses}
    worry = uses["Hur trygg känner du dig ute på kvällen?"]
    assert worry.scale == ("Mycket otrygg", "Ganska otrygg", "Ganska trygg", "Mycket trygg")
    assert uses["Vad oroar du dig för? (flera svar)"].separator == ";"
    assert uses["I vilken kommundel bor du?"].scale == ()


@pytest.mark.parametrize(
    "header",
    [
        "Skapad", "Skapat", "Skapad datum", "Ärendet skapat", "Rapporterad", "Rapporterat datum", "Anmäld", "Anmäldes",
        "Registrerad", "Registreringsdag", "Inkommen", "Inkom den", "Inrapporterad", "Felanmäld", "Mottaget",
        "Upprättad",
    ],
)  # fmt: skip
def test_the_time_of_a_report_is_not_when_it_happened(header: str, gazetteer: Gazetteer) -> None:
    columns = {
        "Ärendenr": senders.CASES,
        "Feltyp": ["Belysning", "Klotter"],
        header: senders.DATES,
        "Ort": senders.PLACES,
    }
    uses = {use.header: use.field for use in suggest(table(columns), gazetteer, kind="events").uses}
    assert uses[header] == "reported"
    both = {use.header: use.field for use in suggest(table({**columns, "Hände": senders.DATES}), gazetteer).uses}
    assert (both[header], both["Hände"]) == ("reported", "occurred")


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("Brottsdatum from", "Brottsdatum tom"), ("Brottsdatum fr.o.m.", "Brottsdatum t.o.m."),
        ("Datum from", "Datum tom"), ("Händelsedatum start", "Händelsedatum slut"),
    ],
)  # fmt: skip
def test_both_ends_of_a_span_are_known(begins: str, ends: str, gazetteer: Gazetteer) -> None:
    columns = {
        "Ärendenr": senders.CASES,
        "Brott": ["Stöld", "Klotter"],
        "Inskrivningsdatum": senders.DATES,
        begins: senders.DATES,
        ends: senders.DATES,
    }
    uses = {use.header: use.field for use in suggest(table(columns), gazetteer, kind="events").uses}
    assert (uses[begins], uses[ends], uses["Inskrivningsdatum"]) == ("occurred", "until", "reported")


def test_the_sum_of_the_scores_is_no_score(gazetteer: Gazetteer) -> None:
    columns = {"Plats": senders.PLACES, "Datum": senders.DATES}
    columns |= {"Belysning": [3, 4], "Skötsel": [2, 5], "Utformning": [1, 2], "Summa": [6, 11]}
    suggestion = suggest(table(columns), gazetteer, kind="inspections")
    assert [use.header for use in suggestion.uses if use.field == "score"] == ["Belysning", "Skötsel", "Utformning"]


def test_every_word_for_when_it_was_reported_is_one() -> None:
    """And none of them says that it happened."""
    fields = {field.id: field for field in KINDS["events"].forms[0].fields}
    assert not set(fields["reported"].synonyms) & set(fields["occurred"].synonyms)
    told = re.compile("rapport|registr|regdat|anmäl|inkom|ankomst|skapa|mottag|upprätt|inskriv|created|reported")
    assert [word for word in fields["occurred"].synonyms if told.search(word)] == []
    assert [word for word in fields["reported"].synonyms if not told.search(word)] == []


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Vilket område bor du i?", "place"), ("Var bor du?", "place"), ("I vilken kommundel bor du?", "place"),
        ("Var bor du någonstans", "place"), ("Vilken ort bor du i", "place"),
        ("I vilken kommundel ligger vi?", "place"),
        ("Var arbetar du?", "place"), ("Vilken skola går du på?", "place"), ("Vilken kommundel?", "place"),
        ("Var känner du dig mest otrygg?", "question"), ("Vilken plats undviker du?", "question"),
    ],
)  # fmt: skip
def test_a_question_of_where_somebody_lives_is_the_place(header: str, field: str, gazetteer: Gazetteer) -> None:
    asked = {"Är du trygg?": senders.YES, "Har du varit utsatt?": senders.YES, "Trivs du?": senders.YES}
    found = suggest(table({header: senders.PLACES, **asked}), gazetteer)
    assert (found.kind, {use.header: use.field for use in found.uses}[header]) == ("answers", field)


@pytest.mark.parametrize(
    ("title", "sheet", "file", "survey"),
    [
        ("", "Sheet1", "Trygghetsmätning Rimbo 2025.xlsx", "Trygghetsmätningen"),
        ("", "Blad1", "Svar boende Hallstavik.xlsx", "Boende Hallstavik"),
        ("Elevhälsans enkät 2025", "Data", "export.xlsx", "Elevhälsans enkät"),
        ("", "Form Responses 1", "Export 2025-03-01.csv", ""),
        ("", "Data", "Sheet1.csv", ""),
        ("", "Elevråd", "Data.xlsx", "Elevråd"),
        ("Trygghetsundersökningen 2025", "Blad1", "FTU 2025.xlsx", "FTU"),
        ("Företagens trygghetsundersökning 2025", "Blad1", "", "FTU"),
        ("Trygghetsundersökning bland företag", "Blad1", "", "FTU"),
        ("Trygghetsundersökningen 2025", "Blad1", "Enkät.xlsx", "Trygghetsundersökningen"),
    ],
)
def test_a_survey_is_never_called_after_a_nameless_sheet(
    title: str, sheet: str, file: str, survey: str, gazetteer: Gazetteer
) -> None:
    asked = {"Är du trygg?": senders.YES, "Har du varit utsatt?": senders.YES, "Trivs du?": senders.YES}
    found = suggest(table(asked, title, sheet), gazetteer, file=file)
    assert found.options.get("survey", "") == survey
    companies = suggest(table({"Bransch": ["Bygg", "Handel"], **asked}, "Trygghetsundersökningen"), gazetteer)
    assert companies.options["survey"] == "FTU"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Frånvaro i procent, 2025, åk 7–9", "Frånvaro i procent, åk 7–9"),
        ("Frånvaro (2025)", "Frånvaro"), ("Närvaro: januari 2025", "Närvaro"),
        ("Närvaro i grundskolan läsåret 2024/25", "Närvaro i grundskolan"),
        ("Frånvaro åk 7-9 – 2024/25 – Hallsta skola", "Frånvaro åk 7-9 – Hallsta skola"),
        ("Brott under 2025 i Rimbo", "Brott i Rimbo"), ("Resultat för hösten 2025", ""), ("Sheet1", ""), ("Book 2", ""),
        ("Namnlös.xlsx", ""), ("trygga_i_skolan_VT 2025.csv", "Trygga i skolan"),
    ],
)  # fmt: skip
def test_names_are_tidy_without_their_period(text: str, name: str) -> None:
    assert name_in(text) == name


def test_shares_carry_their_unit(gazetteer: Gazetteer) -> None:
    chosen = next(one for one in SENDERS if one.id == "attendance-long")
    uses = {use.header: use for use in suggest(table(chosen.columns), gazetteer).uses}
    assert uses["Närvaro (%)"].unit == "procent"


def test_a_kind_that_a_person_names_is_kept(gazetteer: Gazetteer) -> None:
    chosen = next(one for one in SENDERS if one.id == "fault-reports-per-month")
    found = suggest(table(chosen.columns), gazetteer, kind="events")
    assert (found.kind, found.other_kinds) == ("events", ())
    assert {use.header: use.field for use in found.uses}["Feltyp"] == "category"


@pytest.mark.parametrize(
    ("columns", "fewest"),
    [
        pytest.param(
            {"Skola": senders.SCHOOLS, "Datum": senders.DATES, "Antal": senders.COUNTS},
            1,
            id="measure or participation",
        ),
        pytest.param({"A": senders.LONG, "B": senders.NAMES}, 4, id="nothing"),
        pytest.param({}, 4, id="no columns"),
        pytest.param({"Kolumn 1": [None]}, 4, id="no cells"),
    ],
)
def test_what_is_not_certain_is_asked(columns: dict[str, list[str]], fewest: int, gazetteer: Gazetteer) -> None:
    assert len(suggest(table(columns), gazetteer).other_kinds) >= fewest


def test_nothing_recognisable_is_used_for_nothing(gazetteer: Gazetteer) -> None:
    found = suggest(table({"A": senders.LONG, "B": senders.LONG[::-1]}), gazetteer)
    assert found.uses == ()
    assert {found.kind, *found.other_kinds} == set(KINDS)


def test_many_columns_and_rows_are_seen_fast(gazetteer: Gazetteer) -> None:
    rows, kinds = 1_000_000, [senders.CRIMES, senders.DATES, senders.PLACES, senders.COUNTS, senders.AGREE]
    codes = (np.arange(rows) % 4).astype(np.int32)
    made = [
        Column(codes, np.array(kinds[i % len(kinds)][:4] + [0] * max(0, 4 - len(kinds[i % len(kinds)])), dtype=object))
        for i in range(299)
    ]
    distinct = Column(np.arange(rows, dtype=np.int32), np.array([f"5000-K{i}-25" for i in range(rows)], dtype=object))
    names = tuple(f"Rubrik {i} om något som händer" for i in range(300))
    spot = Spot(
        sheet="Blad1", header_row=1, header_rows=1, first_row=2, last_row=rows + 1, first_column=1, last_column=300
    )
    wide = Table(spot, "", names, (*made, distinct), np.arange(2, rows + 2, dtype=np.int64), ())
    began = time.process_time()
    found = suggest(wide, gazetteer)
    assert len(found.views) == 300
    assert time.process_time() - began < 8


CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(),
)


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=30) | st.sampled_from(["Datum", "Plats", "Typ", "2024"]),
        st.lists(CELLS, max_size=12),
        max_size=8,
    )
)
def test_any_table_gets_a_consistent_suggestion(gazetteer: Gazetteer, columns: dict[str, list[object]]) -> None:
    found = suggest(table(columns), gazetteer)
    assert [view.header for view in found.views] == list(columns)
    assert {view.header for view in found.views if view.field} == {use.header for use in found.uses}
    fields = {field.id: field for field in KINDS[found.kind].form(found.form).fields}
    single = [use.field for use in found.uses if not fields[use.field].repeats]
    assert len(single) == len(set(single))
