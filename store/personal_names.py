"""Names of people in free text: a known first name with a surname beside it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from store.settings import PROJECT

#: Common first names and surnames; its head says where from.
LIST = Path(__file__).parent / "personal_names.txt"
#: The municipalities, whose names stand after first names: Max Norrtälje.
_MUNICIPALITIES = PROJECT / "data" / "open" / "scb_areas" / "kommuner.csv"

#: First names that are also ordinary words, months or the beginning of other names: they need a known surname, and in
#: lower case they are not taken as names.
_WORDS_TOO = {
    "alma", "august", "björn", "bo", "bror", "dag", "dan", "ernst", "frank", "hans", "iris", "jan", "jack", "jean",
    "kaj", "kim", "kurt", "linn", "liv", "love", "lova", "luna", "mark", "max", "milo", "mina", "mona", "my", "nova",
    "nur", "per", "rosa", "saga", "sam", "simon", "stella", "sten", "stig", "tim", "tom", "tor", "ture", "vega",
    "vera", "vide", "viola", "una", "uno", "urban",
}  # fmt: skip
#: What can stand between first name and surname.
_PARTICLES = {
    "von", "af", "de", "del", "der", "den", "la", "van", "al", "el", "bin", "ben", "abu", "da", "dos",
}  # fmt: skip
#: What follows, or ends, the name of a street, a school or another place that is named after somebody.
_PLACE_WORDS = (
    "skola", "skolan", "förskola", "förskolan", "friskola", "gymnasium", "gymnasiet", "gata", "gatan", "väg", "vägen",
    "torg", "torget", "plats", "platsen", "park", "parken", "kyrka", "kyrkan", "gränd", "gränden", "stig", "stigen",
    "backe", "backen", "bro", "bron", "allé", "allén", "plan", "hus", "huset", "gård", "gården", "hall", "hallen",
    "hamn", "sjukhus", "sjukhuset", "barnsjukhus", "vårdcentral", "minne", "kapell", "församling", "fritidsgård",
    "universitet", "kulle", "brunn", "trappor", "tomten", "tätort", "kommun",
)  # fmt: skip
#: Ordinary words that are capitalised after a first name without being one.
_NO_SURNAMES = {
    "polisen", "polis", "kommun", "kommunen", "skolan", "skola", "kyrka", "kyrkan", "torg", "torget", "gata", "gatan",
    "väg", "park", "parken", "plats", "café", "ica", "coop", "willys", "systembolaget", "hotell", "restaurang",
    "förening", "föreningen", "stiftelse", "stiftelsen", "fonden", "dagen", "magdalena-kyrkan", "måndag", "tisdag",
    "onsdag", "torsdag", "fredag", "lördag", "söndag", "januari", "februari", "mars", "april", "maj", "juni", "juli",
    "augusti", "september", "oktober", "november", "december", "norra", "södra", "östra", "västra", "ja", "nej",
    "vet", "när", "var", "vem", "vad", "hur", "och", "samt", "men", "där", "här", "hon", "han", "den", "det", "de",
    "vi", "jag", "du", "ni", "sverige", "stockholm", "roslagen", "uppland",
}  # fmt: skip
#: From so many texts on they are searched with one expression.
_MANY = 5_000
_WORD = re.compile(r"[^\W\d_]+(?:[-'’´][^\W\d_]+)*")
_SPACE = re.compile(r"\s{1,3}")
_SPACE_OR_STOP = re.compile(r"\.?\s{1,3}|\.")
_SPACE_OR_COMMA = re.compile(r",?\s{1,3}|,")


@cache
def _known() -> dict[str, frozenset[str]]:
    """The lists, lower case: ``first`` and ``last``."""
    found: dict[str, set[str]] = {}
    names: set[str] = set()
    for line in LIST.read_text("utf-8").splitlines():
        if line.startswith("["):
            names = found.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            names.update(line.casefold().split())
    return {part: frozenset(names) for part, names in found.items()}


def having(texts: pa.Array) -> pa.Array:
    """Positions of the texts that have a first name in them, as a word of its own or in genitive; ``names`` decides."""
    if len(texts) > _MANY:
        return pc.indices_nonzero(pc.match_substring_regex(texts, _pattern()))
    words = pc.split_pattern_regex(texts, r"\PL+")
    return pc.unique(pc.filter(pc.list_parent_indices(words), pc.is_in(pc.list_flatten(words), _genitives())))


@cache
def _pattern() -> str:
    """An expression (RE2) that matches the texts with one of ``_forms`` in them. It takes as long to compile as to look
    up the words of thousands of texts.

    Kept to one list of words: with surnames in it as well it would be too large to run fast.
    """
    return rf"(?:^|\PL)(?:{'|'.join(sorted(_forms()))})s?(?:\PL|$)"


@cache
def _genitives() -> pa.Array:
    """``_forms`` with their genitives."""
    return pa.array(sorted({form + end for form in _forms() for end in ("", "s")}))


@cache
def _forms() -> frozenset[str]:
    """First names as they are written in texts."""
    first = _known()["first"]
    return frozenset({form for name in first for form in (name.title(), name.upper())} | (first - _WORDS_TOO))


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names stand in the text, first name and surname together, from left to right."""
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        after = _first_then_last(text, words, at) or _last_then_first(text, words, at)
        if after:
            yield words[at].start(), words[after - 1].end()
        at = after or at + 1


