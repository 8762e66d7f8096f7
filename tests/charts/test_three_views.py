"""What is reported, felt and observed: when they are said to disagree, and what is said where nothing can be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from charts import three_views as drawn
from charts import three_words as words

HIGHER, LOWER, NORMAL, TOO_LITTLE = (
    "högre än väntat", "lägre än väntat", "inom normal variation", "för litet underlag",
)  # fmt: skip


def points(*values: float | None, limits: float = np.nan) -> pd.DataFrame:
    years = [2023 + one for one in range(len(values))]
    value = pd.Series(values, dtype=float)
    return pd.DataFrame(
        {
            "label": [str(year) for year in years],
            "period_start": [pd.Timestamp(year, 1, 1) for year in years],
            "period_end": [pd.Timestamp(year, 12, 31) for year in years],
            "value": value,
            "lower": value - limits,
            "upper": value + limits,
            "status": ["suppressed" if one is None else "final" for one in values],
        }
    )


@dataclass(frozen=True)
class View:
    role: str
    title: str
    verdict: str
    unit: str = "antal"
    id: str = "x"
    choice: str = ""
    old: str = "2023"
    new: str = "2024"
    change: float = 1.2
    lower: float = 1.1
    upper: float = 1.3
    reason: str = ""
    points: pd.DataFrame = field(default_factory=lambda: points(100, 120))


def felt(verdict: str, title: str = "Hur trygg är du?", choice: str = "Ganska trygg eller Mycket trygg") -> View:
    return View("felt", title, verdict, "procent", choice=choice, points=points(60, 50, limits=4))


def police(verdict: str) -> View:
    return View("reported", "Polisens ärenden", verdict)


def faults(verdict: str) -> View:
    return View("observed", "Felanmälningar", verdict)


@pytest.mark.parametrize(
    ("views", "expected"),
    [
        ([police(NORMAL), felt(LOWER)], ["Otryggheten stiger, anmälningarna inte."]),
        ([police(NORMAL), felt(HIGHER)], ["Otryggheten sjunker, anmälningarna inte."]),
        ([police(LOWER), felt(LOWER)], ["Otryggheten stiger men anmälningarna minskar."]),
        ([police(HIGHER), felt(LOWER)], []),
        ([police(HIGHER), felt(NORMAL)], ["Anmälningarna ökar, otryggheten inte."]),
        ([police(NORMAL), felt(LOWER), faults(NORMAL)],
         ["Otryggheten stiger, anmälningarna och händelserna i Felanmälningar inte."]),
        ([police(HIGHER), View("reported", "Anmälda brott enligt Brå", NORMAL), felt(NORMAL),
          felt(NORMAL, "Oroas du?", "Ja")],
         ["Polisens ärenden ökar, otryggheten och oron inte."]),
        ([police(NORMAL), felt(LOWER), felt(NORMAL, "Trygg på dagen?")],
         ["Otryggheten («Hur trygg är du?») stiger, anmälningarna inte."]),
        ([police(NORMAL), felt(NORMAL), faults(NORMAL)], []),
        ([police(TOO_LITTLE), felt(LOWER)], []),
        ([police(HIGHER), felt(TOO_LITTLE)], []),
        ([police(HIGHER), felt(NORMAL, "Vad är bäst?", "Bussen")], []),
    ],
    ids=["feeling alone", "better alone", "opposite", "together", "reports alone", "two still", "two feelings",
         "alike questions", "nothing moves",
         "reports unjudged", "feeling unjudged", "a question that tells of neither"],
)  # fmt: skip
def test_disagreements_follow_the_verdicts(views: list[View], expected: list[str]) -> None:
    assert words.disagreements(views) == expected


@pytest.mark.parametrize(
    ("title", "choice", "expected"),
    [
        ("Hur trygg känner du dig?", "Ganska trygg eller Mycket trygg", ("otryggheten", -1)),
        ("Hur trygg känner du dig?", "Ganska otrygg eller Mycket otrygg", ("otryggheten", 1)),
        ("Hur trygg känner du dig?", "Inte särskilt trygg eller Inte alls trygg", ("otryggheten", 1)),
        ("Hur trygg känner du dig?", "Ganska otrygg eller Inte alls trygg", ("otryggheten", 1)),
        ("Är du tryggare än förut?", "Mindre trygg eller Mycket mindre trygg", ("otryggheten", 1)),
        ("Känner du dig osäker på väg hem?", "Ja", ("otryggheten", 1)),
        ("Hur ofta oroar du dig för att utsättas för brott?", "Ofta eller Mycket ofta", ("oron", 1)),
        ("Hur ofta oroar du dig?", "Sällan eller Aldrig", ("oron", -1)),
        ("Har du utsatts för brott?", "Ja", ("utsattheten enligt svaren", 1)),
        ("Det finns platser som jag undviker", "Instämmer helt", ("undvikandet", 1)),
        ("Jag känner mig trygg på rasterna", "Instämmer helt", ("otryggheten", -1)),
        ("NTU: Otrygghet vid utomhusvistelse sen kväll", "", ("otryggheten", 1)),
        ("Polisen är synlig", "Instämmer helt", ("", 0)),
    ],
)
def test_what_a_question_tells_of(title: str, choice: str, expected: tuple[str, int]) -> None:
    assert words.feeling(felt(NORMAL, title, choice)) == expected


@pytest.mark.parametrize(
    ("views", "expected"),
    [
        ([police(NORMAL), felt(LOWER)], "Rimbo: otryggheten stiger, anmälningarna inte"),
        ([police(NORMAL), felt(NORMAL)], "Rimbo: inget har ändrats mer än slumpen brukar ge"),
        ([police(HIGHER), felt(LOWER)], "Rimbo: inget pekar säkert åt olika håll"),
        ([police(HIGHER)], "Rimbo: det går inte att ställa det upplevda mot det som räknas"),
    ],
    ids=["disagree", "still", "agree", "nobody asked"],
)
def test_finding(views: list[View], expected: str) -> None:
    assert words.finding(views, "Rimbo") == expected


def test_sources_of_reports_that_disagree_and_changes_that_do_not_add_up_are_told() -> None:
    two = [police(NORMAL), View("reported", "Anmälda brott enligt Brå", HIGHER)]
    told = words.sentence(two)
    assert "Källorna för det anmälda säger olika: anmälda brott enligt Brå ökar, polisens ärenden inte." in told
    assert "streck" not in told
    assert "oavrundade" not in told
    rounded = View("felt", "Trygg?", NORMAL, "procent", change=2.2, points=points(30.4, 32.6, limits=4))
    assert "Ett streck är 95 procents osäkerhet." in words.sentence([rounded])
    assert "oavrundade tal" in words.sentence([rounded])


def test_each_series_tells_its_periods_and_its_verdict() -> None:
    assert (
        words.told(police(HIGHER)) == "2023 → 2024: 100 → 120 (+20\u00a0%, mellan +10 och +30\u00a0%). Högre än väntat"
    )
    few = View("observed", "Rapporter", NORMAL, points=points(12, 20))
    assert words.told(few) == "2023 → 2024: 12 → 20. Inom normal variation"
    lost = View("observed", "Rapporter", TOO_LITTLE, reason="hidden", points=points(None, 20))
    assert words.told(lost) == "2023 → 2024: dold, för att ingen ska kunna pekas ut"
    alone = View("felt", "Trygg?", TOO_LITTLE, reason="one_period", old="", new="", points=points(40))
    assert words.told(alone) == "Bara en period, inget att jämföra med"


def test_nothing_hidden_is_drawn_and_the_compared_are_named() -> None:
    views = [police(NORMAL), felt(LOWER), View("observed", "Felanmälningar", TOO_LITTLE, points=points(None, 20, 30))]
    figure = drawn.draw(views)
    headings = [note.text for note in figure.layout.annotations if note.font.size == 16]
    assert headings == ["<b>Anmält</b>", "<b>Upplevt</b>", "<b>Observerat</b>"]
    assert list(figure.data[1].text) == ["100", "120"]
    assert list(figure.data[8].text) == ["dold"]
    assert list(figure.data[7].text) == ["–", "20"]
    domains = [figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3")]
    assert all(0 <= low < high <= 1 for low, high in domains)
    assert domains[0][0] > domains[1][1] > domains[2][1]
    table = words.table(views)
    assert table["Uppgift"].tolist() == ["", "", "", "", "dold", "", ""]
    assert table["Bedömning"].tolist()[:4] == ["", NORMAL, "", LOWER]


@pytest.mark.parametrize(
    ("views", "district", "expected"),
    [([police(NORMAL), felt(NORMAL), faults(NORMAL)], True, []),
     ([felt(NORMAL)], True, ["**Anmält:**", "**Observerat:**"]), ([police(NORMAL)], False, ["**Upplevt:**", "**Obs"])],
    ids=["all", "only asked", "only reported"],
)  # fmt: skip
def test_what_no_source_tells_is_said(views: list[View], district: bool, expected: list[str]) -> None:
    told = words.silent(views, "Rimbo", district=district)
    assert [text.startswith(start) for text, start in zip(told, expected, strict=True)] == [True] * len(expected)
    assert ("Brå redovisar bara hela kommunen" in " ".join(told)) is (district and len(expected) > 0)
