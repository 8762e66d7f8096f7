"""What follows from several deliveries together: districts, what lies in what, and figures for districts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipelines.municipalities import District, Municipality
from pipelines.places import all_municipalities, area_frame
from pipelines.source import DeliveryError
from pipelines.sources.scb_areas import deso_name
from store.schema import AREA, AREA_WITHIN, BOUNDARY, OBSERVATION

Tables = dict[str, pd.DataFrame]

#: The indicator that holds the number of inhabitants; areas that came without their population get it from here.
POPULATION = "scb_population"

#: The last year of the 2018 division; the 2025 division has figures from the year before it came into force.
_LAST_YEAR_OF_2018 = 2024

_PERIOD = ["indicator_id", "period_start", "period_end", "breakdown"]
_SET = ["district_id", "parts"]


def derive(tables: Tables, municipalities: Mapping[str, Municipality]) -> Tables:
    """Complete the areas and add districts, given all deliveries put together.

    ``tables`` has ``area``, ``boundary``, ``indicator`` and ``observation`` (those of the configured municipalities'
    DeSO, RegSO and the municipalities themselves). Returns whole ``area``, ``area_within`` and ``boundary`` tables, and
    as ``observation`` only the rows to add. Raises DeliveryError when the configuration does not fit the areas.
    """
    area = _with_larger_places(tables["area"], municipalities)
    boundary = tables["boundary"]
    area = _completed(area, boundary, tables["observation"])
    members = _members(area, municipalities)
    area, layers = _with_districts(area, boundary, members, municipalities)
    area = _schools_placed(area, boundary)
    return {
        "area": area[AREA.column_names],
        "area_within": _area_within(area, members),
        "boundary": pd.concat([boundary, layers], ignore_index=True),
        "observation": _district_observations(tables["observation"], tables["indicator"], members),
    }


def _with_larger_places(area: pd.DataFrame, municipalities: Mapping[str, Municipality]) -> pd.DataFrame:
    """The areas with the country, and the county and municipality of every area, added where no delivery has them."""
    small = area.loc[area["level"].isin(["deso", "regso"]), "area_id"].str[:4]
    wanted = {*small, *municipalities} & set(all_municipalities())
    larger = area_frame(wanted)
    return pd.concat([area, larger[~larger["area_id"].isin(area["area_id"])]], ignore_index=True)


def _completed(area: pd.DataFrame, boundary: pd.DataFrame, observation: pd.DataFrame) -> pd.DataFrame:
    """DeSO and RegSO with what one delivery leaves out and another has: parent, place, validity, population."""
    area = area.copy()
    for layer in boundary[boundary["level"].isin(["deso", "regso"])].itertuples():
        area = _from_layer(area, str(layer.geojson), str(layer.municipality_id), str(layer.level))
    return _with_population(_with_regso_by_name(area), observation)


def _from_layer(area: pd.DataFrame, geojson: str, municipality: str, level: str) -> pd.DataFrame:
    from pipelines.boundaries import Layer, points_of

    layer = Layer.read(geojson)
    latitudes, longitudes = points_of(layer.shapes)
    known = pd.DataFrame(
        {"parent": layer.parents, "lat": latitudes, "lon": longitudes}, index=pd.Index(layer.ids, name="area_id")
    )
    inside = area["area_id"].isin(known.index)
    found = known.reindex(area.loc[inside, "area_id"])
    for column in ("lat", "lon"):
        given = area.loc[inside, column].astype("Float64")
        area.loc[inside, column] = given.fillna(pd.Series(found[column].to_numpy(), index=given.index, dtype="Float64"))
    if level == "deso":
        parents = pd.Series(found["parent"].to_numpy(), index=area.index[inside], dtype=object)
        area.loc[inside, "parent_id"] = parents.where(parents.notna(), area.loc[inside, "parent_id"])
        gone = (area["level"] == "deso") & (area["area_id"].str[:4] == municipality) & ~inside
        area.loc[gone, "valid_to"] = _LAST_YEAR_OF_2018
    return area


def _with_regso_by_name(area: pd.DataFrame) -> pd.DataFrame:
    """DeSO whose RegSO is known only by name, as in SCB's own table, under the RegSO of that name."""
    loose = area[(area["level"] == "deso") & (area["parent_id"] == area["area_id"].str[:4])]
    regso = area.loc[area["level"] == "regso", ["area_id", "name"]]
    if loose.empty or regso.empty:
        return area
    municipality = regso["area_id"].str[:4]
    by_name = dict(zip(zip(municipality, regso["name"], strict=True), regso["area_id"], strict=True))
    found = [
        by_name.get((code[:4], name.removesuffix(deso_name("", code))))
        for code, name in zip(loose["area_id"], loose["name"], strict=True)
    ]
    parents = pd.Series(found, index=loose.index, dtype=object)
    area.loc[loose.index, "parent_id"] = parents.where(parents.notna(), loose["parent_id"])
    return area


