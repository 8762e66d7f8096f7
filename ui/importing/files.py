"""The files in the inbox on screen: one box each, with where it stands, what is asked and what came of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from store.intake import TableView
from ui import parts
from ui.importing import columns, questions, report, sender, standing
from ui.importing.inbox import Dropped, Inbox
from ui.importing.words import came_of, file_summary, literal, standing_of, summary, unready

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Where one sees what has come in.
_LINKS = (
    ("pages/lagesbild/page.py", "Lägesbild", "monitoring"),
    ("pages/platser/page.py", "Platser", "home_pin"),
    ("pages/kallor/page.py", "Källor", "database"),
)


def show(inbox: Inbox, by: str) -> dict[str, DeltaGenerator]:
    """Every file; the places where the progress of those being worked on is to be shown, by the file's key."""
    _all_at_once(inbox, by)
    return {key: bar for key, dropped in list(inbox.files.items()) if (bar := _file(inbox, dropped, by))}


def _ready(inbox: Inbox) -> list[Dropped]:
    return [dropped for dropped in inbox.files.values() if dropped.standing == "ready"]


def _all_at_once(inbox: Inbox, by: str) -> None:
    """With several files: one button for those that ask nothing, and one that clears what is done."""
    ready = _ready(inbox)
    done = [dropped for dropped in inbox.files.values() if dropped.standing in ("taken", "undone", "known")]
    if len(inbox.files) < 2 or not (ready or done):
        return
    with st.container(horizontal=True):
        if len(ready) > 1 and parts.primary_button(f"Lägg in alla {len(ready)} som är klara", key="take-all"):
            for dropped in ready:
                dropped.take(by)
            st.rerun()
        if done and st.button("Rensa bort färdiga ur listan", icon=":material/clear_all:", key="clear-done"):
            for dropped in done:
                inbox.remove(dropped.key)
            st.rerun()


def _file(inbox: Inbox, dropped: Dropped, by: str) -> DeltaGenerator | None:
    """One file's box. Returns where its progress is to be shown, while there is work on it."""
    with st.container(border=True, key=f"file-{dropped.key}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(literal(dropped.name, 120), anchor=False, width="stretch")
            st.markdown(standing_of(dropped), width="content")
        if dropped.job:
            bar = st.progress(dropped.job.share, literal(dropped.job.text))
            _remove(inbox, dropped, "Avbryt")
            return bar
        if dropped.error:
            st.error(literal(dropped.error, 1000), icon=":material/error:")
        if dropped.standing in ("taken", "undone"):
            _outcome(inbox, dropped, by)
        elif dropped.examination:
            _examined(inbox, dropped, by)
        else:
            _remove(inbox, dropped)
    return None


def _remove(inbox: Inbox, dropped: Dropped, label: str = "Ta bort ur listan") -> None:
    if st.button(label, icon=":material/close:", type="tertiary", key=f"remove-{dropped.key}"):
        inbox.remove(dropped.key)
        st.rerun()


def _examined(inbox: Inbox, dropped: Dropped, by: str) -> None:
    examination = dropped.examination
    assert examination is not None  # noqa: S101
    st.markdown(file_summary(examination))
    for problem in examination.problems:
        st.warning(literal(problem, 1000), icon=":material/warning:")
    several = len(examination.tables) > 1
    first_asking = next((number for number, table in dropped.tables if table.questions), None)
    for number, table in enumerate(examination.tables):
        if several and not _chosen(dropped, number, table):
            continue
        _table(dropped, number, table)
    with st.container(horizontal=True):
        _take(inbox, dropped, by)
        _remove(inbox, dropped)
    for number, table in dropped.tables:
        to_see = number == first_asking if several else not table.known_as
        _open_up(dropped, number, table, several=several, opened=to_see and len(inbox.files) == 1)
    standing.bare(dropped)


def _chosen(dropped: Dropped, number: int, table: TableView) -> bool:
    """Whether one of several tables is to be taken; the reader says."""
    st.markdown(f"**Tabell {number + 1}, bladet «{literal(table.spot.sheet, 40)}».** {summary(table)}")
    key = f"with-{dropped.key}-{number}"

    def choose() -> None:  # before the page is drawn: the badge above tells where the file stands
        (dropped.left_out.discard if st.session_state[key] else dropped.left_out.add)(number)

    return st.toggle("Ta med tabellen", number not in dropped.left_out, key=key, on_change=choose)


def _table(dropped: Dropped, number: int, table: TableView) -> None:
    """What must be seen and answered of a table."""
    sender.show(dropped, number, table)
    if len(table.differences) > 1:
        st.markdown("\n".join(f"- {literal(difference)}" for difference in table.differences))
    questions.show(dropped, number, table)
    report.show(dropped, number, table)


def _open_up(dropped: Dropped, number: int, table: TableView, *, several: bool, opened: bool) -> None:
    """What can be seen and corrected of a table."""
    if several:
        st.markdown(f"**Tabell {number + 1}, bladet «{literal(table.spot.sheet, 40)}»**")
    questions.explain_places(dropped, number, table)
    columns.show(dropped, number, table, opened=opened)
    standing.show(dropped, number, table)


def _take(inbox: Inbox, dropped: Dropped, by: str) -> None:
    if dropped.standing in ("unreadable", "known"):
        return
    asks = dropped.standing == "asks"
    alone = not asks and len(_ready(inbox)) == 1  # there is one primary button: with several files, that for all
    key = f"take-{dropped.key}"
    if parts.primary_button("Lägg in", key=key) if alone else st.button("Lägg in", disabled=asks, key=key):
        dropped.take(by)
        st.rerun()
    if asks:
        st.markdown(unready(dropped), width="content")


def _outcome(inbox: Inbox, dropped: Dropped, by: str) -> None:
    outcome = dropped.outcome
    assert outcome is not None  # noqa: S101
    if dropped.undone:
        st.markdown("Det som filen hade lagt in är borttaget igen. Släpp filen på nytt om den ändå ska in.")
        _remove(inbox, dropped)
        return
    st.markdown("\n".join(f"- {line}" for line in came_of(outcome)))
    with st.container(horizontal=True):
        for page, label, icon in _LINKS:
            st.page_link(page, label=label, icon=f":material/{icon}:", width="content")
    if outcome.refused_file:
        st.markdown("Några rader gick inte in. Ladda ner dem, rätta dem och släpp den rättade filen här.")
    with st.container(horizontal=True):
        if outcome.refused_file:
            _refused(dropped.key, Path(outcome.refused_file))
        if any(not taken.already for taken in outcome.taken) and st.button(
            "Ångra", icon=":material/undo:", key=f"undo-{dropped.key}"
        ):
            dropped.undo(by)
            st.rerun()
        _remove(inbox, dropped, "Dölj")
    if outcome.findings:
        with st.expander(
            "Kontrollrapport", icon=":material/fact_check:", on_change="rerun", key=f"final-{dropped.key}"
        ) as it:
            if it.open:
                report.findings(outcome.findings)


def _refused(key: str, path: Path) -> None:
    st.download_button(
        "Ladda ner avvisade rader",
        partial(path.read_bytes),
        file_name=path.name,
        mime=_XLSX,
        key=f"refused-{key}",
        icon=":material/download:",
        on_click="ignore",
    )
