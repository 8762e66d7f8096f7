"""An installation that knows the places and schools of the municipality, to import into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines import engine
from pipelines.intake.workspace import Workspace
from store.settings import PROJECT, Settings
from tests.conftest import MadeOnce


@pytest.fixture(scope="session")
def shipped(made_once: MadeOnce) -> Settings:
    """A build of the areas and schools that ship, and of no other figures; never changed."""

    def make(folder: Path) -> None:
        for source in ("scb_areas", "skolverket_grades"):
            shutil.copytree(PROJECT / "data" / "open" / source, folder / "open" / source)
        shutil.copy(PROJECT / "data" / "open" / "delivered.toml", folder / "open")
        engine.build(Settings(data_dir=folder / "data", open_dir=folder / "open"))

    folder = made_once("shipped", make)
    return Settings(data_dir=folder / "data", open_dir=folder / "open")


@pytest.fixture
def settings(shipped: Settings, tmp_path: Path) -> Settings:
    """An installation of its own for a test."""
    shutil.copytree(shipped.data_dir, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data", open_dir=shipped.open_dir)


@pytest.fixture(scope="session")
def workspace(shipped: Settings) -> Workspace:
    """The shipped installation as files are read against it, for tests that publish nothing."""
    return Workspace.of(shipped)
