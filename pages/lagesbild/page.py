"""The start page: reported offences in the municipality, by group, over time and by quarter."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from analysis.composition import REMAINDER, OverlapError, composition, share_expectations
from analysis.expected import Expectation
from analysis.series import rolling_year
from analysis.trend import Trend, trend
from analysis.verdict import Verdict
from charts import offences as drawn
from charts import sentences
from charts import surveys as told_by
from charts.exhibit import Exhibit, Provenance
from charts.swedish import date as swedish_date
from charts.swedish import listing, number, span, uncapital
from queries import local, offences, places, schools, surveys
from queries.measured import INDICATOR, Measured
from queries.names import COUNTRY
from ui import filters, parts
from ui.facts import ask, compose
from ui.local import events as local_events
from ui.local import overview as local_overview
from ui.local import surveys as local_surveys

_MEASURES = {"Antal": "count", "Per 100 000 invånare": "rate"}
_PERIODS = {"Per år": "year", "Per kvartal": "quarter"}

#: Sign and colour of a verdict; the words stand beside, so that neither carries it alone. Neither direction is "good".
_SIGNS = {Verdict.HIGHER: (":material/arrow_upward: ", "orange"), Verdict.LOWER: (":material/arrow_downward: ", "blue")}

#: Why a number carries no verdict, in the few words that a card has room for.
_REASONS = {
    "short_history": "för få jämförbara år före",
    "small_counts": "för få fall",
    "no_figure": "uppgift saknas",
    "no_exposure": "befolkning saknas i uttaget",
}

#: Width of a headline number, pixels: two beside each other on a phone.
_CARD = 168


def situation() -> None:
    """Choose, ask, draw, explain."""
    choice = filters.choice()
    where = f"hela {choice.municipality} kommun" if choice.is_district else choice.municipality
    told = choice.is_district and local_events.KIND in set(ask(local.sources)["kind"])
    what = f"Vad har hänt i {choice.place}, vad anmäldes i" if told else "Vad anmäldes i"
    parts.heading("Lägesbild", f"{what} {where}, och är det mer eller mindre än väntat?")
    if choice.is_district:
        brought(choice)
        district(choice)
    groups = ask(offences.groups, choice.municipality_id).set_index("indicator_id")
    if groups.empty:
        parts.empty(
            f"Det finns inga anmälda brott för {choice.municipality} än.",
            "Hämta kommunens siffror i Brås statistikverktyg och lägg till filen: python -m pipelines add FIL",
        )
    else:
        reported(choice, groups)
    experienced(choice)
    notices(choice)
    if not choice.is_district:
        local_overview.show()
    ids = tuple(groups.index[groups["exclusive"]])
    parts.cautions((*ids, *_survey_ids(choice)), *(one.why for one in _breaks(ids)))


def reported(choice: filters.Choice, groups: pd.DataFrame) -> None:
    """What was reported: the year's numbers, each group over time, and what the total is made of."""
    own = groups[groups["exclusive"]]
    if own.empty:
        parts.empty(
            f"Det finns inga siffror om samtliga anmälda brott i {choice.municipality}, bara om enskilda brottstyper.",
            "Ta ut samtliga brott och brottsgrupperna per år i Brås statistikverktyg och lägg till filen.",
        )
    else:
        headline(choice, own)
    development(choice.whole(), groups)
    if composed_of(choice, own):
        made_up(choice.whole(), own)
    else:
        parts.empty(
            f"Det går inte att visa vad de anmälda brotten i {choice.municipality} består av.",
            "Det behövs årssiffror för både samtliga brott och brottsgrupperna ur Brås statistikverktyg.",
        )


def made_up(choice: filters.Choice, groups: pd.DataFrame) -> None:
    """The composition, or why there is none."""
    try:
        exhibit = compose(made_of, choice, groups)
    except OverlapError as problem:
        parts.empty(
            f"Brottsgrupperna är tillsammans fler än samtliga anmälda brott {problem.period_start.year}.",
            "Då går det inte att säga vad de består av. Kontrollera att uttagen ur Brås statistikverktyg gäller samma "
            "kommun och år, och lägg till dem igen.",
        )
        return
    parts.show(exhibit)


