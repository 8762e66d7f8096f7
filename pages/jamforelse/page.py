"""The municipality among those chosen to compare it with: per 100 000 over time, and in a funnel. No ranking."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.funnel import MINIMUM_AREAS, Funnel, common_rate, funnel
from charts import offences as drawn
from charts import peers as peer_charts
from charts import sentences
from charts.exhibit import Exhibit
from charts.swedish import alphabetical, listing
from queries import offences
from ui import filters, parts
from ui.facts import ask


def comparison() -> None:
    """Choose, ask, draw, explain."""
    choice = filters.choice()
    parts.heading("Jämförelse", f"Hur står sig {choice.municipality} bland jämförelsekommunerna, räknat per invånare?")
    groups = ask(offences.groups, choice.municipality_id)
    peers = ask(offences.peers, choice.municipality_id)
    if groups.empty:
        parts.empty(
            f"Det finns inga anmälda brott för {choice.municipality} än.",
            "Hämta kommunens siffror i Brås statistikverktyg och lägg till filen: python -m pipelines add FIL",
        )
        return
    if peers.empty:
        parts.empty(
            f"Det är inte bestämt vilka kommuner {choice.municipality} ska jämföras med.",
            f"Skriv deras koder som peers i config/{choice.municipality_id}.toml.",
        )
        return
    st.caption(f"Jämförelsekommuner: {listing(peers['name'].tolist())}. Urval: {peers['peers_source'].iloc[0].strip()}")
    name = st.selectbox(
        "Brottsgrupp", groups["name"].tolist(), key="brott", bind="query-params", width=340,
        placeholder="Välj brottsgrupp",
    )  # fmt: skip
    group = str(groups.loc[groups["name"] == name, "indicator_id"].iloc[0])
    rows = _rates(choice, group, peers)
    if rows["area_id"].nunique() == 1:
        parts.empty(
            f"Ingen av jämförelsekommunerna har siffror om {drawn.reports_of(name)}.",
            "Ta ut dem i Brås statistikverktyg, samma brott och år för alla kommunerna, och lägg till filen.",
        )
        return
    if rows["rate"].isna().all():
        parts.empty(
            f"Det finns inga tal per invånare för {drawn.reports_of(name)}, bara antal.",
            "Ta ut dem per 100 000 invånare också i Brås statistikverktyg, för alla kommunerna, och lägg till filen.",
        )
        return
    names = dict(zip(peers["area_id"], peers["name"], strict=True)) | {choice.municipality_id: choice.municipality}
    _without_figures(rows, names)
    over_time(choice, group, name, rows, names)
    among(choice, group, name, rows, names)
    parts.cautions(
        (group,),
        "Jämförelsekommunerna är inte lika: läge, besökare och polisens arbete skiljer.",
        "Att ligga över eller under de andra säger inte varför, och inte om läget är bra.",
    )


def over_time(choice: filters.Choice, group: str, name: str, rows: pd.DataFrame, names: dict[str, str]) -> None:
    """The municipality's line among its peers'."""
    what = drawn.reports_of(name)
    level = common_rate(rows[rows["area_id"] != choice.municipality_id])
    breaks = drawn.breaks_of(ask(offences.breaks, (group,)))
    both = peer_charts.beside(rows, level, choice.municipality_id, choice.year, breaks)
    told = peer_charts.since_sentence(both, choice.municipality, what)
    parts.show(
        Exhibit(
            id="jamforelse-over-tid",
            finding=peer_charts.time_finding(both, choice.municipality, what),
            sentence=" ".join([told, *(one.why for one in breaks)]),
            unit="Per 100 000 invånare",
            place=f"{choice.municipality} och {len(names) - 1} jämförelsekommuner",
            period=f"{rows['period_label'].min()}–{rows['period_label'].max()}",
            sources=parts.sources_of(group, places=tuple(names)),
            table=peer_charts.over_time_table(rows, level, names),
            figure=peer_charts.over_time(rows, level, choice.municipality_id, names, breaks, choice.year),
            alt=f"Linjer per kommun och år. {told}",
            filters=(("Brottsgrupp", name),),
        )
    )


def among(choice: filters.Choice, group: str, name: str, rows: pd.DataFrame, names: dict[str, str]) -> None:
    """The chosen year in a funnel around the peers' level."""
    what, period = drawn.reports_of(name), str(choice.year)
    known = rows["count"].notna() & (rows["population"] > 0)
    year = rows[known & (rows["period_start"].dt.year == choice.year)]
    record = _funnel(year, choice.municipality_id)
    if record is None:
        parts.empty(
            f"{period} har för få av kommunerna siffror om {what} för en jämförelse.",
            f"Det behövs {choice.municipality} och minst {MINIMUM_AREAS} till. Välj ett annat år.",
        )
        return
    own = record.areas.set_index("area_id").loc[choice.municipality_id]
    told = sentences.funnel_sentence(record, choice.municipality_id, choice.municipality, what, period)
    parts.show(
        Exhibit(
            id="jamforelse-tratt",
            finding=peer_charts.finding(choice.municipality, what, period, str(own["verdict"])),
            sentence=told,
            unit="Per 100 000 invånare, mot antal invånare (enligt Brå)",
            place=f"{choice.municipality} och {record.peers} jämförelsekommuner",
            period=period,
            sources=parts.sources_of(group, places=tuple(names)),
            table=peer_charts.funnel_table(record, names),
            figure=peer_charts.funnel(record, choice.municipality_id, names),
            alt=f"Punkter per kommun kring jämförelsekommunernas nivå. {told}",
            filters=(("Brottsgrupp", name),),
        )
    )
    st.markdown(
        "Det inre fältet (95 procent) visar hur mycket jämförelsekommunerna själva skiljer sig åt, med hänsyn till "
        "storlek. Det yttre (99,8 procent) är en gräns som nästan ingen hamnar utanför av en slump. "
        f"Fälten bygger på {record.peers} kommuner och är vida: bara stora skillnader kan synas. En punkt utanför är "
        "värd att undersöka, men en punkt innanför betyder inte att kommunen är lik de andra."
    )
    parts.table(peer_charts.funnel_table(record, names), alt=f"Kommunerna i bokstavsordning: {what} {period}.")


