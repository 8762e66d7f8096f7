"""One problem's thread taken apart: every row with its place in the picture, and every tie between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.cause_tree import numbered
from analysis.thread import STATIONS, Line, Records, Ties

#: The first letter of what has no number of its own in the cause tree.
_LETTERS = {"measure": "Å", "goal": "M", "outcome": "U"}


@dataclass(frozen=True)
class Knot:
    """A row on the thread: its station, id, short ``label`` ("1.1", "Å5"), ``title``, and height 0 (top) to 1.

    ``lacks`` names what the thread misses here, empty where it is whole; ``light`` is an outcome's.
    """

    station: str
    id: Any
    label: str
    title: str
    height: float
    lacks: str = ""
    light: str = ""


@dataclass(frozen=True)
class Web:
    """The knots, and the ties between them as pairs of (station, id)."""

    knots: tuple[Knot, ...]
    ties: tuple[tuple[tuple[str, Any], tuple[str, Any]], ...]
    most: int


def web(line: Line, records: Records, tied: Ties, lacks: Mapping[tuple[str, int], str]) -> Web:
    """The picture of one line of the thread. ``lacks``: (kind, id) -> what is missing there, in words."""
    tree = numbered(records.causes[records.causes["id"].isin(line.ids["cause"])])
    ids = {**line.ids, "cause": [int(i) for i in tree["id"]]}
    numbers = dict(zip(tree["id"], tree["number"], strict=True))
    named = _titles(records)
    lights = dict(zip(tied.held["id"], tied.held["light"], strict=True))
    pairs = _pairs(ids, tree, tied)
    heights = _heights(ids, pairs)
    knots = tuple(
        Knot(
            station=station,
            id=key,
            label=_label(station, key, numbers),
            title=str(key) if station == "source" else named[(station, key)],
            height=heights[(station, key)],
            lacks=lacks.get((station, key), ""),
            light=str(lights.get(key, "")) if station == "outcome" else "",
        )
        for station in STATIONS
        for key in ids[station]
    )
    return Web(knots, tuple(pairs), max(len(ids[station]) for station in STATIONS))


def _label(station: str, key: Any, numbers: Mapping[int, str]) -> str:
    if station == "cause":
        return numbers[key]
    return f"{_LETTERS[station]}{key}" if station in _LETTERS else ""


def _titles(records: Records) -> dict[tuple[str, int], str]:
    parts = {
        "problem": (records.problems, "title"),
        "cause": (records.causes, "what"),
        "measure": (records.measures, "title"),
        "goal": (records.goals, "title"),
        "outcome": (records.follow_ups, "verdict"),
    }
    return {
        (station, int(key)): str(title)
        for station, (rows, column) in parts.items()
        for key, title in zip(rows["id"], rows[column], strict=True)
    }


def _pairs(
    ids: Mapping[str, list[Any]], tree: pd.DataFrame, tied: Ties
) -> list[tuple[tuple[str, Any], tuple[str, Any]]]:
    """The ties: a cause to the one it hangs under or the problem, and what each row further on belongs to."""
    problem = ids["problem"][0] if ids["problem"] else None
    pairs: list[tuple[tuple[str, Any], tuple[str, Any]]] = [
        (("source", s), ("problem", problem)) for s in ids["source"]
    ]
    for key, above in zip(tree["id"], tree["above"], strict=True):
        pairs.append((("problem", problem) if pd.isna(above) else ("cause", int(above)), ("cause", int(key))))
    for measure in ids["measure"]:
        pairs += [
            (("cause", c), ("measure", measure)) for c in tied.measure_causes.get(measure, ()) if c in ids["cause"]
        ]
    for goal in ids["goal"]:
        pairs += [(("measure", m), ("goal", goal)) for m in tied.goal_measures.get(goal, ()) if m in ids["measure"]]
    held = tied.held[tied.held["id"].isin(ids["outcome"])]
    for key, goal, measure in zip(held["id"], held["goal_id"], held["measure_id"], strict=True):
        of = ("measure", int(measure)) if pd.isna(goal) else ("goal", int(goal))
        pairs.append((of, ("outcome", int(key))))
    return pairs


def _heights(
    ids: Mapping[str, list[Any]], pairs: list[tuple[tuple[str, Any], tuple[str, Any]]]
) -> dict[tuple[str, Any], float]:
    """Rows spread evenly at each station, near what they belong to, so that few ties cross."""
    heights: dict[tuple[str, Any], float] = {}
    belongs: dict[tuple[str, Any], list[tuple[str, Any]]] = {}
    for before, after in pairs:
        belongs.setdefault(after, []).append(before)
    for station in STATIONS:
        knots = [(station, key) for key in ids[station]]
        if station in ("measure", "goal", "outcome"):  # the causes keep the order of their tree
            knots.sort(key=lambda knot: _middle([heights[b] for b in belongs.get(knot, ()) if b in heights]))
        heights |= {knot: (place + 0.5) / len(knots) for place, knot in enumerate(knots)}
    return heights


def _middle(heights: list[float]) -> float:
    return sum(heights) / len(heights) if heights else 1.0
