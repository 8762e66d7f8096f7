"""What a table is and what its columns become: the kind, the form, the columns, the names, all open to correction."""

from __future__ import annotations

import streamlit as st

from store.intake import ColumnUse, ColumnView, Mapping, TableView
from store.kinds import KINDS, Field, Option
from ui.importing.answers import answered, clashes, fields_of, missing, options_of, split, use_of
from ui.importing.inbox import Dropped
from ui.importing.words import literal, read_as

#: Columns that can be chosen for on the page; what is beyond keeps what was suggested.
_MOST_COLUMNS = 150
_LEFT_OUT = "Tas inte med"
_PERSONAL = "Personuppgift: sparas aldrig"

_ORDERS = {"": "Som cellerna säger", "dmy": "Dag först: 4/3 är 4 mars", "mdy": "Månad först: 4/3 är 3 april"}
_MARKS = {"": "Som cellerna säger", ",": "Decimalkomma: 1,5", ".": "Decimalpunkt: 1.5"}
_SYSTEMS = {
    "": "Som siffrorna säger",
    "sweref99tm": "SWEREF 99 TM",
    "wgs84": "WGS 84 (grader)",
    "rt90": "RT 90 2,5 gon V",
}


def show(dropped: Dropped, number: int, table: TableView, *, opened: bool) -> None:
    """How a table is read, in an expander that is ``opened`` from the beginning or not."""
    mapping = dropped.mappings[number]
    with st.expander(
        f"Så tolkas tabellen: {read_as(table)}",
        icon=":material/view_column:",
        expanded=opened,
        on_change="rerun",
        key=f"columns-{dropped.key}-{number}",
    ) as it:
        if not it.open:
            return
        _kind(dropped, number, mapping)
        if mapping is not None and mapping.kind in KINDS:
            _form(dropped, number, table, mapping)


def _kind(dropped: Dropped, number: int, mapping: Mapping | None) -> None:
    """What the table holds, and in which shape; another choice reads the file again at once."""
    key = f"{dropped.key}-{number}-{dropped.revision}"
    present = mapping.kind if mapping and mapping.kind in KINDS else None
    chosen = st.segmented_control(
        "Vad tabellen innehåller",
        list(KINDS),
        default=present,
        format_func=lambda kind: KINDS[kind].label,
        key=f"kind-{key}",
        required=present is not None,
    )
    if chosen and chosen != present:
        _reread(dropped, number, answered(mapping, "kind", chosen))
    if mapping is None or present is None:
        return
    kind = KINDS[present]
    st.caption(kind.help)
    if len(kind.forms) > 1:
        forms = {form.id: form.label for form in kind.forms}
        now = kind.form(mapping.form).id
        form = st.radio(
            "Tabellens form",
            list(forms),
            index=list(forms).index(now),
            format_func=forms.__getitem__,
            key=f"form-{key}",
        )
        if form != now:
            _reread(dropped, number, answered(mapping, "form", form))


def _form(dropped: Dropped, number: int, table: TableView, mapping: Mapping) -> None:
    """The columns and the names, gathered: one click reads the file again."""
    key = f"{dropped.key}-{number}-{dropped.revision}"
    with st.form(f"columns-{key}", border=False):
        st.markdown("**Kolumner**")
        uses = [_column(view, mapping, f"{key}-{place}") for place, view in enumerate(table.columns[:_MOST_COLUMNS])]
        shown = {view.header for view in table.columns[:_MOST_COLUMNS]}
        kept = [use for use in mapping.columns if use.header not in shown]
        if len(table.columns) > _MOST_COLUMNS:
            st.caption(f"Tabellen har {len(table.columns)} kolumner; de {_MOST_COLUMNS} första visas.")
        st.markdown("**Avsändare och namn**")
        changed = mapping.model_copy(update=_names(mapping, key))
        changed = changed.model_copy(update={"columns": (*filter(None, uses), *kept)})
        if st.form_submit_button("Läs om med ändringarna", icon=":material/refresh:"):
            if twice := clashes(changed):
                st.error(f"Bara en kolumn kan vara: {', '.join(twice)}.", icon=":material/error:")
            elif lacking := missing(changed):
                st.error(f"En kolumn måste vara: {', '.join(lacking)}.", icon=":material/error:")
            else:
                _reread(dropped, number, changed)


