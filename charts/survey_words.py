"""Survey answers in words and tables: who differs from the others, and what has changed since the wave before."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from typing import Any

import pandas as pd

from charts.survey_marks import FEW_WORDS, HIDDEN, HIDDEN_WORDS, points, rounding, span_of
from charts.swedish import capital, listing, number, percent
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE

#: More groups than this are not listed in a title.
_MOST_NAMED = 4


def group_finding(rows: pd.DataFrame) -> str:
    """A title: which groups answered so more or less often than the others."""
    judged = rows[rows["verdict"] != TOO_LITTLE]
    if judged.empty:
        return "För litet underlag för att jämföra grupperna"
    told = []
    for verdict, word in ((HIGHER, "högre"), (LOWER, "lägre")):
        named = judged.loc[judged["verdict"] == verdict, "group"].tolist()
        if len(named) > _MOST_NAMED:
            named = [f"{number(len(named))} grupper"]
        if named:
            told.append(f"{word} andel: {listing(named)}")
    if not told:
        return "Ingen grupp skiljer sig från de övriga mer än slumpen brukar ge"
    return capital("; ".join(told))


def group_sentence(rows: pd.DataFrame) -> str:
    """How the groups are compared, what could not be, and how often chance alone is called a difference."""
    judged = rows[rows["verdict"] != TOO_LITTLE]
    told = ["Varje grupp jämförs med alla övriga som svarat."] if len(judged) else []
    few = int((rows["few"] & (rows["status"] != HIDDEN)).sum())
    lost = int((rows["status"] == HIDDEN).sum())
    if few:
        told.append(f"{_groups(few)} har färre än 20 svar, vilket är för litet underlag för en bedömning.")
    if lost:
        told.append(f"{_groups(lost)} är {'dold' if lost == 1 else 'dolda'}, för att ingen ska kunna pekas ut.")
    return " ".join([*told, chance(len(judged))]).strip()


def _groups(count: int) -> str:
    return "En grupp" if count == 1 else f"{number(count)} grupper"


def chance(judged: int) -> str:
    """How often chance alone gives a signal, and how many judgements there are for it to do so in."""
    if not judged:
        return ""
    return (
        "Strecken visar osäkerheten, eftersom svaren är ett urval. Ungefär en av tjugo jämförelser ger utslag av en "
        f"slump; här görs {'en' if judged == 1 else number(judged)}."
    )


def group_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The figures behind the groups."""
    return pd.DataFrame(
        {
            "Indelning": rows["dimension"],
            "Grupp": rows["group"],
            "Andel (%)": rows["share"] * 100,
            "Osäkerhet, lägst (%)": rows["lower"] * 100,
            "Osäkerhet, högst (%)": rows["upper"] * 100,
            "Antal svar": rows["base"],
            "Övriga (%)": rows["rest_share"] * 100,
            "Bedömning mot övriga": [_verdict(row, "verdict", "status") for row in rows.to_dict("records")],
        }
    ).round(1)


def _verdict(row: dict[Hashable, Any], verdict: str, status: str) -> str:
    return HIDDEN_WORDS if row[status] == HIDDEN else str(row[verdict])


def change_finding(rows: pd.DataFrame, place: str) -> str:
    """A title: in how many answers the place has changed since the wave before."""
    since = f"{place} sedan {rows['old_wave'].iloc[0]}"
    judged = rows[rows["change_verdict"] != TOO_LITTLE]
    if judged.empty:
        return f"{since}: {FEW_WORDS} för att säga om något har ändrats"
    moved = int((judged["change_verdict"] != NORMAL).sum())
    if not moved:
        return f"{since}: inget svar har ändrats mer än slumpen brukar ge"
    return f"{since}: {number(moved)} av {number(len(judged))} svar har ändrats mer än slumpen brukar ge"


