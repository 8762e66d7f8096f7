"""Headers as senders write them: made comparable, likened to the words that a field goes by, told from questions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

from store.kinds import Field

#: From here on a header is the word itself, inflected at most.
NAMED = 0.85
#: Headers longer than this are compared by their beginning; a cell can hold a megabyte.
_LONGEST = 300
#: How alike two spellings must be, from 0 to 100, for one to be taken as a misspelling of the other.
_MISSPELT = 85
#: Between the rows of a header of two rows, and between a matrix question and its part.
_PARTS = re.compile(r"\s+[–—/|·>:-]\s+|\n")
_ASIDE = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_NUMBERING = re.compile(r"^(?:fråga|q)?\s?\d{1,3}\s?[a-f]?\s?[.):]\s*", re.IGNORECASE)
_UNITS = frozenset(("st", "procent", "kr", "tkr", "sek", "m", "km", "tim", "min"))
_ENDINGS = (
    "ernas",
    "arnas",
    "ornas",
    "erna",
    "arna",
    "orna",
    "ens",
    "ets",
    "ans",
    "en",
    "et",
    "an",
    "ar",
    "er",
    "or",
    "e",
    "a",
    "n",
)
#: Words that say too little to be recognised inside a longer header.
_THIN = frozenset(
    (
        "är",
        "du",
        "var",
        "när",
        "vad",
        "hur",
        "har",
        "hände",
        "hänt",
        "det",
        "dag",
        "id",
        "tid",
        "kod",
        "typ",
        "del",
        "från",
        "till",
        "slut",
        "start",
        "kl",
        "klockan",
        "moment",
        "enhet",
        "värde",
        "n",
        "x",
        "y",
        "e",
        "summa",
        "svar",
        "område",
        "roll",
        "information",
        "index",
        "plats",
        "punkt",
        "objekt",
        "verksamhet",
        "organisation",
        "fråga",
        "resultat",
        "program",
    )
)
#: Words with which questions and statements to agree with begin.
_ASKING = frozenset(
    (
        "hur",
        "vad",
        "vilken",
        "vilket",
        "vilka",
        "varför",
        "känner",
        "upplever",
        "anser",
        "brukar",
        "finns",
        "tycker",
        "har",
        "är",
        "jag",
        "vi",
        "i",
        "mitt",
        "min",
        "mina",
        "du",
        "om",
        "på",
        "kan",
        "skulle",
        "vågar",
        "trivs",
        "får",
        "instämmer",
    )
)
_MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_SPELT_MONTHS = frozenset((*_MONTHS, *(month[:3] for month in _MONTHS), "sept"))
_YEARLESS = re.compile(r"(?:v|vecka|kv|kvartal|q|k)\s?\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")


@lru_cache(maxsize=20_000)
def plain(header: str) -> str:
    """A header without case, punctuation, invisible characters and extra space; å, ä and ö are kept."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", header[:_LONGEST]).casefold())
    return " ".join("".join(char if char.isalnum() or unicodedata.combining(char) else " " for char in text).split())


@lru_cache(maxsize=20_000)
def core(header: str) -> str:
    """What a header says when numbering, asides, units and years are set aside; all of it when nothing else is left."""
    text = unicodedata.normalize("NFKC", header[:_LONGEST])
    words = plain(_NUMBERING.sub("", _ASIDE.sub(" ", text).strip())).split()
    kept = [word.rstrip("0123456789") for word in words if word not in _UNITS and not word.isdigit()]
    return " ".join(kept) or plain(header)


@lru_cache(maxsize=50_000)
def stem(text: str) -> str:
    """The words of a header without their plural and definite endings."""
    return " ".join(map(_stem, text.split()))


def _stem(word: str) -> str:
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    return word.removesuffix(ending) if ending else word


def parts(header: str) -> tuple[str, ...]:
    """The parts of a header that stands on two rows, or names a matrix question's part; one part for most."""
    found = tuple(part.strip() for part in _PARTS.split(header[:_LONGEST]) if part.strip())
    return found or (header[:_LONGEST],)


def words_of(field: Field) -> tuple[str, ...]:
    """The headers that a field goes by: its label, and what senders write."""
    return (field.label, *field.synonyms)


