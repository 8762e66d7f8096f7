"""Hot spots: planted clusters are found with their kind and noise is not; figures by hand and from scipy."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.hot_spots import ALPHA, FEWEST, Grid, Kind, around, hot_spots

START = np.datetime64("2023-01-01T00:00")
MINUTES = 3 * 365 * 24 * 60
TOWN = Grid(600_000.0, 6_600_000.0, 250.0, 42, 42)


def people() -> np.ndarray:
    """Inhabitants by square: a dense middle, a thin surrounding, nobody at the edge."""
    weights = np.zeros((42, 42))
    weights[1:-1, 1:-1] = 1.0
    weights[15:25, 15:25] = 20.0
    return weights


def drawn(rng, number, weights=None):
    """Events that follow the inhabitants, at any time: x, y and moment."""
    weights = people() if weights is None else weights
    square = rng.choice(weights.size, number, p=weights.ravel() / weights.sum())
    x = TOWN.west + (square % TOWN.columns + rng.random(number)) * TOWN.size
    y = TOWN.south + (square // TOWN.columns + rng.random(number)) * TOWN.size
    return x, y, START + rng.integers(0, MINUTES, number).astype("timedelta64[m]")


def planted(rng, number, first, last, at=(602_000.0, 6_602_000.0)):
    """Events within 200 metres of a point, between two shares (0-1) of the time."""
    away, angle = 200 * np.sqrt(rng.random(number)), rng.uniform(0, 2 * np.pi, number)
    moment = START + (rng.uniform(first, last, number) * MINUTES).astype("timedelta64[m]")
    return at[0] + away * np.cos(angle), at[1] + away * np.sin(angle), moment


def together(*parts):
    return tuple(np.concatenate(values) for values in zip(*parts, strict=True))


@pytest.mark.parametrize(
    ("first", "last", "number", "with_people", "kind"),
    [
        pytest.param(0.85, 1, 48, False, Kind.EMERGING, id="new, against its own past"),
        pytest.param(0.85, 1, 48, True, Kind.EMERGING, id="new, against its own past and the inhabitants"),
        pytest.param(0, 1, 150, True, Kind.PERSISTENT, id="all the time"),
        pytest.param(0.1, 0.3, 48, True, Kind.PAST, id="long ago"),
    ],
)
def test_a_planted_cluster_is_found_and_nothing_else(first, last, number, with_people, kind):
    rng = np.random.default_rng(12)
    events = together(drawn(rng, 2500), planted(rng, number, first, last))
    found = hot_spots(*events, grid=TOWN, expected=people() if with_people else None)
    assert found.spots["kind"].tolist() == [kind]
    assert np.hypot(found.spots["x"] - 602_000, found.spots["y"] - 6_602_000).item() < 400
    assert (np.hypot(found.squares["x"] - 602_000, found.squares["y"] - 6_602_000) < 700).all()
    assert found.spots["count"].item() >= number


def test_a_steady_cluster_is_no_change_against_its_own_past():
    rng = np.random.default_rng(13)
    assert hot_spots(*together(drawn(rng, 2500), planted(rng, 150, 0, 1)), grid=TOWN).spots.empty


def test_a_town_is_no_hot_spot_when_people_are_expected_there():
    rng = np.random.default_rng(14)
    events = drawn(rng, 2500)
    assert hot_spots(*events, grid=TOWN, expected=people()).spots.empty
    # Against an even spread over the land all of the town is one, which is why expectation must be chosen.
    evenly = hot_spots(*events, grid=TOWN, expected=(people() > 0).astype(float))
    assert evenly.squares["count"].sum() > 1000


def test_a_general_rise_is_no_hot_spot():
    rng = np.random.default_rng(15)
    x, y, moment = drawn(rng, 4000)
    kept = (moment > START + np.timedelta64(int(MINUTES * 0.8), "m")) | (rng.random(4000) < 0.3)
    assert hot_spots(x[kept], y[kept], moment[kept], grid=TOWN).spots.empty


@pytest.mark.parametrize("number", [300, 3000])
@pytest.mark.parametrize("with_people", [True, False])
def test_noise_gives_a_hot_spot_no_oftener_than_said(number, with_people):
    rng, runs = np.random.default_rng(16), 25
    expected = people() if with_people else None
    called = sum(not hot_spots(*drawn(rng, number), grid=TOWN, expected=expected).spots.empty for _ in range(runs))
    # At most 5 % of the runs: more than 4 of 25 would come once in 100 times.
    assert called <= stats.binom.ppf(0.99, runs, ALPHA)


def test_expected_and_z_by_hand():
    rng = np.random.default_rng(12)
    events = together(drawn(rng, 2500), planted(rng, 150, 0, 1))
    found = hot_spots(*events, grid=TOWN, expected=people())
    row = found.squares.sort_values("events").iloc[-1]
    near = np.abs(events[0] - row["x"]) < 375, np.abs(events[1] - row["y"]) < 375
    assert row["events"] == np.sum(near[0] & near[1])
    share = 9 / people().sum()
    assert row["expected"] == pytest.approx(share * 2650)
    assert row["z"] == pytest.approx((row["events"] - share * 2650) / np.sqrt(share * (1 - share) * 2650))
    assert row["level_p"] == pytest.approx(stats.binom.sf(row["events"] - 1, 2650, share))
    assert row["change_p"] >= stats.hypergeom.sf(row["recent"] - 1, 2650, 600, row["events"]) or row["change_p"] == 1
    assert found.looks >= 3 * 1600


def test_few_events_are_not_judged():
    rng = np.random.default_rng(17)
    events = together(drawn(rng, 300), planted(rng, FEWEST - 1, 0.9, 1, at=(600_300.0, 6_600_300.0)))
    assert hot_spots(*events, grid=TOWN, expected=people()).spots.empty


def test_spots_hold_all_squares_once_and_squares_that_touch():
    rng = np.random.default_rng(18)
    events = together(
        drawn(rng, 2500), planted(rng, 60, 0.85, 1), planted(rng, 40, 0.85, 1, at=(608_000.0, 6_608_000.0))
    )
    found = hot_spots(*events, grid=TOWN)
    assert len(found.spots) == 2
    assert found.spots["squares"].sum() == len(found.squares)
    assert found.spots["count"].is_monotonic_decreasing
    assert found.squares.groupby("spot")[["x", "y"]].std().max().max() < 700


values = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=3, max_size=6)


@settings(deadline=None)
@given(values)
def test_around_is_the_sum_of_nine(rows):
    v = np.array(rows, dtype=float)
    slow = [
        [v[max(r - 1, 0) : r + 2, max(c - 1, 0) : c + 2].sum() for c in range(v.shape[1])] for r in range(v.shape[0])
    ]
    assert around(v).tolist() == slow


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(3e5, 3.1e5), st.floats(6.6e6, 6.61e6)), min_size=1, max_size=30))
def test_every_event_has_a_square_that_holds_it(points):
    x, y = np.array(points).T
    grid = Grid.around(x, y, 100.0)
    squares = grid.square(x, y)
    assert grid.counts(squares).sum() == len(points)
    west, south = grid.west + squares % grid.columns * 100, grid.south + squares // grid.columns * 100
    assert ((west <= x) & (x < west + 100) & (south <= y) & (y < south + 100)).all()


def test_events_without_place_or_time_and_outside_the_grid_are_left_out():
    moment = pd.Series(pd.to_datetime(["2025-01-01", None, "2025-01-02", "2025-01-03"]))
    found = hot_spots([600_500, 600_500, np.nan, 10], [6_600_500] * 4, moment, grid=TOWN, expected=people())
    assert found.spots.empty


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: hot_spots([np.nan], [1], ["2025-01-01"]), "både plats och tid", id="nothing known"),
        pytest.param(lambda: Grid.around([0, 1e7], [0, 1e7]), "koordinaterna", id="coordinates astray"),
        pytest.param(
            lambda: hot_spots([600_500], [6_600_500], ["2025-01-01"], grid=TOWN, expected=np.ones((3, 3))),
            "42 × 42", id="another grid",
        ),
    ],
)  # fmt: skip
def test_impossible_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
