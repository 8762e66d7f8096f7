"""Where: places with most and with something new, on how few places events gather, and whether they come again."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import streamlit as st

from charts import time_and_place_repeats as repeats_drawn
from charts import time_and_place_spots as spots_drawn
from charts.exhibit import Exhibit
from charts.maps import MAP_CONFIG, Ground, view_of
from charts.verdicts import TOO_LITTLE
from queries import maps, time_and_place_repeats, time_and_place_spots
from ui import parts
from ui.boundaries import boundary_url
from ui.facts import ask, compose, settings
from ui.time_and_place.asked import Asked, exhibit, known

_NO_POINTS = (
    "Kartan och upprepningarna kräver koordinater eller adress för varje händelse. Det har till exempel felanmälningar "
    "ur kommunens ärendesystem, eller ett uttag från Polisen med koordinater."
)


def spots(asked: Asked) -> None:
    """The map and list of places, and on how few of them the events gather."""
    with st.spinner(parts.WORKING):
        found = ask(time_and_place_spots.spots, *asked.key)
    if found is None:
        parts.empty(f"{asked.title} har ingen punkt för händelserna i {asked.where}.", _NO_POINTS)
    elif found.squares.empty and found.spots.empty:
        parts.empty(
            f"{asked.what}: för litet underlag.",
            f"Ingen ruta på 250 meter har så många händelser att den kan visas. {asked.wider}",
        )
    else:
        _show_map(asked, found)
    concentration(asked)


def _show_map(asked: Asked, found: time_and_place_spots.Spots) -> None:
    """The map, and beside it (on a phone below it) the same as words."""
    shown = parts.marked(_spots(asked, found))
    parts.head(shown)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if shown.figure is not None:
            st.plotly_chart(shown.figure, key="tid_och_plats_karta", config=MAP_CONFIG, alt=shown.alt)
    with right:
        st.markdown(shown.sentence)
        lines = spots_drawn.listed(found, asked.period)
        st.markdown("\n".join(f"1. {line}" for line in lines))
    parts.footer(shown)


def _spots(asked: Asked, found: time_and_place_spots.Spots) -> Exhibit:
    told = spots_drawn.sentence(found)
    layers = ask(maps.layers, asked.municipality_id).set_index("level")
    level = layers.index[0] if len(layers) else None  # the largest areas stand behind the dots
    drawn: dict[str, Any] = {}
    if level is not None:
        layer, sha256 = str(layers.loc[level, "layer"]), str(layers.loc[level, "sha256"])
        geojson = json.loads(ask(maps.boundary, layer))
        areas = [feature["properties"]["area_id"] for feature in geojson["features"]]
        near = [feature for feature in geojson["features"] if feature["properties"]["area_id"] == asked.place_id]
        names = ask(time_and_place_spots.areas, tuple(areas))
        ground = Ground(
            dark=st.context.theme.type == "dark", tiles=settings().tiles, attribution=settings().tiles_attribution
        )
        drawn = {
            "figure": spots_drawn.screen_map(
                found, boundary_url(layer, sha256), areas, names, view_of(near or geojson["features"]), ground
            ),
            "print_figure": partial(spots_drawn.print_map, found, geojson, names, near),
        }
    return exhibit(
        asked, "platser", finding=spots_drawn.finding(found, asked.what), sentence=told,
        unit=f"Händelser per ruta på {found.size:.0f} × {found.size:.0f} meter", table=spots_drawn.table(found),
        alt="Karta. Samma innehåll står i texten och listan.", **drawn,
    )  # fmt: skip


def concentration(asked: Asked) -> None:
    """On how few places half of the events lie."""
    with st.spinner(parts.WORKING):
        found = ask(time_and_place_spots.places, *asked.key)
    if found is None:
        parts.empty(
            f"På hur få platser händelserna samlas går inte att säga för {asked.where}.",
            "Det kräver koordinater, eller DeSO och en plats med minst tio DeSO."
            + (" Välj hela kommunen." if asked.is_district else ""),
        )
    elif found.gathered.verdict == TOO_LITTLE:
        parts.empty(
            f"{asked.what}: för litet underlag.",
            "Det är för få händelser för att säga på hur få platser de samlas. " + asked.wider,
        )
    else:
        parts.show(compose(_concentration, asked))


def _concentration(asked: Asked) -> Exhibit:
    found = known(ask(time_and_place_spots.places, *asked.key))
    told = spots_drawn.curve_sentence(found.gathered, found.of, found.missing)
    return exhibit(
        asked, "koncentration", finding=spots_drawn.curve_finding(found.gathered, asked.what), sentence=told,
        unit="Andel av händelserna efter andel av platserna, procent", table=spots_drawn.curve_table(found.gathered),
        figure=spots_drawn.curve(found.gathered), alt=f"Kurva. {told}",
    )  # fmt: skip


def repeats(asked: Asked) -> None:
    """Whether an event is followed by more, soon and close by."""
    with st.spinner(f"{parts.WORKING} Alla par av händelser jämförs, vilket kan ta några sekunder."):
        found = ask(time_and_place_repeats.repeats, *asked.key)
    if found is None:
        parts.empty(f"{asked.title} har ingen punkt för händelserna i {asked.where}.", _NO_POINTS)
    elif found.refused:
        parts.empty("Händelserna är för många för att jämföras par för par.", found.refused)
    elif found.bands["pairs"].isna().all():
        parts.empty(
            f"{asked.what}: för litet underlag.", f"Det är för få händelser nära varandra i tid och rum. {asked.wider}"
        )
    else:
        parts.show(compose(_repeats, asked))


def _repeats(asked: Asked) -> Exhibit:
    found = known(ask(time_and_place_repeats.repeats, *asked.key))
    told = repeats_drawn.sentence(found)
    return exhibit(
        asked, "upprepning", finding=repeats_drawn.finding(found, asked.what), sentence=told,
        unit="Gånger så många par av händelser som väntat", table=repeats_drawn.table(found),
        figure=repeats_drawn.figure(found), alt=f"Rutnät av avstånd och dagar. {told}",
    )  # fmt: skip
