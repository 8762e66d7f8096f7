"""What reading the rows of a local table gives, and how rows that cannot be used are noted on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.intake.cells import Cell, shown
from pipelines.intake.rows import Rows
from pipelines.source import Parsed, Refusal
from store.intake import Finding, PlaceView, Question, Severity

Mask = npt.NDArray[np.bool_]

#: How many refused rows a build remembers one by one; all of them are in the workbook that is handed back.
REMEMBERED = 1000


@dataclass(frozen=True)
class Result:
    """What a table gives. ``refused`` has the columns position, row, column, value, reason, remedy.

    ``placements`` counts the kept rows by where they are (store.schema.PLACEMENTS). ``places`` are names that could
    not be told; ``questions`` must be answered before anything is written.
    """

    parsed: Parsed
    refused: pd.DataFrame
    placements: dict[str, int]
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    places: tuple[PlaceView, ...] = ()


@dataclass(frozen=True)
class _Fault:
    positions: npt.NDArray[np.int64]
    column: str
    reason: str
    remedy: str


@dataclass
class Notes:
    """What is noted while the rows of a table are read: refused rows, findings and questions."""

    rows: Rows
    findings: list[Finding] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    places: list[PlaceView] = field(default_factory=list)
    _faults: list[_Fault] = field(default_factory=list)

    def refuse(self, mask: Mask, column: str, reason: str, remedy: str) -> None:
        """Rows that cannot be used, by the column that says so."""
        positions = np.flatnonzero(mask)
        if len(positions):
            self._faults.append(_Fault(positions, column, reason, remedy))

    def find(self, mask: Mask, severity: Severity, rule: str, text: str, *, remedy: str = "", column: str = "") -> None:
        """Something to know about rows that are used all the same; the first of them is shown."""
        positions = np.flatnonzero(mask)
        if len(positions):
            self.findings.append(
                Finding(
                    severity=severity, rule=rule, text=text, remedy=remedy, sheet=self.rows.sheet, column=column,
                    row=int(self.rows.numbers[positions[0]]), value=self._value(column, int(positions[0])),
                    count=len(positions),
                )
            )  # fmt: skip

    @property
    def kept(self) -> Mask:
        """The rows that nothing speaks against so far."""
        kept = np.ones(len(self.rows), dtype=bool)
        for fault in self._faults:
            kept[fault.positions] = False
        return kept

    def refused(self) -> pd.DataFrame:
        """One line per refused row and fault, in the order of the file."""
        columns = ["position", "row", "column", "value", "reason", "remedy"]
        frames = [
            pd.DataFrame(
                {
                    "position": fault.positions,
                    "row": self.rows.numbers[fault.positions],
                    "column": fault.column,
                    "value": self._values(fault),
                    "reason": fault.reason,
                    "remedy": fault.remedy,
                }
            )
            for fault in self._faults
        ]
        if not frames:
            return pd.DataFrame(columns=columns)
        return pd.concat(frames, ignore_index=True).sort_values("position", kind="stable", ignore_index=True)

    def result(self, tables: dict[str, pd.DataFrame], placements: pd.Series) -> Result:
        """Everything together; ``placements`` has a value of store.schema.PLACEMENTS per kept row."""
        refused = self.refused()
        rows_refused = int(refused["position"].nunique())
        first = refused.drop_duplicates("position").head(REMEMBERED)
        refusals = tuple(
            Refusal(str(r.reason), str(r.remedy), int(r.row), self.rows.sheet, str(r.column) or None, str(r.value))  # type: ignore[arg-type]
            for r in first.itertuples()
        )
        parsed = Parsed(tables, len(self.rows), len(self.rows) - rows_refused, refusals, rows_refused)
        return Result(
            parsed=parsed,
            refused=refused,
            placements={str(name): int(count) for name, count in placements.value_counts().items()},
            findings=(*self._by_fault(), *self.findings),
            questions=tuple(self.questions),
            places=tuple(self.places),
        )

    def _by_fault(self) -> list[Finding]:
        merged: dict[tuple[str, str, str], list[_Fault]] = {}
        for fault in self._faults:
            merged.setdefault((fault.column, fault.reason, fault.remedy), []).append(fault)
        return [
            Finding(
                severity="stop", rule="rad_avvisad", text=reason, remedy=remedy, sheet=self.rows.sheet, column=column,
                row=int(self.rows.numbers[faults[0].positions[0]]),
                value=self._value(column, int(faults[0].positions[0])),
                count=sum(len(fault.positions) for fault in faults),
            )
            for (column, reason, remedy), faults in merged.items()
        ]  # fmt: skip

    def _values(self, fault: _Fault) -> list[str]:
        column = self.rows.columns.get(fault.column)
        if column is None:
            return [""] * len(fault.positions)
        cells: list[Cell | None] = column.take(fault.positions).cells().tolist()
        return [shown(cell)[:200] for cell in cells]

    def _value(self, column: str, position: int) -> str:
        found = self.rows.columns.get(column)
        if found is None or found.codes[position] < 0:
            return ""
        return shown(found.values[found.codes[position]])[:200]
