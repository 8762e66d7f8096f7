"""The fields of a mapping read from the rows: texts, numbers, moments and places, the same way for every kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipelines.intake import coordinates, moments, numbers, sentences
from pipelines.intake.cells import Cell, Codes, Column, shown
from pipelines.intake.gathering import object_array
from pipelines.intake.gazetteer import Gazetteer, Places
from pipelines.intake.kinds.result import Mask, Notes
from pipelines.intake.rows import Rows
from store.intake import Choice, ColumnUse, Mapping, PlaceView, Question
from store.schema import PLACEMENTS

Floats = npt.NDArray[np.float64]
Moments64 = npt.NDArray[np.datetime64]

#: How many place names that could not be told are shown to be explained.
_PLACES_SHOWN = 50
_ORDERS = {"dmy": "Dag först", "mdy": "Månad först", "ymd": "År först"}
_NAT = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class When:
    """Moments row by row. ``first`` and ``last`` are NaT where there is none; ``given`` tells rows that have a cell."""

    first: Moments64
    last: Moments64
    precision: npt.NDArray[np.object_]
    problem: npt.NDArray[np.object_]
    given: Mask


@dataclass(frozen=True)
class Where:
    """Places row by row: areas by id (no cell where unknown), placements (store.schema.PLACEMENTS), the sender's own
    words, and the point in SWEREF 99 TM (nan where there is none)."""

    areas: Column
    placements: Column
    texts: Column
    east: Floats
    north: Floats

    @property
    def area_id(self) -> npt.NDArray[np.object_]:
        """The areas as objects, None where unknown."""
        return self.areas.cells()

    @property
    def placement(self) -> npt.NDArray[np.object_]:
        """The placements as objects."""
        return self.placements.cells()

    @property
    def text(self) -> npt.NDArray[np.object_]:
        """The sender's words as objects, None where there are none."""
        return self.texts.cells()


class _Told:
    """Texts row by row, told by one column after the other: what is told first holds."""

    def __init__(self, size: int) -> None:
        self.codes = np.full(size, -1, dtype=np.int32)
        self._known: dict[str, int] = {}

    def code(self, text: str) -> int:
        """The code of a text; -1 for none."""
        return self._known.setdefault(text, len(self._known)) if text else -1

    def spread(self, column: Column, texts: Iterable[str]) -> Codes:
        """Codes row by row of what was told for each of a column's distinct cells."""
        codes = np.fromiter(map(self.code, texts), dtype=np.int32, count=len(column.values))
        spread: Codes = column.spread(codes, empty=np.int32(-1))
        return spread

    def tell(self, codes: Codes | int, where: Mask | bool = True) -> None:
        """What some rows are, where nothing has been told."""
        self.codes = np.where((self.codes < 0) & where, codes, self.codes).astype(np.int32)

    def column(self) -> Column:
        return Column(self.codes, object_array(self._known, len(self._known)))


