"""A workbook (.xlsx, .xlsm) made safe and quick to read: unpacked within limits, its sheets cut into blocks of rows.

The reader of workbooks holds a sheet as one rectangle from its first to its last cell. A stray cell in the last row and
column would make that rectangle larger than any memory, so every sheet is looked through first and cut into blocks of
rows without large gaps. The copy holds cells, texts and formats only: no macros, pictures or links.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeAlias
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import quoteattr

import numpy as np
import numpy.typing as npt

from pipelines.intake.gathering import MAX_COLUMNS, MAX_ROWS, TooLargeError
from pipelines.intake.odd_sheets import plain_rows

_CHUNK = 4 * 2**20
_MAX_UNPACKED = 2**30
_MAX_TEXTS = 256 * 2**20
_MAX_SMALL = 32 * 2**20
_MAX_SHEETS = 255
#: Cells of a block's rectangle, empty ones counted, and of all rectangles of a sheet.
_BLOCK_CELLS = 4_000_000
_SHEET_CELLS = 150_000_000
#: So many rows without cells part one block from the next.
_GAP = 1000
_MAX_BLOCKS = 3000
_ROW = re.compile(rb'<row r="([1-9]\d{0,6})"')
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"[^>/]*>')
_AFTER_ODD = np.frombuffer(b"\t\r\n/>", dtype=np.uint8)
#: Longer than the longest beginning of a tag that is looked at: <row r="1048576".
_LONGEST_TAG = 24
_PREFIXED = re.compile(rb":(?:c|row)[ \t\r\n/>]")
_NO_RESULT = re.compile(rb"(?:</f>|<f[^<>]*/>)(?:<v></v>|<v ?/>)?</c>")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MAX_MERGED = 100_000
_ERROR = re.compile(rb'(<c r="[^>]*) t="e"')
_Numbers: TypeAlias = npt.NDArray[np.int64]
_PROLOG = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_EPILOG = b"</sheetData></worksheet>"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


class UnreadableError(ValueError):
    """The workbook cannot be read. The message is the Swedish reason with its remedy."""


@dataclass
class Part:
    """One sheet of the copy: the numbers of its blocks there, and what the look through it showed."""

    name: str
    hidden: bool
    blocks: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    without_result: int = 0


def repack(source: Path, target: Path) -> list[Part]:
    """Writes the copy of ``source`` to ``target`` and tells its sheets, chart sheets left out.

    Raises UnreadableError, TooLargeError, and what ``zipfile`` raises for a damaged file (DAMAGED_ZIP).
    """
    with zipfile.ZipFile(source) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        return _Repacking(parts, copy).sheets()


class _Repacking:
    def __init__(self, parts: zipfile.ZipFile, copy: zipfile.ZipFile) -> None:
        self._parts = parts
        self._copy = copy
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in parts.namelist()}
        self._left = _MAX_UNPACKED
        self._blocks = 0

    def sheets(self) -> list[Part]:
        tree = self._tree("xl/workbook.xml")
        related = self._related()
        found = [node for node in tree.iter() if _local(node) == "sheet"]
        if len(found) > _MAX_SHEETS:
            raise UnreadableError(
                f"arbetsboken har fler än {_MAX_SHEETS} blad. Spara de blad som behövs i en ny arbetsbok"
            )
        sheets = [sheet for node in found if (sheet := self._sheet(node, related)) is not None]
        others = self._shared(related)
        self._write_workbook(tree, others)
        return sheets

    def _sheet(self, node: ElementTree.Element, related: dict[str, tuple[str, str]]) -> Part | None:
        id_ = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
        kind, target = related.get(id_, ("", ""))
        if kind != "worksheet":
            return None
        part = Part(node.get("name", ""), node.get("state", "visible") != "visible")
        if target not in self._names:
            raise UnreadableError(f"bladet «{part.name}» saknas i filen, som är skadad. Hämta den igen")
        try:
            self._write_blocks(part, self._chunks(target, _MAX_UNPACKED))
        except _OddSheetError:
            # A sheet that is written in an unusual way is first rewritten in the usual one.
            part = Part(part.name, part.hidden)
            try:
                self._write_blocks(part, plain_rows(self._chunks(target, _MAX_UNPACKED)))
            except (_OddSheetError, ExpatError) as error:
                raise UnreadableError(
                    f"bladet «{part.name}» är skadat. Öppna filen i Excel, spara den på nytt"
                ) from error
        return part

    def _write_blocks(self, part: Part, chunks: Iterator[bytes]) -> None:
        for block in _Rows(part, chunks).blocks():
            part.blocks.append(self._blocks)
            self._blocks += 1
            if self._blocks > _MAX_BLOCKS:
                raise TooLargeError("celler spridda över alltför många tomma rader och kolumner")
            self._copy.writestr(f"xl/worksheets/b{self._blocks}.xml", block)

    def _related(self) -> dict[str, tuple[str, str]]:
        """For each id: what kind of part it is and its name."""
        found = {}
        for node in self._tree("xl/_rels/workbook.xml.rels").iter():
            if _local(node) == "Relationship":
                kind = node.get("Type", "").rpartition("/")[2]
                found[node.get("Id", "")] = (kind, _within(node.get("Target", "")))
        return found

    def _shared(self, related: dict[str, tuple[str, str]]) -> list[str]:
        """Copies texts and formats; tells which there were."""
        copied = []
        for kind, most in (("sharedStrings", _MAX_TEXTS), ("styles", _MAX_SMALL)):
            target = next((name for each, name in related.values() if each == kind), "")
            if target not in self._names:
                continue
            copied.append(kind)
            with self._copy.open(f"xl/{kind}.xml", "w", force_zip64=True) as file:
                for chunk in self._chunks(target, most):
                    file.write(chunk)
        return copied

    def _write_workbook(self, tree: ElementTree.Element, others: list[str]) -> None:
        properties = next((node for node in tree.iter() if _local(node) == "workbookPr"), None)
        epoch = "" if properties is None else properties.get("date1904", "")
        sheets = "".join(f'<sheet name="b{n}" sheetId="{n}" r:id="b{n}"/>' for n in range(1, self._blocks + 1))
        self._copy.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904={quoteattr(epoch or "0")}/>'
            f"<sheets>{sheets}</sheets></workbook>",
        )
        targets = [(f"b{n}", "worksheet", f"worksheets/b{n}.xml") for n in range(1, self._blocks + 1)]
        targets += [(kind, kind, f"{kind}.xml") for kind in others]
        relations = "".join(f'<Relationship Id="{i}" Type="{_OFFICE}/{k}" Target="{t}"/>' for i, k, t in targets)
        self._copy.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>'
        )
        self._copy.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )

    def _tree(self, name: str) -> ElementTree.Element:
        if name not in self._names:
            raise UnreadableError("filen är inte en hel Excel-fil. Hämta den igen")
        try:
            return ElementTree.fromstring(b"".join(self._chunks(name, _MAX_SMALL)))  # noqa: S314 no document types pass
        except (ElementTree.ParseError, LookupError, ValueError) as error:
            raise UnreadableError("Excel-filen är skadad. Hämta den igen") from error

    def _chunks(self, name: str, most: int) -> Iterator[bytes]:
        """A part's content, within the limits; what the file says of its own size is not trusted."""
        first = True
        with self._parts.open(self._names[name]) as part:
            while chunk := part.read(_CHUNK):
                if first and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):
                    raise UnreadableError(
                        "filen har inbyggda XML-definitioner, vilket Excel aldrig skriver, och läses inte. Öppna den i "
                        "Excel och spara den på nytt, eller be avsändaren om en ny"
                    )
                first = False
                most -= len(chunk)
                self._left -= len(chunk)
                if most < 0 or self._left < 0:
                    raise UnreadableError(
                        "Excel-filen blir orimligt stor när den packas upp. Spara bladet med siffrorna ensamt i en ny "
                        "arbetsbok och lägg till den"
                    )
                yield chunk


