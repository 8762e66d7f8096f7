"""What ``add`` does with the files it is given: official layouts to their sources, the rest by mappings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

import tomli_w

from pipelines import engine
from pipelines.intake import importer, opening, overlaps
from pipelines.intake.reading import Read
from pipelines.intake.workspace import Workspace, lasting
from pipelines.progress import Progress, part, quiet
from pipelines.source import DeliveryError
from store.intake import Mapping, Outcome, Question, TableView
from store.settings import Settings
from store.warehouse import Build, current_build

#: What of a table's view is the report of its check.
_REPORTED = {
    "title", "counts", "period", "known_as", "differences", "findings", "left_out", "places", "compared_with",
    "comparison", "overlaps",
}  # fmt: skip
#: Questions that the command line answers with an option of its own.
_OPTIONS = {"kind": "--kind"}


@dataclass(frozen=True)
class Wanted:
    """How the files are to be read, where the person who adds them has said so."""

    source_id: str | None = None
    kind: str = ""
    mappings: tuple[Mapping, ...] = ()
    #: Take suggestions that nobody has looked at.
    yes: bool = False


@dataclass
class Added:
    """What became of the files. ``questions`` is not empty when nothing was written because something must be asked.

    ``checks`` are the reports of the tables of local spreadsheets: counts, findings, comparison with the one before.
    """

    build: Build | None = None
    official: tuple[engine.Accepted, ...] = ()
    local: list[Outcome] = field(default_factory=list)
    refused: list[engine.Refused] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _File:
    """One file to add; ``shown`` says where it came from: «utdrag.zip/2024/fel.csv»."""

    path: Path
    shown: str


def add_files(
    settings: Settings, paths: Sequence[Path], wanted: Wanted, refused_to: Path, progress: Progress = quiet
) -> Added:
    """Take in files, folders and zips, and publish them, unless something must be asked about any of them.

    Workbooks with refused rows are written in ``refused_to``. Raises BuildError or DeliveryError, with nothing kept.
    """
    added = Added()
    with _unpacked(paths, added.refused) as files:
        official = [file.path for file in files if _is_official(file.path, wanted)]
        local = [file for file in files if file.path not in official]
        share = 0.5 * len(local) / max(1, len(files))
        workspace = Workspace.of(settings) if local else None
        prepared = _prepare(workspace, local, wanted, added, part(progress, 0.0, share)) if workspace else []
        tables = [(shown, table) for shown, one in prepared for table in one.tables]
        if not added.refused:  # otherwise the mapping may be for a file that could not be read
            _all_mappings_fit([table for _, table in tables], wanted)
        if workspace:
            added.questions = [*_questions(tables, wanted, workspace.gazetteer.name)]
        added.checks = [
            _check(shown, table.view) for shown, table in tables if table.view.mapping or table.view.findings
        ]
        if added.questions:
            return added
        # Official files last: if they say something new of the places, the build reads the local ones anew.
        if workspace and prepared:
            told = part(progress, share, 0.8 if official else 1.0)
            published = [one for _, one in prepared]
            added.local = importer.publish(workspace, published, workdir=refused_to, progress=told)
            added.build = current_build(settings.data_dir)
        if official:
            given = engine.add(
                settings, official, source_id=wanted.source_id, progress=part(progress, 0.8 if prepared else share, 1.0)
            )
            added.build, added.official = given.build or added.build, given.accepted
            added.refused += given.refused
    return added


@contextmanager
def _unpacked(paths: Sequence[Path], refused: list[engine.Refused]) -> Iterator[list[_File]]:
    """The files themselves, for as long as they are needed: folders and zips opened, what cannot be opened refused."""
    with tempfile.TemporaryDirectory() as folder:
        files: list[_File] = []
        for number, path in enumerate(paths):
            if not path.exists():
                refused.append(engine.Refused(path.name, f"{path} finns inte. Kontrollera namnet och mappen."))
                continue
            workdir = Path(folder) / str(number)
            workdir.mkdir()
            for member in opening.members(path, workdir):
                if member.path is None:
                    refused.append(engine.Refused(member.name, f"{member.name}: {member.problem}"))
                else:
                    files.append(_File(_renamed(member, workdir), member.name))
        yield files


def _renamed(member: opening.Member, workdir: Path) -> Path:
    """The member's file, under its own name also when it comes from a zip: names can tell years and places."""
    assert member.path is not None  # noqa: S101  the caller has seen to it
    if not member.path.is_relative_to(workdir):
        return member.path
    name = PurePosixPath(member.name).name
    safe = "".join(letter if letter.isalnum() or letter in " -_.,()" else "_" for letter in name).strip(" .")[-100:]
    own = workdir / f"{member.path.name}-som" / (safe or member.path.name)
    own.parent.mkdir()
    return member.path.rename(own)


def _is_official(path: Path, wanted: Wanted) -> bool:
    if wanted.source_id:
        return True
    return not wanted.kind and importer.official_layout(path, path.name) is not None


