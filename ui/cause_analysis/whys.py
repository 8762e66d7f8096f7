"""Step 2: the tree of causes, worked in an outline beside its picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from charts import cause_tree as drawn
from charts.style import CONFIG
from store.records import Cause, Problem
from ui import parts
from ui.aside import bring_back
from ui.cause_analysis import causes, suggestions
from ui.cause_analysis.causes import plain
from ui.work import actor, attempt, empty_form, form_fields, may_write, save, saved, work

_NAMES = {
    "up": ("Upp", "arrow_upward", "Före orsaken ovanför"),
    "down": ("Ned", "arrow_downward", "Efter orsaken nedanför"),
    "in": ("Inåt", "format_indent_increase", "Blir svar på varför till orsaken ovanför"),
    "out": ("Utåt", "format_indent_decrease", "Ställs på samma nivå som orsaken den hör till"),
}

Moves = Callable[[pd.DataFrame, int], Mapping[Any, pd.DataFrame]]
Beneath = Callable[[pd.DataFrame, int], list[int]]

_REMOVED = "_removed_cause"


def show(problem: Problem, tree: pd.DataFrame, moves: Moves, beneath: Beneath) -> None:
    """The outline with its tools, and the picture. ``tree``: numbered; ``moves`` and ``beneath``: of analysis."""
    tools, picture = st.columns([2, 3], gap="large")
    with picture:
        figure = parts.readable(drawn.figure(tree, problem.title))
        st.plotly_chart(figure, key="tree", config=CONFIG, alt=drawn.alt(tree, problem.title))
        st.caption("● brottsutsatt · ◆ gärningsperson · ■ plats eller objekt · ○ inte placerad än")
    with tools:
        chosen = causes.choose(tree) if len(tree) else None
        if not may_write():
            return
        if chosen is None:
            st.markdown("Trädet är tomt. Börja med den orsak som ni tror mest på.")
        else:
            _undo()
            _why(problem, tree, chosen)
            _change(tree, chosen, moves, beneath)
        if chosen is None:
            _undo()
        _first(problem, tree)
        suggestions.show(problem, tree)
    _aside(problem)


def add(problem: Problem, tree: pd.DataFrame, what: str, above: int | None) -> Cause:
    """A new cause, last under ``above`` (None: at the top), made."""
    siblings = tree[tree["above"].isna() if above is None else tree["above"].eq(above).fillna(value=False)]
    last = int(siblings["position"].max()) + 1 if len(siblings) else 0
    return work().create(actor(), Cause(problem_id=problem.id, parent_id=above, position=last, what=what))


def _why(problem: Problem, tree: pd.DataFrame, chosen: int) -> None:
    """One more «varför?» to the chosen cause."""
    number = causes.row_of(tree, chosen)["number"]
    with st.form(f"why-{chosen}"):
        labels = {"what": f"Varför {number}? Skriv en orsak till den"}
        what = form_fields(Cause, None, ["what"], part=f"why-{chosen}", labels=labels)["what"]
        if st.form_submit_button("Lägg till svaret", icon=":material/subdirectory_arrow_right:"):
            _added(problem, tree, what, chosen)


def _first(problem: Problem, tree: pd.DataFrame) -> None:
    """One more cause of the problem itself."""
    with st.form("first"):
        labels = {"what": "Varför finns problemet? Skriv en orsak"}
        what = form_fields(Cause, None, ["what"], part="first", labels=labels)["what"]
        if st.form_submit_button("Lägg till orsaken", icon=":material/add:"):
            _added(problem, tree, what, None)


def _added(problem: Problem, tree: pd.DataFrame, what: str, above: int | None) -> None:
    made = attempt(lambda: add(problem, tree, what, above))
    if made is not None:
        empty_form(Cause)
        causes.choose_next(made.id)
        _again("Orsaken är tillagd.")


def _change(tree: pd.DataFrame, chosen: int, moves: Moves, beneath: Beneath) -> None:
    """Rename, move and remove the chosen cause."""
    row = work().get(Cause, chosen)
    number = causes.row_of(tree, chosen)["number"]
    if row is None:  # put aside by somebody else since the list was read
        st.rerun()
    with st.container(horizontal=True, gap="xsmall"):
        possible = moves(tree, chosen)
        for way, (label, icon, told) in _NAMES.items():
            pressed = st.button(
                label, key=f"move-{way}", icon=f":material/{icon}:", help=told, disabled=way not in possible
            )
            if pressed and attempt(partial(_move, tree, possible[way])):
                _again("Trädet är sparat.")
    with st.expander(f"Ändra eller ta bort {number}", icon=":material/edit:", key="change-cause"):
        with st.form(f"rename-{chosen}", border=False):
            values = form_fields(Cause, row, ["what"], part="name", labels={"what": f"Orsak {number}"})
            if st.form_submit_button("Spara texten") and save(row, **values):
                _again("Orsaken är sparad.")
        _remove(row, str(number), len(beneath(tree, chosen)) - 1)


def _move(tree: pd.DataFrame, changes: pd.DataFrame) -> bool:
    versions = dict(zip(tree["id"], tree["version"], strict=True))
    with work().together(actor()) as writing:
        for one in changes.astype(object).to_dict("records"):
            above = None if pd.isna(one["parent_id"]) else int(one["parent_id"])
            position = int(one["position"])
            writing.save(Cause, int(one["id"]), int(versions[one["id"]]), parent_id=above, position=position)
    return True


def _remove(row: Cause, number: str, under: int) -> None:
    """Ask, with what hangs under it, then put it aside."""
    more = f" och {under} {'orsak' if under == 1 else 'orsaker'} under den" if under else ""
    sure = st.checkbox(f"Ja, ta bort {number}{more}", key=f"sure-{row.id}") if under else True
    if not st.button(f"Ta bort {number}{more}", icon=":material/delete:", key=f"remove-{row.id}", disabled=not sure):
        return

    def write() -> bool:
        work().delete(actor(), Cause, row.id, row.version)
        return True

    if attempt(write):
        st.session_state[_REMOVED] = (row.id, row.what)
        _again("Orsaken är borttagen.")


def _undo() -> None:
    """Bring back what was removed last."""
    removed = st.session_state.get(_REMOVED)
    if removed is None:
        return
    cause_id, what = removed
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"Borttagen: {plain(what)}", width="stretch")
        back = st.button("Ångra", icon=":material/undo:", key="undo")
    if back and attempt(partial(work().restore, actor(), Cause, cause_id)) is not None:
        del st.session_state[_REMOVED]
        causes.choose_next(cause_id)
        _again("Orsaken är tillbaka.")


def _aside(problem: Problem) -> None:
    """What has been removed earlier. A cause whose own parent is away comes back with it."""
    away = work().all(Cause, deleted=True, problem_id=problem.id)
    ids = {one.id for one in away}
    rows = [(one, plain(one.what)) for one in away if one.parent_id not in ids]
    bring_back(rows, "Borttagna orsaker", done="Orsaken är tillbaka.")


def _again(sentence: str) -> None:
    saved(sentence)
    st.rerun()
