"""A build of the shipped open figures, and the app opened on it without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pipelines import engine
from store.settings import PROJECT, Settings
from ui import facts

#: Opens a page by its folder: ``open_page("lagesbild", plats="Hallstavik", ar="2019")``; the rest are address choices.
OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a build of the open figures that ship with the project."""
    data_dir = tmp_path_factory.mktemp("data")
    engine.build(Settings(data_dir=data_dir))
    return data_dir


@pytest.fixture
def open_page(built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Runs app.py and goes to a page. ``municipality`` is the installation's setting, Norrtälje unless told."""

    def opened(folder: str, *, municipality: str = "0188", **choices: str) -> AppTest:
        monkeypatch.setenv("RODA_TRADEN_DATA_DIR", str(built))
        monkeypatch.setenv("RODA_TRADEN_MUNICIPALITY", municipality)
        facts.settings.cache_clear()
        st.cache_data.clear()
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        for name, value in choices.items():
            app.query_params[name] = value
        app.run()
        if folder != "lagesbild":  # the start page has run already
            app.switch_page(f"pages/{folder}/page.py").run()
        return app

    yield opened
    facts.settings.cache_clear()
    st.cache_data.clear()
