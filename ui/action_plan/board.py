"""The plan as a table in Brå's columns, problem by problem: beside each other on a wide screen, below on a narrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from charts.action_plan import LIGHTS, PROGRESS, timeline, when
from charts.style import CONFIG
from charts.swedish import date as swedish_date
from charts.swedish import number, today
from ui import parts
from ui.action_plan.reading import Frames
from ui.work import link

#: Widths of Brå's columns.
_WIDTHS = (6, 7, 6, 5, 8, 6)

#: So many measures are all open at once; of more, the problem that is opened.
_ALL_OPEN = 20

#: What stands above the measures that belong to no problem.
WITHOUT = "Utan problem"


def show(sections: Sequence[tuple[str, int | None, pd.DataFrame]], frames: Frames, made: Callable[..., Any]) -> None:
    """The measures of each problem. ``sections``: the problem's title, its id and its measures with ``late``; ``made``
    takes the measures and gives them with Brå's columns (``analysis.action_plan.board``)."""
    many = sum(len(rows) for _, _, rows in sections) > _ALL_OPEN
    goals = {int(row["id"]): row for row in frames.goals.to_dict("records")}
    for title, problem_id, rows in sections:
        late = int((rows["late"] != "").sum())
        told = f"{title} – {number(len(rows))} {'åtgärd' if len(rows) == 1 else 'åtgärder'}"
        told += f", {number(late)} {'försenad' if late == 1 else 'försenade'}" if late else ""
        box = st.expander(told, expanded=not many, key=f"board-{problem_id or 0}", on_change="rerun")
        if not box.open:
            continue
        with box:
            if problem_id:
                link("orsaksanalys", "Problemets orsaker", icon="account_tree", problem=problem_id)
            for row in made(rows).to_dict("records"):
                _row(row, goals)


def _row(row: Mapping[Any, Any], goals: Mapping[int, Mapping[Any, Any]]) -> None:
    with st.container(border=True, key=f"measure-{row['id']}"):
        columns = st.columns(_WIDTHS, gap="small")
        causes = [f"{number} {what}" for number, what in row["causes"]]
        _cell(columns[0], "Orsak", causes, "Ingen orsak än")
        with columns[1], st.container(gap=None):
            _cell(st, "Åtgärd", [f"**{row['title']}**"], "")
            link("atgardsplan", f"Öppna åtgärd {row['id']}", atgard=row["id"])
        _cell(columns[2], "Operativa mål", [_goal(goals[one]) for one in row["goals"]], "Inget mål än")
        _cell(columns[3], "När", [when(row["starts_on"], row["ends_on"]), _progress(row)], "")
        _cell(columns[4], "Vem", _who(row), "Ingen ansvarig än")
        _cell(columns[5], "Uppföljning", _followed(row), "Inte uppföljd än")


def _cell(column: Any, label: str, lines: Sequence[str], otherwise: str) -> None:
    text = "  \n".join(lines) if lines else f"*{otherwise}*"
    column.markdown(f":small[**{label}**]  \n{text}")


def _who(row: Mapping[Any, Any]) -> list[str]:
    return [text for text in (row["role"], row["unit"] and f":small[{row['unit']}]") if text]


def _goal(goal: Mapping[Any, Any]) -> str:
    day = "" if pd.isna(goal["due_on"]) else f", senast {swedish_date(goal['due_on'])}"
    return f"{goal['title']}{day}"


def _progress(row: Mapping[Any, Any]) -> str:
    word = PROGRESS[row["progress"]][0]
    return f"{word}. **Försenad:** {row['late']}." if row["late"] else f"{word}."


def _followed(row: Mapping[Any, Any]) -> list[str]:
    told = [f"{LIGHTS[row['light']]}, {swedish_date(row['judged_on'])}"] if row["light"] else []
    if row["next_on"] is None or pd.isna(row["next_on"]):
        return told
    late = row["next_on"].date() < today()
    return [*told, f"{'**Försenad:** skulle ha följts upp' if late else 'Följs upp'} {swedish_date(row['next_on'])}"]


def show_timeline(rows: pd.DataFrame) -> None:
    """The measures from start to end, with today's line."""
    figure = timeline(rows, today())
    undated = int((rows["starts_on"].isna() & rows["ends_on"].isna()).sum())
    if figure is not None:
        late = rows.loc[rows["late"] != "", "title"].tolist()
        alt = f"{number(len(rows))} åtgärder på en tidslinje. " + (
            f"Försenade: {'; '.join(late)}." if late else "Ingen är försenad."
        )
        st.plotly_chart(parts.readable(figure), key="timeline", config=CONFIG, alt=alt)
        st.caption(
            "Hel blå linje: pågår. Prickad blå: planerad. Grå: genomförd. Prickad grå: avbruten. Streckad röd linje: i "
            "dag. Samma åtgärder står med ord i tabellen."
        )
    if undated:
        st.markdown(f"{number(undated)} {'åtgärd' if undated == 1 else 'åtgärder'} har ingen tid än.")
