"""Personal data in cells: identity numbers, telephone numbers, e-mail addresses and names, found and masked."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from personnummer.personnummer import Personnummer, PersonnummerException

from store.kinds import PERSONAL_HEADERS
from store.personal_names import having, names

#: What each kind of hit is called in a masked cell, the surest kinds first.
LABELS = {
    "epost": "e-post",
    "personnummer": "personnummer",
    "samordningsnummer": "samordningsnummer",
    "telefon": "telefon",
    "namn": "namn",
}
_SUREST = {kind: order for order, kind in enumerate(LABELS)}


@dataclass(frozen=True)
class Hit:
    """Personal data in a cell: a kind in LABELS, and where it stands in the cell's text (``cells.shown``)."""

    kind: str
    start: int
    end: int


def scan(values: npt.NDArray[np.object_], texts: pa.Array | None = None) -> dict[int, tuple[Hit, ...]]:
    """The personal data in a column's distinct cells: position of the cell -> its hits from left to right.

    ``texts`` are the same cells as an Arrow array, where all are texts (``Column.texts``).

    - Identity and co-ordination numbers need a possible date and a right check digit (``personnummer``), interim
      numbers (a letter as first of the last four) and the schools' TF numbers likewise; a date with the last four
      crossed out (19811218-XXXX) is still a date of birth. Nothing inside a longer run of digits, a decimal, or a
      number in several parts (5000-K123-25) is one.
    - Figures and letters of another width or script count as usual ones, and unseen signs as none (``_usual``); hits
      are told as they stand in the cell.
    - Cells that are nothing but one number are judged as a column: of any ten-figure numbers with a date in them, one
      in ten has a right check digit by chance. When there are 20 or more and fewer than one in five are right, they
      are case numbers. Numbers within text always count.
    - Numbers without their leading zero, in cells that a workbook holds as numbers: ten-figure identity numbers with
      nine figures are judged with the others; nine or eleven figures are telephone numbers when at least half of the
      column's numbers look so.
    - Names: see ``personal_names``.
    """
    found: dict[int, list[Hit]] = {}
    for at, hit in (*_in_texts(values, texts), *(_numbers(values) if texts is None else ())):
        found.setdefault(at, []).append(hit)
    return {at: _apart(hits) for at, hits in sorted(found.items())}


def mask(text: str, hits: Iterable[Hit]) -> str:
    """The text with every hit replaced by its kind in brackets: «ring [telefon]»."""
    parts, at = [], 0
    for hit in sorted(hits, key=lambda hit: hit.start):
        parts += [text[at : hit.start], f"[{LABELS[hit.kind]}]"]
        at = hit.end
    return "".join(parts) + text[at:]


def _apart(hits: list[Hit]) -> tuple[Hit, ...]:
    """The hits from left to right, those that overlap as one of the surest kind: an address made of a name."""
    apart: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: hit.start):
        if apart and hit.start < apart[-1].end:
            last = apart.pop()
            hit = Hit(min(last.kind, hit.kind, key=_SUREST.__getitem__), last.start, max(last.end, hit.end))  # noqa: PLW2901
        apart.append(hit)
    return tuple(apart)


def _in_texts(values: npt.NDArray[np.object_], texts: pa.Array | None) -> Iterator[tuple[int, Hit]]:
    """Hits among the cells that are texts, by position of the cell."""
    at = np.arange(len(values))
    if texts is None:
        at = np.flatnonzero(np.fromiter((type(value) is str for value in values), dtype=bool, count=len(values)))
        texts = _as_array(values[at].tolist())
    odd = pc.indices_nonzero(pc.match_substring_regex(texts, _ODD)).to_numpy(zero_copy_only=False)
    if len(odd):
        yield from _in_odd(at[odd], values[at[odd]].tolist())
        usual = np.delete(np.arange(len(at)), odd)
        at, texts = at[usual], texts.take(pa.array(usual))
    yield from _in_plain(at, values[at].tolist(), texts)


def _in_odd(at: npt.NDArray[np.int64], written: Sequence[str]) -> Iterator[tuple[int, Hit]]:
    """Hits among texts with unusual signs, searched in their usual form; told as they stand in the texts."""
    usual = [_usual(text) for text in written]
    for position, hit in _in_plain(np.arange(len(usual)), usual, _as_array(usual)):
        stands = [0, *accumulate(len(_SIGNS[sign]) for sign in written[position])]
        start = bisect_right(stands, hit.start) - 1
        yield int(at[position]), Hit(hit.kind, start, bisect_left(stands, hit.end))


