"""One measured read of a file, in a process of its own: ``python -m bench.intake_reads WHAT FILE [DATA] [SMALL]``.

Prints seconds and the process's highest memory (kB). What is imported once per process is not counted.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def calamine(file: Path) -> Callable[[], None]:
    """All cells of a workbook's first sheet."""
    from python_calamine import CalamineWorkbook

    def read() -> None:
        CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()

    return read


def duckdb(file: Path) -> Callable[[], None]:
    """A text file into a table, types found by DuckDB."""
    import duckdb as library

    def read() -> None:
        library.connect().execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [str(file)])

    return read


def whole_import(file: Path, data: Path, small: Path) -> Callable[[], None]:
    """Read, map, check, place and stage, as ``add`` does before it publishes. A small file has been read before."""
    from pipelines.intake import importer
    from pipelines.intake.workspace import Workspace
    from pipelines.staging import stage
    from store.settings import Settings

    settings = Settings(data_dir=data)
    workspace = Workspace.of(settings)
    importer.prepare(workspace, small)

    def read() -> None:
        prepared = importer.prepare(workspace, file)
        assert not prepared.questions, prepared.questions
        table = prepared.tables[0]
        assert table.result is not None
        stage(settings, table.delivery, workspace.gazetteer, table.result.parsed)

    return read


def examination(file: Path, data: Path, small: Path) -> Callable[[], None]:
    """What the page does with a dropped file before it shows it, in a worker that has read a file before."""
    from pipelines.intake import importer
    from pipelines.intake.workspace import Workspace
    from store.settings import Settings

    settings = Settings(data_dir=data)
    importer.prepare(Workspace.of(settings), small)

    def read() -> None:
        examined = importer.examine(Workspace.of(settings), file)
        assert examined.tables, examined.problems

    return read


def publication(file: Path, data: Path, small: Path) -> Callable[[], None]:
    """The same, and then what the page does when the file is taken in: all but the answers of a person."""
    from pipelines.intake import importer
    from pipelines.intake.workspace import Workspace
    from store.settings import Settings

    settings = Settings(data_dir=data)
    examine = examination(file, data, small)

    def read() -> None:
        examine()
        taken = importer.take(Workspace.of(settings), file)
        assert taken.build, taken.questions

    return read


_READS: dict[str, Callable[..., Callable[[], None]]] = {
    "calamine": calamine, "duckdb": duckdb, "import": whole_import,
    "examine": examination, "publish": publication,
}  # fmt: skip

if __name__ == "__main__":
    measured = _READS[sys.argv[1]](*map(Path, sys.argv[2:]))
    started = time.perf_counter()
    measured()
    print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
