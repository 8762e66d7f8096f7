"""The table that a reader can put together of views of events cut in time: places by categories by parts of time.

Only for ``event_rows.cut``, which gives it to the gate: nothing here is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.disclosure import ALL, FINAL, HIDDEN, SMALLEST

Floats = NDArray[np.float64]

#: The row of all places or categories without a view, events without a known place among them; and the part of time of
#: events that are in none.
REST = "–"

DIMENSIONS = ["district", "category", "group", "part"]


@dataclass(frozen=True)
class Cutting:
    """How events are cut: ``parts`` cuts rows into numbers (n), a view is shown when at most ``most_hidden`` of them
    are under ``size``, and of the sum of so many parts ``together`` (or of all events) the exact number is told.
    ``lost``: (district, category) of those whose exact number is not, since a year of theirs is hidden."""

    parts: Callable[[pd.DataFrame], Floats]
    size: int
    most_hidden: float
    together: int | None
    lost: set[tuple[str, str]]

    def enough(self, counts: Floats) -> bool:
        """Whether so few of the parts are small that they can be shown."""
        return bool((counts < self.size).mean() <= self.most_hidden)


def views(rows: pd.DataFrame, cutting: Cutting) -> pd.DataFrame:
    """The table of ``rows`` (as ``event_rows.within``, of the whole municipality) with its totals: DIMENSIONS, of which
    ``group`` has none (each group's sum is told), events, and what is ``known`` to the reader or ``unseen``."""
    named = rows.assign(**{by: _with_view(rows, by, cutting) for by in DIMENSIONS[:2]})
    labels = [[*sorted(set(named[by]) - {REST}), REST] for by in DIMENSIONS[:2]]
    lines, none = dict(list(named.groupby(DIMENSIONS[:2]))), named.iloc[:0]
    body = np.array([[_line(lines.get((place, kind), none), cutting) for kind in labels[1]] for place in labels[0]])
    for axis in (0, 1, 3):
        body = np.concatenate([body.sum(axis=axis, keepdims=True), body], axis=axis)
    numbers = [f"{number:04d}" for number in range(max(body.shape[2:]))]
    last = [REST] if cutting.together is None else [numbers[body.shape[3] - 2]]
    every = [*([ALL, *one] for one in labels), numbers[: body.shape[2]], [ALL, *numbers[: body.shape[3] - 2], *last]]
    unseen, known = np.ones(body.shape, dtype=bool), np.zeros(body.shape, dtype=bool)
    # What is put together of several is known only where each of them is.
    lost = {(_among(place, every[0]), _among(kind, every[1])) for place, kind in cutting.lost}
    for (one, place), (two, kind) in _pairs(every):
        line = body[one, two, :, 1:] if cutting.together else body[one, two, :, 1:-1]
        if REST not in (place, kind) and cutting.enough(line.ravel()):
            unseen[one, two, :, 1 : 1 + line.shape[1]] = False
        known[one, two, :, 0] = (body[one, two, :, 0] >= SMALLEST) & ((place, kind) not in lost)
    table = pd.MultiIndex.from_product(every, names=DIMENSIONS).to_frame(index=False)
    return table.assign(events=body.ravel().round(9), known=known.ravel(), unseen=unseen.ravel())


def elsewhere(
    table: pd.DataFrame, together: int | None, hidden: dict[str, set[int]], exact: dict[str, set[int]]
) -> pd.DataFrame:
    """The table with the parts of all categories that are hidden elsewhere, by place, hidden here too, and those that
    are told ``exact`` there known."""
    each = together or 1
    inside = ~table["part"].isin([ALL, REST])
    number = pd.to_numeric(table["group"]) * each + pd.to_numeric(table["part"], errors="coerce")
    own = set(table["district"])
    # The rest is known where each that is put together in it is.
    rest = [parts for place, parts in exact.items() if place == REST or place not in own]
    told = exact | {REST: set.intersection(*rest) if rest else set()}
    lost, known = (
        inside
        & (table["category"] == ALL)
        & np.array([one in parts.get(place, ()) for place, one in zip(table["district"], number, strict=True)])
        for parts in (hidden, told)
    )
    return table.assign(status=np.where(lost, HIDDEN, FINAL), known=table["known"] | known)


def _with_view(rows: pd.DataFrame, by: str, cutting: Cutting) -> pd.Series:
    """The places or categories, those without any view as REST: where not even all their events are enough."""
    found = [name for name, group in rows.groupby(by) if name and cutting.enough(cutting.parts(group))]
    return rows[by].where(rows[by].isin(found), REST)


def _among(name: str, labels: list[str]) -> str:
    return name if name in labels else REST


def _line(rows: pd.DataFrame, cutting: Cutting) -> Floats:
    """Groups by parts of the events of a place and category; without groups, those that are in no part as well."""
    counts = cutting.parts(rows)
    if cutting.together:
        return counts.reshape(-1, cutting.together)
    return np.append(counts, max(float(rows["events"].sum()) - counts.sum(), 0.0))[None, :]


def _pairs(every: list[list[str]]) -> list[tuple[tuple[int, str], tuple[int, str]]]:
    return [(one, two) for one in enumerate(every[0]) for two in enumerate(every[1])]
