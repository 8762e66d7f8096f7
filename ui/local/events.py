"""Events that people have brought, about one place: headline numbers, quarters, categories, reports per rapporteur."""

from __future__ import annotations

from typing import Any

import streamlit as st

from charts import local_events as drawn
from charts.exhibit import Exhibit, Provenance
from charts.swedish import number, span
from charts.verdicts import HIGHER, LOWER
from queries import local, local_events
from queries.measured import EVENTS, Measured
from ui import parts
from ui.facts import ask, compose
from ui.filters import Choice

KIND = "events"

#: Signs and colours of verdicts, as on the headline cards of reported offences; the words stand beside.
_SIGNS = {
    HIGHER: (":material/arrow_upward: ", "orange"),
    LOWER: (":material/arrow_downward: ", "blue"),
}

#: Width of a headline number, pixels: two beside each other on a phone.
_CARD = 168


def sources_of(kind: str) -> list[dict[Any, Any]]:
    """The local sources of a kind, as ``queries.local.sources`` has them."""
    found = ask(local.sources)
    return found[found["kind"] == kind].to_dict("records")


def source_of(source_id: str) -> dict[Any, Any]:
    """The local source with the id."""
    found = ask(local.sources)
    return found[found["source_id"] == source_id].to_dict("records")[0]


def provenance(source: dict[Any, Any]) -> tuple[Provenance, ...]:
    """A local source with the day of its newest delivery."""
    return (parts.provenance(source["citation"], source["delivered"]),)


def headline(choice: Choice, sources: list[dict[Any, Any]]) -> None:
    """The newest twelve months of each source, beside what its own history led to expect."""
    with st.container(horizontal=True, key="local-headline"):
        for source in sources:
            _card(source["title"], _latest(choice, source["source_id"]))


def _latest(choice: Choice, source_id: str) -> local_events.Latest | None:
    return ask(local_events.latest, choice.municipality_id, source_id, choice.place_id)


def _card(title: str, latest: local_events.Latest | None) -> None:
    with st.container(width=_CARD, gap=None):
        if latest is None:
            st.metric(title, "–", label_visibility="collapsed")
            st.markdown(f"**{title}**  \n:gray-badge[inga händelser härifrån]")
            return
        judged = latest.expected
        sign, colour = _SIGNS.get(str(judged.verdict), ("", "gray"))
        lines = [f"**{title}**", f":small[{latest.label}]", f":{colour}-badge[{sign}{judged.verdict}]"]
        if judged.reason == "short_history":
            lines.append(":small[för få jämförbara år före]")
        elif judged.reason:
            lines.append(":small[för få fall]")
        else:
            lines.append(f":small[väntat {span(judged.lower, judged.upper)}]")
        if latest.before is not None:
            lines.append(f":small[{latest.before_label}: {number(latest.before)}]")
        st.metric(title, drawn.shown(judged.observed, latest.status), label_visibility="collapsed")
        st.markdown("  \n".join(lines))


@st.fragment
def explore(choice: Choice, *, reporting: bool) -> None:
    """One source at a time: its quarters and categories; ``reporting``: also who has reported."""
    sources = sources_of(KIND)
    known = {source["title"]: source for source in sources if _latest(choice, source["source_id"]) is not None}
    if not known:
        return
    title = next(iter(known))
    if len(known) > 1:
        title = st.selectbox(
            "Händelser ur", list(known), key="handelser", bind="query-params", width=340, placeholder="Välj källa"
        )
    source_id = known[title]["source_id"]
    parts.show(compose(_quarters, choice, source_id))
    parts.show(compose(_categories, choice, source_id))
    if reporting and not ask(local_events.reporting, choice.municipality_id, source_id, choice.place_id).empty:
        parts.show(compose(_reporting, choice, source_id))


def _known_latest(choice: Choice, source_id: str) -> local_events.Latest:
    latest = _latest(choice, source_id)
    if latest is None:
        raise ValueError(f"{source_id} has no events in {choice.place_id}")
    return latest


def _quarters(choice: Choice, source_id: str) -> Exhibit:
    """The trend, with the newest twelve months judged in title and words."""
    source, place = source_of(source_id), choice.where
    latest = _known_latest(choice, source_id)
    series = ask(local_events.series, choice.municipality_id, source_id, choice.place_id)
    known = ask(local_events.placements, choice.municipality_id, source_id)
    told = [drawn.sentence(latest, place), drawn.placement_sentence(known)]
    return Exhibit(
        id=f"handelser-kvartal-{source_id}",
        finding=drawn.finding(latest, source["title"], place),
        sentence=" ".join(filter(None, told)),
        unit="Antal händelser per kvartal",
        place=place,
        period=f"{series['period_label'].iloc[0]}–{series['period_label'].iloc[-1]}" if len(series) else latest.label,
        sources=provenance(source),
        table=drawn.quarter_table(series),
        figure=drawn.quarters(series) if len(series) else None,
        alt=f"Staplar per kvartal. {told[0]}",
        filters=(("Källa", source["title"]),),
        measured=Measured(EVENTS, choice.place_id, source["title"], source_id=source_id).as_json(),
    )


def _categories(choice: Choice, source_id: str) -> Exhibit:
    """What kinds of events they were in the newest year, beside the year before."""
    source, place = source_of(source_id), choice.where
    latest = _known_latest(choice, source_id)
    years = ask(local_events.years, choice.municipality_id, source_id)
    rows = drawn.beside_before(years, choice.place_id)
    told = drawn.category_sentence(rows, latest.before_label, place)
    return Exhibit(
        id=f"handelser-slag-{source_id}",
        finding=drawn.category_finding(rows, place, latest.label),
        sentence=told,
        unit="Antal händelser",
        place=place,
        period=latest.label,
        sources=provenance(source),
        table=drawn.category_table(rows, latest.label, latest.before_label),
        figure=drawn.categories(rows, place) if len(rows) else None,
        alt=f"Staplar per slag av händelse. {told}",
        filters=(("Källa", source["title"]),),
    )


def _reporting(choice: Choice, source_id: str) -> Exhibit:
    """Reports on each who reports, since counts rise when more people report."""
    source, place = source_of(source_id), choice.where
    rows = ask(local_events.reporting, choice.municipality_id, source_id, choice.place_id)
    told = drawn.reporting_sentence(rows)
    return Exhibit(
        id=f"handelser-rapportorer-{source_id}",
        finding=drawn.reporting_finding(rows, place),
        sentence=told,
        unit="Rapporter per rapportör som rapporterat i månaden",
        place=place,
        period=f"{rows['period_label'].iloc[0]}–{rows['period_label'].iloc[-1]}",
        sources=provenance(source),
        table=drawn.reporting_table(rows),
        figure=drawn.reporting(rows),
        alt=f"Linje per månad. {told}",
        filters=(("Källa", source["title"]),),
    )
