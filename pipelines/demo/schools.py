"""From the schools and offices: attendance, HackShield, training and inspection rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from pipelines.demo import writers
from pipelines.demo.made import PREFIX, Made, rng_of, uses
from pipelines.demo.scene import Scene, School
from pipelines.demo.truth import MadeFile
from store.intake import ColumnUse, Mapping

ATTENDANCE = "Närvaro i grundskolan"
HACKSHIELD = "HackShield"
TRAINING = "Kunskapsserien"
INSPECTIONS = "Trygghetsronder, Tryggare Skola"

_SENDER = "Barn- och utbildningskontoret"

#: School years, by the months that there are figures for: the example covers the years 2023 to 2025.
_TERMS = {
    "2022-23": [(2023, month) for month in range(1, 7)],
    "2023-24": [*((2023, month) for month in range(8, 13)), *((2024, month) for month in range(1, 7))],
    "2024-25": [*((2024, month) for month in range(8, 13)), *((2025, month) for month in range(1, 7))],
    "2025-26": [(2025, month) for month in range(8, 13)],
}
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
#: Attendance in a normal month, and how much colds take in each month.
_NORMAL = 93.5
_COLDS = (1.6, 2.0, 1.2, 0.6, 0.4, 0.2, 0.0, 0.0, 0.3, 0.8, 1.5, 1.7)

_CLASSES = ("4A", "4B", "5A", "5B", "6A")
_OFFICES = (
    "Kommunstyrelsekontoret", "Barn- och utbildningskontoret", "Socialkontoret", "Samhällsbyggnadskontoret",
    "Kultur- och fritidskontoret", "Kommunala bolag",
)  # fmt: skip
_HALF_DAYS = (
    ("2025-02-12", "Trygghet genom utformning"), ("2025-03-26", "Från lägesbild till åtgärd"),
    ("2025-05-07", "Situationell prevention"),
    ("2025-09-24", "Välfärdsbrott"), ("2025-11-19", "Uppföljning som går att lita på"),
)  # fmt: skip
_ASPECTS = (
    "Belysning", "Skötsel", "Utformning", "Information", "Funktionsblandning", "Perimeter", "Social kontroll",
    "Tydlighet",
)  # fmt: skip


def schools(folder: Path, scene: Scene, seed: int) -> list[Made]:
    """Write the files; hand them back. Without schools only the training is left."""
    made = [_training(folder, rng_of(seed, TRAINING))]
    if scene.schools:
        levels = _levels(scene.schools, rng_of(seed, ATTENDANCE))
        made += [
            _attendance(folder, scene.schools, term, levels, rng_of(seed, f"{ATTENDANCE} {term}")) for term in _TERMS
        ]
        made += [
            _hackshield(folder, scene.schools, term, rng_of(seed, f"{HACKSHIELD} {term}"))
            for term in ("2023-24", "2024-25")
        ]
        made.append(_inspections(folder, scene.schools, rng_of(seed, INSPECTIONS)))
    return made


def _levels(all_schools: Sequence[School], rng: np.random.Generator) -> dict[str, float]:
    """Each school's own level of attendance, the same every year."""
    return {school.code: float(rng.normal(0, 0.8)) for school in all_schools}


def _attendance(
    folder: Path, all_schools: Sequence[School], term: str, levels: dict[str, float], rng: np.random.Generator
) -> Made:
    """A column per month; shares as text with decimal comma and per cent sign; the municipality's mean at the end."""
    months = _TERMS[term]
    headers = [f"{_MONTHS[month - 1]} {year}" for year, month in months]
    colds = np.array([_COLDS[month - 1] for _, month in months])
    shares = np.array(
        [_NORMAL + levels[school.code] - colds + rng.normal(0, 0.4, len(months)) for school in all_schools]
    )
    shares = np.round(np.clip(shares, 80, 99), 1)
    rows: list[list[writers.Value]] = [
        [f"Närvaro grundskola läsåret {term.replace('-', '/')}, procent"],
        ["Exempeldata"],
        [],
        ["Skola", *headers],
        *(_line(school.name, line) for school, line in zip(all_schools, shares, strict=True)),
        _line("Totalt kommunen", shares.mean(axis=0)),
        [],
        ["Uppgifterna är hämtade ur frånvarosystemet den 15:e i månaden efter."],
    ]
    name = f"{PREFIX}närvaro grundskola {term}.xlsx"
    writers.workbook(folder / name, [writers.Page("Närvaro", rows, bold=(1, 4), merged=("A1:F1",))])
    file = MadeFile(file=name, mapping=f"närvaro {term}.toml", series=ATTENDANCE, rows=len(all_schools))
    columns = (ColumnUse(header="Skola", field="place"), *(ColumnUse(header=h, field="value") for h in headers))
    mapping = Mapping(
        name=ATTENDANCE, sender=_SENDER, kind="observations", form="wide", columns=columns,
        options={"indicator": ATTENDANCE, "unit": "procent"},
    )  # fmt: skip
    return Made(file, mapping)


