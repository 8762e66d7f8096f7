"""Suggestions from «Orsaker i data»: what stands out of the series behind a problem, as causes with their figures."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from charts import causes as drawn
from charts.causes import NOT_WHY
from queries import causes, causes_official, causes_surveys, local, offences, time_and_place
from queries.measured import EVENTS, SURVEY, Measured
from store.records import Cause, Problem
from ui import parts
from ui.cause_analysis import causes as tree_of
from ui.causes import shown
from ui.causes.asked import AGAINST, Asked
from ui.facts import ask, compose, settings
from ui.freezing import freeze
from ui.use import evidence_of
from ui.work import actor, attempt, link, saved, work


def show(problem: Problem, tree: pd.DataFrame) -> None:
    """Behind a click, since it may take a while: what stands out, and a button for each part."""
    box = st.expander("Förslag ur Orsaker i data", icon=":material/lightbulb:", key="suggestions", on_change="rerun")
    if not box.open:
        return
    with box:
        asked = _asked(problem)
        if asked is None:
            st.markdown(
                "Problemets siffror går inte att dela upp. Det går med händelser ur en lokal källa, enkäter med flera "
                "omgångar och kommunens anmälda brott. På Orsaker i data kan ni söka själva."
            )
            link("orsaker_i_data", "Till Orsaker i data", icon="account_tree")
            return
        with st.spinner(parts.WORKING):
            found = shown.found_of(asked)
        offered = drawn.suggested(found, asked.level) if found is not None and len(found.found) else []
        against = f", jämfört med {AGAINST[asked.against].lower()}" if asked.against else ""
        st.markdown(f"Delar som sticker ut för {asked.what}{against}. {NOT_WHY} Fråga varför om det ni lägger till.")
        if not offered:
            st.markdown("Inget sticker ut mer än slumpen ger, eller så är delarna för små för att bedömas.")
        taken = set(tree["what"])
        for place, (what, figures) in enumerate(offered):
            _one(problem, tree, asked, (what, figures), place, taken=what in taken)


def _one(problem: Problem, tree: pd.DataFrame, asked: Asked, told: tuple[str, str], place: int, *, taken: bool) -> None:
    what, figures = told
    with st.container(border=True, key=f"suggested-{place}"):
        st.markdown(f"**{what}.** {figures}")
        label = "Finns redan bland orsakerna" if taken else "Lägg till som orsak"
        if st.button(label, key=f"suggest-{place}", icon=":material/add:", disabled=taken):
            made = attempt(lambda: _add(problem, tree, asked, what, figures))
            if made is not None:
                tree_of.choose_next(made.id)
                saved("Orsaken är tillagd med sina siffror som underlag.")
                st.rerun()


def _add(problem: Problem, tree: pd.DataFrame, asked: Asked, what: str, figures: str) -> Cause:
    """The cause and the breakdown that it comes from, as it was shown, in one transaction."""
    ground = evidence_of(freeze(parts.marked(compose(shown.overview, asked)), problem.measured))
    ground.note, ground.link = figures, _address(asked)
    top = tree[tree["above"].isna()]
    position = int(top["position"].max()) + 1 if len(top) else 0
    with work().together(actor()) as writing:
        cause = writing.create(Cause(problem_id=problem.id, position=position, what=what))
        ground.cause_id = cause.id
        writing.create(ground)
    return cause


def _address(asked: Asked) -> str:
    """Where the same breakdown is on «Orsaker i data»."""
    told = dict(asked.filters)
    source = next(iter(told.values()))
    query = {"problem": source, "slag": told.get("Slag"), "fraga": told.get("Fråga"),
             "jamfor": AGAINST.get(asked.against), "vag": ": ".join(asked.path[0]) if asked.path else None}  # fmt: skip
    return f"orsaker_i_data?{urlencode({name: value for name, value in query.items() if value})}"


def _asked(problem: Problem) -> Asked | None:
    """The breakdown of the series behind the problem, or None when it cannot be broken down.

    It is set against what shows a problem that lasts: the rest of the municipality, or all earlier years, or else the
    year before.
    """
    measured = Measured.from_json(problem.measured)
    if measured is None:
        return None
    ways: dict[str, Callable[[Problem, Measured], Asked | None]] = {EVENTS: _events, SURVEY: _answers}
    return ways.get(measured.kind, _reported)(problem, measured)


def _events(problem: Problem, measured: Measured) -> Asked | None:
    here = settings().municipality
    sources = ask(time_and_place.sources, here)
    own = sources[sources["source_id"] == measured.source_id]
    known = ask(causes.comparisons, here, measured.source_id, measured.area_id) if len(own) else []
    if not known:
        return None
    source = own.iloc[0]
    return Asked(
        "händelser", (here, measured.source_id, measured.area_id, measured.category), _what(problem, measured),
        problem.place, known[-1], (), parts.provenance(source["citation"], source["delivered"]),
        (("Källa", str(source["title"])), ("Slag", measured.category or "Alla slag")),
    )  # fmt: skip


def _answers(problem: Problem, measured: Measured) -> Asked | None:
    here = settings().municipality
    sources = ask(local.sources)
    own = sources[sources["source_id"] == measured.source_id]
    if own.empty:
        return None
    known = ask(causes_surveys.questions, here, measured.source_id)
    row = known[(known["question_id"] == measured.question_id) & (known["choice"] == measured.choice)]
    if row.empty:
        return None
    source, question = own.iloc[0], row.iloc[0]
    key = (here, measured.source_id, *(str(question[one]) for one in ("question_id", "choice", "wave", "old_wave")))
    return Asked(
        "svar", key, _what(problem, measured), problem.place, "", (),
        parts.provenance(source["citation"], source["delivered"]),
        (("Undersökning", str(source["title"])), ("Fråga", f"{question['question']} ({question['choice']})")),
    )  # fmt: skip


def _reported(problem: Problem, measured: Measured) -> Asked | None:
    """Brå's figures: the total of the municipality, or one of its groups."""
    here = settings().municipality
    groups = ask(offences.groups, here)
    own = groups[groups["indicator_id"] == measured.indicator_id]
    known = ask(causes_official.comparisons, here)
    if own.empty or not known or measured.area_id != here or measured.breakdown:
        return None
    name = str(own["name"].iloc[0])
    whole = measured.indicator_id == offences.TOTAL
    if not whole and name not in ask(causes_official.steps, here)[causes_official.GROUP]:
        return None
    path = () if whole else ((causes_official.GROUP, name),)
    cited = parts.sources_of(offences.TOTAL, places=(here,))
    return Asked(
        "anmälda brott", (here,), _what(problem, measured), problem.place, known[-1], path, cited[0],
        (("Källa", "Anmälda brott (Brå)"),),
    )  # fmt: skip


def _what(problem: Problem, measured: Measured) -> str:
    """What is broken down, to begin a title with."""
    return f"{measured.label or problem.title}, {problem.place}"
