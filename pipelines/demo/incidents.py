"""Weekly incident reports (EST): a workbook per place and year, a sheet per half-year, and ever more rapporteurs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.demo import writers
from pipelines.demo.clock import YEARS, When
from pipelines.demo.made import PREFIX, Made, picked, rng_of, uses
from pipelines.demo.scene import Place, Scene
from pipelines.demo.truth import MadeFile, Reporting
from store.intake import Mapping

SERIES = "EST, lägesrapporter"

#: Registered rapporteurs by half-year, from the spring of the first year on.
_GROWTH = (6, 7, 9, 11, 13, 15)
#: Reports per registered rapporteur and week.
_PER_WEEK = 0.9
#: Weeks in which half of the rapporteurs are away.
_SUMMER = range(28, 33)

_REPORTERS = (
    "Skolan", "Fritidsgården", "Polisen", "Bostadsbolaget", "Socialtjänsten", "Fältarbetarna", "Biblioteket",
    "Räddningstjänsten", "Parkavdelningen", "Hemtjänsten", "Idrottsföreningen", "Matbutiken", "Busstrafiken",
    "Församlingen", "Nattvandrarna",
)  # fmt: skip

_INCIDENTS = {
    "Ungdomar som samlas, oro": ("Större grupp ungdomar, stökigt men inget våld", "Ungdomar samlades efter skolan", ""),
    "Nedskräpning": ("Mycket skräp och trasiga flaskor", "Skräp efter helgen"),
    "Skadegörelse": ("Krossad ruta", "Trasig dörr och sparkat staket", ""),
    "Klotter": ("Nytt klotter på fasaden", "Klotter, anmält för sanering"),
    "Mopedkörning på gångväg": ("Mopeder i hög fart på gångvägen", "Epa-traktorer som kör runt"),
    "Misstänkt narkotika": ("Misstänkt försäljning, polis informerad", "Påsar hittade i buskarna"),
    "Bråk eller hot": ("Bråk mellan två grupper", "Hotfull stämning vid kiosken"),
    "Otrygg miljö, mörker": ("Trasig belysning, flera känner sig otrygga", ""),
}
_WEIGHTS = (5, 4, 3, 2, 3, 2, 2, 2)
_SPOTS = ("Torget", "Busstationen", "Skolgården", "Parken", "Centrum", "Idrottsplatsen", "Gångtunneln")
_WHEN = When("termin", "kväll")

_HEADER = ("Datum", "Tid", "Plats", "Närmare plats", "Vad har hänt", "Rapportör", "Beskrivning")
_WEEKLY = ("Vecka", "Plats", "Närmare plats", "Vad har hänt", "Rapportör", "Beskrivning")
_USES = {"Plats": "place", "Vad har hänt": "category", "Rapportör": "reporter"}


def incidents(folder: Path, scene: Scene, seed: int) -> tuple[list[Made], tuple[Reporting, ...]]:
    """Write the workbooks; hand back the files and how the reporting grew."""
    made = []
    for name, place in scene.reporting:
        reports = _reports(name, place, rng_of(seed, f"{SERIES} {place.id}"))
        for year in YEARS:
            # One place noted only weeks in its first year.
            weekly = place is scene.cluster_place and year == YEARS[0]
            made.append(_workbook(folder, name, place, year, reports[reports["day"].dt.year == year], weekly=weekly))
    return made, tuple(_reporting(name, place) for name, place in scene.reporting)


def _reporting(name: str, place: Place) -> Reporting:
    halves = [f"{half} {year}" for year in YEARS for half in ("VT", "HT")]
    growth = dict(zip(halves, _GROWTH, strict=True))
    return Reporting(series=SERIES, place=place.id, place_name=name, rapporteurs=growth, per_week=_PER_WEEK)


def _reports(name: str, place: Place, rng: np.random.Generator) -> pd.DataFrame:
    """All reports of a place: day, minute of the day, place as spelt, spot, incident, reporter, description."""
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    parts = []
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        start, end = max(monday, first), min(monday + timedelta(days=6), last)
        parts.append(_week(start, end, rng))
        monday += timedelta(days=7)
    reports = pd.concat(parts, ignore_index=True)
    number = len(reports)
    # Most write the place right; the others in every way there is.
    spellings = list(dict.fromkeys((place.name, name, *place.spellings)))
    reports["place"] = picked(rng, spellings, number, [20.0] + [1.5] * (len(spellings) - 1))
    reports["spot"] = picked(rng, _SPOTS, number)
    reports["incident"] = picked(rng, tuple(_INCIDENTS), number, _WEIGHTS)
    texts = zip(reports["incident"], rng.integers(0, 6, number), strict=True)
    reports["description"] = [_INCIDENTS[incident][pick % len(_INCIDENTS[incident])] for incident, pick in texts]
    return reports.sort_values("day", kind="stable").reset_index(drop=True)


def _week(start: date, end: date, rng: np.random.Generator) -> pd.DataFrame:
    registered = _GROWTH[(start.year - YEARS[0]) * 2 + (start.month > 6)]
    active = registered // 2 if start.isocalendar().week in _SUMMER else registered
    share = ((end - start).days + 1) / 7
    numbers = rng.poisson(_PER_WEEK * share, active)
    moments = _WHEN.draw(rng, str(start), str(end), int(numbers.sum()))
    return pd.DataFrame(
        {"day": moments.astype("datetime64[s]"), "reporter": np.repeat(np.array(_REPORTERS[:active]), numbers)}
    )


def _workbook(folder: Path, name: str, place: Place, year: int, reports: pd.DataFrame, *, weekly: bool) -> Made:
    file_name = f"{PREFIX}EST {name} {year}.xlsx"
    spring = reports["day"].dt.month <= 6
    pages = [
        _page(name, f"{half} {year}", reports[rows], weekly=weekly, spoken=year == YEARS[1])
        for half, rows in (("VT", spring), ("HT", ~spring))
    ]
    writers.workbook(folder / file_name, pages)
    mapping_file = f"EST {name}, veckor.toml" if weekly else f"EST {name}.toml"
    file = MadeFile(file=file_name, mapping=mapping_file, series=SERIES, rows=len(reports))
    time = {"Vecka": "occurred"} if weekly else {"Datum": "occurred", "Tid": "occurred_time"}
    # The place's name in the routine can be the municipality's as well: here it is the place that is meant.
    mapping = Mapping(
        name=SERIES, sender="EST-samordnaren", kind="events", columns=uses(time | _USES), date_order="dmy",
        places={name: place.id} if name != place.name else {},
    )  # fmt: skip
    return Made(file, mapping)


def _page(name: str, half: str, reports: pd.DataFrame, *, weekly: bool, spoken: bool) -> writers.Page:
    body = [_row(report, weekly=weekly, spoken=spoken) for report in reports.itertuples(index=False)]
    term = half.replace("VT", "vårterminen").replace("HT", "höstterminen")
    rows: list[list[writers.Value]] = [
        [f"EST {name} – effektiv samordning för trygghet"],
        [f"Exempeldata. Inkomna rapporter {term}"],
        [],
        list(_WEEKLY if weekly else _HEADER),
        *body,
        ["Summa", f"{len(body)} rapporter"],
    ]
    return writers.Page(half, rows, bold=(1, 4), merged=("A1:E1",))


def _row(report: object, *, weekly: bool, spoken: bool) -> list[writers.Value]:
    moment: datetime = report.day.to_pydatetime()  # type: ignore[attr-defined]
    rest = [report.place, report.spot, report.incident, report.reporter, report.description or None]  # type: ignore[attr-defined]
    if weekly:
        year, week, _ = moment.isocalendar()
        return [f"v. {week} {year}", *rest]
    day = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    # The second year was typed as people speak of dates, in cells that are text.
    shown: writers.Value = f"{day.day}/{day.month} {day.year}" if spoken else day
    clock = f"kl {moment:%H.%M}" if spoken else f"{moment:%H:%M}"
    return [shown, clock, *rest]
