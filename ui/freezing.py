"""An exhibit as it was shown, kept with its figures and its build: what a problem, a cause or a decision rests on.

What is frozen is what the reader saw, which the gate against disclosure had already let through; nothing is read again
from the facts but the one series behind it, through the same gate, so that a later build can be compared with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from charts.exhibit import Exhibit
from charts.frozen import table_as_json
from queries.measured import Measured
from queries.since_frozen import telling
from ui.facts import EXAMPLE, ask, build


def freeze(exhibit: Exhibit, measured: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The exhibit as JSON, with the build it is of, the address it was seen at, and the series behind it.

    Keys: id, finding, sentence, unit, place, period, filters, sources ({citation, delivered}), table and series
    ({columns, types, rows}), figure (Plotly's JSON; of a map the one that can be printed), alt, mark, build,
    frozen_at (UTC), page (path and query), measured. ``measured`` names the series where the exhibit does not.
    """
    named = measured or exhibit.measured
    followed = Measured.from_json(named)
    rows = ask(telling, followed) if followed else None
    return {
        **_words(exhibit),
        "table": table_as_json(exhibit.table),
        "figure": _figure(exhibit),
        "build": exhibit.build or build().id,
        "frozen_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "page": page_address(),
        "measured": dict(named) if named else None,
        "series": None if rows is None else table_as_json(rows),
    }


def page_address() -> str:
    """The page that the reader looks at, with what is chosen on it: «lagesbild?brott=…». The start page has no name."""
    page = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    query = urlencode({name: chosen for name, chosen in st.query_params.to_dict().items() if name != EXAMPLE})
    return f"{page}?{query}" if query else page


def _words(exhibit: Exhibit) -> dict[str, Any]:
    return {
        "id": exhibit.id,
        "finding": exhibit.finding,
        "sentence": exhibit.sentence,
        "unit": exhibit.unit,
        "place": exhibit.place,
        "period": exhibit.period,
        "filters": [list(one) for one in exhibit.filters],
        "sources": [{"citation": s.citation, "delivered": s.delivered.isoformat()} for s in exhibit.sources],
        "alt": exhibit.alt,
        "mark": exhibit.mark,
    }


def _figure(exhibit: Exhibit) -> dict[str, Any] | None:
    """The figure as Plotly's JSON. A map on screen needs tiles and a server's layers: the printed one needs neither."""
    figure = exhibit.print_figure() if exhibit.print_figure else exhibit.figure
    if figure is None:
        return None
    drawn: dict[str, Any] = json.loads(figure.to_json())
    drawn["layout"].pop("template", None)  # Plotly's own, which go.Figure puts back
    return drawn