def _line(name: str, shares: Iterable[float]) -> list[writers.Value]:
    return [name, *(f"{share:.1f} %".replace(".", ",") for share in shares)]


def _hackshield(folder: Path, all_schools: Sequence[School], term: str, rng: np.random.Generator) -> Made:
    """A row per class; the school's name stands once, in cells merged over its classes."""
    rows: list[list[writers.Value]] = [
        [f"HackShield {term.replace('-', '/')} (exempeldata)"],
        ["Skola", "Klass", "Anmälda", "Aktiva", "Lektioner", "Ceremonier"],
    ]
    merged, totals = [], np.zeros(4, dtype=int)
    for school in all_schools:
        classes = _CLASSES[: int(rng.integers(2, len(_CLASSES) + 1))]
        first = len(rows) + 1
        for position, group in enumerate(classes):
            enrolled = int(rng.integers(16, 28))
            active = int(rng.binomial(enrolled, 0.75))
            counts = [enrolled, active, int(rng.integers(2, 9)), int(rng.integers(0, 2))]
            totals += counts
            rows.append([school.name if position == 0 else None, group, *counts])
        merged.append(f"A{first}:A{len(rows)}")
    number = len(rows) - 2
    rows.append(["Summa", None, *totals.tolist()])
    name = f"{PREFIX}HackShield {term}.xlsx"
    writers.workbook(folder / name, [writers.Page("Deltagande", rows, bold=(1, 2), merged=merged)])
    file = MadeFile(file=name, mapping=f"HackShield {term}.toml", series=HACKSHIELD, rows=number)
    fields = {"Skola": "place", "Klass": "group"} | dict.fromkeys(
        ("Anmälda", "Aktiva", "Lektioner", "Ceremonier"), "number"
    )
    mapping = Mapping(
        name=HACKSHIELD, sender=_SENDER, kind="participation", columns=uses(fields),
        options={"activity": HACKSHIELD, "period": term.replace("-", "/")},
    )  # fmt: skip
    return Made(file, mapping)


def _training(folder: Path, rng: np.random.Generator) -> Made:
    """Five half-days of training: how many of each office were invited and came."""
    rows: list[list[writers.Value]] = []
    for day, title in _HALF_DAYS:
        for office in _OFFICES:
            invited = int(rng.integers(6, 12))
            rows.append([title, day, office, invited, int(rng.binomial(invited, 0.8))])
    name = f"{PREFIX}kunskapsserien närvaro 2025.csv"
    writers.text_file(folder / name, [("Halvdag", "Datum", "Förvaltning", "Inbjudna", "Närvarande"), *rows])
    file = MadeFile(file=name, mapping="kunskapsserien.toml", series=TRAINING, rows=len(rows))
    fields = {
        "Halvdag": "activity", "Datum": "date", "Förvaltning": "place", "Inbjudna": "number", "Närvarande": "number",
    }  # fmt: skip
    mapping = Mapping(
        name=TRAINING, sender="Kommunstyrelsekontoret", kind="participation", columns=uses(fields),
        options={"activity": TRAINING},
    )  # fmt: skip
    return Made(file, mapping)


def _inspections(folder: Path, all_schools: Sequence[School], rng: np.random.Generator) -> Made:
    """Inspection rounds before and after: eight aspects and their mean, from 0 to 20."""
    rows: list[list[writers.Value]] = [
        ["Trygghetsronder i skolor (exempeldata)"],
        ["Varje område bedöms 0–20. Index är medelvärdet."],
        [],
        ["Skola", "Datum", "Rond", *_ASPECTS, "Index"],
    ]
    for number, school in enumerate(all_schools):
        before = np.clip(rng.normal(11, 2.5, len(_ASPECTS)).round(), 0, 20)
        after = np.clip(before + rng.normal(2, 1.5, len(_ASPECTS)).round(), 0, 20)
        for label, year, scores in (("Före", 2024, before), ("Efter", 2025, after)):
            day = datetime(year, 3 + number % 3, 4 + number * 3 % 24)  # noqa: DTZ001
            rows.append([school.name, day, label, *map(int, scores), round(float(scores.mean()), 1)])
    name = f"{PREFIX}trygghetsronder Tryggare Skola.xlsx"
    writers.workbook(folder / name, [writers.Page("Ronder", rows, bold=(1, 4))])
    file = MadeFile(file=name, mapping="trygghetsronder.toml", series=INSPECTIONS, rows=len(rows) - 4)
    fields = {"Skola": "place", "Datum": "date"} | dict.fromkeys((*_ASPECTS, "Index"), "score")
    mapping = Mapping(
        name=INSPECTIONS, sender=_SENDER, kind="inspections", form="wide", columns=uses(fields),
        options={"inspection": "Tryggare Skola", "highest": "20"},
    )  # fmt: skip
    return Made(file, mapping)
