"""Where on its sheet a table stands: the actual cells, and how to point out that it stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from store.intake import Examination, Spot, TableView
from ui.importing.answers import fault_of, moved, pointed
from ui.importing.inbox import Dropped
from ui.importing.words import counted, literal

#: Columns of the preview; a sheet can have sixteen thousand.
_MOST_COLUMNS = 60
_READ_AS, _ROW = "Läses som", "Rad"

_POINT = {
    "header": ("Det här är rubriken", "table_rows"),
    "first": ("Här börjar uppgifterna", "vertical_align_top"),
    "last": ("Här slutar uppgifterna", "vertical_align_bottom"),
}


def show(dropped: Dropped, number: int, table: TableView) -> None:
    """The preview, with how each row is read, and what corrects it."""
    with st.expander(
        f"Så läses bladet: {_where(table.spot)}",
        icon=":material/table:",
        on_change="rerun",
        key=f"standing-{dropped.key}-{number}",
    ) as it:
        if not it.open:
            return
        _preview(dropped, number, table)
        if table.left_out:
            _left_out(table.left_out)
        _typed(dropped, number, table)


def _where(spot: Spot) -> str:
    header = f"rubrik på rad {spot.header_row}" if spot.header_row else "utan rubrik"
    if spot.header_rows > 1:
        header = f"rubrik på rad {spot.header_row}–{spot.header_row + spot.header_rows - 1}"
    return f"«{literal(spot.sheet, 40)}», {header}, uppgifter på rad {spot.first_row}–{spot.last_row}"


def _preview(dropped: Dropped, number: int, table: TableView) -> None:
    st.markdown("Markera en eller flera rader till vänster och säg vad de är, om något har blivit fel.")
    frame = preview_frame(table)
    selected = st.dataframe(
        frame,
        hide_index=True,
        key=f"preview-{dropped.key}-{number}-{dropped.revision}",
        on_select="rerun",
        selection_mode="multi-row",
        alt="Bladets första celler, och hur varje rad läses",
    ).selection.rows
    rows = [int(frame.iloc[position][_ROW]) for position in selected if position < len(frame)]
    with st.container(horizontal=True):
        for what, (label, icon) in _POINT.items():
            if st.button(label, icon=f":material/{icon}:", disabled=not rows, key=f"{what}-{dropped.key}-{number}"):
                _move(dropped, number, pointed(table.spot, rows, what))


def preview_frame(table: TableView) -> pd.DataFrame:
    """The cells around a table's beginning, with the row's number and what it is read as."""
    width = min(max((len(row) for row in table.preview), default=0), _MOST_COLUMNS)
    left_out = {row for row, _ in table.left_out}
    cells = {
        _column(position): [row[position] if position < len(row) else "" for row in table.preview]
        for position in range(width)
    }
    numbers = range(table.preview_row, table.preview_row + len(table.preview))
    return pd.DataFrame(
        {_ROW: list(numbers), _READ_AS: [_read_as(row, table.spot, left_out) for row in numbers], **cells}
    )


def _read_as(row: int, spot: Spot, left_out: set[int]) -> str:
    if spot.header_row and spot.header_row <= row < spot.header_row + max(spot.header_rows, 1):
        return "rubrik"
    if row in left_out:
        return "lämnas utanför"
    return "uppgifter" if spot.first_row <= row <= spot.last_row else "–"


def _column(position: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA, as in a spreadsheet."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _left_out(left_out: Sequence[tuple[int, str]]) -> None:
    told = [f"rad {row} («{literal(text, 60)}»)" for row, text in left_out[:5]]
    more = len(left_out) - len(told)
    end = f" och {counted(more, 'rad', 'rader')} till" if more else ""
    st.markdown(f"Summor och fotnoter lämnas utanför: {', '.join(told)}{end}.")


def _typed(dropped: Dropped, number: int, table: TableView) -> None:
    spot = table.spot
    key = f"spot-{dropped.key}-{number}-{dropped.revision}"
    with st.form(key):
        st.markdown("Eller skriv radernas och kolumnernas nummer. En tabell utan rubrik har rubrikrad 0.")
        sheet = spot.sheet
        sheets = _sheets(dropped.examination, spot)
        if len(sheets) > 1:
            sheet = st.selectbox("Blad", sheets, index=sheets.index(spot.sheet), key=f"{key}-sheet")
        typed = spot.model_dump()
        columns = st.columns(3)
        for place, (name, label) in enumerate(
            {
                "header_row": "Rubrikrad",
                "first_row": "Första raden med uppgifter",
                "first_column": "Första kolumnen",
                "header_rows": "Antal rubrikrader",
                "last_row": "Sista raden med uppgifter",
                "last_column": "Sista kolumnen",
            }.items()
        ):
            least = 0 if name in ("header_row", "header_rows") else 1
            most = 5 if name == "header_rows" else None
            typed[name] = columns[place % 3].number_input(
                label, least, most, max(typed[name], least), step=1, key=f"{key}-{name}"
            )
        if st.form_submit_button("Läs om bladet", icon=":material/refresh:"):
            changed = Spot(**(typed | {"sheet": sheet}))
            if fault := fault_of(changed):
                st.error(fault, icon=":material/error:")
            else:
                _move(dropped, number, changed)


def _sheets(examination: Examination | None, spot: Spot) -> list[str]:
    found = examination.sheets if examination else ()
    return list(dict.fromkeys([*found, spot.sheet]))


def _move(dropped: Dropped, number: int, spot: Spot) -> None:
    """Read the table from another place."""
    dropped.mappings[number] = moved(dropped.mappings[number], spot)
    dropped.examine()
    st.rerun()
