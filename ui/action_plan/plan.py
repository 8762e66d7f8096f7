"""The plans: which there are, and one of them: what it rests on, its days, and its decision."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from charts.swedish import date as swedish_date
from charts.swedish import number, today
from store.records import Measure, Plan, Situation
from store.records.choices import PlanKind, Stage
from ui import parts, remarks
from ui.action_plan.reading import Frames, closed, kronor, titled
from ui.aside import lay_aside
from ui.chosen import go
from ui.work import (
    actor,
    attempt,
    empty_form,
    form_fields,
    link,
    may_decide,
    may_write,
    opened,
    save,
    saved,
    work,
)

_LAWFUL = ["title", "situation_id", "starts_on", "ends_on"]
_ACTIVITY = ["title", "party", "starts_on", "ends_on", "budget_sek"]
_DECISION = ["decided_on", "decided_by", "registry_number"]


class FollowUpRecord(Protocol):
    """What is read of how a plan's follow-up stands: the last day for the next one, and how far it has come."""

    @property
    def due(self) -> date: ...
    @property
    def says(self) -> str: ...


def listed(read: Frames) -> None:
    """The plans, each on a line, and the way to a new one."""
    st.subheader("Planer", anchor=False)
    if read.plans.empty:
        st.markdown("Ingen plan finns än. Åtgärder kan läggas till före planen och föras in i den sedan.")
    for row in read.plans.to_dict("records"):
        with st.container(gap=None):
            link("atgardsplan", row["title"], icon="description", plan=row["id"])
            many = int((read.measures["plan_id"] == row["id"]).sum())
            told = [PlanKind(row["kind"]).label, _stage(row), _years(row)]
            told.append(f"{number(many)} {'åtgärd' if many == 1 else 'åtgärder'}" if many else "")
            st.caption(" · ".join(filter(None, told)))
    if may_write():
        _new()


def _stage(row: Any) -> str:
    return f"beslutad {swedish_date(row['decided_on'])}" if row["stage"] == Stage.DECIDED else "utkast"


def _years(row: Any) -> str:
    days = [day.year for day in (row["starts_on"], row["ends_on"]) if not pd.isna(day)]
    return "–".join(str(year) for year in dict.fromkeys(days))


def _new() -> None:
    with st.expander("Ny plan", icon=":material/add:", key="new-plan"), st.form("new-plan-form", border=False):
        values = form_fields(Plan, None, ["kind", "title"])
        if st.form_submit_button("Spara planen"):
            made = attempt(lambda: work().create(actor(), Plan(**values)))
            if made is not None:
                empty_form(Plan)
                saved("Planen är sparad.")
                go("atgardsplan", plan=made.id)


def show(plan: Plan, follow_up: FollowUpRecord | None) -> None:
    """What the plan is, rests on and is followed up by; the form that changes it, and the decision."""
    link("atgardsplan", "Hela åtgärdsplanen", icon="arrow_back")
    row = {"stage": plan.stage, "decided_on": plan.decided_on, "starts_on": plan.starts_on, "ends_on": plan.ends_on}
    told = [PlanKind(plan.kind).label, plan.party and f"med {plan.party}", _stage(row), _years(row)]
    parts.heading(plan.title, " · ".join(filter(None, told)))
    lawful = plan.kind == PlanKind.LAWFUL
    if lawful:
        _rests_on(plan)
    if plan.stage == Stage.DECIDED:
        _decided(plan, follow_up if lawful else None)
    elif may_write():
        _change(plan, lawful)
        if may_decide():
            _decide(plan, lawful)


def foot(plan: Plan) -> None:
    """What can be put on the plan, and the way to put it aside."""
    remarks.show(plan)
    if may_write() and plan.stage != Stage.DECIDED:
        done = "Planen är undanlagd. Du kan ta tillbaka den längst ned på sidan."
        lay_aside(plan, "Lägg undan planen", page="atgardsplan", done=done)


