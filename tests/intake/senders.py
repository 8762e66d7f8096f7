"""Tables as senders of local spreadsheets make them, and what a coordinator would say that each column is.

Headers follow the shapes that issue and sources describe; the cells are made up. Expected fields are judged by hand:
a header that is not named among them is to be left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from pipelines.intake.cells import Cell, Column
from pipelines.intake.tables import Table
from store.intake import Spot

ROWS = 24
DATES = [f"2025-{1 + i % 12:02d}-{3 + i:02d}" for i in range(ROWS)]
MOMENTS = [f"2025-{1 + i % 12:02d}-{3 + i:02d} {8 + i % 12:02d}:{(7 * i) % 60:02d}" for i in range(ROWS)]
TYPED = [datetime(2025, 3, 1, 8, 30) + timedelta(hours=31 * i) for i in range(ROWS)]
CLOCKS = [f"{8 + i % 12:02d}:{(7 * i) % 60:02d}" for i in range(ROWS)]
DESO = ["0188A0010", "0188B2010", "0188C1020"]
PLACES = ["Rimbo", "Hallstavik", "Norrtälje"]
SCHOOLS = ["Hallsta skola", "Långsjöskolan", "Roslagsskolan"]
CRIMES = ["Misshandel", "Skadegörelse", "Stöld ur bil", "Klotter"]
FINE = [
    "Misshandel, grov",
    "Misshandel",
    "Skadegörelse, klotter",
    "Skadegörelse, brand",
    "Stöld ur bil",
    "Snatteri",
    "Hot",
]
CASES = [f"5000-K{120000 + 37 * i}-25" for i in range(ROWS)]
CODES = ["0355", "1201", "0840", "1205"]
COUNTS = [1, 3, 2, 7, 5, 12, 4]
SHARES = ["91,2 %", "93,4 %", "88,0 %", "90,1 %"]
AGREE = ["Instämmer helt", "Instämmer delvis", "Instämmer inte alls"]
YES = ["Ja", "Nej"]
SEXES = ["Flicka", "Pojke"]
LONG = [
    f"Ett gäng ungdomar höll till vid torget nummer {i} och skrek åt förbipasserande under kvällen."
    for i in range(ROWS)
]
NAMES = ["Anna Karlsson", "Lars Nilsson", "Eva Johansson", "Per Olsson"]
OFFICES = ["Barn- och utbildning", "Socialkontoret", "Teknik- och klimat"]


@dataclass(frozen=True)
class Sender:
    """One sender's table and what its columns are."""

    id: str
    kind: str
    form: str
    columns: dict[str, Sequence[Cell | None]]
    expected: dict[str, str]
    title: str = ""
    file: str = ""
    options: dict[str, str] = field(default_factory=dict)


def table(columns: dict[str, Sequence[Cell | None]], title: str = "", sheet: str = "Blad1") -> Table:
    """A table with these columns, each repeated to the same number of rows."""
    spot = Spot(
        sheet=sheet,
        header_row=1,
        header_rows=1,
        first_row=2,
        last_row=ROWS + 1,
        first_column=1,
        last_column=max(len(columns), 1),
    )
    made = tuple(
        Column.of([cells[i % len(cells)] if cells else None for i in range(ROWS)]) for cells in columns.values()
    )
    return Table(spot, title, tuple(columns), made, np.arange(2, ROWS + 2, dtype=np.int64), ())


