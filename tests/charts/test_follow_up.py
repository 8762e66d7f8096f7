"""A goal in a figure and in words, and what a measure may have done, said for those who decide."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from charts import effects
from charts import follow_up as drawn
from charts import follow_up_methods as words
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE

NAN = float("nan")
TERMS = SimpleNamespace(
    fall=True, baseline=100.0, baseline_lower=80.0, baseline_upper=120.0, target=70.0, due_on=date(2026, 12, 31)
)


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\N{MINUS SIGN}", "-")


def outcome(standing: str, **more: object) -> SimpleNamespace:
    given = {
        "label": "2025", "value": 60.0, "lower": 45.0, "upper": 75.0, "waiting": False, "change": -40.0,
        "change_lower": -65.0, "change_upper": -15.0, "verdict": LOWER, "reason": "",
    }  # fmt: skip
    return SimpleNamespace(standing=standing, **{**given, **more})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (outcome(drawn.REACHED),
         "Målet är nått, också med felmarginalen inräknad. Sedan utgångsläget har det minskat med 40 händelser (mellan "
         "15 och 65). Så stora skillnader uppstår sällan av slump. Siffrorna säger inte varför."),
        (outcome(drawn.REACHED, lower=NAN, upper=NAN, verdict=TOO_LITTLE, reason="no_interval"),
         "Målet är nått. Felmarginalen är inte känd, så om skillnaden är större än slumpen ger går inte att säga."),
        (outcome(drawn.UNSURE, verdict=NORMAL),
         "Siffran ligger på rätt sida om målet, men så nära att det kan vara slump. Skillnaden mot utgångsläget är så "
         "liten att den kan vara slump."),
        (outcome(drawn.AWAY, verdict=HIGHER, change=50.0, change_lower=20.0, change_upper=80.0),
         "Det går åt fel håll. Sedan utgångsläget har det ökat med 50 händelser (mellan 20 och 80)."),
        (outcome(drawn.MISSED, verdict=NORMAL), "Måldagen är här, och målet är inte nått."),
        (outcome(drawn.NO_CHANGE, verdict=NORMAL, waiting=True), "Måldagen har passerat, men siffrorna"),
        (outcome(drawn.TOO_EARLY, value=NAN, reason="hidden"), "Siffrorna efter starten är dolda, för att de är få."),
        (outcome(drawn.TOO_EARLY, value=NAN, reason="no_figures"), "Inga hela år har börjat efter åtgärdens start än."),
    ],
    ids=["reached", "reached, no margin", "perhaps", "away", "missed", "waited for", "hidden", "too early"],
)  # fmt: skip
def test_where_a_goal_stands_in_words(found: SimpleNamespace, told: str) -> None:
    text = plain(drawn.sentence(found, TERMS, "2024", "händelser", 0))
    assert text.startswith("Målet är högst 70 händelser senast 31 december 2026, från 100 händelser (2024).")
    assert told in text
    assert ("2025 är siffran 60 händelser" in text) is not np.isnan(found.value)


def test_shares_are_told_in_percentage_points() -> None:
    terms = SimpleNamespace(**{**vars(TERMS), "fall": False})
    text = plain(drawn.sentence(outcome(drawn.ON_THE_WAY, verdict=HIGHER), terms, "", "procent", 1))
    assert text.startswith("Målet är minst 70,0 % senast 31 december 2026, från 100,0 %. 2025 är siffran 60,0 %")
    assert "ökat med 40,0 procentenheter (mellan 15,0 och 65,0)" in text


def test_the_figure_says_start_baseline_target_and_what_is_hidden() -> None:
    points = pd.DataFrame(
        {
            "start": pd.to_datetime(["2023-01-01", "2024-01-01", "2025-01-01"]),
            "end": pd.to_datetime(["2023-12-31", "2024-12-31", "2025-12-31"]),
            "label": ["2023", "2024", "2025"], "value": [NAN, 100.0, 60.0], "lower": [NAN, 80.0, 45.0],
            "upper": [NAN, 120.0, 75.0], "status": ["suppressed", "final", "preliminary"],
        }
    )  # fmt: skip
    figure = drawn.figure(points, TERMS, [(date(2025, 1, 1), "Ny belysning")], 0)
    written = [one.text for one in figure.layout.annotations]
    assert written == ["utgångsläge<br>100", "<b>mål 70</b>", "start: ny belysning"]
    assert [list(trace.text) for trace in figure.data if trace.mode == "markers+text"] == [["100", "60"], ["dold"]]
    table = drawn.table(points, "händelser")
    assert table["Uppgift"].tolist() == ["dold, för att den är liten", "", "preliminär"]
    assert table["Värde (händelser)"].isna().tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("baseline", "target", "anchors"),
    [(100, 70, ["middle", "middle"]), (100, 95, ["bottom", "top"]), (95, 100, ["top", "bottom"])],
    ids=["apart", "near, should fall", "near, should rise"],
)
def test_words_of_lines_that_lie_near_stand_on_either_side(baseline: float, target: float, anchors: list[str]) -> None:
    terms = SimpleNamespace(**{**vars(TERMS), "baseline": baseline, "target": target})
    points = pd.DataFrame(
        {
            "start": [pd.Timestamp(2025, 1, 1)], "end": [pd.Timestamp(2025, 12, 31)], "label": ["2025"],
            "value": [90.0], "lower": [NAN], "upper": [NAN], "status": ["final"],
        }
    )  # fmt: skip
    assert [one.yanchor for one in drawn.figure(points, terms, [], 0).layout.annotations] == anchors


def effect(ratio: float, lower: float, upper: float, verdict: str) -> SimpleNamespace:
    return SimpleNamespace(ratio=ratio, lower=lower, upper=upper, verdict=verdict)


FALL = effect(0.76, 0.63, 0.92, LOWER)


def test_a_fall_that_is_more_than_chance_is_said_without_a_cause() -> None:
    assert plain(words.finding("Skadegörelse", "Rimbo", FALL, "Älmsta")) == (
        "Skadegörelse i Rimbo: 24 % färre än utvecklingen i Älmsta gav att vänta"
    )
    assert plain(words.sentence("Rimbo", FALL, "Älmsta")) == (
        "I Rimbo blev det 24 % färre händelser än utvecklingen i Älmsta gav att vänta (mellan 8 och 37 % färre). "
        "Så stora skillnader uppstår sällan av slump. Vi kan inte säga att det var åtgärden som gjorde det."
    )


def test_what_may_be_chance_is_not_said_to_be_no_effect() -> None:
    found = effect(0.88, 0.7, 1.09, NORMAL)
    assert plain(words.finding("Skadegörelse", "Rimbo", found, "")) == (
        "Skadegörelse i Rimbo: skillnaden mot det väntade kan vara slump"
    )
    assert plain(words.sentence("Rimbo", found, "")) == (
        "I Rimbo blev det 12 % färre händelser än väntat, men skillnaden kan vara slump: allt mellan 30 % färre och "
        "9 % fler stämmer med siffrorna. Det betyder inte att åtgärden var utan verkan, bara att den inte syns här."
    )


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, "går inte att säga: siffror saknas"),
        (SimpleNamespace(quotient=None, buffer=FALL), "inget som kan ha flyttat till Backa"),
        (SimpleNamespace(quotient=-0.5, buffer=effect(1.5, 1.2, 1.9, HIGHER)), "ungefär 50 % av minskningen"),
        (SimpleNamespace(quotient=0.2, buffer=FALL), "tyder inte på att händelserna flyttade dit"),
        (SimpleNamespace(quotient=-0.1, buffer=effect(1.05, 0.8, 1.3, NORMAL)), "ingen säker förändring"),
        (SimpleNamespace(quotient=-0.1, buffer=effect(NAN, NAN, NAN, TOO_LITTLE)), "de är för få där"),
    ],
    ids=["unknown", "no fall", "moved", "fell too", "chance", "few"],
)
def test_what_happened_next_door(found: SimpleNamespace | None, told: str) -> None:
    assert told in plain(words.displaced_sentence(found, "Backa", "Älmsta"))


def test_without_a_buffer_nothing_is_said_of_it() -> None:
    assert words.displaced_sentence(None, "", "Älmsta") == ""


def test_the_same_in_events_when_the_areas_are_alike() -> None:
    found = SimpleNamespace(difference=-118.0, lower=-196.0, upper=-40.0, verdict=LOWER)
    assert plain(words.weighted_sentence(found, "Älmsta")) == (
        "I antal är det 118 händelser färre än utvecklingen i Älmsta gav att vänta (mellan -196 och -40)."
    )
    assert "olika många händelser" in words.weighted_sentence(None, "Älmsta")


def test_counts_in_steps_and_hidden_ones_are_written_as_that() -> None:
    counts = pd.DataFrame(
        {
            "role": ["place", "control", "buffer"], "area_id": ["a", "b", "c"], "before": [42.0, 40.0, NAN],
            "after": [22.0, 43.0, 17.0], "before_label": "2024", "after_label": "2025", "step": [5, 1, 5],
        }
    )  # fmt: skip
    table = words.counts_table(counts, {"a": "Rimbo", "b": "Älmsta", "c": "Backa"})
    assert table["Roll"].tolist() == ["Med åtgärd", "Jämförelse", "Angränsande"]
    assert table["2024"].tolist() == ["40–44", "40", "dolt antal"]
    assert table["2025"].tolist() == ["20–24", "43", "15–19"]


@pytest.mark.parametrize("method", [words.AROUND, words.COURSE, words.BESIDE])
def test_each_method_says_what_it_takes_for_granted_and_why_it_is_silent(method: str) -> None:
    assert words.WHAT[method]
    assert words.ASSUMES[method]
    assert words.CANNOT[method]
    told = words.why_not(method, "hidden", 3)
    assert "{" not in told
    assert ("3 perioder är dolda" in told) is (method != words.AROUND)


def test_an_effect_is_drawn_on_its_interval() -> None:
    figure = effects.effect(-24, -37, -8)
    assert list(figure.data[0].x) == [-37, -8]
    assert plain(figure.data[1].customdata[0]) == "-24 %, mellan -37 % och -8 %"
