"""What a later build says of a series that was frozen: figures revised, periods added, periods gone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

#: Figures that differ by less than this share are the same: a sum may come out in another order.
_SAME = 1e-9


@dataclass(frozen=True)
class Changed:
    """``revised``: label, then, now (missing where a figure was or is hidden or absent), then_step and now_step (1:
    exact, else the figure is up to step - 1 more), in order of time. ``then`` is missing too where the figure is told
    more coarsely now: it would tell what is not to be told any more.

    ``added``: label, now, of the periods after the last frozen one. ``filled``: the same, of earlier periods that were
    not there. ``gone``: labels of frozen periods that are there no more. ``compared``: how many periods both have.
    """

    revised: pd.DataFrame
    added: pd.DataFrame
    filled: pd.DataFrame
    gone: tuple[str, ...]
    compared: int

    @property
    def is_revised(self) -> bool:
        """Whether something that was frozen is said differently now; periods that came later revise nothing."""
        return bool(len(self.revised) or len(self.filled) or self.gone)


def changed(then: pd.DataFrame, now: pd.DataFrame) -> Changed:
    """Compare two tellings of one series. Both: start, end (days), label, value (missing allowed), step; one row each.

    A telling that was kept without steps is taken as exact. A figure that may be the one it was has not changed.
    """
    both = _keyed(then).merge(_keyed(now), on=["start", "end"], how="outer", suffixes=("_then", "_now"), indicator=True)
    both = both.sort_values(["start", "end"], kind="stable")
    kept = both[both["_merge"] == "both"]
    new = both[both["_merge"] == "right_only"].rename(columns={"label_now": "label", "value_now": "now"})
    told = kept[["value_then", "step_then", "value_now", "step_now"]].itertuples(index=False, name=None)
    same = pd.Series([_same(*one) for one in told], index=kept.index, dtype=bool)
    coarser = kept["value_now"].notna() & (kept["step_now"] > kept["step_then"])
    revised = kept.assign(then=kept["value_then"].mask(coarser))[~same].rename(
        columns={"label_now": "label", "value_now": "now", "step_then": "then_step", "step_now": "now_step"}
    )
    later = new["start"] > then["start"].max() if len(then) else new["start"].notna()
    return Changed(
        revised=revised[["label", "then", "now", "then_step", "now_step"]].reset_index(drop=True),
        added=new.loc[later, ["label", "now"]].reset_index(drop=True),
        filled=new.loc[~later, ["label", "now"]].reset_index(drop=True),
        gone=tuple(both.loc[both["_merge"] == "left_only", "label_then"]),
        compared=len(kept),
    )


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    days = {name: pd.to_datetime(rows[name]).astype("datetime64[s]") for name in ("start", "end")}
    step = rows["step"].fillna(1).astype(int) if "step" in rows else 1
    return rows[["label", "value"]].assign(**days, value=rows["value"].astype(float), step=step)


def _same(then: float, then_step: float, now: float, now_step: float) -> bool:
    if pd.isna(then) or pd.isna(now):
        return bool(pd.isna(then) and pd.isna(now))
    overlap = then <= now + now_step - 1 and now <= then + then_step - 1
    return overlap or math.isclose(then, now, rel_tol=_SAME)
