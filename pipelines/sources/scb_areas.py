"""SCB's areas: municipalities, DeSO of the 2018 division, DeSO and RegSO of the 2025 division with their boundaries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines.reading import csv_records, csv_rows, has_header, head_text, text_file
from pipelines.source import DeliveryError, Fetched, Layout, Parsed, Peek, Refusal, Source
from store.schema import AREA

if TYPE_CHECKING:
    from pipelines.fetching import Client
    from pipelines.municipalities import Municipality

_DESO = re.compile(r"\d{4}[ABC]\d{4}")
_REGSO = re.compile(r"\d{4}R\d{3}")

_WFS = "https://geodata.scb.se/geoserver/stat/wfs"
_OWN_2018 = ("deso", "regso", "regso_name", "population", "population_year")
_MUNICIPALITIES = ("code", "name", "county_code", "county_name")

#: SCB adds random noise to small counts from 2025: parts may differ from their sum by this much per part, at least 10.
_NOISE_PER_PART = 5


def deso_name(regso_name: str, deso: str) -> str:
    """What a DeSO, which has no name of its own, is called: its RegSO and the last part of its code."""
    return f"{regso_name} {deso[4:]}"


def _is_boundaries(peek: Peek) -> bool:
    text = head_text(peek.head)
    # The server writes a whole boundary before the first properties; the layer's name is in the feature's id.
    marks = ('"desokod"', '"regsokod"', '"DeSO_2025.', '"RegSO_2025.')
    return '"FeatureCollection"' in text[:2000] and any(mark in text for mark in marks)


def _parse_boundaries(path: Path) -> Parsed:
    features, declared = _features(path)
    level = "deso" if all("desokod" in _about(feature) for feature in features) else "regso"
    rows = _feature_rows(path, features, level)
    return Parsed(_boundary_tables(path, rows, level, declared), len(features), len(features))


def _features(path: Path) -> tuple[list[dict[str, Any]], str | None]:
    """The features and the declared reference system of a GeoJSON file."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DeliveryError(f"{path.name}: filen är inte hel GeoJSON ({error}). Hämta den igen.") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise DeliveryError(f"{path.name}: filen är inte en FeatureCollection. Exportera lagret som GeoJSON.")
    if not features:
        raise DeliveryError(f"{path.name}: filen innehåller inga områden. Kontrollera kommunkoden i urvalet.")
    matched = content.get("numberMatched")
    if isinstance(matched, int) and matched > len(features):
        raise DeliveryError(
            f"{path.name}: {len(features)} av {matched} områden kom med. Hämta filen igen, utan gräns för antal."
        )
    crs = content.get("crs")
    declared = str((crs.get("properties") or {}).get("name")) if isinstance(crs, dict) else None
    return features, declared


