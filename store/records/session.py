"""The session that every write goes through: it stamps rows, and writes the history with the change itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from store.records.attached import History
from store.records.base import Base, Row
from store.records.choices import Action, Stage

#: Not part of a change: they say when and by whom it was made, which the history says itself.
STAMPS = frozenset({"version", "created_at", "created_by", "changed_at", "changed_by"})


class WritingSession(Session):
    """A session with a name to write under (``info["by"]``). Nothing is removed and nothing saved past the history."""


def _stamp(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if session.deleted:
        raise TypeError("rows are put aside, never removed")
    now, by = datetime.now(UTC), session.info["by"]
    for row in session.new:
        if isinstance(row, Row):
            row.created_at, row.created_by = now, by
            row.changed_at, row.changed_by = now, by
    for row in session.dirty:
        if isinstance(row, Row) and session.is_modified(row):
            row.changed_at, row.changed_by = now, by


def _record(session: Session, _context: UOWTransaction) -> None:
    changes = [
        *(_change(row, Action.CREATED) for row in session.new if isinstance(row, Row)),
        *(_change(row, None) for row in session.dirty if isinstance(row, Row) and session.is_modified(row)),
    ]
    if changes:
        session.connection().execute(insert(History), changes)


def _change(row: Row, action: Action | None) -> dict[str, Any]:
    """What the history says of a row that has just been written."""
    state = inspect(row)
    before, after = {}, {}
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in STAMPS or attribute.deferred:
            continue
        changed = state.attrs[name].history
        if action or changed.has_changes():
            before[name] = _plain(changed.deleted[0]) if changed.deleted else None
            after[name] = _plain(getattr(row, name))
    return {
        "at": row.changed_at,
        "by": row.changed_by,
        "action": (action or _action(before, after)).value,
        "row_table": row.__tablename__,
        "row_id": row.id,
        "row_version": row.version,
        "before": None if action else before,
        "after": after,
    }


def _action(before: dict[str, Any], after: dict[str, Any]) -> Action:
    if "deleted_at" in after:
        return Action.PUT_ASIDE if after["deleted_at"] else Action.RESTORED
    return Action.DECIDED if after.get("stage") == Stage.DECIDED and "stage" in before else Action.CHANGED


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    return value.isoformat() if isinstance(value, date) else value


def _refuse_statement(state: ORMExecuteState) -> None:
    """Statements that write pass over the rows' history; only rows themselves are written."""
    if state.is_update or state.is_delete or state.is_insert:
        raise TypeError("write rows, not statements")


def _refuse_other_tables(session: Session, _context: UOWTransaction, _instances: object) -> None:
    other = [row for row in (*session.new, *session.dirty) if isinstance(row, Base) and not isinstance(row, Row)]
    if other:
        raise TypeError("the history is written with what it tells of")


event.listen(WritingSession, "before_flush", _refuse_other_tables)
event.listen(WritingSession, "before_flush", _stamp)
event.listen(WritingSession, "after_flush", _record)
event.listen(WritingSession, "do_orm_execute", _refuse_statement)
