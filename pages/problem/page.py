"""Problems: which there are, which come first, and one of them with what showed it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analysis.priority import STEPS, Priority
from charts.swedish import number
from store.records import Cause, Evidence, Measure, Problem
from store.records.choices import ProblemStage
from ui import evidence, parts, remarks
from ui.aside import bring_back, lay_aside
from ui.chosen import chosen, go
from ui.municipality import place_names
from ui.work import actor, attempt, empty_form, form_fields, link, may_write, save, saved, work

#: The steps of the two scales, from 1.
_CONSEQUENCE = ("liten", "måttlig", "stor", "mycket stor")
_LIKELIHOOD = ("osannolikt", "möjligt", "troligt", "mycket troligt")

_EVERYWHERE, _ALL = "Alla platser", "Alla"
_MATRIX, _TABLE = "Matris", "Tabell"

#: The cell of the matrix that was pressed.
_CELL = "problem_ruta"

#: So many problems are listed with a link each; the table and the field above it hold the rest.
_LISTED = 30


def page() -> None:
    """One problem if the address names one, else all of them."""
    problem = chosen(Problem, "problem", "Problemet finns inte längre. Det kan ha lagts undan. Här är de som finns.")
    if problem is None:
        overview()
    else:
        opened(problem)


def overview() -> None:
    """All problems by priority, and the way to a new one."""
    parts.heading("Problem", "Vad vill vi förebygga, och vad är viktigast att börja med?")
    problems = work().frame(Problem)
    if problems.empty:
        parts.empty(
            "Här finns inga problem än.",
            "Öppna ett diagram, till exempel på sidan Lägesbild, tryck på **Använd** under det och välj **Gör till "
            "problem**. Då följer plats, period och siffror med. Du kan också skriva ned ett problem för hand.",
        )
        link("lagesbild", "Till Lägesbild", icon="monitoring")
    else:
        several(scored(problems))
    if may_write():
        by_hand()
        aside = [(one, f"{one.title}, {one.place}") for one in work().all(Problem, deleted=True)]
        bring_back(aside, "Undanlagda problem", done="Problemet är tillbaka.")


def scored(problems: pd.DataFrame) -> pd.DataFrame:
    """The problems with their priority (consequence times likelihood; empty before both are judged), highest first."""
    score = problems["consequence"] * problems["likelihood"]
    return problems.assign(score=score).sort_values("score", ascending=False, kind="stable", na_position="last")


def several(problems: pd.DataFrame) -> None:
    """The problems of the chosen place and stage, as a matrix or a table."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        where = st.selectbox(
            "Plats", [_EVERYWHERE, *sorted(problems["place"].unique())], key="problemplats", bind="query-params",
            width=220, placeholder="Välj plats",
        )  # fmt: skip
        stages = {_ALL: ""} | {stage.label: stage.value for stage in ProblemStage}
        stage = st.segmented_control(
            "Läge", list(stages), default=ProblemStage.OPEN.label, required=True, key="lage", bind="query-params"
        )
        form = st.segmented_control(
            "Visa som", [_MATRIX, _TABLE], default=_MATRIX, required=True, key="visa_som", bind="query-params"
        )
    if where != _EVERYWHERE:
        problems = problems[problems["place"] == where]
    if stages[stage]:
        problems = problems[problems["stage"] == stages[stage]]
    if problems.empty:
        st.markdown("Inga problem passar valen ovan.")
    elif form == _MATRIX:
        matrix(problems)
    else:
        table(problems)


def matrix(problems: pd.DataFrame) -> None:
    """Consequence upwards, likelihood to the right; a cell shows its problems below."""
    counts = problems.groupby(["consequence", "likelihood"]).size()
    with st.container(key="matrix", gap="xsmall"):
        for consequence in range(STEPS, 0, -1):
            st.markdown(f"**Konsekvens {consequence}**, {_CONSEQUENCE[consequence - 1]}")
            with st.container(horizontal=True, gap="xsmall", wrap=False):
                for likelihood in range(1, STEPS + 1):
                    with st.container(width="stretch"):
                        cell(consequence, likelihood, int(counts.get((consequence, likelihood), 0)))
        with st.container(horizontal=True, gap="xsmall", wrap=False):
            for likelihood, word in enumerate(_LIKELIHOOD, start=1):
                with st.container(width="stretch"):
                    st.markdown(f":small[**Sannolikhet {likelihood}**, {word}]")
    unjudged = int(problems["score"].isna().sum())
    if unjudged:
        st.markdown(f"{unjudged} problem är inte {'bedömt' if unjudged == 1 else 'bedömda'} än och står sist i listan.")
    listed(problems)


