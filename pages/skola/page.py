"""Skola: the results, safety and study calm of the schools in a place, over the years."""

import pandas as pd
import streamlit as st

from analysis.shares import beside_the_rest
from charts import schools as chart
from charts.exhibit import Exhibit
from charts.swedish import capital, listing, number
from queries import schools as query
from ui import filters, parts
from ui.facts import ask

RESULTS = {
    "Meritvärde": ("skolverket_merit_value", chart.Measure("meritvärdet", "poäng", 1, "elever", 0, 340)),
    "Behörighet": (
        "skolverket_eligible_vocational",
        chart.Measure("behörigheten till yrkesprogram", "procent", 1, "elever", 0, 100),
    ),
    "Alla ämnen": (
        "skolverket_all_subjects", chart.Measure("andelen med godkänt i alla ämnen", "procent", 1, "elever", 0, 100),
    ),
}  # fmt: skip
CLIMATE = {
    "Trygghet": (
        "skolenkaten_safety_index",
        chart.Measure("trygghetsindexet", "index 0–10", 1, "svar", 0, 10, whole_scale=True),
    ),
    "Studiero": (
        "skolenkaten_study_calm_index",
        chart.Measure("studieroindexet", "index 0–10", 1, "svar", 0, 10, whole_scale=True),
    ),
}
#: The choices' names in the address.
KEYS = {"Resultat i årskurs 9": "resultat", "Trygghet och studiero": "trivsel"}

AROUND = ("skolverket_pupils", "skolverket_pupils_grade9", "skolverket_certified_teachers",
          "skolverket_pupils_per_teacher", "skolenkaten_response_rate")  # fmt: skip

#: The sources' own signs, and what they mean.
SIGNS = {
    ".": "uppgift saknas; kommer i en senare leverans, om Skolverket publicerar den",
    "..": "dold av källan, för få elever",
    "~100": "1–4 elever var inte behöriga; källan anger inget tal, och inget räknas fram här",
    "*": "redovisas inte för skolan",
    "cirka 430": "antalet elever, avrundat av källan",
}
ALL_IDS = (*(i for i, _ in RESULTS.values()), *(i for i, _ in CLIMATE.values()), *AROUND)


def headline(schools: pd.DataFrame, figures: pd.DataFrame) -> None:
    """How many schools there are, and how many of them have figures."""
    graded = figures.loc[figures["indicator_id"].isin([i for i, _ in RESULTS.values()]) & figures["value"].notna()]
    asked = figures.loc[figures["indicator_id"].isin([i for i, _ in CLIMATE.values()]) & figures["value"].notna()]
    with st.container(horizontal=True):
        st.metric("Skolor", number(len(schools)), width="content")
        st.metric("Med betygsresultat", number(graded["area_id"].nunique()), width="content")
        st.metric("Med svar i Skolenkäten", number(asked["area_id"].nunique()), width="content")
        kinds = schools["organiser"].value_counts()
        for kind, count in kinds.items():
            st.metric(str(kind), number(count), width="content")


def with_limits(figures: pd.DataFrame, measure: chart.Measure) -> pd.DataFrame:
    """Shares whose number of pupils is known get limits, and the verdict beside the other schools of the period."""
    out = figures.assign(lower=float("nan"), upper=float("nan"), rest=float("nan"), verdict=None)
    if measure.unit != "procent":
        return out
    for _, rows in out[out["value"].notna() & out["base"].notna()].groupby("period_start"):
        judged = beside_the_rest(rows["value"] / 100 * rows["base"], rows["base"]).set_index(rows.index)
        out.loc[rows.index, ["lower", "upper"]] = judged[["lower", "upper"]] * 100
        out.loc[rows.index, "rest"] = judged["rest"]
        out["verdict"] = out["verdict"].where(
            ~out.index.isin(rows.index), judged["verdict"].map(str).reindex(out.index)
        )
    return out


