"""Answers as rows of text with a mark and its uncertainty under each: groups beside each other, changes since a wave.

Frames as ``queries.survey_groups.by_group`` and ``queries.survey_waves.over_waves`` give them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import number, percent, signed, span
from charts.verdicts import TOO_LITTLE

HIDDEN = "suppressed"

#: What is written where a share is hidden, and where there are too few answers to judge.
HIDDEN_WORDS, FEW_WORDS = "dold, så att ingen kan pekas ut", TOO_LITTLE

#: Said where rounded shares do not differ by the rounded change.
UNROUNDED = "Ändringarna är räknade på oavrundade tal."

#: Height of a line of text, of the marks under it, and of what stands instead of hidden marks, pixels.
_LINE, _MARKS, _NONE = 17, 32, 8

#: Letters that a line holds on a phone, of a heading and of other text.
_HEADING, _TEXT = 46, 50

_GRID = "rgba(124, 135, 151, 0.25)"


@dataclass(frozen=True)
class Mark:
    """One row: a heading (shown where it changes), a line of text, a value with limits (NaN: none), what it stands
    beside (NaN: nothing), whether it is too little to judge, and what the pointer tells."""

    heading: str
    text: str
    value: float
    lower: float
    upper: float
    beside: float
    few: bool
    hover: str


def groups(rows: pd.DataFrame, beside: str = "övriga") -> go.Figure:
    """The groups of one answer, by dimension: share as a dot with its interval, that of all the others as a mark."""
    marks = [_group(row, beside) for row in rows.to_dict("records")]
    return draw(marks, (-2, 102), "\u00a0%", beside)


def _group(row: dict[Hashable, Any], beside: str) -> Mark:
    told = f"{row['group']}: {_share(row)}"
    if row["status"] != HIDDEN and not row["few"] and pd.notna(row["rest_share"]):
        told += f", {beside} {percent(row['rest_share'] * 100)}"
    return Mark(
        str(row["dimension"]), told, row["share"] * 100, row["lower"] * 100, row["upper"] * 100,
        row["rest_share"] * 100, bool(row["few"]), _hover(row, str(row["group"])),
    )  # fmt: skip


def _share(row: dict[Hashable, Any]) -> str:
    if row["status"] == HIDDEN:
        return HIDDEN_WORDS
    return percent(row["share"] * 100) + (f" ({FEW_WORDS})" if row["few"] else "")


def _hover(row: dict[Hashable, Any], name: str) -> str:
    if row["status"] == HIDDEN:
        return name
    limits = span(row["lower"] * 100, row["upper"] * 100)
    return f"<b>{name}: {percent(row['share'] * 100)}</b><br>mellan {limits}\u00a0%<br>{number(row['base'])} svar"


def changes(rows: pd.DataFrame) -> go.Figure:
    """What has changed since the wave before, a row per answer: percentage points with their interval around none."""
    marks = [_changed(row) for row in rows.to_dict("records")]
    ends = np.array([[mark.lower, mark.upper] for mark in marks], dtype=float)
    reach = float(np.nanmax(np.abs(ends), initial=10.0)) * 1.05
    return draw(marks, (-reach, reach), "", "", zero=True)


def _changed(row: dict[Hashable, Any]) -> Mark:
    if row["change_status"] == HIDDEN:
        return Mark(row["question"], f"{row['choice']}: {HIDDEN_WORDS}", np.nan, np.nan, np.nan, np.nan, False, "")
    told = f"{row['choice']}: {span_of(row)}, {points(row['change'])}"
    few = f" ({FEW_WORDS})" if row["change_few"] else ""
    change, lower, upper = (row[name] * 100 for name in ("change", "change_lower", "change_upper"))
    hover = f"<b>{points(row['change'])}</b><br>mellan {signed(lower)} och {signed(upper)}"
    return Mark(row["question"], told + few, change, lower, upper, np.nan, bool(row["change_few"]), hover)


def span_of(row: dict[Hashable, Any]) -> str:
    """From the wave before to this: "59 → 62 %"."""
    return f"{number(row['old_share'] * 100)} → {percent(row['share'] * 100)}"


def points(change: float) -> str:
    """A difference of shares in words: "+3 procentenheter"."""
    told = signed(change * 100)
    return f"{told} procentenhet" if told in ("+1", "\N{MINUS SIGN}1") else f"{told} procentenheter"


def rounding(rows: pd.DataFrame, before: str, now: str, change: str) -> str:
    """That changes are made of unrounded shares, where what is written (per cent, in these columns) does not add up."""
    known = rows[[before, now, change]].astype(float).dropna().round()
    return UNROUNDED if (known[now] - known[before] != known[change]).any() else ""


def draw(
    marks: Sequence[Mark], axis: tuple[float, float], suffix: str, beside: str, *, zero: bool = False
) -> go.Figure:
    placed, height = _layout(marks)
    figure = base(round(height) + 42)
    known = [(mark, y) for mark, y, _ in placed if not pd.isna(mark.value)]
    # The limits as one trace: a line per row, parted by gaps.
    figure.add_scatter(
        x=[value for mark, _ in known for value in (mark.lower, mark.upper, None)],
        y=[value for _, y in known for value in (y, y, None)],
        mode="lines", line={"color": ACCENT, "width": 3}, hoverinfo="skip",
    )  # fmt: skip
    others = [(mark.beside, y) for mark, y in known if not pd.isna(mark.beside)]
    figure.add_scatter(
        x=[x for x, _ in others], y=[y for _, y in others], mode="markers", name=beside,
        marker={"symbol": "line-ns-open", "size": 16, "color": CONTEXT, "line": {"width": 3}},
        customdata=[percent(x) for x, _ in others], hovertemplate="%{customdata}<extra>" + beside + "</extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[mark.value for mark, _ in known], y=[y for _, y in known], mode="markers",
        marker={"size": 11, "color": ACCENT, "line": {"width": 2, "color": ACCENT},
                "symbol": ["circle-open" if mark.few else "circle" for mark, _ in known]},
        customdata=[mark.hover for mark, _ in known], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    for _, _, lines in placed:
        for text, y in lines:
            figure.add_annotation(
                x=0, y=y, text=text, showarrow=False, xanchor="left", yanchor="middle", font={"size": 13}, xref="paper"
            )
    if zero:
        figure.add_vline(x=0, line={"color": CONTEXT, "width": 1})
    figure.update_xaxes(range=list(axis), ticksuffix=suffix, showgrid=True, ticks="", gridcolor=_GRID, nticks=6)
    figure.update_yaxes(visible=False, range=[height, 0])
    return figure.update_layout(hovermode="closest", margin={"l": 14, "r": 14, "t": 8, "b": 34})


def _layout(marks: Sequence[Mark]) -> tuple[list[tuple[Mark, float, list[tuple[str, float]]]], float]:
    """Where everything stands: each mark with its y and its lines of text with theirs; and the height."""
    out, y, heading = [], 4.0, None
    for mark in marks:
        new = mark.heading != heading
        y += 6 if new and heading is not None else 0
        heading = mark.heading
        lines = []
        for line in [*([f"<b>{one}</b>" for one in wrap(mark.heading, _HEADING)] if new else []),
                     *wrap(mark.text, _TEXT)]:  # fmt: skip
            y += _LINE
            lines.append((line, y))
        out.append((mark, y + _MARKS / 2 + 3, lines))
        y += _NONE if pd.isna(mark.value) else _MARKS
    return out, y + 8
