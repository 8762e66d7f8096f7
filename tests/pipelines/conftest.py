"""An installation that knows the places of the municipality, to import local spreadsheets into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines import engine
from store.settings import PROJECT, Settings
from tests.conftest import MadeOnce


@pytest.fixture(scope="session")
def places(made_once: MadeOnce) -> Settings:
    """A build of the areas that ship and nothing else; never changed."""

    def make(folder: Path) -> None:
        shutil.copytree(PROJECT / "data" / "open" / "scb_areas", folder / "open" / "scb_areas")
        shutil.copy(PROJECT / "data" / "open" / "delivered.toml", folder / "open")
        engine.build(Settings(data_dir=folder / "data", open_dir=folder / "open"))

    folder = made_once("places", make)
    return Settings(data_dir=folder / "data", open_dir=folder / "open")


@pytest.fixture
def installation(places: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same as an installation of a test's own, for its processes too."""
    shutil.copytree(places.data_dir, tmp_path / "data")
    monkeypatch.setenv("RODA_TRADEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RODA_TRADEN_OPEN_DIR", str(places.open_dir))
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    return Settings()
