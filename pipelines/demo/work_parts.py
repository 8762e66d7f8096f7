"""Rows of the example's threads, tied to what they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from store.records import Cause, Evidence, Goal, GoalMeasure, Measure, MeasureCause, Problem, Row, Writing
from store.records.choices import Branch, Certainty, EvidenceKind


@dataclass(frozen=True)
class Tied:
    """The situation picture and the plan that a thread belongs to."""

    situation_id: int
    plan_id: int


class Seen(Protocol):
    """A series in a place."""

    @property
    def measured(self) -> dict[str, str]: ...
    @property
    def place(self) -> str: ...


def problem_of(
    writing: Writing, tied: Tied, seen: Seen, kept: Mapping[str, Any], *, weighed: tuple[int, int], **told: str
) -> Problem:
    """A problem and the figure that showed it. ``weighed``: consequence and likelihood."""
    survey = seen.measured["kind"] == "survey"
    problem = writing.create(
        Problem(
            place_id=seen.measured["area_id"], place=seen.place, indicator=seen.measured["label"],
            measured=seen.measured, period=kept["period"], consequence=weighed[0], likelihood=weighed[1],
            situation_id=tied.situation_id, **told,
        )
    )  # fmt: skip
    kind = EvidenceKind.SURVEY if survey else EvidenceKind.CHART
    for owner in ({"problem_id": problem.id}, {"situation_id": tied.situation_id}):
        writing.create(
            Evidence(
                kind=kind.value, title=kept["finding"], note=kept["sentence"], build=kept["build"], link=kept["page"],
                source="; ".join(one["citation"] for one in kept["sources"]), frozen=dict(kept), **owner,
            )
        )  # fmt: skip
    return problem


def cause_of(
    writing: Writing, problem_id: int, position: int, what: str, branch: Branch, judged: tuple[int, Certainty],
    under: Row | None = None,
) -> Cause:  # fmt: skip
    """A cause, ``under`` another or at the top. ``judged``: its weight, and how well it is known."""
    return writing.create(
        Cause(
            problem_id=problem_id, parent_id=under.id if under else None, position=position, what=what,
            branch=branch.value, weight=judged[0], certainty=judged[1].value,
        )
    )  # fmt: skip


def measure_of(
    writing: Writing, tied: Tied, problem_id: int | None, area: tuple[str, str], causes: Sequence[Row], **told: Any
) -> Measure:
    """A measure in the plan and place, meant to act on these causes."""
    plain = {name: getattr(value, "value", value) for name, value in told.items()}
    measure = writing.create(
        Measure(plan_id=tied.plan_id, problem_id=problem_id, place_id=area[0], place=area[1], **plain)
    )
    for cause in causes:
        writing.link(MeasureCause, measure_id=measure.id, cause_id=cause.id)
    return measure


def goal_of(writing: Writing, problem: Problem, measures: Sequence[int], **told: Any) -> Goal:
    """A goal at the problem's place that these measures work towards."""
    goal = writing.create(Goal(problem_id=problem.id, place_id=problem.place_id, place=problem.place, **told))
    for measure_id in measures:
        writing.link(GoalMeasure, goal_id=goal.id, measure_id=measure_id)
    return goal