def _prepare(
    workspace: Workspace, files: Sequence[_File], wanted: Wanted, added: Added, progress: Progress
) -> list[tuple[str, importer.Prepared]]:
    """The files that have something to take in, read and checked; the others are refused.

    The mapping of each is known to those after it, as if it had been saved: files of one sender become one source.
    """
    prepared = []
    for number, file in enumerate(files):
        step = part(progress, number / len(files), (number + 1) / len(files))
        try:
            one = importer.prepare(
                workspace, file.path, kind=wanted.kind, offered=wanted.mappings, yes=wanted.yes, progress=step
            )
        except DeliveryError as error:
            added.refused.append(engine.Refused(file.shown, str(error)))
            continue
        if one.tables:
            prepared.append((file.shown, one))
            workspace = _knowing(workspace, one)
        else:
            why = " ".join([*one.warnings, importer.NO_TABLE])
            added.refused.append(engine.Refused(file.shown, f"{file.shown}: {why}"))
    return prepared


def _knowing(workspace: Workspace, prepared: importer.Prepared) -> Workspace:
    """The workspace as it would be if this file had been taken in, as far as its mappings go."""
    known = {mapping.name: mapping for mapping in workspace.mappings}
    for one in prepared.used:
        mapping, asked = one.view.mapping, {question.id for question in one.view.questions}
        if mapping and (mapping.name not in known or "sender" not in asked):
            known[mapping.name] = lasting(mapping)
    return replace(workspace, mappings=tuple(known.values()))


def _was_given(table: Read) -> bool:
    """Whether a mapping that was given, or a template's own, says how the table is read."""
    view = table.view
    return bool(table.given_as) or (view.mapping is not None and not view.known_as and not view.reasons)


def _all_mappings_fit(tables: Sequence[Read], wanted: Wanted) -> None:
    """Raise DeliveryError for a mapping that no table is like: an answer that reaches nobody is a mistake."""
    used = {table.given_as for table in tables if table.view.mapping}
    views = [table.view for table in tables]
    for mapping in wanted.mappings:
        if mapping.name not in used:
            headers = {use.header for use in mapping.columns}
            there = {column.header for view in views for column in view.columns}
            missing = ", ".join(f"«{header}»" for header in sorted(headers - there))
            raise DeliveryError(
                f"Tolkningen «{mapping.name}» passar ingen tabell i filerna. "
                f"{f'Kolumnerna {missing} finns inte. ' if missing else ''}Rätta rubrikerna i den."
            )


def _questions(
    tables: Sequence[tuple[str, Read]], wanted: Wanted, called: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    """The open questions of all tables, each with where its table is and the mapping that the answer is written in."""
    for number, (shown, table) in enumerate(tables):
        view = table.view
        asked = [*view.questions, *_together(table, [earlier for _, earlier in tables[:number]], called)]
        seen = wanted.yes or view.known_as or view.already or view.mapping is None or _was_given(table)
        if not seen and not asked:
            asked.append(_unseen())
        for question in asked:
            yield {
                **_where(shown, view),
                **question.model_dump(mode="json", exclude_defaults=True),
                "key": _OPTIONS.get(question.id, question.key),
                "mapping": _to_fill_in(_placed(table, tables), asked) if view.mapping else "",
            }


def _together(table: Read, earlier: Sequence[Read], called: Callable[[str], str]) -> Iterator[Question]:
    """Whether files of one sender that are added at once hold the same days, as if they had come one after another."""
    before = [
        (one.delivery.file, one.result.parsed.tables)
        for one in earlier
        if one.result and one.delivery.source_id == table.delivery.source_id
        if one.delivery.sha256 != table.delivery.sha256
    ]
    if not before or table.result is None or table.view.mapping is None or table.view.overlaps or table.view.already:
        return
    found = overlaps.overlapping(table.result.parsed.tables, before, called)
    if found and not table.view.mapping.decisions.overlap:
        yield overlaps.question(found)


def _unseen() -> Question:
    return Question(
        id="suggestions", key="--yes", text="Tabellen är ny. Ska den läsas så som föreslås?",
        why="Se tolkningen i «mapping». Godta den med --yes, eller rätta den i en fil och ange den med --mapping.",
    )  # fmt: skip


def _placed(table: Read, tables: Sequence[tuple[str, Read]]) -> Mapping:
    """The table's mapping, with where the table stands when only that tells it from another table of its file."""
    mapping, own = table.view.mapping, [column.header for column in table.view.columns]
    assert mapping is not None  # noqa: S101  the caller has seen to it
    alike = [
        one
        for _, one in tables
        if one.delivery.sha256 == table.delivery.sha256 and [column.header for column in one.view.columns] == own
    ]
    return mapping.model_copy(update={"spot": table.view.spot}) if len(alike) > 1 else mapping


def _to_fill_in(mapping: Mapping, asked: Sequence[Question]) -> str:
    """The mapping as TOML, with an empty place for each answer that has one."""
    said = mapping.model_dump(mode="json", exclude_defaults=True)
    for question in asked:
        table, _, name = question.key.rpartition(".")
        if table == "columns":
            said.setdefault("columns", []).append({"header": "", "field": name})
        elif table in {"options", "decisions"}:
            empty = False if name in {"shrunken", "refused_rows"} else ""
            said.setdefault(table, {}).setdefault(name, empty)
        elif question.key in {"date_order", "decimal", "coordinates"}:
            said.setdefault(question.key, "")
    return tomli_w.dumps(said)


def _check(shown: str, view: TableView) -> dict[str, Any]:
    unused = [column.header for column in view.columns if column.filled and not column.field]
    return {
        **_where(shown, view), **view.model_dump(mode="json", include=_REPORTED), "columns_left_out": unused,
    }  # fmt: skip


def _where(shown: str, view: TableView) -> dict[str, Any]:
    return {"file": shown, "sheet": view.spot.sheet, "row": view.spot.header_row or view.spot.first_row}
