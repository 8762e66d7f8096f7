"""The deliveries that people have brought, and how to take one back."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from charts.swedish import SWEDEN, date, number
from queries import catalogue
from ui import parts
from ui.facts import ask
from ui.importing.inbox import Inbox


def show(inbox: Inbox, by: str) -> None:
    """The list, the newest first, and one delivery at a time to undo."""
    rows = ask(catalogue.brought)
    st.subheader("Inlagda leveranser", anchor=False)
    if rows.empty:
        st.markdown("Inget har lagts in än. De öppna siffrorna som följer med programmet står på sidan Källor.")
        return
    table = pd.DataFrame(
        {
            "Mottagen": [_moment(moment) for moment in rows["received_at"]],
            "Fil": rows["file"],
            "Innehåll": rows["title"],
            "Lästa rader": rows["rows_read"],
            "Använda": rows["rows_kept"],
            "Avvisade": rows["rows_refused"],
            "Av": rows["received_by"],
        }
    )
    parts.table(table, alt="Leveranser som har lagts in, med fil, antal rader och vem som lade in dem")
    _undo(inbox, rows, by)


def _undo(inbox: Inbox, rows: pd.DataFrame, by: str) -> None:
    by_id = {row["delivery_id"]: row for row in rows.to_dict("records")}
    labels = {id_: f"{row['file']}, {_moment(row['received_at'])}" for id_, row in by_id.items()}
    chosen = st.selectbox(
        "Ångra en leverans",
        list(by_id),
        index=None,
        format_func=lambda id_: labels.get(id_, ""),
        key="undo-which",
        placeholder="Välj leverans",
    )
    if chosen not in by_id:
        return
    kept = number(by_id[chosen]["rows_kept"])
    st.markdown(f"{kept} rader tas bort ur uppgifterna på alla sidor. Filen kan läggas in på nytt.")
    if st.button("Ta bort leveransen", icon=":material/undo:", disabled=inbox.errand is not None, key="undo-it"):
        inbox.run_errand("Leveransen är borttagen.", {"command": "undo", "delivery": chosen, "by": by})
        st.rerun()


def _moment(moment: datetime) -> str:
    """The Swedish day and time of a time in UTC."""
    local = moment.replace(tzinfo=UTC).astimezone(SWEDEN)
    return f"{date(local)} kl. {local:%H.%M}"
