"""The situation picture as a plain Dash page on the same build: only something to measure the app beside.

One callback makes the content from the choices. Answers of the build are kept in memory, as the app keeps them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from dash import Dash, Input, Output, dcc, html
from dash.dash_table.DataTable import DataTable

from analysis.composition import REMAINDER, composition, share_expectations
from analysis.series import rolling_year
from analysis.trend import trend
from charts import offences as drawn
from charts import sentences
from charts.style import CONFIG
from charts.swedish import number, span
from queries import catalogue, offences, places, schools
from store.settings import Settings
from store.warehouse import Build, current_build

SETTINGS = Settings()
MUNICIPALITY = SETTINGS.municipality
GRAPH: Any = CONFIG
MEASURES = {"Antal": "count", "Per 100 000 invånare": "rate"}
PERIODS = ("Per år", "Per kvartal")


def ask(question: Callable[..., Any], *args: Any) -> Any:
    build = current_build(SETTINGS.data_dir)
    assert build is not None
    return _answer(build, question, args)


@cache
def _answer(build: Build, question: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    return question(build, *args)


def layout() -> html.Div:
    here = ask(places.choices, MUNICIPALITY)["name"].tolist()
    years = ask(places.years, MUNICIPALITY)
    groups = ask(offences.groups, MUNICIPALITY)["name"].tolist()
    return html.Div(
        [
            html.Label(["Plats", dcc.Dropdown(here, here[0], id="place", clearable=False)]),
            html.Label(["År", dcc.Dropdown(years, years[0], id="year", clearable=False)]),
            html.H1("Lägesbild"),
            html.P(f"Vad anmäldes i {here[0]}, och är det mer eller mindre än väntat?"),
            html.Label(["Brottsgrupp", dcc.Dropdown(groups, groups[0], id="group", clearable=False)]),
            dcc.RadioItems(list(MEASURES), next(iter(MEASURES)), id="measure"),
            dcc.RadioItems(list(PERIODS), PERIODS[0], id="period"),
            html.Div(id="content"),
        ]
    )


def content(place: str, year: int, name: str, measure: str, period: str) -> list[Any]:
    groups = ask(offences.groups, MUNICIPALITY)
    own = groups[groups["exclusive"]].set_index("indicator_id")
    group = str(groups.set_index("name").loc[name, "indicator_id"])
    chosen = group, name, MEASURES[measure]
    development = over_years(*chosen, year) if period == PERIODS[0] else by_quarter(*chosen)
    return [
        *district(place),
        *headline(own, year),
        *development,
        *made_of(own, year),
        *notices(),
        *cautions(tuple(own.index)),
    ]


def district(place: str) -> list[Any]:
    here = ask(places.choices, MUNICIPALITY).set_index("name")
    if here.loc[place, "level"] != "district":
        return []
    found = len(ask(schools.schools, here.loc[place, "area_id"]))
    return [
        html.P(f"Siffrorna här gäller hela {here.index[0]} kommun, inte bara {place}.", className="notice"),
        html.P(f"Det vi vet om {place} i dag: {number(here.loc[place, 'population'])} invånare och {found} skolor."),
    ]


def headline(groups: pd.DataFrame, year: int) -> list[Any]:
    ids = tuple(groups.index)
    rows = ask(offences.series, ids, (MUNICIPALITY,), "year")
    rates = rows[rows["period_start"].dt.year == year].set_index("indicator_id")["rate"]
    judged = ask(offences.expected, ids, MUNICIPALITY, "year", (date(year, 1, 1),))
    cards = []
    for one, group in groups.iterrows():
        for record in judged[str(one)]:
            told = [
                html.B(group["name"]),
                html.H2(number(record.observed), className="figure"),
                html.P(number(rates.get(one))),
            ]
            cards.append(html.Div([*told, html.P(f"{record.verdict}, väntat {span(record.lower, record.upper)}")]))
    return [html.Div(cards, style={"display": "flex", "gap": "1rem"}), *source(ids)]


def over_years(group: str, name: str, measure: str, year: int) -> list[Any]:
    what = drawn.reports_of(name)
    years, breaks = series(group, "year"), drawn.breaks_of(ask(offences.breaks, (group,)))
    starts = tuple(day.date() for day in years["period_start"])
    judged = ask(offences.expected, (group,), MUNICIPALITY, "year", starts)[group]
    found = trend(years, breaks=[one.first_day for one in breaks])
    rolling = rolling_year(series(group, "quarter"), 4)
    latest = rolling[rolling["preliminary"]]
    figure = drawn.trend(years, judged, breaks, measure=measure, chosen=year, latest=latest)
    told = [sentences.expectation_sentence(one, what, str(year)) for one in judged if one.period_start.year == year]
    return exhibit(drawn.trend_finding(found, what), figure, [*told, sentences.trend_sentence(found, what)], (group,))


def by_quarter(group: str, name: str, measure: str) -> list[Any]:
    what = drawn.reports_of(name)
    quarters = series(group, "quarter")
    if quarters.empty:
        return []
    newest = quarters.groupby(quarters["period_start"].dt.quarter)["period_start"].max()
    starts = tuple(day.date() for day in newest.sort_values())
    judged = ask(offences.expected, (group,), MUNICIPALITY, "quarter", starts)[group]
    label = quarters["period_label"].iloc[-1]
    told = [sentences.expectation_sentence(judged[-1], what, label)]
    figure = drawn.same_quarter(quarters, judged, measure=measure)
    return exhibit(sentences.finding(what, label, judged[-1].verdict), figure, told, (group,))


def made_of(groups: pd.DataFrame, year: int) -> list[Any]:
    ids = tuple(map(str, groups.index))
    counts = ask(offences.series, ids, (MUNICIPALITY,), "year")
    part_of = dict(zip(ids, groups["part_of"], strict=True))
    shares = composition(counts, offences.TOTAL, part_of)
    within = {child: whole for child, whole in part_of.items() if whole not in ("", offences.TOTAL)}
    inside = counts[counts["indicator_id"].isin(list(within))].assign(
        group=lambda frame: frame["indicator_id"], parent=lambda frame: frame["indicator_id"].map(within)
    )[["period_start", "group", "parent", "count"]]
    names = dict(zip(ids, groups["name"], strict=True)) | {REMAINDER: "Övriga brott"}
    breaks = drawn.breaks_of(ask(offences.breaks, ids))
    until = shares[shares["period_start"].dt.year <= year]
    judged = share_expectations(until, breaks=[one.first_day for one in breaks])
    told = [sentences.composition_sentence(judged, names, "anmälda brott", str(year))]
    figure = drawn.composition(shares, inside, names, breaks, rest=REMAINDER)
    return exhibit(drawn.composition_finding(until, names, rest=REMAINDER), figure, told, ids)


def notices() -> list[Any]:
    rows = ask(offences.notices, MUNICIPALITY)[["category", "notices"]]
    return [DataTable(rows.to_dict("records"), [{"name": name, "id": name} for name in rows.columns])]


def cautions(ids: tuple[str, ...]) -> list[Any]:
    lines = [html.Li(line) for line in ask(catalogue.caveats, ids)]
    return [html.Details([html.Summary("Vad säger siffrorna, och vad säger de inte?"), html.Ul(lines)])]


def exhibit(finding: str, figure: Any, told: list[str], ids: tuple[str, ...]) -> list[Any]:
    return [html.H3(finding), dcc.Graph(figure=figure, config=GRAPH), html.P(" ".join(told)), *source(ids)]


def source(ids: tuple[str, ...]) -> list[Any]:
    return [html.Small("Källa: " + "; ".join(ask(catalogue.provenance, ids, (MUNICIPALITY,))["citation"]))]


def series(group: str, period_type: str) -> pd.DataFrame:
    ids = tuple(dict.fromkeys([offences.TOTAL, group]))
    rows: pd.DataFrame = ask(offences.series, ids, (MUNICIPALITY,), period_type)
    return rows[rows["indicator_id"] == group]


def main() -> None:
    app = Dash("bench", title="Lägesbild")
    app.layout = layout
    choices = [Input(one, "value") for one in ("place", "year", "group", "measure", "period")]
    app.callback(Output("content", "children"), choices)(content)
    app.run(host="127.0.0.1", port=int(sys.argv[1]), debug=False)


if __name__ == "__main__":
    main()
