"""Workbooks of every kind, sheet by sheet, with the cells where they stand in the file."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine

from pipelines.intake import trial
from pipelines.intake.cells import Book, Column, Sheet
from pipelines.intake.gathering import Gathering, TooLargeError, empty_column
from pipelines.intake.xlsx_parts import Part, UnreadableError, repack
from pipelines.source import DeliveryError
from pipelines.unknown_file import DAMAGED_ZIP

_MAX_BYTES = 200 * 2**20
_TRIAL_SECONDS = 90
#: Workbooks that are read as they are, and what they are called.
OTHERS = {".xls": "äldre Excel-arbetsbok (.xls)", ".xlsb": "binär Excel-arbetsbok", ".ods": "OpenDocument-kalkylark"}
#: A sheet wider than this may have a stray cell far to the right: so many empty columns part it from the table.
_WIDE, _FAR = 1024, 100
_STYLE = re.compile(rb'(<c r="[^>]*) s="\d+"')
_AGAIN = "Öppna den i Excel eller LibreOffice, spara den som .xlsx och lägg till den igen."
#: What the reader raises for a damaged workbook, and Python for numbers that are no dates.
_REFUSED = (python_calamine.CalamineError, ValueError, OverflowError, OSError)


def open_xlsx(path: Path, name: str) -> Book:
    """A workbook .xlsx or .xlsm. Formulas give the result that was saved with them; macros are not looked at.

    Raises DeliveryError.
    """
    _require_size(path, name)
    with tempfile.TemporaryDirectory(prefix="intag-") as folder:
        copy = Path(folder) / "kopia.xlsx"
        parts = _repacked(path, name, copy)
        with _reading(name), python_calamine.load_workbook(str(copy)) as workbook:
            sheets = [_from_blocks(workbook, copy, part, name) for part in parts]
    warnings = [warning for _, told in sheets for warning in told]
    return _book(name, "Excel-arbetsbok", [sheet for sheet, _ in sheets], warnings)


def _repacked(path: Path, name: str, copy: Path) -> list[Part]:
    try:
        return repack(path, copy)
    except TooLargeError as error:
        raise _too_large(name, "ett blad", error) from None
    except UnreadableError as error:
        raise DeliveryError(f"{name}: {error}.") from None
    except DAMAGED_ZIP:
        raise DeliveryError(f"{name}: Excel-filen är avbruten eller skadad. Hämta den igen. {_AGAIN}") from None


def _from_blocks(
    workbook: python_calamine.CalamineWorkbook, copy: Path, part: Part, name: str
) -> tuple[Sheet, tuple[str, ...]]:
    gathering = Gathering()
    warnings: list[str] = []
    try:
        # The next block is read while this one is gathered: the reader does not hold Python's lock.
        with ThreadPoolExecutor(1) as pool:
            waiting = deque(part.blocks)
            ahead = pool.submit(workbook.get_sheet_by_index, waiting.popleft()) if waiting else None
            while ahead:
                sheet = ahead.result()
                ahead = pool.submit(workbook.get_sheet_by_index, waiting.popleft()) if waiting else None
                if sheet.start is not None:
                    gathering.add(*sheet.start, _rows(sheet, copy, part, warnings))
        columns = gathering.columns()
    except TooLargeError as error:
        raise _too_large(name, f"bladet «{part.name}»", error) from None
    if part.without_result:
        warnings.append(
            f"Bladet «{part.name}»: {_counted(part.without_result, 'formel', 'formler')} utan sparat resultat lästes "
            "som tomma celler. "
            "Öppna filen i Excel och spara den, så räknas allt ut."
        )
    return _sheet(part.name, columns, gathering.rows, tuple(part.merged), part.hidden, warnings), tuple(warnings)


def _rows(sheet: python_calamine.CalamineSheet, copy: Path, part: Part, warnings: list[str]) -> list[list[Any]]:
    try:
        return sheet.to_python()
    except (OverflowError, ValueError):
        warnings.append(
            f"Bladet «{part.name}»: en cell har ett tal som inte kan vara ett datum. Rader omkring den lästes utan "
            "datumformat; datum där är löpnummer."
        )
        return _without_formats(copy, sheet.name)


def _without_formats(copy: Path, block: str) -> list[list[Any]]:
    """The block with numbers as numbers, for when one of them is formatted as a date that there is not."""
    bare = copy.with_name("utan.xlsx")
    with zipfile.ZipFile(copy) as parts, zipfile.ZipFile(bare, "w") as out:
        for part in parts.namelist():
            content = parts.read(part) if "/worksheets/" not in part or part.endswith(f"/{block}.xml") else None
            if content is not None:
                out.writestr(part, _STYLE.sub(rb"\1", content) if "/worksheets/" in part else content)
    with python_calamine.load_workbook(str(bare)) as workbook:
        return workbook.get_sheet_by_name(block).to_python()


def open_other(path: Path, name: str, suffix: str) -> Book:
    """A workbook that only the reader itself knows; ``suffix`` is .xls, .xlsb or .ods, as its content shows.

    It is first read in a process of its own, which the system ends if it takes too much memory or time.
    Raises DeliveryError.
    """
    _require_size(path, name)
    kind = OTHERS[suffix]
    with tempfile.TemporaryDirectory(prefix="intag-") as folder:
        rightly_named = Path(folder) / f"kopia{suffix}"  # the reader goes by the name
        shutil.copyfile(path, rightly_named)
        _try_out(rightly_named, name, kind)
        with _reading(name), python_calamine.load_workbook(str(rightly_named)) as workbook:
            told: list[str] = []
            sheets = [_whole(workbook, number, name, told) for number in _worksheets(workbook)]
    return _book(name, kind, sheets, told)


def _worksheets(workbook: python_calamine.CalamineWorkbook) -> list[int]:
    kinds = [sheet.typ for sheet in workbook.sheets_metadata]
    return [number for number, kind in enumerate(kinds) if kind == python_calamine.SheetTypeEnum.WorkSheet]


def _whole(workbook: python_calamine.CalamineWorkbook, number: int, name: str, warnings: list[str]) -> Sheet:
    meta, sheet = workbook.sheets_metadata[number], workbook.get_sheet_by_index(number)
    gathering = Gathering()
    try:
        if sheet.start is not None:
            gathering.add(*sheet.start, sheet.to_python())
        columns = gathering.columns()
    except TooLargeError as error:
        raise _too_large(name, f"bladet «{meta.name}»", error) from None
    merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return _sheet(meta.name, columns, gathering.rows, merged, hidden, warnings)


def _try_out(path: Path, name: str, kind: str) -> None:
    command = [sys.executable, "-I", trial.__file__, str(path)]
    try:
        code = subprocess.run(command, capture_output=True, timeout=_TRIAL_SECONDS, check=False).returncode
    except subprocess.TimeoutExpired:
        code = -1
    if code not in (0, 3):
        raise DeliveryError(
            f"{name}: filen ser ut som {kind} men är skadad, eller tar orimligt mycket minne eller tid. {_AGAIN}"
        )


def _sheet(
    name: str,
    columns: tuple[Column, ...],
    rows: int,
    merged: tuple[tuple[int, int, int, int], ...],
    hidden: bool,
    warnings: list[str],
) -> Sheet:
    kept = columns[: _beginning(columns)]
    if len(kept) < len(columns):
        lost = sum(int(np.count_nonzero(column.codes >= 0)) for column in columns[len(kept) :] if len(column.values))
        warnings.append(
            f"Bladet «{name}»: {_counted(lost, 'cell', 'celler')} långt till höger om tabellen (efter "
            f"kolumn {len(kept)}) lästes inte. Flytta intill tabellen det som hör till den."
        )
        rows = max((int(np.flatnonzero(column.codes >= 0)[-1]) + 1 for column in kept if len(column.values)), default=0)
        kept = tuple(column.rows(0, rows) if len(column.values) else empty_column(rows) for column in kept)
    return Sheet(name, kept, rows, merged, hidden=hidden)


def _counted(count: int, one: str, many: str) -> str:
    return f"en {one}" if count == 1 else f"{count} {many}"


def _beginning(columns: tuple[Column, ...]) -> int:
    """How many columns there are before the stray cells of a very wide sheet; all of them in others."""
    filled = [number for number, column in enumerate(columns) if len(column.values)]
    if len(columns) <= _WIDE:
        return len(columns)
    return next((here + 1 for here, after in pairwise(filled) if after - here > _FAR), len(columns))


def _book(name: str, kind: str, sheets: list[Sheet], warnings: list[str]) -> Book:
    if not any(sheet.rows for sheet in sheets):
        told = " ".join(warnings) or "Kontrollera att det är rätt fil."
        raise DeliveryError(f"{name}: arbetsboken har inga ifyllda celler. {told}")
    return Book(name, tuple(sheets), f"{kind}, {len(sheets)} blad", tuple(warnings))


def _require_size(path: Path, name: str) -> None:
    if path.stat().st_size > _MAX_BYTES:
        raise DeliveryError(f"{name}: filen är större än 200 MB. Spara bladet med siffrorna ensamt och lägg till det.")


def _too_large(name: str, where: str, error: TooLargeError) -> DeliveryError:
    return DeliveryError(
        f"{name}: {where} har {error}. Spara tabellen ensam i en ny arbetsbok, eller dela upp den, och lägg till den."
    )


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turns what the reader raises into DeliveryError."""
    try:
        yield
    except python_calamine.PasswordError:
        raise DeliveryError(
            f"{name}: filen är skyddad med lösenord. Öppna den i Excel, ta bort lösenordet, spara och lägg till den."
        ) from None
    except _REFUSED as error:
        raise DeliveryError(f"{name}: arbetsboken är avbruten eller skadad. Hämta den igen. {_AGAIN}") from error
    except BaseException as error:
        # A fault within the reader comes as an exception of its own that is no Exception and cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise DeliveryError(f"{name}: arbetsboken är skadad och kan inte läsas. {_AGAIN}") from None