def _column(view: ColumnView, mapping: Mapping, key: str) -> ColumnUse | None:
    """One column: its cells, what it becomes and why. None when it is left out."""
    fields = fields_of(mapping)
    use = use_of(mapping, view.header)
    cells, becomes, why = st.columns([3, 3, 3], vertical_alignment="center")
    samples = ", ".join(view.samples)
    cells.markdown(f"**{literal(view.header, 80)}**  \n{literal(samples, 120) or 'Inga värden'}")
    if view.personal:
        why.markdown(f":red-badge[:material/shield_person: {_PERSONAL}]  \n{literal(view.reason)}")
    elif view.reason:
        why.markdown(literal(view.reason))
    options = ["", *fields]
    present = use.field if use and use.field in fields else ""
    field_id = becomes.selectbox(
        f"{literal(view.header, 80)} blir",
        options,
        index=options.index(present),
        format_func=lambda id_: fields[id_].label if id_ else _LEFT_OUT,
        disabled=bool(view.personal),
        key=f"field-{key}",
        label_visibility="collapsed",
    )
    if not field_id:
        return None
    if use is None or use.field != field_id:
        return ColumnUse(header=view.header, field=field_id)
    return use.model_copy(update=_more(use, fields[field_id], key, why))


def _more(use: ColumnUse, field: Field, key: str, place: st.delta_generator.DeltaGenerator) -> dict[str, object]:
    """What else can be said of a column that has this field, under why it was suggested."""
    said: dict[str, object] = {}
    if field.repeats:
        said["name"] = place.text_input(
            "Namn", use.name or use.header, key=f"name-{key}", placeholder="Vad kolumnen kallas på sidorna"
        ).strip()
    if field.repeats and field.cells == "number":
        said["unit"] = place.text_input("Enhet", use.unit, key=f"unit-{key}", placeholder="antal, procent …").strip()
    if use.scale:
        said["scale"] = split(
            place.text_input("Svaren, lägst först, med semikolon emellan", "; ".join(use.scale), key=f"scale-{key}")
        )
    return said


def _names(mapping: Mapping, key: str) -> dict[str, object]:
    """Sender, name, what no column says, and how numbers and dates are read."""
    left, right = st.columns(2)
    sender = left.text_input(
        "Avsändare", mapping.sender, key=f"sender-{key}", placeholder="Polisen, en skola, en förvaltning …"
    )
    name = right.text_input("Tolkningens namn", mapping.name, key=f"named-{key}", placeholder="Så känns nästa fil igen")
    options = dict(mapping.options)
    for place, option in enumerate(options_of(mapping)):
        options[option.id] = _option((left, right)[place % 2], option, options, key)
    one, two, three = st.columns(3)
    order = one.selectbox(
        "Dag och månad", list(_ORDERS), list(_ORDERS).index(mapping.date_order), _ORDERS.__getitem__, key=f"order-{key}"
    )
    mark = two.selectbox(
        "Decimaltecken", list(_MARKS), list(_MARKS).index(mapping.decimal), _MARKS.__getitem__, key=f"mark-{key}"
    )
    system = three.selectbox(
        "Koordinater",
        list(_SYSTEMS),
        list(_SYSTEMS).index(mapping.coordinates),
        _SYSTEMS.__getitem__,
        key=f"system-{key}",
    )
    return {
        "sender": sender.strip(),
        "name": name.strip(),
        "options": {id_: value for id_, value in options.items() if value},
        "date_order": order,
        "decimal": mark,
        "coordinates": system,
    }


def _option(place: st.delta_generator.DeltaGenerator, option: Option, said: dict[str, str], key: str) -> str:
    value = said.get(option.id, option.default)
    if not option.choices:
        return place.text_input(option.label, value, key=f"option-{option.id}-{key}", placeholder=option.help).strip()
    labels = dict(option.choices)
    chosen = place.selectbox(
        option.label,
        list(labels),
        index=list(labels).index(value) if value in labels else None,
        format_func=labels.__getitem__,
        key=f"option-{option.id}-{key}",
        placeholder="Välj",
        help=option.help,
    )
    return chosen or ""


def _reread(dropped: Dropped, number: int, mapping: Mapping) -> None:
    dropped.mappings[number] = mapping
    dropped.examine()
    st.rerun()
