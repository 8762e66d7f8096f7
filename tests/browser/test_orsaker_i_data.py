"""Orsaker i data in a real browser: a step by keyboard, kept in the address, taken away again; accessible."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser.harness import PHONE, Server, assert_accessible, open_page, settle


def test_a_step_is_taken_by_keyboard_kept_in_the_link_and_taken_away(server: Server, browser: Browser) -> None:
    page, watch = open_page(browser, size=PHONE)
    page.goto(f"{server.url}/orsaker_i_data?problem=Anmälda brott (Brå)&jamfor=Alla tidigare år")
    settle(page)
    step = page.get_by_role("button", name="Gå vidare: Stöld- och tillgreppsbrott")
    step.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"vag=Brottsgrupp"))
    settle(page)
    heading = page.get_by_role("heading", name=re.compile("kommun › Stöld- och tillgreppsbrott"))
    expect(heading).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    settle(page)
    expect(heading).to_be_visible()
    page.get_by_role("combobox", name=re.compile("Väg in i siffrorna")).focus()
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("vag="))
    settle(page)
    expect(heading).to_have_count(0)
    page.context.close()
    assert not watch.faults
