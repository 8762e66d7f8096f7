"""Reads a workbook in a process of its own with limited memory; run as a script, never imported.

A damaged or hostile workbook can make the reader ask for more memory than there is, which ends the process at once.
Exit codes: 0 when every sheet can be read, 3 when the reader refuses, anything else when it was ended.
"""

from __future__ import annotations

import sys

import python_calamine

#: Twice what the largest reasonable workbook takes.
_MEMORY = 900 * 2**20


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(path: str) -> None:
    with python_calamine.load_workbook(path) as workbook:
        for number, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
                workbook.get_sheet_by_index(number)


if __name__ == "__main__":
    _limit()
    try:
        _read(sys.argv[1])
    except (python_calamine.CalamineError, ValueError, OSError, OverflowError):
        sys.exit(3)
