"""SCB's tables of figures by area, however they were exported: from cells to indicators and observations.

Nothing here knows any single table: what a table measures, in what unit and how it is divided comes from the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipelines.frames import indicator_frame, month_period, quarter_period, slug, year_period
from pipelines.source import DeliveryError, Indicator
from store.schema import FIRST_YEAR_OF_2025

#: SCB's signs: not available, cannot occur, nothing to report (which is the number 0).
SIGNS = {"..": "missing", ".": "not_applicable", "-": "final", "–": "final", "": "missing"}

_AREA = re.compile(r"(\d{4}[ABC]\d{4}|\d{4}R\d{3}|\d{4}(?= \D)|\d{2}(?= \D))(?:[ _].*)?")
_CODE = re.compile(r"\d{4}[ABC]\d{4}|\d{4}R\d{3}|\d{4}|\d{2}")
_PERIOD = re.compile(r"((?:19|20)\d\d)(?:M(0[1-9]|1[0-2])|K([1-4]))?")
_TOTAL = re.compile(r"total(?:t|er|a|en)?(?: \w+)?|samtliga(?: \w+)?|båda könen", re.IGNORECASE)
_THEMES = (
    ("hushåll", "Hushåll"),
    ("inkomst|ekonomisk|förmögenhet", "Ekonomi"),
    ("arbets|sysselsatt|förvärvs|pendl", "Arbete"),
    ("utbildning", "Utbildning"),
    ("lägenhet|bostad|hustyp|upplåtelse|småhus|flerbostad|fordon|bilar", "Boende"),
)


@dataclass(frozen=True)
class Cube:
    """A table read. ``cells`` has a row per figure: ``area_id``, ``division`` (2018, 2025 or 0 when the file does not
    say), ``period`` (2024, 2024M05 or 2024K1), ``contents``, ``breakdown``, ``value`` and ``text`` (as published).

    ``units`` is by contents; ``known`` gives declared indicators for contents that are theirs.
    """

    table: str
    title: str
    cells: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    known: Mapping[str, str] = field(default_factory=dict)

    def tables(self, source_id: str) -> dict[str, pd.DataFrame]:
        """The table as rows of ``area`` (codes only), ``indicator`` (those not declared) and ``observation``."""
        cells = _within_division(self.cells)
        cells = cells.assign(indicator_id=cells["contents"].map({c: self._id(c) for c in cells["contents"].unique()}))
        return {
            "area": areas_of(cells["area_id"].unique()),
            "indicator": self._indicators(source_id),
            "observation": observations(cells),
        }

    def _id(self, contents: str) -> str:
        return self.known.get(contents) or indicator_id(self.table, contents)

    def _indicators(self, source_id: str) -> pd.DataFrame:
        dimensions = self.cells.groupby("contents")["breakdown"].unique().map(_dimensions)
        found = [
            discovered(self.table, self.title, contents, dimensions[contents], self.units.get(contents, ""), self.notes)
            for contents in dimensions.index
            if contents not in self.known
        ]
        return indicator_frame(source_id, found)


def merged(parts: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """The tables of several cubes as one; an area or an indicator that several have is kept once."""
    if not parts:
        return {}
    out = {name: pd.concat([p[name] for p in parts if name in p], ignore_index=True) for name in parts[0]}
    for name, key in (("area", "area_id"), ("indicator", "indicator_id")):
        out[name] = out[name].drop_duplicates(key)
    return out


def discovered(
    table: str, title: str, contents: str, dimensions: Sequence[str], unit: str, notes: Sequence[str] = ()
) -> Indicator:
    """The indicator that one kind of contents of a table is."""
    subject = re.sub(r" per region$", "", title)
    name = f"{subject} efter {', '.join(dimensions)}" if dimensions else subject
    unit = _unit(unit, contents or title)
    return Indicator(
        id=indicator_id(table, contents),
        name=f"{name}: {contents}" if contents else name,
        unit=unit,
        theme=next(
            (theme for words, theme in _THEMES if re.search(words, f"{name} {contents}".casefold())), "Befolkning"
        ),
        description=f"{title}{f': {contents}' if contents else ''}. SCB, tabell {table}.",
        aggregation="sum" if unit == "antal" else "none",
        decimals=0 if unit == "antal" else 1,
        caveats=tuple(notes),
    )


def indicator_id(table: str, contents: str) -> str:
    """The id of a discovered indicator: the table's reference code and, where it has several contents, which."""
    return "_".join(["scb", slug(table), *([slug(contents)] if contents else [])])


def area_code(text: str) -> tuple[str, int] | None:
    """The area and division (0 when not said) in a region's code or heading; None when it is no region.

    "0114A0010", "0114A0010_DeSO2025", "0114R001 Upplands Väsby (Bollstanäs)", "0188 Norrtälje", "00 Riket".
    """
    match = _AREA.fullmatch(text.strip())
    if not match:
        return None
    return match[1], 2025 if re.search(r"(DeSO|RegSO) ?2025", text) else 0


def is_code(text: str) -> bool:
    """Whether the text is a region's bare code, of any level."""
    return bool(_CODE.fullmatch(text))


def is_period(text: str) -> bool:
    """Whether the text is a year, month (2024M05) or quarter (2024K1) as SCB writes them."""
    return bool(_PERIOD.fullmatch(text))


