"""What the reader asks about on Tid och plats: a source of events, one of its categories, in the chosen place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from charts.exhibit import Exhibit, Provenance
from charts.swedish import capital
from queries import time_and_place
from queries.measured import EVENTS, Measured
from ui import filters, parts
from ui.facts import ask

ALL_CATEGORIES = "Alla slag"
_ONLY_MUNICIPALITY = (
    "En källa som bara anger kommun kan inte säga något om en kommundel; det gör ett uttag från Polisen med DeSO eller "
    "adress, eller rapporter med ort."
)

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What is asked about. ``category`` is empty for all of them."""

    municipality_id: str
    municipality: str
    place_id: str
    place: str
    is_district: bool
    source_id: str
    title: str
    category: str
    period: str
    cited: Provenance

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the queries take."""
        return self.municipality_id, self.source_id, self.place_id, self.category

    @property
    def where(self) -> str:
        """The place as an exhibit names it."""
        return self.place if self.is_district else f"{self.municipality} kommun"

    @property
    def what(self) -> str:
        """The events and their place, to begin a title with."""
        return f"{capital(self.category or self.title)} i {self.where}"

    @property
    def wider(self) -> str:
        """What to choose to have more events, in a sentence."""
        choices = ["hela kommunen"] * self.is_district + ["alla slag"] * bool(self.category)
        return f"Välj {' eller '.join(choices)}." if choices else "Lägg till fler uppgifter ur samma källa."

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """The choices beside place and period, as an exhibit tells them."""
        return ("Källa", self.title), ("Slag", self.category or ALL_CATEGORIES)


def choose(choice: filters.Choice, sources: pd.DataFrame) -> Asked:
    """Draw the choices of source and category, kept in the address."""
    first, second = st.columns([1, 2])
    titles = sources["title"].tolist()
    title = first.selectbox("Händelser ur", titles, key="kalla", bind="query-params", placeholder="Välj källa")
    source = sources[sources["title"] == title].iloc[0]
    known = ask(time_and_place.categories, choice.municipality_id, source["source_id"])
    category = second.selectbox(
        "Slag av händelse", [ALL_CATEGORIES, *known], key="slag", bind="query-params", placeholder="Välj slag"
    )
    return Asked(
        choice.municipality_id, choice.municipality, choice.place_id, choice.place, choice.is_district,
        str(source["source_id"]), title, "" if category == ALL_CATEGORIES else category,
        ask(time_and_place.period_label, source["source_id"]),
        parts.provenance(source["citation"], source["delivered"]),
    )  # fmt: skip


def known(answer: T | None) -> T:
    """An answer that is there: the exhibit of a question is made only when it has one."""
    if answer is None:
        raise ValueError("nothing to show")
    return answer


def exhibit(asked: Asked, name: str, **parts_of: Any) -> Exhibit:
    """An exhibit about what is asked, with its place, period, source, filters and series."""
    series = Measured(
        EVENTS, asked.place_id, asked.category or asked.title, source_id=asked.source_id, category=asked.category
    )
    common = {
        "place": asked.where, "period": asked.period, "sources": (asked.cited,), "filters": asked.filters,
        "measured": series.as_json(),
    }  # fmt: skip
    return Exhibit(id=f"tid-och-plats-{name}", **{**common, **parts_of})


def nothing_here(asked: Asked) -> None:
    """That the source has none of these events in the place."""
    parts.empty(
        f"{asked.title} har inga händelser av det valda slaget i {asked.where} {asked.period}.".replace("  ", " "),
        f"{asked.wider} {_ONLY_MUNICIPALITY if asked.is_district else ''}".strip(),
    )
