"""The gate that every count of a protected source passes before it leaves ``queries``.

A source is protected when its row in ``source`` says so: police extracts, incident and fault reports, surveys,
attendance, participation and inspections that people have brought. Counts from 1 to 4 are hidden, or more where the
municipality's file in ``config/`` says so for the source ("smallest"), with all that would tell them
(analysis.disclosure). Official figures, and what the police publish themselves, pass as they are.

Which filters there are, and why they cannot be used against each other:

* time: whole years counted back from the source's last whole month (local_events.Window), the same whoever asks, so no
  two periods differ by a few days. Quarters part a year, months a quarter;
* place: the municipality, its districts, and the RegSO and DeSO that part them; events without a known district are a
  part of their own, since the municipality less its districts tells of them;
* category: all, or one of the source's own.

What parts the same number is one table with all its totals, so a difference between two filters is a cell of it. Tables
that part the same total in different ways (by category, by quarter, by RegSO) are held together by that total: it is
decided first (``linked``), and what parts a hidden total is hidden whole, so that the parts can always move with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.disclosure import ALL, FINAL, HIDDEN, SMALLEST, Policy, hidden_in_groups, protect
from store.warehouse import Build, fetch

#: How much of the hash of a source's first delivery decides what goes along with what is small.
_KEY = 16


def policy(build: Build, source_id: str) -> Policy | None:
    """How a source is protected; None for figures that are published as they are.

    A source that the build does not know is protected. What goes along with small counts follows from the content of
    its first delivery, which readers are not shown, and so is the same in every build.
    """
    rows = fetch(
        build,
        """
        SELECT s.protected, coalesce(s.smallest, $smallest) AS smallest, d.sha256
        FROM source s LEFT JOIN delivery d USING (source_id)
        WHERE s.source_id = $source ORDER BY d.received_at, d.delivery_id LIMIT 1
        """,
        {"source": source_id, "smallest": SMALLEST},
    )
    if rows.empty:
        return Policy()
    found = rows.iloc[0]
    if not found["protected"]:
        return None
    content = found["sha256"] if isinstance(found["sha256"], str) else ""
    return Policy(int(found["smallest"]), key=int.from_bytes(content.encode()[:_KEY], "big"))


def shown(
    build: Build, source_id: str, counts: pd.DataFrame, dimensions: list[str], value: str = "events", step: int = 0
) -> pd.DataFrame:
    """``counts`` as the source's policy lets them be shown: see ``analysis.disclosure.protect``. ``step``: who asks
    tells them in steps of this."""
    rule = policy(build, source_id)
    return _passed(replace(rule, step=step) if rule else None, counts, dimensions, value)


def _passed(rule: Policy | None, counts: pd.DataFrame, dimensions: list[str], value: str) -> pd.DataFrame:
    if rule is None:
        return counts.assign(status=FINAL).astype({value: float})
    return protect(counts, dimensions, value, rule)


def linked(
    build: Build,
    source_id: str,
    tables: Mapping[str, pd.DataFrame],
    shared: list[str],
    by: Mapping[str, Sequence[str]],
    value: str = "events",
) -> dict[str, pd.DataFrame]:
    """Tables that part the same totals in different ways, protected together.

    Each of ``tables`` is as ``protect`` wants it, over the dimensions ``shared`` and those of its own, ``by[name]``;
    where all of those are ``ALL`` they have the same counts. A shared total that one table has to hide is hidden in
    all, and where it is hidden, so are all its parts: then they can move with it, whatever table it is moved for.
    """
    rule = policy(build, source_id)
    lost: set[tuple[object, ...]] = set()
    while True:
        found = {
            name: _passed(rule, _forced(rows, shared, lost), [*shared, *by[name]], value)
            for name, rows in tables.items()
        }
        more = lost.union(*(_hidden_totals(rows, shared, by[name]) for name, rows in found.items()))
        if len(more) == len(lost):
            return found
        lost = more


def parts_hidden(
    build: Build,
    source_id: str,
    counts: ArrayLike,
    groups: ArrayLike,
    hidden_totals: ArrayLike,
    forced: ArrayLike = False,
) -> NDArray[np.bool_]:
    """Which parts of totals are hidden (``analysis.disclosure.hidden_in_groups``); none of a source that is not
    protected."""
    rule = policy(build, source_id)
    if rule is None:
        return np.zeros(len(np.asarray(groups)), dtype=bool)
    return hidden_in_groups(counts, groups, hidden_totals, rule, forced)


def _forced(rows: pd.DataFrame, shared: list[str], lost: set[tuple[object, ...]]) -> pd.DataFrame:
    """The rows, those hidden whose shared total is."""
    keys = rows[shared].itertuples(index=False, name=None)
    return rows.assign(status=[HIDDEN if key in lost else FINAL for key in keys])


def _hidden_totals(rows: pd.DataFrame, shared: list[str], own: Sequence[str]) -> set[tuple[object, ...]]:
    lost = rows[(rows["status"] == HIDDEN) & (rows[list(own)] == ALL).all(axis=1)]
    return set(lost[shared].itertuples(index=False, name=None))
