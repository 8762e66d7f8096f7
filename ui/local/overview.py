"""Which local sources there are, and what would bring the first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts.swedish import date
from queries import local
from ui import parts
from ui.auth import may_write
from ui.facts import ask

#: What the rows of each kind are, in the plural.
KINDS = {
    "events": "händelser",
    "answers": "enkätsvar",
    "observations": "mått",
    "participation": "deltagande",
    "inspections": "trygghetsronder",
}


def show() -> None:
    """The local sources with their newest period and how much there is; nothing when there are none."""
    sources = ask(local.sources)
    if sources.empty:
        return
    st.subheader("Lokala uppgifter", anchor=False)
    st.markdown(
        "Kalkylblad som lagts in här. Välj en kommundel ovan, så visas vad de säger om den; alla platser och mått "
        "finns på Platser och Karta."
    )
    table = pd.DataFrame(
        {
            "Källa": sources["title"],
            "Innehåll": sources["kind"].map(KINDS),
            "Från": [date(day) for day in sources["first"]],
            "Till och med": [date(day) for day in sources["last"]],
            "Rader": sources["rows"],
            "Avsändare": sources["producer"],
        }
    )
    parts.table(table, alt="Lokala källor med innehåll, period, antal rader och avsändare")
    import_link("Lägg till fler, eller ta bort en leverans")


def import_link(label: str) -> None:
    """The way to where spreadsheets are brought in, for those who may."""
    if not may_write():
        return
    st.page_link("pages/importera/page.py", label=label, icon=":material/upload_file:")
