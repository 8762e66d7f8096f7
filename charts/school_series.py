"""Schools over time: a line per school on one scale, and what is expected of a school that stood out one year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.schools import UNPLACED, Measure
from charts.style import ACCENT, CONTEXT, base, write
from charts.swedish import capital, listing, number, percent, span
from charts.verdicts import Bounded

_ROW, _LINE, _HEADING, _BOTTOM = 92, 52, 34, 34


class ReturnRecord(Bounded, Protocol):
    """What is read of how alike successive periods are (analysis.regression_to_mean)."""

    @property
    def units(self) -> int: ...
    @property
    def correlation(self) -> float: ...
    @property
    def is_known(self) -> bool: ...


def over_time(figures: pd.DataFrame, everywhere: pd.DataFrame, measure: Measure) -> go.Figure:
    """One row per school, by district and name: its months as a line, the mean of all the schools behind it in grey.

    ``figures``: area_id, school, district, period_start, period_label, value, of all schools to show, in their order;
    ``everywhere`` the same of all the municipality's schools. All rows have the same scale; a gap of more than two
    months breaks the line.
    """
    mean = everywhere.dropna(subset=["value"]).groupby("period_start")["value"].mean()
    shown = pd.concat([figures["value"], mean])
    low, room = shown.min(), max(shown.max() - shown.min(), 10**-measure.decimals)
    figure = base(10)
    at, district = 0.0, None
    for _, rows in figures.assign(district=figures["district"].fillna(UNPLACED)).groupby("area_id", sort=False):
        if rows["district"].iloc[0] != district:
            district = rows["district"].iloc[0]
            write(figure, f"<b>{district}</b>", at + _HEADING / 2, 14, CONTEXT)
            at += _HEADING
        write(figure, _label(rows, measure), at + 12)
        bottom = at + _ROW - 10
        for series, colour, width in ((mean, CONTEXT, 1.5), (rows.set_index("period_start")["value"], ACCENT, 2.5)):
            _line(figure, series, bottom, low, room, colour, width)
        own = rows.dropna(subset=["value"])
        figure.add_scatter(
            x=own["period_start"], y=[bottom - (v - low) / room * _LINE for v in own["value"]], mode="markers",
            marker={"size": 9, "color": ACCENT, "opacity": 0.01},
            text=[
                f"<b>{row['school']}</b><br>{row['period_label']}: {number(row['value'], measure.decimals)}"
                f"<br>alla skolor {number(mean[row['period_start']], measure.decimals)}"
                for row in own.to_dict("records")
            ],
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
        at += _ROW
    figure.update_layout(
        height=round(at) + _BOTTOM, hovermode="closest", margin={"l": 12, "r": 12, "t": 0, "b": _BOTTOM}
    )
    figure.update_xaxes(tickformat="%Y", dtick="M12", tick0="2020-01-01", showgrid=True,
                        gridcolor="rgba(124, 135, 151, 0.25)")  # fmt: skip
    figure.update_yaxes(visible=False, range=[at, 0])
    return figure


def _line(
    figure: go.Figure, series: pd.Series, bottom: float, low: float, room: float, colour: str, width: float
) -> None:
    """A series in its row, with holes where there are no figures for more than two months."""
    x: list[pd.Timestamp | None] = []
    y: list[float | None] = []
    last: pd.Timestamp | None = None
    for day, value in series.dropna().items():
        moment = pd.Timestamp(str(day))
        if last is not None and (moment - last).days > 70:
            x.append(None)
            y.append(None)
        x.append(moment)
        y.append(bottom - (value - low) / room * _LINE)
        last = moment
    figure.add_scatter(x=x, y=y, mode="lines", line={"width": width, "color": colour}, hoverinfo="skip")


def _label(rows: pd.DataFrame, measure: Measure) -> str:
    """ "Hallsta skola  dec 2025: 91,4"; the newest month that has a figure."""
    known = rows.dropna(subset=["value"])
    name = f"<b>{rows['school'].iloc[0]}</b>"
    if known.empty:
        return f"{name}  inga tal att visa"
    newest = known.iloc[-1]
    return f"{name}  {newest['period_label']}: {_with_unit(newest['value'], measure)}"


def over_time_finding(figures: pd.DataFrame, measure: Measure) -> str:
    """A title: the measure, and the first and last of the months shown."""
    known = figures.dropna(subset=["value"])
    first, last = (str(known.sort_values("period_start")["period_label"].iloc[end]) for end in (0, -1))
    return f"{capital(measure.what)} månad för månad, {first} – {last}"


OVER_TIME = (
    "Den grå linjen är medelvärdet för kommunens alla skolor med tal. Alla rader har samma skala. Årstiden syns i alla "
    "skolor: jämför en månad med samma månad året före, eller med de andra skolorna."
)


def over_time_table(figures: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The months behind the lines; a hidden figure is told as that."""
    return pd.DataFrame(
        {
            "Kommundel": figures["district"].fillna(UNPLACED),
            "Skola": figures["school"],
            "Period": figures["period_label"],
            f"Värde ({measure.unit})": figures["value"],
            "Uppgift": figures["status"].map({"protected": "dold här, för få", "missing": "uppgift saknas"}).fillna(""),
            f"Underlag (antal {measure.persons})": figures["base"],
        }
    ).reset_index(drop=True)


def return_sentence(
    found: ReturnRecord, extreme: pd.DataFrame, names: Mapping[str, str], period: str, measure: Measure
) -> str:
    """Regression to the mean in plain words: how much lasts from one period to the next, and what is therefore expected
    of the schools that stand out. Empty where nothing can be said, or no school shown is extreme.

    ``extreme``: value, mean, deviation, expected, back by area_id (analysis.regression_to_mean); ``names``: the schools
    shown.
    """
    rows = extreme[extreme.index.isin(list(names))]
    if not found.is_known or rows.empty:
        return ""
    told = [
        f"{names[str(area)]} ({_with_unit(value, measure)}, väntat härnäst omkring {_with_unit(expected, measure)})"
        for area, value, expected in zip(rows.index, rows["value"], rows["expected"], strict=True)
    ]
    start = (
        "Regression mot medelvärdet: en skola som ligger långt från de andra ett år gör det delvis av tillfälligheter, "
        f"och väntas närma sig dem nästa år av sig själv. {period} gäller det {listing(told)}; medel för kommunens "
        f"skolor är {_with_unit(rows['mean'].iloc[0], measure)}."
    )
    how = (
        f"Korrelationen mellan två år i följd är {number(found.correlation, 2)} bland {number(found.units)} skolor "
        f"(osäkerhet {span(found.lower, found.upper, 2)}), så omkring {percent(rows['back'].iloc[0] * 100)} av "
        f"avståndet väntas försvinna, men det kan vara allt mellan {_gone(found.upper)} och {_gone(found.lower)}."
    )
    return f"{start} {how} Jämför en åtgärd med det väntade talet, inte med årets."


def _gone(correlation: float) -> str:
    """How much of the distance goes by itself; a correlation under 0 counts as 0: nothing lasts."""
    return percent((1 - max(correlation, 0.0)) * 100)


def _with_unit(value: float, measure: Measure) -> str:
    text = number(value, measure.decimals)
    if measure.unit == "procent":
        return f"{text}\u00a0%"
    return f"{text} {measure.unit}" if measure.unit == "poäng" else text
