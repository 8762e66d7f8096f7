"""Tid och plats: when and where events happen, whether they come again, and whether something has changed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from queries import time_and_place
from ui import filters, parts
from ui.facts import ask
from ui.time_and_place import when, where
from ui.time_and_place.asked import choose

_QUESTIONS = {
    "Veckan": when.week,
    "Året": when.year,
    "Platser": where.spots,
    "Upprepning": where.repeats,
    "Före och efter": when.change,
    "Rapportörer": when.reports,
}


@st.fragment
def explore(choice: filters.Choice, sources: pd.DataFrame) -> None:
    """One source and one question at a time: only what is open is worked out."""
    asked = choose(choice, sources)
    question = st.segmented_control(
        "Vad vill du veta?", list(_QUESTIONS), default="Veckan", key="fraga", required=True, bind="query-params"
    )
    if not asked.period:
        parts.empty(
            f"{asked.title} täcker ingen hel månad än.", "Lägg till fler uppgifter ur samma källa på sidan Importera."
        )
        return
    _QUESTIONS[question](asked)
    caveats = sources.loc[sources["source_id"] == asked.source_id, "caveats"].iloc[0]
    parts.cautions(
        (), *filter(None, caveats.split("\n")),
        "Allt gäller hela år, räknade bakåt från källans senaste hela månad.",
        "«Mer än slumpen ger» jämför med en jämn fördelning. Det säger inte varför.",
    )  # fmt: skip


def page() -> None:
    """Choose, ask, draw, explain."""
    choice = filters.choice()
    parts.heading("Tid och plats", f"När och var sker det i {choice.place}, kommer det igen, och har något ändrats?")
    sources = ask(time_and_place.sources, choice.municipality_id)
    if sources.empty:
        parts.empty(
            f"Det finns inga händelser med tid och plats för {choice.municipality} än.",
            "De kommer när polisens ärenden, lägesrapporter eller felanmälningar läggs till på sidan Importera, eller "
            "med Polisens notiser: `python -m pipelines fetch polisen_events`.",
        )
        return
    explore(choice, sources)


page()
