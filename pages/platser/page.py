"""Platser: what is known about a district, or about several beside each other, and what nobody has said yet."""

from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from analysis.position import band, bands
from charts import profiles as chart
from charts.exhibit import Exhibit
from charts.sentences import position_label
from charts.swedish import date, listing, number, percent, uncapital
from queries import local as local_query
from queries import places as place_query
from queries import profiles as query
from queries import schools as school_query
from queries.measured import INDICATOR, Measured
from queries.names import COUNTRY
from ui import filters, parts
from ui.facts import ask
from ui.local import events as local_events
from ui.local import figures as local_figures
from ui.local import gaps as local_gaps
from ui.local import overview as local_overview
from ui.local import surveys as local_surveys

LEVELS = (5, 10, 25, 50, 75, 90, 95)
WHOLE = "Hela kommunen"


def compared(choice: filters.Choice) -> list[tuple[str, str]]:
    """The chosen place and those to draw beside it, as (area_id, name to show), the municipality last."""
    known = ask(place_query.choices, choice.municipality_id)
    districts = known.loc[known["level"] == "district", "label"].tolist()
    others = st.multiselect(
        "Jämför med", districts, max_selections=chart.MOST_PLACES - 1, placeholder="Välj kommundelar", key="jamfor",
        bind="query-params", help="Visas bredvid den valda platsen. Kommunen som helhet är alltid med.",
    )  # fmt: skip
    ids = known.set_index("label")["area_id"]
    chosen = [choice.place] if choice.is_district else []
    own = dict.fromkeys([*chosen, *others])
    return [*((str(ids[name]), name) for name in own), (choice.municipality_id, WHOLE)]


def shown_beside(choice: filters.Choice, places: list[tuple[str, str]]) -> str:
    """The places of an exhibit in words: "Hallstavik, jämfört med Rimbo och hela kommunen"."""
    others = [name if name != WHOLE else WHOLE.lower() for area_id, name in places if area_id != choice.place_id]
    return f"{choice.place}, jämfört med {listing(others)}" if others else choice.place


def inhabitants(choice: filters.Choice) -> None:
    """Headline numbers, and the change of population where more years are known."""
    place = ask(query.places, (choice.place_id,)).iloc[0]
    whole = ask(query.places, (choice.municipality_id,)).iloc[0]
    series = ask(query.population, choice.place_id)
    if pd.isna(place["population"]):
        parts.empty(
            f"Folkmängden i {choice.place} finns inte här ännu.",
            "Den kommer med SCB:s gränser för DeSO och RegSO: kör `python -m pipelines fetch scb_areas` eller lägg "
            "till filen.",
        )
        return
    year = int(place["population_year"])
    with st.container(horizontal=True):
        st.metric(f"Folkmängd {year}", number(place["population"]), width="content")
        if choice.is_district and pd.notna(whole["population"]):
            share = place["population"] / whole["population"] * 100
            st.metric("Andel av kommunens invånare", percent(share, 1), width="content")
        st.metric("Områden i SCB:s statistik", f"{place['deso']} DeSO, {place['regso']} RegSO", width="content")
    for row in ask(query.population_source).to_dict("records"):
        source = parts.provenance(row["citation"], row["received_at"])
        st.caption(f"Den 31 december {year}. Källa: {source.citation}, levererad {date(source.delivered)}")
    known = series.dropna(subset=["growth_pct"])
    if len(known):
        st.markdown(chart.growth_sentence(choice.place, known["growth_pct"].iloc[-1], int(known["year"].iloc[-1])))
    if len(known) >= chart.FEWEST_YEARS:
        growth(choice, known)


def growth(choice: filters.Choice, series: pd.DataFrame) -> None:
    """The change of the number of inhabitants year by year."""
    finding = chart.population_finding(series, choice.place)
    parts.show(
        Exhibit(
            id="platser-folkmangd",
            finding=finding,
            sentence="Staplarna visar hur många procent fler eller färre invånare det var i slutet av året än i "
            "början, som SCB har publicerat det.",
            unit="Procent av folkmängden ett år tidigare",
            place=choice.place,
            period=f"{series['year'].iloc[0]}–{series['year'].iloc[-1]}",
            sources=parts.sources_of(query.GROWTH, places=(choice.place_id,)),
            table=chart.population_table(series),
            figure=chart.population(series, choice.place),
            alt=finding,
            measured=Measured(INDICATOR, choice.place_id, "Folkökning", query.GROWTH).as_json(),
        )
    )


