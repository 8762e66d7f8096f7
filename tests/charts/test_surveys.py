"""Surveys: what may be said of a difference, and what may not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from charts import surveys


def measure(
    name: str,
    value: float | None,
    limits: tuple[float, float] | None,
    country: float | None,
    verdict: str = "för litet underlag",
) -> dict[str, Any]:
    lower, upper = limits or (None, None)
    return {
        "indicator_id": name, "name": name, "unit": "procent", "decimals": 1, "period_label": "2025", "value": value,
        "lower": lower, "upper": upper, "status": "final" if value is not None else "suppressed", "peers": 40.0,
        "peers_known": 7, "country": country, "verdict": verdict,
    }  # fmt: skip


HIGHER = measure("a", 50, (47, 53), 45, "högre än väntat")
LOWER = measure("b", 50, (47, 53), 55, "lägre än väntat")
ALIKE, UNJUDGED = measure("c", 50, (47, 53), 53, "inom normal variation"), measure("d", 50, None, 90)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([HIGHER, LOWER, ALIKE, UNJUDGED], "Norrtälje ligger över riket i 1 och under i 1 av 3 mått i NTU"),
        ([ALIKE, UNJUDGED], "Norrtälje skiljer sig inte säkert från riket i något av 1 mått i NTU"),
        ([UNJUDGED, measure("e", None, None, 4)], "Norrtälje i 2 mått på trygghet och utsatthet"),
    ],
    ids=["both sides", "alike", "no uncertainty published"],
)
def test_finding(rows: list[dict[str, Any]], expected: str) -> None:
    assert surveys.finding(pd.DataFrame(rows), "Norrtälje") == expected


def test_chance_is_told_and_what_cannot_be_judged() -> None:
    told = surveys.sentence(pd.DataFrame([HIGHER, UNJUDGED]), "Norrtälje")
    assert "Ungefär ett mått av tjugo" in told
    assert "utan publicerad osäkerhet" in told
    assert "utan publicerad" not in surveys.sentence(pd.DataFrame([HIGHER]), "Norrtälje")


def test_a_hidden_figure_is_no_zero() -> None:
    table = surveys.table(pd.DataFrame([measure("e", None, None, 4), HIGHER]))
    assert table["Uppgift"].tolist() == ["dold av källan", ""]
    assert table["Värde"].isna().tolist() == [True, False]


def test_years() -> None:
    rows = pd.DataFrame([HIGHER, {**LOWER, "period_label": "2023"}])
    assert surveys.years(rows) == "2023–2025"
    assert surveys.years(rows.head(1)) == "2025"
