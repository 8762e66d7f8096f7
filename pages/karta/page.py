"""Karta: one measure on a map of the municipality, with the same content as words and as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.classes import FEWEST, METHODS, MOST, classify
from charts import map_words, maps
from charts.exhibit import Exhibit, Provenance
from charts.print_map import print_map
from charts.swedish import alphabetical, listing
from queries import local_maps, places
from queries import maps as official
from queries.names import LEVELS, STATUSES
from ui import parts
from ui.boundaries import boundary_url
from ui.facts import ask, settings
from ui.local.events import provenance, source_of

_METHODS = {"quantile": "Lika många områden per klass", "natural": "Naturliga brytpunkter"}
_PER = {"district": "kommundel", "regso": "RegSO", "deso": "DeSO"}
#: What values that are not the source's own are calculated out of, by level.
_OUT_OF = {"district": "delområden", "regso": "delområden", "deso": "källans antal"}
#: What kind of figure an area has, also where it is hidden here.
_ARTS = STATUSES | {
    "protected": "Dold här, för att ingen ska kunna pekas ut",
    "few": "Slutlig uppgift, men för litet underlag: färre än 20 svar",
}
_MAP = "karta_bild"
_CLICKED = "karta_klickat"

Features = list[dict[str, Any]]


@dataclass(frozen=True)
class Shown:
    """What the reader has chosen to see."""

    municipality_id: str
    municipality: str
    level: str
    layer: str
    layer_sha256: str
    indicator: dict[str, Any]
    period: str
    breakdown: str

    @property
    def what(self) -> str:
        return map_words.divided(self.indicator["name"], self.breakdown)

    @property
    def unit(self) -> str:
        return str(self.indicator["unit"])

    @property
    def decimals(self) -> int:
        return int(self.indicator["decimals"])


def _choose(municipality_id: str, municipality: str, layers: pd.DataFrame) -> Shown | None:
    """The choices of what to show; None when the level has no figures."""
    by_level = layers.set_index("level")
    levels = [str(level) for level in by_level.index]
    first, second, third = st.columns([1.7, 2.6, 1])
    level = first.segmented_control(
        "Områden", levels, format_func=LEVELS.__getitem__, default=levels[0], key="karta_niva", required=True,
        bind="query-params",
    )  # fmt: skip
    known = pd.concat([ask(one.indicators, municipality_id, level) for one in (local_maps, official)])
    if known.empty:
        return None
    named = _named(known)
    name = second.selectbox("Mått", list(named), key="karta_matt", bind="query-params", placeholder="Välj ett mått")
    indicator = named[name]
    cuts = ask(_facts(indicator["indicator_id"]).slices, municipality_id, level, indicator["indicator_id"])
    periods = list(dict.fromkeys(cuts["period_label"]))
    period = third.selectbox("Period", periods, key="karta_period", bind="query-params", placeholder="Välj period")
    divisions = cuts.loc[cuts["period_label"] == period, "breakdown"].tolist()
    breakdown = divisions[0]
    if len(divisions) > 1:
        breakdown = second.selectbox(
            "Uppdelning", divisions, format_func=_division, key="karta_uppdelning", bind="query-params",
            placeholder="Välj uppdelning",
        )  # fmt: skip
    layer = by_level.loc[level]
    return Shown(
        municipality_id, municipality, level, str(layer["layer"]), str(layer["sha256"]), indicator, period, breakdown
    )  # fmt: skip


def _facts(indicator_id: str) -> ModuleType:
    """The questions about a measure: what people have brought is counted when it is asked for."""
    return local_maps if local_maps.is_local(indicator_id) else official


def _named(known: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Measures by theme and name; those that two sources call the same are told apart by their newest period."""
    twice = known.duplicated(["theme", "name"], keep=False)
    names = known["theme"] + ": " + known["name"] + (" (" + known["newest"] + ")").where(twice, "")
    return dict(zip(names, known.to_dict("records"), strict=True))


def _division(breakdown: str) -> str:
    return map_words.divided("", breakdown).removeprefix(", ").capitalize() or "Alla"


def _look() -> tuple[str, int, bool]:
    """How the map is drawn: method, number of classes, and whether schools are shown."""
    with st.popover("Klasser och skolor", icon=":material/tune:"):
        method = st.radio(
            "Klassindelning", list(METHODS), format_func=_METHODS.__getitem__, key="karta_klasser", bind="query-params",
            captions=["Visar ordningen mellan områdena.", "Samlar värden som ligger nära varandra."],
        )  # fmt: skip
        count = st.select_slider("Antal klasser", range(FEWEST, MOST + 1), 5, key="karta_antal", bind="query-params")
        schools = st.toggle("Visa skolor som punkter", True, key="karta_skolor", bind="query-params")
    return method, count, schools


