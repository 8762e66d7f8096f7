"""An installation with the shipped figures, to import into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines import engine
from pipelines.intake.workspace import Workspace
from store.settings import Settings


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a build of the shipped figures; never changed."""
    folder = tmp_path_factory.mktemp("shipped")
    engine.build(Settings(data_dir=folder))
    return folder


@pytest.fixture
def settings(shipped: Path, tmp_path: Path) -> Settings:
    """An installation of its own for a test."""
    shutil.copytree(shipped, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture(scope="session")
def workspace(shipped: Path) -> Workspace:
    """The shipped installation as files are read against it, for tests that publish nothing."""
    return Workspace.of(Settings(data_dir=shipped))
