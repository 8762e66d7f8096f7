"""What survey answers are: yes or no, a scale with an order, several choices in one cell, numbers or free text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipelines.intake import numbers
from pipelines.intake.cells import Cell, shown
from pipelines.intake.scales import NO_OPINION, SCALES
from pipelines.intake.words import plain

__all__ = ["NO_OPINION", "kind_of", "read_yes_no", "scale_of", "separator_of"]

Objects = npt.NDArray[np.object_]

_YES = frozenset({"ja", "j", "yes", "y", "true", "sant", "x", "✓", "✔", "☑", "1"})
_NO = frozenset({"nej", "n", "no", "false", "falskt", "0"})

_LEVELS = tuple({word: level for level, words in enumerate(scale) for word in words.split("|")} for scale in SCALES)

#: A level of figures, perhaps with its words: 5, «1 – Inte alls», «5. Mycket», «10 (alltid)».
_FIGURE = re.compile(r"(\d{1,2})(?: ?(?:[-.:=)]|\() ?(\D.{0,100})| (\D.{0,100}))?", re.ASCII)
_MOST_FIGURES = 10

_SEPARATORS = (";", "|", "\n", ",")
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
    return True if text in _YES else False if text in _NO else None


def scale_of(values: Sequence[Cell] | Objects) -> tuple[str, ...]:
    """The answers of a column in order, the lowest first, as they are written; empty when they are no known scale.

    Levels that nobody chose are left out of a scale in words; one of figures begins at 1 (or 0) and has all up to the
    highest, so that a figure is its own place. Answers that differ in capitals only are one; those without an opinion
    are left out.
    """
    opinions = _opinions(values)
    if len(opinions) < 2 or len(opinions) > 30:
        return ()
    return _scale_in_words(opinions) or _scale_in_figures(opinions)


def _opinions(values: Sequence[Cell] | Objects) -> list[Cell]:
    return [value for value in values if not isinstance(value, str) or plain(value[:200]) not in NO_OPINION]


def _scale_in_words(opinions: Sequence[Cell]) -> tuple[str, ...]:
    if not all(isinstance(value, str) and len(value) <= 100 for value in opinions):
        return ()
    words = {str(value): plain(str(value)).rstrip(".") for value in opinions}
    for levels in _LEVELS:
        if levels.keys() >= set(words.values()) and len({levels[word] for word in words.values()}) > 1:
            once = {word: text for text, word in reversed(words.items())}.values()
            return tuple(sorted(once, key=lambda text: (levels[words[text]], text)))
    return ()


def _scale_in_figures(opinions: Sequence[Cell]) -> tuple[str, ...]:
    found = [_FIGURE.fullmatch(plain(shown(value)[:200])) for value in opinions]
    labels = {int(match[1]): shown(value) for match, value in zip(found, opinions, strict=True) if match}
    bare = [match for match in found if match and match[2] is None and match[3] is None]
    marked = [match for match in found if match and match[3] is None]
    if (
        not all(found)
        or len(labels) < max(3, len(opinions))
        or (len(marked) < len(found) and 2 * len(bare) < len(found))
    ):
        return ()
    lowest, highest = min(labels), max(labels)
    if highest > _MOST_FIGURES:
        return ()
    return tuple(labels.get(figure, str(figure)) for figure in range(min(lowest, 1), highest + 1))


def separator_of(values: Sequence[Cell] | Objects) -> str:
    """What parts the answers of cells with several: ; | a new line or a comma; empty when cells have one answer.

    Only where the parts come back in other cells: an answer with a comma in it is no list.
    """
    texts = [value for value in _spread_out(values) if isinstance(value, str) and len(value) <= 2_000]
    return next((sign for sign in _SEPARATORS if _parts_recur(texts, sign)), "")


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


def kind_of(values: Sequence[Cell] | Objects, *, rows: int = 0) -> str:
    """What a column of answers is: yes_no, scale, number, multi, choice, or text when it is free text.

    ``rows`` is how many rows have a cell, where it is known: free text is mostly different from row to row.
    """
    sample = _spread_out(values)
    opinions = _opinions(sample)
    if not opinions:
        return "choice"
    told = read_yes_no(opinions)
    if all(each is not None for each in told):
        return "yes_no"
    if len(values) <= _SAMPLE and scale_of(sample):
        return "scale"
    read = numbers.read(opinions, decimal=",")
    if not read.bad.any() and not np.isnan(read.value).all():
        return "number"
    if separator_of(sample):
        return "multi"
    return "text" if _is_free(opinions, len(values), rows) else "choice"


def _is_free(opinions: Sequence[Cell], distinct: int, rows: int) -> bool:
    lengths = np.array([len(shown(value)) for value in opinions])
    long = float(np.median(lengths))
    if rows >= 10 and distinct > 0.5 * rows and long > 15:
        return True
    return bool(distinct > 50 or (distinct > 12 and long > 25) or lengths.max() > 150 or (distinct > 2 and long > 80))


def _spread_out(values: Sequence[Cell] | Objects) -> Sequence[Cell] | Objects:
    return values[:: -(-len(values) // _SAMPLE)] if len(values) > _SAMPLE else values
