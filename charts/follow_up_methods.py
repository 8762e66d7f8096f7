"""What a measure may have done, in words for those who decide: the size, the chance, and what cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from charts.swedish import listing, number, signed
from charts.verdicts import HIGHER, LOWER, NORMAL, Judged

AROUND, COURSE, BESIDE = "Före och efter", "Seriens egen kurs", "Sida vid sida"

#: Of each method: what it does, what it takes for granted, and what it cannot show.
WHAT = {
    AROUND: "Antalet efter starten mot lika många månader före, samma årstid, jämfört med ett område utan åtgärden.",
    COURSE: "Antalet efter starten mot den kurs serien hade före: nivå, trend och årstid (avbruten tidsserie).",
    BESIDE: "Period för period bredvid områden utan åtgärden (skillnad i skillnader).",
}
ASSUMES = {
    AROUND: "att området hade utvecklats som jämförelseområdet om inget hade gjorts, och att händelserna varierar som "
    "slumpen gör, oberoende av varandra.",
    COURSE: "att serien hade fortsatt som före starten om inget hade gjorts.",
    BESIDE: "att områdena hade följt varandra om inget hade gjorts. Hur mycket de brukar variera är inräknat.",
}
CANNOT = {
    AROUND: "Annat som hände i området samtidigt räknas in. Sattes åtgärden in efter ett ovanligt dåligt år väntas det "
    "bli bättre av sig självt.",
    COURSE: "Utan jämförelseområde räknas allt annat som hände samtidigt in, också att fler eller färre anmäler.",
    BESIDE: "Annat som hände bara i området räknas in, också att fler eller färre anmäler just där.",
}

_NOT_WHY = "Vi kan inte säga att det var åtgärden som gjorde det."

#: Why a method is not used. ``{hidden}`` and ``{before}`` are numbers of periods.
_WHY_NOT = {
    "not_counts": "Metoden räknar händelser. Måttet är något annat: jämför utgångsläget med det nya värdet i stället.",
    "no_series": "Serien har inga siffror.",
    "short": "Serien är för kort. Det behövs minst två år före starten, och minst åtta perioder, för att se kursen.",
    "hidden": "{hidden} perioder är dolda för att de är små. Att gissa dem, eller räkna utan dem, vore fel åt det håll "
    "vi hoppas på. Välj ett större område eller alla slag av händelser.",
    "coarse": "Siffrorna är så små att stegen de visas i är för grova för att följa dem period för period.",
    "no_before": "Det finns inga händelser före starten att jämföra med.",
    "no_after": "Det finns inga hela perioder efter starten än.",
    "no_control": "Det finns inget jämförelseområde med siffror för alla perioder. Välj ett annat.",
    "small_counts": "Händelserna är för få. Med färre än tio väntade syns bara mycket stora skillnader.",
}
_WHY_NOT_AROUND = {
    "short": "Källan täcker inte lika lång tid före och efter starten. Det behövs ett år före och tre månader efter.",
    "hidden": "Ett av antalen är dolt för att det är litet. Välj ett större område eller alla slag av händelser.",
    "no_control": "Jämförelseområdet har inga sådana händelser. Välj ett annat.",
}


class EffectRecord(Judged, Protocol):
    """What is read of an effect."""

    @property
    def ratio(self) -> float: ...


class WeightedRecord(Judged, Protocol):
    """What is read of a weighted difference."""

    @property
    def difference(self) -> float: ...


class DisplacedRecord(Protocol):
    """What is read of what happened next door."""

    @property
    def quotient(self) -> float | None: ...
    @property
    def buffer(self) -> EffectRecord: ...


def why_not(method: str, reason: str, hidden: int = 0) -> str:
    """Why a method says nothing of these figures."""
    own = _WHY_NOT_AROUND if method == AROUND else {}
    return own.get(reason, _WHY_NOT[reason]).format(hidden=number(hidden))


def change_of(ratio: float) -> float:
    """A ratio as a change in per cent."""
    return 100 * (ratio - 1)


def finding(what: str, place: str, found: EffectRecord, beside: str) -> str:
    """A title: "Skadegörelse i Rimbo: 24 % färre än väntat jämfört med Älmsta"."""
    start = f"{what} i {place}"
    if found.verdict == NORMAL:
        return f"{start}: skillnaden {_beside(beside)} kan vara slump"
    return f"{start}: {_more(found.ratio)} {_than(beside)}"


def sentence(place: str, found: EffectRecord, beside: str) -> str:
    """The size of the effect with its uncertainty, whether it is more than chance, and what cannot be said.

    ``beside``: the names that it is set beside; empty: its own course, or the time before.
    """
    start = f"I {place} blev det {_more(found.ratio)} händelser {_than(beside)}"
    if found.verdict in (HIGHER, LOWER):
        return f"{start} ({_limits(found)}). Så stora skillnader uppstår sällan av slump. {_NOT_WHY}"
    return (
        f"{start}, men skillnaden kan vara slump: allt {_limits(found)} stämmer med siffrorna. Det betyder inte att "
        "åtgärden var utan verkan, bara att den inte syns här."
    )


def weighted_sentence(found: WeightedRecord | None, beside: str) -> str:
    """The effect as a number of events; why not, when the areas are too unlike."""
    if found is None:
        return f"I antal går skillnaden inte att säga: området och {beside} har olika många händelser."
    more = "fler" if found.difference > 0 else "färre"
    return (
        f"I antal är det {number(abs(found.difference))} händelser {more} än utvecklingen i {beside} gav att vänta "
        f"(mellan {signed(found.lower)} och {signed(found.upper)})."
    )


def displaced_sentence(found: DisplacedRecord | None, buffer: str, beside: str) -> str:
    """Whether the events moved next door; empty without a buffer."""
    if not buffer:
        return ""
    if found is None:
        return f"Om händelserna flyttade till {buffer} går inte att säga: siffror saknas eller är dolda där."
    if found.quotient is None:
        return f"Området minskade inte jämfört med {beside}, så det finns inget som kan ha flyttat till {buffer}."
    verdict = found.buffer.verdict
    if verdict == HIGHER:
        share = number(min(-found.quotient, 1) * 100) if found.quotient < 0 else "0"
        return (
            f"I {buffer} blev det samtidigt {_more(found.buffer.ratio)} händelser {_than(beside)} "
            f"({_limits(found.buffer)}): en del kan ha flyttat dit, motsvarande ungefär {share}\u00a0% av minskningen."
        )
    if verdict == LOWER:
        return f"I {buffer} blev det också färre än väntat: det tyder inte på att händelserna flyttade dit."
    if verdict == NORMAL:
        return f"I {buffer} syns ingen säker förändring: det går inte att se att händelserna flyttade dit."
    return f"Om händelserna flyttade till {buffer} går inte att säga: de är för få där."


def counts_table(counts: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """The counts behind before and after: a row per area, steps written out, hidden ones as that.

    ``counts``: role, area_id, before, after (middles), before_label, after_label, step; ``names`` by area id.
    """
    roles = {"place": "Med åtgärd", "control": "Jämförelse", "buffer": "Angränsande"}
    first = counts.iloc[0]
    return pd.DataFrame(
        {
            "Område": [names.get(area, area) for area in counts["area_id"]],
            "Roll": [roles[role] for role in counts["role"]],
            str(first["before_label"]): [_count(*one) for one in zip(counts["before"], counts["step"], strict=True)],
            str(first["after_label"]): [_count(*one) for one in zip(counts["after"], counts["step"], strict=True)],
        }
    )


def effect_table(found: EffectRecord, areas: Sequence[str]) -> pd.DataFrame:
    """The figures of an effect."""
    return pd.DataFrame(
        {
            "Jämfört med": [listing(areas) or "kursen före starten"],
            "Förändring (%)": [round(change_of(found.ratio))],
            "Lägst (%)": [round(change_of(found.lower))],
            "Högst (%)": [round(change_of(found.upper))],
            "Bedömning": [str(found.verdict)],
        }
    )


def _count(middle: float, step: int) -> str:
    if np.isnan(middle):
        return "dolt antal"
    half = (step - 1) / 2
    return number(middle) if step == 1 else f"{number(middle - half)}–{number(middle + half)}"


def _than(beside: str) -> str:
    return f"än utvecklingen i {beside} gav att vänta" if beside else "än väntat"


def _beside(beside: str) -> str:
    return f"mot {beside}" if beside else "mot det väntade"


def _more(ratio: float) -> str:
    """ "24 % färre", "5 % fler"."""
    return f"{number(abs(change_of(ratio)))}\u00a0% {'fler' if ratio > 1 else 'färre'}"


def _limits(found: EffectRecord) -> str:
    """ "mellan 8 och 37 % färre", "mellan 30 % färre och 9 % fler"."""
    low, high = change_of(found.lower), change_of(found.upper)
    if (low < 0) != (high < 0):
        return f"mellan {_more(found.lower)} och {_more(found.upper)}"
    near, far = sorted((abs(low), abs(high)))
    return f"mellan {number(near)} och {number(far)}\u00a0% {'färre' if low < 0 else 'fler'}"
