"""Published surveys: the municipality's measures by subject, beside the country's and beside the period before.

Frames as ``queries.surveys.newest`` gives them, with the columns of ``queries.surveys.changes``.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.survey_marks import Mark, draw, points, rounding
from charts.survey_words import chance
from charts.surveys import WITHOUT, outside
from charts.swedish import alphabetical, number, percent, span
from charts.verdicts import NORMAL, TOO_LITTLE

#: Subjects by the words of a measure's name, the first that fits; the rest are worry and safety.
_SUBJECTS = (
    (r"förtroende|polisens närvaro", "Förtroende"),
    (r"utsatthet", "Utsatthet för brott"),
    (r"problem", "Problem i närområdet"),
    (r"trygg|oro|annan väg|avstått|brott har ökat|livskvalitet", "Trygghet och oro"),
)
_OTHER = "Övrigt"


def by_subject(rows: pd.DataFrame, survey: str) -> pd.DataFrame:
    """The measures with ``subject`` and without the survey's name before their own."""
    short = rows["name"].str.removeprefix(f"{survey}: ")
    return rows.assign(name=short, subject=[_subject(name) for name in short])


def _subject(name: str) -> str:
    return next((subject for pattern, subject in _SUBJECTS if re.search(pattern, name.casefold())), _OTHER)


def beside_country(rows: pd.DataFrame) -> go.Figure:
    """A row per measure: the municipality as a dot with its published uncertainty, the country as a mark."""
    marks = [_mark(row) for row in rows.to_dict("records")]
    return draw(marks, (-2, 102), "\u00a0%", "riket")


def _mark(row: dict[Hashable, Any]) -> Mark:
    told = WITHOUT.get(row["status"], percent(row["value"]))
    country = f", riket {percent(row['country'])}" if pd.notna(row["country"]) else ""
    limits = f"<br>mellan {span(row['lower'], row['upper'])}\u00a0%" if pd.notna(row["lower"]) else ""
    return Mark(
        row["name"], f"{row['period_label']}: {told}{country}", row["value"], row["lower"], row["upper"],
        row["country"], bool(pd.isna(row["lower"])), f"<b>{told}</b>{limits}",
    )  # fmt: skip


def finding(rows: pd.DataFrame, municipality: str, survey: str) -> str:
    """A title that counts in how many measures the country lies outside the municipality's uncertainty."""
    higher, lower, judged = outside(rows)
    if not judged:
        return f"{survey}: {municipality} i {number(len(rows))} mått"
    if not higher and not lower:
        return f"{survey}: {municipality} skiljer sig inte från riket mer än slumpen brukar ge"
    return (
        f"{survey}: {municipality} över riket i {number(higher)} och under i {number(lower)} av {number(judged)} mått"
    )


def sentence(rows: pd.DataFrame) -> str:
    """How the differences are to be read, and what cannot be judged."""
    words = []
    *_, judged = outside(rows)
    if judged:
        words.append("Ett mått räknas som skilt från riket när rikets värde ligger utanför osäkerheten.")
        words.append(chance(judged))
    if rows["lower"].isna().any():
        words.append("En tom ring har ingen publicerad osäkerhet: det går inte att säga om skillnaden är mer än slump.")
    words.append("Svarsfrekvens och antal svar per kommun finns inte i Kolada. Högre är inte alltid bättre.")
    return " ".join(words)


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """The figures behind the marks."""
    return pd.DataFrame(
        {
            "Mått": rows["name"],
            "Period": rows["period_label"],
            "Andel (%)": rows["value"],
            "Osäkerhet, lägst (%)": rows["lower"],
            "Osäkerhet, högst (%)": rows["upper"],
            "Jämförelsekommuner, median (%)": rows["peers"],
            "Riket (%)": rows["country"],
            "Uppgift": rows["status"].map(WITHOUT).fillna(""),
        }
    ).round(1)


