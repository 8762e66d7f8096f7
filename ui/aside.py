"""Putting a row aside, and bringing it back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from store.records import Row
from ui.chosen import go
from ui.work import actor, attempt, opened, saved, work


def lay_aside(row: Row, label: str, *, page: str, done: str) -> None:
    """A button that puts the row aside and shows the page (folder) with the others; ``done`` is said afterwards."""
    if not st.button(label, icon=":material/inventory_2:", key="put-aside"):
        return

    def write() -> bool:
        work().delete(actor(), type(row), row.id, opened(row).version)
        return True

    if attempt(write):
        saved(done)
        go(page)


def bring_back(rows: Sequence[tuple[Row, str]], label: str, *, done: str) -> None:
    """The rows that were put aside, each by its name, with a button that brings it back; nothing if there are none."""
    if not rows:
        return
    with st.expander(f"{label} ({len(rows)})", icon=":material/inventory_2:", key="aside"):
        for row, name in rows:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(name, width="stretch")
                back = st.button("Ta tillbaka", key=f"back-{row.__tablename__}-{row.id}", icon=":material/undo:")
            if back:
                _bring_back(row, done)


def _bring_back(row: Row, done: str) -> None:
    if attempt(lambda: work().restore(actor(), type(row), row.id)):
        saved(done)
        st.rerun()