def _with_population(area: pd.DataFrame, observation: pd.DataFrame) -> pd.DataFrame:
    """The latest number of inhabitants that any delivery has."""
    rows = observation[
        (observation["indicator_id"] == POPULATION) & (observation["breakdown"] == "") & observation["value"].notna()
    ]
    latest = rows.sort_values("period_end").groupby("area_id").last()
    if latest.empty:
        return area
    population = area["area_id"].map(latest["value"])
    year = area["area_id"].map(pd.to_datetime(latest["period_end"]).dt.year)
    # Of the same year the published figure goes first: a RegSO's is not exactly the sum of its DeSO.
    newer = population.notna() & (area["population"].isna() | (year >= area["population_year"].astype("Float64")))
    newer = newer.fillna(False).astype(bool)
    area["population"] = area["population"].astype("Float64").mask(newer, population)
    area["population_year"] = area["population_year"].astype("Float64").mask(newer, year)
    return area


def _members(area: pd.DataFrame, municipalities: Mapping[str, Municipality]) -> pd.DataFrame:
    """The DeSO and RegSO of each district: ``area_id``, ``level``, ``parent_id``, ``valid_to``, ``district_id``."""
    found = [_municipality_members(area, municipality) for municipality in municipalities.values()]
    columns = ["area_id", "level", "parent_id", "valid_to", "district_id"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _municipality_members(area: pd.DataFrame, municipality: Municipality) -> pd.DataFrame:
    small = area[area["level"].isin(["deso", "regso"]) & area["area_id"].str.startswith(municipality.code)]
    own = small[["area_id", "level", "parent_id", "valid_to"]].copy()
    if small.empty:
        return own.assign(district_id=pd.Series(dtype=object))
    named = {
        code: district_id(municipality, district)
        for district in municipality.districts
        for code in (*district.regso, *district.deso)
    }
    unknown = sorted(set(named) - set(small["area_id"]))
    if unknown:
        raise DeliveryError(
            f"config/{municipality.code}.toml: {', '.join(unknown[:5])} finns inte bland kommunens områden. "
            "Rätta koderna i kommundelarna eller lägg till den leverans som har områdena."
        )
    parent = dict(zip(small["area_id"], small["parent_id"], strict=True))
    own["district_id"] = [_district_of(code, parent, named) for code in own["area_id"]]
    _require_all_placed(municipality, own)
    return own.dropna(subset=["district_id"])


def _district_of(code: str, parent: Mapping[str, str], named: Mapping[str, str]) -> str | None:
    # A divided DeSO keeps its number but for the last figure: 0188C1060 became 0188C1061, 0188C1062 and 0188C1063.
    whole = code[:-1] + "0" if len(code) == 9 else code
    larger = (parent.get(code, ""), parent.get(whole, ""))
    return next((named[candidate] for candidate in (code, whole, *larger) if candidate in named), None)


def _require_all_placed(municipality: Municipality, own: pd.DataFrame) -> None:
    """Every RegSO lies in one district: as itself, or through its DeSO. So does every DeSO."""
    placed = own.dropna(subset=["district_id"])
    lost = own[own["district_id"].isna() & ~own["area_id"].isin(placed["parent_id"])]
    if len(lost):
        raise DeliveryError(
            f"config/{municipality.code}.toml: {', '.join(sorted(lost['area_id'])[:5])} ligger inte i någon kommundel. "
            "Lägg varje RegSO, eller vart och ett av dess DeSO, i en av kommundelarna."
        )
    district = dict(zip(placed["area_id"], placed["district_id"], strict=True))
    torn = placed[placed["parent_id"].map(district).fillna(placed["district_id"]) != placed["district_id"]]
    if len(torn):
        raise DeliveryError(
            f"config/{municipality.code}.toml: {', '.join(sorted(torn['area_id'])[:5])} ligger i en annan kommundel "
            "än sin RegSO. Byt ut RegSO mot dess DeSO i den kommundel där RegSO står."
        )


def district_id(municipality: Municipality, district: District) -> str:
    """The area id of a district."""
    return f"{municipality.code}-{district.id}"


def _with_districts(
    area: pd.DataFrame, boundary: pd.DataFrame, members: pd.DataFrame, municipalities: Mapping[str, Municipality]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The areas with districts added, and the layers of their boundaries."""
    rows, layers = [], []
    for municipality in municipalities.values():
        own = members[members["district_id"].astype(str).str.startswith(f"{municipality.code}-")]
        districts = [_district_row(municipality, district, own, area) for district in municipality.districts]
        layer, points = _district_layer(municipality, own, boundary)
        for row in districts:
            row["lat"], row["lon"] = points.get(str(row["area_id"]), (None, None))
        rows += districts
        layers += [layer] if layer else []
    added = pd.DataFrame(rows, columns=AREA.column_names)
    # Frames without values would otherwise decide the types of the columns they are joined to.
    return pd.concat([area.astype(object), added.astype(object)], ignore_index=True), pd.DataFrame(
        layers, columns=BOUNDARY.column_names
    )


def _district_row(
    municipality: Municipality, district: District, own: pd.DataFrame, area: pd.DataFrame
) -> dict[str, Any]:
    code = district_id(municipality, district)
    parts = own[(own["district_id"] == code) & own["valid_to"].isna()]
    # SCB's noise is least in the fewest figures: RegSO where whole ones make up the district.
    level = "regso" if district.regso and not district.deso else "deso"
    parts = area[area["area_id"].isin(parts.loc[parts["level"] == level, "area_id"])]
    complete = len(parts) > 0 and parts["population"].notna().all() and parts["population_year"].nunique() == 1
    return {
        "area_id": code,
        "level": "district",
        "name": district.name,
        "parent_id": municipality.code,
        "population": parts["population"].sum() if complete else None,
        "population_year": parts["population_year"].iloc[0] if complete else None,
    }


def _district_layer(
    municipality: Municipality, own: pd.DataFrame, boundary: pd.DataFrame
) -> tuple[dict[str, str] | None, dict[str, tuple[float, float]]]:
    """The districts' boundaries, dissolved from RegSO (fewer seams), else DeSO, where a layer covers every district."""
    from pipelines.boundaries import Layer, dissolved, points_of

    named = dict(zip(own["area_id"], own["district_id"], strict=True))
    names = {district_id(municipality, d): d.name for d in municipality.districts}
    layers = boundary[boundary["municipality_id"] == municipality.code].set_index("level")["geojson"]
    for level in ("regso", "deso"):
        if level not in layers.index:
            continue
        small = Layer.read(str(layers[level]))
        belongs = np.array([named.get(code, "") for code in small.ids])
        codes = [code for code in names if (belongs == code).any()]
        if "" in belongs or len(codes) < len(names):
            continue
        shapes = np.array([dissolved(small.shapes[belongs == code]) for code in codes], dtype=object)
        row = Layer(codes, [names[code] for code in codes], [municipality.code] * len(codes), shapes)
        points = zip(codes, zip(*points_of(shapes), strict=True), strict=True)
        return row.row(f"{municipality.code}-district", municipality.code, "district"), dict(points)
    return None, {}


def _schools_placed(area: pd.DataFrame, boundary: pd.DataFrame) -> pd.DataFrame:
    """Schools with a position under the DeSO that they stand in, within the municipality that their source names."""
    from pipelines.boundaries import Layer, containing

    for layer in boundary[boundary["level"] == "deso"].itertuples():
        deso = Layer.read(str(layer.geojson))
        schools = area[(area["level"] == "school") & area["lat"].notna() & area["lon"].notna()]
        schools = schools[schools["parent_id"].fillna(str(layer.municipality_id)).str[:4] == layer.municipality_id]
        found = containing(deso.shapes, schools["lat"].to_numpy(float), schools["lon"].to_numpy(float))
        inside = found >= 0
        area.loc[schools.index[inside], "parent_id"] = np.array(deso.ids, dtype=object)[found[inside]]
    return area


def _area_within(area: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Every area with itself and each larger one: parents of parents, and the districts of DeSO and RegSO."""
    up = pd.concat(
        [
            area[["area_id", "parent_id"]].set_axis(AREA_WITHIN.column_names, axis=1),
            members[["area_id", "district_id"]].set_axis(AREA_WITHIN.column_names, axis=1),
        ]
    ).dropna()
    up = up[up["within_id"].isin(area["area_id"])]
    pairs = pd.DataFrame({"area_id": area["area_id"], "within_id": area["area_id"]})
    step = pairs
    # school, DeSO, RegSO, district, municipality, county, country: no chain is longer.
    for _ in range(6):
        step = step.merge(up.set_axis(["within_id", "next"], axis=1), on="within_id")
        step = step[["area_id", "next"]].set_axis(AREA_WITHIN.column_names, axis=1)
        pairs = pd.concat([pairs, step])
    return pairs.drop_duplicates(ignore_index=True)


def _district_observations(observation: pd.DataFrame, indicator: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Figures for districts from those of their RegSO, else their DeSO of 2025, else their DeSO of 2018.

    A district that is one single area has that area's figures as they are. Otherwise counts are added, shares weighted
    by their base, and only where every part has a figure; nothing is made of medians, means and indices.
    """
    rows = observation.merge(_part_sets(members), on="area_id")
    if rows.empty:
        return pd.DataFrame(columns=OBSERVATION.column_names)
    rows = rows.merge(indicator[["indicator_id", "aggregation", "unit"]], on="indicator_id")
    rows["preliminary"] = rows["status"] == "preliminary"
    alone = rows[rows["size"] == 1].assign(area_id=lambda f: f["district_id"])
    several = rows[rows["size"] > 1]
    results = [alone, _sums(several[several["aggregation"] == "sum"])]
    results.append(_means(several[several["aggregation"] == "mean_by_base"]))
    found = pd.concat([frame for frame in results if len(frame)] or [alone])
    best = found.sort_values("rank", kind="stable").drop_duplicates(["district_id", *_PERIOD])
    return best[OBSERVATION.column_names].reset_index(drop=True)


def _part_sets(members: pd.DataFrame) -> pd.DataFrame:
    """The ways of putting each district together: ``area_id``, ``district_id``, ``parts``, ``rank``, ``size``."""
    regso, deso = members[members["level"] == "regso"], members[members["level"] == "deso"]
    torn = deso.loc[~deso["parent_id"].isin(regso["area_id"]), "district_id"]
    regso = regso[~regso["district_id"].isin(torn)]
    in_force = deso[deso["valid_to"].isna()]
    old = deso[deso["valid_to"].notna() | ~deso["area_id"].isin(_split(deso))]
    sets = [("regso", regso), ("deso_2025", in_force), ("deso_2018", old)]
    frames = [
        frame[["area_id", "district_id"]].assign(parts=name, rank=rank) for rank, (name, frame) in enumerate(sets)
    ]
    out = pd.concat(frames, ignore_index=True)
    return out.assign(size=out.groupby(_SET)["area_id"].transform("size"))


def _split(deso: pd.DataFrame) -> Iterable[str]:
    """DeSO that are parts of one that has ceased."""
    ceased = set(deso.loc[deso["valid_to"].notna(), "area_id"].str[:-1])
    return deso.loc[deso["area_id"].str[:-1].isin(ceased) & deso["valid_to"].isna(), "area_id"]


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    groups = rows[rows["value"].notna()].groupby([*_SET, *_PERIOD], as_index=False)
    return _complete(groups.agg(**_kept(), value=("value", "sum")))


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    weighed = rows[rows["value"].notna() & rows["base"].notna()]
    weighed = weighed.assign(product=weighed["value"] * weighed["base"])
    groups = weighed.groupby([*_SET, *_PERIOD, "unit"], as_index=False)
    sums = {name: (name, "sum") for name in ("product", "base", "count")}
    out = _complete(groups.agg(**_kept(), **sums, counted=("count", "count")))
    out = out[out["base"] > 0].copy()
    counted = out["counted"] == out["size"]
    out["count"] = out["count"].where(counted)
    # Published shares are rounded: from the counts, where all are known, the share is exact.
    exact = counted & (out["unit"] == "procent")
    out["value"] = (out["product"] / out["base"]).mask(exact, 100 * out["count"] / out["base"])
    return out


def _kept() -> dict[str, tuple[str, str]]:
    columns = ("period_type", "period_label", "delivery_id", "rank", "size", "preliminary")
    return {name: (name, "max") for name in columns} | {"parts_found": ("area_id", "size")}


def _complete(sums: pd.DataFrame) -> pd.DataFrame:
    out = sums[sums["parts_found"] == sums["size"]].copy()
    # A sum is no more certain than its parts.
    status = out["preliminary"].map({True: "preliminary", False: "derived"})
    return out.assign(area_id=out["district_id"], status=status).reindex(
        columns=list(dict.fromkeys([*OBSERVATION.column_names, *out.columns]))
    )
