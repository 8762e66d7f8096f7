"""Importera: drop spreadsheets, answer what must be asked, put them among the figures, and take them back."""

import time
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import facts, parts, worker
from ui.importing import brought, files, templates
from ui.importing.inbox import SPREADSHEETS, Inbox, inbox
from ui.importing.words import literal

_LOOK_AGAIN = 0.1


def uploader(box: Inbox) -> None:
    """Where files are dropped; what is dropped goes to the inbox and leaves the uploader empty."""
    key = f"drop-{box.round}"
    st.file_uploader(
        "Släpp filer eller en mapp här, eller välj filer: Excel, OpenDocument, CSV, textfiler eller zip",
        accept_multiple_files=True,
        key=key,
        on_change=partial(receive, box, key),
    )
    with st.popover("Välj en mapp", icon=":material/folder_open:", key=f"folder-{box.round}"):
        key = f"drop-folder-{box.round}"
        st.file_uploader(
            "Alla kalkylblad i mappen och dess undermappar läses",
            type=SPREADSHEETS,
            accept_multiple_files="directory",
            key=key,
            on_change=partial(receive, box, key),
        )


def receive(box: Inbox, key: str) -> None:
    """Take what was dropped into the inbox."""
    box.message = box.complaint = ""
    for upload in st.session_state[key]:
        try:
            box.receive(upload.name, upload)
        except OSError as error:
            box.complaint = (
                f"{upload.name} kunde inte sparas på servern: {error.strerror}. Säg till den som sköter den."
            )
    box.round += 1


def empty(box: Inbox) -> None:
    """What can be dropped, and a way to begin without a file of one's own."""
    with st.container(border=True):
        st.markdown(
            "**Släpp en fil som den är:** polisens ärendeutdrag, lägesrapporter, felanmälningar, enkätsvar, närvaro, "
            "deltagarlistor eller trygghetsronder. Programmet läser den, säger vad det förstod och frågar bara om det "
            "som filen inte svarar på; inget läggs in förrän du säger till."
        )
        if facts.has_example():
            if facts.in_example():
                return
            st.button("Visa exempeldata", icon=":material/science:", on_click=look_at_example, key="see-example")
        elif st.button(
            "Prova med exempeldata", icon=":material/science:", disabled=box.errand is not None, key="make-example"
        ):
            box.run_errand("Exempeldata är klara.", {"command": "demo"})
            st.rerun()


def look_at_example() -> None:
    """Go to the example workspace, as the choice in the menu does."""
    st.session_state[facts.EXAMPLE] = True


def say(box: Inbox) -> None:
    """What happened since the last time."""
    if box.complaint:
        st.error(literal(box.complaint), icon=":material/error:")
    if box.message:
        st.success(literal(box.message), icon=":material/check_circle:")


def brought_by() -> str:
    """Who is importing, as shown in the lists of deliveries; empty when they do not say."""
    return st.text_input(
        "Ditt namn, så att andra ser vem som lade in",
        key="brought-by",
        persist_state="session",
        placeholder="Till exempel Anna, trygghetssamordnare",
        max_chars=80,
        width=480,
    ).strip()


def follow(box: Inbox, bars: dict[str, DeltaGenerator], errand: DeltaGenerator | None) -> None:
    """Show how far the work has come, until some of it is done; then the page begins again."""
    while jobs := box.under_way:
        if any(job.done for job in jobs):
            st.rerun()
        for key, bar in bars.items():
            if job := box.files[key].job:
                bar.progress(job.share, literal(job.text))
        if errand and box.errand:
            errand.progress(box.errand.share, literal(box.errand.text))
        time.sleep(_LOOK_AGAIN)


worker.warm_up()
parts.heading("Importera", "Från ett kalkylblad till uppgifter på sidorna: släpp filen, titta, svara och lägg in.")
box = inbox()
box.collect(st.session_state.get("brought-by", "").strip())
uploader(box)
say(box)
errand = st.progress(box.errand.share, literal(box.errand.text)) if box.errand else None
if box.files:
    bars = files.show(box, brought_by())
else:
    bars = {}
    empty(box)
templates.show()
brought.show(box, st.session_state.get("brought-by", "").strip())
follow(box, bars, errand)
