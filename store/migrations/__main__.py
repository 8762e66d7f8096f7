"""``python -m store.migrations "What is added"``: write the migration that brings the newest schema to the models."""

from __future__ import annotations

import sys

from alembic import command
from sqlalchemy import create_engine

from store.migrations import config, newest, upgrade


def main(what: str) -> None:
    """Write the file, numbered after the newest; read it before it is used."""
    name = "_".join(what.lower().split())
    with create_engine("sqlite://").begin() as connection:
        upgrade(connection)
        number = int(newest().partition("_")[0]) + 1
        command.revision(config(connection), what, autogenerate=True, rev_id=f"{number:04}_{name}")


if __name__ == "__main__":
    main(sys.argv[1])
