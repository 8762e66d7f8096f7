"""The sentences beside the charts: what they must say, and what they must never say."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from charts import sentences

NBSP = "\u00a0"


def judged(verdict="inom normal variation", reason="", **fields):
    base = {
        "observed": 8532.0,
        "expected": 8083.0,
        "lower": 1688.0,
        "upper": 2570.0,
        "preliminary": False,
        "verdict": verdict,
        "reason": reason,
        "history": (pd.Timestamp("2017-01-01"), pd.Timestamp("2024-01-01")),
    }
    return SimpleNamespace(**{**base, **fields})


def test_headline_number_in_full():
    found = sentences.expectation_sentence(judged(lower=6841.0, upper=9391.0), "anmälda brott", "2025")
    assert found.replace(NBSP, " ") == (
        "2025 var det 8 532 anmälda brott. Det ryms inom det väntade, 6 841–9 391, där trenden 2017–2024 är inräknad: "
        "2025 sticker inte ut från den. En avvikelse under cirka +16 % eller −15 % från det väntade märks inte."
    )


@pytest.mark.parametrize(
    ("found", "parts"),
    [
        pytest.param(
            sentences.expectation_sentence(judged("högre än väntat"), "anmälda brott", "2025"),
            ["fler än väntat", "sällan av en slump", "inte vad det beror på"],
            id="more than expected, cause unknown",
        ),
        pytest.param(
            sentences.expectation_sentence(judged("lägre än väntat"), "anmälda brott", "2025"),
            ["färre än väntat", "sällan av en slump"],
            id="fewer than expected",
        ),
        pytest.param(
            sentences.expectation_sentence(judged("för litet underlag", "small_counts"), "rån", "2025"),
            ["8", "enstaka händelser", "underlaget är för litet"],
            id="small counts",
        ),
        pytest.param(
            sentences.expectation_sentence(judged("för litet underlag", "short_history"), "rån", "2025"),
            ["för få tidigare perioder"],
            id="short history",
        ),
        pytest.param(
            sentences.expectation_sentence(judged("för litet underlag", "no_figure"), "rån", "2025"),
            ["ingen uppgift om rån för 2025"],
            id="no figure",
        ),
        pytest.param(
            sentences.expectation_sentence(judged("för litet underlag", "no_exposure"), "anmälda brott", "2025"),
            ["2025 var det 8 532 anmälda brott", "Befolkningen saknas"],
            id="a count without rate",
        ),
    ],
)
def test_says_what_it_shows_and_whether_it_is_chance(found, parts):
    assert [part for part in parts if part not in found.replace(NBSP, " ")] == []


@pytest.mark.parametrize(
    ("direction", "figures", "parts"),
    [
        ("up", (1.9, 0.4, 3.4), ["ökat", "1,9 procent om året (mellan +0,4 och +3,4)", "pekar uppåt"]),
        ("down", (-3.4, -6.0, -0.8), ["minskat", "3,4 procent om året (mellan −6,0 och −0,8)", "pekar nedåt"]),
        ("none", (1.0, -0.1, 2.2), ["inte att se någon säker", "−0,1 och +2,2"]),
        ("unknown", (np.nan, np.nan, np.nan), ["för få jämförbara år"]),
    ],
)
def test_trend(direction, figures, parts):
    first, last = pd.Timestamp("2015-01-01"), pd.Timestamp("2025-01-01")
    record = SimpleNamespace(
        first=first, last=last, percent_per_year=figures[0], lower=figures[1], upper=figures[2], direction=direction
    )
    found = sentences.trend_sentence(record, "anmälda brott")
    assert [part for part in parts if part not in found] == []


def test_a_trend_of_counts_comes_with_that_of_the_rate():
    first, last = pd.Timestamp("2015-01-01"), pd.Timestamp("2025-01-01")

    def record(direction, change, lower, upper):
        return SimpleNamespace(
            first=first, last=last, percent_per_year=change, lower=lower, upper=upper, direction=direction
        )

    counts = record("up", 2.5, 1.4, 3.6)
    found = sentences.trend_sentence(record("none", 1.0, -0.1, 2.2), "anmälda brott", counts)
    assert found == (
        "Trenden pekar uppåt: från 2015 till 2025 har antalet anmälda brott ökat, med i genomsnitt 2,5 procent om året "
        "(mellan +1,4 och +3,6). En så jämn förändring uppstår sällan av en slump. I förhållande till befolkningen går "
        "det inte att se någon säker ökning eller minskning (mellan −0,1 och +2,2 procent om året)."
    )
    assert "Uppgifter saknas" in sentences.trend_sentence(record("unknown", *[np.nan] * 3), "anmälda brott", counts)


def test_a_fall_that_cannot_be_noticed_is_not_promised():
    assert sentences.noticeable(judged(expected=20.0, lower=0.0, upper=44.0)) == ("+120\u00a0%", "")


def share(group, value, verdict="inom normal variation", reason=""):
    return SimpleNamespace(
        group=group, share=value, lower_share=0.2, upper_share=0.31, expectation=judged(verdict, reason)
    )


@pytest.mark.parametrize(
    ("records", "parts"),
    [
        pytest.param(
            [share("a", 0.4), share("b", 0.3)], ["stöld (40 %) och våld (30 %)", "Ingen grupps andel"], id="calm"
        ),
        pytest.param(
            [share("a", 0.4, "högre än väntat"), share("b", 0.3)],
            ["stöld är 40 %, högre än väntat (20–31 %)"],
            id="moved",
        ),
        pytest.param([share("a", 0.4, "för litet underlag", "short_history")], ["för litet"], id="no history"),
        pytest.param([share("a", np.nan)], ["uppgifter saknas"], id="nothing known"),
    ],
)
def test_composition(records, parts):
    found = sentences.composition_sentence(records, {"a": "stöld", "b": "våld"}, "anmälda brott", "2025")
    assert [part for part in parts if part not in found.replace(NBSP, " ")] == []


@pytest.mark.parametrize(
    ("above", "below", "label"),
    [
        (95, None, "bland de 5 procent högsta"),
        (None, 5, "bland de 5 procent lägsta"),
        (75, 90, "mellan 75:e och 90:e percentilen"),
        (None, None, "–"),
    ],
)
def test_position_label(above, below, label):
    assert sentences.position_label(SimpleNamespace(value=1.0, above=above, below=below, areas=5984)) == label


@pytest.mark.parametrize(
    ("verdict", "beyond", "parts"),
    [
        (
            "inom normal variation",
            False,
            ["3 290", "2 938", "2 099–3 919", "Norrtälje gör det", "bara stora skillnader"],
        ),
        ("högre än väntat", False, ["ligger över", "av tjugo", "inget bevis"]),
        ("lägre än väntat", True, ["ligger under", "nästan aldrig"]),
        ("för litet underlag", False, ["för litet"]),
    ],
)
def test_funnel(verdict, beyond, parts):
    row = {"area_id": "0188", "rate": 3290.0, "lower_95": 2098.6, "upper_95": 3919.4, "verdict": verdict,
           "beyond_998": beyond}  # fmt: skip
    record = SimpleNamespace(level=2938.4, per=100_000.0, peers=7, areas=pd.DataFrame([row]))
    found = sentences.funnel_sentence(record, "0188", "Norrtälje", "anmälda brott mot person", "2025")
    assert [part for part in parts if part not in found.replace(NBSP, " ")] == []
    missing = sentences.funnel_sentence(record, "0114", "Upplands Väsby", "anmälda brott", "2025")
    assert missing == "Det finns ingen uppgift om anmälda brott i Upplands Väsby för 2025."


def test_finding():
    assert sentences.finding("anmälda brott", "2025", "högre än väntat") == "Anmälda brott 2025: högre än väntat"
