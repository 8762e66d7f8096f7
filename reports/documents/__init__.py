"""The ready documents, by name: what each is for, and how it is composed from the work and its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reports.description import Report
from reports.documents.plan import about_plan
from reports.documents.situation import about_situation
from store.records import Plan, Situation, Work
from store.records.choices import PlanKind
from store.warehouse import Build


@dataclass(frozen=True)
class Document:
    """``compose`` makes it of one row of ``model``, given its id and the day it is taken out."""

    name: str
    title: str
    purpose: str
    model: type[Situation] | type[Plan]
    compose: Callable[[Work, Build, int, date], Report]
    #: Which rows of the model it is about: column and value.
    of: tuple[tuple[str, str], ...] = ()


DOCUMENTS = {
    one.name: one
    for one in (
        Document(
            "lagesbild", "Lägesbild enligt lagen",
            "De tre delarna i 4 §, figurerna som de frystes, källor som använts och valts bort, osäkerhet och beslut.",
            Situation, about_situation,
        ),
        Document(
            "atgardsplan", "Åtgärdsplan",
            "Orsak, åtgärd, mål, när, vem och uppföljning, med kostnader, mål och beslut.",
            Plan, about_plan, (("kind", PlanKind.LAWFUL.value),),
        ),
        Document(
            "aktivitetsplan", "Aktivitetsplan för partnerskap",
            "Aktiviteter med optioner, kostnader och statsbidrag mot årets budget, åtgärder och beslut.",
            Plan, about_plan, (("kind", PlanKind.ACTIVITY.value),),
        ),
    )
}  # fmt: skip
