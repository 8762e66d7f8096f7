"""The municipalities and counties of Sweden: from the spellings that senders use to SCB's codes, and back."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from pipelines.frames import conform

#: All 290 municipalities with their counties; SCB's codes. Columns: code, name, county_code, county_name.
TABLE = Path(__file__).parent.parent / "data" / "open" / "scb_areas" / "kommuner.csv"

COUNTRY = "00"
_COUNTRY_NAMES = ("riket", "hela landet", "hela riket", "sverige", "hela sverige")


@dataclass(frozen=True)
class Place:
    """One municipality as SCB writes it."""

    code: str
    name: str
    county_code: str
    county_name: str


@cache
def all_municipalities() -> dict[str, Place]:
    """The 290 municipalities by code."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Place(**row) for row in csv.DictReader(file)}


def municipality_code(name: str) -> str | None:
    """The code of a municipality however it is written; None when it is none of the 290.

    Takes "Norrtälje", "NORRTÄLJE KOMMUN", "Göteborgs kommun", "Upplands–Bro", "Region Gotland".
    """
    plain = _plain(name)
    short = re.sub(r"^(region|kommunen) ", "", re.sub(r" (kommun|stad)$", "", plain))
    # The genitive is tried last: Alingsås and Borås end in s without it. Falun has one of its own kind: Falu kommun.
    candidates = (plain, short, "falun" if short == "falu" else short.removesuffix("s"))
    return next((_codes()[text] for text in candidates if text in _codes()), None)


def region_code(name: str) -> str | None:
    """The code of the country, a county or a municipality by its name; None when it is none of them."""
    plain = _plain(name)
    if plain in _COUNTRY_NAMES:
        return COUNTRY
    counties = {_plain(place.county_name): place.county_code for place in all_municipalities().values()}
    return counties.get(plain) or municipality_code(name)


def area_frame(codes: Iterable[str]) -> pd.DataFrame:
    """Rows of the ``area`` table for municipalities, counties and the country, with the larger places they lie in."""
    wanted = set(codes)
    wanted |= {code[:2] for code in wanted} | {COUNTRY}
    counties = {place.county_code: place.county_name for place in all_municipalities().values()}
    rows: list[tuple[str, str, str, str | None]] = []
    for code in sorted(wanted):
        if code == COUNTRY:
            rows.append((code, "country", "Riket", None))
        elif code in counties:
            rows.append((code, "county", counties[code], COUNTRY))
        else:
            place = all_municipalities()[code]
            rows.append((code, "municipality", place.name, place.county_code))
    return conform("area", pd.DataFrame(rows, columns=["area_id", "level", "name", "parent_id"]))


@cache
def _codes() -> dict[str, str]:
    return {_plain(place.name): place.code for place in all_municipalities().values()}


def _plain(name: str) -> str:
    """Lower case, one kind of hyphen without spaces around it, single spaces."""
    text = re.sub(r"\s*[‐‑‒–—―-]\s*", "-", name.replace("\ufeff", ""))
    return " ".join(text.casefold().split())
