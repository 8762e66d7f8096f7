"""What must be asked before a table can go in, and the place names that can be explained: one form, one answer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from queries import places
from store.intake import Choice, Mapping, PlaceView, Question, TableView
from store.kinds import KINDS
from ui.facts import ask, settings
from ui.importing.answers import answered
from ui.importing.inbox import Dropped
from ui.importing.words import OVERLAP, literal, overlap_lines, rows

#: Questions with more choices than this are asked in a list that opens.
_FEW = 5
#: What a mapping says of a place that is not in the municipality.
OUTSIDE = "utanför"


def show(dropped: Dropped, number: int, table: TableView) -> None:
    """The open questions of one table; answering reads the file again."""
    asked = table.questions
    mapping = dropped.mappings[number]
    if not asked:
        return
    key = f"{dropped.key}-{number}-{dropped.revision}"
    with st.form(f"questions-{key}"):
        st.markdown("**Det här behöver du svara på**")
        answers = {_key(question): _question(table, question, f"{key}-{question.id}") for question in asked}
        if st.form_submit_button("Svara", icon=":material/check:"):
            given = {question: value for question, value in answers.items() if value}
            if given:
                dropped.mappings[number] = _with_answers(mapping, given)
                dropped.examine()
                st.rerun()
            st.warning("Välj eller skriv ett svar först.", icon=":material/help:")


def _key(question: Question) -> str:
    """The place in the mapping that answers it; which column a field is says the question's id."""
    return f"columns.{question.id.removeprefix('field.')}" if question.key == "columns" else question.key


def _with_answers(mapping: Mapping | None, given: dict[str, str]) -> Mapping | None:
    for key, value in given.items():
        mapping = answered(mapping, key, value)
    return mapping


def _question(table: TableView, question: Question, key: str) -> str:
    """One question, with its why and examples; what was answered, empty while nothing is."""
    label = literal(question.text)
    about = " ".join(filter(None, [question.why, _examples(question.examples)]))
    if question.key == "columns" and not question.choices:
        st.markdown(f"{label} {literal(about)} Rätta under *Så tolkas tabellen*.")
        return ""
    choices = question.choices or (_kinds() if question.key == "kind" else ())
    value = _choice(label, choices, question.suggestion, key) if choices else _text(label, question.suggestion, key)
    if question.key == OVERLAP and table.overlaps:  # says the same, and more of it
        st.markdown(overlap_lines(table.overlaps))
    elif about:
        st.caption(literal(about))
    return value.strip()


def _text(label: str, suggestion: str, key: str) -> str:
    return st.text_input(label, suggestion, key=key, placeholder="Skriv ditt svar")


def _choice(label: str, choices: Sequence[Choice], suggestion: str, key: str) -> str:
    labels = {choice.value: choice.label for choice in choices}
    index = list(labels).index(suggestion) if suggestion in labels else None
    if len(labels) <= _FEW:
        return st.radio(label, list(labels), index, lambda value: literal(labels[value]), key=key) or ""
    return st.selectbox(label, list(labels), index, labels.__getitem__, key=key, placeholder="Välj") or ""


def _examples(examples: tuple[str, ...]) -> str:
    return f"Till exempel: {', '.join(examples)}." if examples else ""


def _kinds() -> tuple[Choice, ...]:
    return tuple(Choice(value=kind.id, label=f"{kind.label}. {kind.help}") for kind in KINDS.values())


def explain_places(dropped: Dropped, number: int, table: TableView) -> None:
    """The sender's place names that nobody knows, to be explained by whoever does; the file is then read again."""
    mapping = dropped.mappings[number]
    if not table.places or mapping is None:
        return
    concerned = sum(place.rows for place in table.places)
    with st.expander(
        f"Okända platsnamn: {len(table.places)}, i {rows(concerned)}",
        icon=":material/wrong_location:",
        key=f"places-{dropped.key}-{number}",
    ):
        st.markdown(
            "Raderna går in ändå, men räknas som utan plats. Säg vad namnen betyder, så minns programmet det till "
            "nästa gång."
        )
        key = f"{dropped.key}-{number}-{dropped.revision}"
        with st.form(f"place-form-{key}", border=False):
            answers = {
                place.text: _place(place, f"{key}-place-{index}", _choices(place))
                for index, place in enumerate(table.places)
            }
            if st.form_submit_button("Spara platsnamnen", icon=":material/check:"):
                given = {f"places.{text}": area for text, area in answers.items() if area}
                if given:
                    dropped.mappings[number] = _with_answers(mapping, given)
                    dropped.examine()
                    st.rerun()


def _place(place: PlaceView, key: str, choices: dict[str, str]) -> str:
    label = f"{literal(place.text)} ({rows(place.rows)})"
    value = st.selectbox(
        label, list(choices), index=None, format_func=choices.__getitem__, key=key, placeholder="Lämna utan plats"
    )
    return value or ""


def _choices(place: PlaceView) -> dict[str, str]:
    """What a place name can mean: what the importer believes first, then the districts, then outside."""
    known = ask(places.choices, settings().municipality)
    districts = dict(zip(known["area_id"], known["label"], strict=True))
    return {choice.value: choice.label for choice in place.candidates} | districts | {OUTSIDE: "Utanför kommunen"}