def changes(rows: pd.DataFrame) -> go.Figure:
    """What has changed since the period before, in percentage points, with limits where they are published."""
    marks = [
        Mark(
            row["name"], f"{row['old_label']} → {row['period_label']}: {number(row['old_value'])} → "
            f"{percent(row['value'])}, {points(row['change'] / 100)}",
            row["change"], row["change_lower"], row["change_upper"], np.nan, bool(pd.isna(row["change_lower"])),
            f"<b>{points(row['change'] / 100)}</b>",
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip
    ends = rows[["change", "change_lower", "change_upper"]].to_numpy(dtype=float)
    reach = float(np.nanmax(np.abs(ends), initial=10.0)) * 1.05
    return draw(marks, (-reach, reach), "", "", zero=True)


def change_finding(rows: pd.DataFrame, municipality: str) -> str:
    """A title: in how many measures the municipality has changed since the period before."""
    judged = rows[rows["change_verdict"] != TOO_LITTLE]
    if judged.empty:
        return f"{municipality}: osäkerheten är inte publicerad, så ändringarna kan inte bedömas"
    moved = int((judged["change_verdict"] != NORMAL).sum())
    if not moved:
        return f"{municipality}: inget mått har ändrats mer än slumpen brukar ge"
    return f"{municipality}: {number(moved)} av {number(len(judged))} mått har ändrats mer än slumpen brukar ge"


def change_sentence(rows: pd.DataFrame) -> str:
    """What has changed, and how the limits are made."""
    judged = rows[rows["change_verdict"] != TOO_LITTLE]
    moved = judged[judged["change_verdict"] != NORMAL]
    told = [
        f"{row['name']}: {number(row['old_value'])} → {percent(row['value'])} ({points(row['change'] / 100)})."
        for row in moved.to_dict("records")
    ]
    how = "Osäkerheten är de två periodernas publicerade osäkerheter sammanvägda, som om olika personer svarat."
    words = [*told, how if len(judged) else "", chance(len(judged)), rounding(rows, "old_value", "value", "change")]
    return " ".join(filter(None, words))


def change_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The figures behind the changes."""
    return pd.DataFrame(
        {
            "Mått": rows["name"],
            "Period före": rows["old_label"],
            "Andel före (%)": rows["old_value"],
            "Period": rows["period_label"],
            "Andel (%)": rows["value"],
            "Ändring (procentenheter)": rows["change"],
            "Osäkerhet, lägst": rows["change_lower"],
            "Osäkerhet, högst": rows["change_upper"],
            "Bedömning": [
                "osäkerheten är inte publicerad" if one == TOO_LITTLE else str(one) for one in rows["change_verdict"]
            ],
        }
    ).round(1)


def pupils(rows: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Skolenkäten's newest figures, a row per school (by name) and group of respondents; ``measures``: safety, calm,
    rate."""
    newest = rows[rows["period_start"] == rows.groupby(["area_id", "breakdown"])["period_start"].transform("max")]
    key = ["school", "breakdown", "period_label"]
    wide = newest.pivot_table(index=key, columns="indicator_id", values="value", aggfunc="first", sort=False)
    wide = wide.reindex(columns=list(measures))
    bases = newest[newest["indicator_id"] == measures[0]].groupby(key)["base"].first()
    out = wide.join(bases).reset_index()
    out = out.sort_values("school", key=lambda names: names.map(alphabetical), kind="stable", ignore_index=True)
    safety, calm, rate = (out[name] for name in measures)
    return pd.DataFrame(
        {
            "Skola": out["school"],
            "Svarande": out["breakdown"].str.removeprefix("svarsgrupp="),
            "År": out["period_label"],
            "Antal svar": out["base"],
            "Svarsfrekvens (%)": rate,
            "Trygghet (index)": safety,
            "Studiero (index)": calm,
        }
    ).round(1)


def pupils_finding(table: pd.DataFrame) -> str:
    """A title: how large a part answered, from the lowest school to the highest."""
    rate = table["Svarsfrekvens (%)"].dropna()
    schools = number(table["Skola"].nunique())
    if rate.empty:
        return f"Skolenkäten: {schools} skolor, svarsfrekvensen är inte känd"
    if rate.min() == rate.max():
        return f"Skolenkäten: {percent(rate.min())} svarade i {schools} skolor"
    return f"Skolenkäten: {span(rate.min(), rate.max())}\u00a0% svarade i {schools} skolor"


def pupil_periods(table: pd.DataFrame) -> str:
    """The years of the figures: "2026", or "2024–2026"."""
    first, last = table["År"].min(), table["År"].max()
    return str(first) if first == last else f"{first}–{last}"
