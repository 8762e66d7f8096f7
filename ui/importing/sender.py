"""Which saved interpretation a table was recognised by, and how to say that it comes from somebody else."""

from __future__ import annotations

import streamlit as st

from store.intake import Mapping, TableView
from ui.importing.answers import from_another
from ui.importing.inbox import Dropped
from ui.importing.words import literal


def show(dropped: Dropped, number: int, table: TableView) -> None:
    """The recognised interpretation with its sender; one click away that it is another sender's table."""
    mapping = dropped.mappings[number]
    if not table.known_as or mapping is None:
        return
    whose = f"avsändare **{literal(mapping.sender)}**" if mapping.sender else "utan angiven avsändare"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/how_to_reg: Läses med den sparade tolkningen **{literal(table.known_as)}**, {whose}.",
            width="content",
        )
        with st.popover("Det här är en annan avsändare", icon=":material/person_add:", type="tertiary"):
            _another(dropped, number, table, mapping)


def _another(dropped: Dropped, number: int, table: TableView, mapping: Mapping) -> None:
    key = f"{dropped.key}-{number}-{dropped.revision}"
    with st.form(f"another-{key}", border=False):
        st.markdown("Uppgifterna blir en egen serie. Den sparade tolkningen ändras inte.")
        sender = st.text_input(
            "Avsändare", key=f"another-sender-{key}", placeholder="Polisen, en skola, en förvaltning …"
        )
        name = st.text_input("Namn på uppgifterna", key=f"another-name-{key}", placeholder="Så känns nästa fil igen")
        if not st.form_submit_button("Läs som en ny avsändares", icon=":material/refresh:"):
            return
        sender, name = sender.strip(), name.strip() or sender.strip()
        if not name:
            st.warning("Skriv vem avsändaren är.", icon=":material/help:")
        elif name.casefold() == table.known_as.casefold():
            st.warning("Välj ett annat namn än den sparade tolkningens.", icon=":material/help:")
        else:
            dropped.mappings[number] = from_another(mapping, sender, name)
            dropped.examine()
            st.rerun()
