"""How large a share of a population thinks so, when it is known how the respondents were drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.weighted import weighted_share

Floats = NDArray[np.float64]

#: Columns of a frame of answers: whether the answer is the one asked for, and what the respondent stands for.
HIT, WEIGHT, STRATUM, CLUSTER = "hit", "weight", "stratum", "cluster"


def survey_share(answers: pd.DataFrame, by: str | None = None, level: float = 0.95) -> pd.DataFrame:
    """Weighted shares with limits that know the design, one row per group in ``by`` (one row in all without it).

    ``answers`` has a row per respondent with an answer: hit (bool), weight (persons) and, where the sample was drawn
    so, stratum and cluster. Returns share, lower, upper, error (standard error), all 0-1; effective (answers of a
    simple sample that would tell as much); design (variance over that of a simple sample of as many); base
    (answers); as ``weighted.difference`` takes them, so that two waves are compared there. Groups keep the whole
    sample's strata and clusters, since who falls in a group is chance too.

    Variance by Taylor linearisation, with clusters as drawn anew within each stratum; a stratum with one cluster
    tells nothing of its variance and is joined with the others like it. Limits on the logit scale with Student's t,
    df = clusters - strata. A share of 0 or 1, or a group from one cluster, has no such variance: Wilson's limits with
    (Σw)²/Σw² stand in. Sources: Lohr 2022, Sampling: Design and Analysis, ch. 9; Korn & Graubard 1999, Analysis of
    Health Surveys, 2.4 (logit). Raises ValueError when a weight is missing or not positive.
    """
    rows = answers.reset_index(drop=True)
    weight = rows[WEIGHT].to_numpy(dtype=float)
    if not (weight > 0).all():
        raise ValueError("Varje svar måste ha en vikt som är större än noll.")
    hit = rows[HIT].to_numpy(dtype=float)
    drawn = _Design(rows)
    group = rows[by] if by is not None else pd.Series("", index=rows.index)
    codes, names = pd.factorize(group, sort=True)
    found = [_share(hit, np.where(codes == code, weight, 0.0), drawn, level) for code in range(len(names))]
    columns = ["share", "lower", "upper", "error", "effective", "design", "base"]
    return pd.DataFrame(found, index=pd.Index(names, name=by), columns=columns)


class _Design:
    """Which stratum each cluster, and which cluster each respondent, belongs to."""

    def __init__(self, rows: pd.DataFrame) -> None:
        nowhere = np.zeros(len(rows), dtype=np.int64)
        stratum = pd.factorize(rows[STRATUM])[0] if STRATUM in rows else nowhere
        cluster = pd.factorize(rows[CLUSTER])[0] if CLUSTER in rows else np.arange(len(rows))
        # A cluster's code may come again in another stratum.
        self.cluster, pairs = pd.factorize(stratum * (len(rows) + 1) + cluster)
        self.stratum = pairs // (len(rows) + 1)
        numbers = np.bincount(self.stratum)
        alone = numbers[self.stratum] == 1
        # Strata with a single cluster are collapsed into one.
        self.stratum = np.where(alone, len(numbers), self.stratum)

    @property
    def df(self) -> int:
        return len(self.stratum) - len(np.unique(self.stratum))

    def variance(self, scores: Floats) -> float:
        """Variance of the sum of the respondents' ``scores``."""
        sums = np.bincount(self.cluster, scores, minlength=len(self.stratum))
        numbers = np.bincount(self.stratum)
        means = np.bincount(self.stratum, sums) / np.maximum(numbers, 1)
        squares = np.bincount(self.stratum, (sums - means[self.stratum]) ** 2)
        many = numbers > 1
        return float(np.sum(squares[many] * numbers[many] / (numbers[many] - 1)))


def _share(hit: Floats, weight: Floats, drawn: _Design, level: float) -> tuple[float, ...]:
    from scipy.special import expit, logit, stdtrit

    whole, base = float(weight.sum()), int(np.count_nonzero(weight))
    plain = weighted_share([weight @ hit], [whole], [weight @ weight], level).iloc[0]
    share = float(plain["share"])
    variance = drawn.variance(weight * (hit - share) / whole)
    simple = share * (1 - share)
    few = len(np.unique(drawn.cluster[weight > 0])) < 2
    if few or variance <= 0 or simple <= 0 or drawn.df < 1:
        return share, float(plain["lower"]), float(plain["upper"]), np.nan, float(plain["effective"]), np.nan, base
    error = variance**0.5
    reach = float(stdtrit(drawn.df, (1 + level) / 2)) * error / simple
    lower, upper = (float(expit(logit(share) + sign * reach)) for sign in (-1, 1))
    return share, lower, upper, error, simple / variance, variance * base / simple, base
