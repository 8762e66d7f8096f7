"""Schools and their results from Skolverket: the open figures, the grade-9 export and the planned-educations API v4.

The API's `compact-school-units` ignores its municipality filter; `school-units` with `geographicalAreaCode` is used.
Every kind of cell is kept apart: a number, `.` (missing), `..` (suppressed), `~100` (1-4 pupils not eligible), `*` (not
reported for this school) and "cirka 430" (rounded). `~100` has no value: in a small school the share can be far lower.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines import places
from pipelines.frames import conform, school_year_period
from pipelines.reading import csv_records, csv_rows, has_header, head_text, swedish_number, text_file
from pipelines.source import DeliveryError, Fetched, Indicator, Layout, Parsed, Peek, Refusal, Source
from store.schema import STATUSES

if TYPE_CHECKING:
    from pipelines.fetching import Client
    from pipelines.municipalities import Municipality

PREFIX = "skolverket_"
_UNIT_CODE = re.compile(r"\d{8}")

_APPROXIMATE = "~100 betyder att 1–4 elever inte var behöriga. Källan anger då inget tal, och inget räknas fram här."
_FEW = "Uppgifter som bygger på färre än tio elever döljs av källan (..)."


def _indicator(
    measure: str, name: str, unit: str, description: str, decimals: int = 1, polarity: str = "higher_is_better",
    aggregation: str = "none", caveats: tuple[str, ...] = (_FEW,),
) -> Indicator:  # fmt: skip
    return Indicator(
        id=PREFIX + measure, name=name, unit=unit, theme="Skola", description=description, polarity=polarity,
        aggregation=aggregation, decimals=decimals, caveats=caveats,
    )  # fmt: skip


def _national_test(subject_id: str, subject: str, grade: int) -> Indicator:
    return _indicator(
        f"national_test_{subject_id}_{grade}", f"Nationella prov årskurs {grade}, {subject}", "poäng",
        f"Genomsnittlig provbetygspoäng i {subject}, årskurs {grade} (E = 10, A = 20, F = 0).",
    )  # fmt: skip


_SUBJECTS = {
    "SVE": ("swedish", "svenska"),
    "ENG": ("english", "engelska"),
    "MA": ("mathematics", "matematik"),
    "SVA": ("swedish_second", "svenska som andraspråk"),
}

_PROGRAMMES = {
    "YR": ("vocational", "yrkesprogram"),
    "ES": ("arts", "estetiska programmet"),
    "SAEKHU": ("social", "ekonomi-, humanistiska och samhällsvetenskapsprogrammen"),
    "NATE": ("science", "naturvetenskaps- och teknikprogrammen"),
}

INDICATORS = (
    _indicator("pupils", "Antal elever i skolan", "antal", "Elever i grundskolan på skolenheten, avrundat av källan.",
               0, "neutral", "sum", ("Källan avrundar antalet (cirka).",)),
    _indicator("pupils_grade9", "Antal elever som avslutat årskurs 9", "antal",
               "Elever som avslutat årskurs 9, även de som saknar slutbetyg.", 0, "neutral", "sum"),
    _indicator("merit_value", "Meritvärde, årskurs 9 (17 ämnen)", "poäng",
               "Genomsnittligt meritvärde (högst 340) för elever med minst ett godkänt ämne i årskurs 9."),
    _indicator("all_subjects", "Godkänt i alla ämnen, årskurs 9", "procent",
               "Andel elever i årskurs 9 som uppfyllt betygskriterierna i alla ämnen."),
    _indicator("all_subjects_6", "Godkänt i alla ämnen, årskurs 6", "procent",
               "Andel elever i årskurs 6 som uppfyllt betygskriterierna i alla ämnen."),
    *(
        _indicator(f"eligible_{programme_id}", f"Behöriga till {programme}", "procent",
                   f"Andel elever i årskurs 9 som är behöriga till {programme}.", caveats=(_FEW, _APPROXIMATE))
        for programme_id, programme in _PROGRAMMES.values()
    ),
    *(_national_test(*subject, grade) for grade in (9, 6) for subject in _SUBJECTS.values()),
    _indicator("certified_teachers", "Lärare med legitimation och behörighet", "procent",
               "Andel lärare (heltidstjänster) med lärarlegitimation och behörighet i minst ett ämne.",
               caveats=(_FEW, "Lärare vid skolor utan krav på legitimation redovisas inte (*).")),
    _indicator("pupils_per_teacher", "Elever per lärare", "antal", "Antal elever per lärare (heltidstjänster).",
               polarity="lower_is_better"),
    _indicator("special_educators", "Lärare med specialpedagogisk högskoleexamen", "procent",
               "Andel lärare (heltidstjänster) med specialpedagogisk högskoleexamen."),
    _indicator("special_teacher_positions", "Tjänster som speciallärare och specialpedagog", "antal",
               "Heltidstjänster som speciallärare eller specialpedagog."),
)  # fmt: skip

#: The API's field for each measure.
_API_FIELDS = {
    "totalNumberOfPupils": "pupils",
    "studentsPerTeacherQuota": "pupils_per_teacher",
    "certifiedTeachersQuota": "certified_teachers",
    "specialEducatorsQuota": "special_educators",
    "specialTeacherPositions": "special_teacher_positions",
    "averageGradesMeritRating9thGrade": "merit_value",
    "ratioOfPupilsIn9thGradeWithAllSubjectsPassed": "all_subjects",
    "ratioOfPupilsIn6thGradeWithAllSubjectsPassed": "all_subjects_6",
    **{
        f"ratioOfPupils9thGradeEligibleForNationalProgram{code}": f"eligible_{programme_id}"
        for code, (programme_id, _) in _PROGRAMMES.items()
    },
    **{
        f"averageResultNationalTestsSubject{code}{grade}thGrade": f"national_test_{subject_id}_{grade}"
        for code, (subject_id, _) in _SUBJECTS.items()
        for grade in (6, 9)
    },
}

_MEASURES = {indicator.id.removeprefix(PREFIX) for indicator in INDICATORS}

#: Value, status and the text as published where it is no plain number.
Cell = tuple[float | None, str, str | None]

#: Latitude and longitude, WGS 84 degrees; both or neither.
Point = tuple[float | None, float | None]

_SIGNS = {".": "missing", "..": "suppressed", "~100": "rounded", "*": "not_applicable"}

_VALUE_TYPES = {
    "MISSING": "missing",
    "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS": "suppressed",
    "ROUNDED_OFF_DUE_TO_FEW_PUPILS_NOT_ELIGIBLE": "rounded",
    "TEACHERS_EXCLUDED_DUE_TO_NO_REQUIRED_LEGITIMATION": "not_applicable",
}


def _cell(text: str) -> Cell | None:
    """What a published cell says; None when it is neither a number nor one of the source's signs."""
    if text in _SIGNS:
        return None, _SIGNS[text], text
    about = re.fullmatch(r"cirka (.+)", text, re.IGNORECASE)
    number = swedish_number(about.group(1) if about else text)
    if number is None or number < 0:
        return None
    return (number, "rounded", text) if about else (number, "final", None)


