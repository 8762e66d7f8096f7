"""What the page says about files, tables and rows, in Swedish, and text from files made safe to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from charts.swedish import capital, listing, number
from store.intake import Change, Counts, Examination, Finding, Outcome, Overlap, TableView
from store.kinds import KINDS
from ui.importing.inbox import Dropped, Standing

#: What Markdown, and Streamlit's own signs, would take for something else than text.
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~^=&])")
_LONGEST = 300

#: The question whether what is there for the same days is replaced.
OVERLAP = "decisions.overlap"
#: Places of an overlap that are named.
_PLACES = 6

#: What a finding says instead of a value that is personal data.
NOT_SHOWN = "(visas inte)"

#: What a file's standing is called, with the badge's colour and icon.
BADGES: dict[Standing, tuple[str, str, str]] = {
    "working": ("Arbetar", "gray", "hourglass_top"),
    "failed": ("Kunde inte läsas", "red", "error"),
    "unreadable": ("Inget att lägga in", "red", "error"),
    "asks": ("Väntar på svar", "orange", "help"),
    "known": ("Finns redan", "gray", "check"),
    "ready": ("Klar att lägga in", "blue", "task_alt"),
    "taken": ("Inlagd", "green", "check_circle"),
    "undone": ("Ångrad", "gray", "undo"),
}


def literal(text: str, longest: int = _LONGEST) -> str:
    """Text from a file as Markdown that shows just that text, on one line and without invisible signs."""
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    seen = " ".join(seen.split())
    if len(seen) > longest:
        seen = seen[: longest - 1] + "…"
    return _SIGNS.sub(r"\\\1", seen)


def counted(count: int, one: str, many: str) -> str:
    """1, "rad", "rader" -> "1 rad"; 1200 -> "1 200 rader"."""
    return f"{number(count)} {one if count == 1 else many}"


def rows(count: int) -> str:
    """A number of rows in words."""
    return counted(count, "rad", "rader")


def row_span(first: int, last: int) -> str:
    """The numbers of rows from one to another: "3", "4–8 217"."""
    return number(first) if first == last else f"{number(first)}–{number(last)}"


def title_of(table: TableView) -> str:
    """What a table is called: its interpretation's name, its own title, or what it holds."""
    kind = KINDS.get(table.mapping.kind) if table.mapping else None
    named = table.mapping.name if table.mapping else ""
    return named or table.known_as or table.title or (kind.label if kind else "Tabell")


def summary(table: TableView) -> str:
    """What was concluded about a table, in one or two sentences of Markdown."""
    what = f"{literal(title_of(table))}: {rows(table.counts.read)}"
    if table.period:
        what += f", {literal(table.period)}"
    return f"{what}. {_recognised(table)}".strip()


def _recognised(table: TableView) -> str:
    if table.already:
        return "Finns redan bland uppgifterna; läggs den in igen ändras ingenting."
    if table.known_as:
        return f"Känns igen från «{literal(table.known_as)}»{_differing(table.differences)}."
    if table.mapping is None or table.mapping.kind not in KINDS:
        return "Det gick inte att se vad tabellen innehåller."
    kind = KINDS[table.mapping.kind]
    form = kind.form(table.mapping.form).label
    return f"Ny tolkning: {kind.label.lower()}, {form[:1].lower()}{form[1:]}."


def _differing(differences: tuple[str, ...]) -> str:
    if not differences:
        return ""
    if len(differences) == 1:
        return f"; {literal(differences[0].rstrip('.'))}"
    return f"; {len(differences)} saker skiljer sig"


def file_summary(examination: Examination) -> str:
    """What was concluded about a file, as Markdown; several tables are told one by one elsewhere."""
    if examination.official:
        known = examination.official
        return (
            f"Känns igen som **{literal(known.title)}** ({literal(known.layout)}) och går till sin källa av sig själv."
        )
    if len(examination.tables) == 1:
        return summary(examination.tables[0])
    if examination.tables:
        return f"{counted(len(examination.tables), 'tabell', 'tabeller')} hittades."
    return "Ingen tabell hittades."


def counts_of(counts: Counts, *, asks: bool = False) -> str:
    """What becomes of the rows, in a sentence or two; what there is none of is left out.

    While something is asked (``asks``) it is only what would become of them without an answer.
    """
    start = "Innan du har svarat: " if asks else ""
    parts = [f"{start}{number(counts.kept)} av {rows(counts.read)} kan läggas in"]
    for count, one, many in (
        (counts.refused, "rad avvisas", "rader avvisas"),
        (counts.stopped, "rad stoppas för personuppgifter", "rader stoppas för personuppgifter"),
        (counts.masked, "cell maskeras", "celler maskeras"),
    ):
        if count:
            parts.append(counted(count, one, many))
    placed = [
        f"{number(count)} {words}"
        for count, words in (
            (counts.placed, "med plats i kommunen"),
            (counts.outside, "utanför kommunen"),
            (counts.unplaced, "utan plats"),
        )
        if count
    ]
    tail = f" Av dem som kan läggas in är {listing(placed)}." if placed else ""
    return f"{listing(parts)}.{tail}"