def _first_then_last(text: str, words: list[re.Match[str]], at: int) -> int:
    """The word after "Anna Maria K. von Svensson Berg" when it begins at word ``at``; 0 when none does."""
    given = words[at].group()
    if not _is_first(given):
        return 0
    here, between = at + 1, _SPACE
    while here < len(words) and _joined(text, words, here, between) and _is_between(words[here].group()):
        between = _SPACE_OR_STOP if len(words[here].group()) == 1 else _SPACE
        here += 1
    surname = here < len(words) and _joined(text, words, here, between)
    if not surname or not _is_surname(given, words[here].group()):
        # "Anna Maria" alone: two first names are a name as well.
        here -= 1
        if here == at or not _titled(given) or not _is_surname(given, words[here].group()):
            return 0
    here += 1
    while here < len(words) and _joined(text, words, here, _SPACE) and _is_more(words[here].group()):
        here += 1
    return 0 if _names_a_place(text, words, here) else here


def _last_then_first(text: str, words: list[re.Match[str]], at: int) -> int:
    """The same for "Svensson, Anna"."""
    if at + 1 >= len(words) or not _joined(text, words, at + 1, _SPACE_OR_COMMA):
        return 0
    last, first = words[at].group(), words[at + 1].group()
    if not (last.casefold() in _known()["last"] and _is_first(first) and _alike(last, first)):
        return 0
    if not _titled(first) and (first.casefold() in _WORDS_TOO or not _plainly_surname(last)):
        return 0
    return 0 if _names_a_place(text, words, at + 2) else at + 2


def _is_first(word: str) -> bool:
    plain, known = word.casefold(), _known()["first"]
    return plain in known or ("-" in plain and plain.partition("-")[0] in known)


def _is_between(word: str) -> bool:
    return len(word) == 1 or word.casefold() in _PARTICLES or _is_first(word)


def _is_more(word: str) -> bool:
    return _titled(word) and word.casefold() in _known()["last"]


def _is_surname(first: str, word: str) -> bool:
    """Whether the word is a surname after this first name: a known one, or after a sure first name any name."""
    sure = first.casefold() not in _WORDS_TOO
    if _is_known_last(word):
        return _titled(first) and _titled(word) if not sure else _titled(word) or _plainly_surname(word)
    return sure and _titled(first) and not first.isupper() and _could_be_name(word)


def _is_known_last(word: str) -> bool:
    plain, known = word.casefold(), _known()["last"]
    return plain in known or plain.removesuffix("s") in known or plain.rpartition("-")[2] in known


def _could_be_name(word: str) -> bool:
    plain = word.casefold()
    if len(word) < 3 or not _titled(word) or plain in _NO_SURNAMES or plain in _towns():
        return False
    return not plain.endswith(tuple(end for end in _PLACE_WORDS if len(end) > 3))


def _plainly_surname(word: str) -> bool:
    """Surnames that are nothing else, also in lower case: not berg, lund, ström."""
    return word.casefold().removesuffix("s").endswith("sson") or len(word) >= 7


def _titled(word: str) -> bool:
    return word[0].isupper()


def _alike(one: str, other: str) -> bool:
    return _titled(one) == _titled(other)


def _joined(text: str, words: list[re.Match[str]], at: int, between: re.Pattern[str]) -> bool:
    return between.fullmatch(text, words[at - 1].end(), words[at].start()) is not None


def _names_a_place(text: str, words: list[re.Match[str]], after: int) -> bool:
    """Whether the name is part of the name of a place: "Karl Johans skola", "Olof Palmes gata"."""
    last = words[after - 1].group().casefold()
    if after >= len(words) or not _joined(text, words, after, _SPACE):
        return False
    return words[after].group().casefold() in _PLACE_WORDS and (last.endswith("s") or last not in _known()["last"])


@cache
def _towns() -> frozenset[str]:
    with _MUNICIPALITIES.open(encoding="utf-8", newline="") as file:
        names = {row["name"].casefold() for row in csv.DictReader(file)}
    return frozenset(names | {f"{name}s" for name in names})
