"""What is reported, felt and observed, in words: what each says has changed, and where they disagree.

A disagreement is told only where the one has changed more than chance and the other has not, or the other way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from charts.swedish import capital, listing, number, percent, signed, uncapital
from charts.verdicts import HIGHER, LOWER, TOO_LITTLE, Judged

REPORTED, FELT, OBSERVED = "reported", "felt", "observed"
ROLES = {REPORTED: "Anmält", FELT: "Upplevt", OBSERVED: "Observerat"}

_REASONS = {
    "one_period": "bara en period, inget att jämföra med",
    "hidden": "dold, för att ingen ska kunna pekas ut",
    "few": TOO_LITTLE,
    "no_uncertainty": "osäkerheten är inte känd, så ändringen kan inte bedömas",
}

#: A change of counts is told in per cent only where there were at least so many before.
_FEWEST_BEFORE = 30

#: What a question measures, by its words, and whether more of it is worse (1) or better (-1): the first that fits.
_FEELINGS = (
    (r"\boro|orolig", "oron", 1),
    (r"rädd|rädsla", "rädslan", 1),
    (r"utsatt|drabba", "utsattheten enligt svaren", 1),
    (r"undvik|annan väg|avstå", "undvikandet", 1),
    (r"otrygg|osäker", "otryggheten", 1),
    (r"trygg|säker", "otryggheten", -1),
)
#: Those that the answers counted tell outright, whatever the question.
_SAFE = _FEELINGS[-2:]
_DENIED = re.compile(r"\b(?:aldrig|sällan|inte|ingen|inga|låg|mindre|nej)\b", re.IGNORECASE)


class ViewRecord(Judged, Protocol):
    """What is read of a series of ``queries.three_views``."""

    @property
    def role(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def points(self) -> pd.DataFrame: ...
    @property
    def choice(self) -> str: ...
    @property
    def old(self) -> str: ...
    @property
    def new(self) -> str: ...
    @property
    def change(self) -> float: ...
    @property
    def reason(self) -> str: ...


def title(view: ViewRecord) -> str:
    """The series' name: the source, or the question with the answers counted."""
    return f"{view.title} – {view.choice}" if view.choice else view.title


def told(view: ViewRecord) -> str:
    """From when to when, from what to what, and whether that is more than chance."""
    if not view.old:
        return capital(_REASONS[view.reason])
    values = view.points.set_index("label")["value"]
    if pd.isna(values.get(view.old)) or pd.isna(values.get(view.new)):
        return f"{view.old} → {view.new}: {_REASONS['hidden']}"
    decimals = 0 if view.unit in ("antal", "procent") else 1
    before, now = (number(values[label], decimals) for label in (view.old, view.new))
    unit = "\u00a0%" if view.unit == "procent" else ""
    change = _change(view, float(values[view.old]))
    return f"{view.old} → {view.new}: {before} → {now}{unit}{change}. {capital(_judged(view))}"


def _change(view: ViewRecord, before: float) -> str:
    if pd.isna(view.lower):
        return ""
    if view.unit == "procent":
        return f" ({signed(view.change)}, mellan {signed(view.lower)} och {signed(view.upper)} procentenheter)"
    if view.unit == "antal" and before < _FEWEST_BEFORE:
        return ""
    ratio, low, high = (signed((value - 1) * 100) for value in (view.change, view.lower, view.upper))
    return f" ({ratio}\u00a0%, mellan {low} och {high}\u00a0%)"


def _judged(view: ViewRecord) -> str:
    if view.reason:
        return _REASONS[view.reason]
    return str(view.verdict)


def feeling(view: ViewRecord) -> tuple[str, int]:
    """What a question measures ("otryggheten") and whether a larger share is more of it (1) or less (-1); ("", 0) when
    its words do not tell."""
    choice = view.choice.casefold()
    for pattern, noun, way in _SAFE:
        if found := re.search(pattern, choice):
            before = re.split(r"\beller\b|\btill\b|,", choice[: found.start()])[-1]  # «inte alls trygg»
            return noun, -way if _DENIED.search(before) else way
    for pattern, noun, way in _FEELINGS:
        if re.search(pattern, view.title.casefold()):
            return noun, -way if _DENIED.search(choice) else way
    return "", 0


