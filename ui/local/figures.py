"""Attendance, participation, inspections and other figures that people have brought, about one place."""

from __future__ import annotations

from charts import local_figures as drawn
from charts.exhibit import Exhibit
from queries import local, local_figures
from ui import parts
from ui.facts import ask
from ui.filters import Choice
from ui.local.events import provenance


def show(choice: Choice) -> None:
    """A table per source that says something about the place."""
    rows = ask(local_figures.newest, choice.municipality_id, choice.place_id)
    sources = {source["source_id"]: source for source in ask(local.sources).to_dict("records")}
    for source_id, own in rows.groupby("source_id", sort=False):
        source = sources[source_id]
        table = drawn.table(own)
        finding = drawn.finding(own, source["title"], choice.where)
        parts.show(
            Exhibit(
                id=f"lokala-siffror-{source_id}",
                finding=finding,
                sentence=drawn.sentence(own),
                unit=drawn.units(own),
                place=choice.where,
                period=drawn.period(own),
                sources=provenance(source),
                table=table,
                alt=f"{finding}. {len(table)} rader.",
            )
        )