def _rates(choice: filters.Choice, group: str, peers: pd.DataFrame) -> pd.DataFrame:
    """Yearly figures of the group for the municipality and its peers, over the years that the peers have figures for.

    A year that only some peer has would stretch the axis for the sake of one line.
    """
    ids = (choice.municipality_id, *peers["area_id"])
    asked = tuple(dict.fromkeys([offences.TOTAL, group]))
    rows = ask(offences.series, asked, ids, "year").rename(columns={"exposure": "population"})
    rows = rows[rows["indicator_id"] == group]
    others = rows[(rows["area_id"] != choice.municipality_id) & (rows["rate"].notna() | rows["count"].notna())]
    if others.empty:
        return rows[rows["area_id"] == choice.municipality_id]
    known = others.groupby("period_start")["area_id"].nunique()
    years = known.index[known >= min(MINIMUM_AREAS, known.max())]
    return rows[rows["period_start"].isin(years)]


def _funnel(year: pd.DataFrame, municipality_id: str) -> Funnel | None:
    peers = set(year["area_id"]) - {municipality_id}
    if len(peers) < MINIMUM_AREAS or municipality_id not in set(year["area_id"]):
        return None
    return funnel(year, peers)


def _without_figures(rows: pd.DataFrame, names: dict[str, str]) -> None:
    told = set(rows["area_id"])
    silent = sorted((name for one, name in names.items() if one not in told), key=alphabetical)
    if silent:
        st.caption(f"Utan siffror i det här urvalet: {listing(silent)}.")


comparison()
