"""The law on municipalities' responsibility for crime prevention, 2023:196: what each paragraph asks for, what of it is
here, and its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from analysis.renewal import plan_follow_up, renewed_by

Work = Mapping[str, pd.DataFrame]

#: A clock is soon due when fewer days than these are left: time to write, send out and decide.
SOON_DAYS = 183


class State(StrEnum):
    """How it stands; the value is the Swedish word that is shown with its sign."""

    DONE = "Uppfyllt"
    SOON = "Snart dags"
    PART = "Delvis"
    LATE = "Försenat"
    MISSING = "Saknas"


@dataclass(frozen=True)
class Clock:
    """A day that the law sets. ``due`` None when nothing has been decided that it could count from."""

    name: str
    paragraph: str
    due: date | None
    state: State
    says: str
    about: str
    about_id: int | None = None


@dataclass(frozen=True)
class Duty:
    """A paragraph: what it asks for in short, how it stands, what fulfils it and what is missing, in sentences.

    ``rows`` are the (table, id, title) that fulfil it.
    """

    paragraph: str
    asks: str
    state: State
    says: str
    missing: tuple[str, ...] = ()
    rows: tuple[tuple[str, int, str], ...] = ()


def clocks(work: Work, today: date) -> list[Clock]:
    """The two clocks of 6 §: the situation picture's, and the plan's follow-up, each at least every second year.

    ``work``: frames of situation, plan, measure, goal_measure and follow_up, as they are kept.
    """
    return [_picture_clock(work["situation"], today), _plan_clock(work, today)]


def _picture_clock(situations: pd.DataFrame, today: date) -> Clock:
    name = "Uppdatera lägesbilden"
    decided = _newest_decided(situations)
    if decided is None:
        return Clock(name, "4 och 6 §§", None, State.MISSING, "Ingen beslutad lägesbild finns här.", "situation")
    due = renewed_by(_day(decided["decided_on"]))
    return Clock(name, "6 §", due, _state(due, today), f"{decided['title']}.", "situation", int(decided["id"]))


def _plan_clock(work: Work, today: date) -> Clock:
    name = "Följa upp åtgärdsplanen"
    decided = _newest_decided(_lawful(work["plan"]))
    if decided is None:
        return Clock(name, "5 och 6 §§", None, State.MISSING, "Ingen beslutad åtgärdsplan finns här.", "plan")
    told = plan_follow_up(
        int(decided["id"]), _day(decided["decided_on"]), work["measure"], work["goal_measure"], work["follow_up"]
    )
    says = f"{decided['title']}. {told.says}"
    return Clock(name, "6 §", told.due, _state(told.due, today), says, "plan", int(decided["id"]))


def _state(due: date, today: date) -> State:
    left = (due - today).days
    return State.LATE if left < 0 else State.SOON if left < SOON_DAYS else State.DONE


def _lawful(plans: pd.DataFrame) -> pd.DataFrame:
    return plans[plans["kind"] == "lawful"]


def _newest_decided(rows: pd.DataFrame) -> pd.Series | None:
    decided = rows[(rows["stage"] == "decided") & rows["decided_on"].notna()]
    return None if decided.empty else decided.sort_values(["decided_on", "id"]).iloc[-1]


def duties(work: Work, today: date, *, parts: Mapping[str, str]) -> list[Duty]:
    """Each paragraph of the law with what fulfils it here and what is missing.

    ``work`` also holds agreement, council_member, coordination and meeting. ``parts``: the columns of a situation
    picture that the law asks for, and their Swedish names.
    """
    picture, plan = _newest_decided(work["situation"]), _newest_decided(_lawful(work["plan"]))
    clock = {one.about: one for one in clocks(work, today)}
    return [
        _picture(work["situation"], picture, parts),
        _plan(work["plan"], plan),
        _kept_up(clock),
        _other_statutes(picture),
        _agreements(work["agreement"], today),
        _council(work["council_member"], work["meeting"], today),
        _coordination(work["coordination"]),
        _board(work["meeting"], today),
    ]


def _picture(situations: pd.DataFrame, decided: pd.Series | None, parts: Mapping[str, str]) -> Duty:
    asks = "En lägesbild: kartläggning av brottsligheten och dess konsekvenser, annan relevant information, och analys."
    if decided is not None:
        says = f"Beslutad av {decided['decided_by']}."
        return Duty("4 §", asks, State.DONE, says, rows=(("situation", int(decided["id"]), str(decided["title"])),))
    if situations.empty:
        return Duty("4 §", asks, State.MISSING, "Ingen lägesbild har påbörjats.")
    draft = situations.sort_values("id").iloc[-1]
    empty = tuple(f"{name} är tom." for column, name in parts.items() if not str(draft[column]).strip())
    return Duty("4 §", asks, State.PART, "Ett utkast finns, men inget beslut.", empty, (_row("situation", draft),))


def _plan(plans: pd.DataFrame, decided: pd.Series | None) -> Duty:
    asks = "En beslutad åtgärdsplan som grundas på lägesbilden."
    lawful = _lawful(plans)
    if decided is None:
        if lawful.empty:
            return Duty("5 §", asks, State.MISSING, "Ingen åtgärdsplan har påbörjats.")
        return Duty(
            "5 §", asks, State.PART, "Ett utkast finns, men inget beslut.", (), (_row("plan", lawful.iloc[-1]),)
        )
    missing: tuple[str, ...] = (
        () if pd.notna(decided["situation_id"]) else ("Planen säger inte vilken lägesbild den grundas på.",)
    )
    if not str(decided["registry_number"]).strip():
        missing += ("Diarienummer saknas.",)
    state = State.PART if missing else State.DONE
    return Duty("5 §", asks, state, f"Beslutad av {decided['decided_by']}.", missing, (_row("plan", decided),))


def _kept_up(clock: Mapping[str, Clock]) -> Duty:
    asks = "Lägesbilden uppdateras och åtgärdsplanen följs upp minst vartannat år."
    order = list(State)
    worst = max((one.state for one in clock.values()), key=order.index)
    missing = tuple(f"{one.name}: {one.says}" for one in clock.values() if one.state in (State.LATE, State.MISSING))
    return Duty("6 §", asks, worst, "Två klockor, var för sig.", missing)


def _other_statutes(decided: pd.Series | None) -> Duty:
    asks = "Samordning med analyser och planer enligt andra författningar, där det är lämpligt."
    said = "" if decided is None else str(decided["other_statutes"]).strip()
    if said:
        return Duty("7 §", asks, State.DONE, said)
    return Duty("7 §", asks, State.MISSING, "Lägesbilden säger inget om andra analyser och planer.")


def _agreements(rows: pd.DataFrame, today: date) -> Duty:
    asks = "Skriftliga överenskommelser med berörda aktörer, med åtminstone syften och områden."
    ended = pd.to_datetime(rows["ends_on"]) < pd.Timestamp(today)
    begun = ~(pd.to_datetime(rows["starts_on"]) > pd.Timestamp(today))
    valid, over = rows[~ended & begun], rows[ended]
    missing = tuple(f"Överenskommelsen med {party} har gått ut." for party in over["party"])
    if valid.empty:
        return Duty("8–9 §§", asks, State.MISSING, "Ingen gällande överenskommelse finns här.", missing)
    says = f"{len(valid)} gällande: {', '.join(valid['party'])}."
    found = tuple(("agreement", int(key), str(party)) for key, party in zip(valid["id"], valid["party"], strict=True))
    return Duty("8–9 §§", asks, State.PART if missing else State.DONE, says, missing, found)


def _council(members: pd.DataFrame, meetings: pd.DataFrame, today: date) -> Duty:
    asks = "Ett strategiskt råd som leds av kommunen, med företrädare i ledande ställning."
    if members.empty:
        return Duty("10 §", asks, State.MISSING, "Inga ledamöter är inskrivna.")
    missing: tuple[str, ...] = () if members["leads"].any() else ("Det framgår inte vem som leder rådet.",)
    if (last := _last_held(meetings, "council")) is None:
        missing += ("Inget möte med rådet är inskrivet.",)
    elif (today - last).days > 366:
        missing += ("Rådet har inte mötts på ett år.",)
    organisations = members["organisation"].nunique()
    says = f"{len(members)} ledamöter från {organisations} organisationer."
    return Duty("10 §", asks, State.PART if missing else State.DONE, says, missing)


def _coordination(rows: pd.DataFrame) -> Duty:
    asks = "En samordnande funktion som är kontaktpunkt och sprider information till invånarna."
    if rows.empty:
        return Duty("11–12 §§", asks, State.MISSING, "Ingen funktion är utpekad här.")
    first = rows.iloc[0]
    missing = tuple(
        words
        for column, words in (("contact", "Kontaktväg saknas."), ("informs", "Hur invånarna informeras framgår inte."))
        if not str(first[column]).strip()
    )
    return Duty("11–12 §§", asks, State.PART if missing else State.DONE, f"{first['function']}.", missing)


def _board(meetings: pd.DataFrame, today: date) -> Duty:
    asks = "Kommunstyrelsen, eller den nämnd som leder arbetet, rapporterar löpande till kommunfullmäktige."
    last = _last_held(meetings, "board")
    if last is None:
        return Duty("13 §", asks, State.MISSING, "Ingen rapport till kommunfullmäktige är inskriven.")
    if (today - last).days > 366:
        return Duty("13 §", asks, State.LATE, "Den senaste rapporten är mer än ett år gammal.")
    return Duty("13 §", asks, State.DONE, "Rapporterat det senaste året.")


def _last_held(meetings: pd.DataFrame, kind: str) -> date | None:
    held = meetings.loc[meetings["kind"] == kind, "held_on"].dropna()
    return None if held.empty else _day(held.max())


def _row(table: str, row: pd.Series) -> tuple[str, int, str]:
    return table, int(row["id"]), str(row["title"])


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()
