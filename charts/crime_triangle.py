"""The crime triangle: a crime needs somebody to commit it, something to aim at, and a place that does not stop it."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts.cause_tree import COLORS, LINE, SHAPES, canvas, wrapped, write
from charts.style import CONTEXT

#: The sides in the order top, left, right, and where they stand across.
_CORNERS = (("setting", 0.5, "center"), ("victim", 0.03, "left"), ("offender", 0.97, "right"))

#: Letters of a line at the top and in the lower corners, and lines of each.
_LETTERS, _LINES = (40, 21), 5

_HEIGHT = 130


def figure(described: Sequence[tuple[str, str]]) -> go.Figure:
    """The triangle with what is said in each corner: heading and text of the place, the victim and the offender."""
    texts = [_text(head, text, _LETTERS[bool(place)]) for place, (head, text) in enumerate(described)]
    top = LINE * len(texts[0]) + 14
    foot = top + _HEIGHT
    drawn = canvas(foot + 18 + LINE * max(len(text) for text in texts[1:]))
    ends = [(0.5, top), (0.1, foot), (0.9, foot)]
    path = " L ".join(f"{x} {y}" for x, y in ends)
    drawn.add_shape(type="path", path=f"M {path} Z", line={"color": CONTEXT, "width": 2}, layer="below")
    for (side, across, anchor), (x, y), lines in zip(_CORNERS, ends, texts, strict=True):
        drawn.add_scatter(
            x=[x], y=[y], mode="markers", cliponaxis=False, hoverinfo="skip",
            marker={"symbol": SHAPES[side], "size": 13, "color": COLORS[side]},
        )  # fmt: skip
        up = anchor == "center"
        write(drawn, "<br>".join(lines), across, y - 12 if up else y + 12, anchor=(anchor, "bottom" if up else "top"))
    write(drawn, "<b>Brott</b>", 0.5, top + _HEIGHT * 0.68, anchor=("center", "middle"))
    return drawn


def alt(described: Sequence[tuple[str, str]]) -> str:
    """The picture in words."""
    return "Brottstriangeln. " + " ".join(f"{head}: {text or 'inte beskrivet än'}." for head, text in described)


def _text(head: str, text: str, letters: int) -> list[str]:
    return [f"<b>{head}</b>", *wrapped(text or "inte beskrivet än", letters, most=_LINES)]