def composed_of(choice: filters.Choice, groups: pd.DataFrame) -> bool:
    """Whether the total and at least one group directly inside it have yearly figures."""
    counts = ask(offences.series, tuple(groups.index), (choice.municipality_id,), "year")
    known = set(counts.loc[counts["count"].notna(), "indicator_id"])
    return offences.TOTAL in known and bool(known & set(groups.index[groups["part_of"] == offences.TOTAL]))


def brought(choice: filters.Choice) -> None:
    """What spreadsheets from people say of a part of the municipality: events, and answers about safety."""
    kinds = set(ask(local.sources)["kind"])
    if local_events.KIND in kinds:
        st.subheader(f"Händelser i {choice.place}, de senaste tolv månaderna", anchor=False)
        local_events.headline(choice, local_events.sources_of(local_events.KIND))
        local_events.explore(choice, reporting=False)
    if local_surveys.KIND in kinds:
        local_surveys.explore(choice, everything=False)


def district(choice: filters.Choice) -> None:
    """What is known of a part of the municipality, since the figures below are not about it."""
    found = len(ask(schools.schools, choice.place_id))
    here = ask(places.choices, choice.municipality_id)
    here = here[(here["area_id"] == choice.place_id) & here["population"].notna()]
    known = [
        f"{number(people)} invånare ({year:.0f})"
        for people, year in zip(here["population"], here["population_year"], strict=True)
    ]
    if found:
        known.append(f"{found} {'skola' if found == 1 else 'skolor'} med uppgifter")
    with st.container(border=True):
        st.markdown(
            f"**Siffrorna {'här' if ask(local.sources).empty else 'nedan'} gäller hela {choice.municipality} kommun, "
            f"inte bara {choice.place}.** "
            "Brå redovisar inga anmälda brott under kommunnivå, och vi räknar inte fram några."
        )
        if known:
            st.markdown(f"Det vi vet om {choice.place} i dag: {' och '.join(known)}.")
        if ask(local.sources).empty:
            st.caption(
                f"{choice.place} får egna siffror om brott när polisens ärendeutdrag med DeSO-kod, lägesrapporter från "
                "orten eller en trygghetsundersökning har lagts till."
            )
            local_overview.import_link("Lägg till ett kalkylblad")
        st.page_link(
            "pages/platser/page.py", label=f"Se {choice.place} i siffror", icon=":material/home_pin:"
        )  # the chosen place goes along, as a shared choice


def headline(choice: filters.Choice, groups: pd.DataFrame) -> None:
    """The year's figures, one card per group, and the newest quarter."""
    ids, start = tuple(groups.index), date(choice.year, 1, 1)
    rows = ask(offences.series, ids, (choice.municipality_id,), "year")
    rates = rows[rows["period_start"].dt.year == choice.year].set_index("indicator_id")["rate"]
    judged = ask(offences.expected, ids, choice.municipality_id, "year", (start,))
    verdicts = {str(name): str(judged[str(one)][0].verdict) for one, name in groups["name"].items() if judged[str(one)]}
    trends = {str(groups.loc[one, "name"]): compose(_trend, choice.whole(), one) for one in _main(groups)}
    short = all(one.reason == "short_history" for found in judged.values() for one in found)
    st.subheader(drawn.headline_finding(verdicts, str(choice.year), trends, short=short), anchor=False)
    with st.container(horizontal=True, key="headline"):
        for one, group in groups.iterrows():
            name = group["name"] if group["part_of"] in ("", offences.TOTAL) else f"varav {group['name'].lower()}"
            card(name, judged[str(one)], rates.get(one))
        quarter = newest_quarter(choice.municipality_id)
        newest = rows.empty or choice.year == rows["period_start"].dt.year.max()
        if quarter is not None and newest:
            label = quarter["period_label"] + (", preliminär" if quarter["preliminary"] else "")
            day = quarter["period_start"].date()
            found = ask(offences.expected, (offences.TOTAL,), choice.municipality_id, "quarter", (day,))
            card(f"Samtliga {label}", found[offences.TOTAL], quarter["rate"])
    cited = "; ".join(f"{s.citation}, levererad {swedish_date(s.delivered)}" for s in _sources(choice, *ids))
    quarterly = " och senaste kvartalet" if quarter is not None and newest else ""
    st.caption(
        f"Antal anmälda brott i {choice.municipality} kommun {choice.year}{quarterly}. Väntat räknar in kommunens egen "
        "trend och vanliga variation under de jämförbara åren före. Avvikelser från det väntade som är mindre än "
        "gränsen under talet märks inte. Tänkt andel falska alarm är 5 procent; i prov på tidigare år omkring 7. "
        f"Källa: {cited}"
    )


