"""Example data: seeded spreadsheets as senders really make them, with a truth that is written down."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import tomli_w

from pipelines.demo.clock import YEARS
from pipelines.demo.faults import faults, personal
from pipelines.demo.incidents import incidents
from pipelines.demo.made import Made
from pipelines.demo.police import police
from pipelines.demo.scene import Scene, scene
from pipelines.demo.schools import schools
from pipelines.demo.surveys import surveys
from pipelines.demo.truth import Truth
from pipelines.municipalities import Municipality
from store.intake import Mapping

#: The file with what was planted, and the folder of the mappings that answer what an import asks.
TRUTH = "sanning.json"
MAPPINGS = "tolkningar"

_NOTE = (
    "Exempeldata. Allt är påhittat och slumpat fram: inga uppgifter kommer från polisen, kommunen eller någon person. "
    "Platser, skolor och folkmängd är verkliga. Antalet händelser är proportionellt mot folkmängden och lika varje år, "
    "utom effekten och klustret nedan."
)

__all__ = ["MAPPINGS", "TRUTH", "Truth", "generate"]


def generate(
    folder: Path,
    municipality: Municipality,
    areas: pd.DataFrame,
    within: pd.DataFrame,
    boundaries: pd.DataFrame,
    *,
    seed: int = 2026,
) -> Truth:
    """Write the example's spreadsheets, their mappings and the truth into ``folder``, which is made if need be.

    ``areas``, ``within`` and ``boundaries`` are a build's tables ``area``, ``area_within`` and ``boundary``. The same
    seed and tables give the same bytes. Raises ValueError (Swedish) when the municipality has too few areas.
    """
    where = scene(areas, within, boundaries, municipality)
    (folder / MAPPINGS).mkdir(parents=True, exist_ok=True)
    truth, made = _written(folder, where, seed)
    _write_mappings(folder / MAPPINGS, made)
    truth.write(folder / TRUTH)
    return truth


def _written(folder: Path, where: Scene, seed: int) -> tuple[Truth, list[tuple[str, Mapping]]]:
    cases, case_rates, case_numbers, effect = police(folder, where, seed)
    reports, fault_rates, fault_numbers, cluster = faults(folder, where, seed)
    weekly, reporting = incidents(folder, where, seed)
    answers, shares = surveys(folder, where, seed)
    stopped, stopped_mapping = personal(folder, where, seed)
    made: list[Made] = [*cases, *reports, *weekly, *answers, *schools(folder, where, seed)]
    truth = Truth(
        note=_NOTE,
        seed=seed,
        municipality=where.municipality.code,
        first_day=f"{YEARS[0]}-01-01",
        last_day=f"{YEARS[-1]}-12-31",
        population={place.id: place.population for place in where.places},
        files=tuple(one.file for one in made),
        rates=case_rates + fault_rates,
        expected=case_numbers + fault_numbers,
        effect=effect,
        cluster=cluster,
        reporting=reporting,
        shares=shares,
        personal=stopped,
    )
    return truth, [*((one.file.mapping, one.mapping) for one in made), (stopped.mapping, stopped_mapping)]


def _write_mappings(folder: Path, mappings: Iterable[tuple[str, Mapping]]) -> None:
    for name, mapping in mappings:
        text = tomli_w.dumps(mapping.model_dump(mode="json", exclude_defaults=True))
        (folder / name).write_text(text, "utf-8")
