"""The months looked closer at: season and trend apart, and the district's part of the municipality's events."""

from __future__ import annotations

from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, BAND, CONTEXT, base
from charts.swedish import date, listing, number, percent, signed
from charts.time_and_place import overall, steps_note
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE

_LEFT, _BELOW = 48, 34
_NAMED = 3
#: The heights of the two charts above each other, 0-1, and the words between them.
_UPPER, _LOWER, _WORDS = [0.44, 1.0], [0.0, 0.27], 0.34


class ApartRecord(Protocol):
    """What is read of months as trend, season and rest."""

    @property
    def months(self) -> pd.DataFrame: ...
    @property
    def years(self) -> int: ...
    @property
    def step(self) -> int: ...


class PartRecord(Protocol):
    """What is read of a district's part of the whole."""

    @property
    def months(self) -> pd.DataFrame: ...
    @property
    def spread(self) -> float: ...


def apart(found: ApartRecord) -> go.Figure:
    """Above, the months with their trend; below, what the season adds to each month or takes from it."""
    rows = found.months
    figure = base(430, room=(_LEFT, _BELOW))
    names = [_month(day) for day in rows["period_start"]]
    for column, name, colour, width in (("value", "månaden", CONTEXT, 1.2), ("trend", "trend", ACCENT, 3)):
        figure.add_scatter(
            x=rows["period_start"], y=rows[column], mode="lines", line={"color": colour, "width": width},
            customdata=[f"<b>{month}</b><br>{name}: omkring {number(value)}" for month, value
                        in zip(names, rows[column], strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    figure.add_bar(
        x=rows["period_start"], y=rows["season"], yaxis="y2",
        marker={"color": [ACCENT if value > 0 else CONTEXT for value in rows["season"]]},
        customdata=[f"<b>{month}</b><br>årstid: {signed(value)}" for month, value
                    in zip(names, rows["season"], strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    for text, y in (("<b>Trend</b> (röd) och månaderna (grå)", 1.0), ("<b>Årstid</b>, fler eller färre", _WORDS)):
        figure.add_annotation(text=text, x=0, xref="paper", xanchor="left", y=y, yref="paper", yanchor="bottom",
                              showarrow=False, font={"size": 13})  # fmt: skip
    _years(figure)
    figure.update_xaxes(anchor="y2")
    figure.update_yaxes(rangemode="tozero", nticks=5, domain=_UPPER)
    figure.update_layout(
        hovermode="closest", margin={"t": 28},
        yaxis2={"domain": _LOWER, "nticks": 4, "fixedrange": True, "gridcolor": "rgba(124, 135, 151, 0.25)"},
    )  # fmt: skip
    return figure


def apart_finding(found: ApartRecord, what: str) -> str:
    """A title that tells what is shown and claims nothing: neither part has a verdict."""
    return f"{what}: årstid och trend var för sig"


def apart_sentence(found: ApartRecord) -> str:
    """How the trend goes, what the season adds and takes, and how far a month lies from both."""
    rows = found.months
    first, last = rows.iloc[0], rows.iloc[-1]
    season = rows.tail(12).sort_values("season", kind="stable")
    least, most = season.iloc[0], season.iloc[-1]
    same = number(first["trend"]) == number(last["trend"])
    way = (
        f"ligger kvar på omkring {number(last['trend'])} händelser i månaden"
        if same
        else f"går från omkring {number(first['trend'])} till omkring {number(last['trend'])} händelser i månaden"
    )
    told = (
        f"Trenden {way} från {_month(first['period_start'])} till {_month(last['period_start'])}. Årstiden gör mest i "
        f"{_name(most)} ({signed(most['season'])}) och minst i {_name(least)} ({signed(least['season'])}). En vanlig "
        f"månad ligger omkring {number(rows['rest'].abs().mean())} händelser från det som trend och årstid ger "
        "tillsammans: mindre skillnader än så kan vara slump. Delarna är till för att se på och är ingen bedömning. "
        "Trendens ändar flyttar sig när nya månader kommer."
    )
    if found.years < _NAMED:
        told += f" {number(found.years)} år är lite för att skilja årstid från slump."
    return f"{told} Månaderna är räknade som lika långa. {steps_note(found.step)}".strip()


def apart_table(found: ApartRecord) -> pd.DataFrame:
    """The figures behind ``apart``; they add up."""
    rows = found.months
    return pd.DataFrame(
        {
            "Månad": [_month(day) for day in rows["period_start"]],
            "Händelser, lika lång månad": rows["value"].round(1), "Trend": rows["trend"].round(1),
            "Årstid": rows["season"].round(1), "Rest": rows["rest"].round(1),
        }
    )  # fmt: skip


def part(found: PartRecord) -> go.Figure:
    """A control chart: the share month by month within its limits; marks stand out of them."""
    rows = found.months
    figure = base(320, room=(_LEFT, _BELOW))
    for column, fill in (("upper", None), ("lower", "tonexty")):
        figure.add_scatter(x=rows["period_start"], y=rows[column] * 100, mode="lines", line={"width": 0}, fill=fill,
                           fillcolor=BAND, hoverinfo="skip")  # fmt: skip
    figure.add_scatter(x=rows["period_start"], y=rows["expected"] * 100, mode="lines", hoverinfo="skip",
                       line={"color": CONTEXT, "width": 1.2, "dash": "dot"})  # fmt: skip
    out = rows["verdict"].isin([HIGHER, LOWER])
    figure.add_scatter(
        x=rows["period_start"], y=rows["value"] * 100, mode="lines+markers", line={"color": ACCENT, "width": 1.8},
        marker={"size": [13 if one else 6 for one in out], "color": ACCENT,
                "symbol": ["diamond" if one else "circle" for one in out]},
        customdata=[f"<b>{_month(row['period_start'])}</b><br>{percent(row['value'] * 100, 1)}<br>{row['verdict']}"
                    for row in rows.to_dict("records")],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    _years(figure)
    figure.update_yaxes(rangemode="tozero", nticks=5, ticksuffix="\u00a0%")
    figure.update_layout(hovermode="closest")
    return figure


def part_finding(found: PartRecord, what: str) -> str:
    """A title: the months whose share is more, or else less, than expected; or that none is."""
    verdict = overall(found.months["verdict"].tolist())
    months = [_month(day) for day in found.months.loc[found.months["verdict"] == verdict, "period_start"]]
    when = f" i {listing(months[-_NAMED:])}" if verdict in (HIGHER, LOWER) else ""
    return f"{what}, som andel av hela kommunen: {verdict}{when}"


def part_sentence(found: PartRecord, place: str, step: int) -> str:
    """The mean share, how many months fall outside the limits, and what a share is good for."""
    rows = found.months
    out = rows[rows["verdict"].isin([HIGHER, LOWER])]
    start = f"{place} har i genomsnitt {percent(rows['expected'].mean() * 100, 1)} av kommunens händelser."
    if (rows["verdict"] == TOO_LITTLE).all():
        return f"{start} Om någon månad skiljer sig går inte att säga: {TOO_LITTLE}."
    told = (
        f"Alla {number(len(rows))} månader som visas ligger i det grå bandet: {NORMAL}."
        if out.empty
        else f"{number(len(out))} av {number(len(rows))} månader ligger utanför det grå bandet och är märkta."
    )
    wide = " Månaderna varierar mer än slumpen ensam ger, och bandet är vidgat efter det." if found.spread > 1 else ""
    return (
        f"{start} {told}{wide} En månad av 370 hamnar utanför av en slump. Det som ökar överallt, till exempel att "
        f"fler anmäler, höjer inte andelen. {steps_note(step)}"
    ).strip()


def part_table(found: PartRecord) -> pd.DataFrame:
    """The figures behind ``part``."""
    rows = found.months
    return pd.DataFrame(
        {
            "Månad": [_month(day) for day in rows["period_start"]],
            "Andel av kommunens (%)": (rows["value"] * 100).round(1),
            "Väntat (%)": (rows["expected"] * 100).round(1), "Gräns, lägst (%)": (rows["lower"] * 100).round(1),
            "Gräns, högst (%)": (rows["upper"] * 100).round(1), "Bedömning": rows["verdict"],
        }
    )  # fmt: skip


def _years(figure: go.Figure) -> None:
    figure.update_xaxes(tickformat="%Y", dtick="M12", tick0="2020-01-01", showgrid=True,
                        gridcolor="rgba(124, 135, 151, 0.25)")  # fmt: skip


def _month(day: pd.Timestamp) -> str:
    """ "mars 2025"."""
    return date(day).split(" ", 1)[1]


def _name(row: pd.Series) -> str:
    return _month(row["period_start"]).split(" ")[0]
