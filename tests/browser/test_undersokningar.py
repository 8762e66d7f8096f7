"""Undersökningar in a real browser: a shared link, the two views, and what is missing said in words."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.harness import Server, assert_accessible, settle


def test_the_published_survey_and_what_is_missing(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/undersokningar?plats=Rimbo")
    settle(page)
    expect(page.get_by_role("heading", name=re.compile("Skolenkäten: .* svarade i"))).to_be_visible()
    expect(page.get_by_text("Egna undersökningar saknas")).to_be_visible()
    page.get_by_text("Anmält, upplevt, observerat").first.click()
    expect(page).to_have_url(re.compile("vy="))
    settle(page)
    expect(page.get_by_text("ingen källa säger hur många brott som anmälts i Rimbo")).to_be_visible()
    assert_accessible(page)


def test_a_link_opens_the_municipality_with_its_offences(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/undersokningar?vy=Anm%C3%A4lt%2C+upplevt%2C+observerat")
    settle(page)
    expect(page.get_by_role("heading", name=re.compile("det går inte att ställa det upplevda mot"))).to_be_visible()
    expect(page.get_by_text("Anmälda brott enligt Brå, antal").first).to_be_visible()
    expect(page.get_by_text("Upplevt:")).to_be_visible()
