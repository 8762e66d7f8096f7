"""Numbers and dates as Swedes write them. Missing values become a dash, never 0."""

from __future__ import annotations

import datetime
import math
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import pandas as pd
from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern

MISSING = "–"

_LOCALE = Locale.parse("sv_SE")
#: The zone that people's dates are in; times are kept in UTC.
SWEDEN = ZoneInfo("Europe/Stockholm")

#: The letters after z, in their order, as characters that come after z.
_LAST_LETTERS = str.maketrans("åäæöø", "{||}}")


@lru_cache(maxsize=16)
def _pattern(decimals: int) -> NumberPattern:
    # Parsing the pattern is most of what formatting a number costs; a page formats hundreds.
    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


def rounded(value: float | None, decimals: int) -> Decimal | None:
    """The value as shown, halves away from zero as in Swedish statistics; None where there is none."""
    if value is None or pd.isna(value) or not math.isfinite(value):
        return None
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def number(value: float | None, decimals: int = 0) -> str:
    """1234.5 -> "1 234,5" with ``decimals`` decimals and a no-break space between thousands."""
    shown = rounded(value, decimals)
    if shown is None:
        return MISSING
    # "or": no minus sign before a rounded zero. Babel leaves the pattern's hyphen, where Swedish has a minus sign.
    return str(_pattern(decimals).apply(shown or Decimal(0), _LOCALE)).replace("-", "\N{MINUS SIGN}")


def signed(value: float | None, decimals: int = 0) -> str:
    """As ``number``, with a plus sign before what is more than zero as shown."""
    shown, text = rounded(value, decimals), number(value, decimals)
    return f"+{text}" if shown is not None and shown > 0 else text


def percent(value: float | None, decimals: int = 0) -> str:
    """A value in per cent: 12.5 -> "12,5 %"."""
    text = number(value, decimals)
    return text if text == MISSING else f"{text}\u00a0%"


def date(value: datetime.date | None) -> str:
    """A date or a time -> "4 mars 2026"."""
    if value is None or pd.isna(value):
        return MISSING
    return format_date(value, "d MMMM y", locale=_LOCALE)


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day in Sweden of a time in UTC, whether or not it carries its zone."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return aware.astimezone(SWEDEN).date()


def today() -> datetime.date:
    """The day in Sweden."""
    return datetime.datetime.now(SWEDEN).date()


def alphabetical(text: str) -> str:
    """A key that sorts as the Swedish alphabet: å, ä and ö last, in that order; large letters and accents aside."""
    last = unicodedata.normalize("NFC", text).casefold().translate(_LAST_LETTERS)
    return "".join(letter for letter in unicodedata.normalize("NFKD", last) if not unicodedata.combining(letter))


def listing(words: Sequence[str]) -> str:
    """["a", "b", "c"] -> "a, b och c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} och {words[-1]}"


def span(lower: float | None, upper: float | None, decimals: int = 0) -> str:
    """Two limits: "6 841–9 391"; with "till" where a minus sign would meet the dash."""
    low, high = number(lower, decimals), number(upper, decimals)
    negative = any(limit is not None and limit < 0 for limit in (lower, upper))
    return f"{low} till {high}" if negative else f"{low}–{high}"


def capital(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """With a small first letter, to stand inside a sentence."""
    return text[:1].lower() + text[1:]
