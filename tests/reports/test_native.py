"""What an office program can draw itself, read from figures as the house draws them."""

import plotly.graph_objects as go
import pytest

from reports.native import native
from tests.reports.example_report import chart


def bars(**layout: object) -> go.Figure:
    figure = go.Figure(layout=layout)
    figure.add_bar(x=["Rimbo", "Hallstavik"], y=[3, 4.5], name="2024", marker_color="#2C7FB8")
    figure.add_bar(x=["Hallstavik", "Rimbo"], y=[6, 5], name="2025")
    return figure


def test_a_line_keeps_its_gaps_and_leaves_shading_out() -> None:
    found = native(chart())
    assert found is not None
    assert (found.kind, found.categories, found.form) == ("line", ("2023", "2024", "2025"), "#,##0")
    assert [(one.name, one.values, one.colour) for one in found.series] == [("Rimbo", (13, None, 1255), "#B8404F")]


def test_bars_are_put_at_their_own_category_whatever_their_order() -> None:
    found = native(bars(barmode="stack"))
    assert found is not None
    assert (found.kind, found.stacked, found.form) == ("column", True, "#,##0.0")
    assert found.categories == ("Rimbo", "Hallstavik")
    assert [one.values for one in found.series] == [(3, 4.5), (5, 6)]


def test_lying_bars_and_shares() -> None:
    figure = go.Figure(layout={"yaxis": {"autorange": "reversed"}, "xaxis": {"tickformat": ".0%"}})
    figure.add_bar(y=["Skola", "Torg"], x=[0.2, 0.5], orientation="h")
    found = native(figure)
    assert found is not None
    assert (found.kind, found.upside_down, found.form) == ("bar", True, "0%")
    assert found.series[0].values == (0.2, 0.5)


def test_the_axis_own_names_are_used() -> None:
    figure = go.Figure(layout={"xaxis": {"tickvals": [0, 1], "ticktext": ["kv 1", "kv 2"]}})
    figure.add_scatter(x=[0, 1], y=[5, 6])
    found = native(figure)
    assert found is not None
    assert found.categories == ("kv 1", "kv 2")


def test_a_line_in_two_parts_is_one_and_its_dots_are_no_series() -> None:
    figure = go.Figure()
    figure.add_scatter(x=[2013, 2014], y=[7, 8], line={"color": "#7C8797"})
    figure.add_scatter(x=[2015, 2016], y=[5, 6], line={"color": "#B8404F"})
    figure.add_scatter(x=[2016], y=[6], mode="markers")
    found = native(figure)
    assert found is not None
    assert found.categories == ("2013", "2014", "2015", "2016")
    assert [(one.values, one.colour) for one in found.series] == [((7, 8, 5, 6), "#B8404F")]


def not_all_named() -> go.Figure:
    figure = go.Figure(layout={"xaxis": {"tickvals": [0], "ticktext": ["kv 1"]}})
    return figure.add_scatter(x=[0, 1], y=[5, 6])


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(),
        go.Figure().add_heatmap(z=[[1, 2], [3, 4]]),
        go.Figure().add_scatter(x=[1, 2], y=[3, 4], mode="markers"),
        go.Figure().add_scatter(x=[1.5, 2], y=[3, 4]),
        go.Figure(layout={"xaxis": {"showticklabels": False}}).add_bar(x=["a"], y=[1]),
        bars().add_scatter(x=["Rimbo"], y=[1], name="mål"),
        go.Figure().add_bar(x=["a"], y=[1]).add_bar(x=["a"], y=[2]),
        not_all_named(),
    ],
    ids=["empty", "heat map", "dots", "between years", "labels drawn as text", "mixed", "nameless", "half named"],
)
def test_what_is_no_plain_chart_is_left_to_a_picture(figure: go.Figure) -> None:
    assert native(figure) is None
