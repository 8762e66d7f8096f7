"""The three writers: what every page carries, real charts, fields and tags, and words that come out as they were."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import openpyxl
import pikepdf
import pytest
from docx import Document
from pptx import Presentation

from reports import pdf, powerpoint, word
from reports.forms import FORMS, file_name, write
from reports.pictures import NO_PICTURE
from reports.powerpoint import as_slide
from reports.theme import Theme
from tests.reports.example_report import EXPORTED, ODD, chart, exhibit, report

THEME = Theme(name="Provkommunen", footer="Provkommunen, foten")
CARRIED = ("Lägesbild 2026", "Exempeldata", "Utkast", "Norrtälje kommun", "2023–2025", "Brottsgrupp: Skadegörelse",
           "Uttaget 24 november 2026 ur bygge b123", "Provkommunen, foten")  # fmt: skip
CITED = "Brå, anmälda brott (levererad 4 mars 2026)"


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    for writer in (powerpoint, word, pdf):
        monkeypatch.setattr(writer, "can_draw", lambda: False)


def slides(content: bytes) -> Any:
    return Presentation(io.BytesIO(content)).slides


def words_of(slide: Any) -> str:
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return "\n".join([*texts, *(cell.text for table in tables for row in table.rows for cell in row.cells)])


def test_every_slide_carries_what_it_must() -> None:
    made = list(slides(write(report(), THEME, "pptx")))
    for number, slide in enumerate(made, start=1):
        told = words_of(slide)
        for text in (*CARRIED, CITED, f"{number} av {len(made)}"):
            assert text in told, (number, text)
        assert slide.shapes.title.text_frame.text
    assert len({slide.shapes.title.text_frame.text for slide in made}) >= 6
    assert any(ODD in words_of(slide) for slide in made)


def test_a_chart_on_a_slide_can_be_edited() -> None:
    slide = slides(as_slide(exhibit(chart()), "b123", EXPORTED, THEME))[0]
    frame = next(shape for shape in slide.shapes if shape.has_chart)
    assert list(frame.chart.plots[0].categories) == ["2023", "2024", "2025"]
    assert [tuple(one.values) for one in frame.chart.series] == [(13, None, 1255)]
    behind = openpyxl.load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob)).active
    assert [[cell.value for cell in row] for row in behind.rows] == [
        [None, "Rimbo"], ["2023", 13], ["2024", None], ["2025", 1255],
    ]  # fmt: skip
    assert frame._element.xpath(".//p:cNvPr")[0].get("descr") == "Linje över skadegörelse per år i Rimbo."
    told = words_of(slide)
    for text in ("Exempeldata", "1 255 fall är fler än slumpen brukar ge.", CITED, "Rimbo · 2023–2025"):
        assert text in told


def test_a_long_table_goes_on_over_slides_with_its_headings() -> None:
    tables = [shape.table for slide in slides(write(report(), THEME, "pptx")) for shape in slide.shapes
              if shape.has_table and shape.table.cell(0, 0).text == "Åtgärd"]  # fmt: skip
    rows = [table.cell(row, 0).text for table in tables for row in range(1, len(table.rows))]
    assert rows == [f"Åtgärd {n}" for n in range(1, 41)]
    assert tables[-1].cell(len(tables[-1].rows) - 1, 1).text == "40\u00a0000"


def test_word_has_headings_captions_and_fields_to_fill_in() -> None:
    content = write(report(), THEME, "docx")
    document: Any = Document(io.BytesIO(content))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == ["Brottsligheten", "Figurer", "Åtgärder", "Beslut", "Källor"]
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    links = [one.xpath("string(.)") for one in document.element.xpath("//w:hyperlink")]
    assert links == headings
    anchors = [one.get(next(k for k in one.attrib if k.endswith("anchor"))) for one in
               document.element.xpath("//w:hyperlink")]  # fmt: skip
    assert all(f'w:name="{anchor}"' in xml for anchor in anchors)
    captions = [one.text for one in document.paragraphs if one.style.name == "Caption"]
    assert captions[-1] == "Tabell 3. Åtgärder"
    fields = [one.xpath("string(.)") for one in document.element.xpath("//w:sdtContent")]
    assert fields == ["Skriv här: Beslutande organ", "KS 2026-97"]
    assert ODD in [one.text for one in document.paragraphs]
    for section in document.sections:
        told = "\n".join(one.text for one in (*section.header.paragraphs, *section.footer.paragraphs))
        assert all(text in told for text in (*CARRIED, CITED))


def test_word_shows_the_figures_where_no_picture_can_be_drawn() -> None:
    document: Any = Document(io.BytesIO(write(report(), THEME, "docx")))
    assert NO_PICTURE in [one.text for one in document.paragraphs]
    first = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert first == [["År", "Antal", "Andel"], ["2023", "13", "0,50"], ["2024", "–", "12,25"],
                     ["2025", "1\u00a0255", "3,00"]]  # fmt: skip


def test_the_pdf_is_tagged_and_says_that_it_is_pdf_ua() -> None:
    with pikepdf.open(io.BytesIO(write(report(), THEME, "pdf"))) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang).startswith("sv")
        assert document.open_metadata()["pdfuaid:part"] == "1"
        with document.open_outline() as outline:
            told = [one.title for one in outline.root]
        assert told[-5:] == ["Brottsligheten", "Figurer", "Åtgärder", "Beslut", "Källor"]
        roles = set(tagged(root.StructTreeRoot))
        assert {"/H1", "/H2", "/Table", "/TH", "/L", "/P", "/Caption"} <= roles


def test_a_picture_in_the_pdf_has_its_alternative_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "can_draw", lambda: True)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    monkeypatch.setattr(pdf, "as_picture", lambda *_, **__: drawing)
    with pikepdf.open(io.BytesIO(write(report(), THEME, "pdf"))) as document:
        told = [str(one.Alt) for one in structure(document.Root.StructTreeRoot) if "/Alt" in one]
    assert told == ["Linje över skadegörelse per år i Rimbo."]


def structure(node: Any) -> Any:
    """Every structure element below a node."""
    below = node.get("/K")
    for one in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield one
            yield from structure(one)


def tagged(node: Any) -> Any:
    return (str(one.S) for one in structure(node))


@pytest.mark.parametrize("form", FORMS)
def test_writing_can_be_stopped_and_tells_how_far_it_has_come(form: str) -> None:
    told: list[float] = []

    def stop(share: float, text: str) -> None:
        told.append(share)
        assert text.startswith("Skriver del ")
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(report(), THEME, form, stop)
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_same_report_gives_the_same_bytes(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(report(), THEME, form)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert write(report(), THEME, form) == first


@pytest.mark.parametrize("form", FORMS)
def test_the_file_has_a_name_that_every_system_takes(form: str) -> None:
    assert file_name(report(), form) == f"exempeldata-utkast-lagesbild-norrtalje-kommun-2026-11-24.{form}"
