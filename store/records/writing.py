"""Writes of the work, inside one transaction: all of it is saved, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.records.attached import Attachment
from store.records.base import Row
from store.records.choices import Stage
from store.records.deciding import undecidable
from store.records.errors import Fault, Forbidden, Missing, Refused, Stale
from store.records.models import ROWS
from store.records.rights import Actor, Right
from store.records.rules import about_columns, faults_of, locked
from store.records.settled import settled
from store.records.situations import Situation
from store.records.thread import Cause, Plan
from store.records.tidying import tidied

R = TypeVar("R", bound=Row)

#: Only ``decide`` sets it.
_BY_DECISION = [Fault("stage", "Beslut fattas för sig, med dag, organ och diarienummer.")]


class Writing:
    """What can be done in a transaction. Made by ``Work.together``."""

    def __init__(self, session: Session, actor: Actor, data_dir: Path | None) -> None:
        self._session = session
        self._actor = actor
        self._data_dir = data_dir

    def create(self, row: R) -> R:
        """Save a new row; it gets its id and version 1. Raises Refused."""
        model = type(row)
        given = {name: getattr(row, name) for name in about_columns(model)}
        values, faults = tidied(model, given)
        for name in given:
            setattr(row, name, values.get(name))
        if isinstance(row, Attachment):
            row.sha256 = hashlib.sha256(row.content).hexdigest()
        faults += _BY_DECISION if getattr(row, "stage", "") == Stage.DECIDED else []
        _refuse(_with_rules(self._session, row, values, faults))
        self._session.add(row)
        self._session.flush()
        return row

    def save(self, model: type[R], row_id: int, version: int, **changes: Any) -> R:
        """Change columns of a row that was read as ``version``. Raises Refused, Stale and Missing."""
        row = self._read(model, row_id, version, changes)
        values, faults = tidied(model, changes)
        _refuse(locked(self._session, row))
        faults += _BY_DECISION if values.get("stage") == Stage.DECIDED else []
        return self._change(row, values, faults)

    def decide(
        self, model: type[R], row_id: int, version: int, *, decided_on: date, decided_by: str, registry_number: str
    ) -> R:
        """Decide a situation picture or a plan, which is then never changed. Raises Forbidden beside what save does."""
        if not self._actor.may(Right.DECIDE):
            raise Forbidden(self._actor, Right.DECIDE)
        decision = {"decided_on": decided_on, "decided_by": decided_by, "registry_number": registry_number}
        row = self._read(model, row_id, version, {})
        if not isinstance(row, Situation | Plan):
            raise TypeError(f"{model.__name__} is not decided")
        values, faults = tidied(model, decision)
        _refuse(locked(self._session, row))
        row.stage = Stage.DECIDED.value
        for name, value in values.items():
            setattr(row, name, value)
        faults += undecidable(self._session, row, self._data_dir)
        _refuse_changed(self._session, _with_rules(self._session, row, values, faults))
        self._session.flush()
        return row

    def delete(self, model: type[R], row_id: int, version: int) -> None:
        """Put a row aside, with its parts. Raises Refused, Stale and Missing."""
        row = self._read(model, row_id, version, {})
        going = list(_with_parts(self._session, row, None))
        held = [fault for part in going for fault in settled(self._session, part, {"plan_id"})]
        _refuse(dict.fromkeys([*locked(self._session, row), *held]))
        now = datetime.now(UTC)
        for part in going:
            part.deleted_at = now
        self._session.flush()

    def restore(self, model: type[R], row_id: int) -> R:
        """Bring back a row that was put aside, with the parts that went with it. Raises Refused and Missing.

        A tie to a measure whose plan has been decided meanwhile stays aside.
        """
        row = self._session.get(model, int(row_id))
        if row is None:
            raise Missing
        if row.deleted_at:
            for part in list(_with_parts(self._session, row, row.deleted_at)):
                if part is row or not settled(self._session, part, {"plan_id"}):
                    part.deleted_at = None
            _refuse_changed(self._session, faults_of(self._session, row, about_columns(model)))
            self._session.flush()
        return row

    def link(self, model: type[R], **ends: int) -> R:
        """Tie two rows, if they are not tied already. Raises Refused."""
        row = self._linked(model, ends)
        if row is None:
            return self.create(model(**ends))
        return self.restore(model, row.id)

    def unlink(self, model: type[R], **ends: int) -> None:
        """Untie two rows, if they are tied."""
        row = self._linked(model, ends)
        if row is not None and row.deleted_at is None:
            self.delete(model, row.id, row.version)

    def _linked(self, model: type[R], ends: dict[str, int]) -> R | None:
        return self._session.scalars(select(model).filter_by(**{name: int(end) for name, end in ends.items()})).first()

    def _read(self, model: type[R], row_id: int, version: int, mine: dict[str, Any]) -> R:
        row = self._session.get(model, int(row_id))
        if row is None or row.deleted_at:
            raise Missing
        if row.version != version:
            self._session.expunge(row)  # it outlives the transaction
            raise Stale(mine, row, version)
        return row

    def _change(self, row: R, values: dict[str, Any], faults: list[Fault]) -> R:
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        _refuse_changed(self._session, _with_rules(self._session, row, changed, faults))
        self._session.flush()
        return row


def _with_rules(session: Session, row: Row, new: Iterable[str], faults: list[Fault]) -> list[Fault]:
    """The faults found so far and those of the rules, which add nothing to a column that is already told of."""
    told = {fault.column for fault in faults}
    return [*faults, *(fault for fault in faults_of(session, row, new) if fault.column not in told)]


def _refuse(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise Refused(found)


def _refuse_changed(session: Session, faults: list[Fault]) -> None:
    if faults:
        for row in list(session.dirty):
            session.refresh(row)  # or it would be saved with whatever else the transaction saves
        raise Refused(faults)


#: What a row consists of beside itself: the rows that must have it, and the causes of a cause.
_PARTS = {
    parent: [
        (model, key.parent.name)
        for model in ROWS.values()
        for key in model.__table__.foreign_keys
        if key.column.table is parent.__table__ and (not key.parent.nullable or (model is Cause and parent is Cause))
    ]
    for parent in ROWS.values()
}


def _with_parts(session: Session, row: Row, deleted_at: datetime | None) -> Iterator[Row]:
    """The row and its parts, those that are live, or were put aside at the same moment."""
    yield row
    for model, column in _PARTS[type(row)]:
        when = model.deleted_at.is_(None) if deleted_at is None else model.deleted_at == deleted_at
        for part in session.scalars(select(model).where(getattr(model, column) == row.id, when)).all():
            yield from _with_parts(session, part, deleted_at)
