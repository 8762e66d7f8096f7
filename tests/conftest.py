"""What several tests share."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

# How long one example takes hangs on what else the machine does; that it ends at all is pytest-timeout's to see.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

#: Genuine deliveries, where the checkout has them beside it. Tests marked ``genuine`` are extra: without the folder
#: they are left out of the collection, so that no result hangs on files that do not ship with the project.
GENUINE = Path(__file__).parent.parent.parent / "shared" / "raw"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "genuine: reads genuine deliveries that do not ship with the project")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if GENUINE.is_dir():
        return
    extra = [item for item in items if item.get_closest_marker("genuine")]
    config.hook.pytest_deselected(items=extra)
    items[:] = [item for item in items if item not in extra]


@pytest.fixture
def genuine() -> Path:
    """The folder of genuine deliveries; only for tests marked ``genuine``."""
    return GENUINE
