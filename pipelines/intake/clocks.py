"""Times of day as senders write them: 14:30, kl. 14.30, 1430, 22–23, half past two in the afternoon as 2:30 PM."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

from pipelines.intake.cells import Cell
from pipelines.intake.words import MISSING, plain

Floats = npt.NDArray[np.float64]

DAY = 86_400

NO_CLOCK = "Inget klockslag angivet."
ROUGH = "Klockslaget är ungefärligt."
NIGHT = "Natten hör till två dygn."
_UNREADABLE = "Går inte att läsa som ett klockslag."
_NO_SUCH = "Klockslaget finns inte."
_DATE = "Cellen är ett datum, inget klockslag."
_UNTOLD = "Siffrorna kan vara både timmar och minuter efter midnatt."

#: Words for a part of the day that lies within one date.
DAY_PARTS = frozenset(
    [
        "förmiddag",
        "förmiddagen",
        "eftermiddag",
        "eftermiddagen",
        "kväll",
        "kvällen",
        "kvällstid",
        "morgon",
        "morgonen",
        "morse",
        "lunch",
        "lunchen",
        "lunchtid",
        "dagtid",
        "skoltid",
        "middag",
        "middagstid",
        "fm",
        "em",
        "f.m.",
        "e.m.",
        "f.m",
        "e.m",
    ]
)
NIGHT_WORDS = frozenset(["natt", "natten", "nattetid", "natt", "mot"])
#: Words before a time that make it uncertain.
ROUGHLY = r"(?:ca|cirka|c:a|omkring|runt|vid|ungefär|strax|före|efter|innan|~)\.?"

_CLOCK = r"(?:(?:kl|klockan)\.? ?)?(\d{1,2})(?:[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?)?(?: ?([ap])\.?m\.?)?"
_POINT = re.compile(_CLOCK, re.ASCII)
_SPAN = re.compile(rf"(?:mellan |från )?{_CLOCK} ?(?:-|till|och) ?{_CLOCK}", re.ASCII)
_COMPACT = re.compile(r"(?:(?:kl|klockan)\.? ?)?(\d{2})(\d{2})(?: ?(?:-|till) ?(?:kl\.? ?)?(\d{2})(\d{2}))?", re.ASCII)
_ROUGH = re.compile(rf"(?:kl\.? )?{ROUGHLY} ?(?:kl\.? ?)?\d.*|.*\d.* ?\(?(?:ca|cirka)\.?\)?", re.ASCII)
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}[ t](\d{1,2}:\d{2}(?::\d{2})?)", re.ASCII)
_FIGURES = re.compile(r"\d{1,3}|[1-9]\d{3}", re.ASCII)
_FRACTION = re.compile(r"[01]?[.,]\d{3,}", re.ASCII)


@dataclass(frozen=True, eq=False)
class Clocks:
    """Times of day, one per cell.

    ``seconds`` since midnight, nan where unreadable; ``until`` is the end of a span, nan where there is none, and more
    than a day where the span passes midnight (22–02 ends at 26 hours); ``problem`` says in Swedish why there is none.
    """

    seconds: Floats
    until: Floats
    problem: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Clock:
    """One time of day, in seconds since midnight; or why there is none."""

    seconds: float = np.nan
    until: float = np.nan
    problem: str = ""


def clock(values: Sequence[Cell] | npt.NDArray[np.object_]) -> Clocks:
    """The times of day of a column's distinct cells.

    Bare figures are read by what the column's others tell: 1430 and 5 are five minutes past midnight only if the column
    cannot be whole hours; where both fit, neither is taken. Numbers under one beside fractions are parts of a day.
    Words such as «kväll» give no time: half a day is not guessed.
    """
    bare = [_bare(cell) for cell in values]
    figures = _read_figures(values, bare)
    read = [figures[number] if number is not None else _cell(cell) for cell, number in zip(values, bare, strict=True)]
    problem = np.empty(len(read), dtype=object)
    problem[:] = [each.problem for each in read]
    return Clocks(
        np.array([each.seconds for each in read], dtype=np.float64),
        np.array([each.until for each in read], dtype=np.float64),
        problem,
    )


def _bare(cell: Cell) -> float | None:
    """A number, a text of up to four figures, or a fraction: what it means depends on the column."""
    if isinstance(cell, int | float):
        return float(min(max(cell, -1), 10_000))
    if isinstance(cell, str) and len(cell) <= 24 and (_FIGURES.fullmatch(cell) or _FRACTION.fullmatch(cell)):
        return float(cell.replace(",", "."))
    return None


def _read_figures(values: Sequence[Cell] | npt.NDArray[np.object_], bare: Sequence[float | None]) -> dict[float, Clock]:
    numbers = {number for number in bare if number is not None}
    if any(0 < number < 1 for number in numbers):
        return {number: _fraction(number) for number in numbers}
    small = [number for number in numbers if number < 100]
    padded = any(isinstance(cell, str) and re.fullmatch(r"0\d{3}", cell) for cell in values)
    hours_fit = all(number <= 24 for number in small)
    minutes_fit = any(number >= 100 for number in numbers) and not padded
    return {number: _figure(number, hours_fit, minutes_fit) for number in numbers}


def _fraction(number: float) -> Clock:
    return Clock(float(round(number * DAY))) if 0 <= number <= 1 else Clock(problem=_NO_SUCH)


def _figure(number: float, hours_fit: bool, minutes_fit: bool) -> Clock:
    if number != int(number) or number < 0:
        return Clock(problem=_UNREADABLE)
    whole = int(number)
    if whole == 0 or whole >= 100:
        return _at(whole // 100, whole % 100)
    if hours_fit == minutes_fit:
        return Clock(problem=_UNTOLD if hours_fit else _UNREADABLE)
    return _at(whole, 0) if hours_fit else _at(0, whole)


def _cell(cell: Cell) -> Clock:
    if isinstance(cell, str):
        return time_of(plain(cell)) if len(cell) <= 60 else Clock(problem=_UNREADABLE)
    if isinstance(cell, datetime | time):
        return Clock(float(cell.hour * 3600 + cell.minute * 60 + cell.second))
    if isinstance(cell, timedelta):
        seconds = cell.total_seconds()
        return Clock(seconds) if 0 <= seconds <= DAY else Clock(problem=_NO_SUCH)
    # A time cell without any time is the day before Excel's first.
    return Clock(0.0) if isinstance(cell, date) and cell.year < 1901 else Clock(problem=_DATE)


def time_of(text: str) -> Clock:
    """The time of day that a text in plain form (``words.plain``) says. A bare hour is none: 14, but kl 14 is."""
    if match := _COMPACT.fullmatch(text):
        hour, minute, *until = match.groups()
        return _span(_at(int(hour), int(minute)), _at(int(until[0]), int(until[1])) if until[0] else None)
    if match := _POINT.fullmatch(text):
        return _matched(match.groups()) if not text.isdigit() else Clock(problem=_UNREADABLE)
    if match := _SPAN.fullmatch(text):
        parts = match.groups()
        return _span(_matched(parts[:4]), _matched(parts[4:]))
    if match := _DATED.fullmatch(text):  # a column of clock times kept as moments, as in workbooks
        return time_of(match[1])
    return Clock(problem=_why(text))


def _why(text: str) -> str:
    if text in MISSING:
        return NO_CLOCK
    words = set(re.findall(r"[^\W\d_]+(?:\.m\.?)?", text))
    if words & NIGHT_WORDS:
        return NIGHT
    return ROUGH if words & DAY_PARTS or _ROUGH.fullmatch(text) else _UNREADABLE


def _matched(parts: Sequence[str | None]) -> Clock:
    hour, minute, second, half = parts
    number = int(hour or 0)
    if half:
        if not 1 <= number <= 12:
            return Clock(problem=_NO_SUCH)
        number = number % 12 + (12 if half == "p" else 0)
    return _at(number, int(minute or 0), int(second or 0))


def _at(hour: int, minute: int, second: int = 0) -> Clock:
    seconds = hour * 3600 + minute * 60 + second
    return Clock(float(seconds)) if minute < 60 and second < 60 and seconds <= DAY else Clock(problem=_NO_SUCH)


def _span(first: Clock, last: Clock | None) -> Clock:
    if last is None or first.problem:
        return first
    if last.problem:
        return last
    passed = DAY if last.seconds < first.seconds else 0
    return Clock(first.seconds, last.seconds + passed)
