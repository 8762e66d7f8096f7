"""Which figures that people have brought are hidden, whatever page asks: attendance, participation, inspections.

Numbers of persons that are small are hidden, and figures about few. A number that can be added up is a part of larger
ones: of that of the larger area, and of that of all classes, sexes or groups together. Where such a whole is hidden so
are its parts; where it is told, either none of its parts is hidden or at least two that are not few together.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.disclosure import small
from queries import gate
from queries.added_up import one_way, way
from store.warehouse import Build, fetch

#: What tells a figure from others.
KEY = ["indicator_id", "period_label", "area_id", "breakdown"]

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


def hidden(build: Build, municipality_id: str, indicator_ids: list[str]) -> pd.MultiIndex:
    """The figures of the municipality's areas that are hidden, by KEY; none of a source that is not protected.

    The whole of what is told only in parts (``breakdown`` empty) is among them: it is shown added up.
    """
    rows = _figures(build, municipality_id, indicator_ids)
    lost = [
        own.loc[_lost(build, str(source_id), own.reset_index(drop=True)), KEY]
        for source_id, own in rows.groupby("source_id")
    ]
    return pd.MultiIndex.from_frame(pd.concat([rows.loc[[], KEY], *lost]))


def _figures(build: Build, municipality_id: str, indicator_ids: list[str]) -> pd.DataFrame:
    """Figures of protected sources, with the wholes of what is told in parts: KEY, source_id, level, value, base, adds
    (can be added up), counts (is a number of something)."""
    rows = fetch(
        build,
        """
        WITH inside AS (
            SELECT area_id, level FROM area_within JOIN area USING (area_id) WHERE within_id = $municipality
            UNION
            SELECT area_id, level FROM area WHERE level = 'unplaced' AND starts_with(area_id, $municipality || '-')
        )
        SELECT o.indicator_id, o.period_label, o.area_id, o.breakdown, i.source_id, a.level, o.value, o.base,
               i.aggregation = 'sum' AS adds, i.aggregation = 'sum' OR i.unit = 'antal' AS counts
        FROM observation o JOIN inside a USING (area_id) JOIN indicator i USING (indicator_id)
        JOIN source s ON s.source_id = i.source_id
        WHERE s.protected AND list_contains($indicators, o.indicator_id)
        ORDER BY ALL
        """,
        {"municipality": municipality_id, "indicators": indicator_ids},
    )
    same = ["indicator_id", "period_label", "area_id"]
    parted = rows[rows["adds"] & (rows["level"] != "unplaced")]
    parted = one_way(parted, same)
    wholes = (
        parted[parted["breakdown"] != ""]
        .groupby([*same, "source_id", "level", "adds", "counts"], as_index=False)[["value", "base"]]
        .sum(min_count=1)
    )
    return (
        pd.concat([rows, wholes.assign(breakdown="")], ignore_index=True)
        .dropna(subset=["value"])
        .reset_index(drop=True)
    )


def _lost(build: Build, source_id: str, rows: pd.DataFrame) -> Mask:
    """Which figures of a source are hidden: what is small, is about few, or would tell of those."""
    rule = gate.policy(build, source_id)
    if rule is None:
        return np.zeros(len(rows), dtype=bool)
    few = rows["counts"] & small(rows["value"], rule.smallest) | small(rows["base"], rule.smallest)
    lost = few.to_numpy(dtype=bool)
    added = rows[rows["adds"]].reset_index(names="row")
    parts = pd.concat([_in_areas(build, added), _in_breakdowns(added)], ignore_index=True)
    values, whole, row = rows["value"].to_numpy()[parts["row"]], parts["whole"].to_numpy(), parts["row"].to_numpy()
    while len(parts):
        more = lost.copy()
        found = gate.parts_hidden(build, source_id, values, parts["group"], lost[whole], forced=lost[row])
        more[row[found]] = True
        more[whole[_too_few(values, parts["group"], more[row], rule.smallest)]] = True
        if (more == lost).all():
            break
        lost = more
    return lost


def _too_few(values: Floats, groups: pd.Series, lost: Mask, smallest: int) -> Mask:
    """Which parts are of a whole that would tell of them, since there are no others to hide with them: of the others
    there are none, and nobody hides that."""
    hidden_ones = lost & (values > 0)
    many = pd.Series(hidden_ones).groupby(groups).transform("sum")
    together = pd.Series(np.where(hidden_ones, values, 0.0)).groupby(groups).transform("sum")
    return np.asarray(hidden_ones & ((many < 2) | (together < smallest)))


def _in_areas(build: Build, rows: pd.DataFrame) -> pd.DataFrame:
    """Each number with those of the larger areas that it is a part of: row, whole, group (parts of one level)."""
    around = fetch(
        build,
        """
        SELECT area_id, within_id FROM area_within
        WHERE area_id <> within_id AND area_id IN (SELECT unnest($areas)) AND within_id IN (SELECT unnest($areas))
        ORDER BY ALL
        """,
        {"areas": rows["area_id"].unique().tolist()},
    )
    wholes = rows[["row", *KEY]].rename(columns={"area_id": "within_id", "row": "whole"})
    parts = rows[["row", "level", *KEY]].merge(around, on="area_id").merge(
        wholes, on=["indicator_id", "period_label", "within_id", "breakdown"]
    )  # fmt: skip
    return _grouped(parts["row"], parts["whole"], parts["level"])


def _in_breakdowns(rows: pd.DataFrame) -> pd.DataFrame:
    """Each number with those of the same area that are parted less finely: row, whole, group (parted by the same)."""
    found: list[tuple[int, int, str]] = []
    for _, own in rows.groupby(["indicator_id", "period_label", "area_id"]):
        parts = [(int(row), frozenset(filter(None, told.split("|")))) for row, told in own[["row", "breakdown"]].values]
        found += [
            (row, whole, way("|".join(fine)))
            for (row, fine), (whole, coarse) in permutations(parts, 2)
            if fine > coarse
        ]
    rows_of, wholes, kinds = (pd.Series(list(one), dtype=object) for one in zip(*found, strict=True)) if found else (
        pd.Series(dtype=object) for _ in range(3)
    )  # fmt: skip
    return _grouped(rows_of, wholes, "=" + kinds.astype(str))


def _grouped(rows: pd.Series, wholes: pd.Series, kinds: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {"row": rows.astype(int), "whole": wholes.astype(int), "group": wholes.astype(str) + " " + kinds}
    )