def _organiser(text: str) -> str | None:
    # The export writes Enskild and the API Fristående for the same thing.
    return {"Enskild": "Fristående", "": None}.get(text, text)


def _school_year(text: str) -> Mapping[str, Any] | None:
    """The period of "2024/25"; None when it is no school year."""
    found = re.fullmatch(r"((?:19|20)\d\d)/(?:20)?(\d\d)", text.strip())
    if not found or (int(found.group(1)) + 1) % 100 != int(found.group(2)):
        return None
    return school_year_period(int(found.group(1)))


@dataclass
class _Collector:
    """Gathers schools, figures and refusals while a file is read."""

    file: str
    schools: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[tuple[str, str, date], dict[str, Any]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    read: int = 0
    kept: int = 0

    def refuse(self, column: str, value: object, reason: str, remedy: str, row: int | None = None) -> None:
        self.refusals.append(Refusal(reason=reason, remedy=remedy, row=row, column=column, value=str(value)))

    def school(
        self,
        code: str,
        name: str,
        municipality: str,
        organiser: str,
        point: Point = (None, None),
    ) -> None:
        self.schools[code] = {
            "area_id": code, "level": "school", "name": name, "parent_id": municipality,
            "lat": point[0], "lon": point[1], "kind": _organiser(organiser),
        }  # fmt: skip

    def figure(self, code: str, measure: str, period: Mapping[str, Any], cell: Cell, base: float | None = None) -> bool:
        """Keep one figure; False when the file already had one for the same school, measure and period."""
        key = (code, measure, period["period_start"])
        if key in self.figures:
            return False
        value, status, text = cell
        self.figures[key] = {
            "indicator_id": PREFIX + measure, "area_id": code, **period, "value": value, "status": status,
            "value_text": text, "base": base if status == "final" else None,
        }  # fmt: skip
        return True

    def parsed(self) -> Parsed:
        """The tables; raises DeliveryError when nothing could be used.

        A school that the file only has figures about gets a row that stands in until its facts come.
        """
        tables: dict[str, pd.DataFrame] = {}
        for code, *_ in self.figures:
            stand_in = {"area_id": code, "level": "school", "name": code, "parent_id": None}
            self.schools.setdefault(code, stand_in)
        if self.schools:
            schools = conform("area", pd.DataFrame(list(self.schools.values())))
            larger = places.area_frame(set(schools["parent_id"].dropna()))
            tables["area"] = pd.concat([larger, schools], ignore_index=True)
        if self.figures:
            tables["observation"] = conform("observation", pd.DataFrame(list(self.figures.values())))
        if not tables:
            first = f" Första felet: {self.refusals[0].reason}" if self.refusals else ""
            raise DeliveryError(f"{self.file}: inga skolor eller siffror kunde läsas.{first} Hämta filen igen.")
        return Parsed(tables, self.read, self.kept, tuple(self.refusals))


# --- The open figures -------------------------------------------------------------------------------------------------

SCHOOL_COLUMNS = ("school_unit", "name", "municipality_code", "organiser_type", "lat", "lon")
FIGURE_COLUMNS = ("school_unit", "school_year", "measure", "value", "status", "published_as")


def _parse_open_schools(path: Path) -> Parsed:
    found = _Collector(path.name)
    for row, cells in csv_records(path, text_file(path), SCHOOL_COLUMNS):
        found.read += 1
        code, municipality = cells["school_unit"], cells["municipality_code"]
        point = swedish_number(cells["lat"]), swedish_number(cells["lon"])
        if not _UNIT_CODE.fullmatch(code):
            found.refuse("school_unit", code, "Skolenhetskoden ska ha åtta siffror.", "Rätta koden.", row)
        elif municipality not in places.all_municipalities():
            found.refuse("municipality_code", municipality, "Kommunkoden finns inte.", "Rätta koden.", row)
        elif not _point_holds(point, cells["lat"] + cells["lon"]):
            found.refuse("lat", f"{cells['lat']} {cells['lon']}", _BAD_POINT, "Rätta koordinaterna.", row)
        else:
            found.school(code, cells["name"], municipality, cells["organiser_type"], point)
            found.kept += 1
    return found.parsed()


_BAD_POINT = "Koordinaterna ligger inte i Sverige."


def _point_holds(point: Point, written: str) -> bool:
    """Both coordinates absent, or both inside the box around Sweden (WGS 84 degrees)."""
    lat, lon = point
    if lat is None or lon is None:
        return not written.strip()
    return 55 < lat < 70 and 10 < lon < 25


def _parse_open_figures(path: Path) -> Parsed:
    found = _Collector(path.name)
    for row, cells in csv_records(path, text_file(path), FIGURE_COLUMNS):
        found.read += 1
        period = _school_year(cells["school_year"])
        number = swedish_number(cells["value"])
        needs_number = cells["status"] in ("final", "preliminary", "derived")
        for column, good in (
            ("school_unit", bool(_UNIT_CODE.fullmatch(cells["school_unit"]))),
            ("school_year", period is not None),
            ("measure", cells["measure"] in _MEASURES),
            ("status", cells["status"] in STATUSES),
            ("value", (number is not None) or (not needs_number and not cells["value"])),
        ):
            if not good:
                found.refuse(column, cells[column], "Värdet känns inte igen.", "Rätta värdet i filen.", row)
                break
        else:
            assert period is not None  # noqa: S101 — tested just above
            cell = (number, cells["status"], cells["published_as"] or None)
            if found.figure(cells["school_unit"], cells["measure"], period, cell):
                found.kept += 1
            else:
                found.refuse(
                    "measure", cells["measure"], "Samma skola, läsår och mått finns redan.", "Ta bort en av dem.", row
                )
    return found.parsed()


# --- The export of final grades in year 9 -----------------------------------------------------------------------------

_TITLE = "slutbetyg årskurs 9"
_UNIT_HEADER = "skolenhetskod"
_FOOTER = "rapportbeskrivning"

#: The export's headers, with line-breaking hyphens, spaces and case taken away, and the measure in each.
_EXPORT_FIELDS = {
    "antalelever": "pupils_grade9",
    "andel(%)eleversomuppfylltbetygskriteriernaiallaämnen": "all_subjects",
    "andel(%)eleversomuppnåttkunskapskraveniallaämnen": "all_subjects",
    "andel(%)eleverbehörigatillyrkesprog.": "eligible_vocational",
    "genomsnittligtmeritvärde(17ämnen)": "merit_value",
}
_EXPORT_FACTS = ("skola", _UNIT_HEADER, "kommunkod", "typavhuvudman")
_EXPORT_IGNORED = ("skolkommun", "huvudman", "huvudmanorgnr", "")


def _header_key(text: str) -> str:
    return re.sub(r"[\s-]", "", text).casefold()


def _is_export(peek: Peek) -> bool:
    text = head_text(peek.head).casefold()
    return "skolverket" in text[:200] and _TITLE in text[:600]


def _export_header(path: Path, rows: list[tuple[int, list[str]]]) -> tuple[int, dict[str, int]]:
    """Where the header row is among ``rows``, and the position of each column by its key."""
    for index, (number, cells) in enumerate(rows[:20]):
        keys = [_header_key(cell) for cell in cells]
        if _UNIT_HEADER in keys:
            columns = {key: position for position, key in enumerate(keys) if key}
            absent = [key for key in (*_EXPORT_FACTS, "antalelever") if key not in columns]
            if absent or not set(columns) & (set(_EXPORT_FIELDS) - {"antalelever"}):
                raise DeliveryError(
                    f"{path.name}, rad {number}: rubrikraden saknar {', '.join(absent) or 'kolumner med resultat'}. "
                    "Ta ut rapporten Slutbetyg årskurs 9, samtliga elever, per skolenhet på nytt från Skolverket."
                )
            return index, columns
    raise DeliveryError(
        f"{path.name}: rubrikraden med Skol-enhetskod saknas. Ta ut rapporten per skolenhet på nytt från Skolverket."
    )


def _parse_export(path: Path) -> Parsed:
    rows = list(csv_rows(path.name, text_file(path), ";"))
    start, columns = _export_header(path, rows)
    chosen = re.search(r"valt läsår:\s*([^;\s]+)", " ".join(cells[0] for _, cells in rows[:start]), re.IGNORECASE)
    period = _school_year(chosen.group(1)) if chosen else None
    if period is None:
        raise DeliveryError(
            f"{path.name}: raden ”Valt läsår: 2024/25” saknas före rubrikerna. Ta ut rapporten på nytt."
        )
    found = _Collector(path.name)
    for key in sorted(set(columns) - set(_EXPORT_FIELDS) - set(_EXPORT_FACTS) - set(_EXPORT_IGNORED)):
        found.refuse(rows[start][1][columns[key]], "", "Kolumnen känns inte igen och har inte lästs.",
                     "Kontrollera om Skolverket har ändrat rapporten.", rows[start][0])  # fmt: skip
    ended = False
    for number, cells in rows[start + 1 :]:
        if cells[0].casefold().startswith(_FOOTER):
            ended = True
            break
        found.read += 1
        _export_row(found, number, cells, columns, period)
    if not ended:
        found.refuse(
            "", "", "Filens slut med rapportbeskrivningen saknas.", "Hämta filen igen om den kan vara avbruten."
        )
    return found.parsed()


def _export_row(
    found: _Collector, number: int, cells: list[str], columns: dict[str, int], period: Mapping[str, Any]
) -> None:
    if len(cells) <= max(columns.values()):
        found.refuse(
            "", ";".join(cells), "Raden har för få kolumner.", "Filen kan vara avbruten; hämta den igen.", number
        )
        return
    at = {key: cells[position] for key, position in columns.items()}
    code, municipality = at[_UNIT_HEADER], at["kommunkod"].zfill(4)
    if not _UNIT_CODE.fullmatch(code):
        found.refuse("Skol-enhetskod", code, "Raden har ingen skolenhetskod med åtta siffror.",
                     "Summarader används inte. Rätta koden om raden är en skola.", number)  # fmt: skip
        return
    if code in found.schools:
        found.refuse("Skol-enhetskod", code, "Skolan finns redan längre upp i filen.", "Ta bort den ena raden.", number)
        return
    if municipality not in places.all_municipalities():
        found.refuse("Kommun-kod", municipality, "Kommunkoden finns inte.", "Rätta koden.", number)
        return
    found.school(code, at["skola"], municipality, at["typavhuvudman"])
    found.kept += 1
    pupils = swedish_number(at["antalelever"])
    for key in columns.keys() & _EXPORT_FIELDS.keys():
        measure, cell = _EXPORT_FIELDS[key], _cell(at[key])
        if cell is None:
            found.refuse(measure, at[key], _STRANGE_CELL, "Rätta cellen eller hämta filen igen.", number)
        else:
            share = measure in ("all_subjects", "eligible_vocational")
            found.figure(code, measure, period, cell, base=pupils if share else None)


_CUT_OFF = "Filen kan vara avbruten; hämta den igen."
_STRANGE_CELL = "Cellen är varken ett tal eller något av källans tecken (. .. ~100 *)."


# --- API v4 -----------------------------------------------------------------------------------------------------------


def _is_api(peek: Peek) -> bool:
    text = head_text(peek.head).lstrip()
    if not text.startswith("{"):
        return False
    bundle = '"listed"' in text[:200] and '"listedSchoolUnits"' in text
    unit = '"wgs84_Lat"' in text and '"principalOrganizerType"' in text
    return bundle or unit or '"listedSchoolUnits"' in text or ('"schoolUnit"' in text and '"valueType"' in text)


def _parse_api(path: Path) -> Parsed:
    try:
        content = json.loads(text_file(path))
    except (ValueError, RecursionError) as error:
        raise DeliveryError(f"{path.name}: svaret är inte hel JSON ({error}). Hämta det igen.") from None
    found = _Collector(path.name)
    for body in _bodies(path, content):
        if "_embedded" in body:
            for unit in _as_list(body["_embedded"], "listedSchoolUnits", path):
                _api_school(found, unit)
        elif "schoolUnit" in body:
            _api_statistics(found, body)
        else:
            _api_school(found, body)
    return found.parsed()


def _bodies(path: Path, content: object) -> Iterator[dict[str, Any]]:
    """The bodies in a bundle (list pages, then units, then statistics) or in one response."""
    if isinstance(content, dict) and {"listed", "units", "statistics"} <= content.keys():
        for part in ("listed", "units", "statistics"):
            yield from _as_list(content, part, path)
    elif isinstance(content, dict) and isinstance(content.get("body"), dict):
        yield content["body"]
    else:
        raise DeliveryError(f"{path.name}: svaret saknar body. Hämta det igen från Skolverkets API.")


def _as_list(holder: object, key: str, path: Path) -> list[dict[str, Any]]:
    items = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise DeliveryError(f"{path.name}: {key} är inte en lista med poster. Skolverket kan ha ändrat sitt API.")
    return items


def _api_school(found: _Collector, unit: dict[str, Any]) -> None:
    found.read += 1
    code, name = str(unit.get("code", "")), str(unit.get("name") or "")
    municipality = str(unit.get("geographicalAreaCode", ""))
    if not _UNIT_CODE.fullmatch(code) or not name or municipality not in places.all_municipalities():
        found.refuse("code", f"{code} {name} {municipality}", "Skolenheten saknar giltig kod, namn eller kommun.",
                     "Kontrollera om Skolverket har ändrat sitt API.")  # fmt: skip
        return
    written = f"{unit.get('wgs84_Lat') or ''}", f"{unit.get('wgs84_Long') or ''}"
    point = swedish_number(written[0]), swedish_number(written[1])
    if not _point_holds(point, "".join(written)):
        found.refuse("wgs84_Lat", f"{code}: {' '.join(written)}", _BAD_POINT, "Skolan visas utan punkt på kartan.")
        point = (None, None)
    found.school(code, name, municipality, str(unit.get("principalOrganizerType") or ""), point)
    found.kept += 1


def _api_statistics(found: _Collector, body: dict[str, Any]) -> None:
    code = str(body["schoolUnit"])
    if not _UNIT_CODE.fullmatch(code):
        found.refuse("schoolUnit", code, "Skolenhetskoden ska ha åtta siffror.", _CHANGED)
        return
    for name, entries in body.items():
        if not isinstance(entries, list):
            continue
        for entry in entries:
            # A field that does not concern the school has one empty entry without a period.
            if isinstance(entry, dict) and entry.get("timePeriod") is None and entry.get("valueType") == "MISSING":
                continue
            found.read += 1
            fault = _api_figure(found, code, name, entry)
            if fault:
                found.refuse(name, f"{code}: {entry}", *fault)
            else:
                found.kept += 1


_CHANGED = "Skolverket kan ha ändrat sitt API. Meddela den som förvaltar Röda tråden."


def _api_figure(found: _Collector, code: str, name: str, entry: object) -> tuple[str, str] | None:
    """Keep one entry of a statistics list; else the reason and remedy for refusing it."""
    measure = _API_FIELDS.get(name)
    if measure is None:
        return f"Fältet {name} är okänt.", _CHANGED
    if not isinstance(entry, dict):
        return "Posten har inte den väntade formen.", _CHANGED
    period = _school_year(str(entry.get("timePeriod")))
    if period is None:
        return f"Perioden {entry.get('timePeriod')} är inget läsår.", _CHANGED
    cell = _api_cell(str(entry.get("valueType")), str(entry.get("value") or "").strip())
    if isinstance(cell, str):
        return cell, _CHANGED
    if not found.figure(code, measure, period, cell):
        return "Samma skola, läsår och mått finns två gånger.", _CHANGED
    return None


def _api_cell(value_type: str, text: str) -> Cell | str:
    """The cell that a value and its valueType make, or a Swedish sentence about why they cannot be used."""
    if value_type == "EXISTS":
        cell = _cell(text)
        usable = cell is not None and cell[0] is not None
        return cell if cell and usable else f"Värdet ”{text}” är inget tal trots att valueType är EXISTS."
    status = _VALUE_TYPES.get(value_type)
    if status is None:
        return f"valueType {value_type} är okänt."
    if swedish_number(text) is not None:
        return f"Värdet ”{text}” är ett tal trots att valueType är {value_type}."
    return None, status, text or None


API = "https://api.skolverket.se/planned-educations/v4"
ACCEPT = {"Accept": "application/vnd.skolverket.plannededucations.api.v4.hal+json"}
_PAGE_SIZE = 50


def fetch(client: Client, municipality: Municipality) -> Iterator[Fetched]:
    """All compulsory schools of the municipality with their statistics, as one bundle of unchanged response bodies."""
    listed = _pages(client, municipality.code)
    codes = _codes(listed, municipality.code)
    units = [_body(client.get_json(f"{API}/school-units/{code}", headers=ACCEPT)) for code in codes]
    statistics = [body for code in codes if (body := _statistics(client, code)) is not None]
    content = json.dumps({"listed": listed, "units": units, "statistics": statistics}, ensure_ascii=False).encode()
    yield Fetched(f"skolverket_api_v4_{municipality.code}.json", content)


def _pages(client: Client, municipality: str) -> list[dict[str, Any]]:
    """Every page of the list of schools; the first tells how many there are."""
    listed: list[dict[str, Any]] = []
    pages = 1
    while len(listed) < pages:
        params = {
            "geographicalAreaCode": municipality, "typeOfSchooling": "gr", "coordinateSystemType": "WGS84",
            "page": len(listed), "size": _PAGE_SIZE,
        }  # fmt: skip
        body = _body(client.get_json(f"{API}/school-units", params=params, headers=ACCEPT))
        page = body.get("page")
        if not isinstance(page, dict) or not isinstance(page.get("totalPages"), int):
            raise DeliveryError(f"Skolverket: listan över skolor saknar page.totalPages. {_CHANGED}")
        pages = page["totalPages"]
        listed.append(body)
    return listed


def _codes(listed: list[dict[str, Any]], municipality: str) -> list[str]:
    """The school unit codes in the list, each once."""
    embedded = [page.get("_embedded") or {} for page in listed]
    lists = [part.get("listedSchoolUnits") or [] if isinstance(part, dict) else None for part in embedded]
    if not all(isinstance(units, list) and all(isinstance(unit, dict) for unit in units) for units in lists):
        raise DeliveryError(f"Skolverket: listan över skolor har inte den väntade formen. {_CHANGED}")
    codes = sorted({str(unit.get("code")) for units in lists for unit in units or ()})
    if not codes:
        raise DeliveryError(f"Skolverket: inga grundskolor för kommun {municipality}. Kontrollera kommunkoden.")
    strange = [code for code in codes if not _UNIT_CODE.fullmatch(code)]
    if strange:
        raise DeliveryError(f"Skolverket: {strange[0]} är ingen skolenhetskod med åtta siffror. {_CHANGED}")
    return codes


def _statistics(client: Client, code: str) -> dict[str, Any] | None:
    """A school's statistics; None when Skolverket has none for it, as for a school that is new."""
    from pipelines.fetching import GoneError

    try:
        return _body(client.get_json(f"{API}/school-units/{code}/statistics/gr", headers=ACCEPT))
    except GoneError:
        return None


def _body(response: Any) -> dict[str, Any]:
    if not isinstance(response, dict) or not isinstance(response.get("body"), dict):
        raise DeliveryError("Skolverket: svaret saknar body. Försök igen senare; API:et kan ha ändrats.")
    body: dict[str, Any] = response["body"]
    return body


# --- Checks over all deliveries ---------------------------------------------------------------------------------------

_LIMITS = {"procent": (0.0, 100.0), "poäng": (0.0, 340.0), "antal": (0.0, 10_000.0)}


def check(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Shares lie within 0-100, points within 0-340 and numbers are not negative; else Swedish sentences."""
    units = {indicator.id: indicator.unit for indicator in INDICATORS}
    observed = tables["observation"]
    mine = observed[observed["indicator_id"].isin(units) & observed["value"].notna()]
    limits = mine["indicator_id"].map(units).map(_LIMITS)
    wrong = mine[[not low <= value <= high for value, (low, high) in zip(mine["value"], limits, strict=True)]]
    return [
        f"{row.indicator_id}, skola {row.area_id}, {row.period_label}: {row.value} ligger utanför det möjliga."
        for row in wrong.itertuples()
    ]


SOURCE = Source(
    id="skolverket_grades",
    title="Grundskolor och betyg",
    producer="Skolverket",
    citation="Skolverket, grundskolan – betyg, nationella prov och personal",
    licence="Öppna data från Skolverket, fri användning med angivande av källan",
    url="https://www.skolverket.se/skolutveckling/statistik",
    rhythm="En gång per år: betyg i september–november, elever och personal under vintern och våren",
    update_days=365,
    levels=("school",),
    speaks_of="Meritvärde, behörighet, nationella prov och lärare vid varje grundskola, och var skolorna ligger.",
    layouts=(
        Layout("open_schools", "Öppna siffror som följer med: skolor med läge (CSV)",
               lambda peek: has_header(peek.head, SCHOOL_COLUMNS), _parse_open_schools),
        Layout("open_figures", "Öppna siffror som följer med: skolors resultat per läsår (CSV)",
               lambda peek: has_header(peek.head, FIGURE_COLUMNS), _parse_open_figures),
        Layout("export_grade9", "Skolverkets uttag Slutbetyg årskurs 9 per skolenhet (CSV)", _is_export, _parse_export),
        Layout("api_v4", "Svar från Skolverkets API för skolenheter, version 4 (JSON)", _is_api, _parse_api),
    ),
    caveats=(
        _FEW,
        _APPROXIMATE,
        "Resultaten hör till skolan, inte till platsen: elever kan bo i en annan kommundel eller kommun.",
        "Små årskullar ger stora svängningar mellan åren.",
        "Antal elever avrundas av källan till närmaste tiotal (cirka).",
    ),
    indicators=INDICATORS,
    fetch=fetch,
    check=check,
)  # fmt: skip
