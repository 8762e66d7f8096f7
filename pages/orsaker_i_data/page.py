"""Orsaker i data: where a change, or a place's level, lies."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ui import filters, parts
from ui.causes import problems


@st.fragment
def explore(choice: filters.Choice, known: dict[str, pd.Series | None]) -> None:
    """One problem at a time: only what is open is worked out."""
    left, right = st.columns([1, 2])
    title = left.selectbox("Problem ur", list(known), key="problem", bind="query-params", placeholder="Välj källa")
    source = known[title]
    if source is None:
        problems.reported(choice)
    elif source["kind"] == "answers":
        problems.answers(choice, source, right)
    else:
        problems.events(choice, source, right)
    parts.cautions(
        (), "Sidan visar var en förändring ligger. Den säger inte varför; det kräver kunskap om platsen.",
        "Varje del jämförs med de andra: det som är gemensamt för alla sticker inte ut någonstans.",
        "Alla delar prövas på en gång och gränserna är vidgade efter det, så att slumpen sällan ger ett utslag.",
        "Varje uppdelning delar samma händelser, så delarna kan inte läggas ihop från flera uppdelningar.",
        "Slag och kommundel har exakta tal. Övriga är avrundade nedåt när källan är skyddad, och små tal visas inte.",
        "Tid på dygnet är okänd när tidpunkten är känd bara inom mer än sex timmar, till exempel över en natt. Saknar "
        "källan händelsens tid gäller den när det anmäldes.",
    )  # fmt: skip


def page() -> None:
    """Choose, ask, draw, explain."""
    choice = filters.choice()
    parts.heading("Orsaker i data", f"Var ligger förändringen i {choice.place}? Här finns var, men inte varför.")
    known = problems.known(choice)
    if not known:
        parts.empty(
            f"Det finns inget att dela upp för {choice.municipality} än.",
            "Lägg till polisens ärenden, lägesrapporter, felanmälningar eller enkäter på sidan Importera.",
        )
        return
    explore(choice, known)


page()
