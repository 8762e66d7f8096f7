"""Skolenkäten, Skolinspektionen's survey: the open figures and the published workbook.

The workbook holds one row per school: question names in row 1, "Index" in row 3 above the column with a question area's
index, data from row 5. A blank index is masked by the source; 0 is zero.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from pipelines import places
from pipelines.frames import conform, indicator_frame, slug, year_period
from pipelines.reading import (
    csv_records,
    has_header,
    require_whole_workbook,
    swedish_number,
    text_file,
    within_workbook_limits,
)
from pipelines.source import DeliveryError, Indicator, Layout, Parsed, Peek, Refusal, Source

PREFIX = "skolenkaten_"
_UNIT_CODE = re.compile(r"\d{8}")
_MASKED = "Index döljs av källan när få har svarat."


def _index(measure: str, name: str, description: str) -> Indicator:
    return Indicator(
        id=PREFIX + measure, name=name, unit="index 0–10", theme="Skola", polarity="higher_is_better", decimals=1,
        aggregation="mean_by_base", description=description, caveats=(_MASKED,),
    )  # fmt: skip


INDICATORS = (
    _index("safety_index", "Trygghet i skolan", "Index 0–10 för trygghet; underlaget är antalet som svarat."),
    _index("study_calm_index", "Studiero", "Index 0–10 för studiero; underlaget är antalet som svarat."),
    Indicator(
        id=PREFIX + "response_rate", name="Svarsfrekvens i Skolenkäten", unit="procent", theme="Skola", decimals=1,
        description="Andel av dem som fick enkäten som svarade; underlaget är antalet som fick den.",
    ),
)  # fmt: skip

_KNOWN_INDICES = {"trygghet": "safety_index", "studiero": "study_calm_index"}


@dataclass
class _Collector:
    """Gathers figures, schools, discovered indices and refusals while a file is read."""

    file: str
    schools: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: list[dict[str, Any]] = field(default_factory=list)
    seen: set[tuple[str, ...]] = field(default_factory=set)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    read: int = 0
    kept: int = 0

    def refuse(self, row: int, column: str, value: object, reason: str, remedy: str, sheet: str | None = None) -> None:
        self.refusals.append(
            Refusal(reason=reason, remedy=remedy, row=row, column=column, value=str(value), sheet=sheet)
        )

    def figure(
        self, code: str, indicator_id: str, year: int, group: str, value: float | None, base: float | None
    ) -> None:
        self.figures.append({
            "indicator_id": indicator_id, "area_id": code, **year_period(year), "breakdown": f"svarsgrupp={group}",
            "value": value, "base": base, "status": "suppressed" if value is None else "final",
        })  # fmt: skip

    def parsed(self) -> Parsed:
        """The tables; raises DeliveryError when nothing could be used."""
        if not self.figures:
            first = f" Första felet, rad {self.refusals[0].row}: {self.refusals[0].reason}" if self.refusals else ""
            raise DeliveryError(f"{self.file}: inga svar kunde läsas.{first} Hämta filen igen.")
        larger = places.area_frame(school["parent_id"] for school in self.schools.values())
        schools = conform("area", pd.DataFrame(list(self.schools.values())))
        tables = {
            "area": pd.concat([larger, schools], ignore_index=True),
            "observation": conform("observation", pd.DataFrame(self.figures)),
        }
        if self.indicators:
            tables["indicator"] = indicator_frame(SOURCE.id, self.indicators.values())
        return Parsed(tables, self.read, self.kept, tuple(self.refusals))


@dataclass(frozen=True)
class _School:
    """The facts of one row; ``rate`` is in percent."""

    code: str
    name: str
    municipality: str
    respondents: float | None
    rate: float | None


def _add(found: _Collector, school: _School, year: int, group: str, indices: Mapping[str, float | None]) -> None:
    """Keep one row: its indices with the number of answers as base, and its response rate with the number asked."""
    found.kept += 1
    found.schools[school.code] = {
        "area_id": school.code, "level": "school", "name": school.name, "parent_id": school.municipality,
    }  # fmt: skip
    for indicator_id, value in indices.items():
        found.figure(school.code, indicator_id, year, group, value, school.respondents)
    asked = None
    if school.rate and school.respondents is not None:
        asked = float(round(school.respondents / school.rate * 100))
    found.figure(school.code, PREFIX + "response_rate", year, group, school.rate, asked)


# --- The open figures -------------------------------------------------------------------------------------------------

OPEN_COLUMNS = (
    "school_unit", "name", "municipality_code", "year", "respondent_group", "safety_index", "study_calm_index",
    "respondents", "response_rate_pct",
)  # fmt: skip


def _is_open(peek: Peek) -> bool:
    return has_header(peek.head, OPEN_COLUMNS)


def _parse_open(path: Path) -> Parsed:
    found = _Collector(path.name)
    for row, cells in csv_records(path, text_file(path), OPEN_COLUMNS):
        found.read += 1
        numbers = {name: swedish_number(cells[name]) for name in OPEN_COLUMNS[5:]}
        key = (cells["school_unit"], cells["year"], cells["respondent_group"])
        for column, good in (
            ("school_unit", bool(_UNIT_CODE.fullmatch(cells["school_unit"])) and key not in found.seen),
            ("municipality_code", cells["municipality_code"] in places.all_municipalities()),
            ("year", bool(re.fullmatch(r"20\d\d", cells["year"]))),
            ("respondent_group", bool(cells["respondent_group"])),
            *((name, numbers[name] is not None or not cells[name]) for name in OPEN_COLUMNS[5:]),
        ):
            if not good:
                found.refuse(
                    row, column, cells[column], "Värdet känns inte igen eller finns två gånger.", "Rätta värdet."
                )
                break
        else:
            found.seen.add(key)
            school = _School(cells["school_unit"], cells["name"], cells["municipality_code"],
                             numbers["respondents"], numbers["response_rate_pct"])  # fmt: skip
            indices = {PREFIX + name: numbers[name] for name in ("safety_index", "study_calm_index")}
            _add(found, school, int(cells["year"]), cells["respondent_group"], indices)
    return found.parsed()


# --- The published workbook -------------------------------------------------------------------------------------------

# Positions are counted from 0: municipality in C, school unit in D, its name in E, answers in G, response rate in H.
_MUNICIPALITY, _UNIT, _NAME, _RESPONDENTS, _RATE = 2, 3, 4, 6, 7
_FIRST_MEASURE = 8
_QUESTION_ROW, _INDEX_ROW, _FIRST_ROW = 0, 2, 4

_Sheet = list[list[Any]]


def _is_workbook(peek: Peek) -> bool:
    if not peek.head.startswith(b"PK\x03\x04") or not within_workbook_limits(peek.path):
        return False
    try:
        return any(_index_columns(rows) for _, rows in _sheets(peek.path, rows=_FIRST_ROW + 50))
    except (CalamineError, OSError):
        return False


def _sheets(path: Path, rows: int | None = None) -> list[tuple[str, _Sheet]]:
    """The sheets by name, each with its first ``rows`` rows from A1."""
    with CalamineWorkbook.from_path(str(path)) as workbook:
        return [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=rows))
            for name in workbook.sheet_names
        ]


def _index_columns(rows: _Sheet) -> dict[int, str]:
    """Position and question area of each index; empty when the sheet is not of this kind."""
    if len(rows) < _FIRST_ROW or not any("index" in str(cell).casefold() for cell in rows[_INDEX_ROW]):
        return {}
    if len(rows) > _FIRST_ROW and not any(_unit_code(_at(row, _UNIT)) for row in rows[_FIRST_ROW:]):
        return {}
    found: dict[int, str] = {}
    question = ""
    for position in range(_FIRST_MEASURE, len(rows[_INDEX_ROW])):
        # A question's name stands over its first column; merged cells leave the following ones blank.
        question = str(_at(rows[_QUESTION_ROW], position)).strip() or question
        if str(rows[_INDEX_ROW][position]).strip().casefold() == "index" and question:
            found[position] = re.sub(r"^\d+[.)]?\s*", "", question)
    return found


def _at(row: list[Any], position: int) -> Any:
    return row[position] if position < len(row) else ""


def _unit_code(cell: Any) -> str | None:
    """Eight digits, whether the cell holds text or a number; None when it is neither."""
    text = str(int(cell)).zfill(8) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return text if _UNIT_CODE.fullmatch(text) else None


def _parse_workbook(path: Path) -> Parsed:
    require_whole_workbook(path)
    try:
        sheets = _sheets(path)
    except CalamineError as error:
        raise DeliveryError(f"{path.name}: arbetsboken går inte att öppna ({error}). Hämta filen igen.") from None
    found = _Collector(path.name)
    measured = [(name, rows, _index_columns(rows)) for name, rows in sheets]
    if not any(columns for _, _, columns in measured):
        raise DeliveryError(
            f"{path.name}: inget blad har frågornas namn på rad 1, ”Index” på rad 3 och skolor från rad 5. "
            "Lämna in Skolinspektionens arbetsbok per skolenhet."
        )
    for name, rows, columns in measured:
        if columns:
            _read_sheet(found, name, rows, columns)
    return found.parsed()


def _read_sheet(found: _Collector, sheet: str, rows: _Sheet, columns: dict[int, str]) -> None:
    about = " ".join(
        [unquote(found.file), sheet, *(str(cell) for row in rows[:_FIRST_ROW] for cell in row[:_FIRST_MEASURE])]
    )
    year, group = _survey_year(found.file, about), _respondent_group(found.file, about)
    ids = _index_ids(found, sheet, columns)
    for number, row in enumerate(rows[_FIRST_ROW:], start=_FIRST_ROW + 1):
        if any(str(cell).strip() for cell in row):
            found.read += 1
            _read_row(found, sheet, number, row, ids, (year, group))


def _survey_year(file: str, about: str) -> int:
    years = sorted(set(re.findall(r"(?<!\d)20[12]\d(?!\d)", about)))
    if len(years) == 1:
        return int(years[0])
    what = "säger inte vilket år den gäller" if not years else f"nämner flera år ({', '.join(years)})"
    raise DeliveryError(
        f"{file}: filen {what}. Döp om den så att enkätens år syns, till exempel ”Skolenkäten 2026 årskurs 8.xlsx”."
    )


def _respondent_group(file: str, about: str) -> str:
    """Who answered: pupils of a year, guardians or staff. Figures of different groups must not replace each other."""
    # A file name may come with letters taken apart (å as a and a ring).
    text = unicodedata.normalize("NFC", about).casefold()
    grade = re.search(r"(?:årskurs|åk|år)[\s_.-]*([1-9])(?!\d)", text)
    if "vårdnadshavare" in text:
        return "vårdnadshavare"
    if "personal" in text or "lärare" in text.split():
        return "pedagogisk personal"
    if grade:
        return f"elever årskurs {grade.group(1)}" + (" gymnasiet" if "gymnasie" in text else "")
    raise DeliveryError(
        f"{file}: det framgår inte vilka som har svarat. Döp om filen så att det syns, till exempel "
        "”Skolenkäten 2026 årskurs 8.xlsx” eller ”Skolenkäten 2026 vårdnadshavare.xlsx”."
    )


def _index_ids(found: _Collector, sheet: str, columns: dict[int, str]) -> dict[int, str]:
    """The indicator of each index column; areas that are not declared become indicators of their own."""
    ids: dict[int, str] = {}
    for position, question in columns.items():
        measure = _KNOWN_INDICES.get(question.casefold()) or "index_" + slug(question)
        indicator_id = PREFIX + measure
        if indicator_id in ids.values():
            found.refuse(_QUESTION_ROW + 1, question, "", "Frågeområdet finns två gånger; det andra har inte lästs.",
                         "Kontrollera arbetsbokens rubriker.", sheet)  # fmt: skip
            continue
        ids[position] = indicator_id
        if question.casefold() not in _KNOWN_INDICES:
            described = f"Index 0–10 för frågeområdet {question}; underlaget är antalet som svarat."
            found.indicators[indicator_id] = _index(measure, question, described)
    return ids


def _read_row(
    found: _Collector, sheet: str, number: int, row: list[Any], ids: dict[int, str], survey: tuple[int, str]
) -> None:
    code = _unit_code(_at(row, _UNIT))
    municipality = places.municipality_code(str(_at(row, _MUNICIPALITY)))
    if code is None:
        found.refuse(number, "D", _at(row, _UNIT), "Raden har ingen skolenhetskod med åtta siffror.",
                     "Summor och noter används inte. Rätta koden om raden är en skola.", sheet)  # fmt: skip
        return
    if municipality is None:
        found.refuse(number, "C", _at(row, _MUNICIPALITY), "Kommunen känns inte igen.", "Rätta kommunens namn.", sheet)
        return
    if (code, *map(str, survey)) in found.seen:
        found.refuse(number, "D", code, "Skolan finns redan längre upp.", "Ta bort den ena raden.", sheet)
        return
    numbers: dict[int, float | None] = {}
    for position in (_RESPONDENTS, _RATE, *ids):
        value = _number(_at(row, position))
        if value is None:
            found.refuse(number, _letters(position), _at(row, position), "Cellen är inte ett tal.",
                         "Rätta cellen; lämna den tom om uppgiften är dold.", sheet)  # fmt: skip
            return
        numbers[position] = None if value == _BLANK else value
    found.seen.add((code, *map(str, survey)))
    rate = numbers[_RATE]
    # The rate is a share in the workbook; a workbook that writes percent has numbers above 1.
    percent = rate * 100 if rate is not None and rate <= 1 else rate
    name = str(_at(row, _NAME)).strip() or code
    school = _School(code, name, municipality, numbers[_RESPONDENTS], percent)
    _add(found, school, *survey, {indicator_id: numbers[position] for position, indicator_id in ids.items()})


#: Stands for a blank cell, which means masked; no figure in the workbook can be negative.
_BLANK = -1.0


def _number(cell: Any) -> float | None:
    """The number in a cell, ``_BLANK`` when it is empty, None when it is neither."""
    if isinstance(cell, str):
        if not cell.strip():
            return _BLANK
        value = swedish_number(cell.strip().removesuffix("%"))
        return value if value is None or value >= 0 else None
    return float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell >= 0 else None


def _letters(position: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    first, last = divmod(position, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


# --- Checks over all deliveries ---------------------------------------------------------------------------------------


def check(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Indices lie within 0-10 and response rates within 0-100; else Swedish sentences."""
    observed = tables["observation"]
    mine = observed[observed["indicator_id"].str.startswith(PREFIX) & observed["value"].notna()]
    top = mine["indicator_id"].eq(PREFIX + "response_rate").map({True: 100.0, False: 10.0})
    wrong = mine[(mine["value"] < 0) | (mine["value"] > top)]
    return [
        f"{row.indicator_id}, skola {row.area_id}, {row.period_label}: {row.value} ligger utanför det möjliga."
        for row in wrong.itertuples()
    ]


