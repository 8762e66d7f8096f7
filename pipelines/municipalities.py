"""The municipalities that the project is set up for: one TOML file each in ``config/``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.source import DeliveryError
from store.settings import Settings

CONFIG_DIR = Path(__file__).parent.parent / "config"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class District(_Strict):
    """A place that people speak of: a set of RegSO (2025) and, where a RegSO must be split, of DeSO."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    regso: tuple[str, ...] = ()
    deso: tuple[str, ...] = ()
    #: Spellings that senders use for the place.
    aliases: tuple[str, ...] = ()


class EstPlace(_Strict):
    """A place with its own weekly EST routine (effektiv samordning för trygghet)."""

    name: str
    district: str


class Municipality(_Strict):
    """One municipality's set-up. ``peers`` are municipality codes; ``peers_source`` says in Swedish who chose them."""

    code: str = Field(pattern=r"^\d{4}$")
    name: str
    county_code: str = Field(pattern=r"^\d{2}$")
    county_name: str
    peers: tuple[str, ...] = ()
    peers_source: str = ""
    districts: tuple[District, ...]
    est_places: tuple[EstPlace, ...] = ()
    #: For local sources, by their id, that hide more than counts under five: the smallest count that is shown.
    smallest: dict[str, Annotated[int, Field(ge=5, le=100)]] = Field(default_factory=dict)
    #: Who may do what when people log in: e-mail address to role. Others may read.
    people: dict[str, Literal["läsare", "handläggare", "beslutsfattare", "förvaltare"]] = Field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.code)  # a dictionary has no hash of its own

    @model_validator(mode="after")
    def _consistent(self) -> Municipality:
        if self.county_code != self.code[:2]:
            raise ValueError(f"county_code {self.county_code} is not the beginning of the code {self.code}")
        for what, given in (
            ("id", [district.id for district in self.districts]),
            ("name", [self.name.casefold(), *(district.name.casefold() for district in self.districts)]),
        ):
            repeated = sorted({value for value in given if given.count(value) > 1})
            if repeated:
                raise ValueError(f"districts (or the municipality) with the same {what}: {', '.join(repeated)}")
        areas = [code for district in self.districts for code in (*district.regso, *district.deso)]
        twice = sorted({code for code in areas if areas.count(code) > 1})
        if twice:
            raise ValueError(f"areas in more than one district: {', '.join(twice)}")
        foreign = sorted(code for code in areas if not code.startswith(self.code))
        if foreign:
            raise ValueError(f"areas of another municipality: {', '.join(foreign)}")
        unknown = {place.district for place in self.est_places} - {district.id for district in self.districts}
        if unknown:
            raise ValueError(f"EST places in unknown districts: {', '.join(sorted(unknown))}")
        return self


def name_of(code: str) -> str:
    """The name of the municipality with this code; the code where it has no configuration."""
    found = municipalities().get(code)
    return found.name if found else code


def municipality_of(settings: Settings) -> Municipality:
    """The municipality that an installation is about. Raises DeliveryError when it has no configuration."""
    found = municipalities().get(settings.municipality)
    if found is None:
        raise DeliveryError(
            f"Kommunen {settings.municipality} har ingen fil i config/. Lägg till en; handboken beskriver hur."
        )
    return found


def municipalities(config_dir: Path = CONFIG_DIR) -> dict[str, Municipality]:
    """All configured municipalities by code."""
    texts = [path.read_text("utf-8") for path in sorted(config_dir.glob("*.toml"))]
    return {m.code: m for m in map(Municipality.model_validate, map(tomllib.loads, texts))}
