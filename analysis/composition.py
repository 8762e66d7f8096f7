"""What a total is made of, period by period, with the rest that no group names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.expected import Expectation, expectation

#: Name of what is left of the total when the groups are taken away.
REMAINDER = "remainder"


class OverlapError(ValueError):
    """The groups are together more than their total in the period that starts ``period_start``."""

    def __init__(self, total: str, period_start: pd.Timestamp) -> None:
        super().__init__(
            f"Grupperna är tillsammans större än totalen {total} i perioden som börjar {period_start:%Y-%m-%d}."
        )
        self.period_start = period_start


@dataclass(frozen=True)
class GroupShare:
    """A group's share of the newest total (0-1) and what its own history led to expect, as an Expectation of counts."""

    group: str
    share: float
    expected_share: float
    lower_share: float
    upper_share: float
    expectation: Expectation


def composition(counts: pd.DataFrame, total: str, part_of: Mapping[str, str | None]) -> pd.DataFrame:
    """Shares of the groups directly inside ``total``, and of the remainder, for every period.

    ``counts`` has indicator_id, period_start, count. ``part_of`` says what each is counted inside; one inside another
    group is in that group already and is left out. Returns period_start, group, count, total and
    share (0-1). In a period where a group is missing the remainder is missing too: it would hide the group. Shares
    of a period with all groups sum to 1. Raises ValueError when there is no total, OverlapError when groups
    exceed it.
    """
    groups = [name for name, parent in part_of.items() if parent == total]
    wide = counts[counts["indicator_id"].isin([total, *groups])].pivot(
        index="period_start", columns="indicator_id", values="count"
    )
    if total not in wide:
        raise ValueError(f"Totalen {total} saknas; då går det inte att räkna andelar.")
    groups = [name for name in groups if name in wide]
    wide = wide.astype(float)
    rest = wide[total] - wide[groups].sum(axis=1, skipna=False)
    exceeded = pd.DatetimeIndex(rest.index[rest < 0])
    if len(exceeded):
        raise OverlapError(total, exceeded[0])
    parts = wide[groups].assign(**{REMAINDER: rest})
    parts.columns.name = "group"
    out = parts.melt(ignore_index=False, value_name="count").reset_index()
    out["total"] = out["period_start"].map(wide[total])
    out["share"] = out["count"] / out["total"].where(out["total"] > 0)
    return out


def share_expectations(
    shares: pd.DataFrame, *, periods_per_year: int = 1, breaks: Sequence[date] = ()
) -> list[GroupShare]:
    """Each group's newest share against its own history, largest share first.

    ``shares`` comes from ``composition``, with ``preliminary`` if known. The group's count is judged with the total as
    exposure (see analysis.expected), so that a general rise is no change of composition, and clusters of reports widen
    the interval.
    """
    out = []
    for group, rows in shares.groupby("group", sort=False):
        found = expectation(rows.assign(exposure=rows["total"]), periods_per_year=periods_per_year, breaks=breaks)
        whole = found.exposure if found.exposure > 0 else np.nan
        out.append(
            GroupShare(
                str(group),
                share=found.observed / whole,
                expected_share=found.expected / whole,
                lower_share=found.lower / whole,
                upper_share=found.upper / whole,
                expectation=found,
            )
        )
    return sorted(out, key=lambda one: (np.isnan(one.share), -one.share))
