"""Tid och plats in a real browser: one question at a time, kept in the address, readable for all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import PHONE, Scheme, Server, assert_accessible, open_page, settle


def test_a_question_is_answered_kept_in_the_address_and_downloaded(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/tid_och_plats")
    settle(page)
    expect(page.get_by_role("heading", name=re.compile("Polisens händelser i Norrtälje kommun"))).to_be_visible()
    assert_accessible(page)
    page.get_by_role("radio", name="Året").click()
    expect(page).to_have_url(re.compile("fraga="))
    heading = page.get_by_role("heading", name=re.compile("över året|: mest i|: minst i"))
    expect(heading).to_be_visible()
    settle(page)
    exhibit = page.locator(".st-key-exhibit-tid-och-plats-arstid")
    exhibit.get_by_role("button", name="Ladda ner").click()
    with page.expect_download() as told:
        page.get_by_role("button", name="Siffror, CSV").click()
    text = Path(told.value.path()).read_text("utf-8-sig")
    assert "År;Period;Antal händelser" in text
    assert "Polisen" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_link_opens_the_question_on_a_phone(browser: Browser, server: Server, scheme: Scheme) -> None:
    page, watch = open_page(browser, size=PHONE, scheme=scheme)
    page.goto(f"{server.url}/tid_och_plats?fraga=Före och efter")
    settle(page)
    expect(page.get_by_role("combobox", name=re.compile("Dag då något ändrades"))).to_be_visible()
    # On a phone nothing sticks out of the page.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    page.context.close()
    assert not watch.faults