def _about(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _feature_rows(path: Path, features: list[dict[str, Any]], level: str) -> list[dict[str, Any]]:
    """One row per feature. A layer is used whole or not at all: a map with holes is worse than an older map."""
    from pipelines.boundaries import BoundaryError, polygon

    field, pattern = ("desokod", _DESO) if level == "deso" else ("regsokod", _REGSO)
    rows, faults, seen = [], [], set()
    for number, feature in enumerate(features, 1):
        about = _about(feature)
        code = str(about.get(field) or "")
        if not pattern.fullmatch(code):
            faults.append(
                f"område {number}: koden ”{code}” i {field} är ingen {'DeSO' if level == 'deso' else 'RegSO'}"
            )
            continue
        if code in seen:
            faults.append(f"område {number}: {code} finns två gånger")
        seen.add(code)
        try:
            rows.append({"code": code, "about": about, "shape": polygon(feature.get("geometry"))})
        except BoundaryError as error:
            faults.append(f"{code}: {error}")
    if faults:
        more = f" och {len(faults) - 5} fel till" if len(faults) > 5 else ""
        raise DeliveryError(
            f"{path.name}: {'; '.join(faults[:5])}{more}. Inget ur filen används; exportera lagret på nytt från SCB."
        )
    return rows


def _boundary_tables(
    path: Path, rows: list[dict[str, Any]], level: str, declared: str | None
) -> dict[str, pd.DataFrame]:
    from pipelines.boundaries import BoundaryError, Layer, points_of, tidy, to_wgs84

    rows = sorted(rows, key=lambda row: str(row["code"]))
    areas = pd.DataFrame([_area(row["code"], row["about"], level) for row in rows])
    layers = []
    try:
        shapes = to_wgs84(np.array([row["shape"] for row in rows], dtype=object), declared)
        for municipality, group in areas.groupby(areas["area_id"].str[:4]):
            tidied = tidy(shapes[group.index])
            areas.loc[group.index, ["lat", "lon"]] = np.column_stack(points_of(tidied))
            parents = [parent or None for parent in group["parent_id"]]
            layer = Layer(list(group["area_id"]), list(group["name"]), parents, tidied)
            layers.append(layer.row(f"{municipality}-{level}-2025", str(municipality), level))
    except BoundaryError as error:
        raise DeliveryError(f"{path.name}: {error}") from error
    return {"area": areas, "boundary": pd.DataFrame(layers)}


def _area(code: str, about: Mapping[str, Any], level: str) -> dict[str, Any]:
    regso_name = str(about.get("regsonamn") or "")
    name = deso_name(regso_name, code) if level == "deso" and regso_name else regso_name or code
    parent = str(about.get("regsokod") or "") if level == "deso" else code[:4]
    return {
        "area_id": code,
        "level": level,
        "name": name,
        "parent_id": parent or code[:4],
        "population": _number(about.get("folkmangd")),
        "population_year": _number(about.get("folkmangd_ar")),
        "valid_from": _number(about.get("giltig_fran")),
        "lat": None,
        "lon": None,
        "kind": code[4] if level == "deso" else None,
    }


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _is_deso_2018(peek: Peek) -> bool:
    return has_header(peek.head, _OWN_2018)


def _parse_deso_2018(path: Path) -> Parsed:
    rows: dict[str, dict[str, Any]] = {}
    refusals = []
    records = csv_records(path, text_file(path), _OWN_2018)
    for number, record in records:
        deso, counts = record["deso"], {name: record[name] for name in ("population", "population_year")}
        strange = next((name for name, text in counts.items() if not re.fullmatch(r"\d*", text, re.ASCII)), None)
        if not _DESO.fullmatch(deso):
            refusals.append(_bad_code(number, "deso", deso))
        elif deso in rows:
            refusals.append(_repeated(number, "deso", deso))
        elif strange:
            refusals.append(
                Refusal("Värdet är inte ett heltal.", "Rätta cellen i filen.", number, None, strange, counts[strange])
            )
        else:
            rows[deso] = _deso_2018(deso, record["regso_name"]) | {
                "parent_id": record["regso"] or deso[:4],
                **{name: int(text) if text else None for name, text in counts.items()},
            }
    frame = pd.DataFrame(list(rows.values()), columns=list(AREA.column_names))
    return Parsed({"area": frame}, len(records), len(rows), tuple(refusals))


def _is_deso_regso_table(peek: Peek) -> bool:
    return head_text(peek.head).casefold().startswith("bro;kommunnamn;deso;regso")


def _parse_deso_regso_table(path: Path) -> Parsed:
    """SCB's table of which DeSO lie in which RegSO (2018 division). It has the names of the RegSO, not their codes."""
    rows: dict[str, dict[str, Any]] = {}
    refusals, read = [], 0
    for number, cells in list(csv_rows(path.name, text_file(path), ";"))[1:]:
        read += 1
        municipality, _, deso, regso_name = (*cells, "", "", "", "")[:4]
        if not _DESO.fullmatch(deso) or deso[:4] != municipality or not regso_name:
            refusals.append(_bad_code(number, "DeSO", deso))
        elif deso in rows:
            refusals.append(_repeated(number, "DeSO", deso))
        else:
            rows[deso] = _deso_2018(deso, regso_name)
    if not rows:
        raise DeliveryError(f"{path.name}: inga DeSO-koder i kolumnen DeSO. Hämta kopplingstabellen igen från SCB.")
    return Parsed({"area": pd.DataFrame(list(rows.values()))}, read, len(rows), tuple(refusals))


def _deso_2018(deso: str, regso_name: str) -> dict[str, Any]:
    return {
        "area_id": deso, "level": "deso", "name": deso_name(regso_name, deso), "parent_id": deso[:4],
        "valid_from": 2018, "kind": deso[4],
    }  # fmt: skip


def _bad_code(row: int, column: str, value: str) -> Refusal:
    return Refusal(
        reason="Koden är inte en DeSO i kommunen på raden (fyra siffror, A, B eller C, fyra siffror).",
        remedy="Rätta koden i filen eller hämta den igen från SCB.",
        row=row,
        column=column,
        value=value,
    )


def _repeated(row: int, column: str, value: str) -> Refusal:
    return Refusal(
        reason="Området finns redan längre upp i filen.",
        remedy="Ta bort den ena raden.",
        row=row,
        column=column,
        value=value,
    )


def _is_municipalities(peek: Peek) -> bool:
    return has_header(peek.head, _MUNICIPALITIES)


def _parse_municipalities(path: Path) -> Parsed:
    """The country, the counties and the municipalities from the project's own list."""
    records = csv_records(path, text_file(path), _MUNICIPALITIES)
    rows: dict[str, tuple[str, str, str | None]] = {"00": ("country", "Riket", None)}
    refusals = []
    for number, record in records:
        code, county = record["code"], record["county_code"]
        if not re.fullmatch(r"\d{4}", code) or county != code[:2] or not record["name"]:
            refusals.append(
                Refusal(
                    "Kommunkoden ska ha fyra siffror och börja med länskoden.",
                    "Rätta raden.",
                    number,
                    None,
                    "code",
                    code,
                )
            )
            continue
        rows[county] = ("county", record["county_name"], "00")
        rows[code] = ("municipality", record["name"], county)
    frame = pd.DataFrame(
        [(code, *row) for code, row in rows.items()], columns=["area_id", "level", "name", "parent_id"]
    )
    return Parsed({"area": frame}, len(records), len(records) - len(refusals), tuple(refusals))


def _fetch(client: Client, municipality: Municipality) -> Iterator[Fetched]:
    for layer in ("DeSO_2025", "RegSO_2025"):
        response = client.get(
            _WFS,
            params={
                "service": "WFS",
                "version": "2.0.0",
                "request": "GetFeature",
                "typeNames": f"stat:{layer}",
                "outputFormat": "application/json",
                "srsName": "EPSG:4326",
                "cql_filter": f"kommunkod='{municipality.code}'",
            },
            headers={"Accept": "application/json"},
        )
        yield Fetched(f"{layer.lower()}_{municipality.code}.geojson", response.content)


def _check(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    area = tables["area"]
    small = area[area["level"].isin(["deso", "regso"])]
    return [*_codes_and_parents(small), *_populations(small), *_places(small)]


def _codes_and_parents(small: pd.DataFrame) -> list[str]:
    deso, regso = small[small["level"] == "deso"], small[small["level"] == "regso"]
    strange = [*deso.loc[~deso["area_id"].str.fullmatch(_DESO.pattern), "area_id"]]
    strange += [*regso.loc[~regso["area_id"].str.fullmatch(_REGSO.pattern), "area_id"]]
    faults = [f"{code} är ingen giltig områdeskod." for code in strange[:5]]
    divided = deso[deso["area_id"].str[:4].isin(regso["area_id"].str[:4])]
    lost = divided[~divided["parent_id"].isin(regso["area_id"])]
    return faults + [
        f"DeSO {code} ligger inte i någon känd RegSO (angiven: {parent})."
        for code, parent in lost[["area_id", "parent_id"]].head(5).itertuples(index=False)
    ]


def _populations(small: pd.DataFrame) -> list[str]:
    """The inhabitants of a RegSO are those of its DeSO, but for SCB's noise, where both are of the same year."""
    parts = small[(small["level"] == "deso") & small["valid_to"].isna()]
    sums = parts.groupby("parent_id").agg(
        total=("population", "sum"),
        known=("population", "count"),
        parts=("area_id", "count"),
        year=("population_year", "first"),
        years=("population_year", "nunique"),
    )
    both = small[small["level"] == "regso"].merge(sums, left_on="area_id", right_index=True)
    both = both[(both["known"] == both["parts"]) & (both["years"] == 1) & (both["year"] == both["population_year"])]
    tolerance = (_NOISE_PER_PART * both["parts"]).clip(lower=10)
    wrong = both[(both["population"] - both["total"]).abs() > tolerance]
    return [
        f"RegSO {row.area_id} har {row.population:.0f} invånare men dess DeSO har {row.total:.0f}."
        for row in wrong.head(5).itertuples()
    ]


def _places(small: pd.DataFrame) -> list[str]:
    placed = small.dropna(subset=["lat", "lon"])
    inside = placed["lat"].between(54.5, 69.5) & placed["lon"].between(10, 25)
    return [f"{code} ligger inte i Sverige." for code in placed.loc[~inside, "area_id"].head(5)]


SOURCE = Source(
    id="scb_areas",
    title="Områden: kommuner, RegSO och DeSO",
    producer="Statistiska centralbyrån (SCB)",
    citation="SCB, DeSO – demografiska statistikområden och RegSO – regionala statistikområden",
    licence="CC0",
    url="https://www.scb.se/vara-tjanster/oppna-data/oppna-geodata/",
    rhythm="Indelningen ses över ungefär vart femte år; namn kan ändras årligen.",
    update_days=1825,
    levels=("country", "county", "municipality", "regso", "deso"),
    speaks_of="Vilka områden kommunen består av, var gränserna går och hur många som bor där.",
    layouts=(
        Layout(
            "boundaries",
            "Gränser för DeSO eller RegSO 2025 (GeoJSON från SCB:s WFS)",
            _is_boundaries,
            _parse_boundaries,
        ),
        Layout("deso_2018", "Projektets lista över DeSO 2018 (CSV)", _is_deso_2018, _parse_deso_2018),
        Layout(
            "deso_regso_table",
            "SCB:s kopplingstabell DeSO–RegSO (CSV med semikolon)",
            _is_deso_regso_table,
            _parse_deso_regso_table,
        ),
        Layout(
            "municipalities", "Projektets lista över kommuner och län (CSV)", _is_municipalities, _parse_municipalities
        ),
    ),
    caveats=(
        "Gränserna är förenklade för skärmen (omkring 40 meter): de visar läget men duger inte för mätning.",
        "Indelningen ändrades 2025: en del DeSO delades (0188C1060 blev 0188C1061–0188C1063), de flesta är som förut.",
        "SCB lägger slumpmässigt brus på små tal från och med 2025. Delar behöver inte bli exakt lika med helheten.",
    ),
    fetch=_fetch,
    check=_check,
)
