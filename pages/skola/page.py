"""Skola: results, attendance, safety and study calm of the schools in a place, over the years."""

from typing import Any

import pandas as pd
import streamlit as st

from analysis.regression_to_mean import expected_return, extremes, yearly
from analysis.scale_mean import changed
from analysis.shares import beside_the_rest
from charts import school_series as series
from charts import schools as chart
from charts.exhibit import Exhibit, Provenance
from charts.swedish import capital, listing, number, uncapital
from queries import school_attendance, school_surveys
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


def with_change(figures: pd.DataFrame) -> pd.DataFrame:
    """Indices with limits get ``changed``: on the newest period, the verdict of the change since the one before."""
    periods = sorted(figures["period_start"].unique())
    if len(periods) < 2:
        return figures
    before, after = (figures[figures["period_start"] == one].set_index("area_id") for one in periods[-2:])
    found = pd.Series(changed(before.reindex(after.index), after), index=after.index).map(str)
    newest = figures["period_start"] == periods[-1]
    return figures.assign(changed=figures["area_id"].map(found).where(newest))


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
    words.append(returning(everywhere, rows, measure))
    finding = chart.finding(rows, measure)
    parts.show(
        Exhibit(
            id=f"skola-{indicator_id.replace('_', '-')}",
            finding=finding,
            sentence=" ".join(filter(None, words)),
            unit=capital(measure.unit),
            place=choice.place,
            period=span_of(rows),
            sources=parts.sources_of(indicator_id, places=(choice.place_id,)),
            table=chart.table(rows, measure),
            figure=chart.by_school(rows, measure),
            alt=f"{finding}. En rad per skola, efter kommundel och namn. Talen finns i tabellen Alla uppgifter.",
            filters=(("Mått", chosen or labels[0]),),
        )
    )


def span_of(rows: pd.DataFrame) -> str:
    """The periods of the figures: "2025", or "2023/24–2025/26"."""
    periods = rows.drop_duplicates("period_start").sort_values("period_start")["period_label"].tolist()
    dash = " – " if " " in periods[0] else "–"
    return str(periods[0]) if len(periods) == 1 else f"{periods[0]}{dash}{periods[-1]}"


def returning(everywhere: pd.DataFrame, rows: pd.DataFrame, measure: chart.Measure) -> str:
    """What is expected next of those of the shown schools that stand out in the newest period; empty when unknown."""
    newest = everywhere[everywhere["period_start"] == everywhere["period_start"].max()]
    if newest["value"].isna().all():
        return ""
    found = expected_return(yearly(everywhere))
    names = dict(zip(rows["area_id"], rows["school"], strict=True))
    extreme = extremes(newest.set_index("area_id")["value"], found)
    return series.return_sentence(found, extreme, names, str(newest["period_label"].iloc[0]), measure)


