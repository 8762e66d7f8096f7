"""Each paragraph of the law: what fulfils it here, what is missing, the clocks, and the registers that it asks for."""

from __future__ import annotations

import streamlit as st

from analysis.law import Clock, Duty, State, clocks, duties
from charts.swedish import date as swedish_date
from charts.swedish import today
from store.records import (
    LAWFUL_PARTS,
    Agreement,
    Coordination,
    CouncilMember,
    FollowUp,
    GoalMeasure,
    Measure,
    Meeting,
    Plan,
    Situation,
    about,
)
from ui import parts, registers
from ui.work import link, table

_ROWS = (Agreement, Coordination, CouncilMember, FollowUp, GoalMeasure, Measure, Meeting, Plan, Situation)
_SIGNS = {
    State.DONE: ":material/check_circle:",
    State.SOON: ":material/schedule:",
    State.PART: ":material/timelapse:",
    State.LATE: ":material/error:",
    State.MISSING: ":material/radio_button_unchecked:",
}
#: Where each paragraph is fulfilled: page, icon and what the link says.
_WHERE = {
    "4 §": ("lagesbilder", "Till lägesbilderna"),
    "5 §": ("atgardsplan", "Till åtgärdsplanen"),
    "6 §": ("uppfoljning", "Till uppföljningen"),
    "7 §": ("lagesbilder", "Skriv i lägesbilden"),
    "10 §": ("moten", "Till rådets möten"),
    "13 §": ("moten", "Till rapporterna"),
}
_PAGES = {"situation": ("lagesbilder", "lagesbild"), "plan": ("atgardsplan", "plan")}


def page() -> None:
    day = today()
    frames = {model.__tablename__: table(model) for model in _ROWS}
    named = {column: about(Situation, column).label for column in LAWFUL_PARTS}
    told = duties(frames, day, parts=named)
    done = sum(one.state in (State.DONE, State.SOON) for one in told)
    parts.heading(
        "Efterlevnad",
        f"Lagen (2023:196) om kommuners ansvar för brottsförebyggande arbete: {done} av {len(told)} delar är uppfyllda "
        "enligt det som finns här.",
    )
    show_clocks(clocks(frames, day))
    for duty in told:
        show_duty(duty)
    registers.show()
    with st.expander("Vad sidan bygger på", icon=":material/help:"):
        st.markdown(
            "- Sidan ser bara det som finns i Röda tråden. Annat räknas när det är inskrivet.\n"
            "- Lagen gäller sedan 1 juli 2023. En första åtgärdsplan behövde inte finnas före 1 juli 2024.\n"
            "- Lägesbilden ska uppdateras, och planen följas upp, minst vartannat år: två klockor, var för sig.\n"
            "- Kamerabevakning på trygga allmänna platser (14 §) är möjlig, inte ett krav: skriv in den som åtgärd."
        )


def show_clocks(told: list[Clock]) -> None:
    with st.container(horizontal=True):
        for clock in told:
            with st.container(border=True, width=340):
                day = f"senast **{swedish_date(clock.due)}** · " if clock.due else ""
                st.markdown(f"{_SIGNS[clock.state]} **{clock.name}**  \n{day}{clock.state}")
                st.caption(clock.says)


def show_duty(duty: Duty) -> None:
    with st.container(border=True, key=f"paragraf-{duty.paragraph.split()[0].replace('–', '-')}"):
        st.markdown(f"{_SIGNS[duty.state]} **{duty.paragraph}** · {duty.state}  \n{duty.asks}")
        st.markdown(duty.says)
        for line in duty.missing:
            st.markdown(f":material/priority_high: {line}")
        with st.container(horizontal=True):
            for table, key, title in duty.rows:
                if table in _PAGES:
                    page_name, name = _PAGES[table]
                    link(page_name, title, icon="description", **{name: key})
            if duty.paragraph in _WHERE:
                page_name, label = _WHERE[duty.paragraph]
                link(page_name, label, icon="arrow_forward")
            else:
                st.caption("Skrivs in längst ned på sidan.")


page()
