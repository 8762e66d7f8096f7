"""A place's socio-economic profile beside its municipality and the country's areas."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.style import BAND, CONTEXT, SERIES, base, write
from charts.swedish import alphabetical, capital, listing, number, percent, signed, span, uncapital

#: How many places can be drawn beside each other, the municipality not counted.
MOST_PLACES = 4

#: A trend is drawn from this many years.
FEWEST_YEARS = 3

#: A symbol and a colour for each place, and one of its own for the municipality: (plotly name, character, colour).
_SYMBOLS = (("circle", "●", SERIES[0]), ("square", "■", SERIES[1]), ("diamond", "◆", SERIES[2]),
            ("triangle-up", "▲", SERIES[3]))  # fmt: skip
_MUNICIPALITY = ("circle-open", "○", CONTEXT)

#: Each of a place's DeSO, in the place's colour.
_AREA = ("x-thin-open", "×")

#: Most shares that a title or a long list names, and most areas whose values a sentence lists one by one.
_NAMED, _LISTED = 4, 2

#: Shares of the profile as they stand after "när det gäller"; others by their name.
_NOUNS = {
    "Arbetslösa 16–64 år": "arbetslöshet",
    "Utanför arbetskraften 16–64 år": "andel utanför arbetskraften",
    "Förgymnasial utbildning 25–64 år": "förgymnasial utbildning",
    "Utrikes födda": "andel utrikes födda",
    "Hyresrätter": "andel hyresrätter",
    "Nettoinkomst, median": "medianinkomst",
}
_COUNTS = ("inget", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_SIDES = {"high": "högsta", "low": "lägsta"}

_ROW, _KEY_ROW, _GAP, _BOTTOM = 68, 24, 16, 8
_MIDDLE = "rgba(124, 135, 151, 0.42)"

Marks = tuple[str, str, str]


def symbols(places: Sequence[str], municipality: str) -> dict[str, Marks]:
    """Symbol, character and colour of each place in the order drawn, the municipality last."""
    own = [place for place in places if place != municipality]
    return {**dict(zip(own, _SYMBOLS, strict=False)), municipality: _MUNICIPALITY}


def profile(spread: pd.DataFrame, marks: pd.DataFrame, areas: pd.DataFrame, municipality: str) -> go.Figure:
    """A row per share: the country's areas as a bar (eight of ten, the middle half, the median), places as marks, and
    small crosses for the places' DeSO.

    ``spread``: indicator_id, name, unit, decimals, p10, p25, p50, p75, p90, in the order of the rows. ``marks``:
    indicator_id, place, value, low, high (drawn as a line where there is no value), in the order of the places.
    ``areas``: indicator_id, place, area_id, value, for the places whose DeSO are drawn. Each row has a scale of its
    own, on which the country's 10th and 90th percentile lie below each other in all rows.
    """
    of_place = symbols(list(dict.fromkeys(marks["place"])), municipality)
    rows = spread.reset_index(drop=True)
    first = (len(of_place) + 3) * _KEY_ROW + _GAP
    rows["y"] = first + rows.index * _ROW + 52
    height = first + len(rows) * _ROW + _BOTTOM
    figure = base(height + 2 * _BOTTOM)
    crosses = areas[["indicator_id", "place", "area_id", "value"]].assign(low=float("nan"), high=float("nan"))
    placed, dots = _scaled(rows, marks), _scaled(rows, crosses)
    left, right = _ends(pd.concat([placed, dots]))
    _add_bars(figure, rows)
    for order, (place, mark) in reversed(list(enumerate(of_place.items()))):
        # Ranges of several places would hide each other on one line.
        shift = order * 8 - (len(of_place) - 1) * 4
        _add_place(figure, placed[placed["place"] == place], place, mark, shift)
        if (dots["place"] == place).any():
            _add_areas(figure, dots[dots["place"] == place], mark)
    for row in rows.to_dict("records"):
        own = placed[placed["indicator_id"] == row["indicator_id"]]
        write(figure, f"<b>{row['name']}</b><br>{_values(row, own, of_place)}", row["y"] - 28)
    _add_key(figure, of_place)
    figure.update_layout(hovermode="closest", margin={"l": 12, "r": 12, "t": _BOTTOM, "b": _BOTTOM})
    figure.update_xaxes(visible=False, range=[left, right])
    figure.update_yaxes(visible=False, range=[height, 0])
    return figure


def finding(place: str, areas: pd.DataFrame) -> str:
    """A title: in which shares most of the place's DeSO lie among the country's tenth highest or tenth lowest.

    ``areas``: a row per DeSO and share: area_id, name (the share's), unit, decimals, value, side ("high", "low"
    or ""), p10, p90. Each DeSO is judged for itself: the spread is that of single DeSO, not of averages.
    """
    if areas.empty:
        return f"Det finns inga tal för delområden i {place} att jämföra med landet"
    total, shares = areas["area_id"].nunique(), areas["name"].nunique()
    extremes = _extremes(areas)
    if extremes.empty:
        who = place if total == 1 else f"Inget av de {_count(total)} delområdena i {place}"
        neither = "hör varken till landets tio procent högsta eller lägsta" if total == 1 else (
            "hör till landets tio procent högsta eller lägsta"
        )  # fmt: skip
        return f"{who} {neither} i något av {shares} mått"
    most = extremes[extremes["areas"] == extremes["areas"].max()]
    who = place if total == 1 else f"{capital(_share(int(most['areas'].max()), total))} delområden i {place}"
    if len(most) > _NAMED:
        per_side = [f"tio procent {word} i {n}" for side, word in _SIDES.items() if (n := (most["side"] == side).sum())]
        return f"{who} hör till landets {listing(per_side)} av {shares} mått"
    told = [
        f"tio procent {word} i {listing([_noun(name) for name in most.loc[most['side'] == side, 'name']])}"
        for side, word in _SIDES.items() if (most["side"] == side).any()
    ]  # fmt: skip
    unlike = ", men inte samma delområden i alla" if most["who"].nunique() > 1 else ""
    return f"{who} hör till landets {listing(told)}{unlike}"


def sentence(place: str, areas: pd.DataFrame, country: int) -> str:
    """Every share in which some DeSO stands out, with values and limits. ``areas`` as for ``finding``; ``country``: the
    number of areas that the country's spread is made of."""
    if areas.empty:
        return _NO_SCORE
    total = areas["area_id"].nunique()
    extremes = _extremes(areas)
    if extremes.empty:
        start = f"Alla tal ligger inom de åtta tiondelar av landets {number(country)} områden som är vanligast."
    else:
        start = f"Varje delområde (DeSO) jämförs för sig med landets {number(country)} områden."
    parts = [start]
    for side, word in _SIDES.items():
        own = extremes[extremes["side"] == side]
        named = own if total < len(_COUNTS) else own.head(_NAMED)
        told = [_told(row, total) for row in named.to_dict("records")]
        told += (
            [f"därtill några delområden i ytterligare {len(own) - len(named)} mått"] if len(own) > len(named) else []
        )
        parts += [f"Bland landets tio procent {word}: {'; '.join(told)}."] if told else []
    counted = areas.groupby("name")["area_id"].nunique()
    if (counted < total).any():
        parts.append(f"Alla delområden har inte tal i {listing([_noun(n) for n in counted[counted < total].index])}.")
    return " ".join([*parts, _NO_SCORE])


