"""The deliveries that people have brought, and how to take one back."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from charts.swedish import SWEDEN, date, number
from queries import catalogue
from ui.facts import ask
from ui.importing.inbox import Inbox
from ui.importing.words import counted, literal, rows

#: Deliveries that are told at once; the older ones are one click away.
_NEWEST = 10

_Delivery = dict[Hashable, Any]


def show(inbox: Inbox, by: str) -> None:
    """The list, the newest first, and one delivery at a time to undo."""
    found = ask(catalogue.brought).to_dict("records")
    st.subheader("Inlagda leveranser", anchor=False)
    if not found:
        st.markdown("Inget har lagts in än. De öppna siffrorna som följer med programmet står på sidan Källor.")
        return
    st.markdown("\n".join(map(line, found[:_NEWEST])))
    if older := found[_NEWEST:]:
        with st.expander(f"Äldre leveranser ({number(len(older))})", icon=":material/history:", key="older"):
            st.markdown("\n".join(map(line, older)))
    _undo(inbox, found, by)


def line(delivery: _Delivery) -> str:
    """A delivery as an item of a list in Markdown: what, how much of it, when and by whom."""
    used = f"{number(delivery['rows_kept'])} av {rows(delivery['rows_read'])} används"
    away = delivery["rows_refused"]
    refused = f", {counted(away, 'avvisad', 'avvisade')}" if away > 0 else ""
    return (
        f"- **{literal(delivery['file'])}**: {literal(delivery['title'])}  \n"
        f"  {used}{refused}. {_moment(delivery['received_at'])}, inlagd av: {literal(delivery['received_by'])}."
    )


def _undo(inbox: Inbox, found: list[_Delivery], by: str) -> None:
    by_id = {row["delivery_id"]: row for row in found}
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
    st.markdown(
        f"{rows(by_id[chosen]['rows_kept'])} tas bort ur uppgifterna på alla sidor. Filen kan läggas in på nytt."
    )
    if st.button("Ta bort leveransen", icon=":material/undo:", disabled=inbox.errand is not None, key="undo-it"):
        inbox.run_errand("Leveransen är borttagen.", {"command": "undo", "delivery": chosen, "by": by})
        st.rerun()


def _moment(moment: datetime) -> str:
    """The Swedish day and time of a time in UTC."""
    local = moment.replace(tzinfo=UTC).astimezone(SWEDEN)
    return f"{date(local)} kl. {local:%H.%M}"
