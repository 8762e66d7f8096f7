"""What today's facts say beside figures that were frozen: of the same series, or only of their sources' deliveries."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd

from analysis.frozen_change import Changed, changed
from queries.measured import INDICATOR, Measured, series
from store.warehouse import Build, fetch


def telling(build: Build, measured: Measured) -> pd.DataFrame:
    """A series as it is kept for comparison: start, end, label, value, step (1: value is exact).

    Of an indicator by year, as it is mostly published and revised; of others by the finest periods, since a year of
    local events is the twelve months before the newest and moves with every delivery.
    """
    return series(build, measured, by_year=measured.kind == INDICATOR)[["start", "end", "label", "value", "step"]]


def since(build: Build, measured: Measured, then: str) -> Changed:
    """What has become of a series whose telling was ``then`` (CSV, so that the answer can be kept)."""
    return changed(pd.read_csv(io.StringIO(then), dtype={"label": str}), telling(build, measured))


def newest_deliveries(build: Build, citations: Sequence[str]) -> pd.DataFrame:
    """citation and received_at (UTC) of the newest delivery of each of the sources that is among the facts."""
    return fetch(
        build,
        """
        SELECT s.citation, max(d.received_at) AS received_at
        FROM source s JOIN delivery d USING (source_id)
        WHERE s.citation IN (SELECT unnest($citations))
        GROUP BY s.citation ORDER BY s.citation COLLATE sv
        """,
        {"citations": list(citations)},
    )


def unused(build: Build, citations: Sequence[str]) -> pd.DataFrame:
    """The sources with deliveries that are not among ``citations``: title, producer, speaks_of."""
    return fetch(
        build,
        """
        SELECT DISTINCT s.title, s.producer, s.speaks_of
        FROM source s JOIN delivery d USING (source_id)
        WHERE s.citation NOT IN (SELECT unnest($citations))
        ORDER BY s.title COLLATE sv
        """,
        {"citations": list(citations)},
    )
