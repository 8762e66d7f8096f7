"""The app opened without a browser, on the shipped open figures or on literal rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from store.publish import switch
from store.settings import PROJECT
from store.warehouse import current_build
from tests.queries.literal import Rows, literal_build
from ui import facts, nav, startup

#: Opens a page by its folder: ``open_page("lagesbild", plats="Hallstavik", ar="2019")``; the rest are address choices.
OpenPage = Callable[..., AppTest]
START = next(iter(nav.PAGES.values()))[0]


@pytest.fixture(scope="session", autouse=True)
def no_components() -> Iterator[None]:
    """Streamlit looks through every installed package for components before an app is opened; none has any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BidiComponentManager, "discover_and_register_components", lambda *_, **__: None)
        yield


@pytest.fixture
def open_page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenPage]:
    """Opens a page of app.py. ``municipality`` is the installation's setting, Norrtälje unless told.

    Answers on the shipped figures are kept from test to test, as a server keeps them from reader to reader.
    """

    def opened(folder: str, *, municipality: str = "0188", **choices: str) -> AppTest:
        built = tmp_path if current_build(tmp_path) else request.getfixturevalue("built")
        monkeypatch.setenv("RODA_TRADEN_DATA_DIR", str(built))
        monkeypatch.setenv("RODA_TRADEN_MUNICIPALITY", municipality)
        facts.installation.cache_clear()
        remember((str(built), municipality))
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        for name, value in choices.items():
            app.query_params[name] = value
        if folder != START.folder:  # Streamlit knows the pages after a run, which need not show the start page
            run = st.Page.run
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(st.Page, "run", lambda page: None if page.title == START.title else run(page))
                app.run()
            app.switch_page(f"pages/{folder}/page.py")
        return app.run()

    yield opened
    facts.installation.cache_clear()


#: What the answers that are kept were asked of: a data folder, and a municipality.
_remembered: list[tuple[str, str]] = []


def remember(asked_of: tuple[str, str]) -> None:
    """Forget what other data answered: builds of different tests may have the same id."""
    if _remembered != [asked_of]:
        forget_answers()
        _remembered[:] = [asked_of]


def forget_answers() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
    _remembered.clear()


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing is remembered from or for other tests; for those that change how questions are answered."""
    forget_answers()
    yield
    forget_answers()


def words(app: AppTest) -> str:
    """What is written on the page under its title."""
    parts = [*app.subheader, *app.markdown, *app.caption]
    return "\n".join(str(part.value) for part in parts).replace("\xa0", " ")


@pytest.fixture
def literal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes ``open_page`` open the app on a build of these literal rows instead (see tests.queries.literal)."""

    def published(**tables: Rows) -> None:
        literal_build(tmp_path, **tables)
        switch(tmp_path, "b1", "test")
        monkeypatch.setattr(startup, "ensure_build", lambda: None)

    return published
