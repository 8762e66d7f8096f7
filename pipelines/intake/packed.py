"""Which files were handed over: one by itself, or those in a folder or a zip."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from pipelines.unknown_file import DAMAGED_ZIP

_MAX_MEMBERS = 1000
_MAX_MEMBER = 200 * 2**20
_MAX_TOTAL = 2**30
_CHUNK = 2**20
_TOO_BIG = (
    "Filen blir orimligt stor när den packas upp (högst 200 MB, tillsammans 1 GB). Packa upp den och lägg till de "
    "filer som behövs."
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
#: What Excel, Windows and macOS leave beside the files themselves.
_LEFTOVERS = {".ds_store", "thumbs.db", "desktop.ini", "__macosx"}
_OFFICE = ("xl/", "word/", "ppt/", "content.xml", "mimetype", "[content_types].xml")


@dataclass(frozen=True)
class Member:
    """One file to open; ``name`` as a person knows it. ``path`` is None when ``problem`` (Swedish) kept it from us."""

    name: str
    path: Path | None
    problem: str = ""


def members(path: Path, workdir: Path) -> Iterator[Member]:
    """The file itself, or each file in a folder or zip. Files of a zip are unpacked to ``workdir`` one by one.

    Never raises for what a file holds: whatever cannot be handed on is a member with a problem. Zips within a zip are
    not unpacked; links that lead out of a folder are not followed; nothing is written outside ``workdir``.
    """
    numbers = count(1)
    if path.is_dir():
        yield from _in_folder(path, workdir, numbers)
    elif is_zip_of_files(path):
        yield from _in_zip(path, path.name, workdir, numbers)
    else:
        yield Member(path.name, path)


def is_zip_of_files(path: Path) -> bool:
    """Whether a file is a zip that is not itself a workbook or other document. Never raises."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
        if head not in _ZIP:
            return False
        with zipfile.ZipFile(path) as parts:
            names = [name.replace("\\", "/").lower() for name in parts.namelist()]
    except DAMAGED_ZIP:
        return path.suffix.lower() == ".zip"
    return not any(name.startswith(_OFFICE) for name in names)


def _in_folder(root: Path, workdir: Path, numbers: Iterator[int]) -> Iterator[Member]:
    for passed, path in enumerate(_files(root)):
        name = path.relative_to(root).as_posix()
        if passed >= _MAX_MEMBERS:
            yield Member(root.name, None, f"Mappen har fler än {_MAX_MEMBERS} filer. Lägg till en undermapp i taget.")
            return
        if not path.resolve().is_relative_to(root.resolve()):
            yield Member(name, None, "Genvägen leder ut ur mappen och följs inte. Lägg filen själv i mappen.")
        elif not path.is_file():
            yield Member(name, None, "Det är ingen vanlig fil och kan inte läsas.")
        elif is_zip_of_files(path):
            yield from _in_zip(path, name, workdir, numbers)
        else:
            yield Member(name, path)


def _files(root: Path) -> Iterator[Path]:
    """Files of a folder and its subfolders, in the order of their names; linked folders are not entered."""
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if here.is_dir() and (here == root or not here.is_symlink()):
            try:
                entries = sorted(os.scandir(here), key=lambda entry: entry.name, reverse=True)
            except OSError:
                entries = []
            waiting += [here / entry.name for entry in entries if not _is_leftover(entry.name)]
        else:
            yield here


def _is_leftover(name: str) -> bool:
    parts = [part.lower() for part in PurePosixPath(name).parts]
    return any(part in _LEFTOVERS or part.startswith(("~$", "._", ".~lock.")) for part in parts)


def _in_zip(path: Path, shown: str, workdir: Path, numbers: Iterator[int]) -> Iterator[Member]:
    try:
        parts = zipfile.ZipFile(path)
    except DAMAGED_ZIP:
        yield Member(shown, None, "Zip-filen är avbruten eller skadad. Hämta den igen.")
        return
    with parts:
        infos = [info for info in parts.infolist() if not info.is_dir() and not _is_leftover(_name(info))]
        if len(infos) > _MAX_MEMBERS:
            yield Member(shown, None, f"Zip-filen har fler än {_MAX_MEMBERS} filer. Dela upp den i flera.")
            return
        if not infos:
            yield Member(shown, None, "Zip-filen är tom. Packa filerna på nytt och lägg till den igen.")
        left = _MAX_TOTAL
        for info in sorted(infos, key=_name):
            member = _unpacked(parts, info, f"{shown}/{_name(info)}", workdir / f"{next(numbers):04d}", left)
            left -= member.path.stat().st_size if member.path else 0
            yield member


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: programs that leave out the mark for UTF-8 may still write UTF-8."""
    name = info.filename
    if not info.flag_bits & 0x800:
        # If it does not, it is the old code page of DOS, in which å, ä and ö have the same bytes everywhere.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _unpacked(parts: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str, target: Path, left: int) -> Member:
    problem = _unfit(info)
    if problem:
        return Member(_printable(shown), None, problem)
    # The member's own name never becomes a path; only its ending is kept, as a hint.
    suffix = PurePosixPath(_name(info)).suffix
    target = target.with_suffix(suffix if suffix[1:].isascii() and suffix[1:].isalnum() else "")
    try:
        whole = _copied(parts, info, target, min(_MAX_MEMBER, left))
    except DAMAGED_ZIP:
        problem = "Filen är skadad i zip-filen. Packa den på nytt och lägg till den igen."
    else:
        problem = "" if whole else _TOO_BIG
    if not problem and is_zip_of_files(target):
        problem = "Zip-filer i zip-filer packas inte upp. Packa upp den och lägg till filerna i den."
    if problem:
        target.unlink(missing_ok=True)
        return Member(_printable(shown), None, problem)
    return Member(_printable(shown), target)


def _unfit(info: zipfile.ZipInfo) -> str:
    path = PurePosixPath(_name(info))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        return "Filens namn pekar ut ur zip-filen. Den läses inte; packa filerna på nytt med vanliga namn."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "Det är en genväg (symbolisk länk), inte en fil. Packa filen själv."
    if info.flag_bits & 1:
        return "Filen är skyddad med lösenord. Packa den utan lösenord och lägg till den igen."
    return ""


def _copied(parts: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, most: int) -> bool:
    """Whether the whole member came out within ``most`` bytes; what it says itself of its size is not trusted."""
    if info.file_size > most:
        return False
    with parts.open(info) as packed, target.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            most -= len(chunk)
            if most < 0:
                return False
            file.write(chunk)
    return True


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in name)[:500]
