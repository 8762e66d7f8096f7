"""The thread: problem, cause, measure, goal and follow-up, and what ties them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from store.records import choices
from store.records.base import Row, choice, day, figure, of, order, record, text, whole


class Problem(Row):
    """Something to prevent, at a place, with what showed it and how it is weighed.

    ``measured`` says which series shows it (``queries.measured``); its figures, frozen, are its evidence.
    """

    __tablename__ = "problem"

    title: Mapped[str] = text("Problem", required=True)
    description: Mapped[str] = text("Beskrivning", long=True)
    place_id: Mapped[str] = text("Plats", required=True)
    place: Mapped[str] = text("Platsens namn", required=True)
    indicator: Mapped[str] = text("Mått")
    measured: Mapped[Any] = record("Serie som visar problemet")
    period: Mapped[str] = text("Period")
    consequence: Mapped[int | None] = whole("Konsekvens", lowest=1, highest=4)
    likelihood: Mapped[int | None] = whole("Sannolikhet", lowest=1, highest=4)
    grounds: Mapped[str] = text("Grund för bedömningen", long=True)
    stage: Mapped[str] = choice("Läge", choices.ProblemStage, choices.ProblemStage.OPEN)
    situation_id: Mapped[int | None] = of("situation", "Lägesbild")


class CauseAnalysis(Row):
    """One sitting with the causes of a problem: when, who, and what came out beside the tree."""

    __tablename__ = "cause_analysis"

    problem_id: Mapped[int] = of("problem", "Problem", required=True)
    held_on: Mapped[date | None] = day("Datum")
    participants: Mapped[str] = text("Deltagare", names=True, long=True)
    known: Mapped[str] = text("Vad vi vet", long=True)
    believed: Mapped[str] = text("Vad vi tror", long=True)
    unknown: Mapped[str] = text("Vad vi inte vet", long=True)
    victim: Mapped[str] = text("Brottsutsatt eller mål", long=True)
    offender: Mapped[str] = text("Motiverad gärningsperson", long=True)
    setting: Mapped[str] = text("Plats utan tillräckligt skydd", long=True)


class ChainStep(Row):
    """A step in the chain of events, from before the crime to after it."""

    __tablename__ = "chain_step"

    problem_id: Mapped[int] = of("problem", "Problem", required=True)
    phase: Mapped[str] = choice("När", choices.Phase, choices.Phase.DURING)
    position: Mapped[int] = order()
    what: Mapped[str] = text("Vad händer", required=True)
    break_here: Mapped[str] = text("Hur kedjan kan brytas här", long=True)


class Cause(Row):
    """A cause of a problem, or of another cause: an answer to one more «varför?»."""

    __tablename__ = "cause"

    problem_id: Mapped[int] = of("problem", "Problem", required=True)
    parent_id: Mapped[int | None] = of("cause", "Orsak till")
    position: Mapped[int] = order()
    what: Mapped[str] = text("Orsak", required=True)
    branch: Mapped[str] = choice("Hör till", choices.Branch)
    weight: Mapped[int | None] = whole("Betydelse", lowest=1, highest=3)
    certainty: Mapped[str] = choice("Hur säkert", choices.Certainty)


class Plan(Row):
    """An action plan: the lawful one, which rests on a situation picture, or the partnership's activity plan."""

    __tablename__ = "plan"

    kind: Mapped[str] = choice("Slag", choices.PlanKind, choices.PlanKind.LAWFUL)
    title: Mapped[str] = text("Rubrik", required=True)
    situation_id: Mapped[int | None] = of("situation", "Bygger på lägesbilden")
    party: Mapped[str] = text("Part")
    starts_on: Mapped[date | None] = day("Gäller från")
    ends_on: Mapped[date | None] = day("Gäller till")
    budget_sek: Mapped[int | None] = whole("Budget per år", lowest=0, unit="kr")
    stage: Mapped[str] = choice("Läge", choices.Stage, choices.Stage.DRAFT)
    decided_on: Mapped[date | None] = day("Beslutsdag")
    decided_by: Mapped[str] = text("Beslutande organ")
    registry_number: Mapped[str] = text("Diarienummer")


