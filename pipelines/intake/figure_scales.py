"""Scales of figures: which figures the answers are, and where the scale ends when nobody chose its highest level."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipelines.intake.cells import Cell, shown
from pipelines.intake.words import plain, tidy

#: A level of figures, perhaps with its words: 5, «1 – Inte alls», «5. Mycket», «10 (alltid)».
_FIGURE = re.compile(r"(\d{1,2})(?: ?(?:[-.:=)]|\() ?(\D.{0,100})| (\D.{0,100}))?", re.ASCII)
_HIGHEST = 10
#: The ends that scales from 1 and from 0 usually have.
_USUAL = {1: (4, 5, 7, 10), 0: (3, 4, 5, 10)}
#: Of these the ones that are taken for the end when somebody chose them.
_ENDS = {1: (5, 7, 10), 0: (10,)}
#: «(1–5)», «skala 1 till 10», «… 0-10»; not «åk 1–3» or «kl. 1–5 på natten».
_RANGE = re.compile(
    r"(?:[(\[?:;,.]|\bskala\w*|\bbetyg\w*|\bpoäng)\s?(?:från |mellan )?([01])\s?(?:-|till|och)\s?(\d{1,2})"
    r"\s?(?=[)\],.;:?]|där\b|$)",
    re.ASCII,
)
#: «(1 inte alls – 5 mycket)»
_WORDED_RANGE = re.compile(r"[(\[]([01]) [^\d()]{1,60}(?<!\d)(\d{1,2})(?: [^\d()]{0,60})?[)\]]", re.ASCII)
#: «1=inte alls, 5=mycket»
_EQUALS = re.compile(r"(?<![\d,.])(\d{1,2})\s?=", re.ASCII)

#: What is said of figures that are no scale.
COUNT = "antal"


def figures_of(given: Sequence[Cell], header: str = "") -> dict[int, str]:
    """The answers by their figures, in order; empty when they are no levels of a scale.

    So few that they could be anything are levels only where the header says which scale it is.
    """
    texts = list(dict.fromkeys(tidy(shown(value)[:200]) for value in given))
    found = [_FIGURE.fullmatch(plain(text)) for text in texts]
    labels = {int(match[1]): text for match, text in zip(found, texts, strict=True) if match}
    bare = [match for match in found if match and match[2] is None and match[3] is None]
    marked = [match for match in found if match and match[3] is None]
    if not labels or not all(found) or len(labels) < len(texts) or max(labels) > _HIGHEST:
        return {}
    if len(marked) < len(found) and 2 * len(bare) < len(found):
        return {}
    return dict(sorted(labels.items())) if len(labels) >= 3 or _by_header(labels, header) else {}


def levels(labels: Mapping[int, str], header: str = "", said: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """All levels from the lowest, those that nobody chose as bare figures; empty when it cannot be told where they end.

    The header tells, or that the usual end was chosen or has words that the levels below do not, or what a person has
    ``said`` (by ``key``).
    """
    if not labels:
        return ()
    ends = _by_header(labels, header) or _by_answers(labels) or _answered(labels, said or {})
    return tuple(labels.get(figure, str(figure)) for figure in range(ends[0], ends[1] + 1)) if ends else ()


def key(labels: Mapping[int, str]) -> str:
    """Under which name it is said where a scale ends: the same one for all that could end at the same figure."""
    return f"skala_{_lowest(labels)}_{next(end for end in _USUAL[_lowest(labels)] if end >= max(labels))}"


def choices(labels: Mapping[int, str]) -> dict[str, str]:
    """What can be said of where a scale ends, with what each means in words."""
    low, high = _lowest(labels), max(labels)
    ends = sorted({max(high, low + 2), *(end for end in _USUAL[low] if end >= high)})
    return {f"{low}-{end}": f"{low}\N{EN DASH}{end}" for end in ends} | {COUNT: "Ingen skala: svaren är antal"}


def _lowest(labels: Mapping[int, str]) -> int:
    return min([*labels, 1])


def _by_header(labels: Mapping[int, str], header: str) -> tuple[int, int] | None:
    """The ends that a header says, when the answers are within them."""
    text = plain(header[:1000])
    found = [(int(match[1]), int(match[2])) for pattern in (_RANGE, _WORDED_RANGE) for match in pattern.finditer(text)]
    equal = [int(figure) for figure in _EQUALS.findall(text)]
    if len(equal) > 1:
        found.append((min(equal), max(equal)))
    fitting = ((low, high) for low, high in found if low in _USUAL and low <= min(labels) and max(labels) <= high)
    return next(((low, high) for low, high in fitting if low + 2 <= high <= _HIGHEST), None)


def _by_answers(labels: Mapping[int, str]) -> tuple[int, int] | None:
    low, high = _lowest(labels), max(labels)
    bare = [figure for figure, text in labels.items() if text.isdigit()]
    named_end = bool(bare) and high not in bare
    return (low, high) if high in _ENDS[low] or named_end else None


def _answered(labels: Mapping[int, str], said: Mapping[str, str]) -> tuple[int, int] | None:
    found = re.fullmatch(r"([01]) ?[-\N{EN DASH}] ?(\d{1,2})", said.get(key(labels), "").strip(), re.ASCII)
    ends = (int(found[1]), int(found[2])) if found else None
    return ends if ends and ends[0] <= min(labels) and max(labels) <= ends[1] <= _HIGHEST else None
