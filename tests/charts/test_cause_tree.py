"""The tree, the fishbone and the triangle: every cause is there with its number, safe, in order, at any size."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import pytest

from charts import cause_tree, crime_triangle, fishbone

SIDES = {"victim": "Brottsutsatt", "offender": "Gärningsperson", "setting": "Plats eller objekt"}


def tree(count: int) -> pd.DataFrame:
    """A chain of causes, each under the one before, five deep and then from the top again."""
    rows = [
        {
            "id": n + 1, "number": ".".join(["1"] * (n % 5 + 1)), "depth": n % 5, "above": n if n % 5 else None,
            "what": f"Orsak {n} <b>med</b> en text som är för lång för en enda rad på en telefon",
            "branch": ["victim", "offender", "setting", ""][n % 4], "weight_label": "Stor betydelse" if n % 2 else "",
            "branch_label": ["Brottsutsatt", "Gärningsperson", "Plats eller objekt", ""][n % 4],
            "certainty_label": ["Vet", "Tror", "Vet inte"][n % 3], "evidence": n % 3,
        }
        for n in range(count)
    ]  # fmt: skip
    columns = ["id", "number", "depth", "above", "what", "branch", "branch_label", "weight_label", "certainty_label",
               "evidence"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"above": "Int64"})


def texts(figure: go.Figure) -> list[str]:
    return [one.text for one in figure.layout.annotations]


@pytest.mark.parametrize("count", [0, 3, 60])
def test_a_row_for_each_cause_from_the_top(count: int) -> None:
    causes = tree(count)
    figure = cause_tree.figure(causes, "Stölder & rån")
    problem, *rows = figure.layout.annotations
    assert problem.text == "<b>Stölder &amp; rån</b>"
    assert len(rows) == len(figure.layout.shapes) == count
    heights = [one.y for one in rows]
    assert heights == sorted(heights)
    apart = [below - above for above, below in pairwise(heights)]
    lines = [one.text.count("<br>") + 1 for one in rows]
    assert all(gap > 16 * of for gap, of in zip(apart, lines, strict=False))  # no text runs into the next
    assert count == 0 or figure.layout.height > heights[-1] + 16 * lines[-1]
    assert all(0 <= one.x < 0.5 for one in rows)


def test_a_persons_text_is_shown_as_written_and_whole() -> None:
    text = texts(cause_tree.figure(tree(1), "P"))[1]
    shown = text.replace("<br>", " ")
    assert "Orsak 0 &lt;b&gt;med&lt;/b&gt; en text som är för lång för en enda rad på en telefon" in shown
    longest = max(len(re.sub("<[^>]+>", "", line)) for line in text.split("<br>"))
    assert longest < 55


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (0, "brottsutsatt · vet"),
        (1, "gärningsperson · stor betydelse · tror · 1 underlag"),
        (3, "stor betydelse · vet"),
    ],
)
def test_what_is_said_of_a_cause(row: int, expected: str) -> None:
    assert cause_tree.words(tree(4).to_dict("records")[row]) == expected


def test_the_side_is_told_by_shape_too() -> None:
    marks = cause_tree.figure(tree(4), "P").data[0].marker
    assert list(marks.symbol) == ["circle", "diamond", "square", "circle-open"]
    assert len(set(cause_tree.MARKS.values())) == 4


def test_pictures_in_words() -> None:
    assert cause_tree.alt(tree(0), "Stölder") == "Orsaksträd för Stölder, ännu utan orsaker."
    assert "1.1 Orsak 1" in cause_tree.alt(tree(2), "Stölder")
    told = fishbone.alt(tree(2), "Stölder", SIDES)
    assert "Gärningsperson: 1.1 Orsak 1" in told
    assert "Plats eller objekt: inga orsaker." in told
    assert crime_triangle.alt([("Plats", "Torget"), ("Mål", "")]) == (
        "Brottstriangeln. Plats: Torget. Mål: inte beskrivet än."
    )


@pytest.mark.parametrize(("count", "bones"), [(0, 3), (3, 3), (4, 4), (60, 4)])
def test_a_bone_for_each_side_and_one_for_causes_without(count: int, bones: int) -> None:
    figure = fishbone.figure(tree(count), "Stölder", SIDES)
    found = [text for text in texts(figure) if text.strip("</b>") in (*SIDES.values(), "Utan sida än")]
    assert len(found) == bones
    numbers = [text for text in texts(figure) if re.match(r"1[ .]", text)]
    assert len(numbers) == count
    inside = [one.y for one in figure.layout.annotations]
    assert min(inside) >= 0
    assert max(inside) <= figure.layout.height


def test_the_triangle_has_three_corners() -> None:
    figure = crime_triangle.figure([("Plats", "Torget " * 40), ("Brottsutsatt", ""), ("Gärningsperson", "A & B")])
    top, left, right, middle = texts(figure)
    assert top.startswith("<b>Plats</b><br>Torget")
    assert top.endswith("…")
    assert left == "<b>Brottsutsatt</b><br>inte beskrivet än"
    assert right == "<b>Gärningsperson</b><br>A &amp; B"
    assert middle == "<b>Brott</b>"
