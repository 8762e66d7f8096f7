"""The example workspace: shown on request only, and marked wherever its figures are seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from store.settings import EXAMPLE
from store.warehouse import EXAMPLE_MARK
from tests.pages.conftest import OpenPage
from ui import nav
from ui.parts import EXAMPLE_DATA

FOLDERS = [spec.folder for specs in nav.PAGES.values() for spec in specs]


@pytest.fixture
def with_example(built: Path, tmp_path: Path) -> None:
    """An installation whose example workspace holds the same official figures as the real one."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    # Without the work that browser tests of the same process have left there.
    shutil.copytree(built, tmp_path / EXAMPLE, ignore=shutil.ignore_patterns("records.sqlite*"))
    (tmp_path / EXAMPLE / EXAMPLE_MARK).touch()


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.usefixtures("with_example")
def test_every_page_of_the_example_says_so(open_page: OpenPage, folder: str) -> None:
    app = open_page(folder, exempel="true")
    assert not app.exception
    assert [box.value for box in app.warning if EXAMPLE_DATA in box.value]
    captions = [caption.value for caption in app.caption if " · " in caption.value]
    assert all(caption.startswith(EXAMPLE_DATA) for caption in captions)


@pytest.mark.usefixtures("with_example")
def test_the_real_figures_are_shown_unless_the_example_is_asked_for(open_page: OpenPage) -> None:
    app = open_page("lagesbild")
    assert app.toggle(key=EXAMPLE).value is False
    assert not [box.value for box in app.warning if EXAMPLE_DATA in box.value]
    assert not [caption.value for caption in app.caption if EXAMPLE_DATA in caption.value]


def test_without_an_example_nothing_is_offered(open_page: OpenPage) -> None:
    app = open_page("lagesbild", exempel="true")
    assert not app.toggle
    assert not [box.value for box in app.warning if EXAMPLE_DATA in box.value]
