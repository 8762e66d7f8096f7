"""The rows of events, as they are. Only for questions that protect what they answer with: nothing here is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.disclosure import FINAL, HIDDEN, SMALLEST
from analysis.verdict import Verdict
from queries import gate, local_tables
from queries.event_views import DIMENSIONS, REST, Cutting, elsewhere, views
from queries.local_tables import NOWHERE
from queries.local_window import Window, window
from store.warehouse import Build, fetch

#: The category that stands for all of them.
ALL = ""

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """What is asked about: events of a source in a place (a district or the municipality), all or of one category."""

    municipality_id: str
    source_id: str
    place_id: str
    category: str = ALL

    @property
    def whole(self) -> bool:
        """Whether the place is the municipality."""
        return self.place_id == self.municipality_id


def period(build: Build, source_id: str) -> Window | None:
    """The whole years, counted back from the last whole month, that the source covers; its months if it covers none.

    The same years as ``local_events.years`` has, so that the two can stand beside each other.
    """
    covered = window(build, source_id)
    if covered is None:
        return None
    years = covered.months // 12
    return Window(covered.start(12, years - 1), covered.last) if years else covered


def within(build: Build, asked: Asked, covered: Window) -> pd.DataFrame:
    """The events of whole days within ``covered``: category, events, occurred_from, occurred_to, moment (of the event,
    or else of its report), area_id, district (empty when unknown), reporter, x, y, precision.

    The municipality's have those without a known place too; events outside it are never here.
    """
    return fetch(
        build,
        """
        WITH placed AS (
            SELECT w.area_id, d.area_id AS district FROM area d JOIN area_within w ON w.within_id = d.area_id
            WHERE d.level = 'district' AND d.parent_id = $municipality
        ), told AS (  -- in two parts: joined on the places alone, all that lies elsewhere in the file is passed over
            SELECT e.* FROM event e JOIN area_within w ON w.area_id = e.area_id
            WHERE w.within_id = $place AND e.source_id = $source
              AND coalesce(e.occurred_from, e.reported) >= $first AND coalesce(e.occurred_from, e.reported) < $after
            UNION ALL
            SELECT * FROM event
            WHERE $place = $municipality AND area_id IS NULL AND placement <> 'outside' AND source_id = $source
              AND coalesce(occurred_from, reported) >= $first AND coalesce(occurred_from, reported) < $after
        )
        SELECT e.category, e.events, e.occurred_from, e.occurred_to, coalesce(e.occurred_from, e.reported) AS moment,
               e.area_id, coalesce(p.district, '') AS district, e.reporter, e.x, e.y, e.precision
        FROM told e LEFT JOIN placed p ON p.area_id = e.area_id
        WHERE $category = '' OR e.category = $category
        ORDER BY e.event_id
        """,
        {
            "municipality": asked.municipality_id, "source": asked.source_id, "place": asked.place_id,
            "category": asked.category, "first": covered.first, "after": covered.after,
        },
    )  # fmt: skip


def with_point(rows: pd.DataFrame) -> pd.DataFrame:
    """Those of ``within`` that have a point of their own, with an index from 0."""
    return rows[rows["x"].notna() & rows["y"].notna() & (rows["precision"] == "address")].reset_index(drop=True)


def one_by_one(rows: pd.DataFrame) -> pd.DataFrame:
    """A row that stands for several events as many times: all at the same place and moment."""
    return rows.loc[rows.index.repeat(rows["events"])]


@dataclass(frozen=True)
class Cut:
    """Events cut into parts of time: how many in each part (exact: to be told by ``in_steps``), and which of those are
    hidden."""

    counts: Floats
    hidden: Mask

    def told(self, size: int) -> pd.DataFrame:
        """As ``in_steps``."""
        return in_steps(pd.Series(self.counts), size, self.hidden)

    def leaves_open(self, size: int) -> bool:
        """Whether all events together could be ``size`` more or fewer than they are, by what is told of the parts."""
        over = self.counts - self.told(size)["events"].to_numpy()
        return bool(np.nansum(over) >= size and np.nansum(size - 1 - over) >= size)


def cut(
    build: Build,
    asked: Asked,
    covered: Window,
    parts: Callable[[pd.DataFrame], Floats],
    most_hidden: float,
    together: int | None = None,
    hidden_parts: dict[str, set[int]] | None = None,
    exact_parts: dict[str, set[int]] | None = None,
) -> Cut | None:
    """The events asked about cut in parts of time; None when more than a share of the parts are too small to show.

    ``parts`` cuts a frame of ``within`` into numbers (n), the same cut for every frame. The gate looks at the table
    that a reader can put together: all places by all categories by parts, of the views that are shown. What is told
    exactly of the same events (queries.local_tables) is taken as known: how many they are, or those of so many parts
    ``together``, which part all of them. Where a year is hidden, and the parts would tell how many they are nearly
    enough to narrow it, the smallest of them is hidden too. ``hidden_parts``: of each place (ALL, or a district), those
    that are hidden where the same parts of all categories are told exactly, and ``exact_parts`` those that are not.
    """
    size = max(step(build, asked.source_id), SMALLEST)
    counts = parts(within(build, asked, covered))
    if (counts < size).mean() > most_hidden:
        return None
    if step(build, asked.source_id) == 1:
        return Cut(counts, np.zeros(len(counts), dtype=bool))
    years = local_tables.protected(build, asked.municipality_id, asked.source_id).years
    years = years[years["status"] == HIDDEN].replace({"area_id": {asked.municipality_id: ALL, NOWHERE: REST}})
    lost = set(years[["area_id", "category"]].itertuples(index=False, name=None))
    place = ALL if asked.whole else asked.place_id
    every = within(build, replace(asked, place_id=asked.municipality_id, category=ALL), covered)
    table = views(every, Cutting(parts, size, most_hidden, together, lost))
    table = elsewhere(table, together, hidden_parts or {}, exact_parts or {})
    told = gate.shown(build, asked.source_id, table, DIMENSIONS, step=size)
    own = told[(told["district"] == place) & (told["category"] == asked.category) & ~told["part"].isin([ALL, REST])]
    hidden = (own["status"] == HIDDEN).to_numpy()
    found = Cut(counts, hidden)
    if (place, asked.category) in lost and not found.leaves_open(size):
        hidden = hidden | (np.arange(len(counts)) == np.where(counts >= size, counts, np.inf).argmin())
    return None if hidden.mean() > most_hidden else Cut(counts, hidden)


def step(build: Build, source_id: str) -> int:
    """In steps of how many the source's counts are told; 1 for published figures, which are told as they are."""
    policy = gate.policy(build, source_id)
    return 1 if policy is None else max(policy.smallest, policy.rounding)


