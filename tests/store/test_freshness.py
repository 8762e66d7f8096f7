"""A source is as fresh as its newest figure, whenever the file came."""

from __future__ import annotations

from datetime import date

import pytest

from store.freshness import overdue

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("newest", "delivered", "update_days", "expected"),
    [
        (date(2026, 8, 6), date(2026, 11, 23), 1, True),
        (date(2026, 11, 22), date(2026, 11, 23), 1, False),
        (date(2025, 12, 31), date(2026, 11, 23), 365, False),
        (date(2024, 12, 31), date(2026, 11, 23), 365, True),
        (None, date(2026, 11, 1), 1825, False),
        (None, date(2020, 1, 1), 1825, True),
        (None, None, 1, False),
    ],
    ids=[
        "old events in a new file", "yesterday", "last year", "the year before", "areas", "old areas", "nothing came",
    ],
)  # fmt: skip
def test_overdue(newest: date | None, delivered: date | None, update_days: int, expected: bool) -> None:
    assert overdue(newest, delivered, TODAY, update_days) is expected