def _rests_on(plan: Plan) -> None:
    situation = work().get(Situation, plan.situation_id) if plan.situation_id else None
    if situation is None:
        st.markdown("Planen säger inte vilken lägesbild den bygger på än. Det krävs för att den ska kunna beslutas.")
        return
    decided = situation.stage == Stage.DECIDED
    told = f"beslutad {swedish_date(situation.decided_on)}" if decided else "inte beslutad än"
    link("lagesbilder", f"Bygger på: {situation.title}, {told}", icon="gavel", lagesbild=situation.id)


def _decided(plan: Plan, follow_up: FollowUpRecord | None) -> None:
    number_ = f", diarienummer {plan.registry_number}" if plan.registry_number else ""
    st.markdown(
        f"Beslutad {swedish_date(plan.decided_on)} av {plan.decided_by}{number_}. En beslutad plan ändras inte."
    )
    closed()
    if follow_up is None:
        return
    left = (follow_up.due - today()).days
    when = f"{number(left)} dagar kvar" if left > 0 else "i dag" if left == 0 else f"{number(-left)} dagar för sent"
    icon = ":material/schedule:" if left >= 0 else ":material/warning:"
    by = f"Ska vara uppföljd senast {swedish_date(follow_up.due)} ({when}): 6 § lagen (2023:196)."
    st.markdown(f"{icon} {by} {follow_up.says}")


def _change(plan: Plan, lawful: bool) -> None:
    with st.expander("Ändra planen", icon=":material/edit:", key="change-plan"), st.form("plan-form", border=False):
        situations = titled(work().frame(Situation))
        values = form_fields(Plan, plan, _LAWFUL if lawful else _ACTIVITY, {"situation_id": situations})
        if st.form_submit_button("Spara planen") and save(plan, **values):
            saved("Planen är sparad.")
            st.rerun()


def take_in(plan: Plan, measures: pd.DataFrame) -> None:
    """Measures that are in no plan yet, to put into this one while it is a draft."""
    loose = titled(measures[measures["plan_id"].isna()])
    if plan.stage == Stage.DECIDED or not may_write() or not loose:
        return
    with st.expander(f"För in åtgärder ({len(loose)} utan plan)", icon=":material/playlist_add:", key="take-in"):
        chosen = st.multiselect(
            "Åtgärder utan plan", list(loose), format_func=loose.__getitem__, placeholder="Välj åtgärder",
            key=f"take-in-{plan.id}",
        )  # fmt: skip
        if not st.button("För in i planen", icon=":material/add:", disabled=not chosen, key="take-in-save"):
            return
        versions = dict(zip(measures["id"], measures["version"], strict=True))
        if attempt(lambda: _into(plan, {one: int(versions[one]) for one in chosen})):
            saved(f"{len(chosen)} {'åtgärd är införd' if len(chosen) == 1 else 'åtgärder är införda'} i planen.")
            st.rerun()


def _into(plan: Plan, versions: dict[int, int]) -> bool:
    """All of them or none."""
    with work().together(actor()) as writing:
        for measure_id, version in versions.items():
            writing.save(Measure, measure_id, version, plan_id=plan.id)
    return True


def _decide(plan: Plan, lawful: bool) -> None:
    with (
        st.expander("Besluta planen", icon=":material/gavel:", key="decide-plan"),
        st.form("decide-form", border=False),
    ):
        needed = "minst en åtgärd och en beslutad lägesbild" if lawful else "minst en aktivitet"
        st.caption(f"Planen behöver {needed}. När den är beslutad ändras den inte mer.")
        values = form_fields(Plan, plan, _DECISION, part="decision")
        if st.form_submit_button("Besluta planen"):
            before = opened(plan)
            if attempt(lambda: work().decide(actor(), Plan, before.id, before.version, **values)) is not None:
                saved(f"Planen är beslutad. Budgeten är {kronor(plan.budget_sek)} per år." if plan.budget_sek else
                      "Planen är beslutad.")  # fmt: skip
                st.rerun()
