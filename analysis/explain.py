"""Which values of which dimensions a change comes from, or a level against a reference: where to look for causes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.verdict import MINIMUM_BASE, Verdict, effect_verdicts

Floats = NDArray[np.float64]

#: Added to the four counts of a table where one is zero, which has no logarithm (Haldane 1956, Annals of Human Genetics
#: 20:309-311).
_HALF = 0.5


def change(
    values: pd.DataFrame,
    totals: tuple[float, float] | None = None,
    *,
    scale: float = 1.0,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> pd.DataFrame:
    """How much of the change from ``before`` to ``after`` lies at each value of each dimension, and whether by chance.

    ``values``: dimension, value, before, after (counts, NaN where hidden) and, when rates are to be compared,
    exposure_before and exposure_after (persons). Each dimension splits the same events. ``totals`` of the whole,
    before and after; default each dimension's sum. ``scale``: time after over that before. A level is the same question
    with the reference's counts as before and ``scale`` the persons over the reference's (its exposure_before times
    ``scale`` then, too). ``dispersion``: see ``overdispersion``.

    Returns dimension, value, before, after; expected_after: had the value followed all the others; ratio: after over
    that, with limits low and high; contribution: the value's part of the whole change (sums to 1 in each dimension),
    split in rate_part (more per person) and mix_part (more persons), NaN without exposure; surprise (nats, sums to the
    dimension's Jensen-Shannon divergence); base: expected after, given the sum of both counts and no difference; p,
    p_adjusted and verdict. First the values called that pull as the whole went, then those called that pull the other
    way, then the rest; by surprise.

    A value is set against the others, since what is common to all points nowhere: the ratio is that of a 2 x 2 table,
    with the variance of the logarithm ``dispersion`` times the sum of 1/count. All values of all dimensions with a base
    of MINIMUM_BASE are looks: limits and p are corrected together (Bonferroni), so that noise has any value called with
    a chance of at most 1 - ``level``. Sources: Bhagwan et al. 2014, Adtributor, NSDI (explanatory power, surprise);
    Kitagawa 1955, JASA 50:1168-1194 (rate and mix). Raises ValueError when a count is negative.
    """
    rows = values.reset_index(drop=True)
    before, after = (rows[column].to_numpy(dtype=float) for column in ("before", "after"))
    if (before < 0).any() or (after < 0).any():
        raise ValueError("Ett antal kan inte vara negativt.")
    whole_before, whole_after = _wholes(rows, before, after, totals)
    persons = _persons(rows)
    growth, rest_growth = _growths(rows, persons)
    rest = (whole_before - before, whole_after - after)
    expected = before * growth * _over(_over(rest[1], rest[0]), rest_growth)
    ratio, error = _ratio(before, after, *rest)
    error = error * np.sqrt(max(dispersion, 1.0))
    ratio = ratio * rest_growth / growth
    base = (before + after) * _over(whole_after, whole_before + whole_after)
    low, high, p, adjusted = _limits(np.log(ratio), error, base, level)
    moved, whole_moved = after - scale * before, whole_after - scale * whole_before
    parts = _parts(before, after, *persons, scale)
    out = pd.DataFrame(
        {
            "dimension": rows["dimension"], "value": rows["value"], "before": before, "after": after,
            "expected_after": expected, "ratio": ratio, "low": np.exp(low), "high": np.exp(high),
            "contribution": _over(moved, whole_moved),
            "rate_part": _over(parts[0], whole_moved), "mix_part": _over(parts[1], whole_moved),
            "surprise": surprise(_over(before, whole_before), _over(after, whole_after)),
            "base": base, "p": p, "p_adjusted": adjusted,
            "verdict": effect_verdicts(np.exp(low), np.exp(high), 1.0, base),
        }
    )  # fmt: skip
    return _ordered(out, np.sign(after - expected), np.sign(whole_moved))


def shares(values: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """``change`` for shares of a population from weighted answers in two waves, such as those who feel unsafe.

    ``values``: dimension, value and, for each wave (_before, _after), part and weight: sums of the weights of those who
    answered so and of all who answered, and squares: the sum of squared weights. Each dimension splits all who
    answered. Returns the columns of ``change`` but ratio, with shares (0-1) for before, after and expected_after, and
    ``apart``: after - expected_after (-1 to 1) with limits low and high. The change of the whole is split in rate_part
    (the value's own share changed) and mix_part (the value is a larger or smaller part of the population, with a share
    above or below all). ``base``: answers of the rarer kind in the smaller wave, of a simple sample that would tell as
    much.

    The change of the value is set against the change of all the others; variances as if the two changed alike, with
    the effective number of answers, (Σw)²/Σw² (Kish 1965, Survey Sampling, 11.7). Correction, order and sources as in
    ``change``.
    """
    rows = values.reset_index(drop=True)
    old, new = (_Wave(rows, side) for side in ("before", "after"))
    drift = new.rest - old.rest
    apart = new.share - old.share - drift
    # Were there no difference, the value's share would be this before, and this and the drift after.
    common = _over(old.share * old.effective + (new.share - drift) * new.effective, old.effective + new.effective)
    chance = _variance(common, old.effective) + _variance(common + drift, new.effective)
    chance = chance + _variance(old.rest, old.rest_effective) + _variance(new.rest, new.rest_effective)
    rarer = np.minimum(common, 1 - common)
    base = rarer * np.minimum(old.effective, new.effective)
    low, high, p, adjusted = _limits(apart, np.sqrt(chance), base, level)
    mean, whole = (old.share + new.share) / 2, (old.whole + new.whole) / 2
    rate, mix = (old.size + new.size) / 2 * (new.share - old.share), (new.size - old.size) * (mean - whole)
    moved = new.whole - old.whole
    out = pd.DataFrame(
        {
            "dimension": rows["dimension"], "value": rows["value"], "before": old.share, "after": new.share,
            "expected_after": np.clip(old.share + new.rest - old.rest, 0, 1),
            "apart": apart, "low": low, "high": high,
            "contribution": _over(rate + mix, moved), "rate_part": _over(rate, moved), "mix_part": _over(mix, moved),
            "surprise": surprise(_over(old.size * old.share, old.whole), _over(new.size * new.share, new.whole)),
            "base": base, "p": p, "p_adjusted": adjusted, "verdict": effect_verdicts(low, high, 0.0, base),
        }
    )  # fmt: skip
    return _ordered(out, np.sign(apart), np.sign(moved))


def dimensions(found: pd.DataFrame) -> pd.DataFrame:
    """The dimensions of what ``change`` or ``shares`` gave, the one that says most first.

    dimension, values (how many), surprise (sum), p_adjusted (the smallest of its values', corrected for all looks) and
    called (how many values are other than expected).
    """
    called = found["verdict"].isin([Verdict.HIGHER, Verdict.LOWER])
    groups = found.assign(called=called).groupby("dimension", sort=False)
    out = groups.agg(
        values=("value", "size"),
        surprise=("surprise", "sum"),
        p_adjusted=("p_adjusted", "min"),
        called=("called", "sum"),
    )
    return out.sort_values(["p_adjusted", "surprise"], ascending=[True, False], kind="stable").reset_index()


def overdispersion(table: pd.DataFrame | Floats) -> float:
    """How much more the values' shares have varied from period to period than chance makes them: 1 or more.

    ``table``: earlier periods (rows) by values (columns) of one dimension, counts. Pearson's X² of independence over
    its degrees of freedom, over the values with MINIMUM_BASE / 2 expected in each period on average. Source: McCullagh
    & Nelder 1989, 6.2.
    """
    counts = np.asarray(table, dtype=float)
    counts = counts[:, counts.mean(axis=0) >= MINIMUM_BASE / 2] if counts.size else counts
    counts = counts[counts.sum(axis=1) > 0]
    if min(counts.shape) < 2:
        return 1.0
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return max(1.0, float(np.sum((counts - expected) ** 2 / expected) / freedom))


def surprise(before: ArrayLike, after: ArrayLike) -> Floats:
    """Each value's part of the Jensen-Shannon divergence (nats) between its shares of the whole before and after."""
    from scipy.special import rel_entr

    p, q = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return np.asarray((rel_entr(p, (p + q) / 2) + rel_entr(q, (p + q) / 2)) / 2)


class _Wave:
    """Shares of each value, of the others and of all in one wave of a survey."""

    def __init__(self, rows: pd.DataFrame, side: str) -> None:
        columns = [f"{name}_{side}" for name in ("part", "weight", "squares")]
        own = rows[columns].to_numpy(dtype=float).T
        alls = rows.groupby("dimension")[columns].transform("sum").to_numpy(dtype=float).T
        others = alls - own
        self.share, self.rest, self.whole = (_over(x[0], x[1]) for x in (own, others, alls))
        self.size = _over(own[1], alls[1])
        self.effective, self.rest_effective = _over(own[1] ** 2, own[2]), _over(others[1] ** 2, others[2])


def _variance(share: Floats, effective: Floats) -> Floats:
    """Of a share, as if two more of each kind had answered: a share of 0 or 1 is not certain (Agresti & Coull 1998)."""
    steadied = (np.clip(share, 0, 1) * effective + 2) / (effective + 4)
    return np.asarray(steadied * (1 - steadied) / (effective + 4))


def _over(part: Floats, whole: Floats) -> Floats:
    """part / whole, NaN where the whole is zero."""
    return np.asarray(part / np.where(np.asarray(whole) == 0, np.nan, whole), dtype=np.float64)


def _wholes(rows: pd.DataFrame, before: Floats, after: Floats, totals: tuple[float, float] | None) -> list[Floats]:
    if totals is not None:
        return [np.full(len(rows), float(total)) for total in totals]
    return [
        pd.Series(side).groupby(rows["dimension"]).transform("sum").to_numpy(dtype=float) for side in (before, after)
    ]


def _persons(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Persons before and after; NaN throughout a dimension where not every value has them."""
    columns = ["exposure_before", "exposure_after"]
    given = rows.reindex(columns=columns).astype(float)
    known = (given > 0).all(axis=1).groupby(rows["dimension"]).transform("all")
    before, after = given.where(known)[columns].to_numpy().T
    return before, after


def _growths(rows: pd.DataFrame, persons: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Persons after over before: of each value, and of all the others in its dimension; 1 where not known."""
    alls = [pd.Series(one).groupby(rows["dimension"]).transform("sum").to_numpy(dtype=float) for one in persons]
    own, others = _over(persons[1], persons[0]), _over(alls[1] - persons[1], alls[0] - persons[0])
    return np.where(np.isnan(own), 1.0, own), np.where(np.isnan(others), 1.0, others)


def _ratio(before: Floats, after: Floats, rest_before: Floats, rest_after: Floats) -> tuple[Floats, Floats]:
    """(after / before) / (the same of the rest), and the standard error of its logarithm by chance alone."""
    counts = np.maximum([after, before, rest_after, rest_before], 0)
    four = counts + np.where((counts == 0).any(axis=0), _HALF, 0)
    error = np.sqrt(sum((1 / count for count in four), start=np.zeros(len(before))))
    alone = (rest_before <= 0) & (rest_after <= 0)
    return np.where(alone, np.nan, four[0] / four[1] / (four[2] / four[3])), error


def _limits(effect: Floats, error: Floats, base: Floats, level: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Simultaneous limits, p and corrected p of effects whose neutral value is 0; looks are those with a base."""
    from scipy.special import ndtr, ndtri

    looked = np.isfinite(effect) & (base >= MINIMUM_BASE)
    looks = max(1, int(looked.sum()))
    reach = -float(ndtri((1 - level) / (2 * looks))) * error
    p = 2 * ndtr(-np.abs(effect) / error)
    return effect - reach, effect + reach, p, np.where(looked, np.minimum(1.0, p * looks), np.nan)


def _parts(
    before: Floats, after: Floats, persons_before: Floats, persons_after: Floats, scale: float
) -> tuple[Floats, Floats]:
    """The change in events split in that of the rate and that of the persons, each at the mean of the other."""
    old, new = scale * _over(before, persons_before), _over(after, persons_after)
    rate = (persons_before + persons_after) / 2 * (new - old)
    return rate, (old + new) / 2 * (persons_after - persons_before)


def _ordered(found: pd.DataFrame, side: Floats, way: Floats) -> pd.DataFrame:
    called = found["verdict"].isin([Verdict.HIGHER, Verdict.LOWER]).to_numpy()
    turn = np.select([called & (side == way), called], [0, 1], 2)
    order = np.lexsort((-np.nan_to_num(found["surprise"].to_numpy(), nan=-1.0), turn))
    return found.iloc[order].reset_index(drop=True)