def _local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _within(target: str) -> str:
    """The part's name in the package, lower-case, of a target relative to ``xl/``."""
    target = target.replace("\\", "/").lower()
    whole = PurePosixPath(target.lstrip("/")) if target.startswith("/") else PurePosixPath("xl") / target
    parts: list[str] = []
    for part in whole.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


class _OddSheetError(Exception):
    """The sheet is written in a way that cannot be cut as it stands."""


@dataclass(frozen=True)
class _Tags:
    """What the tags of some rows say: the rows in their order, those with cells in ascending order, and the number of
    the last column (at least 26)."""

    rows: _Numbers
    cell_rows: _Numbers
    width: int


def _tags(xml: bytes) -> _Tags:
    """Looks at all tags at once. Raises _OddSheetError when one of a row or cell is not written as Excel does."""
    if _PREFIXED.search(xml):
        raise _OddSheetError
    signs = np.frombuffer(xml + bytes(_LONGEST_TAG), dtype=np.uint8)
    at = np.flatnonzero(signs[: len(xml)] == ord("<"))
    rows, cells = _beginning(signs, at, b"<row"), _beginning(signs, at, b"<c")
    after = signs[cells + 2]
    if np.isin(after, _AFTER_ODD).any():
        raise _OddSheetError
    cells = cells[after == ord(" ")]
    _, numbers = _references(signs, rows, b'<row r="', letters=0)
    columns, in_rows = _references(signs, cells, b'<c r="', letters=3)
    changes = in_rows[np.diff(in_rows, prepend=0) != 0]
    return _Tags(numbers, np.unique(changes), max(26, int(columns.max(initial=0))))


