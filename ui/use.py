"""«Använd»: from a figure on any page to a problem, a situation picture or what a cause rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from charts.exhibit import Exhibit
from queries.measured import SURVEY
from store.records import Cause, Evidence, Problem, Row, Situation
from store.records.choices import EvidenceKind, Stage
from ui import filters
from ui.chosen import go
from ui.freezing import freeze
from ui.municipality import place_names
from ui.work import actor, attempt, may_write, saved, work

_NEW = "Ny lägesbild"

#: The choices that tell what is measured; others tell how it is drawn.
_WHAT = ("Brottsgrupp", "Källa", "Mått", "Undersökning", "Ämne", "Fråga")

#: A title that a person writes is short; a finding may be longer.
_TITLE = 120


def offer(exhibit: Exhibit) -> None:
    """The button beside the downloads, for those who may write. What it holds is made when it is opened."""
    if exhibit.build or not may_write():  # a frozen figure is in use already
        return
    menu = st.popover("Använd", icon=":material/add_link:", key=f"use-{exhibit.id}", on_change="rerun")
    if not menu.open:
        return
    with menu:
        ways = {"Problem": _to_problem, "Lägesbild": _to_situation, "Orsak": _to_cause}
        chosen = st.segmented_control(
            "Använd figuren till", list(ways), default="Problem", required=True, key=f"use-for-{exhibit.id}"
        )
        ways[chosen](exhibit)


def _frozen(exhibit: Exhibit) -> dict[str, Any]:
    """The figure frozen. The series behind it may take seconds to work out the first time."""
    with st.spinner("Sparar figuren …"):
        return freeze(exhibit)


def evidence_of(frozen: Mapping[str, Any], **belongs_to: int) -> Evidence:
    """A frozen exhibit as something that a problem, a situation picture, a cause or a follow-up rests on."""
    survey = (frozen["measured"] or {}).get("kind") == SURVEY
    return Evidence(
        kind=(EvidenceKind.SURVEY if survey else EvidenceKind.CHART).value,
        title=frozen["finding"],
        source="; ".join(source["citation"] for source in frozen["sources"]),
        build=frozen["build"],
        link=frozen["page"],
        frozen=dict(frozen),
        **belongs_to,
    )


def _to_problem(exhibit: Exhibit) -> None:
    st.caption("Figuren följer med: plats, period och siffrorna som de är nu.")
    title = st.text_input(
        "Vad är problemet?", exhibit.finding, max_chars=_TITLE, key=f"use-title-{exhibit.id}",
        placeholder="Till exempel: Skadegörelse vid skolan på kvällar",
    )  # fmt: skip
    if st.button("Gör till problem", icon=":material/flag:", key=f"use-problem-{exhibit.id}"):
        problem = attempt(lambda: _new_problem(exhibit, title))
        if problem is not None:
            saved("Problemet är sparat. Bedöm hur allvarligt det är, så hamnar det i matrisen.")
            go("problem", problem=problem.id)


def _new_problem(exhibit: Exhibit, title: str) -> Row:
    frozen = _frozen(exhibit)
    place_id, place = place_of(exhibit)
    with work().together(actor()) as writing:
        problem = writing.create(
            Problem(
                title=title,
                place_id=place_id,
                place=place,
                indicator=measure_of(exhibit),
                measured=frozen["measured"],
                period=exhibit.period,
            )
        )
        writing.create(evidence_of(frozen, problem_id=problem.id))
    return problem


def place_of(exhibit: Exhibit) -> tuple[str, str]:
    """The area id and name of the place that an exhibit is about: of its series, else the chosen one if it says so."""
    names, choice = place_names(), filters.choice()
    measured = str((exhibit.measured or {}).get("area_id", ""))
    if measured in names:
        return measured, names[measured]
    here = choice.place_id if choice.is_district and exhibit.place.startswith(choice.place) else choice.municipality_id
    return here, names[here]


def measure_of(exhibit: Exhibit) -> str:
    """What an exhibit measures, in few words: its series, what was chosen, or what its title begins with."""
    named = str((exhibit.measured or {}).get("label", ""))
    told = [chosen for name, chosen in exhibit.filters if name in _WHAT]
    return named or ", ".join(told) or exhibit.finding.partition(":")[0]


def _to_situation(exhibit: Exhibit) -> None:
    drafts = work().frame(Situation, stage=Stage.DRAFT.value)
    names = dict(zip(drafts["id"].tolist(), drafts["title"] + ", " + drafts["place"], strict=True))
    chosen = st.selectbox(
        "Lägesbild", [*names, None], format_func=lambda one: names.get(one, _NEW), key=f"use-draft-{exhibit.id}",
        placeholder="Välj lägesbild",
    )  # fmt: skip
    title = ""
    if chosen is None:
        title = st.text_input(
            "Rubrik", f"Lägesbild {filters.choice().municipality}", max_chars=_TITLE, key=f"use-name-{exhibit.id}",
            placeholder="Till exempel: Lägesbild 2027",
        )  # fmt: skip
    if not st.button("Lägg till i lägesbild", icon=":material/add:", key=f"use-situation-{exhibit.id}"):
        return
    added = attempt(lambda: _add_to_situation(exhibit, chosen, title))
    if added is not None:
        saved(f"Figuren är tillagd i {names.get(chosen, title)}.")


def _add_to_situation(exhibit: Exhibit, situation_id: int | None, title: str) -> Row:
    frozen = _frozen(exhibit)
    choice = filters.choice()
    others = [] if situation_id is None else work().all(Evidence, situation_id=situation_id)
    with work().together(actor()) as writing:
        if situation_id is None:
            new = Situation(
                title=title,
                place_id=choice.municipality_id,
                place=f"{choice.municipality} kommun",
                build=frozen["build"],
            )
            situation_id = writing.create(new).id
        evidence = evidence_of(frozen, situation_id=situation_id)
        evidence.position = max((one.position for one in others), default=-1) + 1
        return writing.create(evidence)


def _to_cause(exhibit: Exhibit) -> None:
    causes = work().frame(Cause)
    problems = work().frame(Problem)
    problems = problems[problems["id"].isin(causes["problem_id"])]
    if problems.empty:
        st.markdown("Det finns inga orsaker än. De skrivs ned i orsaksanalysen av ett problem.")
        return
    titles = dict(zip(problems["id"].tolist(), problems["title"], strict=True))
    problem_id = st.selectbox(
        "Problem", list(titles), format_func=titles.__getitem__, key=f"use-of-{exhibit.id}", placeholder="Välj problem"
    )
    own: pd.DataFrame = causes[causes["problem_id"] == problem_id]
    what = dict(zip(own["id"].tolist(), own["what"], strict=True))
    cause_id = st.selectbox(
        "Orsak", list(what), format_func=what.__getitem__, key=f"use-cause-{exhibit.id}", placeholder="Välj orsak"
    )
    if st.button("Lägg till som underlag", icon=":material/add:", key=f"use-ground-{exhibit.id}"):
        added = attempt(lambda: work().create(actor(), evidence_of(_frozen(exhibit), cause_id=cause_id)))
        if added is not None:
            saved("Figuren är tillagd som underlag till orsaken.")
