"""Reports on each active rapporteur and week, quarter by quarter, with its words."""

from __future__ import annotations

import math
from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, BAND, base
from charts.swedish import number
from charts.time_and_place import steps_note, told_column
from charts.verdicts import HIGHER, LOWER, NORMAL, Judged

_LEFT = 40


class ReportsRecord(Judged, Protocol):
    """What is read of reports per rapporteur."""

    @property
    def quarters(self) -> pd.DataFrame: ...
    @property
    def reports(self) -> float: ...
    @property
    def reporters(self) -> float: ...
    @property
    def rate(self) -> float: ...
    @property
    def label(self) -> str: ...
    @property
    def before_label(self) -> str: ...
    @property
    def step(self) -> int: ...


def figure(found: ReportsRecord) -> go.Figure:
    """The rate with its uncertainty, the newest named."""
    rows = found.quarters
    drawn = base(280, room=(_LEFT, 30))
    known = rows.dropna(subset=["rate"])
    drawn.add_scatter(
        x=[*known["period_start"], *known["period_start"][::-1]], y=[*known["upper"], *known["lower"][::-1]],
        fill="toself", fillcolor=BAND, line={"width": 0}, hoverinfo="skip", mode="lines",
    )  # fmt: skip
    drawn.add_scatter(
        x=rows["period_start"], y=rows["rate"], mode="lines+markers", connectgaps=False,
        line={"color": ACCENT, "width": 2}, marker={"size": 7},
        customdata=[_hover(row) for row in rows.to_dict("records")], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    if len(known):
        last = known.iloc[-1]
        drawn.add_annotation(
            x=last["period_start"], y=last["upper"], text=f"<b>{number(last['rate'], 1)}</b>", showarrow=False,
            xanchor="right", yanchor="bottom", yshift=4,
        )  # fmt: skip
    drawn.update_yaxes(rangemode="tozero", nticks=5)
    drawn.update_xaxes(tickformat="%Y", dtick="M12", ticklabelmode="period")
    drawn.update_layout(hovermode="closest")
    return drawn


def _hover(row: dict[Any, Any]) -> str:
    return (
        f"<b>{row['label']}</b><br>{number(row['rate'], 1)} rapporter per rapportör och vecka<br>"
        f"{number(row['reporter_weeks'])} rapportörsveckor"
    )


def finding(found: ReportsRecord, what: str) -> str:
    """A title: whether each rapporteur reports more than a year before."""
    start = f"{what} per rapportör {found.label} mot {found.before_label}"
    return f"{start}: {found.verdict}"


def sentence(found: ReportsRecord) -> str:
    """Whether more reports come from more rapporteurs or from more reports on each."""
    if math.isnan(found.rate):
        return (
            "Antalet rapporter ökar när fler rapporterar, också om inget mer händer. Det är för litet underlag för att "
            f"jämföra {found.label} med året före. {steps_note(found.step)}"
        )
    told = {
        NORMAL: f"{NORMAL}: att rapporterna är fler eller färre förklaras av hur många som rapporterar",
        HIGHER: f"{HIGHER}: varje rapportör rapporterar mer, utöver att fler eller färre rapporterar",
        LOWER: f"{LOWER}: varje rapportör rapporterar mindre, utöver att fler eller färre rapporterar",
    }[str(found.verdict)]
    return (
        f"{found.label} var rapporterna {number(found.reports, 1)} gånger så många som {found.before_label} och "
        f"rapportörerna i snitt {number(found.reporters, 1)} gånger så många i veckan. Per rapportör och vecka blir "
        f"det {number(found.rate, 2)} gånger, med 95\u00a0% säkerhet mellan {number(found.lower, 2)} och "
        f"{number(found.upper, 2)}. Det är {told}. {steps_note(found.step)}"
    ).strip()


def table(found: ReportsRecord) -> pd.DataFrame:
    """The figures behind the chart."""
    rows = found.quarters
    return pd.DataFrame(
        {
            "Kvartal": rows["label"],
            "Antal rapporter": told_column(rows, found.step),
            "Rapportörsveckor": rows["reporter_weeks"],
            "Rapporter per rapportör och vecka": rows["rate"],
            "Lägst": rows["lower"],
            "Högst": rows["upper"],
        }
    )
