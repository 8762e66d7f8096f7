"""Published surveys: measures by subject, beside the country and beside the period before; and Skolenkäten."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from charts import survey_official as drawn

HIGHER, LOWER, NORMAL, TOO_LITTLE = (
    "högre än väntat", "lägre än väntat", "inom normal variation", "för litet underlag",
)  # fmt: skip


def measure(name: str, verdict: str = NORMAL, **more: Any) -> dict[str, Any]:
    return {
        "indicator_id": name, "name": name, "unit": "procent", "period_label": "2025", "value": 24.0, "lower": 21.0,
        "upper": 27.0, "status": "final", "peers": 25.0, "country": 26.0, "verdict": verdict, "old_label": "2024",
        "old_value": 20.0, "change": 4.0, "change_lower": 0.5, "change_upper": 7.5, "change_verdict": HIGHER, **more,
    }  # fmt: skip


UNSURE: dict[str, Any] = {"lower": np.nan, "upper": np.nan, "change_lower": np.nan, "change_upper": np.nan,
          "change_verdict": TOO_LITTLE, "verdict": TOO_LITTLE}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "subject"),
    [("NTU: Förtroende för polisens sätt att bedriva sitt arbete", "Förtroende"),
     ("NTU: Självrapporterad utsatthet för hot", "Utsatthet för brott"),
     ("NTU: Upplever att det är problem med klotter i det egna bostadsområdet", "Problem i närområdet"),
     ("NTU: Oro för att utsättas för personrån", "Trygghet och oro"),
     ("NTU: Otrygghet vid utomhusvistelse sen kväll i det egna bostadsområdet", "Trygghet och oro"),
     ("NTU: Något annat", "Övrigt")],
)  # fmt: skip
def test_subjects(name: str, subject: str) -> None:
    (row,) = drawn.by_subject(pd.DataFrame([measure(name)]), "NTU").to_dict("records")
    assert (row["subject"], row["name"]) == (subject, name.removeprefix("NTU: "))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [([measure("a", HIGHER), measure("b", LOWER), measure("c")], "NTU: Rimbo över riket i 1 och under i 1 av 3 mått"),
     ([measure("a")], "NTU: Rimbo skiljer sig inte från riket mer än slumpen brukar ge"),
     ([measure("a", **UNSURE)], "NTU: Rimbo i 1 mått")],
    ids=["both sides", "alike", "no uncertainty"],
)  # fmt: skip
def test_finding(rows: list[dict[str, Any]], expected: str) -> None:
    assert drawn.finding(pd.DataFrame(rows), "Rimbo", "NTU") == expected


def test_what_has_no_published_uncertainty_is_drawn_hollow_and_said() -> None:
    rows = pd.DataFrame([measure("Oro"), measure("Trygg", **UNSURE)])
    assert list(drawn.beside_country(rows).data[2].marker.symbol) == ["circle", "circle-open"]
    assert "En tom ring har ingen publicerad osäkerhet" in drawn.sentence(rows)
    assert drawn.change_table(rows)["Bedömning"].tolist() == [HIGHER, "osäkerheten är inte publicerad"]
    assert drawn.change_finding(rows, "Rimbo") == "Rimbo: 1 av 1 mått har ändrats mer än slumpen brukar ge"
    assert "Oro: 20 → 24\u00a0% (+4 procentenheter)." in drawn.change_sentence(rows)
    texts = [note.text for note in drawn.changes(rows).layout.annotations]
    assert texts[1] == "2024 → 2025: 20 → 24\u00a0%, +4 procentenheter"
    unsure = rows.tail(1)
    assert "osäkerheten är inte publicerad" in drawn.change_finding(unsure, "Rimbo")


def test_a_hidden_figure_is_told_as_that() -> None:
    rows = pd.DataFrame([measure("Oro", **UNSURE) | {"value": np.nan, "status": "suppressed"}])
    assert drawn.table(rows)["Uppgift"].tolist() == ["dold av källan"]
    assert drawn.beside_country(rows).layout.annotations[1].text == "2025: dold av källan, riket 26\u00a0%"


MEASURES = ("safety", "calm", "rate")


def school(name: str, of: int, measure: str, value: float, base: float = 40) -> dict[str, Any]:
    return {"area_id": name, "school": name, "indicator_id": measure,
            "period_start": pd.Timestamp(of, 1, 1), "period_label": str(of), "breakdown": "svarsgrupp=elever årskurs 8",
            "value": value, "base": base}  # fmt: skip


def test_pupils_have_a_row_per_school_with_base_and_rate() -> None:
    rows = pd.DataFrame(
        [school("Hallsta", 2024, "safety", 5), school("Hallsta", 2026, "safety", 7.5),
         school("Hallsta", 2026, "calm", np.nan),
         school("Hallsta", 2026, "rate", 61, 66), school("Länna", 2026, "safety", 8), school("Länna", 2026, "rate", 90)]
    )  # fmt: skip
    table = drawn.pupils(rows, MEASURES)
    assert table["Skola"].tolist() == ["Hallsta", "Länna"]
    assert table.iloc[0][["Antal svar", "Svarsfrekvens (%)", "Trygghet (index)"]].tolist() == [40, 61, 7.5]
    assert table["Studiero (index)"].isna().all()
    assert drawn.pupils_finding(table) == "Skolenkäten: 61–90\u00a0% svarade i 2 skolor"
    assert drawn.pupil_periods(table) == "2026"
