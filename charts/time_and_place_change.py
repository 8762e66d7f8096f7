"""Before and after a chosen month, beside the rest of the municipality, with its words."""

from __future__ import annotations

import math
from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.effects import effect, per_cent
from charts.swedish import MISSING, number, signed
from charts.time_and_place import shown, steps_note
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE, Judged


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
    @property
    def percent_step(self) -> int: ...


def figure(found: ChangeRecord) -> go.Figure | None:
    """The change in per cent with its uncertainty, beside no change; None when it cannot be judged."""
    if math.isnan(found.percent):
        return None
    return effect(found.percent, found.lower, found.upper)


def _span(found: ChangeRecord) -> str:
    return f"{per_cent(found.lower)} och {per_cent(found.upper)}"


def finding(found: ChangeRecord, what: str) -> str:
    """A title: what the change was beside what was expected."""
    start = f"{what} {found.after_label} mot {found.before_label}"
    if _hidden(found):
        return f"{start}: går inte att bedöma"
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
    before, after = shown(found.before, found.step), shown(found.after, found.step)
    parts = [f"{before[0].upper()}{before[1:]} händelser {found.before_label} och {after} {found.after_label}."]
    if found.has_control:
        parts.append(
            f"I {rest} {shown(found.control_before, found.step)} och {shown(found.control_after, found.step)}."
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
        if found.verdict != TOO_LITTLE:
            parts.append(f"Procenttalen är räknade på mitten av varje steg{_to_nearest(found.percent_step)}.")
        parts.append(steps_note(found.step))
    return " ".join(parts)


def _to_nearest(step: int) -> str:
    return f" och avrundade till närmaste {step}-tal" if step > 1 else ""


def _hidden(found: ChangeRecord) -> bool:
    """Whether a number that the change is worked out from is not shown."""
    numbers = (found.before, found.after, found.control_before, found.control_after)
    return any(math.isnan(one) for one in (numbers if found.has_control else numbers[:2]))


def _judged(found: ChangeRecord) -> str:
    if _hidden(found):
        return "När ett antal är dolt går förändringen inte att bedöma."
    if found.verdict == TOO_LITTLE:
        return f"Det är {TOO_LITTLE} för en bedömning."
    beyond = "Jämfört med utvecklingen i resten av kommunen" if found.has_control else "Jämfört med året före"
    told = f"{beyond} är det {per_cent(found.percent)}, med 95\u00a0% säkerhet mellan {_span(found)}"
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
            f"Antal {found.before_label}": [shown(row[1], found.step) for row in rows],
            f"Antal {found.after_label}": [shown(row[2], found.step) for row in rows],
        }
    )
    own = [per_cent(found.percent), per_cent(found.lower), per_cent(found.upper)]
    values = own if found.verdict != TOO_LITTLE else [MISSING] * 3
    for name, value in zip(("Förändring", "Lägst", "Högst"), values, strict=True):
        frame[name] = [value, *[MISSING] * (len(rows) - 1)]
    frame["Bedömning"] = [MISSING if _hidden(found) else str(found.verdict), *[MISSING] * (len(rows) - 1)]
    return frame
