"""Numbers as senders write them: decimal comma or point, any space between thousands, per cent signs, missing signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.cells import Cell
from pipelines.intake.words import plain_array, text_array

Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]

#: No written number is longer.
_LONGEST = 60

#: Signs and words that say that there is no figure, in plain form, as ``store.schema.STATUSES``. A lone hyphen is zero
#: in the tables of SCB and Brå, but nobody's zero in a local spreadsheet: there it is a missing figure.
_SIGNS = {
    **dict.fromkeys(("..", "…", "mörkad", "sekretess", "x"), "suppressed"),
    **dict.fromkeys(
        (".", "-", "--", "---", "?", "saknas", "uppgift saknas", "n/a", "na", "#n/a", "#saknas!"), "missing"
    ),
    **dict.fromkeys(("ej uppgift", "ingen uppgift", "okänt", "null", "tom", "(tom)", "vet ej"), "missing"),
    **dict.fromkeys(("*", "ej aktuellt", "ej relevant", "redovisas ej"), "not_applicable"),
}
_FEW = r"^(?:<|≤|färre än|mindre än|under) ?\d{1,2}$"

_UNIT = r" ?(?:%|procent|kr\.?|kronor|sek|:-|st\.?)$"
_PLAIN = r"^-?\d{1,17}$"
_GROUPED = r"\d{1,3}(?: \d{3})+"


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers, one per cell: ``value`` is nan where there is none.

    ``bad``: the cell is neither a number nor a known sign for a missing one. ``percent``: it has a per cent sign (the
    value of «12,5 %» is 12.5). ``statuses``: the status (``store.schema.STATUSES``) of a sign for a missing figure,
    empty for all others.
    """

    value: npt.NDArray[np.float64]
    bad: Bools
    percent: Bools
    statuses: Objects


def read(values: Sequence[Cell] | Objects, *, decimal: str = "", typed: bool = True) -> Numbers:
    """The numbers of a column's distinct cells.

    ``decimal`` is the decimal mark (, or .) for cells that could be read either way, such as 1.234; without it the
    other cells decide, and where they do not tell, such cells are bad. ``typed``: the file keeps numbers apart from
    text, so that a text such as 12E4 is no number; in a text file it may be one.

    Approximate figures (ca 40) are bad: nobody has said how they are to be counted.
    """
    size = len(values)
    out = Numbers(
        np.full(size, np.nan), np.ones(size, dtype=bool), np.zeros(size, dtype=bool), np.full(size, "", object)
    )
    is_text, is_number = _kinds(values)
    cells = np.empty(size, dtype=object)
    cells[:] = values
    if is_number.any():
        out.value[is_number] = _floats(cells[is_number])
        out.bad[is_number] = ~np.isfinite(out.value[is_number])
    if is_text.any():
        _read_texts(out, np.flatnonzero(is_text), cells[is_text], decimal or decimal_mark(values), typed)
    out.value[out.bad] = np.nan
    return out


def decimal_mark(values: Sequence[Cell] | Objects) -> str:
    """The decimal mark that texts use: , or .; empty when no cell tells, or they contradict each other."""
    array, _ = _plain(_texts(values))
    told = {mark for mark, pattern in _PROOFS.items() if pc.any(pc.match_substring_regex(array, pattern)).as_py()}
    return told.pop() if len(told) == 1 else ""


def ambiguous(values: Sequence[Cell] | Objects) -> bool:
    """Whether texts such as 1.234 or 1,234 occur, that can be thousands or decimals, and no other cell tells which."""
    array, _ = _plain(_texts(values))
    return bool(pc.any(pc.match_substring_regex(array, _EITHER)).as_py()) and not decimal_mark(values)


#: One to three figures (no leading nought), a mark, and three figures.
_EITHER = r"^-?[1-9]\d{0,2}[.,]\d{3}$"


def _proof(mark: str, other: str) -> str:
    """Cells in which ``mark`` can only be the decimal mark, or the other one only that of thousands."""
    mark, other = re.escape(mark), re.escape(other)
    shapes = (
        rf"(?:\d*|{_GROUPED}){mark}(?:\d{{1,2}}|\d{{4,}})",
        rf"(?:0\d*|\d{{4,}}|{_GROUPED}|){mark}\d{{3}}",
        rf"[1-9]\d{{0,2}}(?:{other}\d{{3}})+{mark}\d+",
        rf"[1-9]\d{{0,2}}(?:{other}\d{{3}}){{2,}}",
    )
    return rf"^-?(?:{'|'.join(shapes)})$"


_PROOFS = {",": _proof(",", "."), ".": _proof(".", ",")}


