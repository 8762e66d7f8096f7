"""The files that a report can become."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from reports.description import Progress, Report, silent
from reports.excel import as_book
from reports.pdf import as_pdf
from reports.powerpoint import as_presentation
from reports.theme import Theme
from reports.word import as_document

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Form:
    """``label`` is Swedish; ``write`` makes the file."""

    label: str
    media_type: str
    write: Callable[[Report, Theme, Progress], bytes]


#: By the ending of the file's name.
FORMS = {
    "docx": Form("Word", f"{_OFFICE}.wordprocessingml.document", as_document),
    "pdf": Form("PDF", "application/pdf", as_pdf),
    "pptx": Form("PowerPoint", f"{_OFFICE}.presentationml.presentation", as_presentation),
    "xlsx": Form("Excel", f"{_OFFICE}.spreadsheetml.sheet", as_book),
}


def write(report: Report, theme: Theme, form: str, progress: Progress = silent) -> bytes:
    """The report as a file of this kind (a key of ``FORMS``)."""
    return FORMS[form].write(report, theme, progress)


def file_name(report: Report, form: str) -> str:
    """What the file is called: warnings, document, place and the day it is taken out, in letters every system takes."""
    plain = re.sub(r"[^a-z0-9]+", "-", report.place.lower().translate(str.maketrans("åäöé", "aaoe"))).strip("-")
    marks = (mark.lower() for mark in report.marks)
    return "-".join((*marks, report.id, plain, report.exported.isoformat())) + f".{form}"
