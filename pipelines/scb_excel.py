"""SCB's Excel exports: a title, header rows with merged cells, years in a row or a column, areas, long notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.frames import slug
from pipelines.reading import require_whole_workbook, within_workbook_limits
from pipelines.scb_cube import SIGNS, Cube, area_code, breakdown, is_period
from pipelines.source import DeliveryError, Refusal

#: Rows within which the first area of an export is found, and columns within which its code stands.
_TOP = 40
_LEFT = 4
#: Headings of the notes below the figures that end their running text.
_UPDATED = "Senaste uppdatering:"
_UNIT = "Sort:"
_REFERENCE = "Intern referenskod:"
_REFERENCE_TIME = "Referenstid:"
_LONGEST_NOTE = 500

Rows = list[list[str | float]]


@dataclass(frozen=True)
class _Grid:
    """Where things are: the sheet's rows, the columns of areas and of figures, the first row of data."""

    rows: Rows
    region: int
    first_value: int
    first_row: int
    last_row: int

    @property
    def headers(self) -> Rows:
        return [row for row in self.rows[1 : self.first_row] if any(cell != "" for cell in row)]


def looks_like_export(path: Path) -> bool:
    """Whether a workbook's first sheet has a title like "… efter region, år och …" and areas below. Never raises."""
    if not within_workbook_limits(path):
        return False
    try:
        rows = _rows(path, _TOP)
    except DeliveryError:
        return False
    return bool(rows) and " efter " in str(rows[0][0]) and _region_column(rows) is not None


def read_export(path: Path) -> tuple[Cube, int, list[Refusal]]:
    """The table in an export, the number of data rows read, and those that could not be used. Raises DeliveryError."""
    require_whole_workbook(path)
    grid = _grid(path, _rows(path))
    notes = _notes(grid)
    title = str(grid.rows[0][0]).strip()
    columns = _columns(path, grid, title)
    data, refusals = _data(path, grid)
    cells = _cells(path, grid, columns, data)
    reference = _after(notes, _REFERENCE)
    cube = Cube(
        table=reference[0] if reference else slug(title),
        title=re.split(r" efter ", title, maxsplit=1)[0],
        cells=cells,
        units=_units(notes, list(columns["contents"].unique())),
        notes=_cautions(notes, columns["contents"].unique()),
    )
    return cube, len(data) + len(refusals), refusals


def _rows(path: Path, limit: int | None = None) -> Rows:
    """The first sheet's rows from row 1 on, all as wide as the widest, with numbers as numbers."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False, nrows=limit)
    except (CalamineError, OSError) as error:
        raise DeliveryError(f"{path.name}: Excel-filen kan inte läsas ({error}). Spara om den som .xlsx.") from error
    return [[_cell(cell) for cell in row] for row in cells]


def _cell(cell: Any) -> str | float:
    return float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else str(cell).strip()


def _text(cell: str | float) -> str:
    """A heading; years may be numbers."""
    return f"{cell:g}" if isinstance(cell, float) else cell


def _region_column(rows: Rows) -> int | None:
    """The column with most areas in it; None when no column has any."""
    width = min(_LEFT, max((len(row) for row in rows), default=0))
    counts = [sum(area_code(_text(row[column])) is not None for row in rows[1:]) for column in range(width)]
    return int(np.argmax(counts)) if any(counts) else None


def _grid(path: Path, rows: Rows) -> _Grid:
    if not rows or not str(rows[0][0]).strip():
        raise DeliveryError(f"{path.name}: cell A1 har ingen tabellrubrik. Lägg SCB:s tabell först i arbetsboken.")
    region = _region_column(rows)
    if region is None:
        raise DeliveryError(
            f"{path.name}: inga områdeskoder i de första kolumnerna. "
            "Välj koder (inte bara namn) när tabellen hämtas från SCB."
        )
    located = [i for i, row in enumerate(rows) if i and area_code(_text(row[region]))]
    first_row = located[0]
    headed = [any(row[column] != "" for row in rows[1:first_row]) for column in range(len(rows[0]))]
    values = [column for column, has in enumerate(headed) if has and column > region]
    if not values:
        raise DeliveryError(f"{path.name}: rubrikraderna ovanför siffrorna saknas. Hämta tabellen igen från SCB.")
    # A note may begin with a year, which looks like a municipality; it has nothing to its right.
    last_row = next((i for i in reversed(located) if any(cell != "" for cell in rows[i][values[0] :])), None)
    if last_row is None:
        raise DeliveryError(f"{path.name}: inga siffror vid områdena. Hämta tabellen igen från SCB.")
    return _Grid(rows, region, values[0], first_row, last_row)


def _columns(path: Path, grid: _Grid, title: str) -> pd.DataFrame:
    """What each column of figures is: ``column``, ``contents``, ``period`` (empty when to the left), ``breakdown``."""
    width = len(grid.rows[0])
    headers = [_filled([_text(cell) for cell in row[grid.first_value : width]]) for row in grid.headers]
    names = _names(grid, title, len(headers))
    rows = []
    for offset in range(width - grid.first_value):
        parts = dict(zip(names, (header[offset] for header in headers), strict=True))
        if not any(parts.values()):
            continue
        period = next((text for text in parts.values() if is_period(text)), "")
        contents = parts.get("tabellinnehåll", "")
        kept = [(k, v) for k, v in parts.items() if v and v != period and k != "tabellinnehåll"]
        rows.append((grid.first_value + offset, contents, period, breakdown(kept)))
    return pd.DataFrame(rows, columns=["column", "contents", "period", "breakdown"])


def _names(grid: _Grid, title: str, headers: int) -> list[str]:
    """The header rows' dimensions, from the title: it names those of the left columns first, then those above."""
    named = re.split(r",\s*|\s+och\s+", title.split(" efter ", 1)[-1])
    left = len(named) - headers
    if left < 1 or "region" not in named[:left]:
        return [f"indelning {number}" for number in range(1, headers + 1)]
    return named[left:]