def card(label: str, judged: list[Expectation], rate: float | None) -> None:
    """One headline number with its rate, its verdict and what was expected."""
    with st.container(width=_CARD, gap=None):
        if not judged:
            st.metric(label, "–", label_visibility="collapsed")
            st.markdown(f"**{label}**  \n:gray-badge[uppgift saknas]")
            return
        record = judged[0]
        sign, colour = _SIGNS.get(record.verdict, ("", "gray"))
        per = [f":small[{_short_rate(rate)}]"] if pd.notna(rate) else []
        lines = [f"**{label}**", *per, f":{colour}-badge[{sign}{record.verdict}]"]
        if record.reason:
            lines.append(f":small[{_REASONS[record.reason]}]")
        else:
            limits = " / ".join(limit for limit in sentences.noticeable(record) if limit)
            lines.append(f":small[väntat {span(record.lower, record.upper)}]")
            lines.append(f":small[märks vid {limits}]")
        st.metric(label, number(record.observed), label_visibility="collapsed")
        st.markdown("  \n".join(lines))


def _short_rate(rate: float | None) -> str:
    return f"{number(rate)} per 100\u00a0000 inv."


def _main(groups: pd.DataFrame) -> list[str]:
    """The total and the groups directly inside it."""
    return [str(one) for one in groups.index[groups["part_of"].isin(["", offences.TOTAL])]]


def _trend(choice: filters.Choice, group: str) -> Trend:
    """The trend of a group's rate over the years up to the chosen one that can be compared with it."""
    rows = _series(choice, group, "year")
    days = [one.first_day for one in _breaks((group,)) if one.first_day.year <= choice.year]
    return trend(rows[rows["period_start"].dt.year <= choice.year], breaks=days)


def newest_quarter(municipality_id: str) -> pd.Series | None:
    """The latest quarter of all reported offences, or None."""
    rows = ask(offences.series, (offences.TOTAL,), (municipality_id,), "quarter")
    return None if rows.empty else rows.iloc[-1]


@st.fragment
def development(choice: filters.Choice, groups: pd.DataFrame) -> None:
    """One group over the years or quarter by quarter; only this part runs again when another is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Brottsgrupp", groups["name"].tolist(), key="brott", bind="query-params", width=340,
            placeholder="Välj brottsgrupp",
        )  # fmt: skip
        shown = st.segmented_control(
            "Mått", list(_MEASURES), default="Antal", required=True, key="matt", bind="query-params"
        )
        period = st.segmented_control(
            "Visa", list(_PERIODS), default="Per år", required=True, key="visa", bind="query-params"
        )
    group = str(groups.index[groups["name"] == name][0])
    period_type = _PERIODS[period]
    if not _series(choice, group, period_type).empty:
        draw = over_years if period_type == "year" else by_quarter
        parts.show(compose(draw, choice, group, str(name), _MEASURES[shown]))
    elif period_type == "year":
        parts.empty(
            f"Det finns inga årssiffror för {drawn.reports_of(str(name))}.",
            "De kommer med ett uttag per år ur Brås statistikverktyg.",
        )
    else:
        parts.empty(
            f"Det finns inga kvartalssiffror för {drawn.reports_of(str(name))}.",
            "De kommer med ett kvartalsuttag ur Brås statistikverktyg.",
        )


def over_years(choice: filters.Choice, group: str, name: str, measure: str) -> Exhibit:
    """The long trend, with what each year's own history led to expect."""
    what = drawn.reports_of(name)
    years = _series(choice, group, "year")
    starts = tuple(day.date() for day in years["period_start"])
    judged = ask(offences.expected, (group,), choice.municipality_id, "year", starts)[group]
    breaks = _breaks((group,))
    days = [one.first_day for one in breaks]
    found = trend(years, breaks=days)
    counts = trend(years.drop(columns="exposure"), breaks=days) if measure == "count" else None
    rolling = rolling_year(_series(choice, group, "quarter"), 4)
    told = [
        *(sentences.expectation_sentence(one, what, str(choice.year)) for one in judged
          if one.period_start.year == choice.year),
        sentences.trend_sentence(found, what, counts),
    ]  # fmt: skip
    return Exhibit(
        id="anmalda-brott-ar",
        finding=drawn.trend_finding(found, what, counts),
        sentence=" ".join([*told, *(one.why for one in breaks)]),
        unit="Antal" if measure == "count" else "Per 100 000 invånare",
        place=f"{choice.municipality} kommun",
        period=f"{years['period_label'].iloc[0]}–{years['period_label'].iloc[-1]}",
        sources=_sources(choice, group),
        table=drawn.trend_table(years, judged, breaks),
        figure=drawn.trend(
            years, judged, breaks, measure=measure, chosen=choice.year, latest=rolling[rolling["preliminary"]]
        ),
        alt=f"Linje över {what} per år i {choice.municipality}. {told[0]}",
        filters=(("Brottsgrupp", name),),
        measured=Measured(INDICATOR, choice.municipality_id, name, group).as_json(),
    )


