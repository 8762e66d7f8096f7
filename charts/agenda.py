"""An agenda in words: what is kept with a meeting, and what is printed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Protocol

import pandas as pd

from charts.swedish import date, number

#: The pages that the rows of an agenda lead to, and the name of the row's id in their address.
_PAGES = {
    "goal": ("uppfoljning", "mal"),
    "measure": ("uppfoljning", "atgard"),
    "meeting": ("moten", "mote"),
    "plan": ("atgardsplan", "plan"),
}


class ItemRecord(Protocol):
    """What is read of something to take up."""

    @property
    def point(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def about_id(self) -> int: ...
    @property
    def day(self) -> datetime.date | None: ...
    @property
    def role(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def amount(self) -> float: ...
    @property
    def per(self) -> str: ...


def points(items: Sequence[ItemRecord], on: datetime.date, news: Sequence[str], following: str) -> list[dict[str, Any]]:
    """The agenda as it is kept: a list of points, each with a title and lines (text, page, name, id), as JSON.

    ``items`` stand in the agenda's order; ``on`` is the meeting's day; ``news`` are sentences on new figures;
    ``following`` says when the next meeting is. The first point and the last are always there.
    """
    made: list[dict[str, Any]] = [{"title": "Mötet öppnas och dagordningen godkänns", "lines": []}]
    made += [
        {"title": str(point), "lines": [_line(one, on) for one in group]}
        for point, group in groupby(items, key=lambda one: one.point)
    ]
    if news:
        made.append({"title": "Nya uppgifter sedan förra mötet", "lines": [_text(one) for one in news]})
    return [*made, {"title": "Nästa möte", "lines": [_text(following)]}]


def _line(one: ItemRecord, on: datetime.date) -> dict[str, Any]:
    page, name = _PAGES[one.about]
    link = {"page": page, "name": name, "id": one.about_id} if one.about_id else {}
    return {"text": f"{one.title.rstrip('.')}: {told}" if (told := _told(one, on)) else one.title, **link}


def _text(text: str) -> dict[str, Any]:
    return {"text": text}


def _told(one: ItemRecord, on: datetime.date) -> str:
    """What is said of it: when it is or was due, who sees to it, and what it costs."""
    when = date(one.day) if one.day else ""
    past = one.day is not None and one.day < on
    said = {
        "Beslut som inte är klara": f"{'skulle ha varit' if past else 'ska vara'} klart {when}" if when else "",
        "Försenade uppföljningar": f"skulle ha gjorts {when}",
        "Mål att slutbedöma": f"slutdagen var {when}",
        "Mål att följa upp till nästa möte": f"senast {when}",
        "Åtgärder som är sena": f"skulle ha {'startat' if one.note == 'not_started' else 'varit klar'} {when}",
        "Optioner att ta ställning till": "nu påslagen" if one.note == "on" else "nu avslagen",
        "Fakturor": f"{'förföll' if past else 'förfaller'} {when}",
    }.get(str(one.point), "")
    money = "" if pd.isna(one.amount) else f"{number(one.amount)}\u00a0kr" + (f" per {one.per}" if one.per else "")
    return ", ".join(filter(None, (said, one.role, money)))
