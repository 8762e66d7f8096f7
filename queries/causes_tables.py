"""What can be told of events by other than kind and district, as tables that reach no further than the gate has seen.

Weekday and time of day are one table, finer kind, part of the year and rapporteur one each, all by district, kind and
year with every total. Nothing is told of two of those tables together, so all that they have in common is the numbers
of kinds and districts (queries.local_tables). Those are taken as known where they are shown, and what parts one that is
hidden is hidden whole. What is not hidden here may be added up and subtracted as anyone likes; it is told in steps
(queries.event_rows.in_steps) all the same. Only for ``causes``: nothing here is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import disclosure
from analysis.disclosure import SMALLEST
from queries import gate
from queries.causes_parts import (
    DETAIL,
    DISTRICT,
    KIND,
    PART_OF_WEEK,
    QUARTER,
    REPORTER,
    TIME,
    UNKNOWN,
    WEEKDAY,
    days_of,
    quarters,
)
from queries.local import HIDDEN
from queries.local_tables import ALL, NOWHERE, Tables
from queries.local_window import Window
from store.warehouse import Build

TABLES = ((WEEKDAY, TIME), (DETAIL,), (QUARTER,), (REPORTER,))

#: A line is told when no more than this share of its parts are too small to show.
MOST_HIDDEN = 0.125

Mask = NDArray[np.bool_]

#: Where events without a known district are, among the districts.
UNPLACED = "-"

#: Which parts of a dimension are asked about.
Chosen = Mapping[str, str]


def table_of(dimensions: Sequence[str]) -> tuple[str, ...] | None:
    """The table that the dimensions are told in together; None when they are not."""
    asked = {WEEKDAY if one == PART_OF_WEEK else one for one in dimensions}
    return next((one for one in TABLES if asked <= set(one)), None)


@dataclass(frozen=True)
class Cells:
    """One table: ``numbers`` (exact) and whether ``lost`` (hidden), by back, district, kind and its own dimensions; and
    the ``size`` of the steps that they are told in."""

    own: tuple[str, ...]
    size: int
    numbers: dict[tuple[object, ...], float]
    lost: dict[tuple[object, ...], bool]

    def at(self, back: int, place: str, category: str, chosen: Chosen) -> tuple[float, bool]:
        """How many in a year, of a place, kind (ALL) and parts, and whether that is hidden.

        The middle of the step, so that sums and differences of what is told tell nothing more.
        """
        days = days_of(chosen[PART_OF_WEEK]) if PART_OF_WEEK in chosen else [ALL]
        keys: list[tuple[object, ...]] = [
            (back, place, category, *((chosen.get(WEEKDAY, day) if one == WEEKDAY else chosen.get(one, ALL))
                                      for one in self.own))
            for day in ([ALL] if WEEKDAY in chosen else days)
        ]  # fmt: skip
        exact = [self.numbers.get(key, 0.0) for key in keys]
        few = self.size > 1 and min(exact) < self.size
        steps = sum(number // self.size * self.size + (self.size - 1) / 2 for number in exact)
        return steps, few or any(self.lost.get(key, True) for key in keys)


@dataclass(frozen=True)
class Cut:
    """The tables of a source: ``rows`` (queries.causes_parts.counts of all kinds), the ``known`` parts of each
    dimension, the ``canonical`` tables that are shown exactly, and the ``size`` of the steps others are told in."""

    build: Build
    municipality_id: str
    source_id: str
    covered: Window
    rows: pd.DataFrame
    known: Mapping[str, list[str]]
    canonical: Tables
    size: int

    def cells(self, dimensions: tuple[str, ...]) -> Cells:
        """The table of the dimensions (one of TABLES), protected."""
        own = tuple(one for one in dimensions if one in self.known)
        every = {
            "back": range(self.covered.months // 12), DISTRICT: sorted(self._placed[DISTRICT].unique()),
            KIND: sorted(self.rows[KIND].unique()), **{one: self.known[one] for one in own},
        }  # fmt: skip
        table = disclosure.complete(self._placed, every, [DISTRICT, KIND, *own])
        told = gate.shown(self.build, self.source_id, self._marked(table, own), list(every), step=self.size)
        keys = list(table[list(every)].itertuples(index=False, name=None))
        lost = (told["status"] == HIDDEN).tolist()
        return Cells(own, self.size, dict(zip(keys, table["events"], strict=True)), dict(zip(keys, lost, strict=True)))

    @cached_property
    def _placed(self) -> pd.DataFrame:
        return self.rows.assign(**{DISTRICT: self.rows["district_id"].replace({NOWHERE: UNPLACED})})

    def _marked(self, table: pd.DataFrame, own: tuple[str, ...]) -> pd.DataFrame:
        """With what the reader knows already, what nobody is shown, and what is hidden elsewhere too."""
        lost = pd.MultiIndex.from_frame(table[["back", DISTRICT, KIND]]).isin(self._lost)
        whole = (table[list(own)] == ALL).all(axis=1).to_numpy()
        small = disclosure.small(table["events"], SMALLEST)
        unseen = lost | ~self._enough(table, own) | (table[DISTRICT] == UNPLACED).to_numpy()
        status = pd.Series("", index=table.index)
        # That there is none of a part anywhere may be known from elsewhere: that no weekday is unknown, say.
        known = whole & ~lost | self._nowhere(table, own)
        if own == (QUARTER,):
            place = pd.MultiIndex.from_frame(table[["back", DISTRICT, QUARTER]])
            here = (table[KIND] == ALL).to_numpy() & ~whole
            elsewhere = place.isin(self._lost_quarters)
            status = status.mask(here & elsewhere, HIDDEN)
            known = known | (here & ~elsewhere & ~lost & ~small)
        return table.assign(known=known, unseen=unseen & ~known, status=status)

    def _nowhere(self, table: pd.DataFrame, own: tuple[str, ...]) -> Mask:
        """Which are of a part that no event has."""
        every = [table["events"].groupby(table[part]).transform("sum") == 0 for part in own]
        return np.asarray(np.any(every, axis=0))

    def _enough(self, table: pd.DataFrame, own: tuple[str, ...]) -> Mask:
        """Which are in lines told of: those of which no more than MOST_HIDDEN of the parts are small. That
        nothing is unknown is not."""
        found = np.ones(len(table), dtype=bool)
        for part in own:
            others = [DISTRICT, KIND, *(one for one in own if one != part)]
            there = table[table["events"] > 0].groupby(part)["events"].size().index
            counted = table[part].isin(set(there) - {ALL})
            few = (table["events"] < SMALLEST) & ((table[part] != UNKNOWN[part]) | (table["events"] > 0))
            share = few.where(counted).astype(float).groupby([table[one] for one in others]).transform("mean")
            found &= ((table[part] == ALL) | (share <= MOST_HIDDEN)).to_numpy()
        return found

    @cached_property
    def _lost(self) -> set[tuple[int, str, str]]:
        years = self.canonical.years
        years = years[years["status"] == HIDDEN]
        return set(zip(years["back"], self._named(years["area_id"]), years["category"], strict=True))

    @cached_property
    def _lost_quarters(self) -> set[tuple[int, str, str]]:
        """Those that are hidden, or of which a month is."""
        rows = self.canonical.quarters
        rows = rows[rows["status"] == HIDDEN]
        back = np.where(rows["month"] == ALL, rows["back"], rows["back"] // 3)
        names = quarters(self.covered)
        part = [names[3 - number % 4] for number in back]
        return set(zip(back // 4, self._named(rows["area_id"]), part, strict=True))

    def _named(self, areas: pd.Series) -> pd.Series:
        return areas.replace({self.municipality_id: ALL, NOWHERE: UNPLACED})
