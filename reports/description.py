"""What a report is, whatever file it becomes: sections of parts, and what every page of it must carry.

A part is a text, a list, a chart with its sentence, a table, or a field that somebody fills in. The writers
(``reports.powerpoint``, ``word``, ``pdf``) know nothing of the subject, and those who compose a report
(``reports.documents``) nothing of the formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from charts import swedish
from charts.exhibit import Exhibit, Provenance

#: Told between parts: the share that is done, and what is being written. It may raise, which stops the writing.
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Text:
    """Paragraphs of plain Swedish text."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """Short lines that belong together."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A chart, map or table with its finding, verdict sentence, unit and sources; ``comment`` is the reader's own."""

    exhibit: Exhibit
    comment: str = ""

    @property
    def own_words(self) -> str:
        """The comment where it says something else than the exhibit does."""
        return "" if self.comment.strip() in self.exhibit.sentence else self.comment.strip()


@dataclass(frozen=True)
class Tabled:
    """Rows that are no exhibit: measures, decisions, costs. Headings are Swedish, numbers are numbers."""

    title: str
    table: pd.DataFrame
    note: str = ""


@dataclass(frozen=True)
class Fillable:
    """What somebody writes in the document itself: ``label`` says what, ``text`` is what is known already."""

    label: str
    text: str = ""


Part = Text | Bullets | Shown | Tabled | Fillable


@dataclass(frozen=True)
class Section:
    """A heading and its parts; level 1 begins a new chapter, 2 stands inside the one before."""

    heading: str
    parts: tuple[Part, ...]
    level: int = 1


@dataclass(frozen=True)
class Report:
    """One document. ``id`` names files (ASCII); ``marks`` are what every page must warn of: «Exempeldata», «Utkast».

    ``filters`` are (name, choice) beside place and period; ``cited`` are sources beside those of the exhibits.
    """

    id: str
    title: str
    subtitle: str
    place: str
    period: str
    build: str
    exported: date
    sections: tuple[Section, ...]
    filters: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()
    cited: tuple[Provenance, ...] = field(default=())

    @property
    def exhibits(self) -> Iterator[Exhibit]:
        """Every exhibit, in the order of the report."""
        return (part.exhibit for section in self.sections for part in section.parts if isinstance(part, Shown))

    @property
    def sources(self) -> tuple[Provenance, ...]:
        """Every source once, in the order of their first use."""
        return tuple(dict.fromkeys([*(one for shown in self.exhibits for one in shown.sources), *self.cited]))

    @property
    def about(self) -> str:
        """Marks, place, period and filters on one line."""
        chosen = (f"{name}: {choice}" for name, choice in self.filters)
        return " · ".join(filter(None, (*self.marks, self.place, self.period, *chosen)))

    @property
    def taken(self) -> str:
        """When it was taken out, and of which build."""
        return f"Uttaget {swedish.date(self.exported)} ur bygge {self.build}"


def silent(share: float, text: str) -> None:
    """The progress that nobody watches."""


def cited(sources: tuple[Provenance, ...]) -> str:
    """Sources with the day of their newest delivery, as a page carries them."""
    if not sources:
        return "Källa: kommunens eget arbete"
    named = "; ".join(f"{one.citation} (levererad {swedish.date(one.delivered)})" for one in sources)
    return f"Källa: {named}" if len(sources) == 1 else f"Källor: {named}"
