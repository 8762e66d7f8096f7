"""What needs doing now: the law's clocks, what is late, where the thread breaks, what new figures say, next meeting."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from analysis.agenda import Asked, agenda
from analysis.expected import Expectation
from analysis.law import Clock, Duty, State, clocks, duties
from analysis.thread import BREAKS, Records, breaks
from analysis.verdict import Verdict
from charts import offences as drawn
from charts import sentences
from charts.agenda import points
from charts.swedish import date as swedish_date
from charts.swedish import local_day, today
from queries import catalogue, local, local_events, offences
from store.records import (
    LAWFUL_PARTS,
    Activity,
    Agreement,
    Coordination,
    CouncilMember,
    Decision,
    Deviation,
    FollowUp,
    Goal,
    GoalMeasure,
    Invoice,
    Measure,
    Meeting,
    Plan,
    Situation,
    about,
)
from ui import parts, thread
from ui.facts import ask
from ui.filters import choice
from ui.work import line, link, table

#: How far ahead the page looks, and how far back figures count as new.
_AHEAD, _NEW = timedelta(days=30), timedelta(days=30)
#: So many lines of a kind are shown; the page behind has the rest.
_SHOWN = 5

_ROWS = (
    Activity, Agreement, Coordination, CouncilMember, Decision, Deviation, FollowUp, Goal, GoalMeasure, Invoice,
    Measure, Meeting, Plan, Situation,
)  # fmt: skip
_SIGNS = {
    State.LATE: ":material/error:",
    State.MISSING: ":material/radio_button_unchecked:",
    State.SOON: ":material/schedule:",
    State.DONE: ":material/check_circle:",
}
_CLOCK_PAGES = {"situation": ("lagesbilder", "lagesbild"), "plan": ("atgardsplan", "plan")}


def page() -> None:
    day = today()
    frames = {model.__tablename__: table(model) for model in _ROWS}
    records = Records(**thread.frames())
    told = clocks(frames, day)
    items = agenda(Asked("partnership", day, day + _AHEAD), frames)
    found = breaks(records, day)
    late = sum(one.state in (State.LATE, State.MISSING) for one in told)
    late += sum(one.day is not None and one.day < day for one in items)
    parts.heading("Vad behöver göras nu?", summary(late, len(found)))
    if records.problems.empty:
        first_steps()
    show_clocks(told, day)
    show_duties(duties(frames, day, parts={column: about(Situation, column).label for column in LAWFUL_PARTS}))
    show_items(points(items, day, [], "")[1:-1])
    show_breaks(found)
    show_news(day)
    show_next_meeting(frames["meeting"], day)


def summary(late: int, broken: int) -> str:
    """The page in one sentence."""
    first = f"**{late} {'sak är försenad' if late == 1 else 'saker är försenade'} eller saknas.**" if late else ""
    second = f"Den röda tråden brister på {broken} {'ställe' if broken == 1 else 'ställen'}." if broken else ""
    return " ".join(filter(None, (first, second))) or "Inget är försenat, och den röda tråden hänger ihop."


def first_steps() -> None:
    """The way in, for a municipality that has not begun."""
    with st.container(border=True):
        st.markdown("**Så börjar ni.** Tre steg, i vilken ordning ni vill.")
        link("lagesbild", "Se läget i officiell statistik", icon="monitoring")
        link("importera", "Lägg till egna uppgifter ur ett kalkylblad", icon="upload_file")
        link("problem", "Skriv ned ett första problem", icon="flag")


def show_clocks(told: list[Clock], today: date) -> None:
    st.subheader("Lagens klockor", anchor=False)
    with st.container(horizontal=True):
        for clock in told:
            days = f"senast **{swedish_date(clock.due)}**{left(clock.due, today)} · " if clock.due else ""
            with st.container(border=True, width=400):
                st.markdown(f"{_SIGNS[clock.state]} **{clock.name}**  \n{days}{clock.state}. {clock.says}")
                page_name, name = _CLOCK_PAGES[clock.about]
                ids = {name: clock.about_id} if clock.about_id else {}
                link(page_name, "Gå dit" if clock.about_id else "Börja här", icon="arrow_forward", **ids)


def show_duties(told: list[Duty]) -> None:
    """How much of the law is met, and where the rest is seen."""
    met = sum(one.state in (State.DONE, State.SOON) for one in told)
    line(f"{met} av {len(told)} delar av lagen är uppfyllda enligt det som finns här.", "efterlevnad", "Se vilka")


def left(due: date, today: date) -> str:
    """How long there is, or how late it is, in words."""
    days = (due - today).days
    if days < 0:
        return f", {-days} {'dag' if days == -1 else 'dagar'} sedan"
    return f", om {days} {'dag' if days == 1 else 'dagar'}" if days < 90 else ""


def show_items(told: list[dict[str, Any]]) -> None:
    """What is overdue or due within a month, by kind."""
    for point in told:
        st.subheader(point["title"], anchor=False)
        for one in point["lines"][:_SHOWN]:
            if "page" in one:
                line(one["text"], one["page"], **{one["name"]: one["id"]})
            else:
                st.markdown(one["text"])
        if len(point["lines"]) > _SHOWN:
            more = len(point["lines"]) - _SHOWN
            link("uppfoljning", f"och {more} till", icon="more_horiz")


def show_breaks(found: pd.DataFrame) -> None:
    if found.empty:
        return
    st.subheader("Lösa trådar", anchor=False)
    counts = Counter(found["fault"]).most_common()
    st.markdown(
        "\n".join(f"- {BREAKS[fault][1] if count == 1 else f'{count} {BREAKS[fault][2]}'}" for fault, count in counts)
    )
    link("roda_traden", "Se var tråden brister", icon="route")


def show_news(today: date) -> None:
    """The newest figures that are more than chance, and what has come."""
    st.subheader("Vad de nyaste siffrorna säger", anchor=False)
    beyond = [*official_news(), *local_news()]
    for sentence, page_name in beyond:
        line(sentence, page_name, "Se diagrammet")
    if not beyond:
        st.markdown("Inget av det nyaste är mer än vanlig variation.")
    rows = ask(catalogue.brought).drop_duplicates("title")
    days = [local_day(moment) for moment in rows["received_at"]]
    fresh = [
        f"{title} ({swedish_date(day)})" for title, day in zip(rows["title"], days, strict=True) if today - day <= _NEW
    ]
    if fresh:
        st.caption(f"Kommit de senaste 30 dagarna: {'; '.join(fresh[:_SHOWN])}.")


def official_news() -> list[tuple[str, str]]:
    """Reported offences of the newest year and quarter that are more or fewer than expected."""
    where = choice()
    groups = ask(offences.groups, where.municipality_id)
    own = groups[groups["exclusive"]].set_index("indicator_id") if len(groups) else groups
    told = []
    for period in ("year", "quarter"):
        rows = ask(offences.series, tuple(own.index), (where.municipality_id,), period) if len(own) else pd.DataFrame()
        if rows.empty:
            continue
        newest = rows["period_start"].max()
        label = str(rows.loc[rows["period_start"] == newest, "period_label"].iloc[0])
        judged = ask(offences.expected, tuple(own.index), where.municipality_id, period, (newest.date(),))
        for one, name in own["name"].items():
            told += [in_words(found, drawn.reports_of(str(name)), label) for found in judged[str(one)] if beyond(found)]
    return [(sentence, "lagesbild") for sentence in told]


def local_news() -> list[tuple[str, str]]:
    """The newest twelve months of each local source of events."""
    where = choice().whole()
    told = []
    sources = ask(local.sources)
    for source in sources[sources["kind"] == "events"].to_dict("records"):
        latest = ask(local_events.latest, where.municipality_id, source["source_id"], where.place_id)
        if latest is not None and beyond(latest.expected):
            told.append((in_words(latest.expected, f"händelser i {source['title']}", latest.label), "lagesbild"))
    return told


def beyond(found: Expectation) -> bool:
    """Whether a figure is more than chance."""
    return found.verdict in (Verdict.HIGHER, Verdict.LOWER)


def in_words(found: Expectation, what: str, label: str) -> str:
    return sentences.expectation_sentence(found, what, label)


def show_next_meeting(meetings: pd.DataFrame, today: date) -> None:
    waiting = meetings[meetings["held_on"].isna() & (meetings["planned_on"] >= pd.Timestamp(today))]
    st.subheader("Nästa möte", anchor=False)
    if waiting.empty:
        st.markdown("Inget möte är planerat.")
        link("moten", "Planera ett möte", icon="groups")
        return
    row = waiting.sort_values(["planned_on", "id"]).iloc[0]
    day = swedish_date(row["planned_on"].date())
    line(f"**{row['title']}**, {day}", "moten", "Se dagordningen", mote=row["id"])


page()
