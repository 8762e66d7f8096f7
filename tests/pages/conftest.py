"""A build of the shipped open figures, and the app opened on it without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pipelines import engine
from store.publish import switch
from store.settings import PROJECT, Settings
from store.warehouse import current_build
from tests.queries.literal import Rows, literal_build
from ui import facts, startup

#: Opens a page by its folder: ``open_page("lagesbild", plats="Hallstavik", ar="2019")``; the rest are address choices.
OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a build of the open figures that ship with the project."""
    data_dir = tmp_path_factory.mktemp("data")
    engine.build(Settings(data_dir=data_dir))
    return data_dir


@pytest.fixture
def open_page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenPage]:
    """Runs app.py and goes to a page. ``municipality`` is the installation's setting, Norrtälje unless told."""

    def opened(folder: str, *, municipality: str = "0188", **choices: str) -> AppTest:
        built = tmp_path if current_build(tmp_path) else request.getfixturevalue("built")
        monkeypatch.setenv("RODA_TRADEN_DATA_DIR", str(built))
        monkeypatch.setenv("RODA_TRADEN_MUNICIPALITY", municipality)
        facts.installation.cache_clear()
        forget_answers()
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        for name, value in choices.items():
            app.query_params[name] = value
        app.run()
        if folder != "lagesbild":  # the start page has run already
            app.switch_page(f"pages/{folder}/page.py").run()
        return app

    yield opened
    facts.installation.cache_clear()
    forget_answers()


def words(app: AppTest) -> str:
    """What is written on the page under its title."""
    parts = [*app.subheader, *app.markdown, *app.caption]
    return "\n".join(str(part.value) for part in parts).replace("\xa0", " ")


def forget_answers() -> None:
    """Builds of different tests may have the same id."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def literal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes ``open_page`` open the app on a build of these literal rows instead (see tests.queries.literal)."""

    def published(**tables: Rows) -> None:
        literal_build(tmp_path, **tables)
        switch(tmp_path, "b1", "test")
        monkeypatch.setattr(startup, "ensure_build", lambda: None)

    return published
