"""What is reported, felt and observed as small series under each other, on the same years.

Records as ``queries.three_views`` gives them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import number, span
from charts.three_words import ROLES, ViewRecord, share_of, title, told

#: Heights in pixels: a heading, a line of text, a series, and the room under it; letters in a line on a phone.
_HEADING, _LINE, _SERIES, _ROOM, _BOTTOM = 34, 17, 62, 16, 30
_BOLD, _PLAIN = 44, 50

#: How far over its mark a value is written, pixels.
_LIFT = 4

#: Years shown before the older of those compared, and in all when nothing is: more of one source would press the others
#: together.
_BEFORE, _YEARS = 3, 10


def draw(views: Sequence[ViewRecord]) -> go.Figure:
    """A panel per series with its name and what has changed over it; the two periods compared are filled and named."""
    panels, texts, height = _layout(views)
    figure = base(round(height))
    first, last = _years(views)
    for number_of, (view, top) in enumerate(zip(views, panels, strict=True), 1):
        _panel(figure, view, number_of, (1 - (top + _SERIES) / height, 1 - top / height), first)
    for text, y, size in texts:
        figure.add_annotation(
            x=0, y=1 - y / height, text=text, showarrow=False, xanchor="left", yanchor="middle", xref="paper",
            yref="paper", font={"size": size},
        )  # fmt: skip
    figure.update_xaxes(
        range=[first - pd.Timedelta(days=60), last + pd.Timedelta(days=90)], tickformat="%Y", ticks="outside",
        dtick="M12" if (last - first).days < 366 * 6 else "M24", anchor="free", position=0.0, ticklabelmode="period",
    )  # fmt: skip
    return figure.update_layout(hovermode="closest", margin={"l": 14, "r": 14, "t": 0, "b": 0})


def _years(views: Sequence[ViewRecord]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The days between which all are drawn: from some years before what is compared, where there is as much."""
    starts = [view.points.loc[view.points["label"] == view.old, "period_start"].min() for view in views if view.old]
    last = max(view.points["period_end"].max() for view in views)
    earliest = min(starts) - pd.DateOffset(years=_BEFORE) if starts else last - pd.DateOffset(years=_YEARS)
    return max(min(view.points["period_start"].min() for view in views), earliest), last


def _layout(views: Sequence[ViewRecord]) -> tuple[list[float], list[tuple[str, float, int]], float]:
    """The top of each series and where the texts stand, pixels from above; and the whole height."""
    y, role, tops, texts = 0.0, "", [], []
    for view in views:
        if view.role != role:
            role = view.role
            texts.append((f"<b>{ROLES[role]}</b>", y + _HEADING / 2, 16))
            y += _HEADING
        lines = [(f"<b>{one}</b>", 13) for one in wrap(f"{title(view)}, {view.unit}", _BOLD)]
        lines += [(one, 13) for one in wrap(told(view), _PLAIN)]
        for text, size in lines:
            texts.append((text, y + _LINE / 2, size))
            y += _LINE
        tops.append(y)
        y += _SERIES + _ROOM
    return tops, texts, y + _BOTTOM


def _panel(
    figure: go.Figure, view: ViewRecord, number_of: int, domain: tuple[float, float], first: pd.Timestamp
) -> None:
    points = view.points[view.points["period_end"] >= first]
    middle = points["period_start"] + (points["period_end"] - points["period_start"]) / 2
    # Where nothing is compared the newest is named.
    named = [view.old, view.new] if view.old else [points["label"].iloc[-1]]
    compared = points["label"].isin(named)
    known = points["value"].notna()
    axis = f"y{number_of}" if number_of > 1 else "y"
    tops = points[["value", "upper"]].max(axis=1)
    scale = ((float(tops.max()) if known.any() else 0.0) or 1.0) * 1.6
    limits = pd.DataFrame({"up": points["upper"] - points["value"], "down": points["value"] - points["lower"]})
    figure.add_scatter(
        x=middle, y=points["value"], yaxis=axis, mode="lines+markers",
        line={"color": CONTEXT, "width": 1.5}, connectgaps=False,
        marker={"size": 9, "color": np.where(compared, ACCENT, CONTEXT), "line": {"width": 2, "color": CONTEXT},
                "symbol": np.where(compared, "circle", "circle-open")},
        error_y={"type": "data", "array": limits["up"], "arrayminus": limits["down"], "color": ACCENT, "width": 0,
                 "thickness": 3, "visible": bool(limits["up"].notna().any())},
        customdata=[_hover(row, view.unit) for row in points.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    # Over the uncertainty and the mark, so that it is not struck through.
    figure.add_scatter(
        x=middle[compared], y=tops[compared] + scale * _LIFT / _SERIES, yaxis=axis, mode="text",
        textposition="top center", cliponaxis=False,
        text=[share_of(value, view.unit) for value in points["value"][compared]], hoverinfo="skip",
    )  # fmt: skip
    lost = middle[~known]
    figure.add_scatter(
        x=lost, y=[0] * len(lost), yaxis=axis, mode="text", text=["dold"] * len(lost), textposition="top center",
        hoverinfo="skip",
    )  # fmt: skip
    figure.update_layout({
        f"yaxis{number_of if number_of > 1 else ''}": {
            "domain": list(domain), "range": [0, scale], "visible": True, "showticklabels": False,
            "showgrid": False, "zeroline": True, "zerolinecolor": "rgba(124, 135, 151, 0.5)", "fixedrange": True,
            "ticks": "",
        }
    })  # fmt: skip


def _hover(row: dict[Hashable, Any], unit: str) -> str:
    value, lower, upper = (float(row[name]) for name in ("value", "lower", "upper"))
    shown = f"<b>{row['label']}: {share_of(value, unit)}</b>"
    if unit == "procent" and not np.isnan(lower):
        return f"{shown}<br>mellan {span(lower, upper)}\u00a0%"
    return shown if unit == "antal" else f"{shown}<br>{number(value, 2)} {unit}"