def profile(choice: filters.Choice, places: list[tuple[str, str]]) -> None:
    """The shares of the chosen places beside the municipality and the country."""
    spread = ask(query.national)
    names = dict(places)
    figures = ask(query.profile, tuple(names))
    if figures.empty or choice.place_id not in set(figures["area_id"]):
        parts.empty(
            f"Den socioekonomiska profilen för {choice.place} finns inte här ännu.",
            "Den räknas fram ur SCB:s tabeller per DeSO om hushåll, ålder, bakgrund, boende, utbildning, ekonomi och "
            "arbete. Lägg till Excel-filer eller svar från SCB:s statistikdatabas för kommunens DeSO.",
        )
        return
    marks = figures.assign(place=figures["area_id"].map(names))
    known = spread[spread["indicator_id"].isin(marks["indicator_id"])]
    areas = judged_areas(known, marks, places)
    own = areas[areas["place"] == names[choice.place_id]]
    finding = chart.finding(choice.place, own)
    parts.show(
        Exhibit(
            id="platser-profil",
            finding=finding,
            sentence=chart.sentence(choice.place, own, int(known["areas"].max())),
            unit="Procent; nettoinkomst i tusen kronor. Varje rad har sin egen skala",
            place=shown_beside(choice, places),
            period=listing(sorted(set(known["period_label"]))),
            sources=parts.sources_of(*known["indicator_id"], places=(*names, COUNTRY)),
            table=chart.table(known, marks, areas, band_labels(known, marks)),
            figure=chart.profile(known, marks, areas, WHOLE),
            alt=f"{finding}. {len(known)} mått, ett per rad, med rikets spridning och platsernas värden. "
            "Talen finns i nedladdningen.",
        )
    )
    exact_ranks(choice)


def judged_areas(spread: pd.DataFrame, marks: pd.DataFrame, places: list[tuple[str, str]]) -> pd.DataFrame:
    """The DeSO of the chosen districts (of the municipality when none is chosen), each beside the country's spread:
    ``side`` is "high" over the 90th percentile, "low" under the 10th, else empty."""
    drawn = [name for _, name in places[:-1] or places]
    own = marks.loc[
        marks["place"].isin(drawn) & marks["area_ids"].notna(),
        [
            "indicator_id",
            "place",
            "area_ids",
            "area_values",
        ],
    ]
    each = own.explode(["area_ids", "area_values"]).rename(columns={"area_ids": "area_id", "area_values": "value"})
    areas = each.astype({"value": float}).merge(
        spread[["indicator_id", "name", "unit", "decimals", "p10", "p90"]], on="indicator_id"
    )
    above, below = bands(areas["value"], (10, 90), areas[["p10", "p90"]])
    side = pd.Series("", index=areas.index).mask(above >= 90, "high").mask(below <= 10, "low")
    return areas.assign(side=side)


