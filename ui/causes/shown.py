"""A breakdown as exhibits: what stands out of everything, and one dimension at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from charts import causes as drawn
from charts.exhibit import Exhibit
from charts.time_and_place import steps_note
from charts.verdicts import TOO_LITTLE
from queries import causes, causes_official, causes_surveys, survey_groups
from queries.causes import Causes
from ui import parts
from ui.causes.asked import AGAINST, Asked, further
from ui.facts import ask, compose

#: So many values can be followed with a button; all of them in the path.
_MOST_BUTTONS = 4

#: Who answers about a problem, by its name in ``Asked``.
_QUESTIONS: Mapping[str, Callable[..., Causes | None]] = {
    "händelser": causes.breakdown,
    "anmälda brott": causes_official.breakdown,
    "svar": causes_surveys.breakdown,
}

_REFERENCES = {
    "year": "året före ({})",
    "mean": "i genomsnitt per år {}",
    "rest": "om det var som i resten av kommunen",
}


def show(asked: Asked) -> None:
    """Everything about one problem."""
    with st.spinner(parts.WORKING):
        found = found_of(asked)
    if found is None:
        parts.empty(
            f"{asked.what}: källan säger inget om det.",
            "Välj hela kommunen. En källa som bara anger kommun kan inte säga något om en kommundel.",
        )
        return
    if found.found.empty:
        parts.empty(
            drawn.finding(found, asked.what),
            "Antalen är för små för att delas upp utan att någon kan pekas ut. Ta bort ett steg på vägen, eller välj "
            + ("hela kommunen eller en annan fråga." if asked.name == "svar" else "hela kommunen eller alla slag."),
        )
        return
    parts.show(compose(overview, asked))
    st.markdown("\n".join(f"- {line}" for line in drawn.lines(found, asked.level)))
    if not (found.shares and asked.path):  # answers are gone into one step
        _further(asked, found)
    with st.expander("Alla delar i siffror", icon=":material/table:"):
        parts.table(drawn.table(found, found.found), alt="Alla delar av alla uppdelningar, med gränser och bedömning.")
    _one(asked, found)


def found_of(asked: Asked) -> Causes | None:
    """The breakdown, or None where the source says nothing of the place."""
    more = (asked.path,) if asked.name == "svar" else (asked.path, asked.against)
    return ask(_QUESTIONS[asked.name], *asked.key, *more)


def _known(asked: Asked) -> Causes:
    found = found_of(asked)
    if found is None:
        raise ValueError("nothing to show")
    return found


def overview(asked: Asked) -> Exhibit:
    """What stands out of everything. ValueError when there is nothing to show."""
    found = _known(asked)
    rows = found.found
    told = drawn.sentence(found, _reference(asked, found), asked.level)
    judged = rows[rows["verdict"] != TOO_LITTLE]
    return _exhibit(
        asked, found, "oversikt", judged if len(judged) else rows, drawn.finding(found, asked.what, asked.level),
        told, whole=rows, told=True,
    )  # fmt: skip


def _one(asked: Asked, found: Causes) -> None:
    """One dimension at a time, the one that says most first."""
    names = found.dimensions["dimension"].tolist()
    st.session_state.setdefault("uppdelning", names[0])
    if st.session_state["uppdelning"] not in names:
        st.session_state["uppdelning"] = names[0]
    name = st.selectbox(
        "En uppdelning i taget", names, key="uppdelning", placeholder="Välj uppdelning", width=320,
        help="Den som säger mest står först.",
    )  # fmt: skip
    parts.show(compose(_dimension, asked, name))


def _dimension(asked: Asked, name: str) -> Exhibit:
    found = _known(asked)
    rows = found.found[found.found["dimension"] == name]
    own = drawn.called(found)
    own = own[own["dimension"] == name]
    out = "inget sticker ut mer än slumpen ger" if own.empty else f"{own['value'].iloc[0]} sticker ut mest"
    finding = f"{name}: {out}"
    if (rows["verdict"] == TOO_LITTLE).all():
        finding = f"{name}: {TOO_LITTLE}"
    note = steps_note(int(rows["step"].max()))
    order = f"{len(rows)} delar, de som säger mest först."
    if len(rows) > drawn.MOST_OF_ONE:
        order = f"{len(rows)} delar: de {drawn.MOST_OF_ONE} som säger mest i diagrammet, alla i tabellen ovan."
    unseen = "En del utan stapel är dold, eller för liten för att bedömas." if rows["moved"].isna().any() else ""
    told = " ".join(filter(None, (note, unseen, order)))
    return _exhibit(asked, found, "uppdelning", rows, finding, told, whole=rows, told=False)


def _exhibit(
    asked: Asked,
    found: Causes,
    name: str,
    rows: pd.DataFrame,
    finding: str,
    text: str,
    *,
    whole: pd.DataFrame,
    told: bool,
) -> Exhibit:
    both = found.before_label if asked.level else f"{found.before_label} och {found.after_label}"
    trail = (("Väg", asked.trail),) if asked.path else ()
    against = (("Jämfört med", AGAINST[asked.against]),) if asked.against else ()
    return Exhibit(
        id=f"orsaker-{name}", finding=finding, sentence=text, unit=drawn.unit(found, asked.level), place=asked.where,
        period=both, sources=(asked.cited,), table=drawn.table(found, whole),
        figure=drawn.figure(found, rows, asked.level, told=told), alt=f"Staplar. {finding}. {text}",
        filters=(*asked.filters, *against, *trail),
    )  # fmt: skip


def _reference(asked: Asked, found: Causes) -> str:
    return _REFERENCES[asked.against or "year"].format(found.before_label)


def _further(asked: Asked, found: Causes) -> None:
    """Buttons into the values that stand out."""
    rows = drawn.called(found).head(_MOST_BUTTONS)
    if asked.name == "anmälda brott":
        rows = rows[(rows["dimension"] == causes_official.GROUP) & (rows["value"] != causes_official.OTHERS)]
    if asked.name == "svar":
        rows = rows[rows["dimension"] != survey_groups.SCHOOL.capitalize()]
    if rows.empty:
        return
    with st.container(horizontal=True):
        for row in rows.to_dict("records"):
            value, dimension = str(row["value"]), str(row["dimension"])
            st.button(
                f"Gå vidare: {value}", key=f"vidare-{dimension}-{value}", on_click=further, args=(dimension, value),
                icon=":material/subdirectory_arrow_right:",
            )  # fmt: skip
