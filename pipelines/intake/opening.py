"""Any file that is handed over: what it is, told from its content, and its cells as they stand."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from pipelines.intake.cells import Book
from pipelines.intake.packed import Member, members
from pipelines.intake.text_files import open_text
from pipelines.intake.workbooks import open_other, open_xlsx
from pipelines.source import DeliveryError
from pipelines.unknown_file import DAMAGED_ZIP, what_it_is

__all__ = ["Member", "members", "open_book"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_AS_TABLE = "Öppna den i Excel, spara den som .xlsx och lägg till den igen."
#: Beginnings of files that are no tables: what they are, and what to do.
_OTHERS = (
    ((b"{\\rtf",), f"det här är ett textdokument (RTF). {_AS_TABLE}"),
    (
        (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ"),
        "det här är en packad fil. Packa upp den och lägg till filerna i den.",
    ),
    (
        (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08"),
        f"Excel-filen är från före 1997. {_AS_TABLE}",
    ),
    ((b"MZ", b"\x7fELF"), "det här är ett program. Det har inte körts; lägg till filen med siffrorna i stället."),
    ((b"PAR1",), "det här är en Parquet-fil. Spara siffrorna som CSV och lägg till dem."),
    ((b"SQLite format 3",), "det här är en databas. Spara tabellen som CSV och lägg till den."),
)
_MARKUP = (
    (("urn:schemas-microsoft-com:office:spreadsheet",), f"det här är ett kalkylark sparat som XML. {_AS_TABLE}"),
    (
        ("<!doctype html", "<html", "<table", "<head", "<body", "<meta"),
        f"det här är en webbsida (HTML), inte ett kalkylark. {_AS_TABLE}",
    ),
    (("<?xml", "<!--", "<!doctype"), f"det här är XML, inte ett kalkylark. {_AS_TABLE}"),
)
_JSON = ('{"', "{'", "[{", "[[", '["')


def open_book(path: Path, name: str | None = None) -> Book:
    """The cells of one file; ``name`` is what it was called by those who handed it over.

    The content decides how it is read, whatever the name ends with. Raises DeliveryError, and nothing else, for what
    the file holds.
    """
    called = name or path.name
    try:
        with path.open("rb") as file:
            head = file.read(65536)
    except OSError as error:
        raise DeliveryError(f"{called}: filen kan inte öppnas ({error.strerror}). Lägg till den igen.") from None
    return _reader(path, called, head)(path, called)


def _reader(path: Path, name: str, head: bytes) -> Callable[[Path, str], Book]:
    if head.startswith(_ZIP):
        return _zipped(path, name)
    if head.startswith(_OLE):
        return _old(path, name, head)
    reason = _other(path, head)
    if reason:
        raise DeliveryError(f"{name}: {reason}")
    return open_text


def _zipped(path: Path, name: str) -> Callable[[Path, str], Book]:
    try:
        with zipfile.ZipFile(path) as parts:
            names = {part.replace("\\", "/").lstrip("/").lower() for part in parts.namelist()}
    except DAMAGED_ZIP:
        kind = "Zip-filen" if Path(name).suffix.lower() == ".zip" else "Excel-filen"
        raise DeliveryError(f"{name}: {kind} är avbruten eller skadad. Hämta den igen.") from None
    if "xl/workbook.xml" in names:
        return open_xlsx
    if "xl/workbook.bin" in names:
        return lambda path, name: open_other(path, name, ".xlsb")
    if "content.xml" in names and not any(each.startswith(("word/", "ppt/")) for each in names):
        return lambda path, name: open_other(path, name, ".ods")
    reason = what_it_is(path, _ZIP[0]) or f"innehållet känns inte igen. {_AS_TABLE}"
    raise DeliveryError(f"{name}: {reason}")


def _old(path: Path, name: str, head: bytes) -> Callable[[Path, str], Book]:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        raise DeliveryError(f"{name}: {what_it_is(path, head)}")
    return lambda path, name: open_other(path, name, ".xls")


def _other(path: Path, head: bytes) -> str | None:
    for beginnings, reason in _OTHERS:
        if head.startswith(beginnings):
            return f"innehållet känns inte igen: {reason}"
    text = head[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").decode("latin-1").lstrip().lower()
    for signs, reason in _MARKUP:
        if text.startswith("<") and any(sign in text for sign in signs):
            return f"innehållet känns inte igen: {reason}"
    if text.startswith(_JSON):
        return "innehållet känns inte igen: det här är JSON. Spara siffrorna som CSV eller Excel och lägg till dem."
    # What is said of a wrong ending holds for official files only: here a text may be called .xlsx.
    return what_it_is(Path("fil"), head) if head.strip() else "filen är tom. Hämta den igen."
