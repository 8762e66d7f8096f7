"""The thread as pictures: a line per problem with its breaks, and one problem's line taken apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base, write

#: The stations from left to right, as their headings.
HEADINGS = ("Källa", "Problem", "Orsak", "Åtgärd", "Mål", "Utfall")
_STATIONS = ("source", "problem", "cause", "measure", "goal", "outcome")

#: A follow-up's light as a shape, a colour and a word, so that none of them carries it alone.
LIGHTS = {
    "green": ("circle", "#2E8B6F", "grön"),
    "yellow": ("diamond", "#B97514", "gul"),
    "red": ("square", "#B8404F", "röd"),
    "": ("circle-open", CONTEXT, "ingen färg satt"),
}

_ROW = 72
_KNOT = 46


class Link(Protocol):
    """See analysis.thread.Link."""

    @property
    def whole(self) -> bool: ...
    @property
    def partly(self) -> bool: ...
    @property
    def missing(self) -> str: ...
    @property
    def count(self) -> int: ...


class Line(Protocol):
    """See analysis.thread.Line."""

    @property
    def problem_id(self) -> int | None: ...
    @property
    def title(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def ids(self) -> Mapping[str, list[Any]]: ...
    @property
    def links(self) -> Sequence[Link]: ...
    @property
    def light(self) -> str: ...


def overview(lines: Sequence[Line]) -> go.Figure:
    """A thread per problem from source to outcome: whole where it holds, dashed where something is missing, gone where
    it is broken. A point's ``customdata`` is (line number, station)."""
    figure = _columns(_ROW * len(lines) + 40, rows=len(lines))
    for at, line in enumerate(lines):
        y = -at
        write(figure, _heading(line), y + 0.36)
        for step, link in enumerate(line.links):
            ends = line.ids[_STATIONS[step]] and line.ids[_STATIONS[step + 1]]
            _stretch(figure, step, y, link, there=bool(ends))
        _stations(figure, at, line, y)
    return figure


def _columns(height: int, rows: int) -> go.Figure:
    """An empty picture with the stations as headings."""
    figure = base(height, room=(8, 8))
    figure.update_xaxes(
        range=[-0.45, 5.45], tickvals=list(range(6)), ticktext=list(HEADINGS), side="top", ticks="", showline=False,
        zeroline=False,
    )  # fmt: skip
    figure.update_yaxes(range=[-rows + 0.45, 0.66], visible=False)
    return figure.update_layout(hovermode="closest", margin={"t": 32})


def _heading(line: Line) -> str:
    told = not line.place or line.place.casefold() in line.title.casefold()
    return f"<b>{line.title}</b>" + ("" if told else f" · {line.place}")


def _stretch(figure: go.Figure, step: int, y: float, link: Link, *, there: bool) -> None:
    """The thread between two stations; where it is not whole, what is missing. Broken where an end is not ``there``."""
    if there:
        figure.add_shape(
            type="line", x0=step, x1=step + 1, y0=y, y1=y, layer="below",
            line={"color": ACCENT, "width": 4, "dash": "solid" if link.whole else "dot"},
        )  # fmt: skip
    text = "✕" if not there else f"{link.count} saknas" if link.partly else ""
    if text:
        figure.add_annotation(
            x=step + 0.5, y=y, yshift=-16 if there else 0, text=text, showarrow=False, font={"size": 12},
            hovertext=link.missing,
        )  # fmt: skip


def _stations(figure: go.Figure, at: int, line: Line, y: float) -> None:
    counts = [len(line.ids[station]) for station in _STATIONS]
    words = [_station_words(line, step, count) for step, count in enumerate(counts)]
    symbols = ["circle" if count else "circle-open" for count in counts]
    colors = [ACCENT if count else CONTEXT for count in counts]
    if counts[-1] and line.light:
        symbols[-1], colors[-1], word = LIGHTS[line.light]
        words[-1] += f"<br>sämst: {word}"
    figure.add_scatter(
        x=list(range(6)), y=[y] * 6, mode="markers+text",
        text=[str(count) if count else "" for count in counts], textfont={"color": "white", "size": 12},
        marker={
            "size": 24, "symbol": symbols, "color": colors, "line": {"width": 2, "color": colors}, "opacity": 1,
        },
        customdata=[(at, station) for station in _STATIONS], hovertext=words, hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )  # fmt: skip


