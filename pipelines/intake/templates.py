"""Templates: a workbook per kind and form with drop-down lists, an instruction and an example row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.intake.cells import Book, Cell, Sheet, shown
from pipelines.intake.tables import Table
from pipelines.municipalities import Municipality
from pipelines.source import DeliveryError
from store.intake import ColumnUse, Mapping
from store.kinds import KINDS, Form, Kind

ROWS, ABOUT, GUIDE, LISTS = "Uppgifter", "Om leveransen", "Instruktion", "Listor"

#: In the first cell of the sheet about the delivery: how a filled-in template is known.
_MARK = "Mall i Röda tråden"
_NAME, _SENDER = "Namn på uppgifterna", "Avsändare"

#: How far down drop-down lists reach.
_FILLED = 5000

_AGREE = ("Instämmer inte alls", "Instämmer i liten grad", "Instämmer delvis", "Instämmer helt", "Vet ej")
_FEEL = ("Mycket otrygg", "Ganska otrygg", "Ganska trygg", "Mycket trygg", "Vet ej")


@dataclass(frozen=True)
class _Column:
    """One column of a template: its header, the field, what the example row says, and what can be chosen."""

    header: str
    field: str
    example: Cell | None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A filled-in template: its rows' sheet, and the mapping that reads them.

    ``example`` is what the row that came with the template says, by header.
    """

    sheet: Sheet
    mapping: Mapping
    example: dict[str, str]


#: Columns of fields that repeat have names of their own, and stand here; the others are called what the field is.
_REPEATED: dict[tuple[str, str], tuple[_Column, ...]] = {
    ("answers", "group"): (
        _Column("Kön", "group", "Kvinna", ("Kvinna", "Man", "Annat")),
        _Column("Åldersgrupp", "group", "30–49", ("16–29", "30–49", "50–64", "65–84")),
    ),
    ("answers", "question"): (
        _Column("Hur trygg känner du dig utomhus när det är mörkt?", "question", "Ganska trygg", _FEEL),
        _Column("Det är rent och snyggt där jag bor", "question", "Instämmer delvis", _AGREE),
    ),
    ("observations", "value"): (_Column("Värde", "value", 91.5),),
    ("observations", "breakdown"): (_Column("Kön", "breakdown", "flickor", ("flickor", "pojkar")),),
    ("participation", "number"): (
        _Column("Antal anmälda", "number", 24),
        _Column("Antal aktiva", "number", 21),
    ),
}
_WIDE: dict[tuple[str, str], tuple[_Column, ...]] = {
    ("observations", "value"): (_Column("2024", "value", 12), _Column("2025", "value", 9)),
    ("inspections", "score"): tuple(
        _Column(aspect, "score", 14)
        for aspect in (
            "Belysning",
            "Skötsel",
            "Utformning",
            "Information",
            "Funktionsblandning",
            "Perimeter",
            "Social kontroll",
            "Tydlighet",
        )
    ),
}

#: What the example row says of the other fields.
_EXAMPLES: dict[str, Cell] = {
    "category": "Skadegörelse",
    "occurred": "2025-03-04",
    "occurred_time": "21:30",
    "until": "2025-03-05",
    "until_time": "06:15",
    "reported": "2025-03-05",
    "event_id": "Exempel-1",
    "code": "1201",
    "detail": "Klotter",
    "reporter": "Fritidsgården",
    "count": 1,
    "respondent": "1",
    "weight": 1,
    "answered": "2025-03-04",
    "question_text": "Hur trygg känner du dig utomhus när det är mörkt?",
    "answer": "Ganska trygg",
    "period": "2025",
    "base": 120,
    "activity": "HackShield",
    "group": "4A",
    "date": "2025-03-04",
    "spot": "Entré",
    "score": 14,
}
#: What the example row says of fields that mean different things in different kinds.
_EXAMPLES_BY_KIND: dict[tuple[str, str], Cell] = {
    ("observations", "indicator"): "Närvaro",
    ("inspections", "indicator"): "Belysning",
}
_OPTION_EXAMPLES = {
    "survey": "Trygghetsundersökning", "wave": "2025", "indicator": "Närvaro i grundskolan", "unit": "procent",
    "activity": "HackShield", "inspection": "Trygghetsrond", "highest": "20",
}  # fmt: skip
#: Fields that templates leave out: they are for senders' own systems.
_NOT_IN_TEMPLATES = frozenset({"x", "y", "unit_code", "municipality"})


