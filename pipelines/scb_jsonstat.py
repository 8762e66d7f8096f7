"""PxWeb v2's json-stat2: the same table of figures as an export, with every code and unit beside it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipelines.scb_cube import Cube, area_code, breakdown, is_code, is_period
from pipelines.source import DeliveryError, Refusal


@dataclass(frozen=True)
class _Dimension:
    """One dimension: its id, its Swedish name, and its categories' codes and labels in order."""

    id: str
    name: str
    codes: list[str]
    labels: list[str]
    units: dict[str, str]


def read_jsonstat(path: Path, known: dict[tuple[str, str], str]) -> tuple[Cube, int, list[Refusal]]:
    """The table in a response, the number of cells read, and the regions that could not be used.

    ``known`` gives declared indicators by table and contents code. Raises DeliveryError.
    """
    dataset = _dataset(path)
    dimensions = [_dimension(path, dataset, name) for name in dataset["id"]]
    shape = tuple(len(dimension.codes) for dimension in dimensions)
    if list(shape) != dataset["size"]:
        raise DeliveryError(
            f"{path.name}: size {dataset['size']} stämmer inte med kategorierna {list(shape)}. {_AGAIN}"
        )
    values, texts = _values(path, dataset, math.prod(shape))
    cells = pd.DataFrame(
        {d.id: index for d, index in zip(dimensions, np.indices(shape).reshape(len(shape), -1), strict=True)}
    )
    cells = cells.assign(value=pd.Series(values, dtype=float), text=pd.Series(texts, dtype="string"))
    region, time, metric = (_role(path, dataset, dimensions, role) for role in ("geo", "time", "metric"))
    areas, refusals = _areas(path, region)
    table = str(((dataset.get("extension") or {}).get("px") or {}).get("tableid") or path.stem)
    others = [d for d in dimensions if d not in (region, time, metric)]
    cells = cells.join(areas, on=region.id).dropna(subset=["area_id"])
    cells["period"] = cells[time.id].map(dict(enumerate(_periods(path, time))))
    cells["contents"] = cells[metric.id].map(dict(enumerate(metric.labels)))
    cells["breakdown"] = _breakdowns(cells, others)
    cube = Cube(
        table=table,
        title=str(dataset.get("label", table)).split(" efter ")[0],
        cells=cells[["area_id", "division", "period", "contents", "breakdown", "value", "text"]],
        units={label: metric.units.get(code, "") for code, label in zip(metric.codes, metric.labels, strict=True)},
        notes=_notes(dataset),
        known={
            label: known[table, code]
            for code, label in zip(metric.codes, metric.labels, strict=True)
            if (table, code) in known
        },
    )
    return cube, math.prod(shape), refusals


_AGAIN = "Svaret kan vara avbrutet; hämta det igen."


def _dataset(path: Path) -> dict[str, Any]:
    try:
        dataset = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DeliveryError(f"{path.name}: filen är inte hel JSON ({error}). {_AGAIN}") from error
    wanted: dict[str, type | tuple[type, ...]] = {"id": list, "size": list, "dimension": dict, "value": (list, dict)}
    given = dataset if isinstance(dataset, dict) else {}
    faults = [key for key, kind in wanted.items() if not isinstance(given.get(key), kind)]
    if not faults and not all(isinstance(name, str) for name in given["id"]):
        faults = ["id"]
    if faults:
        raise DeliveryError(f"{path.name}: {', '.join(faults)} saknas i svaret. Begär outputFormat=json-stat2.")
    return given


def _dimension(path: Path, dataset: dict[str, Any], name: str) -> _Dimension:
    about = dataset["dimension"].get(name)
    category = about.get("category") if isinstance(about, dict) else None
    if not isinstance(category, dict):
        raise DeliveryError(f"{path.name}: variabeln {name} saknar kategorier. {_AGAIN}")
    labels = category.get("label") or {}
    index = category.get("index", list(labels))
    codes = sorted(index, key=index.__getitem__) if isinstance(index, dict) else list(index)
    units = {code: str(unit.get("base", "")) for code, unit in (category.get("unit") or {}).items()}
    return _Dimension(name, str(about.get("label") or name), codes, [str(labels.get(c, c)) for c in codes], units)


