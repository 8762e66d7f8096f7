"""The municipality's own sources: spreadsheets that people have brought, by kind, and the deliveries behind them."""

from __future__ import annotations

import pandas as pd

from store.warehouse import Build, fetch

#: What stands in ``status`` of a number that is hidden so that nobody can be told by it, nor by what stands around it.
HIDDEN = "suppressed"

#: Kinds of sources whose rows are figures (``observation``).
FIGURE_KINDS = ("observations", "participation", "inspections")


def sources(build: Build) -> pd.DataFrame:
    """The local sources, by kind, the largest first; empty when there are none.

    Columns: source_id, title, producer, citation, kind, delivered (newest delivery, UTC), first and last (days that the
    deliveries cover), rows (that the deliveries brought).
    """
    return fetch(
        build,
        """
        SELECT s.source_id, s.title, s.producer, s.citation, s.kind, max(d.received_at) AS delivered,
               min(d.period_first) AS first, max(d.period_last) AS last, sum(d.rows_kept)::BIGINT AS rows
        FROM source s JOIN delivery d USING (source_id) WHERE s.kind <> 'official'
        GROUP BY s.source_id, s.title, s.producer, s.citation, s.kind
        ORDER BY list_position(['events', 'answers', 'observations', 'participation', 'inspections'], s.kind),
                 rows DESC, s.title COLLATE sv
        """,
    )


def deliveries(build: Build) -> pd.DataFrame:
    """The deliveries of local spreadsheets, newest first: the columns of ``delivery``, and title and kind of the
    source. ``mapping`` is TOML, ``checks`` JSON (store.intake)."""
    return fetch(
        build,
        """
        SELECT s.title, s.kind, d.* FROM delivery d JOIN source s USING (source_id)
        WHERE s.kind <> 'official' ORDER BY d.received_at DESC, s.title COLLATE sv, d.file
        """,
    )