def _beginning(signs: npt.NDArray[np.uint8], at: _Numbers, text: bytes) -> _Numbers:
    """The places among these where the text stands."""
    for offset, sign in enumerate(text):
        at = at[signs[at + offset] == sign]
    return at


def _references(
    signs: npt.NDArray[np.uint8], at: _Numbers, opening: bytes, *, letters: int
) -> tuple[_Numbers, _Numbers]:
    """The columns and rows of the references (A1) that must stand after ``opening`` at these places, from 1.

    ``letters`` is how many letters they can have; none for a row's number alone.
    """
    if len(_beginning(signs, at, opening)) < len(at):
        raise _OddSheetError
    at = at + len(opening)
    columns, rows = np.zeros(len(at), dtype=np.int64), np.zeros(len(at), dtype=np.int64)
    for _ in range(letters):
        letter = signs[at] - np.uint8(ord("A"))  # other signs come around to large numbers
        own = letter < 26
        columns = np.where(own, columns * 26 + letter + 1, columns)
        at = at + own
    first = at
    for _ in range(7):
        digit = signs[at] - np.uint8(ord("0"))
        own = digit < 10
        rows = np.where(own, rows * 10 + digit, rows)
        at = at + own
    whole = (signs[at] == ord('"')) & (signs[first] != ord("0")) & (rows > 0)
    if not whole.all() or (letters and not columns.all()):
        raise _OddSheetError
    return columns, rows


