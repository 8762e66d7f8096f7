"""Where a change in events, or a place's level, lies: kind, place, time of week, day and year, and who reported.

Exact are the numbers of kinds and districts (queries.local_tables). All else is told in steps
(queries.event_rows.in_steps), without what the gate hides in the tables of queries.causes_tables: of any kind and
place, by weekday and time of day, or by one other dimension. A path that would combine more finds nothing. The
analysis sees nothing but what is told, and takes the middle of each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis import explain
from queries import places, profiles
from queries.causes_parts import DETAIL, DISTRICT, KIND, UNKNOWN, counts, parts, possible
from queries.causes_tables import UNPLACED, Cells, Cut, table_of
from queries.event_rows import in_steps, period, step
from queries.local_tables import ALL, NOWHERE, Tables, protected
from queries.local_window import Window
from store.warehouse import Build

#: What the newest twelve months are set against: the twelve before, the mean of all earlier whole years, or the rest
#: of the municipality in the same months.
YEAR, MEAN, REST = "year", "mean", "rest"

#: From so many earlier years on, how much the parts vary from year to year is known.
_ENOUGH_YEARS = 3

#: What is told only of rates.
_PERSONS = ["rate_part", "mix_part"]

Path = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Causes:
    """``found``: as ``analysis.explain.change`` gives, or ``shares``, and step (how wide the steps of its numbers are)
    and moved (events, or points of the share 0-1, more than the reference led to). ``dimensions``: as
    ``explain.dimensions``. ``before`` and ``after``: the whole, NaN when hidden, and then nothing is found. ``scale``:
    what of ``before`` is as much time, or as many persons, as ``after``. ``noise``: how large a change of the whole
    chance alone often makes."""

    found: pd.DataFrame = field(default_factory=pd.DataFrame)
    dimensions: pd.DataFrame = field(default_factory=pd.DataFrame)
    before: float = np.nan
    after: float = np.nan
    before_label: str = ""
    after_label: str = ""
    scale: float = 1.0
    step: int = 1
    noise: float = 0.0
    shares: bool = False


def comparisons(build: Build, municipality_id: str, source_id: str, place_id: str) -> list[str]:
    """What the newest twelve months in the place can be set against: of YEAR, MEAN and REST."""
    covered = period(build, source_id)
    if covered is None or covered.months < 12:
        return []
    years = covered.months // 12
    found = [name for name, least in ((YEAR, 2), (MEAN, 3)) if years >= least]
    level = place_id != municipality_id and np.isfinite(_part_of_rest(build, municipality_id, place_id))
    return [*found, *([REST] if level else [])]


def steps(build: Build, municipality_id: str, source_id: str) -> dict[str, list[str]]:
    """The dimensions of the source and the parts of each that can be chosen; empty without a whole year."""
    covered = period(build, source_id)
    if covered is None or covered.months < 12:
        return {}
    return parts(build, municipality_id, source_id, covered)


def breakdown(
    build: Build, municipality_id: str, source_id: str, place_id: str, category: str, path: Path, against: str
) -> Causes | None:
    """The newest twelve months against the reference, parted by every dimension that is left after ``path``.

    ``path``: (dimension, part) of ``steps``, one after the other. None when the source does not
    cover the reference or the place. Nothing is found where the whole, or any step of the path, is hidden.
    """
    covered = period(build, source_id)
    if covered is None or against not in comparisons(build, municipality_id, source_id, place_id):
        return None
    asked = _asked(build, municipality_id, source_id, place_id, category, path, covered, against)
    if place_id not in set(asked.tables.years["area_id"]):
        return None
    whole, labels = asked.totals(), asked.labels
    told = Causes(before_label=labels[0], after_label=labels[1], scale=asked.scale, step=1)
    if asked.deep:
        table = table_of([dimension for dimension, _ in asked.deep])
        if table is None or not np.isfinite(whole).all() or not asked.can_be_chosen():
            return told
        asked = replace(asked, cells={table: asked.cut.cells(table)})
        own = asked.numbers(asked.place_id, asked.category, dict(asked.deep))
        whole = (own[0], own[1])
    if not np.isfinite(whole).all() or not sum(whole):
        return told
    return asked.answer(whole)


@dataclass(frozen=True)
class _Asked:
    """One question: what is counted (``cut``), in which place and category, along which path, against what."""

    build: Build
    source_id: str
    municipality_id: str
    place_id: str
    category: str
    shallow: Path
    deep: Path
    against: str
    covered: Window
    known: dict[str, list[str]]
    names: dict[str, str]
    cut: Cut
    tables: Tables
    scale: float
    size: int
    cells: dict[tuple[str, ...], Cells] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, str]:
        """What the reference and the newest twelve months are called."""
        newest = self.covered.label(12, 0)
        if self.against == REST:
            return newest, newest
        if self.against == YEAR:
            return self.covered.label(12, 1), newest
        earlier = self.covered.months - 12
        return Window(self.covered.first, self.covered.start(12, 0) - pd.Timedelta(days=1)).label(earlier, 0), newest

    def totals(self) -> tuple[float, float]:
        """The whole before any deep step, exact; NaN when hidden."""
        own = self._exact("category", self.category)
        found = own[own["area_id"] == self.place_id]
        return (float("nan"), float("nan")) if found.empty else (found["before"].iloc[0], found["after"].iloc[0])

    def can_be_chosen(self) -> bool:
        """Whether each step of the path is a part of what is left after those before."""
        before = [[*self.shallow, *self.deep[:number]] for number in range(len(self.deep))]
        return all(
            part in possible(self.known, chosen).get(dimension, [])
            for chosen, (dimension, part) in zip(before, self.deep, strict=True)
        )

    def answer(self, whole: tuple[float, float]) -> Causes:
        """All dimensions that are left, in one look."""
        left = possible(self.known, [*self.shallow, *self.deep])
        if self.against == REST or self.place_id != self.municipality_id:
            left.pop(DISTRICT, None)
        lines, spread = list[pd.DataFrame](), [1.0]
        for name, values in left.items():
            cells = self._cells(name)
            if cells is not None:
                lines.append(_without_empty(self._line(cells, name, values), name))
                spread.append(self._overdispersion(cells, name, values))
            elif not self.deep:
                lines.append(self._known(name))
        told = pd.concat([one for one in lines if len(one)], ignore_index=True)
        dispersion = max(spread)
        found = explain.change(
            _middle(told), _middle_of(whole, self.size if self.deep else 1), scale=self.scale, dispersion=dispersion
        )
        found = found.assign(moved=found["after"] - self.scale * found["before"])
        found = found.drop(columns=["before", "after", "base", *_PERSONS]).merge(told, on=["dimension", "value"])
        noise = 2 * np.sqrt((whole[1] + self.scale**2 * whole[0]) * dispersion)
        labels = self.labels
        return Causes(
            found, explain.dimensions(found), *whole, labels[0], labels[1], self.scale,
            self.size if self.deep else 1, float(noise),
        )  # fmt: skip

    def _cells(self, dimension: str) -> Cells | None:
        """The table that the dimension is told in; None for kinds and districts that nothing else has parted, and for
        what is not told together with the path."""
        if self.deep and dimension in (KIND, DISTRICT):
            return next(iter(self.cells.values()))
        table = table_of([dimension, *(name for name, _ in self.deep)])
        if table is None:
            return None
        if table not in self.cells:
            self.cells[table] = self.cut.cells(table)
        return self.cells[table]

    def _line(self, cells: Cells, dimension: str, values: Sequence[str]) -> pd.DataFrame:
        """One dimension in steps: dimension, value, before, after, step; empty where hidden."""
        found = [self.numbers(*self._part(dimension, value), cells) for value in values]
        out = pd.DataFrame(found, columns=["before", "after"]).assign(value=list(values), dimension=dimension)
        return out.assign(step=self.size)

    def _part(self, dimension: str, value: str) -> tuple[str, str, dict[str, str]]:
        """Place, kind and parts of a value of a dimension, along the path."""
        ids = {name: area_id for area_id, name in self.names.items()} | {UNKNOWN[DISTRICT]: UNPLACED}
        place = ids[value] if dimension == DISTRICT else self.place_id
        category = value if dimension == KIND else self.category
        more = {} if dimension in (KIND, DISTRICT) else {dimension: value}
        return place, category, dict(self.deep) | more

    def numbers(
        self, place: str, category: str, chosen: dict[str, str], cells: Cells | None = None
    ) -> tuple[float, float]:
        """Before and after in steps, NaN where hidden."""
        own = cells or next(iter(self.cells.values()))
        after, hidden = own.at(0, self._place(place), category, chosen)
        if self.against == REST:
            every, lost = own.at(0, ALL, category, chosen)
            before, lost = every - after, lost or hidden
        else:
            years = [1] if self.against == YEAR else range(1, self.covered.months // 12)
            told = [own.at(back, self._place(place), category, chosen) for back in years]
            before, lost = sum(number for number, _ in told), any(one for _, one in told)
        steps = in_steps(pd.Series([before, after]), self.size, np.array([lost, hidden]))["events"]
        return float(steps[0]), float(steps[1])

    def _place(self, place: str) -> str:
        return ALL if place == self.municipality_id else place

    def _known(self, dimension: str) -> pd.DataFrame:
        """Kinds or districts, exactly as they are told elsewhere."""
        if dimension == KIND:
            own = self._exact("area_id", self.place_id)
            found = own[own["category"] != ALL].assign(value=own["category"])
        else:
            own = self._exact("category", self.category)
            found = own[own["area_id"] != self.municipality_id]
            found = found.assign(value=found["area_id"].map({**self.names, NOWHERE: UNKNOWN[DISTRICT]}))
        found = found[(found["before"] != 0) | (found["after"] != 0)]
        return found[["value", "before", "after"]].assign(dimension=dimension, step=1)

    def _exact(self, column: str, chosen: str) -> pd.DataFrame:
        """Kinds by districts: area_id, category, before, after, NaN when hidden; those where ``column`` is chosen."""
        years = self.tables.years
        if self.against == REST:
            places = years[years["back"] == 0].pivot(index="category", columns="area_id", values="events")
            mine, every = places[self.place_id], places[self.municipality_id]
            out = pd.DataFrame({"before": every - mine, "after": mine}).reset_index(names="category")
            out = out.assign(area_id=self.place_id)
        else:
            key = ["area_id", "category"]
            table = years.pivot(index=key, columns="back", values="events")
            earlier = [1] if self.against == YEAR else list(range(1, table.shape[1]))
            before = table[earlier].sum(axis=1, min_count=len(earlier))
            out = pd.DataFrame({"before": before, "after": table[0]}).reset_index()
        return out[out[column] == chosen]

    def _overdispersion(self, cells: Cells, dimension: str, values: Sequence[str]) -> float:
        """How much more than by chance the parts have varied between the earlier years; 1 where too few are known."""
        years = self.covered.months // 12
        if self.against == REST or years - 1 < _ENOUGH_YEARS:
            return 1.0
        parts = [self._part(dimension, value) for value in values]
        told = [
            [cells.at(back, self._place(place), category, chosen) for place, category, chosen in parts]
            for back in range(1, years)
        ]
        steps = [
            in_steps(pd.Series([number for number, _ in year]), self.size, np.array([lost for _, lost in year]))
            for year in told
        ]
        return explain.overdispersion(np.array([year["events"].fillna(0.0) for year in steps]))


def _asked(
    build: Build,
    municipality_id: str,
    source_id: str,
    place_id: str,
    category: str,
    path: Path,
    covered: Window,
    against: str,
) -> _Asked:
    """The question, with steps to a kind or a district taken as a choice of those."""
    known = parts(build, municipality_id, source_id, covered)
    tables = protected(build, municipality_id, source_id)
    areas = places.choices(build, municipality_id)
    areas = areas[areas["level"] == "district"]
    names = dict(zip(areas["area_id"], areas["name"], strict=True))
    ids = {name: area_id for area_id, name in names.items()}
    shallow, deep = list[tuple[str, str]](), list[tuple[str, str]]()
    whole = place_id
    for dimension, part in path:
        if dimension == KIND and not category and part in known.get(KIND, []):
            category = part
            shallow.append((dimension, part))
        elif dimension == DISTRICT and whole == municipality_id and part in ids:
            whole = ids[part]
            shallow.append((dimension, part))
        else:
            deep.append((dimension, part))
    if category and (KIND, category) not in shallow:
        shallow.append((KIND, category))
    rows = counts(build, municipality_id, source_id, covered)
    size = step(build, source_id)
    cut = Cut(build, municipality_id, source_id, covered, rows, known, tables, size)
    scale = {YEAR: 1.0, MEAN: 1 / max(covered.months // 12 - 1, 1)}.get(against)
    return _Asked(
        build, source_id, municipality_id, whole, category, tuple(shallow), tuple(deep), against, covered, known, names,
        cut, tables, _part_of_rest(build, municipality_id, place_id) if scale is None else scale,
        size,
    )  # fmt: skip


def _part_of_rest(build: Build, municipality_id: str, place_id: str) -> float:
    """Inhabitants of the place over those of the rest of the municipality; NaN where not known."""
    own, every = (profiles.population(build, one).dropna(subset=["population"]) for one in (place_id, municipality_id))
    both = own.merge(every, on="year", suffixes=("", "_all"))
    if both.empty:
        return float("nan")
    newest = both.iloc[-1]
    rest = float(newest["population_all"] - newest["population"])
    return float(newest["population"]) / rest if rest > 0 else float("nan")


def _middle(values: pd.DataFrame) -> pd.DataFrame:
    """Numbers told in steps as the middle of what they may be: rounded down, small ones would seem to change more."""
    more = (values["step"] - 1) / 2
    return values.assign(before=values["before"] + more, after=values["after"] + more)


def _middle_of(whole: tuple[float, float], size: int) -> tuple[float, float]:
    return whole[0] + (size - 1) / 2, whole[1] + (size - 1) / 2


def _without_empty(line: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Without finer kinds of which there are too few to tell on both sides: there may be hundreds."""
    few = line["before"].isna() & line["after"].isna()
    return line[~few] if dimension == DETAIL else line
