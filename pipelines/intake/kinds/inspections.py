"""Inspections: scores of a place on what is judged there, one row per judgement or one column per aspect."""

from __future__ import annotations

import numpy as np

from pipelines.intake.kinds.fields import Fields, as_text
from pipelines.intake.kinds.figures import Figures
from pipelines.intake.kinds.result import Result
from store.intake import ColumnUse

THEME = "Trygghetsronder"


def read(fields: Fields, source_id: str) -> Result:
    """The scores of a round. Refused are scores outside the scale, and rows whose date cannot be read."""
    figures = Figures(fields, source_id, THEME)
    where = fields.where()
    when = fields.when("date") if fields.use("date") else fields.moment_of(fields.option("period"))
    highest = _highest(fields)
    if when is None:
        fields.ask("option.period", "options.period", "När gjordes ronden?", "Ingen kolumn säger det.")
    if when is None or highest is None:
        return figures.result(where)
    if fields.use("indicator") is not None:
        fields.notes.refuse(
            fields.text("indicator").isna().to_numpy(), fields.header("indicator"), "Det saknas vad som bedömts.",
            "Fyll i vad poängen gäller, t.ex. belysning.",
        )  # fmt: skip
    spot = fields.use("spot")
    parts = [(spot.name or spot.header, as_text(fields.rows.columns[spot.header]))] if spot else []
    unit = f"poäng (högst {highest:g})"
    for use in fields.uses("score"):
        value, bad, status = fields.number(use)
        fields.notes.refuse(bad, use.header, "Poängen är inget tal.", "Rätta poängen, eller lämna cellen tom.")
        fields.notes.refuse(
            (value < 0) | (value > highest), use.header, f"Poängen ligger utanför skalan 0–{highest:g}.",
            "Rätta poängen, eller ange rätt högsta poäng.",
        )  # fmt: skip
        names = _names(fields, use)
        ids = {
            name: figures.indicator(name, unit, polarity="higher_is_better", decimals=1) for name in np.unique(names)
        }
        figures.add(np.array([ids[name] for name in names], dtype=object), value, status, when, where, parts)
    return figures.result(where)


def _highest(fields: Fields) -> float | None:
    said = fields.option("highest").replace(",", ".")
    try:
        highest = float(said)
    except ValueError:
        highest = 0.0
    if not 0 < highest <= 1000:
        fields.ask(
            "option.highest", "options.highest", "Vilken är den högsta poängen på skalan?",
            f"«{said}» är inget tal mellan 1 och 1 000." if said else "Utan den går poängen inte att kontrollera.",
        )  # fmt: skip
        return None
    return highest


def _names(fields: Fields, use: ColumnUse) -> np.ndarray:
    """What each score is about: the row's own aspect, else the column's name; under the round's name."""
    of_all = use.name or use.header
    inspection = fields.option("inspection") or fields.mapping.name
    aspects = fields.text("indicator").fillna(of_all).to_numpy(dtype=object)
    return np.array([f"{inspection}: {aspect.lower()}" for aspect in aspects], dtype=object)