def write(path: Path, kind_id: str, form_id: str, municipality: Municipality) -> None:
    """Write the template of a kind and form (the first when empty). Raises DeliveryError when there is none."""
    kind = KINDS.get(kind_id)
    if kind is None:
        raise DeliveryError(f"Sorten {kind_id} finns inte. Välj bland: {', '.join(KINDS)}.")
    forms = [one.id for one in kind.forms]
    if form_id not in {"", *forms}:
        raise DeliveryError(f"Formen {form_id} finns inte för {kind_id}. Välj bland: {', '.join(forms)}.")
    form = kind.form(form_id)
    columns = _columns(kind, form, municipality)
    book = Workbook()
    rows = book.active
    rows.title = ROWS
    _rows_sheet(rows, columns, book.create_sheet(LISTS))
    _about_sheet(book.create_sheet(ABOUT, 1), kind, form)
    _guide_sheet(book.create_sheet(GUIDE, 2), kind, form, columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def recognise(book: Book, municipality: Municipality) -> Filled | None:
    """The filled-in template in a workbook; None when it is none of ours, or says a kind that does not exist."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    if ROWS not in sheets or ABOUT not in sheets:
        return None
    said = _pairs(sheets[ABOUT])
    kind_id, _, form_id = said.get(_MARK, "").partition("/")
    if kind_id not in KINDS or form_id not in {form.id for form in KINDS[kind_id].forms}:
        return None
    kind, form = KINDS[kind_id], KINDS[kind_id].form(form_id)
    fields = {field.label: field.id for field in form.fields}
    headers = [shown(cell) for cell in _row(sheets[ROWS], 0)]
    known = {column.header: column for column in _columns(kind, form, municipality)}
    repeated = next((field.id for field in form.fields if field.repeats and field.needed), "")
    uses = []
    for header in filter(None, headers):
        column = known.get(header)
        field = fields.get(header) or (column.field if column else repeated)
        if field:
            uses.append(ColumnUse(header=header, field=field, scale=_scale(column)))
    options = {o.id: said.get(o.label, "") for o in kind.options if o.form in {"", form.id}}
    name = said.get(_NAME) or options.get("survey") or kind.label
    mapping = Mapping(
        name=name, sender=said.get(_SENDER, ""), kind=kind.id, form=form.id, columns=tuple(uses), options=options
    )  # fmt: skip
    example = {column.header: shown(column.example) for column in known.values()}
    return Filled(sheets[ROWS], mapping, example)


def without_example(table: Table, example: dict[str, str]) -> Table:
    """The table without the row that came with the template, if it is still there as it was."""
    if not len(table.row_numbers):
        return table
    first = {
        header: shown(column.values[column.codes[0]]) if column.codes[0] >= 0 else ""
        for header, column in zip(table.headers, table.columns, strict=True)
    }
    if any(said != example.get(header, "") for header, said in first.items()):
        return table
    rest = np.arange(1, len(table.row_numbers))
    columns = tuple(column.take(rest) for column in table.columns)
    return replace(table, columns=columns, row_numbers=table.row_numbers[1:])


def _columns(kind: Kind, form: Form, municipality: Municipality) -> list[_Column]:
    columns: list[_Column] = []
    places = tuple(district.name for district in municipality.districts)
    for field in form.fields:
        if field.id in _NOT_IN_TEMPLATES:
            continue
        wide = _WIDE.get((kind.id, field.id)) if form.id == "wide" else None
        repeated = wide or _REPEATED.get((kind.id, field.id))
        if repeated and field.repeats:
            columns += repeated
        elif field.id == "place":
            columns.append(_Column(field.label, "place", places[0] if places else municipality.name, places))
        else:
            example = _EXAMPLES_BY_KIND.get((kind.id, field.id), _EXAMPLES.get(field.id))
            columns.append(_Column(field.label, field.id, example))
    return columns


def _rows_sheet(sheet: Worksheet, columns: Sequence[_Column], lists: Worksheet) -> None:
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        head = sheet.cell(1, number, column.header)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="1F4E5F")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        example = sheet.cell(2, number, column.example)
        example.font = Font(italic=True, color="666666")
        sheet.column_dimensions[letter].width = max(16, min(40, len(column.header) + 4))
        if column.choices:
            _choices(sheet, lists, letter, number, column.choices)
    sheet.freeze_panes = "A2"


def _choices(sheet: Worksheet, lists: Worksheet, letter: str, number: int, choices: Sequence[str]) -> None:
    """A drop-down list that also lets other words through: the importer understands more than the list."""
    for row, choice in enumerate(choices, start=1):
        lists.cell(row, number, choice)
    rule = DataValidation(type="list", formula1=f"={LISTS}!${letter}$1:${letter}${len(choices)}", allow_blank=True)
    rule.errorStyle = "information"
    rule.error = "Det står inte i listan. Behåll det om det är rätt."
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{_FILLED}")
    lists.sheet_state = "hidden"


def _about_sheet(sheet: Worksheet, kind: Kind, form: Form) -> None:
    rows: list[tuple[str, str, str]] = [
        (_MARK, f"{kind.id}/{form.id}", "Ändra inte den här raden."),
        (_NAME, kind.label, "Samma namn varje gång, så hör leveranserna ihop."),
        (_SENDER, "", "Verksamheten som lämnar uppgifterna."),
        *(
            (option.label, _OPTION_EXAMPLES.get(option.id, ""), option.help)
            for option in kind.options
            if option.form in {"", form.id}
        ),
    ]
    for number, row in enumerate(rows, start=1):
        for position, text in enumerate(row, start=1):
            sheet.cell(number, position, text)
        sheet.cell(number, 1).font = Font(bold=True)
        sheet.cell(number, 3).font = Font(italic=True, color="666666")
    for letter, width in zip("ABC", (28, 34, 70), strict=True):
        sheet.column_dimensions[letter].width = width


def _guide_sheet(sheet: Worksheet, kind: Kind, form: Form, columns: Sequence[_Column]) -> None:
    helps = {field.id: field for field in form.fields}
    lines: list[tuple[Any, ...]] = [
        (f"{kind.label}: {form.label}",),
        (kind.help,),
        (f"Fyll i bladet «{ROWS}», en rad i taget. Exempelraden tas inte med när det finns andra rader.",),
        (f"Fyll i bladet «{ABOUT}». Spara som .xlsx och släpp filen på sidan Importera.",),
        ("Skriv inga namn, personnummer, telefonnummer eller e-postadresser. Tomma celler är uppgifter som saknas.",),
        (),
        ("Kolumn", "Vad den är", "Måste fyllas i", "Exempel"),
    ]
    for column in columns:
        field = helps[column.field]
        either_of = field.one_of and field.one_of != "place"
        need = "ja" if field.needed else "en av dem som svarar på samma sak" if either_of else "nej"
        lines.append((column.header, field.help, need, shown(column.example)))
    for line in lines:
        sheet.append(line)
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[7]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (44, 80, 26, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=8):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _pairs(sheet: Sheet) -> dict[str, str]:
    if len(sheet.columns) < 2:
        return {}
    labels, values = sheet.columns[0].cells(), sheet.columns[1].cells()
    return {shown(label): shown(value) for label, value in zip(labels, values, strict=True) if label is not None}


def _row(sheet: Sheet, number: int) -> list[Cell | None]:
    return [
        column.values[column.codes[number]] if column.codes[number] >= 0 else None
        for column in sheet.columns
        if number < len(column)
    ]


def _scale(column: _Column | None) -> tuple[str, ...]:
    """The order of a question's answers, without the one that has no opinion."""
    if column is None or column.field != "question":
        return ()
    return tuple(choice for choice in column.choices if choice != "Vet ej")