_NO_SCORE = "Måtten beskriver livsvillkor, inte brott eller otrygghet, och läggs inte ihop till ett enda tal."


def _extremes(areas: pd.DataFrame) -> pd.DataFrame:
    """A row per share and side with any DeSO among the tenth: name, side, areas (number), who (their codes), values
    (rising), limit, unit, decimals; most areas first."""
    rows = [
        {
            "name": name, "side": side, "areas": len(group), "who": " ".join(sorted(group["area_id"])),
            "values": sorted(group["value"]), "limit": group["p90" if side == "high" else "p10"].iloc[0],
            "unit": group["unit"].iloc[0], "decimals": int(group["decimals"].iloc[0]),
        }
        for (name, side), group in areas[areas["side"] != ""].groupby(["name", "side"], sort=False)
    ]  # fmt: skip
    out = pd.DataFrame(rows, columns=["name", "side", "areas", "who", "values", "limit", "unit", "decimals"])
    return out.sort_values(["areas", "name"], ascending=[False, True], key=_in_order, kind="stable")


def _in_order(column: pd.Series) -> pd.Series:
    return column.map(lambda name: alphabetical(_noun(name))) if column.name == "name" else column


def _told(row: dict[Hashable, Any], total: int) -> str:
    """ "arbetslöshet i två av tre (11,9 och 14,3 %; gränsen går vid 9,8)"."""
    decimals, values = row["decimals"], row["values"]
    shown = listing([number(v, decimals) for v in values]) if len(values) <= _LISTED else (
        span(values[0], values[-1], decimals)
    )  # fmt: skip
    where = f" i {_share(row['areas'], total)}" if total > 1 else ""
    unit = _short_unit(row["unit"])
    return f"{_noun(row['name'])}{where} ({shown}\u00a0{unit}; gränsen går vid {number(row['limit'], decimals)})"


