"""Which counts of a protected source can be shown, so that nobody can be told by one, nor by what stands around it.

A table is shown with its totals, in any number of dimensions. Counts from 1 up to the policy's ``smallest`` are hidden,
totals among them (primary suppression). Then others are hidden with them (secondary suppression), so that whoever knows
all that is shown, that counts are whole and not negative, and how this works, cannot work out a hidden count exactly,
nor narrow a small one to an interval shorter than ``smallest``.

How: a *box* is two labels of each dimension, and the cells where they meet: four in two dimensions, eight in three. If
all of them are hidden, the counts at its corners can be raised and lowered in turn by the same number, and no shown
count or total changes; a total among the labels moves with its part instead of against it. So the numbers by which the
corners can move without any of them falling under zero are an interval that nobody can narrow. For each small count the
cheapest boxes are hidden that together let it move far enough. The proof is the boxes: hiding more never undoes it.

What goes along is chosen by what it costs, the size of a count times a chance of its own that follows from ``key``: a
rule that always took the next smallest would tell, to who knows the rule, in what order the hidden counts come.

Sources: Cox 1980, JASA 75:377-385 (cycles); Willenborg & de Waal 2001, Elements of Statistical Disclosure Control;
Hundepool et al. 2012, Statistical Disclosure Control (hypercubes, protection intervals); Wong et al. 2007, VLDB 543-554
(what the choice of the rule itself gives away).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.disclosure_boxes import close
from analysis.disclosure_steps import open_up

#: Counts from 1 up to this, itself left out, are hidden. That nothing happened may be shown.
SMALLEST = 5

#: Shares of fewer than this many answers are shown with the words that they are too few to judge.
ENOUGH = 20

#: The label of a total.
ALL = ""

#: How many times more it costs to hide what is shown on other pages too.
_ELSEWHERE = 1e6

#: What stands in ``status`` of a count that is shown as it is, of one that is hidden, and of one that is rounded.
FINAL, HIDDEN, ROUNDED = "final", "suppressed", "rounded"

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Policy:
    """How a source is protected.

    ``smallest``: counts from 1 up to this, itself left out, are hidden. ``rounding``: counts that are shown are rounded
    to the nearest multiple of this; 0 for none. Each is rounded by itself, so rounded parts need not sum to a rounded
    total, and must be said not to. ``key`` decides what goes along with what is small; it is not told to readers.
    ``step``: counts that are shown are told in steps of this, rounded down, by who asks; 0 for none. Then what can be
    worked out of counts nowhere shown is hidden too (analysis.disclosure_steps).
    """

    smallest: int = SMALLEST
    rounding: int = 0
    key: int = 0
    step: int = 0


class Hidden(NamedTuple):
    """What must be hidden of a table (rows x columns) that is shown with its totals."""

    cells: Mask
    rows: Mask
    columns: Mask
    total: bool


def small(counts: ArrayLike, smallest: int = SMALLEST) -> Mask:
    """Which counts are too small to be shown: from 1 up to ``smallest``, itself left out."""
    values = np.asarray(counts, dtype=float)
    return (values > 0) & (values < smallest)


def protect(
    counts: pd.DataFrame, dimensions: list[str], value: str = "events", policy: Policy | None = None
) -> pd.DataFrame:
    """The same rows, with ``value`` empty and ``status`` suppressed where a count must be hidden.

    ``counts`` has one row for each cell of the complete table of ``dimensions``, its totals among them, whose label is
    ``ALL`` in the dimension that they sum over; zeros are there. A dimension without totals parts the table: nothing is
    added up over it. A row that comes with ``status`` suppressed stays so, and is protected as what is small is. Rows
    with ``known`` true, where everybody knows that there is nothing, are shown as that. Rows with ``unseen`` true are
    nowhere shown, and come back suppressed. Rows with ``elsewhere`` true are shown on other pages too, and are hidden
    only where nothing else will do.
    Raises ValueError for a table with holes, with cells twice, or whose parts are not its totals.
    """
    rule = policy or Policy()
    out = counts.copy()
    if counts.empty:
        return out.assign(**{value: counts[value].astype(float)}, status=pd.Series(dtype=object))
    axes, shape, place = _places(counts, dimensions)
    whole = np.full(shape, np.nan)
    whole[place] = counts[value].to_numpy(dtype=float)
    if np.isnan(whole).any() or whole.size != len(counts):
        raise ValueError(f"the table of {', '.join(dimensions)} has holes or cells twice")
    marks = {name: np.zeros(shape, dtype=bool) for name in ("forced", "known", "unseen", "elsewhere")}
    told = counts.assign(forced=counts["status"] == HIDDEN) if "status" in counts else counts
    for name, mark in marks.items():
        if name in told:
            mark[place] = told[name].to_numpy(dtype=bool)
    lost = hidden_cells(whole, axes, **marks, policy=rule)[place]
    shown = rounded(whole[place], rule)
    out[value] = np.where(lost, np.nan, shown)
    out["status"] = np.where(lost, HIDDEN, ROUNDED if rule.rounding else FINAL)
    return out


def complete(
    rows: pd.DataFrame, labels: Mapping[str, Sequence[object]], totals: Sequence[str], value: str = "events"
) -> pd.DataFrame:
    """The complete table that ``protect`` wants: a row for each combination of ``labels``, 0 where ``rows`` has none,
    and the totals over the dimensions ``totals``. Rows with other labels are left out."""
    places = [pd.Index(np.asarray(labels[name])).get_indexer(pd.Index(rows[name])) for name in labels]
    table = np.zeros([len(known) for known in labels.values()])
    inside = np.all([place >= 0 for place in places], axis=0)
    np.add.at(table, tuple(place[inside] for place in places), rows[value].to_numpy(dtype=float)[inside])
    for axis, name in enumerate(labels):
        if name in totals:
            table = np.concatenate([table.sum(axis=axis, keepdims=True), table], axis=axis)
    every = pd.MultiIndex.from_product(
        [[ALL, *known] if name in totals else known for name, known in labels.items()], names=list(labels)
    )
    return pd.DataFrame({value: table.ravel()}, index=every).reset_index()


def rounded(counts: ArrayLike, policy: Policy) -> Floats:
    """Counts as the policy rounds them: to the nearest multiple, halves upwards."""
    values = np.asarray(counts, dtype=float)
    return np.floor(values / policy.rounding + 0.5) * policy.rounding if policy.rounding else values


def hidden_cells(
    whole: Floats,
    axes: list[int],
    forced: Mask | None = None,
    known: Mask | None = None,
    unseen: Mask | None = None,
    elsewhere: Mask | None = None,
    policy: Policy | None = None,
) -> Mask:
    """What to hide of ``whole`` (any dimensions), where the first along each of ``axes`` is the total of the others.

    ``forced`` (same shape) is hidden whatever it is, ``known`` never: there is nothing, and everybody knows it.
    ``unseen`` is nowhere shown, so need not be protected. ``elsewhere`` goes along only where nothing else will do.
    Nothing is added up along the other axes. Raises ValueError when a total is not the sum of its parts.
    """
    rule = policy or Policy()
    for axis in axes:
        parts = whole.sum(axis=axis) - 2 * whole.take(0, axis=axis)
        if not np.allclose(parts, 0, atol=1e-6):
            raise ValueError("a total is not the sum of its parts")
    none = np.zeros(whole.shape, dtype=bool)
    forced, known, unseen, elsewhere = (none if one is None else one for one in (forced, known, unseen, elsewhere))
    unseen = unseen & ~known
    mask = np.asarray(((small(whole, rule.smallest) | forced) & ~known) | unseen)
    if not axes or not mask.any():
        return mask
    chance = np.where(known, np.inf, np.random.default_rng(rule.key).uniform(0.75, 1.25, whole.shape))
    chance[elsewhere] *= _ELSEWHERE
    others = [axis for axis in range(whole.ndim) if axis not in axes]
    tables = [np.transpose(each, [*others, *axes]) for each in (whole, mask, chance, unseen)]
    for at in np.ndindex(tables[0].shape[: len(others)]):
        if (tables[1][at] & ~tables[3][at]).any():
            close(tables[0][at], tables[1][at], tables[2][at], rule.smallest, tables[3][at])
    if rule.step:
        open_up(whole, mask, known, np.maximum(whole, 1.0) * chance, axes, rule.smallest, rule.step)
    return mask


def hidden(counts: ArrayLike, smallest: int = SMALLEST) -> Hidden:
    """What to hide of ``counts`` (rows x columns, not negative, nothing missing) that is shown with all its totals."""
    body = np.asarray(counts, dtype=float)
    rows = np.column_stack([body.sum(axis=1), body])
    mask = hidden_cells(np.vstack([rows.sum(axis=0), rows]), [0, 1], policy=Policy(smallest))
    return Hidden(mask[1:, 1:], mask[1:, 0], mask[0, 1:], bool(mask[0, 0]))


def hidden_in_groups(
    counts: ArrayLike,
    groups: ArrayLike,
    hidden_totals: ArrayLike,
    policy: Policy | None = None,
    forced: ArrayLike = False,
) -> Mask:
    """What to hide of ``counts`` (n), each in one of ``groups`` (n), where the group's total is known to the reader.

    ``hidden_totals`` (n) tells for each count whether its group's total is hidden already: then all but zeros are, so
    that they can be anything that the total can. Otherwise what is small is hidden, and more with it until at least two
    are, and not few together: each of them can then be anything from none to all of what is hidden. ``forced`` are
    hidden whatever they are.
    """
    rule = policy or Policy()
    values, kinds = np.asarray(counts, dtype=float), np.asarray(groups)
    unknown = np.asarray(hidden_totals, dtype=bool)
    mask = small(values, rule.smallest) | (unknown & (values > 0)) | np.asarray(forced, dtype=bool)
    cost = values * np.random.default_rng(rule.key).uniform(0.75, 1.25, len(values))
    for group in np.unique(kinds[mask & ~unknown]):
        members = np.flatnonzero((kinds == group) & (values > 0))
        for other in members[np.argsort(cost[members], kind="stable")]:
            if mask[members].sum() >= 2 and values[members][mask[members]].sum() >= rule.smallest:
                break
            mask[other] = True
    return np.asarray(mask)


def _places(
    counts: pd.DataFrame, dimensions: list[str]
) -> tuple[list[int], tuple[int, ...], tuple[NDArray[np.int64], ...]]:
    """The axes that have totals, the shape of the table, and where in it each row is; totals come first."""
    axes, shape, place = [], [], []
    for axis, name in enumerate(dimensions):
        codes, labels = pd.factorize(counts[name], sort=True)
        if str(labels[0]) == ALL and len(labels) > 1:
            axes.append(axis)
        shape.append(len(labels))
        place.append(codes)
    return axes, tuple(shape), tuple(place)
