"""«Ta ut dokument»: a ready document as Word, PDF or PowerPoint, two clicks from its page."""

from __future__ import annotations

from functools import partial

import streamlit as st

from charts.swedish import today
from reports.documents import DOCUMENTS
from reports.forms import FORMS, file_name, write
from reports.theme import Theme, ThemeError, theme_of
from store.records import Row
from ui.facts import build, settings
from ui.work import work


def theme() -> Theme:
    """How the municipality's documents look; a theme file with a fault is told, and the house's own is used."""
    try:
        return theme_of(settings().municipality)
    except ThemeError as problem:
        st.error(str(problem), icon=":material/palette:")
        return Theme()


def offer(name: str, row: Row) -> None:
    """The menu with one button for each format. The file is made when its button is pressed."""
    menu = st.popover("Ta ut dokument", icon=":material/description:", key=f"document-{name}", on_change="rerun")
    if not menu.open:
        return
    document, look = DOCUMENTS[name], theme()
    report = document.compose(work(), build(), row.id, today())
    with menu:
        st.caption(document.purpose)
        for form, told in FORMS.items():
            st.download_button(
                told.label, partial(write, report, look, form), file_name=file_name(report, form),
                mime=told.media_type, key=f"{form}-{name}", on_click="ignore", type="tertiary",
                icon=":material/download:",
            )  # fmt: skip
