"""What the cells of a column look like: which share of them reads as a moment, a number, a place, an answer …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines import places
from pipelines.intake import answers, moments, numbers
from pipelines.intake.cells import Cell, Column, shown
from pipelines.intake.gazetteer import Gazetteer
from pipelines.intake.moments import Moments
from pipelines.intake.numbers import Numbers
from store import personal

#: No more distinct cells than this are looked at, spread over the column.
SAMPLE = 500
_PLACE_SAMPLE = 120
_PERSONAL_SAMPLE = 60
_LONGEST = 300
_DESO = re.compile(r"\d{4}(?:[ABC]\d{4}|R\d{3})(?:_DeSO\d{4})?", re.IGNORECASE)
_SCHOOL = re.compile(r"\d{8}")
_CLOCK = re.compile(r"(?:kl\.?\s?)?\d{1,2}[:.]\d{2}.*", re.IGNORECASE)

Values = npt.NDArray[np.object_]
#: The ranges of longitudes and latitudes, SWEREF 99 TM and RT 90 in Sweden: east, then north.
_EAST = ((10, 25), (200_000, 1_000_000), (1_150_000, 1_950_000))
_NORTH = ((55, 70), (6_050_000, 7_750_000))


@dataclass(frozen=True, eq=False)
class Content:
    """One column's cells, judged by a sample of the distinct ones. Shares are from 0 to 1; 0 when it is empty."""

    column: Column
    gazetteer: Gazetteer
    typed: bool = True
    _sample: Values = field(init=False)

    def __post_init__(self) -> None:
        values = self.column.values
        picked = np.linspace(0, len(values) - 1, min(len(values), SAMPLE)).astype(np.int64)
        cut = [cell[:_LONGEST] if isinstance(cell, str) else cell for cell in values[picked]]
        object.__setattr__(self, "_sample", _objects(cut))

    @cached_property
    def filled(self) -> int:
        """Rows with something in the cell."""
        return int(np.count_nonzero(self.column.codes >= 0))

    @property
    def distinct(self) -> int:
        """Different cells."""
        return len(self.column.values)

    @property
    def empty(self) -> bool:
        """Whether no row has anything in the cell."""
        return self.distinct == 0

    @property
    def everywhere(self) -> bool:
        """Whether every row has something in the cell."""
        return self.filled == len(self.column)

    @cached_property
    def repeating(self) -> bool:
        """Whether the same cells come back, as categories and answers do and free texts and numbers of cases do not."""
        return self.distinct <= max(3, 0.5 * self.filled)

    @cached_property
    def texts(self) -> float:
        """Share that is text without being a number, a moment or a clock time."""
        taken = self._numbers | self._moments | self._clocks
        return _share([isinstance(cell, str) and not read for cell, read in zip(self._sample, taken, strict=True)])

    @cached_property
    def length(self) -> float:
        """The mean length of the cells as shown."""
        return float(np.mean([len(shown(cell)) for cell in self._sample])) if len(self._sample) else 0.0

    @cached_property
    def moments(self) -> float:
        """Share that reads as a date, a moment or a period."""
        return _share(self._moments)

    @cached_property
    def looks_dated(self) -> float:
        """Share that reads as a moment and could be nothing else: not a bare number such as 2024 or 45 000."""
        dated = [_is_dated(cell) for cell in self._sample]
        return _share(self._moments & np.array(dated, dtype=bool))

    @cached_property
    def precision(self) -> str:
        """How exact most of the moments are: minute, day, week, month …; empty when there are none."""
        found = [text for text in self._read_moments.precision if text]
        return max(sorted(set(found)), key=found.count) if found else ""

    @cached_property
    def clocks(self) -> float:
        """Share that reads as a time of day: 14.30, kl. 9, 22:30–23:15."""
        return _share(self._clocks)

    @cached_property
    def numbers(self) -> float:
        """Share that reads as a number."""
        return _share(self._numbers)

    @cached_property
    def whole(self) -> float:
        """Share that is a whole number."""
        value = self._read_numbers.value
        return _share(self._numbers & (np.nan_to_num(value, nan=0.5) % 1 == 0))

    @cached_property
    def percent(self) -> float:
        """Share with a per cent sign."""
        return _share(self._read_numbers.percent)

    @cached_property
    def highest(self) -> float:
        """The highest number in the sample; not a number when there is none."""
        value = self._read_numbers.value
        return float(np.nanmax(value)) if self._numbers.any() else float("nan")

    @cached_property
    def deso(self) -> float:
        """Share that has the form of a DeSO or RegSO code."""
        return self._matching(_DESO)

    @cached_property
    def school_units(self) -> float:
        """Share of eight digits, as school unit codes are."""
        return self._matching(_SCHOOL)

    @cached_property
    def offence_codes(self) -> float:
        """Share of three or four digits between 200 and 9999 that are whole numbers (a leading nought may be lost)."""
        value = np.nan_to_num(self._read_numbers.value, nan=0.0)
        return _share(self._numbers & (value % 1 == 0) & (value >= 200) & (value <= 9999))

    @cached_property
    def places(self) -> float:
        """Share that the gazetteer knows as a place, here or elsewhere."""
        return self._known_places[0]

    @cached_property
    def places_here(self) -> float:
        """Share that the gazetteer knows as a place in the municipality."""
        return self._known_places[1]

    @cached_property
    def municipalities(self) -> float:
        """Share that is the name or the code of a Swedish municipality."""
        known = places.all_municipalities()
        cells = self._short_texts(SAMPLE)
        return _share([places.municipality_code(cell) is not None or cell in known for cell in cells])

    @cached_property
    def east(self) -> float:
        """Share in the range of a coordinate's eastern part."""
        return self._within(_EAST)

    @cached_property
    def north(self) -> float:
        """Share in the range of a coordinate's northern part."""
        return self._within(_NORTH)

    @cached_property
    def counts_rows(self) -> bool:
        """Whether the column only numbers the rows: 1, 2, 3 …, which is nobody's number of a case."""
        sample = self._read_numbers.value
        if self.distinct != self.filled or self.whole < 1 or not len(sample):
            return False
        return float(np.min(sample)) in {0.0, 1.0} and float(np.max(sample)) <= len(self.column)

    @cached_property
    def answers(self) -> str:
        """What the cells are as answers: yes_no, scale, choice, multi, number or text."""
        return answers.kind_of(self._sample) if len(self._sample) else ""

    @cached_property
    def scale(self) -> tuple[str, ...]:
        """The answers in order, lowest first, when they are a known scale."""
        return answers.scale_of(self._sample)

    def scale_under(self, header: str) -> tuple[str, ...]:
        """The same, where the header can tell where the scale ends: «(1–5)»."""
        return answers.scale_of(self._sample, header)

    @cached_property
    def separator(self) -> str:
        """What parts several answers in one cell."""
        return answers.separator_of(self._sample)

    @cached_property
    def long_numbers(self) -> bool:
        """Whether most cells have a number so long that it could be a person's or a telephone's."""
        if self.moments > 0.8 or self.deso > 0.5:
            return False
        return _share([sum(char.isdigit() for char in shown(cell)) >= 8 for cell in self._sample]) > 0.5

    def some(self, most: int) -> Values:
        """Some of the distinct cells, spread over the column."""
        return self._sample[:: max(1, len(self._sample) // most)][:most]

    def samples(self, most: int = 5) -> tuple[str, ...]:
        """Some of the cells as they would be shown."""
        return tuple(shown(cell)[:80] for cell in self._sample[:most])

    @cached_property
    def words(self) -> float:
        """The mean number of words in the cells; question texts have several."""
        return float(np.mean([len(shown(cell).split()) for cell in self._sample])) if len(self._sample) else 0.0

    @cached_property
    def _read_numbers(self) -> Numbers:
        return numbers.read(self._sample, decimal=numbers.decimal_mark(self._sample) or ",", typed=self.typed)

    @cached_property
    def _numbers(self) -> npt.NDArray[np.bool_]:
        return np.asarray(~np.isnan(self._read_numbers.value), dtype=bool)

    @cached_property
    def _read_moments(self) -> Moments:
        return moments.read(self._sample, order=moments.order_of(self._sample) or "dmy")

    @cached_property
    def _moments(self) -> npt.NDArray[np.bool_]:
        return np.asarray(~np.isnat(self._read_moments.first), dtype=bool)

    @cached_property
    def _clocks(self) -> npt.NDArray[np.bool_]:
        told = [isinstance(cell, time) or (isinstance(cell, str) and bool(_CLOCK.match(cell))) for cell in self._sample]
        if not any(told) and self._numbers.all():
            return np.zeros(len(self._sample), dtype=bool)  # bare hours are known by their header only
        return np.asarray(~np.isnan(moments.clock(self._sample).seconds), dtype=bool) & ~self._moments

    @cached_property
    def _known_places(self) -> tuple[float, float]:
        cells = self._short_texts(_PLACE_SAMPLE)
        if not cells:
            return 0.0, 0.0
        standing = self.gazetteer.read(_objects(cells), {}).standing
        return _share(standing != "unknown"), _share(standing == "placed")

    def _short_texts(self, most: int) -> list[str]:
        """Cells that could be names: texts of moderate length. Empty when most cells are anything else."""
        cells = [cell for cell in self._sample if isinstance(cell, str) and 1 < len(cell) <= 60 and not cell.isdigit()]
        if len(cells) < 0.5 * len(self._sample):
            return []
        step = max(1, len(cells) // most)
        return cells[::step][:most]

    def _matching(self, pattern: re.Pattern[str]) -> float:
        return _share([pattern.fullmatch(str(cell)) is not None for cell in self._sample if not _is_time(cell)])

    def _within(self, ranges: tuple[tuple[int, int], ...]) -> float:
        value = np.nan_to_num(self._read_numbers.value, nan=-1.0)
        # Whole numbers from 10 to 25 are ages and counts; a longitude has decimals.
        small = (value % 1 != 0) | (value > 1000)
        return max(_share((value >= low) & (value <= high) & small) for low, high in ranges)


def personal_kinds(contents: Sequence[Content]) -> list[str]:
    """The kind of personal data that most cells of each column consist of; empty for nearly all columns.

    Names and addresses are looked for in all columns at once, which is much faster. Long numbers are judged
    column by column, as ``personal.scan`` tells identity numbers from numbers of cases by their column.
    """
    pieces = [content.some(_PERSONAL_SAMPLE) for content in contents]
    pooled = [i for i, content in enumerate(contents) if content.texts > 0.5 and not content.long_numbers]
    together = np.concatenate([pieces[i] for i in pooled]) if pooled else np.empty(0, dtype=object)
    hits = personal.scan(together)
    kinds = [""] * len(contents)
    start = 0
    for i in pooled:
        kinds[i] = _most_common(pieces[i], [hits.get(start + at, ()) for at in range(len(pieces[i]))])
        start += len(pieces[i])
    for i, content in enumerate(contents):
        if content.long_numbers:
            own = personal.scan(content._sample)
            kinds[i] = _most_common(content._sample, [own.get(at, ()) for at in range(len(content._sample))])
    return kinds


def _most_common(cells: Values, hits: Sequence[tuple[personal.Hit, ...]]) -> str:
    """The kind of hit that nearly fills more than half of the cells."""
    kinds = [
        found[0].kind
        for cell, found in zip(cells, hits, strict=True)
        if found and sum(hit.end - hit.start for hit in found) >= 0.7 * len(shown(cell))
    ]
    return max(sorted(set(kinds)), key=kinds.count) if len(kinds) > 0.5 * len(cells) else ""


def _is_time(cell: Cell) -> bool:
    return isinstance(cell, date | time)


def _is_dated(cell: Cell) -> bool:
    if isinstance(cell, str):
        return not cell.replace(" ", "").isdigit()
    return isinstance(cell, date | datetime)


def _share(flags: Any) -> float:
    return float(np.mean(flags)) if len(flags) else 0.0


def _objects(cells: list[Any]) -> Values:
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array
