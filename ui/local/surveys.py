"""Answers to surveys that people have brought, about one place beside the rest of the municipality."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import local_surveys as drawn
from charts.exhibit import Exhibit
from queries import local_surveys
from ui import parts
from ui.facts import ask, compose
from ui.filters import Choice
from ui.local.events import provenance, source_of, sources_of

KIND = "answers"

#: A situation picture has the questions about safety alone, and at most so many answers.
_KEY_ANSWERS = 6


@st.fragment
def explore(choice: Choice, *, everything: bool) -> None:
    """One survey at a time, the newest wave; without ``everything`` the questions about safety alone."""
    found = [source for source in sources_of(KIND) if _newest(choice, source["source_id"]) is not None]
    # The survey that most people answered first: the residents' own, where there is one.
    found.sort(key=lambda source: -ask(local_surveys.waves, source["source_id"])["respondents"].iloc[0])
    known = {source["title"]: source for source in found}
    if not known:
        return
    title = next(iter(known))
    if len(known) > 1:
        title = st.selectbox(
            "Svar ur", list(known), key="enkat", bind="query-params", width=340, placeholder="Välj undersökning"
        )
    parts.show(compose(_shares, choice, known[title]["source_id"], everything))


def _newest(choice: Choice, source_id: str) -> tuple[str, str] | None:
    """The newest wave and the one before it (empty where there is none), where the place has answers in the newest."""
    waves = ask(local_surveys.waves, source_id)["wave"].tolist()
    if not waves or _of(choice, source_id, waves[0]).empty:
        return None
    return waves[0], waves[1] if len(waves) > 1 else ""


def _of(choice: Choice, source_id: str, wave: str) -> pd.DataFrame:
    rows = ask(local_surveys.shares, choice.municipality_id, source_id, wave)
    return rows[rows["area_id"] == choice.place_id]


def _key(rows: pd.DataFrame) -> pd.DataFrame:
    """The answers that tell most of safety: of questions with one answer; the first of all when none is about it."""
    single = rows[~rows.duplicated("question_id", keep=False)]
    about = single[single["safety"].astype(bool)]
    return (about if len(about) else rows).head(_KEY_ANSWERS)


def _shares(choice: Choice, source_id: str, everything: bool) -> Exhibit:
    source, found = source_of(source_id), _newest(choice, source_id)
    if found is None:
        raise ValueError(f"{source_id} has no answers from {choice.place_id}")
    wave, before = found
    place, rows = choice.where, _of(choice, source_id, wave)
    rows = rows if everything else _key(rows)
    earlier = _of(choice, source_id, before) if before else rows.head(0)
    return Exhibit(
        id=f"enkatsvar-{source_id}",
        finding=drawn.finding(rows, source["title"], wave, place),
        sentence=drawn.sentence(rows),
        unit="Andel av dem som svarat, procent, vägd med svarens vikter",
        place=f"{place}, jämfört med resten av kommunen" if choice.is_district else place,
        period=wave,
        sources=provenance(source),
        table=drawn.table(rows, earlier, before),
        figure=drawn.dots(rows, place),
        alt=f"Andelar med osäkerhet: {drawn.questions(rows)}.",
        filters=(("Undersökning", source["title"]),),
    )
