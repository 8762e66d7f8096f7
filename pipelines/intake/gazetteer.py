"""A municipality's places: from whatever a sender writes, or a point, to the area that is meant."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.derive import district_id
from pipelines.intake.cells import Cell
from pipelines.intake.spelling import folded, key, nearest, plainer, school_forms
from pipelines.municipalities import Municipality
from pipelines.places import all_municipalities

if TYPE_CHECKING:
    from pipelines.intake.division import Division

Objects: TypeAlias = npt.NDArray[np.object_]
Floats: TypeAlias = npt.NDArray[np.float64]

PLACED, OUTSIDE, UNKNOWN = "placed", "outside", "unknown"
#: What a person says of a name that lies outside the municipality.
EXPLAINED_OUTSIDE = "utanför"

#: Distinct names that are compared with misspellings in mind. A column with more is addresses or free text.
_MOST_COMPARED = 5000
_MOST_CANDIDATES = 4

_NO_PLACE = {
    "", "okänd", "okänt", "okända", "ej angivet", "ej angiven", "ej angett", "inte angivet", "anges ej", "saknas",
    "uppgift saknas", "uppgifter saknas", "vet ej", "vet inte", "ingen uppgift", "oklart", "okänd plats", "okänd ort",
    "okänd adress", "plats okänd", "ospecificerat", "n a", "na", "null", "none", "nan", "ingen", "inget", "övrigt",
    "annat", "vill ej svara",
}  # fmt: skip
_WHOLE = {"kommunen", "hela kommunen", "kommunövergripande", "kommungemensamt", "kommunövergripande plats"}
_ELSEWHERE = {"annan kommun", "utanför kommunen", "utom kommunen", "utomlands", "utlandet", "annat land", "utomläns"}

_PARTS = re.compile(r"[,;/|()\n]|\s[-–—]\s|:\s")
_SMALL_CODE = re.compile(r"(?<![0-9a-zåäö])([0-9]{3,4}) ?([abc][0-9]{4}|r[0-9]{3})(?![0-9])")
_NUMBER = re.compile(r"[0-9]{3,8}")
_CODE_AND_NAME = re.compile(r"([0-9]{4}) ([^0-9]+)")
_SCHOOL_DIGITS = 8


@dataclass(frozen=True)
class Reading:
    """What one cell was read as: area_id or '', standing, how in Swedish, and areas that it could be when unknown."""

    area_id: str
    standing: str
    how: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Places:
    """What a column's distinct cells were read as, one of each per cell (object arrays, and a list of tuples)."""

    area_id: Objects
    standing: Objects
    how: Objects
    candidates: list[tuple[str, ...]]


_Names: TypeAlias = dict[str, tuple[str, frozenset[str]]]


