"""Scales of figures: where they end, told by the header, by the answers or by a person."""

from __future__ import annotations

import pytest

from pipelines.intake import figure_scales
from pipelines.intake.cells import Cell


def top(cells: list[Cell], header: str = "", said: dict[str, str] | None = None) -> int:
    """The highest figure of the scale; -1 when it cannot be told."""
    levels = figure_scales.levels(figure_scales.figures_of(cells, header), header, said)
    return int(levels[-1].split()[0]) if levels else -1


@pytest.mark.parametrize(
    "header",
    ["Hur trygg? (1–5)", "Hur trygg? 1-5", "Trygghet på en skala från 1 till 5", "Skala 1–5: Hur trygg är du?",
     "Trygg (1 = inte alls, 5 = helt)", "1=otrygg … 5=trygg", "Hur trygg (1 inte alls – 5 helt och hållet)",
     "Trygg [1–5]", "Betyg 1 till 5", "Hur trygg, skala mellan 1 och 5, där 5 är bäst"],
)  # fmt: skip
def test_a_header_tells(header: str) -> None:
    assert top([1, 2, 4], header) == 5
    assert top([2, 1], header) == 5
    assert top([1, 2, 6], header) == -1  # it cannot be that scale


@pytest.mark.parametrize(
    "header", ["", "Hur trygg är du i åk 1–5 på skolan?", "Kl. 1-5 på natten", "Trygg 1", "Fråga 1.5", "(2020–25)"]
)
def test_other_figures_in_a_header_do_not(header: str) -> None:
    assert top([1, 2, 4], header) == -1


@pytest.mark.parametrize(
    ("cells", "highest"),
    [([1, 2, 3, 4, 5], 5), ([5, 1, 3], 5), ([1, 4, 7], 7), ([3, 8, 10], 10), ([0, 5, 10], 10), ([1, 2, 3, 4], -1),
     ([1, 2, 3], -1), ([2, 4, 6], -1), ([5, 8, 9], -1), ([0, 1, 2, 3, 4], -1), ([0, 1, 2, 3, 4, 5], -1),
     (["1 Inte alls", "2", "3", "4 Mycket"], 4), (["1 Inte alls", "2", "3", "4"], -1), ([1, 2], -1), ([], -1)],
)  # fmt: skip
def test_answers_tell_where_the_end_was_chosen(cells: list[Cell], highest: int) -> None:
    assert top(cells) == highest


@pytest.mark.parametrize(
    ("cells", "key", "choices"),
    [([1, 2, 3, 4], "skala_1_4", ["1-4", "1-5", "1-7", "1-10"]),
     ([1, 2, 3], "skala_1_4", ["1-3", "1-4", "1-5", "1-7", "1-10"]),
     ([2, 4, 6], "skala_1_7", ["1-6", "1-7", "1-10"]),
     ([0, 1, 2], "skala_0_3", ["0-2", "0-3", "0-4", "0-5", "0-10"]), ([1, 8, 9], "skala_1_10", ["1-9", "1-10"])],
)  # fmt: skip
def test_what_is_asked_else(cells: list[Cell], key: str, choices: list[str]) -> None:
    figures = figure_scales.figures_of(cells)
    assert figure_scales.key(figures) == key
    offered = figure_scales.choices(figures)
    assert list(offered) == [*choices, figure_scales.COUNT]
    for one in choices:
        assert top(cells, said={key: one}) == int(one.partition("-")[2])
    assert top(cells, said={key: figure_scales.COUNT}) == -1
    assert top(cells, said={key: "0-1"}) == -1
