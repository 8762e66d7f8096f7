"""From a delivered file to published tables: examine what is in it, ask what must be asked, take it in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path

from pipelines.deliveries import Delivery
from pipelines.engine import Table as CheckedTable
from pipelines.engine import add, add_tables
from pipelines.intake import local, opening, original, previewing, privacy, tables, templates, together
from pipelines.intake.cells import Book, Sheet
from pipelines.intake.reading import Read, left_out, read_table
from pipelines.intake.recognise import recognise
from pipelines.intake.refused import without_guards, write_refused
from pipelines.intake.workspace import Workspace, save_mappings
from pipelines.progress import Progress, part, quiet
from pipelines.source import DeliveryError, Peek, sources
from store.intake import Counts, Examination, Finding, Mapping, Official, Outcome, Question, SheetView, Spot, Taken

#: How many tables of one file are read; a file with more is no delivery.
_MOST_TABLES = 40
#: How many columns a table can have; surveys have hundreds.
_MOST_COLUMNS = 1000

NO_TABLE = "Det finns ingen tabell i filen. Kontrollera att det är rätt fil och att bladet inte är dolt."


def examine(
    workspace: Workspace,
    path: Path,
    *,
    name: str = "",
    kind: str = "",
    given: Sequence[Mapping | None] = (),
    progress: Progress = quiet,
) -> Examination:
    """What is in a file and how it would be read; nothing is written.

    ``given`` are mappings for its tables in order, where a person has chosen; None leaves a table out. ``kind`` (of
    store.kinds) is what the tables are when a person has said so. Raises DeliveryError for a file that cannot be read.
    """
    file = name or path.name
    official = None if any(given) or kind else official_layout(path, file)
    if official:
        return Examination(file=file, bytes=path.stat().st_size, read_as=official.layout, official=official)
    prepared = prepare(workspace, path, name=file, kind=kind, given=given, progress=progress)
    return Examination(
        file=file,
        bytes=path.stat().st_size,
        read_as=prepared.read_as,
        sheets=prepared.sheets,
        tables=tuple(one.view for one in prepared.tables),
        bare=prepared.bare,
        problems=prepared.warnings if prepared.tables else (*prepared.warnings, NO_TABLE),
    )


@dataclass(frozen=True)
class Prepared:
    """A file read and checked, ready to be published unless something must be asked."""

    file: str
    read_as: str
    tables: tuple[Read, ...]
    warnings: tuple[str, ...]
    sheets: tuple[str, ...] = ()
    #: The sheets where no table was found.
    bare: tuple[SheetView, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What must be answered before anything is written."""
        return tuple(question for one in self.tables for question in one.view.questions)

    @property
    def used(self) -> list[Read]:
        """The tables that give something."""
        return [one for one in self.tables if one.result is not None]


def prepare(
    workspace: Workspace,
    path: Path,
    *,
    name: str = "",
    kind: str = "",
    given: Sequence[Mapping | None] = (),
    offered: Sequence[Mapping] = (),
    yes: bool = False,
    by: str = "",
    progress: Progress = quiet,
) -> Prepared:
    """Read and check a local spreadsheet, with nothing written. Raises DeliveryError for one that cannot be read.

    ``offered`` are mappings for the tables that they fit. When one fits any, tables that none fits are left out, but
    for those that a saved mapping tells how to read, or with ``yes`` a suggestion, with nothing to ask.
    """
    file = name or path.name
    progress(0.05, f"Läser {file}")
    book = opening.open_book(path, file)
    offer = _Offer(tuple(offered), yes)
    read = _read(workspace, path, book, kind, given, offer, by, part(progress, 0.5, 1.0))
    template = templates.recognise(book, workspace.municipality) is not None
    bare = () if template else previewing.bare(book, [one.view.spot.sheet for one in read])
    return Prepared(file, book.read_as, tuple(read), book.warnings, tuple(sheet.name for sheet in book.sheets), bare)


@dataclass(frozen=True)
class _Offer:
    """Mappings for the tables that they fit, and whether the others' suggestions are to be taken unseen."""

    mappings: tuple[Mapping, ...] = ()
    yes: bool = False

    def takes(self, read: Read) -> bool:
        """Whether a table that none of the mappings fits is taken in."""
        return bool(self.mappings) and not read.view.questions and (self.yes or bool(read.view.known_as))


def publish(
    workspace: Workspace,
    prepared: Sequence[Prepared],
    *,
    workdir: Path | None = None,
    save: bool = True,
    progress: Progress = quiet,
) -> list[Outcome]:
    """Publish prepared files together, unless something must be asked about any of them: then nothing is written.

    Refused rows are written to workbooks in ``workdir``. With ``save`` the mappings are remembered for the next time.
    Raises BuildError or DeliveryError, with nothing kept.
    """
    if any(one.questions for one in prepared) or not any(one.used for one in prepared):
        return [_unwritten(one) for one in prepared]
    new = _once([read for one in prepared for read in one.used if not read.view.already])
    published = add_tables(workspace.settings, [_checked(workspace, read) for read in new], progress)
    if published.refused:
        raise DeliveryError("\n".join(f"{refused.file}: {refused.why}" for refused in published.refused))
    if save:
        save_mappings(workspace.settings, [read.view.mapping for read in new if read.view.mapping])
    return [
        Outcome(
            file=one.file,
            build=published.build.id,
            taken=tuple(map(_taken, one.used)),
            findings=_findings(one),
            refused_file=write_refused(workdir, one.file, one.used) if workdir else "",
            problems=one.warnings if one.used else (*one.warnings, NO_TABLE),
        )
        for one in prepared
    ]


