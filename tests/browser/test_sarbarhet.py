"""Sårbarhet in a real browser: weights by keyboard, kept in the address, on a phone too; the views are accessible."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import PHONE, Server, assert_accessible, open_page, settle


def test_weights_are_set_by_keyboard_and_kept_in_the_address(server: Server, browser: Browser) -> None:
    page, watch = open_page(browser, size=PHONE)
    page.goto(f"{server.url}/sarbarhet?plats=Rimbo")
    settle(page)
    page.get_by_text("Mått och vikter").click()
    slider = page.get_by_role("slider", name="Hyresrätter")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Räkna om").click()
    expect(page).to_have_url(re.compile(r"vikt_rental_tenure=3"))
    settle(page)
    expect(page.get_by_text("Vikter: egna.")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    settle(page)
    expect(page.get_by_text("Vikter: egna.")).to_be_visible()
    # A ready-made choice takes its place, in the address too.
    page.get_by_text("Mått och vikter").click()
    page.get_by_role("button", name="Alla lika").click()
    expect(page.get_by_text("Vikter: alla lika.")).to_be_visible()
    expect(page).not_to_have_url(re.compile("vikt_"))
    page.context.close()
    assert not watch.faults


@pytest.mark.parametrize(("view", "heading"), [("Karta", "landets medel"), ("Känslighet", "Så lik blir ordningen")])
def test_the_other_views_are_accessible(server: Server, page: Page, view: str, heading: str) -> None:
    page.goto(f"{server.url}/sarbarhet?sarbar_niva=RegSO")
    settle(page)
    page.get_by_role("radio", name=view).click()
    expect(page).to_have_url(re.compile("sarbar_visa="))
    expect(page.get_by_role("heading", name=re.compile(heading))).to_be_visible(timeout=20_000)
    settle(page)
    assert_accessible(page)


def test_the_index_is_downloaded_with_its_weights(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/sarbarhet?vikt_unemployed=2")
    settle(page)
    page.locator(".st-key-exhibit-sarbarhet-index-district").get_by_role("button", name="Ladda ner").click()
    with page.expect_download() as told:
        page.get_by_role("button", name="Siffror, CSV").click()
    text = Path(told.value.path()).read_text("utf-8-sig")
    assert "Arbetslösa 16–64 år 2;" in text
    assert "Över landets medel, hur måtten än vägs" in text
