"""Times of day in a column of their own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.moments import clock

HALF_PAST_TWO = 14.5 * 3600


@pytest.mark.parametrize(
    "cell",
    [
        "14:30", "14.30", "14:30:00", "14.30.00", "kl 14.30", "kl. 14.30", "Kl 14:30", "klockan 14.30", "1430", 1430,
        "kl 1430",
        "2:30 PM", "02:30 pm", "2.30 p.m.", "14h30", time(14, 30), datetime.fromisoformat("1899-12-30T14:30:00"),
        timedelta(hours=14, minutes=30),
        "2025-03-04 14:30", 0.6041666667, "0,6041666667",
    ],
    ids=repr,
)  # fmt: skip
def test_half_past_two(cell: Any) -> None:
    read = clock([cell])
    assert (read.seconds[0], read.problem[0]) == (HALF_PAST_TWO, "")
    assert np.isnan(read.until[0])


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("kl 14", 14), ("9", 9), (9, 9), ("00:00", 0), ("24:00", 24), ("24.00", 24), ("12:15 am", 0.25), ("12 pm", 12),
        ("9:05", 9 + 5 / 60), ("930", 9.5), ("0930", 9.5), (0, 0), (time(0), 0), (date(1899, 12, 31), 0),
        (timedelta(days=1), 24),
    ],
)  # fmt: skip
def test_other_hours(cell: Any, hours: float) -> None:
    assert clock([cell]).seconds[0] == pytest.approx(hours * 3600)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("22:30–23:15", 22.5, 23.25), ("22-23", 22, 23), ("22–02", 22, 26), ("8-16.30", 8, 16.5), ("kl 8-16", 8, 16),
        ("kl. 22.00 - kl. 06.00", 22, 30), ("08:00 till 09:00", 8, 9), ("mellan 22 och 23", 22, 23),
        ("0930-1015", 9.5, 10.25),
        ("från 22 till 23", 22, 23), ("20:00–24:00", 20, 24),
    ],
)  # fmt: skip
def test_spans(cell: str, first: float, last: float) -> None:
    read = clock([cell])
    assert (read.seconds[0], read.until[0], read.problem[0]) == (first * 3600, last * 3600, "")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("kväll", "ungefärligt"), ("förmiddag", "ungefärligt"), ("på kvällen", "ungefärligt"),
        ("ca 14.30", "ungefärligt"),
        ("14.30 ca", "ungefärligt"), ("efter 22", "ungefärligt"), ("natt", "Natten"), ("okänt", "Inget klockslag"),
        ("-", "Inget klockslag"),
        ("25:00", "finns inte"), ("14:60", "finns inte"), ("24:01", "finns inte"), ("2460", "finns inte"),
        ("13:00 pm", "finns inte"),
        ("14-30", "finns inte"), (timedelta(hours=30), "finns inte"), (9999, "finns inte"), (10**400, "finns inte"),
        (date(2025, 3, 4), "datum"),
        ("hej", "Går inte"), (14.25, "Går inte"), (-1, "Går inte"), (47, "Går inte"), ("1" * 1000, "Går inte"),
        ("٤:٣٠", "Går inte"),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_what_cannot_be_read_has_a_reason(cell: Any, said: str) -> None:
    read = clock([cell])
    assert np.isnan([read.seconds[0], read.until[0]]).all()
    assert said in read.problem[0]


@pytest.mark.parametrize(
    ("cells", "hours"),
    [
        ([14, 9], [14, 9]),
        ([14, 1430], [None, 14.5]),  # 14.00 or 00.14
        ([5, 47, 1430], [5 / 60, 47 / 60, 14.5]),
        ([14, "0930"], [14, 9.5]),
        ([0, 0.5, 1], [0, 12, 24]),
        (["5", "1430", "59"], [5 / 60, 14.5, 59 / 60]),
        ([0, 1430], [0, 14.5]),
    ],
)
def test_bare_figures_mean_what_the_column_allows(cells: list[Any], hours: list[float | None]) -> None:
    found = [None if np.isnan(seconds) else seconds / 3600 for seconds in clock(cells).seconds]
    assert found == pytest.approx(hours)


forms = {
    "colon": lambda t: f"{t:%H:%M}",
    "seconds": lambda t: f"{t:%H:%M:00}",
    "point": lambda t: f"kl. {t.hour}.{t:%M}",
    "compact": lambda t: f"{t:%H%M}",
    "american": lambda t: f"{t:%I:%M %p}",
    "typed": lambda t: t,
    "fraction": lambda t: (t.hour * 60 + t.minute) / 1440,
}


@pytest.mark.parametrize("form", forms)
@given(st.times())
def test_any_time_in_any_form_is_read_back(form: str, moment: time) -> None:
    moment = moment.replace(second=0, microsecond=0)
    assert clock([forms[form](moment)]).seconds[0] == moment.hour * 3600 + moment.minute * 60


@given(st.lists(st.text() | st.integers() | st.floats(allow_nan=False) | st.times() | st.datetimes() | st.timedeltas()))
def test_any_cell_is_a_time_or_has_a_reason(cells: list[Any]) -> None:
    read = clock(cells)
    assert (np.isnan(read.seconds) == (read.problem != "")).all()
    assert (np.isnan(read.until) | (read.until >= read.seconds)).all()
    known = read.seconds[~np.isnan(read.seconds)]
    assert ((known >= 0) & (known <= 86_400)).all()
