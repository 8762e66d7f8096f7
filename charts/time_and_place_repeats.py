"""Whether events come again soon and close by, with its words."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.swedish import listing, number
from charts.time_and_place import MARK, about, amount, grid, overall, steps_note
from charts.verdicts import HIGHER, NORMAL, TOO_LITTLE

_LEFT = 104
#: Times the expected that have the lightest and the darkest shade: no more than chance, and three times as many.
_SHADED = (1.0, 3.0)


class RepeatsRecord(Protocol):
    """What is read of repeats and near repeats."""

    @property
    def bands(self) -> pd.DataFrame: ...
    @property
    def events(self) -> float: ...
    @property
    def step(self) -> int: ...


def figure(found: RepeatsRecord) -> go.Figure:
    """How many times as many pairs there are as chance makes, by distance and days."""
    bands = found.bands.assign(
        place=[_place(row) for row in found.bands.to_dict("records")],
        time=[_time(row) for row in found.bands.to_dict("records")],
        shown=[_shown(row) for row in found.bands.to_dict("records")],
        hover=[_hover(row, found.step) for row in found.bands.to_dict("records")],
    )
    frames = [
        bands.pivot(index="place", columns="time", values=column).reindex(
            index=bands["place"].unique(), columns=bands["time"].unique()
        )
        for column in ("ratio", "shown", "hover")
    ]
    return grid(*frames, row=56, left=_LEFT, ends=_SHADED)


def _place(row: dict[Any, Any]) -> str:
    lower, upper = row["lower_distance"], row["distance"]
    if lower < 0:
        return "samma plats"
    return f"inom {number(upper)} m" if lower <= 1 else f"{number(lower)}–{number(upper)} m"


def _time(row: dict[Any, Any]) -> str:
    lower, upper = row["lower_days"], row["days"]
    return f"inom {upper} dagar" if lower < 0 else f"{lower + 1}–{upper} dagar"


def _shown(row: dict[Any, Any]) -> str:
    if pd.isna(row["ratio"]):
        return "för få"
    return f"{number(row['ratio'], 1)} gånger{' ' + MARK if row['verdict'] == HIGHER else ''}"


def _hover(row: dict[Any, Any], step: int) -> str:
    start = f"<b>{_place(row).capitalize()}, {_time(row)}</b><br>{amount(row['pairs'], step)} par"
    if pd.isna(row["expected"]):
        return f"{start}<br>{row['verdict']}"
    return f"{start}, {number(row['expected'])} väntade<br>{row['verdict']}"


def finding(found: RepeatsRecord, what: str) -> str:
    """A title: where and when an event is followed by more, or that it is not."""
    more = found.bands[found.bands["verdict"] == HIGHER]
    if len(more):
        first = more.iloc[0].to_dict()
        pairs = f"par på {_place(first)}" if first["lower_distance"] < 0 else f"par {_place(first)}"
        return f"{what}: {pairs} och {_time(first)} är {number(first['ratio'], 1)} gånger så många som väntat"
    verdict = overall(found.bands["verdict"].tolist())
    if verdict == NORMAL:
        return f"{what}: inte fler än väntat nära i både tid och rum, {NORMAL}"
    return f"{what}: om en händelse följs av fler går inte att säga, {TOO_LITTLE}"


def sentence(found: RepeatsRecord) -> str:
    """Which distances and times have more pairs than chance makes, and what the numbers rest on."""
    more = [f"{_place(row)} och {_time(row)} ({number(row['ratio'], 1)} gånger)"
            for row in found.bands[found.bands["verdict"] == HIGHER].to_dict("records")]  # fmt: skip
    start = f"Av {about(found.events, found.step)} händelser med plats och tid jämförs alla par, två och två."
    verdict = overall(found.bands["verdict"].tolist())
    if more:
        told = (
            f"{MARK} är {HIGHER}: paren är fler än om tid och plats inte hade med varandra att göra, "
            f"{listing(more)}. Det kan vara samma gärningspersoner, flera som anmäler samma sak, eller ett ställe där "
            "det har hänt mer under en tid."
        )
    elif verdict == NORMAL:
        told = f"Antalet par är {NORMAL}: så många blir det även om tid och plats inte har med varandra att göra."
    else:
        told = f"Det är för få par för att bedöma: {TOO_LITTLE}."
    if verdict != TOO_LITTLE and (found.bands["verdict"] == TOO_LITTLE).any():
        told += " Där det står «för få» går det inte att bedöma."
    return f"{start} {told} {steps_note(found.step)}".strip()


def table(found: RepeatsRecord) -> pd.DataFrame:
    """The figures behind the chart."""
    rows = found.bands.to_dict("records")
    return pd.DataFrame(
        {
            "Avstånd": [_place(row) for row in rows],
            "Tid mellan": [_time(row) for row in rows],
            "Antal par": [amount(row["pairs"], found.step) for row in rows],
            "Väntat antal par": found.bands["expected"],
            "Gånger det väntade": found.bands["ratio"],
            "Bedömning": found.bands["verdict"],
        }
    )