def _station_words(line: Line, step: int, count: int) -> str:
    missing = line.links[step - 1].missing if step else line.links[0].missing if not count else ""
    return f"{line.title}<br>{HEADINGS[step]}: {count or 'saknas'}" + (f"<br>{missing}" if missing else "")


class Knot(Protocol):
    """See analysis.thread_web.Knot."""

    @property
    def station(self) -> str: ...
    @property
    def id(self) -> Any: ...
    @property
    def label(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def height(self) -> float: ...
    @property
    def lacks(self) -> str: ...
    @property
    def light(self) -> str: ...


class Web(Protocol):
    """See analysis.thread_web.Web."""

    @property
    def knots(self) -> Sequence[Knot]: ...
    @property
    def ties(self) -> Sequence[tuple[tuple[str, Any], tuple[str, Any]]]: ...
    @property
    def most(self) -> int: ...


def apart(web: Web) -> go.Figure:
    """One problem's thread with every row of it as a knot; ``customdata`` is (station, id). A knot with a cross under
    it misses something: its hover and the lists beside the picture say what."""
    figure = _columns(_KNOT * web.most + 60, rows=1)
    figure.update_yaxes(range=[-1.02, 0.06])
    at = {(knot.station, knot.id): _place(knot) for knot in web.knots}
    for before, after in web.ties:
        (x0, y0), (x1, y1) = at[before], at[after]
        middle = (x0 + x1) / 2
        figure.add_shape(
            type="path", path=f"M {x0},{y0} C {middle},{y0} {middle},{y1} {x1},{y1}", layer="below",
            line={"color": ACCENT, "width": 2},
        )  # fmt: skip
    _knots(figure, [knot for knot in web.knots if knot.station != "outcome"], at, ("circle", ACCENT, ""))
    outcomes = [knot for knot in web.knots if knot.station == "outcome"]
    for light in dict.fromkeys(knot.light for knot in outcomes):
        _knots(figure, [knot for knot in outcomes if knot.light == light], at, LIGHTS[light])
    return figure


def _place(knot: Knot) -> tuple[float, float]:
    step = _STATIONS.index(knot.station)
    # Causes stand further right the deeper they lie in the tree, but never at the measures.
    deeper = min(knot.label.count("."), 3) * 0.14 if knot.station == "cause" else 0
    return step + deeper - (0.2 if knot.station == "cause" else 0), -knot.height


def _knots(
    figure: go.Figure,
    knots: Sequence[Knot],
    at: Mapping[tuple[str, Any], tuple[float, float]],
    looks: tuple[str, str, str],
) -> None:
    symbol, color, word = looks
    places = [at[(knot.station, knot.id)] for knot in knots]
    figure.add_scatter(
        x=[x for x, _ in places], y=[y for _, y in places], mode="markers+text",
        text=[knot.label for knot in knots], textfont={"color": "white", "size": 11},
        marker={"size": 28, "symbol": symbol, "color": color},
        customdata=[(knot.station, knot.id) for knot in knots],
        hovertext=[_knot_words(knot, word) for knot in knots], hoverinfo="text",
        unselected={"marker": {"opacity": 1}},
    )  # fmt: skip
    for knot, (x, y) in zip(knots, places, strict=True):
        if knot.lacks:
            figure.add_annotation(x=x, y=y, text="✕", yshift=-20, showarrow=False, hovertext=knot.lacks)


def _knot_words(knot: Knot, word: str) -> str:
    return "<br>".join(filter(None, (f"{knot.label} {knot.title}".strip(), word, knot.lacks)))
