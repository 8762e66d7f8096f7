"""The causes of a problem as they are read, and how they are chosen and written on the page."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pandas as pd
import streamlit as st

from charts.cause_tree import MARKS, words
from store.records import Cause, Evidence, Problem
from store.records.choices import Branch, Certainty
from ui.work import work

#: What the weights mean.
WEIGHTS = {1: "Liten betydelse", 2: "Viss betydelse", 3: "Stor betydelse"}

#: Longer lists of causes scroll in a box of so many pixels.
_LONG, _HIGH = 12, 460

_CHOSEN, _NEXT = "orsak", "_next_cause"

#: What Markdown would take for something else in a person's text.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def of(problem: Problem) -> pd.DataFrame:
    """The causes of a problem: the columns of Cause, branch_label, weight_label and certainty_label (empty where not
    said) and evidence (how many)."""
    rows = work().frame(Cause, problem_id=problem.id)
    held = work().frame(Evidence, cause_id=[int(one) for one in rows["id"]]) if len(rows) else rows.iloc[:0]
    evidence = Counter(held["cause_id"].tolist()) if len(held) else Counter[int]()
    return rows.assign(
        branch_label=[Branch(one).label if one else "" for one in rows["branch"]],
        certainty_label=[Certainty(one).label if one else "" for one in rows["certainty"]],
        weight_label=["" if pd.isna(one) else WEIGHTS[int(one)] for one in rows["weight"]],
        evidence=[evidence[one] for one in rows["id"]],
    )


def choose(tree: pd.DataFrame, *, judged: bool = False) -> int:
    """Draw the causes as an outline to choose one of, with the arrow keys too; return its id. ``tree``: numbered;
    ``judged``: with what has been said of each."""
    ids = [int(one) for one in tree["id"]]
    wanted = st.session_state.pop(_NEXT, st.session_state.get(_CHOSEN))
    st.session_state[_CHOSEN] = wanted if wanted in ids else ids[0]
    labels = {int(row["id"]): _outlined(row, judged=judged) for row in tree.to_dict("records")}
    with st.container(height=_HIGH if len(ids) > _LONG else "content", border=False, key="outline"):
        chosen = st.radio("Välj en orsak", ids, format_func=labels.__getitem__, key=_CHOSEN)
    return int(chosen)


def choose_next(cause_id: int) -> None:
    """Let this cause be the chosen one when the page is drawn again."""
    st.session_state[_NEXT] = cause_id


def row_of(tree: pd.DataFrame, cause_id: int) -> pd.Series:
    """The row of a cause."""
    return tree.loc[tree["id"] == cause_id].iloc[0]


def plain(text: str) -> str:
    """A person's text as it was written, also where Markdown would see something else in it."""
    return _MARKDOWN.sub(r"\\\1", text)


def _outlined(row: dict[Any, Any], *, judged: bool) -> str:
    """Indented, with its mark, number and text."""
    said = words(row, side=False) if judged else ""
    indent = "\N{EM SPACE}" * int(row["depth"])
    tail = f" :small[:gray[{plain(said)}]]" if said else ""
    return f"{indent}{MARKS[row['branch']]} **{plain(row['number'])}** {plain(row['what'])}{tail}"
