"""Undersökningar: what people answer, by group and wave, and beside what is reported and observed in the place."""

from __future__ import annotations

import streamlit as st

from queries import survey_waves
from ui import filters, parts
from ui.facts import ask
from ui.local.overview import import_link
from ui.surveys import local, official, three

_ANSWERS, _BESIDE = "Svaren", "Anmält, upplevt, observerat"


def answers(choice: filters.Choice) -> None:
    """One survey at a time: those that people have brought first, the largest first, then the published ones."""
    brought = {one["title"]: one["source_id"] for one in ask(survey_waves.surveys).to_dict("records")}
    titles = [*brought, *(one for one in official.known(choice) if one not in brought)]
    if not titles:
        parts.empty(
            f"Det finns inga undersökningar om {choice.municipality} här ännu.",
            "NTU och medborgarundersökningen hämtas med `python -m pipelines fetch kolada_indicators`. Egna "
            "undersökningar, som trygghetsundersökningen, FTU och elevenkäter, läggs till som kalkylblad.",
        )
        import_link("Lägg till ett kalkylblad")
        return
    chosen = st.selectbox(
        "Undersökning", titles, key="undersokning", bind="query-params", width=340, placeholder="Välj undersökning"
    )
    if chosen in brought:
        local.show(choice, brought[chosen])
    else:
        official.show(choice, chosen)
    missing(choice, titles, anything=bool(brought))


def missing(choice: filters.Choice, titles: list[str], *, anything: bool) -> None:
    """Which surveys are not here, and what would bring them."""
    lines = []
    if not anything:
        lines.append(
            "Egna undersökningar saknas: trygghetsundersökningen, FTU (företagens trygghet), Tryggare Skola och andra "
            "elevenkäter. De läggs till som kalkylblad, med en rad per svarande eller per svar."
        )
    if official.NTU not in titles:
        lines.append(
            f"NTU och medborgarundersökningen för {choice.municipality} saknas. De hämtas med "
            "`python -m pipelines fetch kolada_indicators`."
        )
    if lines:
        with st.container(border=True):
            st.markdown("\n\n".join(lines))
            if not anything:
                import_link("Lägg till ett kalkylblad")


def page() -> None:
    parts.heading("Undersökningar", "Vad svarar de som frågats, och stämmer det med vad som anmäls och observeras?")
    choice = filters.choice()
    view = st.segmented_control(
        "Visa", [_ANSWERS, _BESIDE], default=_ANSWERS, required=True, key="vy", bind="query-params"
    )
    if view == _BESIDE:
        three.show(choice)
    else:
        answers(choice)
    parts.cautions(
        [],
        "Fritextsvar läggs aldrig in och visas därför inte.",
        "Andelar är vägda med svarens vikter när leveransen har sådana. Osäkerheten räknar med vikterna "
        "(effektivt antal svar) men inte med hur urvalet drogs, som leveranserna inte säger: den kan vara något för "
        "snäv.",
        "Antal och andelar som bygger på färre än fem döljs, och andra med dem när de annars kunde räknas ut. Under "
        "20 svar görs ingen bedömning.",
        "Av en skala räknas svaren över mitten. Den som svarat «vet ej» räknas inte.",
        "En ändring mellan omgångar jämför olika personers svar. Om frågan eller sättet att fråga har ändrats går "
        "omgångarna inte att jämföra.",
        "Anmälningar följer också hur många som anmäler och var polisen arbetar, lägesrapporter hur många som "
        "rapporterar. Därför räknas rapporter per rapportör.",
    )


page()
