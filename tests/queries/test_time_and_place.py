"""When and where events happen: cut as finely as can be shown, told in steps, with nothing small to be worked out."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.verdict import Verdict
from queries import local_events
from queries import time_and_place as asked_about
from queries import time_and_place_calendar as calendar
from queries import time_and_place_change as change
from queries import time_and_place_months as months
from queries import time_and_place_repeats as repeats
from queries import time_and_place_reports as reports
from queries import time_and_place_spots as spots
from queries import time_and_place_week as week
from queries.event_rows import in_steps
from store.settings import PROJECT
from store.warehouse import Build
from tests.attack import Attacker, Sum
from tests.queries.literal import Rows
from tests.queries.test_local_events import DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO, SOURCE, build_of

FIRST, LAST = pd.Timestamp(2024, 1, 1), pd.Timestamp(2025, 12, 31)
#: A point in Hallstavik, metres in SWEREF 99 TM.
EAST, NORTH = 700_400.0, 6_663_000.0


def happened(moment: str | pd.Timestamp, place: str | None = DESO_H, category: str = "Stöld", **more: Any) -> Rows:
    """One row, an event of its own unless told otherwise."""
    happened.number += 1  # type: ignore[attr-defined]
    start = pd.Timestamp(moment)
    return [{
        "source_id": SOURCE, "event_id": f"{happened.number:07d}", "category": category, "events": 1,  # type: ignore[attr-defined]
        "occurred_from": start, "occurred_to": start, "area_id": place,
        "placement": "placed" if place else "unplaced", **more,
    }]  # fmt: skip


happened.number = 0  # type: ignore[attr-defined]


def ends() -> Rows:
    """The days that make the source cover two whole years."""
    return [*happened(FIRST), *happened(LAST)]


def spread(number: int, seed: int, **more: Any) -> Rows:
    """Events at any minute of the two years."""
    minutes = np.random.default_rng(seed).integers(0, 731 * 24 * 60, number)
    return [row for minute in minutes for row in happened(FIRST + pd.Timedelta(minutes=int(minute)), **more)]


def fridays(number: int, **more: Any) -> Rows:
    """Events on Friday evenings, one a week."""
    first = pd.Timestamp(2024, 1, 5, 21)
    return [row for one in range(number) for row in happened(first + pd.Timedelta(weeks=one % 100), **more)]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Hallstavik has many events and a Friday evening of its own; Rimbo few, and a report of four."""
    rows = [*ends(), *spread(1200, 1), *fridays(90), *spread(30, 2, place=DESO_R), *spread(20, 3, place=None)]
    rows += [row for one in range(4) for row in happened(f"2025-03-0{one + 3} 12:00", DESO_R, "Rån")]
    return build_of(tmp_path_factory.mktemp("when"), rows)


def test_friday_evening_is_found_and_told_in_steps(build: Build) -> None:
    found = week.weekday_hours(build, HERE, SOURCE, HALLSTAVIK, "")
    assert found is not None
    assert (found.hours, found.step, found.reported) == (4, 5, False)
    assert found.events == 1290  # 1 292 in truth
    high = found.blocks[found.blocks["verdict"] == Verdict.HIGHER]
    assert high[["weekday", "hour", "until"]].to_numpy().tolist() == [[4, 20, 24]]
    assert (found.blocks["events"].dropna() % 5 == 0).all()
    assert found.blocks.loc[found.blocks["events"].isna(), "verdict"].isin(["", Verdict.HIGHER]).all()


@pytest.mark.parametrize(
    ("place", "category", "hours"),
    [(RIMBO, "", 0), (RIMBO, "Rån", 0), (HALLSTAVIK, "Stöld", 4), (HERE, "", 4)],
    ids=["few", "four", "category", "municipality"],
)
def test_the_cut_is_as_fine_as_the_events_are_many(build: Build, place: str, category: str, hours: int) -> None:
    found = week.weekday_hours(build, HERE, SOURCE, place, category)
    assert found is not None
    assert found.hours == hours
    assert found.blocks.empty == (hours == 0)


def test_nothing_there_is_nothing_to_show(build: Build) -> None:
    for question in (week.weekday_hours, calendar.season, calendar.weeks, spots.spots, spots.places, repeats.repeats,
                     reports.reports):  # fmt: skip
        assert question(build, HERE, SOURCE, f"{HERE}-vaddo", "") is None
        assert question(build, HERE, "unknown", HERE, "") is None


