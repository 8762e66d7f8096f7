"""Who puts all views of a source together cannot work out what is hidden: everything told is given to the attacker."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from queries import local_events, local_figures, local_maps, maps
from store.warehouse import Build
from tests.attack import Attacker, Sum
from tests.queries.literal import Rows, literal_build, within, year
from tests.queries.test_local_events import HALLSTAVIK, HERE, RIMBO, SOURCE, area, events
from tests.queries.test_local_maps import AREAS, DESO, REGSO, WITHIN, build_of

SMALLEST = 5
#: How many of the small numbers are attacked in each build.
AIMS = 6

#: Where an event is: a DeSO, or no known place.
LEAVES = [*DESO, ""]
KINDS = ["Stöld", "Rån", "Hot"]
#: District, RegSO and DeSO of each leaf, and the whole; events without a known district are a part of their own.
AROUND = {deso: {deso, regso, REGSO[regso], HERE} for deso, regso in DESO.items()} | {"": {"", HERE}}

Atom = tuple[int, str, str]
Told = dict[Hashable, float | None]


def planted(rng: np.random.Generator, months: int) -> dict[Atom, int]:
    """Events of each month (0 = the oldest), leaf and category: many in some, one to four in many."""
    mean = 0.9 * rng.lognormal(0, 1, (1, len(LEAVES), 1)) * rng.lognormal(0, 1, (1, 1, len(KINDS)))
    table = rng.poisson(np.broadcast_to(mean, (months, len(LEAVES), len(KINDS))))
    return {(month, LEAVES[leaf], KINDS[kind]): int(n) for (month, leaf, kind), n in np.ndenumerate(table)}


def rows_of(counts: dict[Atom, int], first: pd.Timestamp, reporter: str | None) -> Rows:
    last = max(month for month, _, _ in counts)
    rows: Rows = []
    for (month, leaf, kind), number in counts.items():
        day = first + pd.DateOffset(months=month, days=27 if month == last else 2)
        rows += events(number, str(day), leaf or None, kind, reporter=reporter) if number else []
    return rows


def views(build: Build) -> Iterator[tuple[Hashable, float, str, int, int, str]]:
    """Everything that the overview, the places and the map tell of the source: name, number (NaN: hidden), place, first
    month and number of months, category."""
    first = pd.Timestamp(2024, 1, 1)

    def since(start: pd.Timestamp) -> int:
        return (start.year - first.year) * 12 + start.month - first.month

    for row in local_events.years(build, HERE, SOURCE).to_dict("records"):
        at = since(row["period_start"])
        yield ("year", at, row["area_id"], row["category"]), row["events"], row["area_id"], at, 12, row["category"]
    for place in (HERE, RIMBO, HALLSTAVIK, ""):
        for length, ask in ((3, local_events.series), (1, local_events.reporting)):
            for row in ask(build, HERE, SOURCE, place).to_dict("records"):
                at = since(row["period_start"])
                yield ("part", length, at, place), row["events"], place, at, length, ""
        newest = local_events.latest(build, HERE, SOURCE, place)
        if newest is not None:
            at = since(first) + 12 * int(newest.label) - 12 * 2024
            yield ("latest", place), newest.expected.observed, place, at, 12, ""
    measure = f"händelser|{SOURCE}|antal"
    for level in ("district", "regso", "deso"):
        for label in local_maps.slices(build, HERE, level, measure)["period_label"]:
            found = local_maps.values(build, HERE, level, measure, label, "").dropna(subset=["status"])
            for row in found.to_dict("records"):
                at = 12 * int(label) - 12 * 2024
                yield ("map", level, label, row["area_id"]), row["value"], row["area_id"], at, 12, ""


@pytest.mark.parametrize(("seed", "months", "reporter"), [(12, 12, "Skola"), (21, 24, None)])
def test_events(tmp_path: Path, seed: int, months: int, reporter: str | None) -> None:
    """Years by category, quarters, months, RegSO and DeSO, of every place."""
    counts = planted(np.random.default_rng(seed), months)
    build = build_of(tmp_path, rows_of(counts, pd.Timestamp(2024, 1, 1), reporter))
    shown: Told = {}
    sums: list[Sum] = []
    real: dict[Hashable, int] = {}
    for name, value, place, start, length, kind in views(build):
        parts: list[Hashable] = [
            atom for atom in counts
            if place in AROUND[atom[1]] and start <= atom[0] < start + length and kind in ("", atom[2])
        ]  # fmt: skip
        real[name] = sum(counts[atom] for atom in parts if isinstance(atom, tuple))
        assert pd.isna(value) or value == real[name], name
        shown[name] = None if pd.isna(value) else float(value)
        sums.append((name, parts))
    placements = local_events.placements(build, HERE, SOURCE)
    for name, placed in (("placed", True), ("unplaced", False)):
        shown[name] = None if np.isnan(placements[name]) else placements[name]
        sums.append((name, [atom for atom in counts if atom[0] >= months - 12 and bool(atom[1]) is placed]))
    attacker = Attacker(shown, sums)
    small = [name for name in shown if 0 < real.get(name, 0) < SMALLEST]
    assert len(small) >= AIMS
    assert all(shown[name] is None for name in small)
    chosen = np.random.default_rng(seed).permutation(len(small))[:AIMS]
    told = {small[one]: attacker.interval(small[one]) for one in chosen}
    assert {name: ends for name, ends in told.items() if ends[1] - ends[0] < SMALLEST} == {}
    assert sum(value is not None for value in shown.values()) > len(shown) / 4, "most is still told"


SCHOOLS = {"11": RIMBO, "12": RIMBO, "13": RIMBO, "21": HALLSTAVIK, "22": HALLSTAVIK}
SEXES = ["kön=flickor", "kön=pojkar"]


def participation(folder: Path, counts: dict[tuple[str, str], int]) -> Build:
    """Participants by school and sex, as they are told by school, district and municipality, with and without sex."""
    told: dict[tuple[str, str], int] = {}
    for (school, sex), number in counts.items():
        for place in (school, SCHOOLS[school], HERE):
            for part in ("", sex):
                told[(place, part)] = told.get((place, part), 0) + number
    return literal_build(
        folder, area=[*AREAS, *({**area(code, "school", HERE)} for code in SCHOOLS)],
        area_within=[*WITHIN, *within({code: [district, HERE] for code, district in SCHOOLS.items()})],
        source=[{"source_id": "lokal_x", "kind": "participation", "protected": True}],
        indicator=[{"indicator_id": "active", "source_id": "lokal_x", "name": "Aktiva", "unit": "antal",
                    "aggregation": "sum"}],
        observation=[{"indicator_id": "active", "area_id": place, **year(2025), "value": number, "breakdown": part}
                     for (place, part), number in told.items()],
    )  # fmt: skip


@pytest.mark.parametrize("seed", [0, 1, 27])
def test_participation(tmp_path: Path, seed: int) -> None:
    """Schools, districts and the municipality on the map, by sex and all, and the newest figures of each place."""
    rng = np.random.default_rng(seed)
    counts = {(school, sex): int(rng.choice([0, 2, 3, 4, 7, 12, 30])) for school in SCHOOLS for sex in SEXES}
    build = participation(tmp_path, counts)
    shown: Told = {}
    for part in ("", *SEXES):
        for level in ("district", "school"):
            found = maps.values(build, HERE, level, "active", "2025", part).dropna(subset=["status"])
            shown |= {(row["area_id"], part): None if pd.isna(row["value"]) else row["value"]
                      for row in found.to_dict("records")}  # fmt: skip
        whole = maps.wholes(build, HERE, "active", "2025", part)["value"]
        shown[(HERE, part)] = None if whole.empty else float(whole.iloc[0])
    sums: list[Sum] = [((place, ""), [(place, sex) for sex in SEXES]) for place in (*SCHOOLS, RIMBO, HALLSTAVIK, HERE)]
    for part in ("", *SEXES):
        sums.append(((HERE, part), [(RIMBO, part), (HALLSTAVIK, part)]))
        sums += [((district, part), [(one, part) for one, inside in SCHOOLS.items() if inside == district])
                 for district in (RIMBO, HALLSTAVIK)]  # fmt: skip
    figures = local_figures.newest(build, HERE, HERE)
    for row in figures.to_dict("records"):
        value = shown[(row["area_id"], "")]
        assert (pd.isna(row["value"]) and value is None) or row["value"] == value
    attacker = Attacker(shown, sums)
    small = [cell for cell, number in counts.items() if 0 < number < SMALLEST]
    told = {cell: attacker.interval(cell) for cell in small}
    assert {cell: ends for cell, ends in told.items() if ends[1] - ends[0] < SMALLEST} == {}
