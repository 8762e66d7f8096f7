"""A survey that people have brought: who answered, every question beside the others, groups, and changes since then."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import local_surveys as beside_rest
from charts import survey_marks as marks
from charts import survey_words as words
from charts.exhibit import Exhibit
from charts.swedish import alphabetical, capital
from queries import places, survey_groups, survey_waves
from queries.measured import SURVEY, Measured
from ui import parts
from ui.facts import ask, compose
from ui.filters import Choice
from ui.local.events import provenance, source_of

KIND = "answers"

_ORDERS = ("Som i enkäten", "Störst andel först")

_UNIT = "Andel av dem som svarat, procent, vägd med svarens vikter"


@st.fragment
def show(choice: Choice, source_id: str) -> None:
    """One survey for one place; only this part runs again when wave, order or question is chosen."""
    source, own = source_of(source_id), _own(choice, source_id)
    if own.empty:
        parts.empty(
            f"Ingen från {choice.place} finns bland svaren i {source['title']}.",
            "Välj en annan plats eller hela kommunen ovan. Svar utan känd kommundel räknas bara i kommunen.",
        )
        return
    waves = own.sort_values("period_start", ascending=False)["wave"].drop_duplicates().tolist()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wave = st.selectbox("Omgång", waves, key="omgang", bind="query-params", width=160, placeholder="Välj omgång")
        order = st.segmented_control(
            "Ordning", list(_ORDERS), default=_ORDERS[0], required=True, key="ordning", bind="query-params"
        )
    whole = f"I hela {choice.municipality} kommun " if choice.is_district else ""
    st.markdown(whole + words.response(ask(survey_waves.answered, source_id), wave))
    parts.show(compose(_questions, choice, source_id, wave, order == _ORDERS[1]))
    if own.loc[own["wave"] == wave, "old_wave"].notna().any():
        parts.show(compose(_changes, choice, source_id, wave))
    else:
        st.markdown("Det finns ingen tidigare omgång med samma frågor, så ingen ändring kan visas.")
    _by_group(choice, source_id, wave)
    parts.show(compose(_respondents, choice, source_id))


def _own(choice: Choice, source_id: str) -> pd.DataFrame:
    rows = ask(survey_waves.over_waves, choice.municipality_id, source_id)
    return rows[rows["area_id"] == choice.place_id] if len(rows) else rows


def _wave(choice: Choice, source_id: str, wave: str) -> pd.DataFrame:
    own = _own(choice, source_id)
    return own[own["wave"] == wave]


def _questions(choice: Choice, source_id: str, wave: str, largest_first: bool) -> Exhibit:
    """Every question beside the others, and the place beside the rest of the municipality."""
    source, place, rows = source_of(source_id), choice.where, _wave(choice, source_id, wave)
    if largest_first:
        rows = rows.sort_values("share", ascending=False, kind="stable", na_position="last")
    before = rows[["question_id", "choice"]].assign(share=rows["old_share"])[rows["old_wave"].notna()]
    earlier = str(rows["old_wave"].dropna().iloc[0]) if len(before) else ""
    return Exhibit(
        id=f"undersokning-fragor-{source_id}",
        finding=beside_rest.finding(rows, source["title"], wave, place),
        sentence=beside_rest.sentence(rows),
        unit=_UNIT,
        place=f"{place}, jämfört med resten av kommunen" if choice.is_district else place,
        period=wave,
        sources=provenance(source),
        table=beside_rest.table(rows, before, earlier),
        figure=beside_rest.dots(rows, place),
        alt=f"Andelar med osäkerhet: {beside_rest.questions(rows)}.",
        filters=(("Undersökning", source["title"]), ("Ordning", _ORDERS[largest_first])),
    )


def _changes(choice: Choice, source_id: str, wave: str) -> Exhibit:
    """What has changed since the wave before that asked the same."""
    source, place = source_of(source_id), choice.where
    rows = _wave(choice, source_id, wave)
    rows = rows[rows["old_wave"].notna()]
    told = words.change_sentence(rows)
    return Exhibit(
        id=f"undersokning-andring-{source_id}",
        finding=words.change_finding(rows, place),
        sentence=told,
        unit="Procentenheter mer eller mindre än i omgången före",
        place=place,
        period=f"{rows['old_wave'].iloc[0]}–{wave}",
        sources=provenance(source),
        table=words.change_table(rows),
        figure=marks.changes(rows),
        alt=f"Ändring per svar med osäkerhet. {words.change_finding(rows, place)}. {told}",
        filters=(("Undersökning", source["title"]),),
    )


def _by_group(choice: Choice, source_id: str, wave: str) -> None:
    """One answer at a time, by everything that is known of who answered."""
    groups = _groups(choice, source_id, wave)
    if groups.empty:
        st.markdown("Svaren har varken kommundel eller andra grupper att delas upp efter.")
        return
    asked = groups[["question", "choice"]].drop_duplicates()
    labels = [f"{question} ({answer})" for question, answer in asked.to_numpy()]
    chosen = st.selectbox(
        "Fråga att dela upp", labels, key="fraga", bind="query-params", placeholder="Välj fråga", width=620
    )
    parts.show(compose(_grouped, choice, source_id, wave, labels.index(chosen)))


def _groups(choice: Choice, source_id: str, wave: str) -> pd.DataFrame:
    """All groups of all answers: districts first, then what the respondents have said of themselves."""
    rows = ask(survey_waves.over_waves, choice.municipality_id, source_id)
    names = ask(places.choices, choice.municipality_id)
    districts = names[names["level"] == "district"].set_index("area_id")["label"]
    of_districts = rows[(rows["wave"] == wave) & rows["area_id"].isin(districts.index)]
    of_districts = of_districts.assign(dimension="kommundel", group=of_districts["area_id"].map(districts))
    told = ask(survey_groups.by_group, choice.municipality_id, source_id, wave)
    known = [frame for frame in (of_districts, told) if len(frame)]
    return pd.concat(known, ignore_index=True) if known else told


def _grouped(choice: Choice, source_id: str, wave: str, asked: int) -> Exhibit:
    """One answer in every group, each beside all the others."""
    source, groups = source_of(source_id), _groups(choice, source_id, wave)
    question, answer = groups[["question", "choice"]].drop_duplicates().iloc[asked]
    rows = groups[(groups["question"] == question) & (groups["choice"] == answer)]
    rows = words.in_order(rows, key=alphabetical).assign(dimension=lambda frame: frame["dimension"].map(capital))
    told = words.group_sentence(rows)
    within = (
        f" Grupperna gäller hela kommunen: inom {choice.place} är de för små att visas." if choice.is_district else ""
    )
    return Exhibit(
        id=f"undersokning-grupper-{source_id}",
        finding=words.group_finding(rows),
        sentence=told + within,
        unit=f"«{question}», {answer}. {_UNIT}",
        place=f"{choice.municipality} kommun",
        period=wave,
        sources=provenance(source),
        table=words.group_table(rows),
        figure=marks.groups(rows),
        alt=f"Andel per grupp med osäkerhet. {words.group_finding(rows)}. {told}",
        filters=(("Undersökning", source["title"]), ("Fråga", question), ("Svar", answer)),
        measured=Measured(
            SURVEY,
            choice.municipality_id,
            f"{question} {answer}",
            source_id=source_id,
            question_id=str(rows["question_id"].iloc[0]),
            choice=answer,
        ).as_json(),
    )


def _respondents(choice: Choice, source_id: str) -> Exhibit:
    """Who answered, wave by wave."""
    source, rows = source_of(source_id), ask(survey_waves.answered, source_id)
    told = [words.response(rows, str(wave)) for wave in rows["wave"]]
    return Exhibit(
        id=f"undersokning-svarande-{source_id}",
        finding=words.response_finding(rows, source["title"]),
        sentence=" ".join(told) + " Den som inte svarar kan tycka annorlunda än den som svarar; osäkerheten i "
        "diagrammen räknar inte med det.",
        unit="Antal svarande, avrundat till närmaste fem",
        place=f"{choice.municipality} kommun",
        period=f"{rows['wave'].iloc[-1]}–{rows['wave'].iloc[0]}" if len(rows) > 1 else str(rows["wave"].iloc[0]),
        sources=provenance(source),
        table=words.respondents(rows),
        filters=(("Undersökning", source["title"]),),
    )
