"""A goal's series with the measure's start, the baseline, the target and the verdict, and its words."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Mapping, Sequence
from textwrap import shorten
from typing import Protocol

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, BAND, CONTEXT, SERIES, base
from charts.swedish import capital, date, number, percent, uncapital
from charts.verdicts import HIGHER, LOWER

#: Standings of a goal (the values of ``analysis.goal_outcome.Standing``).
REACHED, UNSURE = "når målet", "når målet, men inom felmarginalen"
ON_THE_WAY, NO_CHANGE, AWAY = "på väg mot målet", "ingen säker förändring", "åt fel håll"
MISSED, TOO_EARLY = "nådde inte målet", "för tidigt att säga"
NOT_FOLLOWED = "går inte att följa i siffror"

_HIDDEN = "suppressed"
_GOAL = SERIES[3]
#: More points than these have not room for a number and a year each on a phone.
_FEW = 8
#: Height of a line of labels above the chart, one for each measure that began, pixels.
_LABEL = 18
#: Letters of a measure's name that a label has room for on a phone; the whole name is in its hover.
_NAME = 26
_LEFT, _BELOW, _RIGHT = 54, 30, 88
#: Room beside the first and the last day drawn.
_PAST = pd.Timedelta(days=200)
#: Two lines nearer each other than this part of their height have their words on either side of them.
_NEAR = 0.15

#: Why a goal is not judged, or only partly.
_WHY = {
    "no_series": "Målet har ingen serie att följa. Välj ett mått i målet, eller följ upp vad som har gjorts.",
    "no_target": "Målet har inget målvärde. Ange det i målet, så syns det här om det nås.",
    "no_start": "Ingen åtgärd för målet har ett startdatum. Ange det i åtgärden, så går det att se vad som hänt sedan.",
    "no_figures": "Inga hela år har börjat efter åtgärdens start än. Det behövs ett innan något kan sägas.",
    "hidden": "Siffrorna efter starten är dolda, för att de är få. Därför går det inte att säga om målet nås.",
    "no_baseline": "Målet har inget utgångsläge att jämföra med.",
    "no_interval": "Felmarginalen är inte känd, så om skillnaden är större än slumpen ger går inte att säga.",
}


class TermsRecord(Protocol):
    """What is read of what a goal says."""

    @property
    def fall(self) -> bool: ...
    @property
    def baseline(self) -> float: ...
    @property
    def baseline_lower(self) -> float: ...
    @property
    def baseline_upper(self) -> float: ...
    @property
    def target(self) -> float: ...
    @property
    def due_on(self) -> datetime.date | None: ...


class OutcomeRecord(Protocol):
    """What is read of where a goal stands."""

    @property
    def standing(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def lower(self) -> float: ...
    @property
    def upper(self) -> float: ...
    @property
    def waiting(self) -> bool: ...
    @property
    def change(self) -> float: ...
    @property
    def change_lower(self) -> float: ...
    @property
    def change_upper(self) -> float: ...
    @property
    def verdict(self) -> str: ...
    @property
    def reason(self) -> str: ...


def with_unit(value: float, unit: str, decimals: int) -> str:
    """ "12,5 %", "610 händelser", "89 per 100 000 invånare"; numbers of anything else stand alone."""
    if unit == "procent":
        return percent(value, decimals)
    return number(value, decimals) if unit in ("", "antal") else f"{number(value, decimals)}\u00a0{unit}"


# --- The figure ---------------------------------------------------------------------------------------------------


def figure(
    points: pd.DataFrame, terms: TermsRecord, starts: Sequence[tuple[datetime.date, str]], decimals: int
) -> go.Figure:
    """The series year by year with its uncertainty, and when measures began (day, name).

    ``points``: start, end, label, value, lower, upper, status (suppressed: hidden). A hidden year is a hollow mark at
    the foot with its word. The baseline is a dashed line with its interval, the target a line up to its day.
    """
    drawn = base(360, room=(_LEFT, _BELOW))
    middle = points["start"] + (points["end"] - points["start"]) / 2
    _lines(drawn, terms, middle, decimals)
    _series(drawn, points.assign(x=middle), decimals)
    days = [*middle, *(pd.Timestamp(day) for day, _ in starts), *([pd.Timestamp(terms.due_on)] if terms.due_on else [])]
    half = min(days) + (max(days) - min(days)) / 2
    for line, (day, name) in enumerate(starts):
        drawn.add_vline(x=pd.Timestamp(day), line={"color": CONTEXT, "width": 1.5, "dash": "dot"})
        left = pd.Timestamp(day) > half  # towards the side with most room
        drawn.add_annotation(
            x=pd.Timestamp(day), y=1, yref="paper", text=f"start: {shorten(uncapital(name), _NAME, placeholder=' …')}",
            showarrow=False, xanchor="right" if left else "left", yanchor="bottom", xshift=-2 if left else 2,
            yshift=_LABEL * (len(starts) - 1 - line), hovertext=name,
        )  # fmt: skip
    years = 1 + (max(days).year - min(days).year) // _FEW
    drawn.update_xaxes(
        range=[min(days) - _PAST, max(days) + _PAST], tickformat="%Y", dtick=f"M{12 * years}", tick0="2000-01-01"
    )
    drawn.update_yaxes(rangemode="tozero", nticks=6, tickformat=f",.{decimals}f")
    above = 26 + _LABEL * max(len(starts) - 1, 0)
    drawn.update_layout(hovermode="closest", height=334 + above, margin={"t": above, "r": _RIGHT})
    return drawn


def _lines(drawn: go.Figure, terms: TermsRecord, middle: pd.Series, decimals: int) -> None:
    """Baseline and target across the chart, each with its word to the right of it; the target's day is marked."""
    first, day = middle.min(), max(middle.max(), pd.Timestamp(terms.due_on or middle.max()))
    last = day + _PAST
    near = abs(terms.baseline - terms.target) < _NEAR * max(abs(terms.baseline), abs(terms.target))
    over, under = ("bottom", "top") if near else ("middle", "middle")
    if terms.baseline < terms.target:
        over, under = under, over
    if not np.isnan(terms.baseline):
        if not np.isnan([terms.baseline_lower, terms.baseline_upper]).any():
            drawn.add_scatter(
                x=[first, last, last, first], fill="toself", fillcolor=BAND, mode="lines", line={"width": 0},
                y=[terms.baseline_lower, terms.baseline_lower, terms.baseline_upper, terms.baseline_upper],
                hoverinfo="skip",
            )  # fmt: skip
        _line(drawn, (first, last), terms.baseline, CONTEXT, "dash")
        _word(drawn, terms.baseline, f"utgångsläge<br>{number(terms.baseline, decimals)}", over)
    if not np.isnan(terms.target):
        _line(drawn, (first, last), terms.target, _GOAL, "solid")
        drawn.add_scatter(
            x=[day], y=[terms.target], mode="markers", hoverinfo="skip",
            marker={"symbol": "diamond", "size": 11, "color": _GOAL},
        )  # fmt: skip
        _word(drawn, terms.target, f"<b>mål {number(terms.target, decimals)}</b>", under)


