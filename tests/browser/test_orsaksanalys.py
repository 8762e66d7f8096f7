"""Orsaksanalys in a real browser: a tree grown, moved and pruned by keyboard alone; accessible, and fit for a phone."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from store.records import Actor, CauseAnalysis, Problem, Role, open_work
from store.settings import Settings
from tests.browser.harness import PHONE, Server, assert_accessible, settle


def press(page: Page, name: str) -> None:
    """Press a button with the keyboard."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    settle(page)


def answer(page: Page, label: str, text: str) -> None:
    """Write an answer and send it with Enter."""
    page.get_by_role("textbox", name=label).focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    settle(page)


def test_the_tree_is_worked_by_keyboard(server: Server, page: Page, built: Path) -> None:
    work, anna = open_work(Settings(data_dir=built).records, built), Actor("Anna", Role.EDITOR)
    problem = work.create(anna, Problem(title="Cykelstölder", place_id="0188", place="Norrtälje kommun"))
    work.create(anna, CauseAnalysis(problem_id=problem.id))
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{server.url}/orsaksanalys?problem={problem.id}")
    settle(page)
    press(page, "Nästa: Fem varför")
    expect(page).to_have_url(re.compile(r"steg=2"))

    answer(page, "Varför finns problemet?", "Få vuxna på kvällen")
    answer(page, "Varför 1? Skriv en orsak till den", "Butikerna stänger tidigt")
    outline = page.get_by_role("radiogroup", name="Välj en orsak")
    lower = outline.get_by_role("radio", name=re.compile("1.1 Butikerna stänger tidigt"))
    expect(lower).to_be_checked()
    tree = page.get_by_test_id("stPlotlyChart")
    expect(tree.get_by_text("Butikerna stänger tidigt")).to_be_visible()
    press(page, "Utåt")
    second = outline.get_by_role("radio", name=re.compile("2 Butikerna stänger tidigt"))
    expect(second).to_be_checked()
    second.focus()
    page.keyboard.press("ArrowUp")
    settle(page)
    expect(outline.get_by_role("radio", name=re.compile("1 Få vuxna"))).to_be_checked()

    page.locator("summary", has_text="Ändra eller ta bort 1").focus()
    page.keyboard.press("Enter")
    press(page, "Ta bort 1")
    expect(outline.get_by_role("radio")).to_have_count(1)
    press(page, "Ångra")
    expect(outline.get_by_role("radio")).to_have_count(2)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for step in ("Fiskben", "Brottstriangeln", "Väg och pröva", "Sammanfatta"):
        press(page, f"Nästa: {step}")
        expect(page.get_by_role("heading", name=step, exact=True)).to_be_visible()
    assert_accessible(page)
