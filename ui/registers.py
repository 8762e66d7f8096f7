"""The registers that the law asks for: agreements, members of the council, and the coordinating function."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from charts.swedish import date as swedish_date
from store.records import Agreement, Coordination, CouncilMember, Row
from ui.work import actor, attempt, empty_form, form_fields, may_write, opened, save, saved, work


@dataclass(frozen=True)
class Register:
    """A register: its rows' model, heading, what a new row is called, its columns in the form, and who it names."""

    model: type[Row]
    title: str
    new: str
    columns: tuple[str, ...]
    names: tuple[str, ...]


REGISTERS = (
    Register(
        Agreement, "Överenskommelser (8–9 §§)", "Ny överenskommelse",
        ("party", "purposes", "areas", "starts_on", "ends_on", "registry_number"), ("party", "purposes"),
    ),
    Register(
        CouncilMember, "Brottsförebyggande rådet (10 §)", "Ny ledamot",
        ("organisation", "position", "name", "leads"), ("organisation", "position", "name"),
    ),
    Register(
        Coordination, "Samordnande funktion (11–12 §§)", "Ny funktion",
        ("function", "unit", "name", "contact", "informs"), ("function", "unit", "contact"),
    ),
)  # fmt: skip


def show() -> None:
    """All registers, each opened when asked for."""
    st.subheader("Register", anchor=False)
    for register in REGISTERS:
        rows = work().all(register.model)
        name = register.model.__tablename__
        with st.expander(f"{register.title}: {len(rows)}", key=f"register-{name}", on_change="rerun") as part:
            if part.open:
                for row in rows:
                    _row(register, row)
                if may_write():
                    _new(register)


def _row(register: Register, row: Row) -> None:
    told = " · ".join(filter(None, (str(getattr(row, column)) for column in register.names)))
    until = getattr(row, "ends_on", None)
    st.markdown(f"**{told}**" + (f" · till {swedish_date(until)}" if until else ""))
    if not may_write():
        return
    key = f"{row.__tablename__}-{row.id}"
    with st.popover("Ändra", icon=":material/edit:", key=f"andra-{key}", width="content"):
        with st.form(f"form-{key}", border=False):
            values = form_fields(register.model, row, register.columns)
            done = st.form_submit_button("Spara")
        if done and save(row, **values) is not None:
            saved("Ändringen är sparad.")
            st.rerun()
        if st.button("Lägg undan", key=f"bort-{key}", icon=":material/inventory_2:") and _put_aside(row):
            saved("Raden är undanlagd.")
            st.rerun()


def _put_aside(row: Row) -> bool:
    def write() -> bool:
        work().delete(actor(), type(row), row.id, opened(row).version)
        return True

    return bool(attempt(write))


def _new(register: Register) -> None:
    name = register.model.__tablename__
    with st.form(f"ny-{name}"):
        st.markdown(f"**{register.new}**")
        values = form_fields(register.model, None, register.columns)
        done = st.form_submit_button("Lägg till")
    if done and attempt(lambda: work().create(actor(), register.model(**values))) is not None:
        empty_form(register.model)
        saved("Tillagd.")
        st.rerun()
