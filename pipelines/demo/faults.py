"""Fault reports with coordinates, each year from another system; with the planted cluster in the last months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipelines.demo import clock, writers
from pipelines.demo.clock import YEARS, When
from pipelines.demo.events import Category, drawn, expected, rates
from pipelines.demo.made import PREFIX, Made, rng_of, uses
from pipelines.demo.scene import CLUSTER_RADIUS, Floats, Scene, to_wgs84
from pipelines.demo.truth import Cluster, Expected, MadeFile, Personal, Rate
from store.intake import Mapping

SERIES = "Felanmälningar"

_MISSING = 0.03
CATEGORIES = (
    Category("Belysning ur funktion", 12.0, When("mörker", "kväll"), _MISSING),
    Category("Nedskräpning", 8.0, When("sommar", "dag"), _MISSING),
    Category("Hål i väg eller gångbana", 6.5, When("jämn", "dag"), _MISSING),
    Category("Skadegörelse", 4.0, When("jämn", "dag"), _MISSING),
    Category("Klotter", 2.8, When("termin", "dag"), _MISSING),
    Category("Övergivet fordon", 1.9, When("jämn", "dag"), _MISSING),
    Category("Lekplats eller bänk trasig", 1.4, When("sommar", "dag"), _MISSING),
)

_DESCRIPTIONS = {
    "Belysning ur funktion": ("Lampan är släckt vid gångvägen", "Flera lyktor i rad lyser inte", "Blinkar hela natten"),
    "Nedskräpning": ("Skräp runt papperskorgen", "Sopor dumpade i skogskanten", "Krossat glas på gångvägen"),
    "Hål i väg eller gångbana": ("Djupt hål efter vintern", "Plattor har lossnat", ""),
    "Skadegörelse": ("Sparkad elcentral", "Krossad ruta i busskuren", "Staketet är nedrivet"),
    "Klotter": ("Klotter på väggen", "Klottrat på elskåp", ""),
    "Övergivet fordon": ("Bil utan skyltar på parkeringen", "Skrotcykel i cykelstället"),
    "Lekplats eller bänk trasig": ("Gungan har gått av", "Bänken saknar en planka"),
}
_CLUSTER_CATEGORY = "Skadegörelse"
_CLUSTER_DESCRIPTIONS = ("Krossade bilrutor på parkeringen", "Uppskurna däck", "Repad bil och avslagna speglar")
_CLUSTER_DAYS = ("2025-09-01", "2025-12-31")
_CLUSTER_SIZE = 48

#: Reports from outside the municipality, per report.
_OUTSIDE = 0.01
#: Metres beyond the municipality's eastern- and westernmost point at which those lie.
_BEYOND = 15_000.0

_STATES = ("Åtgärdad", "Åtgärdad", "Åtgärdad", "Vidarebefordrad", "Pågår")

#: Skatteverket's test numbers, which no person has, and the telephone numbers that PTS keeps for fiction.
_IDENTITY = ("19900101-2385", "189001019802", "850709-9805", "201701012393", "19140168-2396")
_TELEPHONE = ("070-174 06 05", "0701740612", "+46 70 174 06 33")


@dataclass(frozen=True)
class _Reports:
    """A year's reports in order of time; east and north are nan where unknown."""

    moments: clock.Minutes
    categories: list[str]
    descriptions: list[str]
    east: Floats
    north: Floats
    outside: int
    unplaced: int


def faults(folder: Path, scene: Scene, seed: int) -> tuple[list[Made], tuple[Rate, ...], tuple[Expected, ...], Cluster]:
    """Write a file per year; hand back the files, the rates, the expected numbers and the planted cluster."""
    rng = rng_of(seed, SERIES)
    reports = {year: _reports(scene, year, rng) for year in YEARS}
    made = [
        _sweref(folder, 2023, reports[2023]),
        _sheet(folder, 2024, reports[2024]),
        _text(folder, 2025, reports[2025]),
    ]
    return made, rates(SERIES, CATEGORIES), expected(SERIES, scene, CATEGORIES, {}), _cluster(scene)


def _cluster(scene: Scene) -> Cluster:
    category = next(c for c in CATEGORIES if c.name == _CLUSTER_CATEGORY)
    row = int(np.flatnonzero(scene.deso["area_id"] == scene.cluster_deso)[0])
    people = int(scene.deso["population"].iloc[row])
    circle = shapely.Point(*scene.cluster_middle).buffer(CLUSTER_RADIUS)
    share = shapely.area(shapely.intersection(circle, scene.shapes[row])) / shapely.area(scene.shapes[row])
    in_time = category.when.share(2025, *_CLUSTER_DAYS)
    background = people / 1000 * category.per_1000 * (1 - category.unplaced) * in_time * float(share)
    return Cluster(
        series=SERIES, category=_CLUSTER_CATEGORY, place=scene.cluster_place.id, deso=scene.cluster_deso,
        east=scene.cluster_middle[0], north=scene.cluster_middle[1], radius=CLUSTER_RADIUS,
        first_day=_CLUSTER_DAYS[0], last_day=_CLUSTER_DAYS[1], planted=_CLUSTER_SIZE, background=round(background, 3),
    )  # fmt: skip


