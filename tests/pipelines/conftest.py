"""An installation that knows the places of the municipality, to import local spreadsheets into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines import engine
from store.settings import PROJECT, Settings


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A build of the areas that ship and nothing else; never changed."""
    folder = tmp_path_factory.mktemp("places")
    shutil.copytree(PROJECT / "data" / "open" / "scb_areas", folder / "open" / "scb_areas")
    shutil.copy(PROJECT / "data" / "open" / "delivered.toml", folder / "open")
    settings = Settings(data_dir=folder / "data", open_dir=folder / "open")
    engine.build(settings)
    return settings


@pytest.fixture
def installation(places: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same as an installation of a test's own, for its processes too."""
    shutil.copytree(places.data_dir, tmp_path / "data")
    monkeypatch.setenv("RODA_TRADEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RODA_TRADEN_OPEN_DIR", str(places.open_dir))
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    return Settings()
