"""How the charts look: few colours, thin lines, direct labels; readable on light and on dark ground."""

from __future__ import annotations

import plotly.graph_objects as go

#: Colours that keep at least 3:1 contrast on both grounds and differ for colour-blind readers (after Okabe and Ito).
ACCENT = "#B8404F"
CONTEXT = "#7C8797"
SERIES = ("#B8404F", "#2C7FB8", "#C07A1A", "#2E8B6F", "#8A63B0", "#7C8797")
BAND = "rgba(124, 135, 151, 0.22)"

#: Sequential classes for maps, light to dark; their order survives every kind of colour blindness and grey print.
SEQUENTIAL = ("#F6E3DC", "#EBBFB4", "#DA9589", "#C26A66", "#9F4350", "#702338", "#45121F")

HEIGHT = 340

CONFIG = {
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "locale": "sv",
}


def base(height: int = HEIGHT, *, room: tuple[int, int] | None = None) -> go.Figure:
    """An empty figure in the house style: Swedish number format, no legend, quiet axes, room for direct labels.

    ``room``: pixels kept for the labels of the axes, left and below. Without it the browser measures them, which
    doubles the time it takes to draw (bench).
    """
    figure = go.Figure()
    figure.update_layout(
        height=height,
        separators=",\u00a0",
        showlegend=False,
        margin={"l": room[0] if room else 8, "r": 8, "t": 8, "b": room[1] if room else 8},
        hovermode="x unified",
        dragmode=False,
        uirevision="keep",
    )
    axes = {"automargin": room is None, "fixedrange": True}
    figure.update_xaxes(showgrid=False, ticks="outside", **axes)
    figure.update_yaxes(gridcolor="rgba(124, 135, 151, 0.25)", zeroline=False, **axes)
    return figure


def write(figure: go.Figure, text: str, y: float, size: int = 13, color: str | None = None) -> None:
    """Text from the left edge at a height of the figure's vertical axis: the label of a row, or a heading."""
    figure.add_annotation(
        text=text, x=0, xref="paper", xanchor="left", y=y, yref="y", yanchor="middle", showarrow=False, align="left",
        font={"size": size, **({"color": color} if color else {})},
    )  # fmt: skip
