"""A chart as an office program can draw it itself, read from the Plotly figure, so that it is described once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

Kind = Literal["line", "column", "bar"]

#: More points along the axis than this cannot be told apart on a slide.
_MOST = 80


@dataclass(frozen=True)
class Series:
    """One line or set of bars; a gap is None. ``colour`` is #RRGGBB or empty; ``context`` is drawn thin."""

    name: str
    values: tuple[float | None, ...]
    colour: str = ""
    context: bool = False


@dataclass(frozen=True)
class Native:
    """Categories and series with one value for each category. ``form`` is a number format as Excel writes it."""

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    upside_down: bool = False
    form: str = "#,##0"


def native(figure: go.Figure) -> Native | None:
    """The figure as a chart of lines, columns or bars; None for what is none: maps, webs, heat maps, mixed kinds.

    Shading (``fill``), vertical rules and text marks are left out: the table and the sentence beside tell them.
    """
    drawn = [trace for trace in figure.data if not _is_decoration(trace)]
    lines = [trace for trace in drawn if _kind(trace) == "line"]
    if lines and all(trace.type == "scatter" for trace in drawn):
        drawn = lines  # dots on a line mark some of its points once more
    kinds = {_kind(trace) for trace in drawn}
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind is None:
        return None
    axis = figure.layout.yaxis if kind == "bar" else figure.layout.xaxis
    if not _one_plain_scale(figure, axis):
        return None
    points = [dict(_points(trace, kind)) for trace in drawn]
    places = _in_order(place for one in points for place in one)
    labels = _labels(places, axis)
    if labels is None or not 1 <= len(places) <= _MOST:
        return None
    if kind == "line" and _one_after_the_other(points):
        # A line that is drawn in parts, before and after a break in how it is counted.
        points, drawn = [{place: value for one in points for place, value in one.items()}], drawn[-1:]
    if len(drawn) > 1 and any(not trace.name for trace in drawn):
        return None
    series = tuple(
        Series(
            trace.name or "",
            tuple(one.get(place) for place in places),
            _colour(trace),
            context=bool(trace.type == "scatter" and (trace.line.dash or (trace.line.width or 2) < 2)),
        )
        for trace, one in zip(drawn, points, strict=True)
    )
    return Native(
        kind,
        labels,
        series,
        stacked=figure.layout.barmode in ("stack", "relative"),
        upside_down=kind == "bar" and axis.autorange == "reversed",
        form=_form(figure.layout.xaxis if kind == "bar" else figure.layout.yaxis, series),
    )


def _one_after_the_other(points: list[dict[object, float | None]]) -> bool:
    """Whether no two of several lines have a place in common."""
    return len(points) > 1 and sum(map(len, points)) == len({place for one in points for place in one})


def _is_decoration(trace: go.Scatter) -> bool:
    """Whether a trace carries no values of its own: shading, a rule, or text."""
    if trace.type != "scatter":
        return False
    if trace.fill and trace.fill != "none":
        return True
    marked = trace.mode or "lines"
    if marked == "text" or (trace.line.width == 0 and "markers" not in marked):
        return True
    return trace.x is not None and len(trace.x) > 1 and len(set(trace.x)) == 1


def _kind(trace: go.Scatter | go.Bar) -> Kind | None:
    if trace.type == "bar":
        return "bar" if trace.orientation == "h" else "column"
    if trace.type == "scatter" and "lines" in (trace.mode or "lines"):
        return "line"
    return None


def _one_plain_scale(figure: go.Figure, axis: go.layout.XAxis) -> bool:
    """Whether there is one pair of axes, and the one with the categories shows them itself."""
    more = any(trace.xaxis not in (None, "x") or trace.yaxis not in (None, "y") for trace in figure.data)
    return not more and axis.showticklabels is not False


def _points(trace: go.Scatter | go.Bar, kind: Kind) -> Iterator[tuple[object, float | None]]:
    along, up = (trace.y, trace.x) if kind == "bar" else (trace.x, trace.y)
    for place, value in zip(along if along is not None else (), up if up is not None else (), strict=False):
        if isinstance(value, str):
            continue
        known = value is not None and not (isinstance(value, float) and math.isnan(value)) and not pd.isna(value)
        yield place, float(value) if known else None


def _in_order(places: Iterable[object]) -> list[object]:
    """Each place once: numbers and days by size, words as they came."""
    once = list(dict.fromkeys(places))
    return once if any(isinstance(one, str) for one in once) else sorted(once)  # type: ignore[type-var]


def _labels(places: list[object], axis: go.layout.XAxis) -> tuple[str, ...] | None:
    """What the axis calls each place; None where some have no name of their own."""
    if axis.tickvals is not None and axis.ticktext is not None:
        named = dict(zip(axis.tickvals, axis.ticktext, strict=False))
        if all(place in named for place in places):
            return tuple(str(named[place]).replace("<br>", " ") for place in places)
        return None
    if all(isinstance(place, str) for place in places):
        return tuple(str(place).replace("<br>", " ") for place in places)
    if all(_is_whole(place) for place in places):
        return tuple(str(int(place)) for place in places)  # type: ignore[call-overload]
    if all(hasattr(place, "year") for place in places):
        return tuple(pd.Timestamp(place).date().isoformat() for place in places)  # type: ignore[arg-type]
    return None


def _is_whole(place: object) -> bool:
    return not isinstance(place, str) and not hasattr(place, "year") and float(place) == int(place)  # type: ignore[arg-type, call-overload]


def _colour(trace: go.Scatter | go.Bar) -> str:
    for painted in (trace.line.color if trace.type == "scatter" else None, trace.marker.color):
        if isinstance(painted, str) and len(painted) == 7 and painted.startswith("#"):
            return painted
    return ""


def _form(axis: go.layout.YAxis, series: tuple[Series, ...]) -> str:
    if (axis.tickformat or "").endswith("%"):
        return "0%"
    whole = all(value is None or value == int(value) for one in series for value in one.values)
    return "#,##0" if whole else "#,##0.0"
