"""How much harm the kinds of events in a place stand for, by what little is published of weights."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.harm import Weights, harm, weights
from queries import local_events
from store.settings import PROJECT
from store.warehouse import Build

#: The weights, and which of the police's own names of kinds each stands for.
_FILE = PROJECT / "config" / "harm" / "brottsskadeindex.toml"


@dataclass(frozen=True)
class Harms:
    """``parts``: category, weight_name (the published one that it has), count, weight (days) and share (0-1, of the
    days of those with a weight), most harm first. ``without``: how many events of the period are of kinds without a
    weight, in so many ``kinds_without``. ``hidden``: kinds whose number is hidden, in neither. ``label``: the period.
    """

    parts: pd.DataFrame
    without: float
    kinds_without: int
    hidden: int
    label: str
    source: str


def harms(build: Build, municipality_id: str, source_id: str, place_id: str) -> Harms | None:
    """The newest twelve months' kinds in the place, weighed by the days of an average sentence.

    Worked out from the numbers as they are shown (``local_events.years``). None where no kind has a weight.
    """
    table, names = _weights(_FILE)
    rows = local_events.years(build, municipality_id, source_id)
    rows = rows[(rows["back"] == 0) & (rows["area_id"] == place_id) & (rows["category"] != local_events.ALL)]
    rows = rows.assign(weight_name=rows["category"].map(lambda kind: name_of(str(kind), names)))
    known = rows[rows["events"] > 0]
    weighed = known[known["weight_name"] != ""]
    if weighed.empty:
        return None
    kinds = {str(kind): table.days[name] for kind, name in weighed[["category", "weight_name"]].to_numpy()}
    found = harm(dict(zip(weighed["category"], weighed["events"], strict=True)), Weights(kinds, table.source))
    parts = found.parts.merge(weighed[["category", "weight_name"]], on="category")
    rest = known[known["weight_name"] == ""]
    return Harms(
        parts, float(rest["events"].sum()), len(rest), int(rows["events"].isna().sum()), str(rows["label"].iloc[0]),
        found.source,
    )  # fmt: skip


def name_of(category: str, names: Mapping[str, tuple[str, ...]]) -> str:
    """The weight that a kind of event has: its own name, or one that it begins with; empty when it has none."""
    folded = category.casefold()
    for name, beginnings in names.items():
        if folded == name.casefold() or folded.startswith(tuple(one.casefold() for one in beginnings) or ("\0",)):
            return name
    return ""


@cache
def _weights(file: Path) -> tuple[Weights, dict[str, tuple[str, ...]]]:
    text = file.read_text("utf-8")
    listed = tomllib.loads(text).get("begins", {})
    table = weights(text)
    return table, {name: tuple(listed.get(name, ())) for name in table.days}
