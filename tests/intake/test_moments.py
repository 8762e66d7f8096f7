"""Dates, times and periods in the forms that senders write, and what is left unread rather than guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake import moments
from pipelines.intake.cells import Cell

TODAY = date(2026, 6, 1)
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
WEEKDAYS = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")


def read(*cells: Any, **options: Any) -> moments.Moments:
    values = np.empty(len(cells), dtype=object)
    values[:] = cells
    return moments.read(values, today=TODAY, **options)


def one(cell: Any, **options: Any) -> tuple[str, str, str]:
    """First and last as text, and the precision; beside a cell with another time of day, so that 00:00 is a time."""
    found = read(cell, "2025-01-01 12:00", **options)
    assert found.problem[0] == "", found.problem[0]
    return str(found.first[0]), str(found.last[0]), str(found.precision[0])


def problem(cell: Any, **options: Any) -> str:
    found = read(cell, **options)
    assert np.isnat(found.first[0])
    assert np.isnat(found.last[0])
    assert found.precision[0] == ""
    return str(found.problem[0])


@pytest.mark.parametrize(
    "cell",
    [
        "2025-03-04", "2025/03/04", "2025.03.04", "2025-3-4", "20250304", 20250304, "250304", 250304, "4/3 2025",
        "4/3-25",
        "4/3 -25", "04/03 2025", "4.3 2025", "4 mars 2025", "4 Mars 2025", "4 mar 2025", "4 mar. 2025", "4 mars, 2025",
        "4mars2025",
        "04-mar-2025", "4-mars-25", "4 mars 25", "den 4 mars 2025", "den 4:e mars 2025", "4:e mars 2025",
        "tis 4 mars 2025",
        "tisdag 4 mars 2025", "tisdagen den 4 mars 2025", "ti 4/3 2025", "Tis. 4/3-25", "March 4, 2025", "Mar 4 2025",
        "4 march 2025", "2025-W10-2", 45720, "45720", "2025\u201103\u201104", "\u200e2025-03-04",
        "4\u00a0mars\u20092025",
        date(2025, 3, 4), datetime.fromisoformat("2025-03-04T00:00:00"), "2025-03-04 kväll", "2025-03-04 ca 22.30",
        "4 mars 2025, på eftermiddagen",
    ],
    ids=repr,
)  # fmt: skip
def test_days(cell: Cell) -> None:
    assert one(cell) == ("2025-03-04T00:00:00", "2025-03-04T23:59:59", "day")


@pytest.mark.parametrize(
    "cell",
    [
        "2025-03-04 14:30", "2025-03-04T14:30", "2025-03-04t14:30", "2025-03-04 14:30:00", "2025-03-04 14:30:00.000",
        "2025-03-04 14.30",
        "2025-03-04 kl 14.30", "2025-03-04 kl. 14:30", "2025-03-04, kl 14.30", "2025-03-04 1430", "2025-03-04 kl 1430",
        "20250304 14:30",
        "4 mars 2025 kl 14.30", "den 4:e mars 2025 kl 14.30", "4/3 2025 14.30", "4/3-25 kl. 14.30",
        "tis 4 mars 2025 klockan 14.30",
        "March 4, 2025 2:30 PM", "2025-03-04 2:30 pm", "2025-03-04 02:30 p.m.", "2025-03-04T13:30:00Z",
        "2025-03-04T14:30:00+01:00",
        "2025-03-04 14:30:00 +01:00", "2025-03-04 14:30:00+01:00", "2025-03-04T08:30:00-05:00", "2025-03-04 13:30 UTC",
        "2025-03-04T14:30+0100",
        datetime.fromisoformat("2025-03-04T14:30:00"), datetime.fromisoformat("2025-03-04T14:29:59.999999"),
        45720 + 14.5 / 24, "45720,6041666667", "45720.60416667",
    ],
    ids=repr,
)  # fmt: skip
def test_moments(cell: Cell) -> None:
    assert one(cell) == ("2025-03-04T14:30:00", "2025-03-04T14:30:00", "minute")


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2025-03-04 14:30:15", "2025-03-04T14:30:15"), ("2025-03-04 14.30.15", "2025-03-04T14:30:15"),
        ("2025-07-04T12:30:00Z", "2025-07-04T14:30:00"), ("2025-12-31T23:30:00Z", "2026-01-01T00:30:00"),
        ("2026-08-22 9:48:12 +02:00", "2026-08-22T09:48:12"), ("2025-03-04 9:05", "2025-03-04T09:05:00"),
        ("2025-03-04 24:00", "2025-03-05T00:00:00"), ("2025-03-04 00:00", "2025-03-04T00:00:00"),
        ("2025-03-04 kl 9", "2025-03-04T09:00:00"), ("2025-03-04 12:15 AM", "2025-03-04T00:15:00"),
        (45720.604, "2025-03-04T14:29:46"),
    ],
)  # fmt: skip
def test_exact_moments(cell: Cell, moment: str) -> None:
    assert one(cell) == (moment, moment, "minute")


@pytest.mark.parametrize(
    ("cell", "first", "last", "precision"),
    [
        ("v. 12 2025", "2025-03-17", "2025-03-23", "week"), ("2025 v12", "2025-03-17", "2025-03-23", "week"),
        ("vecka 12, 2025", "2025-03-17", "2025-03-23", "week"), ("v 2512", "2025-03-17", "2025-03-23", "week"),
        ("2025-W12", "2025-03-17", "2025-03-23", "week"), ("2025v12", "2025-03-17", "2025-03-23", "week"),
        ("v.1 2025", "2024-12-30", "2025-01-05", "week"), ("v 53 2020", "2020-12-28", "2021-01-03", "week"),
        ("v 52 2025", "2025-12-22", "2025-12-28", "week"), ("v 1 2026", "2025-12-29", "2026-01-04", "week"),
        ("mars 2025", "2025-03-01", "2025-03-31", "month"), ("2025-03", "2025-03-01", "2025-03-31", "month"),
        ("mar-25", "2025-03-01", "2025-03-31", "month"), ("202503", "2025-03-01", "2025-03-31", "month"),
        (202502, "2025-02-01", "2025-02-28", "month"), ("feb 2024", "2024-02-01", "2024-02-29", "month"),
        ("2025M12", "2025-12-01", "2025-12-31", "month"), ("2025 maj", "2025-05-01", "2025-05-31", "month"),
        ("12/2025", "2025-12-01", "2025-12-31", "month"),
        ("2025 kv 2", "2025-04-01", "2025-06-30", "quarter"), ("2025K2", "2025-04-01", "2025-06-30", "quarter"),
        ("Q2 2025", "2025-04-01", "2025-06-30", "quarter"), ("kvartal 4 2025", "2025-10-01", "2025-12-31", "quarter"),
        ("1:a kvartalet 2025", "2025-01-01", "2025-03-31", "quarter"),
        ("VT 2025", "2025-01-01", "2025-06-30", "term"), ("HT25", "2025-07-01", "2025-12-31", "term"),
        ("vårterminen 2025", "2025-01-01", "2025-06-30", "term"), ("2025 ht", "2025-07-01", "2025-12-31", "term"),
        ("2024/25", "2024-07-01", "2025-06-30", "school_year"),
        ("2024/2025", "2024-07-01", "2025-06-30", "school_year"),
        ("läsåret 24/25", "2024-07-01", "2025-06-30", "school_year"),
        ("24/25", "2024-07-01", "2025-06-30", "school_year"),
        ("läsår 2024-2025", "2024-07-01", "2025-06-30", "school_year"),
        ("1999/2000", "1999-07-01", "2000-06-30", "school_year"),
        ("2025", "2025-01-01", "2025-12-31", "year"), (2025, "2025-01-01", "2025-12-31", "year"),
        ("år 2025", "2025-01-01", "2025-12-31", "year"), (1996, "1996-01-01", "1996-12-31", "year"),
        ("tertial 1 2025", "2025-01-01", "2025-04-30", "month"), ("T3 2025", "2025-09-01", "2025-12-31", "month"),
        ("första halvåret 2025", "2025-01-01", "2025-06-30", "month"),
        ("1–3 mars 2025", "2025-03-01", "2025-03-03", "day"),
        ("28 feb – 3 mars 2025", "2025-02-28", "2025-03-03", "day"),
        ("2025-03-01 - 2025-03-03", "2025-03-01", "2025-03-03", "day"),
        ("2025-03-01--03", "2025-03-01", "2025-03-03", "day"),
        ("2025-03-01–2025-03-03", "2025-03-01", "2025-03-03", "day"),
        ("2025-03-01 till 03-03", "2025-03-01", "2025-03-03", "day"),
        ("4/3–6/3 2025", "2025-03-04", "2025-03-06", "day"), ("4-6/3 2025", "2025-03-04", "2025-03-06", "day"),
        ("4/3 2025 - 6/3 2025", "2025-03-04", "2025-03-06", "day"),
        ("20250301-20250303", "2025-03-01", "2025-03-03", "day"),
        ("2025-03-01/2025-03-03", "2025-03-01", "2025-03-03", "day"),
        ("30 dec 2024 - 2 jan 2025", "2024-12-30", "2025-01-02", "day"),
        ("v. 12–14 2025", "2025-03-17", "2025-04-06", "week"), ("2025 v 12-14", "2025-03-17", "2025-04-06", "week"),
        ("jan–mars 2025", "2025-01-01", "2025-03-31", "month"), ("kv 1-2 2025", "2025-01-01", "2025-06-30", "quarter"),
        ("2021–2023", "2021-01-01", "2023-12-31", "year"),
        ("från 1 mars till 3 mars 2025", "2025-03-01", "2025-03-03", "day"),
    ],
)  # fmt: skip
def test_periods(cell: Cell, first: str, last: str, precision: str) -> None:
    assert one(cell) == (f"{first}T00:00:00", f"{last}T23:59:59", precision)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2025-03-04 kl. 14.30–16.00", "2025-03-04T14:30:00", "2025-03-04T16:00:00"),
        ("2025-03-04 22:30-02:00", "2025-03-04T22:30:00", "2025-03-05T02:00:00"),
        ("2025-03-04 22-23", "2025-03-04T22:00:00", "2025-03-04T23:00:00"),
        ("2025-03-01 22:00 till 2025-03-02 06:30", "2025-03-01T22:00:00", "2025-03-02T06:30:00"),
        ("2025-03-01 22:00 - 2025-03-02 06:30", "2025-03-01T22:00:00", "2025-03-02T06:30:00"),
        ("2025-03-01 22:00 – 06:30", "2025-03-01T22:00:00", "2025-03-02T06:30:00"),
        ("4 mars 2025 mellan kl. 14 och 16", "2025-03-04T14:00:00", "2025-03-04T16:00:00"),
        ("den 4 mars 2025 kl 22 till den 5 mars 2025 kl 02", "2025-03-04T22:00:00", "2025-03-05T02:00:00"),
    ],
)
def test_spans_of_hours(cell: str, first: str, last: str) -> None:
    assert one(cell) == (first, last, "minute")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("4 mars", "Året saknas."), ("4/3", "Året saknas."), ("v. 12", "Året saknas."), ("mars", "Året saknas."),
        ("kv 2", "Året saknas."), ("4/3 14.30", "Året saknas."), ("4 mars kl 14.30", "Året saknas."),
        ("11/12", "Året saknas."),
        ("okänt", "Ingen tid angiven."), ("-", "Ingen tid angiven."), ("–", "Ingen tid angiven."),
        ("Uppgift saknas", "Ingen tid angiven."), ("N/A", "Ingen tid angiven."), ("?", "Ingen tid angiven."),
        ("9999-12-31", "orimlig"), ("1900-01-01", "orimlig"), (date(9999, 12, 31), "orimlig"),
        (datetime.fromisoformat("1899-12-31T00:00:00"), "orimlig"),
        ("2029-01-01", "orimlig"), ("31/12 1949", "orimlig"), (2040, "orimlig"), ("9999", "orimlig"),
        ("v 12 9999", "orimlig"), ("9999-12-31 24:00", "orimlig"), ("9999-12-31T24:00Z", "orimlig"),
        ("2025-02-30", "kalendern"), ("30/2 2025", "kalendern"), ("31/13/2025", "kalendern"), ("2025-13", "kalendern"),
        ("20250230", "kalendern"), ("2023-02-29 12:00", "kalendern"), ("0000-00-00", "kalendern"),
        ("v 53 2021", "Veckan finns inte"), ("v 54 2020", "Veckan finns inte"),
        ("2025-03-04 25:00", "Klockslaget finns inte"),
        ("2025-03-04 24:01", "Klockslaget finns inte"), ("2025-03-04 14:60", "Klockslaget finns inte"),
        ("2025-03-04 natt", "Natten"), ("natten 4 mars 2025", "Natten"), ("ons 4 mars 2025", "Veckodagen"),
        ("2025-03-05 - 2025-03-01", "Slutet"), ("2024-2025", "läsår"), ("2024-25", "läsår"), ("201103", "mars 2011"),
        (time(14, 30), "utan datum"), (timedelta(hours=3), "utan datum"), ("14:30", "Går inte"), ("hej", "Går inte"),
        ("5000-K123456-25", "Går inte"), ("070-123 45 67", "Går inte"), ("198503041430", "Går inte"),
        ("19850304-1430", "Går inte"),
        ("=1+1", "Går inte"), ("2025-03-04 hej", "Går inte"), ("x" * 1_000_000, "Går inte"),
        ("2025-03-04 " * 7, "Går inte"),
        (-5, "Går inte"), (0, "Går inte"), (12, "Går inte"), (1e300, "Går inte"), (10**400, "Går inte"),
        (61_000, "Går inte"),
        (2025.5, "Går inte"), ("٢٠٢٥-٠٣-٠٤", "Går inte"), ("2025-03-04\x0014:30", "Går inte"), ("\ud800", "Går inte"),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_what_cannot_be_read_has_a_reason(cell: Cell, said: str) -> None:
    assert said in problem(cell)


@pytest.mark.parametrize(
    ("cell", "dmy", "mdy"),
    [
        ("3/4/2025", "2025-04-03", "2025-03-04"), ("03.04.2025", "2025-04-03", "2025-03-04"),
        ("3-4-2025", "2025-04-03", "2025-03-04"), ("3/4/25", "2025-04-03", "2025-03-04"),
        ("3.4.25", "2025-04-03", "2025-03-04"), ("3/4/2025 2:30 PM", "2025-04-03", "2025-03-04"),
        ("03/04/2025 kl 14.30", "2025-04-03", "2025-03-04"), ("25/3/2025", "2025-03-25", "2025-03-25"),
        ("3/25/2025", "2025-03-25", "2025-03-25"), ("3/3/2025", "2025-03-03", "2025-03-03"),
        ("2025-03-04", "2025-03-04", "2025-03-04"), ("4/3 2025", "2025-03-04", "2025-03-04"),
        ("25-03-29", "2025-03-29", "2025-03-29"),
    ],
)  # fmt: skip
def test_the_order_decides_what_figures_mean(cell: str, dmy: str, mdy: str) -> None:
    assert [one(cell, order=order)[0][:10] for order in ("dmy", "mdy")] == [dmy, mdy]
    untold = read(cell)
    assert untold.ambiguous[0] == np.isnat(untold.first[0]) == (dmy != mdy)
    assert bool(untold.problem[0]) == (dmy != mdy)


def test_short_dates_with_the_year_first_need_their_order() -> None:
    assert read("25-03-04").ambiguous.tolist() == [True]
    assert one("25-03-04", order="ymd")[0] == "2025-03-04T00:00:00"
    assert one("25-03-04", order="dmy")[0] == "2004-03-25T00:00:00"


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2025", "25/3/2025"], "dmy"), (["3/4/2025", "3/25/2025"], "mdy"), (["3/4/2025", "5/6/2025"], ""),
        (["25/3/2025", "3/25/2025"], ""), (["04.03.25", "13.03.25 14:30"], ""), (["04.03.25", "31.03.25"], "dmy"),
        (["25-03-04", "25-03-31"], "ymd"), (["2025-03-04"], ""), (["4/3 2025", "25/3 2025"], ""), ([], ""),
        ([45720, None], ""),
        (["3/25/2025 2:30 PM"], "mdy"), (["tis 25/3/2025"], "dmy"), (["1.2.3", "25.3-2025"], ""), (["31/31/2025"], ""),
    ],
)  # fmt: skip
def test_the_order_that_the_cells_tell(cells: list[Any], order: str) -> None:
    assert moments.order_of(np.array(cells, dtype=object)) == order


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["201103", "200311"], ["?", "?"]),
        (["201103", "201213"], ["2020-11-03", "2020-12-13"]),
        (["201103", "202503"], ["2011-03-01", "2025-03-01"]),
        (["201103", "250304"], ["2020-11-03", "2025-03-04"]),
        ([202501, 202512], ["2025-01-01", "2025-12-01"]),
        ([202501, 202513], ["2025-01-01", "?"]),
        ([202501, 202513, 202552], ["2024-12-30", "2025-03-24", "2025-12-22"]),
        (["050304", "250304"], ["2005-03-04", "2025-03-04"]),
    ],
)
def test_six_figures_are_read_as_the_whole_column_allows(cells: list[Any], expected: list[str]) -> None:
    found = read(*cells)
    shown = ["?" if np.isnat(first) else str(first)[:10] for first in found.first]
    assert shown == expected


@pytest.mark.parametrize(
    ("serial", "epoch", "day"),
    [
        (45720, 1900, "2025-03-04"), (44258, 1904, "2025-03-04"), (36526, 1900, "2000-01-01"),
        (25569, 1900, "1970-01-01"),
        (35064, 1904, "2000-01-01"),
    ],
)  # fmt: skip
def test_days_of_both_of_excels_epochs(serial: int, epoch: int, day: str) -> None:
    assert one(serial, epoch=epoch)[0] == f"{day}T00:00:00"
    assert one(serial + 0.25, epoch=epoch)[0] == f"{day}T06:00:00"


def test_midnight_in_every_cell_is_no_time_of_day() -> None:
    dates = read("2025-03-04 00:00:00", "2025-03-05 00:00")
    assert dates.precision.tolist() == ["day", "day"]
    assert str(dates.last[1]) == "2025-03-05T23:59:59"
    assert read("2025-03-04 00:00", "2025-03-05 00:01").precision.tolist() == ["minute", "minute"]
    assert read("2025-03-04 24:00").precision.tolist() == ["minute"]


# Any moment in any form ----------------------------------------------------------------------------------------------

moment_forms = {
    "iso": lambda m: f"{m:%Y-%m-%d %H:%M}",
    "iso t": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}",
    "words": lambda m: f"{m.day} {MONTHS[m.month - 1]} {m.year} kl {m:%H.%M}",
    "formal": lambda m: f"{WEEKDAYS[m.weekday()]}dagen den {m.day}:e {MONTHS[m.month - 1]} {m.year} klockan {m:%H.%M}",
    "slash": lambda m: f"{m.day}/{m.month} {m.year} {m:%H:%M}",
    "short": lambda m: f"{m.day}/{m.month}-{m:%y %H.%M}",
    "compact": lambda m: f"{m:%Y%m%d %H%M}",
    "american": lambda m: f"{m.month}/{m.day}/{m.year} {m:%I:%M %p}",
    "utc": lambda m: f"{m.replace(tzinfo=ZoneInfo('Europe/Stockholm')).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    "typed": lambda m: m,
    "serial": lambda m: (m - datetime.fromisoformat("1899-12-30T00:00:00")) / timedelta(days=1),
}
day_forms = {
    "iso": lambda d: d.isoformat(),
    "compact": lambda d: f"{d:%Y%m%d}",
    "words": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "abbreviated": lambda d: f"{d.day} {MONTHS[d.month - 1][:3]} {d.year}",
    "weekday": lambda d: f"{WEEKDAYS[d.weekday()]} {d.day} {MONTHS[d.month - 1]} {d.year}",
    "slash": lambda d: f"{d.day}/{d.month} {d.year}",
    "short": lambda d: f"{d.day}/{d.month}-{d:%y}",
    "american": lambda d: f"{d:%m/%d/%Y}",
    "typed": lambda d: d,
    "serial": lambda d: (d - date(1899, 12, 30)).days,
}
#: Of each of the many forms; together they are hundreds.
FEW = settings(max_examples=25)

days = st.dates(date(1990, 1, 1), date(2026, 12, 31))
# The hour that the clock is turned back comes twice and has two names in UTC.
times = st.times().map(lambda t: t.replace(second=0, microsecond=0)).filter(lambda t: t.hour not in (0, 2))


@pytest.mark.parametrize("form", moment_forms)
@FEW
@given(day=days, clock=times)
def test_any_moment_in_any_form_is_read_back(form: str, day: date, clock: time) -> None:
    moment = datetime.combine(day, clock)
    assert one(moment_forms[form](moment), order="mdy") == (moment.isoformat(), moment.isoformat(), "minute")


@pytest.mark.parametrize("form", day_forms)
@FEW
@given(day=days)
def test_any_day_in_any_form_is_read_back(form: str, day: date) -> None:
    assert one(day_forms[form](day), order="mdy") == (f"{day}T00:00:00", f"{day}T23:59:59", "day")


@pytest.mark.parametrize("form", ["v. {1} {0}", "{0} v{1}", "vecka {1}, {0}", "{0}-W{1:02}"])
@FEW
@given(day=days)
def test_any_week_is_that_of_the_iso_calendar(form: str, day: date) -> None:
    year, week, _ = day.isocalendar()
    monday = date.fromisocalendar(year, week, 1)
    assert one(form.format(year, week)) == (f"{monday}T00:00:00", f"{monday + timedelta(6)}T23:59:59", "week")


@FEW
@given(first=days, length=st.integers(1, 400), clock=times, form=st.sampled_from(["{} - {}", "{}–{}", "{} till {}"]))
def test_any_span_is_read_back(first: date, length: int, clock: time, form: str) -> None:
    last = first + timedelta(days=length)
    if last <= date(2026, 12, 31):
        assert one(form.format(first, last)) == (f"{first}T00:00:00", f"{last}T23:59:59", "day")
        ends = [f"{day} {clock:%H:%M}" for day in (first, last)]
        expected = [datetime.combine(day, clock).isoformat() for day in (first, last)]
        assert one(form.format(*ends)) == (*expected, "minute")


@FEW
@given(days, st.sampled_from(["week", "month", "quarter", "term", "school_year", "year", "day"]))
def test_labels_are_read_back(day: date, precision: str) -> None:
    label = moments.label(np.datetime64(day), np.datetime64(day), precision)
    first, last, read_as = one(label)
    assert first[:10] <= day.isoformat() <= last[:10]
    assert read_as == precision
    assert moments.label(first, last, precision) == label


@pytest.mark.parametrize(
    ("first", "last", "precision", "label"),
    [
        ("2025-03-04T14:30", "2025-03-04T14:30", "minute", "2025-03-04 14:30"),
        ("2025-03-04T14:30", "2025-03-04T16:00", "minute", "2025-03-04 14:30–16:00"),
        ("2025-03-01T22:00", "2025-03-02T06:30", "minute", "2025-03-01 22:00–2025-03-02 06:30"),
        ("2025-03-04", "2025-03-04T23:59:59", "day", "2025-03-04"),
        ("2025-03-01", "2025-03-03T23:59:59", "day", "2025-03-01–2025-03-03"),
        ("2024-12-30", "2025-01-05T23:59:59", "week", "v. 1 2025"),
        ("2025-01-01", "2025-03-31T23:59:59", "month", "januari 2025–mars 2025"),
        ("2025-04-01", "2025-06-30T23:59:59", "quarter", "2025 kv 2"),
        ("2025-07-01", "2025-12-31T23:59:59", "term", "HT 2025"),
        ("2024-07-01", "2025-06-30T23:59:59", "school_year", "2024/25"),
        ("2025-01-01", "2025-12-31T23:59:59", "year", "2025"),
    ],
)
def test_labels(first: str, last: str, precision: str, label: str) -> None:
    assert moments.label(np.datetime64(first), np.datetime64(last), precision) == label


cells = (
    st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.datetimes() | st.dates()
    | st.times()
    | st.timedeltas()
    | st.from_regex(r"[vkh]?\.? ?\d{1,4}[-/. ]\d{1,2}[-/. :]\d{1,4}( - \d{1,2}.\d\d)?", fullmatch=True)
)  # fmt: skip


@given(st.lists(cells), st.sampled_from(["", "dmy", "mdy", "ymd"]))
def test_any_cell_is_a_time_or_has_a_reason(values: list[Any], order: str) -> None:
    found = read(*values, order=order)
    unread = np.isnat(found.first)
    assert (unread == np.isnat(found.last)).all()
    assert (unread == (found.problem != "")).all()
    assert (unread == (found.precision == "")).all()
    assert (found.first[~unread] <= found.last[~unread]).all()
    assert not (found.ambiguous & ~unread).any()


@given(
    st.lists(
        st.sampled_from(
            [form(datetime.fromisoformat("2025-03-25T14:30:00")) for form in moment_forms.values()] + ["hej", 5]
        )
    )
)
def test_a_cell_is_read_the_same_among_any_others(values: list[Any]) -> None:
    found = read(*values)
    alone = [read(value) for value in values]
    assert found.problem.tolist() == [each.problem[0] for each in alone]
    assert found.first.tolist() == [each.first[0].item() for each in alone]
