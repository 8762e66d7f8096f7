"""Who puts every period that Tid och plats tells of beside the exact tables cannot work out a small number.

Months and quarters of the season, quarters and weeks of the rapporteurs, before and after any month, and the exact
years, quarters and months: all are sums of the same months, by place and category.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from queries import local_events
from queries import time_and_place_calendar as calendar
from queries import time_and_place_change as change
from queries import time_and_place_reports as reports
from store.warehouse import Build
from tests.attack import Attacker, Sum
from tests.queries.test_local_events import DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO, SOURCE, build_of
from tests.queries.test_time_and_place import FIRST, LAST, happened

K = 5
#: The events that end the years have no place, and are of a kind that others are of too.
LEAVES, KINDS, MONTHS = [RIMBO, HALLSTAVIK, ""], ["A", "B"], range(24)
ASKED = list(product([HERE, RIMBO, HALLSTAVIK], ["", *KINDS]))
#: How many of the small numbers are attacked in each build.
AIMS = 8

Atom = tuple[str, str, int]
Between = dict[Hashable, tuple[float, float]]


def planted(folder: Path, rng: np.random.Generator) -> tuple[Build, dict[Atom, int]]:
    names = list(product(LEAVES, KINDS, MONTHS))
    counts = dict(
        zip(names, rng.poisson(rng.choice([0.5, 5, 11], len(names), p=[0.2, 0.4, 0.4])).tolist(), strict=True)
    )
    counts |= {("", "A", 0): 9, ("", "A", 23): 9}
    rows = []
    for (place, kind, month), number in counts.items():
        day = {0: FIRST, 23: LAST}.get(month) if not place and kind == "A" else None
        start = day if day is not None else FIRST + pd.DateOffset(months=month, days=int(rng.integers(1, 26)))
        for _ in range(number):
            at = {RIMBO: DESO_R, HALLSTAVIK: DESO_H, "": None}[place]
            rows += happened(start, at, kind, reporter=f"R{rng.integers(3)}")
    return build_of(folder, rows), counts


class Told:
    """What is told: the ends of each number, and which months, places and kinds it is the sum of."""

    def __init__(self) -> None:
        self.between: Between = {}
        self.sums: list[Sum] = []

    def add(self, name: Hashable, value: float, parts: list[Hashable], step: int = 1) -> None:
        """A number rounded down to its step; what is hidden has no ends."""
        self.sums.append((name, parts))
        if not np.isnan(value):
            self.between[name] = (value, value + step - 1)

    def attacker(self) -> Attacker:
        names = {name for total, parts in self.sums for name in (total, *parts)}
        return Attacker({name: None for name in names if name not in self.between}, self.sums, self.between)


def atoms(place: str, kind: str, months: range) -> list[Hashable]:
    leaves = LEAVES if place == HERE else [place]
    return list(product(leaves, [kind] if kind else KINDS, months))


def since(start: pd.Timestamp) -> int:
    return (start.year - FIRST.year) * 12 + start.month - FIRST.month


def exact(told: Told, build: Build) -> None:
    for row in local_events.years(build, HERE, SOURCE).to_dict("records"):
        start = since(row["period_start"])
        told.add(("year", *row.values())[:8], row["events"],
                 atoms(row["area_id"], row["category"], range(start, start + 12)))  # fmt: skip
    for place, (months, ask) in product([HERE, *LEAVES], {3: local_events.series, 1: local_events.reporting}.items()):
        for row in ask(build, HERE, SOURCE, place).to_dict("records"):
            start = since(row["period_start"])
            told.add(("exact", place, start, months), row["events"], atoms(place, "", range(start, start + months)))


def over_the_year(told: Told, build: Build, place: str, kind: str) -> None:
    found = calendar.season(build, HERE, SOURCE, place, kind)
    if found is None or not found.months:
        return
    for number, value in enumerate(found.parts["events"]):
        start = number * found.months
        told.add(("season", place, kind, start), value, atoms(place, kind, range(start, start + found.months)), K)
    for number, value in enumerate(found.whole["events"]):
        start = number * found.months
        parts = [one for year in (0, 12) for one in
                 atoms(place, kind, range(year + start, year + start + found.months))]  # fmt: skip
        told.add(("whole season", place, kind, number), value, parts, K)


def of_reporters(told: Told, build: Build, place: str, kind: str) -> None:
    """No more rapporteurs in a week than reports."""
    found = reports.reports(build, HERE, SOURCE, place, kind)
    if found is None:
        return
    for row in found.quarters.to_dict("records"):
        start = since(row["period_start"])
        name = ("reports", place, kind, start)
        told.add(name, row["events"], atoms(place, kind, range(start, start + 3)), K)
        weeks = row["reporter_weeks"]
        told.add(name, row["events"], [("weeks", *name), ("more than weeks", *name)], K)
        if not np.isnan(weeks):
            told.between[("weeks", *name)] = (weeks, weeks + K - 1)


def before_and_after(told: Told, build: Build, place: str, kind: str) -> None:
    for day in (date(2025, 1, 1), date(2025, 7, 1)):  # a whole year, and half of one
        found = change.change(build, HERE, SOURCE, place, kind, day)
        if found is None:
            continue
        start = since(pd.Timestamp(day))
        others = [one for one in (RIMBO, HALLSTAVIK) if one != place]
        for name, value, first in (("before", found.before, start - 12), ("after", found.after, start)):
            months = range(first, first + found.months)
            told.add((name, place, kind, start), value, atoms(place, kind, months), K)
        if found.has_control:
            for name, value, first in (
                ("control before", found.control_before, start - 12), ("control after", found.control_after, start)
            ):  # fmt: skip
                months = range(first, first + found.months)
                parts = [atom for other in others for atom in atoms(other, kind, months)]
                told.add((name, place, kind, start), value, parts, K)


def test_no_small_number_follows_from_all_periods(tmp_path: Path) -> None:
    """Months, quarters and years of every place and category that are few stay open between at least five numbers."""
    rng = np.random.default_rng(2)
    build, counts = planted(tmp_path, rng)
    told = Told()
    exact(told, build)
    for place, kind in ASKED:
        for tell in (over_the_year, of_reporters, before_and_after):
            tell(told, build, place, kind)
    assert len(told.between) > 150
    aims: dict[Hashable, int] = {}
    for place, kind, length in product([*LEAVES, HERE], ["", *KINDS], (1, 3, 12)):
        for start in range(0, 24, length):
            parts = atoms(place, kind, range(start, start + length))
            number = sum(counts[atom] for atom in parts if isinstance(atom, tuple))
            if 0 < number < K:
                name = ("aim", place, kind, start, length)
                aims[name] = number
                told.sums.append((name, parts))
    names = list(aims)
    assert len(names) > AIMS
    attacker = told.attacker()
    chosen = [names[one] for one in rng.permutation(len(names))[:AIMS]]
    assert {name: aims[name] for name in chosen if attacker.numbers(name, K) < K} == {}
