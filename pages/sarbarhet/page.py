"""Sårbarhet: how exposed living conditions are in each area, and what can be said however the measures are weighed."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from analysis.classes import classify
from charts import map_words, maps
from charts import vulnerability as chart
from charts import vulnerability_words as words
from charts.exhibit import Exhibit
from charts.print_map import print_map
from charts.swedish import alphabetical, listing, number, signed
from queries import maps as map_query
from queries import vulnerability as query
from queries import vulnerability_index as made
from queries.names import LEVELS
from ui import filters, parts
from ui.boundaries import boundary_url
from ui.facts import ask, settings
from ui.vulnerability import PRESETS, Weighted, choose, preset_parts

CLASSES = 5
VIEWS = ("Index", "Karta", "Känslighet")

PER = {"district": "kommundel", "regso": "RegSO", "deso": "DeSO"}
UNIT = "index"
KINDS = {
    words.ABOVE: "Mer utsatta än landets medel", words.BETWEEN: "Beror på vikterna",
    words.BELOW: "Mindre utsatta än landets medel",
}  # fmt: skip
WITH_THESE = "Talen gäller de valda vikterna; vad som håller med andra står i vyn Index."
CAUTIONS = (
    "Indexet beskriver områdens livsvillkor, inte människor. De flesta i ett område med högt index lever vanliga liv, "
    "och ingen enskild kan bedömas efter var den bor.",
    "Använd det för att se var stöd kan behövas, inte för att peka ut eller rangordna platser. Orden mer och mindre "
    "utsatt gäller måtten, inte platsens värde.",
    "Indexet säger inget om brott eller otrygghet. Samband mellan livsvillkor och brott gäller i genomsnitt och är "
    "inte detsamma som orsak.",
    "Flera mått mäter delvis samma sak, till exempel utrikes födda och utländsk bakgrund, som då räknas nästan "
    "dubbelt. Sänk vikten för det ena, eller se vad som håller i vyn Känslighet.",
    "En kommundel är ett genomsnitt: den kan rymma både mycket och lite utsatta DeSO.",
    "Medelområdet är medelvärdet av landets DeSO, inte av landets invånare.",
)


def side(share: float) -> int:
    """Which way a share of the weightings points: 1 or -1 when a conclusion holds in nearly all of them, else 0."""
    return {words.ABOVE: 1, words.BELOW: -1}.get(words.group_of(share), 0)


def chosen_areas(result: made.Result, choice: filters.Choice) -> list[str]:
    """The areas with a score that the chosen place is or has in it; none when the whole municipality was chosen."""
    own = result.areas[result.areas["score"].notna()]
    is_own = (own["area_id"] == choice.place_id) | (own["district_id"] == choice.place_id)
    return own.loc[is_own, "area_id"].tolist() if choice.is_district else []


def known_areas(result: made.Result, chosen: Weighted) -> pd.DataFrame:
    """The areas that have a score, with ``against``: the ready-made weightings, of the chosen measures, that put one on
    the other side of the country's mean than nearly all the drawn ones do."""
    rows = result.areas[result.areas["score"].notna()]
    way = rows["over"].map(side)
    return rows.assign(against=_against(rows["area_id"], way, ready_scores(chosen)))


def ready_scores(chosen: Weighted) -> dict[str, pd.Series]:
    """The scores by area_id with each ready-made choice of weights, of those of its measures that the reader uses."""
    used = set(chosen.names)
    out = {}
    for name in PRESETS:
        if weights := tuple(part for part in preset_parts(name) if part[0] in used):
            areas = ask(made.result, chosen.municipality_id, chosen.level, weights, ()).areas
            out[name] = areas.set_index("area_id")["score"]
    return out


def _against(area_ids: pd.Series, way: pd.Series, scores: dict[str, pd.Series]) -> pd.Series:
    """For each area the names of the ``scores`` whose sign is not its ``way`` (1 or -1; 0: nothing to contradict)."""
    told = {name: area_ids.map(score) * way <= 0 for name, score in scores.items()}
    return pd.Series(
        [tuple(name for name, other in told.items() if way[at] and other[at]) for at in area_ids.index],
        index=area_ids.index, dtype=object,
    )  # fmt: skip


def per_level(chosen: Weighted) -> str:
    """Where the figures are about: "Norrtälje, per kommundel"."""
    return f"{chosen.municipality}, per {PER[chosen.level]}"


