"""What the check found in a table: by severity, against the delivery before, and what lies in the same period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from store.intake import Finding, TableView
from ui import parts
from ui.importing.inbox import Dropped
from ui.importing.words import counts_of, literal, place_of, rows, severities

#: Findings that are shown; a file can have as many as it has cells.
_MOST_SHOWN = 500
_SEVERITY = {"stop": "Fel", "warning": "Varning", "note": "Upplysning"}


def show(dropped: Dropped, number: int, table: TableView) -> None:
    """What becomes of the rows, and the report and the comparison to open."""
    if table.counts.read:
        st.markdown(counts_of(table.counts))
    _overlaps(table)
    _comparison(dropped, number, table)
    if table.findings:
        grave = any(finding.severity != "note" for finding in table.findings)
        with st.expander(
            f"Kontroll: {severities(table.findings)}",
            icon=":material/fact_check:" if grave else ":material/info:",
            on_change="rerun",
            key=f"report-{dropped.key}-{number}",
        ) as it:
            if it.open:
                findings(table.findings)


def findings(found: Sequence[Finding]) -> None:
    """A check report as a table, the gravest first."""
    frame = findings_frame(found[:_MOST_SHOWN])
    if len(found) > _MOST_SHOWN:
        st.caption(f"De {_MOST_SHOWN} första av {len(found)} visas.")
    parts.table(frame, alt="Kontrollens fynd, med plats i filen och vad som kan göras")


def findings_frame(found: Iterable[Finding]) -> pd.DataFrame:
    """One row per finding, the gravest first, with Swedish headings."""
    order = list(_SEVERITY)
    ordered = sorted(found, key=lambda finding: order.index(finding.severity))
    return pd.DataFrame(
        {
            "Allvar": [_SEVERITY[finding.severity] for finding in ordered],
            "Vad": [finding.text for finding in ordered],
            "Gör så här": [finding.remedy for finding in ordered],
            "Var": [place_of(finding) for finding in ordered],
            "Värde": [finding.value for finding in ordered],
            "Antal": [finding.count for finding in ordered],
            "Regel": [finding.rule for finding in ordered],
        }
    )


def _overlaps(table: TableView) -> None:
    asked = any(question.key == "decisions.overlap" for question in table.questions)
    if asked or not table.overlaps:  # the question tells them
        return
    told = "\n".join(f"- {literal(file)}: {rows(count)}, {literal(period)}" for file, count, period in table.overlaps)
    st.markdown(f"Det finns redan rader från samma period:\n\n{told}")


def _comparison(dropped: Dropped, number: int, table: TableView) -> None:
    """Against the delivery before; open when a person should look at something."""
    if not table.comparison:
        return
    notable = sum(change.notable for change in table.comparison)
    remark = f", {notable} att titta på" if notable else ", inget som sticker ut"
    with st.expander(
        f"Jämfört med {literal(table.compared_with or 'förra leveransen')}{remark}",
        icon=":material/difference:",
        expanded=bool(notable),
        on_change="rerun",
        key=f"comparison-{dropped.key}-{number}",
    ) as it:
        if it.open:
            frame = pd.DataFrame(
                {
                    "Vad": [change.what for change in table.comparison],
                    "Förra gången": [change.before for change in table.comparison],
                    "Nu": [change.now for change in table.comparison],
                    "Anmärkning": ["Titta närmare" if change.notable else "" for change in table.comparison],
                }
            )
            parts.table(frame, alt="Leveransen jämförd med den förra")
