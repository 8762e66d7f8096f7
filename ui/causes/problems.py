"""The problems that can be broken down: events of a source, answers to a survey, and reported offences."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts.swedish import capital
from queries import causes, causes_official, causes_surveys, local, offences, time_and_place
from queries.causes import Path
from ui import parts
from ui.causes import harmed
from ui.causes.asked import Asked, compared, path
from ui.causes.shown import show
from ui.facts import ask
from ui.filters import Choice

OFFENCES = "Anmälda brott (Brå)"
ALL_CATEGORIES = "Alla slag"

#: The districts as a dimension of answers.
_DISTRICT = causes_surveys.DISTRICT.capitalize()


def events(choice: Choice, source: pd.Series, room: DeltaGenerator) -> None:
    """Events of a source (``room``: beside which the choice stands): kind, what they are set against, path."""
    source_id, title = str(source["source_id"]), str(source["title"])
    known = ask(causes.comparisons, choice.municipality_id, source_id, choice.place_id)
    if not known:
        parts.empty(
            f"{title} täcker för kort tid för att jämföras.",
            "Det behövs två hela år. Lägg till äldre uppgifter ur samma källa på sidan Importera.",
        )
        return
    kinds = ask(time_and_place.categories, choice.municipality_id, source_id)
    category = room.selectbox(
        "Slag av händelse", [ALL_CATEGORIES, *kinds], key="slag", bind="query-params", placeholder="Välj slag"
    )
    category = "" if category == ALL_CATEGORIES else category
    against = compared(known)
    taken = ["Slag"] * bool(category) + ["Kommundel"] * choice.is_district
    chosen = path(ask(causes.steps, choice.municipality_id, source_id), taken)
    if chosen is None:
        return
    show(
        Asked(
            "händelser", (choice.municipality_id, source_id, choice.place_id, category),
            _what(f"{capital(category or title)} i {choice.where}", chosen), choice.where, against, chosen,
            parts.provenance(source["citation"], source["delivered"]),
            (("Källa", title), ("Slag", category or ALL_CATEGORIES)),
        )
    )  # fmt: skip
    if not category and not chosen and source["kind"] == "events":
        harmed.show(choice, source_id, parts.provenance(source["citation"], source["delivered"]), title)


def reported(choice: Choice) -> None:
    """Offences reported in the municipality."""
    if choice.is_district:
        st.markdown(f"Brå redovisar bara hela {choice.municipality} kommun, så siffrorna gäller den.")
    known = ask(causes_official.comparisons, choice.municipality_id)
    if not known:
        parts.empty("Det finns för få år med anmälda brott att jämföra.", "Lägg till Brås uttag på sidan Importera.")
        return
    against = compared(known)
    chosen = path(ask(causes_official.steps, choice.municipality_id), ())
    if chosen is None:
        return
    where = f"{choice.municipality} kommun"
    cited = parts.sources_of(offences.TOTAL, places=(choice.municipality_id,))
    show(
        Asked(
            "anmälda brott", (choice.municipality_id,), _what(f"Anmälda brott i {where}", chosen), where, against,
            chosen, cited[0], (("Källa", OFFENCES),),
        )
    )  # fmt: skip


def answers(choice: Choice, source: pd.Series, room: DeltaGenerator) -> None:
    """Answers to a survey (``room`` as for events): one question at a time, between its two newest waves."""
    source_id, title = str(source["source_id"]), str(source["title"])
    asked = ask(causes_surveys.questions, choice.municipality_id, source_id)
    if asked.empty:
        parts.empty(
            f"{title} har bara en omgång, så ingen förändring kan delas upp.",
            "Sidan Undersökningar visar hur grupperna skiljer sig. Lägg till fler omgångar på sidan Importera.",
        )
        return
    labels = [f"{question} ({answer})" for question, answer in asked[["question", "choice"]].to_numpy()]
    chosen = room.selectbox("Fråga", labels, key="fraga", bind="query-params", placeholder="Välj fråga")
    row = asked.iloc[labels.index(chosen)]
    key = (choice.municipality_id, source_id, *(str(row[one]) for one in ("question_id", "choice", "wave", "old_wave")))
    inside = ((_DISTRICT, choice.place),) if choice.is_district else ()
    with st.spinner(parts.WORKING):
        steps = {} if inside else ask(causes_surveys.steps, *key)
    taken = path(steps, ()) if steps else inside
    if taken is None:
        return
    if len(taken) > 1:
        st.markdown("Svar går att dela upp i ett steg. Två steg skulle gälla för få svarande. Ta bort det ena.")
        return
    where = choice.where if choice.is_district else f"{choice.municipality} kommun"
    what = f"«{row['question']}», {row['choice']}" + (f", i {choice.place}" if choice.is_district else "")
    show(
        Asked(
            "svar", key, what if inside else _what(what, taken), where, "", taken,
            parts.provenance(source["citation"], source["delivered"]),
            (("Undersökning", title), ("Fråga", str(row["question"])), ("Svar", str(row["choice"]))),
        )
    )  # fmt: skip


def known(choice: Choice) -> dict[str, pd.Series | None]:
    """Everything that can be broken down by its title, with its source; local events first."""
    of_events = ask(time_and_place.sources, choice.municipality_id)
    surveys = ask(local.sources)
    surveys = surveys[surveys["kind"] == "answers"]
    found: dict[str, pd.Series | None] = {}
    for rows in (of_events[of_events["kind"] != "official"], surveys):
        found |= {str(row["title"]): row for _, row in rows.iterrows()}
    if len(ask(offences.groups, choice.municipality_id)):
        found[OFFENCES] = None
    return found | {str(row["title"]): row for _, row in of_events[of_events["kind"] == "official"].iterrows()}


def _what(start: str, chosen: Path) -> str:
    return " › ".join([start, *(part for _, part in chosen)])