class _Rows:
    """One sheet's rows, cut into blocks, from its XML in chunks."""

    def __init__(self, part: Part, chunks: Iterator[bytes]) -> None:
        self._part = part
        self._chunks = chunks
        self._last = 0
        self._cells = 0

    def blocks(self) -> Iterator[bytes]:
        """Sheets of their own, each with the rows of one block. Raises _OddSheetError and TooLargeError."""
        for rows in self._pieces():
            tags = _tags(rows)
            self._part.without_result += len(_NO_RESULT.findall(rows)) if b"<f" in rows else 0
            if len(tags.cell_rows):
                yield from self._block(rows, tags)

    def _block(self, rows: bytes, tags: _Tags) -> Iterator[bytes]:
        numbers, width = tags.cell_rows, tags.width
        if int(numbers[-1] - numbers[0] + 1) * width > _BLOCK_CELLS:
            filled = _FILLED.findall(rows)  # cells with nothing but a format take no place
            if not filled:
                return
            numbers, width = _sorted({row for _, row in filled}), _width({column for column, _ in filled})
        if numbers[-1] > MAX_ROWS or width > MAX_COLUMNS:
            raise TooLargeError("celler utanför de rader och kolumner som ett kalkylark kan ha")
        if not np.isin(numbers, tags.rows).all():
            raise _OddSheetError
        ordered = bool((np.diff(tags.rows) > 0).all())
        for run, rectangle in _runs(rows, numbers, width, ordered=ordered):
            self._cells += rectangle
            if self._cells > _SHEET_CELLS:
                raise TooLargeError("celler spridda över alltför många tomma rader och kolumner")
            # Errors (#DIV/0!) are texts here; the reader would take them for empty cells.
            yield _PROLOG + (_ERROR.sub(rb'\1 t="str"', run) if b' t="e"' in run else run) + _EPILOG

    def _pieces(self) -> Iterator[bytes]:
        """The XML between <sheetData> and its end, cut between rows; what follows is searched for merged cells."""
        held = b""
        for chunk in self._chunks:
            held += chunk
            start = held.find(b"<sheetData")
            if start >= 0:
                held = held[start:]
                break
            if len(held) > _MAX_SMALL:
                raise _OddSheetError
        else:
            raise _OddSheetError
        yield from self._rows_from(held)

    def _rows_from(self, held: bytes) -> Iterator[bytes]:
        opening = held.find(b">")
        if held[:opening].rstrip().endswith(b"/"):
            self._merged(held[opening:])
            return
        held = held[opening + 1 :]
        while (end := held.find(b"</sheetData>")) < 0:
            cut = held.rfind(b"<row")
            if cut > 0:
                yield held[:cut]
                held = held[cut:]
            if len(held) > 2 * _MAX_SMALL:
                raise TooLargeError("en rad som är orimligt lång")
            chunk = next(self._chunks, b"")
            if not chunk:
                raise UnreadableError(f"bladet «{self._part.name}» är avbrutet. Hämta filen igen")
            held += chunk
        yield held[:end]
        self._merged(held[end:])

    def _merged(self, held: bytes) -> None:
        for chunk in self._chunks:
            held += chunk
            if len(held) > _MAX_SMALL:
                break
        for first, top, last, bottom in _MERGED.findall(held)[:_MAX_MERGED]:
            self._part.merged.append((int(top) - 1, _column(first), int(bottom) - 1, _column(last)))


def _sorted(rows: set[bytes]) -> _Numbers:
    return np.sort(np.array(list(rows), dtype="S7").astype(np.int64))


def _width(columns: set[bytes]) -> int:
    """The number of the last of these columns; 26 for none, as columns of one letter are not looked for."""
    return max(map(_column, columns), default=25) + 1


def _runs(rows: bytes, numbers: _Numbers, width: int, *, ordered: bool) -> Iterator[tuple[bytes, int]]:
    """Pieces without large gaps whose rectangles are within the limit, each with the size of its rectangle."""
    rectangle = int(numbers[-1] - numbers[0] + 1) * width
    if ordered and rectangle <= _BLOCK_CELLS and np.diff(numbers).max(initial=0) <= _GAP:
        yield rows, rectangle
        return
    marks = [(int(match[1]), match.start()) for match in _ROW.finditer(rows)]
    wanted = set(numbers.tolist())
    most = max(1, _BLOCK_CELLS // width)
    start, first, last = 0, 0, 0
    for number, at in marks:
        if number not in wanted:
            continue
        if first and (number <= last or number - last > _GAP or number - first >= most):
            yield rows[start:at], (last - first + 1) * width
            start, first = at, number
        first, last = first or number, number
    yield rows[start:], (last - first + 1) * width


def _column(letters: bytes) -> int:
    """The column's number from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