def _line(drawn: go.Figure, span: tuple[pd.Timestamp, pd.Timestamp], y: float, colour: str, dash: str) -> None:
    drawn.add_scatter(
        x=list(span), y=[y, y], mode="lines", line={"color": colour, "width": 1.6, "dash": dash}, hoverinfo="skip"
    )


def _word(drawn: go.Figure, y: float, text: str, stands: str) -> None:
    drawn.add_annotation(
        x=1, xref="paper", xanchor="left", y=y, yanchor=stands, text=text, showarrow=False,
        align="left",
    )  # fmt: skip


def _series(drawn: go.Figure, rows: pd.DataFrame, decimals: int) -> None:
    known = rows[rows["value"].notna()]
    hollow = known["status"] == "preliminary"
    drawn.add_scatter(
        x=rows["x"], y=rows["value"], mode="lines", line={"color": ACCENT, "width": 2.2}, hoverinfo="skip",
        connectgaps=False,
    )  # fmt: skip
    drawn.add_scatter(
        x=known["x"], y=known["value"], mode="markers+text", text=_written(known["value"], decimals),
        textposition="top right", cliponaxis=False,
        marker={"size": 9, "color": ACCENT, "symbol": ["circle-open" if one else "circle" for one in hollow]},
        error_y={"type": "data", "symmetric": False, "color": ACCENT, "thickness": 1.2, "width": 4,
                 "array": (known["upper"] - known["value"]).tolist(),
                 "arrayminus": (known["value"] - known["lower"]).tolist()},
        customdata=[_hover(row, decimals) for row in known.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    hidden = rows[rows["status"] == _HIDDEN]
    drawn.add_scatter(
        x=hidden["x"], y=[0] * len(hidden), mode="markers+text", text=["dold"] * len(hidden),
        textposition="top center", marker={"size": 9, "color": CONTEXT, "symbol": "circle-open"}, cliponaxis=False,
        customdata=[f"<b>{label}</b><br>dold, för att den är liten" for label in hidden["label"]],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _written(values: pd.Series, decimals: int) -> list[str]:
    """The numbers that stand by their points: of a long series only the first, the last, the highest and the lowest."""
    told = (
        {0, len(values) - 1, int(values.argmax()), int(values.argmin())} if len(values) > _FEW else range(len(values))
    )
    return [number(one, decimals) if at in told else "" for at, one in enumerate(values)]


def _hover(row: Mapping[Hashable, object], decimals: int) -> str:
    value, lower, upper = (float(str(row[name])) for name in ("value", "lower", "upper"))
    limits = "" if np.isnan(lower) else f"<br>{number(lower, decimals)}–{number(upper, decimals)} med felmarginal"
    word = "<br>preliminär" if row["status"] == "preliminary" else ""
    return f"<b>{row['label']}</b><br>{number(value, decimals)}{limits}{word}"


# --- The words ----------------------------------------------------------------------------------------------------


def finding(what: str, place: str, found: OutcomeRecord) -> str:
    """A title: "Skadegörelse i Rimbo: på väg mot målet"."""
    return f"{capital(what)} i {place}: {found.standing}"


def sentence(found: OutcomeRecord, terms: TermsRecord, period: str, unit: str, decimals: int) -> str:
    """Where the goal stands, in words for those who decide; ``period`` is the baseline's."""
    told = [_goal(terms, period, unit, decimals)]
    if not np.isnan(found.value):
        told.append(f"{capital(found.label)} är siffran {_within(found, unit, decimals)}.")
    told.append(_judged(found, terms, unit, decimals))
    if found.waiting:
        told.append("Måldagen har passerat, men siffrorna når inte dit än.")
    return " ".join(filter(None, told))


def _goal(terms: TermsRecord, period: str, unit: str, decimals: int) -> str:
    if np.isnan(terms.target):
        return ""
    most = "högst" if terms.fall else "minst"
    due = f" senast {date(terms.due_on)}" if terms.due_on else ""
    goal = f"Målet är {most} {with_unit(terms.target, unit, decimals)}{due}"
    if np.isnan(terms.baseline):
        return f"{goal}."
    when = f" ({period})" if period else ""
    return f"{goal}, från {with_unit(terms.baseline, unit, decimals)}{when}."


def _within(found: OutcomeRecord, unit: str, decimals: int) -> str:
    told = with_unit(found.value, unit, decimals)
    if np.isnan(found.lower):
        return told
    return f"{told} (mellan {number(found.lower, decimals)} och {number(found.upper, decimals)} med felmarginal)"


def _judged(found: OutcomeRecord, terms: TermsRecord, unit: str, decimals: int) -> str:
    """The standing in words, or why there is none."""
    standing = str(found.standing)
    if standing in (TOO_EARLY, NOT_FOLLOWED):
        return _WHY[found.reason]
    change = _change(found, unit, decimals)
    start = {
        REACHED: "Målet är nått." if np.isnan(found.lower) else "Målet är nått, också med felmarginalen inräknad.",
        UNSURE: "Siffran ligger på rätt sida om målet, men så nära att det kan vara slump.",
        ON_THE_WAY: "Målet är inte nått, men det går åt rätt håll.",
        NO_CHANGE: "Målet är inte nått.",
        AWAY: "Det går åt fel håll.",
        MISSED: "Måldagen är här, och målet är inte nått.",
    }[standing]
    return f"{start} {change}"


def _change(found: OutcomeRecord, unit: str, decimals: int) -> str:
    """How far from the baseline, and whether it is more than chance."""
    if found.reason:
        return _WHY[found.reason]
    if found.verdict not in (HIGHER, LOWER):
        return "Skillnaden mot utgångsläget är så liten att den kan vara slump."
    way = "minskat" if found.verdict == LOWER else "ökat"
    limits = sorted(abs(one) for one in (found.change_lower, found.change_upper))
    points = "procentenheter" if unit == "procent" else "" if unit == "antal" else unit
    size = f"{number(abs(found.change), decimals)}\u00a0{points}".strip()
    return (
        f"Sedan utgångsläget har det {way} med {size} (mellan {number(limits[0], decimals)} och "
        f"{number(limits[1], decimals)}). Så stora skillnader uppstår sällan av slump. Siffrorna säger inte varför."
    )


def table(points: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The figures behind ``figure``."""
    words = {_HIDDEN: "dold, för att den är liten", "preliminary": "preliminär"}
    return pd.DataFrame(
        {
            "Period": points["label"], f"Värde ({unit or 'antal'})": points["value"],
            "Felmarginal, lägst": points["lower"], "Felmarginal, högst": points["upper"],
            "Uppgift": [words.get(str(one), "") for one in points["status"]],
        }
    ).reset_index(drop=True)  # fmt: skip