def headline(result: made.Result, chosen: Weighted, own: list[str]) -> None:
    """The chosen place in numbers, or how many areas there are of each kind."""
    rows = known_areas(result, chosen)
    with st.container(horizontal=True):
        if len(own) == 1:
            row = rows[rows["area_id"] == own[0]].to_dict("records")[0]
            st.metric("Index (0 = landets medel)", signed(row["score"], 1), width="content")
            st.metric(
                f"Bland de {words.count_of(result.most)} mest utsatta", f"{words.capped(row['among'])} av viktningarna",
                width="content",
            )  # fmt: skip
            st.metric("Över landets medel", f"{words.capped(row['over'])} av viktningarna", width="content")
            st.metric("Mått i indexet", f"{number(row['parts'])} av {number(len(chosen.parts))}", width="content")
            return
        groups = words.groups(rows).value_counts()
        st.metric("Områden", number(len(rows)), width="content")
        for group, label in KINDS.items():
            st.metric(label, number(int(groups.get(group, 0))), width="content")


def show_index(result: made.Result, chosen: Weighted, own: list[str]) -> None:
    """Every area's index and how far other weights move it."""
    rows = known_areas(result, chosen)
    finding = words.finding(rows, chosen.level)
    missing = [chosen.names[one] for one in result.left_out]
    lacking = result.areas.assign(
        missing=pd.Series([[chosen.names[one] for one in each] for each in result.areas["missing"]], dtype=object)
    )
    parts.show(
        Exhibit(
            id=f"sarbarhet-index-{chosen.level}",
            finding=finding,
            sentence=" ".join(
                filter(
                    None,
                    [
                        words.sentence(rows, chosen.level, result.most, made.DRAWS, own),
                        words.left_out(missing, chosen.level), words.gaps(lacking, chosen.level),
                        "Tillagda mått jämförs med kommunens egna områden." if chosen.added else "",
                    ],
                )
            ),
            unit="Index: standardavvikelser från landets medel, uppåt är mer utsatt",
            place=per_level(chosen),
            period=chosen.periods,
            sources=chosen.sources,
            table=chart.table(rows, result.most, len(result.measures)),
            figure=chart.by_area(rows, own, result.most),
            alt=f"{finding}. En rad per område, i bokstavsordning inom tre grupper. Talen finns i nedladdningen.",
            filters=weights_told(chosen),
        )
    )  # fmt: skip


def weights_told(chosen: Weighted) -> tuple[tuple[str, str], ...]:
    """The weights, for the files."""
    told = [f"{chosen.names[name]} {number(weight)}" for name, _, weight in chosen.parts]
    return (("Vikter", "; ".join(told)),)


def show_contributions(result: made.Result, chosen: Weighted, choice: filters.Choice, own: list[str]) -> None:
    """What the index of the chosen place is made of."""
    place_id, place = choice.place_id, choice.place
    if choice.is_district and chosen.level != "district":
        if not own:
            return
        names = dict(zip(result.areas["area_id"], result.areas["name"], strict=True))
        place_id = own[0] if len(own) == 1 else st.selectbox(
            "Visa vad indexet består av för", own, format_func=names.__getitem__, key="sarbar_del", bind="query-params",
            placeholder="Välj ett område",
        )  # fmt: skip
        place = names[place_id]
    used = tuple(part for part in chosen.parts if part[0] in result.measures)
    rows = ask(made.contributions, chosen.municipality_id, chosen.level, place_id, used, chosen.added)
    if rows.empty:
        return
    told = chosen.measures[["indicator_id", "name", "unit", "decimals", "period_label", "is_added"]]
    rows = rows.merge(told, on="indicator_id")
    rows["beside"] = rows["is_added"].map({True: "kommunens områden", False: "landets DeSO"})
    finding = words.contribution_finding(place, rows)
    parts.show(
        Exhibit(
            id="sarbarhet-bidrag",
            finding=finding,
            sentence=words.contribution_sentence(place, rows),
            unit="Bidrag till indexet, i standardavvikelser",
            place=place,
            period=chosen.periods,
            sources=chosen.sources,
            table=chart.contribution_table(rows),
            figure=chart.contributions(rows),
            alt=f"{finding}. En stapel per mått; talen finns i nedladdningen.",
            filters=weights_told(chosen),
        )
    )