class Fields:
    """The fields of a table, read once each. What cannot be read is noted in ``notes``."""

    def __init__(self, rows: Rows, mapping: Mapping, gazetteer: Gazetteer, delivery_id: str, received: date) -> None:
        self.rows = rows
        self.mapping = mapping
        self.gazetteer = gazetteer
        #: The delivery's own mark, for rows that have no id of their own.
        self.delivery = delivery_id.rpartition("-")[2]
        #: What is too far ahead is judged by the day of the delivery: a build is the same whenever it is made.
        self.received = received
        self.notes = Notes(rows)
        self._order = mapping.date_order

    def uses(self, field: str) -> list[ColumnUse]:
        """The columns that the mapping uses for a field and that the table has."""
        return [use for use in self.mapping.columns if use.field == field and use.header in self.rows.columns]

    def use(self, field: str) -> ColumnUse | None:
        """The one column of a field that does not repeat."""
        return next(iter(self.uses(field)), None)

    def column(self, field: str) -> Column | None:
        """The cells of a field that does not repeat."""
        use = self.use(field)
        return self.rows.columns[use.header] if use else None

    def header(self, field: str) -> str:
        """The header of a field's column, empty without one."""
        use = self.use(field)
        return use.header if use else ""

    def text(self, field: str) -> pd.Series:
        """A field as text, missing where empty or where there is no column."""
        column = self.column(field)
        return as_text(column) if column is not None else pd.Series(pd.NA, index=range(len(self.rows)), dtype="string")

    def option(self, option: str) -> str:
        """What the person who imports has said, in words."""
        return self.mapping.options.get(option, "").strip()

    def when(self, field: str, clock: str = "") -> When:
        """The moments of a field, with the time of day from another column when that is where it stands."""
        column = self.column(field)
        if column is None:
            return _never(len(self.rows))
        read = moments.read(column.values, order=self._date_order(field, column), today=self.received)
        spread = When(
            column.spread(read.first, empty=_NAT),
            column.spread(read.last, empty=_NAT),
            column.spread(read.precision, empty=None),
            column.spread(read.problem, empty=None),
            column.codes >= 0,
        )
        return self._with_clock(spread, clock)

    def until_clock(self, when: When, field: str) -> Moments64:
        """The end of a time whose clock stands in a column of its own, without a date; NaT where there is none.

        A clock before the beginning's is the next day's.
        """
        seconds, _ = self._clock(field)
        fits = np.isin(when.precision, ("day", "minute")) & ~np.isnan(seconds)
        end = _day(when.first) + _seconds(seconds)
        end = np.where(end < when.first, end + np.timedelta64(1, "D"), end)
        return np.where(fits, end, _NAT)

    def moment_of(self, text: str, *, hint: str = "", ask: bool = True) -> When | None:
        """The period that a text says, for all rows; None when it says none. One that says none becomes a question."""
        if not text:
            return None
        read = moments.read(np.array([text], dtype=object), order=self.mapping.date_order, today=self.received)
        if np.isnat(read.first[0]) and not ask:
            return None
        if np.isnat(read.first[0]):
            self.ask(
                "option.period",
                "options.period",
                f"Vilken period är «{text}»?",
                f"{read.problem[0].rstrip('.')}. {hint}".strip(),
            )
            return None
        size = len(self.rows)
        return When(
            np.full(size, read.first[0]),
            np.full(size, read.last[0]),
            np.full(size, read.precision[0], dtype=object),
            np.full(size, "", dtype=object),
            np.ones(size, dtype=bool),
        )

    def number(self, use: ColumnUse) -> tuple[Floats, Mask, npt.NDArray[np.object_]]:
        """The numbers of a column: value (nan where there is none), cells that are no numbers, and status texts."""
        column = self.rows.columns[use.header]
        decimal = self.mapping.decimal or numbers.decimal_mark(column.values)
        if not decimal and not self.rows.typed and numbers.ambiguous(column.values):
            self.ask(
                "decimal",
                "decimal",
                f"Är «{_examples(column.values, 1)[0]}» i «{use.header}» ett tusental eller ett decimaltal?",
                "Inget annat i kolumnen avgör det.",
                (Choice(value=",", label="Decimalkomma (1,5)"), Choice(value=".", label="Decimalpunkt (1.5)")),
                examples=_examples(column.values, 3),
            )
        read = numbers.read(column.values, decimal=decimal, typed=self.rows.typed)
        return (
            column.spread(read.value, empty=np.nan),
            column.spread(read.bad, empty=False),
            column.spread(read.statuses, empty=None),
        )

    def ask(
        self,
        identity: str,
        key: str,
        text: str,
        why: str,
        choices: Sequence[Choice] = (),
        *,
        suggestion: str = "",
        examples: Sequence[str] = (),
    ) -> None:
        """A question, asked once."""
        if all(question.id != identity for question in self.notes.questions):
            self.notes.questions.append(
                Question(
                    id=identity,
                    key=key,
                    text=text,
                    why=why,
                    choices=tuple(choices),
                    suggestion=suggestion,
                    examples=tuple(examples),
                )
            )

    def where(self) -> Where:
        """Where each row is: by its point, else by its area code, else by its place name, else what is said of all."""
        areas, texts = _Told(len(self.rows)), _Told(len(self.rows))
        outside = np.zeros(len(self.rows), dtype=bool)
        east, north = self._points()
        if not np.isnan(east).all():
            located = Column.of(self.gazetteer.locate(east, north))
            areas.tell(areas.spread(located, located.values))
            outside |= ~np.isnan(east) & (located.codes < 0)
        for field in ("area_code", "place"):
            for use in self.uses(field):
                column, read = self._named(use)
                self._explain(column, read.standing, read.candidates)
                outside |= (areas.codes < 0) & column.spread(read.standing == "outside", empty=False)
                areas.tell(areas.spread(column, read.area_id))
                texts.tell(texts.spread(column, map(shown, column.values)))
        home = areas.code(self.gazetteer.municipality.code)
        for use in self.uses("municipality"):
            column, read = self._named(use)
            outside |= column.spread(read.standing == "outside", empty=False)
            areas.tell(home, column.spread((read.standing != "outside") & (read.area_id != ""), empty=False))
        self._of_all(areas, home, outside)
        areas.codes[outside] = -1
        return Where(areas.column(), self._placements(areas.codes, home, outside), texts.column(), east, north)

    def _placements(self, areas: Codes, home: int, outside: Mask) -> Column:
        known = (areas >= 0) & (areas != home)
        self.notes.find(
            ~known & ~outside,
            "warning",
            "utan_plats",
            "Rader utan plats i kommunen. De läggs in och räknas för sig.",
            remedy="Förklara platsnamnen, eller komplettera filen med DeSO-kod eller ort.",
            column=self.header("place") or self.header("area_code"),
        )
        self.notes.find(
            outside,
            "note",
            "utanfor",
            "Rader utanför kommunen. De läggs in och räknas för sig, men visas inte.",
            column=self.header("municipality") or self.header("place"),
        )
        placed, elsewhere, unplaced = range(len(PLACEMENTS))
        codes = np.where(known, placed, np.where(outside, elsewhere, unplaced)).astype(np.int32)
        return Column(codes, np.array(PLACEMENTS, dtype=object))

    def _of_all(self, areas: _Told, home: int, outside: Mask) -> None:
        """What is said of all rows, for those that have no place or only the municipality."""
        said = self.option("place")
        if not said:
            return
        read = self.gazetteer.read(np.array([said], dtype=object), self.mapping.places)
        if not read.area_id[0]:
            self.ask(
                "option.place", "options.place", f"Vilken plats är «{said}»?", "Den finns inte bland kommunens platser."
            )
            return
        areas.codes[(areas.codes == home) & ~outside] = -1
        areas.tell(areas.code(read.area_id[0]), ~outside)

    def _named(self, use: ColumnUse) -> tuple[Column, Places]:
        """A column with place names or codes, and what they are."""
        column = self.rows.columns[use.header]
        return column, self.gazetteer.read(column.values, self.mapping.places)

    def _explain(
        self, column: Column, standing: npt.NDArray[np.object_], candidates: Sequence[tuple[str, ...]]
    ) -> None:
        """Note the place names that could not be told, the most common first."""
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.values))
        unknown = np.flatnonzero(standing == "unknown")
        for value in sorted(unknown, key=lambda position: -counts[position])[:_PLACES_SHOWN]:
            self.notes.places.append(
                PlaceView(
                    text=shown(column.values[value])[:100],
                    rows=int(counts[value]),
                    candidates=tuple(
                        Choice(value=area, label=self.gazetteer.name(area)) for area in candidates[int(value)]
                    ),
                )
            )

    def _points(self) -> tuple[Floats, Floats]:
        """The rows' points in SWEREF 99 TM, nan where there are none or they cannot be understood."""
        size = len(self.rows)
        nothing = np.full(size, np.nan), np.full(size, np.nan)
        across, up = self.use("x"), self.use("y")
        if across is None or up is None:
            return nothing
        x, bad_x, _ = self.number(across)
        y, bad_y, _ = self.number(up)
        self.notes.find(
            bad_x | bad_y,
            "warning",
            "koordinat",
            "Koordinater som inte går att läsa; raderna placeras på annat sätt om det går.",
            remedy="Rätta koordinaterna.",
            column=across.header,
        )
        system = self.mapping.coordinates
        told = coordinates.system_of(x, y, near=self.gazetteer.centre)
        if told.swapped:
            x, y = y, x
        known = system or told.system
        if not known:
            if not np.isnan(x).all():
                self.ask(
                    "coordinates",
                    "coordinates",
                    f"Vilket koordinatsystem är «{across.header}» och «{up.header}» i?",
                    told.reason,
                    (
                        Choice(value="sweref99tm", label="SWEREF 99 TM"),
                        Choice(value="wgs84", label="WGS 84 (latitud, longitud)"),
                        Choice(value="rt90", label="RT 90 2,5 gon V"),
                    ),
                )
            return nothing
        east, north = coordinates.to_sweref(x, y, known)
        if not system:
            east, north = self._other_systems(x, y, east, north, across.header)
        self.notes.find(
            np.isnan(east) & np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0)),
            "warning",
            "koordinat_utanfor_sverige",
            "Koordinater som inte är någon plats i Sverige; raderna placeras på annat sätt om det går.",
            remedy="Rätta koordinaterna.",
            column=across.header,
        )
        return east, north

    def _other_systems(self, x: Floats, y: Floats, east: Floats, north: Floats, header: str) -> tuple[Floats, Floats]:
        """Rows in another system than most, as when two senders' lists have been put together: only at home.

        The systems' ranges do not meet, so that a point that one of them puts in the municipality is that point.
        """
        for system in ("wgs84", "sweref99tm", "rt90"):
            lost = np.isnan(east) & np.isfinite(x) & np.isfinite(y)
            if not lost.any():
                break
            other = coordinates.to_sweref(np.where(lost, x, np.nan), np.where(lost, y, np.nan), system)
            found = lost & (self.gazetteer.locate(*other) != "")
            self.notes.find(
                found,
                "warning",
                "koordinatsystem",
                "Koordinater i ett annat system än de flesta. De har räknats om, eftersom de pekar på kommunen.",
                remedy="Kontrollera att punkterna är rätt.",
                column=header,
            )
            east, north = np.where(found, other[0], east), np.where(found, other[1], north)
        return east, north

    def _date_order(self, field: str, column: Column) -> str:
        """The order of day and month, from the mapping or the cells; a question when neither tells."""
        order = self._order or moments.order_of(column.values, today=self.received)
        if order:
            return order
        undecided = moments.read(column.values, order="", today=self.received)
        if undecided.ambiguous.any():
            cells = column.values[undecided.ambiguous]
            examples = _examples(cells, 3)
            self.ask(
                "date_order",
                "date_order",
                f"Vilken dag är «{examples[0]}» i «{self.header(field)}»?",
                "Ingen cell i kolumnen avgör om dag, månad eller år står först.",
                _orders(cells),
                examples=examples,
            )
        return ""

    def _with_clock(self, when: When, field: str) -> When:
        column = self.column(field) if field else None
        if column is None:
            return when
        seconds, until = self._clock(field)
        whole_day = (when.precision == "day") & ~np.isnan(seconds)
        day = _day(when.first)
        first = np.where(whole_day, day + _seconds(seconds), when.first)
        end = np.where(np.isnan(until), seconds, until)
        end = np.where(end < seconds, end + 86400, end)  # 22.30–02.00 ends the next day
        last = np.where(whole_day, day + _seconds(end), when.last)
        precision = np.where(whole_day, "minute", when.precision)
        return When(first, last, precision, when.problem, when.given)

    def _clock(self, field: str) -> tuple[Floats, Floats]:
        """A column's times of day, and where they are spans their ends: seconds after midnight, nan without."""
        column = self.column(field)
        if column is None:
            return np.full(len(self.rows), np.nan), np.full(len(self.rows), np.nan)
        read = moments.clock(column.values)
        self.notes.find(
            column.spread(read.problem != "", empty=False),
            "note",
            "klockslag",
            "Klockslag som inte går att läsa. Händelsen läggs in med dagen.",
            column=self.header(field),
        )
        return column.spread(read.seconds, empty=np.nan), column.spread(read.until, empty=np.nan)


