"""Survey answers: which scales, yes and no, several choices, numbers and free texts are told apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake import answers
from pipelines.intake.scales import SCALES, STANDARD
from pipelines.intake.words import plain

SAFETY = ("Mycket otrygg", "Ganska otrygg", "Ganska trygg", "Mycket trygg")
FREE = [f"Det är mörkt vid busshållplatsen {number} och ingen lagar lamporna" for number in range(30)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Ja", True), ("JA.", True), ("x", True), ("X", True), (1, True), ("1", True), ("SANT", True), ("true", True),
        ("yes", True), ("✓", True), ("Nej", False), (0, False), ("FALSKT", False), ("no", False),
        ("Vet ej", None), ("Kanske", None), (2, None), (1.5, None), ("Ja, ofta", None), ("j" * 10_000, None),
    ],
)  # fmt: skip
def test_yes_and_no(cell: Any, expected: bool | None) -> None:
    assert answers.read_yes_no([cell]).tolist() == [expected]


@pytest.mark.parametrize(
    ("cells", "scale"),
    [
        (["Mycket trygg", "Ganska otrygg", "Vet ej", "Mycket otrygg", "Ganska trygg"], SAFETY),
        (["mycket tryggt", "Mycket otryggt"], ("Mycket otryggt", "Ganska otryggt", "Ganska tryggt", "mycket tryggt")),
        (["Ofta", "Aldrig", "Sällan", "Ibland", "Alltid"], ("Aldrig", "Sällan", "Ibland", "Ofta", "Alltid")),
        (["Instämmer helt", "Instämmer inte alls", "Instämmer delvis", "Kan ej bedöma"],
         ("Instämmer inte alls", "Instämmer delvis", "Instämmer helt")),
        (["Stämmer mycket bra", "Stämmer ganska dåligt"], ("Stämmer ganska dåligt", "Stämmer mycket bra")),
        (["Mycket bra", "Mycket dåligt", "Varken bra eller dåligt"],
         ("Mycket dåligt", "Ganska dåligt", "Varken bra eller dåligt", "Ganska bra", "Mycket bra")),
        (["ganska trygg", "ganska otrygg"], ("mycket otrygg", "ganska otrygg", "ganska trygg", "mycket trygg")),
        (["GANSKA NÖJD", "MYCKET MISSNÖJD"], ("MYCKET MISSNÖJD", "GANSKA MISSNÖJD", "GANSKA NÖJD", "MYCKET NÖJD")),
        (["Ganska trygg", "Mycket trygg"], ("Ganska trygg", "Mycket trygg")),  # below: otrygg, or inte särskilt trygg
        (["Ja, ofta", "Nej, aldrig", "Ja, ibland"], ("Nej, aldrig", "Ja, ibland", "Ja, ofta")),
        (["Mycket trygg.", "mycket  trygg", "Ganska otrygg", "Mycket otrygg", "Vet ej."], SAFETY),
        (["Mycket bra", "mycket bra", "Ganska bra"],
         ("Mycket dåligt", "Ganska dåligt", "Ganska bra", "Mycket bra")),
        ([5, 3, 1, 2], ("1", "2", "3", "4", "5")),
        ([5, "5", 1, "2"], ("1", "2", "3", "4", "5")),
        (["2", "4", "3", "Vet ej"], ()),  # may go to 5 as well: see test_figure_scales
        ([0, 5, 10], ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")),
        (["5 - Mycket", "1 – Inte alls", "3"], ("1 – Inte alls", "2", "3", "4", "5 - Mycket")),
        (["1 Inte alls", "2", "3", "4", "5 Mycket"], ("1 Inte alls", "2", "3", "4", "5 Mycket")),
        (["Kvinna", "Man"], ()), (["Mycket trygg", "Röd"], ()), (["Mycket trygg"], ()), ([1, 2], ()), ([1, 2, 45], ()),
        (["2 rum", "3 rum", "4 rum"], ()), (["Vet ej"], ()), ([], ()), ([1.5, 2, 3], ()),
    ],
)  # fmt: skip
def test_scales_have_their_lowest_level_first(cells: list[Any], scale: tuple[str, ...]) -> None:
    assert answers.scale_of(np.array(cells, dtype=object)) == scale


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale[-1].split("|")[0])
def test_every_declared_level_is_in_plain_form_and_told_from_the_others(scale: tuple[str, ...]) -> None:
    words = [word for level in scale for word in level.split("|")]
    assert words == [plain(word) for word in words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("scale", STANDARD)
def test_every_standard_scale_is_in_order(scale: str) -> None:
    levels = scale.split("|")
    assert answers.scale_of(levels[::-1]) == tuple(levels)


@pytest.mark.parametrize(
    ("saved", "cells", "scale"),
    [
        (SAFETY, ["Ganska trygg", "Varken eller"], ("Mycket otrygg", "Ganska otrygg", "Varken eller", "Ganska trygg",
                                                   "Mycket trygg")),
        (SAFETY[::-1], ["Varken eller"], ("Mycket trygg", "Ganska trygg", "Varken eller", "Ganska otrygg",
                                          "Mycket otrygg")),
        (("Ganska otrygg", "Ganska trygg"), ["Mycket trygg"], SAFETY),
        (SAFETY, ["mycket trygg", "Vet ej"], SAFETY),
        (("Kass", "Sådär", "Toppen"), ["Kass", "Magisk"], ("Kass", "Sådär", "Toppen")),
        (("1", "2", "3"), ["5"], ("1", "2", "3", "4", "5")),
        (("Ganska trygg", "Mycket otrygg", "Mycket trygg"), ["Ganska otrygg"],
         ("Ganska trygg", "Mycket otrygg", "Mycket trygg")),
    ],
    ids=["between", "backwards", "first and last", "nothing new", "of its own", "figures", "in no order"],
)  # fmt: skip
def test_a_saved_scale_gets_the_levels_that_have_come(
    saved: tuple[str, ...], cells: list[str], scale: tuple[str, ...]
) -> None:
    assert answers.extended(saved, cells) == scale


@given(st.permutations(range(4)), st.sampled_from([str.upper, str.lower, str.title]))
def test_the_order_of_the_cells_does_not_matter(order: list[int], spelled: Any) -> None:
    cells = [spelled(SAFETY[place]) for place in order]
    assert [each.casefold() for each in answers.scale_of(cells)] == [each.casefold() for each in SAFETY]


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (["Buss;Bil;", "Bil;", "Cykel;Buss;", "Cykel;"], ";"),
        (["Belysning;Fler poliser;", "Kameror;", "Städning;Träd;"], ";"), (["Belysning;", "Fler poliser;"], ";"),
        (["Ja;Nej", "Kanske;Aldrig", "Ofta"], ""),
        (["Belysning | Klotter", "Klotter", "Belysning"], ""),  # one cell with several tells nothing yet
        (["Belysning | Klotter", "Klotter | Belysning", "Belysning"], "|"),
        (["Buss, Bil", "Bil", "Cykel, Buss, Bil", "Cykel"], ","),
        (["Inbrott\nBrand", "Brand", "Inbrott\nBrand\nStöld", "Stöld"], "\n"),
        (["Ja, ofta", "Ja, ibland", "Nej, aldrig"], ""), (["Ja, ofta", "Ja, ibland", "Nej, ofta", "Nej, ibland"], ""),
        (["12,5", "12,6", "13,5", "13,6", "12"], ""), (["Kvinna", "Man"], ""), ([], ""), ([1, 2], ""),
        (["Jag bor i Rimbo, vid ån", "Mörkt, kallt, blött"], ""),
    ],
)  # fmt: skip
def test_several_answers_in_a_cell(cells: list[Any], separator: str) -> None:
    assert answers.separator_of(np.array(cells, dtype=object)) == separator


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["Ja", "Nej", "Vet ej"], "yes_no"), (["x"], "yes_no"), ([1, 0], "yes_no"), (["SANT", "FALSKT"], "yes_no"),
        (list(SAFETY), "scale"), ([1, 2, 3, 4, 5], "scale"), ([34, 45, 61], "number"), (["12,5", "-", "7"], "number"),
        (["Kvinna", "Man", "Vill ej svara"], "choice"), (["16–24 år", "25–34 år"], "choice"), (["Vet ej"], "choice"),
        (["Buss;Bil;", "Bil;", "Cykel;Buss;", "Cykel;"], "multi"), (["Belysning;Fler poliser;", "Kameror;"], "multi"),
        (FREE, "text"),
        ([*FREE[:3], "a" * 200], "text"),
        ([], "choice"),
    ],
)  # fmt: skip
def test_kinds(cells: list[Any], kind: str) -> None:
    assert answers.kind_of(np.array(cells, dtype=object)) == kind


def test_what_differs_in_nearly_every_row_is_free_text() -> None:
    cells = [f"Mera belysning vid väg {number}" for number in range(9)]
    assert answers.kind_of(cells) == "choice"
    assert answers.kind_of(cells, rows=10) == "text"


@given(st.lists(st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False), unique=True))
def test_any_cells_have_a_kind(cells: list[Any]) -> None:
    assert answers.kind_of(cells) in {"yes_no", "scale", "choice", "multi", "number", "text"}
