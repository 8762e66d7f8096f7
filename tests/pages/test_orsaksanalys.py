"""Orsaksanalys: begun, worked step by step, with what the figures suggest, and what another saved meanwhile."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from store.records import Actor, Cause, CauseAnalysis, ChainStep, Evidence, Problem, Role, Work, open_work
from store.settings import Settings
from tests.pages.conftest import OpenPage
from tests.pages.test_local import HERE, areas, text_of

PAGE = "orsaksanalys"
ANNA = Actor("Anna", Role.EDITOR)


@pytest.fixture
def work(literal: object, tmp_path: Path) -> Work:
    """The work of an installation whose facts are a few areas."""
    assert callable(literal)
    literal(**areas())
    return open_work(Settings(data_dir=tmp_path).records, tmp_path)


def problem_in(work: Work, **more: object) -> Problem:
    return work.create(ANNA, Problem(title="Stölder *vid* torget", place_id=HERE, place="Norrtälje", **more))


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click()
    return app.run()


def field(app: AppTest, label: str) -> object:
    every = [*app.text_input, *app.text_area, *app.selectbox]
    return next(one for one in every if one.label.replace("\\", "") == label)


def write(app: AppTest, **fields: str) -> None:
    """Fill in fields by their labels, whose spaces are written as underscores."""
    for label, text in fields.items():
        field(app, label.replace("_", " ")).set_value(text)  # type: ignore[attr-defined]


def numbers(app: AppTest) -> list[str]:
    outline = next(one for one in app.radio if one.label == "Välj en orsak")
    return [option.replace("\\", "").replace("\N{EM SPACE}", "") for option in outline.options]


def test_without_problems_it_says_where_to_begin(work: Work, open_page: OpenPage) -> None:
    app = open_page(PAGE, problem="77")
    assert not app.exception
    assert "Det finns inget problem att analysera än." in text_of(app)
    assert "Problemet finns inte längre." in app.info[0].value


def test_from_the_first_step_to_the_last(work: Work, open_page: OpenPage) -> None:
    problem = problem_in(work)
    app = open_page(PAGE, problem=str(problem.id))
    assert app.title[0].value == r"Orsaksanalys: Stölder \*vid\* torget"
    assert "Analysen tar ungefär 20 minuter" in text_of(app)
    press(app, "Börja analysen")
    begun = work.all(CauseAnalysis, problem_id=problem.id)[0]
    assert begun.held_on is not None

    write(app, **{"Vad_händer_–_krävs": "Cykeln ställs olåst", "Hur_kedjan_kan_brytas_här": "Fler ställ"})
    press(app, "Lägg till")
    assert [step.break_here for step in work.all(ChainStep)] == ["Fler ställ"]
    assert "Kan brytas: Fler ställ" in text_of(app)

    press(app, "Ta bort")
    assert not work.all(ChainStep)
    press(app, "Ta tillbaka")
    assert [step.what for step in work.all(ChainStep)] == ["Cykeln ställs olåst"]

    press(app, "Nästa: Fem varför")
    write(app, **{"Varför_finns_problemet?_Skriv_en_orsak": "Få vuxna"})
    press(app, "Lägg till orsaken")
    write(app, **{"Varför_1?_Skriv_en_orsak_till_den": "Tomt efter klockan 20"})
    press(app, "Lägg till svaret")
    assert numbers(app) == ["○ **1** Få vuxna", "○ **1.1** Tomt efter klockan 20"]
    press(app, "Utåt")
    assert numbers(app) == ["○ **1** Få vuxna", "○ **2** Tomt efter klockan 20"]
    press(app, "Inåt")
    app.radio[0].set_value(work.all(Cause, parent_id=None)[0].id).run()
    sure = next(one for one in app.checkbox if one.label == "Ja, ta bort 1 och 1 orsak under den")
    assert next(one for one in app.button if one.label == "Ta bort 1 och 1 orsak under den").disabled
    sure.check().run()
    press(app, "Ta bort 1 och 1 orsak under den")
    assert not work.all(Cause)
    press(app, "Ångra")
    assert numbers(app) == ["○ **1** Få vuxna", "○ **1.1** Tomt efter klockan 20"]
    assert not app.exception

    press(app, "Nästa: Fiskben")
    write(app, **{"1_Få_vuxna": "setting"})
    press(app, "Spara sidorna")
    assert [cause.branch for cause in work.all(Cause, parent_id=None)] == ["setting"]

    press(app, "Nästa: Brottstriangeln")
    write(app, **{"Plats:_varför_just_där,_och_vem_skulle_kunna_ingripa_men_gör_det_inte?": "Torget"})
    press(app, "Spara")
    assert work.all(CauseAnalysis)[0].setting == "Torget"

    press(app, "Nästa: Väg och pröva")
    app.radio[0].set_value(work.all(Cause, parent_id=None)[0].id).run()
    field(app, "Betydelse").set_value(3)  # type: ignore[attr-defined]
    field(app, "Hur säkert").set_value("known")  # type: ignore[attr-defined]
    press(app, "Spara och gå till nästa")
    assert [(cause.weight, cause.certainty) for cause in work.all(Cause, parent_id=None)] == [(3, "known")]
    assert "1 av 2 orsaker är vägda." in text_of(app)
    write(app, **{"Rubrik_–_krävs": "Samtal med fältare", "Källa": "Fältsekreterare, mars"})
    press(app, "Lägg till underlaget")
    assert [one.kind for one in work.all(Evidence)] == ["survey"]
    assert not app.exception

    press(app, "Nästa: Sammanfatta")
    told = text_of(app)
    assert "**Vi vet:** 1 Få vuxna" in told
    assert "2 orsaker har ingen åtgärd än" in told
    assert "«vet» utan underlag: 1 Få vuxna" in app.warning[0].value
    write(app, Deltagare="Skola, polis", Vad_vi_vet="Torget är tomt")
    press(app, "Spara sammanfattningen")
    assert [(one.known, one.participants) for one in work.all(CauseAnalysis)] == [("Torget är tomt", "Skola, polis")]
    assert not app.exception


def test_what_another_saved_meanwhile_is_not_written_over(work: Work, open_page: OpenPage) -> None:
    problem = problem_in(work)
    begun = work.create(ANNA, CauseAnalysis(problem_id=problem.id))
    app = open_page(PAGE, problem=str(problem.id), steg="6 Sammanfatta")
    write(app, Vad_vi_tror="Min text")
    work.save(ANNA, CauseAnalysis, begun.id, begun.version, believed="Annas text")
    press(app, "Spara sammanfattningen")
    assert not app.exception
    shown = app.table[0].value
    assert shown.loc["Vad vi tror"].tolist() == ["Min text", "Annas text"]
    assert work.all(CauseAnalysis)[0].believed == "Annas text"


def test_what_stands_out_in_the_figures_can_be_made_a_cause(built: Path, open_page: OpenPage) -> None:
    work = open_work(Settings(data_dir=built).records, built)
    measured = {"kind": "indicator", "area_id": HERE, "indicator_id": "bra_offences_total", "label": "Anmälda brott"}
    problem = problem_in(work, measured=measured)
    work.create(ANNA, CauseAnalysis(problem_id=problem.id))
    app = open_page(PAGE, problem=str(problem.id), steg="2 Fem varför")
    app.session_state["suggestions"] = True
    app.run()
    assert not app.exception
    told = text_of(app)
    assert "jämfört med alla tidigare år. Det visar var förändringen ligger, inte varför." in told
    press(app, "Lägg till som orsak")
    cause, ground = work.all(Cause, problem_id=problem.id)[0], work.all(Evidence)[-1]
    assert cause.what == "Övriga brott (brottsgrupp) har ökat mer, eller minskat mindre, än de andra"
    assert "gånger så många som om det följt de andra" in ground.note
    assert (ground.cause_id, ground.kind) == (cause.id, "chart")
    assert ground.frozen["measured"] == measured
    assert parse_qs(urlsplit(ground.link).query)["jamfor"] == ["Alla tidigare år"]
    assert numbers(app) == [f"○ **1** {cause.what}"]
    assert "Finns redan bland orsakerna" in [one.label for one in app.button]
