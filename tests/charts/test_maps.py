"""Maps on screen and on paper, and the words beside them."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from charts import map_words, maps
from charts.print_map import print_map


def square(code: str, west: float, south: float, side: float = 0.1) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature", "id": code, "properties": {"area_id": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


GEOJSON: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [square("a", 18.0, 59.0), square("b", 18.1, 59.0), square("c", 18.0, 59.1)],
}


def areas() -> pd.DataFrame:
    values = pd.DataFrame(
        {
            "area_id": ["a", "b", "c"], "name": ["Ås", "By", "Cirkelhult"], "lat": [59.05, 59.05, 59.15],
            "lon": [18.05, 18.15, 18.05], "value": [2.0, 12.5, None], "status": ["final", "rounded", "suppressed"],
            "district": ["Norr", None, "Söder"], "district_id": ["n", None, "s"],
        }
    )  # fmt: skip
    return map_words.described(values, "procent", 1).assign(klass=[0, 1, -1])


SCHOOLS = pd.DataFrame({"name": ["Skolan"], "lat": [59.02], "lon": [18.02]})
NO_SCHOOLS = SCHOOLS.head(0)


def on_screen(**changes: Any) -> go.Figure:
    options: dict[str, Any] = {
        "unit": "procent", "ground": maps.Ground(), "with_names": True, "schools": SCHOOLS, **changes,
    }  # fmt: skip
    view = maps.view_of(GEOJSON["features"])
    return maps.screen_map(areas(), ["2,0", "12,5"], "app/static/x.json", view, **options)


def test_every_area_is_in_the_trace_of_its_class_and_the_key_says_the_limits() -> None:
    traces = [trace for trace in on_screen().data if trace.type == "choroplethmap"]
    found = {trace.name: list(trace.locations) for trace in traces}
    assert found == {"2,0": ["a"], "12,5": ["b"], "uppgift saknas eller är dold": ["c"]}
    assert all(trace.geojson == "app/static/x.json" and trace.showlegend for trace in traces)
    assert len({trace.colorscale[0][1] for trace in traces}) == 3


def test_labels_hold_name_and_value_and_say_what_is_missing() -> None:
    style = on_screen().layout.map.style
    texts = [point["properties"]["text"] for point in style["sources"]["labels"]["data"]["features"]]
    assert texts == ["Ås\n2,0", "By\ncirka 12,5", "Cirkelhult\ndold"]
    bare = on_screen(with_names=False).layout.map.style["sources"]["labels"]["data"]["features"]
    assert [point["properties"]["text"] for point in bare] == ["2,0", "cirka 12,5", "dold"]


def test_without_tiles_the_map_names_no_server() -> None:
    assert "http" not in json.dumps(on_screen().to_dict(), default=str)


def test_tiles_come_from_the_installation_with_their_credit() -> None:
    ground = maps.Ground(tiles="https://tiles.example/{z}/{x}/{y}.png", attribution="© Kartverket")
    style = on_screen(ground=ground).layout.map.style
    assert style["sources"]["tiles"]["tiles"] == ["https://tiles.example/{z}/{x}/{y}.png"]
    assert style["sources"]["tiles"]["attribution"] == "© Kartverket"
    assert [layer["id"] for layer in style["layers"]] == ["background", "tiles", "labels"]


@pytest.mark.parametrize(("dark", "ground"), [(False, "#FFFFFF"), (True, "#15181C")], ids=["light", "dark"])
def test_the_ground_follows_the_theme(dark: bool, ground: str) -> None:
    style = on_screen(ground=maps.Ground(dark=dark)).layout.map.style
    assert style["layers"][0]["paint"]["background-color"] == ground


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("classes", range(2, 8))
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_classes_stand_out_from_the_ground_in_order_also_in_grey(classes: int, dark: bool) -> None:
    shades = [luminance(colour) for colour in maps.colours(classes, dark=dark)]
    assert len(shades) == classes
    assert shades == sorted(shades, reverse=not dark)
    assert min(abs(np.diff(shades))) > 0.01


def test_schools_and_a_chosen_area_are_drawn_only_when_asked_for() -> None:
    def kinds(figure: go.Figure) -> list[str]:
        return [trace.mode for trace in figure.data if trace.type == "scattermap"]

    assert kinds(on_screen(schools=NO_SCHOOLS)) == []
    assert kinds(on_screen(chosen=[GEOJSON["features"][0]])) == ["markers", "markers", "lines", "lines"]


def test_the_view_holds_all_areas_on_a_phone() -> None:
    view = maps.view_of(GEOJSON["features"])
    # The formula of the web's map: 512 pixels hold the world at zoom 0, twice as many at each step.
    pixels_per_degree = 512 * 2**view.zoom / 360
    assert 0.2 * pixels_per_degree <= 390
    north = math.degrees(math.asinh(math.tan(math.radians(59.2)))) - math.degrees(
        math.asinh(math.tan(math.radians(59.0)))
    )
    assert north * pixels_per_degree <= maps.HEIGHT
    assert (view.lat, view.lon) == pytest.approx((59.1, 18.1), abs=0.01)


def test_the_view_of_a_tiny_area_does_not_go_closer_than_streets() -> None:
    assert maps.view_of([square("a", 18, 59, 1e-6)]).zoom == 13


@pytest.mark.parametrize(
    ("lowest", "highest", "decimals", "expected"),
    [
        ((1.0, 5.2), (4.5, 9.0), 1, ["1,0–4,5", "5,2–9,0"]),
        ((7.0, 8.0), (7.0, 9.0), 0, ["7", "8–9"]),
        ((-3.0, 1.0), (-1.0, 2.0), 0, ["−3 till −1", "1–2"]),
        ((1000.0,), (12345.0,), 0, ["1\u00a0000–12\u00a0345"]),
    ],
    ids=["range", "single value", "below zero", "thousands"],
)
def test_class_labels(
    lowest: tuple[float, ...], highest: tuple[float, ...], decimals: int, expected: list[str]
) -> None:
    assert maps.class_labels(lowest, highest, decimals) == expected


def on_paper(**changes: Any) -> go.Figure:
    options: dict[str, Any] = {"unit": "procent, 2025", "with_names": True, "schools": SCHOOLS, **changes}
    return print_map(areas(), ["2,0", "12,5"], GEOJSON, **options)


def test_the_paper_map_is_shapes_and_text_alone() -> None:
    figure = on_paper()
    assert {trace.type for trace in figure.data} == {"scatter"}
    filled = [trace for trace in figure.data if trace.fill == "toself" and trace.xaxis == "x"]
    assert [trace.fillcolor for trace in filled[:2]] == maps.colours(2)
    assert filled[2].fillpattern.shape == "/"


def test_the_paper_map_has_labels_key_north_and_scale() -> None:
    texts = {note.text for note in on_paper().layout.annotations}
    assert {"Ås<br>2,0", "By<br>cirka 12,5", "Cirkelhult<br>dold"} <= texts
    assert {"2,0", "12,5", "uppgift saknas eller är dold", "<b>procent, 2025</b>", "skola", "<b>N</b>", "2 km"} <= texts


def test_kilometres_are_the_same_across_and_up() -> None:
    layout = on_paper().layout
    (x0, x1), (y0, y1) = layout.xaxis.range, layout.yaxis.range
    (left, right), (bottom, top) = layout.xaxis.domain, layout.yaxis.domain
    across, up = (x1 - x0) / ((right - left) * 920), (y1 - y0) / ((top - bottom) * 800)
    assert across == pytest.approx(up)


def test_areas_too_close_for_their_labels_are_drawn_again_larger() -> None:
    """Twenty areas of a few hundred metres beside one of a hundred kilometres."""
    small = [square(f"s{n}", 18.4 + n % 5 * 0.006, 59.5 + n // 5 * 0.003, 0.003) for n in range(20)]
    features = [square("stor", 17.5, 59.0, 0.8), *small]
    middles = [(f["geometry"]["coordinates"][0][0], f["geometry"]["coordinates"][0][2]) for f in features]
    frame = pd.DataFrame(
        {
            "area_id": [f["id"] for f in features], "name": [f"Område {f['id']}" for f in features],
            "lon": [(a[0] + b[0]) / 2 for a, b in middles], "lat": [(a[1] + b[1]) / 2 for a, b in middles],
            "value": range(21), "short": [str(n) for n in range(21)], "shown": "", "district": "", "klass": 0,
        }
    )  # fmt: skip
    figure = print_map(
        frame, ["0–20"], {"type": "FeatureCollection", "features": features}, unit="antal", with_names=False,
        schools=NO_SCHOOLS,
    )  # fmt: skip
    notes = [note.text for note in figure.layout.annotations]
    assert "<b>A</b> Förstoring" in notes
    enlarged = [note.text for note in figure.layout.annotations if note.xref == "x2"]
    assert len(enlarged) == 20
    assert all(notes.count(text) == 1 for text in enlarged)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 2.0, 3.0], "Arbetslösa 2024: högst i C, lägst i A"),
        ([3.0, 3.0, 1.0], "Arbetslösa 2024: högst i A och B, lägst i C"),
        ([2.0, 2.0, 2.0], "Arbetslösa 2024: lika i alla områden"),
        ([None, None, None], "Arbetslösa 2024: inga uppgifter"),
        ([1.0, None, 5.0], "Arbetslösa 2024: högst i C, lägst i A"),
    ],
    ids=["apart", "tie", "all alike", "nothing", "gap"],
)
def test_the_title_says_where(values: list[float | None], expected: str) -> None:
    frame = pd.DataFrame({"name": ["A", "B", "C"], "value": pd.array(values, dtype="Float64")})
    assert map_words.finding("arbetslösa", "2024", frame) == expected


def test_the_sentence_names_highest_lowest_middle_and_gaps() -> None:
    values = pd.DataFrame(
        {
            "name": list("ABCDEFG"), "value": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, None],
            "status": ["final"] * 6 + ["suppressed"], "district": "",
        }
    )  # fmt: skip
    text = map_words.sentence(map_words.described(values, "procent", 0), "procent", 0)
    assert text == (
        "Högst är värdena i F (6\u00a0%), E (5\u00a0%) och D (4\u00a0%). "
        "Lägst är de i A (1\u00a0%), B (2\u00a0%) och C (3\u00a0%). Hälften av områdena har 4\u00a0% eller mer. "
        "Utan värde: G (dold av källan (för få personer)). Kartan visar var värdena är höga och låga, inte varför."
    )


@pytest.mark.parametrize(
    ("value", "status", "expected"),
    [
        (12.5, "final", ("12,5", "12,5\u00a0%")),
        (12.5, "preliminary", ("12,5", "12,5\u00a0% (preliminärt)")),
        (12.5, "rounded", ("cirka 12,5", "cirka 12,5\u00a0%")),
        (None, "suppressed", ("dold", "dold av källan (för få personer)")),
        (None, "not_applicable", ("–", "redovisas inte för området")),
        (None, "missing", ("saknas", "uppgift saknas")),
        (None, None, ("saknas", "uppgift saknas")),
    ],
    ids=["final", "preliminary", "rounded", "suppressed", "not applicable", "missing", "no row"],
)
def test_what_is_written_for_an_area(value: float | None, status: str | None, expected: tuple[str, str]) -> None:
    frame = pd.DataFrame({"value": pd.array([value], dtype="Float64"), "status": [status], "district": [None]})
    described = map_words.described(frame, "procent", 1).iloc[0]
    assert (described["short"], described["shown"], described["district"]) == (*expected, "")


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("top", "Inget område har högre värde, 2 har lägre."),
        ("middle", "1 område har högre värde och 1 område har lägre."),
        ("low", "Inget område har lägre värde, 2 har högre."),
        ("none", ""),
    ],
)
def test_where_an_area_stands(area: str, expected: str) -> None:
    frame = pd.DataFrame({"area_id": ["top", "middle", "low", "none"], "value": [3.0, 2.0, 1.0, None]})
    assert map_words.standing(frame, area) == expected


def test_former_areas_are_said_to_be_missing_on_the_map() -> None:
    assert map_words.no_polygon([]) == ""
    assert map_words.no_polygon(["Staden C1060"]) == (
        "Staden C1060 finns i siffrorna men inte på kartan: områdesindelningen har ändrats sedan dess. "
        "Värdet står i tabellen."
    )


def test_breakdowns_are_read_as_words() -> None:
    assert map_words.divided("Arbetslösa", "kön=kvinnor|ålder=20-24") == "Arbetslösa, kön: kvinnor, ålder: 20-24"
    assert map_words.divided("Arbetslösa", "") == "Arbetslösa"


def test_the_municipality_and_the_country_stand_beside_their_areas() -> None:
    wholes = pd.DataFrame(
        {
            "level": ["municipality", "country"], "name": ["Norrtälje", "Sverige"], "value": [22.0, 25.0],
            "status": ["final", "preliminary"],
        }
    )  # fmt: skip
    assert map_words.in_whole(wholes, "procent", 0) == (
        "Norrtälje som helhet: 22\u00a0%. Riket: 25\u00a0% (preliminärt)."
    )
    assert map_words.in_whole(wholes.head(0), "procent", 0) == ""


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["final", "final"], ""),
        (["derived", "derived"], "Alla värden är beräknade ur delområden"),
        (["derived", "final"], "1 av 2 områden har värden beräknade ur delområden"),
    ],
    ids=["none", "all", "some"],
)
def test_calculated_values_are_said_to_be(statuses: list[str], expected: str) -> None:
    frame = pd.DataFrame({"name": ["A", "B"], "value": [1.0, 2.0], "status": statuses})
    assert map_words.calculated(frame, "delområden") == expected


def test_the_note_about_calculated_values_is_on_paper() -> None:
    texts = {note.text for note in on_paper(note="Alla värden är beräknade ur delområden").layout.annotations}
    assert "Alla värden är beräknade ur delområden" in texts


def test_the_pointer_says_an_areas_name_once() -> None:
    frame = areas().assign(district=["Ås", "Norr", ""], status=["derived", "final", "missing"])
    view = maps.view_of(GEOJSON["features"])
    figure = maps.screen_map(
        frame,
        ["2,0", "12,5"],
        "x.json",
        view,
        unit="procent",
        ground=maps.Ground(),
        with_names=True,
        schools=NO_SCHOOLS,
    )
    said = [trace.text[0] for trace in figure.data if trace.type == "choroplethmap"]
    assert said[0] == "<b>Ås</b><br>2,0\u00a0% (beräknat)"
    assert said[1].endswith("<br>Kommundel: Norr")
