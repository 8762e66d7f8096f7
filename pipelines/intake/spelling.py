"""Spellings of place names: what counts as the same name, and what is near enough to be meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

_FOLD = str.maketrans("åäöæøéèüá", "aaoaoeeua")
_NOT_WORD = re.compile(r"[\W_]+")
#: Words beside a name that do not change which place it is.
_BEFORE = ("kommundelen", "kommundel", "tätorten", "orten", "området", "område", "stadsdelen", "regso", "ort", "i")
_AFTER = (
    "centrum", "c", "tätort", "tätorten", "samhälle", "samhället", "stad", "by", "ort", "kommundel", "området",
    "område", "torg", "station", "busstation", "bussterminal", "bibliotek", "simhall", "ishall", "idrottsplats",
    "polisstation",
)  # fmt: skip

#: Letters wrong that are taken as a slip, by the length of the name, and how much further off the next place must be.
_SLIPS = ((5, 1), (8, 2), (13, 3))
_GAP = 2
#: Names up to a third of whose letters are wrong are offered as candidates.
_CANDIDATE_SHARE = 3


def key(text: str) -> str:
    """What two spellings of the same name have in common: no capitals, hyphens, «och» or extra spaces."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("&", " ")
    return " ".join(word for word in _NOT_WORD.sub(" ", plain).split() if word != "och")


def folded(name: str) -> str:
    """A key whose å, ä, ö have lost their signs."""
    return name.translate(_FOLD)


def plainer(name: str) -> Iterator[str]:
    """The key with words and genitives left out that do not change the place, the least changed first."""
    seen = {name}
    queue = [name]
    for text in queue:  # grows while it is walked through; every step makes the text shorter
        words = text.split()
        shorter = []
        if len(words) > 1 and words[-1] in _AFTER:
            shorter.append(" ".join(words[:-1]))
        if len(words) > 1 and words[0] in _BEFORE:
            shorter.append(" ".join(words[1:]))
        if len(text) > 4 and text.endswith("s"):
            shorter.append(text[:-1])
        for found in shorter:
            if found not in seen:
                seen.add(found)
                queue.append(found)
                yield found


def school_forms(name: str) -> Iterator[str]:
    """Other ways to write a school's key: «länna skola», «lännaskolan», «lännas skola»."""
    base = re.sub(r"\s?skolan?$", "", name)
    if base in {"", name}:
        return
    for stem in (base, base.removesuffix("s"), f"{base}s"):
        yield from (f"{stem} skola", f"{stem} skolan", f"{stem}skola", f"{stem}skolan")


def nearest(
    names: Sequence[str], known: Mapping[str, frozenset[str]]
) -> list[tuple[frozenset[str], tuple[frozenset[str], ...]]]:
    """For each name the place that must be meant, though it is misspelt, and otherwise those that could be.

    ``known`` has the places by folded key. A slip is one letter wrong from five letters on, two from eight, three from
    thirteen; the first letter is right, the name has no figures, and every other place is at least two letters further
    off. A name that fits gives (places, ()); one that does not (empty, candidates nearest first).
    """
    keys = list(known)
    if not keys or not names:
        return [(frozenset(), ()) for _ in names]
    asked = [folded(name) for name in names]
    away = process.cdist(asked, keys, scorer=OSA.distance, dtype=np.int32, workers=1)
    return [_judged(name, distances, keys, known) for name, distances in zip(asked, away, strict=True)]


def _judged(
    name: str,
    distances: np.ndarray[tuple[int], np.dtype[np.int32]],
    keys: list[str],
    known: Mapping[str, frozenset[str]],
) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    if len(name) < _SLIPS[0][0] or any(sign.isdigit() for sign in name):
        return frozenset(), ()
    order = np.argsort(distances, kind="stable")
    first = order[0]
    slips = max(allowed for length, allowed in _SLIPS if len(name) >= length)
    best = known[keys[first]]
    others = next((distances[at] for at in order if known[keys[at]] != best), len(name) + _GAP)
    if distances[first] <= slips and keys[first][0] == name[0] and others >= distances[first] + _GAP and len(best) == 1:
        return best, ()
    near = [known[keys[at]] for at in order[:5] if distances[at] * _CANDIDATE_SHARE <= len(name)]
    return frozenset(), tuple(dict.fromkeys(near))
