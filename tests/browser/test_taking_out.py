"""What leaves: a document from its page, and a slide from any chart."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from playwright.sync_api import Download, Page, expect
from pptx import Presentation

from store.records import Actor, Role, Situation, open_work
from tests.browser.harness import PHONE, Server, assert_accessible, settle

_WHO = Actor("Anna", Role.DECIDER)


def taken(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button, exact=True).click()
    download: Download = waiting.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def test_a_situation_picture_is_taken_out_as_a_document(
    server: Server, page: Page, built: Path, tmp_path: Path
) -> None:
    work = open_work(built / "records.sqlite", built)
    row = work.create(
        _WHO,
        Situation(title="Lägesbild på prov", place_id="0188", place="Norrtälje kommun", crime="Skadorna ökar."),
    )
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{server.url}/lagesbilder?lagesbild={row.id}")
    settle(page)
    page.get_by_role("button", name="Ta ut dokument").click()
    expect(page.get_by_role("button", name="PowerPoint", exact=True)).to_be_visible()
    settle(page)
    assert_accessible(page)
    written = taken(page, "Word", tmp_path)
    assert written.name.startswith("utkast-lagesbild-norrtalje-kommun-")
    document = Document(str(written))
    assert document.paragraphs[0].text == "Lägesbild på prov"
    assert "Skadorna ökar." in [one.text for one in document.paragraphs]
    assert "Utkast" in document.sections[0].header.paragraphs[0].text
    assert taken(page, "PDF", tmp_path).read_bytes().startswith(b"%PDF")
    work.delete(_WHO, Situation, row.id, row.version)  # and leave nothing behind


def test_a_chart_is_taken_out_as_a_slide_that_can_be_edited(server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{server.url}/lagesbild?brott=Skadegörelse")
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Ladda ner").first.click()
    slide = Presentation(str(taken(page, "PowerPoint-bild", tmp_path))).slides[0]
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    figures = dict(zip(chart.plots[0].categories, chart.series[0].values, strict=True))
    assert figures["2025"] == 1085  # as published by Brå
    assert any("Brå" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
