"""In words: what the facts of today say beside figures that were frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import pandas as pd

from charts.swedish import date as swedish_date
from charts.swedish import listing, number

#: So many revised figures are told one by one.
_TOLD = 3


class ChangedRecord(Protocol):
    """What is read of a comparison between a frozen series and today's."""

    @property
    def revised(self) -> pd.DataFrame: ...
    @property
    def added(self) -> pd.DataFrame: ...
    @property
    def filled(self) -> pd.DataFrame: ...
    @property
    def gone(self) -> Sequence[str]: ...
    @property
    def compared(self) -> int: ...
    @property
    def is_revised(self) -> bool: ...


def changed_sentence(record: ChangedRecord, what: str) -> str:
    """What has become of the series (``what``: its name) since it was frozen."""
    if record.gone and not record.compared:
        why = "perioderna är indelade på ett annat sätt nu" if len(record.filled) else "serien finns inte i dem"
        return f"{what}: siffrorna kan inte jämföras med dagens uppgifter, för {why}."
    told = [_revised(record), _filled(record), _gone(record), _added(record)]
    if not record.is_revised:
        told.insert(0, "Siffrorna är oförändrade.")
    return f"{what}: {' '.join(filter(None, told))}"


def _revised(record: ChangedRecord) -> str:
    rows = record.revised
    if rows.empty:
        return ""
    decimals = 0 if _whole(rows["then"]) and _whole(rows["now"]) else 1
    figures = rows[["label", "then", "then_step", "now", "now_step"]].tail(_TOLD)
    told = [
        _turned(label, then, then_step, now, now_step, decimals)
        for label, then, then_step, now, now_step in figures.itertuples(index=False, name=None)
    ]
    more = f", de senaste: {'; '.join(told)}" if len(rows) > _TOLD else f": {'; '.join(told)}"
    many = "ändrad" if len(rows) == 1 else "ändrade"
    return f"{len(rows)} av {record.compared} siffror är {many}{more}."


def _turned(label: str, then: float, then_step: int, now: float, now_step: int, decimals: int) -> str:
    now_told = _figure(now, decimals, now_step)
    if now_step > then_step and not pd.isna(now):
        return f"{label} är nu {now_told} och visas grövre än förut"
    return f"{label} var {_figure(then, decimals, then_step)} och är nu {now_told}"


def _filled(record: ChangedRecord) -> str:
    labels = record.filled["label"].tolist()
    return f"{_listed(labels)} saknades men finns nu." if labels else ""


def _gone(record: ChangedRecord) -> str:
    return f"{_listed(record.gone)} finns inte längre." if record.gone else ""


def _added(record: ChangedRecord) -> str:
    rows = record.added
    if rows.empty:
        return ""
    label, now = rows.iloc[-1]
    newest = f"{label}: {_figure(now, 0 if _whole(rows['now']) else 1)}"
    if len(rows) == 1:
        return f"En ny period har kommit, {newest}."
    return f"{len(rows)} nya perioder har kommit, den senaste {newest}."


def newer_sentence(newer: Sequence[tuple[str, date]], lost: Sequence[str]) -> str:
    """Which sources (citation, day) have been delivered anew since, and which are not among the facts any more."""
    told = [f"{citation} har levererats på nytt {swedish_date(day)}." for citation, day in newer]
    told += [f"{citation} finns inte bland dagens uppgifter." for citation in lost]
    return " ".join(told) or "Ingen nyare leverans har kommit ur samma källa."


def _listed(labels: Sequence[str]) -> str:
    return listing(labels) if len(labels) <= _TOLD else f"{labels[0]} och {len(labels) - 1} perioder till"


def _figure(value: float, decimals: int, step: int = 1) -> str:
    """A figure in steps as the numbers that it may be."""
    if pd.isna(value):
        return "utan siffra"
    low = number(value, decimals)
    return low if step == 1 else f"{low}–{number(value + step - 1, decimals)}"


def _whole(values: pd.Series[float]) -> bool:
    known = values.dropna()
    return bool((known % 1 == 0).all())
