"""Can the planned evaluation find the effect? Against figures worked out by hand and from textbooks."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.planned import dispersion, of_counts, of_shares, unanswered


def monthly(counts: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"period_start": pd.date_range("2023-01-01", periods=len(counts), freq="MS"), "count": counts})


def test_a_quarter_fewer_of_many_is_found() -> None:
    # Error of the logarithm: √(1/600 + 1/450 + 2/2000) = 0.06992; log 0.75 = -0.28768; Φ(4.1144 - 1.95996) = 0.9844.
    found = of_counts(600, 600, 450, fall=True, control=2000)
    assert found.chance == pytest.approx(0.9844, abs=5e-4)
    assert found.can_be_found
    assert found.wished == pytest.approx(25)
    assert found.sentence.startswith(
        "Ja: uppföljningen kan hitta en minskning på minst 18\u00a0%, och målet är 25\u00a0%"
    )


def test_few_events_show_only_a_large_fall() -> None:
    # 42 a year without control: at a ratio r the error is √(1/42 + 1/42r); log r must reach 1.95996 + 0.84162 times it.
    found = of_counts(42, 42, 33.6, fall=True)
    ratio = 1 - found.smallest / 100
    assert -math.log(ratio) == pytest.approx(2.80158 * math.sqrt(1 / 42 + 1 / (42 * ratio)), rel=1e-4)
    assert found.sentence.startswith(
        "Antalet är omkring 42 på ett år och varierar av sig självt. Därför syns bara en minskning på minst 54\u00a0%, "
        "till omkring 19, säkert. Målet är 20\u00a0%: välj större område, längre tid eller ett annat mått."
    )
    assert "välj gärna ett" in found.sentence


def test_what_makes_an_effect_harder_to_find() -> None:
    plain = of_counts(200, 200, 140, fall=True, control=800)
    assert of_counts(200, 200, 140, fall=True, control=800, varies=2.5).smallest > plain.smallest
    assert of_counts(200, 200, 140, fall=True, control=800, months=4).smallest > plain.smallest
    assert "mer mellan åren än slumpen" in of_counts(200, 200, 140, fall=True, control=800, varies=2.5).sentence
    assert math.isnan(of_counts(5, 5, 3, fall=True).smallest)


def test_a_rise_is_looked_for_upwards() -> None:
    found = of_counts(100, 100, 160, fall=False)
    ratio = 1 + found.smallest / 100
    assert math.log(ratio) == pytest.approx(2.80158 * math.sqrt(1 / 100 + 1 / (100 * ratio)), rel=1e-4)
    assert "ökning" in found.sentence


def test_shares_agree_with_the_textbook() -> None:
    # From 50 to 40 per cent takes (1.95996 + 0.84162)² (0.25 + 0.24) / 0.01 = 384.6 answers each time.
    assert of_shares(50, 40, 385, fall=True).chance == pytest.approx(0.8, abs=2e-3)
    assert of_shares(50, 40, 385, fall=True).smallest == pytest.approx(10, abs=0.05)
    assert not of_shares(50, 40, 300, fall=True).can_be_found
    assert "procentenheter" in of_shares(50, 40, 300, fall=True).sentence


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        pytest.param(of_counts(10, math.nan, 5, fall=True), "no_target", id="no baseline"),
        pytest.param(of_counts(math.nan, 10, 5, fall=True), "hidden", id="hidden"),
        pytest.param(of_counts(0, 0, -1, fall=True), "no_counts", id="nothing"),
        pytest.param(of_counts(10, 10, 12, fall=True), "wrong_way", id="a rise where a fall is wanted"),
        pytest.param(of_shares(40, 40, 100, fall=False), "wrong_way", id="no change"),
        pytest.param(unanswered("no_counts", fall=True), "no_counts", id="not counted"),
    ],
)
def test_why_there_is_no_answer(found: object, reason: str) -> None:
    told = found.as_json()  # type: ignore[attr-defined]
    assert (told["reason"], told["can_be_found"]) == (reason, None)
    assert told["sentence"].endswith(".")


def test_what_is_kept_is_plain_json() -> None:
    told = of_counts(5, 5, 3, fall=True).as_json()
    assert told["smallest"] is None
    assert (told["before"], told["wished"], told["can_be_found"]) == (5, pytest.approx(40), False)


def test_a_steady_series_varies_as_chance() -> None:
    assert dispersion(monthly([20.0] * 36), 12) == 1.0


def test_years_that_jump_vary_more() -> None:
    # A season repeated exactly, but each month of the second year five higher and of the others as before: X2 comes
    # from residuals of the trend alone, 36 - 13 degrees of freedom.
    season = np.array([30, 34, 40, 44, 50, 60, 70, 60, 50, 44, 40, 34], dtype=float)
    jumps = np.concatenate([season, season * 1.8, season])
    years = jumps.reshape(3, 12).sum(axis=1)
    mean = years.mean()
    # Level alone: the trend over years 1, 1.8, 1 is nil, and seasons are in proportion.
    by_hand = float(((years - mean) ** 2 / mean).sum()) / (36 - 13)
    assert dispersion(monthly(list(jumps)), 12) == pytest.approx(by_hand, rel=0.05)


@pytest.mark.parametrize("counts", [[10.0] * 13, [0.0, 5.0] * 12], ids=["short", "a season without events"])
def test_a_series_that_cannot_say(counts: list[float]) -> None:
    assert math.isnan(dispersion(monthly(counts), 12))