def moves(view: ViewRecord) -> int | None:
    """Whether what is told of rises (1), falls (-1) or does neither more than chance (0); None where not judged."""
    if str(view.verdict) == TOO_LITTLE:
        return None
    way = 1 if str(view.verdict) == HIGHER else -1 if str(view.verdict) == LOWER else 0
    return way * feeling(view)[1] if view.role == FELT else way


def _noun(view: ViewRecord, counted: Sequence[ViewRecord]) -> str:
    """What is counted, in the definite form, as it stands inside a sentence; named where several are reported."""
    if view.role == REPORTED:
        several = sum(one.role == REPORTED for one in counted) > 1
        return uncapital(view.title) if several else "anmälningarna"
    return f"rapporterna per rapportör i {view.title}" if "rapportör" in view.unit else f"händelserna i {view.title}"


def disagreements(views: Sequence[ViewRecord]) -> list[str]:
    """What is felt beside what is counted, where they do not go the same way, a sentence for each."""
    counted = [view for view in views if view.role != FELT and moves(view) is not None]
    asked = [view for view in views if view.role == FELT and moves(view) is not None and feeling(view)[0]]
    ways = {noun: {moves(view) for view in asked if feeling(view)[0] == noun} for noun in map(_felt_noun, asked)}
    # Questions about the same that say different things are told apart.
    names = [_felt_noun(view) if len(ways[_felt_noun(view)]) == 1 else f"{_felt_noun(view)} («{view.title}»)"
             for view in asked]  # fmt: skip
    felt = {way: list(dict.fromkeys(name for name, view in zip(names, asked, strict=True) if moves(view) == way))
            for way in (1, 0, -1)}  # fmt: skip
    count = {way: list(dict.fromkeys(_noun(view, counted) for view in counted if moves(view) == way))
             for way in (1, 0, -1)}  # fmt: skip
    out = []
    for way, verb in ((1, "stiger"), (-1, "sjunker")):
        out += _apart(felt[way], verb, count[0], "inte")
        out += _apart(felt[way], verb, count[-way], "minskar" if way > 0 else "ökar")
    for way, verb in ((1, "ökar"), (-1, "minskar")):
        out += _apart(count[way], verb, felt[0], "inte")
    return out


def _felt_noun(view: ViewRecord) -> str:
    return feeling(view)[0]


def _apart(ones: list[str], verb: str, others: list[str], instead: str) -> list[str]:
    """ "Otryggheten stiger, anmälningarna inte." Empty where either side is."""
    if not ones or not others:
        return []
    joint = "," if instead == "inte" else " men"
    return [f"{capital(listing(ones))} {verb}{joint} {listing(others)} {instead}."]


def finding(views: Sequence[ViewRecord], place: str) -> str:
    """A title: the first disagreement; else that nothing, or everything that is judged, has moved together."""
    found = disagreements(views)
    if found:
        more = f" (och {number(len(found) - 1)} till)" if len(found) > 1 else ""
        return f"{place}: {found[0][:1].lower()}{found[0][1:].rstrip('.')}{more}"
    judged = [view for view in views if moves(view) is not None]
    sides = {view.role == FELT for view in judged}
    if len(sides) < 2:
        return f"{place}: det går inte att ställa det upplevda mot det som räknas"
    if not any(moves(view) for view in judged):
        return f"{place}: inget har ändrats mer än slumpen brukar ge"
    return f"{place}: inget pekar säkert åt olika håll"


def sentence(views: Sequence[ViewRecord]) -> str:
    """The disagreements, and how they are to be read."""
    found = disagreements(views)
    judged = sum(moves(view) is not None for view in views)
    words = list(found)
    if found:
        words.append(
            "Det kan bero på att anmälningar, upplevelser och iakttagelser mäter olika saker. Att den ena ändringen är "
            "säker och den andra inte betyder inte att skillnaden mellan dem är säker."
        )
    words += _reports_apart(views)
    if judged:
        words.append(
            "Inom normal variation betyder inte att inget har hänt. Ungefär en av tjugo bedömningar ger utslag av en "
            f"slump; här görs {'en' if judged == 1 else number(judged)}."
        )
        if any(view.points["lower"].notna().any() for view in views):
            words.append("Ett streck är 95 procents osäkerhet.")
        if any(view.role != FELT and moves(view) is not None for view in views):
            words.append("Händelser bedöms efter hur månaderna eller kvartalen svänger.")
        if any(map(_rounds_apart, views)):
            words.append("Ändringarna är räknade på oavrundade tal.")
    return " ".join(words)


