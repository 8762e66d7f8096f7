"""A report as slides: one finding on each, with charts that PowerPoint and LibreOffice can edit."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import groupby
from textwrap import wrap
from typing import Any

from charts.exhibit import Exhibit
from reports.cells import Written, written
from reports.description import Bullets, Fillable, Part, Progress, Report, Section, Shown, Tabled, Text, cited, silent
from reports.native import Native, native
from reports.packing import packed
from reports.pictures import NO_PICTURE, as_picture, can_draw
from reports.theme import Theme

#: Inches. A wide slide, its margin, and where the body begins and ends.
_WIDTH, _HEIGHT, _MARGIN, _TOP, _BOTTOM = 13.333, 7.5, 0.6, 1.75, 6.55
_BODY = _WIDTH - 2 * _MARGIN

#: What fits on a slide: lines of text, characters on one, rows and columns of a table.
_LINES, _CHARACTERS, _ROWS, _COLUMNS = 12, 95, 11, 7


def as_presentation(report: Report, theme: Theme, progress: Progress = silent) -> bytes:
    """The slides: a title, the sections, and the sources. ``progress`` may raise to stop; nothing is then left."""
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    slides = _Slides(show, report, theme)
    slides.front()
    for number, section in enumerate(report.sections, start=1):
        progress(number / (len(report.sections) + 1), f"Skriver del {number} av {len(report.sections)}")
        _add(slides, section)
    slides.text("Källor", [cited((one,)) for one in report.sources] or [cited(())])
    slides.number()
    return _saved(show, report, theme)


def as_slide(exhibit: Exhibit, build: str, exported: date, theme: Theme) -> bytes:
    """One exhibit as a presentation of one slide (a long table takes more), to put into another."""
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    marks = (exhibit.mark,) if exhibit.mark else ()
    report = Report(
        exhibit.id, exhibit.finding, "", exhibit.place, exhibit.period, build, exported, (), exhibit.filters, marks
    )
    slides = _Slides(show, report, theme)
    slides.exhibit(Shown(exhibit))
    slides.number()
    return _saved(show, report, theme)


def _saved(show: Any, report: Report, theme: Theme) -> bytes:
    kept = show.core_properties
    kept.title, kept.author, kept.language = report.title, theme.name, "sv-SE"
    kept.created = kept.modified = datetime.combine(report.exported, time())
    kept.subject = report.about
    buffer = io.BytesIO()
    show.save(buffer)
    return packed(buffer, report.exported)


def _add(slides: _Slides, section: Section) -> None:
    """A section: what is text together, each chart and table for itself."""
    for textual, parts in groupby(section.parts, lambda part: not isinstance(part, Shown | Tabled)):
        if textual:
            slides.text(section.heading, [line for part in parts for line in _lines(part)])
            continue
        for part in parts:
            if isinstance(part, Shown):
                slides.exhibit(part)
            elif isinstance(part, Tabled):
                slides.table(part.title, written(part.table), part.note)


def _lines(part: Part) -> list[str]:
    if isinstance(part, Text):
        return list(part.paragraphs)
    if isinstance(part, Bullets):
        return [f"• {item}" for item in part.items]
    return [f"{part.label}: {part.text or '…'}"] if isinstance(part, Fillable) else []


class _Slides:
    """A presentation while it is written."""

    def __init__(self, show: Any, report: Report, theme: Theme) -> None:
        self.show, self.report, self.theme = show, report, theme
        self._feet: list[Any] = []

    def front(self) -> None:
        """What it is, of which place and period."""
        slide = self._slide(self.report.title, 2.3, 36, 1.3)
        self._write(slide, [self.report.subtitle], 3.7, 0.7, 20, self.theme.ink)
        self._write(slide, [self.report.about, self.report.taken], 4.5, 1.0, 16, self.theme.quiet)
        if self.theme.logo is not None:
            from pptx.util import Inches

            picture = slide.shapes.add_picture(str(self.theme.logo), Inches(_MARGIN), Inches(0.6), height=Inches(0.9))
            _describe(picture, f"Logotyp för {self.theme.name}")
        self._foot(slide, cited(self.report.sources))

    def text(self, heading: str, paragraphs: Sequence[str]) -> None:
        """Paragraphs, over as many slides as they need."""
        for place, some in enumerate(_pages(paragraphs)):
            slide = self._slide(heading if place == 0 else f"{heading} (forts.)")
            self._write(slide, some, _TOP, _BOTTOM - _TOP, 18, self.theme.ink)
            self._foot(slide, cited(self.report.sources))

    def table(self, heading: str, rows: Written, note: str, sources: str = "") -> None:
        """Rows, over as many slides as they need; the headings stand on each. At most seven columns have room."""
        if not rows.rows:
            self.text(heading, [note or "Inget att visa."])
        for first in range(0, len(rows.rows), _ROWS):
            slide = self._slide(heading if first == 0 else f"{heading} (forts.)")
            some = rows.rows[first : first + _ROWS]
            self._table(slide, rows, some)
            if note:
                self._write(slide, [note], 6.1, 0.45, 13, self.theme.quiet)
            self._foot(slide, sources or cited(self.report.sources))

    def exhibit(self, shown: Shown) -> None:
        """A finding with its chart, what it says, and where it is from."""
        exhibit = shown.exhibit
        chart = native(exhibit.figure) if exhibit.figure is not None else None
        picture = exhibit.figure is not None and chart is None and can_draw()
        if chart is None and not picture:
            note = exhibit.sentence if exhibit.figure is None else f"{NO_PICTURE} {exhibit.sentence}"
            self.table(exhibit.finding, written(exhibit.table), note, cited(exhibit.sources))
            return
        slide = self._slide(exhibit.finding)
        self._write(slide, [exhibit.about], 1.3, 0.4, 14, self.theme.quiet)
        wide = _BODY * 0.66
        if chart is not None:
            self._chart(slide, chart, exhibit, wide)
        else:
            self._picture(slide, exhibit, wide)
        told = [exhibit.sentence, *filter(None, [shown.own_words])]
        self._write(slide, told, _TOP, _BOTTOM - _TOP, 16, self.theme.ink, left=_MARGIN + wide + 0.3)
        slide.notes_slide.notes_text_frame.text = "\n".join([exhibit.alt, exhibit.sentence, cited(exhibit.sources)])
        self._foot(slide, cited(exhibit.sources))

    def number(self) -> None:
        """Which slide of how many, when all are there."""
        for place, (frame, text) in enumerate(self._feet, start=1):
            frame.text = f"{text} · {place} av {len(self._feet)}"
            self._style(frame, 10, self.theme.quiet)

    def _slide(self, title: str, top: float = 0.45, size: int = 26, height: float = 0.85) -> Any:
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Inches

        slide = self.show.slides.add_slide(self.show.slide_layouts[5])
        heading = slide.shapes.title
        heading.left, heading.top = Inches(_MARGIN), Inches(top)
        heading.width, heading.height = Inches(_BODY), Inches(height)
        heading.text_frame.text = title
        heading.text_frame.word_wrap = True
        heading.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._style(heading.text_frame, size if len(title) <= 80 else size - 6, self.theme.accent, bold=True)
        return slide

    def _write(
        self, slide: Any, paragraphs: Sequence[str], top: float, height: float, size: int, colour: str,
        left: float = _MARGIN,
    ) -> None:  # fmt: skip
        from pptx.util import Inches

        box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(_WIDTH - _MARGIN - left), Inches(height))
        frame = box.text_frame
        frame.word_wrap = True
        frame.text = "\n".join(filter(None, paragraphs))
        self._style(frame, size if sum(map(len, paragraphs)) < 420 else size - 3, colour)

    def _style(self, frame: Any, size: int, colour: str, *, bold: bool = False) -> None:
        from pptx.dml.color import RGBColor
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Pt

        for paragraph in frame.paragraphs:
            paragraph.alignment = PP_ALIGN.LEFT
            paragraph.space_after = Pt(6 if size > 12 else 0)
            for run in paragraph.runs:
                run.font.size, run.font.bold, run.font.name = Pt(size), bold, self.theme.fonts[0]
                run.font.color.rgb = RGBColor.from_string(colour[1:])
                run.font._element.set("lang", "sv-SE")

    def _foot(self, slide: Any, sources: str) -> None:
        """What every slide carries: title, place, period, choices, warnings, sources, dates and build."""
        from pptx.util import Inches

        box = slide.shapes.add_textbox(Inches(_MARGIN), Inches(6.62), Inches(_BODY), Inches(0.75))
        box.text_frame.word_wrap = True
        first = " · ".join((self.report.title, self.report.about))
        last = " · ".join(filter(None, (self.report.taken, self.theme.footer)))
        self._feet.append((box.text_frame, f"{first}\n{sources}\n{last}"))

    def _chart(self, slide: Any, chart: Native, exhibit: Exhibit, wide: float) -> None:
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE as KIND
        from pptx.util import Inches

        data = CategoryChartData(number_format=chart.form)
        data.categories = chart.categories
        for one in chart.series:
            data.add_series(one.name or exhibit.unit, one.values)
        kinds = {
            ("line", False): KIND.LINE_MARKERS, ("line", True): KIND.LINE_MARKERS,
            ("column", False): KIND.COLUMN_CLUSTERED, ("column", True): KIND.COLUMN_STACKED,
            ("bar", False): KIND.BAR_CLUSTERED, ("bar", True): KIND.BAR_STACKED,
        }  # fmt: skip
        kind = kinds[chart.kind, chart.stacked]
        place = (Inches(_MARGIN), Inches(_TOP), Inches(wide), Inches(_BOTTOM - _TOP))
        frame = slide.shapes.add_chart(kind, *place, data)
        _describe(frame, exhibit.alt or exhibit.finding)
        self._dress(frame.chart, chart)

    def _dress(self, drawn: Any, chart: Native) -> None:
        """Quiet axes, colours of the house, a legend only where there are several series."""
        from pptx.dml.color import RGBColor
        from pptx.enum.chart import XL_LEGEND_POSITION
        from pptx.util import Pt

        drawn.has_title = False
        drawn.font.size, drawn.font.name = Pt(12), self.theme.fonts[0]
        drawn.font.color.rgb = RGBColor.from_string(self.theme.ink[1:])
        drawn.has_legend = len(chart.series) > 1
        if drawn.has_legend:
            drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        drawn.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("D9DCE1")
        drawn.value_axis.format.line.fill.background()
        drawn.value_axis.tick_labels.number_format = chart.form
        drawn.value_axis.tick_labels.number_format_is_linked = False
        drawn.category_axis.reverse_order = chart.upside_down
        if all(value is None or value >= 0 for one in chart.series for value in one.values):
            drawn.value_axis.minimum_scale = 0
        plot = drawn.plots[0]
        if chart.kind != "line":
            plot.gap_width = 60
        for series, told in zip(plot.series, chart.series, strict=True):
            colour = RGBColor.from_string((told.colour or self.theme.accent)[1:])
            if chart.kind == "line":
                series.smooth = False
                series.format.line.color.rgb = colour
                series.format.line.width = Pt(1.25 if told.context else 2.5)
                series.marker.format.fill.solid()
                series.marker.format.fill.fore_color.rgb = colour
                series.marker.format.line.color.rgb = colour
                series.marker.size = 5
            else:
                series.format.fill.solid()
                series.format.fill.fore_color.rgb = colour
        if len(chart.series) == 1 and len(chart.categories) <= 12:
            plot.has_data_labels = True
            plot.data_labels.number_format, plot.data_labels.number_format_is_linked = chart.form, False
            plot.data_labels.font.size = Pt(12)

    def _picture(self, slide: Any, exhibit: Exhibit, wide: float) -> None:
        from pptx.util import Inches

        image = io.BytesIO(as_picture(exhibit, "png", words=False))
        picture = slide.shapes.add_picture(image, Inches(_MARGIN), Inches(_TOP), width=Inches(wide))
        highest = Inches(_BOTTOM - _TOP)
        if picture.height > highest:
            picture.width, picture.height = round(picture.width * highest / picture.height), highest
        _describe(picture, exhibit.alt or exhibit.finding)

    def _table(self, slide: Any, rows: Written, some: Sequence[Sequence[str]]) -> None:
        from pptx.dml.color import RGBColor
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Inches, Pt

        wide = min(len(rows.headings), _COLUMNS)
        place = (Inches(_MARGIN), Inches(_TOP), Inches(_BODY), Inches(0.38 * (len(some) + 1)))
        table = slide.shapes.add_table(len(some) + 1, wide, *place).table
        shares = rows.widths[:wide]
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Inches(_BODY * share / sum(shares))
        for row, cells in enumerate([rows.headings, *some]):
            for column in range(wide):
                cell = table.cell(row, column)
                cell.text = cells[column]
                cell.margin_top = cell.margin_bottom = Pt(2)
                cell.fill.solid()
                cell.fill.fore_color.rgb = RGBColor.from_string("EEF0F3" if row == 0 else "FFFFFF")
                self._style(cell.text_frame, 12, self.theme.ink, bold=row == 0)
                if rows.numeric[column]:
                    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _pages(paragraphs: Sequence[str]) -> Iterator[list[str]]:
    """Paragraphs as pages: a long one is parted between words."""
    page: list[str] = []
    used = 0
    for paragraph in paragraphs:
        lines = wrap(paragraph, _CHARACTERS) or [""]
        for first in range(0, len(lines), _LINES):
            some = lines[first : first + _LINES]
            if page and used + len(some) > _LINES:
                yield page
                page, used = [], 0
            page.append(" ".join(some))
            used += len(some)
    if page:
        yield page


def _describe(shape: Any, text: str) -> None:
    """The alternative text, which python-pptx has no attribute for."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", text)
