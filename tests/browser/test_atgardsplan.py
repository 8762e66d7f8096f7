"""Åtgärdsplan in a real browser, on a phone: a measure, its goal in a figure, and whether its effect can be found."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import PHONE, Server, assert_accessible, open_page, settle

TITLE = "Bättre lås i källarförråd"


def choose(page: Page, label: str, option: str) -> None:
    """By keyboard, as in any list that can be searched."""
    box = page.get_by_role("combobox", name=re.compile(label))
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_a_measure_gets_a_goal_that_can_be_followed(server: Server, browser: Browser) -> None:
    page, watch = open_page(browser, size=PHONE)
    page.goto(f"{server.url}/atgardsplan")
    settle(page)
    page.get_by_text("Ny åtgärd").click()
    page.get_by_role("textbox", name="Åtgärd – krävs").fill(TITLE)
    page.get_by_role("button", name="Spara åtgärden").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    settle(page)
    page.get_by_role("textbox", name="Ansvarig roll").fill("Fastighetschefen")
    page.get_by_role("button", name="Spara åtgärden").click()
    expect(page.get_by_text(re.compile("Planerad · .* · Fastighetschefen"))).to_be_visible(timeout=20_000)
    settle(page)
    assert_accessible(page)
    page.get_by_text("Nytt mål").click()
    page.get_by_role("textbox", name="Mål – krävs").fill("Färre anmälda inbrott i kommunen")
    page.get_by_role("button", name="Spara målet").click()
    expect(page.get_by_role("heading", name="Färre anmälda inbrott i kommunen")).to_be_visible()
    settle(page)
    choose(page, "Siffror ur", "Anmälda brott")
    choose(page, "Mått", "Inbrottsstöld")
    expect(page.get_by_text(re.compile("Utgångsläge: .* slumpen ensam kan flytta den"))).to_be_visible()
    target = page.get_by_role("spinbutton", name="Målvärde")
    target.fill("100")
    target.press("Enter")
    settle(page)
    expect(page.get_by_text(re.compile("uppföljningen kan hitta en minskning på minst"))).to_be_visible()
    page.get_by_role("button", name="Spara målet").click()
    expect(page.get_by_text(re.compile("Det är fryst"))).to_be_visible()
    settle(page)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="Hela åtgärdsplanen").click()
    expect(page.get_by_text("Fastighetschefen")).to_be_visible()
    settle(page)
    assert_accessible(page)
    page.context.close()
    assert not watch.faults