def attendance(shown: list[str], choice: filters.Choice) -> None:
    """Attendance and absence that people have brought: school year by school year, and month by month."""
    found = ask(school_attendance.measures, choice.municipality_id)
    if found.empty:
        return
    by_name = found.drop_duplicates("name").set_index("name")
    name = by_name.index[0]
    if len(by_name) > 1:
        name = st.selectbox(
            "Närvaro och frånvaro", by_name.index.tolist(), key="narvaro", bind="query-params", placeholder="Välj mått"
        )
    row: dict[str, Any] = by_name.loc[name].to_dict()
    months = ask(school_attendance.figures, choice.municipality_id, row["indicator_id"])
    everywhere = school_attendance.school_years(months).assign(lower=float("nan"), upper=float("nan"))
    known = everywhere["value"].dropna()
    # One scale wherever the reader looks: with one school alone, a tenth of a per cent would fill the chart.
    floor, ceiling = (float(known.min()) // 1 - 1, float(known.max()) // 1 + 2) if len(known) else (0.0, 100.0)
    what = uncapital(str(name))
    measure = chart.Measure(what, row["unit"], 1, "elever", floor, ceiling, whole_scale=True)
    rows = everywhere[everywhere["area_id"].isin(shown)]
    own = months[months["area_id"].isin(shown)]
    if rows.empty:
        parts.empty(
            f"Det finns inga uppgifter om närvaro för skolorna i {choice.place}.",
            "De finns för andra skolor i kommunen. Välj hela kommunen för att se dem.",
        )
        return
    source = (parts.provenance(row["citation"], row["delivered"]),)
    local_exhibit("skola-narvaro", chart.finding(rows, measure), rows, everywhere, measure, choice, source)
    if own["period_type"].eq("month").all() and own["value"].notna().any():
        by_month(own, months, measure, choice, source)


def local_exhibit(
    identity: str,
    finding: str,
    rows: pd.DataFrame,
    everywhere: pd.DataFrame,
    measure: chart.Measure,
    choice: filters.Choice,
    source: tuple[Provenance, ...],
    start: str = "",
) -> None:
    """A row per school of figures that people have brought; ``everywhere`` has all of the municipality's schools."""
    words = [start, chart.sentence(rows, measure), returning(everywhere, rows, measure)]
    parts.show(
        Exhibit(
            id=identity,
            finding=finding,
            sentence=" ".join(filter(None, words)),
            unit=capital(measure.unit),
            place=choice.place,
            period=span_of(rows),
            sources=source,
            table=chart.table(rows, measure),
            figure=chart.by_school(rows, measure),
            alt=f"{finding}. En rad per skola, efter kommundel och namn. Talen finns i nedladdningen.",
        )
    )


def by_month(
    own: pd.DataFrame,
    months: pd.DataFrame,
    measure: chart.Measure,
    choice: filters.Choice,
    source: tuple[Provenance, ...],
) -> None:
    """The months of every school, drawn when they are asked for; ``months`` has all of the municipality's schools."""
    drawer = st.expander("Månad för månad", icon=":material/timeline:", key="narvaro_manader", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        finding = series.over_time_finding(own, measure)
        parts.show(
            Exhibit(
                id="skola-narvaro-manader",
                finding=finding,
                sentence=series.OVER_TIME,
                unit=capital(measure.unit),
                place=choice.place,
                period=span_of(own),
                sources=source,
                table=series.over_time_table(own, measure),
                figure=series.over_time(own, months, measure),
                alt=f"{finding}. En linje per skola. Talen finns i nedladdningen.",
            )
        )


def pupils_say(shown: list[str], choice: filters.Choice) -> None:
    """The pupil surveys that people have brought, a question at a time."""
    for survey in ask(school_surveys.surveys, choice.municipality_id).to_dict("records"):
        st.subheader(survey["title"], anchor=False)
        asked = ask(school_surveys.questions, survey["source_id"]).set_index("question")
        question = st.selectbox(
            "Fråga", asked.index.tolist(), key=f"fraga_{survey['source_id']}", bind="query-params",
            placeholder="Välj fråga",
        )  # fmt: skip
        row: dict[str, Any] = asked.loc[question].to_dict()
        everywhere = with_change(
            ask(school_surveys.indices, choice.municipality_id, survey["source_id"], row["question_id"])
        )
        rows = everywhere[everywhere["area_id"].isin(shown)]
        if rows.empty:
            parts.empty(
                f"Ingen skola i {choice.place} har svar på frågan.", "Välj hela kommunen, eller en annan fråga."
            )
            continue
        measure = chart.Measure(f"medelsvaret på «{question}»", "index 0–10", 1, "svar", 0, 10, whole_scale=True)
        source = (parts.provenance(survey["citation"], survey["delivered"]),)
        told = (
            f"0 är att alla svarat «{row['lowest']}», 10 att alla svarat «{row['highest']}». Antalet svar är avrundat."
        )
        finding = chart.finding(rows, measure)
        identity = f"skola-elever-{survey['source_id']}".replace("_", "-")
        local_exhibit(identity, finding, rows, everywhere, measure, choice, source, told)


def all_figures(figures: pd.DataFrame, choice: filters.Choice) -> None:
    """The newest figure of every measure for every school, as the source wrote it."""
    newest = figures[figures["period_start"] == figures.groupby("indicator_id")["period_start"].transform("max")]
    table = chart.overview(newest)
    parts.show(
        Exhibit(
            id="skola-alla-uppgifter",
            finding="Alla uppgifter, skola för skola",
            sentence="Skolorna står i bokstavsordning. Klicka på en rubrik för att ordna efter ett mått. Det som inte "
            "är ett rent tal står i kolumnen Anmärkning, som källan skriver det: "
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
        "Skola",
        "Hur går det för skolornas elever, är de där, och hur trygga är de? Skolorna ordnas efter kommundel och namn.",
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
    attendance(shown, choice)
    draw("Trygghet och studiero", CLIMATE, everywhere, shown, choice)
    pupils_say(shown, choice)
    all_figures(figures, choice)
    st.page_link("pages/platser/page.py", label=f"Läs om {choice.place} på sidan Platser", icon=":material/home_pin:",
                 query_params={"plats": choice.place})  # fmt: skip
    parts.cautions(
        ALL_IDS,
        "Skolor rangordnas inte här. Skillnader mellan skolor beror mycket på vilka elever som går där.",
        "En skola som sticker ut ett år väntas ligga närmare de andra nästa år, utan att något har gjorts (regression "
        "mot medelvärdet). Vad som väntas står där det går att räkna: bland minst åtta skolor med tal två år i följd.",
        "Närvaro jämförs samma månader varje läsår, eftersom årstiden gör mer än skillnaden mellan skolor.",
        "Osäkerheten visar hur mycket andelen kan svänga av en slump i en så stor årskull (95 procent, Wilson).",
    )


page()
