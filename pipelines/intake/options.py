"""What a table's title, sheet and file name tell about it: period, survey, activity, unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from pipelines.intake import headers
from store.kinds import Form, Kind

_LONGEST = 400
_MONTH = (
    "(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    "|jan|feb|apr|jun|jul|aug|sept?|okt|nov|dec)"
)
#: Periods as they stand in titles, the most telling first.
_PERIODS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_MONTH}\.? (?:19|20)\d\d\b",
        r"\b(?:vt|ht|vårterminen|höstterminen)[ -]?(?:(?:19|20)\d\d|\d\d)\b",
        r"\b(?:kvartal|kv|q) ?[1-4][ ,-]{1,2}(?:19|20)\d\d\b",
        r"\b(?:19|20)\d\d[ ]?(?:kv|q|k)[1-4]\b",
        r"\b(?:v\.?|vecka) ?\d{1,2}[ ,-]{1,2}(?:19|20)\d\d\b",
        r"\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-\d\d)?\b",
        r"\b(?:19|20)\d\d[/–-](?:(?:19|20)\d\d|\d\d)\b",
        r"\b(?:19|20)\d\d\b",
    )
)
#: Names that the municipality's own surveys, activities and inspections go by.
_KNOWN = {
    "survey": (
        ("trygghetsundersökning", "Trygghetsundersökningen"),
        ("ftu", "FTU"),
        ("företagens trygghet", "FTU"),
        ("tryggare skola", "Tryggare Skola"),
        ("trygghetsmätning", "Trygghetsmätningen"),
    ),
    "activity": (("hackshield", "HackShield"), ("botryggt", "BoTryggt2030"), ("kunskapsserie", "Kunskapsserien")),
    "inspection": (
        ("tryggare skola", "Tryggare Skola"),
        ("trygghetsrond", "Trygghetsrond"),
        ("trygghetsvandring", "Trygghetsvandring"),
    ),
}
#: Words of titles and sheets that name nothing.
_DULL = re.compile(
    r"\b(?:blad|sheet|tabell|ark|data|export|svar|enkätsvar|resultat|formulärsvar|form|responses?|rapport|kopia av"
    r"|utdrag|lista|läsåret|läsår|år|året|per månad|per år|per skola|per område)\b(?: ?\d{1,4}\b)?",
    re.IGNORECASE,
)
_HIGHEST = re.compile(
    r"(?:högst|max|maxpoäng|skala|poäng)[^\d\n]{0,15}(?:[01] ?[-–] ?)?(\d{1,3})\b"
    r"|\b[01] ?[–-] ?(\d{1,3}) ?(?:poäng|p)\b",
    re.IGNORECASE,
)


def guess(kind: Kind, form: Form, texts: Sequence[str], units: Sequence[str], vague: bool) -> dict[str, str]:
    """The kind's options as far as the texts (title, sheet, file name; the most telling first) tell them.

    ``units`` are those that the columns of figures say; ``vague`` that no column names its measure.
    """
    written = [_readable(text) for text in texts if text.strip()]
    found: dict[str, str] = {}
    for option in kind.options:
        if option.form and option.form != form.id:
            continue
        value = _stated(option.label, texts) or _guess(option.id, kind.id, written, units, vague)
        if value:
            found[option.id] = value
    return found


def _guess(option: str, kind: str, texts: Sequence[str], units: Sequence[str], vague: bool) -> str:
    if option in {"period", "wave"}:
        return next((period for text in texts if (period := period_in(text))), "")
    if option in _KNOWN:
        return _known(option, texts) or next((name for text in texts[:1] if (name := _name(text))), "")
    if option == "unit":
        said = set(units)
        return said.pop() if len(said) == 1 else ""
    if option == "highest":
        return next((found[1] or found[2] for text in texts if (found := _HIGHEST.search(text))), "")
    return next((name for text in texts[:2] if (name := _name(text))), "") if option == "indicator" and vague else ""


def period_in(text: str) -> str:
    """The period that a title or a file name speaks of, as it stands there; empty when there is none."""
    readable = _readable(text)
    return next((found[0] for pattern in _PERIODS if (found := pattern.search(readable))), "")


def _known(option: str, texts: Sequence[str]) -> str:
    for text in texts:
        words = headers.plain(text)
        for sign, name in _KNOWN[option]:
            if re.search(rf"\b{sign}", words):
                return name
    return ""


def _stated(label: str, texts: Sequence[str]) -> str:
    """What a title says outright: «Undersökning: Trygghetsundersökningen»."""
    for text in texts:
        for line in re.split(r"[\n·|]", text[:_LONGEST]):
            name, colon, value = line.partition(":")
            if colon and headers.plain(name) == headers.plain(label) and value.strip():
                return value.strip()
    return ""


def _name(text: str) -> str:
    """A title without its period and the words that name nothing."""
    for pattern in _PERIODS:
        text = pattern.sub(" ", text)
    name = " ".join(_DULL.sub(" ", text).split()).strip(" ,.;:–-()/")
    return name if sum(char.isalpha() for char in name) >= 3 else ""


def _readable(text: str) -> str:
    """A title or file name on one line, without its ending and underscores."""
    path = PurePath(text[:_LONGEST].replace("\n", " "))
    ending = path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt"}
    return " ".join((path.stem if ending else text[:_LONGEST]).replace("_", " ").split())
