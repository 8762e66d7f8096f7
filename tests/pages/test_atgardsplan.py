"""Åtgärdsplan, on a build of a few rows: the empty page, from a measure to a goal that can be followed, the plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from store.records import (
    Activity,
    Actor,
    Cause,
    FollowUp,
    Goal,
    GoalMeasure,
    Invoice,
    Measure,
    MeasureCause,
    Plan,
    Problem,
    Role,
    Situation,
    Work,
    open_work,
)
from tests.pages.conftest import OpenPage, words
from tests.queries.literal import year

ANNA = Actor("Anna", Role.DECIDER)
THEFT = "bra_offences_theft"


@pytest.fixture
def work(literal: Callable[..., None], tmp_path: Path) -> Work:
    """The work beside a build with thefts in the municipality: 400 a year, and 300 in 2025."""
    source = {"source_id": "bra_reported_offences", "title": "Anmälda brott"}
    literal(
        area=[{"area_id": "0188", "level": "municipality", "name": "Norrtälje"}],
        area_within=[{"area_id": "0188", "within_id": "0188"}],
        municipality=[{"municipality_id": "0188", "name": "Norrtälje", "peers": "", "peers_source": ""}],
        source=[source],
        indicator=[{"indicator_id": THEFT, "source_id": source["source_id"], "name": "Stöld", "unit": "antal",
                    "theme": "Brott", "aggregation": "sum", "decimals": 0}],
        observation=[{"indicator_id": THEFT, "area_id": "0188", **year(one), "value": 300 if one == 2025 else 400}
                     for one in range(2018, 2026)],
    )  # fmt: skip
    return open_work(tmp_path / "records.sqlite", tmp_path)


def button(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()  # type: ignore[no-any-return]


def named(widgets: object, label: str) -> object:
    return next(one for one in widgets if one.label.startswith(label))  # type: ignore[attr-defined]


def of_problem(work: Work) -> tuple[Problem, Cause]:
    problem = work.create(ANNA, Problem(title="Stölder i butik", place_id="0188", place="Norrtälje kommun"))
    work.create(ANNA, Cause(problem_id=problem.id, what="Öppna dörrar"))
    return problem, work.create(ANNA, Cause(problem_id=problem.id, position=1, what="Ingen personal vid utgången"))


def test_from_nothing_to_a_measure_tied_to_its_causes(work: Work, open_page: OpenPage) -> None:
    app = open_page("atgardsplan")
    assert not app.exception
    assert "Ingen plan finns än" in words(app)
    assert "Här finns inga åtgärder än" in words(app)
    problem, cause = of_problem(work)
    app = open_page("atgardsplan", problem=str(problem.id))
    named(app.text_input, "Åtgärd").set_value("Personal vid utgången")  # type: ignore[attr-defined]
    app = button(app, "Spara åtgärden")
    measure = work.all(Measure)[0]
    assert (measure.title, measure.problem_id, measure.place) == ("Personal vid utgången", problem.id, problem.place)
    app = open_page("atgardsplan", atgard=str(measure.id))
    assert app.title[0].value == "Personal vid utgången"
    causes = app.multiselect[0]
    assert causes.options == ["1 Öppna dörrar", "2 Ingen personal vid utgången"]
    causes.set_value([cause.id])
    app = button(app, "Spara orsakerna")
    assert [row.cause_id for row in work.all(MeasureCause)] == [cause.id]
    named(app.text_input, "Mål").set_value("Färre stölder i butik under 2027")  # type: ignore[attr-defined]
    app = button(app, "Spara målet")
    assert [row.measure_id for row in work.all(GoalMeasure)] == [measure.id]
    assert not app.exception


def test_a_goal_takes_its_baseline_from_the_figures_and_says_what_can_be_found(
    work: Work, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = work.create(ANNA, Goal(title="Färre stölder i butik under 2027", place_id="0188", place="Norrtälje kommun"))
    app = open_page("atgardsplan", mal=str(goal.id))
    assert "**Mätbart:** Välj ett mått" in words(app)
    app = named(app.selectbox, "Siffror ur").set_value("Anmälda brott").run()  # type: ignore[attr-defined]
    app = named(app.selectbox, "Mått").select_index(0).run()  # type: ignore[attr-defined]
    app = named(app.number_input, "Målvärde").set_value(290.0).run()  # type: ignore[attr-defined]
    # Byar for 300: 267-336.
    assert "Utgångsläge: 300 (2025); slumpen ensam kan flytta den mellan 267–336." in words(app)
    assert "syns bara en minskning på minst" in words(app)
    assert "Målvärdet ligger inom det som slumpen ändå flyttar siffran" in words(app)
    app = named(app.number_input, "Målvärde").set_value(150.0).run()  # type: ignore[attr-defined]
    assert "Ja: uppföljningen kan hitta en minskning" in words(app)
    app = button(app, "Spara målet")
    saved = work.get(Goal, goal.id)
    assert saved is not None
    assert (saved.baseline, saved.baseline_period, saved.target) == (300, "2025", 150)
    assert saved.detectable["can_be_found"] is True
    assert "Det är fryst" in words(app)
    assert not app.exception
    monkeypatch.setattr("ui.auth.actor", lambda: Actor("Lisa", Role.READER))
    app = open_page("atgardsplan", mal=str(goal.id))
    assert "Målvärde: 150" in words(app)
    assert "Ja: uppföljningen kan hitta en minskning" in words(app)
    assert not [one for one in app.button if one.label == "Spara målet"]
    assert not app.exception


def test_the_table_has_the_columns_and_says_what_is_late(work: Work, open_page: OpenPage) -> None:
    problem, cause = of_problem(work)
    days = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 6, 30)}
    made = work.create(
        ANNA, Measure(title="Larm", problem_id=problem.id, role="Säkerhetschefen", progress="ongoing", **days)
    )
    goal = work.create(ANNA, Goal(title="Färre stölder", due_on=date(2025, 12, 31)))
    work.link(ANNA, MeasureCause, measure_id=made.id, cause_id=cause.id)
    work.link(ANNA, GoalMeasure, goal_id=goal.id, measure_id=made.id)
    work.create(ANNA, FollowUp(measure_id=made.id, due_on=date(2025, 5, 1), held_on=date(2025, 5, 2), light="yellow",
                               grounds="Försenad leverans"))  # fmt: skip
    app = open_page("atgardsplan")
    told = words(app)
    for column, text in {
        "Orsak": "2 Ingen personal vid utgången", "Åtgärd": "**Larm**",
        "Operativa mål": "Färre stölder, senast 31 december 2025", "När": "1 jan–30 juni 2025",
        "Vem": "Säkerhetschefen", "Uppföljning": ":orange[:material/error:] Gul, 2 maj 2025",
    }.items():  # fmt: skip
        assert f":small[**{column}**]  \n{text}" in told
    assert "**Försenad:** skulle vara klar." in told
    app = open_page("atgardsplan", visa_plan="Tidslinje")
    assert not app.exception
    assert "Hel blå linje: pågår" in words(app)


def test_the_plans_with_their_decision_options_and_invoices(work: Work, open_page: OpenPage) -> None:
    plan = work.create(ANNA, Plan(kind="activity", title="Aktivitetsplan", party="Stiftelsen", budget_sek=501_000,
                                  starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)))  # fmt: skip
    work.create(ANNA, Activity(plan_id=plan.id, number=1, title="Tryggare Skola", option=True, cost_sek=123_000,
                               per="skola", units=2, grant="yes"))  # fmt: skip
    work.create(ANNA, Activity(plan_id=plan.id, number=2, title="Välfärdsbrott", cost_sek=280_000))
    app = open_page("atgardsplan", plan=str(plan.id))
    assert [metric.value.replace("\xa0", " ") for metric in app.metric] == ["501 000 kr", "526 000 kr", "25 000 kr"]
    assert app.metric[2].label == "Över budget"
    assert "För högst 246 000 kr av det valda går det att söka statsbidrag" in words(app)
    app = button(app, "Gör 2 fakturor, halvårsvis i förskott")
    assert [(one.half_year, one.amount_sek) for one in work.all(Invoice)] == [
        ("2025, första halvåret", 250_500), ("2025, andra halvåret", 250_500),
    ]  # fmt: skip
    app = named(app.toggle, "Option").set_value(False).run()  # type: ignore[attr-defined]
    assert app.metric[1].value.replace("\xa0", " ") == "280 000 kr"
    assert not work.all(Activity)[0].chosen
    lawful = work.create(ANNA, Plan(title="Åtgärdsplan 2026", situation_id=work.create(
        ANNA, Situation(title="Lägesbild", place_id="0188", place="Norrtälje kommun")).id))  # fmt: skip
    app = open_page("atgardsplan", plan=str(lawful.id))
    button(app, "Besluta planen")
    faults = "\n".join(one.value for one in app.error)
    assert "Planen har ingen åtgärd än" in faults
    assert "är inte beslutad" in faults


def test_a_decided_plan_takes_nothing_more_and_is_still_carried_out(work: Work, open_page: OpenPage) -> None:
    plan = work.create(ANNA, Plan(kind="activity", title="Aktivitetsplan", party="Stiftelsen"))
    work.create(ANNA, Activity(plan_id=plan.id, number=1, title="Tryggare Skola", description="Tre besök"))
    made = work.create(ANNA, Measure(plan_id=plan.id, title="Belysning", cost_sek=25_000, place_id="0188", place="N"))
    work.decide(ANNA, Plan, plan.id, 1, decided_on=date(2026, 1, 2), decided_by="KS", registry_number="KS 2026/1")
    app = open_page("atgardsplan", plan=str(plan.id))
    assert not app.exception
    assert "En beslutad plan ändras inte." in words(app)
    assert "gör en ny plan, eller anteckna en avvikelse vid ett möte" in words(app)
    assert not {"Ny åtgärd", "Ny aktivitet"} & {one.label for one in app.expander}
    app = open_page("atgardsplan", atgard=str(made.id))
    assert "**Kostnad:** 25 000 kr" in words(app).replace("\xa0", " ")
    assert not [one for one in app.text_input if one.label.startswith("Åtgärd")]
    assert not [one for one in app.button if one.label == "Lägg undan åtgärden"]
    named(app.text_input, "Ansvarig roll").set_value("Gatuchefen")  # type: ignore[attr-defined]
    app = button(app, "Spara åtgärden")
    assert not app.exception
    saved = work.get(Measure, made.id)
    assert saved is not None
    assert (saved.role, saved.title, saved.place, saved.plan_id) == ("Gatuchefen", "Belysning", "N", plan.id)


def test_rows_of_several_kinds_with_the_same_number_are_brought_back(work: Work, open_page: OpenPage) -> None:
    measure = work.create(ANNA, Measure(title="Belysning"))
    goal = work.create(ANNA, Goal(title="Färre stölder"))
    assert measure.id == goal.id
    for row in (measure, goal):
        work.delete(ANNA, type(row), row.id, row.version)
    app = open_page("atgardsplan")
    assert not app.exception
    assert len([one for one in app.button if one.label == "Ta tillbaka"]) == 2


def test_a_plan_takes_in_the_measures_that_have_none(work: Work, open_page: OpenPage) -> None:
    plan = work.create(ANNA, Plan(title="Åtgärdsplan 2027"))
    other = work.create(ANNA, Plan(title="En annan"))
    loose = work.create(ANNA, Measure(title="Belysning"))
    held = work.create(ANNA, Measure(title="Vandring", plan_id=other.id))
    app = open_page("atgardsplan", plan=str(plan.id))
    offered = next(one for one in app.multiselect if one.label == "Åtgärder utan plan")
    assert offered.options == ["Belysning"]
    offered.select(loose.id).run()
    app = button(app, "För in i planen")
    assert {one.id: one.plan_id for one in work.all(Measure)} == {loose.id: plan.id, held.id: other.id}
    assert not any(one.label == "Åtgärder utan plan" for one in app.multiselect)
