"""Orsaker i data in words and bars: what stands out is said with its part of the change, and that nothing does."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import pytest

from analysis import explain
from charts import causes as drawn


@dataclass(frozen=True)
class Record:
    found: pd.DataFrame
    before: float = 600.0
    after: float = 900.0
    before_label: str = "2024"
    after_label: str = "2025"
    scale: float = 1.0
    step: int = 1
    noise: float = 80.0
    shares: bool = False
    dimensions: pd.DataFrame = field(default_factory=pd.DataFrame)


def record(*rows: tuple[str, str, float, float], step: int = 1, **more: float) -> Record:
    """From dimension, value, before and after: what the analysis makes of them."""
    values = pd.DataFrame(rows, columns=["dimension", "value", "before", "after"])
    whole = {"before": 600.0, "after": 900.0} | more
    found = explain.change(values, (whole["before"], whole["after"]))
    found = found.assign(step=step, moved=found["after"] - found["before"])
    return Record(found, dimensions=explain.dimensions(found), step=step, **whole)


WEEK = (("Veckodag", "fredag", 90.0, 240.0), ("Veckodag", "lördag", 90.0, 210.0), ("Veckodag", "måndag", 420.0, 450.0))
PLACES = (("Kommundel", "Rimbo", 300.0, 450.0), ("Kommundel", "Hallstavik", 300.0, 450.0))


SIDES = ("before", "after")


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def test_what_stands_out_is_said_with_its_part_of_the_change() -> None:
    told = record(*WEEK, *PLACES)
    assert drawn.finding(told, "Stöld i Rimbo").startswith("Stöld i Rimbo: ")
    first, fell, quiet = (plain(line) for line in drawn.lines(told))
    assert first.startswith("**Veckodag.** Fredag och lördag står för 90 % av ökningen, mer än slumpen ger.")
    assert "Fredag: 90 i jämförelsen och 240 nu, " in first
    assert fell.startswith("**Veckodag.** Måndag har minskat mer eller ökat mindre än de andra, mer än slumpen ger.")
    assert quiet == "Kommundel: inget sticker ut mer än slumpen ger."
    text = plain(drawn.sentence(told, "året före (2024)"))
    assert text.startswith(
        "2025: 900 händelser, mot 600 året före (2024). Det är en större skillnad än slumpen ofta ger."
    )
    assert text.endswith("Det visar var förändringen ligger, inte varför.")


def test_nothing_is_said_plainly() -> None:
    told = record(*PLACES)
    assert drawn.finding(told, "Stöld") == "Stöld: inget sticker ut mer än slumpen ger"
    assert "Inget av det som källan skiljer på sticker ut" in drawn.sentence(told, "året före")
    small = record(("Kommundel", "Rimbo", 4.0, 6.0), ("Kommundel", "Väddö", 5.0, 6.0), before=9.0, after=12.0)
    assert drawn.finding(small, "Stöld") == "Stöld: för litet underlag"
    assert drawn.lines(small) == ["Kommundel: för litet underlag."]
    assert drawn.finding(Record(pd.DataFrame()), "Stöld") == "Stöld: för litet underlag"


def test_a_change_within_chance_is_not_parted_in_per_cent() -> None:
    told = record(*WEEK, noise=500.0)
    assert not drawn.clear(told)
    assert "står för" not in " ".join(drawn.lines(told))
    assert "ofta av en slump" in drawn.sentence(told, "året före")
    assert drawn.figure(told, told.found).data[0].text[0] in {"+150", "+120", "+30"}


def test_a_level_is_said_of_the_place() -> None:
    rows = [*WEEK, *PLACES]
    told = record(*rows)
    assert plain(drawn.lines(told, True)[0]).startswith("**Veckodag.** Fredag och lördag står för 90 % av skillnaden")
    lines = " ".join(drawn.lines(told, True))
    assert "Måndag är ovanligare här än i resten av kommunen, mer än slumpen ger" in lines
    assert drawn.finding(told, "Stöld", True).endswith("sticker ut mest mot resten av kommunen")


@pytest.mark.parametrize("step", [1, 5], ids=["exact", "in steps"])
def test_bars_say_their_value_verdict_and_size_in_text(step: int) -> None:
    told = record(*WEEK, step=step)
    figure = drawn.figure(told, told.found)
    names = [one.text for one in figure.layout.annotations]
    assert names[0] in {"<b>Fredag</b> (veckodag) · ▲ högre än väntat", "<b>Lördag</b> (veckodag) · ▲ högre än väntat"}
    assert names[2] == "<b>Måndag</b> (veckodag) · ▼ lägre än väntat"
    assert sorted(plain(one) for one in figure.data[0].text) == ["+120 (40 %)", "+150 (50 %)", "+30 (10 %)"]
    assert ("drygt" in " ".join(drawn.lines(told))) == (step > 1)
    table = drawn.table(told, told.found)
    assert set(table["Avrundning"]) == {"exakt" if step == 1 else "nedåt till jämna 5-tal"}
    assert table.loc[table["Värde"] == "fredag", ["Jämförelsen, antal", "Nu, antal"]].to_numpy().tolist() == [[90, 240]]


def test_what_is_hidden_is_said_to_be_and_why() -> None:
    told = record(*PLACES, ("Kommundel", "Väddö", float("nan"), float("nan")))
    figure = drawn.figure(told, told.found, told=False)
    assert figure.data[0].text[2] == "dold"
    assert figure.layout.annotations[2].text == "Väddö · dold"
    assert drawn.table(told, told.found)["Bedömning"].tolist()[2] == "dold"
    assert "eller skulle röja ett så litet antal" in drawn.lines(told)[-1]


def test_shares_are_told_in_points() -> None:
    rows = [
        {"dimension": "Kön", "value": value}
        | {f"part_{side}": part for side, part in zip(SIDES, answered, strict=True)}
        | {f"{name}_{side}": 100.0 for name in ("weight", "squares") for side in SIDES}
        for value, answered in {"kvinna": (20.0, 60.0), "man": (30.0, 30.0)}.items()
    ]
    found = explain.shares(pd.DataFrame(rows)).assign(step=1)
    found = found.assign(moved=found["contribution"] * 0.2)
    told = Record(found, 0.25, 0.45, "2023", "2025", noise=0.05, shares=True, dimensions=explain.dimensions(found))
    line = plain(drawn.lines(told)[0])
    assert line.startswith("**Kön.** Kvinna står för 100 % av ökningen, mer än slumpen ger. Kvinna: 20 % före och 60 %")
    assert plain(drawn.sentence(told, "")).startswith("Andelen var 25 % 2023 och 45 % 2025.")
    assert "+20,0 p.e. (100 %)" in [plain(one) for one in drawn.figure(told, found).data[0].text]
    assert drawn.table(told, found).loc[0, "2025, procent"] == 60