def _once(read: Sequence[Read]) -> list[Read]:
    """Each table once, though its file came twice."""
    return list({one.delivery.delivery_id: one for one in read}.values())


def _unwritten(prepared: Prepared) -> Outcome:
    return Outcome(
        file=prepared.file,
        questions=prepared.questions,
        findings=_findings(prepared),
        problems=prepared.warnings if prepared.used or prepared.questions else (*prepared.warnings, NO_TABLE),
    )


def _findings(prepared: Prepared) -> tuple[Finding, ...]:
    return tuple(finding for one in prepared.tables for finding in one.view.findings)


def take(
    workspace: Workspace,
    path: Path,
    *,
    name: str = "",
    kind: str = "",
    given: Sequence[Mapping | None] = (),
    by: str = "",
    workdir: Path | None = None,
    save: bool = True,
    progress: Progress = quiet,
) -> Outcome:
    """Take one file in and publish, official or local: see ``prepare`` and ``publish``."""
    file = name or path.name
    if not any(given) and not kind and official_layout(path, file):
        return _take_official(workspace, path, by, progress)
    prepared = prepare(workspace, path, name=file, kind=kind, given=given, by=by, progress=part(progress, 0.0, 0.6))
    return publish(workspace, [prepared], workdir=workdir, save=save, progress=part(progress, 0.6, 1.0))[0]


def official_layout(path: Path, name: str) -> Official | None:
    """The known official layout that a file has, if it has one."""
    peek = Peek.at(path, name)
    hits = [(source, layout) for source in sources().values() for layout in source.layouts if layout.matches(peek)]
    if len(hits) != 1:
        return None
    source, layout = hits[0]
    return Official(source_id=source.id, title=source.title, layout=layout.description)


def _read(
    workspace: Workspace,
    path: Path,
    book: Book,
    kind: str,
    given: Sequence[Mapping | None],
    offer: _Offer,
    by: str,
    progress: Progress,
) -> list[Read]:
    """Every table of an opened file, as it would be taken in."""
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    file = Delivery(
        delivery_id="", source_id="", layout=local.LAYOUT, file=privacy.masked(book.name), sha256=sha256,
        bytes=path.stat().st_size,
        received_at=datetime.now(UTC).isoformat(timespec="microseconds"), received_by=by or getuser(), path=path,
    )  # fmt: skip
    filled = templates.recognise(book, workspace.municipality)
    if filled:
        return _read_template(workspace, filled, file, given)
    sheets = {sheet.name: sheet for sheet in book.sheets}
    found = [(sheet, spot) for sheet in book.sheets if not sheet.hidden for spot in tables.find(sheet)][:_MOST_TABLES]
    if any(spot.last_column > spot.first_column for _, spot in found):  # instructions beside the tables are no table
        found = [(sheet, spot) for sheet, spot in found if spot.last_column > spot.first_column]
    pointed_out = _pointed_out(given[len(found) :], sheets)
    chosen = [*given[: len(found)], *(mapping for _, _, mapping in pointed_out)]
    found += [(sheet, spot) for sheet, spot, _ in pointed_out]
    if len(chosen) != len(found):
        chosen = _fitting(found, [*filter(None, given), *offer.mappings])
    decided = any(chosen) or bool(given)
    read: list[Read] = []
    for number, ((sheet, spot), mapping) in enumerate(zip(found, chosen, strict=True)):
        progress(number / len(found), f"Tolkar {sheet.name}")
        out = decided and mapping is None
        if out and not offer.mappings:
            read.append(left_out(sheet, tables.cut(sheet, spot), file))
            continue
        where = mapping.spot if mapping and mapping.spot and mapping.spot.sheet in sheets else spot
        there = sheets[where.sheet]
        _not_too_wide(book.name, where)
        table = without_guards(tables.cut(there, where))
        beside = [one.view.mapping for one in read if one.view.mapping]
        one = read_table(workspace, there, table, file, given=mapping, kind=kind, beside=beside)
        if out and not offer.takes(one):
            one = _told_of(left_out(sheet, table, file))
        read.append(replace(one, given_as=mapping.name if mapping else ""))
    return original.settled(book, together.beside_each_other(read))


def _told_of(read: Read) -> Read:
    """A table that none of the mappings offered fits, with a word about it: its rows are not taken in."""
    spot = read.view.spot
    finding = Finding(
        severity="warning", rule="tabell_utanfor", sheet=privacy.masked(spot.sheet),
        row=spot.header_row or spot.first_row,
        text="Tabellen läggs inte in: ingen tolkning som angavs gäller den.",
        remedy="Ange en tolkning för den också; «examine» visar hur den skulle läsas. Om inget behöver frågas räcker "
        "--yes.",
        count=max(spot.last_row - spot.first_row + 1, 0),
    )  # fmt: skip
    return replace(read, view=read.view.model_copy(update={"findings": (*read.view.findings, finding)}))


