"""The police's case extracts: one text file per year, a row per case, with codes of the national list (Brå)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.demo import clock, writers
from pipelines.demo.clock import YEARS, When
from pipelines.demo.events import Category, drawn, expected, rates
from pipelines.demo.made import PREFIX, Made, rng_of, uses
from pipelines.demo.scene import Scene
from pipelines.demo.truth import Effect, Expected, MadeFile, Rate
from store.intake import Decisions, Mapping

SERIES = "Polisens ärenden"

#: The offences, with rates so that a municipality has as many as Norrtälje: 128 per 1 000 inhabitants and year (Brå).
CATEGORIES = (
    Category(
        "Misshandel, utomhus, mot man 18 år eller äldre, obekant med offret",
        2.7, When("sommar", "helgnatt"), 0.05, "0357",
    ),
    Category(
        "Misshandel, utomhus, mot kvinna 18 år eller äldre, obekant med offret",
        1.6, When("sommar", "helgnatt"), 0.05, "0355",
    ),
    Category("Misshandel utomhus mot pojke 15-17 år, bekant med offret", 1.3, When("termin", "kväll"), 0.05, "9320"),
    Category("Olaga hot, mot grupp, ej internetrelaterat", 3.8, When("jämn", "kväll"), 0.09, "0459"),
    Category("Ofredande mot kvinna 18 år eller äldre", 7.4, When("jämn", "kväll"), 0.10, "0408"),
    Category("Ofredande mot man 18 år eller äldre", 4.6, When("jämn", "kväll"), 0.10, "0407"),
    Category("Hemfridsbrott, olaga intrång", 2.6, When("jämn", "kväll"), 0.06, "0401"),
    Category("Inbrottsstöld, fullbordat, i villa/radhus", 2.5, When("mörker", "dag"), 0.04, "9801", away=True),
    Category("Inbrottsstöld, fullbordat, i lägenhet", 0.7, When("mörker", "dag"), 0.04, "9802", away=True),
    Category("Inbrottsstöld i källare, vind", 2.0, When("mörker", "helgnatt"), 0.05, "0825", away=True),
    Category(
        "Tillgrepp motordr fortskaffningsmedel, fullb biltillgrepp",
        1.4, When("jämn", "helgnatt"), 0.05, "0802", away=True,
    ),
    Category(
        "Tillgrepp av ej motordrivet fortskaffningsmedel, cykel (ej elcykel)",
        4.5, When("sommar", "dag"), 0.08, "9830", away=True,
    ),
    Category(
        "Stöld ur/från motordrivet fordon av endast andra föremål (ej fast interiör/exteriör)",
        4.4, When("jämn", "helgnatt"), 0.05, "9828", away=True,
    ),
    Category(
        "Stöld utan inbrott butik/varuhus/kommersiell utställningslokal",
        9.6, When("jämn", "dag"), 0.04, "0853",
    ),
    Category("Stöld utan inbrott, annan stöld eller snatteri utan inbrott", 4.8, When("jämn", "dag"), 0.12, "0880"),
    Category(
        "Kortbedrägeri, utan fysiskt kort, ej internationell anknytning",
        15.0, When("jämn", "dag"), 0.17, "0983",
    ),
    Category(
        "Annonsbedrägeri, ej internationell anknytning, ej mot äldre/funktionsnedsatt",
        9.0, When("jämn", "kväll"), 0.17, "0987",
    ),
    Category("Skadegörelse, på motorfordon", 3.4, When("jämn", "helgnatt"), 0.05, "1201", away=True),
    Category("Annan skadegörelse (ej klotter)", 12.6, When("sommar", "helgnatt"), 0.04, "1212", away=True),
    Category("klotter övrigt", 2.0, When("termin", "kväll"), 0.06, "1209", away=True),
    Category("Brott mot narkotikastrafflagen, innehav (enbart innehav)", 6.0, When("jämn", "helgnatt"), 0.07, "5010"),
    Category("Brott mot narkotikastrafflagen, bruk (enbart bruk)", 6.6, When("jämn", "helgnatt"), 0.07, "5011"),
    Category("Olovlig körning, grov olovlig körning", 8.4, When("jämn", "kväll"), 0.08, "3002"),
    Category(
        "Rattfylleri, inkl. grovt, enbart alkohol eller både alkohol och narkotika",
        5.2, When("sommar", "helgnatt"), 0.08, "3005",
    ),
    Category(
        "Smitning från trafikolycksplats, med inga eller lindriga material- och personskador",
        5.6, When("jämn", "dag"), 0.09, "3008",
    ),
)  # fmt: skip

#: The planted effect: from this year the damage to property in one district is this share of what it was.
EFFECT_YEAR = 2025
RELATIVE_RISK = 0.55
EFFECT_CODES = ("1201", "1212", "1209")

#: Cases of other municipalities that come along, per case of the own.
_OUTSIDE = 0.012

_DESO_2018, _DESO_2025 = "DeSO 2018", "DeSO 2025"

#: The day on which the last extract was made.
_LAST_EXTRACT = np.datetime64("2026-01-19")

_HEADER = (
    "Nr", "Ärendenummer", "Brottskod", "Brottskodtext", "Registreringsdatum", "Brottsdatum från", "Brottsdatum till",
    "Kommun", "Län",
)  # fmt: skip


@dataclass(frozen=True)
class _Writing:
    """How a year's file is written, and what is wrong in it."""

    encoding: str
    delimiter: str
    quoted: bool
    deso: str
    bad_date: str = ""


_WRITINGS = {
    2023: _Writing("utf-8", ",", True, _DESO_2018),
    2024: _Writing("cp1252", ";", False, _DESO_2025, bad_date="2024-13-07"),
    2025: _Writing("utf-8-sig", ";", False, _DESO_2025),
}