class _Signs(dict[str, str]):
    """What each sign is searched as: figures of any script as 0-9, wide letters as usual ones, unseen signs not."""

    def __missing__(self, sign: str) -> str:
        if unicodedata.category(sign) == "Nd":
            usual = str(unicodedata.decimal(sign))
        else:
            usual = "" if re.fullmatch(f"[{_UNSEEN}]", sign) else unicodedata.normalize("NFKC", sign)
        self[sign] = usual
        return usual


_SIGNS = _Signs()


def _usual(text: str) -> str:
    return "".join(map(_SIGNS.__getitem__, text))


def _in_plain(at: npt.NDArray[np.int64], written: Sequence[str], texts: pa.Array) -> Iterator[tuple[int, Hit]]:
    numbered = pc.indices_nonzero(pc.match_substring_regex(texts, _MAYBE_NUMBERED))
    for part, finders in ((numbered, (_emails, _identity_numbers, _phones)), (having(texts), (_names,))):
        cells = part.to_pylist()
        searched = _Texts([written[cell] for cell in cells], texts.take(part))
        for finder in finders:
            yield from ((int(at[cells[position]]), hit) for position, hit in finder(searched))


def _as_array(texts: list[str]) -> pa.Array:
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        # Halves of characters, as broken files have them; one sign for one keeps the positions.
        return pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.large_string())


@dataclass(frozen=True)
class _Texts:
    """Texts of a column, and the same as an Arrow array, searched all at once."""

    texts: list[str]
    array: pa.Array

    def matching(self, pattern: str) -> list[int]:
        """Positions of the texts that the expression (RE2: no backtracking) matches somewhere."""
        return list(pc.indices_nonzero(pc.match_substring_regex(self.array, pattern)).to_pylist())


# Dashes as people and programs write them, with the soft hyphen; spaces beside the ordinary one, also unseen ones.
_DASH = "\\-\u2010-\u2015\u2212\u00ad"
_SPACE = " \t\u00a0\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
# Signs that nobody sees, and texts that have some, or figures and letters of another width or script.
_UNSEEN = "\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
_ODD = f"[{_UNSEEN}\ufe50-\ufe6f\uff01-\uffee\U0001d400-\U0001d7ff]|[^\\P{{Nd}}0-9]"
# Month and day; a co-ordination number has 60 added to the day.
_MONTH = "(?:0[1-9]|1[0-2])"
_DAY = "(?:[06][1-9]|[1278][0-9]|[39][01])"
_LAST = r"(?:[0-9]{4}|[JKLMNPRSTUWXjklmnprstuwx][0-9]{3}|[Tt][Ff][0-9]{2})"
_CROSSED = r"(?:[Xx]{4}|\*{4})"
_BETWEEN = rf"[{_SPACE}]?[{_DASH}+][{_SPACE}]?"
# What people put between the parts of a date, and between the date and the last four.
_MARK = f"{_DASH}./_"
_PARTED = f"[{_SPACE}{_MARK}]"
_APART = rf"[{_SPACE}]?[{_MARK}+()][{_SPACE}]?"

