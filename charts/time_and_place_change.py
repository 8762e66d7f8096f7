"""Before and after a chosen month, beside the rest of the municipality, with its words."""

from __future__ import annotations

import math
from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import MISSING, number, signed
from charts.time_and_place import amount, steps_note
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE, Judged

_LEFT = 8


class WeightedRecord(Judged, Protocol):
    """What is read of a weighted difference."""

    @property
    def difference(self) -> float: ...


class ChangeRecord(Judged, Protocol):
    """What is read of a before and after."""

    @property
    def before_label(self) -> str: ...
    @property
    def after_label(self) -> str: ...
    @property
    def months(self) -> int: ...
    @property
    def before(self) -> float: ...
    @property
    def after(self) -> float: ...
    @property
    def control_before(self) -> float: ...
    @property
    def control_after(self) -> float: ...
    @property
    def percent(self) -> float: ...
    @property
    def weighted(self) -> WeightedRecord | None: ...
    @property
    def has_control(self) -> bool: ...
    @property
    def step(self) -> int: ...


def figure(found: ChangeRecord) -> go.Figure | None:
    """The change in per cent with its uncertainty, beside no change; None when it cannot be judged."""
    if math.isnan(found.percent):
        return None
    drawn = base(130, room=(_LEFT, 34))
    drawn.add_scatter(
        x=[found.lower, found.upper], y=[0, 0], mode="lines", line={"color": CONTEXT, "width": 8}, hoverinfo="skip"
    )
    drawn.add_scatter(
        x=[found.percent], y=[0], mode="markers+text", marker={"size": 16, "color": ACCENT},
        text=[f"<b>{_percent(found.percent)}</b>"], textposition="top center", cliponaxis=False,
        customdata=[f"{_percent(found.percent)}, mellan {_span(found)}"], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    drawn.add_vline(x=0, line={"color": CONTEXT, "width": 1, "dash": "dot"})
    reach = max(abs(found.lower), abs(found.upper), 20.0) * 1.15
    drawn.update_xaxes(range=[-min(reach, 100), reach], ticksuffix=" %", nticks=6, tickformat=",.0f")
    for text, place, anchor in (("färre", 0, "left"), ("fler", 1, "right")):
        drawn.add_annotation(
            x=place, y=1, xref="paper", yref="paper", text=text, showarrow=False, xanchor=anchor, yanchor="top"
        )
    drawn.update_yaxes(visible=False, range=[-0.6, 1])
    drawn.update_layout(hovermode="closest")
    return drawn


def _percent(value: float) -> str:
    return f"{signed(value)}\u00a0%"


def _span(found: ChangeRecord) -> str:
    return f"{_percent(found.lower)} och {_percent(found.upper)}"


def finding(found: ChangeRecord, what: str) -> str:
    """A title: what the change was beside what was expected."""
    start = f"{what} {found.after_label} mot {found.before_label}"
    if found.verdict == TOO_LITTLE:
        return f"{start}: {TOO_LITTLE}"
    if found.verdict == NORMAL:
        return f"{start}: {NORMAL}"
    more = "fler" if found.verdict == HIGHER else "färre"
    how = f"{number(abs(found.percent))}\u00a0% {more}" if round(found.percent) else f"något {more}"
    beyond = " än i resten av kommunen" if found.has_control else ""
    return f"{start}: {how}{beyond}, {found.verdict}"


def sentence(found: ChangeRecord, rest: str) -> str:
    """Before and after here and in the ``rest`` of the municipality, and whether the difference is more than chance."""
    parts = [
        f"{amount(found.before, found.step)} händelser {found.before_label} och {amount(found.after, found.step)} "
        f"{found.after_label}."
    ]
    if found.has_control:
        parts.append(
            f"I {rest} {amount(found.control_before, found.step)} och {amount(found.control_after, found.step)}."
        )
    parts.append(_judged(found))
    if found.weighted is not None:
        one = found.weighted
        parts.append(
            f"I antal (WDD): {signed(one.difference)} händelser mot vad resten av kommunen ger att vänta, mellan "
            f"{signed(one.lower)} och {signed(one.upper)}."
        )
    elif found.has_control:
        parts.append(
            "I antal (WDD) går skillnaden inte att säga, för det kräver att resten av kommunen har ungefär lika många "
            "händelser."
        )
    if found.step > 1:
        parts += ["Procenttalen är avrundade till närmaste 5-tal."] * (found.verdict != TOO_LITTLE)
        parts.append(steps_note(found.step))
    return " ".join(parts)


def _judged(found: ChangeRecord) -> str:
    if found.verdict == TOO_LITTLE:
        return f"Det är {TOO_LITTLE} för en bedömning."
    beyond = "Jämfört med utvecklingen i resten av kommunen" if found.has_control else "Jämfört med året före"
    told = f"{beyond} är det {_percent(found.percent)}, med 95\u00a0% säkerhet mellan {_span(found)}"
    if found.verdict == NORMAL:
        return f"{told}: {NORMAL}, skillnaden kan vara slump."
    why = {HIGHER: "fler", LOWER: "färre"}[found.verdict]
    cause = (
        "Vad det beror på säger siffrorna inte" if found.has_control else "Utan jämförelse kan allt annat ha påverkat"
    )
    return f"{told}: {found.verdict}, {why} än slumpen ger. {cause}."


def table(found: ChangeRecord, place: str, rest: str) -> pd.DataFrame:
    """The figures behind the chart."""
    rows = [(place, found.before, found.after)]
    if found.has_control:
        rows.append((rest, found.control_before, found.control_after))
    frame = pd.DataFrame(
        {
            "Plats": [row[0] for row in rows],
            f"Antal {found.before_label}": [amount(row[1], found.step) for row in rows],
            f"Antal {found.after_label}": [amount(row[2], found.step) for row in rows],
        }
    )
    own = [_percent(found.percent), _percent(found.lower), _percent(found.upper)]
    values = own if found.verdict != TOO_LITTLE else [MISSING] * 3
    for name, value in zip(("Förändring", "Lägst", "Högst"), values, strict=True):
        frame[name] = [value, *[MISSING] * (len(rows) - 1)]
    frame["Bedömning"] = [str(found.verdict), *[MISSING] * (len(rows) - 1)]
    return frame
