"""Participation: how many took part in what, per school, class, office or place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.intake.kinds.fields import Fields, as_text
from pipelines.intake.kinds.figures import Figures
from pipelines.intake.kinds.result import Result

THEME = "Deltagande"
UNIT = "antal"


def read(fields: Fields, source_id: str) -> Result:
    """The numbers of a list. An office is no area: its numbers are the municipality's, told apart by its name.

    Refused are rows with a negative number or one that is no number, and rows whose date cannot be read.
    """
    figures = Figures(fields, source_id, THEME)
    where = fields.where()
    when = fields.when("date") if fields.use("date") else fields.moment_of(fields.option("period"))
    if when is None:
        fields.ask("option.period", "options.period", "När ägde det rum?", "Ingen kolumn säger det.")
        return figures.result(where)
    group = fields.use("group")
    parts = [(group.name or group.header, as_text(fields.rows.columns[group.header]))] if group else []
    activity = _activity(fields)
    for use in fields.uses("number"):
        value, bad, status = fields.number(use)
        fields.notes.refuse(bad, use.header, "Antalet är inget tal.", "Rätta antalet, eller lämna cellen tom.")
        fields.notes.refuse(value < 0, use.header, "Antalet är negativt.", "Rätta antalet.")
        names = activity + ": " + (use.name or use.header).lower()
        ids = {name: figures.indicator(name, UNIT, aggregation="sum") for name in names.unique()}
        figures.add(names.map(ids).to_numpy(dtype=object), value, status, when, where, parts)
    return figures.result(where)


def _activity(fields: Fields) -> pd.Series:
    """The activity of each row: its own, else what was said of all."""
    said = fields.option("activity")
    if fields.use("activity") is None and not said:
        fields.ask("option.activity", "options.activity", "Vilken aktivitet gäller listan?", "Ingen kolumn säger det.")
    if not said and fields.use("activity") is not None:
        fields.notes.refuse(
            fields.text("activity").isna().to_numpy(), fields.header("activity"), "Aktiviteten saknas.",
            "Fyll i vilken aktivitet raden gäller.",
        )  # fmt: skip
    rows = pd.Series(np.full(len(fields.rows), said or fields.mapping.name, dtype=object), dtype="string")
    return fields.text("activity").fillna(rows)
