"""What a source is: facts about it as data, the layouts it comes in, and how it is fetched.

A module in ``pipelines/sources/`` declares one ``SOURCE``; it is found by itself and everything else (checks,
catalogue, citation under charts, command line) follows from the declaration.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.unknown_file import what_it_is

if TYPE_CHECKING:
    from pipelines.fetching import Client
    from pipelines.municipalities import Municipality


@dataclass(frozen=True)
class Indicator:
    """One thing that is measured; the columns of ``store.schema.INDICATOR``. Unit, name and texts in Swedish."""

    id: str
    name: str
    unit: str
    theme: str
    description: str
    polarity: str = "neutral"
    aggregation: str = "none"
    decimals: int = 0
    part_of: str | None = None
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeriesBreak:
    """From ``first_day`` on, figures of ``indicators`` (ids; a trailing * matches a prefix) are not comparable."""

    indicators: tuple[str, ...]
    first_day: date
    why: str
    reference: str


@dataclass(frozen=True)
class Refusal:
    """A row or cell that could not be read: where, what, why, and what to do (Swedish)."""

    reason: str
    remedy: str
    row: int | None = None
    sheet: str | None = None
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Parsed:
    """What a file gave.

    ``tables`` holds frames with the columns of ``store.schema`` (use ``pipelines.frames`` to make them) without
    ``delivery_id``, which the engine adds. ``rows_read`` counts data rows of the file, ``rows_kept`` those that were
    used; every row that is neither kept nor deliberately outside the scope is among ``refusals``.
    """

    tables: Mapping[str, pd.DataFrame]
    rows_read: int
    rows_kept: int
    refusals: tuple[Refusal, ...] = ()
    #: How many rows were refused, when ``refusals`` holds only the first of them.
    rows_refused: int | None = None


class DeliveryError(Exception):
    """A file cannot be used at all. The message is Swedish and says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Peek:
    """The beginning of a file, enough to recognise its layout: ``head`` is its first 64 KiB."""

    path: Path
    name: str
    head: bytes

    @classmethod
    def at(cls, path: Path, name: str | None = None) -> Peek:
        with path.open("rb") as file:
            return cls(path, name or path.name, file.read(65536))

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


@dataclass(frozen=True)
class Layout:
    """One shape that the source's files come in.

    ``matches`` decides from the content (a file name is only a hint) and must be False, never raise, on anything else;
    ``parse`` reads the whole file or raises ``DeliveryError``.
    """

    id: str
    description: str
    matches: Callable[[Peek], bool]
    parse: Callable[[Path], Parsed]
    #: Whether figures depend on the file's name (a year that stands nowhere else): another name, another delivery.
    uses_name: bool = False


@dataclass(frozen=True)
class Fetched:
    """A response kept as it came, to be stored as a delivery named ``filename``."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Source:
    """Everything the rest of the system needs to know about a source. Texts in Swedish."""

    id: str
    title: str
    producer: str
    citation: str
    licence: str
    url: str
    rhythm: str
    update_days: int
    levels: tuple[str, ...]
    speaks_of: str
    layouts: tuple[Layout, ...]
    caveats: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    #: What its rows are, when they come from a local spreadsheet (store.schema.SOURCE_KINDS).
    kind: str = "official"
    protected: bool = False
    #: Yields responses one at a time, so that what has come is kept if a later request fails.
    fetch: Callable[[Client, Municipality], Iterator[Fetched]] | None = None
    #: Facts that must hold for all deliveries together; returns Swedish sentences about what does not.
    check: Callable[[Mapping[str, pd.DataFrame]], list[str]] = field(default=lambda tables: [])


@cache
def sources() -> dict[str, Source]:
    """All sources by id, found in ``pipelines/sources/``."""
    package = importlib.import_module("pipelines.sources")
    modules = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
    found = [importlib.import_module(f"pipelines.sources.{name}").SOURCE for name in modules]
    return {source.id: source for source in found}


def recognise(peek: Peek, source_id: str | None = None) -> tuple[Source, Layout]:
    """The one source and layout that ``peek`` belongs to; ``source_id`` narrows the search.

    Raises DeliveryError when none or several match.
    """
    candidates = [sources()[source_id]] if source_id else list(sources().values())
    hits = [(source, layout) for source in candidates for layout in source.layouts if layout.matches(peek)]
    if len(hits) == 1:
        return hits[0]
    if not hits:
        raise DeliveryError(f"{peek.name}: {what_it_is(peek.path, peek.head) or _unknown(source_id)}")
    names = ", ".join(f"{source.id} ({layout.id})" for source, layout in hits)
    raise DeliveryError(f"{peek.name}: flera källor passar ({names}). Ange vilken med --source.")


def _unknown(source_id: str | None) -> str:
    among = f" som en fil från {sources()[source_id].title}" if source_id else ""
    return (
        f"innehållet känns inte igen{among}. Kontrollera att det är rätt fil. Vilka filer som går att läsa står på "
        "sidan Källor och i docs/datakatalog.md."
    )
