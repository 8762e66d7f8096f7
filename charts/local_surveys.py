"""Answers to surveys that people have brought: a place's shares with their uncertainty, beside the rest's.

Frames as ``queries.local_surveys.shares`` gives them, of one place.
"""

from __future__ import annotations

from collections.abc import Hashable
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import listing, number, percent, span
from charts.verdicts import HIGHER, LOWER, TOO_LITTLE

HIDDEN = "suppressed"

#: Height of a line of text and of the marks under it, pixels; a line holds so many letters on a phone.
_LINE, _MARKS, _LETTERS = 17, 34, 46

#: From so many answers on they are told in tens.
_MANY = 50

#: What is written where a share is hidden; one of few answers is TOO_LITTLE instead.
HIDDEN_WORDS = "dold"


def _compared(rows: pd.DataFrame) -> bool:
    """Whether the place is beside the rest of the municipality."""
    return bool(rows["rest_share"].notna().any())


def finding(rows: pd.DataFrame, survey: str, wave: str, place: str) -> str:
    """A title: in how many answers the place differs from the rest of the municipality."""
    start = f"{survey} {wave}"
    if rows["share"].isna().all():
        return f"{start}: för få svar från {place} för att visas"
    if not _compared(rows):
        return f"{start}: svaren från {place}"
    judged = rows[rows["verdict"] != TOO_LITTLE]
    if judged.empty:
        return f"{start}: för få svar från {place} för en bedömning"
    apart = int(judged["verdict"].isin([HIGHER, LOWER]).sum())
    if not apart:
        return f"{start}: {place} skiljer sig inte säkert från resten av kommunen"
    return f"{start}: {place} skiljer sig från resten av kommunen i {apart} av {len(judged)} svar"


def sentence(rows: pd.DataFrame) -> str:
    """Which answers differ, how many answered, and how the uncertainty is to be read."""
    told = []
    for verdict, word in ((LOWER, "Lägre"), (HIGHER, "Högre")):
        found = rows[rows["verdict"] == verdict]
        if len(found):
            told.append(f"{word} än i resten av kommunen: {'; '.join(map(_difference, found.to_dict('records')))}.")
    told.append(_bases(rows))
    told.append("Strecket visar osäkerheten, eftersom svaren är ett urval. Ungefär en jämförelse av tjugo ger utslag "
                "av en slump.")  # fmt: skip
    return " ".join(filter(None, told))


def _difference(row: dict[Hashable, Any]) -> str:
    own, rest = percent(row["share"] * 100), percent(row["rest_share"] * 100)
    return f"«{row['question']}», {row['choice']}: {own} mot {rest}"


def _bases(rows: pd.DataFrame) -> str:
    known = rows["base"].dropna()
    if known.empty:
        return "Färre än fem har svarat, så svaren är dolda."
    text = f"{_people(known.min(), known.max())} har svarat"
    few = int(rows["few"].sum())
    if few:
        text += f"; under 20 svar är för litet underlag för en bedömning ({number(few)} av {number(len(rows))} frågor)"
    lost = int((rows["status"] == HIDDEN).sum())
    if lost:
        told = "Ett av svaren är dolt" if lost == 1 else f"{number(lost)} av svaren är dolda"
        text += f". {told}, för att ingen ska kunna pekas ut"
    return f"{text}."


def _people(low: float, high: float) -> str:
    """How many answered the questions; many are told in tens, since the exact numbers stand in the table."""
    if low == high:
        return number(low)
    if low < _MANY:
        return f"Mellan {number(low)} och {number(high)}"
    least, most = low // 10 * 10, -(-high // 10) * 10
    return f"Omkring {number(most)}" if most - least <= 10 else f"Omkring {span(least, most)}"


