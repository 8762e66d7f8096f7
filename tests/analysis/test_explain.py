"""Causes in data: shares and contributions by hand, scipy's divergence, planted causes and pure noise."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from analysis.explain import change, dimensions, overdispersion, shares
from analysis.verdict import Verdict

CALLED = [Verdict.HIGHER, Verdict.LOWER]
SIZES = (2, 5, 7, 12, 24)


def table(dimension, before, after, **columns):
    names = [f"v{i}" for i in range(len(before))]
    return pd.DataFrame({"dimension": dimension, "value": names, "before": before, "after": after} | columns)


def of(found, value, dimension=None):
    rows = found[found["value"] == value]
    return (rows if dimension is None else rows[rows["dimension"] == dimension]).iloc[0]


def events(rng, before, after, cause=(0, 0, 0)):
    """Events that fall into five independent dimensions; of the ``cause`` = (dimension, value, extra events after)."""
    parts = [rng.dirichlet(np.full(size, 5.0)) for size in SIZES]
    out = []
    for dimension, part in enumerate(parts):
        old, new = rng.multinomial(before, part), rng.multinomial(after, part)
        new = new + (np.eye(len(part), dtype=int)[cause[1]] * cause[2] if dimension == cause[0] else 0)
        new = new + (rng.multinomial(cause[2], part) if dimension != cause[0] else 0)
        out.append(table(f"d{dimension}", old, new))
    return pd.concat(out)


def test_one_value_doubles_by_hand():
    found = change(table("plats", [100, 100, 200], [200, 100, 200]))
    first = of(found, "v0")
    assert found["value"].iloc[0] == "v0"
    assert (first["expected_after"], first["ratio"], first["contribution"]) == (100, 2, 1)
    assert first["verdict"] == Verdict.HIGHER
    # ln 2 ± z of three looks (.05 / 6 in each tail) x √(1/200 + 1/100 + 2/300)
    reach = 2.3939797998185104 * (1 / 200 + 1 / 100 + 2 / 300) ** 0.5
    assert (first["low"], first["high"]) == pytest.approx((2 * np.exp(-reach), 2 * np.exp(reach)))
    # The others together went from 200 and 200 to 200 and 200 while all but v1 went from 300 to 400.
    assert of(found, "v1")["expected_after"] == pytest.approx(100 * 400 / 300)


def test_surprise_is_the_divergence_of_scipy():
    before, after = [10, 40, 50, 0], [60, 30, 5, 5]
    found = change(table("d", before, after))
    assert found["surprise"].sum() == pytest.approx(jensenshannon(before, after) ** 2)
    assert dimensions(found)["surprise"].tolist() == pytest.approx([jensenshannon(before, after) ** 2])


def test_a_general_rise_points_nowhere():
    found = change(pd.concat([table("a", [50, 100, 150], [100, 200, 300]), table("b", [30, 270], [60, 540])]))
    assert not found["verdict"].isin(CALLED).any()
    assert found["ratio"].tolist() == pytest.approx([1] * 5)
    assert found.groupby("dimension")["contribution"].sum().tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize("cause", [(3, 4, 60), (1, 2, 110), (4, 11, 50)], ids=["of twelve", "of five", "of many"])
def test_a_planted_cause_is_found_first(cause):
    rng = np.random.default_rng(5)
    first = [change(events(rng, 500, 500, cause)).iloc[0] for _ in range(40)]
    right = sum((row["dimension"], row["value"]) == (f"d{cause[0]}", f"v{cause[1]}") for row in first)
    assert right >= 37


def test_the_one_that_pulls_as_the_whole_comes_before_its_mirror():
    """Of two values, one higher is the other lower; the whole rose, so the one that rose comes first."""
    found = change(table("kön", [300, 200], [480, 200]))
    assert found["value"].tolist() == ["v0", "v1"]
    assert found["verdict"].tolist() == [Verdict.HIGHER, Verdict.LOWER]
    assert change(table("kön", [480, 200], [300, 200]))["verdict"].tolist() == [Verdict.LOWER, Verdict.HIGHER]


def test_rates_are_split_in_more_each_and_more_persons():
    # 1 per cent of 1 000 became 1 per cent of 3 000, and 2 per cent of 2 000 became 4 per cent of 2 000.
    rows = table("ålder", [10, 40], [30, 80], exposure_before=[1000, 2000], exposure_after=[3000, 2000])
    found = change(rows)
    more_persons, more_each = of(found, "v0"), of(found, "v1")
    assert (more_persons["rate_part"], more_persons["mix_part"]) == pytest.approx((0, 20 / 60))
    assert (more_each["rate_part"], more_each["mix_part"]) == pytest.approx((40 / 60, 0))
    # Without the persons the first trebled while the other doubled; with them it halved against the other.
    assert more_persons["ratio"] == pytest.approx((30 / 10 / 3) / (80 / 40))
    assert of(change(rows.drop(columns=["exposure_before", "exposure_after"])), "v0")["ratio"] == pytest.approx(1.5)


def test_a_level_is_set_against_a_reference():
    """A tenth of the county's persons, with the county's mix but for one value twice as common."""
    found = change(table("typ", [1000, 2000, 3000], [200, 200, 300]), scale=0.1)
    assert found["value"].iloc[0] == "v0"
    assert of(found, "v0")["contribution"] == 1
    assert found["verdict"].iloc[0] == Verdict.HIGHER


def test_a_time_of_another_length():
    found = change(table("d", [300, 600], [100, 200]), scale=1 / 3)
    assert found["contribution"].isna().all()
    assert not found["verdict"].isin(CALLED).any()


def test_a_new_problem_is_called_and_few_events_are_not():
    found = change(table("d", [0, 500, 4], [60, 500, 9]))
    assert of(found, "v0")["verdict"] == Verdict.HIGHER
    assert of(found, "v2")["verdict"] == Verdict.TOO_LITTLE


def test_hidden_values_say_nothing_and_take_nothing_from_the_others():
    found = change(table("d", [100, 300, np.nan], [200, 300, np.nan]), totals=(404, 503))
    assert of(found, "v0")["contribution"] == pytest.approx(100 / 99)
    assert of(found, "v0")["expected_after"] == pytest.approx(100 * 303 / 304)
    assert of(found, "v2")["verdict"] == Verdict.TOO_LITTLE
    assert of(found, "v2")[["ratio", "contribution", "surprise", "p_adjusted"]].isna().all()


def test_counts_that_vary_more_widen_the_limits():
    rows = table("d", [100, 100, 200], [150, 100, 200])
    narrow, wide = (of(change(rows, dispersion=d), "v0") for d in (1, 4))
    assert np.log(wide["high"] / wide["low"]) == pytest.approx(2 * np.log(narrow["high"] / narrow["low"]))


def test_overdispersion_is_known_when_simulated():
    rng = np.random.default_rng(2)
    mean = np.outer(rng.uniform(0.5, 2, 12), [20, 40, 60, 80, 100])
    assert np.mean([overdispersion(rng.poisson(mean)) for _ in range(50)]) == pytest.approx(1.08, abs=0.05)
    drawn = [overdispersion(rng.negative_binomial(mean / 3, 1 / 4)) for _ in range(50)]
    assert np.mean(drawn) == pytest.approx(4, abs=0.4)
    assert overdispersion(np.array([[100, 200]])) == 1


def waves(rng, persons, unsafe, before=(400, 400), after=(400, 400)):
    """Answers of two groups in two waves, weighted so that each stands for its ``persons``."""
    rows = {"dimension": "grupp", "value": ["v0", "v1"]}
    for side, asked, share in (("before", before, unsafe[0]), ("after", after, unsafe[1])):
        weight = np.array(persons) / np.array(asked)
        rows |= {
            f"part_{side}": rng.binomial(asked, share) * weight, f"weight_{side}": np.array(asked) * weight,
            f"squares_{side}": np.array(asked) * weight**2,
        }  # fmt: skip
    return pd.DataFrame(rows)


def test_shares_by_hand():
    rows = pd.DataFrame(
        {
            "dimension": "kön", "value": ["kvinnor", "män"],
            "part_before": [40, 20], "weight_before": [100, 100], "squares_before": [100, 100],
            "part_after": [90, 20], "weight_after": [150, 100], "squares_after": [150, 100],
        }
    )  # fmt: skip
    found = of(shares(rows), "kvinnor")
    assert (found["before"], found["after"], found["expected_after"]) == pytest.approx((0.4, 0.6, 0.4))
    # Men did not change: alike, .52 of the women of both waves, so that .48 of the first hundred are of the rarer kind.
    assert (found["apart"], found["base"]) == pytest.approx((0.2, 48))
    # The whole went from .30 to .44: women .55 x .20 more each, and .10 more of them at .50 against .37.
    assert found["rate_part"] == pytest.approx(0.55 * 0.2 / 0.14)
    assert found["mix_part"] == pytest.approx(0.1 * (0.5 - 0.37) / 0.14)
    assert shares(rows)["contribution"].sum() == pytest.approx(1)


def test_shares_find_the_group_that_changed_and_seldom_invent_one():
    rng = np.random.default_rng(8)
    found = [shares(waves(rng, (3000, 5000), ([0.2, 0.3], [0.4, 0.3]))) for _ in range(40)]
    assert sum(one.iloc[0][["value", "verdict"]].tolist() == ["v0", Verdict.HIGHER] for one in found) >= 36
    noise = [shares(waves(rng, (3000, 5000), ([0.2, 0.3], [0.2, 0.3]))) for _ in range(200)]
    # Of 200 at 5 per cent, 18 or fewer with a chance of .995 (binomial).
    assert sum(one["verdict"].isin(CALLED).any() for one in noise) <= 18


counts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=6)


@settings(max_examples=60)
@given(counts, st.floats(0.1, 5))
def test_what_holds_for_any_counts(pairs, scale):
    found = change(table("d", *(list(side) for side in zip(*pairs, strict=True))), scale=scale)
    known = found[found["ratio"].notna() & found["low"].notna()]
    assert ((known["low"] <= known["high"]) & (found["p"].dropna() <= 1).all()).all()
    assert (found["p_adjusted"].dropna() >= found["p"][found["p_adjusted"].notna()]).all()
    assert (found["surprise"].dropna() > -1e-12).all()
    # Limits, p and verdict never say different things.
    called = found["verdict"].isin(CALLED)
    assert (called == (found["p_adjusted"] < 0.05)).all()
    if found["contribution"].notna().any():
        assert found["contribution"].sum() == pytest.approx(1)


@given(counts)
def test_the_other_way_round_is_the_mirror(pairs):
    old, new = (list(side) for side in zip(*pairs, strict=True))
    there, back = change(table("d", old, new)), change(table("d", new, old))
    there, back = (one.set_index("value").sort_index() for one in (there, back))
    known = there["low"].notna()
    assert there["surprise"].to_numpy() == pytest.approx(back["surprise"].to_numpy(), nan_ok=True)
    assert there["p"][known].to_numpy() == pytest.approx(back["p"][known].to_numpy())


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="kan inte vara negativt"):
        change(table("d", [-1, 2], [3, 4]))