def _reports(scene: Scene, year: int, rng: np.random.Generator) -> _Reports:
    events = drawn(scene, CATEGORIES, year, rng, {})
    east, north = _points(scene, events["deso"].to_numpy(), rng)
    outside = rng.random(len(events)) < _OUTSIDE
    west, _, far_east, _ = shapely.total_bounds(scene.shapes)
    east = np.where(outside, np.where(rng.random(len(events)) < 0.5, west - _BEYOND, far_east + _BEYOND), east)
    # A rate is that of the own reports: those from outside come beside it.
    again = events[outside]
    events = pd.concat([events, again], ignore_index=True)
    own_east, own_north = _points(scene, again["deso"].to_numpy(), rng)
    east, north = np.concatenate([east, own_east]), np.concatenate([north, own_north])
    outside = np.concatenate([outside, np.zeros(len(own_east), dtype=bool)])
    missing = (rng.random(len(events)) < _MISSING) & ~outside
    east, north = np.where(missing, np.nan, east), np.where(missing, np.nan, north)
    names = [CATEGORIES[i].name for i in events["category"]]
    picks = rng.integers(0, 6, len(names))  # 6: as often each, whether there are two or three
    texts = [_DESCRIPTIONS[name][pick % len(_DESCRIPTIONS[name])] for name, pick in zip(names, picks, strict=True)]
    moments = events["occurred"].to_numpy("datetime64[m]")
    if year == int(_CLUSTER_DAYS[0][:4]):
        planted = _planted(scene, rng)
        moments, east, north = (np.concatenate(pair) for pair in zip((moments, east, north), planted[:3], strict=True))
        names, texts = names + [_CLUSTER_CATEGORY] * _CLUSTER_SIZE, texts + planted[3]
    order = np.argsort(moments, kind="stable")
    return _Reports(
        moments[order], [names[i] for i in order], [texts[i] for i in order],
        np.round(east[order]), np.round(north[order]), int(outside.sum()), int(missing.sum()),
    )  # fmt: skip


