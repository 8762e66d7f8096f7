"""Surveys that others publish: NTU and the citizen survey through Kolada, and Skolenkäten."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import survey_official as drawn
from charts import surveys as told_by
from charts.exhibit import Exhibit
from queries import schools, surveys
from queries.names import COUNTRY
from ui import parts
from ui.facts import ask, compose
from ui.filters import Choice

NTU, CITIZENS, PUPILS = "NTU", "Medborgarundersökningen", "Skolenkäten"

_PUPIL_MEASURES = ("skolenkaten_safety_index", "skolenkaten_study_calm_index", "skolenkaten_response_rate")


def known(choice: Choice) -> list[str]:
    """The published surveys that have figures for the municipality."""
    names = ask(surveys.newest, choice.municipality_id)["name"]
    found = [title for title in (NTU, CITIZENS) if names.str.startswith(f"{title}:").any()]
    return [*found, *([PUPILS] if len(_pupils(choice)) else [])]


@st.fragment
def show(choice: Choice, survey: str) -> None:
    """One published survey; only this part runs again when another subject is chosen."""
    if survey == PUPILS:
        parts.show(compose(_schools, choice))
        st.page_link("pages/skola/page.py", label="Skolornas resultat, trygghet och studiero", icon=":material/school:")
        return
    if choice.is_district:
        st.markdown(
            f"{survey} säger inget om {choice.place}: den redovisas bara för hela {choice.municipality} kommun, som "
            "visas här."
        )
    rows = _measures(choice, survey)
    subjects = sorted(rows["subject"].unique())
    subject = st.selectbox("Ämne", subjects, key="amne", bind="query-params", width=340, placeholder="Välj ämne")
    parts.show(compose(_beside, choice, survey, subject))
    if rows["change"].notna().any():
        parts.show(compose(_changes, choice, survey, subject))
    else:
        st.markdown("Bara en omgång har levererats, så ingen ändring kan visas.")


def _measures(choice: Choice, survey: str) -> pd.DataFrame:
    """The survey's measures with the country's and with what has changed, by subject."""
    newest, changed = ask(surveys.newest, choice.municipality_id), ask(surveys.changes, choice.municipality_id)
    own = newest[newest["name"].str.startswith(f"{survey}:") & (newest["unit"] == "procent")]
    return drawn.by_subject(own.merge(changed, on="indicator_id", how="left"), survey)


def _of(choice: Choice, survey: str, subject: str) -> pd.DataFrame:
    rows = _measures(choice, survey)
    return rows[rows["subject"] == subject].reset_index(drop=True)


def _beside(choice: Choice, survey: str, subject: str) -> Exhibit:
    """The municipality beside the country, measure by measure."""
    rows = _of(choice, survey, subject)
    return Exhibit(
        id="undersokning-publicerad",
        finding=drawn.finding(rows, choice.municipality, survey),
        sentence=drawn.sentence(rows),
        unit="Procent av de tillfrågade som svarat, som källan har vägt",
        place=f"{choice.municipality} kommun, jämfört med riket",
        period=told_by.years(rows),
        sources=parts.sources_of(*rows["indicator_id"], places=(choice.municipality_id, COUNTRY)),
        table=drawn.table(rows),
        figure=drawn.beside_country(rows),
        alt=f"Andel per mått med osäkerhet. {drawn.finding(rows, choice.municipality, survey)}",
        filters=(("Undersökning", survey), ("Ämne", subject)),
    )


def _changes(choice: Choice, survey: str, subject: str) -> Exhibit:
    """What has changed since the period before, where the uncertainty is published."""
    rows = _of(choice, survey, subject)
    rows = rows[rows["change"].notna()]
    return Exhibit(
        id="undersokning-publicerad-andring",
        finding=drawn.change_finding(rows, choice.municipality),
        sentence=drawn.change_sentence(rows),
        unit="Procentenheter mer eller mindre än perioden före",
        place=f"{choice.municipality} kommun",
        period=f"{rows['old_label'].min()}–{rows['period_label'].max()}",
        sources=parts.sources_of(*rows["indicator_id"], places=(choice.municipality_id,)),
        table=drawn.change_table(rows),
        figure=drawn.changes(rows),
        alt=f"Ändring per mått. {drawn.change_finding(rows, choice.municipality)}",
        filters=(("Undersökning", survey), ("Ämne", subject)),
    )


def _pupils(choice: Choice) -> pd.DataFrame:
    return ask(schools.figures, choice.municipality_id, _PUPIL_MEASURES)


def _schools(choice: Choice) -> Exhibit:
    """How many pupils answered in each school, and what they said of safety and calm."""
    table = drawn.pupils(_pupils(choice), _PUPIL_MEASURES)
    return Exhibit(
        id="undersokning-skolenkaten",
        finding=drawn.pupils_finding(table),
        sentence="Indexen går från 0 till 10 och är Skolinspektionens. Få svar ger stora svängningar, och skolor med "
        "låg svarsfrekvens kan ha andra svar än de skulle ha haft om alla svarat. Ett tomt index är dolt av källan.",
        unit="Index 0–10; svarsfrekvens i procent",
        place=f"{choice.municipality} kommun",
        period=drawn.pupil_periods(table),
        sources=parts.sources_of(*_PUPIL_MEASURES, places=(choice.municipality_id,)),
        table=table,
        alt="Antal svar, svarsfrekvens och index per skola",
    )
