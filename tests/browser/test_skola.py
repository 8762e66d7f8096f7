"""Skola in a real browser: another measure by click, kept in the address, and its figures as a file."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.harness import Server, assert_accessible, settle


def test_another_measure_is_drawn_kept_in_the_address_and_downloaded(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/skola")
    settle(page)
    page.get_by_role("radio", name="Alla ämnen").click()
    expect(page.get_by_role("heading", name=re.compile("Andelen med godkänt i alla ämnen"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"resultat=Alla"))
    settle(page)
    assert_accessible(page)
    exhibit = page.locator(".st-key-exhibit-skola-skolverket-all-subjects")
    exhibit.get_by_role("button", name="Ladda ner").click()
    with page.expect_download() as told:
        page.get_by_role("button", name="Siffror, CSV").click()
    text = Path(told.value.path()).read_text("utf-8-sig")
    assert "Kommundel;Skola;Period;Värde (procent)" in text
    assert "Hallstavik;Hallsta skola;2024/25;65,2;" in text
    assert "Skolverket" in text


def test_a_link_with_a_district_and_a_measure_opens_them(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/skola?plats=Rimbo&trivsel=Studiero")
    settle(page)
    expect(page.get_by_role("heading", name=re.compile("Studieroindexet 2026"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("i 2 skolor")).first).to_be_visible()