def _reports_apart(views: Sequence[ViewRecord]) -> list[str]:
    """Where one source of what is reported moves and another does not, or moves the other way."""
    ways = {way: [_noun(view, views) for view in views if view.role == REPORTED and moves(view) == way]
            for way in (1, 0, -1)}  # fmt: skip
    found = _apart(ways[1], "ökar", ways[-1], "minskar")
    for way, verb in ((1, "ökar"), (-1, "minskar")):
        found += _apart(ways[way], verb, ways[0], "inte")
    return [f"Källorna för det anmälda säger olika: {one[:1].lower()}{one[1:]}" for one in found]


def _rounds_apart(view: ViewRecord) -> bool:
    """Whether the shares as written do not differ by the change as written."""
    if view.unit != "procent" or not view.old or pd.isna(view.change):
        return False
    values = view.points.set_index("label")["value"]
    return bool(round(values[view.new]) - round(values[view.old]) != round(view.change))


def table(views: Sequence[ViewRecord]) -> pd.DataFrame:
    """Every point of every series, with what has been judged of it."""
    frames = []
    for view in views:
        rows = view.points
        frames.append(
            pd.DataFrame(
                {
                    "Slag": ROLES[view.role],
                    "Källa eller fråga": title(view),
                    "Period": rows["label"],
                    "Värde": rows["value"],
                    "Osäkerhet, lägst": rows["lower"],
                    "Osäkerhet, högst": rows["upper"],
                    "Enhet": view.unit,
                    "Uppgift": rows["status"].map({"suppressed": "dold", "preliminary": "preliminär"}).fillna(""),
                    "Bedömning": [_judged(view) if one == view.new else "" for one in rows["label"]],
                    "Jämfört med": [view.old if one == view.new else "" for one in rows["label"]],
                }
            )
        )
    return pd.concat(frames, ignore_index=True).round({"Värde": 2, "Osäkerhet, lägst": 1, "Osäkerhet, högst": 1})


def silent(views: Sequence[ViewRecord], place: str, *, district: bool) -> list[str]:
    """Which of the three no source tells of here, and what would."""
    known = {view.role for view in views}
    brought = {
        REPORTED: (
            f"**Anmält:** ingen källa säger hur många brott som anmälts i {place}. "
            + ("Brå redovisar bara hela kommunen; p" if district else "P")
            + "latsens egna tal kommer med ett uttag från Polisen med DeSO eller adress."
        ),
        FELT: f"**Upplevt:** ingen undersökning säger hur trygga de är som bor eller verkar i {place}. "
        + (
            "Det kommer med en trygghetsundersökning, FTU eller elevenkät där svaren har kommundel."
            if district
            else "NTU och medborgarundersökningen hämtas med `python -m pipelines fetch kolada_indicators`; en egen "
            "trygghetsundersökning eller FTU läggs till som kalkylblad. Skolenkäten gäller elever på enskilda skolor "
            "och står under Svaren."
        ),
        OBSERVED: f"**Observerat:** ingen har lämnat lägesrapporter (EST), felanmälningar eller trygghetsronder från "
        f"{place}. De kommer med kalkylblad från platsens rapportörer och kommunens tekniska verksamhet.",
    }
    return [text for role, text in brought.items() if role not in known]


def spoken(views: Sequence[ViewRecord]) -> str:
    """The series in words, for those who do not see the chart."""
    return ". ".join(f"{ROLES[view.role]}: {title(view)}. {told(view)}" for view in views) + "."


def share_of(value: float, unit: str) -> str:
    """A value as it stands at its point."""
    if unit == "procent":
        return percent(value)
    return number(value, 0 if unit == "antal" else 1)
