"""Numbers and days in sentences, as Swedes write them."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.intake.sentences import days, number, rows


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2025, 3, 4), date(2025, 3, 4), "4 mars 2025"),
        (date(2025, 3, 4), date(2025, 3, 9), "4–9 mars 2025"),
        (date(2025, 3, 4), date(2025, 6, 9), "4 mars–9 juni 2025"),
        (date(2024, 12, 31), date(2025, 1, 1), "31 december 2024 – 1 januari 2025"),
        (date(2024, 3, 4), date(2025, 3, 4), "4 mars 2024 – 4 mars 2025"),
    ],
)
def test_a_span_of_days(first: date, last: date, said: str) -> None:
    assert days(first, last) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rader"), (1, "1 rad"), (999, "999 rader"), (1234567, "1 234 567 rader")]
)
def test_a_number_of_rows(count: int, said: str) -> None:
    assert rows(count).replace("\N{NO-BREAK SPACE}", " ") == said
    assert number(count) in rows(count)
