"""What a file that no layout recognises is instead, said to the person who tried to add it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: What reading a damaged zip raises; NotImplementedError is zipfile meeting a way of packing that it does not know.
DAMAGED_ZIP = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error)
_INSTEAD = "Spara tabellen i den som Excel eller CSV, eller be avsändaren om kalkylbladet."
#: A file that unpacks to more than this is not unpacked to see whether it is whole.
_UNPACKED = 2**28


def what_it_is(path: Path, head: bytes) -> str | None:
    """A Swedish sentence about what is wrong and what to do; None when all that can be said is that it is unknown.

    ``head`` is the beginning of the file.
    """
    if not head.strip():
        return "filen är tom. Hämta den igen."
    if head.startswith(_PICTURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return (
            "innehållet känns inte igen: det här är en bild, inte en fil med siffror. Öppna den och se vad den visar, "
            "eller be avsändaren om kalkylbladet som den är tagen av."
        )
    if head.startswith(b"%PDF"):
        return "innehållet känns inte igen: det här är en PDF. Hämta siffrorna som Excel eller CSV i stället."
    if head.startswith(_OLE):
        return _old_office(path)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if path.suffix.lower() == ".xlsx":
        return "filen heter .xlsx men är inte en Excel-fil. Hämta den igen."
    return None


def _old_office(path: Path) -> str:
    # A workbook with a password is a container of the old kind, with the workbook encrypted inside.
    if _ENCRYPTED in path.read_bytes():
        return "filen är skyddad med lösenord. Öppna den i Excel, ta bort lösenordet, spara och lägg till den igen."
    return (
        "innehållet känns inte igen: det här är ett äldre Office-format (.xls eller .doc). "
        "Spara en Excel-fil som .xlsx och lägg till den igen."
    )


def _zipped(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as parts:
            names = parts.namelist()
            small = sum(part.file_size for part in parts.infolist()) < _UNPACKED
            damaged = small and parts.testzip() is not None
    except DAMAGED_ZIP:
        names, damaged = [], True
    if damaged:
        kind = "Zip-filen" if path.suffix.lower() == ".zip" else "Excel-filen"
        return f"{kind} är avbruten eller skadad; hämta den igen."
    for folder, kind in (("word/", "ett Word-dokument"), ("ppt/", "en PowerPoint-presentation")):
        if any(name.startswith(folder) for name in names):
            return f"innehållet känns inte igen: det här är {kind}, inte en fil med siffror. {_INSTEAD}"
    if "xl/workbook.xml" in names:
        return None
    return "innehållet känns inte igen: det här är en packad fil (zip). Packa upp den och lägg till filerna i den."
