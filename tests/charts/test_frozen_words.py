"""What is said beside frozen figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pytest

from charts.frozen_words import changed_sentence, newer_sentence


def rows(columns: str, *values: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=columns.split())


def revised(*values: tuple[object, ...], then_step: int = 1, now_step: int = 1) -> pd.DataFrame:
    return rows("label then now", *values).assign(then_step=then_step, now_step=now_step)


@dataclass
class Record:
    revised: pd.DataFrame = field(default_factory=lambda: revised())
    added: pd.DataFrame = field(default_factory=lambda: rows("label now"))
    filled: pd.DataFrame = field(default_factory=lambda: rows("label now"))
    gone: tuple[str, ...] = ()
    compared: int = 5

    @property
    def is_revised(self) -> bool:
        return bool(len(self.revised) or len(self.filled) or self.gone)


REVISED = revised(("2024", 1085.0, 1102.0))
MANY = revised(*[(str(2020 + n), float(n), n + 0.5) for n in range(5)])


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (Record(), "Klotter: Siffrorna är oförändrade."),
        (Record(REVISED), "Klotter: 1 av 5 siffror är ändrad: 2024 var 1 085 och är nu 1 102."),
        (
            Record(revised(("2024", 3.0, None))),
            "Klotter: 1 av 5 siffror är ändrad: 2024 var 3 och är nu utan siffra.",
        ),
        (
            Record(revised(("2024", None, 20.0), now_step=5)),
            "Klotter: 1 av 5 siffror är ändrad: 2024 är nu 20–24 och visas grövre än förut.",
        ),
        (
            Record(revised(("2024", 10.0, 15.0), then_step=5)),
            "Klotter: 1 av 5 siffror är ändrad: 2024 var 10–14 och är nu 15.",
        ),
        (
            Record(MANY),
            "Klotter: 5 av 5 siffror är ändrade, de senaste: 2022 var 2,0 och är nu 2,5; 2023 var 3,0 och är nu 3,5; "
            "2024 var 4,0 och är nu 4,5.",
        ),
        (
            Record(added=rows("label now", ("2025", 7.0))),
            "Klotter: Siffrorna är oförändrade. En ny period har kommit, 2025: 7.",
        ),
        (
            Record(added=rows("label now", ("2025", 7.0), ("2026", 8.0))),
            "Klotter: Siffrorna är oförändrade. 2 nya perioder har kommit, den senaste 2026: 8.",
        ),
        (Record(filled=rows("label now", ("2020", 7.0))), "Klotter: 2020 saknades men finns nu."),
        (Record(gone=("2020", "2021")), "Klotter: 2020 och 2021 finns inte längre."),
        (
            Record(gone=("2020",), compared=0),
            "Klotter: siffrorna kan inte jämföras med dagens uppgifter, för serien finns inte i dem.",
        ),
        (
            Record(gone=("2020",), filled=rows("label now", ("2020 jan", 1.0)), compared=0),
            "Klotter: siffrorna kan inte jämföras med dagens uppgifter, för perioderna är indelade på ett annat sätt "
            "nu.",
        ),
    ],
    ids=[
        "same",
        "one",
        "hidden now",
        "coarser now",
        "finer now",
        "many",
        "newer",
        "several newer",
        "older",
        "gone",
        "no series",
        "other periods",
    ],
)
def test_what_has_become_of_a_series(record: Record, said: str) -> None:
    assert changed_sentence(record, "Klotter").replace("\xa0", " ") == said


@pytest.mark.parametrize(
    ("newer", "lost", "said"),
    [
        ([], [], "Ingen nyare leverans har kommit ur samma källa."),
        ([("Brå", date(2027, 3, 4))], [], "Brå har levererats på nytt 4 mars 2027."),
        ([], ["SCB"], "SCB finns inte bland dagens uppgifter."),
    ],
    ids=["none", "one", "lost"],
)
def test_what_has_come_since(newer: list[tuple[str, date]], lost: list[str], said: str) -> None:
    assert newer_sentence(newer, lost) == said