class Measure(Row):
    """A measure (*åtgärd*), in Brå's columns: who, when, cost and how far it has come."""

    __tablename__ = "measure"

    plan_id: Mapped[int | None] = of("plan", "Plan")
    activity_id: Mapped[int | None] = of("activity", "Aktivitet")
    problem_id: Mapped[int | None] = of("problem", "Problem")
    title: Mapped[str] = text("Åtgärd", required=True)
    description: Mapped[str] = text("Så går det till", long=True)
    place_id: Mapped[str] = text("Plats")
    place: Mapped[str] = text("Platsens namn")
    approach: Mapped[str] = choice("Slag", choices.Approach)
    reach: Mapped[str] = choice("Riktad till", choices.Reach)
    grade: Mapped[str] = choice("Evidens", choices.Grade)
    grade_grounds: Mapped[str] = text("Evidensen bygger på", long=True)
    role: Mapped[str] = text("Ansvarig roll")
    unit: Mapped[str] = text("Enhet")
    starts_on: Mapped[date | None] = day("Startar")
    ends_on: Mapped[date | None] = day("Slutar")
    cost_sek: Mapped[int | None] = whole("Kostnad", lowest=0, unit="kr")
    funding: Mapped[str] = text("Finansiering")
    progress: Mapped[str] = choice("Läge", choices.Progress, choices.Progress.PLANNED)


class MeasureCause(Row):
    """A measure meant to act on a cause."""

    __tablename__ = "measure_cause"
    __table_args__ = (UniqueConstraint("measure_id", "cause_id"),)

    measure_id: Mapped[int] = of("measure", "Åtgärd", required=True)
    cause_id: Mapped[int] = of("cause", "Orsak", required=True)


class Goal(Row):
    """What should be true by when, in a figure that can be followed: indicator, place, baseline, target, date.

    ``measured`` says which series it is followed in (``queries.measured``); ``control_id`` and ``buffer_id`` name the
    areas that the planned evaluation compares with; ``detectable`` is the answer, before the start, to whether it can
    find the effect wished for.
    """

    __tablename__ = "goal"

    title: Mapped[str] = text("Mål", required=True)
    problem_id: Mapped[int | None] = of("problem", "Problem")
    indicator: Mapped[str] = text("Mått")
    measured: Mapped[Any] = record("Serie som målet följs i")
    place_id: Mapped[str] = text("Plats")
    place: Mapped[str] = text("Platsens namn")
    unit: Mapped[str] = text("Enhet")
    direction: Mapped[str] = choice("Riktning", choices.Direction, choices.Direction.FALL)
    baseline: Mapped[float | None] = figure("Utgångsläge")
    baseline_lower: Mapped[float | None] = figure("Utgångsläge, intervallets nedre gräns")
    baseline_upper: Mapped[float | None] = figure("Utgångsläge, intervallets övre gräns")
    baseline_period: Mapped[str] = text("Utgångslägets period")
    target: Mapped[float | None] = figure("Målvärde")
    due_on: Mapped[date | None] = day("Senast")
    criterion: Mapped[str] = text("Så avgörs om målet är nått", long=True)
    control_id: Mapped[str] = text("Jämförelseområde, kod")
    buffer_id: Mapped[str] = text("Angränsande område, kod")
    detectable: Mapped[Any] = record("Kan utvärderingen hitta effekten?")


class GoalMeasure(Row):
    """A measure that works towards a goal."""

    __tablename__ = "goal_measure"
    __table_args__ = (UniqueConstraint("goal_id", "measure_id"),)

    goal_id: Mapped[int] = of("goal", "Mål", required=True)
    measure_id: Mapped[int] = of("measure", "Åtgärd", required=True)


class FollowUp(Row):
    """A follow-up of a goal (its effect) or of a measure (its process), planned for a day and held on one."""

    __tablename__ = "follow_up"

    goal_id: Mapped[int | None] = of("goal", "Mål")
    measure_id: Mapped[int | None] = of("measure", "Åtgärd")
    meeting_id: Mapped[int | None] = of("meeting", "Möte")
    due_on: Mapped[date | None] = day("Planerad till", required=True)
    held_on: Mapped[date | None] = day("Genomförd")
    done: Mapped[str] = text("Vad har gjorts", long=True)
    hours: Mapped[float | None] = figure("Timmar", lowest=0)
    cost_sek: Mapped[int | None] = whole("Kostnad hittills", lowest=0, unit="kr")
    light: Mapped[str] = choice("Bedömning", choices.Light)
    grounds: Mapped[str] = text("Grund för bedömningen", long=True)
    verdict: Mapped[str] = text("Vad siffrorna säger", long=True)
    outcome: Mapped[str] = choice("Beslut", choices.Outcome)
    outcome_grounds: Mapped[str] = text("Skäl till beslutet", long=True)
    decided_by: Mapped[str] = text("Beslutad av (roll eller organ)")
