"""The causes of a problem as a fishbone: the problem at the head, a bone for each side that causes belong to."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.cause_tree import COLORS, LINE, SHAPES, canvas, wrapped, write
from charts.style import CONTEXT

#: Where the bones stand: the left and the right half of the width; a bone leans towards the head.
_HALVES = (0.0, 0.5)
_LEAN = 0.06

#: Letters of a cause and of the problem that fit in half a phone, and lines of a cause; the tree has all of it.
_LETTERS, _LINES, _HEAD = 21, 3, 22

_GAP = 8


def figure(tree: pd.DataFrame, problem: str, sides: Mapping[str, str]) -> go.Figure:
    """A bone for each of ``sides`` (value of branch: heading), above and below the spine, then one for causes that
    have none, if any. ``tree``: as in ``charts.cause_tree``."""
    rest = {"": "Utan sida än"} if (tree["branch"] == "").any() else {}
    bones = [(side, head, _texts(tree, side)) for side, head in {**sides, **rest}.items()]
    above, below = bones[:2], bones[2:]
    head = wrapped(problem, _HEAD, most=4)
    spine = max(_tall(texts) for _, _, texts in above) + LINE * len(head) + 8
    drawn = canvas(spine + max((_tall(texts) for _, _, texts in below), default=0) + 16)
    drawn.add_shape(type="line", x0=0, x1=1, y0=spine, y1=spine, line={"color": CONTEXT, "width": 3})
    drawn.add_scatter(
        x=[0.99], y=[spine], mode="markers", cliponaxis=False, hoverinfo="skip",
        marker={"symbol": "triangle-right", "size": 20, "color": CONTEXT},
    )  # fmt: skip
    text = "<br>".join(f"<b>{line}</b>" for line in head)
    write(drawn, text, 0.96, spine - 10, anchor=("right", "bottom"))
    for row, up in ((above, True), (below, False)):
        for half, bone in zip_longest(_HALVES, row):
            if bone:
                _bone(drawn, bone, half, spine, up=up)
    return drawn


def alt(tree: pd.DataFrame, problem: str, sides: Mapping[str, str]) -> str:
    """The picture in words: the causes of each side by number."""
    parts = []
    for side, head in {**sides, "": "utan sida än"}.items():
        own = tree[tree["branch"] == side]
        causes = "; ".join(f"{row['number']} {row['what']}" for row in own.to_dict("records"))
        parts.append(f"{head}: {causes or 'inga orsaker'}.")
    return f"Fiskben för {problem}. {' '.join(parts)}"


def _texts(tree: pd.DataFrame, side: str) -> list[list[str]]:
    own: list[dict[Any, Any]] = tree[tree["branch"] == side].to_dict("records")
    return [wrapped(f"{row['number']} {row['what']}", _LETTERS, most=_LINES) for row in own] or [["inga orsaker än"]]


def _tall(texts: list[list[str]]) -> int:
    return sum(LINE * len(lines) + _GAP for lines in texts) + LINE * 2 + _GAP


def _bone(drawn: go.Figure, bone: tuple[str, str, list[list[str]]], half: float, spine: float, *, up: bool) -> None:
    """One bone from the spine outwards, its heading at the end, a twig to each cause."""
    side, head, texts = bone
    end = LINE if up else spine + _tall(texts) + 8 - LINE
    foot, tip = half + 0.02 + _LEAN, half + 0.02
    color = COLORS[side]
    drawn.add_shape(type="line", x0=tip, x1=foot, y0=end, y1=spine, line={"color": color, "width": 2})
    drawn.add_scatter(
        x=[tip], y=[end], mode="markers", cliponaxis=False, hoverinfo="skip",
        marker={"symbol": SHAPES[side], "size": 11, "color": color, "line": {"width": 2, "color": color}},
    )  # fmt: skip
    write(drawn, f"<b>{head}</b>", tip, end, aside=12)
    y = end + LINE * 1.5 if up else spine + LINE
    for lines in texts:
        at = tip + (foot - tip) * (y - end) / (spine - end)
        drawn.add_shape(type="line", x0=at, x1=foot, y0=y, y1=y, line={"color": color, "width": 1.5})
        write(drawn, "<br>".join(lines), foot, y, aside=5)
        y += LINE * len(lines) + _GAP
