"""Importera in a real browser, with the real importer: a file is dropped, asked about, put in, seen and taken back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import PHONE, Server, assert_accessible, open_page, serve, settle

SECONDS = 60_000

#: Day and month could be swapped in every row, and nobody knows where Gottsunda is.
EXTRACT = """Ärenden 2025;;;
;;;
Brottskod;Brott;Brottsdatum;Ort
0805;Stöld ur motorfordon;04/03/2025;Rimbo
1201;Skadegörelse, klotter;05/03/2025;Hallstavik
1201;Skadegörelse, klotter;06/04/2025;Hallstavik
0805;Stöld ur motorfordon;07/05/2025;Rimbo
0801;Stöld, cykel;08/06/2025;Gottsunda
"""

#: From a sender that no other test here has brought anything from.
REPORT = """Datum;Händelse;Ort
04/03/2025;Klotter;Rimbo
05/03/2025;Skadegörelse;Hallstavik
06/04/2025;Klotter;Hallstavik
"""


@pytest.fixture(scope="module")
def own_server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with data of its own, since these tests change them. It must end without a traceback."""
    folder = tmp_path_factory.mktemp("importera")
    shutil.copytree(built, folder / "data")
    with serve(folder / "data", folder / "server.txt") as running:
        yield running
    assert not running.tracebacks()


def drop(page: Page, name: str, content: bytes) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    settle(page, SECONDS / 1000)


def test_a_file_goes_in_and_out_again(own_server: Server, page: Page) -> None:
    page.goto(f"{own_server.url}/importera")
    settle(page)
    expect(page.get_by_role("button", name="Välj filer")).to_be_visible()
    drop(page, "ärenden.csv", EXTRACT.encode("cp1252"))
    expect(page.get_by_text("Väntar på")).to_be_visible()
    expect(page.get_by_text("Högst 200 MB per fil")).to_be_visible()
    expect(page.get_by_role("button", name="Lägg in", exact=True)).to_be_disabled()
    assert_accessible(page)
    page.get_by_text("Dag först").click()
    page.get_by_role("button", name="Svara").click()
    expect(page.get_by_text("Klar att lägga in")).to_be_visible(timeout=SECONDS)
    page.get_by_role("button", name="Lägg in", exact=True).click()
    expect(page.get_by_text("5 rader inlagda")).to_be_visible(timeout=SECONDS)
    settle(page)
    assert_accessible(page)
    page.get_by_test_id("stMain").get_by_role("link", name="Källor").click()
    settle(page)
    expect(page.get_by_role("heading", level=1, name="Källor")).to_be_visible()
    page.go_back()
    settle(page)
    page.get_by_role("button", name="Ångra").click()
    expect(page.get_by_text("borttaget igen")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text("Inget har lagts in än.")).to_be_visible()


def test_on_a_phone_by_keyboard_alone(own_server: Server, browser: Browser) -> None:
    page, watch = open_page(browser, size=PHONE, scheme="dark")
    page.goto(f"{own_server.url}/importera")
    settle(page)
    drop(page, "Lägesrapport.csv", REPORT.encode())
    tab_to(page, "Dag först: 4 mars 2025")
    page.keyboard.press("Space")
    tab_to(page, "Svara")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Klar att lägga in")).to_be_visible(timeout=SECONDS)
    settle(page)
    assert_accessible(page)  # the primary button in the dark theme too
    tab_to(page, "Så läses bladet")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rad 2, uppgifter: 04/03/2025 | Klotter | Rimbo")).to_be_visible()
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") <= PHONE[0]
    assert_accessible(page)
    page.get_by_role("button", name="Lägg in", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 rader inlagda")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text("inlagd av: inte angivet")).to_be_visible()
    settle(page)
    tab_to(page, "Ångra")
    page.keyboard.press("Enter")
    expect(page.get_by_text("borttaget igen")).to_be_visible(timeout=SECONDS)
    page.context.close()
    assert not watch.faults


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has the focus says this."""
    said = """() => {
        const it = document.activeElement;
        return it.matches('input, button, summary') ? (it.closest('label') ?? it).innerText : '';
    }"""
    for _ in range(80):
        page.keyboard.press("Tab")
        if text in page.evaluate(said):
            return
    raise AssertionError(f"Tab never reaches «{text}»")


def test_folders_are_dropped_and_chosen(own_server: Server, page: Page, tmp_path: Path) -> None:
    for name, day in (("släppt", "01"), ("vald", "02")):
        below = tmp_path / name / "under"
        below.mkdir(parents=True)
        (below.parent / "a.csv").write_text(f"Datum;Händelse;Ort\n2025-03-{day};Klotter;Rimbo\n" * 2, "utf-8")
        (below / "b.csv").write_text(f"Datum;Händelse;Ort\n2025-04-{day};Klotter;Rimbo\n" * 2, "utf-8")
        (below / ".DS_Store").write_bytes(b"litter")
        (below / "brev.docx").write_bytes(b"PK\x03\x04")
    page.goto(f"{own_server.url}/importera")
    settle(page)
    drag(page, tmp_path / "släppt")
    for name in ("a.csv", "b.csv", "brev.docx"):
        expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=SECONDS)
    settle(page, SECONDS / 1000)
    expect(page.get_by_role("heading", level=3)).to_have_count(4)  # and the list of deliveries
    page.get_by_role("button", name="Välj en mapp").click()
    expect(page.get_by_role("button", name="Välj mapp", exact=True)).to_be_visible()
    settle(page)
    assert_accessible(page)
    page.locator("input[webkitdirectory]").set_input_files(tmp_path / "vald")
    for name in ("vald/a.csv", "vald/under/b.csv"):
        expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=SECONDS)
    settle(page, SECONDS / 1000)
    expect(page.get_by_role("heading", level=3)).to_have_count(6)  # a chosen folder is searched for spreadsheets


def drag(page: Page, folder: Path) -> None:
    """Drag a folder from the desktop and let go of it over the page, as the browser itself has it done."""
    zone = page.get_by_test_id("stFileUploaderDropzone").first.bounding_box()
    assert zone is not None
    where = {"x": zone["x"] + zone["width"] / 2, "y": zone["y"] + zone["height"] / 2}
    browser = page.context.new_cdp_session(page)
    for event in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
        browser.send("Input.dispatchDragEvent", {"type": event, "data": data, **where})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bild.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ("tom.csv", b""),
        ("avbruten.xlsx", b"PK\x03\x04" + bytes(50)),
    ],
    ids=["picture", "empty", "truncated"],
)
def test_a_file_that_is_none_is_told_calmly(own_server: Server, page: Page, name: str, content: bytes) -> None:
    page.goto(f"{own_server.url}/importera")
    settle(page)
    drop(page, name, content)
    expect(page.get_by_text(re.compile("Kunde inte läsas|Inget att lägga in"))).to_be_visible(timeout=SECONDS)
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(page.get_by_role("button", name="Lägg in", exact=True)).to_have_count(0)


def test_a_template_is_downloaded_and_is_a_workbook(own_server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{own_server.url}/importera")
    settle(page)
    page.get_by_text("Mallar att fylla i").click()
    with page.expect_download(timeout=SECONDS) as download:
        page.get_by_role("button", name="En rad per händelse").click()
    assert download.value.suggested_filename == "Mall händelser.xlsx"
    path = tmp_path / "mall.xlsx"
    download.value.save_as(path)
    assert path.read_bytes()[:2] == b"PK"
