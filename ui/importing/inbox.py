"""The files that a reader has dropped and is not yet done with: on disk, and where each stands."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from pydantic import BaseModel, ConfigDict, TypeAdapter

from store.intake import Examination, Mapping, Outcome, Question, TableView
from ui.facts import settings
from ui.importing.answers import carried_over
from ui.incoming import own_folder
from ui.worker import Job, WorkerError

Standing = Literal["working", "failed", "unreadable", "asks", "known", "ready", "taken", "undone"]

#: Seconds that the importer may take: most to read a file, most to put it among the figures.
_READING, _WRITING = 300.0, 900.0

#: Folders beside a file that are kept: what a zip file held, and the rows that were refused.
_MEMBERS_IN, _OUT_IN = "members", "out"
_WORKDIRS = (_MEMBERS_IN, _OUT_IN)

#: Characters of a file's name that are kept on disk; the others become a line.
_ODD = re.compile(r"[^\w .,()+&-]")
_LONGEST_NAME = 80

#: What a folder is searched for.
SPREADSHEETS = ("xlsx", "xlsm", "xls", "ods", "csv", "tsv", "txt", "zip")

#: Names of files that programs leave in folders: hidden ones, and Excel's while a workbook is open.
_LITTER = re.compile(r"\.[^.]|~\$")

#: Where a session keeps its inboxes, one per workspace.
KEY = "_inbox"


class _Member(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    path: str | None = None
    problem: str = ""


_MEMBERS = TypeAdapter(list[_Member])


@dataclass
class Dropped:
    """One file: its place on disk, what the importer found in it, what was answered and what came of it."""

    key: str
    name: str
    path: Path
    job: Job | None = None
    doing: str = ""
    examination: Examination | None = None
    #: Per table of the examination: how it is to be read.
    mappings: list[Mapping | None] = field(default_factory=list)
    #: Numbers of the tables that are not taken.
    left_out: set[int] = field(default_factory=set)
    outcome: Outcome | None = None
    to_undo: list[str] = field(default_factory=list)
    undone: bool = False
    error: str = ""
    #: Counts the examinations: forms begin anew with each.
    revision: int = 0

    @property
    def standing(self) -> Standing:
        """Where the file stands on its way."""
        if self.job:
            return "working"
        if self.outcome and self.outcome.build:
            return "undone" if self.undone else "taken"
        if self.examination is None:
            return "failed"
        if not self.examination.official and not self.tables:
            return "unreadable"
        if self.questions or any(self.mappings[number] is None for number, _ in self.tables):
            return "asks"
        return "known" if self.tables and all(table.already for _, table in self.tables) else "ready"

    @property
    def folder(self) -> Path:
        """The file's own folder."""
        return self.path.parent

    @property
    def tables(self) -> list[tuple[int, TableView]]:
        """The tables that are to be taken, with their numbers."""
        found = self.examination.tables if self.examination else ()
        return [(number, table) for number, table in enumerate(found) if number not in self.left_out]

    @property
    def questions(self) -> tuple[Question, ...]:
        """What must be answered before the file can go in."""
        return tuple(question for _, table in self.tables for question in table.questions)

    def examine(self) -> None:
        """Let the importer read the file as the mappings say."""
        self.outcome = None
        self._start("examine", name=self.path.name, mappings=_as_json(self.mappings), path=str(self.path))

    def unpack(self) -> None:
        """Let the importer unpack a zip file."""
        self._start("members", path=str(self.path), workdir=str(self._workdir(_MEMBERS_IN)))

    def take(self, by: str) -> None:
        """Let the importer put the file among the figures."""
        mappings = [None if n in self.left_out else mapping for n, mapping in enumerate(self.mappings)]
        self._start(
            "take",
            seconds=_WRITING,
            path=str(self.path),
            name=self.path.name,
            mappings=_as_json(mappings),
            by=by,
            workdir=str(self._workdir(_OUT_IN)),
            save=True,
        )

    def undo(self, by: str) -> None:
        """Take back what the file brought, one delivery at a time."""
        if not self.to_undo:
            self.to_undo = (
                [taken.delivery_id for taken in self.outcome.taken if not taken.already] if self.outcome else []
            )
        self._start("undo", seconds=_WRITING, delivery=self.to_undo[0], by=by)

    def withdraw(self) -> None:
        """Forget the file, and break off what is done with it."""
        if self.job:
            self.job.withdraw()
        shutil.rmtree(self.folder, ignore_errors=True)

    def answered(self, by: str) -> Any:
        """Take in what the job that is done came to; the members if it unpacked a zip file. Raises WorkerError."""
        assert self.job is not None  # noqa: S101
        job, self.job = self.job, None
        self.error = ""
        try:
            answer = job.answer()
        finally:
            self._tidy()
        if self.doing == "members":
            return _MEMBERS.validate_python(answer)
        if self.doing == "examine":
            self._examined(Examination.model_validate(answer))
        elif self.doing == "take":
            self._taken(Outcome.model_validate(answer))
        elif self.doing == "undo":
            self._undid(by)
        return None

    def _examined(self, examination: Examination) -> None:
        before = self.examination.tables if self.examination else ()
        if len(before) == len(examination.tables):
            tables = tuple(map(carried_over, before, examination.tables))
            examination = examination.model_copy(update={"tables": tables})
        self.examination = examination
        self.mappings = [table.mapping for table in examination.tables]
        self.left_out = {number for number in self.left_out if number < len(examination.tables)}
        self.revision += 1

    def _taken(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.error = " ".join(outcome.problems)
        if outcome.build:  # neither the file nor what was seen of its cells is kept any longer
            self.path.unlink(missing_ok=True)
            self.examination, self.mappings = None, []
        elif outcome.questions:  # something has changed since the file was read
            self.examine()

    def _undid(self, by: str) -> None:
        self.to_undo.pop(0)
        if self.to_undo:
            self.undo(by)
        else:
            self.undone = True

    def _tidy(self) -> None:
        """Remove what a process that was ended has left beside the file."""
        for left in self.folder.iterdir() if self.folder.exists() else ():
            if left.name not in {self.path.name, *_WORKDIRS}:
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

    def _start(self, command: str, *, seconds: float = _READING, **request: Any) -> None:
        self.doing = command
        self.job = Job({"command": command, **request}, seconds=seconds)

    def _workdir(self, name: str) -> Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


class Inbox:
    """The files of one reader, and the folder that goes when the reader does."""

    def __init__(self, incoming: Path) -> None:
        self.folder = own_folder(self, incoming)
        self.files: dict[str, Dropped] = {}
        #: Which uploader is on screen: a new one, without files, each time files have been dropped.
        self.round = 0
        #: Something else that the reader waits for (an undo from the list, the example workspace), and what it is.
        self.errand: Job | None = None
        self.errand_name = ""
        #: What to say once about the files that were dropped last, or about the errand; and whether it went wrong.
        self.message = ""
        self.complaint = ""

    @property
    def under_way(self) -> list[Job]:
        """What the importer is at work with."""
        jobs = [dropped.job for dropped in self.files.values()]
        return [job for job in (*jobs, self.errand) if job]

    def receive(self, name: str, content: BytesIO) -> None:
        """Keep a file and begin to read it; the same file once, and nothing that programs have left in a folder.

        Raises OSError when it cannot be kept.
        """
        if _LITTER.match(Path(name).name):
            return
        key = hashlib.file_digest(content, "sha256").hexdigest()[:16]
        known = self.files.get(key)
        if known and known.standing not in ("taken", "undone", "failed"):
            self.message = f"{name} finns redan i listan."
            return
        content.seek(0)
        path = self._place(key, name)
        with path.open("wb") as out:
            shutil.copyfileobj(content, out, 1 << 20)
        dropped = self.files[key] = Dropped(key, name, path)
        if path.suffix.lower() == ".zip":
            dropped.unpack()
        else:
            dropped.examine()

    def remove(self, key: str) -> None:
        """Forget a file and what lies on disk of it. What it has brought stays."""
        self.files.pop(key).withdraw()

    def run_errand(self, name: str, request: dict[str, Any]) -> None:
        """Ask the importer for something that concerns no dropped file."""
        self.message = self.complaint = ""
        self.errand_name = name
        self.errand = Job(request, seconds=_WRITING)

    def collect(self, by: str) -> None:
        """Take in whatever is done since the last time."""
        for dropped in [item for item in self.files.values() if item.job and item.job.done]:
            try:
                members = dropped.answered(by)
            except WorkerError as error:
                dropped.error = str(error)
                continue
            if members is not None:
                self._spread(dropped, members)
            if dropped.doing == "undo" and dropped.undone:
                self._look_again()
        if self.errand and self.errand.done:
            errand, self.errand = self.errand, None
            try:
                errand.answer()
                self.message = self.errand_name
                self._look_again()
            except WorkerError as error:
                self.complaint = str(error)

    def _look_again(self) -> None:
        """Read the files that wait again, when what they were compared with is there no more."""
        for dropped in self.files.values():
            if dropped.standing in ("asks", "ready", "known"):
                dropped.examine()

    def _place(self, key: str, name: str) -> Path:
        """Where a file is kept: in a folder of its own, under its own name."""
        folder = self.folder / key
        folder.mkdir(exist_ok=True)
        return folder / _safe(name)

    def _spread(self, archive: Dropped, members: list[_Member]) -> None:
        """Put the files of a zip file in its place in the list."""
        spread: dict[str, Dropped] = {}
        for number, member in enumerate(members):
            key = f"{archive.key}-{number}"
            path = self._place(key, member.name)
            spread[key] = item = Dropped(key, f"{archive.name}: {member.name}", path, error=member.problem)
            if member.path:
                shutil.move(member.path, path)
                item.examine()
        if not spread:
            archive.error = "Zip-filen är tom."
            return
        archive.withdraw()
        self.files = {
            key: item
            for old, dropped in self.files.items()
            for key, item in (spread.items() if old == archive.key else [(old, dropped)])
        }


def inbox() -> Inbox:
    """The reader's inbox of the workspace that is looked at, made at the first visit."""
    incoming = settings().data_dir / "incoming"
    boxes: dict[Path, Inbox] = st.session_state.setdefault(KEY, {})
    if incoming not in boxes:
        boxes[incoming] = Inbox(incoming)
    return boxes[incoming]


def _as_json(mappings: list[Mapping | None]) -> list[Any]:
    return [mapping.model_dump(mode="json") if mapping else None for mapping in mappings]


def _safe(name: str) -> str:
    """A name for the disk: that of the file, without folders and odd characters."""
    path = Path(unicodedata.normalize("NFC", name).replace("\\", "/"))
    stem = _ODD.sub("_", path.stem).strip(" .") or "fil"
    return stem[:_LONGEST_NAME] + _ODD.sub("", path.suffix)[:10]
