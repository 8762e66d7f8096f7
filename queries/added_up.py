"""The whole of a number that is told in parts: which parts are added up, and when their sum is not the whole."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

#: From what hides the whole to what is sure: a sum is no surer than the least sure of its parts.
_UNSURE = ("suppressed", "missing", "not_applicable", "preliminary", "rounded", "derived", "final")


def way(breakdown: str) -> str:
    """What a number is parted by: «klass» of «klass=4A», «klass|kön» of «kön=flickor|klass=4A», nothing of a whole."""
    return "|".join(sorted(one.partition("=")[0] for one in breakdown.split("|") if one))


def one_way(rows: pd.DataFrame, key: Sequence[str], part: str = "breakdown") -> pd.DataFrame:
    """The rows with which each whole (``key``) is added up: the whole itself where it is told, else its parts in one
    way (``part``: the column with their breakdown). The sexes and the classes beside each other are the same persons.

    Of several ways the one that most is told in, since what is left out makes a sum smaller; of equal ones that with
    the fewest parts without a value (column ``value``).
    """
    keys = list(key)
    ways = rows[keys].assign(way=rows[part].map(way), told=rows["value"].fillna(0.0), without=rows["value"].isna())
    found = ways.groupby([*keys, "way"], as_index=False, dropna=False)[["told", "without"]].sum()
    found = found.assign(parts=found["way"] != "").sort_values(
        ["parts", "told", "without", "way"], ascending=[True, False, True, True], kind="stable"
    )
    first = found.drop_duplicates(keys).set_index([*keys, "way"]).index
    return rows[ways.set_index([*keys, "way"]).index.isin(first)]


def added_up(rows: pd.DataFrame, key: Sequence[str], numbers: Sequence[str], part: str = "breakdown") -> pd.DataFrame:
    """A row for each whole (``key``), in the order they come: ``numbers`` summed, other columns those of a part.

    A number that a part lacks is empty of the whole, and the status is that of the least sure part: where one is hidden
    or missing so is the whole.
    """
    keys, added = list(key), list(numbers)
    kept = one_way(rows, keys, part)
    groups = kept[keys].apply(tuple, axis=1) if len(kept) else pd.Series(dtype=object)
    lacking = kept[added].isna().groupby(groups, sort=False).any()
    sums = kept[added].astype(float).groupby(groups, sort=False).sum().mask(lacking)
    rank = kept["status"].map(_UNSURE.index).groupby(groups, sort=False).min()
    out = kept.drop_duplicates(keys).reset_index(drop=True)
    out[added] = sums.to_numpy()
    return out.assign(status=[_UNSURE[one] for one in rank])