def dots(rows: pd.DataFrame, place: str) -> go.Figure:
    """A row per answer: the place's share as a dot with its interval, the rest's as an upright mark."""
    placed, texts, height = _layout(rows)
    figure = base(round(height) + 46)
    known = placed.dropna(subset=["share"])
    # The limits as one trace: a line per answer, parted by gaps.
    x = [value for row in known.to_dict("records") for value in (row["lower"] * 100, row["upper"] * 100, None)]
    y = [value for row in known.to_dict("records") for value in (row["y"], row["y"], None)]
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": ACCENT, "width": 3}, hoverinfo="skip")
    rest = known.dropna(subset=["rest_share"])
    figure.add_scatter(
        x=rest["rest_share"] * 100, y=rest["y"], mode="markers", name="Resten av kommunen",
        marker={"symbol": "line-ns-open", "size": 16, "color": CONTEXT, "line": {"width": 3}},
        customdata=[percent(one * 100) for one in rest["rest_share"]],
        hovertemplate="%{customdata}<extra>resten av kommunen</extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=known["share"] * 100, y=known["y"], mode="markers", name=place,
        marker={"size": 11, "color": ACCENT, "symbol": ["circle-open" if few else "circle" for few in known["few"]],
                "line": {"width": 2, "color": ACCENT}},
        customdata=[_hover(row) for row in known.to_dict("records")],
        hovertemplate="%{customdata}<extra>" + place + "</extra>",
    )  # fmt: skip
    for text, y_text, size in texts:
        figure.add_annotation(
            x=0, y=y_text, text=text, showarrow=False, xanchor="left", yanchor="middle", font={"size": size},
            xref="paper",
        )  # fmt: skip
    figure.update_xaxes(range=[-2, 102], ticksuffix="\u00a0%", dtick=25, showgrid=True, ticks="",
                        gridcolor="rgba(124, 135, 151, 0.25)")  # fmt: skip
    figure.update_yaxes(visible=False, range=[height, 0])
    figure.update_layout(hovermode="closest", margin={"l": 14, "r": 14, "t": 8, "b": 34})
    return figure


def _layout(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, float, int]], float]:
    """Where everything stands: the rows with y, the texts with theirs, and the height; the question stands once."""
    texts: list[tuple[str, float, int]] = []
    places, y, question = [], 4.0, None
    for row in rows.to_dict("records"):
        lines = [f"<b>{line}</b>" for line in wrap(row["question"], _LETTERS)] if row["question"] != question else []
        question = row["question"]
        for line in [*lines, *wrap(f"{row['choice']}: {_told(row)}", _LETTERS + 6)]:
            y += _LINE
            texts.append((line, y, 13))
        room = 10 if row["status"] == HIDDEN else _MARKS
        places.append(y + _MARKS / 2 + 3)
        y += room
    return rows.assign(y=places), texts, y + 8


def _told(row: dict[Hashable, Any]) -> str:
    """A row's share with what it says beside the rest's."""
    if row["status"] == HIDDEN:
        return HIDDEN_WORDS
    text = percent(row["share"] * 100)
    if row["few"]:
        return f"{text} (för litet underlag)"
    return text if pd.isna(row["rest_share"]) else f"{text}, resten av kommunen {percent(row['rest_share'] * 100)}"


def _hover(row: dict[Hashable, Any]) -> str:
    limits = span(row["lower"] * 100, row["upper"] * 100)
    return f"<b>{percent(row['share'] * 100)}</b><br>mellan {limits}\u00a0%<br>{number(row['base'])} svar"


def table(rows: pd.DataFrame, earlier: pd.DataFrame, earlier_wave: str) -> pd.DataFrame:
    """The figures behind ``dots``; ``earlier`` is the same place's wave before, its column left out when empty."""
    out = pd.DataFrame(
        {
            "Fråga": rows["question"],
            "Svar": rows["choice"],
            "Andel (%)": rows["share"] * 100,
            "Osäkerhet, lägst (%)": rows["lower"] * 100,
            "Osäkerhet, högst (%)": rows["upper"] * 100,
            "Antal svar": rows["base"],
            "Resten av kommunen (%)": rows["rest_share"] * 100,
            "Jämfört med resten": [_verdict(row) for row in rows.to_dict("records")],
        }
    )
    if len(earlier):
        before = earlier.set_index(["question_id", "choice"])["share"] * 100
        keys = pd.MultiIndex.from_frame(rows[["question_id", "choice"]])
        out[f"{earlier_wave} (%)"] = before.reindex(keys).to_numpy()
    return out.round(1).dropna(axis="columns", how="all")


def _verdict(row: dict[Hashable, Any]) -> str:
    if row["status"] == HIDDEN:
        return HIDDEN_WORDS
    if row["verdict"] == HIGHER:
        return "högre"
    if row["verdict"] == LOWER:
        return "lägre"
    if row["few"]:
        return TOO_LITTLE
    return "" if pd.isna(row["rest_share"]) else "ingen säker skillnad"


def questions(rows: pd.DataFrame) -> str:
    """The questions in words, for those who do not see the chart."""
    return listing([f"{row['choice']}, {_told(row)}" for row in rows.to_dict("records")])