def by_quarter(choice: filters.Choice, group: str, name: str, measure: str) -> Exhibit:
    """The newest quarter, and every other, beside the same quarter of earlier years."""
    what = drawn.reports_of(name)
    quarters = _series(choice, group, "quarter")
    newest = quarters.groupby(quarters["period_start"].dt.quarter)["period_start"].max()
    starts = tuple(day.date() for day in newest.sort_values())
    judged = ask(offences.expected, (group,), choice.municipality_id, "quarter", starts)[group]
    label = quarters["period_label"].iloc[-1]
    return Exhibit(
        id="anmalda-brott-samma-kvartal",
        finding=sentences.finding(what, label, judged[-1].verdict),
        sentence=sentences.expectation_sentence(judged[-1], what, label)
        + " Varje kvartal jämförs med samma kvartal andra år, eftersom årstiderna skiljer sig åt.",
        unit="Antal" if measure == "count" else "Per 100 000 invånare",
        place=f"{choice.municipality} kommun",
        period=f"{quarters['period_label'].iloc[0]}–{label}",
        sources=_sources(choice, group),
        table=drawn.trend_table(quarters, judged, _breaks((group,))),
        figure=drawn.same_quarter(quarters, judged, measure=measure),
        alt=f"Punkter per kvartal och år. {sentences.expectation_sentence(judged[-1], what, label)}",
        filters=(("Brottsgrupp", name),),
        measured=Measured(INDICATOR, choice.municipality_id, name, group).as_json(),
    )


def made_of(choice: filters.Choice, groups: pd.DataFrame) -> Exhibit:
    """What the total is made of: groups that exclude each other, and the rest."""
    counts = ask(offences.series, tuple(groups.index), (choice.municipality_id,), "year")
    part_of = dict(zip(groups.index, groups["part_of"], strict=True))
    shares = composition(counts, offences.TOTAL, part_of)
    within = {child: whole for child, whole in part_of.items() if whole not in ("", offences.TOTAL)}
    inside = counts[counts["indicator_id"].isin(list(within))].assign(
        group=lambda frame: frame["indicator_id"], parent=lambda frame: frame["indicator_id"].map(within)
    )[["period_start", "group", "parent", "count"]]
    names = dict(zip(groups.index, groups["name"], strict=True)) | {REMAINDER: "Övriga brott"}
    shown = [one for one in shares["group"].unique() if one != REMAINDER]
    breaks = _breaks((offences.TOTAL, *shown, *inside["group"].unique()))
    until = shares[shares["period_start"].dt.year <= choice.year]
    judged = share_expectations(until, breaks=[one.first_day for one in breaks])
    spoken = {group: uncapital(name) for group, name in names.items()}
    told = sentences.composition_sentence(judged, spoken, "anmälda brott", str(choice.year), rest=REMAINDER)
    return Exhibit(
        id="anmalda-brott-sammansattning",
        finding=drawn.composition_finding(until, names, rest=REMAINDER),
        sentence=told,
        unit="Andel av samtliga anmälda brott, procent",
        place=f"{choice.municipality} kommun",
        period=f"{counts['period_label'].min()}–{counts['period_label'].max()}",
        sources=_sources(choice, *groups.index),
        table=drawn.composition_table(shares, inside, names),
        figure=drawn.composition(shares, inside, names, breaks, rest=REMAINDER),
        alt=f"Staplar per år delade efter brottsgrupp. {told}",
    )