def cell(consequence: int, likelihood: int, problems: int) -> None:
    """One square: how many problems, as a button."""
    here = (consequence, likelihood)
    mark = ":material/arrow_drop_down:" if st.session_state.get(_CELL) == here and problems else None
    if st.button(
        f":small[{consequence} × {likelihood}:] **{problems} st**" if problems else f"{consequence} × {likelihood}: –",
        key=f"cell-{consequence}-{likelihood}", disabled=not problems, width="stretch", icon=mark,
        help=f"Konsekvens {consequence}, sannolikhet {likelihood}" if problems else None,
    ):  # fmt: skip
        st.session_state[_CELL] = None if mark else here
        st.rerun()


def listed(problems: pd.DataFrame) -> None:
    """The problems of the pressed cell, or all by priority, each with a link."""
    pressed = st.session_state.get(_CELL)
    own = problems
    if pressed:
        own = problems[(problems["consequence"] == pressed[0]) & (problems["likelihood"] == pressed[1])]
    if own.empty:
        pressed, own = None, problems
    many = "I listan" if pressed is None else f"Konsekvens {pressed[0]}, sannolikhet {pressed[1]}"
    st.subheader(f"{many}: {len(own)} problem", anchor=False)
    for row in own.head(_LISTED).to_dict("records"):
        with st.container(gap="xxsmall"):
            link("problem", row["title"], icon="flag", problem=row["id"])
            told = [row["place"], row["period"], priority_words(row["consequence"], row["likelihood"])]
            st.caption(" · ".join(text for text in told if text))
    if len(own) > _LISTED:
        st.markdown(f"{number(len(own) - _LISTED)} till visas som tabell, eller när du väljer plats eller ruta.")


def priority_words(consequence: Any, likelihood: Any) -> str:
    """The priority in words, or that it has not been judged."""
    if pd.isna(consequence) or pd.isna(likelihood):
        return "inte bedömt än"
    return f"prioritet {consequence * likelihood} av {STEPS * STEPS} ({consequence} × {likelihood})"


def table(problems: pd.DataFrame) -> None:
    """All columns, to sort by any; a row, or the field above, opens the problem."""
    titles = dict(zip(problems["id"].tolist(), problems["title"] + ", " + problems["place"], strict=True))
    wanted = st.selectbox(
        "Öppna ett problem", list(titles), index=None, format_func=titles.__getitem__, key="oppna", width=460,
        placeholder="Skriv för att söka",
    )  # fmt: skip
    shown = pd.DataFrame(
        {
            "Problem": problems["title"],
            "Plats": problems["place"],
            "Prioritet": problems["score"],
            "Konsekvens": problems["consequence"],
            "Sannolikhet": problems["likelihood"],
            "Läge": [ProblemStage(stage).label for stage in problems["stage"]],
            "Mått": problems["indicator"],
            "Period": problems["period"],
        }
    )
    picked = st.dataframe(
        shown, hide_index=True, key="problemtabell", on_select="rerun", selection_mode="single-row",
        placeholder="–", alt=f"{len(shown)} problem med plats, prioritet och läge",
    )  # fmt: skip
    rows = picked["selection"]["rows"]
    opening = wanted if wanted is not None else problems["id"].iloc[rows[0]] if rows else None
    if opening is not None:
        go("problem", problem=int(opening))


def by_hand() -> None:
    """A problem that no chart shows."""
    with st.expander("Skriv ned ett problem för hand", icon=":material/add:", key="new"), st.form("new-problem"):
        names = place_names()
        columns = ["title", "place_id", "description", "indicator", "period"]
        values = form_fields(Problem, None, columns, {"place_id": names})
        if st.form_submit_button("Spara problemet"):
            new = Problem(**values, place=names.get(values["place_id"], ""))
            made = attempt(lambda: work().create(actor(), new))
            if made is not None:
                empty_form(Problem)
                saved("Problemet är sparat. Bedöm hur allvarligt det är, så hamnar det i matrisen.")
                go("problem", problem=made.id)


