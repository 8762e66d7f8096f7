"""Text files with columns: which delimiter they have, and their rows as they stand."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipelines.intake.cells import Book, Column, Sheet
from pipelines.intake.decoding import Decoded, NotTextError, decode
from pipelines.intake.gathering import MAX_ROWS, Gathering, TooLargeError, require_cells, require_size
from pipelines.intake.regular_text import read_regular
from pipelines.source import DeliveryError

#: In the order that they are preferred when several part the rows equally well.
DELIMITERS = {"\t": "tabb", ";": "semikolon", "|": "lodstreck", ",": "komma"}
_MAX_BYTES = 200 * 2**20
#: From this size on, the fast reader is tried first.
_LARGE = 2**20
_WIDE = 1000
_SAMPLE = 400
#: Cells that are gathered at a time.
_BLOCK = 400_000
#: No cell is longer (Excel's own limit is 32 767 characters), and none has more lines within quotation marks.
_MAX_CELL = 16 * 2**20
_MAX_CELL_LINES = 1000
#: After so many rows with quotation marks that do not match, quotation marks mean nothing in the rest of the file.
_MAX_UNMATCHED = 2000
_NAMED = re.compile(rb'\A"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_DECIMAL = re.compile(r"\s*[-+−]?\d+,\d+\s*%?\s*")


def open_text(path: Path, name: str) -> Book:
    """The file as a book of one sheet, in which every cell is text.

    Row 1 is the first row of the file, blank rows counted; a row whose cell has line breaks within quotation marks
    counts as one row. Rows with fewer cells than others end with empty cells. Raises DeliveryError.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise DeliveryError(f"{name}: filen är större än 200 MB. Dela upp den i flera filer, till exempel en per år.")
    try:
        text = decode(path.read_bytes())
    except NotTextError:
        raise DeliveryError(
            f"{name}: innehållet är varken ett kalkylark eller läsbar text. Öppna filen i det program som den kommer "
            "ifrån, spara den som .xlsx eller som CSV UTF-8 och lägg till den igen."
        ) from None
    if not text.utf8 or text.utf8.isspace():
        raise DeliveryError(f"{name}: filen är tom. Hämta den igen.")
    _require_rows(name, text.utf8)
    body, delimiter, ahead = _delimited(text.utf8, Path(name).suffix.lower())
    try:
        columns, rows, warnings = _read(name, body, delimiter, ahead)
    except TooLargeError as error:
        raise DeliveryError(
            f"{name}: tabellen har {error}. Kontrollera avgränsaren, eller dela upp filen och lägg till delarna."
        ) from None
    sheet = Sheet(Path(name).stem, columns, rows, typed=False)
    return Book(name, (sheet,), _read_as(text, delimiter), (*text.warnings, *warnings))


def _read_as(text: Decoded, delimiter: str) -> str:
    return f"text, {text.encoding}, {DELIMITERS.get(delimiter, repr(delimiter)) if delimiter else 'en kolumn'}"


def _require_rows(name: str, utf8: bytes) -> None:
    lines = max(utf8.count(b"\n"), utf8.count(b"\r"))
    if lines > 4 * MAX_ROWS:
        raise DeliveryError(f"{name}: filen har {lines} rader, fler än {MAX_ROWS}. Dela upp den i flera filer.")


def _delimited(utf8: bytes, suffix: str) -> tuple[bytes, str, int]:
    """The text without a first line ``sep=;``, the delimiter ("" for none), and how many rows were taken off."""
    named = _NAMED.match(utf8)
    if named:
        return utf8[named.end() :], named[1].decode("ascii", "replace"), 1
    return utf8, delimiter_of(_sample(utf8), suffix), 0


