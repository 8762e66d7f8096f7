"""Where a change in the offences reported in the municipality lies: by group, by the groups inside one, by quarter.

Brå's figures, exact as published, whole calendar years. Brå publishes nothing below the municipality.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis import explain
from queries import offences
from queries.causes import MEAN, YEAR, Causes, Path
from store.warehouse import Build

GROUP, INSIDE, QUARTER = "Brottsgrupp", "Grupp inom gruppen", "Kvartal"

#: What is left of a whole when its groups are taken away.
OTHERS = "övriga brott"
_REST = {GROUP: OTHERS, INSIDE: "övriga i gruppen"}

#: The mean is of at most so many earlier years, none before the newest break; from so many on the variation is known.
_MOST_YEARS, _ENOUGH_YEARS = 10, 3


def comparisons(build: Build, municipality_id: str) -> list[str]:
    """What the newest whole year can be set against: of YEAR and MEAN."""
    years = _years(build, municipality_id)
    return [name for name, least in ((YEAR, 2), (MEAN, 3)) if len(years) >= least]


def steps(build: Build, municipality_id: str) -> dict[str, list[str]]:
    """The groups that can be chosen: dimension and names. Groups inside another are chosen after it."""
    groups = _groups(build, municipality_id)
    return {GROUP: groups.loc[groups["part_of"] == offences.TOTAL, "name"].tolist()}


def breakdown(build: Build, municipality_id: str, path: Path, against: str) -> Causes | None:
    """The newest whole calendar year against the year before, or the mean of the earlier ones, parted by group and
    quarter. ``path``: a group of ``steps``, or nothing. None without years to compare."""
    if against not in comparisons(build, municipality_id):
        return None
    groups, years = _groups(build, municipality_id), _years(build, municipality_id)
    chosen = [str(groups.loc[groups["name"] == name, "indicator_id"].iloc[0]) for _, name in path
              if name in set(groups["name"])]  # fmt: skip
    whole = chosen[-1] if chosen else offences.TOTAL
    table = _table(build, municipality_id, groups["indicator_id"].tolist(), years)
    inside = groups[groups["part_of"] == whole]
    dimension = INSIDE if chosen else GROUP
    dims = {
        dimension: _parts(table, whole, inside, _REST[dimension]),
        QUARTER: _quarters(build, whole, years, municipality_id),
    }
    dims = {name: one for name, one in dims.items() if one.shape[1] > 1}
    earlier = years[-2:-1] if against == YEAR else years[:-1]
    spread = [explain.overdispersion(one.loc[years[:-1]]) for one in dims.values() if len(years) > _ENOUGH_YEARS]
    return _found(table[whole], dims, earlier, max([1.0, *spread]))


def _found(whole: pd.Series, dims: dict[str, pd.DataFrame], earlier: list[int], dispersion: float) -> Causes:
    """The newest year of all dimensions against the earlier ones. ``whole`` and ``dims``: counts by year."""
    newest, scale = int(whole.index[-1]), 1 / len(earlier)
    before, after = float(whole[earlier].sum()), float(whole.iloc[-1])
    told = Causes(
        before=before, after=after, after_label=str(newest), scale=scale,
        before_label=str(earlier[0]) if len(earlier) == 1 else f"{earlier[0]}–{earlier[-1]}",
        noise=float(2 * np.sqrt((after + scale**2 * before) * dispersion)),
    )  # fmt: skip
    if not dims:
        return told
    sums = {
        name: pd.DataFrame({"before": one.loc[earlier].sum(), "after": one.loc[newest]}) for name, one in dims.items()
    }
    values = pd.concat(sums, names=["dimension", "value"]).reset_index()
    found = explain.change(values, (before, after), scale=scale, dispersion=dispersion)
    found = found.assign(step=1, moved=found["after"] - scale * found["before"])
    found = found.drop(columns=["base", "rate_part", "mix_part"])
    return replace(told, found=found, dimensions=explain.dimensions(found))


def _groups(build: Build, municipality_id: str) -> pd.DataFrame:
    groups = offences.groups(build, municipality_id)
    return groups[groups["exclusive"]]


def _years(build: Build, municipality_id: str) -> list[int]:
    """The whole years of the total since the newest break, oldest first: the newest, and at most _MOST_YEARS before."""
    rows = offences.series(build, [offences.TOTAL], [municipality_id], "year").dropna(subset=["count"])
    days = offences.breaks(build, [offences.TOTAL])["period_start"]
    if len(rows) and len(past := days[days <= rows["period_start"].max()]):
        rows = rows[rows["period_start"] >= past.max()]
    return [int(day.year) for day in rows["period_start"]][-_MOST_YEARS - 1 :]


def _table(build: Build, municipality_id: str, ids: list[str], years: list[int]) -> pd.DataFrame:
    """Counts by year and group; NaN without a figure."""
    rows = offences.series(build, ids, [municipality_id], "year")
    rows = rows.assign(year=rows["period_start"].dt.year)
    return rows.pivot(index="year", columns="indicator_id", values="count").reindex(years)


def _parts(table: pd.DataFrame, whole: str, inside: pd.DataFrame, rest: str) -> pd.DataFrame:
    """The groups of a whole by name, and what is left; only those with figures for every year."""
    own = table[inside["indicator_id"].tolist()].dropna(axis=1)
    left = table[whole] - own.sum(axis=1)
    named = own.rename(columns=dict(zip(inside["indicator_id"], inside["name"], strict=True)))
    return named.assign(**{rest: left}) if own.shape[1] and (left > 0).any() else named


def _quarters(build: Build, whole: str, years: list[int], municipality_id: str) -> pd.DataFrame:
    """Counts by year and quarter; no columns unless there are figures for all of them."""
    rows = offences.series(build, [whole], [municipality_id], "quarter")
    rows = rows.assign(year=rows["period_start"].dt.year, quarter=rows["period_start"].dt.quarter)
    out = rows.pivot(index="year", columns="quarter", values="count").reindex(years)
    if out.shape[1] < 4 or out.isna().any(axis=None):
        return pd.DataFrame(index=years)
    return out.rename(columns=lambda number: f"kvartal {number}")
