"""How the work's database came to be as it is: one migration for each change of ``store.records``' models."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

#: Alembic holds what it works on in a module.
_one_at_a_time = Lock()
_FOLDER = Path(__file__).parent


@cache
def newest() -> str:
    """The newest migration's id: its file's name without ending; they are numbered."""
    return max(path.stem for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the database to a schema (the newest), inside the transaction that ``connection`` has begun."""
    from alembic import command  # takes a while to load, and is needed once for each change of the schema

    with _one_at_a_time:
        command.upgrade(config(connection), to)


def config(connection: Connection) -> Config:
    """What Alembic needs to know to work on this connection."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.set_main_option("file_template", "%%(rev)s")
    made.attributes["connection"] = connection
    return made