def breakdown(pairs: Iterable[tuple[str, str]]) -> str:
    """``dimension=value`` pairs joined by |, ordered by dimension; totals are left out, as they divide nothing."""
    kept = sorted((name, _label(value)) for name, value in pairs if not _TOTAL.fullmatch(value.strip()))
    return "|".join(f"{name}={value}" for name, value in kept)


def _label(value: str) -> str:
    # SCB writes an open age class as 80- år.
    return re.sub(r"^(\d+)- år$", r"\1+ år", re.sub(r"[|=]", "/", value.strip()))


def areas_of(codes: Iterable[str]) -> pd.DataFrame:
    """``area`` rows for the DeSO and RegSO among ``codes``, known by code only."""
    rows = [
        (code, "regso" if code[4] == "R" else "deso", code, code[:4], code[4] if code[4] != "R" else None)
        for code in codes
        if len(code) > 4
    ]
    return pd.DataFrame(rows, columns=["area_id", "level", "name", "parent_id", "kind"])


def observations(cells: pd.DataFrame) -> pd.DataFrame:
    """``observation`` rows from ``indicator_id``, ``area_id``, ``period``, ``breakdown``, ``value``, ``text`` (the cell
    where it is no number) and, where they are known, ``status``, ``count`` and ``base``."""
    texts = cells["period"].unique()
    columns = ["period_type", "period_start", "period_end", "period_label"]
    periods = pd.DataFrame([period_columns(text) for text in texts], index=pd.Index(texts), columns=columns)
    out = cells.join(periods, on="period")
    text = out["text"].astype("string")
    status = out["status"] if "status" in out else pd.Series("final", index=out.index)
    out["status"] = text.map(SIGNS).fillna(status) if text.notna().any() else status
    zero = text.isin(["-", "–"])
    out["value"] = out["value"].mask(zero, 0.0)
    out["value_text"] = text.mask(text == "")
    wanted = ["indicator_id", "area_id", *columns, "breakdown"]
    wanted += [name for name in ("value", "count", "base", "status", "value_text") if name in out]
    return out[wanted]


def period_columns(text: str) -> dict[str, Any]:
    """The period columns of a year, month or quarter as SCB writes them. Raises ValueError for anything else."""
    match = _PERIOD.fullmatch(text)
    if not match:
        raise ValueError(f"not a period: {text}")
    year, month, quarter = match.groups()
    if month:
        return month_period(int(year), int(month))
    return quarter_period(int(year), int(quarter)) if quarter else year_period(int(year))


def _dimensions(breakdowns: Iterable[str]) -> tuple[str, ...]:
    pairs = [pair for text in breakdowns if text for pair in text.split("|")]
    return tuple(dict.fromkeys(pair.split("=", 1)[0] for pair in pairs))


def _unit(unit: str, contents: str) -> str:
    text = unit.casefold()
    if "procent" in contents.casefold() or text in {"andel", "procent", "%"}:
        return "procent"
    if "tusentals kronor" in text or "tkr" in text or "tkr" in contents.casefold():
        return "tkr"
    if not text:
        return "antal" if re.search(r"\bantal|^folkmängd|^befolkning", contents.casefold()) else "värde"
    return "antal" if text.startswith("antal") or text in {"personer", "hushåll"} else text


def _within_division(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells without the zeros that SCB writes for years outside a code's division.

    Those of the 2025 division have 0 before 2024, those of the 2018 division 0 from 2024 on. Where the same area comes
    once for each, the figure of the right division is kept; otherwise such a zero is a missing figure.
    Raises DeliveryError when an area still has two figures.
    """
    small = cells["area_id"].str.len() > 4
    year = cells["period"].str[:4].astype(int)
    zero = cells["value"].eq(0) & cells["text"].isna()
    marked = small & zero & (cells["division"].eq(2025) & (year < FIRST_YEAR_OF_2025))
    if cells["division"].eq(2025).any():
        marked |= small & zero & cells["division"].eq(2018) & (year >= FIRST_YEAR_OF_2025)
    # Exports with headings only do not say which division a code is of; a year with nothing but zeros is outside it.
    inside = cells["division"].eq((year >= FIRST_YEAR_OF_2025).map({True: 2025, False: 2018}))
    empty = zero.astype(float).where(small).groupby(cells["period"]).transform("min").eq(1)
    if not empty[small].all():
        marked |= small & empty & ~inside
    # Of two figures the one that is not 0 is of the right division; where both are 0, so is the right one.
    key = ["area_id", "period", "contents", "breakdown"]
    figured = (~zero).groupby([cells[name] for name in key]).transform("any")
    out = cells.assign(marked=marked | (figured & small & zero))
    out = out.sort_values("marked", kind="stable").drop_duplicates([*key, "value", "text"])
    out = out[~(out["marked"] & out.duplicated(key))].sort_index()
    twice = out[out.duplicated(key)]
    if len(twice):
        first = twice.iloc[0]
        raise DeliveryError(
            f"{first['area_id']} har två olika tal för {first['period']} {first['contents']} {first['breakdown']}. "
            "Hämta tabellen igen med en indelning i taget."
        )
    out["text"] = out["text"].mask(out["marked"], "0")
    out["value"] = out["value"].mask(out["marked"])
    out["status"] = pd.Series("final", index=out.index).mask(out["marked"], "missing")
    return out
