"""Start, Röda tråden and Efterlevnad in a real browser: a break is found and followed to where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from store.records import Actor, Agreement, Cause, FollowUp, Goal, Measure, Problem, Role, Work, open_work
from tests.browser.harness import Server, assert_accessible, settle

ME = Actor("Handläggare", Role.EDITOR)


@pytest.fixture
def work(built: Path) -> Iterator[Work]:
    """A problem that nobody has looked into, alone; put aside afterwards."""
    work = open_work(built / "records.sqlite", built)
    put_aside(work)
    work.create(ME, Problem(title="Buller vid torget", place_id="0188-rimbo", place="Rimbo"))
    yield work
    put_aside(work)


def put_aside(work: Work) -> None:
    """All of the thread, also what another test left, and the register."""
    for model in (FollowUp, Goal, Measure, Cause, Problem, Agreement):
        for row in work.all(model):
            work.delete(ME, model, row.id, row.version)


def test_a_break_is_followed_from_start_to_its_problem(server: Server, page: Page, work: Work) -> None:
    page.goto(server.url)
    settle(page)
    expect(page.get_by_role("heading", name="Vad behöver göras nu?")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Se var tråden brister").click()
    expect(page.get_by_role("heading", name="Tråden är hel för 0 av 1 problem")).to_be_visible()
    settle(page)
    assert_accessible(page)
    summary = page.locator("summary", has_text="Problem utan orsak")
    summary.focus()
    page.keyboard.press("Enter")
    row = page.get_by_test_id("stExpander").filter(has_text="Problem utan orsak")
    expect(row.get_by_text("Buller vid torget · Rimbo")).to_be_visible()
    row.get_by_role("link", name="Öppna").click()
    expect(page.get_by_role("heading", name="Buller vid torget")).to_be_visible()


def test_a_station_of_the_picture_leads_to_its_page(server: Server, page: Page, work: Work) -> None:
    page.goto(f"{server.url}/roda_traden")
    settle(page)
    page.locator(".scatterlayer .point").nth(1).click(force=True)
    expect(page.get_by_role("heading", name="Buller vid torget")).to_be_visible()
    assert "/problem" in page.url


def test_an_agreement_needs_purposes_and_areas(server: Server, page: Page, work: Work) -> None:
    page.goto(f"{server.url}/efterlevnad")
    settle(page)
    page.locator("summary", has_text="Överenskommelser (8–9 §§): 0").click()
    page.get_by_label("Part").fill("Polisen")
    page.get_by_role("button", name="Lägg till").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="Syfte")).to_be_visible()
    assert work.all(Agreement) == []
    page.get_by_label("Syfte").fill("Tryggare centralort")
    page.get_by_label("Områden").fill("Skadegörelse")
    settle(page)
    assert_accessible(page)
    page.get_by_role("button", name="Lägg till").click()
    expect(page.get_by_text("1 gällande: Polisen.")).to_be_visible()
