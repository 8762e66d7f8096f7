"""Values as they come from forms and tables, made into what the columns hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from store.records.base import About, Row
from store.records.errors import Fault


def tidied(model: type[Row], values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The values as their columns hold them, and faults for those that cannot be. TypeError for unknown columns.

    Numbers of NumPy and pandas become Python's, days with a time become days, choices become what is stored, and what
    pandas writes for nothing becomes nothing (an empty text in a column of texts).
    """
    columns = {column.name: column for column in model.__table__.columns if "about" in column.info}
    unknown = values.keys() - columns.keys()
    if unknown:
        raise TypeError(f"{model.__name__} has no columns {', '.join(sorted(unknown))} to write")
    tidy: dict[str, Any] = {}
    faults = []
    for name, value in values.items():
        column = columns[name]
        what: About = column.info["about"]
        if value is None or (getattr(value, "shape", None) is None and value != value):  # NaN, NaT
            default = column.default.arg if column.default is not None else None
            tidy[name] = default
            continue
        try:
            tidy[name] = _as(column.type.python_type, value)
        except (TypeError, ValueError):
            faults.append(Fault(name, f"«{what.label}» ska vara {_KINDS[column.type.python_type]}."))
    return tidy, faults


_KINDS = {
    int: "ett heltal",
    float: "ett tal",
    date: "en hel dag: år, månad och dag",
    bool: "ja eller nej",
    str: "en text",
}


def _as(kind: type, value: Any) -> Any:
    return _WAYS[kind](value) if kind in _WAYS else value


def _text(value: Any) -> str:
    if isinstance(value, StrEnum):
        return value.value
    if not isinstance(value, str):
        raise TypeError(value)
    return value.replace("\x00", "").strip()


def _whole(value: Any) -> int:
    if isinstance(value, bool | str) or int(value) != value:
        raise TypeError(value)
    return int(value)


def _figure(value: Any) -> float:
    if isinstance(value, bool | str) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise TypeError(value)
    return value


def _yes(value: Any) -> bool:
    if value not in (True, False):
        raise TypeError(value)
    return bool(value)


_WAYS = {str: _text, int: _whole, float: _figure, date: _day, bool: _yes}
