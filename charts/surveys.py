"""Surveys of residents: the municipality's answers beside others', with the published uncertainty.

Frames as ``queries.surveys.newest`` gives them.
"""

from __future__ import annotations

import pandas as pd

from charts.swedish import number
from charts.verdicts import HIGHER, LOWER, TOO_LITTLE

#: What is written where the source gives no figure.
WITHOUT = {"suppressed": "dold av källan", "missing": "uppgift saknas", "not_applicable": "redovisas inte"}


def finding(rows: pd.DataFrame, municipality: str) -> str:
    """A title that counts in how many measures the country lies outside the municipality's uncertainty."""
    higher, lower, judged = outside(rows)
    if not judged:
        return f"{municipality} i {number(len(rows))} mått på trygghet och utsatthet"
    if not higher and not lower:
        return f"{municipality} skiljer sig inte säkert från riket i något av {number(judged)} mått i NTU"
    counts = f"över riket i {number(higher)} och under i {number(lower)} av {number(judged)} mått i NTU"
    return f"{municipality} ligger {counts}"


def sentence(rows: pd.DataFrame, municipality: str) -> str:
    """How the differences are to be read: NTU's uncertainty is published, the citizen survey's is not."""
    _, _, judged = outside(rows)
    words = []
    if judged:
        words.append(
            f"Ett mått räknas som skilt från riket när rikets värde ligger utanför osäkerheten för {municipality}. "
            "Ungefär ett mått av tjugo gör det av en slump."
        )
    if rows["lower"].isna().any():
        words.append("För mått utan publicerad osäkerhet går det inte att säga om en skillnad är mer än slump.")
    words.append(
        "Högre är inte alltid bättre: läs vad måttet gäller. Svaren gäller hela kommunen och säger inget om dess delar."
    )
    return " ".join(words)


def years(rows: pd.DataFrame) -> str:
    """The periods of the figures: "2024", or "2023–2025"."""
    first, last = rows["period_label"].min(), rows["period_label"].max()
    return str(first) if first == last else f"{first}–{last}"


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per measure; a figure that the source does not give is told as what it is."""
    return pd.DataFrame(
        {
            "Mått": rows["name"],
            "Period": rows["period_label"],
            "Värde": rows["value"],
            "Osäkerhet, lägst": rows["lower"],
            "Osäkerhet, högst": rows["upper"],
            "Jämförelsekommuner, median": rows["peers"],
            "Antal jämförelsekommuner": rows["peers_known"],
            "Riket": rows["country"],
            "Enhet": rows["unit"],
            "Uppgift": rows["status"].map(WITHOUT).fillna(""),
        }
    )


def outside(rows: pd.DataFrame) -> tuple[int, int, int]:
    """In how many measures the municipality is higher and lower than the country, and how many can be judged."""
    told = rows["verdict"]
    return int((told == HIGHER).sum()), int((told == LOWER).sum()), int((told != TOO_LITTLE).sum())
