"""The ready documents, composed from a work whose every word is known here, on the shipped figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reports.description import Bullets, Fillable, Report, Shown, Tabled, Text
from reports.documents import DOCUMENTS
from store.records import (
    Activity,
    Actor,
    Cause,
    Evidence,
    Goal,
    GoalMeasure,
    Measure,
    MeasureCause,
    Plan,
    Problem,
    Role,
    Situation,
    Work,
    open_work,
)
from store.warehouse import Build, current_build

DAY = date(2026, 11, 24)
WHO = Actor("Anna", Role.DECIDER)
FROZEN = {
    "id": "skador", "finding": "Skador i Rimbo: 59 fall 2023", "sentence": "Fler än slumpen brukar ge.",
    "unit": "antal",
    "place": "Rimbo", "period": "2023", "filters": [], "alt": "Staplar.", "mark": "", "measured": None, "figure": None,
    "sources": [{"citation": "Egen källa", "delivered": "2024-03-04"}], "build": "b1",
    "table": {"columns": ["År", "Antal"], "types": ["int64", "int64"], "rows": [[2023, 59]]},
}  # fmt: skip


@pytest.fixture
def work(tmp_path: Path, built: Path) -> Work:
    return open_work(tmp_path / "records.sqlite", built)


@pytest.fixture
def build(built: Path) -> Build:
    found = current_build(built)
    assert found is not None
    return found


def composed(name: str, work: Work, build: Build, row_id: int) -> Report:
    return DOCUMENTS[name].compose(work, build, row_id, DAY)


def parts(report: Report, heading: str) -> tuple[object, ...]:
    return next(section.parts for section in report.sections if section.heading == heading)


def situation(work: Work, build: Build, **texts: str) -> Situation:
    named = {"title": "Lägesbild 2026", "place_id": "0188", "place": "Norrtälje kommun", "period": "2025"}
    row = work.create(WHO, Situation(**named, build=build.id, **texts))
    work.create(WHO, Evidence(situation_id=row.id, title="Skador", frozen=FROZEN, build="b1", note="Egen kommentar."))
    work.create(WHO, Evidence(situation_id=row.id, title="Samtal", note="Fältare berättar.", source="Socialkontoret"))
    return row


def test_a_draft_says_that_it_is_one_and_leaves_fields_for_what_is_missing(work: Work, build: Build) -> None:
    row = situation(work, build, crime="Skadorna ökar.\n\nMest på kvällar.")
    made = composed("lagesbild", work, build, row.id)
    assert made.marks == ("Utkast",)
    assert parts(made, "1. Brottsligheten (4 § 1)") == (
        Text(("Brottslighetens omfattning:", "Skadorna ökar.", "Mest på kvällar.")),
        Fillable("Brottslighetens konsekvenser"),
    )
    assert parts(made, "3. Analys (4 § 3)") == (Fillable("Analys"),)
    assert parts(made, "Beslut") == (Fillable("Beslutande organ"), Fillable("Beslutsdag"), Fillable("Diarienummer"))


def test_its_figures_are_those_that_were_frozen_and_the_rest_is_left_out_by_name(work: Work, build: Build) -> None:
    row = situation(work, build, sources_left_out="Kolada gäller hela kommunen.")
    made = composed("lagesbild", work, build, row.id)
    (shown,) = parts(made, "Figurer")
    assert isinstance(shown, Shown)
    assert shown.exhibit.table.to_dict("records") == [{"År": 2023, "Antal": 59}]
    assert (shown.exhibit.finding, shown.own_words) == ("Skador i Rimbo: 59 fall 2023", "Egen kommentar.")
    assert parts(made, "Annat underlag") == (Bullets(("Samtal: Fältare berättar. (Socialkontoret)",)),)
    why, _, known = parts(made, "Källor som inte har använts")
    assert why == Text(("Kolada gäller hela kommunen.",))
    assert isinstance(known, Bullets)
    assert any(one.startswith("Anmälda brott (Brottsförebyggande rådet (Brå))") for one in known.items)
    assert [one.citation for one in made.sources] == ["Egen källa"]


def test_a_decided_one_tells_its_decision_and_is_no_draft(work: Work, build: Build) -> None:
    row = situation(work, build, crime="a", consequences="b", other="c", analysis="d")
    work.decide(
        WHO, Situation, row.id, row.version, decided_on=date(2026, 5, 12), decided_by="Kommunstyrelsen",
        registry_number="KS 2026-97",
    )  # fmt: skip
    made = composed("lagesbild", work, build, row.id)
    assert (made.marks, made.build) == ((), build.id)
    told = "Beslutad 12 maj 2026 av Kommunstyrelsen, diarienummer KS 2026-97. Siffrorna är de som gällde då."
    assert parts(made, "Beslut") == (Text((told,)),)


def test_a_plan_has_the_columns_of_bra_and_marks_where_the_thread_is_broken(work: Work, build: Build) -> None:
    plan = work.create(WHO, Plan(title="Åtgärdsplan 2026", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31)))
    problem = work.create(WHO, Problem(title="Skador", place_id="0188", place="Norrtälje"))
    cause = work.create(WHO, Cause(problem_id=problem.id, what="Platsen är mörk"))
    days = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 12, 1)}
    whole = work.create(
        WHO, Measure(plan_id=plan.id, problem_id=problem.id, title="Ny belysning", role="Gatuchefen", unit="Gata",
                     cost_sek=240000, funding="Investering", place="Rimbo", **days)
    )  # fmt: skip
    work.create(WHO, Measure(plan_id=plan.id, title="Vandring"))
    goal = work.create(
        WHO, Goal(title="Färre skador", indicator="Skador", place="Rimbo", unit="fall", baseline=68,
                  baseline_lower=52.8, baseline_upper=86.2, baseline_period="2025", target=44,
                  due_on=date(2026, 12, 31))
    )  # fmt: skip
    work.link(WHO, MeasureCause, measure_id=whole.id, cause_id=cause.id)
    work.link(WHO, GoalMeasure, goal_id=goal.id, measure_id=whole.id)
    made = composed("atgardsplan", work, build, plan.id)
    assert (made.period, made.place, made.marks) == ("2026–2027", "Rimbo", ("Utkast",))
    (table,) = parts(made, "Åtgärder")
    assert isinstance(table, Tabled)
    rows = table.table.to_dict("records")
    assert list(table.table.columns) == ["Orsak", "Åtgärd", "Operativa mål", "När", "Vem", "Uppföljning"]
    assert {"Orsak": "1 Platsen är mörk", "Åtgärd": "Ny belysning", "Operativa mål": "Färre skador",
            "När": "1 mars 2026–1 december 2026", "Vem": "Gatuchefen, Gata",
            "Uppföljning": "Planerad, skulle ha börjat; ingen uppföljning planerad"} in rows  # fmt: skip
    assert table.note == "«saknas» står på 3 ställen: där är tråden bruten."
    (paid,) = parts(made, "Kostnader")
    assert isinstance(paid, Tabled)
    assert paid.note == "Tillsammans 240\u00a0000 kr. För 1 av 2 åtgärder finns ingen kostnad skriven."
    (goals,) = parts(made, "Operativa mål")
    assert isinstance(goals, Tabled)
    assert goals.table.iloc[0].tolist() == [
        "Färre skador", "Skador, Rimbo", "68 fall (52,8–86,2), 2025", "44 fall", "31 december 2026", "saknas",
    ]  # fmt: skip


def test_the_partnerships_plan_sums_what_is_carried_out_against_the_budget(work: Work, build: Build) -> None:
    plan = work.create(WHO, Plan(kind="activity", title="Aktivitetsplan 2025", party="Stiftelsen", budget_sek=300000))
    work.create(WHO, Activity(plan_id=plan.id, number=1, title="Skola", cost_sek=123000, per="skola", units=2))
    work.create(WHO, Activity(plan_id=plan.id, number=2, title="Spel", option=True, chosen=False, cost_sek=50000))
    made = composed("aktivitetsplan", work, build, plan.id)
    assert made.subtitle == "Aktivitetsplan för partnerskap med Stiftelsen"
    table, sums = parts(made, "Aktiviteter")
    assert isinstance(table, Tabled)
    pd.testing.assert_series_equal(
        table.table["Kostnad, kr"], pd.Series([246000, 50000], dtype="Int64"), check_names=False
    )
    spent = "De aktiviteter som genomförs kostar 246\u00a0000 kr."
    assert sums == Bullets((spent, "Årets budget är 300\u00a0000 kr: 54\u00a0000 kr är kvar."))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_row_that_is_not_there_is_said(name: str, work: Work, build: Build) -> None:
    with pytest.raises(LookupError, match="nummer 99 finns inte"):
        composed(name, work, build, 99)
