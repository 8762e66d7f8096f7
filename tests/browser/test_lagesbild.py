"""Lägesbild and Jämförelse as a reader uses them: a link opens the same view, and a change of group stays in it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.harness import PHONE, Server, assert_accessible, settle


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_year_and_its_charts_are_shown(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/lagesbild")
    settle(page)
    expect(page.get_by_text("8 532", exact=True).first).to_be_visible()
    expect(page.get_by_text("12 790 per 100 000 inv.")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    page.get_by_text("Vad säger siffrorna, och vad säger de inte?").click()
    expect(page.get_by_text("Anmälda brott är inte begångna brott")).to_be_visible()
    assert_accessible(page)


def test_a_chosen_group_is_in_the_address_and_opens_again(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/lagesbild")
    settle(page)
    page.get_by_role("combobox", name="Brottsgrupp").click()
    page.get_by_role("option", name="Skadegörelse").click()
    settle(page)
    title = page.get_by_role("heading", name="anmälda fall av skadegörelse")
    expect(title).to_be_visible()
    assert query(page)["brott"] == ["Skadegörelse"]
    page.goto(page.url)
    settle(page)
    expect(title).to_be_visible()


def test_quarters_are_in_the_address_and_open_again(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/lagesbild")
    settle(page)
    page.get_by_role("radio", name="Per kvartal").click()
    settle(page)
    title = page.get_by_role("heading", name="Anmälda brott 2026 kv 2")
    expect(title).to_be_visible()
    assert query(page)["visa"] == ["Per kvartal"]
    page.goto(page.url)
    settle(page)
    expect(title).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    assert_accessible(page)


def test_from_a_district_to_its_own_page(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/lagesbild?plats=Hallstavik&ar=2020")
    settle(page)
    expect(page.get_by_text("Siffrorna här gäller hela Norrtälje kommun, inte bara Hallstavik.")).to_be_visible()
    page.get_by_role("link", name="Se Hallstavik i siffror").click()
    page.wait_for_url("**/platser**")
    settle(page)
    assert query(page)["plats"] == ["Hallstavik"]


def test_the_comparison_on_a_phone(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{server.url}/jamforelse?ar=2020&brott=Skadeg%C3%B6relse")
    settle(page)
    expect(page.get_by_text("i anmälda fall av skadegörelse 2020")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
