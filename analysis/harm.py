"""How much harm a number of offences stand for, by the days of an average sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Weights:
    """``days`` of an average sentence by category, and the ``source`` that they come from (shown with every sum)."""

    days: Mapping[str, float]
    source: str

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError("Viktlistan för skada behöver en källa.")
        negative = [name for name, days in self.days.items() if not days >= 0]
        if negative:
            raise ValueError(f"Vikten för {negative[0]} saknas eller är negativ.")


def weights(text: str) -> Weights:
    """The weights of a table in TOML, such as config/harm/brottsskadeindex.toml.

    ``source``, ``days_per_point`` and ``[points]``: category = points. Raises ValueError when it is no such table.
    """
    table = tomllib.loads(text)
    try:
        days = {str(name): float(points) * float(table["days_per_point"]) for name, points in table["points"].items()}
        return Weights(days, str(table["source"]))
    except KeyError as missing:
        raise ValueError(f"Viktlistan för skada saknar {missing.args[0]}.") from missing


@dataclass(frozen=True)
class Harm:
    """``days`` in all; ``parts``: category, count, weight, days and share (0-1), most harm first.

    ``unweighted`` lists the categories that the table of weights does not have, with their ``unweighted_count``:
    they are not in the sum, which must be said beside it.
    """

    days: float
    parts: pd.DataFrame
    unweighted: tuple[str, ...]
    unweighted_count: float
    source: str


def harm(counts: Mapping[str, float], weights: Weights) -> Harm:
    """Sum of count x days over the categories in ``counts``.

    For comparing problems and places at one time, not for long trends: sentences and the propensity to report change.
    Source: Sherman, Neyroud & Neyroud 2016, Policing 10:171-183; for Sweden Kärrholm et al. 2020, Cambridge J.
    Evidence-Based Policing 4:15-33. Raises ValueError when a count is missing or negative.
    """
    bad = [name for name, count in counts.items() if not count >= 0]
    if bad:
        raise ValueError(f"Antalet för {bad[0]} saknas eller är negativt.")
    known = [name for name in counts if name in weights.days]
    unknown = tuple(name for name in counts if name not in weights.days)
    parts = pd.DataFrame(
        {"category": known, "count": [float(counts[n]) for n in known], "weight": [weights.days[n] for n in known]}
    )
    parts["days"] = parts["count"] * parts["weight"]
    total = float(parts["days"].sum())
    parts["share"] = parts["days"] / total if total else 0.0
    parts = parts.sort_values("days", ascending=False, kind="stable", ignore_index=True)
    return Harm(total, parts, unknown, float(sum(counts[n] for n in unknown)), weights.source)
