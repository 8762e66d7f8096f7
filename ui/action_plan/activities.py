"""The partnership's activities with their options and costs, set against the budget, and the half-yearly invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from charts.swedish import date as swedish_date
from charts.swedish import listing, number, today
from store.records import Activity, Invoice, Plan, settled_columns
from store.records.choices import GrantPossible, Stage
from ui.action_plan.reading import kronor
from ui.work import actor, attempt, empty_form, form_fields, may_write, save, saved, work

_NEW = ["number", "title", "option", "cost_sek", "per", "units"]
_ALL = [
    "number", "title", "description", "option", "chosen", "cost_sek", "per", "units", "yearly_cost_sek", "grant",
    "grant_note", "together_with", "needs", "progress",
]  # fmt: skip
_INVOICE = ["half_year", "amount_sek", "due_on", "paid_on"]


class Reckoned(Protocol):
    """What is chosen against the budget (``analysis.action_plan.Budget``)."""

    @property
    def chosen(self) -> int: ...
    @property
    def grantable(self) -> int: ...
    @property
    def conditional(self) -> int: ...
    @property
    def left(self) -> int | None: ...
    @property
    def unpriced(self) -> tuple[str, ...]: ...


class InAdvance(Protocol):
    """An invoice to be made (``analysis.action_plan.HalfYear``)."""

    @property
    def name(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def due_on(self) -> date: ...


def show(plan: Plan, rows: pd.DataFrame, reckoned: Reckoned) -> None:
    """The activities. ``rows``: as the work has them, with cost (kronor in the year) and carried_out."""
    st.subheader("Aktiviteter", anchor=False)
    _budget(plan, reckoned)
    known = {one.id: one for one in work().all(Activity, plan_id=plan.id)}
    decided = plan.stage == Stage.DECIDED
    for row in rows.to_dict("records"):
        one = known[row["id"]]
        _activity(one, row, settled_columns(one) if decided else frozenset())
    if rows.empty:
        st.markdown("Planen har inga aktiviteter än.")
    if may_write() and not decided:
        _new(plan)


def _budget(plan: Plan, reckoned: Reckoned) -> None:
    with st.container(horizontal=True):
        if plan.budget_sek is not None:
            st.metric("Budget per år", kronor(plan.budget_sek), width="content")
        st.metric("Valda aktiviteter", kronor(reckoned.chosen), width="content")
        if reckoned.left is not None:
            over = reckoned.left < 0
            st.metric("Över budget" if over else "Kvar", kronor(abs(reckoned.left)), width="content")
    told = []
    if reckoned.grantable:
        told.append(f"För högst {kronor(reckoned.grantable)} av det valda går det att söka statsbidrag från Brå.")
    if reckoned.conditional:
        told.append(f"Av {kronor(reckoned.conditional)} går det att söka för en del eller på villkor, se aktiviteten.")
    if reckoned.unpriced:
        told.append(f"Pris saknas för {listing([f'«{title}»' for title in reckoned.unpriced])}.")
    if told:
        st.markdown(" ".join(told))


def _activity(activity: Activity, row: Mapping[Any, Any], settled: frozenset[str]) -> None:
    with st.container(border=True, key=f"activity-{activity.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{activity.number}. {activity.title}**  \n{_cost(activity, row)}", width="stretch")
            _switch(activity)
        lines = [
            ("Beskrivning", activity.description if settled else ""),
            ("Tillsammans med", activity.together_with),
            ("Statsbidrag från Brå möjligt", GrantPossible(activity.grant).label.lower() + _note(activity)),
            ("Behövs av oss", activity.needs),
        ]
        more = st.expander("Mer", key=f"more-{activity.id}", on_change="rerun")
        if not more.open:
            return
        with more:
            st.markdown("  \n".join(f"{label}: {text}" for label, text in lines if text))
            if may_write():
                with st.form(f"activity-form-{activity.id}", border=False):
                    values = form_fields(Activity, activity, [one for one in _ALL if one not in settled])
                    if st.form_submit_button("Spara aktiviteten") and save(activity, **values):
                        saved("Aktiviteten är sparad.")
                        st.rerun()


def _note(activity: Activity) -> str:
    return f" ({activity.grant_note})" if activity.grant_note else ""


def _cost(activity: Activity, row: Mapping[Any, Any]) -> str:
    """What it costs in the year, and how that is made up."""
    made = []
    if activity.cost_sek is not None and activity.per:
        times = "antal saknas" if activity.units is None else f"{number(activity.units)} st"
        made.append(f"{kronor(activity.cost_sek)} per {activity.per}, {times}")
    if activity.yearly_cost_sek:
        made.append(f"{kronor(activity.yearly_cost_sek)} om året" + (" därutöver" if activity.cost_sek else ""))
    total = "pris enligt överenskommelse" if pd.isna(row["cost"]) else kronor(row["cost"])
    told = f"{total} ({'; '.join(made)})" if made and not pd.isna(row["cost"]) else total
    return told if row["carried_out"] else f"{told} – väljs inte, räknas inte med"


def _switch(activity: Activity) -> None:
    """The option, on or off; what is no option is always carried out."""
    if not activity.option:
        st.markdown("Ingår alltid")
        return
    key = f"switch-{activity.id}-{activity.version}"
    wanted = st.toggle("Option: genomförs", activity.chosen, disabled=not may_write(), key=key)
    if wanted != activity.chosen:
        changed = attempt(lambda: work().save(actor(), Activity, activity.id, activity.version, chosen=wanted))
        if changed is not None:
            saved(f"{activity.title}: {'genomförs' if wanted else 'väljs inte'}.")
            st.rerun()


def _new(plan: Plan) -> None:
    with (
        st.expander("Ny aktivitet", icon=":material/add:", key="new-activity"),
        st.form("new-activity-form", border=False),
    ):
        values = form_fields(Activity, None, _NEW)
        if st.form_submit_button("Spara aktiviteten"):
            made = attempt(lambda: work().create(actor(), Activity(plan_id=plan.id, **values)))
            if made is not None:
                empty_form(Activity)
                saved("Aktiviteten är sparad.")
                st.rerun()


def invoices(plan: Plan, in_advance: Sequence[InAdvance]) -> None:
    """The invoices that there are, and those that can be made with a press."""
    st.subheader("Fakturor", anchor=False)
    rows = work().all(Invoice, plan_id=plan.id)
    for one in rows:
        _invoice(one)
    missing = [one for one in in_advance if one.name not in {row.half_year for row in rows}]
    if not in_advance:
        st.markdown("Fyll i planens dagar och budget, så går det att göra halvårsfakturorna.")
    elif not rows:
        st.markdown("Faktureras halvårsvis i förskott med halva årets budget.")
    if missing and may_write():
        count = f"{number(len(missing))} {'faktura' if len(missing) == 1 else 'fakturor'}"
        if st.button(f"Gör {count}, halvårsvis i förskott", icon=":material/receipt_long:", key="make-invoices") and (
            attempt(lambda: _make(plan, missing))
        ):
            saved(f"{count} är gjorda." if len(missing) > 1 else "Fakturan är gjord.")
            st.rerun()


def _make(plan: Plan, missing: Sequence[InAdvance]) -> bool:
    with work().together(actor()) as writing:
        for one in missing:
            writing.create(Invoice(plan_id=plan.id, half_year=one.name, amount_sek=one.amount, due_on=one.due_on))
    return True


def _invoice(invoice: Invoice) -> None:
    if invoice.paid_on:
        told = f"betald {swedish_date(invoice.paid_on)}"
    elif invoice.due_on and invoice.due_on < today():
        told = f"**obetald**, förföll {swedish_date(invoice.due_on)}"
    else:
        told = f"obetald, förfaller {swedish_date(invoice.due_on)}"
    with st.expander(f"{invoice.half_year}: {kronor(invoice.amount_sek)}, {told}", key=f"invoice-{invoice.id}"):
        if not may_write():
            return
        with st.form(f"invoice-form-{invoice.id}", border=False):
            values = form_fields(Invoice, invoice, _INVOICE)
            if st.form_submit_button("Spara fakturan") and save(invoice, **values):
                saved("Fakturan är sparad.")
                st.rerun()