def _noun(name: str) -> str:
    return _NOUNS.get(name, uncapital(name))


def _count(count: int) -> str:
    return _COUNTS[count] if count < len(_COUNTS) else str(count)


def _share(part: int, total: int) -> str:
    """ "två av tre", "4 av 38": words when both can be, figures otherwise."""
    return f"{_count(part)} av {_count(total)}" if total < len(_COUNTS) else f"{part} av {total}"


def table(
    spread: pd.DataFrame, marks: pd.DataFrame, areas: pd.DataFrame, labels: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """The figures behind the chart, the places' DeSO in a column each.

    ``areas``: indicator_id, place, area_id, value, side. ``labels``: the band in words by (indicator_id, place), for
    places that are one area.
    """
    both = marks.merge(spread, on="indicator_id")
    keys = list(zip(both["indicator_id"], both["place"], strict=True))
    judged = areas.groupby(["indicator_id", "place"])["side"].agg(
        high=lambda side: (side == "high").sum(), low=lambda side: (side == "low").sum()
    )  # fmt: skip
    judged = judged.reindex(pd.MultiIndex.from_tuples(keys, names=["indicator_id", "place"])).reset_index(drop=True)

    def shown(column: pd.Series) -> list[float | None]:
        return [_rounded(v, d) for v, d in zip(column, both["decimals"], strict=True)]

    by_area = {
        f"DeSO {area_id}": shown(pd.Series(keys).map(own.set_index(["indicator_id", "place"])["value"].to_dict().get))
        for area_id, own in areas.sort_values("area_id", kind="stable").groupby("area_id")
    }
    return pd.DataFrame({
        "Mått": both["name"],
        "Plats": both["place"],
        "År": both["period_label"],
        "Enhet": both["unit"],
        "Värde": shown(both["value"]),
        "Lägsta i delområden": shown(both["low"]),
        "Högsta i delområden": shown(both["high"]),
        "Antal": both["count"],
        "Underlag": both["base"],
        "Uppgift": both["status"].map(_STATUS).fillna(""),
        "Läge bland rikets områden": [labels.get(key, "") for key in keys],
        "Delområden bland rikets tio procent högsta": judged["high"],
        "Delområden bland rikets tio procent lägsta": judged["low"],
        "Riket, 10:e percentilen": shown(both["p10"]),
        "Riket, median": shown(both["p50"]),
        "Riket, 90:e percentilen": shown(both["p90"]),
        **by_area,
    })  # fmt: skip


_STATUS = {
    "derived": "beräknad ur delområdena",
    "preliminary": "preliminär",
    "rounded": "avrundad av källan",
    "not_applicable": "kan inte vägas samman",
}


def newer_table(recent: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """SCB's newer figures with a column per place; what cannot be added up is told as a range in a column of its own.

    ``recent``: area_id, indicator_id, name, unit, decimals, period_label, value, low, high, parts, parts_level, status.
    ``names``: the places' names by area_id, in the order of the columns.
    """
    rows = []
    for _, group in recent.groupby(["indicator_id", "period_label"], sort=False):
        head = group.iloc[0]
        row: dict[str, object] = {"Mått": head["name"], "Enhet": head["unit"], "År": head["period_label"]}
        notes = []
        for area_id, name in names.items():
            own = group[group["area_id"] == area_id]
            row[name] = _rounded(own["value"].iloc[0], head["decimals"]) if len(own) else None
            notes += [_note(own.iloc[0], name)] if len(own) else []
        row["Anmärkning"] = "; ".join(note for note in notes if note)
        rows.append(row)
    return pd.DataFrame(rows)


def newer_footnote(shown: pd.DataFrame, unshown: pd.DataFrame, municipality_id: str, municipality: str) -> str:
    """Why the municipality lacks figures in ``newer_table``, and what it has that the place lacks; both frames as
    ``recent`` there."""
    whole = shown[shown["area_id"] == municipality_id]
    without = whole.loc[whole["value"].isna(), "name"].tolist()
    without += sorted(set(shown["name"]) - set(whole["name"]))
    parts = []
    if without:
        parts.append(
            f"Inget tal för {municipality} har levererats i {listing([uncapital(name) for name in without])}. Det kan "
            "inte räknas fram ur delarna, som anges i anmärkningen."
        )
    only = unshown[(unshown["area_id"] == municipality_id) & unshown["value"].notna()]
    if len(only):
        told = [
            f"{uncapital(row['name'])} {number(row['value'], int(row['decimals']))}\u00a0{_short_unit(row['unit'])} "
            f"({row['period_label']})"
            for row in only.to_dict("records")
        ]
        parts.append(f"Bara för hela kommunen finns {listing(told)}. Det är andra mått än de i tabellen.")
    return " ".join(parts)


def growth_sentence(place: str, growth_pct: float | None, year: int) -> str:
    """How the number of inhabitants changed in the latest year, as the source published it."""
    if growth_pct is None or pd.isna(growth_pct):
        return f"Källan har ingen uppgift om hur folkmängden i {place} ändrats."
    if round(growth_pct, 1) == 0:
        return f"Folkmängden i {place} var i stort sett oförändrad under {year}."
    verb = "ökade" if growth_pct > 0 else "minskade"
    return f"Folkmängden i {place} {verb} med {percent(abs(growth_pct), 1)} under {year}."


def population(series: pd.DataFrame, place: str) -> go.Figure:
    """The change of the number of inhabitants in each year: bars from zero. ``series``: year, growth_pct."""
    known = series.dropna(subset=["growth_pct"])
    figure = base(240)
    figure.add_bar(
        x=known["year"], y=known["growth_pct"], marker={"color": SERIES[1]},
        text=[signed(value, 1) for value in known["growth_pct"]], textposition="outside", cliponaxis=False,
        hovertemplate="%{x}: %{text} %<extra>" + place + "</extra>",
    )  # fmt: skip
    figure.update_xaxes(dtick=1, tickformat="d")
    figure.update_yaxes(visible=False, zeroline=True)
    figure.add_hline(y=0, line_width=1, line_color=CONTEXT)
    figure.update_layout(hovermode="closest", margin={"l": 8, "r": 8, "t": 24, "b": 8})
    return figure


def population_finding(series: pd.DataFrame, place: str) -> str:
    """A title that counts the years of growth."""
    known = series.dropna(subset=["growth_pct"])
    up, years = int((known["growth_pct"] > 0).sum()), len(known)
    span_of_years = f"{known['year'].min()}–{known['year'].max()}"
    if up == years:
        return f"Folkmängden i {place} ökade varje år {span_of_years}"
    if up == 0:
        return f"Folkmängden i {place} minskade eller stod stilla varje år {span_of_years}"
    return f"Folkmängden i {place} ökade {up} av {years} år {span_of_years}"


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), int(decimals))


