"""Situation pictures, on a build of a few rows: written, refused while a part is empty, decided, and opened later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from store.publish import pinned, switch
from store.records import Actor, Evidence, Role, Situation, Work, open_work
from store.records.choices import Stage
from tests.pages.conftest import OpenPage, forget_answers, words
from tests.pages.test_problem import button, tables
from tests.queries.literal import literal_build

CHIEF = Actor("Chef", Role.DECIDER)
TEXTS = {
    "Brottslighetens omfattning": "Skadegörelsen har ökat.",
    "Brottslighetens konsekvenser": "Elever undviker gården.",
    "Övrig relevant information": "Rapportörer ser samma sak.",
    "Analys": "Kvällar utan vuxna.",
}


@pytest.fixture
def work(literal: Callable[..., None], tmp_path: Path) -> Work:
    """The work beside a build of two years."""
    literal(**tables(y2024=90.0, y2025=120.0))
    return open_work(tmp_path / "records.sqlite", tmp_path)


def use_chart(open_page: OpenPage, title: str) -> AppTest:
    """Add the chart of vandalism to a situation picture: a new one with this title, or the first draft."""
    app = open_page("lagesbild")
    app.session_state["use-anmalda-brott-ar"] = True
    app.session_state["use-for-anmalda-brott-ar"] = "Lägesbild"
    app.run()
    if title:
        app.text_input(key="use-name-anmalda-brott-ar").set_value(title)
    return button(app, "Lägg till i lägesbild")


def write(app: AppTest, **texts: str) -> AppTest:
    for area in app.text_area:
        if area.label in texts:
            area.set_value(texts[area.label])
    return button(app, "Spara texten")


def decided(work: Work, on: date) -> Situation:
    """One that was decided on a day, without figures."""
    parts = {"crime": "a", "consequences": "b", "other": "c", "analysis": "d"}
    made = work.create(CHIEF, Situation(title="Äldre", place_id="0188", place="Norrtälje kommun", build="b1", **parts))
    return work.decide(
        CHIEF, Situation, made.id, made.version, decided_on=on, decided_by="KS", registry_number="KS 2026/1"
    )


def test_from_charts_to_a_decision_that_keeps_its_figures(work: Work, open_page: OpenPage, tmp_path: Path) -> None:
    app = use_chart(open_page, "Lägesbild 2027")
    assert not app.exception
    use_chart(open_page, "")
    (made,) = work.all(Situation)
    assert (made.title, made.build) == ("Lägesbild 2027", "b1")
    first, second = work.all(Evidence, situation_id=made.id)
    assert (first.position, second.position) == (0, 1)

    app = open_page("lagesbilder", lagesbild=str(made.id))
    assert not app.exception
    missing = "brottslighetens omfattning, brottslighetens konsekvenser, övrig relevant information och analys"
    assert f"Det som saknas är {missing} (4 §)." in words(app)
    assert "Besluta lägesbilden" not in [one.label for one in app.button]
    assert "- Brå, anmälda brott" in words(app)
    assert "Källor som finns här men inte har använts (0)" in [box.label for box in app.expander]
    app.button(key=f"down-{first.id}").click().run()
    assert [one.id for one in work.all(Evidence, situation_id=made.id)] == [second.id, first.id]
    app.button(key=f"out-{first.id}").click().run()
    write(app, **{**TEXTS, "Analys": ""})
    assert "Det som saknas är analys (4 §)." in words(app)
    write(app, **TEXTS)
    assert "Alla delar är skrivna." in words(app)

    next(box for box in app.text_input if box.label == "Beslutande organ").set_value("Kommunstyrelsen")
    button(app, "Besluta lägesbilden")  # without day and number
    assert work.all(Situation)[0].stage == Stage.DRAFT
    assert "Fyll i «Diarienummer»." in app.error[0].value
    made = work.all(Situation)[0]
    work.decide(
        CHIEF, Situation, made.id, made.version, decided_on=date(2026, 3, 4), decided_by="Kommunstyrelsen",
        registry_number="KS 2026/17",
    )  # fmt: skip
    assert pinned(tmp_path)["b1"].endswith("beslutad")

    literal_build(tmp_path, build_id="b2", **tables(y2024=90.0, y2025=124.0, y2026=99.0))
    switch(tmp_path, "b2", "test")
    forget_answers()
    app = open_page("lagesbilder", lagesbild=str(made.id))
    assert not app.exception
    assert app.markdown[0].value.endswith("beslutad 4 mars 2026 av Kommunstyrelsen, KS 2026/17")
    told = [one.value.replace("\xa0", " ") for one in app.info]
    assert "ändrade eller nyare uppgifter till 1 av 1 figurer" in told[0]
    assert told[1] == (
        "Skadegörelse: 1 av 2 siffror är ändrad: 2025 var 120 och är nu 124. En ny period har kommit, 2026: 99."
    )
    assert "ur bygge b1" in words(app)
    assert "Texten sparades senast med uppgifterna i bygge b1. Figurerna är ur bygge b1. Bygget sparas" in words(app)
    assert not app.text_area or all("Kommentar" in area.label for area in app.text_area)
    button(app, "Ny lägesbild utifrån denna")
    new = work.all(Situation, stage=Stage.DRAFT.value)[0]
    assert (new.follows_id, new.build, new.analysis) == (made.id, "b2", "Kvällar utan vuxna.")
    (copied,) = work.all(Evidence, situation_id=new.id)
    assert (copied.build, copied.frozen) == ("b1", second.frozen)


@pytest.mark.parametrize(
    ("on", "kind", "said"),
    [
        (date(2026, 3, 4), "info", "Lagen kräver att den uppdateras minst vartannat år (6 §): senast 4 mars 2028."),
        (date(2023, 8, 1), "warning", "Den skulle ha uppdaterats senast 1 augusti 2025 (6 §)."),
    ],
    ids=["in time", "overdue"],
)
def test_the_clock_of_the_law(on: date, kind: str, said: str, work: Work, open_page: OpenPage) -> None:
    decided(work, on)
    app = open_page("lagesbilder")
    assert not app.exception
    assert said in app.get(kind)[0].value


def test_a_new_one_is_begun_put_aside_and_brought_back(work: Work, open_page: OpenPage) -> None:
    app = open_page("lagesbilder", lagesbild="7")
    assert app.info[0].value == "Lägesbilden finns inte längre. Här är de som finns."
    assert "Här finns ingen lägesbild än." in words(app)
    next(box for box in app.text_input if box.label.startswith("Rubrik")).set_value("Lägesbild Rimbo")
    next(box for box in app.selectbox if box.label.startswith("Plats")).set_value("0188-rimbo")
    button(app, "Börja")
    assert app.title[0].value == "Lägesbild Rimbo"
    assert not app.exception
    button(app, "Lägg undan utkastet")
    assert work.all(Situation) == []
    button(app, "Ta tillbaka")
    assert [(one.place, one.build) for one in work.all(Situation)] == [("Rimbo", "b1")]
