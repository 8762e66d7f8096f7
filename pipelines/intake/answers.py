"""What survey answers are: yes or no, a scale with an order, several choices in one cell, numbers or free text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pipelines.intake import figure_scales, numbers
from pipelines.intake.cells import Cell, shown
from pipelines.intake.scales import NO, NO_OPINION, SCALES, STANDARD, YES
from pipelines.intake.words import plain, tidy

__all__ = [
    "NO_OPINION",
    "extended",
    "folded",
    "kind_of",
    "open_figures",
    "opinions",
    "read_yes_no",
    "scale_of",
    "separator_of",
]

Objects = npt.NDArray[np.object_]

_LEVELS = tuple({word: level for level, words in enumerate(scale) for word in words.split("|")} for scale in SCALES)
_STANDARD = tuple(tuple(scale.split("|")) for scale in STANDARD)

_SEPARATORS = (";", "|", "\n", ",")
#: Of these those that forms write after the last answer as well.
_CLOSING = (";", "|")
#: So many different cells are enough to see what a column holds.
_SAMPLE = 5_000


def read_yes_no(values: Sequence[Cell] | Objects) -> Objects:
    """True for yes (Ja, x, 1, SANT …), False for no, None for anything else."""
    out = np.empty(len(values), dtype=object)
    out[:] = [_yes_no(value) for value in values]
    return out


def _yes_no(value: Cell) -> bool | None:
    if not isinstance(value, str | int) or len(text := plain(str(value)[:20]).rstrip(".!")) > 10:
        return None
    return True if text in YES else False if text in NO else None


def folded(cell: Cell) -> str:
    """What is alike in answers that differ in capitals, spaces, kinds of dashes or a last full stop only."""
    return plain(tidy(shown(cell)[:200]))


def scale_of(
    values: Sequence[Cell] | Objects, header: str = "", said: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The answers of a column in order, the lowest first, as they are written; empty when they are no known scale.

    Levels that nobody chose are there as well when only one standard scale can be meant; one of figures begins at 1
    (or 0) and has all up to where it ends, so that a figure is its own place, and none when neither the header, the
    answers nor what a person has ``said`` tells where (``figure_scales``). Answers that differ in capitals, spaces or a
    full stop only are one; those without an opinion are left out.
    """
    given = opinions(values)
    if not 0 < len(given) <= 30:
        return ()
    return _scale_in_words(given) or figure_scales.levels(figure_scales.figures_of(given, header), header, said)


def open_figures(
    values: Sequence[Cell] | Objects, header: str = "", said: Mapping[str, str] | None = None
) -> dict[int, str]:
    """The figures of answers that look like a scale whose end nobody can tell; empty when it is told, or is none."""
    given = opinions(values)
    if not 0 < len(given) <= 30 or scale_of(given, header, said):
        return {}
    return figure_scales.figures_of(given, header)


def extended(scale: tuple[str, ...], values: Sequence[Cell] | Objects) -> tuple[str, ...]:
    """A scale with the levels among the answers that it does not have, where they belong; the scale's own order holds.

    What belongs nowhere in it is left out.
    """
    known = {folded(level) for level in scale}
    if all(folded(value) in known for value in opinions(values)):
        return scale
    whole = scale_of([*scale, *values])
    own = [level for level in whole if folded(level) in known]
    if [folded(level) for level in own] == [folded(level) for level in scale]:
        return whole
    backwards = whole[::-1]
    own = [level for level in backwards if folded(level) in known]
    return backwards if [folded(level) for level in own] == [folded(level) for level in scale] else scale


def opinions(values: Sequence[Cell] | Objects) -> list[Cell]:
    """The answers that take a stand: not «Vet ej», «Vill ej svara» and the like."""
    return [value for value in values if not isinstance(value, str) or folded(value) not in NO_OPINION]


def _scale_in_words(given: Sequence[Cell]) -> tuple[str, ...]:
    if len(given) < 2 or not all(isinstance(value, str) and len(value) <= 100 for value in given):
        return ()
    words = {folded(value): tidy(str(value)) for value in reversed(given)}
    for levels in _LEVELS:
        if levels.keys() >= words.keys() and len({levels[word] for word in words}) > 1:
            whole = {word: _written_like(word, words.values()) for word in _whole(words)} | words
            return tuple(sorted(whole.values(), key=lambda text: (levels[folded(text)], text)))
    return ()


