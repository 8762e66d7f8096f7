"""What several tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from store.settings import Settings

# How long one example takes hangs on what else the machine does; that it ends at all is pytest-timeout's to see.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

#: Genuine deliveries, where the checkout has them beside it. Tests marked ``genuine`` are extra: without the folder
#: they are left out of the collection, so that no result hangs on files that do not ship with the project.
GENUINE = Path(__file__).parent.parent.parent / "shared" / "raw"


#: Files that take long, the longest first. All at once they begin, so that no processor waits for the last of them.
LONGEST = (
    "browser/test_pages.py",
    "store/test_publish.py",
    "pipelines/test_worker.py",
    "test_tools.py",
    "pipelines/test_adding_senders.py",
    "intake/test_hostile.py",
    "browser/test_importera.py",
    "browser/test_first_start.py",
    "analysis/test_example.py",
    "intake/test_import.py",
    "pipelines/test_adding.py",
    "pages/test_importera.py",
    "browser/test_karta.py",
    "analysis/test_noise.py",
    "analysis/test_expected.py",
)

#: Makes something into a folder once for all the processes of a run: ``made_once("built", make)``; never change it.
MadeOnce = Callable[[str, Callable[[Path], None]], Path]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "genuine: reads genuine deliveries that do not ship with the project")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    turn = {Path(__file__).parent / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turn.get(item.path, len(turn)))
    if GENUINE.is_dir():
        return
    extra = [item for item in items if item.get_closest_marker("genuine")]
    config.hook.pytest_deselected(items=extra)
    items[:] = [item for item in items if item not in extra]


@pytest.fixture
def genuine() -> Path:
    """The folder of genuine deliveries; only for tests marked ``genuine``."""
    return GENUINE


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """A folder of the whole run, whichever of its processes is the first to need it."""
    base = tmp_path_factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder = common / f"once-{name}"
        with FileLock(common / f"once-{name}.lock"):
            if not folder.exists():
                making = common / f"making-{name}"
                shutil.rmtree(making, ignore_errors=True)
                make(making)
                making.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def built(made_once: MadeOnce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a build of the open figures that ship with the project."""

    def build(folder: Path) -> None:
        from pipelines import engine  # only those that need a build wait for the libraries that make one

        engine.build(Settings(data_dir=folder))

    return Path(shutil.copytree(made_once("built", build), tmp_path_factory.mktemp("built") / "data"))
