"""Property: any table of each kind, written in any supported layout and format, comes back as the same rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
import xlwt
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

from pipelines.intake import importer
from pipelines.intake.workspace import Workspace
from store.intake import ColumnUse, Mapping

PLACES = {
    "Hallstavik": "0188-hallstavik", "Rimbo": "0188-rimbo", "Älmsta": "0188-almsta", "0188A0010": "0188A0010"
}  # fmt: skip
TEXTS = [(encoding, sign) for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16") for sign in (";", ",", "\t", "|")]
BOOKS = ("xlsx", "xls", "ods")
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
          "november", "december")  # fmt: skip

QUICK = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Layout:
    """How a table is written: format, encoding and delimiter, rows above and below, dates and decimals."""

    book: str
    encoding: str
    delimiter: str
    title: bool
    note: bool
    header_rows: int
    date: str
    decimal: str

    @property
    def name(self) -> str:
        return f"Prov.{self.book or ('tsv' if self.delimiter == chr(9) else 'csv')}"


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    book = draw(st.sampled_from(["", "", *BOOKS]))
    encoding, delimiter = draw(st.sampled_from(TEXTS))
    return Layout(
        book, encoding, delimiter,
        title=draw(st.booleans()), note=draw(st.booleans()), header_rows=draw(st.sampled_from([1, 1, 2])),
        date=draw(st.sampled_from(["iso", "slash", "words", "compact", "cell"])),
        decimal=draw(st.sampled_from([",", "."])),
    )  # fmt: skip


def written_date(day: dt.date, layout: Layout) -> object:
    if layout.date == "cell" and layout.book:
        return day
    return {
        "slash": f"{day.day}/{day.month} {day.year}",
        "words": f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        "compact": f"{day:%Y%m%d}",
    }.get(layout.date, day.isoformat())


def written_number(value: float | None, layout: Layout) -> object:
    if value is None or layout.book:
        return value
    return f"{value:g}".replace(".", layout.decimal)


def write(folder: Path, layout: Layout, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    above: list[Sequence[object]] = [["Sammanställning från avsändaren"], []] if layout.title else []
    if layout.header_rows == 2:  # a group above the last two columns
        above.append([*[""] * (len(headers) - 2), "Uppgifter"])
    below: list[Sequence[object]] = [[], ["Källa: verksamhetens egna noteringar"]] if layout.note else []
    lines = [*above, headers, *rows, *below]
    path = folder / layout.name
    if layout.book:
        {"xlsx": write_xlsx, "xls": write_xls, "ods": write_ods}[layout.book](path, lines)
    else:
        text = "\r\n".join(layout.delimiter.join(quoted(cell, layout.delimiter) for cell in line) for line in lines)
        path.write_bytes(text.encode(layout.encoding))
    return path


def quoted(cell: object, delimiter: str) -> str:
    text = "" if cell is None else str(cell)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in (delimiter, '"')) else text


def write_xlsx(path: Path, lines: Sequence[Sequence[object]]) -> None:
    book = Workbook()
    for line in lines:
        book.active.append([None if cell == "" else cell for cell in line])
    book.save(path)


def write_xls(path: Path, lines: Sequence[Sequence[object]]) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Blad1")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for at, line in enumerate(lines):
        for column, cell in enumerate(line):
            if cell not in (None, ""):
                sheet.write(at, column, cell, *([day] if isinstance(cell, dt.date) else []))
    book.save(str(path))


def write_ods(path: Path, lines: Sequence[Sequence[object]]) -> None:
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Blad1")
    for line in lines:
        row = TableRow()
        for cell in line:
            row.addElement(ods_cell(cell))
        sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))


def ods_cell(cell: object) -> TableCell:
    if cell in (None, ""):
        return TableCell()
    if isinstance(cell, dt.date):
        made = TableCell(valuetype="date", datevalue=cell.isoformat())
    elif isinstance(cell, int | float):
        made = TableCell(valuetype="float", value=cell)
    else:
        made = TableCell(valuetype="string")
    made.addElement(P(text=str(cell)))
    return made


def imported(
    workspace: Workspace, layout: Layout, headers: Sequence[str], rows: Sequence[Sequence[object]], mapping: Mapping
) -> dict[str, pd.DataFrame]:
    """The tables that a written table gives; nothing refused, left out or asked."""
    with TemporaryDirectory() as folder:
        path = write(Path(folder), layout, headers, rows)
        shape = importer.prepare(workspace, path, kind=mapping.kind).tables
        assert len(shape) == 1, [one.view.spot for one in shape]
        now = shape[0].view.mapping
        assert now is not None
        today = dict(zip(headers, now.headers, strict=True))
        uses = tuple(
            use.model_copy(update={"header": today[use.header], "name": use.name or use.header})
            for use in mapping.columns
        )
        one = importer.prepare(workspace, path, given=[mapping.model_copy(update={"columns": uses})])
    assert [(asked.text, [finding.text for finding in one.tables[0].view.findings]) for asked in one.questions] == []
    (read,) = one.tables
    assert read.result is not None
    assert (read.view.counts.read, read.view.counts.refused) == (len(rows), 0)
    return read.result.parsed.tables


places = st.sampled_from([*PLACES, None])
# Far enough back that no form of writing is taken for something else; Swedish letters and signs that must be quoted.
days = st.dates(dt.date(2015, 1, 1), dt.date(2025, 12, 31))
words = st.sampled_from(
    ["Klotter", "Stöld ur bil", "Ordningsstörning; musik", 'Skadegörelse, "tagg"', "Rån|hot", "Övrigt – okänt"]
)  # fmt: skip
amounts = st.one_of(st.integers(0, 5000), st.integers(1, 9999).map(lambda tenths: tenths / 10))


def table_of(*columns: st.SearchStrategy[object]) -> st.SearchStrategy[list[tuple[object, ...]]]:
    return st.lists(st.tuples(*columns), min_size=4, max_size=12)


@QUICK
@given(layout=layouts(), rows=table_of(days, words, places, st.integers(1, 40)))
def test_events(workspace: Workspace, layout: Layout, rows: list[tuple[dt.date, str, str | None, int]]) -> None:
    headers = ["Datum", "Händelse", "Plats", "Antal"]
    mapping = Mapping(name="Prov", kind="events", columns=(
        ColumnUse(header="Datum", field="occurred"), ColumnUse(header="Händelse", field="category"),
        ColumnUse(header="Plats", field="place"), ColumnUse(header="Antal", field="count"),
    ))  # fmt: skip
    found = imported(
        workspace,
        layout,
        headers,
        [(written_date(day, layout), what, where, n) for day, what, where, n in rows],
        mapping,
    )["event"]
    given_rows = [(pd.Timestamp(day), what, PLACES.get(where or "", ""), n) for day, what, where, n in rows]
    columns = (found["occurred_from"], found["category"], found["area_id"].fillna(""), found["events"])
    assert list(zip(*columns, strict=True)) == given_rows


@QUICK
@given(
    layout=layouts(),
    rows=st.lists(st.tuples(st.sampled_from([*PLACES]), st.integers(2010, 2025), amounts), min_size=4, max_size=12,
                  unique_by=lambda row: row[:2]),
)  # fmt: skip
def test_observations_in_rows(workspace: Workspace, layout: Layout, rows: list[tuple[str, int, float]]) -> None:
    headers = ["Ort", "År", "Index"]
    mapping = Mapping(name="Prov", kind="observations", form="long", options={"unit": "index"}, decimal=layout.decimal, columns=(  # noqa: E501
        ColumnUse(header="Ort", field="place"), ColumnUse(header="År", field="period"), ColumnUse(header="Index", field="value"),  # noqa: E501
    ))  # fmt: skip
    written = [(where, year, written_number(value, layout)) for where, year, value in rows]
    found = imported(workspace, layout, headers, written, mapping)["observation"]
    columns = (found["area_id"], found["period_label"], found["value"])
    assert list(zip(*columns, strict=True)) == [(PLACES[where], str(year), value) for where, year, value in rows]


@QUICK
@given(
    layout=layouts(),
    years=st.integers(2012, 2020),
    values=st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=4, max_size=4),
)
def test_observations_in_columns(workspace: Workspace, layout: Layout, years: int, values: list[list[float]]) -> None:
    headers = ["Ort", *(str(years + at) for at in range(3))]
    mapping = Mapping(
        name="Prov", kind="observations", form="wide", options={"unit": "index", "indicator": "Index"},
        decimal=layout.decimal,
        columns=(
            ColumnUse(header="Ort", field="place"), *(ColumnUse(header=year, field="value") for year in headers[1:])
        ),
    )  # fmt: skip
    written = [(where, *(written_number(v, layout) for v in row)) for where, row in zip(PLACES, values, strict=True)]
    found = imported(workspace, layout, headers, written, mapping)["observation"]
    wanted = {
        (PLACES[where], year): value
        for where, row in zip(PLACES, values, strict=True)
        for year, value in zip(headers[1:], row, strict=True)
    }
    assert dict(zip(zip(found["area_id"], found["period_label"], strict=True), found["value"], strict=True)) == wanted


ANSWERS = ("Mycket otrygg", "Ganska otrygg", "Ganska trygg", "Mycket trygg", "Vet ej")
answers = st.sampled_from(ANSWERS)


@QUICK
@given(
    layout=layouts(), rows=table_of(places, st.sampled_from(["Kvinna", "Man"]), answers, st.sampled_from(["Ja", "Nej"]))
)
def test_answers(workspace: Workspace, layout: Layout, rows: list[tuple[str | None, str, str, str]]) -> None:
    headers = ["Nr", "Ort", "Kön", "Hur trygg är du?", "Har du varit utsatt?"]
    options = {"survey": "Prov", "wave": "2025"}
    mapping = Mapping(name="Prov", kind="answers", form="respondents", options=options, columns=(
        ColumnUse(header="Nr", field="respondent"), ColumnUse(header="Ort", field="place"),
        ColumnUse(header="Kön", field="group"),
        ColumnUse(header="Hur trygg är du?", field="question", scale=ANSWERS[:4]),
        ColumnUse(header="Har du varit utsatt?", field="question"),
    ))  # fmt: skip
    written = [(f"R{at}", *row) for at, row in enumerate(rows)]
    found = imported(workspace, layout, headers, written, mapping)["survey_answer"]
    said = set(zip(found["respondent"], found["area_id"].fillna(""), found["groups"], found["answer"], strict=True))
    assert len(found) == 2 * len(rows)
    assert said == {
        (f"R{at}", PLACES.get(where or "", ""), f"kön={sex}", answer)
        for at, (where, sex, *both) in enumerate(rows)
        for answer in both
    }


@QUICK
@given(
    layout=layouts(),
    rows=st.lists(st.tuples(st.sampled_from([*PLACES]), days, st.integers(0, 200), st.integers(0, 200)), min_size=4,
                  max_size=12, unique_by=lambda row: row[:2]),
)  # fmt: skip
def test_participation(workspace: Workspace, layout: Layout, rows: list[tuple[str, dt.date, int, int]]) -> None:
    headers = ["Skola", "Datum", "Anmälda", "Aktiva"]
    mapping = Mapping(name="Prov", kind="participation", options={"activity": "HackShield"}, columns=(
        ColumnUse(header="Skola", field="place"), ColumnUse(header="Datum", field="date"),
        ColumnUse(header="Anmälda", field="number"), ColumnUse(header="Aktiva", field="number"),
    ))  # fmt: skip
    written = [(where, written_date(day, layout), *numbers) for where, day, *numbers in rows]
    found = imported(workspace, layout, headers, written, mapping)["observation"]
    assert sorted(zip(found["area_id"], found["period_label"], found["value"], strict=True)) == sorted(
        (PLACES[where], day.isoformat(), float(number)) for where, day, *numbers in rows for number in numbers
    )


@QUICK
@given(
    layout=layouts(),
    rows=st.lists(st.tuples(st.sampled_from([*PLACES]), days, st.integers(0, 20), st.integers(0, 20)), min_size=4,
                  max_size=12, unique_by=lambda row: row[:2]),
)  # fmt: skip
def test_inspections(workspace: Workspace, layout: Layout, rows: list[tuple[str, dt.date, int, int]]) -> None:
    headers = ["Plats", "Datum", "Belysning", "Skötsel"]
    options = {"inspection": "Rond", "highest": "20"}
    mapping = Mapping(name="Prov", kind="inspections", form="wide", options=options, columns=(
        ColumnUse(header="Plats", field="place"), ColumnUse(header="Datum", field="date"),
        ColumnUse(header="Belysning", field="score"), ColumnUse(header="Skötsel", field="score"),
    ))  # fmt: skip
    written = [(where, written_date(day, layout), *scores) for where, day, *scores in rows]
    found = imported(workspace, layout, headers, written, mapping)["observation"]
    assert sorted(zip(found["area_id"], found["period_label"], found["value"], strict=True)) == sorted(
        (PLACES[where], day.isoformat(), float(score)) for where, day, *scores in rows for score in scores
    )


@pytest.mark.parametrize("epoch", [1900, 1904])
def test_dates_in_workbooks_of_both_epochs(workspace: Workspace, tmp_path: Path, epoch: int) -> None:
    book = Workbook()
    book.epoch = {1900: dt.datetime(1899, 12, 30), 1904: dt.datetime(1904, 1, 1)}[epoch]
    for row in (["Datum", "Händelse"], [dt.datetime(2025, 3, 4, 21, 30), "Rån"], [dt.date(2025, 3, 5), "Rån"]):
        book.active.append(row)
    book.save(tmp_path / "Prov.xlsx")
    mapping = Mapping(name="Prov", kind="events", columns=(
        ColumnUse(header="Datum", field="occurred"), ColumnUse(header="Händelse", field="category")
    ))  # fmt: skip
    (read,) = importer.prepare(workspace, tmp_path / "Prov.xlsx", given=[mapping]).tables
    assert read.result is not None
    assert list(read.result.parsed.tables["event"]["occurred_from"]) == [
        pd.Timestamp(2025, 3, 4, 21, 30), pd.Timestamp(2025, 3, 5)
    ]  # fmt: skip