def _whole(words: Iterable[str]) -> tuple[str, ...]:
    """The standard scale that has these levels; empty when none has, or when several that differ could be meant."""
    having = sorted((scale for scale in _STANDARD if set(words) <= set(scale)), key=len)
    only = bool(having) and all(set(having[0]) <= set(other) for other in having)
    return having[0] if only else ()


def _written_like(word: str, texts: Iterable[str]) -> str:
    """A level that nobody chose, with capitals as in those that somebody did."""
    if all(text.isupper() for text in texts):
        return word.upper()
    return word.capitalize() if any(text[:1].isupper() for text in texts) else word


def separator_of(values: Sequence[Cell] | Objects) -> str:
    """What parts the answers of cells with several: ; | a new line or a comma; empty when cells have one answer.

    Only where the parts come back in other cells, an answer with a comma in it being no list; or where nearly all
    cells end with the sign, as forms write them: «Belysning;Fler poliser;».
    """
    texts = [value for value in _spread_out(values) if isinstance(value, str) and len(value) <= 2_000]
    closed = next((sign for sign in _CLOSING if texts and _share_ending(texts, sign) >= 0.9), "")
    return closed or next((sign for sign in _SEPARATORS if _parts_recur(texts, sign)), "")


def _share_ending(texts: Sequence[str], sign: str) -> float:
    return sum(text.rstrip().endswith(sign) and len(text) > 1 for text in texts) / len(texts)


def _parts_recur(texts: Sequence[str], sign: str) -> bool:
    split = [[part.strip() for part in text.split(sign) if part.strip()] for text in texts]
    several = [parts for text, parts in zip(texts, split, strict=True) if sign in text]
    if len(several) < 2 or max(map(len, several)) < 2:
        return False
    if sign == "," and (
        len(set(map(len, split))) == 1 or any(part[:1].isdigit() for parts in several for part in parts)
    ):
        return False  # «Ja, ofta» and «Nej, sällan»; 12,5
    counts = Counter(part for parts in split for part in set(parts))
    occurring = [part for parts in several for part in parts]
    recurring = sum(counts[part] > 1 for part in occurring)
    return recurring >= 0.8 * len(occurring) and max(map(len, occurring)) <= 150 and len(counts) <= max(4, len(texts))


def kind_of(values: Sequence[Cell] | Objects, *, rows: int = 0, header: str = "") -> str:
    """What a column of answers is: yes_no, scale, number, multi, choice, or text when it is free text.

    ``rows`` is how many rows have a cell, where it is known: free text is mostly different from row to row. A header
    can say that few figures are a scale: «(1–5)».
    """
    sample = _spread_out(values)
    given = opinions(sample)
    if not given:
        return "choice"
    few = len(given) <= 30
    if few and figure_scales.levels(figure_scales.figures_of(given, header), header):
        return "scale"
    told = read_yes_no(given)
    if all(each is not None for each in told):
        return "yes_no"
    if few and (_scale_in_words(given) or figure_scales.figures_of(given)):
        return "scale"
    read = numbers.read(given, decimal=",")
    if not read.bad.any() and not np.isnan(read.value).all():
        return "number"
    if separator_of(sample):
        return "multi"
    return "text" if _is_free(given, len(values), rows) else "choice"


def _is_free(given: Sequence[Cell], distinct: int, rows: int) -> bool:
    lengths = np.array([len(shown(value)) for value in given])
    long = float(np.median(lengths))
    if rows >= 10 and distinct > 0.5 * rows and long > 15:
        return True
    return bool(distinct > 50 or (distinct > 12 and long > 25) or lengths.max() > 150 or (distinct > 2 and long > 80))


def _spread_out(values: Sequence[Cell] | Objects) -> Sequence[Cell] | Objects:
    return values[:: -(-len(values) // _SAMPLE)] if len(values) > _SAMPLE else values
