"""A report as a workbook: a sheet for each chart and table, with real numbers and charts that can be edited."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from charts import swedish
from charts.exhibit import Exhibit, Provenance
from reports.description import Bullets, Fillable, Part, Progress, Report, Shown, Tabled, Text, cited, silent
from reports.excel_charts import DATA, Charts
from reports.files import provenance_rows
from reports.native import native
from reports.pictures import NO_PICTURE, as_picture, can_draw
from reports.sheets import FORMS, LINE, fill, height, is_number, plain, widths
from reports.theme import Theme

#: The rows above a table: what it shows, what that means, of what, and from where; then one that is empty.
_ABOVE = 5
#: What a sheet's name may not hold, and how long it may be.
_FORBIDDEN, _LONGEST_NAME = re.compile(r"[\[\]:*?/\\']"), 31
_SOURCES = "Källor"
#: The most that the head or foot of a printed page may hold.
_PAGE_MARGIN = 255
#: Characters across a sheet of text, and the height of a line and of the tallest row.
_ACROSS = 100
#: How wide a column is that has been given no width.
_DEFAULT_WIDTH = 9
#: Numbers, and a little air before the text of the next column.
_RIGHT = {"align": "right", "indent": 1}
#: Text stays text.
_AS_WRITTEN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: A picture is drawn twice as large as it is shown, and does not shrink with rows that a filter hides.
_HALF = {"x_scale": 0.5, "y_scale": 0.5, "object_position": 3}


@dataclass(frozen=True)
class _Leaf:
    """A sheet of figures: its name, and what stands on it."""

    name: str
    part: Shown | Tabled

    @property
    def title(self) -> str:
        return self.part.exhibit.finding if isinstance(self.part, Shown) else self.part.title

    @property
    def unit(self) -> str:
        return self.part.exhibit.unit if isinstance(self.part, Shown) else ""

    @property
    def table(self) -> pd.DataFrame:
        return self.part.exhibit.table if isinstance(self.part, Shown) else self.part.table

    @property
    def said(self) -> str:
        """What the figures mean."""
        return self.part.exhibit.sentence if isinstance(self.part, Shown) else self.part.note

    def sources(self, report: Report) -> tuple[Provenance, ...]:
        return self.part.exhibit.sources if isinstance(self.part, Shown) else report.sources

    def about(self, report: Report) -> str:
        """Marks, unit, place, period and filters on one line."""
        if isinstance(self.part, Tabled):
            return report.about
        exhibit = self.part.exhibit
        marks = dict.fromkeys((*report.marks, exhibit.mark))
        chosen = (f"{name}: {choice}" for name, choice in exhibit.filters)
        return " · ".join(filter(None, (*marks, exhibit.unit, exhibit.place, exhibit.period, *chosen)))

    def taken(self, report: Report) -> str:
        """When the figures were taken out, and of which build: frozen ones keep their own."""
        build = self.part.exhibit.build if isinstance(self.part, Shown) else ""
        return replace(report, build=build or report.build).taken


def as_book(report: Report, theme: Theme, progress: Progress = silent) -> bytes:
    """The workbook. ``progress`` may raise to stop; nothing is then left."""
    leaves = list(_leaves(report))
    textual = any(_is_read(part) for section in report.sections for part in section.parts)
    with _written(report, theme) as (book, made):
        steps: list[Callable[[], None]] = [partial(book.contents, leaves)]
        steps += [partial(book.text, leaves)] if textual else []
        steps += [partial(book.figures, leaf) for leaf in leaves]
        steps += [partial(book.facts, _facts(report))]
        for number, write in enumerate(steps, start=1):
            progress(number / (len(steps) + 1), f"Skriver del {number} av {len(steps)}")
            write()
    return made.getvalue()


def as_workbook(exhibit: Exhibit, build_id: str, exported: date, theme: Theme | None = None) -> bytes:
    """One exhibit: its figures with their chart on one sheet, and source, filters and period on another."""
    marks = (exhibit.mark,) if exhibit.mark else ()
    report = Report(
        exhibit.id, exhibit.finding, "", exhibit.place, exhibit.period, build_id, exported, (), exhibit.filters, marks,
        exhibit.sources,
    )  # fmt: skip
    with _written(report, theme or Theme()) as (book, made):
        book.figures(_Leaf("Siffror", Shown(exhibit)))
        book.facts(provenance_rows(exhibit, build_id, exported))
    return made.getvalue()


@contextmanager
def _written(report: Report, theme: Theme) -> Iterator[tuple[_Book, io.BytesIO]]:
    """A book to fill, and where it is when it has been."""
    from xlsxwriter import Workbook

    made = io.BytesIO()
    # Rows go to a file as they are written; the folder goes with them, also when the writing is stopped.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Workbook(made, {"constant_memory": True, "tmpdir": folder, **_AS_WRITTEN})
        book = _Book(file, report, theme)
        yield book, made
        if book.charts.any:
            sheet = book.sheet(DATA)
            book.foot(sheet, cited(report.sources))
            book.charts.write(sheet, book.label, book.number_column)
        file.close()


def _is_read(part: Part) -> bool:
    """Whether a part has words of its own, which no sheet of figures carries."""
    return bool(part.own_words) if isinstance(part, Shown) else not isinstance(part, Tabled)


def _leaves(report: Report) -> Iterator[_Leaf]:
    parts = [part for section in report.sections for part in section.parts if isinstance(part, Shown | Tabled)]
    for number, part in enumerate(parts, start=1):
        title = _Leaf("", part).title
        # What stands before the colon says which figures it is; the number makes the name the only one.
        subject = _FORBIDDEN.sub(" ", title.partition(": ")[0])
        yield _Leaf(_shortened(" ".join([str(number), *subject.split()]), _LONGEST_NAME), part)


def _shortened(text: str, room: int) -> str:
    """The whole text, or as many whole words as there is room for, and an ellipsis."""
    if len(text) <= room:
        return text
    cut = text[: room - 1]
    return (cut.rpartition(" ")[0] if " " in cut.strip() else cut) + "…"


def _facts(report: Report) -> list[tuple[str, str]]:
    """What must follow a report's figures, as (heading, text) in Swedish."""
    sources = [f"{one.citation} (levererad {swedish.date(one.delivered)})" for one in report.sources]
    return [
        *(("Obs", mark) for mark in report.marks),
        ("Dokument", " – ".join(filter(None, (report.title, report.subtitle)))),
        ("Plats", report.place),
        ("Period", report.period),
        *report.filters,
        *(("Källa", one) for one in sources or ["kommunens eget arbete"]),
        ("Uttaget", f"{swedish.date(report.exported)} ur bygge {report.build}"),
    ]


