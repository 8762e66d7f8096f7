"""All that is to be followed up, what needs it first."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from charts.swedish import date as swedish_date
from charts.swedish import listing, number
from store.records import FollowUp, Goal, GoalMeasure, Measure
from ui import parts
from ui.follow_up.past import light_word
from ui.follow_up.told import told_of
from ui.work import link, table, work

#: So many are listed at a time: each goal's series is read.
_LISTED = 15

_EVERYWHERE = "Alla platser"

#: A sign for what needs doing (the values of ``analysis.to_follow_up.ToDo``), beside its word.
_SIGNS = {
    "Försenad uppföljning": "warning",
    "Slutdatum har passerat: gör slutbedömningen": "warning",
    "Dags att följa upp": "notifications",
    "Ingen uppföljning planerad": "help",
    "Uppföljning planerad": "event",
    "Avslutad": "check",
}
#: What is urgent, in words for one and for several.
_URGENT = {
    "Försenad uppföljning": ("försenad uppföljning", "försenade uppföljningar"),
    "Slutdatum har passerat: gör slutbedömningen": ("slutbedömning att göra", "slutbedömningar att göra"),
    "Dags att följa upp": ("uppföljning inom en månad", "uppföljningar inom en månad"),
}


def goals_and_measures() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The goals, the measures to follow up by themselves, and the follow-ups, as rows of the work.

    A measure that works ``for_a_goal`` is followed up with it, unless a follow-up of its own is planned.
    """
    goals, measures, links = (table(one) for one in (Goal, Measure, GoalMeasure))
    follow_ups = table(FollowUp)
    planned = follow_ups.loc[follow_ups["held_on"].isna(), "measure_id"]
    measures = measures.rename(columns={"ends_on": "due_on"})
    measures = measures.assign(for_a_goal=measures["id"].isin(links["measure_id"]))
    return goals, measures[~measures["for_a_goal"] | measures["id"].isin(planned)], follow_ups


def show(goals: pd.DataFrame, measures: pd.DataFrame, follow_ups: pd.DataFrame) -> None:
    """``goals`` and ``measures`` in the order of ``analysis.to_follow_up``."""
    parts.heading("Uppföljning", "Når vi målen, gör vi det vi sa, och vad ska hända nu?")
    if goals.empty and measures.empty:
        parts.empty(
            "Här finns inget att följa upp än.",
            "Börja i **Åtgärdsplan**: skriv en åtgärd och ett mål med mått, utgångsläge, målvärde och datum.",
        )
        link("atgardsplan", "Till Åtgärdsplan", icon="checklist")
        return
    st.markdown(_summary(pd.concat([goals["to_do"], measures["to_do"]])))
    where = sorted({*goals["place"], *measures["place"]} - {""})
    chosen = st.selectbox(
        "Plats", [_EVERYWHERE, *where], key="uppfoljningsplats", bind="query-params", width=260,
        placeholder="Välj plats",
    )  # fmt: skip
    if chosen != _EVERYWHERE:
        goals, measures = (one[one["place"] == chosen] for one in (goals, measures))
    _listed("Mål", goals, follow_ups, "goal_id", "mal")
    for_a_goal = measures["for_a_goal"]
    _listed("Åtgärder utan mål i siffror", measures[~for_a_goal], follow_ups, "measure_id", "atgard")
    _listed("Åtgärder med egen planerad uppföljning", measures[for_a_goal], follow_ups, "measure_id", "atgard")


def _summary(to_do: pd.Series) -> str:
    """How much needs doing, in a sentence."""
    counted = to_do.map(str).value_counts()
    told = [
        f"{number(counted[one])} {words[int(counted[one] > 1)]}" for one, words in _URGENT.items() if one in counted
    ]
    if not told:
        return "Ingen uppföljning är försenad, och ingen ska göras den närmaste månaden."
    return f"**Behöver göras:** {listing(told)}."


def _listed(title: str, rows: pd.DataFrame, follow_ups: pd.DataFrame, about: str, name: str) -> None:
    if rows.empty:
        return
    st.subheader(f"{title} ({number(len(rows))})", anchor=False)
    every = len(rows) > _LISTED and st.toggle("Visa alla", key=f"visa-alla-{name}")
    shown = rows.head(len(rows) if every else _LISTED)
    standing = _standings(shown["id"].tolist()) if about == "goal_id" else {}
    for row in shown.to_dict("records"):
        own = follow_ups[(follow_ups[about] == row["id"]).fillna(False) & follow_ups["held_on"].notna()]
        with st.container(border=True, key=f"{name}-{row['id']}"):
            link("uppfoljning", row["title"], icon=_SIGNS[str(row["to_do"])], **{name: row["id"]})
            told = f"**{row['to_do']}**{_when(row['day'], row['late'])}"
            st.markdown("  \n".join(filter(None, (told, standing.get(row["id"], ""), _last(own)))))


def _when(day: date | None, late: int) -> str:
    """The day, and how late it is."""
    if day is None:
        return ""
    told = f" · {swedish_date(day)}"
    return f"{told}, {number(late)} {'dag' if late == 1 else 'dagar'} sedan" if late else told


def _last(own: pd.DataFrame) -> str:
    """The newest judgement."""
    if own.empty:
        return ""
    newest = own.sort_values("held_on").iloc[-1]
    return f"Senast {swedish_date(newest['held_on'])}: {light_word(newest['light']) or 'utan bedömning'}"


def _standings(ids: list[int]) -> dict[int, str]:
    """Where each goal stands in the figures."""
    links, measures = work().frame(GoalMeasure, goal_id=ids), work().frame(Measure)
    found = {}
    for goal in work().all(Goal, id=ids):
        own = links.loc[links["goal_id"] == goal.id, "measure_id"]
        told = told_of(goal, measures[measures["id"].isin(own)])
        found[goal.id] = f"{told.what} i {told.place}: **{told.found.standing}**"
    return found
