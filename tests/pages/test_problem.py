"""Problem, on a build of a few rows: from a chart to a weighed problem, by hand, put aside and brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from charts import frozen as frozen_exhibit
from store.publish import switch
from store.records import Actor, Evidence, Problem, Role, Work, open_work
from tests.pages.conftest import OpenPage, forget_answers, words
from tests.queries.literal import Rows, literal_build, year

OFFENCES, SOURCE = "bra_offences_vandalism", "bra_reported_offences"
ANNA = Actor("Anna", Role.EDITOR)


def tables(**figures: float) -> dict[str, Rows]:
    """A municipality with a district, and vandalism by year: ``tables(y2024=90, y2025=120)``."""
    return {
        "area": [
            {"area_id": "0188", "level": "municipality", "name": "Norrtälje"},
            {"area_id": "0188-rimbo", "level": "district", "name": "Rimbo", "parent_id": "0188"},
        ],
        "source": [{"source_id": SOURCE, "title": "Anmälda brott", "citation": "Brå, anmälda brott"}],
        "delivery": [
            {"delivery_id": "d1", "source_id": SOURCE, "layout": "data", "file": "brott.csv", "sha256": "s", "bytes": 1,
             "received_at": pd.Timestamp(2026, 11, 23), "received_by": "x", "rows_read": 2, "rows_kept": 2,
             "rows_refused": 0},
        ],
        "indicator": [
            {"indicator_id": OFFENCES, "source_id": SOURCE, "name": "Skadegörelse", "unit": "antal", "theme": "Brott"},
            {"indicator_id": f"{OFFENCES}_rate", "source_id": SOURCE, "name": "Skadegörelse", "unit": "per 100 000",
             "theme": "Brott"},
        ],
        "observation": [
            {"indicator_id": one, "area_id": "0188", **year(int(name[1:])), "value": value}
            for name, value in figures.items()
            for one in (OFFENCES, f"{OFFENCES}_rate")
        ],
    }  # fmt: skip


@pytest.fixture
def work(literal: Callable[..., None], tmp_path: Path) -> Work:
    """The work beside a build of two years."""
    literal(**tables(y2024=90.0, y2025=120.0))
    return open_work(tmp_path / "records.sqlite", tmp_path)


def problem(work: Work, title: str = "Klotter", place_id: str = "0188", place: str = "Norrtälje kommun") -> Problem:
    return work.create(ANNA, Problem(title=title, place_id=place_id, place=place))


def button(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()  # type: ignore[no-any-return]


@pytest.mark.usefixtures("work")
def test_the_first_thing_to_do_is_said(open_page: OpenPage) -> None:
    app = open_page("problem")
    assert not app.exception
    assert "Här finns inga problem än." in words(app)
    assert "**Gör till problem**" in words(app)


def test_from_a_chart_to_a_weighed_problem(work: Work, open_page: OpenPage) -> None:
    app = open_page("lagesbild")
    app.session_state["use-anmalda-brott-ar"] = True
    app.run()
    assert not app.exception
    app.text_input(key="use-title-anmalda-brott-ar").set_value("Skadegörelse vid skolor")
    button(app, "Gör till problem")
    (made,) = work.all(Problem)
    assert (made.title, made.place_id, made.place) == ("Skadegörelse vid skolor", "0188", "Norrtälje kommun")
    assert (made.indicator, made.period) == ("Skadegörelse", "2024–2025")
    assert made.measured == {
        "kind": "indicator", "area_id": "0188", "label": "Skadegörelse", "indicator_id": OFFENCES,
    }  # fmt: skip
    (evidence,) = work.all(Evidence, problem_id=made.id)
    assert (evidence.build, evidence.source) == ("b1", "Brå, anmälda brott")
    at = evidence.frozen["series"]["columns"].index("value")
    assert [row[at] for row in evidence.frozen["series"]["rows"]] == [90.0, 120.0]

    app = open_page("problem", problem=str(made.id))
    assert not app.exception
    assert "inte bedömt än" in words(app)
    assert "ur bygge b1" in words(app)
    button(app, "Spara bedömningen")  # nothing chosen: nothing is saved
    consequence, likelihood = [box for box in app.selectbox if box.label in ("Konsekvens", "Sannolikhet")]
    consequence.set_value(3)
    likelihood.set_value(4)
    button(app, "Spara bedömningen")
    assert "Skriv vad bedömningen av konsekvens och sannolikhet grundas på." in app.error[0].value
    next(area for area in app.text_area if area.label == "Grund för bedömningen").set_value("Tolv fönster på en månad")
    button(app, "Spara bedömningen")
    assert not app.error
    assert "**Prioritet 12 av 16:** konsekvensen är stor (3) och det är mycket troligt (4)" in words(app)

    app = open_page("problem")
    assert "prioritet 12 av 16 (3 × 4)" in words(app)
    filled = [one.label for one in app.button if (one.key or "").startswith("cell-") and not one.disabled]
    assert filled == [":small[3 × 4:] **1 st**"]


def test_frozen_figures_stay_and_a_revision_is_told(work: Work, open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("lagesbild")
    app.session_state["use-anmalda-brott-ar"] = True
    button(app.run(), "Gör till problem")
    (made,) = work.all(Problem)
    literal_build(tmp_path, build_id="b2", **tables(y2024=90.0, y2025=124.0))
    switch(tmp_path, "b2", "test")
    forget_answers()
    app = open_page("problem", problem=str(made.id))
    assert not app.exception
    told = app.info[0].value.replace("\xa0", " ")
    assert told == "Skadegörelse: 1 av 2 siffror är ändrad: 2025 var 120 och är nu 124."
    assert "ur bygge b1" in words(app)
    assert frozen_exhibit.thaw(work.all(Evidence)[0].frozen).table["Antal"].tolist() == [90, 120]


def test_filters_stage_and_the_table(work: Work, open_page: OpenPage) -> None:
    rimbo = problem(work, "Inbrott", "0188-rimbo", "Rimbo")
    done = problem(work, "Klart")
    work.save(ANNA, Problem, done.id, 1, stage="closed")
    app = open_page("problem", problemplats="Rimbo", visa_som="Tabell")
    assert not app.exception
    assert app.dataframe[0].value["Problem"].tolist() == ["Inbrott"]
    app.selectbox(key="oppna").set_value(rimbo.id).run()
    assert app.title[0].value == "Inbrott"
    app = open_page("problem", lage="Avslutat")
    assert "1 problem är inte bedömt" in words(app)


def test_by_hand_aside_and_back_with_history(work: Work, open_page: OpenPage) -> None:
    app = open_page("problem")
    next(box for box in app.text_input if box.label.startswith("Problem")).set_value("Bråk vid stationen")
    next(box for box in app.selectbox if box.label.startswith("Plats")).set_value("0188-rimbo")
    button(app, "Spara problemet")
    assert app.title[0].value == "Bråk vid stationen"
    assert "har inga frysta siffror" in words(app)
    (made,) = work.all(Problem)
    assert made.place == "Rimbo"

    app = open_page("problem", problem=str(made.id))
    next(area for area in app.text_area if area.label.startswith("Kommentar")).set_value("Fråga fältarna")
    button(app, "Lägg till kommentar")
    assert "Fråga fältarna" in words(app)
    app.session_state[f"history-problem-{made.id}"] = True
    assert "Lokal användare: skapad." in words(app.run())
    button(app, "Lägg undan problemet")
    assert work.all(Problem) == []

    app = open_page("problem", problem=str(made.id))
    assert "Problemet finns inte längre." in app.info[0].value
    button(app, "Ta tillbaka")
    assert [one.title for one in work.all(Problem)] == ["Bråk vid stationen"]