def band_labels(spread: pd.DataFrame, marks: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The band among the country's areas in words by (indicator_id, place), for places that are one area."""
    limits = spread.set_index("indicator_id")
    out = {}
    for row in marks[(marks["parts"] == 1) & marks["value"].notna()].to_dict("records"):
        told = limits.loc[row["indicator_id"]]
        percentiles = {level: float(told[f"p{level}"]) for level in LEVELS if pd.notna(told[f"p{level}"])}
        position = band(float(row["value"]), percentiles, int(told["areas"]))
        out[(str(row["indicator_id"]), str(row["place"]))] = position_label(position)
    return out


def exact_ranks(choice: filters.Choice) -> None:
    """Exact rank of each DeSO in the place, once figures for the whole country have come."""
    ranks = ask(query.ranks, (choice.place_id,))
    if ranks.empty:
        st.caption(
            "Läget bland landets områden anges som ett spann, eftersom bara rikets percentiler följer med. En leverans "
            "med hela landets DeSO ger exakt plats för varje DeSO."
        )
        return
    parts.show(
        Exhibit(
            id="platser-rang",
            finding=chart.rank_finding(ranks, choice.place),
            sentence="Rang 1 har det högsta värdet; lika värden delar rang. Högt är inte i sig bra eller dåligt.",
            unit="Rang bland landets DeSO",
            place=choice.place,
            period=listing(sorted(set(ask(query.national)["period_label"]))),
            sources=parts.sources_of(*ranks["indicator_id"].unique(), places=(choice.place_id,)),
            table=chart.rank_table(ranks),
        )
    )


def own_index(choice: filters.Choice) -> None:
    """SCB's own index for the RegSO of the place."""
    index = ask(query.socioeconomic_index, choice.place_id)
    if index.empty:
        parts.empty(
            f"SCB:s socioekonomiska index för {choice.place} finns inte här ännu.",
            "Det publiceras per RegSO (tabell TAB6586) och kommer med en leverans från SCB:s statistikdatabas.",
        )
        return
    parts.show(
        Exhibit(
            id="platser-index",
            finding=chart.index_finding(index, choice.place),
            sentence=chart.index_sentence(index, choice.municipality),
            unit="SCB:s socioekonomiska index per RegSO",
            place=choice.place,
            period=str(index["period_label"].iloc[0]),
            sources=parts.sources_of(query.SOCIOECONOMIC_INDEX, places=(choice.place_id,)),
            table=chart.index_table(index),
        )
    )


def newer(choice: filters.Choice, places: list[tuple[str, str]]) -> None:
    """SCB's figures on the division of 2025, which have no national spread here."""
    names = dict(places)
    everything = figures = ask(query.recent, tuple(names))
    if choice.is_district:
        own = figures.loc[figures["area_id"] != choice.municipality_id, "indicator_id"]
        figures = figures[figures["indicator_id"].isin(own)]
    if figures.empty:
        return
    years = sorted(set(figures["period_label"]))
    parts.show(
        Exhibit(
            id="platser-nyare-siffror",
            finding=f"Nyare siffror från SCB, {years[0]}–{years[-1]}",
            sentence="Från och med 2025 lägger SCB slumpmässigt brus på små tal, så delar blir inte alltid exakt lika "
            "med helheten. Små skillnader mellan platser och år ska inte tolkas. Det som inte kan vägas samman, som "
            "medianer, anges i anmärkningen som lägsta och högsta värde bland platsens områden. "
            + chart.newer_footnote(
                figures, everything.drop(figures.index), choice.municipality_id, f"hela {choice.municipality}"
            ),
            unit="Enhet i varje rad",
            place=shown_beside(choice, places),
            period=f"{years[0]}–{years[-1]}",
            sources=parts.sources_of(*figures["indicator_id"].unique(), places=tuple(names)),
            table=chart.newer_table(figures, names),
        )
    )


def schools(choice: filters.Choice) -> None:
    """The schools in the place, with the way to their results."""
    st.subheader("Skolor", anchor=False)
    found = ask(school_query.schools, choice.place_id)
    if found.empty:
        st.markdown(f"Ingen skola med uppgifter ligger i {choice.place}, eller så saknas skolornas lägen.")
        return
    if choice.is_district:
        kinds = [
            f"{row['name']} ({row['organiser'].lower()})" if isinstance(row["organiser"], str) else row["name"]
            for row in found.to_dict("records")
        ]
        st.markdown(f"I {choice.place} ligger {listing(kinds)}. Eleverna kan bo i en annan kommundel.")
    else:
        unplaced = found.loc[found["district_id"].isna(), "name"].tolist()
        lost = (
            f" {listing(unplaced)} har inget känt läge och visas bara för hela kommunen, tills en leverans av "
            "Skolverkets skolenhetsregister har koordinater."
        )
        st.markdown(f"Det finns uppgifter om {len(found)} skolor.{lost if unplaced else ''}")
    st.page_link("pages/skola/page.py", label="Skolornas resultat, trygghet och studiero", icon=":material/school:",
                 query_params={"plats": choice.place})  # fmt: skip


def police_events(choice: filters.Choice) -> None:
    """What the police have published, and why it cannot be told by district."""
    st.subheader("Händelser som Polisen berättat om", anchor=False)
    events = ask(query.events, choice.municipality_id)
    if events.empty:
        parts.empty(
            f"Det finns inga händelsenotiser för {choice.municipality} här ännu.",
            "De hämtas med `python -m pipelines fetch polisen_events`.",
        )
        return
    span = f"{date(events['time'].min())} till {date(events['time'].max())}"
    where = (
        f"Notiserna anger bara kommun, så ingen av dem kan läggas på {choice.place}." if choice.is_district
        else "Notiserna anger bara kommun och ritas därför aldrig som punkter på en karta."
    )  # fmt: skip
    st.markdown(
        f"Från {span} finns {number(len(events))} notiser om {choice.municipality}. {where} De är ett urval som "
        "Polisen väljer att publicera och säger inget om hur många brott som sker."
    )
    with st.expander("De tio senaste notiserna i kommunen", icon=":material/list:"):
        parts.table(
            chart.events_table(events.head(10)), alt=f"De tio senaste händelsenotiserna i {choice.municipality}"
        )
        st.caption(f"Källa: {events['source'].iloc[0]}")


def brought(choice: filters.Choice) -> None:
    """What spreadsheets from people say of the place: events, survey answers and other figures."""
    kinds = {source["kind"] for source in ask(local_query.sources).to_dict("records")}
    st.subheader(f"Lokala uppgifter om {choice.place}", anchor=False)
    if not kinds:
        st.markdown(
            f"Det finns inga lokala uppgifter om {choice.place} än. De kommer med kalkylblad: polisens ärendeutdrag, "
            "lägesrapporter, felanmälningar, enkätsvar, närvaro, deltagarlistor eller trygghetsronder."
        )
        local_overview.import_link("Lägg till ett kalkylblad")
        return
    if local_events.KIND in kinds:
        local_events.headline(choice, local_events.sources_of(local_events.KIND))
        local_events.explore(choice, reporting=True)
    local_surveys.explore(choice, everything=True)
    local_figures.show(choice)


def gaps(choice: filters.Choice) -> None:
    """An honest list: who says something about the place, who cannot, and what would have to be delivered."""
    sources = ask(query.coverage, choice.place_id)
    told = sources["figures"] + sources["events"] + sources["answers"] > 0
    st.subheader(f"Vad vi vet och inte vet om {choice.place}", anchor=False)
    silent = sources[~told]
    _list("Säger något om platsen", [
        f"{_who(row)}: {_inside(row['speaks_of'])}. Senast {row['latest']}." for row in sources[told].to_dict("records")
    ])  # fmt: skip
    _list("Kan säga något, men det har inte levererats", [
        f"{_who(row)}: {_inside(row['speaks_of'])}. {_remedy(row)}"
        for row in silent[silent["can_speak"]].to_dict("records")
    ])  # fmt: skip
    without = silent[~silent["can_speak"]]
    _list("Publiceras inte för så små områden", [
        f"{_who(row)}: gäller hela kommunen, inte delar av den."
        for row in without[~without["schools_only"]].to_dict("records")
    ])  # fmt: skip
    _list("Gäller skolor, och ingen känd skola ligger här", [
        f"{_who(row)}: {_inside(row['speaks_of'])}." for row in without[without["schools_only"]].to_dict("records")
    ])  # fmt: skip
    _list("Det här säger ingen källa ännu", [
        f"{what}: skulle komma med {delivery}." for what, delivery in local_gaps.missing(sources[told])
    ])  # fmt: skip


def _list(title: str, lines: list[str]) -> None:
    if lines:
        st.markdown("\n".join([f"**{title}**", "", *(f"- {line}" for line in lines)]))


def _who(row: dict[Hashable, Any]) -> str:
    return f"**{row['title']}**, {row['producer']}"


def _inside(text: str) -> str:
    return uncapital(text).rstrip(".")


def _remedy(row: dict[Hashable, Any]) -> str:
    if row["kind"] != "official":
        return "Ingen rad i leveranserna gäller platsen."
    if row["fetchable"]:
        return f"Hämtas med `python -m pipelines fetch {row['source_id']}`."
    return "Lägg till filen på sidan Importera."


def page() -> None:
    parts.heading("Platser", "Hur ser platsen ut bredvid kommunen och landet, och vad vet vi ännu inte om den?")
    choice = filters.choice()
    places = compared(choice)
    inhabitants(choice)
    profile(choice, places)
    own_index(choice)
    newer(choice, places)
    brought(choice)
    schools(choice)
    police_events(choice)
    gaps(choice)
    shares = ask(query.national)["indicator_id"].tolist()
    parts.cautions(
        [*shares, query.POPULATION, query.SOCIOECONOMIC_INDEX],
        f"Varje DeSO i {choice.place} jämförs med landets DeSO, som är små områden. Platsens eget värde är ett "
        "genomsnitt som jämnar ut skillnaderna inom den, och jämförs därför inte med landets.",
        "Andelar för en kommundel är summan av antalen i dess DeSO delad med summan av underlagen.",
        "Medianer kan inte vägas samman. De visas som lägsta och högsta värde bland områdena.",
    )


page()