class Gazetteer:
    """The places of one municipality: its districts, RegSO and DeSO (of every division loaded), schools, and itself."""

    def __init__(
        self,
        municipality: Municipality,
        names: _Names,
        called: Mapping[str, str],
        inside: Mapping[str, str],
        division: Division | None,
        mark: str,
    ) -> None:
        self.municipality = municipality
        self.division = division
        #: Changes when what the gazetteer would answer can change.
        self.fingerprint = mark
        self._names = names
        self._folded = _folded_names(names)
        #: Every area with the next larger one.
        self._inside = inside
        self._called = called

    @classmethod
    def of(cls, areas: pd.DataFrame, boundaries: pd.DataFrame, municipality: Municipality) -> Gazetteer:
        """From rows of the ``area`` and ``boundary`` tables; districts are taken from the municipality's set-up."""
        from pipelines.intake.division import Division  # slow to load, and the page that lists kinds has no use for it

        code = municipality.code
        up = areas["parent_id"].fillna("").astype(str)
        own = areas[areas["area_id"].str.startswith(code) | ((areas["level"] == "school") & up.str.startswith(code))]
        own = own[own["level"].isin(["regso", "deso", "school"])].sort_values("area_id")
        inside = {code: ""}
        for area_id, parent in zip(own["area_id"], own["parent_id"].fillna(code), strict=True):
            inside[str(area_id)] = str(parent)
        for district in municipality.districts:
            name = district_id(municipality, district)
            inside[name] = code
            inside.update({part: name for part in (*district.regso, *district.deso) if part in inside})
        division = Division.of(boundaries, code)
        called = dict(zip(own["area_id"].astype(str), own["name"].astype(str), strict=True)) | {code: municipality.name}
        called |= {district_id(municipality, district): district.name for district in municipality.districts}
        names, mark = _all_names(own, municipality), _mark(own, boundaries, municipality)
        return cls(municipality, names, called, inside, division, mark)

    def name(self, area_id: str) -> str:
        """What people call an area: its name, or the id of one that the gazetteer does not have."""
        return self._called.get(area_id, area_id)

    @property
    def centre(self) -> tuple[float, float] | None:
        """A point in the middle of the municipality (SWEREF 99 TM), where its boundaries are known."""
        return self.division.middle if self.division else None

    def locate(self, east: Floats, north: Floats) -> Objects:
        """The smallest area that each point (SWEREF 99 TM) lies in; see ``Division.locate``. '' without boundaries."""
        if self.division is None:
            return np.full(len(east), "", dtype=object)
        return self.division.locate(east, north)

    def read(self, values: Iterable[Cell], known: Mapping[str, str]) -> Places:
        """What area each distinct cell means. ``known`` are names that a person has explained: area_id or «utanför».

        In order: what a person explained; words for an unknown place; codes; names, also in genitive, with «kommun»,
        «tätort» and the like, and without åäö; the parts of a text with commas; misspellings where only one place can
        be meant (see ``spelling.nearest``). Names that only occur within a text are candidates, never the answer.
        """
        explained = {key(name): area_id for name, area_id in known.items()}
        texts = [_text(value) for value in values]
        found = [self._explained(text, explained) or self._read(text) for text in texts]
        missed = [at for at, reading in enumerate(found) if reading is None]
        compared = missed[:_MOST_COMPARED]
        for at, reading in zip(compared, self._compared([key(texts[at]) for at in compared]), strict=True):
            found[at] = reading
        for at in missed[_MOST_COMPARED:]:
            found[at] = Reading("", UNKNOWN, f"inte jämförd: fler än {_MOST_COMPARED} olika okända namn")
        readings = [reading for reading in found if reading is not None]
        return Places(
            np.array([reading.area_id for reading in readings], dtype=object),
            np.array([reading.standing for reading in readings], dtype=object),
            np.array([reading.how for reading in readings], dtype=object),
            [reading.candidates for reading in readings],
        )

    def _explained(self, text: str, explained: Mapping[str, str]) -> Reading | None:
        area_id = explained.get(key(text)) if explained else None
        if area_id is None:
            return None
        if area_id == EXPLAINED_OUTSIDE:
            return Reading("", OUTSIDE, "enligt tolkningen")
        if area_id in self._inside:
            return Reading(area_id, PLACED, "enligt tolkningen")
        return Reading(
            "", UNKNOWN, f"tolkningen pekar på {area_id}, som inte finns" if area_id else "enligt tolkningen"
        )

    def _read(self, text: str) -> Reading | None:
        """The reading of a text; None when only a comparison with misspellings is left."""
        name = key(text)
        if name in _NO_PLACE:
            return Reading("", UNKNOWN, "ingen plats angiven")
        if text in self._inside:
            return Reading(text, PLACED, "områdets id")
        return self._plain(name) or self._by_parts(text) or self._by_words(name)

    def _plain(self, name: str) -> Reading | None:
        return self._by_name(name) or self._by_code(name) or self._by_municipality(name) or self._by_plainer_name(name)

    # --- codes ---

    def _by_code(self, name: str) -> Reading | None:
        if not any(sign.isdigit() for sign in name):
            return None
        if _NUMBER.fullmatch(name):
            return self._by_number(name)
        if match := _SMALL_CODE.search(name):
            return self._by_small_code(match[1].zfill(4), match[1].zfill(4) + match[2].upper())
        match = _CODE_AND_NAME.fullmatch(name)
        named = self._by_municipality(match[2]) if match else None
        return (
            self._municipality(match[1], "kommunkod") if match and named and match[1] in all_municipalities() else None
        )

    def _by_number(self, number: str) -> Reading | None:
        if len(number) == _SCHOOL_DIGITS:
            if number in self._inside:
                return Reading(number, PLACED, "skolenhetskod")
            return Reading("", UNKNOWN, "åtta siffror, men ingen av kommunens skolenhetskoder")
        # LKF: county, municipality and parish; a workbook loses the leading zero.
        code = number.zfill(6 if len(number) > 4 else 4)[:4]
        return self._municipality(code, "kommunkod") if code in all_municipalities() else None

    def _by_small_code(self, municipality: str, code: str) -> Reading | None:
        what = "RegSO-kod" if "R" in code else "DeSO-kod"
        if code in self._inside:
            return Reading(code, PLACED, what)
        if municipality != self.municipality.code:
            return self._municipality(municipality, what) if municipality in all_municipalities() else None
        # 0188C1060 was divided into 0188C1061, 0188C1062 and 0188C1063.
        kin = sorted(area for area in self._inside if what[0] == "D" and len(area) == 9 and area[:-1] == code[:-1])
        return Reading("", UNKNOWN, f"{what} som inte finns i kommunens indelning", tuple(kin)[:_MOST_CANDIDATES])

    def _municipality(self, code: str, how: str) -> Reading:
        if code == self.municipality.code:
            return Reading(code, PLACED, f"{how}: hela kommunen")
        return Reading("", OUTSIDE, f"{how}: {all_municipalities()[code].name}")

    # --- names ---

    def _by_name(self, name: str) -> Reading | None:
        for names, how in ((self._names, ""), (self._folded, " utan åäö")):
            if name in names:
                what, areas = names[name]
                if len(areas) > 1:
                    return Reading("", UNKNOWN, "flera platser har namnet", tuple(sorted(areas))[:_MOST_CANDIDATES])
                return Reading(next(iter(areas)), PLACED, what + how)
        return None

    def _by_municipality(self, name: str) -> Reading | None:
        if name in _WHOLE:
            return Reading(self.municipality.code, PLACED, "hela kommunen")
        if name in _ELSEWHERE:
            return Reading("", OUTSIDE, "utanför kommunen")
        plain = folded(name).removesuffix(" kommun").removeprefix("kommunen ").removeprefix("region ")
        if code := _municipalities().get(plain) or _municipalities().get(plain.removesuffix("s")):
            return self._municipality(code, "kommun")
        county = _larger().get(plain)
        if county is None:
            return None
        if county in {"", self.municipality.county_code}:
            return Reading("", UNKNOWN, "större än kommunen")
        return Reading("", OUTSIDE, "annat län")

    def _by_plainer_name(self, name: str) -> Reading | None:
        for plain in plainer(name):
            if found := self._by_name(plain) or self._by_municipality(plain):
                return found
        return None

    def _by_parts(self, text: str) -> Reading | None:
        parts = [key(part) for part in _PARTS.split(text)]
        if len(parts) == 1:
            return None
        found = [(part, self._plain(part)) for part in parts if part and part not in _NO_PLACE]
        placed = {area for part, reading in found if reading and (area := self._area_of_part(part, reading))}
        outside = [reading for _, reading in found if reading and reading.standing == OUTSIDE]
        smallest = sorted(area for area in placed if not any(area in self._around(other) for other in placed - {area}))
        if not smallest:
            return outside[0] if outside else None
        if len(smallest) > 1 or (outside and smallest):
            return Reading("", UNKNOWN, "texten nämner flera platser", tuple(smallest)[:_MOST_CANDIDATES])
        return Reading(smallest[0], PLACED, "del av texten")

    def _area_of_part(self, part: str, reading: Reading) -> str:
        # «Storgatan 5, Norrtälje»: with something else before it, the name is the municipality's (or a postal town's),
        # not the district that the name alone stands for.
        return self.municipality.code if part == key(self.municipality.name) else reading.area_id

    def _around(self, area: str) -> Iterator[str]:
        while area := self._inside.get(area, ""):
            yield area

    def _by_words(self, name: str) -> Reading | None:
        """Unknown, with the places whose names occur among the words; None when there are none."""
        words = name.split()
        found: dict[str, None] = {}
        at = 0
        while at < len(words):
            reading, used = self._longest(words[at : at + 5])
            if reading and len(words) > used:
                found.update(dict.fromkeys(reading.candidates or (reading.area_id,)))
            at += used
        if not found:
            return None
        return Reading("", UNKNOWN, "namnet ingår i en längre text", tuple(found)[:_MOST_CANDIDATES])

    def _longest(self, words: list[str]) -> tuple[Reading | None, int]:
        for used in range(len(words), 0, -1):
            phrase = " ".join(words[:used])
            if len(phrase) > 3 and (found := self._by_name(phrase) or self._by_name(phrase.removesuffix("s"))):
                return found, used
        return None, 1

    def _compared(self, names: list[str]) -> Iterator[Reading]:
        local = {name: areas for name, (_, areas) in self._folded.items()}
        others = {name: frozenset({f"{OUTSIDE}:{code}"}) for name, code in _municipalities().items()}
        for meant, near in nearest(names, others | local):
            place = next(iter(meant), "")
            if place.startswith(OUTSIDE):
                yield Reading("", OUTSIDE, f"felstavat: {all_municipalities()[place[-4:]].name}")
            elif place:
                yield Reading(place, PLACED, "felstavat")
            else:
                areas = [area for group in near for area in sorted(group) if not area.startswith(OUTSIDE)]
                yield Reading("", UNKNOWN, "okänt namn", tuple(dict.fromkeys(areas))[:_MOST_CANDIDATES])


