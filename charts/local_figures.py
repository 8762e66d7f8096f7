"""Attendance, participation, inspections and other local figures as tables: one row per area, a column per measure.

Frames as ``queries.local_figures.newest`` gives them, of one source.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from charts.swedish import capital, listing, number, percent

HIDDEN = "suppressed"
_HIDDEN_WORDS = "dold"


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per area and breakdown. A hidden number is told as that; such a column holds text."""
    names = _short_names(rows)
    hidden = set(rows.loc[rows["status"] == HIDDEN, "name"])
    lines: dict[tuple[str, str], dict[str, object]] = {}
    periods: dict[tuple[str, str], list[str]] = {}
    for row in rows.to_dict("records"):
        key = ("Utan område" if row["level"] == "unplaced" else row["area"], _plain(row["breakdown"]))
        lines.setdefault(key, {})[names[row["name"]]] = _cell(row, as_text=row["name"] in hidden)
        periods.setdefault(key, []).append(row["period_label"])
    out = pd.DataFrame(
        [
            {"Plats": place, "Indelning": told, "Period": ", ".join(dict.fromkeys(periods[place, told])), **line}
            for (place, told), line in lines.items()
        ]
    )
    # One period for all stands above the table; where each measure has a day of its own, the measures tell them apart.
    alike = out["Period"].nunique() == 1
    return out.drop(columns=["Period"] * alike + ["Indelning"] * bool((out["Indelning"] == "").all()))


def _cell(row: dict[Hashable, Any], *, as_text: bool) -> float | str | None:
    if as_text:
        return _HIDDEN_WORDS if row["status"] == HIDDEN else number(row["value"], int(row["decimals"]))
    return None if pd.isna(row["value"]) else float(row["value"])


def _short_names(rows: pd.DataFrame) -> dict[str, str]:
    """The measures by what they are called when the beginning that all share, which the title says, is left out."""
    names = list(dict.fromkeys(rows["name"]))
    starts = {name.partition(": ")[0] for name in names}
    shared = len(names) > 1 and len(starts) == 1 and all(": " in name for name in names)
    return {name: capital(name.partition(": ")[2] if shared else name) for name in names}


def _plain(breakdown: str) -> str:
    """ "plats=Socialkontoret|klass=4A" -> "Socialkontoret, klass 4A"."""
    pairs = [part.split("=", 1) for part in breakdown.split("|") if part]
    return ", ".join(value if name == "plats" else f"{name} {value}" for name, value in pairs)


def finding(rows: pd.DataFrame, title: str, place: str) -> str:
    """A title: the one figure, the lowest and the highest of one measure, or whom several measures are about."""
    areas = list(dict.fromkeys(rows.loc[rows["level"] != "unplaced", "area"]))
    known = rows.dropna(subset=["value"])
    if rows["indicator_id"].nunique() > 1 or known.empty:
        where = f"{number(len(areas))} platser i {place}" if len(areas) != 1 else areas[0]
        return f"{title}: {where if areas else place}"
    low, high = (known.sort_values("value", kind="stable").iloc[end].to_dict() for end in (0, -1))
    decimals = 0 if (known["value"] == known["value"].round()).all() else 1
    values = [_with_unit(row, decimals) for row in (low, high)]
    if len(known) == 1:
        return f"{title} {period(rows)}: {values[0]} i {low['area']}"
    return f"{title} {period(rows)}: från {values[0]} i {low['area']} till {values[1]} i {high['area']}"


def _with_unit(row: dict[Hashable, Any], decimals: int) -> str:
    return percent(row["value"], decimals) if row["unit"] == "procent" else number(row["value"], decimals)


def period(rows: pd.DataFrame) -> str:
    """The period of the figures, or the first and the last of them."""
    ordered = rows.sort_values("period_start")["period_label"]
    first, last = ordered.iloc[0], ordered.iloc[-1]
    return str(first) if first == last else f"{first} – {last}"


def units(rows: pd.DataFrame) -> str:
    """The units of the figures."""
    return capital(listing(sorted(set(rows["unit"]))))


def sentence(rows: pd.DataFrame) -> str:
    """What is shown, and that hidden is not none."""
    hidden = " Tal under fem är dolda." if (rows["status"] == HIDDEN).any() else ""
    return f"Den senaste siffran för varje plats och mått.{hidden}"
