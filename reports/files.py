"""The figures of an exhibit as text: CSV for Swedish Excel, and what must follow figures wherever they go."""

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


def _written(table: pd.DataFrame) -> pd.DataFrame:
    """The table as it is written: text and headings harmless, and whole numbers without decimals."""
    out = table.map(harmless).set_axis([str(harmless(heading)) for heading in table.columns], axis=1)
    whole = {name: "Int64" for name in out.select_dtypes("float") if _is_whole(out[name])}
    return out.astype(whole)


def _is_whole(column: pd.Series) -> bool:
    """Whether every number is whole (a column with gaps holds counts as floats) and small enough to be exact."""
    known = column.dropna()
    return bool((known.abs() < _EXACT).all() and (known % 1 == 0).all())


def harmless(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value[:1] in _STARTS_FORMULA else value