def show_national(chosen: Weighted, choice: filters.Choice) -> None:
    """Where the DeSO of the chosen place stand among all of the country's."""
    rows = ask(made.national, chosen.municipality_id, choice.place_id, chosen.parts)
    if rows.empty:
        return
    measures = ask(query.measures)
    country, exact = int(measures["areas"].max()), bool(rows["position"].notna().all())
    parts.show(
        Exhibit(
            id="sarbarhet-landet",
            finding=words.national_finding(choice.place, rows, exact),
            sentence=words.national_sentence(country, exact)
            + (" Tillagda mått räknas inte med här." if chosen.added else ""),
            unit="Andel av landets DeSO; antal mått",
            place=f"{choice.place}, per DeSO",
            period=listing(sorted(set(measures["period_label"]))),
            sources=chosen.sources,
            table=chart.national_table(rows, country, exact),
            filters=weights_told(chosen),
        )
    )


def show_map(result: made.Result, chosen: Weighted, own: list[str]) -> None:
    """The index on a map, with the same as a table in the other view."""
    layers = ask(map_query.layers, chosen.municipality_id).set_index("level")
    if chosen.level not in layers.index:
        parts.empty(
            f"Det finns inga gränser för {LEVELS[chosen.level]} i {chosen.municipality}, så kartan kan inte ritas.",
            "De kommer med SCB:s gränser: `python -m pipelines fetch scb_areas`.",
        )
        return
    areas, labels = on_map(result)
    layer = layers.loc[chosen.level]
    geojson = json.loads(ask(map_query.boundary, str(layer["layer"])))
    drawn = areas["area_id"].isin({feature["id"] for feature in geojson["features"]})
    near = [feature for feature in geojson["features"] if feature["id"] in own]
    with_names, schools = chosen.level != "deso", ask(map_query.schools, chosen.municipality_id).head(0)
    ground = maps.Ground(st.context.theme.type == "dark", settings().tiles, settings().tiles_attribution)
    url = boundary_url(str(layer["layer"]), str(layer["sha256"]))
    lost = map_words.no_polygon(areas.loc[~drawn, "name"].tolist())
    what = words.finding(known_areas(result, chosen), chosen.level)
    exhibit = Exhibit(
        id=f"sarbarhet-karta-{chosen.level}",
        finding=what,
        sentence=" ".join(filter(None, [map_words.sentence(areas, "antal", 1), words.limit(areas), WITH_THESE, lost])),
        unit="Index: 0 är landets medel, uppåt är mer utsatt",
        place=per_level(chosen),
        period=chosen.periods,
        sources=chosen.sources,
        table=chart.table(known_areas(result, chosen), result.most, len(result.measures)),
        figure=maps.screen_map(
            areas[drawn], labels, url, maps.view_of(geojson["features"]), unit=UNIT, ground=ground,
            with_names=with_names, schools=schools, chosen=near,
        ),
        print_figure=partial(
            print_map, areas[drawn], labels, geojson, unit=UNIT, with_names=with_names, schools=schools, note="",
        ),
        alt=f"Karta: {what}. Samma innehåll står i texten och i vyn Index.",
        filters=weights_told(chosen),
    )  # fmt: skip
    exhibit = parts.marked(exhibit)
    parts.head(exhibit)
    st.plotly_chart(exhibit.figure, key="sarbar_karta", config=maps.MAP_CONFIG, alt=exhibit.alt)
    st.markdown(exhibit.sentence)
    parts.footer(exhibit)


def on_map(result: made.Result) -> tuple[pd.DataFrame, list[str]]:
    """The areas with their class and words, and the names of the classes; one limit is the country's mean."""
    rows = result.areas.assign(value=result.areas["score"], status="final")
    rows["status"] = rows["status"].where(rows["value"].notna(), None)
    areas = map_words.described(rows, "antal", 1)
    classes = classify(areas["rounded"], "quantile", CLASSES, at=0.0)
    areas = areas.assign(klass=classes.assign(areas["rounded"]))
    return areas, maps.class_labels(classes.lowest, classes.highest, 1)