def opened(problem: Problem) -> None:
    """One problem: how it is weighed, what showed it, what has been done about it."""
    link("problem", "Alla problem", icon="arrow_back")
    stage = ProblemStage(problem.stage).label
    about = filter(None, (problem.place, problem.indicator, problem.period, stage))
    parts.heading(problem.title, problem.description or " · ".join(about))
    if problem.description:
        st.caption(" · ".join(filter(None, (problem.place, problem.indicator, problem.period, stage))))
    weighed(problem)
    grounds(problem)
    further(problem)
    if may_write():
        change(problem)
    remarks.show(problem)
    if may_write():
        done = "Problemet är undanlagt. Du kan ta tillbaka det längst ned på sidan."
        lay_aside(problem, "Lägg undan problemet", page="problem", done=done)


def weighed(problem: Problem) -> None:
    """The priority with its grounds, and the form that sets it."""
    st.subheader("Hur viktigt är det?", anchor=False)
    judged = problem.consequence is not None
    if problem.consequence is not None and problem.likelihood is not None:
        priority = Priority(problem.consequence, problem.likelihood, problem.grounds)
        st.markdown(
            f"**Prioritet {priority.score} av {STEPS * STEPS}:** konsekvensen är "
            f"{_CONSEQUENCE[priority.consequence - 1]} ({priority.consequence}) och det är "
            f"{_LIKELIHOOD[priority.likelihood - 1]} ({priority.likelihood}) att det fortsätter eller händer igen."
        )
        st.markdown(f"Grund för bedömningen: {priority.grounds}")
    else:
        st.markdown("Problemet är inte bedömt än. Bedöm konsekvens och sannolikhet, och skriv varför.")
    if not may_write():
        return
    with st.expander("Ändra bedömningen" if judged else "Bedöm problemet", expanded=not judged, key="weigh"):
        priority_form(problem)


def priority_form(problem: Problem) -> None:
    """Consequence, likelihood and the grounds for them."""
    options = {
        "consequence": {step: f"{step} – {word}" for step, word in enumerate(_CONSEQUENCE, start=1)},
        "likelihood": {step: f"{step} – {word}" for step, word in enumerate(_LIKELIHOOD, start=1)},
    }
    with st.form("priority", border=False):
        values = form_fields(Problem, problem, ["consequence", "likelihood", "grounds"], options, part="priority")
        st.caption(
            "Konsekvens: hur illa det är för dem som drabbas och för platsen. Sannolikhet: hur troligt att det "
            "fortsätter eller händer igen. Skriv vad bedömningen grundar sig på, så att andra kan pröva den."
        )
        if st.form_submit_button("Spara bedömningen") and save(problem, **values):
            saved("Bedömningen är sparad.")
            st.rerun()


def grounds(problem: Problem) -> None:
    """The figures and notes that the problem was seen in."""
    rests_on = work().all(Evidence, problem_id=problem.id)
    st.subheader("Det här visade problemet", anchor=False)
    if not rests_on:
        st.markdown("Problemet är nedskrivet för hand och har inga frysta siffror.")
    for one in rests_on:
        evidence.show(one)


def further(problem: Problem) -> None:
    """The way on: to its causes and its measures."""
    causes = len(work().frame(Cause, problem_id=problem.id))
    measures = len(work().frame(Measure, problem_id=problem.id))
    st.subheader("Vidare", anchor=False)
    with st.container(horizontal=True):
        many = f"{causes} {'orsak' if causes == 1 else 'orsaker'}" if causes else "ingen orsak än"
        link("orsaksanalys", f"Orsaksanalys: {many}", icon="account_tree", problem=problem.id)
        many = f"{measures} {'åtgärd' if measures == 1 else 'åtgärder'}" if measures else "ingen åtgärd än"
        link("atgardsplan", f"Åtgärdsplan: {many}", icon="checklist", problem=problem.id)


def change(problem: Problem) -> None:
    """What the problem is called, where it is, and whether it is worked with."""
    with st.expander("Ändra uppgifterna", icon=":material/edit:", key="change"), st.form("problem", border=False):
        names = place_names() | {problem.place_id: problem.place}
        columns = ["title", "description", "place_id", "indicator", "period", "stage"]
        values = form_fields(Problem, problem, columns, {"place_id": names}, part="facts")
        if st.form_submit_button("Spara") and save(problem, **values, place=names.get(values["place_id"], "")):
            saved("Problemet är sparat.")
            st.rerun()


page()
