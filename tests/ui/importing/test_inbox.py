"""The inbox on disk: files lie apart under harmless names, and nothing is left when the reader is gone."""

from __future__ import annotations

import gc
from io import BytesIO
from pathlib import Path

import pytest

from store.intake import Examination, Outcome
from tests.fixtures.worker.examinations import POLICE, clean
from ui.importing import inbox
from ui.importing.inbox import Inbox
from ui.worker import WorkerError


class Done:
    """A job that is done."""

    share, text, done = 1.0, "", True

    def answer(self) -> dict[str, str]:
        return {"build": "b2"}


class Waiting:
    """A job that never gets done."""

    share, text, done = 0.0, "", False

    def __init__(self, request: object, *, seconds: float) -> None:
        self.withdrawn = False

    def withdraw(self) -> None:
        self.withdrawn = True

    def answer(self) -> object:
        raise WorkerError("Det tog för lång tid.")


@pytest.fixture(autouse=True)
def no_importer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "Job", Waiting)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("ärenden 2025.xlsx", "ärenden 2025.xlsx"),
        ("a\u0308renden.csv", "ärenden.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\mapp\\fil.CSV", "fil.CSV"),
        ("..", "fil"),
        ("", "fil"),
        ('a<b>:"|?*.csv', "a_b______.csv"),
        ("x" * 500 + ".csv", "x" * 80 + ".csv"),
        ("fil." + "y" * 500, "fil." + "y" * 9),
        ("\u202egnp.csv\x00", "_gnp.csv"),
    ],
)
def test_a_file_is_kept_under_a_harmless_name(tmp_path: Path, name: str, kept: str) -> None:
    box = Inbox(tmp_path)
    box.receive(name, BytesIO(b"content"))
    (dropped,) = box.files.values()
    assert (dropped.name, dropped.path.name) == (name, kept)
    assert dropped.path.read_bytes() == b"content"
    assert dropped.path.parent.parent == box.folder


def test_two_files_with_one_name_are_two_and_one_content_is_one(tmp_path: Path) -> None:
    box = Inbox(tmp_path)
    for name, content in (("a.csv", b"1"), ("a.csv", b"2"), ("b.csv", b"1")):
        box.receive(name, BytesIO(content))
    assert [(dropped.name, dropped.path.read_bytes()) for dropped in box.files.values()] == [
        ("a.csv", b"1"),
        ("a.csv", b"2"),
    ]
    assert box.message == "b.csv finns redan i listan."


def test_a_removed_file_is_gone_and_its_work_broken_off(tmp_path: Path) -> None:
    box = Inbox(tmp_path)
    box.receive("a.csv", BytesIO(b"1"))
    (dropped,) = box.files.values()
    box.remove(dropped.key)
    assert box.files == {}
    assert isinstance(dropped.job, Waiting)
    assert dropped.job.withdrawn
    assert list(box.folder.iterdir()) == []


@pytest.mark.parametrize("name", [".DS_Store", "mapp/._a.csv", "~$bok.xlsx"])
def test_what_programs_leave_in_folders_is_passed_over(tmp_path: Path, name: str) -> None:
    box = Inbox(tmp_path)
    box.receive(name, BytesIO(b"1"))
    assert box.files == {}


def test_files_that_wait_are_read_again_when_something_is_taken_back(tmp_path: Path) -> None:
    box = Inbox(tmp_path)
    for name in ("waits.csv", "goes.csv"):
        box.receive(name, BytesIO(name.encode()))
    waits, goes = box.files.values()
    waits.job, waits.examination = None, Examination(file="waits.csv", bytes=1, tables=(clean(),))
    waits.mappings = [POLICE]
    goes.doing, goes.to_undo, goes.outcome = "undo", ["local-1"], Outcome(file="goes.csv", build="b1")
    goes.job = Done()  # type: ignore[assignment]
    box.collect("Anna")
    assert (goes.standing, waits.standing, waits.doing) == ("undone", "working", "examine")


def test_the_folder_goes_with_the_reader(tmp_path: Path) -> None:
    box = Inbox(tmp_path / "incoming")
    box.receive("a.csv", BytesIO(b"1"))
    folder = box.folder
    assert folder.is_dir()
    del box
    gc.collect()
    assert not folder.exists()


def test_what_a_process_that_was_ended_left_beside_a_file_goes(tmp_path: Path) -> None:
    box = Inbox(tmp_path)
    box.receive("a.csv", BytesIO(b"1"))
    (dropped,) = box.files.values()
    (dropped.folder / "tmpabc").mkdir()
    (dropped.folder / "tmpabc" / "xl.xml").touch()
    (dropped.folder / "tmpdef").touch()
    (dropped.folder / "out").mkdir()
    with pytest.raises(WorkerError):
        dropped.answered("Anna")
    assert sorted(path.name for path in dropped.folder.iterdir()) == ["a.csv", "out"]
