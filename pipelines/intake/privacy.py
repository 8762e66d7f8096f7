"""Personal data in a table: found in every column, used or not, and stopped or masked before anything is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from pipelines.intake import sentences
from pipelines.intake.cells import Column, shown
from pipelines.intake.kinds.result import Mask
from pipelines.intake.rows import Rows
from pipelines.intake.tables import Table
from store import personal
from store.intake import Choice, Finding, Mapping, Question


@dataclass(frozen=True)
class Cleaned:
    """The used columns without personal data, and what was found.

    ``found`` tells that there is personal data somewhere in the table, also in columns that are not used: then the
    file is not kept as it came. ``stopped`` rows and ``masked`` cells are counted.
    """

    rows: Rows
    found: bool
    stopped: int
    masked: int
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]


def clean(table: Table, mapping: Mapping, *, typed: bool) -> Cleaned:
    """Take the mapping's columns of a table, with personal data stopped or masked as the mapping decides.

    Undecided, the cells are masked and the decision asked for.
    """
    wanted = {use.header for use in mapping.columns}
    columns: dict[str, Column] = {}
    findings: list[Finding] = []
    hit_rows = np.zeros(len(table.row_numbers), dtype=bool)
    cells, found, kinds = 0, masked(table.spot.sheet) != table.spot.sheet, set()
    headed = [personal.personal_header(header) or _in_header(header) for header in table.headers]
    with ThreadPoolExecutor(2) as pool:  # the searches do not hold Python's lock
        scanned = list(pool.map(_hits, table.columns, headed))
    for header, column, by_header, hits in zip(table.headers, table.columns, headed, scanned, strict=True):
        found |= bool(hits) or (bool(by_header) and len(column.values) > 0)
        if header not in wanted or by_header:
            if hits or by_header:
                findings.append(_left_out(table, header, column, hits, by_header))
            continue
        columns[header] = column
        if hits:
            hit = _rows_with(column, hits)
            hit_rows |= hit
            cells += int(hit.sum())
            kinds |= {hit.kind for one in hits.values() for hit in one}
            columns[header] = _masked(column, hits)
            findings.append(_finding(table, header, hit, hits))
    rows = Rows(columns, table.row_numbers, masked(table.spot.sheet), typed)
    if mapping.decisions.personal_data == "stop":
        return Cleaned(rows.only(~hit_rows), found, int(hit_rows.sum()), 0, tuple(findings), ())
    asked = (_question(kinds, int(hit_rows.sum())),) if cells and not mapping.decisions.personal_data else ()
    return Cleaned(rows, found, 0, cells, tuple(findings), asked)


def _hits(column: Column, by_header: str) -> dict[int, tuple[personal.Hit, ...]]:
    return {} if by_header else personal.scan(column.values, column.texts)


def masked(text: str) -> str:
    """A single text, such as a file's or a sheet's name, with its personal data masked."""
    hits = personal.scan(np.array([text], dtype=object))
    return personal.mask(text, hits[0]) if hits else text


def _in_header(header: str) -> str:
    """The kind of personal data that stands in a header itself: then the column is about one person.

    Not names: questions and measures speak of streets and schools that have people's names.
    """
    hits = personal.scan(np.array([header], dtype=object)).get(0, ())
    return next((hit.kind for hit in hits if hit.kind != "namn"), "")


def _rows_with(column: Column, hits: dict[int, tuple[personal.Hit, ...]]) -> Mask:
    per_value = np.zeros(len(column.values), dtype=bool)
    per_value[list(hits)] = True
    rows: Mask = column.spread(per_value, empty=False)
    return rows


def _masked(column: Column, hits: dict[int, tuple[personal.Hit, ...]]) -> Column:
    values = column.values.copy()
    for position, found in hits.items():
        values[position] = personal.mask(shown(values[position]), found)
    return Column(column.codes, values)


def _finding(table: Table, header: str, rows: Mask, hits: dict[int, tuple[personal.Hit, ...]]) -> Finding:
    kinds = sorted({hit.kind for one in hits.values() for hit in one})
    return Finding(
        severity="warning", rule="personuppgift", text=f"Personuppgifter i löptext: {', '.join(kinds)}.",
        remedy="Välj om raderna ska stoppas eller uppgifterna maskeras. Filen sparas inte i original.",
        sheet=masked(table.spot.sheet), row=int(table.row_numbers[np.flatnonzero(rows)[0]]), column=header,
        value="(visas inte)", count=int(rows.sum()),
    )  # fmt: skip


def _left_out(
    table: Table, header: str, column: Column, hits: dict[int, tuple[personal.Hit, ...]], by_header: str
) -> Finding:
    rows = column.codes >= 0 if by_header else _rows_with(column, hits)
    return Finding(
        severity="note", rule="personuppgift_utanfor",
        text="Kolumnen har personuppgifter. Den läggs inte in, och filen sparas inte i original.",
        sheet=masked(table.spot.sheet), column=masked(header), value="(visas inte)", count=int(rows.sum()),
    )  # fmt: skip


def _question(kinds: set[str], rows: int) -> Question:
    found = f"{', '.join(sorted(kinds))} på {sentences.rows(rows)}"
    return Question(
        id="personal_data", key="decisions.personal_data",
        text=f"Det finns personuppgifter ({found}). Vad ska hända med dem?",
        why="Personuppgifter får inte lagras här. Filen sparas inte i original.",
        choices=(
            Choice(value="mask", label="Maskera uppgifterna och ta med raderna"),
            Choice(value="stop", label="Stoppa raderna"),
        ),
    )  # fmt: skip
