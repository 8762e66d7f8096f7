"""Where on its sheet a table stands: the actual cells, and how to point out that it stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from store.intake import Examination, SheetView, Spot, TableView
from ui.importing.answers import fault_of, moved, pointed
from ui.importing.cells import ROW, Seen, column_names, grid, line
from ui.importing.inbox import Dropped
from ui.importing.words import counted, literal, row_span

#: Columns that can be chosen among.
_MOST_COLUMNS = 1000

_POINT = {
    "header": ("Det här är rubriken", "table_rows"),
    "first": ("Här börjar uppgifterna", "vertical_align_top"),
    "last": ("Här slutar uppgifterna", "vertical_align_bottom"),
}
_LOOKS = {"rows": "Rad för rad", "grid": "Rutnät"}

#: What is done with a new place for a table.
Move = Callable[[Spot], None]


def show(dropped: Dropped, number: int, table: TableView) -> None:
    """The cells around a table, with how each row is read, and what corrects it."""
    with st.expander(
        f"Så läses bladet: {_where(table.spot)}",
        icon=":material/table:",
        on_change="rerun",
        key=f"standing-{dropped.key}-{number}",
    ) as it:
        if not it.open:
            return
        key = f"{dropped.key}-{number}"
        seen, move = Seen.of_table(table), partial(_move, dropped, number)
        _point(seen, table.spot, key, dropped.revision, move)
        if table.left_out:
            _left_out(table.left_out)
        _typed(seen, table.spot, _sheets(dropped.examination, table.spot), f"{key}-{dropped.revision}", move)


def bare(dropped: Dropped) -> None:
    """The sheets where no table was found: one can be pointed out. Open when there is none in the whole file."""
    examination = dropped.examination
    if examination is None:
        return
    for number, sheet in enumerate(examination.bare):
        with st.expander(
            f"Bladet «{literal(sheet.name, 40)}»: ingen tabell hittades. Peka ut den",
            icon=":material/table:",
            expanded=not examination.tables and number == 0,
            on_change="rerun",
            key=f"bare-{dropped.key}-{number}",
        ) as it:
            if it.open:
                _bare(dropped, sheet, f"{dropped.key}-bare-{number}")


def _bare(dropped: Dropped, sheet: SheetView, key: str) -> None:
    seen = Seen.of_sheet(sheet)
    spot = Spot(
        sheet=sheet.name, header_row=0, header_rows=0, first_row=min(sheet.preview_row, sheet.rows),
        last_row=sheet.rows, first_column=1, last_column=sheet.columns,
    )  # fmt: skip
    move = partial(_point_out, dropped)
    _point(seen, spot, key, dropped.revision, move)
    _typed(seen, spot, [sheet.name], f"{key}-{dropped.revision}", move)


def _where(spot: Spot) -> str:
    header = "utan rubrik"
    if spot.header_row:
        header = f"rubrik på rad {row_span(spot.header_row, spot.header_row + max(spot.header_rows, 1) - 1)}"
    return f"«{literal(spot.sheet, 40)}», {header}, uppgifter på rad {row_span(spot.first_row, spot.last_row)}"


def _point(seen: Seen, spot: Spot, key: str, revision: int, move: Move) -> None:
    """The cells, to mark rows among, and buttons that say what the marked rows are."""
    look = st.segmented_control(
        "Visa cellerna", list(_LOOKS), default="rows", format_func=_LOOKS.__getitem__, key=f"look-{key}", required=True
    )
    st.markdown("Markera en rad och säg vad den är, om något har blivit fel.")
    choose = _in_grid if look == "grid" else _among_rows
    rows = choose(seen, f"preview-{key}-{revision}")
    with st.container(horizontal=True):
        for what, (label, icon) in _POINT.items():
            if st.button(label, icon=f":material/{icon}:", disabled=not rows, key=f"{what}-{key}"):
                move(pointed(spot, rows, what))


def _among_rows(seen: Seen, key: str) -> list[int]:
    chosen = st.radio(
        "Bladets första rader", list(seen.rows), None, partial(line, seen), key=f"{key}-rows",
        label_visibility="collapsed",
    )  # fmt: skip
    return [] if chosen is None else [chosen]


def _in_grid(seen: Seen, key: str) -> list[int]:
    frame = grid(seen)
    selected = st.dataframe(
        frame,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="multi-row",
        alt="Bladets första celler, och hur varje rad läses",
    ).selection.rows
    return [int(frame.iloc[position][ROW]) for position in selected if position < len(frame)]


def _left_out(left_out: Sequence[tuple[int, str]]) -> None:
    told = [f"rad {row} («{literal(text, 60)}»)" for row, text in left_out[:5]]
    more = len(left_out) - len(told)
    end = f" och {counted(more, 'rad', 'rader')} till" if more else ""
    st.markdown(f"Summor och fotnoter lämnas utanför: {', '.join(told)}{end}.")


def _typed(seen: Seen, spot: Spot, sheets: Sequence[str], key: str, move: Move) -> None:
    """The place in numbers and column letters, all of it at once."""
    with st.form(f"spot-{key}"):
        st.markdown("Eller ange raderna och kolumnerna. En tabell utan rubrik har rubrikrad 0.")
        typed = spot.model_dump()
        if len(sheets) > 1:
            typed["sheet"] = st.selectbox("Blad", sheets, index=sheets.index(spot.sheet), key=f"{key}-sheet")
        left, right = st.columns(2)
        for place, name, label, least, most in (
            (left, "header_row", "Rubrikrad", 0, None),
            (right, "header_rows", "Antal rubrikrader", 0, 5),
            (left, "first_row", "Första raden med uppgifter", 1, None),
            (right, "last_row", "Sista raden med uppgifter", 1, None),
        ):
            typed[name] = place.number_input(label, least, most, max(typed[name], least), step=1, key=f"{key}-{name}")
        names = column_names(seen, min(max(spot.last_column, seen.column + seen.width - 1), _MOST_COLUMNS))
        for place, name, label in (
            (left, "first_column", "Första kolumnen"),
            (right, "last_column", "Sista kolumnen"),
        ):
            options = list(names)
            typed[name] = place.selectbox(
                label, options, min(typed[name], len(options)) - 1, names.__getitem__, key=f"{key}-{name}"
            )
        if st.form_submit_button("Läs om bladet", icon=":material/refresh:"):
            changed = Spot(**_with_headers(typed))
            if fault := fault_of(changed):
                st.error(fault, icon=":material/error:")
            else:
                move(changed)


def _with_headers(typed: dict[str, int | str]) -> dict[str, int | str]:
    """What was typed, with one header row where a header's row was given but not how many there are."""
    return typed | {"header_rows": typed["header_rows"] or 1} if typed["header_row"] else typed | {"header_rows": 0}


def _sheets(examination: Examination | None, spot: Spot) -> list[str]:
    found = examination.sheets if examination else ()
    return list(dict.fromkeys([*found, spot.sheet]))


def _move(dropped: Dropped, number: int, spot: Spot) -> None:
    """Read the table from another place."""
    dropped.mappings[number] = moved(dropped.mappings[number], spot)
    dropped.examine()
    st.rerun()


def _point_out(dropped: Dropped, spot: Spot) -> None:
    """Read a table where none was found."""
    dropped.mappings.append(moved(None, spot))
    dropped.examine()
    st.rerun()