def change_sentence(rows: pd.DataFrame) -> str:
    """What has changed, by how much, and how often chance alone is called a change."""
    told = []
    for verdict, word in ((LOWER, "Lägre"), (HIGHER, "Högre")):
        found = rows[rows["change_verdict"] == verdict].to_dict("records")
        if found:
            lines = [f"«{r['question']}», {r['choice']}: {span_of(r)} ({points(r['change'])})" for r in found]
            told.append(f"{word} än i omgången före: {'; '.join(lines)}.")
    judged = rows[rows["change_verdict"] != TOO_LITTLE]
    few, lost = int(rows["change_few"].sum()), int((rows["change_status"] == HIDDEN).sum())
    if few:
        told.append(f"I {number(few)} av {number(len(rows))} svar är underlaget för litet för en bedömning.")
    if lost:
        told.append(f"{number(lost)} av {number(len(rows))} är dolda, för att ingen ska kunna pekas ut.")
    if len(judged):
        told.append("Att en ändring ryms i slumpen betyder inte att inget har hänt.")
    share = rows[["old_share", "share", "change"]].astype(float) * 100
    return " ".join(filter(None, [*told, chance(len(judged)), rounding(share, "old_share", "share", "change")]))


def change_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The figures behind the changes."""
    return pd.DataFrame(
        {
            "Fråga": rows["question"],
            "Svar": rows["choice"],
            "Omgång före": rows["old_wave"],
            "Andel före (%)": rows["old_share"].astype(float) * 100,
            "Antal svar före": rows["old_base"],
            "Andel nu (%)": rows["share"] * 100,
            "Antal svar nu": rows["base"],
            "Ändring (procentenheter)": rows["change"] * 100,
            "Osäkerhet, lägst": rows["change_lower"] * 100,
            "Osäkerhet, högst": rows["change_upper"] * 100,
            "Bedömning": [_verdict(row, "change_verdict", "change_status") for row in rows.to_dict("records")],
        }
    ).round(1)


def respondents(rows: pd.DataFrame) -> pd.DataFrame:
    """Who answered, wave by wave; ``rows`` as ``queries.survey_waves.answered`` gives them."""
    return pd.DataFrame(
        {
            "Omgång": rows["wave"],
            "Svar, cirka": rows["respondents"],
            "Antal utskick": rows["invited"],
            "Svarsfrekvens": [percent(one * 100) if pd.notna(one) else "inte känd" for one in rows["rate"]],
        }
    )


def response(rows: pd.DataFrame, wave: str) -> str:
    """How many answered and what part of those asked that is; or that nobody has said how many were asked."""
    found = rows[rows["wave"] == wave].to_dict("records")
    if not found:
        return ""
    row = found[0]
    count = (
        "färre än fem har svarat" if pd.isna(row["respondents"]) else f"cirka {number(row['respondents'])} har svarat"
    )
    if pd.notna(row["rate"]):
        return f"{wave}: {count}, {percent(row['rate'] * 100)} av {number(row['invited'])} tillfrågade."
    return f"{wave}: {count}. Svarsfrekvensen är inte känd: antal utskick saknas i leveransen."


def response_finding(rows: pd.DataFrame, survey: str) -> str:
    """A title: the response rate of the newest wave whose rate is known."""
    known = rows[rows["rate"].notna()]
    if known.empty:
        return f"{survey}: svarsfrekvensen är inte känd"
    return f"{survey}: {percent(known['rate'].iloc[0] * 100)} svarade {known['wave'].iloc[0]}"


def in_order(rows: pd.DataFrame, key: Callable[[str], str]) -> pd.DataFrame:
    """The groups as people count them within each dimension: words first, then by the number that they begin with."""
    first = [re.match(r"\d+", str(group)) for group in rows["group"]]
    order = [(int(found.group()) if found else -1, key(str(group)))
             for found, group in zip(first, rows["group"], strict=True)]  # fmt: skip
    kinds = {kind: place for place, kind in enumerate(rows["dimension"].unique())}
    ranked = sorted(range(len(rows)), key=lambda at: (kinds[rows["dimension"].iloc[at]], *order[at]))
    return rows.iloc[ranked].reset_index(drop=True)
