"""Plain Swedish sentences from the records of the analyses: what a figure shows, and whether it is more than chance.

The records are described here by the fields that are read, so that charts need nothing else of ours. ``what`` is a
plural in lower case ("anmälda brott"); ``period`` is the period's label ("2025", "2026 kv 2").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

from charts.swedish import MISSING, capital, listing, number, percent, signed, span
from charts.verdicts import HIGHER, LOWER, NORMAL, Bounded, Judged

_PRELIMINARY = " Uppgiften är preliminär och kan ändras."

_NOT_WHY = "Siffrorna säger inte vad det beror på."


class _JudgedPeriod(Judged, Protocol):
    @property
    def reason(self) -> str: ...
    @property
    def preliminary(self) -> bool: ...


class ExpectationRecord(_JudgedPeriod, Protocol):
    """What is read of an expectation from the place's own history."""

    @property
    def observed(self) -> float: ...
    @property
    def expected(self) -> float: ...
    @property
    def history(self) -> Sequence[pd.Timestamp]: ...


class TrendRecord(Bounded, Protocol):
    """What is read of a trend."""

    @property
    def first(self) -> pd.Timestamp | None: ...
    @property
    def last(self) -> pd.Timestamp | None: ...
    @property
    def percent_per_year(self) -> float: ...
    @property
    def direction(self) -> str: ...


class GroupShareRecord(Protocol):
    """What is read of a group's share of a total."""

    @property
    def group(self) -> str: ...
    @property
    def share(self) -> float: ...
    @property
    def lower_share(self) -> float: ...
    @property
    def upper_share(self) -> float: ...
    @property
    def expectation(self) -> _JudgedPeriod: ...


class PositionRecord(Protocol):
    """What is read of a position among the country's areas."""

    @property
    def value(self) -> float: ...
    @property
    def above(self) -> int | None: ...
    @property
    def below(self) -> int | None: ...
    @property
    def areas(self) -> int: ...


class FunnelRecord(Protocol):
    """What is read of a funnel."""

    @property
    def level(self) -> float: ...
    @property
    def per(self) -> float: ...
    @property
    def peers(self) -> int: ...
    @property
    def areas(self) -> pd.DataFrame: ...


def finding(what: str, period: str, verdict: str) -> str:
    """A title that says the finding: "Anmälda brott 2025: inom normal variation"."""
    return f"{capital(what)} {period}: {verdict}"


def expectation_sentence(record: ExpectationRecord, what: str, period: str) -> str:
    """A headline number beside what the place's own earlier figures led to expect."""
    if record.reason == "no_figure":
        return _no_figure(what, period)
    start = f"{period} var det {number(record.observed)} {what}."
    if record.reason:
        return start + " " + _why_not(record.reason) + _note(record)
    limits = span(record.lower, record.upper)
    years = f"{record.history[0].year}–{record.history[-1].year}"
    judged = {
        NORMAL: f"Det ryms inom det väntade, {limits}, där trenden {years} är inräknad: {period} sticker inte ut från "
        f"den. {_least(record)}",
        HIGHER: f"Det är fler än väntat: {limits}, med trenden {years} inräknad. "
        f"En så stor skillnad uppstår sällan av en slump. {_NOT_WHY}",
        LOWER: f"Det är färre än väntat: {limits}, med trenden {years} inräknad. "
        f"En så stor skillnad uppstår sällan av en slump. {_NOT_WHY}",
    }
    return f"{start} {judged[str(record.verdict)]}{_note(record)}"


def noticeable(record: ExpectationRecord) -> tuple[str, str]:
    """The least rise and fall from the expected that would have been noticed: ("+16 %", "−15 %").

    The fall is empty when not even zero would have been noticed.
    """
    rise = (record.upper / record.expected - 1) * 100
    fall = (record.lower / record.expected - 1) * 100
    return f"+{percent(rise)}", percent(fall) if record.lower > 0 else ""


def _least(record: ExpectationRecord) -> str:
    rise, fall = noticeable(record)
    limits = f"under cirka {rise} eller {fall}" if fall else f"under cirka {rise}, och en minskning,"
    return f"En avvikelse {limits} från det väntade märks inte."


def trend_sentence(record: TrendRecord, what: str, counts: TrendRecord | None = None) -> str:
    """The long trend of a rate: direction, size a year, and whether it is more than chance.

    With ``counts``, the trend of the numbers themselves comes first: a growing population may make the two differ.
    """
    if counts is not None and _is_known(counts):
        told = _trend_told(counts, f"antalet {what}", "")
        if not _is_known(record):
            return f"{told} Uppgifter saknas för att säga hur det är i förhållande till befolkningen."
        return f"{told} {_beside_population(record)}"
    if not _is_known(record):
        return f"Det finns för få jämförbara år, eller för få {what}, för att säga om de ökar eller minskar."
    return _trend_told(record, what, " i förhållande till befolkningen")


def _is_known(record: TrendRecord) -> bool:
    return record.direction != "unknown" and record.first is not None and record.last is not None