def _kinds(values: Sequence[Cell] | Objects) -> tuple[Bools, Bools]:
    kinds = list(map(type, values))
    known = set(kinds)
    text = {kind for kind in known if issubclass(kind, str)}
    number = {kind for kind in known if issubclass(kind, int | float)}
    return np.array([kind in text for kind in kinds], dtype=bool), np.array(
        [kind in number for kind in kinds], dtype=bool
    )


def _floats(cells: Objects) -> npt.NDArray[np.float64]:
    try:
        return cells.astype(np.float64)
    except OverflowError:  # a whole number of hundreds of figures
        return np.array([float(cell) if abs(cell) < 1e300 else np.nan for cell in cells])


def _texts(values: Sequence[Cell] | Objects) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _plain(texts: Sequence[str] | Objects) -> tuple[pa.Array, pa.Array]:
    """Texts in lower case with plain signs, without unit and with a minus for parentheses; and whether it was per cent.

    Texts that are too long become empty.
    """
    short = [text if len(text) <= _LONGEST else "" for text in texts]
    array = text_array(short)
    simple = pc.match_substring_regex(array, r"^-?\d+(?:[.,]\d+)?$")
    if pc.all(simple).as_py():
        return array, pa.repeat(pa.scalar(value=False), len(array))
    array = pc.replace_substring_regex(plain_array(array), "['’´]", " ")
    percent = pc.match_substring_regex(array, r"\d ?(?:%|procent)\)?$")
    figures = pc.match_substring_regex(array, r"\d")
    bare = pc.replace_substring_regex(array, _UNIT, "")
    return pc.if_else(figures, _signed(bare), array), percent


def _signed(array: pa.Array) -> pa.Array:
    bracketed = pc.replace_substring_regex(array, r"^\((\d[\d ,.]*?)(?: ?%)?\)$", r"-\1")
    minus = pc.replace_substring_regex(bracketed, r"^- ([\d,.])", r"-\1")
    return pc.replace_substring_regex(minus, r"^\+ ?([\d,.])", r"\1")


def _read_texts(out: Numbers, where: npt.NDArray[np.int64], texts: Objects, decimal: str, typed: bool) -> None:
    array, percent = _plain(texts)
    out.percent[where] = percent.to_numpy(zero_copy_only=False)
    number = _written(array, decimal, typed)
    good = number.is_valid().to_numpy(zero_copy_only=False)
    value = pc.cast(pc.if_else(pa.array(good), number, "0"), pa.float64()).to_numpy(zero_copy_only=False)
    good &= np.isfinite(value)
    out.value[where[good]] = value[good]
    out.bad[where[good]] = False
    out.percent[where[~good]] = False
    _read_signs(out, where[~good], array.filter(pa.array(~good)))


def _written(array: pa.Array, decimal: str, typed: bool) -> pa.Array:
    """The texts that are numbers, written as programs do; null for all others."""
    nothing = pa.scalar(None, type=pa.large_string())
    found = pc.if_else(pc.match_substring_regex(array, _PLAIN), array, nothing)
    if found.null_count:
        grouped = pc.replace_substring(array, " ", "")
        for mark, other in ((",", "."), (".", ",")):
            told = pc.match_substring_regex(array, _shapes(mark, other, told=decimal == mark, exponents=not typed))
            as_number = pc.replace_substring(pc.replace_substring(grouped, other, ""), mark, ".")
            found = pc.coalesce(found, pc.if_else(told, as_number, nothing))
    return found


def _shapes(mark: str, other: str, *, told: bool, exponents: bool) -> str:
    """What can be read with ``mark`` for decimals: cells that only it explains, and the others if it is ``told``."""
    shapes = [_PROOFS[mark].removeprefix("^-?").removesuffix("$"), _GROUPED, r"\d{18,}"]
    if told:
        shapes += [rf"\d+{re.escape(mark)}\d+", rf"[1-9]\d{{0,2}}{re.escape(other)}\d{{3}}"]
    if exponents:
        shapes.append(rf"\d+(?:{re.escape(mark)}\d+)?e[+-]?\d{{1,3}}")
    return rf"^-?(?:{'|'.join(shapes)})$"


def _read_signs(out: Numbers, where: npt.NDArray[np.int64], array: pa.Array) -> None:
    found = array.dictionary_encode()
    few = pc.match_substring_regex(found.dictionary, _FEW).to_pylist()
    signs = [
        "suppressed" if is_few else _SIGNS.get(text, "")
        for text, is_few in zip(found.dictionary.to_pylist(), few, strict=True)
    ]
    if signs:
        status = np.array(signs, dtype=object)[found.indices.to_numpy(zero_copy_only=False)]
        out.statuses[where] = status
        out.bad[where] = status == ""