def _points(scene: Scene, deso: npt.NDArray[np.int64], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points spread evenly over each small area."""
    east, north = np.empty(len(deso)), np.empty(len(deso))
    for area in np.unique(deso):
        rows = np.flatnonzero(deso == area)
        shape = scene.shapes[area]
        shapely.prepare(shape)
        while len(rows):
            left, low, right, high = shape.bounds
            x, y = rng.uniform(left, right, len(rows)), rng.uniform(low, high, len(rows))
            east[rows], north[rows] = x, y
            rows = rows[~shapely.contains_xy(shape, x, y)]
    return east, north


def _planted(scene: Scene, rng: np.random.Generator) -> tuple[clock.Minutes, Floats, Floats, list[str]]:
    moments = When("jämn", "dag").draw(rng, *_CLUSTER_DAYS, _CLUSTER_SIZE)
    # The square root spreads the points evenly over the disc.
    away = (CLUSTER_RADIUS - 1) * np.sqrt(rng.random(_CLUSTER_SIZE))
    angle = rng.uniform(0, 2 * np.pi, _CLUSTER_SIZE)
    east, north = scene.cluster_middle
    texts = [_CLUSTER_DESCRIPTIONS[i] for i in rng.integers(0, len(_CLUSTER_DESCRIPTIONS), _CLUSTER_SIZE)]
    return moments, east + away * np.cos(angle), north + away * np.sin(angle), texts


def _made(
    name: str, answers: str, reports: _Reports, columns: dict[str, str], date_order: Literal["", "dmy"] = ""
) -> Made:
    file = MadeFile(
        file=name, mapping=answers, series=SERIES, rows=len(reports.moments), outside=reports.outside,
        unplaced=reports.unplaced,
    )  # fmt: skip
    mapping = Mapping(
        name=SERIES, sender="Tekniska kontoret", kind="events", columns=uses(columns), date_order=date_order
    )
    return Made(file, mapping)


def _ids(year: int, number: int) -> list[str]:
    return [f"FA{year % 100}-{n:05d}" for n in range(1, number + 1)]


def _states(number: int) -> list[str]:
    return [_STATES[i * 7 % len(_STATES)] for i in range(number)]


def _sweref(folder: Path, year: int, reports: _Reports) -> Made:
    """UTF-16 with tabs, as the old system exports; whole metres in SWEREF 99 TM; Swedish dates."""
    name = f"{PREFIX}felanmälningar {year}.txt"
    dates = [_swedish(moment) for moment in reports.moments.astype(datetime).tolist()]
    number = len(dates)
    rows = zip(
        _ids(year, number), dates, reports.categories, reports.descriptions,
        _texts(reports.north, "{:.0f}"), _texts(reports.east, "{:.0f}"), _states(number), strict=True,
    )  # fmt: skip
    header = ("Ärende-id", "Inkommet", "Typ av fel", "Beskrivning", "Nord", "Öst", "Status")
    writers.text_file(folder / name, [header, *rows], encoding="utf-16", delimiter="\t")
    columns = {"Ärende-id": "event_id", "Inkommet": "reported", "Typ av fel": "category", "Öst": "x", "Nord": "y"}
    return _made(name, "felanmälningar SWEREF.toml", reports, columns, "dmy")


def _sheet(folder: Path, year: int, reports: _Reports) -> Made:
    """A workbook with a title, dates and degrees as numbers, and the number of rows at the end."""
    name = f"{PREFIX}felanmälningar {year}.xlsx"
    longitude, latitude = to_wgs84(reports.east, reports.north)
    moments = reports.moments.astype(datetime).tolist()
    number = len(moments)
    body = [
        list(row)
        for row in zip(
            _ids(year, number), moments, reports.categories, reports.descriptions, _degrees(latitude),
            _degrees(longitude), _states(number), strict=True,
        )
    ]  # fmt: skip
    rows: list[list[writers.Value]] = [
        [f"Felanmälningar {year}, exempeldata"], ["Uttag ur ärendesystemet"], [], list(_WGS84), *body,
        [], ["Antal ärenden", number],
    ]  # fmt: skip
    writers.workbook(folder / name, [writers.Page("Ärenden", rows, bold=(1, 4), dates="yyyy-mm-dd hh:mm")])
    return _made(name, "felanmälningar WGS 84.toml", reports, _WGS84_USES)


_WGS84 = ("Ärendenummer", "Inkommet", "Kategori", "Beskrivning", "Latitud", "Longitud", "Status")
_WGS84_USES = {
    "Ärendenummer": "event_id", "Inkommet": "reported", "Kategori": "category", "Longitud": "x", "Latitud": "y",
}  # fmt: skip


def _text(folder: Path, year: int, reports: _Reports) -> Made:
    """Semicolons and degrees with decimal comma, as a Swedish Excel saves a text file."""
    name = f"{PREFIX}felanmälningar {year}.csv"
    longitude, latitude = to_wgs84(reports.east, reports.north)
    number = len(reports.moments)
    rows = zip(
        _ids(year, number), clock.text(reports.moments), reports.categories, reports.descriptions,
        _texts(latitude, "{:.5f}"), _texts(longitude, "{:.5f}"), _states(number), strict=True,
    )  # fmt: skip
    writers.text_file(folder / name, [_WGS84, *rows])
    return _made(name, "felanmälningar WGS 84.toml", reports, _WGS84_USES)


def _swedish(moment: datetime) -> str:
    return f"{moment.day}/{moment.month} {moment.year} {moment:%H:%M}"


def _texts(values: Floats, form: str) -> list[str]:
    return ["" if np.isnan(value) else form.format(value).replace(".", ",") for value in values]


def _degrees(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 5) for value in values]


def personal(folder: Path, scene: Scene, seed: int) -> tuple[Personal, Mapping]:
    """Write the file that must not come in as it is: identity and telephone numbers, e-mail and names in free text."""
    rng = rng_of(seed, "personuppgifter")
    texts: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Krossad ruta i busskuren", ()),
        (f"Ring mig på {_TELEPHONE[0]} när det är lagat", ("telefon",)),
        (f"Bilen tillhör {_IDENTITY[0]} och har stått här länge", ("personnummer",)),
        ("Lampan är släckt vid gångvägen", ()),
        (f"Svara till boende@example.se eller {_TELEPHONE[1]}", ("epost", "telefon")),
        (f"Jag är god man för {_IDENTITY[1]}", ("personnummer",)),
        ("Skräp runt papperskorgen", ()),
        (f"Anmälare {_IDENTITY[2]}, tel {_TELEPHONE[2]}", ("personnummer", "telefon")),
        (f"Eleven {_IDENTITY[3]} klottrade", ("personnummer",)),
        (f"Ägarens samordningsnummer är {_IDENTITY[4]}", ("samordningsnummer",)),
        ("Gungan har gått av", ()),
    )
    name, mapping_file = f"{PREFIX}felanmälningar med personuppgifter.csv", "felanmälningar med personuppgifter.toml"
    moments = np.sort(When("jämn", "dag").draw(rng, "2025-11-01", "2025-12-31", len(texts)))
    places = [scene.places[i].name for i in rng.integers(0, len(scene.places), len(texts))]
    kinds = [CATEGORIES[i].name for i in rng.integers(0, len(CATEGORIES), len(texts))]
    rows = zip(_ids(2099, len(texts)), clock.text(moments), kinds, (text for text, _ in texts), places, strict=True)
    header = ("Ärendenummer", "Inkommet", "Kategori", "Vad vill du berätta?", "Plats")
    writers.text_file(folder / name, [header, *rows])
    columns = {
        "Ärendenummer": "event_id", "Inkommet": "reported", "Kategori": "category", "Plats": "place",
        "Vad vill du berätta?": "detail",
    }  # fmt: skip
    mapping = Mapping(
        name="Felanmälningar med personuppgifter", sender="Tekniska kontoret", kind="events", columns=uses(columns)
    )
    hits = {row: found for row, (_, found) in enumerate(texts, 2) if found}
    return Personal(file=name, mapping=mapping_file, rows=hits, clean_rows=len(texts) - len(hits)), mapping
