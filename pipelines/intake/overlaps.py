"""Rows of earlier deliveries for the same days: where they lie, which they are, and what would be replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.intake.sentences import day, days, number
from pipelines.spans import DAYS, moment_of, place_of, places_of, spans_of
from store.intake import Choice, Overlap, Question

Tables: TypeAlias = MappingOf[str, pd.DataFrame]
Flags: TypeAlias = npt.NDArray[np.bool_]

#: Rows that are shown of an earlier delivery, and places that are named.
_SHOWN, _NAMED = 10, 6

_LEVELS = {"school": r"\d{8}", "deso": r"\d{4}[ABC]\d{4}", "regso": r"\d{4}R\d{3}", "district": r"\d{4}-.+"}


def overlapping(new: Tables, earlier: Sequence[tuple[str, Tables]], called: Callable[[str], str]) -> list[Overlap]:
    """Of ``earlier`` deliveries (file, tables) those with rows on the days that the new one covers.

    Empty when all of them lie at other places: then both stand beside each other. ``called`` names an area.
    """
    spans, places = spans_of(new), places_of(new)
    levels = set(map(_level, places)) - {""}
    found, meet = [], False
    for file, tables in earlier:
        for name in DAYS.keys() & tables.keys():
            frame = tables[name]
            inside = _within(moment_of(name, frame), spans)
            if not inside.any():
                continue
            at = place_of(frame)
            same = inside & at.isin(places).to_numpy()
            # Areas of other levels can be the same place: a school lies in a district.
            others = {level for level in map(_level, at[inside].unique()) if level}
            meet = meet or bool(same.any()) or bool(levels and others and (levels | others) != (levels & others))
            found.append(_overlap(file, name, tables, inside, same, new, called))
    return found if meet else []


def _level(area: str) -> str:
    """What sort of area it is; empty for the municipality, where rows without a place stand, and for no area."""
    return next((level for level, pattern in _LEVELS.items() if re.fullmatch(pattern, area)), "")


def _within(moments: pd.Series, spans: Sequence[tuple[object, object]]) -> Flags:
    at = moments.to_numpy().astype("datetime64[D]")
    inside = np.zeros(len(at), dtype=bool)
    for first, last in spans:
        inside |= (at >= np.datetime64(str(first))) & (at <= np.datetime64(str(last)))
    return inside


def _overlap(
    file: str, name: str, tables: Tables, inside: Flags, same: Flags, new: Tables, called: Callable[[str], str]
) -> Overlap:
    frame = tables[name]
    first_those_in_common = np.concatenate([np.flatnonzero(same), np.flatnonzero(inside & ~same)])
    rows = frame.iloc[first_those_in_common]
    if name == "survey_answer":
        rows = rows.drop_duplicates("respondent")
    moments = moment_of(name, frame)[inside]
    here = 0
    if name in new:
        their_days = [(moments.min().date(), moments.max().date())]
        here = _counted(name, new[name], _within(moment_of(name, new[name]), their_days))
    at = place_of(frame)
    common, other = (_named(at[flags], called) for flags in (same, inside & ~same))
    return Overlap(
        file=file,
        period=days(moments.min(), moments.max()),
        there=_counted(name, frame, same),
        here=here,
        places=common,
        elsewhere=_counted(name, frame, inside & ~same),
        other_places=other,
        rows=tuple(_line(name, row, tables, called) for _, row in rows.head(_SHOWN).iterrows()),
    )


def _counted(name: str, frame: pd.DataFrame, flags: Flags) -> int:
    """How many rows; of a survey, how many respondents."""
    return int(frame.loc[flags, "respondent"].nunique()) if name == "survey_answer" else int(flags.sum())


def _named(areas: pd.Series, called: Callable[[str], str]) -> tuple[str, ...]:
    """The places by name, those with most rows first."""
    counts = areas.value_counts()
    return tuple(_called(str(area), called) for area in counts.index)


def _called(area: str, called: Callable[[str], str]) -> str:
    return called(area) if area else "utanför kommunen"


def _line(name: str, row: pd.Series, tables: Tables, called: Callable[[str], str]) -> str:
    """A row of an earlier delivery for people: when, where and what."""
    moment = next((row[column] for column in DAYS[name] if not pd.isna(row[column])), None)
    place = _called("" if pd.isna(row["area_id"]) else str(row["area_id"]), called)
    if name == "event":
        what = str(row["category"])
    elif name == "observation":
        shown = row["value_text"] if pd.isna(row["value"]) else f"{row['value']:g}".replace(".", ",")
        what = f"{_indicators(tables).get(str(row['indicator_id']), row['indicator_id'])} {shown}"
    else:
        what = f"svarande {row['respondent']}"
    return ", ".join(filter(None, (day(pd.Timestamp(moment)) if moment is not None else "", place, what)))


def _indicators(tables: Tables) -> dict[str, str]:
    known = tables.get("indicator")
    return {} if known is None else dict(zip(known["indicator_id"], known["name"], strict=True))


def question(overlaps: Sequence[Overlap]) -> Question:
    """What to do with rows that are there for the same days."""
    there, elsewhere = sum(one.there for one in overlaps), sum(one.elsewhere for one in overlaps)
    choices = []
    if there:
        label = f"Ersätt: {_facts(there)} tas bort" + (" på platserna som filen har" if elsewhere else "")
        choices.append(Choice(value="replace", label=label))
    if elsewhere:
        label = f"Ersätt allt för tiden, från alla platser: {_facts(there + elsewhere)} tas bort"
        choices.append(Choice(value="replace_all", label=label))
    choices.append(Choice(value="add", label="Lägg till: båda gäller. Samma ärende räknas en gång"))
    lines = [row for one in overlaps for row in one.rows][:_SHOWN]
    return Question(
        id="overlap", key="decisions.overlap",
        text=f"Det finns redan {_facts(there + elsewhere)} för samma tid. Ska de ersättas, eller ska de nya läggas "
        "till?",
        why=" ".join(map(said, overlaps)), choices=tuple(choices), examples=tuple(lines),
    )  # fmt: skip


def said(one: Overlap) -> str:
    """Where an earlier delivery and the new one meet, in a sentence or two."""
    text = f"{one.file}, {one.period}:"
    parts = []
    if one.there:
        parts.append(f"{_facts(one.there)} från samma platser ({_listed(one.places)})")
    if one.elsewhere:
        parts.append(f"{_facts(one.elsewhere)} från andra platser ({_listed(one.other_places)})")
    return f"{text} {', '.join(parts)}; den nya filen har {number(one.here)} för den tiden."


def _facts(count: int) -> str:
    return f"{number(count)} {'uppgift' if count == 1 else 'uppgifter'}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" och {number(more)} till" if more > 0 else "")
