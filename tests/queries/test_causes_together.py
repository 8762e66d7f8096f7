"""Who puts every breakdown of causes beside the exact tables cannot work out a small number."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from queries import causes, local_events
from queries.causes import YEAR
from store.warehouse import Build
from tests.attack import Attacker, Sum
from tests.queries.test_local_events import DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO, SOURCE, build_of
from tests.queries.test_time_and_place import FIRST, LAST, happened

DAYS = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]
TIMES = ["natt", "kväll"]
ALL = ""
PLACES, KINDS = [RIMBO, HALLSTAVIK], ["A", "B", "C"]
#: The events that end the years have no place; the two fall on a Monday and a Wednesday night.
EVERYWHERE = [*PLACES, ""]

Cell = tuple[int, str, str, str, str]
Between = dict[Hashable, tuple[float, float]]


def planted(folder: Path, rng: np.random.Generator) -> tuple[Build, dict[Cell, int]]:
    """Two places, three kinds, weekdays and two times of day in two years."""
    names = list(product(range(2), PLACES, KINDS, DAYS, TIMES))
    counts = dict(zip(names, rng.poisson(rng.choice([2, 8, 20], len(names), p=[0.15, 0.4, 0.45])), strict=True))
    rows = [*happened(FIRST, None, "A", events=10), *happened(LAST, None, "A", events=10)]
    for (back, place, kind, day, time), number in counts.items():
        monday = pd.Timestamp(2025, 3, 3) if back == 0 else pd.Timestamp(2024, 3, 4)
        start = monday + pd.Timedelta(days=DAYS.index(day), hours=1 if time == "natt" else 20)
        rows += happened(start, DESO_R if place == RIMBO else DESO_H, kind, events=int(number)) if number else []
    return build_of(folder, rows), counts


def told_of(build: Build, place: str, kind: str, path: causes.Path) -> Between:
    """The ends of the steps of each weekday and time of day in a breakdown."""
    told = causes.breakdown(build, HERE, SOURCE, place, kind, path, YEAR)
    assert told is not None
    found: Between = {}
    for row in told.found.to_dict("records"):
        chosen = dict(path) | {row["dimension"]: row["value"]}
        if set(chosen) <= {"Veckodag", "Tid på dygnet"}:
            for back, value in ((1, row["before"]), (0, row["after"])):
                key = (back, place, kind, chosen.get("Veckodag", ALL), chosen.get("Tid på dygnet", ALL))
                found |= {} if np.isnan(value) else {key: (value, value + 4)}
    return found


def sums() -> list[Sum]:
    """Places, kinds, weekdays and times of day, each part of its total."""
    labels: list[list[str]] = [EVERYWHERE, KINDS, DAYS, TIMES]
    totals = [HERE, ALL, ALL, ALL]
    found: list[Sum] = []
    for axis, back in product(range(4), range(2)):
        others = [[total, *names] for total, names in zip(totals, labels, strict=True)]
        others[axis] = [totals[axis]]
        for cell in product(*others):
            parts: list[Hashable] = [(back, *cell[:axis], one, *cell[axis + 1 :]) for one in labels[axis]]
            found.append(((back, *cell), parts))
    return found


def test_no_small_number_follows_from_all_breakdowns(tmp_path: Path) -> None:
    """The exact years, the weekdays and times of every place and kind, and the times of one weekday."""
    rng = np.random.default_rng(1)
    build, counts = planted(tmp_path, rng)
    years = local_events.years(build, HERE, SOURCE).dropna(subset=["events"])
    between: Between = {
        (row["back"], row["area_id"], row["category"], ALL, ALL): (row["events"], row["events"])
        for row in years.to_dict("records")
    }
    exact = len(between)
    paths: list[causes.Path] = [(), (("Veckodag", "fredag"),)]
    for place, kind, path in product([HERE, *PLACES], [ALL, *KINDS], paths):
        between |= told_of(build, place, kind, path)
    every = {name for total, parts in sums() for name in (total, *parts)}
    between = {name: ends for name, ends in between.items() if name in every}
    attacker = Attacker({cell: None for cell in every if cell not in between}, sums(), between)
    whole: dict[Hashable, int] = {}
    for (back, place, kind, day, time), number in counts.items():
        for key in product([back], [place, HERE], [kind, ALL], [day, ALL], [time, ALL]):
            whole[key] = whole.get(key, 0) + number
    small = [key for key, number in whole.items() if 0 < number < 5]
    assert len(between) > exact + 60
    assert len(small) > 8
    ends = {key: attacker.interval(key) for key in [small[one] for one in rng.permutation(len(small))[:8]]}
    assert {key: one for key, one in ends.items() if one[1] - one[0] < 4} == {}
