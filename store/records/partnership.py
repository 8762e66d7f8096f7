"""The partnership's activities and invoices, meetings with their decisions and deviations, and the registers of the
law: agreements, the council and the coordinating function."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from store.records import choices
from store.records.base import Row, choice, day, of, order, record, text, whole, yes


class Activity(Row):
    """An activity in the partnership's plan; an option is switched on or off after dialogue."""

    __tablename__ = "activity"

    plan_id: Mapped[int] = of("plan", "Plan", required=True)
    number: Mapped[int] = order("Nummer")
    title: Mapped[str] = text("Aktivitet", required=True)
    description: Mapped[str] = text("Beskrivning", long=True)
    option: Mapped[bool] = yes("Option")
    chosen: Mapped[bool] = yes("Genomförs", default=True)
    cost_sek: Mapped[int | None] = whole("Kostnad", lowest=0, unit="kr")
    #: What ``cost_sek`` is for one of («skola»), or empty when it is for the whole activity.
    per: Mapped[str] = text("Kostnaden gäller per")
    units: Mapped[int | None] = whole("Antal", lowest=0)
    yearly_cost_sek: Mapped[int | None] = whole("Kostnad per år därutöver", lowest=0, unit="kr")
    grant: Mapped[str] = choice("Statsbidrag från Brå möjligt", choices.GrantPossible, choices.GrantPossible.NO)
    grant_note: Mapped[str] = text("Villkor för statsbidrag", long=True)
    together_with: Mapped[str] = text("Tillsammans med")
    needs: Mapped[str] = text("Vad som behövs av oss", long=True)
    progress: Mapped[str] = choice("Läge", choices.Progress, choices.Progress.PLANNED)


class Invoice(Row):
    """A half-year's invoice, in advance."""

    __tablename__ = "invoice"

    plan_id: Mapped[int] = of("plan", "Plan", required=True)
    half_year: Mapped[str] = text("Halvår", required=True)
    amount_sek: Mapped[int | None] = whole("Belopp", required=True, lowest=0, unit="kr")
    due_on: Mapped[date | None] = day("Förfaller")
    paid_on: Mapped[date | None] = day("Betald")


class Meeting(Row):
    """A meeting: its agenda as it was when it was made, and its minutes."""

    __tablename__ = "meeting"

    kind: Mapped[str] = choice("Slag", choices.MeetingKind, choices.MeetingKind.PARTNERSHIP)
    title: Mapped[str] = text("Rubrik", required=True)
    planned_on: Mapped[date | None] = day("Planerat till", required=True)
    held_on: Mapped[date | None] = day("Hölls")
    plan_id: Mapped[int | None] = of("plan", "Plan")
    agenda: Mapped[Any] = record("Dagordning")
    participants: Mapped[str] = text("Deltagare", names=True, long=True)
    minutes: Mapped[str] = text("Minnesanteckningar", long=True)
    registry_number: Mapped[str] = text("Diarienummer")


class Decision(Row):
    """Something decided at a meeting, and who sees to it by when."""

    __tablename__ = "decision"

    meeting_id: Mapped[int] = of("meeting", "Möte", required=True)
    what: Mapped[str] = text("Beslut", required=True, long=True)
    role: Mapped[str] = text("Ansvarig roll")
    due_on: Mapped[date | None] = day("Klart senast")
    done_on: Mapped[date | None] = day("Klart")


class Deviation(Row):
    """A deviation from the plan, which the parties agree on together."""

    __tablename__ = "deviation"

    meeting_id: Mapped[int | None] = of("meeting", "Möte")
    activity_id: Mapped[int | None] = of("activity", "Aktivitet")
    measure_id: Mapped[int | None] = of("measure", "Åtgärd")
    what: Mapped[str] = text("Avvikelse", required=True, long=True)
    why: Mapped[str] = text("Orsak", long=True)
    agreed: Mapped[str] = text("Överenskommen hantering", long=True)
    agreed_on: Mapped[date | None] = day("Överenskommet")


class Agreement(Row):
    """A written agreement on cooperation. Law 8-9 §§: it states at least purposes and areas."""

    __tablename__ = "agreement"

    party: Mapped[str] = text("Part", required=True)
    purposes: Mapped[str] = text("Syfte", required=True, long=True)
    areas: Mapped[str] = text("Områden", required=True, long=True)
    starts_on: Mapped[date | None] = day("Gäller från")
    ends_on: Mapped[date | None] = day("Gäller till")
    registry_number: Mapped[str] = text("Diarienummer")


class CouncilMember(Row):
    """A member of the strategic council. Law 10 §: led by the municipality, members in leading positions."""

    __tablename__ = "council_member"

    organisation: Mapped[str] = text("Organisation", required=True)
    position: Mapped[str] = text("Befattning", required=True)
    name: Mapped[str] = text("Namn", names=True)
    leads: Mapped[bool] = yes("Leder rådet")


class Coordination(Row):
    """The coordinating function. Law 11-12 §§: coordinates, is the point of contact, and informs residents."""

    __tablename__ = "coordination"

    function: Mapped[str] = text("Funktion", required=True)
    unit: Mapped[str] = text("Enhet")
    name: Mapped[str] = text("Namn", names=True)
    contact: Mapped[str] = text("Kontaktväg", names=True)
    informs: Mapped[str] = text("Så informeras invånarna", long=True)