class _Book:
    """A workbook while it is written, one sheet after another."""

    def __init__(self, file: Any, report: Report, theme: Theme) -> None:
        self.file, self.report, self.theme = file, report, theme
        self.charts = Charts(file, theme)
        font = {"font_name": theme.fonts[0], "font_size": 10, "font_color": theme.ink}
        # The look of every cell that is given none.
        file.formats[0].set_font_name(theme.fonts[0])
        file.formats[0].set_font_size(10)
        style = partial(self._style, font)
        self.cells = {name: style(num_format=form, valign="top", **_RIGHT) for name, form in FORMS.items()}
        for name in ("text", "wrapped", "day", "moment"):
            self.cells[name] = style(num_format=FORMS[name], valign="top", align="left", text_wrap=name == "wrapped")
        self.title = style(bold=True, font_size=16, font_color=theme.accent)
        self.heading = style(bold=True, font_size=12, valign="top", text_wrap=True)
        self.body = style(valign="top", text_wrap=True)
        self.quiet = style(valign="top", text_wrap=True, font_color=theme.quiet)
        self.label = style(bold=True, valign="top")
        column = {"bold": True, "valign": "vcenter", "text_wrap": True, "bottom": 1, "bottom_color": theme.accent}
        self.column, self.number_column = style(**column), style(**column, **_RIGHT)
        self.field = style(valign="top", text_wrap=True, border=1, border_color=theme.quiet, bg_color="#F4F4F6")
        self.link = style(font_color=theme.accent, underline=1)
        file.set_properties(
            {
                "title": report.title, "subject": report.about, "author": theme.name, "company": theme.name,
                "comments": report.taken, "created": datetime.combine(report.exported, time()),
            }
        )  # fmt: skip
        file.set_custom_property("Language", "sv-SE")

    def _style(self, font: dict[str, Any], **more: Any) -> Any:
        return self.file.add_format(font | more)

    def sheet(self, name: str) -> Any:
        """A new sheet, set up for print: across the paper, and every page with what it is, of when and from where."""
        sheet = self.file.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.95, bottom=0.95)
        about = f"\n{_escaped(self.report.about, 120)}"
        sheet.set_header(f"&L&B{_escaped(self.report.title, _PAGE_MARGIN - len(about) - 6)}&B{about}")
        return sheet

    def foot(self, sheet: Any, sources: str) -> None:
        """Below every printed page: sources (where they are listed, when they are many), when it was taken out."""
        end = f"\n{_escaped(' · '.join(filter(None, (self.report.taken, self.theme.footer))), 140)}&RSida &P av &N"
        room = _PAGE_MARGIN - len(end) - 2
        told = sources if len(sources.replace("&", "&&")) <= room else f"Källorna står på bladet «{_SOURCES}»."
        sheet.set_footer(f"&L{_escaped(told, room)}{end}")

    def contents(self, leaves: Sequence[_Leaf]) -> None:
        """What the book holds, with links."""
        report, sheet = self.report, self.sheet("Innehåll")
        self.foot(sheet, cited(report.sources))
        sheet.set_column(0, 0, _LONGEST_NAME + 3)
        sheet.set_column(1, 1, 90)
        sheet.set_column(2, 2, 18)
        sheet.write_string(0, 0, plain(report.title), self.title)
        about = (report.subtitle, report.about, report.taken, self.theme.footer)
        lines = [line for line in about if line]
        unwrapped = self._style({"font_name": self.theme.fonts[0]}, font_size=10, font_color=self.theme.quiet)
        for row, line in enumerate(lines, start=1):
            sheet.write_string(row, 0, plain(line), unwrapped)
        first = len(lines) + 2
        for place, heading in enumerate(("Blad", "Vad bladet visar", "Enhet")):
            sheet.write_string(first, place, heading, self.column)
        for row, leaf in enumerate(leaves, start=first + 1):
            self._to(sheet, row, leaf)
            sheet.write_string(row, 1, plain(leaf.title), self.body)
            sheet.write_string(row, 2, plain(leaf.unit), self.body)
        if self.theme.logo is not None and self.theme.logo.suffix.lower() == ".png":
            sheet.insert_image(0, 2, str(self.theme.logo), {"description": f"Logotyp för {self.theme.name}"})

    def _to(self, sheet: Any, row: int, leaf: _Leaf) -> None:
        sheet.write_url(row, 0, f"internal:'{leaf.name}'!A1", self.link, leaf.name)

    def text(self, leaves: Sequence[_Leaf]) -> None:
        """What is written in the report, and where in it the figures belong."""
        sheet = self.sheet("Text")
        self.foot(sheet, cited(self.report.sources))
        sheet.set_column(0, 0, _ACROSS)
        left, row = iter(leaves), 0
        for section in self.report.sections:
            sheet.write_string(row, 0, plain(section.heading), self.heading)
            row += 1
            for part in section.parts:
                if isinstance(part, Shown | Tabled):
                    self._to(sheet, row, next(left))
                    row += 1
                for line, style in self._lines(part):
                    sheet.set_row(row, height(line, _ACROSS))
                    sheet.write_string(row, 0, plain(line), style)
                    row += 1
            row += 1

    def _lines(self, part: Part) -> list[tuple[str, Any]]:
        if isinstance(part, Text):
            return [(paragraph, self.body) for paragraph in part.paragraphs]
        if isinstance(part, Bullets):
            return [(f"• {item}", self.body) for item in part.items]
        if isinstance(part, Shown) and part.own_words:
            return [(part.own_words, self.body)]
        if isinstance(part, Fillable):
            return [(part.label, self.label), (part.text or f"Skriv här: {part.label}", self.field)]
        return []

    def figures(self, leaf: _Leaf) -> None:
        """A table with what must be said of it above, and its chart or picture beside."""
        exhibit = leaf.part.exhibit if isinstance(leaf.part, Shown) else None
        figure = exhibit.figure if exhibit else None
        drawn = native(figure) if figure is not None else None
        pictured = figure is not None and drawn is None and can_draw()
        sheet, table, first = self.sheet(leaf.name), leaf.table, _ABOVE + 1
        self.foot(sheet, cited(leaf.sources(self.report)))
        wide = widths(table)
        for place, width in enumerate(wide):
            sheet.set_column(place, place, width)
        missing = NO_PICTURE if figure is not None and drawn is None and not pictured else ""
        self._above(sheet, leaf, wide, missing)
        sheet.set_row(_ABOVE, max(map(height, map(str, table.columns), wide), default=LINE) + 4)
        for place, heading in enumerate(table.columns):
            style = self.number_column if is_number(table.iloc[:, place]) else self.column
            sheet.write_string(_ABOVE, place, plain(str(heading)), style)
        fill(sheet, first, table, wide, self.cells)
        sheet.freeze_panes(first, 0)
        sheet.repeat_rows(_ABOVE)
        if len(wide):
            sheet.autofilter(_ABOVE, 0, _ABOVE + len(table), len(wide) - 1)
        beside = (first, len(wide) + 1)
        if exhibit and drawn:
            self.charts.put(sheet, beside, exhibit, drawn)
        elif exhibit and pictured:
            picture = io.BytesIO(as_picture(exhibit, "png", words=False))
            options = {"image_data": picture, "description": exhibit.alt or exhibit.finding, **_HALF}
            sheet.insert_image(*beside, f"{exhibit.id}.png", options)

    def _above(self, sheet: Any, leaf: _Leaf, wide: Sequence[int], missing: str) -> None:
        """The lines above a table, across as many columns as it takes to read them."""
        across, last = 0, -1
        while across < _ACROSS:
            last += 1
            across += wide[last] if last < len(wide) else _DEFAULT_WIDTH
        lines = (
            (leaf.title, self.heading),
            ("\n".join(filter(None, (leaf.said, missing))), self.body),
            (leaf.about(self.report), self.quiet),
            (f"{cited(leaf.sources(self.report))}. {leaf.taken(self.report)}", self.quiet),
        )
        for row, (line, style) in enumerate(lines):
            sheet.set_row(row, height(line, across))
            if last:
                sheet.merge_range(row, 0, row, last, plain(line), style)
            else:
                sheet.write_string(row, 0, plain(line), style)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """What must follow the figures."""
        sheet = self.sheet(_SOURCES)
        self.foot(sheet, cited(self.report.sources))
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, _ACROSS)
        for row, (heading, text) in enumerate(facts):
            sheet.set_row(row, height(text, _ACROSS))
            sheet.write_string(row, 0, plain(heading), self.label)
            sheet.write_string(row, 1, plain(text), self.body)


def _escaped(text: str, room: int) -> str:
    """Text for the head or foot of a printed page, where & begins an order; cut where there is no room for all."""
    escaped = text.replace("&", "&&")
    return escaped if len(escaped) <= room else _shortened(text.replace("&", "och"), room)