def show_sensitivity(result: made.Result, chosen: Weighted, own: list[str]) -> None:
    """How much the order hangs on single measures, on the weights, and on the method."""
    rows = known_areas(result, chosen)
    ready = {
        name: ask(made.result, chosen.municipality_id, chosen.level, weights, ()).areas.set_index("area_id")["rank"]
        for name in PRESETS if (weights := preset_parts(name))
    }  # fmt: skip
    agreement, period = (
        ask(made.beside_own_index, chosen.municipality_id, rows[["area_id", "score"]])
        if chosen.level == "regso"
        else (float("nan"), "")
    )
    common: dict[str, Any] = {
        "place": per_level(chosen),
        "period": chosen.periods,
        "sources": chosen.sources,
        "filters": weights_told(chosen),
    }
    sentence = words.sensitivity_sentence(result.agreement, chosen.names)
    parts.show(
        Exhibit(
            id=f"sarbarhet-kanslighet-{chosen.level}",
            finding=words.sensitivity_finding(result.agreement, chosen.names),
            sentence=" ".join(filter(None, [sentence, words.own_index_sentence(agreement, period)])),
            unit="Plats bland områdena (1 = mest utsatt)",
            table=chart.sensitivity_table(rows, ready),
            **common,
        )
    )
    parts.show(
        Exhibit(
            id=f"sarbarhet-matt-{chosen.level}",
            finding="Så lik blir ordningen när ett mått tas bort",
            sentence="1 betyder att ordningen är densamma som med alla valda mått. Måttet som betyder mest står först.",
            unit="Rangkorrelation (Spearman), \N{MINUS SIGN}1 till 1",
            table=chart.agreement_table(result.agreement, chosen.names),
            **common,
        )
    )
    pairs(result, chosen, own, common)


def pairs(result: made.Result, chosen: Weighted, own: list[str], common: dict[str, Any]) -> None:
    """One area beside each of the others: what holds however the measures are weighed."""
    names = dict(zip(result.areas["area_id"], result.areas["name"], strict=True))
    order = sorted(result.pairs.index, key=lambda one: alphabetical(names[one]))
    area = st.selectbox(
        "Jämför ett område med de andra", order, index=order.index(own[0]) if own else 0, format_func=names.__getitem__,
        key=f"sarbar_par_{chosen.level}", placeholder="Välj ett område",
    )  # fmt: skip
    row = result.pairs.loc[area].drop(area)
    others = pd.Series(row.index, index=row.index)
    apart = {name: score[area] - score for name, score in ready_scores(chosen).items()}
    against = _against(others, row.map(side), apart)
    parts.show(
        Exhibit(
            id=f"sarbarhet-par-{chosen.level}",
            finding=words.pairs_finding(names[area], row, against),
            sentence=f"Andelen av {number(made.DRAWS)} slumpade viktningar där {names[area]} har högre index. Hur "
            "måtten än vägs betyder här i minst 95 procent av viktningarna och med alla färdiga viktval.",
            unit="Procent av viktningarna",
            table=chart.pairs_table(row, names, against),
            **common,
        )
    )


def page() -> None:
    parts.heading(
        "Sårbarhet", "Var är livsvillkoren mest ansträngda, och vilka slutsatser håller hur man än väger måtten?"
    )
    choice = filters.choice()
    measures = ask(query.measures)
    has_figures = len(measures) and ask(query.values, choice.municipality_id, "deso")["value"].notna().any()
    if not has_figures:
        parts.empty(
            f"Det finns inga uppgifter om livsvillkor per område i {choice.municipality} än.",
            "De räknas fram ur SCB:s tabeller per DeSO om hushåll, ålder, bakgrund, boende, utbildning, ekonomi och "
            "arbete. Lägg till Excel-filer från SCB:s statistikdatabas på sidan Importera.",
        )
        return
    first, second = st.columns(2)
    level = first.segmented_control(
        "Områden", list(PER), format_func=LEVELS.__getitem__, default="district", required=True, key="sarbar_niva",
        bind="query-params",
    )  # fmt: skip
    view = second.segmented_control(
        "Visa", VIEWS, default=VIEWS[0], required=True, key="sarbar_visa", bind="query-params"
    )
    chosen = choose(choice, str(level))
    if not chosen.parts:
        parts.empty("Alla vikter är 0.", "Ge minst ett mått en vikt över 0 under Mått och vikter.")
        return
    result = ask(made.result, choice.municipality_id, chosen.level, chosen.parts, chosen.added)
    own = chosen_areas(result, choice)
    if view == "Karta":
        show_map(result, chosen, own)
    elif view == "Känslighet":
        show_sensitivity(result, chosen, own)
    else:
        headline(result, chosen, own)
        show_index(result, chosen, own)
        show_contributions(result, chosen, choice, own)
        show_national(chosen, choice)
    parts.cautions(chosen.measures["indicator_id"].tolist(), *CAUTIONS)


page()
