"""Whether a goal is specific, measurable, accepted, realistic and set in time: hints that help, and never stop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

#: Words that say that something should be better, and not what.
_VAGUE = r"\b(?:bättre|förbättra\w*|främja\w*|verka för|arbeta för|stärk\w*|utveckl\w*|bidra\w*|satsa\w*)\b"

#: Words that say what shall be done, and not what shall come of it.
_DOING = r"\b(?:genomför\w*|anordna\w*|utbild\w*|start\w*|inför\w*|ta fram|hålla|köp\w*|bygg\w*|patrullera\w*)\b"

#: A title of fewer words hardly says what, for whom and where.
_FEWEST_WORDS = 3


@dataclass(frozen=True)
class GoalParts:
    """What there is of a goal. Figures are None where they are not given; ``can_be_found`` is None where the planned
    evaluation has not been tried. ``measures`` is how many work towards it, ``without_role`` how many of those nobody
    is responsible for, ``starts_on`` the first day of the first of them."""

    title: str
    today: date
    place: str = ""
    indicator: str = ""
    fall: bool = True
    baseline: float | None = None
    baseline_lower: float | None = None
    baseline_upper: float | None = None
    target: float | None = None
    due_on: date | None = None
    criterion: str = ""
    measures: int = 0
    without_role: int = 0
    starts_on: date | None = None
    can_be_found: bool | None = None


@dataclass(frozen=True)
class Hint:
    """One letter: ``good`` when nothing is missing; ``text`` says what is there, or what would make it better."""

    letter: str
    word: str
    good: bool
    text: str


def hints(goal: GoalParts) -> list[Hint]:
    """One hint for each of S, M, A, R and T, in that order."""
    looked_at = {
        "Specifikt": (_specific(goal), "Det står vad som ska ändras, och var."),
        "Mätbart": (_measurable(goal), "Mått, utgångsläge och målvärde finns."),
        "Accepterat": (_accepted(goal), "Det finns åtgärder som leder hit, och någon ansvarar för var och en."),
        "Realistiskt": (_realistic(goal), "Målet ligger utanför slumpen, och uppföljningen kan se det."),
        "Tidsatt": (_timed(goal), "Det finns en dag då målet ska vara nått."),
    }
    return [Hint(word[0], word, not wanting, wanting or fine) for word, (wanting, fine) in looked_at.items()]


def _specific(goal: GoalParts) -> str:
    title = goal.title.casefold()
    if len(title.split()) < _FEWEST_WORDS:
        return "Skriv vad som ska ändras, för vem och var, i en hel mening."
    if re.search(_DOING, title):
        return "Det låter som en åtgärd. Skriv i stället vad som ska ha blivit annorlunda när åtgärden är gjord."
    if re.search(_VAGUE, title):
        return "Byt det allmänna ordet mot det som ska hända, till exempel «färre inbrott i förråd»."
    return "" if goal.place else "Välj plats, så att det går att se var målet gäller."


def _measurable(goal: GoalParts) -> str:
    if not goal.indicator:
        return "Välj ett mått som målet följs i. Då hämtas utgångsläget ur siffrorna."
    if goal.baseline is None:
        return "Utgångsläget saknas. Hämta det ur siffrorna, eller skriv det."
    return "Målvärdet saknas. Skriv vilken siffra som ska nås." if goal.target is None else ""


def _accepted(goal: GoalParts) -> str:
    if not goal.measures:
        return "Ingen åtgärd leder till målet än. Koppla minst en, så att någon har åtagit sig det."
    if goal.without_role:
        return "En åtgärd som leder hit saknar ansvarig roll. Skriv vem som ansvarar."
    return ""


def _realistic(goal: GoalParts) -> str:
    if goal.baseline is None or goal.target is None:
        return "Går att bedöma när utgångsläge och målvärde finns."
    change = goal.target - goal.baseline
    if change == 0 or (change < 0) != goal.fall:
        way = "lägre" if goal.fall else "högre"
        return f"Målvärdet ska vara {way} än utgångsläget, annars är målet redan nått."
    if _within(goal):
        return "Målvärdet ligger inom det som slumpen ändå flyttar siffran. Sikta längre, eller välj ett större område."
    if goal.target == 0:
        return "Noll nås sällan. Räcker det med färre?"
    if goal.can_be_found is False:
        return "Uppföljningen kan inte se en så liten ändring. Sikta längre, eller välj större område eller längre tid."
    return ""


def _within(goal: GoalParts) -> bool:
    low, high, target = goal.baseline_lower, goal.baseline_upper, goal.target
    return low is not None and high is not None and target is not None and low <= target <= high


def _timed(goal: GoalParts) -> str:
    if goal.due_on is None:
        return "Sätt en dag då målet ska vara nått."
    if goal.due_on <= goal.today:
        return "Dagen har redan varit. Följ upp målet, eller sätt en ny dag."
    if goal.starts_on and goal.due_on <= goal.starts_on:
        return "Målet ska vara nått innan åtgärden har börjat. Flytta den ena dagen."
    return "" if goal.criterion else "Skriv hur det avgörs om målet är nått, så att alla läser siffran lika."