def _trend_told(record: TrendRecord, what: str, of: str) -> str:
    years = f"{record.first.year} till {record.last.year}" if record.first and record.last else ""
    low, high = signed(record.lower, 1), signed(record.upper, 1)
    if record.direction == "none":
        return (
            f"Från {years} går det inte att se någon säker ökning eller minskning av {what}{of}. "
            f"Förändringen ligger någonstans mellan {low} och {high} procent om året."
        )
    way, change = ("uppåt", "ökat") if record.direction == "up" else ("nedåt", "minskat")
    return (
        f"Trenden pekar {way}: från {years} har {what} {change}{of}, med i genomsnitt "
        f"{number(abs(record.percent_per_year), 1)} procent om året (mellan {low} och {high}). "
        "En så jämn förändring uppstår sällan av en slump."
    )


def _beside_population(record: TrendRecord) -> str:
    limits = f"(mellan {signed(record.lower, 1)} och {signed(record.upper, 1)})"
    if record.direction == "none":
        return (
            "I förhållande till befolkningen går det inte att se någon säker ökning eller minskning "
            f"{limits[:-1]} procent om året)."
        )
    change = "ökat" if record.direction == "up" else "minskat"
    return (
        f"I förhållande till befolkningen har de {change} med i genomsnitt "
        f"{number(abs(record.percent_per_year), 1)} procent om året {limits}."
    )


def composition_sentence(
    records: Sequence[GroupShareRecord], names: Mapping[str, str], what: str, period: str, rest: str = ""
) -> str:
    """What a total is made of, and whether any group's share has changed more than it usually does.

    ``names`` gives each group (the remainder too) as it stands inside a sentence: "stöld", "övriga brott". ``rest`` is
    the group that is the remainder: several kinds, so never the largest group.
    """
    known = [record for record in records if not pd.isna(record.share)]
    if not known:
        return f"Det går inte att säga vad {what} {period} består av: uppgifter saknas."
    named = [record for record in known if record.group != rest]
    largest = listing([f"{names[r.group]} ({percent(r.share * 100)})" for r in named[:3]])
    start = f"Av {what} {period} är de största enskilda grupperna {largest}."
    for r in (record for record in known if record.group == rest):
        start += f" {capital(names[rest])} ({percent(r.share * 100)}) är en rest av flera slag som inte delas upp här."
    changed = [
        f"{names[r.group]} är {percent(r.share * 100)}, {r.expectation.verdict} "
        f"({span(r.lower_share * 100, r.upper_share * 100)}\u00a0%)"
        for r in known
        if str(r.expectation.verdict) in {HIGHER, LOWER}
    ]
    judged = [r for r in known if not r.expectation.reason]
    note = _PRELIMINARY if any(r.expectation.preliminary for r in known) else ""
    if changed:
        return f"{start} Mer än slumpen brukar ge skiljer sig andelen för: {'; '.join(changed)}. {_NOT_WHY}{note}"
    if not judged:
        return f"{start} Underlaget är för litet för att säga om fördelningen har ändrats.{note}"
    return f"{start} Ingen grupps andel skiljer sig från tidigare år mer än den brukar variera.{note}"


def position_label(record: PositionRecord) -> str:
    """The band of a position in a few words: "bland de 5 procent högsta", "mellan 75:e och 90:e percentilen"."""
    above, below = record.above, record.below
    if above is None and below is None:
        return MISSING
    if above is None:
        return f"bland de {below} procent lägsta"
    if below is None:
        return f"bland de {100 - above} procent högsta"
    return f"mellan {above}:e och {below}:e percentilen"


def funnel_sentence(record: FunnelRecord, area_id: str, place: str, what: str, period: str) -> str:
    """One area beside the common level of its peers, with the spread that is usual among them."""
    found = record.areas[record.areas["area_id"] == area_id]
    if found.empty:
        return _no_figure(f"{what} i {place}", period)
    row: dict[Any, Any] = found.iloc[0].to_dict()
    start = (
        f"{period} hade {place} {number(row['rate'])} {what} per {number(record.per)} invånare. "
        f"I de {record.peers} jämförda kommunerna tillsammans var det {number(record.level)}."
    )
    limits = span(row["lower_95"], row["upper_95"])
    usual = f"En kommun av den storleken väntas hamna på {limits}"
    verdict = str(row["verdict"])
    if verdict == NORMAL:
        return (
            f"{start} {usual}, och {place} gör det. Skillnaden är inte större än den brukar vara mellan kommunerna. "
            f"Med bara {record.peers} kommuner att jämföra med är gränserna vida, så bara stora skillnader kan synas."
        )
    if verdict not in {HIGHER, LOWER}:
        return f"{start} {_why_not('small_counts')}"
    side = "över" if verdict == HIGHER else "under"
    rare = (
        "Så långt ifrån hamnar en kommun nästan aldrig av en slump."
        if row["beyond_998"]
        else "Ungefär en kommun av tjugo hamnar utanför av en slump, så det är värt att undersöka men inget bevis."
    )
    return f"{start} {usual}; {place} ligger {side}. {rare} {_NOT_WHY}"


def _note(record: _JudgedPeriod) -> str:
    return _PRELIMINARY if record.preliminary else ""


def _no_figure(what: str, period: str) -> str:
    return f"Det finns ingen uppgift om {what} för {period}."


def _why_not(reason: str) -> str:
    return {
        "short_history": "Det finns för få tidigare perioder som går att jämföra med, så underlaget är för litet "
        "för en bedömning.",
        "no_exposure": "Befolkningen saknas, eftersom uttaget inte har antal per 100 000 invånare, så det går inte att "
        "säga vad som var väntat.",
        "small_counts": "Talen är så små att enstaka händelser avgör, så underlaget är för litet för en bedömning.",
    }[reason]