def severities(findings: Iterable[Finding]) -> str:
    """How many findings of each severity, for a heading; empty when there are none."""
    found = list(findings)
    told = [
        counted(sum(f.severity == severity for f in found), one, many)
        for severity, one, many in (
            ("stop", "fel", "fel"),
            ("warning", "varning", "varningar"),
            ("note", "upplysning", "upplysningar"),
        )
        if any(f.severity == severity for f in found)
    ]
    return listing(told)


def came_of(outcome: Outcome) -> list[str]:
    """What an import became, one line of Markdown per table."""
    lines = []
    for taken in outcome.taken:
        period = f", {literal(taken.period)}" if taken.period else ""
        if taken.already:
            lines.append(f"{literal(taken.title)}{period}: fanns redan, inget ändrades.")
        else:
            lines.append(f"{literal(taken.title)}{period}: {rows(taken.counts.kept)} inlagda.")
    return lines


def standing_of(dropped: Dropped) -> str:
    """The badge that says where a file stands."""
    label, colour, icon = BADGES[dropped.standing]
    asked = len(dropped.questions)
    if dropped.standing == "asks" and asked:
        label = f"Väntar på {counted(asked, 'svar', 'svar')}"
    return f":{colour}-badge[:material/{icon}: {label}]"


def unready(dropped: Dropped) -> str:
    """Why a file cannot go in yet."""
    asked = len(dropped.questions)
    return f"Svara på {counted(asked, 'fråga', 'frågor')} först." if asked else "Säg vad tabellen innehåller först."


def read_as(table: TableView) -> str:
    """What a table is read as, in a few words: its kind, and how many of its columns are used."""
    if table.mapping is None or table.mapping.kind not in KINDS:
        return "inte känt än"
    columns = counted(len(table.columns), "kolumn", "kolumner")
    return f"{KINDS[table.mapping.kind].label.lower()}, {number(len(table.mapping.columns))} av {columns} används"


def finding_line(finding: Finding) -> str:
    """A finding as an item of a list in Markdown: what, how many, where, which value, what to do and by which rule."""
    what = literal(finding.text)
    concerns = f" ({rows(finding.count)})" if finding.count > 1 else ""
    value = f", till exempel «{literal(finding.value, 80)}»" if finding.value and finding.value != NOT_SHOWN else ""
    where = f"  \n  {literal(place_of(finding))}{value}" if place_of(finding) else ""
    remedy = f"  \n  **Gör så här:** {literal(finding.remedy)}" if finding.remedy else ""
    return f"- {what}{concerns}{where}{remedy}  \n  Regel: {literal(finding.rule.replace('_', ' '))}"


def change_line(change: Change) -> str:
    """A line of the comparison with the delivery before, as an item of a list in Markdown."""
    now = f"**{literal(change.now)}**, titta närmare" if change.notable else literal(change.now)
    return f"- {literal(change.what)}: {literal(change.before)} → {now}"


def overlap_lines(overlaps: Iterable[Overlap]) -> str:
    """The rows of earlier deliveries on the same days, as a list in Markdown: how many, where, and some of them."""
    return "\n".join(line for one in overlaps for line in _overlap(one))


def _overlap(one: Overlap) -> list[str]:
    told = [f"på samma platser finns {number(one.there)} sedan förut{_named(one.places)}"]
    if one.elsewhere:
        told.append(f"på andra platser {number(one.elsewhere)}{_named(one.other_places)}")
    head = (
        f"- **{literal(one.file)}**, {literal(one.period)}: {' och '.join(told)}. "
        f"Den nya filen har {number(one.here)} de dagarna."
    )
    return [head, *(f"    - {literal(row)}" for row in one.rows)]


def _named(places: Sequence[str]) -> str:
    """Some of the places, in brackets."""
    shown = [literal(place, 60) for place in places[:_PLACES]]
    if len(places) > _PLACES:
        shown.append(f"{number(len(places) - _PLACES)} till")
    return f" ({listing(shown)})" if shown else ""


def place_of(finding: Finding) -> str:
    """Where in the file a finding is: sheet, row and column as far as they are known."""
    row = f"rad {number(finding.row)}" if finding.row else ""
    parts = [finding.sheet, row, finding.column and f"«{finding.column}»"]
    return capital(", ".join(filter(None, parts)))
