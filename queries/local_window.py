"""The whole months that a source of events covers, and the periods that are counted back from the last of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from store.warehouse import Build, fetch

#: The months as they are written in the names of periods.
MONTHS = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")

#: A source whose newest event lies this near the end of a month is taken to cover the month.
_NEAR_THE_END = 7


@dataclass(frozen=True)
class Window:
    """The whole months that a source covers: first day of the first, last day of the last."""

    first: pd.Timestamp
    last: pd.Timestamp

    @property
    def months(self) -> int:
        """How many months there are."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def after(self) -> pd.Timestamp:
        """The day after the last."""
        return self.last + pd.Timedelta(days=1)

    def start(self, length: int, back: int) -> pd.Timestamp:
        """First day of the period of ``length`` months that is ``back`` such periods before the newest."""
        return self.after - pd.DateOffset(months=length * (back + 1))

    def label(self, length: int, back: int) -> str:
        """Its name: "2025", "2025 kv 4", "november 2025"; else its months, "nov 2024–okt 2025"."""
        first = max(self.start(length, back), self.first)
        last = self.start(length, back) + pd.DateOffset(months=length) - pd.Timedelta(days=1)
        whole = first == self.start(length, back)
        if whole and length == 12 and first.month == 1:
            return str(first.year)
        if whole and length == 3 and first.month % 3 == 1:
            return f"{first.year} kv {first.quarter}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{MONTHS[first.month - 1]} {first.year}"
        of = "" if first.year == last.year else f" {first.year}"
        return f"{MONTHS[first.month - 1]}{of}–{MONTHS[last.month - 1]} {last.year}"


def window(build: Build, source_id: str) -> Window | None:
    """The whole months that the source's events cover; None when there is not one."""
    rows = fetch(
        build,
        """
        SELECT min(coalesce(occurred_from, reported)) AS first, max(coalesce(occurred_from, reported)) AS last
        FROM event WHERE source_id = $source
        """,
        {"source": source_id},
    ).iloc[0]
    if pd.isna(rows["first"]):
        return None
    first, last = pd.Timestamp(rows["first"]).normalize(), pd.Timestamp(rows["last"]).normalize()
    end = last + pd.offsets.MonthEnd(0)
    if (end - last).days >= _NEAR_THE_END:
        end = last.replace(day=1) - pd.Timedelta(days=1)
    begin = first.replace(day=1)
    if first.day > _NEAR_THE_END:
        begin = begin + pd.DateOffset(months=1)
    return Window(begin, end) if begin < end else None
