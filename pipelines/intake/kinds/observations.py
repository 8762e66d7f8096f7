"""Figures per area and period as the sender has counted them: long (a row per period) or wide (a column per period)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.intake import headers, numbers
from pipelines.intake.cells import shown
from pipelines.intake.kinds.fields import Fields, Floats, When, Where, as_text
from pipelines.intake.kinds.figures import Figures
from pipelines.intake.kinds.result import Result
from store.intake import Choice, ColumnUse
from store.kinds import KINDS

THEME = "Lokala mått"

_COUNTED = "antal"
_SHARES = next(option.choices for option in KINDS["observations"].options if option.id == "share")
#: Shares can be somewhat more than the whole, as when more came than were invited.
_MOST_SHARE = 1.5


def read(fields: Fields, source_id: str) -> Result:
    """The figures of a table. Refused are rows with a value that is no number, or whose period cannot be read."""
    figures = Figures(fields, source_id, THEME)
    where = fields.where()
    if fields.mapping.form == "wide":
        for use in fields.uses("value"):
            _column(figures, use, _period_of(fields, use), where)
    else:
        when = fields.when("period") if fields.use("period") else fields.moment_of(fields.option("period"))
        if when is None:
            fields.ask("option.period", "options.period", "Vilken period gäller siffrorna?", "Ingen kolumn säger det.")
        for use in fields.uses("value"):
            _column(figures, use, when, where)
    return figures.result(where)


def _period_of(fields: Fields, use: ColumnUse) -> When | None:
    """The period that a header says; a month or week without its year lies in the period that was said of all."""
    heading = use.name or use.header
    own = _headed_twice(fields, heading)
    if own is not None:
        return own
    said = fields.moment_of(fields.option("period"))
    if said is None:
        return fields.moment_of(heading, hint="Säg vilket år eller läsår rubrikerna gäller.")
    return _within(fields, heading, said) or fields.moment_of(
        heading, hint=f"Den ligger inte i {fields.option('period')}."
    )


def _headed_twice(fields: Fields, heading: str) -> When | None:
    """The period of a header on two rows: a month or week, under the term or year that it lies in."""
    *above, last = headers.parts(heading)
    if not above or not headers.is_yearless_period(last):
        return None
    said = next((found for text in reversed(above) if (found := fields.moment_of(text, ask=False))), None)
    return _within(fields, last, said) if said is not None else None


def _within(fields: Fields, heading: str, said: When) -> When | None:
    """The period that a header says, with or without its year, when it lies in the period ``said``."""
    years = range(said.first[0].astype(object).year, said.last[0].astype(object).year + 1)
    for text in (heading, *(f"{heading} {year}" for year in years)):
        found = fields.moment_of(text, ask=False)
        if found is not None and found.first[0] >= said.first[0] and found.last[0] <= said.last[0]:
            return found
    return None


def _column(figures: Figures, use: ColumnUse, when: When | None, where: Where) -> None:
    """The figures of one value column."""
    fields = figures.fields
    if when is None:
        return
    value, bad, status = fields.number(use)
    fields.notes.refuse(bad, use.header, "Värdet är inget tal.", "Rätta värdet, eller lämna cellen tom.")
    unit = _unit(fields, use)
    if unit == _COUNTED:
        fields.notes.refuse(value < 0, use.header, "Antalet är negativt.", "Rätta antalet.")
    if _is_percent(unit):
        value = _percent(fields, use, value)
    parts = [(one.name or one.header, as_text(fields.rows.columns[one.header])) for one in fields.uses("breakdown")]
    figures.add(_indicators(figures, use, value), value, status, when, where, parts, _base(fields))


def _base(fields: Fields) -> Floats | None:
    """How many each figure builds on."""
    use = fields.use("base")
    if use is None:
        return None
    base, bad, _ = fields.number(use)
    fields.notes.refuse(bad | (base < 0), use.header, "Basen är inget antal.", "Rätta basen, eller lämna cellen tom.")
    return base


def _unit(fields: Fields, use: ColumnUse) -> str:
    return use.unit or fields.option("unit") or _COUNTED


def _is_percent(unit: str) -> bool:
    return "procent" in unit.casefold() or "%" in unit


def _percent(fields: Fields, use: ColumnUse, value: Floats) -> Floats:
    """The values in per cent. A workbook holds 93 % as 0.93, and so does many a text: somebody must say which it is."""
    column = fields.rows.columns[use.header]
    signed = column.spread(numbers.read(column.values, typed=fields.rows.typed).percent, empty=False)
    bare = ~signed & ~np.isnan(value) & (value != 0)
    small = bare & (np.abs(value) <= 1)
    if 2 * small.sum() <= bare.sum() or fields.option("share") == "procent":
        return value
    if fields.option("share") != "andel":
        first = shown(column.values[column.codes[np.flatnonzero(small)[0]]])
        fields.ask(
            "option.share", "options.share", f"Är «{first}» i «{use.header}» en andel av 1, eller procent?",
            "Enheten är procent, men nästan alla tal är mindre än 1.",
            [Choice(value=one, label=label) for one, label in _SHARES], examples=[first],
        )  # fmt: skip
        return value
    fields.notes.refuse(
        bare & (np.abs(value) > _MOST_SHARE), use.header, "Andelen är större än 1.", "Rätta värdet: 0,93 är 93 procent."
    )
    return np.where(bare, np.round(value * 100, 10), value)


def _indicators(figures: Figures, use: ColumnUse, value: npt.NDArray[np.float64]) -> str | npt.NDArray[np.object_]:
    """The indicator of a value column: one for all rows, or what the indicator column says of each."""
    fields = figures.fields
    unit = _unit(fields, use)
    aggregation = "sum" if unit == _COUNTED else "none"
    given = value[~np.isnan(value)]
    decimals = next((places for places in (0, 1) if np.allclose(given, np.round(given, places), rtol=0, atol=1e-9)), 2)
    column = fields.column("indicator")
    if column is None:
        return figures.indicator(_name(fields, use), unit, aggregation=aggregation, decimals=decimals)
    names = fields.text("indicator")
    fields.notes.refuse(
        names.isna().to_numpy(), fields.header("indicator"), "Måttet saknas.", "Fyll i vad siffran mäter."
    )
    names = names.fillna(_name(fields, use))
    ids = {name: figures.indicator(name, unit, aggregation=aggregation, decimals=decimals) for name in names.unique()}
    return names.map(ids).to_numpy(dtype=object)


def _name(fields: Fields, use: ColumnUse) -> str:
    """What a value column measures: what was said of all, unless several columns are measures of their own."""
    said = fields.option("indicator")
    if fields.mapping.form == "wide":
        if not said and fields.use("indicator") is None:
            fields.ask("option.indicator", "options.indicator", "Vad mäter siffrorna?", "Rubrikerna är perioder.")
        return said or fields.mapping.name
    own = use.name or use.header
    if len(fields.uses("value")) == 1:
        return said or own
    return f"{said}: {own}" if said else own
