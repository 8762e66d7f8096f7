"""Tick boxes of surveys: a cell says that an alternative was ticked, and an empty one that it was not, or no answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipelines.intake.cells import Cell, shown
from pipelines.intake.scales import TICKS, YES_WORDS
from pipelines.intake.words import plain

#: The question and the alternative in the header of a box: «Vad oroar dig? – Inbrott», «Vad oroar dig? [Inbrott]».
_ALTERNATIVE = re.compile(r"(.*)(?:\s[–—/|·>-]\s|[:?]\s|\n)\s*(\S.*)", re.DOTALL)
_IN_BRACKETS = re.compile(r"(.*\S)\s*\[([^\[\]]+)\]", re.DOTALL)
_LONGEST = 300

Columns = Sequence[tuple[str, Sequence[Cell] | npt.NDArray[np.object_]]]


def batteries(columns: Columns) -> list[tuple[int, ...]]:
    """The positions of the columns that are tick boxes, those of one question together, from their headers and cells.

    Boxes belong together when their headers begin with the same question, or when they stand beside each other. A
    column without cells is a box that nobody ticked when its question has others. A box of its own is a tuple of one.
    """
    split = [question_and_alternative(header) for header, _ in columns]
    cells = [{plain(shown(value)[:_LONGEST]) for value in values[:10]} for _, values in columns]
    of_question: dict[str, list[int]] = {}
    for at, (question, _) in enumerate(split):
        if question:
            of_question.setdefault(plain(question), []).append(at)
    ticked = {at for at, (_, own) in enumerate(split) if cells[at] and cells[at] <= TICKS | {plain(own)} - YES_WORDS}
    for together in of_question.values():
        filled = [at for at in together if cells[at]]
        several = len(filled) > 1 and all(at in ticked or cells[at] <= YES_WORDS for at in filled)
        if several or (len(filled) == 1 and filled[0] in ticked):
            ticked.update(together)
    beside: dict[object, list[int]] = {}
    for at in sorted(ticked):
        question = plain(split[at][0])
        last = next(reversed(beside), None)
        if question:
            beside.setdefault(question, []).append(at)
        elif isinstance(last, int) and beside[last][-1] == at - 1:
            beside[last].append(at)
        else:
            beside[at] = [at]
    return [tuple(found) for found in beside.values()]


def question_and_alternative(header: str) -> tuple[str, str]:
    """The question and the alternative that a box's header names; without a question the header is the alternative."""
    text = header[:_LONGEST].strip()
    found = _IN_BRACKETS.fullmatch(text) or _ALTERNATIVE.fullmatch(text)
    return (found[1].strip(), found[2].strip()) if found else ("", text)
