"""The deliveries of local spreadsheets: who brought what, how each was read, and what its check found."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from charts.swedish import date, local_day, number
from queries import local
from store.intake import Finding, Mapping
from store.kinds import KINDS, Kind
from ui import parts
from ui.facts import ask
from ui.local.overview import import_link

_SEVERITIES = {"stop": "Stoppar rader", "warning": "Varning", "note": "Upplysning"}

#: How a mapping's own choices are told.
_DATE_ORDERS = {"dmy": "dag före månad", "mdy": "månad före dag"}
_SYSTEMS = {"wgs84": "WGS 84", "sweref99tm": "SWEREF 99 TM", "rt90": "RT 90"}
_PERSONAL = {"stop": "rader med personuppgifter stoppas", "mask": "personuppgifter maskeras"}


def show() -> None:
    """A line per delivery, and one delivery at a time with its mapping and checks."""
    rows = ask(local.deliveries)
    if rows.empty:
        return
    st.subheader("Lokala leveranser", anchor=False)
    st.markdown("Kalkylblad som människor har lagt in. På sidan Importera kan en leverans tas bort igen.")
    import_link("Gå till Importera")
    table = pd.DataFrame(
        {
            "Mottagen": [date(local_day(moment)) for moment in rows["received_at"]],
            "Fil": rows["file"],
            "Avsändare": rows["sender"],
            "Källa": rows["title"],
            "Slag": [KINDS[kind].label for kind in rows["kind"]],
            "Inlagd av": rows["received_by"],
            "Från": [date(day) for day in rows["period_first"]],
            "Till och med": [date(day) for day in rows["period_last"]],
            "Lästa rader": rows["rows_read"],
            "Använda": rows["rows_kept"],
            "Stoppade": rows["rows_refused"],
            "Filen sparad": rows["original_kept"].map({True: "ja", False: "nej, bara det som används"}),
        }
    )
    parts.table(table, alt="Lokala leveranser med fil, avsändare, slag, vem som lade in dem och antal rader")
    _one(rows)


@st.fragment
def _one(rows: pd.DataFrame) -> None:
    """How one delivery was read and what was found in it."""
    by_id = {row["delivery_id"]: row for row in rows.to_dict("records")}
    chosen = st.selectbox(
        "Visa tolkning och kontroller", list(by_id), index=None, key="lokal-leverans",
        format_func=lambda one: f"{by_id[one]['file']}, {by_id[one]['title']}" if one in by_id else "",
        placeholder="Välj leverans",
    )  # fmt: skip
    if chosen not in by_id:
        return
    row = by_id[chosen]
    with st.container(border=True):
        _mapping(Mapping.model_validate(tomllib.loads(row["mapping"])))
        _checks([Finding.model_validate(one) for one in json.loads(row["checks"])], row)


def _mapping(mapping: Mapping) -> None:
    kind = KINDS[mapping.kind]
    form = kind.form(mapping.form)
    st.markdown(f"**Tolkningen «{mapping.name}»** · {kind.label}: {form.label[:1].lower()}{form.label[1:]}")
    parts.table(columns(mapping), alt=f"Kolumnerna i tolkningen {mapping.name} och vad de används till")
    said = [f"- {line}" for line in choices(mapping, kind)]
    if said:
        st.markdown("\n".join(said))


def columns(mapping: Mapping) -> pd.DataFrame:
    """What each column of the file was read as; those that were not stored last."""
    kind = KINDS[mapping.kind]
    labels = {field.id: field.label for field in kind.form(mapping.form).fields}
    used = {use.header for use in mapping.columns}
    rows = [
        {"Kolumn i filen": use.header, "Läses som": labels.get(use.field, use.field), "Namn": use.name,
         "Skala, lägst först": " – ".join(use.scale)}
        for use in mapping.columns
    ] + [
        {"Kolumn i filen": header, "Läses som": "lagras inte", "Namn": "", "Skala, lägst först": ""}
        for header in mapping.headers if header not in used
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["Kolumn i filen", "Läses som", "Namn", "Skala, lägst först"])
    return table.loc[:, [name in table.columns[:2] or bool((table[name] != "").any()) for name in table.columns]]


def choices(mapping: Mapping, kind: Kind) -> list[str]:
    """What was said that no column says, one line each."""
    labels = {option.id: option.label for option in kind.options}
    lines = [f"{labels.get(name, 'Skalor i siffror')}: {said}" for name, said in mapping.options.items() if said]
    if mapping.date_order:
        lines.append(f"Ordning i datum: {_DATE_ORDERS[mapping.date_order]}")
    if mapping.decimal:
        lines.append(f"Decimaltecken: {'komma' if mapping.decimal == ',' else 'punkt'}")
    if mapping.coordinates:
        lines.append(f"Koordinater i {_SYSTEMS[mapping.coordinates]}")
    if mapping.decisions.personal_data:
        lines.append(f"Personuppgifter: {_PERSONAL[mapping.decisions.personal_data]}")
    if mapping.places:
        lines.append(f"Platsnamn som förklarats: {', '.join(mapping.places)}")
    return lines


def _checks(findings: list[Finding], row: dict[Hashable, Any]) -> None:
    counted = f"{number(row['rows_kept'])} av {number(row['rows_read'])} rader används"
    if not findings:
        st.markdown(f"**Kontroller:** inga anmärkningar. {counted}.")
        return
    st.markdown(f"**Kontroller:** {counted}.")
    parts.table(checks(findings), alt="Vad kontrollen fann, det allvarligaste först")


def checks(findings: list[Finding]) -> pd.DataFrame:
    """What the check found, the most severe first."""
    ordered = sorted(findings, key=lambda finding: (list(_SEVERITIES).index(finding.severity), -finding.count))
    table = pd.DataFrame(
        [
            {
                "Allvar": _SEVERITIES[one.severity], "Vad": one.text, "Gör så här": one.remedy, "Rader": one.count,
                "Kolumn": one.column, "Blad": one.sheet, "Rad, den första": one.row,
            }
            for one in ordered
        ]
    )  # fmt: skip
    return table.astype({"Rad, den första": "Int64"})
