"""The causes of a problem as a tree: a row for each, indented under what it is a cause of.

A tree is a frame in reading order: id, number ("1.1"), depth (0 at the top), above (id of the cause it stands under,
or missing), what, branch ("victim", "offender", "setting" or empty), branch_label, weight_label and certainty_label
(Swedish, empty where not said) and evidence (how many).
"""

from __future__ import annotations

import textwrap
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.style import CONTEXT, SERIES, base
from charts.swedish import uncapital

#: The mark of each side: a shape for those who do not see the colour; the same shape as a character, for lists.
SHAPES = {"victim": "circle", "offender": "diamond", "setting": "square", "": "circle-open"}
MARKS = {"victim": "●", "offender": "◆", "setting": "■", "": "○"}
COLORS = {"victim": SERIES[1], "offender": SERIES[0], "setting": SERIES[3], "": CONTEXT}

#: Pixels: of a line of text, between two causes (closer when they are many), and above the problem.
LINE, _GAP, _CLOSE, _TOP = 17, 15, 8, 10

#: More causes than this are drawn closer, without the words for the side that their mark shows.
_MANY = 20

#: How far a level is indented, of the whole width; deep trees share what is set aside for all of it.
_INDENT, _DEEPEST = 0.07, 0.3

#: Letters that fit beside a mark in the whole width of a phone.
_LETTERS = 46


def figure(tree: pd.DataFrame, problem: str) -> go.Figure:
    """The tree under its problem, readable from the width of a phone on."""
    many = len(tree) > _MANY
    step = min(_INDENT, _DEEPEST / (int(tree["depth"].max()) + 1)) if len(tree) else _INDENT
    gap = _CLOSE if many else _GAP
    head = wrapped(problem, _LETTERS)
    rows = [(row, _texts(row, step, side=not many)) for row in tree.to_dict("records")]
    y = float(_TOP)
    places: dict[object, tuple[float, float]] = {None: (0.0, y + LINE * (len(head) - 1))}
    drawn = canvas(_TOP + LINE * len(head) + _GAP + sum(LINE * len(lines) + gap for _, lines in rows))
    write(drawn, "<br>".join(f"<b>{line}</b>" for line in head), 0.0, 0.0)
    y += LINE * len(head) + _GAP
    for row, lines in rows:
        above = places[None if pd.isna(row["above"]) else row["above"]]
        places[row["id"]] = (step * (row["depth"] + 1), y)
        _connect(drawn, above, places[row["id"]])
        write(drawn, "<br>".join(lines), places[row["id"]][0], y, aside=14)
        y += LINE * len(lines) + gap
    _marks(drawn, tree, places)
    return drawn


def words(row: dict[Any, Any], *, side: bool = True) -> str:
    """What is said of a cause beside its text: "gärningsperson · stor betydelse · tror · 1 underlag"."""
    branch = uncapital(row["branch_label"]) if side else ""
    evidence = f"{row['evidence']} underlag" if row["evidence"] else ""
    said = (branch, uncapital(row["weight_label"]), uncapital(row["certainty_label"]), evidence)
    return " · ".join(filter(None, said))


def alt(tree: pd.DataFrame, problem: str) -> str:
    """The picture in words, for those who do not see it: every cause with its number."""
    causes = "; ".join(f"{row['number']} {row['what']}" for row in tree.to_dict("records"))
    return f"Orsaksträd för {problem}. {causes}." if causes else f"Orsaksträd för {problem}, ännu utan orsaker."


def wrapped(text: str, letters: int, most: int | None = None) -> list[str]:
    """A person's text in lines of at most so many letters, made safe for plotly; shortened with «…» after ``most``."""
    lines = textwrap.wrap(text, letters, max_lines=most, placeholder=" …") or [""]
    return [escape(line, quote=False) for line in lines]


def _texts(row: dict[Any, Any], step: float, *, side: bool) -> list[str]:
    letters = max(16, int(_LETTERS * (1 - step * (row["depth"] + 1))) - 2)
    first, *more = wrapped(f"{row['number']} {row['what']}", letters)
    number, _, rest = first.partition(" ")
    # No-break spaces: a line ends between what is said, not inside it. Smaller is enough to tell it from the cause.
    said = textwrap.wrap(words(row, side=side).replace(" ", "\xa0").replace("\xa0·\xa0", " ·\xa0"), int(letters * 1.15))
    small = (f"<span style='font-size:11.5px'>{line}</span>" for line in said)
    return [f"<b>{number}</b> {rest}", *more, *small]


def canvas(height: float) -> go.Figure:
    """Across from 0 to 1 whatever the width, downwards in pixels."""
    drawn = base(round(height), room=(0, 0))
    drawn.update_layout(hovermode="closest", margin={"l": 10, "r": 4, "t": 0, "b": 0})
    drawn.update_xaxes(range=[0, 1], visible=False)
    drawn.update_yaxes(range=[height, 0], visible=False)
    return drawn


def write(
    drawn: go.Figure, text: str, x: float, y: float, *, aside: int = 0, anchor: tuple[str, str] = ("left", "top")
) -> None:
    """Text at a place of the canvas; ``aside``: so many pixels to the right of a mark there, its first line level."""
    drawn.add_annotation(
        text=text, x=x, y=y, xref="x", yref="y", xanchor=anchor[0], yanchor=anchor[1], xshift=aside, showarrow=False,
        yshift=LINE * 0.62 if aside else 0, align=anchor[0], font_size=13,
    )  # fmt: skip


def _connect(drawn: go.Figure, above: tuple[float, float], here: tuple[float, float]) -> None:
    """Down from what it is a cause of, and across to it."""
    drawn.add_shape(
        type="path", path=f"M {above[0]} {above[1] + 9} L {above[0]} {here[1]} L {here[0]} {here[1]}", layer="below",
        line={"color": CONTEXT, "width": 1.5},
    )  # fmt: skip


def _marks(drawn: go.Figure, tree: pd.DataFrame, places: dict[object, tuple[float, float]]) -> None:
    where = [places[one] for one in tree["id"]]
    drawn.add_scatter(
        x=[x for x, _ in where], y=[y for _, y in where], mode="markers", cliponaxis=False,
        marker={
            "symbol": [SHAPES[one] for one in tree["branch"]], "color": [COLORS[one] for one in tree["branch"]],
            "size": 12, "line": {"width": 2, "color": [COLORS[one] for one in tree["branch"]]},
        },
        hoverinfo="skip",
    )  # fmt: skip