def _note(row: pd.Series, name: str) -> str:
    parts = {"deso": "DeSO", "regso": "RegSO"}.get(str(row["parts_level"]), "")
    if pd.isna(row["value"]) and pd.notna(row["low"]):
        spread = span(row["low"], row["high"], int(row["decimals"]))
        return f"{name}: {spread} ({int(row['parts'])} {parts})"
    return f"{name}: preliminär" if row["status"] == "preliminary" else ""


def _scaled(rows: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """The marks with their row's y and positions x (and x_low, x_high) on the row's own scale."""
    out = marks.merge(rows[["indicator_id", "p10", "p90", "y", "name", "unit", "decimals"]], on="indicator_id")
    width = (out["p90"] - out["p10"]).where(lambda w: w > 0)
    for target, column in (("x", "value"), ("x_low", "low"), ("x_high", "high")):
        out[target] = (out[column].astype(float) - out["p10"]) / width
    alone = out["x"].isna() & (out["low"] == out["high"])
    out.loc[alone, "x"], out.loc[alone, "value"] = out.loc[alone, "x_low"], out.loc[alone, "low"]
    return out


def _ends(placed: pd.DataFrame) -> tuple[float, float]:
    ranges = placed[placed["x"].isna()]
    reach = pd.concat([placed["x"], ranges["x_low"], ranges["x_high"]]).dropna()
    low, high = min([0.0, *reach]), max([1.0, *reach])
    return low - 0.07, high + 0.07


def _add_bars(figure: go.Figure, rows: pd.DataFrame) -> None:
    """The country: a light bar over eight of ten areas, a darker one over the middle half, a tick at the median."""
    width = rows["p90"] - rows["p10"]
    _add_bar(figure, [0.0] * len(rows), [1.0] * len(rows), rows["y"], BAND)
    _add_bar(figure, (rows["p25"] - rows["p10"]) / width, (rows["p75"] - rows["p10"]) / width, rows["y"], _MIDDLE)
    figure.add_scatter(
        x=(rows["p50"] - rows["p10"]) / width, y=rows["y"], mode="markers", hoverinfo="skip",
        marker={"symbol": "line-ns-open", "size": 16, "color": CONTEXT, "line": {"width": 2.5}},
    )  # fmt: skip


def _add_bar(figure: go.Figure, starts: Iterable[float], ends: Iterable[float], y: pd.Series, color: str) -> None:
    xs = [end for pair in zip(starts, ends, strict=True) for end in (*pair, None)]
    ys = [end for at in y for end in (at, at, None)]
    figure.add_scatter(x=xs, y=ys, mode="lines", line={"width": 13, "color": color}, hoverinfo="skip")


def _add_place(figure: go.Figure, rows: pd.DataFrame, place: str, mark: Marks, shift: int) -> None:
    symbol, _, color = mark
    ranges = rows[rows["x"].isna() & rows["x_low"].notna()]
    xs = [x for row in ranges.to_dict("records") for x in (row["x_low"], row["x_high"], None)]
    ys = [y for row in ranges.to_dict("records") for y in (row["y"] + shift, row["y"] + shift, None)]
    marker = {"symbol": symbol, "size": 12, "color": color, "line": {"width": 2, "color": color}}
    figure.add_scatter(
        x=xs, y=ys, mode="lines+markers", line={"width": 2, "color": color}, marker={**marker, "size": 8},
        hoverinfo="skip",
    )  # fmt: skip
    known = rows.dropna(subset=["x"])
    figure.add_scatter(
        x=known["x"], y=known["y"], mode="markers", marker=marker, cliponaxis=False,
        text=[_hover(row, place) for row in known.to_dict("records")], hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _add_areas(figure: go.Figure, dots: pd.DataFrame, mark: Marks) -> None:
    """A small cross for each DeSO of a place."""
    color = mark[2]
    figure.add_scatter(
        x=dots["x"], y=dots["y"], mode="markers", cliponaxis=False,
        marker={"symbol": _AREA[0], "size": 7, "color": color, "line": {"width": 2, "color": color}},
        text=[_hover(row, f"DeSO {row['area_id']}") for row in dots.to_dict("records")],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _hover(row: dict[Hashable, Any], place: str) -> str:
    value = number(row["value"], int(row["decimals"]))
    return f"<b>{place}</b><br>{row['name']}: {value}\u00a0{_short_unit(row['unit'])}"


def _values(row: dict[Hashable, Any], own: pd.DataFrame, of_place: Mapping[str, Marks]) -> str:
    """ "● 9,2   ○ 3,6   │ 3,2 (1,4–9,8) %": the places' values, the country's median and eight of ten areas."""
    decimals = int(row["decimals"])
    told = []
    for place, mark in of_place.items():
        for found in own[own["place"] == place].to_dict("records"):
            ranged = pd.isna(found["value"]) and pd.notna(found["low"])
            value = span(found["low"], found["high"], decimals) if ranged else number(found["value"], decimals)
            told.append(f"{_coloured(mark)}\u00a0{value}")
    usual = span(row["p10"], row["p90"], decimals)
    return f"{'  '.join(told)}  │\u00a0{number(row['p50'], decimals)} ({usual})\u00a0{_short_unit(row['unit'])}"


def _short_unit(unit: str) -> str:
    return "%" if unit == "procent" else unit


def _coloured(mark: Marks) -> str:
    return f"<span style='color:{mark[2]}'>{mark[1]}</span>"


def _add_key(figure: go.Figure, of_place: Mapping[str, Marks]) -> None:
    """What the marks mean, one line each, above the rows."""
    lines = [f"{_coloured(mark)}  {place}" for place, mark in of_place.items()]
    lines.append(f"{_AREA[1]}  ett delområde (DeSO), i platsens färg")
    lines += ["│  landets median", "━  åtta av tio av landets områden; kraftigare: hälften"]
    for index, line in enumerate(lines):
        write(figure, line, _KEY_ROW * (index + 0.5))


def population_table(series: pd.DataFrame) -> pd.DataFrame:
    """The figures behind ``population``."""
    return pd.DataFrame({
        "År": series["year"].astype(str), "Förändring under året (procent)": series["growth_pct"].round(1),
        "Folkmängd 31 december (antal)": series["population"],
    })  # fmt: skip


def rank_finding(ranks: pd.DataFrame, place: str) -> str:
    """A title with the DeSO and share that lie farthest out in the country."""
    share = ranks["rank"] / (ranks["areas"] + 1)
    row = ranks.to_dict("records")[int((share - 0.5).abs().argmax())]
    where = f"plats {number(row['rank'])} av {number(row['areas'])} från det högsta"
    return f"Längst från mitten i {place}: {row['area']} har {where} i {_noun(row['name'])}"


def rank_table(ranks: pd.DataFrame) -> pd.DataFrame:
    """Exact ranks. ``ranks``: area_id, area, name, unit, decimals, value, rank, areas."""
    values = [_rounded(v, d) for v, d in zip(ranks["value"], ranks["decimals"], strict=True)]
    return pd.DataFrame({
        "DeSO": ranks["area_id"], "Namn": ranks["area"], "Mått": ranks["name"], "Enhet": ranks["unit"],
        "Värde": values, "Rang i landet (1 = högst)": ranks["rank"].astype(float),
        "Antal områden i landet": ranks["areas"].astype(float),
    })  # fmt: skip


def index_finding(index: pd.DataFrame, place: str) -> str:
    """A title with SCB's index for the one RegSO of a place, or its span."""
    period = index["period_label"].iloc[0]
    if len(index) == 1:
        return f"SCB:s socioekonomiska index {period}: {number(index['value'].iloc[0], 1)} i {index['area'].iloc[0]}"
    spread = span(index["value"].min(), index["value"].max(), 1)
    return f"SCB:s socioekonomiska index {period}: {spread} i de {len(index)} RegSO som {place} består av"


def index_sentence(index: pd.DataFrame, municipality: str) -> str:
    """What the index means, and the range of the municipality's RegSO."""
    row = index.iloc[0]
    spread = span(row["municipal_low"], row["municipal_high"], 1)
    total = int(row["municipal_areas"])
    if len(index) == total:
        ends = index.sort_values("value")["area"]
        told = [f"Högst ligger {ends.iloc[-1]} och lägst {ends.iloc[0]}."] if total > 1 else []
    else:
        told = [
            f"{own['area']} ligger {_ordinal(int(own['municipal_rank']), total)} av {total} i kommunen."
            for own in index.sort_values("municipal_rank").to_dict("records")
        ]
    return " ".join([
        "Ett högre tal betyder större socioekonomiska utmaningar enligt SCB.", *told,
        f"{municipality}s {total} RegSO ligger mellan {spread.replace('–', ' och ')}. "
        "Indexet finns bara för RegSO och kan inte vägas samman.",
    ])  # fmt: skip


_RANKS = ("", "näst ", "tredje ", "fjärde ", "femte ", "sjätte ", "sjunde ", "åttonde ", "nionde ", "tionde ")


def _ordinal(rank: int, total: int) -> str:
    """ "näst högst" of many, "lägst", "nr 11 från det högsta"."""
    from_below = total - rank
    if rank <= len(_RANKS) and rank <= from_below + 1:
        return f"{_RANKS[rank - 1]}högst"
    return f"{_RANKS[from_below]}lägst" if from_below < len(_RANKS) else f"på plats {rank} från det högsta"


def index_table(index: pd.DataFrame) -> pd.DataFrame:
    """SCB's index by RegSO."""
    return pd.DataFrame({
        "RegSO": index["area_id"], "Namn": index["area"], "År": index["period_label"], "Index": index["value"],
        "Rang i kommunen (1 = högst)": index["municipal_rank"],
    })  # fmt: skip


def events_table(events: pd.DataFrame) -> pd.DataFrame:
    """Published events: time, kind and the text as published."""
    return pd.DataFrame({
        "Tid": events["time"].dt.strftime("%Y-%m-%d %H:%M"), "Slag": events["category"], "Rubrik": events["title"],
    })  # fmt: skip