def in_steps(counts: pd.Series, size: int, hidden: Mask | None = None) -> pd.DataFrame:
    """Counts told in steps of ``size``: events (rounded down; empty below the first step, or where ``hidden``), status.

    Here times, places and categories can be combined freely, and cut in hours, weeks, months and squares that do not
    fit into each other. Exact counts, even with the small ones hidden, would give those away as differences between two
    views. A step is as wide as what is small: every difference between two views is then at least as uncertain as
    «fewer than five», and none and a few look the same.
    """
    values = counts.astype(float)
    if size == 1:
        return pd.DataFrame({"events": values.round(), "status": FINAL}, index=counts.index)
    low = values.add(1e-9).floordiv(size).mul(size)  # aoristic weights add up to whole numbers only nearly
    lost = (low < size) | (False if hidden is None else hidden)
    return pd.DataFrame({"events": low.mask(lost), "status": np.where(lost, HIDDEN, FINAL)}, index=counts.index)


def left_out(lost: float, every: float, size: int) -> tuple[float, float]:
    """Of ``every`` event those that are ``lost`` to a view, as it may be told: how many are left (in steps, NaN when
    hidden) and how large a share is lost (0-1; NaN for fewer than a step, or none).

    Both follow from the two numbers in steps. What is really left would, beside the exact number of all, tell how few
    the others are.
    """
    if size == 1:
        return every - lost, lost / every if every else 0.0
    few, whole = in_steps(pd.Series([lost, every]), size)["events"]
    left = whole - (0.0 if np.isnan(few) else few)
    part, of = middles([lost, every], size)
    return (left if left > 0 else np.nan), float(part / of)


def middles(counts: ArrayLike, size: int, hidden: Mask | None = None) -> Floats:
    """The middle of the step that each count is told in, NaN where hidden: what is worked out from those tells no more
    than the steps do."""
    told = in_steps(pd.Series(np.asarray(counts, dtype=float)), size, hidden)["events"]
    return told.to_numpy() + (size - 1) / 2


def told_of(verdicts: pd.Series, status: pd.Series) -> pd.Series:
    """Verdicts of numbers that may be hidden: of those only that they are more than expected, else empty.

    Less than expected would say how small a number is. More only says that it is not one of the small ones.
    """
    return verdicts.where((status != HIDDEN) | (verdicts == Verdict.HIGHER), "")


def hidden_quarters(build: Build, asked: Asked, covered: Window, months: int) -> dict[str, set[int]]:
    """Of each place (ALL, or a district), the parts of so many months (1 or 3), the oldest 0, that are hidden as
    quarters or months of all categories (queries.local_tables)."""
    rows = local_tables.protected(build, asked.municipality_id, asked.source_id).quarters
    rows = rows[(rows["status"] == HIDDEN) & (rows["area_id"] != NOWHERE)]
    found: dict[str, set[int]] = {}
    for place, start, month in rows[["area_id", "period_start", "month"]].itertuples(index=False, name=None):
        first = (start.year - covered.first.year) * 12 + start.month - covered.first.month
        parts = range(first // months, (first + (1 if month else 3) - 1) // months + 1)
        found.setdefault(ALL if place == asked.municipality_id else place, set()).update(parts)
    return found


def exact_parts(build: Build, asked: Asked, covered: Window, months: int) -> dict[str, set[int]]:
    """Of each place (ALL, a district, or REST for those without), the parts of so many months (1 or 3), the oldest 0,
    whose events of all categories are told exactly (queries.local_tables)."""
    rows = local_tables.protected(build, asked.municipality_id, asked.source_id).quarters
    found: dict[str, set[int]] = {place: set() for place in rows["area_id"]}
    rows = rows[(rows["status"] != HIDDEN) & ((rows["month"] == ALL) == (months != 1))]
    for place, start in rows[["area_id", "period_start"]].itertuples(index=False, name=None):
        first = (start.year - covered.first.year) * 12 + start.month - covered.first.month
        found[place].add(first // months)
    named = {asked.municipality_id: ALL, NOWHERE: REST}
    return {named.get(place, place): parts for place, parts in found.items()}
