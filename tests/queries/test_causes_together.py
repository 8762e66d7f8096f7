"""Who puts every breakdown of causes beside the exact tables cannot work out a small number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from queries import causes, local_events
from queries import time_and_place_reports as reports
from queries.causes import YEAR
from store.warehouse import Build
from tests.attack import Attacker, Sum
from tests.queries.test_local_events import DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO, SOURCE, build_of
from tests.queries.test_time_and_place import FIRST, LAST, happened

K = 5
ALL = ""
PLACES, KINDS = [RIMBO, HALLSTAVIK], ["A", "B", "C"]
#: The events that end the years have no place; the two fall on a Monday and a Wednesday night.
EVERYWHERE = [*PLACES, ""]
#: The parts of each dimension. Weekday and time are told together, of the others one at a time.
PARTS = {
    "Veckodag": ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
    "Tid på dygnet": ["natt", "kväll"],
    "Finare slag": ["liten", "stor"],
    "Årstid": ["januari–mars", "juli–september", "oktober–december"],
    "Rapportör": ["Skola", "Väktare", "okänd rapportör"],
}
TABLES = (("Veckodag", "Tid på dygnet"), ("Finare slag",), ("Årstid",), ("Rapportör",))
#: Of each quarter that has any, the Monday of a week, in the two years.
MONDAYS = {"januari–mars": ("2025-03-03", "2024-03-04"), "juli–september": ("2025-09-01", "2024-09-02")}

#: Back, place, kind, and parts as (dimension, part) in order; none for all.
Cell = tuple[int, str, str, tuple[tuple[str, str], ...]]
Between = dict[Hashable, tuple[float, float]]


def cells_of(back: int, place: str, kind: str, event: dict[str, str]) -> Iterator[Cell]:
    """Every cell of every table that an event is in."""
    yield back, place, kind, ()
    for table in TABLES:
        for left in product((False, True), repeat=len(table)):
            own = tuple((name, event[name]) for name, out in zip(table, left, strict=True) if not out)
            if own:
                yield back, place, kind, own


def planted(folder: Path, rng: np.random.Generator) -> tuple[Build, Counter[Cell]]:
    """Two places, three kinds, weekdays, times of day, finer kinds, quarters and rapporteurs in two years."""
    real: Counter[Cell] = Counter()
    rows = []
    ends = {FIRST: ("måndag", "januari–mars", 1), LAST: ("onsdag", "oktober–december", 0)}
    for moment, (day, quarter, back) in ends.items():
        event = dict(zip(PARTS, (day, "natt", "liten", quarter, "okänd rapportör"), strict=True))
        rows += happened(moment, None, "A", events=10, detail="liten")
        for one in product(["", HERE], ["A", ALL]):
            real.update(dict.fromkeys(cells_of(back, *one, event), 10))
    for back, place, kind in product(range(2), PLACES, KINDS):
        of = rng.poisson(rng.choice([3, 16, 40], 7, p=[0.15, 0.4, 0.45]))
        # Few of one time, finer kind, quarter and rapporteur in some place.
        part = {name: rng.choice([0.02, 0.3, 0.5]) for name in list(PARTS)[1:]}
        for day, number in zip(PARTS["Veckodag"], of, strict=True):
            drawn = Counter(
                tuple(PARTS[name][int(rng.random() >= part[name])] for name in part) for _ in range(int(number))
            )
            for (time, detail, quarter, reporter), events in drawn.items():
                monday = pd.Timestamp(MONDAYS[quarter][back])
                start = monday + pd.Timedelta(days=PARTS["Veckodag"].index(day), hours=1 if time == "natt" else 20)
                at = DESO_R if place == RIMBO else DESO_H
                rows += happened(start, at, kind, events=events, detail=detail, reporter=reporter)
                event = dict(zip(PARTS, (day, time, detail, quarter, reporter), strict=True))
                for one in product([place, HERE], [kind, ALL]):
                    real.update(dict.fromkeys(cells_of(back, *one, event), events))
    return build_of(folder, rows), real


def told_of(build: Build, place: str, kind: str, path: causes.Path) -> Between:
    """The ends of the steps of everything in a breakdown."""
    told = causes.breakdown(build, HERE, SOURCE, place, kind, path, YEAR)
    assert told is not None
    found: Between = {}
    for row in told.found.to_dict("records"):
        if row["step"] == 1:  # kinds and districts, as they are told elsewhere
            continue
        chosen = dict(path) | {row["dimension"]: row["value"]}
        if set(chosen) <= {*PARTS}:  # parts of the week are worked out from what is told of the days
            own = tuple((name, chosen[name]) for name in PARTS if name in chosen)
            for back, value in ((1, row["before"]), (0, row["after"])):
                found |= {} if np.isnan(value) else {(back, place, kind, own): (value, value + K - 1)}
    return found


def of_rapporteurs(build: Build, place: str, kind: str) -> Between:
    """The quarters as they stand beside the rapporteurs on Tid och plats."""
    found = reports.reports(build, HERE, SOURCE, place, kind)
    assert found is not None
    names = {1: "januari–mars", 7: "juli–september", 10: "oktober–december"}
    return {
        (2025 - row["period_start"].year, place, kind, (("Årstid", names[row["period_start"].month]),)): (
            row["events"], row["events"] + K - 1
        )
        for row in found.quarters.dropna(subset=["events"]).to_dict("records")
    }  # fmt: skip


def sums() -> list[Sum]:
    """Each table's places, kinds and parts, each part of its total."""
    found: list[Sum] = []
    for back, table in product(range(2), TABLES):
        labels: list[list[str]] = [EVERYWHERE, KINDS, *(PARTS[name] for name in table)]
        totals = [HERE, ALL, *(ALL for _ in table)]
        for axis in range(len(labels)):
            others = [[total, *names] for total, names in zip(totals, labels, strict=True)]
            others[axis] = [totals[axis]]
            for cell in product(*others):
                parts = [named(back, table, (*cell[:axis], one, *cell[axis + 1 :])) for one in labels[axis]]
                found.append((named(back, table, cell), parts))
    return found