def _sample(utf8: bytes) -> list[str]:
    """Lines from the beginning and from the middle of the file."""
    head = utf8[: 2**18].decode("utf-8", "replace")
    lines = list(islice(io.StringIO(head, newline=""), _SAMPLE))
    middle = utf8[len(utf8) // 2 : len(utf8) // 2 + 2**16]
    if len(utf8) > 2**19:
        inner = io.StringIO(middle.decode("utf-8", "replace"), newline="")
        lines += list(islice(inner, 1, _SAMPLE // 4))[:-1]
    return lines


def delimiter_of(lines: list[str], suffix: str = "") -> str:
    """What parts these lines most evenly into columns; "" when nothing does."""
    lines = [line[:65536] for line in lines if line.strip()]
    shares = {delimiter: _evenness(lines, delimiter) for delimiter in DELIMITERS}
    if suffix == ".tsv" and shares["\t"]:
        return "\t"
    best = max(shares.values())
    if not best:
        return ""
    return next(delimiter for delimiter, share in shares.items() if share >= best - 0.02)


def _evenness(lines: list[str], delimiter: str) -> float:
    """The share of the lines that have the usual number of cells, 0 when that number is one."""
    if delimiter == "," and all(_DECIMAL.fullmatch(line) for line in lines if "," in line):
        return 0.0  # one column of decimal numbers
    csv.field_size_limit(_MAX_CELL_LINES * _MAX_CELL)
    counts = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells)
    total = sum(counts.values())
    usual = max((width for width in counts if width > 1), key=lambda width: counts[width] * width, default=1)
    return counts[usual] / total if usual > 1 else 0.0


def _read(name: str, utf8: bytes, delimiter: str, ahead: int) -> tuple[tuple[Column, ...], int, tuple[str, ...]]:
    width = _usual_width(utf8, delimiter) if len(utf8) >= _LARGE and delimiter else 0
    if 1 < width < _WIDE:
        regular = read_regular(utf8, delimiter, width, ahead)
        if regular is not None:
            rows = len(regular[0])
            require_size(rows, len(regular))
            require_cells(rows, sum(len(column.values) > 0 for column in regular))
            return regular, rows, ()
    return _read_tolerantly(name, utf8, delimiter, ahead)


def _usual_width(utf8: bytes, delimiter: str) -> int:
    rows = csv.reader(_sample(utf8), delimiter=delimiter)
    widths = Counter(len(cells) for cells in rows if len(cells) > 1)
    return widths.most_common(1)[0][0] if widths else 1


def _read_tolerantly(
    name: str, utf8: bytes, delimiter: str, ahead: int
) -> tuple[tuple[Column, ...], int, tuple[str, ...]]:
    records = _Records(name, utf8, delimiter, ahead)
    gathering = Gathering()
    rows, cells = ahead, 0
    block: list[list[str]] = []
    for record in records:
        block.append(record)
        cells += len(record)
        if cells > _BLOCK:
            gathering.add(rows, 0, block)
            rows, cells, block = rows + len(block), 0, []
    gathering.add(rows, 0, block)
    columns = gathering.columns()
    return columns, gathering.rows, records.warnings()


@dataclass
class _Lines:
    """Lines of a text, which can be given back to be read anew. Stops at the end of the text and within a cell that
    has too many lines: either way the quotation mark that began the cell has no match."""

    name: str
    stream: Iterator[str]
    ahead: deque[str] = field(default_factory=deque)
    taken: list[str] = field(default_factory=list)
    number: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) > _MAX_CELL_LINES:
            raise StopIteration
        line = self.ahead.popleft() if self.ahead else next(self.stream)
        self.number += 1
        if len(line) > _MAX_CELL:
            raise DeliveryError(
                f"{self.name}, rad {self.number}: raden är orimligt lång ({len(line)} tecken). "
                "Filen är skadad eller inte en tabell; hämta den igen."
            )
        self.taken.append(line)
        return line

    def give_back(self) -> str:
        """The first line that was taken; those after it will come again."""
        self.number -= len(self.taken) - 1
        self.ahead.extendleft(reversed(self.taken[1:]))
        return self.taken[0]


class _Records:
    """Rows of a text. A row whose quotation marks do not match is read as the line it stands on, without them."""

    def __init__(self, name: str, utf8: bytes, delimiter: str, ahead: int) -> None:
        stream = io.TextIOWrapper(io.BytesIO(utf8), "utf-8", newline="")
        self._lines = _Lines(name, stream, number=ahead)
        self._delimiter = delimiter
        self._unmatched: list[int] = []

    def __iter__(self) -> Iterator[list[str]]:
        csv.field_size_limit(_MAX_CELL_LINES * _MAX_CELL)
        while self._delimiter and len(self._unmatched) < _MAX_UNMATCHED:
            try:
                for cells in csv.reader(self._lines, delimiter=self._delimiter, strict=True):
                    self._lines.taken.clear()
                    yield cells
                return
            except csv.Error:
                line = self._lines.give_back()
                self._unmatched.append(self._lines.number)
                self._lines.taken.clear()
                yield self._parted(line)
        for line in self._lines:
            self._lines.taken.clear()
            yield self._parted(line)

    def _parted(self, line: str) -> list[str]:
        bare = line.rstrip("\r\n")
        cells = bare.split(self._delimiter) if self._delimiter else [bare]
        return [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]

    def warnings(self) -> tuple[str, ...]:
        if not self._unmatched:
            return ()
        first, count = self._unmatched[0], len(self._unmatched)
        if count >= _MAX_UNMATCHED:
            return (
                f"Citattecknen går inte ihop på många rader, den första rad {first}. De lästes som vanliga tecken; "
                "kontrollera att cellerna hamnat i rätt kolumn.",
            )
        where = f"rad {first}" if count == 1 else f"{count} rader, den första rad {first}"
        return (f"Citattecknen går inte ihop på {where}. Läst som den står, utan citattecken; kontrollera raden.",)
