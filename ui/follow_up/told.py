"""A goal as the figures tell of it: its series, where it stands, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from charts import follow_up as drawn
from charts.exhibit import Exhibit, Provenance
from charts.swedish import today
from queries import measured as measuring
from queries import outcomes
from queries.measured import Measured
from store.records import Goal
from store.records.choices import Direction
from ui import parts
from ui.facts import ask


@dataclass(frozen=True)
class Told:
    """A goal with its series (None: it has none) and where it stands. ``starts``: when its measures began (day and
    name), the first first; ``what``: the series in few words."""

    goal: Goal
    measured: Measured | None
    what: str
    terms: outcomes.Terms
    starts: tuple[tuple[date, str], ...]
    found: outcomes.GoalOutcome

    @property
    def place(self) -> str:
        """Where the goal is."""
        return self.goal.place or "kommunen"


def told_of(goal: Goal, measures: pd.DataFrame) -> Told:
    """``measures``: those that work for the goal, as rows of the work."""
    known = measures[measures["starts_on"].notna()].sort_values("starts_on")
    starts = tuple((day.date(), str(name)) for day, name in zip(known["starts_on"], known["title"], strict=True))
    measured = Measured.from_json(goal.measured)
    terms = outcomes.Terms(
        goal.direction == Direction.FALL, _figure(goal.baseline), _figure(goal.baseline_lower),
        _figure(goal.baseline_upper), _figure(goal.target), goal.due_on,
    )  # fmt: skip
    found = ask(outcomes.outcome, measured, terms, starts[0][0] if starts else None, today())
    what = (measured.label if measured else "") or goal.indicator or goal.title
    return Told(goal, measured, what, terms, starts, found)


def _figure(value: float | None) -> float:
    return np.nan if value is None else float(value)


def sentence(told: Told) -> str:
    """Where the goal stands, in words."""
    unit, decimals = ask(measuring.unit, told.measured) if told.measured else ("", 0)
    return drawn.sentence(told.found, told.terms, told.goal.baseline_period, unit, decimals)


def exhibit(told: Told) -> Exhibit | None:
    """The series with start, baseline, target and verdict; None without figures."""
    if told.measured is None:
        return None
    points = ask(outcomes.points, told.measured)
    if points.empty:
        return None
    unit, decimals = ask(measuring.unit, told.measured)
    words = sentence(told)
    return Exhibit(
        id=f"mal-{told.goal.id}",
        finding=drawn.finding(told.what, told.place, told.found),
        sentence=words,
        unit=f"{unit}, år för år" if told.measured.kind != measuring.SURVEY else f"{unit}, mätning för mätning",
        place=told.place,
        period=f"{points['label'].iloc[0]}–{points['label'].iloc[-1]}" if len(points) > 1 else points["label"].iloc[0],
        sources=sources(told.measured),
        table=drawn.table(points, unit),
        figure=drawn.figure(points, told.terms, told.starts, decimals),
        alt=f"En linje med utgångsläge, mål och åtgärdens start. {words}",
        measured=told.measured.as_json(),
    )


def sources(measured: Measured) -> tuple[Provenance, ...]:
    """Where the series comes from."""
    rows = ask(outcomes.sources, measured)
    return tuple(parts.provenance(*one) for one in zip(rows["citation"], rows["received_at"], strict=True))
