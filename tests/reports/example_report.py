"""A report with one of everything, and letters that some format takes for its own."""

from __future__ import annotations

from datetime import date

import pandas as pd
import plotly.graph_objects as go

from charts.exhibit import Exhibit, Provenance
from reports.description import Bullets, Fillable, Report, Section, Shown, Tabled, Text

EXPORTED = date(2026, 11, 24)
ODD = "=1+1 #let x $a$ *b* _c_ <d> @e \\f «åäö»"
TABLE = pd.DataFrame({"År": [2023, 2024, 2025], "Antal": [13.0, None, 1255.0], "Andel": [0.5, 12.25, 3.0]})


def chart() -> go.Figure:
    figure = go.Figure()
    figure.add_scatter(x=[2023, 2024, 2025], y=[13, None, 1255], name="Rimbo", line={"color": "#B8404F"})
    figure.add_scatter(x=[2023, 2024, 2025], y=[9, 9, 9], name="lägst", line={"width": 0})
    figure.add_scatter(x=[2023, 2024, 2025], y=[20, 20, 20], fill="tonexty", line={"width": 0})
    return figure


def exhibit(figure: go.Figure | None = None) -> Exhibit:
    return Exhibit(
        id="skadegorelse",
        finding="Skadegörelse i Rimbo: fler än väntat 2025",
        sentence="1 255 fall är fler än slumpen brukar ge.",
        unit="antal",
        place="Rimbo",
        period="2023–2025",
        sources=(Provenance("Brå, anmälda brott", date(2026, 3, 4)),),
        table=TABLE,
        figure=figure,
        alt="Linje över skadegörelse per år i Rimbo.",
        mark="Exempeldata",
    )


def report() -> Report:
    long = pd.DataFrame({"Åtgärd": [f"Åtgärd {n}" for n in range(1, 41)], "Kostnad, kr": range(1000, 41000, 1000)})
    return Report(
        id="lagesbild",
        title="Lägesbild 2026",
        subtitle="Prov",
        place="Norrtälje kommun",
        period="2023–2025",
        build="b123",
        exported=EXPORTED,
        sections=(
            Section("Brottsligheten", (Text(("Första stycket.", ODD)), Bullets(("Punkt ett", "Punkt två")))),
            Section("Figurer", (Shown(exhibit(chart()), "Vår egen kommentar."), Shown(exhibit()))),
            Section("Åtgärder", (Tabled("Åtgärder", long, "Fyrtio rader."),)),
            Section("Beslut", (Fillable("Beslutande organ"), Fillable("Diarienummer", "KS 2026-97"))),
        ),
        filters=(("Brottsgrupp", "Skadegörelse"),),
        marks=("Exempeldata", "Utkast"),
    )
