"""Step 1: the chain of events before, during and after the crime, and where it can be broken."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from store.records import ChainStep, Problem
from store.records.choices import Phase
from ui.aside import bring_back
from ui.cause_analysis.causes import plain
from ui.work import actor, attempt, empty_form, form_fields, may_write, save, saved, work

_COLUMNS = ["phase", "what", "break_here"]


def show(problem: Problem) -> None:
    """The steps in order, each with its form, and a form for one more."""
    steps = work().all(ChainStep, problem_id=problem.id)
    number = 0
    for phase in Phase:
        own = [step for step in steps if step.phase == phase]
        if own:
            st.markdown(f"**{phase.label}**")
        for step in own:
            number += 1
            _one(step, number, own)
    if not steps:
        st.markdown("Kedjan är tom. Börja med det som händer precis före brottet.")
    if may_write():
        _add(problem, len(steps))
        away = [(one, plain(one.what)) for one in work().all(ChainStep, deleted=True, problem_id=problem.id)]
        bring_back(away, "Borttagna steg", done="Steget är tillbaka.")


def _one(step: ChainStep, number: int, siblings: Sequence[ChainStep]) -> None:
    """A step: what happens, how it can be broken, and behind a click the ways to change it."""
    with st.container(border=True, key=f"step-{step.id}"):
        st.markdown(f"**{number}.** {plain(step.what)}")
        if step.break_here:
            st.markdown(f":material/content_cut: Kan brytas: {plain(step.break_here)}")
        if not may_write():
            return
        with st.expander(f"Ändra steg {number}", key=f"change-step-{step.id}"):
            with st.form(f"step-form-{step.id}", border=False):
                values = form_fields(ChainStep, step, _COLUMNS)
                if st.form_submit_button("Spara") and save(step, **values):
                    _again("Steget är sparat.")
            with st.container(horizontal=True):
                place = siblings.index(step)
                if st.button("Tidigare", key=f"up-{step.id}", icon=":material/arrow_upward:", disabled=place == 0):
                    _swap(siblings, place - 1)
                last = place + 1 == len(siblings)
                if st.button("Senare", key=f"down-{step.id}", icon=":material/arrow_downward:", disabled=last):
                    _swap(siblings, place)
                if st.button("Ta bort", key=f"remove-{step.id}", icon=":material/delete:"):
                    _remove(step)


def _swap(siblings: Sequence[ChainStep], place: int) -> None:
    """Let the step at ``place`` and the one after it change places."""
    order = [*siblings[:place], siblings[place + 1], siblings[place], *siblings[place + 2 :]]

    def write() -> bool:
        with work().together(actor()) as writing:
            for position, step in enumerate(order):
                writing.save(ChainStep, step.id, step.version, position=position)
        return True

    if attempt(write):
        _again("Ordningen är sparad.")


def _remove(step: ChainStep) -> None:
    def write() -> bool:
        work().delete(actor(), ChainStep, step.id, step.version)
        return True

    if attempt(write):
        _again("Steget är borttaget. Du kan ta tillbaka det längst ned.")


def _add(problem: Problem, many: int) -> None:
    with st.form("new-step"):
        st.markdown("**Lägg till ett steg**")
        values = form_fields(ChainStep, None, _COLUMNS)
        if st.form_submit_button("Lägg till", icon=":material/add:"):
            new = ChainStep(problem_id=problem.id, position=many, **values)
            if attempt(lambda: work().create(actor(), new)):
                empty_form(ChainStep)
                _again("Steget är tillagt.")


def _again(sentence: str) -> None:
    saved(sentence)
    st.rerun()