_IDENTITY = re.compile(
    rf"(?<![0-9])(?:1[89]|20)?[0-9]{{2}}(?:{_MONTH}{_PARTED}?{_DAY}|{_PARTED}{_MONTH}{_PARTED}{_DAY}"
    rf"|(?<=[0-9]{{4}})[{_SPACE}]{_MONTH}{_DAY})"
    rf"(?:(?P<sep>{_APART}|[{_SPACE}])?(?P<last>{_LAST})|{_BETWEEN}(?P<crossed>{_CROSSED}))(?![0-9])"
)
_MAYBE_IDENTITY = rf"{_MONTH}{_PARTED}?{_DAY}[{_SPACE}]?[{_MARK}+()]?[{_SPACE}]?(?:{_LAST}|{_CROSSED})"
# A cell that is one number, or one word with a number in it.
_ALONE = rf"^(?:\S*[^0-9\s])?[0-9]{{6}}(?:[0-9]{{2}})?[{_DASH}+]?[0-9]{{4}}(?:[^0-9\s]\S*)?$|^[0-9]{{6,8}}\s[0-9]{{4}}$"
# The same with other signs between the parts; a decimal number can look so.
_PARTED_ALONE = (
    rf"^[0-9]{{4,6}}(?:[0-9]{{2}}|{_PARTED}[0-9]{{2}})[./_()][0-9]{{4}}\)?$"
    rf"|^[0-9]{{2}}(?:[0-9]{{2}})?{_PARTED}?[0-9]{{2}}{_PARTED}[0-9]{{2}}[{_SPACE}{_MARK}]?[0-9]{{4}}$"
)
_MOBILE_ALONE = re.compile(r"0?7[02369][0-9]{7}")
# A number in several parts before or after; the whole part before a decimal mark.
_PART_BEFORE = re.compile(rf"[0-9][{_DASH}]$")
_PART_AFTER = re.compile(rf"[{_DASH}][0-9]")
_MARKED = re.compile(rf"[./_]|[0-9]{{2}}[{_MARK}][0-9]{{2}}[{_MARK}]")
_MARK_BEFORE = re.compile(rf"[0-9][{_MARK}]$")
_MARK_AFTER = re.compile(rf"[{_MARK}][0-9]")
_WHOLE_PART = re.compile(rf"(?:^|[^0-9{_SPACE}{_DASH}]|(?:^|[^0-9])[{_SPACE}{_DASH}])[0-9]{{1,3}}[.,]$")
_NEAR = 12

#: Cells that are nothing but a number: from how many on chance is thought of, how many are looked at to judge, and the
#: share with a right check digit below which it was chance (which gives one in ten).
_FEW, _SAMPLE, _RIGHT = 20, 1000, 0.2


def _identity_numbers(texts: _Texts) -> Iterator[tuple[int, Hit]]:
    alone = texts.matching(f"{_ALONE}|{_PARTED_ALONE}")
    numbers = set(alone) if _by_chance([texts.texts[at] for at in alone]) else set()
    for at in texts.matching(_MAYBE_IDENTITY):
        if at not in numbers:
            yield from ((at, hit) for hit in _identity_hits(texts.texts[at]))


