"""The shared choices, kept in the address so that a link opens the same view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from queries import places
from ui.facts import ask, settings


@dataclass(frozen=True)
class Choice:
    """What the reader is looking at. ``year`` is the newest with figures unless another was chosen."""

    place_id: str
    place: str
    level: str
    municipality_id: str
    municipality: str
    year: int

    @property
    def is_district(self) -> bool:
        """Whether a part of the municipality was chosen."""
        return self.level == "district"

    @property
    def where(self) -> str:
        """The place as an exhibit names it."""
        return self.place if self.is_district else f"{self.municipality} kommun"

    def whole(self) -> Choice:
        """The same choice for the whole municipality."""
        return replace(self, place_id=self.municipality_id, place=self.municipality, level="municipality")


def show(*, place: bool, period: bool) -> None:
    """Draw the choices that the page uses; the others keep their value in the address."""
    columns = st.columns([2, 1, 3]) if place and period else st.columns([2, 4])
    if place:
        options = ask(places.choices, settings().municipality)["label"].tolist()
        columns[0].selectbox("Plats", options, key="plats", bind="query-params")
    years = ask(places.years, settings().municipality)
    if period and years:
        columns[1 if place else 0].selectbox("År", years, key="ar", bind="query-params")


def choice() -> Choice:
    """The present choice, also on pages that show only some of the filters."""
    municipality_id = settings().municipality
    known = ask(places.choices, municipality_id).set_index("label")
    whole = str(known.index[0])
    name = st.session_state.get("plats", whole)
    name = name if name in known.index else whole
    years = ask(places.years, municipality_id) or [datetime.now(UTC).year]
    year = st.session_state.get("ar", years[0])
    return Choice(
        place_id=str(known.loc[name, "area_id"]),
        place=name,
        level=str(known.loc[name, "level"]),
        municipality_id=municipality_id,
        municipality=str(known["name"].iloc[0]),
        year=year if year in years else years[0],
    )
