"""How what a person answers or points out changes a mapping. Pure: a mapping in, a new mapping out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from store.intake import ColumnUse, Decisions, Mapping, Spot, TableView
from store.kinds import KINDS, Field, Form, Option

#: How far a mapping's plain fields can be answered by a question or a form.
_PLAIN = {"kind", "form", "name", "sender", "date_order", "decimal", "coordinates"}
#: What no longer holds when such a field is answered otherwise. A mapping without columns asks for suggestions; with a
#: name, for the saved mapping of that name.
_AFRESH: dict[str, dict[str, object]] = {
    "kind": {"name": "", "form": "", "columns": ()},
    "form": {"name": "", "columns": ()},
    "name": {"columns": ()},
}
_YES = {"yes", "ja", "true"}
_BOOLEAN = {"shrunken", "refused_rows"}


def answered(mapping: Mapping | None, key: str, value: str) -> Mapping:
    """The mapping with the answer to a question: ``key`` is the question's, such as ``options.wave``.

    Raises ValueError for a key that no part of a mapping has.
    """
    mapping = mapping or Mapping(name="", kind="")
    head, _, rest = key.partition(".")
    if head in _PLAIN and not rest:
        unchanged = getattr(mapping, head) == value
        return mapping if unchanged else mapping.model_copy(update=_AFRESH.get(head, {}) | {head: value})
    if head == "decisions":
        decision = value.lower() in _YES if rest in _BOOLEAN else value
        return mapping.model_copy(update={"decisions": mapping.decisions.model_copy(update={rest: decision})})
    if head in ("options", "places"):
        return mapping.model_copy(update={head: {**getattr(mapping, head), rest: value}})
    if head == "columns":
        others = tuple(use for use in mapping.columns if use.field != rest and use.header != value)
        return mapping.model_copy(update={"columns": (*others, ColumnUse(header=value, field=rest))})
    raise ValueError(key)


def moved(mapping: Mapping | None, spot: Spot) -> Mapping:
    """The mapping for a table that stands elsewhere: its columns are to be suggested anew."""
    return (mapping or Mapping(name="", kind="")).model_copy(update={"name": "", "columns": (), "spot": spot})


def from_another(mapping: Mapping, sender: str, name: str) -> Mapping:
    """The mapping for another sender's table that looks the same: a name of its own, and nothing decided about it."""
    return mapping.model_copy(
        update={"sender": sender, "name": name, "places": {}, "decisions": Decisions(same_sender="no")}
    )


def carried_over(before: TableView, now: TableView) -> TableView:
    """The table read anew, with what was said of it when it was first seen: by what it was known, and the reasons."""
    was, now_is = before.mapping, now.mapping
    if was is None or now_is is None or (was.name, was.kind) != (now_is.name, now_is.kind):
        return now
    earlier = {(view.header, view.field): view.reason for view in before.columns}
    columns = tuple(
        view.model_copy(update={"reason": view.reason or earlier.get((view.header, view.field), "")})
        for view in now.columns
    )
    known_as, differences = now.known_as or before.known_as, now.differences or before.differences
    return now.model_copy(update={"columns": columns, "known_as": known_as, "differences": differences})


def form_of(mapping: Mapping) -> Form:
    """The form that a mapping has, the kind's first when it says none."""
    return KINDS[mapping.kind].form(mapping.form)


def options_of(mapping: Mapping) -> tuple[Option, ...]:
    """What a mapping's kind and form ask for beside the columns."""
    form = form_of(mapping)
    return tuple(option for option in KINDS[mapping.kind].options if option.form in ("", form.id))


def fields_of(mapping: Mapping) -> dict[str, Field]:
    """The fields that a mapping's columns can be, by id."""
    return {field.id: field for field in form_of(mapping).fields}


def use_of(mapping: Mapping, header: str) -> ColumnUse | None:
    """What the column with this header is used for; None when it is left out."""
    return next((use for use in mapping.columns if use.header == header), None)


def clashes(mapping: Mapping) -> list[str]:
    """The labels of the fields that have more columns than they can have."""
    fields = fields_of(mapping)
    count = Counter(use.field for use in mapping.columns)
    return [fields[id_].label for id_, times in count.items() if times > 1 and not fields[id_].repeats]


def missing(mapping: Mapping) -> list[str]:
    """The labels of the fields that need a column and have none."""
    used = {use.field for use in mapping.columns}
    return [field.label for field in fields_of(mapping).values() if field.needed and field.id not in used]


def pointed(spot: Spot, rows: Sequence[int], what: str) -> Spot:
    """The spot when someone has pointed at rows (from 1) and said that they are ``header``, ``first`` or ``last``.

    What no longer fits gives way: a table never begins above its headers, nor ends before it begins.
    """
    first, last = min(rows), max(rows)
    if what == "header":
        count = min(last - first + 1, 5)
        below = first + count
        moved = {"header_row": first, "header_rows": count, "first_row": below, "last_row": max(spot.last_row, below)}
    elif what == "first":
        moved = {"first_row": first, "last_row": max(spot.last_row, first)}
        if spot.header_row and spot.header_row + spot.header_rows > first:
            moved |= {"header_row": max(first - spot.header_rows, 0), "header_rows": min(spot.header_rows, first - 1)}
    else:
        moved = {"last_row": max(last, spot.first_row)}
    return spot.model_copy(update=moved)


def fault_of(spot: Spot) -> str:
    """What is wrong with a spot that someone has typed; empty when nothing is."""
    if spot.header_row and spot.header_row + max(spot.header_rows, 1) > spot.first_row:
        return "Uppgifterna måste börja under rubrikerna."
    if spot.last_row < spot.first_row:
        return "Sista raden kan inte ligga före den första."
    if spot.last_column < spot.first_column:
        return "Sista kolumnen kan inte ligga före den första."
    return ""


def split(text: str) -> tuple[str, ...]:
    """What a person has written with semicolons between, in order, without what is empty."""
    return tuple(filter(None, (part.strip() for part in text.split(";"))))
