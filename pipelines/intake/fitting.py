"""How well one column fits one field: its header against the field's words, its cells against what the field holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.intake import headers
from pipelines.intake.content import Content
from pipelines.intake.headers import NAMED, words_of
from store.kinds import Field

#: Fields that a header must name: a number that happens to fit would be believed.
_STRICT = frozenset(
    ("count", "weight", "base", "respondent", "until_time", "until", "reported", "reporter", "detail", "spot")
)
#: How much the cells alone say, for the fields that they can say something about.
_CELLS_ALONE = {
    "area_code": 0.75, "x": 0.7, "y": 0.7, "place": 0.6, "unit_code": 0.6, "occurred": 0.5, "period": 0.5, "date": 0.5,
    "answered": 0.45, "municipality": 0.45, "occurred_time": 0.4, "value": 0.4, "number": 0.35, "score": 0.35,
    "breakdown": 0.35,
}  # fmt: skip
#: And under headers that nobody has written.
_CELLS_ALONE_UNNAMED = {"category": 0.4, "code": 0.45, "event_id": 0.3}
_AXES = frozenset(("x", "y", "x koordinat", "y koordinat", "xkoordinat", "ykoordinat", "koordinat x", "koordinat y"))
#: Headers of what is worked out from the other scores of a row.
_SUMS = frozenset(("summa", "totalt", "total", "totalpoäng", "medel", "medelvärde", "genomsnitt", "snitt"))
_ASPECTS = (
    "belysning", "skötsel", "utformning", "information", "funktionsblandning", "perimeter", "social kontroll",
    "tydlighet",
)  # fmt: skip
#: Headers of the time when somebody told of an event, and of those when something was done about it afterwards.
_TOLD = re.compile(
    r"\b(?:in|fel)?(?:rapport|registrer|anmäl|inkom|ankom|ankomst|mottag|skapa[dt]|skriv|upprätta|diarie)"
)
_AFTERWARDS = re.compile(
    r"\b(?:åtgärda|avsluta|stäng|klar|färdig|(?:senast )?(?:ändra|uppdatera)|utför|beslut|planera|hantera|handlagd"
    r"|löst|löstes|deadline|förfall|tilldela|betal|skicka|exporter|uttag|utskri)"
)
_HAPPENED = ("datum", "brottsdatum", "händelsedatum", "inträffat", "tidpunkt", "brottstid", "brott")
#: Headers of the beginning and the end of a span: «Brottsdatum fr.o.m.», «Datum tom».
_BEGINS = re.compile(r"^(.*?) ?\b(?:from|fr o m|från|start)$")
_ENDS = re.compile(r"^(.*?) ?\b(?:tom|t o m|till|slut)$")
#: Questions of where somebody lives, works or goes to school, and those of what somebody thinks of a place.
_LIVES = re.compile(r"\b(?:bor|bodde|bosatt|boende|hemma|hemort|arbetar|jobbar|verksam|ligger|går du|studerar|tillhör)")
_WHERE = re.compile(
    r"\b(?:område|bostadsområde|kommundel|ort|tätort|stadsdel|del av kommunen|distrikt|plats|by|skola)\b"
)
_THINKS = re.compile(
    r"trygg|oro|rädd|undvik|brott|utsatt|drabba|händ|hänt|mörk|sakna|förbättra|besök|vistas|störa|stör"
)


@dataclass(frozen=True)
class Match:
    """How well a column fits a field, from 0 to 1, and why, in Swedish. ``header`` is what the header alone gives."""

    score: float = 0.0
    header: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Heading:
    """One column's header, with what was found out about all columns together: whether it names a period, and whether
    the column is one of the tick boxes of a question."""

    text: str
    period: bool = False
    box: bool = False


def fit(field: Field, form: str, heading: Heading, content: Content) -> Match:
    """How well the column fits the field in this form of the kind."""
    if field.id == "question":
        return _question(heading, content)
    if (heading.period and not (field.id == "value" and form == "wide")) or (heading.box and field.cells == "number"):
        return Match()
    if field.id == "value" and form == "wide":
        return _period_value(heading, content)
    if field.id == "score" and form == "wide" and headers.plain(heading.text).rstrip(" :") in _SUMS:
        return Match()  # of the other scores
    named = _named(field, heading, content)
    cells, said = _CELLS[_cells(field)](content)
    if field.id == "place" and named < NAMED and asks_where(heading.text, content):
        return Match(0.95, 0.95, f"Rubriken frågar var, och {said}.")
    if field.id.startswith("occurred") and named < NAMED and _another_time(heading.text):
        return Match()  # the time of a report, or of what was done about it, is not when it happened
    if named >= NAMED:
        return _by_header(field, heading, content, named, cells, said)
    if field.id in _STRICT:
        return Match()
    if named > 0 and cells >= 0.5:
        reason = f"Rubriken «{_short(heading.text)}» liknar «{_lower(field.label)}», och {said}."
        return Match(0.7 * named + 0.3 * cells, named, reason)
    return _by_cells(field, heading, cells, said)


def _named(field: Field, heading: Heading, content: Content) -> float:
    named = headers.likeness(heading.text, words_of(field))
    if field.id in {"occurred", "until"} and named < NAMED and content.looks_dated > 0.5:
        own, other = (_BEGINS, _ENDS) if field.id == "occurred" else (_ENDS, _BEGINS)
        if _of_span(own, heading.text):
            return 0.9
        if _of_span(other, heading.text):
            return 0.0
    if field.id == "reported" and content.looks_dated > 0.5 and _TOLD.search(headers.plain(heading.text)):
        return max(named, 0.9)
    if field.id in {"x", "y"} and headers.plain(heading.text) in _AXES:
        return max(named, 0.9)  # in RT 90, and in mathematics, x and y stand for different directions
    if field.id == "value" and headers.is_percent(heading.text):
        return max(named, 0.9)
    if field.id in {"group", "breakdown"} and named < NAMED:
        return named if _is_background(heading.text, content) else 0.0
    if named < NAMED and content.numbers < 0.5 and content.answers in {"yes_no", "scale", "multi"}:
        return 0.0  # an answer to a question in which the word happens to occur
    return named


def _of_span(end: re.Pattern[str], header: str) -> bool:
    """Whether a header is a word for when something happened, with the word for that end of a span after it."""
    found = end.match(headers.plain(header))
    return found is not None and headers.likeness(found[1], _HAPPENED) >= NAMED


def _another_time(header: str) -> bool:
    said = headers.plain(header)
    return bool(_TOLD.search(said) or _AFTERWARDS.search(said))


def asks_where(header: str, content: Content) -> bool:
    """Whether a header asks where somebody lives or belongs, and the cells are places: «Vilket område bor du i?»."""
    said = headers.plain(header)
    if content.places_here < 0.3 or not (headers.is_question(header) or said.startswith(("var ", "i vilke"))):
        return False
    return bool(_LIVES.search(said) or (_WHERE.search(said) and not _THINKS.search(said)))


def _is_background(header: str, content: Content) -> bool:
    """Whether a longer header asks who answers: «Vilken årskurs går du i?», and not «Är du trygg i din klass?»."""
    first = headers.plain(header).split()[:2]
    asks = bool({"vilken", "vilket", "vilka", "gammal"} & set(first)) or len(headers.plain(header).split()) <= 3
    return asks and content.answers in {"choice", "number"}


def _by_header(field: Field, heading: Heading, content: Content, named: float, cells: float, said: str) -> Match:
    usual = f"Rubriken «{_short(heading.text)}» brukar betyda «{_lower(field.label)}»"
    if content.empty:
        return Match(0.7 * named + 0.1, named, f"{usual}; kolumnen är tom.")
    if cells < _FLOOR.get(_cells(field), 0.0):
        return Match(0.0, named)
    return Match(0.7 * named + 0.3 * cells, named, f"{usual}, och {said}.")


def _by_cells(field: Field, heading: Heading, cells: float, said: str) -> Match:
    unnamed = headers.is_made_up(heading.text)
    worth = _CELLS_ALONE.get(field.id, _CELLS_ALONE_UNNAMED.get(field.id, 0.0) if unnamed else 0.0)
    if not worth or cells < (0.6 if field.id == "place" else 0.85):
        return Match()
    return Match(worth * cells, 0.0, f"{said[0].upper()}{said[1:]}.")


def _question(heading: Heading, content: Content) -> Match:
    asks = headers.is_question(heading.text)
    kind = content.answers
    if heading.box:
        said = (
            "cellerna är kryss" if content.distinct else "rutan hör till kryssrutorna bredvid, och ingen kryssade där"
        )
        said = f"{said}: en tom ruta räknas som nej för den som har kryssat i någon annan"
        return Match(0.9 if asks else 0.6, float(asks), f"{said[0].upper()}{said[1:]}.")
    if kind in {"", "text"} or heading.period or (kind == "number" and not asks):
        return Match()
    said = {
        "yes_no": "svaren är ja eller nej",
        "scale": f"svaren är en skala ({_ends(content.scale)})",
        "multi": "en cell kan ha flera svar",
        "choice": f"svaren är {content.distinct} alternativ",
        "number": "svaren är tal",
    }[kind]
    if asks:
        # A question about who answers has alternatives too: what says so more plainly comes first.
        return Match(
            {"choice": 0.7, "number": 0.65}.get(kind, 0.9),
            1.0,
            f"Rubriken är en fråga eller ett påstående, och {said}.",
        )
    if kind == "choice" and (content.distinct > 12 or not content.repeating or content.moments > 0.3):
        return Match()
    return Match(0.4 if kind == "choice" else 0.55, 0.0, f"{said[0].upper()}{said[1:]}.")


def _period_value(heading: Heading, content: Content) -> Match:
    if not heading.period or (not content.empty and content.numbers < 0.3):
        return Match()
    reason = f"Rubriken «{_short(heading.text)}» är en period, och {_per_cent(content.numbers)} av cellerna är tal."
    return Match(0.7 + 0.3 * content.numbers, 1.0, reason)


Judged = tuple[float, str]


def _category(content: Content) -> Judged:
    if content.moments > 0.8 and content.looks_dated > 0.8:
        return 0.0, "cellerna är datum"
    if content.texts >= 0.5 and content.length > 60:
        return 0.15, "cellerna är längre texter"
    score = (0.6 if content.texts >= 0.5 else 0.3) + (0.4 if content.repeating else 0.0)
    said = f"cellerna är {content.distinct} olika" + (" som återkommer" if content.repeating else "")
    return score, said


def _place(content: Content) -> Judged:
    if content.deso >= 0.5:
        return 0.3, "cellerna är områdeskoder"
    if content.school_units >= 0.5:
        return 0.7, f"{_per_cent(content.school_units)} av cellerna är skolenhetskoder"
    if content.numbers > 0.8 or content.looks_dated > 0.5 or content.answers in {"yes_no", "scale"}:
        return 0.0, "cellerna är inga platser"
    if content.places_here >= 0.05:
        return 0.4 + 0.6 * content.places, f"{_per_cent(content.places)} av cellerna är kända platser"
    if content.places >= 0.05:  # such as counties: no column of places here is without one
        return 0.3, "cellerna är platser utanför kommunen"
    return 0.3 if content.length <= 60 else 0.1, "inga av cellerna är kända platser ännu"


def _share_of(what: Callable[[Content], float], said: str) -> Callable[[Content], Judged]:
    def judge(content: Content) -> Judged:
        share = what(content)
        return share, f"{_per_cent(share)} av cellerna {said}"

    return judge


def _text(content: Content) -> Judged:
    if content.counts_rows:
        return 0.0, "cellerna numrerar bara raderna"
    if content.looks_dated > 0.5:
        return 0.0, "cellerna är datum"
    alone = content.distinct / content.filled if content.filled else 0.0
    return 0.4 + 0.6 * alone if content.length <= 40 else 0.1, f"{_per_cent(alone)} av cellerna är olika"


def _respondent(content: Content) -> Judged:
    alone = content.distinct / content.filled if content.filled else 0.0
    return alone, f"{_per_cent(alone)} av cellerna är olika"


def _number(content: Content) -> Judged:
    other = max(content.deso, content.looks_dated, content.north, content.school_units)
    return max(0.0, content.numbers - other), f"{_per_cent(content.numbers)} av cellerna är tal"


def _score(content: Content) -> Judged:
    share, said = _number(content)
    return (share, said) if not content.highest > 100 else (0.2, "poängen är högre än 100")


def _moment(content: Content) -> Judged:
    said = f"{_per_cent(content.moments)} av cellerna går att läsa som {_MOMENT[content.precision]}"
    # The finer of two columns says when it happened; a bare number needs a header that speaks of time.
    fine = {"minute": 1.0, "day": 0.97}.get(content.precision, 0.9)
    return content.moments * fine if content.looks_dated > 0.5 else 0.8 * content.moments, said


_MOMENT = {
    "": "tidpunkt", "minute": "tidpunkt", "day": "datum", "week": "vecka", "month": "månad", "quarter": "kvartal",
    "term": "termin", "year": "år", "school_year": "läsår",
}  # fmt: skip
#: How the cells are judged, by the field's own name or by what its cells are.
_CELLS: dict[str, Callable[[Content], Judged]] = {
    "category": _category, "place": _place, "moment": _moment, "number": _number, "text": _text, "score": _score,
    "respondent": _respondent,
    "time": _share_of(lambda content: content.clocks, "går att läsa som klockslag"),
    "x": _share_of(lambda content: content.east, "ligger där östliga koordinater ligger"),
    "y": _share_of(lambda content: content.north, "ligger där nordliga koordinater ligger"),
    "area_code": _share_of(lambda content: content.deso, "har formen av en DeSO- eller RegSO-kod"),
    "unit_code": _share_of(lambda content: content.school_units, "är åttasiffriga skolenhetskoder"),
    "code": _share_of(lambda content: content.offence_codes, "har formen av en brottskod"),
    "municipality": _share_of(lambda content: content.municipalities, "är kommuner"),
    "answer": _category,
}  # fmt: skip
#: A header is not believed when fewer of the cells than this agree.
_FLOOR = {
    "moment": 0.3, "time": 0.3, "number": 0.3, "x": 0.5, "y": 0.5, "area_code": 0.3, "unit_code": 0.3, "code": 0.3,
    "score": 0.3, "place": 0.05, "municipality": 0.2, "text": 0.05,
}  # fmt: skip


def _cells(field: Field) -> str:
    return field.id if field.id in _CELLS else field.cells


def aspects_named(texts: tuple[str, ...]) -> int:
    """How many of the eight things that a safety inspection judges these texts name."""
    return sum(max((headers.likeness(text, (aspect,)) for text in texts), default=0.0) >= NAMED for aspect in _ASPECTS)


def _per_cent(share: float) -> str:
    return f"{min(round(100 * share), 100 if share == 1 else 99)} %"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else f"{flat[:79]}…"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _ends(scale: tuple[str, ...]) -> str:
    return f"{scale[0]} – {scale[-1]}" if scale else "ordnad"
