"""What a person answers or points out changes the mapping in that place, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from store.intake import ColumnUse, ColumnView, Decisions, Mapping, Spot
from store.kinds import KINDS
from tests.fixtures.worker.examinations import POLICE, clean
from ui.importing.answers import answered, carried_over, clashes, fault_of, missing, moved, options_of, pointed, split

MAPPING = Mapping(
    name="Polisen",
    kind="events",
    columns=(ColumnUse(header="Brott", field="category"), ColumnUse(header="Datum", field="occurred")),
    options={"place": "Rimbo"},
    places={"Hallsta": "0188-hallstavik"},
)
SPOT = Spot(sheet="Blad1", header_row=3, header_rows=1, first_row=4, last_row=20, first_column=1, last_column=5)


@pytest.mark.parametrize(
    ("key", "value", "changed"),
    [
        ("date_order", "dmy", {"date_order": "dmy"}),
        ("decimal", ",", {"decimal": ","}),
        ("coordinates", "rt90", {"coordinates": "rt90"}),
        ("name", "Ny", {"name": "Ny", "columns": ()}),
        ("name", "Polisen", {}),
        ("kind", "answers", {"name": "", "kind": "answers", "form": "", "columns": ()}),
        ("kind", "events", {}),
        ("form", "row", {"name": "", "form": "row", "columns": ()}),
        ("decisions.personal_data", "mask", {"decisions": Decisions(personal_data="mask")}),
        ("decisions.overlap", "add", {"decisions": Decisions(overlap="add")}),
        ("decisions.shrunken", "true", {"decisions": Decisions(shrunken=True)}),
        ("decisions.refused_rows", "yes", {"decisions": Decisions(refused_rows=True)}),
        ("options.wave", "VT 2025", {"options": {"place": "Rimbo", "wave": "VT 2025"}}),
        ("options.place", "Älmsta", {"options": {"place": "Älmsta"}}),
        ("places.Rb. c:a", "0188-rimbo", {"places": {"Hallsta": "0188-hallstavik", "Rb. c:a": "0188-rimbo"}}),
        (
            "columns.occurred", "Anmält",
            {"columns": (MAPPING.columns[0], ColumnUse(header="Anmält", field="occurred"))},
        ),
    ],
)  # fmt: skip
def test_an_answer_lands_where_its_key_says(key: str, value: str, changed: dict[str, Any]) -> None:
    assert answered(MAPPING, key, value) == MAPPING.model_copy(update=changed)


def test_the_kind_can_be_answered_before_there_is_a_mapping() -> None:
    assert answered(None, "kind", "events") == Mapping(name="", kind="events")


@pytest.mark.parametrize("key", ["spot", "kind.events", "", "nothing.here"])
def test_a_key_that_no_mapping_has_is_a_fault(key: str) -> None:
    with pytest.raises(ValueError, match=f"^{key}$"):
        answered(MAPPING, key, "x")


def test_fields_with_too_many_or_too_few_columns_are_named() -> None:
    assert (clashes(MAPPING), missing(MAPPING)) == ([], [])
    twice = MAPPING.model_copy(update={"columns": (*MAPPING.columns, ColumnUse(header="Dag", field="occurred"))})
    assert clashes(twice) == ["När det hände (från)"]
    assert missing(MAPPING.model_copy(update={"columns": ()})) == ["Händelsetyp eller brott"]
    groups = tuple(ColumnUse(header=header, field="group") for header in ("Kön", "Ålder"))
    assert clashes(Mapping(name="", kind="answers", columns=groups)) == [], "groups repeat"


@pytest.mark.parametrize(("kind", "form"), [(kind.id, form.id) for kind in KINDS.values() for form in kind.forms])
def test_options_belong_to_their_form(kind: str, form: str) -> None:
    asked = options_of(Mapping(name="", kind=kind, form=form))
    left_out = [option for option in KINDS[kind].options if option not in asked]
    assert all(option.form in ("", form) for option in asked)
    assert all(option.form not in ("", form) for option in left_out)


@pytest.mark.parametrize(
    ("rows", "what", "changed"),
    [
        ([1], "header", {"header_row": 1, "header_rows": 1, "first_row": 2}),
        ([2, 3], "header", {"header_row": 2, "header_rows": 2, "first_row": 4}),
        ([30], "header", {"header_row": 30, "header_rows": 1, "first_row": 31, "last_row": 31}),
        ([5], "first", {"first_row": 5}),
        ([3], "first", {"header_row": 2, "first_row": 3}),
        ([1], "first", {"header_row": 0, "header_rows": 0, "first_row": 1}),
        ([9, 12], "last", {"last_row": 12}),
        ([2], "last", {"last_row": 4}),
    ],
)
def test_pointing_at_rows_moves_the_table(rows: list[int], what: str, changed: dict[str, int]) -> None:
    assert pointed(SPOT, rows, what) == SPOT.model_copy(update=changed)


@given(
    rows=some.lists(some.integers(1, 60), min_size=1, max_size=8),
    steps=some.lists(some.sampled_from(["header", "first", "last"]), min_size=1, max_size=4),
)
def test_whatever_is_pointed_at_the_table_can_stand_there(rows: list[int], steps: list[str]) -> None:
    spot = SPOT
    for step in steps:
        spot = pointed(spot, rows, step)
    assert fault_of(spot) == ""
    assert Spot.model_validate(spot.model_dump()) == spot


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, ""),
        ({"header_row": 0, "header_rows": 0, "first_row": 1}, ""),
        ({"first_row": 3}, "under rubrikerna"),
        ({"header_rows": 2}, "under rubrikerna"),
        ({"last_row": 3}, "Sista raden"),
        ({"first_column": 6}, "Sista kolumnen"),
    ],
)
def test_an_impossible_place_is_told(changed: dict[str, int], fault: str) -> None:
    told = fault_of(SPOT.model_copy(update=changed))
    assert fault in told
    assert bool(told) is bool(fault)


@pytest.mark.parametrize(
    ("text", "parts"), [("", ()), ("Aldrig; Ibland ;Ofta", ("Aldrig", "Ibland", "Ofta")), (";;a;", ("a",))]
)
def test_a_written_list_is_split(text: str, parts: tuple[str, ...]) -> None:
    assert split(text) == parts


def test_a_table_that_stands_elsewhere_has_its_columns_suggested_anew() -> None:
    assert moved(MAPPING, SPOT) == MAPPING.model_copy(update={"name": "", "columns": (), "spot": SPOT})
    assert moved(None, SPOT) == Mapping(name="", kind="", spot=SPOT)


def test_what_was_said_at_first_is_said_also_after_an_answer() -> None:
    first = clean()
    again = first.model_copy(
        update={"known_as": "", "differences": (), "columns": tuple(bare(view) for view in first.columns)}
    )
    assert carried_over(first, again) == first
    other = again.model_copy(update={"mapping": POLICE.model_copy(update={"kind": "observations"})})
    assert carried_over(first, other) == other
    changed = again.model_copy(update={"columns": (again.columns[0].model_copy(update={"field": "detail"}),)})
    assert carried_over(first, changed).columns[0].reason == "", "the reason was for another field"


def bare(view: ColumnView) -> ColumnView:
    return view.model_copy(update={"reason": ""})
