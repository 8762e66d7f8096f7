"""What one written date, moment, period or span means; the forms that Swedish senders use, and the American ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from pipelines.frames import MONTHS, month_period, quarter_period, school_year_period, year_period
from pipelines.intake.clocks import DAY_PARTS, NIGHT, NIGHT_WORDS, NO_CLOCK, ROUGH, ROUGHLY, time_of
from pipelines.intake.words import MISSING

SWEDEN = ZoneInfo("Europe/Stockholm")

#: The kinds of moments and periods, the most exact first.
PRECISIONS = ("minute", "day", "week", "month", "quarter", "term", "school_year", "year")

#: Nothing that is imported is of a time before this day: such dates are slips (30 read as 1930, an empty Excel date).
EARLIEST = date(1950, 1, 1)

NO_TIME = "Ingen tid angiven."
NO_YEAR = "Året saknas."
UNREADABLE = "Går inte att läsa som en tid."
NOT_IN_CALENDAR = "Datumet finns inte i kalendern."
IMPLAUSIBLE = "Tiden är orimlig: före 1950 eller mer än två år framåt."
ANY_ORDER = "Dag och månad (eller år) kan vara omkastade."
TWO_YEARS = "Kan vara både ett läsår och två kalenderår. Skriv 2024/25 för läsår."
BACKWARDS = "Slutet ligger före början."
_WEEKDAY = "Veckodagen stämmer inte med datumet."
_NO_SUCH_WEEK = "Veckan finns inte det året."

Groups: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Written:
    """What a text means: ``first`` and ``last`` (inclusive, to the second) in Swedish local time; or the ``problem``.

    ``ambiguous``: figures whose order is not told. ``noughts``: the time of day was written as 00:00.
    """

    first: datetime | None = None
    last: datetime | None = None
    precision: str = ""
    problem: str = ""
    ambiguous: bool = False
    noughts: bool = False


@dataclass(frozen=True)
class Custom:
    """What a text's meaning depends on beside itself: the order of figures ("" untold), and the last plausible day."""

    order: str
    latest: date

    def year(self, text: str) -> int:
        """A year of four figures, or of two: the latest one that is plausible."""
        if len(text) > 2:
            return int(text)
        return 2000 + int(text) if 2000 + int(text) <= self.latest.year else 1900 + int(text)


def orders_of(figures: tuple[str, str, str], custom: Custom) -> dict[str, date]:
    """The days that three figures such as 03/04/2025 can be, by order; year first only where all have two figures."""
    first, second, third = figures
    year = custom.year(third)
    found = {"dmy": _date(year, int(second), int(first)), "mdy": _date(year, int(first), int(second))}
    if all(len(figure) == 2 for figure in figures):
        found["ymd"] = _date(custom.year(first), int(second), int(third))
    real = {order: day for order, day in found.items() if day}
    return {order: day for order, day in real.items() if EARLIEST <= day <= custom.latest} or real


def written(text: str, custom: Custom) -> Written:
    """What a text in plain form (``words.plain``) means."""
    if text in MISSING:
        return Written(problem=NO_TIME)
    words = set(_WORD.findall(text))
    if words - _VOCABULARY - _NAMED.keys() or _NO_TIME.search(text):
        return Written(problem=UNREADABLE)
    found = _moment(text, custom) or _span(text, custom)
    return found or Written(problem=NIGHT if NIGHT_WORDS & words else UNREADABLE)