def _go_to(areas: pd.DataFrame) -> str | None:
    """A place to find without a mouse: a district, or an area on the level shown; its area_id."""
    districts = areas.loc[areas["district"] != "", ["district_id", "district"]].drop_duplicates()
    names = dict(zip(districts["district_id"], districts["district"], strict=True))
    names = dict(sorted(names.items(), key=lambda item: alphabetical(item[1])))
    names |= dict(zip(areas["area_id"], areas["name"], strict=True))
    place: str | None = st.selectbox(
        "Gå till plats", list(names), None, format_func=lambda code: _place_name(names[code], code), key="karta_omrade",
        bind="query-params", placeholder="Hela kommunen", on_change=_forget_click,
    )  # fmt: skip
    return place


def _place_name(name: str, code: str) -> str:
    return name if "-" in code or name.endswith(code[-4:]) else f"{name} ({code})"


def _forget_click() -> None:
    st.session_state.pop(_CLICKED, None)


def _remember_click() -> None:
    points = st.session_state[_MAP]["selection"]["points"]
    found = [point["location"] for point in points if "location" in point]
    st.session_state[_CLICKED] = found[0] if found else None


def _figures(shown: Shown, method: str, count: int) -> tuple[pd.DataFrame, list[str]]:
    """The areas with their class and words, and the names of the classes."""
    identity = shown.indicator["indicator_id"]
    values = ask(_facts(identity).values, shown.municipality_id, shown.level, identity, shown.period, shown.breakdown)
    areas = map_words.described(values, shown.unit, shown.decimals)
    if areas["rounded"].isna().all():  # of a local measure every value can be hidden
        return areas.assign(klass=-1), []
    classes = classify(areas["rounded"], method, count)
    areas = areas.assign(klass=classes.assign(areas["rounded"]))
    labels = maps.class_labels(classes.lowest, classes.highest, shown.decimals)
    return areas, labels


def _figure(
    shown: Shown, areas: pd.DataFrame, labels: list[str], features: Features, place: str | None, schools: pd.DataFrame
) -> go.Figure:
    """The map on screen, near the place if one was chosen, with the outline of a chosen area."""
    inside = set(areas.loc[(areas["area_id"] == place) | (areas["district_id"] == place), "area_id"])
    near = [feature for feature in features if feature["id"] in inside]
    return maps.screen_map(
        areas,
        labels,
        boundary_url(shown.layer, shown.layer_sha256),
        maps.view_of(near or features),
        unit=f"{shown.unit}, {shown.period}",
        ground=maps.Ground(
            dark=st.context.theme.type == "dark",
            tiles=settings().tiles,
            attribution=settings().tiles_attribution,
        ),
        with_names=shown.level != "deso",
        schools=schools,
        chosen=near,
    )


def _table(areas: pd.DataFrame, labels: list[str], shown: Shown) -> pd.DataFrame:
    """The figures behind the map, highest first, with why where there is none."""
    rows = map_words.highest_first(areas)
    table = pd.DataFrame(
        {
            "Område": rows["name"],
            "Kod": rows["area_id"],
            "Kommundel": rows["district"],
            "Antal": rows["count"],
            "Av": rows["base"],
            f"{shown.what} ({shown.unit})": rows["rounded"],
            "Klass": ["–" if klass < 0 else labels[klass] for klass in rows["klass"]],
            "Uppgiftens art": [_ARTS.get(str(status), _ARTS["missing"]) for status in rows["status"]],
        }
    )
    without = [name for name in ("Kommundel", "Antal", "Av") if table[name].isna().all()]
    return table.drop(columns={*without, *(["Kommundel"] if shown.level == "district" else [])})


def _short(table: pd.DataFrame) -> pd.DataFrame:
    """The columns that there is room for beside the map; all are in the files. What is not published is marked."""
    value = list(table.columns).index("Klass") - 1
    short = table.iloc[:, [0, value, value + 1]].set_axis(["Område", "Värde", "Klass"], axis=1)
    calculated = table["Uppgiftens art"] == STATUSES[map_words.CALCULATED]
    if calculated.any():
        short["Uppgift"] = calculated.map({True: "beräknad", False: "källans"}).where(short["Värde"].notna(), "saknas")
    return short


def _exhibit(
    shown: Shown, areas: pd.DataFrame, labels: list[str], method: str, place: str | None, schools: pd.DataFrame
) -> Exhibit:
    identity = shown.indicator["indicator_id"]
    geojson = json.loads(ask(official.boundary, shown.layer))
    drawn = {feature["id"] for feature in geojson["features"]}
    on_map = areas["area_id"].isin(drawn)
    lost = areas.loc[~on_map, "name"].tolist()
    wholes = ask(_facts(identity).wholes, shown.municipality_id, identity, shown.period, shown.breakdown)
    # Beside its areas' numbers, the country's number says nothing.
    beside = wholes[wholes["level"] == "municipality"] if shown.indicator["aggregation"] == "sum" else wholes
    note = map_words.calculated(areas, _OUT_OF[shown.level])
    words = [
        map_words.sentence(areas, shown.unit, shown.decimals),
        map_words.in_whole(beside, shown.unit, shown.decimals),
        f"{note}." if note else "",
        map_words.no_polygon(lost),
    ]
    return Exhibit(
        id=f"karta-{shown.level}",
        finding=map_words.finding(shown.what, shown.period, areas),
        sentence=" ".join(filter(None, words)),
        unit=shown.unit,
        place=f"{shown.municipality}, per {_PER[shown.level]}",
        period=shown.period,
        sources=_sources(shown),
        table=_table(areas, labels, shown),
        figure=_figure(shown, areas[on_map], labels, geojson["features"], place, schools),
        print_figure=partial(
            print_map, areas[on_map], labels, geojson, unit=f"{shown.unit}, {shown.period}",
            with_names=shown.level != "deso", schools=schools, note=note,
        ),
        alt=f"Karta över {shown.municipality}. Samma innehåll står i texten och tabellen.",
        filters=(("Klassindelning", f"{_METHODS[method]}, {len(labels)} klasser"),),
    )  # fmt: skip