SOURCE = Source(
    id="skolenkaten",
    title="Skolenkäten",
    producer="Skolinspektionen",
    citation="Skolinspektionen, Skolenkäten",
    licence="Öppna data från Skolinspektionen, fri användning med angivande av källan",
    url="https://www.skolinspektionen.se/beslut-rapporter-statistik/statistik/statistik-fran-skolenkaten/",
    rhythm="En gång per år",
    update_days=365,
    levels=("school",),
    speaks_of="Hur elever upplever trygghet och studiero i skolan (index 0–10) och hur många som svarat.",
    layouts=(
        Layout("open", "Öppna siffror som följer med: index per skola (CSV)", _is_open, _parse_open),
        Layout("workbook", "Skolinspektionens arbetsbok per skolenhet (XLSX: frågor på rad 1, Index på rad 3)",
               _is_workbook, _parse_workbook, uses_name=True),
    ),
    caveats=(
        _MASKED,
        "Varje skola deltar vartannat år; jämför samma årskurs mellan enkätomgångar.",
        "Få svar ger stora svängningar. Se antalet som svarat och svarsfrekvensen.",
        "Svaren hör till skolan, inte till platsen: elever kan bo i en annan kommundel.",
    ),
    indicators=INDICATORS,
    check=check,
)  # fmt: skip