@lru_cache(maxsize=100_000)
def likeness(header: str, words: tuple[str, ...]) -> float:
    """How surely a header is one of these words, from 0 to 1: as it stands, inflected, misspelt, or as a part of it.

    1 and down to 0.9: the same word; from 0.6: a misspelling, or the word inside a longer header; 0.5: a compound
    that ends with it (skadedatum, datum).
    """
    whole = _likeness(header, words)
    split = parts(header)
    if whole >= 0.9 or len(split) == 1:
        return whole
    return max(whole, 0.97 * _likeness(split[-1], words), 0.9 * _likeness(split[0], words))


def _likeness(header: str, words: tuple[str, ...]) -> float:
    text, inner = plain(header), core(header)
    if not text:
        return 0.0
    best = 0.0
    for word in words:
        known = plain(word)
        if text == known:
            return 1.0
        best = max(best, _like(inner, core(word)))
    return best


def _like(text: str, word: str) -> float:
    if text == word:
        return 0.97
    one, other = stem(text), stem(word)
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 0.94
    if min(len(text), len(word)) >= 5 and (ratio := fuzz.ratio(text, word, score_cutoff=_MISSPELT)):
        return 0.6 + (ratio - _MISSPELT) / (100 - _MISSPELT) * 0.3
    if set(word.split()) <= _THIN:
        return 0.0
    return max(_inside(one, other), _compound(text, word))


def _inside(text: str, word: str) -> float:
    """The word or words inside a longer header: more when they are most of it, or come first."""
    if f" {word} " not in f" {text} " or len(word) < 3:
        return 0.0
    return 0.6 + 0.25 * len(word) / len(text) + (0.05 if text.startswith(word) else 0.0)


def _compound(text: str, word: str) -> float:
    """The last part of a compound says what it is; a date of birth is nothing that we want."""
    takes = len(word) >= 5 and " " not in text and text.endswith(word) and not text.startswith("födelse")
    return 0.5 if takes else 0.0


def same_with_other_spelling(one: str, other: str) -> float:
    """How alike two headers are when no word of substance has been exchanged for another, from 0 to 1.

    "Trygg på kvällen" and "Trygg på dagen" are 0: most letters are the same, and they are different questions.
    Figures must be the same, save years.
    """
    first, second = plain(one).split(), plain(other).split()
    figures = [[word for word in words if word.isdigit() and not _YEAR.fullmatch(word)] for words in (first, second)]
    if figures[0] != figures[1]:
        return 0.0
    shared = set(first) & set(second)
    mine, theirs = ([word for word in words if word not in shared and not word.isdigit()] for words in (first, second))
    if len(mine) > len(theirs):
        mine, theirs = theirs, mine
    for word in mine:
        nearest = max(theirs, key=lambda candidate: fuzz.ratio(stem(word), stem(candidate)))
        if fuzz.ratio(stem(word), stem(nearest)) < 75:
            return 0.0
        theirs.remove(nearest)
    if any(len(word) > 3 for word in theirs):
        return 0.0
    return fuzz.ratio(" ".join(first), " ".join(second)) / 100


def is_question(header: str) -> bool:
    """Whether a header reads as a question or a statement to agree with."""
    words = plain(header).split()
    return "?" in header or len(words) >= 6 or (len(words) >= 3 and bool(set(words[:2]) & _ASKING))


def is_yearless_period(text: str) -> bool:
    """Whether a header is a month, week or quarter without a year: «aug», «v. 12», «kvartal 2»."""
    said = plain(text)
    return said in _SPELT_MONTHS or _YEARLESS.fullmatch(said) is not None


def is_percent(header: str) -> bool:
    """Whether a header says that its cells are shares of a hundred."""
    return "%" in header or bool({"procent", "andel", "andelen"} & set(plain(header).split()))


def is_made_up(header: str) -> bool:
    """Whether a header is none of the sender's own, but «Kolumn 3» or the like."""
    return re.fullmatch(r"(?:kolumn|column|unnamed|namnlös)\s?[\da-zåäö]{0,3}", plain(header)) is not None