def test_a_span_is_spread_and_told_to_be_vague(tmp_path: Path) -> None:
    """Twenty thefts between Monday noon and Wednesday noon, and as many exact each day."""
    rows = [*ends(), *(r for one in range(140) for r in happened(f"2024-02-{one % 28 + 1:02d} 12:00"))]
    rows += happened("2024-03-04 12:00", events=20, occurred_to=pd.Timestamp("2024-03-06 12:00"))
    rows += happened(LAST, events=5)  # the year would be hidden
    found = week.weekday_hours(build_of(tmp_path, rows), HERE, SOURCE, HALLSTAVIK, "")
    assert found is not None
    assert found.hours == 24
    # Twenty a day of the 28 days' weekdays; half of the span's on Tuesday, a quarter each side.
    assert found.blocks["events"].tolist() == [25, 30, 30, 20, 20, 20, 20]
    assert found.vague == pytest.approx(22 / 167)  # 20–24 of 165–169


def test_the_year_shows_its_season(tmp_path: Path) -> None:
    summer = [r for one in range(300) for r in happened(f"{2024 + one % 2}-07-{one % 28 + 1:02d} 10:00")]
    told = build_of(tmp_path, [*ends(), *spread(600, 4), *summer])
    found = calendar.season(told, HERE, SOURCE, HERE, "")
    assert found is not None
    assert (found.months, found.years) == (1, 2)
    assert found.whole.loc[found.whole["verdict"] == Verdict.HIGHER, "label"].tolist() == ["juli"]
    assert found.parts["year"].tolist() == ["2024"] * 12 + ["2025"] * 12
    july = found.parts[found.parts["month"] == 7]["events"].tolist()
    assert all(170 <= one <= 185 for one in july)
    weeks = calendar.weeks(told, HERE, SOURCE, HERE, "")
    assert weeks is not None
    high = weeks.weeks[weeks.weeks["verdict"] == Verdict.HIGHER]
    assert set(high["week"]) <= {27, 28, 29, 30, 31}
    assert len(weeks.weeks) == 104


def monthly(counts: list[int]) -> Rows:
    """So many events on the tenth of each month from 2023, and the days that make three whole years."""
    starts = pd.date_range("2023-01-01", periods=36, freq="MS")
    rows = [row for start, count in zip(starts, counts, strict=True)
            for row in happened(start + pd.Timedelta(days=9), events=count)]  # fmt: skip
    return [*happened("2023-01-01"), *rows, *happened(LAST)]


@pytest.mark.parametrize(
    ("counts", "found"), [([40] * 24 + [60] * 12, ["2025-01-01"]), ([40] * 36, [])], ids=["shift", "none"]
)
def test_a_planted_shift_of_level_is_found_in_what_is_shown(
    tmp_path: Path, counts: list[int], found: list[str]
) -> None:
    told = months.levels(build_of(tmp_path, monthly(counts)), HERE, SOURCE, HERE, "")
    assert told is not None
    assert told.shifts["month"].dt.strftime("%Y-%m-%d").tolist() == found
    assert told.shifts["ratio"].tolist() == pytest.approx([1.5] * len(found), rel=0.1)
    assert told.months == 36