def _pointed_out(given: Sequence[Mapping | None], sheets: dict[str, Sheet]) -> list[tuple[Sheet, Spot, Mapping]]:
    """The mappings beyond those of the tables that are found: tables that a person has pointed out."""
    stand = [(one.spot, one) for one in given if one and one.spot]
    return [(sheets[spot.sheet], spot, one) for spot, one in stand if spot.sheet in sheets]


def _not_too_wide(file: str, spot: Spot) -> None:
    wide = spot.last_column - spot.first_column + 1
    if wide > _MOST_COLUMNS:
        raise DeliveryError(
            f"{file}: tabellen på bladet «{spot.sheet}» har {wide} kolumner, och högst {_MOST_COLUMNS} läses. "
            "Ta bort upprepade kolumner och försök igen."
        )


def _read_template(
    workspace: Workspace, filled: templates.Filled, file: Delivery, given: Sequence[Mapping | None]
) -> list[Read]:
    """The rows of a filled-in template, without its example, read as the template says or as a person has said."""
    spot = Spot(
        sheet=filled.sheet.name, header_row=1, header_rows=1, first_row=2, last_row=filled.sheet.rows,
        first_column=1, last_column=len(filled.sheet.columns),
    )  # fmt: skip
    table = templates.without_example(tables.cut(filled.sheet, spot), filled.example)
    if not len(table.row_numbers):
        raise DeliveryError(f"{file.file}: mallen har inga egna rader, bara exemplet. Fyll i bladet och försök igen.")
    if given and given[0] is None:
        return [left_out(filled.sheet, table, file)]
    read = read_table(workspace, filled.sheet, table, file, given=given[0] if given else filled.mapping)
    return [replace(read, delivery=replace(read.delivery, original_kept=False))]  # a workbook: see ``original``


def _fitting(found: Sequence[tuple[Sheet, Spot]], offered: Sequence[Mapping]) -> list[Mapping | None]:
    """For each table the mapping among those offered that it is like; one that points out a place is used once."""
    chosen: list[Mapping | None] = []
    pointed: list[Spot] = []
    for sheet, spot in found:
        mapping = _like(sheet, spot, [one for one in offered if one.spot is None or one.spot not in pointed])
        if mapping and mapping.spot:
            pointed.append(mapping.spot)
        chosen.append(mapping)
    return chosen


def _like(sheet: Sheet, spot: Spot, offered: Sequence[Mapping]) -> Mapping | None:
    if not offered:
        return None
    for mapping in offered:
        where = mapping.spot if mapping.spot and mapping.spot.sheet == sheet.name else spot
        if {use.header for use in mapping.columns} <= set(tables.cut(sheet, where).headers):
            return mapping
    known = recognise(tables.cut(sheet, spot).headers, offered)
    return known.mapping if known else None


def _checked(workspace: Workspace, read: Read) -> CheckedTable:
    """What is kept of a table, what it gives, and what it was checked against."""
    assert read.rows is not None  # noqa: S101  a table with a result has rows and a mapping
    assert read.result is not None  # noqa: S101
    assert read.view.mapping is not None  # noqa: S101
    files = local.kept_files(read.rows, read.view.mapping, read.view.findings)
    if read.delivery.original_kept:
        files.append((f"content/{read.delivery.file}", read.delivery.path.read_bytes()))
    beside = frozenset(
        one.delivery.delivery_id for one in workspace.staged if one.delivery.source_id == read.delivery.source_id
    )
    return CheckedTable(read.delivery, tuple(files), read.result.parsed, workspace.gazetteer.fingerprint, beside)


def _taken(read: Read) -> Taken:
    return Taken(
        delivery_id=next(iter(read.view.already), read.delivery.delivery_id),
        source_id=read.delivery.source_id,
        title=read.delivery.title,
        counts=read.view.counts,
        period=read.view.period,
        known_as=read.view.known_as,
        already=bool(read.view.already),
    )


def _take_official(workspace: Workspace, path: Path, by: str, progress: Progress) -> Outcome:
    added = add(workspace.settings, [path], by=by or None, progress=progress)
    if added.build is None or added.refused:
        raise DeliveryError("\n".join(refused.why for refused in added.refused))
    taken = tuple(
        Taken(
            delivery_id=one.staged.delivery.delivery_id,
            source_id=one.staged.delivery.source_id,
            title=sources()[one.staged.delivery.source_id].title,
            counts=Counts(read=one.staged.rows_read, kept=one.staged.rows_kept, refused=one.staged.rows_refused),
            period=" – ".join(filter(None, (one.staged.period_first, one.staged.period_last))),
            already=one.already_known,
        )
        for one in added.accepted
    )
    return Outcome(file=path.name, build=added.build.id, taken=taken)
