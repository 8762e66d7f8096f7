"""A sheet's XML that is right but unusual (prefixes, cells without reference) rewritten as Excel writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_KIND = {"b", "d", "e", "inlineStr", "n", "s", "str"}


def plain_rows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The sheet anew: ``<sheetData>``, rows and cells with their references, and merged cells. Raises ExpatError."""
    writer = _Writer()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    yield b"<sheetData>"
    for chunk in chunks:
        parser.Parse(chunk, False)
        yield writer.taken()
    parser.Parse(b"", True)
    yield writer.taken() + b"</sheetData>" + "".join(writer.merged).encode()


class _Writer:
    def __init__(self) -> None:
        self.merged: list[str] = []
        self._out: list[str] = []
        self._row = 0
        self._column = 0
        self._cell: dict[str, str] = {}
        self._result = ""
        self._formula = False
        self._texts: list[str] | None = None
        self._aside = False

    def taken(self) -> bytes:
        out, self._out = "".join(self._out).encode("utf-8", "replace"), []
        return out

    def start(self, name: str, attributes: dict[str, Any]) -> None:
        name = name.rpartition("}")[2]
        if name == "row":
            told = attributes.get("r", "")
            self._row = int(told) if told.isdecimal() and len(told) < 8 else self._row + 1
            self._column = 0
            self._out.append(f'<row r="{max(self._row, 1)}">')
        elif name == "c":
            self._begin(attributes)
        elif name in ("v", "t") and not self._aside:
            self._texts = []
        elif name == "f":
            self._formula = True
        elif name == "rPh":  # how a word is pronounced, beside the word itself
            self._aside = True
        elif name == "mergeCell":
            self.merged.append(f'<mergeCell ref="{escape(attributes.get("ref", ""))}"/>')

    def _begin(self, attributes: dict[str, Any]) -> None:
        told = _REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = _number(told[1]) if told else self._column + 1
        self._cell = {key: value for key, value in attributes.items() if key in ("t", "s")}
        self._result, self._formula = "", False

    def text(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def end(self, name: str) -> None:
        name = name.rpartition("}")[2]
        if name in ("v", "t") and self._texts is not None:
            self._result += "".join(self._texts)
            self._texts = None
        elif name == "rPh":
            self._aside = False
        elif name == "c":
            self._write()
        elif name == "row":
            self._out.append("</row>")

    def _write(self) -> None:
        kind, style = self._cell.get("t", "n"), self._cell.get("s", "0")
        formula = "<f></f>" if self._formula else ""
        if not self._result and not formula:
            return
        kind = {"inlineStr": "str"}.get(kind, kind) if kind in _KIND else "str"
        style = style if style.isdecimal() else "0"
        result = f"<v>{escape(self._result)}</v>" if self._result else ""
        place = f"{_letters(self._column)}{max(self._row, 1)}"
        self._out.append(f'<c r="{place}" s="{style}" t="{kind}">{formula}{result}</c>')


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
