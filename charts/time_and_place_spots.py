"""Places with most events and places that have become hot: a map, a list in words, and a curve of how few they are."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.maps import HEIGHT, Ground, Json, View, rings, style
from charts.style import ACCENT, CONTEXT, base
from charts.swedish import date, number, percent
from charts.time_and_place import about, amount, steps_note, told_column
from charts.verdicts import LOWER, NORMAL, Judged

_BLUE, _BLUE_ON_DARK = "#2C6FA8", "#7FB2E0"
_RED_ON_DARK = "#E08A92"
#: Events in a square from which its mark is larger, and the marks' sizes in pixels (a legend shows none above 16).
_SIZES = ((1, 5), (10, 8), (20, 12), (50, 16))
NEW, LASTING = "ny", "varaktig"
_NEWS = "ring: nytt, fler än väntat på sistone"
#: The code that SCB puts after the name of a small area.
_CODE = re.compile(r"^(?P<name>.+) (?P<code>[A-C]\d{4})$")
_LISTED = 6
#: Of so many of the newest quarters it is told how many had any event.
_NEWEST = 5
_QUARTERS = [0, 25, 50, 75, 100]
_PRINT_WIDTH, _PRINT_HEIGHT = 920, 760


class SpotsRecord(Protocol):
    """What is read of places with most events."""

    @property
    def squares(self) -> pd.DataFrame: ...
    @property
    def spots(self) -> pd.DataFrame: ...
    @property
    def missing(self) -> float: ...
    @property
    def size(self) -> float: ...
    @property
    def step(self) -> int: ...
    @property
    def recent_from(self) -> pd.Timestamp: ...


class GatheredRecord(Judged, Protocol):
    """What is read of how events gather on places."""

    @property
    def found(self) -> Any: ...
    @property
    def expected(self) -> float: ...


def screen_map(
    found: SpotsRecord, geojson: str | Json, area_ids: Sequence[str], names: pd.DataFrame, view: View, ground: Ground
) -> go.Figure:
    """Squares as dots by their number of events, and what is new in another colour, over the district boundaries.

    ``names``: name, lat, lon of the districts, written on the map.
    """
    figure = base(HEIGHT)
    paper, blue, red = ("#15181C", _BLUE_ON_DARK, _RED_ON_DARK) if ground.dark else ("#FFFFFF", _BLUE, ACCENT)
    figure.add_choroplethmap(
        geojson=geojson, featureidkey="properties.area_id", locations=list(area_ids), z=[0] * len(area_ids),
        colorscale=[[0, "rgba(124, 135, 151, 0.10)"], [1, "rgba(124, 135, 151, 0.10)"]], showscale=False,
        marker={"line": {"width": 1, "color": CONTEXT}}, hoverinfo="skip", below="labels",
    )  # fmt: skip
    for name, size, rows in _by_size(found):
        figure.add_traces(_dots(rows, size, blue, paper, name, found.step))
    if len(found.spots):
        figure.add_traces(_targets(found.spots, red, paper, found.step))
    labels = names.assign(value=0.0)
    figure.update_layout(
        map={
            "style": style(ground, labels.assign(short=labels["name"]), with_names=False),
            "center": {"lat": view.lat, "lon": view.lon}, "zoom": view.zoom,
        },
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest", dragmode="pan", showlegend=True,
        modebar={"bgcolor": paper, "color": "#B9BCC1" if ground.dark else "#4A4E55"},
        legend={
            "orientation": "h", "x": 0, "xanchor": "left", "y": -0.01, "yanchor": "top", "itemclick": False,
            "itemdoubleclick": False, "font": {"size": 13}, "traceorder": "normal",
        },
    )  # fmt: skip
    return figure


def _by_size(found: SpotsRecord) -> list[tuple[str, int, pd.DataFrame]]:
    """Name, size of the dot and squares of each class that has any; those with most last, on top."""
    events = found.squares["events"]
    ends = [low for low, _ in _SIZES[1:]] + [math.inf]
    classes = [(_class(max(low, found.step, 5), end), size, found.squares[(events >= low) & (events < end)])
               for (low, size), end in zip(_SIZES, ends, strict=True)]  # fmt: skip
    return [one for one in classes if len(one[2])]


def _class(low: int, end: float) -> str:
    return f"{number(low)} händelser eller fler" if math.isinf(end) else f"{number(low)}–{number(end - 1)} händelser"


def _dots(rows: pd.DataFrame, size: int, colour: str, paper: str, name: str, step: int) -> list[go.Scattermap]:
    """Dots with a ring in the colour of the ground, so that each is seen beside its neighbours."""
    where = {"lat": rows["lat"], "lon": rows["lon"], "mode": "markers", "below": "labels"}
    ring = go.Scattermap(**where, marker={"size": size + 3, "color": paper}, hoverinfo="skip", showlegend=False)
    told = [f"<b>{place(row)}</b><br>{amount(row['events'], step)} händelser" for row in rows.to_dict("records")]
    dots = go.Scattermap(
        **where, marker={"size": size, "color": colour}, name=name, customdata=told,
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    return [ring, dots]


def _targets(rows: pd.DataFrame, colour: str, paper: str, step: int) -> list[go.Scattermap]:
    """Dots within rings: told from the others without their colour too."""
    where = {"lat": rows["lat"], "lon": rows["lon"], "mode": "markers", "below": "labels"}
    inner = [
        go.Scattermap(**where, marker={"size": size, "color": fill}, hoverinfo="skip", showlegend=False)
        for size, fill in ((17, paper), (9, colour))
    ]
    return [*_dots(rows, 25, colour, paper, _NEWS, step), *inner]


def print_map(found: SpotsRecord, geojson: Json, names: pd.DataFrame, near: Sequence[Json] = ()) -> go.Figure:
    """The map for paper, as shapes on plain axes, with the names of the districts; only of those ``near``, if any."""
    figure = base(_PRINT_HEIGHT)
    shrink = math.cos(math.radians(_middle(geojson)))
    lines = [ring for feature in geojson["features"] for ring in rings(feature)]
    figure.add_scatter(
        x=[x for ring in lines for x in (*(lon * shrink for lon, *_ in ring), None)],
        y=[y for ring in lines for y in (*(lat for _, lat, *_ in ring), None)],
        mode="lines", line={"width": 0.8, "color": CONTEXT}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    for name, size, rows in _by_size(found):
        figure.add_scatter(
            x=rows["lon"] * shrink, y=rows["lat"], mode="markers", showlegend=True, name=name,
            marker={"size": size, "color": _BLUE, "line": {"width": 1, "color": "#FFFFFF"}},
        )  # fmt: skip
    if len(found.spots):
        figure.add_scatter(
            x=found.spots["lon"] * shrink, y=found.spots["lat"], mode="markers+text", text=["ny"] * len(found.spots),
            textposition="middle right", showlegend=True, name=_NEWS,
            marker={"size": 18, "symbol": "circle-open-dot", "color": ACCENT, "line": {"width": 3}},
        )  # fmt: skip
    figure.add_scatter(
        x=names["lon"] * shrink, y=names["lat"], mode="text", text=names["name"], textfont={"size": 12},
        textposition="bottom center", cliponaxis=True, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    if near:
        points = [point for feature in near for ring in rings(feature) for point in ring]
        for axis, place in ((figure.update_xaxes, 0), (figure.update_yaxes, 1)):
            ends = [one[place] * (1 if place else shrink) for one in points]
            edge = 0.05 * (max(ends) - min(ends))
            axis(range=[min(ends) - edge, max(ends) + edge])
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, constrain="domain", scaleanchor="x", scaleratio=1)
    figure.update_layout(showlegend=True, width=_PRINT_WIDTH, plot_bgcolor="rgba(0,0,0,0)")
    return figure


def _middle(geojson: Json) -> float:
    latitudes = [point[1] for feature in geojson["features"] for ring in rings(feature) for point in ring]
    return (min(latitudes) + max(latitudes)) / 2


def place(row: dict[Any, Any]) -> str:
    """A place in words: "Hallstavik tätort (B3030)", with its district where that says more."""
    named = _CODE.match(row["area"])
    area = f"{named['name']} ({named['code']})" if named else row["area"]
    district = row["district"]
    if not area:
        return district or "okänd kommundel"
    return area if not district or area.startswith(district) else f"{area}, {district}"


def finding(found: SpotsRecord, what: str) -> str:
    """A title: where something new has come, or that nothing has; and where there are most."""
    if len(found.spots) == 1:
        return f"{what}: fler än väntat på sistone vid {place(found.spots.iloc[0].to_dict())}"
    if len(found.spots):
        return f"{what}: fler än väntat på sistone på {number(len(found.spots))} platser"
    return f"{what}: ingen plats har fått fler än väntat på sistone, {NORMAL}"


def sentence(found: SpotsRecord) -> str:
    """What is new and beyond chance; what the dots are; what is not on the map."""
    since = date(found.recent_from)
    if len(found.spots):
        told = (
            f"Sedan {since} har det skett en större del av händelserna här än slumpen ger, jämfört med platsens egen "
            "historia och med alla andra platser: högre än väntat."
        )
    else:
        told = (
            f"Ingen plats har sedan {since} haft en större del av sina händelser än slumpen ger: {NORMAL}. "
            "På platser med få händelser syns bara stora skillnader."
        )
    parts = [
        told,
        f"Varje prick är en ruta på {number(found.size)} meter med minst {max(found.step, 5)} händelser. Prickarna "
        "visar var det händer mest, vilket ofta är där flest människor rör sig, och är ingen bedömning.",
    ]
    if found.missing >= 0.005:
        parts.append(f"{_share(found.missing)} av händelserna har ingen punkt och är inte med.")
    return " ".join([*parts, steps_note(found.step)]).strip()


def _share(part: float) -> str:
    """A share of the events, of numbers that may be in steps: "Omkring 3 %"."""
    return f"Omkring {percent(100 * part)}"


def listed(found: SpotsRecord, first: str) -> list[str]:
    """The places in words, new ones first, then those with most; ``first``: the period, "2023–2025"."""
    lines = [_new(row, found, first) for row in found.spots.to_dict("records")]
    others = found.squares[found.squares["kind"] != NEW].groupby(["area", "district"], sort=False)
    areas = others.agg(
        events=("events", "sum"), most=("events", "max"), squares=("events", "size"), quarters=("quarters", "max"),
        lasting=("kind", lambda kinds: LASTING in set(kinds)),
    )  # fmt: skip
    most = areas.sort_values("events", ascending=False, kind="stable").head(_LISTED).reset_index()
    return lines + [_most(row, found) for row in most.to_dict("records")]


def _new(row: dict[Any, Any], found: SpotsRecord, first: str) -> str:
    return (
        f"**Ny: området vid {place(row)}**: {amount(row['events'], found.step)} händelser {first}, varav "
        f"{amount(row['recent'], found.step)} sedan {date(found.recent_from)}; i "
        f"{_quarters(row)}."
    )


def _most(row: dict[Any, Any], found: SpotsRecord) -> str:
    squares = "en ruta" if row["squares"] == 1 else f"{number(row['squares'])} rutor"
    told = amount(row["events"], found.step) if row["squares"] == 1 else about(row["events"], found.step)
    lasting = f", {LASTING}" if row["lasting"] else ""
    return f"{place(row)}{lasting}: {told} händelser i {squares}, i {_quarters(row)}."


def _quarters(row: dict[Any, Any]) -> str:
    told = "alla" if row["quarters"] == _NEWEST else f"{row['quarters']} av"
    return f"{told} de {_NEWEST} senaste kvartalen"


def table(found: SpotsRecord) -> pd.DataFrame:
    """The places with their numbers, new ones first."""
    rows = pd.concat([found.spots, found.squares], ignore_index=True)
    return pd.DataFrame(
        {
            "Plats": [place(row) for row in rows.to_dict("records")],
            "Antal händelser": told_column(rows, found.step),
            "Kvartal av de 5 senaste": rows["quarters"],
            "Slag": rows["kind"].map({NEW: "ny, högre än väntat", LASTING: LASTING}).fillna(""),
            "Mitt, öst (SWEREF 99 TM)": rows["x"].round(),
            "Mitt, nord (SWEREF 99 TM)": rows["y"].round(),
        }
    )


def curve(found: GatheredRecord) -> go.Figure:
    """How large a part of the events lies on the places with most, and where half of them is reached."""
    figure = base(320, room=(52, 56))
    rows = found.found.curve
    figure.add_scatter(
        x=[0, 100], y=[0, 100], mode="lines", line={"color": CONTEXT, "width": 1, "dash": "dot"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=(rows["places"] * 100).round(1), y=(rows["events"] * 100).round(1), mode="lines",
        line={"color": ACCENT, "width": 2.5},
        hovertemplate="%{y:.0f} % av händelserna på %{x:.1f} % av platserna<extra></extra>",
    )  # fmt: skip
    half = 100 * found.found.half_on
    figure.add_scatter(x=[half], y=[50], mode="markers", marker={"size": 10, "color": ACCENT}, hoverinfo="skip")
    figure.add_annotation(
        x=half, y=50, text=f"<b>hälften på {percent(half, _decimals(half))} av platserna</b>", showarrow=False,
        xanchor="left", xshift=10, yanchor="top",
    )  # fmt: skip
    ticks = {"tickvals": _QUARTERS, "ticktext": [percent(one) for one in _QUARTERS]}
    figure.update_xaxes(title="Andel av platserna, de med flest först", range=[0, 104], **ticks)
    figure.update_yaxes(range=[0, 104], **ticks)
    figure.update_layout(hovermode="closest")
    return figure


def _decimals(share: float) -> int:
    return 0 if share >= 1 else 1


def curve_finding(found: GatheredRecord, what: str) -> str:
    """A title: on how few of the places half of the events lie."""
    half = 100 * found.found.half_on
    return f"{what}: hälften av händelserna på {percent(half, _decimals(half))} av platserna"


def curve_sentence(found: GatheredRecord, of: str, missing: float) -> str:
    """Whether that is fewer places than chance makes, and what a place is; of what can be judged."""
    what = {
        "square": "En plats är en ruta på 250 meter där det skett minst en händelse.",
        "deso": "En plats är ett DeSO, ett område med 700–2 700 invånare.",
    }[of]
    low, high = percent(100 * found.lower), percent(100 * found.upper)
    span = f"omkring {low}" if low == high else f"{low} till {high}"
    judged = {
        LOWER: f"{LOWER}: händelserna samlas på färre platser än slumpen ger. Det beror också på var människor bor och "
        "rör sig",
        NORMAL: f"{NORMAL}: så ojämnt kan det bli av slump",
    }.get(str(found.verdict), f"{found.verdict}: händelserna är jämnare fördelade än slumpen ger")
    told = f"Vore alla platser lika troliga skulle hälften ligga på {span}. Andelen är {judged}."
    lost = f" {_share(missing)} av händelserna har ingen så noggrann plats." if missing >= 0.005 else ""
    gini = f" Ginikoefficienten är {number(found.found.gini, 2)}: 0 är så jämnt spritt som det går, 1 allt på en plats."
    return f"{what} {told}{gini}{lost}"


def curve_table(found: GatheredRecord) -> pd.DataFrame:
    """The figures behind the curve."""
    rows = found.found.curve
    return pd.DataFrame(
        {
            "Andel av platserna (%)": (rows["places"] * 100).round(1),
            "Andel av händelserna (%)": (rows["events"] * 100).round(1),
        }
    )