def judged_period(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest period in which every school with figures has a number and a known number of pupils; else no rows."""
    for start in sorted(figures["period_start"].unique(), reverse=True):
        rows = figures[figures["period_start"] == start]
        told: pd.DataFrame = rows[rows["status"] != "missing"]
        if len(told) and told["verdict"].notna().all():
            return told
    return figures.iloc[:0]


def draw(
    name: str,
    measures: dict[str, tuple[str, chart.Measure]],
    figures: pd.DataFrame,
    shown: list[str],
    choice: filters.Choice,
) -> None:
    """One measure of a group, chosen by the reader, with a row per school; ``figures`` has the whole municipality."""
    labels = list(measures)
    chosen = st.segmented_control(name, labels, default=labels[0], required=True, key=KEYS[name], bind="query-params")
    indicator_id, measure = measures[chosen or labels[0]]
    everywhere = with_limits(figures[figures["indicator_id"] == indicator_id], measure)
    rows = everywhere[everywhere["area_id"].isin(shown)]
    if rows.empty:
        parts.empty(
            f"Det finns inga uppgifter om {measure.what} för skolorna i {choice.place}.",
            "De kommer med en leverans från Skolverket (betyg) eller Skolinspektionen (Skolenkäten).",
        )
        return
    judged = judged_period(everywhere)
    words = [chart.sentence(rows, measure)]
    if len(judged):
        words.append(chart.judgement(judged, shown, str(judged["period_label"].iloc[0]), measure))
    periods = rows.drop_duplicates("period_start").sort_values("period_start")["period_label"].tolist()
    finding = chart.finding(rows, measure)
    parts.show(
        Exhibit(
            id=f"skola-{indicator_id.replace('_', '-')}",
            finding=finding,
            sentence=" ".join(words),
            unit=capital(measure.unit),
            place=choice.place,
            period=periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}",
            sources=parts.sources_of(indicator_id, places=(choice.place_id,)),
            table=chart.table(rows, measure),
            figure=chart.by_school(rows, measure),
            alt=f"{finding}. En rad per skola, efter kommundel och namn. Talen finns i tabellen Alla uppgifter.",
            filters=(("Mått", chosen or labels[0]),),
        )
    )


def all_figures(figures: pd.DataFrame, choice: filters.Choice) -> None:
    """The newest figure of every measure for every school, as the source wrote it."""
    newest = figures[figures["period_start"] == figures.groupby("indicator_id")["period_start"].transform("max")]
    table = chart.overview(newest)
    parts.show(
        Exhibit(
            id="skola-alla-uppgifter",
            finding="Alla uppgifter, skola för skola",
            sentence="Det som inte är ett rent tal står i kolumnen Anmärkning, som källan skriver det: "
            + "; ".join(f"`{sign}` {words}" for sign, words in SIGNS.items())
            + ". Ett streck (–) utan anmärkning betyder att källan inte har med måttet för skolan.",
            unit="Enhet i rubriken",
            place=choice.place,
            period="senaste period för varje mått",
            sources=parts.sources_of(*ALL_IDS, places=(choice.place_id,)),
            table=table,
            alt=f"Senaste uppgift för {len(table)} skolor",
        )
    )


def page() -> None:
    parts.heading(
        "Skola", "Hur går det för skolornas elever, och hur trygga är de? Skolorna ordnas efter kommundel och namn."
    )
    choice = filters.choice()
    schools = ask(query.schools, choice.place_id)
    if schools.empty:
        parts.empty(
            f"Det finns ingen skola med uppgifter i {choice.place}.",
            "Betygen i årskurs 9 gäller bara skolor som har årskursen. Välj hela kommunen för att se alla skolor, "
            "eller lägg till en leverans från Skolverket."
            if choice.is_district
            else "Uppgifterna kommer med en leverans från Skolverket (skolregister och betyg i årskurs 9) eller "
            "Skolinspektionen (Skolenkäten). Lägg till filerna med `python -m pipelines add FIL`.",
        )
        return
    everywhere = ask(query.figures, choice.municipality_id, ALL_IDS)
    shown = schools["area_id"].tolist()
    figures = everywhere[everywhere["area_id"].isin(shown)]
    headline(schools, figures)
    if choice.is_district:
        st.caption("Här visas skolor som ligger i kommundelen. Eleverna kan bo någon annanstans.")
    if unplaced := schools.loc[schools["district_id"].isna(), "name"].tolist():
        st.caption(
            f"Läge saknas för {listing(unplaced)}. En leverans av Skolverkets skolenhetsregister med skolans "
            "koordinater ger läget, och då också kommundelen."
        )
    draw("Resultat i årskurs 9", RESULTS, everywhere, shown, choice)
    draw("Trygghet och studiero", CLIMATE, everywhere, shown, choice)
    all_figures(figures, choice)
    st.page_link("pages/platser/page.py", label=f"Läs om {choice.place} på sidan Platser", icon=":material/home_pin:",
                 query_params={"plats": choice.place})  # fmt: skip
    parts.cautions(
        ALL_IDS,
        "Skolor rangordnas inte här. Skillnader mellan skolor beror mycket på vilka elever som går där.",
        "Osäkerheten visar hur mycket andelen kan svänga av en slump i en så stor årskull (95 procent, Wilson).",
    )


page()
