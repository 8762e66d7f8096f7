"""From a chart to a problem in the matrix, as a reader does it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.harness import PHONE, Server, assert_accessible, settle

_TITLE = "Skadegörelse på skolgårdar"


def test_from_a_chart_to_a_problem_in_the_matrix(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/lagesbild?brott=Skadegörelse")
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Använd").first.click()
    title = page.get_by_role("textbox", name="Vad är problemet?")
    expect(title).to_have_value("Antalet anmälda fall av skadegörelse har ökat sedan 2015, också per invånare")
    title.fill(_TITLE)
    page.get_by_role("button", name="Gör till problem").click()

    expect(page.get_by_role("heading", name=_TITLE)).to_be_visible()
    settle(page)
    expect(page.get_by_text("2025 var det 1 085 anmälda fall av skadegörelse.")).to_be_visible()
    for label, answer in (("Konsekvens", "3 – stor"), ("Sannolikhet", "4 – mycket troligt")):
        page.get_by_role("combobox", name=label).click()
        page.get_by_role("option", name=answer).click()
    page.get_by_role("textbox", name="Grund för bedömningen").fill("Skolorna rapporterar krossade rutor varje vecka.")
    page.get_by_role("button", name="Spara bedömningen").click()
    expect(page.get_by_text("Prioritet 12 av 16")).to_be_visible()
    settle(page)
    assert_accessible(page)

    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.get_by_role("link", name="Alla problem").click()
    cell = page.get_by_role("button", name="3 × 4: 1 st")
    expect(cell).to_be_visible()
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Konsekvens 3, sannolikhet 4: 1 problem")).to_be_visible()
    settle(page)
    assert_accessible(page)
    page.get_by_role("link", name=_TITLE).click()
    expect(page.get_by_role("heading", name=_TITLE)).to_be_visible()
    assert "problem=" in page.url
    page.get_by_role("button", name="Lägg undan problemet").click()  # and leave nothing behind
    expect(page.get_by_text("Undanlagda problem")).to_be_visible()