def police(folder: Path, scene: Scene, seed: int) -> tuple[list[Made], tuple[Rate, ...], tuple[Expected, ...], Effect]:
    """Write the extracts; hand back the files, the rates, the expected numbers and the planted effect."""
    effect = _effect(scene)
    risks = {EFFECT_YEAR: {(category, effect.place): RELATIVE_RISK for category in effect.categories}}
    rng = rng_of(seed, SERIES)
    made = [_year(folder, scene, year, rng, risks.get(year, {})) for year in YEARS]
    return made, rates(SERIES, CATEGORIES), expected(SERIES, scene, CATEGORIES, risks), effect


def _effect(scene: Scene) -> Effect:
    return Effect(
        series=SERIES,
        categories=tuple(c.name for c in CATEGORIES if c.code in EFFECT_CODES),
        place=scene.effect.id,
        place_name=scene.effect.name,
        starts=f"{EFFECT_YEAR}-01-01",
        relative_risk=RELATIVE_RISK,
        controls=tuple(place.id for place in scene.places if place.id != scene.effect.id),
    )


def _year(folder: Path, scene: Scene, year: int, rng: np.random.Generator, risk: dict[tuple[str, str], float]) -> Made:
    writing = _WRITINGS[year]
    cases = _cases(scene, year, rng, risk)
    name = f"{PREFIX}polisens ärenden {year}.csv"
    rows = _rows(scene, cases, year, of_2018=writing.deso == _DESO_2018)
    # A typing error in the registration system: no such month. The offence date goes with it.
    refused = len(rows) // 2 if writing.bad_date else 0
    if refused:
        rows[refused][4] = rows[refused][5] = rows[refused][6] = writing.bad_date
    writers.text_file(
        folder / name, [[*_HEADER, writing.deso, "Antal"], *rows],
        encoding=writing.encoding, delimiter=writing.delimiter, quoted=writing.quoted,
    )  # fmt: skip
    file = MadeFile(
        file=name, mapping=f"polisens ärenden {writing.deso}.toml", series=SERIES, rows=len(rows),
        refused=(refused + 2,) if refused else (),  # the header is row 1
        outside=int((cases["deso"] < 0).sum()), unplaced=int(cases["unplaced"].sum()),
    )  # fmt: skip
    return Made(file, _mapping(writing.deso))


def _mapping(deso: str) -> Mapping:
    return Mapping(
        name=SERIES,
        sender="Polisen",
        kind="events",
        columns=uses(
            {
                "Ärendenummer": "event_id", "Brottskod": "code", "Brottskodtext": "category",
                "Registreringsdatum": "reported", "Brottsdatum från": "occurred", "Brottsdatum till": "until",
                "Kommun": "municipality", deso: "area_code", "Antal": "count",
            }
        ),
        decisions=Decisions(refused_rows=True),
    )  # fmt: skip


def _cases(scene: Scene, year: int, rng: np.random.Generator, risk: dict[tuple[str, str], float]) -> pd.DataFrame:
    """The cases of a year by registration date; ``deso`` is -1 outside the municipality."""
    cases = drawn(scene, CATEGORIES, year, rng, risk)
    outside = cases.sample(frac=_OUTSIDE, random_state=rng).assign(deso=-1)
    cases = pd.concat([cases, outside], ignore_index=True)
    missing = np.array([category.unplaced for category in CATEGORIES])[cases["category"]]
    cases["unplaced"] = (rng.random(len(cases)) < missing) & (cases["deso"] >= 0)
    away = np.array([category.away for category in CATEGORIES])[cases["category"]]
    cases["until"] = cases["occurred"] + pd.to_timedelta(np.where(away, rng.integers(2, 60, len(cases)), 0), unit="h")
    found = cases["until"].to_numpy("datetime64[D]") + rng.geometric(0.45, len(cases)).astype("timedelta64[D]") - 1
    # Now and then the offence date is later than the registration: a slip of the pen that the extracts do have.
    found[rng.choice(len(cases), 3, replace=False)] -= np.timedelta64(9, "D")
    cases["registered"] = np.minimum(found, _LAST_EXTRACT)
    cases["span"] = away
    return cases.sort_values(["registered", "occurred"], kind="stable").reset_index(drop=True)


def _rows(scene: Scene, cases: pd.DataFrame, year: int, *, of_2018: bool) -> list[list[writers.Value]]:
    others = [scene.neighbours[i % len(scene.neighbours)] for i in range(len(cases))]
    here = (cases["deso"] >= 0).to_numpy()
    names = np.where(here, scene.municipality.name, others)
    codes = scene.deso["code_2018" if of_2018 else "area_id"].to_numpy(object)
    deso = np.where(here & ~cases["unplaced"].to_numpy(), codes[cases["deso"]], "")
    until = np.where(cases["span"], clock.text(cases["until"].to_numpy("datetime64[m]")), "")
    return [
        list(row)
        for row in zip(
            range(1, len(cases) + 1),
            [f"5000-K{700000 + 13 * number}-{year % 100}" for number in range(len(cases))],
            _of(cases, [category.code for category in CATEGORIES]),
            _of(cases, [category.name for category in CATEGORIES]),
            np.datetime_as_string(cases["registered"].to_numpy("datetime64[D]")).tolist(),
            clock.text(cases["occurred"].to_numpy("datetime64[m]")),
            until.tolist(),
            names.tolist(),
            [scene.municipality.county_name] * len(cases),
            deso.tolist(),
            [1] * len(cases),
            strict=True,
        )
    ]


def _of(cases: pd.DataFrame, texts: Sequence[str]) -> list[str]:
    found: npt.NDArray[np.object_] = np.array(texts, dtype=object)[cases["category"]]
    return list(found)
