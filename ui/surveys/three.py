"""What is reported, felt and observed in a place, under each other, and where they do not go the same way."""

from __future__ import annotations

import streamlit as st

from charts import three_views as drawn
from charts import three_words as words
from charts.exhibit import Exhibit, Provenance
from queries import offences, survey_waves, three_views
from queries.three_views import FELT, OBSERVED, REPORTED, Times, View
from ui import parts
from ui.facts import ask, compose
from ui.filters import Choice
from ui.local import events
from ui.local.events import sources_of
from ui.local.overview import import_link

#: The choice of what the municipality's residents answer in surveys that others make.
NATIONAL = "NTU och medborgarundersökningen"


@st.fragment
def show(choice: Choice) -> None:
    """All series of the place on one screen; only this part runs again when another survey is chosen."""
    felt = _surveys(choice)
    asked = next(iter(felt), "")
    if len(felt) > 1:
        asked = st.selectbox(
            "Upplevt enligt", list(felt), key="upplevt", bind="query-params", width=340, placeholder="Välj undersökning"
        )
    views = _views(choice, felt.get(asked, ""))
    if views:
        parts.show(compose(_exhibit, choice, felt.get(asked, "")))
    missing = words.silent(views, choice.place, district=choice.is_district)
    if missing:
        with st.container(border=True):
            st.markdown("\n\n".join(missing))
            import_link("Lägg till ett kalkylblad")


def _surveys(choice: Choice) -> dict[str, str]:
    """What can tell what is felt here, by title; the survey that most people answered first."""
    asked = set(ask(survey_waves.about_safety, choice.place_id)["source_id"])
    known = ask(survey_waves.surveys).to_dict("records")
    own = {one["title"]: one["source_id"] for one in known if one["source_id"] in asked}
    national = not choice.is_district and bool(ask(three_views.official, choice.municipality_id))
    return own | ({NATIONAL: NATIONAL} if national else {})


def _views(choice: Choice, felt_by: str) -> list[View]:
    """The series in the order of the screen: reported, felt, observed."""
    felt: list[View] = []
    if felt_by == NATIONAL:
        felt = ask(three_views.official, choice.municipality_id)
    elif felt_by:
        felt = ask(three_views.felt, choice.municipality_id, felt_by).get(choice.place_id, [])
    times = three_views.times(felt)
    brought = _events(choice, times)
    return [
        *([] if choice.is_district else _official(choice, times)),
        *(view for view in brought if view.role == REPORTED),
        *felt,
        *(view for view in brought if view.role == OBSERVED),
        *ask(three_views.inspections, choice.place_id),
    ]


def _events(choice: Choice, times: Times) -> list[View]:
    sources = [(one["source_id"], one["title"]) for one in sources_of(events.KIND)]
    found = [ask(three_views.events, choice.municipality_id, one, choice.place_id, times) for one in sources]
    return [view for view in found if view is not None]


def _official(choice: Choice, times: Times) -> list[View]:
    found = ask(three_views.reported, choice.municipality_id, times)
    return [] if found is None else [found]


def _exhibit(choice: Choice, felt_by: str) -> Exhibit:
    views, place = _views(choice, felt_by), choice.where
    periods = [label for view in views for label in (view.old, view.new) if label] or list(views[0].points["label"])
    return Exhibit(
        id="anmalt-upplevt-observerat",
        finding=words.finding(views, choice.place),
        sentence=words.sentence(views),
        unit="Enhet i varje rad; varje skala börjar på noll",
        place=place,
        period=f"{min(periods)}–{max(periods)}",
        sources=_sources(choice, views, felt_by),
        table=words.table(views),
        figure=drawn.draw(views),
        alt=words.spoken(views),
        filters=(("Upplevt enligt", next((k for k, v in _surveys(choice).items() if v == felt_by), "–")),),
    )


def _sources(choice: Choice, views: list[View], felt_by: str) -> tuple[Provenance, ...]:
    own = {view.id for view in views if view.role != FELT} | {felt_by}
    out: list[Provenance] = []
    if offences.TOTAL in own:
        out += parts.sources_of(offences.TOTAL, places=(choice.municipality_id,))
    if felt_by == NATIONAL:
        out += parts.sources_of(*three_views.OFFICIAL, places=(choice.municipality_id,))
    for source_id in sorted(own - {offences.TOTAL, NATIONAL, ""}):
        out += events.provenance(events.source_of(source_id))
    return tuple(out)
