"""Frames in the exact shape of ``store.schema``: made from partial columns, and checked."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from pipelines.source import Indicator
from store.schema import INDICATOR, TABLES

_DTYPES = {
    "VARCHAR": "string",
    "DOUBLE": "Float64",
    "BIGINT": "Int64",
    "INTEGER": "Int64",
    "BOOLEAN": "boolean",
    "DATE": "datetime64[s]",
    "TIMESTAMP": "datetime64[us]",
}

#: Values used for columns that a parser leaves out.
_DEFAULTS: dict[str, Any] = {"breakdown": "", "status": "final", "placement": "placed", "events": 1}


def conform(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with exactly the columns and types of ``table`` (``delivery_id`` left out), missing ones empty.

    Raises ValueError for unknown columns, empty required cells, values outside a column's list, or repeated keys.
    """
    shaped = shape(table, frame)
    check(table, shaped)
    return shaped


def shape(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` as ``conform`` makes it, before its cells are checked. Raises ValueError for unknown columns."""
    columns = [column for column in TABLES[table].columns if column.name != "delivery_id"]
    unknown = set(frame.columns) - {column.name for column in columns}
    if unknown:
        raise ValueError(f"{table}: unknown columns {sorted(unknown)}")
    out = pd.DataFrame(index=frame.index)
    for column in columns:
        dtype: Any = _DTYPES[column.type]
        if column.name in frame:
            out[column.name] = frame[column.name].astype(dtype)
        else:
            out[column.name] = pd.Series(_DEFAULTS.get(column.name), index=frame.index, dtype=dtype)
    return out.reset_index(drop=True)


def check(table: str, frame: pd.DataFrame) -> None:
    """What ``conform`` raises for the cells of a frame that ``shape`` has made."""
    spec = TABLES[table]
    for column in spec.columns:
        if column.name not in frame:
            continue
        values = frame[column.name]
        if not column.nullable and values.isna().any():
            raise ValueError(f"{spec.name}.{column.name}: empty in row {values.isna().idxmax()}")
        strange = set(values.dropna().unique()) - set(column.allowed) if column.allowed else set()
        if strange:
            raise ValueError(f"{spec.name}.{column.name}: not allowed: {sorted(strange)}")
    repeated = frame.duplicated(list(spec.key)) if spec.key else pd.Series(False, index=frame.index)
    if repeated.any():
        raise ValueError(f"{spec.name}: repeated key {frame.loc[repeated, list(spec.key)].iloc[0].to_dict()}")


def indicator_frame(source_id: str, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """Declared indicators as rows of the indicator table."""
    rows = [
        {
            "indicator_id": i.id, "source_id": source_id, "name": i.name, "unit": i.unit, "theme": i.theme,
            "polarity": i.polarity, "aggregation": i.aggregation, "decimals": i.decimals, "part_of": i.part_of,
            "description": i.description, "caveats": "\n".join(i.caveats) or None,
        }
        for i in indicators
    ]  # fmt: skip
    return conform("indicator", pd.DataFrame(rows, columns=INDICATOR.column_names))


def slug(text: str) -> str:
    """An id made of a Swedish text: a-z, digits and underscores, the same however it is spaced or capitalised.

    What cannot be told from the letters that are left (å, commas) is told by six figures of a hash, so that "Mord" and
    "Mörd" never become the same. Empty only for a text without anything in it.
    """
    told = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    plain = re.sub(r"[^a-z0-9]+", "_", unicodedata.normalize("NFKD", told).encode("ascii", "ignore").decode())
    if not told or re.fullmatch(r"[a-z0-9]+(?: [a-z0-9]+)*", told):
        return plain
    return "_".join(filter(None, [plain.strip("_"), hashlib.sha256(told.encode()).hexdigest()[:6]]))


def year_period(year: int) -> dict[str, Any]:
    """The period columns of a calendar year."""
    return _period("year", date(year, 1, 1), date(year, 12, 31), str(year))


def quarter_period(year: int, quarter: int) -> dict[str, Any]:
    """The period columns of a quarter, 1-4."""
    following = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return _period("quarter", date(year, quarter * 3 - 2, 1), following - timedelta(days=1), f"{year} kv {quarter}")


#: The months' names, January first.
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip


def month_period(year: int, month: int) -> dict[str, Any]:
    """The period columns of a month, 1-12."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return _period("month", date(year, month, 1), following - timedelta(days=1), f"{MONTHS[month - 1]} {year}")


def school_year_period(start_year: int) -> dict[str, Any]:
    """The period columns of a school year, 1 July to 30 June, named 2024/25."""
    label = f"{start_year}/{(start_year + 1) % 100:02d}"
    return _period("school_year", date(start_year, 7, 1), date(start_year + 1, 6, 30), label)


def _period(kind: str, first: date, last: date, label: str) -> dict[str, Any]:
    return {
        "period_type": kind,
        "period_start": pd.Timestamp(first),
        "period_end": pd.Timestamp(last),
        "period_label": label,
    }
