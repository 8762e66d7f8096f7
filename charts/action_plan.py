"""The measures of a plan on a line of time, and the words of the plan's columns."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from babel.dates import format_date

from charts.style import ACCENT, BAND, CONTEXT, SERIES, base, write

#: Brå's three colours as Markdown, with their words: the sign is never alone.
LIGHTS = {
    "green": ":green[:material/check_circle:] Grön", "yellow": ":orange[:material/error:] Gul",
    "red": ":red[:material/cancel:] Röd",
}  # fmt: skip

#: How far a measure has come: word, colour and line.
PROGRESS = {
    "ongoing": ("Pågår", SERIES[1], "solid"),
    "planned": ("Planerad", SERIES[1], "dot"),
    "done": ("Genomförd", CONTEXT, "solid"),
    "stopped": ("Avbruten", CONTEXT, "dot"),
}

#: Pixels of a measure's row (its name and its line), and for the axis.
_ROW, _AXIS = 46, 92
#: Letters of a name that fit on a phone.
_LETTERS = 40
#: Months between the ticks of the axis, the first with few enough of them.
_STEPS, _MOST_TICKS = (1, 2, 3, 6, 12, 24), 5


def when(starts_on: Any, ends_on: Any) -> str:
    """When a measure goes on, in few words: «1 jan–31 mars 2025»."""
    first, last = (None if pd.isna(day) else pd.Timestamp(day) for day in (starts_on, ends_on))
    if first is not None and last is not None:
        return f"{_day(first, with_year=first.year != last.year)}–{_day(last)}"
    if first is not None:
        return f"från {_day(first)}"
    return "ingen tid satt" if last is None else f"till {_day(last)}"


def _day(day: pd.Timestamp, *, with_year: bool = True) -> str:
    return format_date(day, "d MMM y" if with_year else "d MMM", locale="sv_SE").replace(".", "")


def timeline(rows: pd.DataFrame, today: datetime.date) -> go.Figure | None:
    """One row per measure that has a day, the first to begin at the top, with today's line; None when none has.

    ``rows``: title, starts_on, ends_on (datetime64), progress, late (words, or empty). A measure without an end goes on
    to the edge; one without a beginning is drawn at its end.
    """
    dated = rows[rows["starts_on"].notna() | rows["ends_on"].notna()]
    if dated.empty:
        return None
    first, last = _edges(dated, today)
    dated = dated.assign(
        first=dated["starts_on"].fillna(dated["ends_on"]), last=dated["ends_on"].fillna(last)
    ).sort_values(["first", "last"], ignore_index=True)  # fmt: skip
    figure = base(_ROW * len(dated) + _AXIS, room=(8, 52))
    for progress, own in dated.groupby("progress", sort=False):
        word, colour, dash = PROGRESS[str(progress)]
        figure.add_scatter(
            x=[x for pair in zip(own["first"], own["last"], strict=True) for x in (*pair, None)],
            y=[y for at in own.index for y in (at + 0.3, at + 0.3, None)],
            mode="lines+markers", line={"color": colour, "width": 6, "dash": dash}, marker={"size": 8, "color": colour},
            name=word, hovertext=[text for row in own.to_dict("records") for text in (*[_hover(row)] * 2, "")],
            hoverinfo="text",
        )  # fmt: skip
    for at, row in enumerate(dated.to_dict("records")):
        write(figure, _label(row["title"], row["late"]), at - 0.12)
    figure.add_vline(x=pd.Timestamp(today), line={"color": ACCENT, "width": 1, "dash": "dash"})
    figure.add_annotation(x=pd.Timestamp(today), y=-0.75, text="i dag", showarrow=False, xanchor="left",
                          xshift=4, font={"size": 12})  # fmt: skip
    ticks = _ticks(first, last)
    figure.update_xaxes(range=[first, last], tickvals=ticks, ticktext=[_month(tick) for tick in ticks], showgrid=True,
                        gridcolor=BAND)  # fmt: skip
    figure.update_yaxes(range=[len(dated) - 0.3, -1], visible=False)
    figure.update_layout(hovermode="closest")
    return figure


def _edges(rows: pd.DataFrame, today: datetime.date) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Whole months around all days and today."""
    days = [*rows["starts_on"].dropna(), *rows["ends_on"].dropna(), pd.Timestamp(today)]
    return min(days).replace(day=1), max(days) + pd.offsets.MonthEnd(0) + pd.Timedelta(days=1)


def _ticks(first: pd.Timestamp, last: pd.Timestamp) -> list[pd.Timestamp]:
    for step in _STEPS:
        every = pd.date_range(first.replace(month=1), last, freq=pd.DateOffset(months=step))
        ticks = [tick for tick in every if first <= tick < last]
        if len(ticks) <= _MOST_TICKS:
            break
    return ticks


def _month(day: pd.Timestamp) -> str:
    return f"{format_date(day, 'LLL', locale='sv_SE').replace('.', '')}<br>{day.year}"


def _label(title: str, late: str) -> str:
    short = title if len(title) <= _LETTERS else f"{title[: _LETTERS - 1].rstrip()}…"
    return f"<b>{short}</b> – {late}" if late else short


def _hover(row: Mapping[Any, Any]) -> str:
    word = PROGRESS[row["progress"]][0]
    told = f"{word}, {row['late']}" if row["late"] else word
    return f"<b>{row['title']}</b><br>{when(row['starts_on'], row['ends_on'])}<br>{told}"
