"""A report as PDF/UA: tagged, with bookmarks and alternative texts, so that a screen reader reads it too."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from charts.exhibit import Exhibit
from reports.cells import written
from reports.description import Bullets, Fillable, Part, Progress, Report, Shown, Tabled, Text, cited, silent
from reports.pictures import NO_PICTURE, as_picture, can_draw
from reports.theme import Theme

_TEMPLATE = Path(__file__).with_name("report.typ")


def as_pdf(report: Report, theme: Theme, progress: Progress = silent) -> bytes:
    """The report on A4. ``progress`` may raise to stop; nothing is then left."""
    import typst

    # The compiler reads pictures from files below its root and nothing else.
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "report.typ").write_bytes(_TEMPLATE.read_bytes())
        data = json.dumps(_told(report, theme, root, progress), ensure_ascii=False)
        made = typst.compile(
            str(root / "report.typ"),
            root=folder,
            sys_inputs={"report": data},
            pdf_standards=["ua-1"],
            timestamp=int(datetime.combine(report.exported, time(), UTC).timestamp()),
        )
    return bytes(made)


def _told(report: Report, theme: Theme, root: Path, progress: Progress) -> dict[str, Any]:
    """All that the template is told."""
    look = theme.model_dump(include={"name", "accent", "ink", "quiet", "fonts", "footer"}, mode="json")
    if theme.logo is not None:
        look["logo"] = f"logo{theme.logo.suffix}"
        shutil.copy(theme.logo, root / look["logo"])
    day = report.exported
    total = sum(len(section.parts) for section in report.sections)
    numbers = iter(range(1, total + 1))
    sections = []
    for section in report.sections:
        parts = []
        for part in section.parts:
            number = next(numbers)
            progress(number / (total + 1), f"Skriver del {number} av {total}")
            parts.append(_part(part, root, number))
        sections.append({"heading": section.heading, "level": section.level, "parts": parts})
    listed = Text(tuple(cited((one,)) for one in report.sources) or (cited(()),))
    sections.append({"heading": "Källor", "level": 1, "parts": [_part(listed, root, 0)]})
    return {
        "title": report.title, "subtitle": report.subtitle, "about": report.about, "taken": report.taken,
        "cited": cited(report.sources), "day": {"year": day.year, "month": day.month, "day": day.day},
        "theme": look, "sections": sections,
    }  # fmt: skip


def _part(part: Part, root: Path, number: int) -> dict[str, Any]:
    if isinstance(part, Text):
        return {"kind": "text", "paragraphs": part.paragraphs}
    if isinstance(part, Bullets):
        return {"kind": "bullets", "items": part.items}
    if isinstance(part, Fillable):
        return {"kind": "field", "label": part.label, "text": part.text}
    if isinstance(part, Tabled):
        return {"kind": "tabled", **_table(part)}
    return {"kind": "shown", **_shown(part, root, number)}


def _shown(part: Shown, root: Path, number: int) -> dict[str, Any]:
    exhibit = part.exhibit
    return {
        "finding": exhibit.finding, "about": exhibit.about, "sentence": exhibit.sentence, "comment": part.own_words,
        "alt": exhibit.alt or exhibit.finding, "cited": cited(exhibit.sources),
        "picture": _picture(exhibit, root / f"{number}.svg"),
        "missing": NO_PICTURE if exhibit.figure is not None else "",
        "table": _table(Tabled(f"Siffrorna, {exhibit.unit}", exhibit.table)),
    }  # fmt: skip


def _picture(exhibit: Exhibit, path: Path) -> str:
    """The name of the file with the exhibit's picture; empty where there is none or nothing to draw it with."""
    if exhibit.figure is None or not can_draw():
        return ""
    path.write_bytes(as_picture(exhibit, "svg", words=False))
    return path.name


def _table(part: Tabled) -> dict[str, Any]:
    rows = written(part.table)
    return {
        "title": part.title, "note": part.note, "headings": rows.headings, "rows": rows.rows,
        "numeric": rows.numeric, "widths": rows.widths,
    }  # fmt: skip