def named(back: int, table: tuple[str, ...], labels: tuple[str, ...]) -> Hashable:
    place, kind, *own = labels
    return back, place, kind, tuple((name, part) for name, part in zip(table, own, strict=True) if part)


def test_no_small_number_follows_from_all_breakdowns(tmp_path: Path) -> None:
    """The exact years, every dimension of every place and kind, the times of one weekday, and the rapporteurs' quarters
    of Tid och plats: a small number in any of them stays open between at least five."""
    rng = np.random.default_rng(1)
    build, real = planted(tmp_path, rng)
    years = local_events.years(build, HERE, SOURCE).dropna(subset=["events"])
    between: Between = {
        (row["back"], row["area_id"], row["category"], ()): (row["events"], row["events"])
        for row in years.to_dict("records")
    }
    exact = len(between)
    for place, kind in product([HERE, *PLACES], [ALL, *KINDS]):
        for path in ((), (("Veckodag", "fredag"),)):
            between |= told_of(build, place, kind, path)
        between |= of_rapporteurs(build, place, kind)
    every = {name for total, parts in sums() for name in (total, *parts)}
    assert all(ends[0] <= real[name] <= ends[1] for name, ends in between.items() if name in real)  # type: ignore[index]
    between = {name: ends for name, ends in between.items() if name in every}
    attacker = Attacker({cell: None for cell in every if cell not in between}, sums(), between)
    small = [key for key, number in real.items() if 0 < number < K]
    assert len(between) > exact + 100
    assert {dimension for key in small for dimension, _ in key[3]} == {*PARTS}
    chosen = [small[one] for one in rng.permutation(len(small))[:10]]
    assert {key: real[key] for key in chosen if attacker.numbers(key, K) < K} == {}