def _sources(shown: Shown) -> tuple[Provenance, ...]:
    identity = shown.indicator["indicator_id"]
    if local_maps.is_local(identity):
        return provenance(source_of(local_maps.source_of(identity)))
    return parts.sources_of(identity, places=(shown.municipality_id,))


def _draw(exhibit: Exhibit, areas: pd.DataFrame, place: str | None) -> None:
    """The map, and beside it (on a phone below it) the same as words and as a table."""
    exhibit = parts.marked(exhibit)
    parts.head(exhibit)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.plotly_chart(
            exhibit.figure, key=_MAP, config=maps.MAP_CONFIG, on_select=_remember_click, selection_mode="points",
            alt=exhibit.alt,
        )  # fmt: skip
    with right:
        selected = st.session_state.get(_CLICKED) or place
        if selected and selected in {*areas["area_id"], *areas["district_id"]}:
            _about_place(areas, selected)
        st.markdown(exhibit.sentence)
        parts.table(_short(exhibit.table), alt=f"{exhibit.finding}. Alla områden med värde och klass.")
    parts.footer(exhibit)


def _about_place(areas: pd.DataFrame, code: str) -> None:
    """The chosen place in a few words, with the way on to its profile."""
    own = areas[areas["area_id"] == code]
    inside = areas[areas["district_id"] == code]
    with st.container(border=True):
        if len(own):
            row = own.iloc[0]
            st.markdown(f"**{row['name']}: {row['shown']}.** {map_words.standing(areas, code)}")
        else:
            row = inside.iloc[0]
            st.markdown(f"**{row['district']}**, {map_words.areas_in_words(len(inside))}: {map_words.listed(inside)}.")
        if row["district"]:
            st.page_link(
                "pages/platser/page.py", label=f"Platsprofil: {row['district']}", icon=":material/home_pin:",
                query_params={"plats": row["district"]},
            )  # fmt: skip


def _page(municipality_id: str, municipality: str, layers: pd.DataFrame) -> None:
    shown = _choose(municipality_id, municipality, layers)
    if shown is None:
        parts.empty(
            "Det finns inga uppgifter för områden på den här nivån.",
            "De kommer med SCB:s områdesstatistik: `python -m pipelines fetch scb_deso_statistics`.",
        )
        return
    first, second = st.columns([3.9, 1], vertical_alignment="bottom")
    with second:
        method, count, with_schools = _look()
    areas, labels = _figures(shown, method, count)
    with first:
        place = _go_to(areas)
    schools = ask(official.schools, municipality_id)
    placed = schools.dropna(subset=["lat", "lon"])
    _draw(_exhibit(shown, areas, labels, method, place, placed if with_schools else placed.head(0)), areas, place)
    parts.cautions([shown.indicator["indicator_id"]], *_notes(shown, schools))


def _notes(shown: Shown, schools: pd.DataFrame) -> list[str]:
    notes = [shown.indicator["description"]]
    if shown.indicator["aggregation"] == "sum":
        notes.append("Måttet är ett antal: kartan visar mest var det bor många. Jämför hellre andelar mellan områden.")
    lost = schools.loc[schools["lat"].isna() | schools["lon"].isna(), "name"].tolist()
    if lost:
        notes.append(f"Utan läge i källan, och därför inte på kartan: {listing(lost)}.")
    return notes


def _no_boundaries(municipality: str) -> None:
    parts.empty(
        f"Det finns inga gränser för områdena i {municipality}, så kartan kan inte ritas.",
        "Hämta dem från SCB med `python -m pipelines fetch scb_areas`, eller lägg till en fil med SCB:s gränser för "
        "DeSO eller RegSO 2025 (GeoJSON): `python -m pipelines add FIL`.",
    )


parts.heading(
    "Karta", "Ett mått i taget för kommunens delar. Klicka på ett område, eller välj det i listan, så står det mer."
)
here = ask(places.choices, settings().municipality).iloc[0]
available = ask(official.layers, settings().municipality)
if available.empty:
    _no_boundaries(here["name"])
else:
    _page(here["area_id"], here["name"], available)