def _orders(cells: npt.NDArray[np.object_]) -> list[Choice]:
    """The orders of day, month and year that all of these cells can have, each with what the first then means."""
    read = {order: moments.read(cells, order=order) for order in _ORDERS}
    possible = [order for order in _ORDERS if not np.isnat(read[order].first).any()] or ["dmy", "mdy"]
    return [Choice(value=order, label=f"{_ORDERS[order]}: {_told(read[order].first[0])}") for order in possible]


def _told(moment: np.datetime64) -> str:
    return "–" if np.isnat(moment) else sentences.day(moment.astype("datetime64[D]").item())


def _day(moments64: Moments64) -> Moments64:
    return moments64.astype("datetime64[D]").astype("datetime64[s]")


def _never(size: int) -> When:
    nothing = np.full(size, None, dtype=object)
    return When(np.full(size, _NAT), np.full(size, _NAT), nothing, nothing, np.zeros(size, dtype=bool))


def _seconds(values: Floats) -> Any:
    return np.nan_to_num(values).astype("timedelta64[s]")


def _examples(values: Sequence[Cell] | npt.NDArray[np.object_], count: int) -> tuple[str, ...]:
    return tuple(shown(value) for value in values[:count])


def as_text(column: Column) -> pd.Series:
    """A column as texts, row by row, as a person would see them; missing where empty."""
    texts = column.texts if column.texts is not None else pa.array(map(shown, column.values), pa.string())
    texts = texts.cast(pa.large_string())  # as pandas holds them
    if not np.array_equal(column.codes, np.arange(len(texts))):  # as they are when every row has its own
        texts = texts.take(pa.array(column.codes, mask=column.codes < 0))
    return pd.Series(pd.array(texts, dtype="string"))
