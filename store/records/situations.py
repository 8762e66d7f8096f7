"""The situation picture that the law asks for, and the frozen figures and notes that anything may rest on."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from store.records.base import Row, choice, day, of, order, record, text
from store.records.choices import EvidenceKind, Stage


class Situation(Row):
    """A situation picture (*lägesbild*). Law (2023:196) 4 §: the parts are crime, other information, and analysis.

    It cannot be decided while a part is empty; a decided one is not changed, and its build is kept for ever.
    """

    __tablename__ = "situation"

    title: Mapped[str] = text("Rubrik", required=True)
    place_id: Mapped[str] = text("Plats", required=True)
    place: Mapped[str] = text("Platsens namn", required=True)
    period: Mapped[str] = text("Period")
    crime: Mapped[str] = text("Brottslighetens omfattning", long=True)
    consequences: Mapped[str] = text("Brottslighetens konsekvenser", long=True)
    other: Mapped[str] = text("Övrig relevant information", long=True)
    analysis: Mapped[str] = text("Analys", long=True)
    uncertainty: Mapped[str] = text("Osäkerhet", long=True)
    sources_left_out: Mapped[str] = text("Källor som inte har använts, och varför", long=True)
    other_statutes: Mapped[str] = text("Samordning med annan lagstadgad planering", long=True)
    build: Mapped[str] = text("Bygge som siffrorna kommer från")
    follows_id: Mapped[int | None] = of("situation", "Uppdaterar lägesbilden")
    stage: Mapped[str] = choice("Läge", Stage, Stage.DRAFT)
    decided_on: Mapped[date | None] = day("Beslutsdag")
    decided_by: Mapped[str] = text("Beslutande organ")
    registry_number: Mapped[str] = text("Diarienummer")


class Evidence(Row):
    """What something rests on: a chart with its figures frozen, a survey answer, an interview note or a study.

    ``frozen`` is the exhibit as it was shown (``charts.frozen`` reads it); ``link`` opens the page that it came
    from. It belongs to one situation picture, problem, cause or follow-up.
    """

    __tablename__ = "evidence"

    situation_id: Mapped[int | None] = of("situation", "Lägesbild")
    problem_id: Mapped[int | None] = of("problem", "Problem")
    cause_id: Mapped[int | None] = of("cause", "Orsak")
    follow_up_id: Mapped[int | None] = of("follow_up", "Uppföljning")
    position: Mapped[int] = order()
    kind: Mapped[str] = choice("Slag", EvidenceKind, EvidenceKind.CHART)
    title: Mapped[str] = text("Rubrik", required=True)
    note: Mapped[str] = text("Vad det visar", long=True)
    source: Mapped[str] = text("Källa")
    build: Mapped[str] = text("Bygge")
    link: Mapped[str] = text("Sida")
    frozen: Mapped[Any] = record("Figur och siffror som de visades")
