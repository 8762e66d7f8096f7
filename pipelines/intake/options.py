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
#: Names that the municipality's own surveys, activities and inspections go by, the most particular first: a survey of
#: companies is called a «trygghetsundersökning» too.
_KNOWN = {
    "survey": (
        ("ftu", "FTU"),
        ("företagens trygghet", "FTU"),
        ("trygghetsundersökning(?:en)?[^a-zåäö]+(?:bland |för |till |i )?(?:företag|näringsliv)", "FTU"),
        ("tryggare skola", "Tryggare Skola"),
        ("trygghetsundersökning", "Trygghetsundersökningen"),
        ("trygghetsmätning", "Trygghetsmätningen"),
    ),
    "activity": (("hackshield", "HackShield"), ("botryggt", "BoTryggt2030"), ("kunskapsserie", "Kunskapsserien")),
    "inspection": (
        ("tryggare skola", "Tryggare Skola"),
        ("trygghetsrond", "Trygghetsrond"),
        ("trygghetsvandring", "Trygghetsvandring"),
    ),
}
#: Columns that only surveys of companies have.
_OF_COMPANIES = ("bransch", "antal anställda", "företagsstorlek")
#: Words of titles and sheets that name nothing.
_DULL = re.compile(
    r"\b(?:blad|sheet|worksheet|tabell|table|ark|kalkylark|kalkylblad|arbetsbok|workbook|bok|book|data|dataset|export"
    r"|exporterad|svar|enkätsvar|rådata|resultat|results?|formulärsvar|form|responses?|rapport|report|kopia av|kopia"
    r"|namnlös|untitled|unnamed|dokument|document|fil|file|query|download|utdrag|lista|läsåret|läsår|år|året"
    r"|per månad|per år|per skola|per område)(?: ?\d{1,4})?\b",
    re.IGNORECASE,
)
#: What stands before a period and goes with it: «under 2025», «hösten 2025».
_BEFORE = r"(?:\b(?:under|för|från|till|avseende|i|år|läsåret|våren|sommaren|hösten|vintern|perioden) +)*"
#: Signs between the parts of a name, and what is left of them when a part is gone.
_LEADING = re.compile(r"^(?:på|av|från|till|för|över|med) ", re.IGNORECASE)
_LEFT_BEHIND = re.compile(r"\( *\)|\[ *\]|(?<=[,;:/–-])(?: *[,;:/–-])+(?= )|(?<= )[,;:](?= )")
_HIGHEST = re.compile(
    r"(?:högst|max|maxpoäng|skala|poäng)[^\d\n]{0,15}(?:[01] ?[-–] ?)?(\d{1,3})\b"
    r"|\b[01] ?[–-] ?(\d{1,3}) ?(?:poäng|p)\b",
    re.IGNORECASE,
)


def guess(
    kind: Kind, form: Form, texts: Sequence[str], units: Sequence[str], vague: bool, columns: Sequence[str] = ()
) -> dict[str, str]:
    """The kind's options as far as the texts tell them: the title first, the file's name last, the sheet's between.

    ``units`` are those that the columns of figures say; ``vague`` that no column names its measure; ``columns`` are the
    table's headers.
    """
    written = [_readable(text) for text in texts]
    found: dict[str, str] = {}
    for option in kind.options:
        if option.form and option.form != form.id:
            continue
        value = _stated(option.label, texts) or _guess(option.id, kind.id, written, units, vague)
        if value:
            found[option.id] = value
    if found.get("survey") == "Trygghetsundersökningen" and any(
        headers.likeness(header, _OF_COMPANIES) >= headers.NAMED for header in columns
    ):
        found["survey"] = "FTU"
    return found


def _guess(option: str, kind: str, texts: Sequence[str], units: Sequence[str], vague: bool) -> str:
    if option in {"period", "wave"}:
        return next((period for text in texts if (period := period_in(text))), "")
    if option in _KNOWN:
        told = [*texts[:1], *texts[-1:], *texts[1:-1]]  # a sheet's name says less than the file's
        return _known(option, texts) or next((name for text in told if (name := name_in(text))), "")
    if option == "unit":
        said = set(units)
        return said.pop() if len(said) == 1 else ""
    if option == "highest":
        return next((found[1] or found[2] for text in texts if (found := _HIGHEST.search(text))), "")
    return next((name for text in texts if (name := name_in(text))), "") if option == "indicator" and vague else ""


def period_in(text: str) -> str:
    """The period that a title or a file name speaks of, as it stands there; empty when there is none."""
    readable = _readable(text)
    return next((found[0] for pattern in _PERIODS if (found := pattern.search(readable))), "")


def _known(option: str, texts: Sequence[str]) -> str:
    words = [headers.plain(text) for text in texts]
    told = (name for sign, name in _KNOWN[option] if any(re.search(rf"\b{sign}", each) for each in words))
    return next(told, "")


def _stated(label: str, texts: Sequence[str]) -> str:
    """What a title says outright: «Undersökning: Trygghetsundersökningen»."""
    for text in texts:
        for line in re.split(r"[\n·|]", text[:_LONGEST]):
            name, colon, value = line.partition(":")
            if colon and headers.plain(name) == headers.plain(label) and value.strip():
                return value.strip()
    return ""


def name_in(text: str) -> str:
    """A title or file name without its period and the words that name nothing; empty when nothing else is left."""
    name = _readable(text)
    for pattern in _PERIODS:
        name = re.sub(_BEFORE + pattern.pattern, " ", name, flags=re.IGNORECASE)
    name = " ".join(_LEFT_BEHIND.sub("", " ".join(_DULL.sub(" ", name).split())).split())
    name = _LEADING.sub("", re.sub(r" +(?=[,;:])", "", name).strip(" ,.;:–-/"))
    return name[:1].upper() + name[1:] if sum(char.isalpha() for char in name) >= 3 else ""


def is_dull(text: str) -> bool:
    """Whether a file's name has no words but those that name nothing: «Export», «Sheet1»."""
    return not any(char.isalpha() for char in _DULL.sub(" ", _readable(text)))


def _readable(text: str) -> str:
    """A title or file name on one line, without its ending and underscores."""
    path = PurePath(text[:_LONGEST].replace("\n", " "))
    ending = path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt"}
    return " ".join((path.stem if ending else text[:_LONGEST]).replace("_", " ").split())
