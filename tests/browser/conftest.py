"""One server and one browser for all browser tests; a page of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.harness import Server, Watch, launch, new_context, serve

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on the shipped figures. It must end without ever having written a traceback."""
    with serve(built, tmp_path_factory.mktemp("log") / "server.txt") as running:
        yield running
    assert not running.tracebacks()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    """What pages share: the app's own files, which the browser then fetches and compiles once."""
    return new_context(browser)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty page. The test fails if the page asks another host for anything or writes an error to the console."""
    page = context.new_page()
    watch = Watch(page)
    yield page
    page.close()
    context.clear_cookies()
    assert not watch.faults, "\n".join(watch.faults)