#: Figures that occur in no time: numbers of cases, telephones and persons. Keeps columns of them quick.
_NO_TIME = re.compile(r"\d{10}|[a-z](?:\d{5}|\d{3}(?!\d))", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
#: Every word that a written time can have; a text with any other is none.
_WORDS = (
    "z utc gmt kl klockan till och med tom t o m v vecka veckan week w kv kvartal kvartalet k q vt ht lå vårterminen "
    "höstterminen vårtermin hösttermin läsåret läsår skolåret skolår den d e a från fr mellan på under år året helår "
    "helåret tertial halvår halvåret h första andra st nd rd th s må ti on to fr lö sö mån tis ons tor tors fre lör "
    "sön måndag tisdag onsdag torsdag fredag lördag söndag måndagen tisdagen onsdagen torsdagen fredagen lördagen "
    "söndagen am pm p f em fm ca cirka c omkring runt vid ungefär strax före efter innan"
)
_VOCABULARY = DAY_PARTS | NIGHT_WORDS | frozenset(_WORDS.split())


# One moment or period ------------------------------------------------------------------------------------------------

_LEAD = re.compile(
    r"(?:(?P<weekday>mån|tis|ons|tors?|fre|lör|sön|må|ti|on|to|fr|lö|sö)(?:dag)?(?:en)?(?:\.,?|,)? )?(?:(?:den|d\.?) )?"
    r"(?P<rest>.+)"
)
_WEEKDAYS = ("må", "ti", "on", "to", "fr", "lö", "sö")
#: A day, and after it a time of day that ``clocks.time_of`` is to judge. RE2 can run it too.
DAY_AND_CLOCK = (
    r"(?P<day>.*?\d.*?)(?:,? |t)"
    r"(?P<clock>(?:(?:mellan|från) )?(?:(?:kl|klockan)\.? ?)?\d{1,2}(?:[:.h]?\d{2}){0,2}(?:[.,]\d{1,9})?"
    r"(?: ?[ap]\.?m\.?)?(?: ?(?:-|till|och) ?(?:(?:kl|klockan)\.? ?)?\d{1,2}(?:[:.h]?\d{2}){0,2}(?: ?[ap]\.?m\.?)?)?)"
)  # fmt: skip
_DAY_AND_CLOCK = re.compile(DAY_AND_CLOCK, re.ASCII)
_CLOCK = r"\d:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
#: West of Greenwich only in full ISO form: 22:30-02:00 is a span in Swedish.
_ZONED = re.compile(
    rf"(.*{_CLOCK}(?= ?[z+ug])|\d{{4}}-\d{{2}}-\d{{2}}t\d{_CLOCK}) ?(z|utc|gmt|[+-]\d{{2}}(?::?\d{{2}})?)", re.ASCII
)
_ROUGH = re.compile(
    r"(.+?),? \(?(?:(?:på|under) )?"
    rf"(?:{'|'.join(map(re.escape, sorted(DAY_PARTS)))}|(?:kl\.? )?{ROUGHLY} ?(?:kl\.? ?)?\d.*)\)?"
)  # fmt: skip


def _moment(text: str, custom: Custom) -> Written | None:
    """A period, a day, or a day with a time of day; None when the text has no such form."""
    if match := _ZONED.fullmatch(text):
        return _zoned(match[1], match[2], custom)
    found = period(text, custom)
    if found:
        return found
    if (match := _DAY_AND_CLOCK.fullmatch(text)) and (day := period(match["day"], custom)):
        return on_day(day, match["clock"])
    if match := _ROUGH.fullmatch(text):
        # The hour is not known but the day is: what the row says is kept, and nothing is guessed.
        day = period(match[1], custom)
        return day if day and (day.precision == "day" or day.problem) else None
    return None


def on_day(day: Written, clock: str) -> Written | None:
    """A time of day on a day; None when the one is no single day or the other no time of day at all."""
    if day.problem:
        return day if day.problem != NO_YEAR or not clock.isdigit() else None
    if day.precision != "day" or day.first is None:
        return None
    told = time_of(clock)
    if told.problem:
        return None if told.problem in {NO_CLOCK, ROUGH} else Written(problem=told.problem)
    until = told.seconds if np.isnan(told.until) else told.until
    try:
        first, last = (day.first + timedelta(seconds=seconds) for seconds in (told.seconds, until))
    except OverflowError:  # 24:00 on the calendar's last day
        return Written(problem=IMPLAUSIBLE)
    return Written(first, last, "minute", noughts=told.seconds == 0 and until == 0)


def _zoned(text: str, zone: str, custom: Custom) -> Written | None:
    found = _moment(text, custom)
    if not found or found.precision != "minute" or not found.first or not found.last:
        return found
    offset = "+00:00" if zone[0] not in "+-" else f"{zone[:3]}:{zone[3:].strip(':') or '00'}"
    try:
        local = [
            datetime.fromisoformat(f"{moment.isoformat()}{offset}").astimezone(SWEDEN).replace(tzinfo=None)
            for moment in (found.first, found.last)
        ]
    except (ValueError, OverflowError):  # an offset of more than a day; the calendar's last day
        return Written(problem=UNREADABLE)
    return Written(local[0], local[1], "minute")


def period(text: str, custom: Custom) -> Written | None:
    """One day or one longer period, without a time of day; None when the text has no such form."""
    lead = _LEAD.fullmatch(text)
    if lead is None:
        return None
    for pattern, meaning in _FORMS:
        match = pattern.fullmatch(lead["rest"])
        found = meaning(match.groups(), custom) if match else None
        if found:
            return _on_weekday(found, lead["weekday"])
    return None


def _on_weekday(found: Written, weekday: str | None) -> Written:
    if not weekday or not found.first or found.precision != "day":
        return found
    right = _WEEKDAYS[found.first.weekday()] == weekday[:2]
    return found if right else Written(problem=_WEEKDAY)


# The forms -----------------------------------------------------------------------------------------------------------


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def between(first: date, last: date, precision: str) -> Written:
    """Whole days, both included."""
    return Written(datetime.combine(first, time()), datetime.combine(last, time(23, 59, 59)), precision)


def _on(year: int, month: int, day: int) -> Written:
    found = _date(year, month, day)
    return between(found, found, "day") if found else Written(problem=NOT_IN_CALENDAR)


def _of(period: dict[str, Any], precision: str = "") -> Written:
    first, last = period["period_start"].date(), period["period_end"].date()
    return between(first, last, precision or period["period_type"])


def _known_year(year: int) -> bool:
    return 1000 <= year <= 9998


def _ymd(groups: Groups, _: Custom) -> Written:
    return _on(int(groups[0]), int(groups[2]), int(groups[3]))


def _digits(groups: Groups, _: Custom) -> Written:
    return _on(*map(int, groups))


def _three(groups: Groups, custom: Custom) -> Written:
    days = orders_of((groups[0], groups[2], groups[3]), custom)
    day = days.get(custom.order) or (next(iter(days.values())) if len(set(days.values())) == 1 else None)
    if day:
        return between(day, day, "day")
    return Written(problem=ANY_ORDER, ambiguous=True) if days else Written(problem=NOT_IN_CALENDAR)


def _day_month_year(groups: Groups, custom: Custom) -> Written:
    return _on(custom.year(groups[2]), int(groups[1]), int(groups[0]))


def _day_named_month(groups: Groups, custom: Custom) -> Written | None:
    month = _NAMED.get(groups[1])
    return _on(custom.year(groups[2]), month, int(groups[0])) if month else None


def _named_month_day(groups: Groups, custom: Custom) -> Written | None:
    return _day_named_month((groups[1], groups[0], groups[2]), custom)


def _week(groups: Groups, custom: Custom) -> Written:
    try:
        monday = date.fromisocalendar(custom.year(groups[0]), int(groups[1]), 1)
        return between(monday, monday + timedelta(days=6), "week")
    except (ValueError, OverflowError):
        return Written(problem=_NO_SUCH_WEEK)


def _week_day(groups: Groups, _: Custom) -> Written:
    try:
        found = date.fromisocalendar(*map(int, groups))
    except ValueError:
        return Written(problem=_NO_SUCH_WEEK)
    return between(found, found, "day")


def _month(year: int, month: int) -> Written:
    if not 1 <= month <= 12 or not _known_year(year):
        return Written(problem=NOT_IN_CALENDAR)
    return _of(month_period(year, month))


def _year_month(groups: Groups, _: Custom) -> Written | None:
    year, month = map(int, groups)
    if month > 12 and (year + 1) % 100 == month:
        return Written(problem=TWO_YEARS)
    return _month(year, month)


def _named_month(groups: Groups, custom: Custom) -> Written | None:
    month = _NAMED.get(groups[0])
    return _month(custom.year(groups[1]), month) if month else None


def _quarter(groups: Groups, custom: Custom) -> Written:
    year = custom.year(groups[0])
    return _of(quarter_period(year, int(groups[1]))) if _known_year(year) else Written(problem=IMPLAUSIBLE)


def _part(months: int) -> Callable[[Groups, Custom], Written]:
    """A part of the year of so many months: half-years and tertials, which municipalities follow up by."""

    def meaning(groups: Groups, custom: Custom) -> Written:
        year, number = custom.year(groups[0]), {"första": 1, "andra": 2}.get(groups[1]) or int(groups[1])
        first, last = _month(year, (number - 1) * months + 1), _month(year, number * months)
        return replace(first, last=last.last)

    return meaning


def _term(groups: Groups, custom: Custom) -> Written:
    """A term, cut where the school year is (frames.school_year_period): 1 January – 30 June, 1 July – 31 December."""
    year = custom.year(groups[0])
    if not _known_year(year):
        return Written(problem=IMPLAUSIBLE)
    spring = groups[1].startswith("v")
    first, last = (date(year, 1, 1), date(year, 6, 30)) if spring else (date(year, 7, 1), date(year, 12, 31))
    return between(first, last, "term")


def _school_year(groups: Groups, custom: Custom) -> Written | None:
    year = custom.year(groups[0])
    if not _known_year(year) or (year + 1) % 10 ** len(groups[1]) != int(groups[1]):
        return None
    return _of(school_year_period(year))


def _bare_school_year(groups: Groups, custom: Custom) -> Written | None:
    """24/25, which can be no day; 11/12 can."""
    return _school_year(groups, custom) if int(groups[0]) > 12 and int(groups[1]) > 12 else None


def _year(groups: Groups, _: Custom) -> Written:
    year = int(groups[0])
    return _of(year_period(year)) if _known_year(year) else Written(problem=IMPLAUSIBLE)


def _year_span(groups: Groups, _: Custom) -> Written | None:
    """2021-2023. Two years in a row may be meant as a school year."""
    first, last = map(int, groups)
    if not (_known_year(first) and _known_year(last)):
        return None
    if last == first + 1:
        return Written(problem=TWO_YEARS)
    return between(date(first, 1, 1), date(last, 12, 31), "year") if first < last else Written(problem=BACKWARDS)


def _yearless(groups: Groups, _: Custom) -> Written | None:
    known = all(group in _NAMED for group in groups)
    return Written(problem=NO_YEAR) if known else None


def _yearless_figures(groups: Groups, _: Custom) -> Written | None:
    low, high = sorted(map(int, groups))
    return Written(problem=NO_YEAR) if 1 <= low <= 12 and 1 <= high <= 31 else None


_NAMED = {
    **{name: number for number, name in enumerate(MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(MONTHS, 1)},
    "sept": 9, "january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "august": 8, "october": 10,
    "oct": 10,
}  # fmt: skip

_Y = r"'?(\d{4}|\d{2})"
_V = r"(?:v|vecka|veckan|week|w)\.? ?"
_Q = r"(?:kv|kvartal|k|q)\.? ?([1-4])"
_T = r"(vt|ht|vårterminen|höstterminen|vårtermin|hösttermin)"
_M = r"([a-z]{3,9})\.?"


def _swapped(meaning: Callable[[Groups, Custom], Written | None]) -> Callable[[Groups, Custom], Written | None]:
    return lambda groups, custom: meaning((groups[1], groups[0]), custom)


#: Patterns in the order in which they are tried, each with what it means; None goes on to the next.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[Groups, Custom], Written | None]], ...] = tuple(
    (re.compile(pattern, re.ASCII), meaning)
    for pattern, meaning in (
        (r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})", _ymd),
        (r"(\d{4})(\d{2})(\d{2})", _digits),
        (r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", _three),
        # With the year set apart it is written the Swedish way, the day first: 4/3 2025, 4/3-25.
        (rf"(\d{{1,2}})[/.](\d{{1,2}})[-, ]{{1,3}}{_Y}", _day_month_year),
        (rf"(\d{{1,2}})(?::?[ea]|\.)?[- ]?{_M}[-, ]{{0,3}}{_Y}", _day_named_month),
        (rf"{_M} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})", _named_month_day),
        (rf"{_V}(\d{{1,2}})[-, /]{{1,3}}(?:år )?(\d{{4}})", _swapped(_week)),
        (rf"(\d{{4}})[-, ]{{0,3}}{_V}(\d{{1,2}})", _week),
        (rf"{_V}(\d{{2}})(\d{{2}})", _week),
        (r"(\d{4})-?w(\d{2})-?([1-7])", _week_day),
        (rf"{_M}[-, ]{{0,3}}{_Y}", _named_month),
        (rf"(\d{{4}})[-, ]{{0,2}}{_M}", _swapped(_named_month)),
        (r"(?:läsåret|läsår|lå|skolåret|skolår)[ .:]{0,2}(\d{4}|\d{2}) ?[-/] ?(\d{4}|\d{2})", _school_year),
        (r"(\d{4})/(\d{4}|\d{2})", _school_year),
        (r"(\d{2})/(\d{2})", _bare_school_year),
        (r"(\d{4})[-/m](\d{1,2})", _year_month),
        (r"(\d{1,2})[-/](\d{4})", _swapped(_year_month)),
        (rf"(\d{{4}})[-, /]{{0,2}}{_Q}", _quarter),
        (rf"{_Q}[-, /]{{1,3}}{_Y}", _swapped(_quarter)),
        (r"([1-4]):?[ae]? kvartalet,? (\d{4})", _swapped(_quarter)),
        (r"(\d{4})[-, ]{0,2}(?:tertial|t)\.? ?([1-3])", _part(4)),
        (r"(?:tertial|t)\.? ?([1-3])[-, ]{1,3}(\d{4})", _swapped(_part(4))),
        (r"(?:halvår|h)\.? ?([12])[-, ]{1,3}(\d{4})", _swapped(_part(6))),
        (r"(\d{4})[-, ]{0,2}(?:halvår|h)\.? ?([12])", _part(6)),
        (r"(första|andra) halvåret,? (\d{4})", _swapped(_part(6))),
        (rf"{_T}[-, ]{{0,3}}{_Y}", _swapped(_term)),
        (rf"(\d{{4}}|\d{{2}})[-, ]{{0,2}}{_T}", _term),
        (r"(?:(?:helåret|helår|året|år) )?(\d{4})", _year),
        (r"(\d{4}) ?(?:-|till) ?(\d{4})", _year_span),
        (r"(\d{1,2})/(\d{1,2})\.?", _yearless_figures),
        (rf"\d{{1,2}}(?::?[ea]|\.)? ?{_M}", _yearless),
        (_M, _yearless),
        (rf"{_V}\d{{1,2}}", _yearless),
        (_Q, lambda groups, custom: Written(problem=NO_YEAR)),
    )
)  # fmt: skip


# Spans ---------------------------------------------------------------------------------------------------------------

_TO = re.compile(r" ?(?:till och med|till|t\.? ?o\.? ?m\.?|--|-|/) ?")
#: A span has a year or words in it; what has only figures and hyphens is a number of something.
_MAY_BE_SPAN = re.compile(r"(?=.*[-/]|.*t)(?=.*(?:\b(?:19|20)\d{2}|[a-z]{3}| - ))[^_]{5,60}", re.ASCII)
_MOST_SEPARATORS = 6


def _span(text: str, custom: Custom) -> Written | None:
    if not _MAY_BE_SPAN.fullmatch(text):
        return None
    bare = re.sub(r"^(?:från|mellan|fr\.? ?o\.? ?m\.?) ", "", text)
    separators = list(_TO.finditer(bare))[:_MOST_SEPARATORS]
    loose = [separator for separator in separators if separator[0] not in {"-", "/"}]
    for separator in loose or separators:
        found = _halves(bare[: separator.start()], bare[separator.end() :], bool(loose), custom)
        if found:
            return found
    return None


def _halves(left: str, right: str, loose: bool, custom: Custom) -> Written | None:
    if not left or not right or not (_moment(left, custom) or _moment(right, custom)):
        return None
    for first, last in _completed(left, right, loose=loose):
        found = _joined(_moment(first, custom), _moment(last, custom))
        if found:
            return found
    return None


def _completed(left: str, right: str, *, loose: bool) -> Iterator[tuple[str, str]]:
    """The two ends of a span, each with what only the other end says: «1» and «3 mars 2025», «v. 12» and «14 2025».

    ``loose``: the sign between them occurs in no date, so that an end may lack the beginning of a date as well.
    """
    ends = [right[at:] for at, sign in enumerate(right) if sign in " /"] if not re.match(r"\d{4}", right) else []
    delimiters = " .-" if loose else " "
    beginnings = [left[: at + 1] for at, sign in enumerate(left) if sign in delimiters][::-1]
    for beginning in ("", *beginnings[:4]):
        for end in ("", *ends[:4]):
            yield left + end, beginning + right


def _joined(first: Written | None, last: Written | None) -> Written | None:
    if first is None or last is None:
        return None
    ambiguous = first.ambiguous or last.ambiguous
    if ambiguous and all(part.ambiguous or part.first for part in (first, last)):
        return Written(problem=ANY_ORDER, ambiguous=True)
    if first.first is None or last.first is None or last.last is None:
        return None
    if first.precision != last.precision and {first.precision, last.precision} != {"minute", "day"}:
        return None
    if last.last < first.first:
        return Written(problem=BACKWARDS)
    return Written(first.first, last.last, max(first.precision, last.precision, key=PRECISIONS.index))
