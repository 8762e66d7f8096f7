"""The work's store: what pages read and write."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Boolean, Date, DateTime, Engine, Float, Integer, Select, inspect, select, type_coerce
from sqlalchemy.orm import Session, undefer

from store.records.attached import History
from store.records.base import Moment, Row
from store.records.errors import Forbidden
from store.records.opening import WRITES, engine_of
from store.records.pins import keep_builds
from store.records.rights import Actor, Right
from store.records.session import WritingSession
from store.records.writing import Writing

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=Row)


class Work:
    """The rows of the work. One object for all threads; what it returns is nobody else's and has plain attributes.

    ``data_dir`` is where the builds are that situation pictures refer to; they are then kept.
    """

    def __init__(self, engine: Engine, data_dir: Path | None = None) -> None:
        self.engine = engine
        self._data_dir = data_dir
        self._turn = threading.Lock()
        self._writer = 0

    def get(self, model: type[R], row_id: int) -> R | None:
        """The live row with this id, whole, or None."""
        with Session(self.engine) as session:
            row = session.get(model, int(row_id), options=[undefer("*")])
            return row if row is not None and row.deleted_at is None else None

    def all(self, model: type[R], *, deleted: bool = False, **equals: Any) -> list[R]:
        """The live rows whose columns equal these (a list: one of these), or those put aside; in their order.

        Contents of attachments are left out: ``get`` has them.
        """
        query = _chosen(select(model), model, equals, deleted=deleted)
        with Session(self.engine) as session:
            return list(session.scalars(query))

    def frame(self, model: type[Row], **equals: Any) -> pd.DataFrame:
        """The live rows as a table, in their order, with all columns but contents of attachments.

        Whole numbers are ``Int64`` (empty where there is none), days and moments (UTC) datetime64, texts ``str``.
        """
        import pandas as pd

        columns = [
            model.__table__.c[attribute.key] for attribute in inspect(model).column_attrs if not attribute.deferred
        ]
        # Moments as the driver has them, in UTC or without zone: the table gives them theirs, all at once.
        read_as = [type_coerce(c, DateTime(timezone=True)) if isinstance(c.type, Moment) else c for c in columns]
        query = _chosen(select(*read_as), model, equals, deleted=False)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        read = {
            column.name: pd.Series(values, dtype=_dtype(column.type))
            for column, values in zip(columns, zip(*rows, strict=True) if rows else [()] * len(columns), strict=True)
        }
        return pd.DataFrame(read)

    def history(self, model: type[Row], row_id: int) -> list[History]:
        """What has been done with a row, from first to last."""
        mine = (History.row_table == model.__tablename__, History.row_id == int(row_id))
        with Session(self.engine) as session:
            return list(session.scalars(select(History).where(*mine).order_by(History.id)))

    def revision(self) -> str:
        """A key of what the work holds: another after every write, and after another work has been restored."""
        last = select(History.id, History.at).order_by(History.id.desc()).limit(1)
        with self.engine.connect() as connection:
            found = connection.execute(last).first()
        # Numbers start again from those of the backup; the moment is no other write's.
        return f"{found.id} {found.at.isoformat()}" if found else ""

    @contextmanager
    def together(self, actor: Actor) -> Iterator[Writing]:
        """One transaction: all that is written in it is saved at its end, or nothing if anything raises."""
        if not actor.may(Right.WRITE):
            raise Forbidden(actor, Right.WRITE)
        if self._writer == threading.get_ident():
            raise RuntimeError("a transaction inside another would wait for it for ever")
        with self._turn:  # in the order they came; SQLite lets those who wait try at random
            self._writer = threading.get_ident()
            try:
                yield from self._transaction(actor)
            finally:
                self._writer = 0

    def _transaction(self, actor: Actor) -> Iterator[Writing]:
        engine = self.engine.execution_options(**WRITES)
        info = {"by": actor.name}
        with WritingSession(engine, expire_on_commit=False, autoflush=False, info=info) as session, session.begin():
            yield Writing(session, actor, self._data_dir)
            session.flush()
            if self._data_dir:
                keep_builds(session, self._data_dir)

    def create(self, actor: Actor, row: R) -> R:
        """Save a new row. Raises Refused and Forbidden."""
        with self.together(actor) as writing:
            return writing.create(row)

    def save(self, actor: Actor, model: type[R], row_id: int, version: int, **changes: Any) -> R:
        """Change a row that was read as ``version``. Raises Refused, Stale, Missing and Forbidden."""
        with self.together(actor) as writing:
            return writing.save(model, row_id, version, **changes)

    def delete(self, actor: Actor, model: type[R], row_id: int, version: int) -> None:
        """Put a row aside, with its parts. Raises Refused, Stale, Missing and Forbidden."""
        with self.together(actor) as writing:
            writing.delete(model, row_id, version)

    def restore(self, actor: Actor, model: type[R], row_id: int) -> R:
        """Bring back what was put aside. Raises Refused, Missing and Forbidden."""
        with self.together(actor) as writing:
            return writing.restore(model, row_id)

    def link(self, actor: Actor, model: type[R], **ends: int) -> R:
        """Tie two rows, if they are not tied already. Raises Refused and Forbidden."""
        with self.together(actor) as writing:
            return writing.link(model, **ends)

    def unlink(self, actor: Actor, model: type[R], **ends: int) -> None:
        """Untie two rows, if they are tied. Raises Forbidden."""
        with self.together(actor) as writing:
            writing.unlink(model, **ends)

    def decide(
        self,
        actor: Actor,
        model: type[R],
        row_id: int,
        version: int,
        *,
        decided_on: date,
        decided_by: str,
        registry_number: str,
    ) -> R:
        """Decide a situation picture or a plan. Raises Refused, Stale, Missing and Forbidden."""
        with self.together(actor) as writing:
            return writing.decide(
                model, row_id, version, decided_on=decided_on, decided_by=decided_by, registry_number=registry_number
            )


_open: dict[str, Work] = {}
_opening = threading.Lock()


def open_work(url: str | Path, data_dir: Path | None = None) -> Work:
    """The work at ``url``, of the newest schema, the same object for all who ask; a path is a file of SQLite.

    Raises WorkError for a database that a newer version of the program has made.
    """
    with _opening:
        key = f"{url}|{data_dir}"
        if key not in _open:
            _open[key] = Work(engine_of(url), data_dir)
        return _open[key]


def _chosen(query: Select[Any], model: type[Row], equals: dict[str, Any], *, deleted: bool) -> Select[Any]:
    columns = model.__table__.c
    for name, value in equals.items():
        several = isinstance(value, list)
        asked = [_plain(one) for one in value] if several else _plain(value)
        query = query.where(columns[name].in_(asked) if several else columns[name] == asked)
    query = query.where(columns["deleted_at"].is_not(None) if deleted else columns["deleted_at"].is_(None))
    order = [columns[name] for name in ("position", "number", "id") if name in columns]
    return query.order_by(*order)


def _plain(value: Any) -> Any:
    """A number of numpy's or pandas's as Python's own: SQLite finds nothing by the others, without a word."""
    return value.item() if hasattr(value, "item") else value


def _dtype(kind: Any) -> str | None:
    """The pandas type of a column."""
    if isinstance(kind, Moment):
        return "datetime64[us, UTC]"
    known = {Boolean: "bool", Date: "datetime64[s]", Float: "float64", Integer: "Int64"}
    return next(
        (name for sort, name in known.items() if isinstance(kind, sort)), "str" if kind.python_type is str else "object"
    )
