"""Importing large local spreadsheets, beside bare reads of the same files in the same run."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from openpyxl import Workbook

from bench.report import Measured, median, tell
from bench.servers import environment
from pipelines import engine
from store.settings import PROJECT, Settings

ROUNDS = 3
WORKBOOK_ROWS, TEXT_ROWS, SMALL_ROWS = 100_000, 1_000_000, 1_000
_SEED = 2026
_GIGABYTE = 2**20  # of the kilobytes that processes tell

_HEADERS = (
    "Radnr", "Ärendenummer", "Brottskod", "Brottskodtext", "Registreringsdatum", "Brottsdatum", "Kommun", "Län",
    "DeSO", "Antal",
)  # fmt: skip
_KINDS = (("1201", "Skadegörelse"), ("0825", "Stöld ur bil"), ("0365", "Misshandel"), ("0911", "Bedrägeri"))
_AREAS = ("0188C1040", "0188A0010", "0188B3010", "0188A0160", "")


def main(rounds: int) -> None:
    """Whole imports of a large workbook and a large text, each beside the bare read, in turn; then a small file."""
    with tempfile.TemporaryDirectory() as folder:
        data, small = Path(folder) / "data", Path(folder) / "liten.csv"
        workbook, text = Path(folder) / "stor.xlsx", Path(folder) / "stor.csv"
        engine.build(Settings(data_dir=data))
        _write_text(small, SMALL_ROWS)
        _write_text(text, TEXT_ROWS)
        _write_workbook(workbook, WORKBOOK_ROWS)
        rows = [
            *_compared(f"Workbook, {WORKBOOK_ROWS:,} rows", workbook, "calamine", 3.0, (data, small), rounds),
            *_compared(f"CSV, {TEXT_ROWS:,} rows", text, "duckdb", 4.0, (data, small), rounds),
            *_small(small, data, rounds),
        ]
    tell("Intake", rows, "Medians; the import and the bare read in turn, each in a process of its own.")


def _compared(
    what: str, file: Path, bare: str, target: float, where: tuple[Path, Path], rounds: int
) -> Iterator[Measured]:
    own, other, memory = [], [], []
    for _ in range(rounds):
        seconds, peak = _measured("import", file, *where)
        own.append(seconds)
        memory.append(peak)
        other.append(_measured(bare, file)[0])
    yield Measured(f"{what}: whole import", f"{median(own):.2f} s")
    yield Measured(f"{what}: bare read ({bare})", f"{median(other):.2f} s")
    yield Measured.at_most(f"{what}: ratio", median(own) / median(other), target, "×")
    yield Measured.at_most(f"{what}: peak memory", max(memory) / _GIGABYTE, 1.5, "GB")


def _small(small: Path, data: Path, rounds: int) -> Iterator[Measured]:
    """A small file in a worker that is warm, from the drop on; each round publishes in a workspace of its own."""
    seconds: dict[str, list[float]] = {"examine": [], "publish": []}
    for number in range(rounds):
        for read, measured in seconds.items():
            own = shutil.copytree(data, data.with_name(f"{read}-{number}"))
            measured.append(_measured(read, small, own, small)[0])
    yield Measured(f"CSV, {SMALL_ROWS:,} rows: examined", f"{median(seconds['examine']):.2f} s")
    yield Measured.at_most(f"CSV, {SMALL_ROWS:,} rows: examined and published", median(seconds["publish"]), 3.0, "s")


def _measured(read: str, *paths: Path) -> tuple[float, int]:
    told = subprocess.run(
        [sys.executable, "-m", "bench.intake_reads", read, *map(str, paths)],
        cwd=PROJECT, env=environment(paths[-1].parent), capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, peak = told.stdout.split()
    return float(seconds), int(peak)


def _rows(count: int) -> Iterator[list[str | int | date]]:
    rng = np.random.default_rng(_SEED)
    kinds, areas = rng.integers(0, len(_KINDS), count), rng.integers(0, len(_AREAS), count)
    days = rng.integers(0, 1000, count)
    for number in range(count):
        code, text = _KINDS[kinds[number]]
        happened = date(2023, 1, 1) + timedelta(days=int(days[number]))
        yield [
            number + 1, f"5000-K{number}-23", code, text, happened + timedelta(days=1), happened, "Norrtälje",
            "Stockholms län", _AREAS[areas[number]], 1,
        ]  # fmt: skip


def _write_text(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEADERS)
        writer.writerows(_rows(count))


def _write_workbook(path: Path, count: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Uttag")
    sheet.append(list(_HEADERS))
    for row in _rows(count):
        sheet.append(row)
    book.save(path)
