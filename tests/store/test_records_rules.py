"""What is refused when a row is saved, and that all of it is told at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from store.records import (
    Activity,
    Actor,
    Attachment,
    Cause,
    Evidence,
    FollowUp,
    Goal,
    Measure,
    Meeting,
    Plan,
    Problem,
    Refused,
    Row,
    Situation,
    Work,
)
from store.records.opening import engine_of

LATER = date(2999, 1, 1)
PROBLEM = {"title": "Klotter", "place_id": "0188", "place": "Norrtälje"}
DECISION: dict[str, Any] = {"decided_on": date(2026, 1, 2), "decided_by": "KS", "registry_number": "KS 2026-1"}


@pytest.fixture(scope="module")
def work(new_database: Callable[..., str]) -> Work:
    return Work(engine_of(new_database("sqlite")))


def columns(refused: Refused) -> list[str]:
    return [fault.column for fault in refused.faults]


@pytest.mark.parametrize(
    ("model", "values", "expected"),
    [
        (Problem, {}, {"title", "place_id"}),
        (Problem, {**PROBLEM, "title": "  "}, {"title"}),
        (Problem, {**PROBLEM, "stage": "begun"}, {"stage"}),
        (Problem, {**PROBLEM, "consequence": 5, "likelihood": 0, "grounds": "x"}, {"consequence", "likelihood"}),
        (Problem, {**PROBLEM, "consequence": 3}, {"likelihood", "grounds"}),
        (Problem, {**PROBLEM, "likelihood": 3, "grounds": "Enkäten"}, {"consequence"}),
        (Problem, {**PROBLEM, "consequence": 4, "likelihood": 1, "grounds": "Enkäten"}, set()),
        (Problem, {**PROBLEM, "consequence": "tre", "title": ""}, {"consequence", "title"}),
        (Problem, {**PROBLEM, "situation_id": 77}, {"situation_id"}),
        (Measure, {"title": "m", "starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 31)}, {"ends_on"}),
        (Measure, {"title": "m", "starts_on": date(2026, 2, 1), "ends_on": date(2026, 2, 1)}, set()),
        (Measure, {"title": "m", "starts_on": "2026-2-", "cost_sek": -1}, {"starts_on", "cost_sek"}),
        (Measure, {"title": "m", "cost_sek": 1.5}, {"cost_sek"}),
        (Goal, {"title": "g", "baseline": 5.0, "baseline_lower": 6.0}, {"baseline"}),
        (Goal, {"title": "g", "baseline": 5.0, "baseline_lower": 4.0, "baseline_upper": 6}, set()),
        (Goal, {"title": "g", "target": float("inf")}, {"target"}),
        (FollowUp, {"due_on": date(2026, 4, 1)}, {"goal_id"}),
        (FollowUp, {"measure_id": 77, "light": "red"}, {"measure_id", "due_on", "grounds"}),
        (Meeting, {"title": "April", "planned_on": LATER, "held_on": LATER}, {"held_on"}),
        (Evidence, {"title": "Diagram"}, {""}),
        (Activity, {"title": "a", "units": -1}, {"plan_id", "units"}),
        (Attachment, {"about_table": "users", "about_id": 1, "file_name": "a", "content": b""}, {"about_id"}),
    ],
)
def test_all_that_is_wrong_is_told_at_once(
    model: type[Row], values: dict[str, Any], expected: set[str], work: Work, anna: Actor
) -> None:
    if not expected:
        assert work.create(anna, model(**values)).version == 1
        return
    with pytest.raises(Refused) as refused:
        work.create(anna, model(**values))
    assert set(columns(refused.value)) == expected
    assert len(columns(refused.value)) == len(expected)


def test_a_cause_stands_in_a_tree_of_its_own_problem(work: Work, anna: Actor) -> None:
    one, other = (work.create(anna, Problem(**PROBLEM)) for _ in range(2))
    top = work.create(anna, Cause(problem_id=one.id, what="Mörkt"))
    below = work.create(anna, Cause(problem_id=one.id, what="Trasig lampa", parent_id=top.id))
    with pytest.raises(Refused, match="ett annat problem"):
        work.create(anna, Cause(problem_id=other.id, what="Mörkt", parent_id=top.id))
    for row, parent in ((top, below), (top, top)):
        with pytest.raises(Refused, match="går runt i ring"):
            work.save(anna, Cause, row.id, row.version, parent_id=parent.id)


def test_evidence_is_not_moved_to_a_decided_picture(work: Work, anna: Actor) -> None:
    picture = work.create(
        anna,
        Situation(
            title="L", place_id="0188", place="N", build="b", crime="a", consequences="b", other="c", analysis="d"
        ),
    )
    work.decide(anna, Situation, picture.id, 1, **DECISION)
    evidence = work.create(anna, Evidence(title="Diagram", problem_id=work.create(anna, Problem(**PROBLEM)).id))
    with pytest.raises(Refused, match="är beslutad och ändras inte"):
        work.save(anna, Evidence, evidence.id, 1, problem_id=None, situation_id=picture.id)


def test_what_a_decided_plan_holds_is_not_changed(work: Work, anna: Actor) -> None:
    plan, other = (work.create(anna, Plan(kind="activity", title=title)) for title in ("Plan 1", "Plan 2"))
    fixed = work.create(anna, Activity(plan_id=plan.id, title="Tryggare skola", cost_sek=1000, units=2))
    option = work.create(anna, Activity(plan_id=plan.id, title="Möten", option=True))
    measure = work.create(anna, Measure(plan_id=plan.id, title="Belysning", cost_sek=500))
    aside = work.create(anna, Measure(plan_id=plan.id, title="Staket"))
    work.delete(anna, Measure, aside.id, 1)
    elsewhere = work.create(anna, Activity(plan_id=other.id, title="Kurs"))
    loose = work.create(anna, Measure(title="Kameror"))
    work.decide(anna, Plan, plan.id, 1, **DECISION)

    refused: list[tuple[Callable[[], object], set[str]]] = [
        (lambda: work.create(anna, Measure(plan_id=plan.id, title="Ny")), {"plan_id"}),
        (lambda: work.create(anna, Activity(plan_id=plan.id, title="Ny")), {"plan_id"}),
        (lambda: work.save(anna, Measure, loose.id, 1, plan_id=plan.id), {"plan_id"}),
        (lambda: work.save(anna, Activity, elsewhere.id, 1, plan_id=plan.id), {"plan_id"}),
        (lambda: work.save(anna, Measure, measure.id, 1, plan_id=None), {"plan_id"}),
        (lambda: work.save(anna, Activity, fixed.id, 1, plan_id=other.id), {"plan_id"}),
        (lambda: work.delete(anna, Measure, measure.id, 1), {"plan_id"}),
        (lambda: work.delete(anna, Activity, option.id, 1), {"plan_id"}),
        (lambda: work.restore(anna, Measure, aside.id), {"plan_id"}),
        (
            lambda: work.save(anna, Measure, measure.id, 1, title="Annan", cost_sek=0, place="Rimbo", unit="Gata"),
            {"title", "cost_sek", "place"},
        ),
        (
            lambda: work.save(anna, Activity, fixed.id, 1, per="skola", units=3, chosen=False, option=True),
            {"per", "units", "chosen", "option"},
        ),
        (lambda: work.save(anna, Activity, option.id, 1, option=False, chosen=False), {"option"}),
    ]
    for write, expected in refused:
        with pytest.raises(Refused, match="Planen «Plan 1» är beslutad") as told:
            write()
        assert set(columns(told.value)) == expected
        assert "Gör en ny plan, eller anteckna en avvikelse" in str(told.value)
    assert work.get(Measure, measure.id).title == "Belysning"  # type: ignore[union-attr]

    days = {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 3, 1)}
    carried_out = {"progress": "ongoing", "role": "Enhetschefen", "unit": "Gata", "grade": "", **days}
    assert work.save(anna, Measure, measure.id, 1, title="Belysning", **carried_out).version == 2
    assert work.save(anna, Activity, fixed.id, 1, progress="ongoing").version == 2
    assert work.save(anna, Activity, option.id, 1, chosen=False, units=4).version == 2
    assert work.save(anna, Activity, elsewhere.id, 1, title="Utbildning").version == 2


# The identity number is one that Skatteverket sets aside for tests; the telephone number is one that PTS does.
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kontakta 19121212-1212 i ärendet", "personnummer (19…)"),
        ("Ring 070-174 06 05", "telefon (07…)"),
        ("Skriv till karin@example.se", "e-post (ka…)"),
        ("Karin Lundgren ser till belysningen", "namn (Ka…)"),
        ("Hallsta skola, Wigulfskolan och Karl Johans gata", ""),
        ("Max Hallstavik och Rimbo torg", ""),
        ("KS 2025-1234, beslut 2026-03-04 kl. 14.30, 123 000 kr", ""),
        ("Samordnaren på trygghetsenheten", ""),
    ],
)
def test_personal_data_stop_a_text(text: str, kind: str, work: Work, anna: Actor) -> None:
    problem = work.create(anna, Problem(**PROBLEM))
    if not kind:
        assert work.save(anna, Problem, problem.id, 1, description=text).description == text
        return
    with pytest.raises(Refused) as refused:
        work.save(anna, Problem, problem.id, 1, description=text, title=text)
    assert sorted(columns(refused.value)) == ["description", "title"]
    assert f"«Beskrivning» innehåller {kind}. Personuppgifter sparas inte här." in str(refused.value)
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "stopped"),
    [("Karin Lundgren, 070-174 06 05, karin@example.se", False), ("Karin Lundgren 19121212-1212", True)],
)
def test_where_people_are_named_on_purpose_only_identity_numbers_stop(
    text: str, stopped: bool, work: Work, anna: Actor
) -> None:
    meeting = Meeting(title="April", planned_on=date(2026, 4, 15), participants=text)
    if stopped:
        with pytest.raises(Refused, match="«Deltagare» innehåller personnummer"):
            work.create(anna, meeting)
    else:
        assert work.create(anna, meeting).participants == text
