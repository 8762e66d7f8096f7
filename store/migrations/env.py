"""Run by Alembic: the migrations, on the connection and in the transaction of whoever asked for them."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import store.records.models  # noqa: F401 - all tables
from store.records.base import Base, Moment


def _written(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """How a column's type is written in a migration: none hangs on a class that may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_item=_written
)
context.run_migrations()
