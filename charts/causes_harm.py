"""Which kinds of events weigh most when harm is counted, among the few that have a published weight."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from charts.swedish import listing, number, percent, uncapital


class HarmsRecord(Protocol):
    """What is read of harm by kind."""

    @property
    def parts(self) -> pd.DataFrame: ...
    @property
    def without(self) -> float: ...
    @property
    def kinds_without(self) -> int: ...
    @property
    def hidden(self) -> int: ...
    @property
    def source(self) -> str: ...


def finding(found: HarmsRecord, place: str) -> str:
    """A title that claims no more than the weights cover."""
    top = found.parts.iloc[0]
    if len(found.parts) == 1:
        return f"Skada i {place}: bara ett slag har en publicerad vikt"
    return (
        f"Skada i {place}, bland de {number(len(found.parts))} slag som har en vikt: mest {uncapital(top['category'])}"
    )


def sentence(found: HarmsRecord) -> str:
    """What is covered, first; then how the order by harm differs from that by number."""
    parts = found.parts
    counted = float(parts["count"].sum())
    every = counted + found.without
    told = [f"Vikterna täcker {percent(100 * counted / every)} av händelserna."]
    if found.kinds_without:
        told.append(
            f"{number(found.kinds_without)} slag har ingen publicerad vikt och är inte med. Bland dem kan det finnas "
            "sådant som skadar mer, så det går inte att säga vad som skadar mest av allt."
        )
    if found.hidden:
        told.append(f"{number(found.hidden)} slag har dolda antal och är inte heller med.")
    if len(parts) > 1:
        most = parts.sort_values("count", ascending=False, kind="stable").iloc[0]
        top = parts.iloc[0]
        told.append(
            f"Bland dem som har en vikt står {uncapital(top['category'])} för {percent(100 * top['share'])} av skadan"
            + ("." if top["category"] == most["category"] else f", fast {uncapital(most['category'])} är vanligast.")
        )
    used = listing([f"{name} {number(days)} dagar" for name, days in
                    parts.drop_duplicates("weight_name")[["weight_name", "weight"]].to_numpy()])  # fmt: skip
    told.append(
        f"Skada är antal gånger dagar i ett genomsnittligt straff ({used}). Måttet säger inget om utveckling över tid: "
        f"straff och anmälningar ändras. Vikterna kommer ur {found.source}."
    )
    return " ".join(told)


def table(found: HarmsRecord) -> pd.DataFrame:
    """Kinds with a weight, most harm first."""
    parts = found.parts
    return pd.DataFrame(
        {
            "Slag": parts["category"], "Räknas som": parts["weight_name"], "Antal": parts["count"],
            "Dagar per händelse": parts["weight"].round(0), "Del av skadan (%)": (parts["share"] * 100).round(1),
            "Del av antalet (%)": (parts["count"] / parts["count"].sum() * 100).round(1),
        }
    )  # fmt: skip