def experienced(choice: filters.Choice) -> None:
    """What residents say in NTU and the citizen survey, which reported offences cannot tell."""
    st.subheader("Trygghet och utsatthet enligt NTU och medborgarundersökningen", anchor=False)
    rows = ask(surveys.newest, choice.municipality_id)
    if rows.empty:
        st.markdown(
            f"Svaren från {choice.municipality} finns inte här ännu. De hämtas med "
            "`python -m pipelines fetch kolada_indicators`."
        )
        return
    ids = tuple(rows["indicator_id"])
    peers = ask(offences.peers, choice.municipality_id)["area_id"]
    parts.show(
        Exhibit(
            id="trygghet-enkater",
            finding=told_by.finding(rows, choice.municipality),
            sentence=told_by.sentence(rows, choice.municipality),
            unit="Enhet i varje rad, mest procent av de tillfrågade",
            place=f"{choice.municipality} kommun, jämförelsekommuner och riket",
            period=told_by.years(rows),
            sources=parts.sources_of(*ids, places=(choice.municipality_id, *peers, COUNTRY)),
            table=told_by.table(rows),
            alt=f"Svar i {choice.municipality} på {len(rows)} frågor om trygghet och utsatthet",
        )
    )


@st.fragment
def notices(choice: filters.Choice) -> None:
    """What the police have published: a selection, never a measure of crime. Sent to the browser when asked for."""
    rows = ask(offences.notices, choice.municipality_id)
    if rows.empty:
        return
    total, first, last = rows["notices"].sum(), rows["first"].iloc[0], rows["last"].iloc[0]
    told = (
        f"Polisen har publicerat {number(total)} notiser om {choice.municipality} "
        f"från {swedish_date(first)} till {swedish_date(last)}"
    )
    with st.expander(told, icon=":material/campaign:", key="notices", on_change="rerun") as asked_for:
        if not asked_for.open:
            return
        parts.show(
            Exhibit(
                id="polisens-notiser",
                finding=f"Oftast om {_categories(rows['category'].head(3).str.lower().tolist())}",
                sentence="Notiserna är ett urval som Polisen väljer att berätta om. De visar vad som uppmärksammats, "
                "inte hur mycket som hänt, och anger kommun, inte plats.",
                unit="Antal publicerade notiser",
                place=f"{choice.municipality} kommun",
                period=f"{swedish_date(first)}–{swedish_date(last)}",
                sources=(parts.provenance(rows["citation"].iloc[0], rows["received_at"].iloc[0]),),
                table=rows.rename(columns={"category": "Slag", "notices": "Antal notiser"})[["Slag", "Antal notiser"]],
            )
        )


def _categories(names: list[str]) -> str:
    """Categories in a row; the police's names may hold commas ("trafikolycka, vilt")."""
    return "; ".join(names) if any("," in name for name in names) else listing(names)


def _survey_ids(choice: filters.Choice) -> tuple[str, ...]:
    return tuple(ask(surveys.newest, choice.municipality_id)["indicator_id"])


def _sources(choice: filters.Choice, *indicator_ids: str) -> tuple[Provenance, ...]:
    return parts.sources_of(*indicator_ids, places=(choice.municipality_id,))


def _series(choice: filters.Choice, group: str, period_type: str) -> pd.DataFrame:
    rows = ask(offences.series, tuple(dict.fromkeys([offences.TOTAL, group])), (choice.municipality_id,), period_type)
    return rows[rows["indicator_id"] == group]


def _breaks(indicator_ids: tuple[str, ...]) -> list[drawn.Break]:
    return drawn.breaks_of(ask(offences.breaks, indicator_ids))


situation()
