"""A report as a Word document: styles, numbered captions, a table of contents, and fields to fill in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from reports.cells import Written, written
from reports.description import Bullets, Fillable, Part, Progress, Report, Shown, Tabled, Text, cited, silent
from reports.packing import packed
from reports.pictures import NO_PICTURE, as_picture, can_draw
from reports.theme import Theme

#: More columns than this have no room across a page that stands.
_UPRIGHT = 6

#: Twips: the page that stands, its margin, and the width of its text.
_A4 = (11906, 16838)
_MARGIN = 1247


def as_document(report: Report, theme: Theme, progress: Progress = silent) -> bytes:
    """The report on A4. ``progress`` may raise to stop; nothing is then left."""
    from docx import Document

    document = Document()
    writing = _Writing(document, report, theme)
    writing.front()
    total = sum(len(section.parts) for section in report.sections)
    done = 0
    for section in report.sections:
        writing.heading(section.heading, section.level)
        for part in section.parts:
            done += 1
            progress(done / (total + 1), f"Skriver del {done} av {total}")
            writing.add(part)
    writing.heading("Källor", 1)
    writing.add(Bullets(tuple(cited((one,)) for one in report.sources) or (cited(()),)))
    kept = document.core_properties
    kept.title, kept.author, kept.language = report.title, theme.name, "sv-SE"
    kept.subject = report.about
    kept.created = kept.modified = datetime.combine(report.exported, time())
    kept.comments = report.taken
    buffer = io.BytesIO()
    document.save(buffer)
    return packed(buffer, report.exported)


class _Writing:
    """A document while it is written."""

    def __init__(self, document: Any, report: Report, theme: Theme) -> None:
        self.document, self.report, self.theme = document, report, theme
        self._counted = {"Figur": 0, "Tabell": 0}
        self._marks = 0
        self._page()
        self._styles()

    def front(self) -> None:
        """What it is, of which place and period, and what it holds."""
        if self.theme.logo is not None:
            from docx.shared import Cm

            picture = self.document.add_picture(str(self.theme.logo), height=Cm(2))
            _describe(picture, f"Logotyp för {self.theme.name}")
        self.document.add_paragraph(self.report.title, style="Title")
        self.document.add_paragraph(self.report.subtitle, style="Subtitle")
        self.document.add_paragraph(f"{self.report.about}\n{self.report.taken}", style="Quiet")
        self.document.add_paragraph("Innehåll", style="Contents")
        headings = [*((one.heading, one.level) for one in self.report.sections), ("Källor", 1)]
        for number, (text, level) in enumerate(headings, start=1):
            if level == 1:
                self._entry(text, number, begins=number == 1, ends=number == len(headings))

    def heading(self, text: str, level: int) -> None:
        """A heading that the contents lead to."""
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement

        paragraph = self.document.add_heading(text, level)
        self._marks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._marks))
        start.set(qn("w:name"), f"_Toc{self._marks:06}")
        paragraph._p.insert(1, start)
        paragraph._p.append(end)

    def add(self, part: Part) -> None:
        """One part of the report."""
        if isinstance(part, Text):
            for text in part.paragraphs:
                self.document.add_paragraph(text)
        elif isinstance(part, Bullets):
            for text in part.items:
                self.document.add_paragraph(text, style="List Bullet")
        elif isinstance(part, Fillable):
            self._field(part)
        elif isinstance(part, Tabled):
            self._tabled(part)
        else:
            self._shown(part)

    def _shown(self, part: Shown) -> None:
        exhibit = part.exhibit
        self.document.add_heading(exhibit.finding, 2)
        self.document.add_paragraph(exhibit.about, style="Quiet").paragraph_format.keep_with_next = True
        if exhibit.figure is not None and can_draw():
            from docx.shared import Twips

            image = io.BytesIO(as_picture(exhibit, "png", words=False))
            picture = self.document.add_picture(image, width=Twips(_A4[0] - 2 * _MARGIN))
            _describe(picture, exhibit.alt or exhibit.finding)
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
            self._caption("Figur", f"{exhibit.finding}. {cited(exhibit.sources)}")
        else:
            if exhibit.figure is not None:
                self.document.add_paragraph(NO_PICTURE, style="Quiet")
            self._tabled(Tabled(f"{exhibit.finding}. {exhibit.unit}", exhibit.table, cited(exhibit.sources)))
        self.document.add_paragraph(exhibit.sentence)
        if part.own_words:
            self.document.add_paragraph(part.own_words)

    def _tabled(self, part: Tabled) -> None:
        rows = written(part.table)
        if not rows.rows:
            self.document.add_paragraph(f"{part.title}: inget att visa.")
        else:
            wide = len(rows.headings) > _UPRIGHT
            if wide:
                self._turn(lying=True)
            self._caption("Tabell", part.title)
            self._table(rows)
            if wide:
                self._turn(lying=False)
        if part.note:
            self.document.add_paragraph(part.note, style="Quiet")

    def _table(self, rows: Written) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement

        section = self.document.sections[-1]
        room = section.page_width - section.left_margin - section.right_margin
        widths = [round(room * share / sum(rows.widths)) for share in rows.widths]
        table = self.document.add_table(rows=0, cols=len(rows.headings), style="Normal Table")
        table.autofit = False
        # The schema has the borders before how columns are laid out.
        table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(_lines())
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for place, cells in enumerate([rows.headings, *rows.rows]):
            row = table.add_row()
            kept = row._tr.get_or_add_trPr()
            kept.append(OxmlElement("w:cantSplit"))
            if place == 0:
                kept.append(OxmlElement("w:tblHeader"))
            for cell, text, right, width in zip(row.cells, cells, rows.numeric, widths, strict=True):
                cell.width = width
                paragraph = cell.paragraphs[0]
                paragraph.style = "Cell"
                paragraph.add_run(text).bold = place == 0
                if right:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.document.add_paragraph(style="Quiet")

    def _field(self, part: Fillable) -> None:
        """A content control, which Word shows as a field to write in."""
        from docx.oxml.ns import nsdecls, qn
        from docx.oxml.parser import parse_xml

        paragraph = self.document.add_paragraph()
        paragraph.add_run(f"{part.label}: ").bold = True
        control = parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias/><w:tag/><w:showingPlcHdr/><w:text w:multiLine='1'/></w:sdtPr>"
            "<w:sdtContent><w:r><w:t/></w:r></w:sdtContent></w:sdt>"
        )
        for name in ("alias", "tag"):
            next(control.iter(qn(f"w:{name}"))).set(qn("w:val"), part.label)
        if part.text:
            control[0].remove(next(control.iter(qn("w:showingPlcHdr"))))
        next(control.iter(qn("w:t"))).text = part.text or f"Skriv här: {part.label}"
        paragraph._p.append(control)

    def _caption(self, kind: str, text: str) -> None:
        """«Figur 1. …», numbered by a field, so that Word counts anew when one is taken out."""
        self._counted[kind] += 1
        paragraph = self.document.add_paragraph(f"{kind} ", style="Caption")
        _field(paragraph, f"SEQ {kind} \\* ARABIC", str(self._counted[kind]))
        paragraph.add_run(f". {text}")
        paragraph.paragraph_format.keep_with_next = kind == "Tabell"

    def _entry(self, text: str, number: int, *, begins: bool, ends: bool) -> None:
        """A line of the contents: a link to its heading, inside the field that Word makes them anew with."""
        from docx.oxml.ns import qn
        from docx.oxml.parser import OxmlElement

        paragraph = self.document.add_paragraph(style="Entry")
        if begins:
            _field_part(paragraph, "begin")
            _instruction(paragraph, 'TOC \\o "1-1" \\h \\z')
            _field_part(paragraph, "separate")
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"_Toc{number:06}")
        run = paragraph.add_run(text)
        paragraph._p.remove(run._r)
        link.append(run._r)
        paragraph._p.append(link)
        if ends:
            _field_part(paragraph, "end")

    def _page(self) -> None:
        from docx.shared import Twips

        section = self.document.sections[0]
        section.page_width, section.page_height = Twips(_A4[0]), Twips(_A4[1])
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Twips(_MARGIN))
        head = section.header.paragraphs[0]
        head.text = f"{self.report.title} · {self.report.about}"
        foot = section.footer.paragraphs[0]
        foot.text = f"{cited(self.report.sources)}\n{self.report.taken}"
        foot.add_run("".join(f" · {text}" for text in [self.theme.footer] if text) + " · Sida ")
        _field(foot, "PAGE", "1")
        foot.add_run(" av ")
        _field(foot, "NUMPAGES", "1")

    def _turn(self, *, lying: bool) -> None:
        """A new page the other way, for a wide table and back."""
        from docx.enum.section import WD_ORIENT, WD_SECTION
        from docx.shared import Twips

        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
        sides = _A4[::-1] if lying else _A4
        section.page_width, section.page_height = Twips(sides[0]), Twips(sides[1])

    def _styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE

        styles = self.document.styles
        for name, base in (("Quiet", "Normal"), ("Cell", "Normal"), ("Entry", "Normal"), ("Contents", "Normal")):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[base]
        ink, accent, quiet = self.theme.ink, self.theme.accent, self.theme.quiet
        looks: Sequence[tuple[str, float, str, bool, float]] = (
            ("Normal", 10.5, ink, False, 6), ("Title", 24, accent, True, 4), ("Subtitle", 13, ink, False, 10),
            ("Heading 1", 16, accent, True, 6), ("Heading 2", 12.5, ink, True, 4), ("Caption", 9, quiet, False, 6),
            ("Quiet", 9, quiet, False, 6), ("Cell", 9, ink, False, 1), ("Header", 8, quiet, False, 0),
            ("Entry", 10.5, ink, False, 2), ("Contents", 13, ink, True, 4), ("Footer", 7.5, quiet, False, 0),
        )  # fmt: skip
        for name, size, colour, bold, after in looks:
            _look(styles[name], self.theme.fonts[0], size, colour, bold=bold, after=after)


def _look(style: Any, font: str, size: float, colour: str, *, bold: bool, after: float) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold, style.font.italic = font, Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour[1:])
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for name in [name for name in fonts.attrib if "Theme" in name]:  # the template's own would win
        del fonts.attrib[name]
    for ornament in style.element.xpath(".//w:pBdr | .//w:spacing[@w:val] | .//w:kern"):
        ornament.getparent().remove(ornament)
    fonts.set(qn("w:hAnsi"), font)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), "sv-SE")
    style.paragraph_format.space_after = Pt(after)


def _lines() -> Any:
    """Thin grey lines between the rows of a table, and none between its columns."""
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    drawn = "".join(
        f"<w:{side} w:val='single' w:sz='4' w:space='0' w:color='C9CDD4'/>" for side in ("top", "bottom", "insideH")
    )
    return parse_xml(f"<w:tblBorders {nsdecls('w')}>{drawn}</w:tblBorders>")


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """A field that Word works out, with what it shows until then."""
    _field_part(paragraph, "begin")
    _instruction(paragraph, instruction)
    _field_part(paragraph, "separate")
    paragraph.add_run(shown)
    _field_part(paragraph, "end")


def _field_part(paragraph: Any, kind: str) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(part)


def _instruction(paragraph: Any, text: str) -> None:
    from docx.oxml.parser import OxmlElement

    part = OxmlElement("w:instrText")
    part.text = text
    paragraph.add_run()._r.append(part)


def _describe(picture: Any, text: str) -> None:
    """The alternative text, which python-docx has no attribute for."""
    picture._inline.docPr.set("descr", text)
