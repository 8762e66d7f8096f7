"""A tree of causes: one number for each, in reading order, and moves that keep the tree a tree.

Rows are (id, parent_id, position). What is stored may be less than a tree: a cause may have been put aside while
another still hangs under it, and two people who move at once can close a ring. Such causes are read as if they stood
at the top, so that every cause is always seen, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

Way = Literal["up", "down", "in", "out"]

#: The ways to move a cause, in the order of their buttons.
WAYS: tuple[Way, ...] = ("up", "down", "in", "out")

_CHANGES = ["id", "parent_id", "position"]


def numbered(causes: pd.DataFrame) -> pd.DataFrame:
    """The causes in reading order, a cause before what hangs under it.

    ``causes``: id, parent_id (missing at the top), position among its siblings, and whatever else. Returns the same
    rows and columns with number ("1", "1.1"), depth (0 at the top), above (id of the cause it is read under, missing at
    the top) and row (0, 1, 2 …, its place from the top).
    """
    above = _above(causes)
    below = _below(causes, above)
    order, waiting = list[tuple[int, str, int]](), _next(below, None, "", 0)
    while waiting:
        found = waiting.pop()
        order.append(found)
        waiting += _next(below, found[0], f"{found[1]}.", found[2] + 1)
    rows = causes.set_index("id", drop=False).rename_axis(None).loc[[one for one, _, _ in order]]
    return rows.reset_index(drop=True).assign(
        number=[number for _, number, _ in order],
        depth=[depth for _, _, depth in order],
        above=pd.array([above[one] for one, _, _ in order], dtype="Int64"),
        row=range(len(order)),
    )


def beneath(tree: pd.DataFrame, cause_id: int) -> list[int]:
    """The cause and all that hangs under it, in reading order. ``tree``: as ``numbered`` gives."""
    start = int(tree.index[tree["id"] == cause_id][0])
    deeper = tree["depth"].iloc[start + 1 :] > tree["depth"].iloc[start]
    until = len(deeper) if deeper.all() else int(deeper.to_numpy().argmin())
    return [int(one) for one in tree["id"].iloc[start : start + 1 + until]]


def moves(tree: pd.DataFrame, cause_id: int) -> dict[Way, pd.DataFrame]:
    """What each possible move of a cause, with all under it, would change: rows of id, parent_id and position.

    "up" and "down": past a sibling. "in": to be the last answer under the sibling before it. "out": to stand after the
    cause it hangs under. ``tree``: as ``numbered`` gives. A move that is not possible is not among them.
    """
    above = dict(zip(tree["id"].tolist(), tree["above"].astype(object).where(tree["above"].notna(), None), strict=True))
    parent = above[cause_id]
    siblings = [one for one in above if above[one] == parent]
    place = siblings.index(cause_id)
    others = [one for one in siblings if one != cause_id]
    found: dict[Way, pd.DataFrame] = {}
    if place > 0:
        elder = siblings[place - 1]
        found["up"] = _changed(tree, {parent: _with(others, place - 1, cause_id)})
        under = [one for one in above if above[one] == elder]
        found["in"] = _changed(tree, {parent: others, elder: [*under, cause_id]})
    if place + 1 < len(siblings):
        found["down"] = _changed(tree, {parent: _with(others, place + 1, cause_id)})
    if parent is not None:
        uncles = [one for one in above if above[one] == above[parent]]
        after = _with(uncles, uncles.index(parent) + 1, cause_id)
        found["out"] = _changed(tree, {parent: others, above[parent]: after})
    return found


def _changed(tree: pd.DataFrame, families: dict[int | None, list[int]]) -> pd.DataFrame:
    """The rows whose stored place is not the one they have in these families: the ids under each parent, in order."""
    stored = {
        int(row["id"]): (None if pd.isna(row["parent_id"]) else int(row["parent_id"]), int(row["position"]))
        for row in tree[_CHANGES].astype(object).to_dict("records")
    }
    placed = [(one, parent, place) for parent, ids in families.items() for place, one in enumerate(ids)]
    rows = [row for row in placed if stored[row[0]] != row[1:]]
    return pd.DataFrame(rows, columns=_CHANGES).astype({"parent_id": "Int64"})


def _with(ids: Sequence[int], place: int, one: int) -> list[int]:
    return [*ids[:place], one, *ids[place:]]


def _above(causes: pd.DataFrame) -> dict[int, int | None]:
    """The cause that each is read under: the stored one, where that is there and does not close a ring."""
    stored = {int(one): None if pd.isna(parent) else int(parent) for one, parent in
              zip(causes["id"], causes["parent_id"].astype(object), strict=True)}  # fmt: skip
    above = {one: parent if parent in stored else None for one, parent in stored.items()}
    reached: set[int | None] = {None}
    for start in sorted(above):
        path, one = [start], above[start]
        while one is not None and one not in reached and one not in path:
            path.append(one)
            one = above[one]
        if one in path:  # a ring: the eldest in it stands at the top
            above[min(path[path.index(one) :])] = None
        reached.update(path)
    return above


def _below(causes: pd.DataFrame, above: dict[int, int | None]) -> dict[int | None, list[int]]:
    """The ids under each, in order."""
    below: dict[int | None, list[int]] = {}
    for one in causes.sort_values(["position", "id"])["id"].tolist():
        below.setdefault(above[one], []).append(int(one))
    return below


def _next(below: dict[int | None, list[int]], parent: int | None, start: str, depth: int) -> list[tuple[int, str, int]]:
    """The rows under a parent with number and depth, the last first, to be taken from the end."""
    return [(one, f"{start}{place}", depth) for place, one in enumerate(below.get(parent, []), start=1)][::-1]
