"""Imports every hostile file in this process and writes what came of it as JSON lines; run by test_hostile.

``python -m tests.intake.hostile_run FOLDER DATA OPEN``: nothing is written to the data folder until the end, where the
first of those that can be taken in without a question are published at once.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.intake import importer
from pipelines.intake.importer import Prepared
from pipelines.intake.opening import members, open_book
from pipelines.intake.workspace import Workspace
from pipelines.source import DeliveryError
from store.settings import Settings
from tests.intake.hostile import hostile_files

#: Address space, which is more than memory: libraries and threads reserve what they never use.
_SPACE = 3 * 2**30
#: Larger tables are read and checked like the others, but not held on to until the end.
_MOST_ROWS = 10_000
_MOST_PUBLISHED = 15


@dataclass
class Outcome:
    """What came of a file: opened («book», «error» or «crash») and then read («table», «asked», «message», «crash»)."""

    result: str = "error"
    imported: str = "message"
    said: list[str] = field(default_factory=list)
    good: list[Prepared] = field(default_factory=list)


def outcome(workspace: Workspace, path: Path, workdir: Path) -> Outcome:
    out = Outcome()
    try:
        for member in members(path, workdir):
            if member.path is None:
                out.said.append(member.problem)
            elif _opened(member.path, member.name, out):
                _read(workspace, member.path, member.name, out)
    except DeliveryError as error:
        out.said.append(str(error))
    except BaseException:
        out.result = out.imported = "crash"
        out.said = [traceback.format_exc()]
    return out


def _opened(path: Path, name: str, out: Outcome) -> bool:
    try:
        book = open_book(path, name)
    except DeliveryError as error:
        out.said.append(str(error))
        return False
    out.result = "book"
    out.said += book.warnings
    for sheet in book.sheets:
        assert all(len(column) == sheet.rows for column in sheet.columns)
    return True


def _read(workspace: Workspace, path: Path, name: str, out: Outcome) -> None:
    prepared = importer.prepare(workspace, path, name=name)
    for one in prepared.used:
        assert one.result is not None
        assert one.result.parsed.rows_kept + (one.result.parsed.rows_refused or 0) == one.result.parsed.rows_read
    if prepared.questions:
        out.imported = "asked"
        out.said += [question.text for question in prepared.questions]
    elif prepared.used:
        out.imported = "table"
        if sum(one.view.counts.read for one in prepared.used) < _MOST_ROWS:
            out.good.append(prepared)
    else:
        out.said.append(importer.NO_TABLE)


def peak() -> float:
    """MB of memory that this process has used at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def files(settings: Settings) -> set[str]:
    """Every file of the data folder that is not part of a build, or a lock."""
    found = [path.relative_to(settings.data_dir) for path in settings.data_dir.rglob("*") if path.is_file()]
    return {path.as_posix() for path in found if path.parts[0] not in {"builds", "staged"} and path.suffix != ".lock"}


def main() -> None:
    folder, settings = Path(sys.argv[1]), Settings(data_dir=Path(sys.argv[2]), open_dir=Path(sys.argv[3]))
    workspace = Workspace.of(settings)
    untouched = files(settings)
    good: list[tuple[TemporaryDirectory[str], list[Prepared]]] = []
    for made in hostile_files(folder):
        workdir = TemporaryDirectory(dir=folder)
        resource.setrlimit(resource.RLIMIT_AS, (_SPACE, resource.RLIM_INFINITY))
        before, started = peak(), time.process_time()
        out = outcome(workspace, made.path, Path(workdir.name))
        seconds = time.process_time() - started
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if out.good and len(good) < _MOST_PUBLISHED:
            good.append((workdir, out.good))
        else:
            workdir.cleanup()
            made.path.unlink()
        row = {
            "name": made.name, "expected": made.expectation, "result": out.result, "imported": out.imported,
            "said": " | ".join(out.said), "seconds": seconds, "peak": peak(), "before": before,
        }  # fmt: skip
        print(json.dumps(row), flush=True)
    assert files(settings) == untouched, "something was written before it was published"
    done = importer.publish(workspace, [one for _, each in good for one in each])
    taken = {table.delivery_id for one in done for table in one.taken}
    new = {Path(name).parts[1] for name in files(settings) - untouched if name.startswith("raw/")}
    print(json.dumps({"published": sorted(taken), "kept": sorted(new)}), flush=True)
    for workdir, _ in good:
        workdir.cleanup()


if __name__ == "__main__":
    main()
