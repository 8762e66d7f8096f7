"""A thread made whole by one who only sees the pages: from a chart on Lägesbild to a decided follow-up."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from charts.swedish import SWEDEN
from tests.browser.harness import Server, assert_accessible, serve, settle

_RUNNING = """() =>
    document.querySelector('[data-testid="stApp"]').getAttribute('data-test-script-state') !== 'notRunning'"""
TODAY = datetime.now(SWEDEN).date()
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


@pytest.fixture(scope="module")
def own_server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with work of its own, which these tests write. It must end without a traceback."""
    folder = tmp_path_factory.mktemp("thread")
    shutil.copytree(built, folder / "data", ignore=shutil.ignore_patterns("records*"))
    with serve(folder / "data", folder / "server.txt") as running:
        yield running
    assert not running.tracebacks()


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
    at(page, name)


def at(page: Page, heading: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible(timeout=20_000)
    settle(page)


def press(page: Page, name: str, then: str = "") -> None:
    """Press a button and wait until the page has answered; with what it then says, where that stays on the page."""
    page.get_by_role("button", name=name, exact=True).click()
    with contextlib.suppress(PlaywrightTimeoutError):  # a short answer can be over before it is looked for
        page.wait_for_function(_RUNNING, timeout=1_000)
    if then:
        expect(page.get_by_text(then).first).to_be_visible(timeout=20_000)
    settle(page)


def unfold(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_text(name, exact=True).first.click()
    settle(page)


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)


def choose(page: Page, label: str, option: str) -> None:
    """Write in a list what to look for, as its longer ones need, and take it."""
    field = page.get_by_role("combobox", name=label, exact=True)
    answer = page.get_by_role("option", name=option, exact=True).first
    for _ in range(3):  # what is being drawn around a list may close it again
        field.click()
        field.fill("")
        field.press_sequentially(option)
        with contextlib.suppress(PlaywrightTimeoutError):
            answer.click(timeout=2_000)
            return
    raise AssertionError(f"«{label}» never offers «{option}»")


def day(page: Page, label: str, when: date) -> None:
    choose(page, label, str(when.year))
    choose(page, f"{label}, månad", MONTHS[when.month - 1])
    choose(page, f"{label}, dag", str(when.day))


def step(page: Page, name: str) -> None:
    press(page, f"Nästa: {name}")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    settle(page)


def from_a_chart_to_a_problem(page: Page, server: Server) -> None:
    page.goto(server.url)
    at(page, "Vad behöver göras nu?")
    page.get_by_role("link", name="Se läget i officiell statistik").click()
    at(page, "Lägesbild")
    choose(page, "Brottsgrupp", "Skadegörelse")
    settle(page)
    page.get_by_role("button", name=re.compile("Använd$")).first.click()
    title = page.get_by_label("Vad är problemet?")
    expect(title).to_be_visible()
    assert_accessible(page)
    title.fill("Mycket skadegörelse på kvällarna")
    press(page, "Gör till problem")
    at(page, "Mycket skadegörelse på kvällarna")
    choose(page, "Konsekvens", "3 – stor")
    choose(page, "Sannolikhet", "4 – mycket troligt")
    write(page, "Grund för bedömningen", "Anmälningarna är många, och skolorna säger detsamma.")
    press(page, "Spara bedömningen", "Prioritet 12 av 16")
    assert_accessible(page)


def through_its_causes(page: Page) -> None:
    page.get_by_role("link", name="Orsaksanalys: ingen orsak än").click()
    at(page, re.compile("^Orsaksanalys: Mycket skadegörelse"))
    press(page, "Börja analysen", "Kedjan är tom")
    write(page, "Vad händer – krävs", "Ungdomar samlas bakom skolan när fritidsgården har stängt.")
    write(page, "Hur kedjan kan brytas här", "Vuxna som rör sig där på kvällen.")
    press(page, "Lägg till", "Kan brytas: Vuxna")
    step(page, "Fem varför")
    write(page, "Varför finns problemet? Skriv en orsak", "Ingen vuxen är på platsen på kvällen")
    press(page, "Lägg till orsaken", "Lägg till svaret")
    assert_accessible(page)
    step(page, "Fiskben")
    choose(page, "1 Ingen vuxen är på platsen på kvällen", "Plats eller objekt")
    press(page, "Spara sidorna", "Alla orsaker har en sida")
    step(page, "Brottstriangeln")
    write(page, "Plats: varför just där, och vem skulle kunna ingripa men gör det inte?", "Gården ligger mörk.")
    press(page, "Spara")
    step(page, "Väg och pröva")
    choose(page, "Betydelse", "Stor betydelse")
    choose(page, "Hur säkert", "Vet")
    press(page, "Spara", "Alla orsaker är vägda.")
    unfold(page, "Använd det som visade problemet")
    press(page, "Lägg till", "Diagram med siffror")
    step(page, "Sammanfatta")
    write(page, "Vad vi vet", "Det händer på kvällar.")
    write(page, "Deltagare", "Rektor, fältsekreterare och kommunpolis")
    press(page, "Spara sammanfattningen")
    assert_accessible(page)


def to_a_measure(page: Page) -> None:
    page.get_by_role("link", name="Till åtgärdsplanen").click()
    at(page, "Åtgärdsplan")
    unfold(page, "Ny åtgärd")
    write(page, "Åtgärd – krävs", "Fältgrupp på skolgården")
    press(page, "Spara åtgärden")
    title = page.get_by_role("heading", level=1, name="Fältgrupp på skolgården")
    with contextlib.suppress(AssertionError):
        expect(title).to_be_visible(timeout=10_000)
    if not title.is_visible():  # a press is lost when the form is drawn anew under it: press again, as anybody would
        press(page, "Spara åtgärden")
    at(page, "Fältgrupp på skolgården")
    write(page, "Ansvarig roll", "Fältsekreterare")
    write(page, "Enhet", "Socialkontoret")
    day(page, "Startar", TODAY.replace(year=TODAY.year - 1, month=1, day=1))
    day(page, "Slutar", TODAY.replace(year=TODAY.year + 1, month=12, day=31))
    choose(page, "Läge", "Pågår")
    unfold(page, "Kostnad och finansiering")
    write(page, "Kostnad (kr)", "240000")
    press(page, "Spara åtgärden", "Fältsekreterare")
    choose(page, "Orsaker", "1 Ingen vuxen är på platsen på kvällen")
    page.keyboard.press("Escape")
    press(page, "Spara orsakerna")
    assert_accessible(page)


def to_a_goal(page: Page) -> None:
    unfold(page, "Nytt mål")
    write(page, "Mål – krävs", "Minst en fjärdedel mindre skadegörelse")
    press(page, "Spara målet")
    at(page, "Minst en fjärdedel mindre skadegörelse")
    expect(page.get_by_text("Utgångsläge: ").first).to_be_visible()
    write(page, "Målvärde", "800")
    page.keyboard.press("Tab")
    day(page, "Senast", TODAY.replace(year=TODAY.year + 1, month=12, day=31))
    write(page, "Så avgörs om målet är nått", "Årets siffra är högst målvärdet och utanför slumpen.")
    page.keyboard.press("Tab")
    settle(page)
    press(page, "Spara målet", "Det är fryst")
    assert_accessible(page)


def to_a_lawful_plan(page: Page) -> None:
    menu(page, "Lägesbilder enligt lagen")
    unfold(page, "Ny lägesbild")
    write(page, "Rubrik – krävs", "Lägesbild för kommunen")
    choose(page, "Plats – krävs", "Norrtälje kommun")
    press(page, "Börja")
    at(page, "Lägesbild för kommunen")
    for label in ("Brottslighetens omfattning", "Brottslighetens konsekvenser", "Övrig relevant information", "Analys"):
        write(page, label, "Skadegörelsen är det största problemet.")
    press(page, "Spara texten", "Alla delar är skrivna")
    write(page, "Beslutande organ", "Kommunstyrelsen")
    day(page, "Beslutsdag", TODAY)
    write(page, "Diarienummer", "KS 2026/100")
    press(page, "Besluta lägesbilden", "beslutad ")
    assert_accessible(page)
    menu(page, "Åtgärdsplan")
    unfold(page, "Ny plan")
    write(page, "Rubrik – krävs", "Åtgärdsplan för kommunen")
    press(page, "Spara planen")
    at(page, "Åtgärdsplan för kommunen")
    unfold(page, "Ändra planen")
    choose(page, "Bygger på lägesbilden", "Lägesbild för kommunen")
    day(page, "Gäller från", TODAY.replace(month=1, day=1))
    press(page, "Spara planen", "Bygger på: Lägesbild för kommunen")
    page.get_by_role("link", name="Hela åtgärdsplanen").click()
    at(page, "Åtgärdsplan")
    page.get_by_role("link", name="Öppna åtgärd 1").click()
    at(page, "Fältgrupp på skolgården")
    unfold(page, "Plats och plan")
    choose(page, "Plan", "Åtgärdsplan för kommunen")
    press(page, "Spara åtgärden")
    page.get_by_role("link", name="Hela åtgärdsplanen").click()
    at(page, "Åtgärdsplan")
    page.get_by_role("link", name="Åtgärdsplan för kommunen").click()
    at(page, "Åtgärdsplan för kommunen")
    decide(page)


def decide(page: Page) -> None:
    """The plan, with who, when and under which number."""
    unfold(page, "Besluta planen")
    day(page, "Beslutsdag", TODAY)
    write(page, "Beslutande organ", "Kommunfullmäktige")
    write(page, "Diarienummer", "KS 2026/101")
    press(page, "Besluta planen", "En beslutad plan ändras inte")
    assert_accessible(page)


def to_a_decided_follow_up(page: Page) -> None:
    menu(page, "Uppföljning")
    page.get_by_role("link", name="Minst en fjärdedel mindre skadegörelse").click()
    at(page, "Minst en fjärdedel mindre skadegörelse")
    write(page, "Vad har gjorts", "Fältgruppen har varit ute tre kvällar i veckan.")
    choose(page, "Bedömning", "Gul: delvis, eller försenad")
    write(page, "Grund för bedömningen", "Siffrorna ligger inom den vanliga variationen.")
    choose(page, "Beslut", "Fortsätt")
    write(page, "Skäl till beslutet", "Det är för tidigt att döma.")
    write(page, "Beslutad av (roll eller organ)", "Trygghetsrådet")
    press(page, "Spara uppföljningen", "Gul: delvis, eller försenad · ")
    assert_accessible(page)


def the_thread_is_whole(page: Page) -> None:
    menu(page, "Röda tråden")
    expect(page.get_by_role("heading", name="Tråden är hel för 1 av 1 problem")).to_be_visible()
    expect(page.get_by_role("heading", name="Tråden brister ingenstans")).to_be_visible()
    choose(page, "Problem", "Mycket skadegörelse på kvällarna · Norrtälje kommun")
    settle(page)
    assert_accessible(page)
    menu(page, "Efterlevnad")
    expect(page.get_by_role("link", name="Åtgärdsplan för kommunen").first).to_be_visible()
    expect(page.get_by_role("link", name="Lägesbild för kommunen").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("navigation").get_by_role("link", name="Start", exact=True).click()
    at(page, "Vad behöver göras nu?")
    assert_accessible(page)
    expect(page.get_by_text("Så börjar ni.")).to_have_count(0)
    expect(page.get_by_text("Den röda tråden brister")).to_have_count(0)


def test_from_a_chart_to_a_decided_follow_up(own_server: Server, page: Page) -> None:
    from_a_chart_to_a_problem(page, own_server)
    through_its_causes(page)
    to_a_measure(page)
    to_a_goal(page)
    to_a_lawful_plan(page)
    to_a_decided_follow_up(page)
    the_thread_is_whole(page)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called this."""
    called = """() => {
        const it = document.activeElement;
        if (!it.matches('a, button, input, summary, textarea')) return '';
        return it.ariaLabel || it.labels?.[0]?.innerText || it.innerText || '';
    }"""
    for _ in range(80):
        page.keyboard.press("Tab")
        if name in page.evaluate(called):
            return
    raise AssertionError(f"Tab never reaches «{name}»")


def test_a_problem_and_its_cause_by_keyboard_alone(own_server: Server, page: Page) -> None:
    page.goto(f"{own_server.url}/problem")
    at(page, "Problem")
    tab_to(page, "Skriv ned ett problem för hand")
    page.keyboard.press("Enter")
    tab_to(page, "Problem – krävs")
    page.keyboard.type("Cykelstölder vid stationen")
    tab_to(page, "Plats – krävs")
    settle(page)
    page.keyboard.type("Norrtälje kommun", delay=20)
    expect(page.get_by_role("option", name="Norrtälje kommun")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Plats – krävs")).to_have_value("Norrtälje kommun")
    tab_to(page, "Spara problemet")
    page.keyboard.press("Enter")
    at(page, "Cykelstölder vid stationen")
    tab_to(page, "Orsaksanalys: ingen orsak än")
    page.keyboard.press("Enter")
    at(page, "Orsaksanalys: Cykelstölder vid stationen")
    for button in ("Börja analysen", "Nästa: Fem varför"):
        tab_to(page, button)
        page.keyboard.press("Enter")
        settle(page)
    expect(page.get_by_role("heading", name="Fem varför")).to_be_visible()
    settle(page)
    tab_to(page, "Varför finns problemet? Skriv en orsak")
    page.keyboard.type("Ställen går inte att låsa fast cykeln i")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name=re.compile("Ställen går inte att låsa fast"))).to_be_attached()
    settle(page)