def _by_chance(alone: list[str]) -> bool:
    """Whether the cells that are one number each are right no more often than any numbers would be."""
    sample = alone[:: max(1, len(alone) // _SAMPLE)]
    right = [any(_identity_hits(text)) for text in sample]
    others = sum(not ok and not _MOBILE_ALONE.fullmatch(text) for ok, text in zip(right, sample, strict=True))
    judged = sum(right) + others
    return judged >= _FEW and sum(right) < _RIGHT * judged


def _identity_hits(text: str) -> Iterator[Hit]:
    for match in _IDENTITY.finditer(text):
        if not _part_of_more(text, match) and (kind := _identity_kind(match)):
            yield Hit(kind, *_with_brackets(text, match))


def _with_brackets(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Where the number stands, with the other half of a bracket within it: (811218)9876."""
    start, end, sep = match.start(), match.end(), match["sep"] or ""
    if ")" in sep and text[start - 1 : start] == "(":
        start -= 1
    return start, end + 1 if "(" in sep and text[end : end + 1] == ")" else end


def _part_of_more(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _NEAR) : match.start()]
    if _PART_BEFORE.search(before):
        return True
    if _MARKED.search(match.group()) and (_MARK_BEFORE.search(before) or _MARK_AFTER.match(text, match.end())):
        return True
    bare = match.group().isdigit()
    return bare and bool(_PART_AFTER.match(text, match.end()) or _WHOLE_PART.search(before))


def _identity_kind(match: re.Match[str]) -> str:
    """The kind when date and check digit are right, else empty."""
    last = (match["last"] or "").upper()
    if not last or last.startswith("TF"):
        return "personnummer"  # no check digit: the date is all there is, and the form is nothing else
    sep = match["sep"] or ""
    end = match.start("sep") if sep else match.start("last")
    written = match.string[match.start() : end]
    date = "".join(sign for sign in written if sign.isdigit())
    if date != written and not re.search(rf"[{_DASH}+()]", sep) and last < "2360" and last[2] < "6":
        return ""  # 2025-03-04 1430 is a moment
    # The letter of an interim number counts as 1 in the check digit.
    number = f"{date}{'+' if '+' in sep else '-'}{last if last.isdigit() else '1' + last[1:]}"
    try:
        return "samordningsnummer" if Personnummer(number).is_coordination_number() else "personnummer"
    except PersonnummerException:
        return ""


# An area code is 08, or one of three or four figures; a mobile number has ten figures from 070, 072, 073, 076, 079.
_GAP = rf"[{_SPACE}{_DASH}/.]{{0,3}}"
_PHONE = re.compile(
    rf"(?<![0-9])07[02369](?:{_GAP}[0-9]){{7}}(?![0-9])"
    rf"|(?:\+|(?<![0-9])00)[{_SPACE}]?46(?:[{_SPACE}{_DASH}/.()]{{0,3}}[0-9]){{7,10}}(?![0-9])"
    rf"|\+(?:4[4-9]|358|37[0-2])(?:[{_SPACE}{_DASH}/.()]{{0,3}}[0-9]){{8,10}}(?![0-9])"
    r"|(?<![0-9+])467[02369][0-9]{7}(?![0-9])"
    rf"|(?<![0-9])08[{_SPACE}]?[{_DASH}/][{_SPACE}]?(?:[1-9][0-9]{{5,7}}|[1-9][0-9]{{2,3}}(?:[{_SPACE}][0-9]{{2,3}}){{1,2}}"
    rf"|[1-9][0-9](?:[{_SPACE}][0-9]{{2}}){{2,3}})(?![0-9])"
    rf"|(?<![0-9])08[{_SPACE}][1-9][0-9]{{2}}(?:[{_SPACE}]?[0-9]{{2,3}}){{1,2}}(?![0-9])"
    rf"|(?<![0-9])0[1-79][0-9]{{1,2}}(?:[{_SPACE}]?[{_DASH}/][{_SPACE}]?(?:[1-9][0-9]{{4,7}}"
    rf"|[1-9][0-9]{{1,2}}(?:[{_SPACE}][0-9]{{2,3}}){{1,3}})|[{_SPACE}][1-9][0-9]{{1,2}}(?:[{_SPACE}]?[0-9]{{2,3}}){{1,2}})(?![0-9])"
)
_MAYBE_PHONE = (
    rf"07[02369](?:{_GAP}[0-9]){{7}}|0[1-9][0-9]{{0,2}}[{_SPACE}{_DASH}/]{{1,3}}[1-9](?:[{_SPACE}]?[0-9]){{4}}"
    rf"|(?:\+|00)[{_SPACE}]?[34][0-9]|467[02369][0-9]{{7}}"
)
_PHONE_FIGURES = (8, 10)


#: The latter part of a span of large figures, «9 010–14 665», and what then stands before it.
_THOUSANDS = re.compile(rf"0[0-9]{{2}}[{_SPACE}]?[{_DASH}][{_SPACE}]?[0-9]{{1,3}}(?:[{_SPACE}][0-9]{{3}})+")
_THOUSANDS_BEFORE = re.compile(rf"(?<![0-9])[1-9][0-9]{{0,2}}[{_SPACE}]$")


def _phones(texts: _Texts) -> Iterator[tuple[int, Hit]]:
    for at in texts.matching(_MAYBE_PHONE):
        text = texts.texts[at]
        for match in _PHONE.finditer(text):
            if _is_phone(text, match):
                yield at, Hit("telefon", *match.span())


def _is_phone(text: str, match: re.Match[str]) -> bool:
    found = match.group()
    before = text[max(0, match.start() - _NEAR) : match.start()]
    if _THOUSANDS.fullmatch(found) and _THOUSANDS_BEFORE.search(before):
        return False
    if found.startswith(("+", "00")):
        return True
    if _PART_BEFORE.search(before) or _PART_AFTER.match(text, match.end()):
        return False
    if found.isdigit():
        # A letter before is part of the number of a case; a word such as «tel» is not.
        return not _WHOLE_PART.search(before) and not re.search(r"(?:^|[\W\d_])[^\W\d_]{1,2}$", before)
    figures = sum(sign.isdigit() for sign in found)
    return (not found.startswith("00") and _PHONE_FIGURES[0] <= figures <= _PHONE_FIGURES[1]) or found.startswith("00")


#: What all texts are searched for first: most have nothing of it.
_MAYBE_NUMBERED = "|".join(f"(?:{part})" for part in ("@", _MAYBE_IDENTITY, _ALONE, _MAYBE_PHONE))

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]++@[^\W_][\w-]{0,62}(?:\.[\w-]{1,63}){1,8}")


def _emails(texts: _Texts) -> Iterator[tuple[int, Hit]]:
    for at in texts.matching("@"):
        for match in _EMAIL.finditer(texts.texts[at]):
            yield at, Hit("epost", *match.span())


def _names(texts: _Texts) -> Iterator[tuple[int, Hit]]:
    for at, text in enumerate(texts.texts):
        for start, end in names(text):
            yield at, Hit("namn", start, end)


#: The first figures of mobile numbers that have lost their leading zero, without and with the country's code.
_MOBILE_STARTS = {int(f"{country}7{figure}") for country in ("", "46") for figure in "02369"}


def _numbers(values: npt.NDArray[np.object_]) -> Iterator[tuple[int, Hit]]:
    """Hits among cells that the workbook holds as whole numbers."""
    whole = [(at, value) for at, value in enumerate(values) if type(value) is int]
    possible = [(at, f"{value:010}") for at, value in whole if 10**8 <= value < 10**10 or 10**11 <= value < 10**12]
    identity: dict[int, Hit] = {}
    if not _by_chance([text for _, text in possible]):
        for at, text in possible:
            for hit in _identity_hits(text):
                identity[at] = Hit(hit.kind, 0, len(str(values[at])))
    yield from identity.items()
    phones = [(at, str(value)) for at, value in whole if value // 10**7 in _MOBILE_STARTS]
    if 2 * len(phones) >= len(whole):
        yield from ((at, Hit("telefon", 0, len(text))) for at, text in phones if at not in identity)


#: What is said of a column by each header in PERSONAL_HEADERS; names where nothing else is said.
_HEADER_KINDS = {
    "personnummer": "personnummer", "personnr": "personnummer", "pnr": "personnummer", "födelsenummer": "personnummer",
    "samordningsnummer": "samordningsnummer", "telefon": "telefon", "telefonnummer": "telefon", "mobil": "telefon",
    "mobilnummer": "telefon", "tel": "telefon", "e post": "epost", "epost": "epost", "e postadress": "epost",
    "mejl": "epost", "mail": "epost", "email": "epost", "ip adress": "ip-adress", "ip address": "ip-adress",
    "adress bostad": "adress", "bostadsadress": "adress", "hemadress": "adress",
    "registreringsnummer": "registreringsnummer", "regnr": "registreringsnummer",
}  # fmt: skip
#: Headers that say something else in company: «Misstänkt brott», «Elev eller personal», «Skolans namn».
_ONLY_ALONE = {
    "namn", "elev", "målsägande", "misstänkt", "anmälare", "vårdnadshavare", "kontaktperson", "tel", "mail", "mobil",
}  # fmt: skip
_PERSONS = (
    "elev", "barn", "deltagar", "anmälar", "vårdnadshavar", "förälder", "lärar", "rektor", "mentor", "kontaktperson",
    "person", "målsägande", "misstänkt", "vittne", "uppgiftslämnar", "rapportör", "handläggar", "kund", "svarande",
)  # fmt: skip
#: Words before that make it a means: «Hotad via telefon».
_BY = {"via", "på", "med", "genom", "av", "per", "i"}
#: Longer headers are questions.
_HEADER_WORDS = 5


def personal_header(header: str) -> str:
    """The kind of personal data that a column with this header holds (a kind in LABELS, adress …); empty if none.

    Also in company: «Elevens personnummer», «Telefon (hem)», «Vårdnadshavare 1, e-post», «Namn på elev». Questions are
    not headers of that kind: «Har du blivit hotad via telefon?».
    """
    words = [word for word in re.split(r"[^a-zåäöé]+", header.casefold()) if word]
    plain = " ".join(words)
    if plain in _PERSONAL:
        return _HEADER_KINDS.get(plain, "namn")
    if "?" in header or not 1 < len(words) <= _HEADER_WORDS:
        return ""
    if "namn" in words and any(word.startswith(_PERSONS) for word in words):
        return "namn"
    for known in _IN_COMPANY:
        rest = f" {plain} ".split(f" {known} ")
        if len(rest) == 2 and not _BY.intersection(rest[0].split()[-1:]) and not all(part.strip() for part in rest):
            return _HEADER_KINDS.get(known, "namn")
    return ""


_PERSONAL = {" ".join(re.split(r"[^a-zåäöé]+", header)): header for header in PERSONAL_HEADERS}
_IN_COMPANY = [plain for plain in _PERSONAL if plain not in _ONLY_ALONE]
