"""The work's store on both databases: every test gets an empty one of its own, copied from one that is migrated."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from store.records import Actor, Role, Work
from store.records.opening import engine_of
from tests.store.postgresql import server

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server, with ``{}`` for the database's name."""
    with server() as address:
        yield address


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Makes a database of a kind, empty or (the default) of the newest schema, and returns its URL."""
    folder = tmp_path_factory.mktemp("records")
    number = count()
    migrated: dict[str, str] = {}

    def made(kind: str, *, empty: bool = False) -> str:
        name = f"records{next(number)}"
        if not empty and kind not in migrated:
            migrated[kind] = made(kind, empty=True)
            engine_of(migrated[kind]).dispose()
        if kind == "sqlite":
            if not empty:
                shutil.copy(migrated[kind].removeprefix("sqlite:///"), folder / name)
            return f"sqlite:///{folder / name}"
        address = request.getfixturevalue("postgresql")
        template = "" if empty else f" TEMPLATE {migrated[kind].partition('@/')[2].partition('?')[0]}"
        admin = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{template}"))
        admin.dispose()
        return str(address.format(name))

    return made


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, new_database: Callable[..., str]) -> str:
    """A database of the newest schema with nothing in it."""
    return new_database(request.param)


@pytest.fixture
def work(url: str, tmp_path: Path) -> Iterator[Work]:
    """The store on it; builds are in ``tmp_path``."""
    opened = Work(engine_of(url), tmp_path)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def anna() -> Actor:
    """Someone with all rights."""
    return Actor("Anna", Role.ADMIN)
