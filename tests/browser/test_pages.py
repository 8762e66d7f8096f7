"""Every page in a real browser: opens from a cold link, is accessible, fits a phone, and says what it is."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import (
    DESKTOP,
    PHONE,
    Scheme,
    Server,
    assert_accessible,
    open_page,
    serve,
    settle,
)
from ui.nav import PAGES

SPECS = [spec for specs in PAGES.values() for spec in specs]
each_page = pytest.mark.parametrize("folder", [spec.folder for spec in SPECS])


def address(folder: str) -> str:
    """The first page is the start page: its address is the app's own."""
    return "" if folder == SPECS[0].folder else folder


@pytest.mark.parametrize("folder", [specs[-1].folder for specs in PAGES.values()])
def test_a_cold_link_passes_through_the_app(folder: str, built: Path, page: Page, tmp_path: Path) -> None:
    """The first request that a fresh server gets; a page run by itself would lack the menu that app.py makes.

    A fresh server knows nothing of one page that it does not know of the next: one of each section stands for all.
    """
    with serve(built, tmp_path / "server.txt") as fresh:
        page.goto(f"{fresh.url}/{folder}")
        settle(page)
        expect_the_menu(page)
        assert not fresh.tracebacks()


def expect_the_menu(page: Page) -> None:
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(len(SPECS))
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)  # Streamlit's own "Page not found"


@each_page
def test_a_page_is_accessible_and_keeps_to_itself(folder: str, server: Server, browser: Browser) -> None:
    """In either size, opened anew, and in either scheme, which the reader's system changes meanwhile."""
    page, watch = open_page(browser)
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="light")
        page.goto("about:blank")
        page.goto(f"{server.url}/{address(folder)}")
        settle(page)
        for scheme in get_args(Scheme):
            if scheme == "dark":
                page.emulate_media(color_scheme=scheme)
                run_again(page)
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            expect_the_menu(page)
            assert_accessible(page)
            wider = page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollWidth") - size[0]
            assert wider <= 0, f"{wider} pixels stick out at {size[0]} {scheme}"
    page.context.close()
    assert not watch.faults, "\n".join(watch.faults)


def run_again(page: Page) -> None:
    """As a reader's next choice does: the server colours the charts by the scheme of the run."""
    page.evaluate("""() => {
        const app = document.querySelector('[data-testid="stApp"]');
        window.ran = new Promise(done => new MutationObserver(done).observe(
            app, {attributes: true, attributeFilter: ['data-test-script-state']}));
    }""")
    page.keyboard.press("r")
    page.evaluate("() => window.ran.then(() => null)")
    settle(page)


@pytest.fixture
def broken_app(tmp_path: Path) -> Path:
    """An app with the project's settings and a page that fails."""
    app = tmp_path / "app.py"
    app.write_text("import streamlit as st\nst.write(f'{1 / 0} hemlighet')\n", "utf-8")
    settings = tmp_path / ".streamlit"
    settings.mkdir()
    (settings / "config.toml").write_bytes((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_bytes())
    return app


def test_a_fault_shows_no_traceback(broken_app: Path, page: Page, tmp_path: Path) -> None:
    """The settings alone must see to it: the server's log has the traceback, the screen has none of it."""
    with serve(tmp_path, tmp_path / "server.txt", broken_app) as server:
        page.goto(server.url)
        expect(page.get_by_test_id("stException")).to_be_visible()
        shown = page.content()
        assert "ZeroDivisionError" in server.tracebacks()
    assert not [word for word in ("ZeroDivisionError", "Traceback", "hemlighet", str(broken_app)) if word in shown]
