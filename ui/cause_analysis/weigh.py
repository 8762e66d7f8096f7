"""Step 5: how much each cause means, how sure that is, and what it rests on."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from store.records import Cause, Evidence, Problem
from store.records.choices import EvidenceKind
from ui import evidence
from ui.aside import bring_back
from ui.cause_analysis import causes
from ui.cause_analysis.causes import WEIGHTS, plain
from ui.work import actor, attempt, empty_form, form_fields, may_write, save, saved, work

#: What can be written down by hand; charts come with their figures.
_BY_HAND = [kind for kind in EvidenceKind if kind is not EvidenceKind.CHART]


def show(problem: Problem, tree: pd.DataFrame) -> None:
    """The outline, and the chosen cause beside it."""
    if tree.empty:
        st.markdown("Det finns inga orsaker att väga än. Lägg till dem i steget **Fem varför**.")
        return
    outline, one = st.columns([2, 3], gap="large")
    with outline:
        weighed = int((tree["weight"].notna() & (tree["certainty"] != "")).sum())
        st.caption("Alla orsaker är vägda." if weighed == len(tree) else f"{weighed} av {len(tree)} orsaker är vägda.")
        chosen = causes.choose(tree, judged=True)
    with one:
        row = work().get(Cause, chosen)
        if row is None:  # put aside by somebody else since the list was read
            st.rerun()
        st.markdown(f"#### {causes.row_of(tree, chosen)['number']} {plain(row.what)}")
        if may_write():
            _weigh(tree, row)
        _rests_on(problem, row)


def _weigh(tree: pd.DataFrame, row: Cause) -> None:
    """Weight and certainty of the cause; then the next."""
    with st.form(f"weigh-{row.id}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        values = form_fields(Cause, row, ["weight", "certainty"], {"weight": WEIGHTS}, part="weigh")
        last = int(tree["id"].iloc[-1]) == row.id
        sent = st.form_submit_button("Spara" if last else "Spara och gå till nästa")
    if sent and save(row, **values):
        if not last:
            causes.choose_next(int(tree["id"].iloc[tree["id"].tolist().index(row.id) + 1]))
        saved("Bedömningen är sparad.")
        st.rerun()


def _rests_on(problem: Problem, cause: Cause) -> None:
    """The evidence of the cause, and ways to add to it."""
    held = work().all(Evidence, cause_id=cause.id)
    st.markdown("**Underlag**")
    if not held:
        st.markdown("Inget underlag än. En orsak utan underlag är en gissning, och det kan den få vara tills vidare.")
    for one in held:
        with st.expander(f"{EvidenceKind(one.kind).label}: {plain(one.title)}", key=f"evidence-{one.id}"):
            evidence.show(one)
            if may_write() and st.button("Ta bort underlaget", key=f"drop-{one.id}", icon=":material/delete:"):
                _drop(one)
    if may_write():
        _by_hand(cause)
        _of_problem(problem, cause, held)
        away = [(one, plain(one.title)) for one in work().all(Evidence, deleted=True, cause_id=cause.id)]
        bring_back(away, "Borttagna underlag", done="Underlaget är tillbaka.")
        st.caption("Ett diagram läggs till där det visas: tryck på Använd under det och välj Orsak.")


def _drop(one: Evidence) -> None:
    def write() -> bool:
        work().delete(actor(), Evidence, one.id, one.version)
        return True

    if attempt(write):
        saved("Underlaget är borttaget.")
        st.rerun()


def _by_hand(cause: Cause) -> None:
    """A survey answer, an interview, a study or an observation, in words."""
    with (
        st.expander("Skriv in ett underlag", icon=":material/add:", key=f"by-hand-{cause.id}"),
        st.form(f"evidence-{cause.id}", border=False),
    ):
        kind = st.selectbox(
            "Slag", _BY_HAND, format_func=lambda one: one.label, key=f"kind-{cause.id}", placeholder="Välj"
        )
        values = form_fields(Evidence, None, ["title", "note", "source"], part=f"cause-{cause.id}")
        st.caption("Skriv roller, inte namn: «fältsekreterare, samtal i mars».")
        if st.form_submit_button("Lägg till underlaget"):
            _add(Evidence(cause_id=cause.id, kind=kind.value, **values))


def _of_problem(problem: Problem, cause: Cause, held: list[Evidence]) -> None:
    """What showed the problem can be what a cause rests on too."""
    known = {one.title for one in held}
    others = [one for one in work().all(Evidence, problem_id=problem.id) if one.title not in known]
    if not others:
        return
    with st.expander("Använd det som visade problemet", icon=":material/add_link:", key=f"of-problem-{cause.id}"):
        for one in others:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(one.title), width="stretch")
                if st.button("Lägg till", key=f"take-{cause.id}-{one.id}"):
                    _add(_copy(one, cause.id))


def _copy(one: Evidence, cause_id: int) -> Evidence:
    columns = ("kind", "title", "note", "source", "build", "link", "frozen")
    return Evidence(cause_id=cause_id, **{name: getattr(one, name) for name in columns})


def _add(new: Evidence) -> None:
    if attempt(partial(work().create, actor(), new)):
        empty_form(Evidence)
        saved("Underlaget är tillagt.")
        st.rerun()
