"""What readers of text files share: decoding, rows of a semicolon or comma file, Swedish numbers."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from pipelines.source import DeliveryError

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


def swedish_number(text: str) -> float | None:
    """A number written with decimal comma or point and any kind of thousands space; None when it is no number."""
    compact = _SPACES.sub("", text.strip())
    return float(compact.replace(",", ".").replace("−", "-")) if _NUMBER.fullmatch(compact) else None