def _text(value: Cell) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _all_names(own: pd.DataFrame, municipality: Municipality) -> _Names:
    """Every spelling with what it is and its areas. The first group of places that has a name keeps it."""
    names: _Names = {}
    for what, pairs in _groups(own, municipality):
        new: dict[str, set[str]] = {}
        for name, area in pairs:
            if (plain := key(name)) and plain not in names:
                new.setdefault(plain, set()).add(area)
        names |= {name: (_what(name, what, municipality), frozenset(areas)) for name, areas in new.items()}
    return names


def _groups(own: pd.DataFrame, municipality: Municipality) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    districts = [(district, district_id(municipality, district)) for district in municipality.districts]
    yield "kommundel", [(district.name, area) for district, area in districts]
    yield "annat namn på kommundel", [(alias, area) for district, area in districts for alias in district.aliases]
    named = {
        level: list(zip(rows["name"].astype(str), rows["area_id"].astype(str), strict=True))
        for level, rows in own.groupby("level")
    }
    yield "RegSO", named.get("regso", [])
    schools = named.get("school", [])
    # «Ekebyholmsskolan, gr»: what follows the comma is the kind of school.
    yield "skola", [(form, area) for name, area in schools for form in {name, name.partition(",")[0]}]
    yield "skola", [(form, area) for name, area in schools for form in school_forms(key(name.partition(",")[0]))]
    yield "DeSO", named.get("deso", [])
    yield "kommun", [(municipality.name, municipality.code)]


