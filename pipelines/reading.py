"""What readers of text files share: decoding, rows of a semicolon or comma file, Swedish numbers."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.source import DeliveryError
from pipelines.unknown_file import DAMAGED_ZIP

#: A workbook unpacks to some ten times its size. Far more than that is a fault or an attack on the memory.
_MAX_UNPACKED = 2**30
_MAX_RATIO = 200
_LARGE = 2**26

_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
#: Thousands are set apart with plain, no-break, narrow no-break or thin spaces.
_SPACES = re.compile(r"[ \u00a0\u202f\u2009]")


def decode(content: bytes, *, legacy: str = "cp1252") -> str:
    """Text of ``content``: UTF-8 with or without BOM, else the ``legacy`` one-byte encoding.

    Raises ValueError when it is text in neither, such as UTF-16 or a binary file.
    """
    if b"\x00" in content:
        raise ValueError("binary")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(legacy)


def head_text(head: bytes) -> str:
    """The beginning of a file as text for recognising it; empty when it is not text. Never raises."""
    # A long file's head is cut off in the middle of a row; a file of one long row (JSON), in the middle of a letter.
    whole = head if len(head) < 65536 else head[: head.rfind(b"\n") + 1] or head
    if b"\x00" in whole:
        return ""
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(whole)
    except UnicodeDecodeError:
        pass
    try:
        return whole.decode("cp1252")
    except UnicodeDecodeError:
        return ""


def text_file(path: Path, *, legacy: str = "cp1252") -> str:
    """The whole file as text. Raises DeliveryError when it is empty or not text."""
    content = path.read_bytes()
    if not content.strip():
        raise DeliveryError(f"{path.name}: filen är tom. Hämta den igen.")
    try:
        return decode(content, legacy=legacy)
    except ValueError:
        raise DeliveryError(
            f"{path.name}: filen är inte läsbar text (väntad teckenkodning UTF-8 eller Windows-1252). "
            "Spara den som CSV UTF-8 och lämna in den igen."
        ) from None


def has_header(head: bytes, columns: tuple[str, ...]) -> bool:
    """Whether the file that begins with ``head`` is a comma file with exactly these columns. Never raises."""
    return head_text(head).split("\n", 1)[0].strip() == ",".join(columns)


def csv_rows(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of the file ``name`` with any content, as (row number from 1, cells without surrounding space).

    Raises DeliveryError for quotation marks that do not match, which would swallow the rows that follow.
    """
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error:
        raise DeliveryError(
            f"{name}, rad {reader.line_num}: citattecknen går inte ihop. Filen kan vara avbruten; hämta den igen."
        ) from None


def csv_records(path: Path, text: str, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a comma file whose header must hold exactly ``columns``, as (row number, cells by column).

    A row with too few or too many cells is a fault of the file as a whole: these files are our own.
    Raises DeliveryError.
    """
    rows = list(csv_rows(path.name, text, ","))
    if not rows or tuple(rows[0][1]) != columns:
        raise DeliveryError(f"{path.name}, rad 1: rubrikerna ska vara {', '.join(columns)}. Rätta rubrikraden.")
    for number, cells in rows[1:]:
        if len(cells) != len(columns):
            raise DeliveryError(
                f"{path.name}, rad {number}: {len(cells)} kolumner i stället för {len(columns)}. "
                "Filen kan vara avbruten; hämta den igen."
            )
    if len(rows) == 1:
        raise DeliveryError(f"{path.name}: filen har rubriker men inga rader. Hämta den igen.")
    return [(number, dict(zip(columns, cells, strict=True))) for number, cells in rows[1:]]


def within_workbook_limits(path: Path) -> bool:
    """Whether a workbook (.xlsx) can be opened without filling the memory, by what it says itself. Never raises."""
    try:
        return not _bomb(path)
    except DAMAGED_ZIP:
        return False


def require_whole_workbook(path: Path) -> None:
    """Raises DeliveryError when a file is no workbook (.xlsx), is damaged, or unpacks to an unreasonable size."""
    try:
        if _bomb(path):
            raise DeliveryError(
                f"{path.name}: Excel-filen blir orimligt stor när den packas upp. "
                "Spara bladet med siffrorna ensamt i en ny arbetsbok och lämna in den."
            )
        # A part longer than it says fails its checksum, so nothing larger is unpacked later.
        with zipfile.ZipFile(path) as parts:
            damaged = "xl/workbook.xml" not in parts.namelist() or parts.testzip() is not None
    except DAMAGED_ZIP as error:
        raise DeliveryError(f"{path.name}: filen är inte en hel Excel-fil (.xlsx). Hämta den igen.") from error
    if damaged:
        raise DeliveryError(f"{path.name}: Excel-filen är skadad. Hämta den igen.")


def _bomb(path: Path) -> bool:
    with zipfile.ZipFile(path) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    return unpacked > _MAX_UNPACKED or (unpacked > _LARGE and unpacked > _MAX_RATIO * path.stat().st_size)


def swedish_number(text: str) -> float | None:
    """A number written with decimal comma or point and any kind of thousands space; None when it is no number."""
    compact = _SPACES.sub("", text.strip())
    return float(compact.replace(",", ".").replace("−", "-")) if _NUMBER.fullmatch(compact) else None
