"""Near repeats: a published case, every pair gone through, and what chance makes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import near_repeat as module
from analysis.near_repeat import TooManyPairsError, near_repeat

FIXTURES = Path(__file__).parent.parent / "fixtures" / "analysis"


def test_a_published_case():
    """METHODS: Burkitt's lymphoma in West Nile (Williams et al. 1978), within 20 and 5: pointpats' own figures."""
    cases = pd.read_csv(FIXTURES / "burkitt.csv")
    found = near_repeat(cases["x"], cases["y"], cases["t"], distances=[20], days=[5], permutations=999)
    row = found.bands.iloc[0]
    assert (found.events, row["pairs"]) == (188, 13)
    assert row["expected"] == pytest.approx(10.144, abs=0.5e-3)
    # Their p is of more pairs than were seen, with the number of pairs as Poisson; ours is of at least as many, by
    # permutation, of which theirs give 0.196.
    assert stats.poisson.sf(row["pairs"], row["expected"]) == pytest.approx(0.146246, abs=0.5e-6)
    assert row["p"] == pytest.approx(0.196, abs=0.05)


points = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 40))


@settings(max_examples=60, deadline=None)
@given(st.lists(points, max_size=40))
def test_every_pair_is_in_the_band_it_belongs_to(events):
    table = np.array(events, dtype=float).reshape(-1, 3)
    found = near_repeat(*table.T, distances=[1, 5, 12], days=[0, 3, 10], permutations=3)
    rows = found.bands
    x, y, t = table.T
    one, other = np.triu_indices(len(table), 1)
    apart, later = np.hypot(x[one] - x[other], y[one] - y[other]), np.abs(t[one] - t[other])
    for row in rows.itertuples():
        near = (apart > row.lower_distance) & (apart <= row.distance)
        soon = (later > row.lower_days) & (later <= row.days)
        assert row.pairs == np.sum(near & soon)
        assert row.expected == pytest.approx(near.sum() * soon.sum() / max(len(one), 1))
        assert 0 < row.p <= 1


def test_planted_repeats_are_found_and_only_they():
    rng = np.random.default_rng(1)
    x, y, day = rng.uniform(0, 10_000, 800), rng.uniform(0, 10_000, 800), rng.integers(0, 730, 800)
    again = rng.choice(800, 80, replace=False)
    found = near_repeat(
        np.append(x, x[again] + rng.uniform(-50, 50, 80)),
        np.append(y, y[again] + rng.uniform(-50, 50, 80)),
        np.append(day, day[again] + rng.integers(1, 7, 80)),
        distances=[100, 400, 800], days=[7, 14, 28],
    ).bands.set_index(["distance", "days"])  # fmt: skip
    assert found.loc[(100, 7), "ratio"] > 10
    assert found.loc[(100, 7), "p"] == 0.01
    assert (found["ratio"].drop((100, 7)) < 2.5).all()


def test_chance_is_called_a_repeat_as_often_as_it_should():
    rng = np.random.default_rng(2)
    p = [
        near_repeat(
            rng.uniform(0, 3000, 150), rng.uniform(0, 3000, 150), rng.integers(0, 200, 150),
            distances=[300], days=[14], permutations=39, seed=seed,
        ).bands["p"].iloc[0]
        for seed in range(200)
    ]  # fmt: skip
    assert 0.01 <= np.mean(np.array(p) <= 0.05) <= 0.09


def test_the_same_figures_every_time():
    rng = np.random.default_rng(3)
    events = rng.uniform(0, 500, 60), rng.uniform(0, 500, 60), rng.integers(0, 60, 60)
    pd.testing.assert_frame_equal(near_repeat(*events).bands, near_repeat(*events).bands)


def test_dates_are_taken_and_the_unknown_left_out():
    moments = ["2025-03-01T00:00", "2025-03-03T14:00", "NaT", "2025-03-02T00:00"]
    day = pd.Series(np.array(moments, dtype="datetime64[s]"))
    found = near_repeat([0, 0, 0, np.nan], [0, 5, 5, 5], day, distances=[10], days=[2])
    assert (found.events, found.bands["pairs"].item()) == (2, 1)


def test_nothing_in_gives_nothing_out():
    assert near_repeat([], [], [], distances=[10], days=[2]).bands["pairs"].item() == 0


def test_too_many_pairs_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr(module, "MOST_PAIRS", 100)
    with pytest.raises(TooManyPairsError, match="kortare avstånd"):
        near_repeat(np.zeros(20), np.zeros(20), np.arange(20))


@pytest.mark.parametrize("bands", [[], [5, 5], [10, 5]], ids=["none", "equal", "falling"])
def test_bands_must_rise(bands):
    with pytest.raises(ValueError, match="stiga"):
        near_repeat([0], [0], [0], days=bands)
