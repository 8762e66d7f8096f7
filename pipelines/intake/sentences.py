"""Numbers and days in what the importer says to people, as Swedes write them."""

from __future__ import annotations

from datetime import date

from pipelines.frames import MONTHS


def number(count: int) -> str:
    """1234 -> "1 234", with a no-break space."""
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")


def rows(count: int) -> str:
    """1 -> "1 rad", 1234 -> "1 234 rader"."""
    return f"{number(count)} {'rad' if count == 1 else 'rader'}"


def day(moment: date) -> str:
    """A day or a time -> "4 mars 2025"."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def days(first: date, last: date) -> str:
    """A span of days: "4 mars 2025", "4–9 mars 2025", "4 mars–9 juni 2025", "4 mars 2024 – 9 juni 2025"."""
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day(first)
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]}–{day(last)}"
    return f"{first.day}–{day(last)}"
