"""Platser in a real browser: a shared link, another district beside, and the way to its schools."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.harness import Server, assert_accessible, settle


def test_a_link_opens_two_districts_and_leads_on_to_the_schools(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/platser?plats=Hallstavik&jamfor=Rimbo")
    settle(page)
    expect(page.get_by_text("Hallstavik, jämfört med Rimbo och hela kommunen").first).to_be_visible()
    expect(page.get_by_text("Publiceras inte för så små områden")).to_be_visible()
    assert_accessible(page)
    page.get_by_test_id("stPageLink").locator("a[href^=skola]").first.click()
    expect(page.get_by_role("heading", level=1, name="Skola")).to_be_visible()
    settle(page)
    expect(page.get_by_role("heading", name=re.compile("i Hallsta skola")).first).to_be_visible()


def test_a_district_chosen_beside_goes_into_the_address(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/platser?plats=Rimbo")
    settle(page)
    page.get_by_role("combobox", name="Jämför med").click()
    page.get_by_role("option", name="Hallstavik", exact=True).click()
    expect(page).to_have_url(re.compile("jamfor=Hallstavik"))
    settle(page)
    expect(page.get_by_text("Rimbo, jämfört med Hallstavik och hela kommunen").first).to_be_visible()
