"""The thread's pictures: what is whole is drawn whole, what is broken is not drawn, and words stand beside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from charts.thread import LIGHTS, apart, overview


@dataclass
class Link:
    whole: bool = True
    partly: bool = False
    missing: str = ""
    count: int = 0


@dataclass
class Line:
    problem_id: int | None = 1
    title: str = "Skadegörelse"
    place: str = "Rimbo"
    ids: dict[str, list[Any]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    light: str = ""


@dataclass
class Knot:
    station: str
    id: Any
    label: str = ""
    title: str = ""
    height: float = 0.5
    lacks: str = ""
    light: str = ""


@dataclass
class Web:
    knots: tuple[Knot, ...]
    ties: tuple[Any, ...]
    most: int = 1


def ids(*counts: int) -> dict[str, list[Any]]:
    stations = ("source", "problem", "cause", "measure", "goal", "outcome")
    return {station: list(range(1, count + 1)) for station, count in zip(stations, counts, strict=True)}


def texts(figure: Any) -> list[str]:
    return [one.text for one in figure.layout.annotations]


def test_a_whole_thread_is_one_unbroken_line() -> None:
    figure = overview([Line(ids=ids(1, 1, 2, 3, 1, 1), links=(Link(),) * 5, light="yellow")])
    assert [shape.line.dash for shape in figure.layout.shapes] == ["solid"] * 5
    assert list(figure.data[0].text) == ["1", "1", "2", "3", "1", "1"]
    assert figure.data[0].marker.symbol[-1] == LIGHTS["yellow"][0]
    assert texts(figure) == ["<b>Skadegörelse</b> · Rimbo"]


def test_a_break_is_a_gap_with_a_cross_and_what_is_partly_there_says_how_many() -> None:
    cut, partly = Link(False, False, "ingen orsak"), Link(False, True, "2 åtgärder utan mål", 2)
    line = Line(ids=ids(1, 1, 0, 3, 1, 0), links=(Link(), cut, cut, partly, cut))
    figure = overview([line])
    assert [(shape.x0, shape.x1, shape.line.dash) for shape in figure.layout.shapes] == [(0, 1, "solid"), (3, 4, "dot")]
    assert texts(figure)[1:] == ["✕", "✕", "2 saknas", "✕"]
    assert [tuple(one) for one in figure.data[0].customdata][3] == (0, "measure")
    assert "ingen orsak" in figure.data[0].hovertext[2]


def test_a_line_taken_apart_has_a_knot_per_row_and_a_curve_per_tie() -> None:
    knots = (
        Knot("problem", 1), Knot("cause", 4, "1"), Knot("measure", 7, "Å7", lacks="utan mål"),
        Knot("outcome", 2, "U2", light="red"),
    )  # fmt: skip
    figure = apart(Web(knots, ((("problem", 1), ("cause", 4)), (("cause", 4), ("measure", 7)))))
    drawn = [tuple(point) for trace in figure.data for point in trace.customdata]
    assert sorted(drawn) == [("cause", 4), ("measure", 7), ("outcome", 2), ("problem", 1)]
    assert len(figure.layout.shapes) == 2
    assert texts(figure) == ["✕"]
    assert figure.data[-1].marker.symbol == LIGHTS["red"][0]
    assert figure.data[-1].hovertext[0] == "U2<br>röd"