def _role(path: Path, dataset: dict[str, Any], dimensions: list[_Dimension], role: str) -> _Dimension:
    usual = {"geo": "Region", "time": "Tid", "metric": "ContentsCode"}
    named = (dataset.get("role") or {}).get(role) or [usual[role]]
    found = next((d for d in dimensions if d.id in named), None)
    if found is None:
        raise DeliveryError(f"{path.name}: variabeln {usual[role]} saknas. Ta med den när tabellen hämtas.")
    return found


def _values(path: Path, dataset: dict[str, Any], size: int) -> tuple[list[float | None], list[str | None]]:
    """The figures, and the signs where there is none; both come as a list of all or as an object of some."""
    given, status = dataset["value"], dataset.get("status") or {}
    if isinstance(given, list) and len(given) != size:
        raise DeliveryError(f"{path.name}: {len(given)} värden i stället för {size}. {_AGAIN}")
    values = given if isinstance(given, list) else [given.get(str(i)) for i in range(size)]
    if isinstance(given, dict) and len(given) > sum(value is not None for value in values):
        raise DeliveryError(f"{path.name}: värden finns utanför tabellens {size} celler. {_AGAIN}")
    if any(value is not None and not isinstance(value, (int, float)) for value in values):
        raise DeliveryError(f"{path.name}: ett värde är inte ett tal. {_AGAIN}")
    signs = status if isinstance(status, list) else [status.get(str(i)) for i in range(size)]
    texts = [str(sign or "..") if value is None else None for value, sign in zip(values, signs, strict=True)]
    return values, texts


def _areas(path: Path, region: _Dimension) -> tuple[pd.DataFrame, list[Refusal]]:
    """``area_id`` and ``division`` by the region's place in order."""
    both = any(code.endswith("2025") and "_" in code for code in region.codes)
    rows: list[tuple[str | None, int]] = []
    refusals = []
    for code in region.codes:
        found = area_code(code) or ((code, 0) if is_code(code) else None)
        if found is None:
            refusals.append(
                Refusal(
                    "Regionen är inget känt område.", "Välj kommuner, RegSO eller DeSO.", column=region.id, value=code
                )
            )
        # Where the table has both divisions, a bare code is of the older.
        rows.append((None, 0) if found is None else (found[0], found[1] or (2018 if both and len(code) > 4 else 0)))
    if all(area is None for area, _ in rows):
        raise DeliveryError(
            f"{path.name}: inga kända områden i variabeln {region.id}. Välj kommuner, RegSO eller DeSO."
        )
    return pd.DataFrame(rows, columns=["area_id", "division"]), refusals


def _periods(path: Path, time: _Dimension) -> list[str]:
    strange = [code for code in time.codes if not is_period(code)]
    if strange:
        raise DeliveryError(f"{path.name}: ”{strange[0]}” i variabeln {time.id} är inget år, kvartal eller månad.")
    return time.codes


def _breakdowns(cells: pd.DataFrame, others: list[_Dimension]) -> pd.Series[str]:
    combinations = cells[[d.id for d in others]].drop_duplicates() if others else pd.DataFrame(index=[0])
    texts = [
        breakdown((d.name, d.labels[place]) for d, place in zip(others, row, strict=True))
        for row in combinations.itertuples(index=False)
    ]
    if not others:
        return pd.Series(texts[0], index=cells.index)
    keys = pd.MultiIndex.from_frame(combinations)
    found = pd.Series(texts, index=keys).reindex(pd.MultiIndex.from_frame(cells[[d.id for d in others]]))
    return pd.Series(found.to_numpy(), index=cells.index)


def _notes(dataset: dict[str, Any]) -> list[str]:
    notes = dataset.get("note") or []
    updated = str(dataset.get("updated") or "")[:10]
    return [*([f"Uppdaterad av SCB {updated}."] if updated else []), *(" ".join(str(n).split()) for n in notes)]