SENDERS = (
    Sender(
        "police-comma",
        "events",
        "row",
        {
            "Radnr": list(range(1, ROWS + 1)),
            "Ärende": CASES,
            "Brottskod": CODES,
            "Brottskodtext": CRIMES,
            "Registreringsdatum": DATES,
            "Brottsdatum": DATES[::-1],
            "Kommun": ["Norrtälje"],
            "Län": ["Stockholms län"],
            "DeSO 2018": [*DESO, None],
            "Antal": [1],
        },
        {
            "Ärende": "event_id",
            "Brottskod": "code",
            "Brottskodtext": "category",
            "Registreringsdatum": "reported",
            "Brottsdatum": "occurred",
            "Kommun": "municipality",
            "DeSO 2018": "area_code",
            "Antal": "count",
        },
    ),
    Sender(
        "police-semicolon",
        "events",
        "row",
        {
            "rad": list(range(1, ROWS + 1)),
            "K-nummer": CASES,
            "Brott_kod": [int(code) for code in CODES],
            "Brottsrubricering": CRIMES,
            "Inskrivningsdatum": MOMENTS,
            "Brott fr o m": MOMENTS,
            "Brott t o m": MOMENTS,
            "Brottsplatskommun": ["NORRTÄLJE"],
            "DESO_2018": DESO,
        },
        {
            "K-nummer": "event_id",
            "Brott_kod": "code",
            "Brottsrubricering": "category",
            "Inskrivningsdatum": "reported",
            "Brott fr o m": "occurred",
            "Brott t o m": "until",
            "Brottsplatskommun": "municipality",
            "DESO_2018": "area_code",
        },
    ),
    Sender(
        "police-two-categories",
        "events",
        "row",
        {
            "Brottskategori": CRIMES,
            "Brottskodtext": FINE,
            "Brottsdatum": DATES,
            "Klockslag": CLOCKS,
            "Distrikt": PLACES,
            "Målsägande": NAMES,
        },
        {
            "Brottskategori": "category",
            "Brottskodtext": "detail",
            "Brottsdatum": "occurred",
            "Klockslag": "occurred_time",
            "Distrikt": "place",
        },
    ),
    Sender(
        "police-two-rows",
        "events",
        "row",
        {
            "Ärende – Nummer": CASES,
            "Brott – Brottstyp": CRIMES,
            "Tid – Brottsdatum": DATES,
            "Tid – Anmälningsdatum": DATES[::-1],
            "Plats – DeSO": DESO,
        },
        {
            "Ärende – Nummer": "event_id",
            "Brott – Brottstyp": "category",
            "Tid – Brottsdatum": "occurred",
            "Tid – Anmälningsdatum": "reported",
            "Plats – DeSO": "area_code",
        },
    ),
    Sender(
        "police-misspelt",
        "events",
        "row",
        {"Brottstypp": CRIMES, "Brotsdatum": DATES, "Komundel": PLACES},
        {"Brottstypp": "category", "Brotsdatum": "occurred", "Komundel": "place"},
    ),
    Sender(
        "est-weekly",
        "events",
        "row",
        {
            "Rapportör": ["Hallsta skola", "Fritidsgården", "Polisen"],
            "Datum": DATES,
            "Tid": CLOCKS,
            "Ort": PLACES,
            "Händelse": CRIMES,
            "Beskrivning": LONG,
            "Åtgärd": LONG[::-1],
        },
        {"Rapportör": "reporter", "Datum": "occurred", "Tid": "occurred_time", "Ort": "place", "Händelse": "category"},
        title="EST lägesrapport vecka 12 2025",
    ),
    Sender(
        "est-form",
        "events",
        "row",
        {
            "ID": list(range(1, ROWS + 1)),
            "E-post": [f"namn{i}@skola.se" for i in range(ROWS)],
            "Namn": NAMES,
            "Vad har hänt?": CRIMES,
            "När hände det?": TYPED,
            "Var hände det?": PLACES,
            "Beskriv händelsen kort": LONG,
        },
        {"Vad har hänt?": "category", "När hände det?": "occurred", "Var hände det?": "place"},
    ),
    Sender(
        "est-definite-forms",
        "events",
        "row",
        {"Händelsen": CRIMES, "Datumet": DATES, "Platsen": PLACES, "Klockslaget": CLOCKS},
        {"Händelsen": "category", "Datumet": "occurred", "Platsen": "place", "Klockslaget": "occurred_time"},
    ),
    Sender(
        "fault-reports",
        "events",
        "row",
        {
            "Ärendenummer": [f"FA-{1000 + 7 * i}" for i in range(ROWS)],
            "Skapad": TYPED,
            "Feltyp": ["Belysning", "Nedskräpning", "Klotter"],
            "Latitud": [59.75 + i / 1000 for i in range(ROWS)],
            "Longitud": [18.37 + i / 1000 for i in range(ROWS)],
            "Beskrivning": LONG,
            "Anmälare": NAMES,
            "Telefon": ["070-123 45 67", "0176-710 00"],
            "Status": ["Klar", "Pågår"],
        },
        {"Ärendenummer": "event_id", "Skapad": "reported", "Feltyp": "category", "Latitud": "y", "Longitud": "x"},
    ),
    Sender(
        "fault-reports-rt90",
        "events",
        "row",
        {
            "Kategori": ["Belysning", "Klotter"],
            "Inkom": DATES,
            "X": [6632100 + 13 * i for i in range(ROWS)],
            "Y": [1660200 + 17 * i for i in range(ROWS)],
        },
        {"Kategori": "category", "Inkom": "reported", "X": "y", "Y": "x"},
    ),
    Sender(
        "fault-reports-sweref",
        "events",
        "row",
        {
            "Typ av fel": ["Belysning", "Klotter"],
            "Inkommet (datum)": DATES,
            "SWEREF99 N": [6630100 + 13 * i for i in range(ROWS)],
            "SWEREF99 E": [707200 + 17 * i for i in range(ROWS)],
        },
        {"Typ av fel": "category", "Inkommet (datum)": "reported", "SWEREF99 N": "y", "SWEREF99 E": "x"},
    ),
    Sender(
        "fault-reports-with-what-was-done",
        "events",
        "row",
        {
            "Ärendenr": CASES,
            "Feltyp": ["Belysning", "Klotter"],
            "Rapporterad": DATES,
            "Åtgärdad": DATES[::-1],
            "Ort": PLACES,
        },
        {"Ärendenr": "event_id", "Feltyp": "category", "Rapporterad": "reported", "Ort": "place"},
    ),
    Sender(
        "fault-reports-per-month",
        "observations",
        "long",
        {
            "Månad": ["2025-01", "2025-02", "2025-03"],
            "Kommundel": PLACES,
            "Feltyp": ["Belysning", "Klotter"],
            "Antal felanmälningar": COUNTS,
        },
        {"Månad": "period", "Kommundel": "place", "Feltyp": "breakdown", "Antal felanmälningar": "value"},
    ),
    Sender(
        "forms-survey",
        "answers",
        "respondents",
        {
            "ID": list(range(1, ROWS + 1)),
            "Starttid": TYPED,
            "E-post": ["anonymous"],
            "Namn": [None],
            "Hur gammal är du?": ["16–24", "25–44", "45–64", "65+"],
            "I vilken kommundel bor du?": PLACES,
            "Hur trygg känner du dig ute på kvällen?": [
                "Mycket trygg",
                "Ganska trygg",
                "Ganska otrygg",
                "Mycket otrygg",
            ],
            "Har du utsatts för brott det senaste året?": YES,
            "Vad oroar du dig för? (flera svar)": ["Inbrott;Våld;", "Inbrott;", "Våld;Klotter;", "Klotter;"],
            "Vad skulle göra dig tryggare?": LONG,
        },
        {
            "ID": "respondent",
            "Starttid": "answered",
            "I vilken kommundel bor du?": "place",
            "Hur trygg känner du dig ute på kvällen?": "question",
            "Har du utsatts för brott det senaste året?": "question",
            "Vad oroar du dig för? (flera svar)": "question",
            "Hur gammal är du?": "group",
        },
        title="Trygghetsundersökningen 2025",
        options={"survey": "Trygghetsundersökningen", "wave": "2025"},
    ),
    Sender(
        "survey-with-tick-boxes",
        "answers",
        "respondents",
        {
            "Svarsnr": [f"S{100 + i}" for i in range(ROWS)],
            "Vilket område bor du i?": PLACES,
            "Vad oroar dig? – Inbrott": ["x", None, "x"],
            "Vad oroar dig? – Klotter": [None, "x", None, None],
            "Vad oroar dig? – Brand": [None],
            "Vad skulle göra dig tryggare?": ["Belysning;Fler poliser;", "Kameror;", "Städning;Belysning;"],
            "Hur trygg är du där du bor?": ["Ganska trygg", "Mycket otrygg"],
        },
        {
            "Svarsnr": "respondent",
            "Vilket område bor du i?": "place",
            "Vad oroar dig? – Inbrott": "question",
            "Vad oroar dig? – Klotter": "question",
            "Vad oroar dig? – Brand": "question",
            "Vad skulle göra dig tryggare?": "question",
            "Hur trygg är du där du bor?": "question",
        },
        file="Enkät till boende i Rimbo 2025.xlsx",
        options={"survey": "Enkät till boende i Rimbo", "wave": "2025"},
    ),
    Sender(
        "survey-ticked-with-ones",
        "answers",
        "respondents",
        {
            "Ålder": ["16–29", "30–64", "65+"],
            "Var bor du?": PLACES,
            "Utsatt för stöld": [1, None],
            "Utsatt för hot": [None, 1, None],
            "Utsatt för inget av detta": [None, None, None, 1],
        },
        {
            "Ålder": "group",
            "Var bor du?": "place",
            "Utsatt för stöld": "question",
            "Utsatt för hot": "question",
            "Utsatt för inget av detta": "question",
        },
    ),
    Sender(
        "ftu",
        "answers",
        "respondents",
        {
            "RespID": [f"F{100 + i}" for i in range(ROWS)],
            "Bransch": ["Handel", "Bygg", "Restaurang"],
            "Antal anställda": ["1–9", "10–49", "50+"],
            "Ort": PLACES,
            "Är ni oroliga för brott mot företaget?": YES,
            "Har företaget utsatts för brott de senaste 12 månaderna?": YES,
            "Har ni övervägt att flytta verksamheten?": YES,
            "Kontaktperson": NAMES,
            "Övriga kommentarer": LONG,
        },
        {
            "RespID": "respondent",
            "Bransch": "group",
            "Antal anställda": "group",
            "Ort": "place",
            "Är ni oroliga för brott mot företaget?": "question",
            "Har företaget utsatts för brott de senaste 12 månaderna?": "question",
            "Har ni övervägt att flytta verksamheten?": "question",
        },
        file="FTU 2026 svar.xlsx",
        options={"survey": "FTU", "wave": "2026"},
    ),
    Sender(
        "tryggare-skola-pupils",
        "answers",
        "respondents",
        {
            "Skola": SCHOOLS,
            "Årskurs": [4, 5, 6, 7],
            "Kön": SEXES,
            "Jag känner mig trygg i skolan": AGREE,
            "Det är lugnt i korridorerna på rasterna": AGREE,
            "Jag vet vem jag ska prata med": AGREE,
            "Vikt": ["0,85", "1,12", "1,30"],
        },
        {
            "Skola": "place",
            "Årskurs": "group",
            "Kön": "group",
            "Jag känner mig trygg i skolan": "question",
            "Det är lugnt i korridorerna på rasterna": "question",
            "Jag vet vem jag ska prata med": "question",
            "Vikt": "weight",
        },
        title="Tryggare Skola – elevenkät VT 2025",
        options={"survey": "Tryggare Skola", "wave": "VT 2025"},
    ),
    Sender(
        "survey-per-answer",
        "answers",
        "answers",
        {
            "Respondent": [i // 2 for i in range(ROWS)],
            "Fråga": ["Hur trygg känner du dig hemma?", "Litar du på polisen i ditt område?"],
            "Svar": ["Mycket", "Lite", "Inte alls"],
            "Kön": ["Kvinna", "Man"],
            "Kommundel": PLACES,
        },
        {"Respondent": "respondent", "Fråga": "question_text", "Svar": "answer", "Kön": "group", "Kommundel": "place"},
    ),
    Sender(
        "attendance-long",
        "observations",
        "long",
        {
            "Skola": SCHOOLS,
            "Läsår": ["2023/24", "2024/25"],
            "Årskurs": ["1–3", "4–6", "7–9"],
            "Närvaro (%)": SHARES,
            "Antal elever": [120, 143, 98, 211],
        },
        {"Skola": "place", "Läsår": "period", "Årskurs": "breakdown", "Närvaro (%)": "value", "Antal elever": "base"},
    ),
    Sender(
        "attendance-wide",
        "observations",
        "wide",
        {
            "Skola": SCHOOLS,
            "januari 2025": SHARES,
            "februari 2025": SHARES[::-1],
            "mars 2025": SHARES,
            "april 2025": SHARES,
        },
        {
            "Skola": "place",
            "januari 2025": "value",
            "februari 2025": "value",
            "mars 2025": "value",
            "april 2025": "value",
        },
        title="Närvaro i grundskolan",
        options={"indicator": "Närvaro i grundskolan", "unit": "procent"},
    ),
    Sender(
        "shares-wide-by-year",
        "observations",
        "wide",
        {"Område": PLACES, "2023": [61, 72, 58], "2024": [63, 70, 55], "2025": [60, 74, 59]},
        {"Område": "place", "2023": "value", "2024": "value", "2025": "value"},
        title="Andel trygga",
        options={"indicator": "Andel trygga", "unit": "procent"},
    ),
    Sender(
        "index-by-deso",
        "observations",
        "long",
        {"Desokod": DESO, "År": [2023, 2024, 2025], "Index": [15.3, 12.5, 3.6]},
        {"Desokod": "area_code", "År": "period", "Index": "value"},
    ),
    Sender(
        "indicators-long",
        "observations",
        "long",
        {"Kommundel": PLACES, "Kvartal": ["2025K1", "2025K2"], "Mått": ["Felanmälningar", "Klotter"], "Värde": COUNTS},
        {"Kommundel": "place", "Kvartal": "period", "Mått": "indicator", "Värde": "value"},
    ),
    Sender(
        "hackshield",
        "participation",
        "row",
        {
            "Skola": SCHOOLS,
            "Klass": ["4A", "4B", "5A"],
            "Anmälda elever": [22, 24, 19],
            "Aktiva": [18, 20, 11],
            "Antal lektioner": [4, 5, 3],
            "Ceremonier": [0, 1],
        },
        {
            "Skola": "place",
            "Klass": "group",
            "Anmälda elever": "number",
            "Aktiva": "number",
            "Antal lektioner": "number",
            "Ceremonier": "number",
        },
        title="HackShield läsåret 2025/26",
        options={"activity": "HackShield", "period": "2025/26"},
    ),
    Sender(
        "training-attendance",
        "participation",
        "row",
        {
            "Utbildning": ["Halvdag 1", "Halvdag 2"],
            "Förvaltning": OFFICES,
            "Datum": DATES,
            "Inbjudna": [20, 25, 18],
            "Antal deltagare": [14, 22, 9],
            "Kontaktperson": NAMES,
        },
        {
            "Utbildning": "activity",
            "Förvaltning": "place",
            "Datum": "date",
            "Inbjudna": "number",
            "Antal deltagare": "number",
        },
    ),
    Sender(
        "training-by-unit",
        "participation",
        "row",
        {"Enhet": OFFICES, "Termin": ["VT 2025", "HT 2025"], "Deltagare": [14, 22, 9], "Närvarande": [12, 20, 8]},
        {"Enhet": "place", "Termin": "date", "Deltagare": "number", "Närvarande": "number"},
    ),
    Sender(
        "inspection-wide",
        "inspections",
        "wide",
        {
            "Skola": SCHOOLS,
            "Datum": DATES,
            "Delområde": ["Entré", "Skolgård"],
            "Belysning": [12, 15, 9],
            "Skötsel": [14, 10, 8],
            "Utformning": [16, 11, 7],
            "Social kontroll": [9, 13, 5],
            "Anteckningar": LONG,
        },
        {
            "Skola": "place",
            "Datum": "date",
            "Delområde": "spot",
            "Belysning": "score",
            "Skötsel": "score",
            "Utformning": "score",
            "Social kontroll": "score",
        },
        title="Tryggare Skola inspektion",
        options={"inspection": "Tryggare Skola"},
    ),
    Sender(
        "inspection-long",
        "inspections",
        "long",
        {"Plats": SCHOOLS, "Ronddatum": DATES, "Aspekt": ["Belysning", "Skötsel", "Utformning"], "Poäng": [12, 15, 9]},
        {"Plats": "place", "Ronddatum": "date", "Aspekt": "indicator", "Poäng": "score"},
    ),
    Sender(
        "emoji-headers",
        "events",
        "row",
        {"📍 Plats": PLACES, "📅 Datum": DATES, "⚠️ Händelse": CRIMES, "🙂": ["🙂", "🙁"]},
        {"📍 Plats": "place", "📅 Datum": "occurred", "⚠️ Händelse": "category"},
    ),
    Sender(
        "right-to-left-marks",
        "events",
        "row",
        {"\u200fDatum\u200f": DATES, "\u202bPlats\u202c": PLACES, "Kategori\u200e": CRIMES},
        {"\u200fDatum\u200f": "occurred", "\u202bPlats\u202c": "place", "Kategori\u200e": "category"},
    ),
    Sender(
        "no-headers",
        "events",
        "row",
        {"Kolumn 1": CASES, "Kolumn 2": CRIMES, "Kolumn 3": MOMENTS, "Kolumn 4": DESO},
        {"Kolumn 1": "event_id", "Kolumn 2": "category", "Kolumn 3": "occurred", "Kolumn 4": "area_code"},
    ),
    Sender(
        "repeated-headers",
        "events",
        "row",
        {"Datum": DATES, "Datum (2)": DATES[::-1], "Plats": PLACES, "Plats (2)": LONG, "Typ": CRIMES},
        {"Datum": "occurred", "Plats": "place", "Typ": "category"},
    ),
)