def test_no_shift_of_level_is_looked_for_where_a_month_is_hidden_or_the_years_are_two(
    tmp_path: Path, build: Build
) -> None:
    hidden = build_of(tmp_path, monthly([40] * 20 + [2] + [40] * 15))
    assert months.levels(hidden, HERE, SOURCE, HERE, "") is None
    assert months.levels(build, HERE, SOURCE, HERE, "") is None


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Three years of 100 events a month, 20 of them in Hallstavik: ten more there each July, and 50 more in May 2025;
    and as many more everywhere in 2024 as before."""
    starts = pd.date_range("2023-01-01", periods=36, freq="MS")
    rows = [*happened("2023-01-01"), *happened(LAST, DESO_R)]
    for start in starts:
        twice = 2 if start.year == 2024 else 1
        more = 10 * (start.month == 7) + 50 * (start == pd.Timestamp(2025, 5, 1))
        rows += happened(start + pd.Timedelta(days=9), events=20 * twice + more)
        rows += happened(start + pd.Timedelta(days=9), DESO_R, events=80 * twice)
    return build_of(tmp_path_factory.mktemp("months"), rows)


def test_a_month_with_a_larger_part_than_chance_gives_is_found_and_one_that_all_share_is_not(raised: Build) -> None:
    found = months.part(raised, HERE, SOURCE, HALLSTAVIK, "")
    assert found is not None
    high = found.months[found.months["verdict"] == Verdict.HIGHER]
    assert high["period_start"].tolist() == [pd.Timestamp(2025, 5, 1)]
    assert high["value"].tolist() == pytest.approx([72 / 152])  # the middles of 70-74 and 150-154
    calm = found.months[(found.months["period_start"].dt.month != 7) & (found.months["verdict"] == Verdict.NORMAL)]
    assert calm["value"].between(0.2, 0.22).all()
    assert months.part(raised, HERE, SOURCE, HERE, "") is None


def test_season_and_trend_are_told_apart_and_add_up(raised: Build) -> None:
    found = months.apart(raised, HERE, SOURCE, HALLSTAVIK, "")
    assert found is not None
    rows = found.months
    assert (rows["trend"] + rows["season"] + rows["rest"]).tolist() == pytest.approx(rows["value"].tolist())
    assert (found.years, found.step) == (3, 5)
    # Of 22 events, the middle of what is shown, as many as a day in a mean month.
    assert rows["value"].iloc[2] == pytest.approx(22 / 31 * 365.25 / 12)
    assert rows["trend"].iloc[12:24].mean() > 1.3 * rows["trend"].iloc[:6].mean()
    season = rows.groupby(rows["period_start"].dt.month)["season"]
    assert (season.max() - season.min()).max() < 0.1  # nearly the same every year, with so few


def test_no_part_and_no_season_where_a_month_is_hidden(tmp_path: Path, build: Build) -> None:
    hidden = build_of(tmp_path, monthly([40] * 20 + [2] + [40] * 15))
    assert months.apart(hidden, HERE, SOURCE, HALLSTAVIK, "") is None
    assert months.part(hidden, HERE, SOURCE, HALLSTAVIK, "") is None
    assert months.part(build, HERE, SOURCE, RIMBO, "") is None  # no month can be shown


def pointed(number: int, seed: int, first: str = "2024-01-01", days: int = 730) -> Rows:
    """Events within a hundred metres of the point in Hallstavik, in the days from ``first``."""
    rng = np.random.default_rng(seed)
    return [
        row
        for x, y, day in zip(rng.uniform(-90, 90, number), rng.uniform(-90, 90, number),
                             rng.integers(0, days, number), strict=True)
        for row in happened(pd.Timestamp(first) + pd.Timedelta(days=int(day), hours=12), x=EAST + x, y=NORTH + y,
                            precision="address")
    ]  # fmt: skip


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Five hundred events far apart in the two years, and thirty new ones at the point in the last weeks."""
    rng = np.random.default_rng(5)
    far = [
        row
        for one, (x, y) in enumerate(rng.uniform(0, 12_000, (500, 2)))
        for row in happened(FIRST + pd.Timedelta(days=one * 730 // 500, hours=9), x=EAST + 5000 + x, y=NORTH - y,
                            precision="address")
    ]  # fmt: skip
    rows = [*ends(), *far, *pointed(30, 6, "2025-11-01", 56), *pointed(8, 7)]
    return build_of(tmp_path_factory.mktemp("where"), rows)


def test_the_new_place_is_found_and_no_point_is_told(placed: Build) -> None:
    found = spots.spots(placed, HERE, SOURCE, HERE, "")
    assert found is not None
    (spot,) = found.spots.to_dict("records")
    assert np.hypot(spot["x"] - EAST, spot["y"] - NORTH) < 150
    assert (spot["x"] % 100, spot["y"] % 100) == (0, 0)
    assert spot["recent"] >= 30
    assert spot["district"] == "Hallstavik"
    assert (found.squares["events"] >= 5).all()
    assert "count" not in found.squares
    assert found.squares[["x", "y"]].mod(250).eq(125).all(axis=None)
    assert 17 < spot["lon"] < 19.5
    assert 59 < spot["lat"] < 61


def test_the_new_place_comes_again_near_by(placed: Build) -> None:
    found = repeats.repeats(placed, HERE, SOURCE, HERE, "")
    assert found is not None
    near = found.bands[(found.bands["distance"] == 100) & (found.bands["days"] == 7)].iloc[0]
    assert near["verdict"] == Verdict.HIGHER
    assert near["ratio"] > 2
    assert near["pairs"] % 5 == 0


def test_events_with_an_area_alone_have_no_squares(build: Build) -> None:
    assert spots.spots(build, HERE, SOURCE, HERE, "") is None
    assert repeats.repeats(build, HERE, SOURCE, HERE, "") is None
    # Two such areas say nothing of how few places the events gather on.
    assert spots.places(build, HERE, SOURCE, HERE, "") is None


def test_one_new_place_among_hundreds_is_not_called_gathered(placed: Build) -> None:
    found = spots.places(placed, HERE, SOURCE, HERE, "")
    assert found is not None
    assert (found.of, found.gathered.verdict) == ("square", Verdict.NORMAL)
    assert found.gathered.lower <= found.gathered.found.half_on <= found.gathered.upper
    assert np.isnan(found.missing)  # two: too few to tell from none
    assert found.gathered.found.events == 535


def test_before_and_after_stands_beside_the_rest(tmp_path: Path) -> None:
    rows = [*ends()]
    for month in pd.date_range(FIRST, LAST, freq="MS"):
        rows += happened(month, DESO_H, events=20 if month.year == 2024 else 10)
        rows += happened(month, DESO_R, events=20, category="Stöld")
    told = build_of(tmp_path, rows)
    start = date(2025, 1, 1)
    assert change.starts(told, SOURCE) == [date(2025, month, 1) for month in range(10, 0, -1)]
    found = change.change(told, HERE, SOURCE, HALLSTAVIK, "", start)
    assert found is not None
    assert (found.before, found.after) == (240, 120)  # 241 and 121: the days that end the years
    assert (found.control_before, found.control_after) == (240, 240)
    assert (found.percent, found.verdict) == (-50, Verdict.LOWER)
    assert found.lower <= -50 <= found.upper
    assert found.weighted is not None
    assert found.weighted.difference == -120
    other = change.change(told, HERE, SOURCE, RIMBO, "", start)
    assert other is not None
    assert other.verdict is Verdict.HIGHER  # beside a rest that halved
    whole = change.change(told, HERE, SOURCE, HERE, "", start)
    assert whole is not None
    assert (whole.has_control, whole.verdict) == (False, Verdict.LOWER)
    assert change.change(told, HERE, SOURCE, HALLSTAVIK, "", date(2024, 6, 1)) is None


def test_more_reports_from_more_rapporteurs_is_no_rise(tmp_path: Path) -> None:
    rows = [*ends()]
    for monday in pd.date_range("2024-01-01", LAST, freq="W-MON"):
        for one in range(3 if monday.year == 2024 else 6):
            rows += [*happened(monday, reporter=f"R{one}"), *happened(monday, reporter=f"R{one}")]
    found = reports.reports(build_of(tmp_path, rows), HERE, SOURCE, HERE, "")
    assert found is not None
    assert (found.reports, found.reporters, found.rate, found.verdict) == (2, 2, 1, Verdict.NORMAL)
    assert found.quarters["rate"].tolist() == pytest.approx([2.0] * 8, abs=0.11)  # of the middles of steps, as 77 / 37
    assert found.quarters["reporter_weeks"].mod(5).eq(0).all()


def test_sources_and_categories_are_those_of_the_municipality(build: Build, placed: Build) -> None:
    (source,) = asked_about.sources(build, HERE).to_dict("records")
    assert (source["title"], source["occurred"], source["placed"]) == ("Polisens utdrag", True, False)
    assert asked_about.categories(build, HERE, SOURCE) == ["Rån", "Stöld"]
    assert asked_about.period_label(build, SOURCE) == "2024–2025"
    assert asked_about.sources(placed, HERE)["placed"].all()
    assert asked_about.sources(build, "1485").query("source_id != @SOURCE").empty


@pytest.mark.parametrize(
    ("count", "told"), [(0, None), (4, None), (5, 5.0), (9.6, 5.0), (10 - 1e-12, 10.0), (123, 120.0)]
)
def test_counts_are_told_in_steps(count: float, told: float | None) -> None:
    shown = in_steps(pd.Series([count]), 5)["events"].iloc[0]
    assert (None if pd.isna(shown) else shown) == told
    assert in_steps(pd.Series([count]), 1)["events"].iloc[0] == round(count)


DAYS = range(7)


def shown_week(build: Build, place: str, category: str) -> dict[Hashable, tuple[float, float]]:
    """What is told of each weekday of a place and category: the ends of its steps together."""
    found = week.weekday_hours(build, HERE, SOURCE, place, category)
    assert found is not None
    whole = found.blocks.groupby("weekday")["events"].agg(["sum", "size", "count"])
    known = whole[whole["size"] == whole["count"]]
    return {
        # Parts of a day have parts of events: together less than one more than the steps say.
        (place, category, row["weekday"]): (row["sum"], row["sum"] + 5 * row["size"] - 1)
        for row in known.reset_index().to_dict("records")
    }


@pytest.mark.parametrize("seed", range(2))
def test_who_puts_every_view_together_cannot_work_out_a_small_number(tmp_path: Path, seed: int) -> None:
    """Two places and three categories, weekday by weekday, in whole days, and the exact numbers of their years: all
    views, and every sum between them."""
    rng = np.random.default_rng(seed)
    names = list(np.ndindex(2, 3, 7))
    counts = dict(zip(names, rng.poisson(rng.choice([4, 15, 25], len(names), p=[0.2, 0.4, 0.4])), strict=True))
    rows = [*happened(FIRST, None, "A", events=10), *happened(LAST, None, "A", events=10)]  # the ends, of no place
    for (place, category, day), number in counts.items():
        for monday, part in ((pd.Timestamp(2024, 1, 8), number // 2), (pd.Timestamp(2025, 1, 6), -(-number // 2))):
            start = monday + pd.Timedelta(days=int(day))
            rows += happened(start, [DESO_R, DESO_H][place], "ABC"[category], events=int(part),
                             occurred_to=start + pd.Timedelta(hours=24)) if part else []  # fmt: skip
    told = build_of(tmp_path, rows)
    shown_in, every, kinds = [RIMBO, HALLSTAVIK, HERE], [RIMBO, HALLSTAVIK, HERE, ""], ["A", "B", "C", ""]
    between = {key: ends for place in shown_in for kind in kinds
               for key, ends in shown_week(told, place, kind).items()}  # fmt: skip
    cut = len(between)
    for row in local_events.years(told, HERE, SOURCE).dropna(subset=["events"]).to_dict("records"):
        between[(row["area_id"], row["category"], f"year {row['back']}")] = (row["events"], row["events"])
    parts: list[Hashable] = ["all", "year 0", "year 1", *DAYS]
    sums: list[Sum] = [
        ((place, "", part), [(place, kind, part) for kind in "ABC"]) for place in every for part in parts
    ]
    sums += [((HERE, kind, part), [(place, kind, part) for place in (RIMBO, HALLSTAVIK, "")])
             for kind in kinds for part in parts]  # fmt: skip
    for place, kind in product(every, kinds):
        sums += [((place, kind, "all"), [(place, kind, part) for part in of]) for of in (parts[1:3], list(DAYS))]
    cells = list(product(every, kinds, parts))
    attacker = Attacker({cell: None for cell in cells if cell not in between}, sums, between)
    small = [((RIMBO, HALLSTAVIK)[place], "ABC"[kind], day)
             for (place, kind, day), number in counts.items() if 0 < number < 5]  # fmt: skip
    assert cut > 20
    assert len(between) >= cut + 8
    assert small
    for key in small:
        assert attacker.numbers(key, 5) == 5, key  # none and a few look the same


def test_nobody_else_reads_the_rows() -> None:
    """The rows of events as they are stay in ``queries``."""
    for folder in ("pages", "ui", "charts", "reports"):
        for path in (PROJECT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
                     for alias in node.names} | {node.module for node in ast.walk(tree)
                                                 if isinstance(node, ast.ImportFrom)}  # fmt: skip
            assert not {name for name in named if name and "event_rows" in name}, path