def _what(name: str, what: str, municipality: Municipality) -> str:
    # The municipality and its town often share a name; which is meant is the set-up's choice, and it is told.
    return "kommundel, inte hela kommunen" if what != "kommun" and name == key(municipality.name) else what


def _folded_names(names: _Names) -> _Names:
    """The names without åäö, those that are then the same put together."""
    together: _Names = {}
    for name, (what, areas) in names.items():
        plain = folded(name)
        together[plain] = (what, together[plain][1] | areas) if plain in together else (what, areas)
    return together


@cache
def _municipalities() -> dict[str, str]:
    """The codes of the 290 municipalities by folded key."""
    # Falun's municipality has a genitive of its own kind: Falu kommun.
    return {folded(key(place.name)): code for code, place in all_municipalities().items()} | {"falu": "2080"}


@cache
def _larger() -> dict[str, str]:
    """The codes of the counties, and '' for the country, by folded key; counties also without their genitive."""
    counties = {folded(key(place.county_name)): place.county_code for place in all_municipalities().values()}
    country = dict.fromkeys(("sverige", "riket", "hela landet"), "")
    return counties | {name.replace("s lan", " lan"): code for name, code in counties.items()} | country


def _mark(own: pd.DataFrame, boundaries: pd.DataFrame, municipality: Municipality) -> str:
    layers = boundaries[boundaries["municipality_id"] == municipality.code].sort_values("layer")
    parts = (
        own[["area_id", "level", "name", "parent_id"]].astype(str).to_csv(index=False),
        municipality.model_dump_json(),
        *layers["sha256"].astype(str),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
