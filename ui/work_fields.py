"""Fields for the work's columns: one widget per column, by what the column holds."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeVar

import streamlit as st

from charts.swedish import date as swedish_date
from charts.swedish import number, today
from store.records import About, Row, about

R = TypeVar("R", bound=Row)

#: What stands in a choice where nothing is chosen.
_NOTHING = "–"
#: Whole numbers with at most this highest value are chosen, not written.
_FEW = 10
_YEARS_BACK, _YEARS_ON = 6, 10
_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


def opened(row: R) -> R:
    """The row as it was when its form came on screen: what a save must be compared with.

    Streamlit reads the page anew when a form is sent; the row read then may be somebody else's later version.
    """
    key = f"opened-{row.__tablename__}-{row.id}"
    held: R | None = st.session_state.get(key)
    if held is None or not _on_screen(held):
        st.session_state[key] = held = row
    return held


def forget(row: Row) -> None:
    """Let the form show the row as it is now."""
    st.session_state.pop(f"opened-{row.__tablename__}-{row.id}", None)


def value_in_words(model: type[Row], name: str, value: Any) -> str:
    """What stands in a column, as a reader is told it; days also as the history keeps them (ISO)."""
    choices = about(model, name).choices
    if value is None or value == "":
        return "–"
    if choices:
        return next(choice.label for choice in choices if choice == value)
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if model.__table__.columns[name].type.python_type is date:
        return swedish_date(date.fromisoformat(str(value)))
    return number(value) if isinstance(value, int | float) else str(value)


def form_fields(
    model: type[Row],
    row: Row | None,
    columns: Sequence[str],
    options: Mapping[str, Mapping[Any, str]] | None = None,
    *,
    part: str = "",
    labels: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Draw a field for each column, filled in from ``row``, and return what stands in them.

    ``options`` gives, for a column, the values to choose between and what they are called (a reference to another
    table). ``part`` tells two forms of the same row, or two new rows, apart. ``labels`` are for columns whose own name
    would stand many times on the page.
    """
    shown = opened(row) if row is not None else None
    answers = {}
    for column in columns:
        default = _default(model, column) if shown is None else getattr(shown, column)
        key = _key(model, shown, column, part)
        label = (labels or {}).get(column) or _label(about(model, column))
        answers[column] = _field(model, column, label, default, key, (options or {}).get(column))
    return answers


def _key(model: type[Row], row: Row | None, column: str, part: str) -> str:
    which = f"{row.id}.{row.version}" if row is not None else f"ny.{st.session_state.get(_count(model), 0)}"
    return f"field-{model.__tablename__}.{which}.{column}.{part}"


def _count(model: type[Row]) -> str:
    return f"made-{model.__tablename__}"


def empty_form(model: type[Row]) -> None:
    """Begin the form of a new row from nothing, once what stood in it has been saved."""
    st.session_state[_count(model)] = st.session_state.get(_count(model), 0) + 1


def _on_screen(row: Row) -> bool:
    begins = f"field-{row.__tablename__}.{row.id}.{row.version}."
    return any(str(key).startswith(begins) for key in st.session_state)


def _default(model: type[Row], column: str) -> Any:
    default = model.__table__.columns[column].default
    return None if default is None else default.arg


def _label(what: About) -> str:
    return what.label + (f" ({what.unit})" if what.unit else "") + (" – krävs" if what.required else "")


def _field(model: type[Row], column: str, label: str, value: Any, key: str, options: Mapping[Any, str] | None) -> Any:
    what = about(model, column)
    kind = model.__table__.columns[column].type.python_type
    if options is not None:
        return _choose(label, options, value, key, optional=not what.required)
    if what.choices:
        named = {choice.value: choice.label for choice in what.choices}
        default = _default(model, column)
        chosen = _choose(label, named, value or None, key, optional=not default)
        return chosen or ""
    if kind is bool:
        return st.checkbox(label, value=bool(value), key=key)
    if kind is date:
        return _day(label, value, key)
    if kind in (int, float):
        return _number(label, what, kind, value, key)
    return _text(label, what, value, key)


def _choose(
    label: str,
    named: Mapping[Any, str],
    value: Any,
    key: str,
    *,
    optional: bool,
    nothing: str = _NOTHING,
    width: int | Literal["stretch"] = "stretch",
    labelled: bool = True,
) -> Any:
    # Not None for nothing: beside it the client shows a cross that clears it.
    values = [*([""] if optional or value not in named else []), *named]
    index = values.index(value) if value in values else 0
    chosen = st.selectbox(
        label, values, index=index, key=key, width=width, format_func=lambda it: named.get(it, nothing),
        label_visibility="visible" if labelled else "hidden", placeholder="Skriv för att söka",
    )  # fmt: skip
    return None if chosen == "" else chosen


def _number(label: str, what: About, kind: type, value: Any, key: str) -> Any:
    low, high = what.lowest, what.highest
    if kind is int and low is not None and high is not None and high <= _FEW:
        named = {number: str(number) for number in range(int(low), int(high) + 1)}
        return _choose(label, named, value, key, optional=not what.required)
    if kind is int:
        lowest, highest = (None if limit is None else int(limit) for limit in (low, high))
        return st.number_input(label, lowest, highest, value, 1, key=key, placeholder="")
    return st.number_input(label, low, high, value, key=key, placeholder="", format="%.10g")


def _text(label: str, what: About, value: Any, key: str) -> str:
    draw = st.text_area if what.long else st.text_input
    return str(draw(label, value=value or "", key=key))


def _day(label: str, value: date | None, key: str) -> Any:
    """Year, month and day to choose; a day, nothing, or, when only some are chosen, a text that no column takes."""
    day = today()
    first = min(value.year if value else day.year, day.year - _YEARS_BACK)
    years = {year: str(year) for year in range(first, day.year + _YEARS_ON + 1)}
    months = dict(enumerate(_MONTHS, start=1))
    days = {number: str(number) for number in range(1, 32)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        year = _choose(label, years, value and value.year, f"{key}-year", optional=True, nothing="År", width=92)
        month = _choose(
            f"{label}, månad", months, value and value.month, f"{key}-month",
            optional=True, nothing="Månad", width=128, labelled=False,
        )  # fmt: skip
        day = _choose(
            f"{label}, dag", days, value and value.day, f"{key}-day",
            optional=True, nothing="Dag", width=76, labelled=False,
        )  # fmt: skip
    if year is None and month is None and day is None:
        return None
    if year and month and day and day <= monthrange(year, month)[1]:
        return date(year, month, day)
    return f"{year or ''}-{month or ''}-{day or ''}"
