"""Whatever a file holds, importing it ends in rows or words that a person understands, soon, in little memory."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from store.settings import Settings
from tests.intake.hostile import hostile_files

#: The whole takes about a minute; a busy machine may need more.
pytestmark = pytest.mark.timeout(400)

MOST_SECONDS = 25
#: What a person is told to do.
REMEDY = re.compile(
    r"\b(hämta|öppna|spara|packa|lägg|läggs?|dela upp|ta bort|kontrollera|flytta|be avsändaren|fyll i|skriv)\b",
    re.IGNORECASE,
)
MOST_MEMORY = 1000


@pytest.fixture(scope="module")
def run(shipped: Settings, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What came of each file, imported one after the other in a process of its own, and at last of publishing."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(shipped.data_dir, folder / "data")
    (folder / "filer").mkdir()
    folders = [str(folder / "filer"), str(folder / "data"), str(shipped.open_dir)]
    command = [sys.executable, "-m", "tests.intake.hostile_run", *folders]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=380, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def outcomes(run: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What came of each file."""
    return run[:-1]


def test_there_are_enough_files_and_none_crashes(outcomes: list[dict[str, Any]]) -> None:
    assert len(outcomes) >= 300
    assert {row["name"]: row["said"] for row in outcomes if "crash" in (row["result"], row["imported"])} == {}


def test_sound_files_are_read_and_others_refused(outcomes: list[dict[str, Any]]) -> None:
    wrong = {
        row["name"]: (row["result"], row["said"])
        for row in outcomes
        if row["expected"] not in ("either", row["result"])
    }
    assert wrong == {}


def test_every_refusal_says_what_to_do(outcomes: list[dict[str, Any]]) -> None:
    """A message is whole sentences in Swedish, not a word of the libraries underneath."""
    refused = {row["name"]: row["said"] for row in outcomes if row["result"] == "error"}
    assert {name for name, said in refused.items() if len(said) < 30 or not said.endswith((".", ")."))} == set()
    assert {name for name, said in refused.items() if "Error" in said or "Traceback" in said} == set()
    assert {name: said for name, said in refused.items() if not REMEDY.search(said)} == {}


def test_every_file_ends_in_words_or_in_rows(outcomes: list[dict[str, Any]]) -> None:
    assert {row["imported"] for row in outcomes} == {"message", "asked", "table"}
    assert {row["name"] for row in outcomes if row["imported"] != "table" and not row["said"]} == set()


def test_what_needs_no_question_is_published_and_nothing_else_leaves_a_trace(run: list[dict[str, Any]]) -> None:
    published = run[-1]
    assert len(published["published"]) >= 5
    assert published["kept"] == published["published"]


def test_none_takes_long_or_much_memory(outcomes: list[dict[str, Any]]) -> None:
    assert {row["name"]: row["seconds"] for row in outcomes if row["seconds"] > MOST_SECONDS} == {}
    assert outcomes[-1]["peak"] < MOST_MEMORY


def test_the_files_are_the_same_every_time(tmp_path: Path) -> None:
    def first(count: int) -> list[tuple[str, bytes]]:
        return [
            (made.name, made.path.read_bytes()) for made, _ in zip(hostile_files(tmp_path), range(count), strict=False)
        ]

    assert first(200) == first(200)
