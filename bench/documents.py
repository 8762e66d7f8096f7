"""What leaves the house: a pack of slides with charts, and a document with drawn pictures, from made-up exhibits."""

from __future__ import annotations

import time
from datetime import date

import pandas as pd

from bench.report import Measured, median, tell
from charts.exhibit import Exhibit, Provenance
from charts.style import base
from reports.description import Report, Section, Shown, Text
from reports.forms import write
from reports.theme import Theme

ROUNDS = 5
_TARGET = 5.0
_YEARS = list(range(2010, 2026))


def main(rounds: int) -> None:
    """Each file written warm: the renderer of pictures is started by a first round that does not count."""
    rows = []
    for what, form, charts in (
        ("Pack of 20 slides, 18 charts", "pptx", 18),
        ("Situation picture, 8 charts, PDF", "pdf", 8),
        ("Situation picture, 8 charts, Word", "docx", 8),
    ):
        made = report(charts)
        write(made, Theme(), form)
        seconds = [_seconds(made, form) for _ in range(rounds)]
        rows.append(Measured.at_most(what, median(seconds), _TARGET, "s"))
    tell("Documents", rows, f"Median of {rounds} rounds, wall clock, in one process.")


def report(charts: int) -> Report:
    """A report with so many charts of sixteen years."""
    shown = tuple(Shown(_exhibit(number)) for number in range(charts))
    text = Text(("Ett stycke text om vad figurerna säger tillsammans. " * 8,) * 4)
    sections = (Section("Analys", (text,)), Section("Figurer", shown))
    day = date(2026, 11, 24)
    return Report("bench", "Lägesbild", "Mätning", "Norrtälje kommun", "2010–2025", "b0", day, sections)


def _exhibit(number: int) -> Exhibit:
    table = pd.DataFrame({"År": _YEARS, "Antal": [400 + (7 * number * year) % 90 for year in _YEARS]})
    figure = base()
    figure.add_scatter(x=table["År"], y=table["Antal"], line={"color": "#B8404F"})
    return Exhibit(
        id=f"figur-{number}",
        finding=f"Figur {number}: inget sticker ut från det väntade",
        sentence="Antalet ryms inom det väntade.",
        unit="antal",
        place="Norrtälje kommun",
        period="2010–2025",
        sources=(Provenance("Mätning", date(2026, 3, 4)),),
        table=table,
        figure=figure,
        alt="Linje per år.",
    )


def _seconds(made: Report, form: str) -> float:
    start = time.perf_counter()
    write(made, Theme(), form)
    return time.perf_counter() - start
