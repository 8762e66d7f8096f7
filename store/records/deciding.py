"""What must be there before a situation picture or a plan can be decided. Law (2023:196) 4-5 §§."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from store.records.base import Row
from store.records.choices import PlanKind, Stage
from store.records.errors import Fault
from store.records.partnership import Activity
from store.records.situations import Situation
from store.records.thread import Measure, Plan

#: The parts of a situation picture that the law asks for, and where it does.
LAWFUL_PARTS = {
    "crime": "4 § 1 lagen (2023:196)",
    "consequences": "4 § 1 lagen (2023:196)",
    "other": "4 § 2 lagen (2023:196)",
    "analysis": "4 § 3 lagen (2023:196)",
}
_DECISION = ("decided_on", "decided_by", "registry_number")


def undecidable(session: Session, row: Situation | Plan, data_dir: Path | None) -> list[Fault]:
    """Why it cannot be decided as it stands, its decision filled in."""
    missing = [Fault(name, f"Fyll i «{_label(row, name)}».") for name in _DECISION if not getattr(row, name)]
    particular = _situation(row, data_dir) if isinstance(row, Situation) else _plan(session, row)
    return [*missing, *particular]


def _situation(situation: Situation, data_dir: Path | None) -> list[Fault]:
    faults = [
        Fault(part, f"«{_label(situation, part)}» är tom. Den delen krävs ({where}).")
        for part, where in LAWFUL_PARTS.items()
        if not getattr(situation, part)
    ]
    if not situation.build:
        faults.append(Fault("build", "Lägesbilden säger inte vilka siffror den bygger på. Öppna och spara den igen."))
    elif data_dir and not (data_dir / "builds" / f"{situation.build}.duckdb").exists():
        faults.append(
            Fault("build", f"Siffrorna som den bygger på (bygge {situation.build}) finns inte kvar. Uppdatera den.")
        )
    return faults


def _plan(session: Session, plan: Plan) -> list[Fault]:
    lawful = plan.kind == PlanKind.LAWFUL
    content = Measure if lawful else Activity
    faults = []
    if not session.scalar(select(exists().where(content.plan_id == plan.id, content.deleted_at.is_(None)))):
        faults.append(Fault("", f"Planen har ingen {'åtgärd' if lawful else 'aktivitet'} än. Lägg till minst en."))
    return [*faults, *(_rests_on(session, plan) if lawful else [])]


def _rests_on(session: Session, plan: Plan) -> list[Fault]:
    """Law 5 §: the plan is decided on the basis of the situation picture."""
    situation = session.get(Situation, plan.situation_id) if plan.situation_id else None
    if situation is None:
        return [Fault("situation_id", "Välj lägesbilden som planen bygger på (5 § lagen 2023:196).")]
    if situation.stage != Stage.DECIDED:
        return [Fault("situation_id", "Lägesbilden som planen bygger på är inte beslutad. Besluta den först.")]
    decided: date | None = plan.decided_on
    if decided and situation.decided_on and decided < situation.decided_on:
        return [Fault("decided_on", "Planen kan inte vara beslutad före lägesbilden som den bygger på.")]
    return []


def _label(row: Row, name: str) -> str:
    label: str = row.__table__.columns[name].info["about"].label
    return label
