"""Priority, harm and reporting by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.harm import Weights, harm, weights
from analysis.priority import Priority
from analysis.reporting import per_reporter

WEIGHTS = Weights({"rån": 365, "stöld": 10, "klotter": 0}, "En källa")


@pytest.mark.parametrize(("consequence", "likelihood", "score"), [(4, 4, 16), (1, 1, 1), (2, 3, 6)])
def test_priority(consequence, likelihood, score):
    assert Priority(consequence, likelihood, "Därför").score == score


def test_harm_by_hand():
    found = harm({"stöld": 40, "rån": 2, "klotter": 100, "annat": 3}, WEIGHTS)
    assert found.days == 40 * 10 + 2 * 365
    assert found.parts["category"].tolist() == ["rån", "stöld", "klotter"]
    assert found.parts["share"].tolist() == pytest.approx([730 / 1130, 400 / 1130, 0])
    assert (found.unweighted, found.unweighted_count, found.source) == (("annat",), 3, "En källa")


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["rån", "stöld", "klotter", "annat"]), st.integers(0, 500)), st.integers(1, 9))
def test_harm_adds_up_and_follows_the_counts(counts, times):
    found, more = harm(counts, WEIGHTS), harm({name: n * times for name, n in counts.items()}, WEIGHTS)
    assert found.parts["days"].sum() == found.days
    assert more.days == pytest.approx(found.days * times)
    assert found.parts["share"].sum() == pytest.approx(1 if found.days else 0)


def test_the_published_examples_are_weighed_as_months_of_prison():
    """Polistidningen 15 October 2020: murder 122 points, theft 2, one point a month."""
    table = weights((Path(__file__).parents[2] / "config" / "harm" / "brottsskadeindex.toml").read_text("utf-8"))
    assert "Polismyndigheten" in table.source
    assert len(table.days) == 10
    assert table.days["Mord"] == pytest.approx(122 * 365 / 12, abs=0.01)
    found = harm({"Stöld": 61, "Mord": 1, "Rån": 9}, table)
    assert found.parts["share"].tolist() == pytest.approx([0.5, 0.5])
    assert found.unweighted == ("Rån",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("days_per_point = 1\n[points]\n'rån' = 2", "saknar source"),
        ("source = 'x'\n[points]\n'rån' = 2", "saknar days_per_point"),
        ("source = 'x'\ndays_per_point = 1", "saknar points"),
        ("source = 'x'\ndays_per_point = 1\n[points]\n'rån' = -2", "Vikten för rån"),
        ("source = ' '\ndays_per_point = 1\n[points]\n'rån' = 2", "behöver en källa"),
        ("källa", "Expected"),
    ],
)
def test_a_table_without_source_or_figures_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        weights(text)


def reports(*rows):
    frame = pd.DataFrame(rows, columns=["moment", "reporter"])
    return frame.assign(moment=pd.to_datetime(frame["moment"]))


def test_reports_per_reporter_by_hand():
    found = per_reporter(
        reports(
            ("2025-03-03", "Skolan"), ("2025-03-04", "Skolan"), ("2025-03-09", "Polisen"), ("2025-03-05", None),
            ("2025-03-17", "Polisen"), (None, "Polisen"),
        )
    )  # fmt: skip
    assert found["week_start"].dt.strftime("%Y-%m-%d").tolist() == ["2025-03-03", "2025-03-10", "2025-03-17"]
    assert found[["reports", "unnamed", "reporters"]].to_numpy().tolist() == [[4, 1, 2], [0, 0, 0], [1, 0, 1]]
    assert found["rate"].tolist() == pytest.approx([1.5, np.nan, 1], nan_ok=True)


def test_more_reporters_are_no_more_reports_each():
    rng = np.random.default_rng(1)
    rows = [
        (pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week, days=int(rng.integers(7))), f"r{who}")
        for week in range(100)
        for who in range(6 + week // 10)
        for _ in range(1 + rng.poisson(0.9))
    ]
    found = per_reporter(reports(*rows))
    assert found["reports"].iloc[-20:].mean() > 1.5 * found["reports"].iloc[:20].mean()
    assert found["rate"].iloc[-20:].mean() == pytest.approx(found["rate"].iloc[:20].mean(), rel=0.15)
    assert (found["lower"] <= found["rate"]).all()
    assert (found["rate"] <= found["upper"]).all()


def test_no_reports_give_no_weeks():
    assert per_reporter(reports()).empty


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: Priority(5, 1, "Därför"), "Konsekvens bedöms från 1 till 4", id="off the scale"),
        pytest.param(lambda: Priority(2, 0, "Därför"), "Sannolikhet", id="under the scale"),
        pytest.param(lambda: Priority(2, 2, " "), "grundar", id="no grounds"),
        pytest.param(lambda: Weights({"rån": 1}, ""), "källa", id="no source"),
        pytest.param(lambda: Weights({"rån": -1}, "x"), "rån", id="negative weight"),
        pytest.param(lambda: harm({"rån": np.nan}, WEIGHTS), "rån", id="missing count"),
    ],
)
def test_impossible_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