def _filled(texts: list[str]) -> list[str]:
    """A header row whose merged cells are filled to the right."""
    last, out = "", []
    for text in texts:
        last = text or last
        out.append(last)
    return out


def _data(path: Path, grid: _Grid) -> tuple[list[tuple[int, str, str, int]], list[Refusal]]:
    """The rows with figures as (row index, period from the left or empty, area, division), and those in between that
    have no known area."""
    last = grid.last_row
    period, rows, refusals = "", [], []
    for index in range(grid.first_row, last + 1):
        row = grid.rows[index]
        period = next((_text(c) for c in row[: grid.first_value] if is_period(_text(c))), period)
        found = area_code(_text(row[grid.region]))
        if found:
            rows.append((index, period, *found))
        elif any(cell != "" for cell in row):
            refusals.append(
                Refusal(
                    reason="Raden har ingen områdeskod.",
                    remedy="Hämta tabellen igen från SCB med koder för områdena.",
                    row=index + 1,
                    value=_text(row[grid.region]) or None,
                )
            )
    return rows, refusals


def _cells(path: Path, grid: _Grid, columns: pd.DataFrame, data: list[tuple[int, str, str, int]]) -> pd.DataFrame:
    block = [[grid.rows[index][column] for column in columns["column"]] for index, *_ in data]
    flat = [cell for row in block for cell in row]
    numbers = [cell if isinstance(cell, float) else None for cell in flat]
    texts = [None if isinstance(cell, float) else cell for cell in flat]
    left = pd.DataFrame(data, columns=["row", "row_period", "area_id", "division"])
    left = left.loc[left.index.repeat(len(columns))].reset_index(drop=True)
    above = columns.loc[np.tile(columns.index.to_numpy(), len(data))].reset_index(drop=True)
    cells = pd.concat([left, above], axis=1)
    cells = cells.assign(value=pd.Series(numbers, dtype=float), text=pd.Series(texts, dtype="string"))
    cells["period"] = cells["period"].mask(cells["period"] == "", cells["row_period"])
    _require_periods(path, cells)
    _require_figures(path, cells)
    return cells.drop(columns=["row_period", "column"])


def _require_periods(path: Path, cells: pd.DataFrame) -> None:
    without = cells.loc[cells["period"] == "", "row"]
    if len(without):
        raise DeliveryError(
            f"{path.name}, rad {without.iloc[0] + 1}: årtal saknas både ovanför och till vänster om siffrorna. "
            "Ta med variabeln år när tabellen hämtas."
        )


def _require_figures(path: Path, cells: pd.DataFrame) -> None:
    strange = cells[cells["text"].notna() & ~cells["text"].isin(list(SIGNS))]
    if len(strange):
        first = strange.iloc[0]
        raise DeliveryError(
            f"{path.name}, rad {first['row'] + 1}, kolumn {first['column'] + 1}: ”{first['text']}” är inget tal. "
            "Hämta tabellen igen utan att ändra i den."
        )


def _notes(grid: _Grid) -> list[str]:
    """The texts below the figures, in order, empty rows left out."""
    texts = (next((_text(cell) for cell in row if cell != ""), "") for row in grid.rows[grid.last_row + 1 :])
    return [text for text in texts if text]


def _after(notes: list[str], heading: str) -> list[str]:
    """The notes that follow a heading."""
    return notes[notes.index(heading) + 1 :] if heading in notes else []


def _units(notes: list[str], contents: list[str]) -> dict[str, str]:
    """The unit of each kind of contents: one for all, or after the name of each."""
    lines = _after(notes, _UNIT)
    if not lines:
        return {}
    listed = {
        name: lines[i + 1] for name in contents if name and f"{name}:" in lines for i in [lines.index(f"{name}:")]
    }
    return listed or dict.fromkeys(contents, lines[0])


def _cautions(notes: list[str], contents: Iterable[str]) -> list[str]:
    """The running notes in plain text, one line each, with when the table was updated and what day it refers to."""
    texts = notes[: notes.index(_UPDATED)] if _UPDATED in notes else []
    paragraphs = (part for text in texts for part in re.split(r"\n\s*\n", re.sub(r"<[^>]*>", "", text)))
    # What is longer explains a method, often with a table in it; the reader finds it with the table at SCB.
    plain = [line for part in paragraphs if (line := " ".join(part.split())) and len(line) <= _LONGEST_NOTE]
    times = sorted(set(re.findall(r"(?<!\d)(20\d\d)(\d\d)(\d\d) \d\d:\d\d", "\n".join(_after(notes, _UPDATED)))))
    updated = [f"Uppdaterad av SCB {'-'.join(times[-1])}."] if times else []
    told = [line for line in _after(notes, _REFERENCE_TIME) if line.rstrip(":") not in set(contents)]
    reference = [f"Referenstid: {line}." for line in told[:1]]
    return [*updated, *reference, *plain]
