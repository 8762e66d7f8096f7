"""The figures of an exhibit as files for people: CSV for Swedish Excel, and a workbook."""

from __future__ import annotations

import io
from datetime import date

import pandas as pd

from charts import swedish
from charts.exhibit import Exhibit

_STARTS_FORMULA = {"=", "+", "-", "@", "\t", "\r", "\n"}

#: Whole numbers below this are exact as floats.
_EXACT = 2**53


def provenance_rows(exhibit: Exhibit, build_id: str, exported: date) -> list[tuple[str, str]]:
    """What must follow the figures wherever they go, as (heading, text) in Swedish."""
    return [
        *([("Obs", exhibit.mark)] if exhibit.mark else []),
        ("Rubrik", exhibit.finding),
        ("Vad siffrorna visar", exhibit.sentence),
        ("Plats", exhibit.place),
        ("Period", exhibit.period),
        ("Enhet", exhibit.unit),
        *exhibit.filters,
        *(("Källa", f"{source.citation} (levererad {swedish.date(source.delivered)})") for source in exhibit.sources),
        ("Uttaget", f"{swedish.date(exported)} ur bygge {build_id}"),
    ]


def as_csv(exhibit: Exhibit, build_id: str, exported: date) -> bytes:
    """Semicolons, decimal commas and a BOM, as Swedish Excel opens it; source, filters and period below the figures."""
    buffer = io.StringIO()
    _written(exhibit.table).to_csv(buffer, sep=";", decimal=",", index=False, lineterminator="\r\n")
    below = pd.DataFrame([("", ""), *provenance_rows(exhibit, build_id, exported)])
    _written(below).to_csv(buffer, sep=";", index=False, header=False, lineterminator="\r\n")
    return buffer.getvalue().encode("utf-8-sig")


def as_workbook(exhibit: Exhibit, build_id: str, exported: date) -> bytes:
    """A workbook with the figures as real numbers on one sheet and their source, filters and period on another."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    figures = book.active
    figures.title = "Siffror"
    table = _written(exhibit.table)
    figures.append(list(table.columns))
    for row in table.itertuples(index=False):
        figures.append([None if pd.isna(value) else value for value in row])
    for number, heading in enumerate(table.columns, start=1):
        widest = max([len(heading), *(len(str(value)) for value in table[heading].head(200))])
        figures.column_dimensions[get_column_letter(number)].width = min(max(widest + 2, 10), 60)
        figures.cell(1, number).font = Font(bold=True)
        figures.cell(1, number).alignment = Alignment(wrap_text=True, vertical="top")
    figures.freeze_panes = "A2"
    figures.auto_filter.ref = figures.dimensions
    about = book.create_sheet("Källa")
    for heading, text in provenance_rows(exhibit, build_id, exported):
        about.append([_harmless(heading), _harmless(text)])
    about.column_dimensions["A"].width = 22
    about.column_dimensions["B"].width = 100
    for row in about.iter_rows():
        row[0].font = Font(bold=True)
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _written(table: pd.DataFrame) -> pd.DataFrame:
    """The table as it is written: text and headings harmless, and whole numbers without decimals."""
    out = table.map(_harmless).set_axis([str(_harmless(heading)) for heading in table.columns], axis=1)
    whole = {name: "Int64" for name in out.select_dtypes("float") if _is_whole(out[name])}
    return out.astype(whole)


def _is_whole(column: pd.Series) -> bool:
    """Whether every number is whole (a column with gaps holds counts as floats) and small enough to be exact."""
    known = column.dropna()
    return bool((known.abs() < _EXACT).all() and (known % 1 == 0).all())


def _harmless(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value[:1] in _STARTS_FORMULA else value
