"""The first meeting: an empty machine, a deep link to a server that nobody has visited, a build that fails."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from store.settings import PROJECT
from tests.browser.harness import Server, assert_accessible, serve, settle

#: The question that the first page answers.
FIRST = "Vad behöver göras nu?"


def test_the_start_page_opens_at_its_own_address_on_a_fresh_server(built: Path, tmp_path: Path, page: Page) -> None:
    with serve(built, tmp_path / "server.txt") as server:
        page.goto(f"{server.url}/start")
        settle(page)
        expect(page.get_by_role("heading", level=1, name=FIRST)).to_be_visible()
        expect(page.get_by_text("Page not found")).to_have_count(0)
        assert urlsplit(page.url).path == "/start"
        assert not server.tracebacks()


def test_first_start_builds_with_progress_and_the_figures_are_there(tmp_path: Path, page: Page) -> None:
    with serve(tmp_path / "data", tmp_path / "server.txt") as server:
        page.goto(server.url)
        expect(page.get_by_role("heading", name="Röda tråden förbereds")).to_be_visible(timeout=30_000)
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_role("heading", level=1, name=FIRST)).to_be_visible(timeout=60_000)
        settle(page)
        page.goto(f"{server.url}/lagesbild")
        settle(page)
        expect(page.get_by_text("8 532".replace(" ", "\u00a0")).first).to_be_visible()
        assert not server.tracebacks()


def test_a_first_build_that_fails_says_why_and_can_be_tried_again(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = tmp_path / "open"
    shutil.copytree(PROJECT / "data" / "open", figures)
    broken = figures / "bra_reported_offences" / "reported_offences_by_year.csv"
    whole = broken.read_text("utf-8")
    broken.write_text(whole.replace("8532", "85x2"), "utf-8")
    (figures / "skolenkaten" / "bild.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    monkeypatch.setenv("RODA_TRADEN_OPEN_DIR", str(figures))
    with serve(tmp_path / "data", tmp_path / "server.txt") as server:
        page.goto(server.url)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("bild.csv", timeout=60_000)
        expect(alert).to_contain_text("känns inte igen")
        assert "Traceback" not in page.inner_text("body")
        assert_accessible(page)
        broken.write_text(whole, "utf-8")
        (figures / "skolenkaten" / "bild.csv").unlink()
        page.get_by_role("button", name="Försök igen").click()
        expect(page.get_by_role("heading", level=1, name=FIRST)).to_be_visible(timeout=60_000)
        settle(page)
        assert not server.tracebacks()


def test_a_link_opens_the_same_view(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/lagesbild?plats=Hallstavik&ar=2020")
    settle(page)
    choices = parse_qs(urlsplit(page.url).query)
    assert (choices["plats"], choices["ar"]) == (["Hallstavik"], ["2020"])
    expect(page.get_by_text("7 732".replace(" ", "\u00a0")).first).to_be_visible()


@pytest.mark.parametrize("query", ["plats=Atlantis", "ar=1066", "plats=%3Cscript%3E&ar=NaN"])
def test_an_address_with_nonsense_opens_the_ordinary_view(server: Server, page: Page, query: str) -> None:
    page.goto(f"{server.url}/lagesbild?{query}")
    settle(page)
    expect(page.get_by_text("8 532".replace(" ", "\u00a0")).first).to_be_visible()


def test_an_error_that_no_page_expected_is_explained_without_a_traceback(
    built: Path, tmp_path: Path, page: Page
) -> None:
    data = tmp_path / "data"
    shutil.copytree(built, data)
    for build in (data / "builds").glob("*.duckdb"):
        build.write_bytes(b"not a database" * 1000)
    with serve(data, tmp_path / "server.txt") as server:
        page.goto(server.url)
        expect(page.get_by_role("alert")).to_contain_text("Något gick fel när sidan skulle visas", timeout=30_000)
        assert "Traceback" not in page.inner_text("body")
        assert "duckdb" not in page.inner_text("body").lower()
        assert server.tracebacks(), "the log is where the error can be read"


def test_the_page_says_that_it_is_in_swedish(server: Server, page: Page) -> None:
    page.goto(server.url)
    assert page.locator("html").get_attribute("lang") == "sv"
