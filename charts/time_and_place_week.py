"""When in the week: a grid of weekdays and hours, or a bar per weekday, with its words."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import capital, listing, number, percent
from charts.time_and_place import LESS, MARK, about, called, grid, overall, shades, shown, steps_note, told_column
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE

_SHORT = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
#: Pixels of a row, by hours in a block, and for the hours on the left.
_ROWS = {1: 24, 4: 46, 8: 56}
_LEFT = 56
#: A title names so many spans of the week.
_NAMED = 2


class PatternRecord(Protocol):
    """What is read of a pattern over the week."""

    @property
    def blocks(self) -> pd.DataFrame: ...
    @property
    def hours(self) -> int: ...
    @property
    def events(self) -> float: ...
    @property
    def unknown(self) -> float: ...
    @property
    def vague(self) -> float: ...
    @property
    def reported(self) -> bool: ...
    @property
    def step(self) -> int: ...


def figure(pattern: PatternRecord) -> go.Figure:
    """The week, as finely as it can be shown."""
    if pattern.hours == 24:
        return _bars(pattern)
    blocks = pattern.blocks
    texts = _texts(blocks)
    hover = [_hover(row, pattern.step) for row in blocks.to_dict("records")]
    frames = [
        blocks.assign(shown=shown).pivot(index="hour", columns="weekday", values="shown")
        for shown in (blocks["events"], texts, hover)
    ]
    frames[0] = frames[0].set_axis([hours(int(one), pattern.hours) for one in frames[0].index]).set_axis(_SHORT, axis=1)
    return grid(*frames, row=_ROWS[pattern.hours], left=_LEFT, ends=shades(blocks))


def _bars(pattern: PatternRecord) -> go.Figure:
    days = pattern.blocks
    drawn = base(260, room=(48, 30))
    drawn.add_bar(
        x=list(_SHORT), y=days["events"], customdata=[_hover(row, pattern.step) for row in days.to_dict("records")],
        marker={"color": [ACCENT if one == HIGHER else CONTEXT for one in days["verdict"]]},
        text=_texts(days), textposition="outside", cliponaxis=False,
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    drawn.update_yaxes(rangemode="tozero", nticks=5, range=[0, float(days["events"].max()) * 1.15])
    drawn.update_layout(hovermode="closest", bargap=0.3)
    return drawn


def hours(first: int, length: int) -> str:
    """The hours of a block: "kl 16–20"; of one hour: "kl 16"."""
    return f"kl {first:02d}" if length == 1 else f"{first:02d}–{first + length:02d}"


def _texts(blocks: pd.DataFrame) -> list[str]:
    """The number of each block, and a mark beside those that the sentence speaks of."""
    verdict = overall(blocks["verdict"].tolist())
    mark = {HIGHER: f" {MARK}", LOWER: f" {LESS}"}.get(verdict, "")
    told = ["dold" if pd.isna(events) else number(events) for events in blocks["events"]]
    return [f"{one}{mark if own == verdict else ''}" for one, own in zip(told, blocks["verdict"], strict=True)]


def _hover(row: dict[Any, Any], step: int) -> str:
    told = f"<b>{capital(when(row))}</b><br>{shown(row['events'], step)} händelser"
    return f"{told}<br>{row['verdict']}" if row["verdict"] else told


def when(row: dict[Any, Any]) -> str:
    """A block in words: "fredagar kl 20–24"; a whole day: "fredagar"."""
    first, until = row["hour"], row["until"]
    day = f"{DAYS[row['weekday']]}ar"
    return day if until - first == 24 else f"{day} kl {first:02d}–{until:02d}"


def finding(pattern: PatternRecord, what: str) -> str:
    """A title: when there are more than an even flow gives; or that none stands out."""
    verdict = overall(pattern.blocks["verdict"].tolist()) if pattern.hours else TOO_LITTLE
    if verdict == HIGHER:
        most = listing([when(row) for row in runs(called(pattern.blocks, HIGHER))[:_NAMED]])
        verb = "anmäls mest" if pattern.reported else "sker mest"
        return f"{what} {verb} {most}"
    if verdict == LOWER:
        least = listing([when(row) for row in runs(called(pattern.blocks, LOWER))[-_NAMED:]])
        return f"{what}: {LOWER} {least}, ingen tid har fler"
    if verdict == NORMAL:
        return f"{what}: ingen tid i veckan sticker ut, {NORMAL}"
    return f"{what} över veckan: {TOO_LITTLE}"


def runs(found: pd.DataFrame) -> list[dict[Any, Any]]:
    """Blocks as times, those of a day that follow each other as one; most events first."""
    ordered = found.sort_values(["weekday", "hour"])
    begins = (ordered["weekday"] != ordered["weekday"].shift()) | (ordered["hour"] != ordered["until"].shift())
    joined = ordered.groupby(begins.cumsum()).agg(
        weekday=("weekday", "first"), hour=("hour", "first"), until=("until", "last"), events=("events", "sum")
    )
    return joined.sort_values("events", ascending=False, kind="stable").to_dict("records")


def sentence(pattern: PatternRecord) -> str:
    """When, and whether it is more than chance; how the time is known; and what cannot be said."""
    if not pattern.hours:
        return (
            f"Det finns {about(pattern.events, pattern.step)} händelser med känd tid: för få för att säga när i veckan "
            "de sker utan att enskilda händelser syns."
        )
    verdict = overall(pattern.blocks["verdict"].tolist())
    parts = [f"Diagrammet bygger på {about(pattern.events, pattern.step)} händelser.", _judged(pattern, verdict)]
    if pattern.reported:
        parts.append("Tiden är när det anmäldes: när det hände står inte i källan.")
    if pattern.vague >= 0.005:
        parts.append(
            f"För omkring {percent(100 * pattern.vague)} är tiden känd bara på mer än ett dygn när; varje händelse är "
            "fördelad jämnt över den tid då den kan ha skett."
        )
    if pattern.unknown >= 0.005:
        parts.append(f"Omkring {percent(100 * pattern.unknown)} av händelserna saknar tid och är inte med.")
    return " ".join([*parts, steps_note(pattern.step)]).strip()


def _judged(pattern: PatternRecord, verdict: str) -> str:
    of = "veckodagar" if pattern.hours == 24 else "tider"
    even = "om händelserna vore jämnt spridda över veckan"
    more, less = (int((pattern.blocks["verdict"] == one).sum()) for one in (HIGHER, LOWER))
    every = len(pattern.blocks)
    if verdict == HIGHER:
        return f"{MARK} är {HIGHER}: {more} av {every} {of} har mer än slumpen ger {even}."
    if verdict == LOWER:
        return f"{LESS} är {LOWER}: {less} av {every} {of} har färre än slumpen ger {even}. Ingen har fler."
    if verdict == NORMAL:
        return f"Skillnaderna är {NORMAL}: så mycket kan slumpen ge {even}."
    return f"Om skillnaderna är mer än slump går inte att säga: {TOO_LITTLE}."


def table(pattern: PatternRecord) -> pd.DataFrame:
    """The figures behind the chart."""
    blocks = pattern.blocks
    return pd.DataFrame(
        {
            "Veckodag": [DAYS[day] for day in blocks["weekday"]],
            "Från klockan": blocks["hour"],
            "Till klockan": blocks["until"],
            "Antal händelser": told_column(blocks, pattern.step),
            "Bedömning": blocks["verdict"].where(blocks["verdict"] != "", "dold"),
        }
    )
