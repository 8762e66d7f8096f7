"""What the check found in a table: by severity, against the delivery before, and what lies in the same period."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts.swedish import number
from store.intake import Finding, TableView
from ui.importing.inbox import Dropped
from ui.importing.words import OVERLAP, change_line, counts_of, finding_line, literal, overlap_lines, severities

#: Findings that are shown; a file can have as many as it has cells.
_MOST_SHOWN = 500
_SEVERITY = {
    "stop": ("Fel", "error"),
    "warning": ("Varningar", "warning"),
    "note": ("Upplysningar", "info"),
}


def show(dropped: Dropped, number: int, table: TableView) -> None:
    """What becomes of the rows, and the report and the comparison to open."""
    if table.counts.read:
        st.markdown(counts_of(table.counts, asks=bool(table.questions)))
    _overlaps(dropped, number, table)
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
    """A check report in words, the gravest first: lines that can be read whole on a phone."""
    order = list(_SEVERITY)
    shown = sorted(found, key=lambda finding: order.index(finding.severity))[:_MOST_SHOWN]
    if len(found) > _MOST_SHOWN:
        st.caption(f"De {_MOST_SHOWN} allvarligaste av {number(len(found))} visas.")
    for severity, (label, icon) in _SEVERITY.items():
        if lines := [finding_line(finding) for finding in shown if finding.severity == severity]:
            st.markdown(f":material/{icon}: **{label}**\n\n" + "\n".join(lines))


def _overlaps(dropped: Dropped, number: int, table: TableView) -> None:
    asked = any(question.key == OVERLAP for question in table.questions)
    if asked or not table.overlaps:  # the question tells them
        return
    with st.expander(
        "Uppgifter från samma tid som redan finns",
        icon=":material/event_repeat:",
        key=f"overlap-{dropped.key}-{number}",
    ):
        st.markdown(overlap_lines(table.overlaps))


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
            st.markdown("Förra gången → nu:\n\n" + "\n".join(map(change_line, table.comparison)))
