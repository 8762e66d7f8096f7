"""A place's socio-economic profile beside its municipality and the country's areas."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.sentences import PositionRecord, position_label
from charts.style import BAND, CONTEXT, SERIES, base
from charts.swedish import MISSING, listing, number, percent, signed, span

#: How many places can be drawn beside each other, the municipality not counted.
MOST_PLACES = 4

#: A trend is drawn from this many years.
FEWEST_YEARS = 3

#: A symbol and a colour for each place, and one of its own for the municipality: (plotly name, character, colour).
_SYMBOLS = (("circle", "●", SERIES[0]), ("square", "■", SERIES[1]), ("diamond", "◆", SERIES[2]),
            ("triangle-up", "▲", SERIES[3]))  # fmt: skip
_MUNICIPALITY = ("circle-open", "○", CONTEXT)

_ROW, _KEY_ROW, _GAP, _BOTTOM = 68, 24, 16, 8
_MIDDLE = "rgba(124, 135, 151, 0.42)"

Marks = tuple[str, str, str]


def symbols(places: Sequence[str], municipality: str) -> dict[str, Marks]:
    """Symbol, character and colour of each place in the order drawn, the municipality last."""
    own = [place for place in places if place != municipality]
    return {**dict(zip(own, _SYMBOLS, strict=False)), municipality: _MUNICIPALITY}


def profile(spread: pd.DataFrame, marks: pd.DataFrame, municipality: str) -> go.Figure:
    """A row per share: the country's areas as a bar (eight of ten, the middle half, the median), places as marks.

    ``spread``: indicator_id, name, unit, decimals, p10, p25, p50, p75, p90, in the order of the rows. ``marks``:
    indicator_id, place, value, low, high (drawn as a line where there is no value), in the order of the places. Each
    row has a scale of its own, on which the country's 10th and 90th percentile lie below each other in all rows.
    """
    of_place = symbols(list(dict.fromkeys(marks["place"])), municipality)
    rows = spread.reset_index(drop=True)
    first = (len(of_place) + 2) * _KEY_ROW + _GAP
    rows["y"] = first + rows.index * _ROW + 52
    height = first + len(rows) * _ROW + _BOTTOM
    figure = base(height + 2 * _BOTTOM)
    placed = _scaled(rows, marks)
    left, right = _ends(placed)
    _add_bars(figure, rows)
    for order, (place, mark) in reversed(list(enumerate(of_place.items()))):
        # Ranges of several places would hide each other on one line.
        _add_place(figure, placed[placed["place"] == place], place, mark, order * 8 - (len(of_place) - 1) * 4)
    for row in rows.to_dict("records"):
        own = placed[placed["indicator_id"] == row["indicator_id"]]
        _write(figure, f"<b>{row['name']}</b><br>{_values(row, own, of_place)}", row["y"] - 28)
    _add_key(figure, of_place)
    figure.update_layout(hovermode="closest", margin={"l": 12, "r": 12, "t": _BOTTOM, "b": _BOTTOM})
    figure.update_xaxes(visible=False, range=[left, right])
    figure.update_yaxes(visible=False, range=[height, 0])
    return figure


def finding(place: str, positions: Mapping[str, PositionRecord]) -> str:
    """A title that counts in how many shares the place lies among the country's tenth highest and tenth lowest."""
    high, low = _extremes(positions)
    judged = sum(position_label(record) != MISSING for record in positions.values())
    if not judged:
        return f"Det finns inga tal för {place} att jämföra med landet"
    if not high and not low:
        return f"{place} ligger mellan landets tio procent lägsta och tio procent högsta områden i alla {judged} mått"
    told = [f"de tio procent högsta i {len(high)}"] if high else []
    told += [f"de tio procent lägsta i {len(low)}"] if low else []
    return f"{place} hör till landets {listing(told).replace('de tio', 'tio', 1)} av {judged} mått"


def sentence(place: str, positions: Mapping[str, PositionRecord], decimals: Mapping[str, int]) -> str:
    """Which shares stand out, with their values. ``positions`` and ``decimals`` by the shares' names."""
    high, low = _extremes(positions)
    areas = number(next((record.areas for record in positions.values()), 0))

    def told(names: list[str]) -> str:
        return listing([f"{_inside(name)} ({percent(positions[name].value, decimals[name])})" for name in names])

    parts = []
    if high:
        parts.append(
            f"Bland landets {areas} områden hör {place} till de tio procent högsta när det gäller {told(high)}."
        )
    if low:
        start = f"{place} hör till de tio procent lägsta" if high else (
            f"Bland landets {areas} områden hör {place} till de tio procent lägsta"
        )  # fmt: skip
        parts.append(f"{start} när det gäller {told(low)}.")
    if not parts:
        parts.append(f"Inget av måtten skiljer ut {place}: alla ligger inom de åtta tiondelar av landets {areas} "
                     "områden som är vanligast.")  # fmt: skip
    parts.append("Måtten beskriver livsvillkor, inte brott eller otrygghet, och läggs inte ihop till ett enda tal.")
    return " ".join(parts)


def table(spread: pd.DataFrame, marks: pd.DataFrame, labels: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """The figures behind the chart. ``labels``: the band in words by (indicator_id, place)."""
    both = marks.merge(spread, on="indicator_id")
    keys = zip(both["indicator_id"], both["place"], strict=True)
    return pd.DataFrame({
        "Mått": both["name"],
        "Plats": both["place"],
        "År": both["period_label"],
        "Enhet": both["unit"],
        "Värde": [_rounded(v, d) for v, d in zip(both["value"], both["decimals"], strict=True)],
        "Lägsta i delområden": both["low"],
        "Högsta i delområden": both["high"],
        "Antal": both["count"],
        "Underlag": both["base"],
        "Uppgift": both["status"].map(_STATUS).fillna(""),
        "Läge bland rikets områden": [labels.get(key, "") for key in keys],
        "Riket, 10:e percentilen": both["p10"],
        "Riket, median": both["p50"],
        "Riket, 90:e percentilen": both["p90"],
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


def _extremes(positions: Mapping[str, PositionRecord]) -> tuple[list[str], list[str]]:
    """Names of the shares over the 90th percentile, and of those under the 10th."""
    high = [name for name, record in positions.items() if record.above is not None and record.above >= 90]
    low = [name for name, record in positions.items() if record.below is not None and record.below <= 10]
    return high, low


def _inside(name: str) -> str:
    """A share's name as it stands inside a sentence."""
    return name[:1].lower() + name[1:]


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


def _write(figure: go.Figure, text: str, y: float) -> None:
    figure.add_annotation(
        text=text, x=0, xref="paper", xanchor="left", y=y, yref="y", yanchor="middle", showarrow=False, align="left",
        font={"size": 13},
    )  # fmt: skip


def _add_key(figure: go.Figure, of_place: Mapping[str, Marks]) -> None:
    """What the marks mean, one line each, above the rows."""
    lines = [f"{_coloured(mark)}  {place}" for place, mark in of_place.items()]
    lines += ["│  landets median", "━  åtta av tio av landets områden; kraftigare: hälften"]
    for index, line in enumerate(lines):
        _write(figure, line, _KEY_ROW * (index + 0.5))


def population_table(series: pd.DataFrame) -> pd.DataFrame:
    """The figures behind ``population``."""
    return pd.DataFrame({
        "År": series["year"].astype(str), "Förändring under året (procent)": series["growth_pct"].round(1),
        "Folkmängd 31 december (antal)": series["population"],
    })  # fmt: skip


def rank_table(ranks: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Exact places. ``ranks``: place_id, area_id, area, name, unit, decimals, value, rank, areas."""
    values = [_rounded(v, d) for v, d in zip(ranks["value"], ranks["decimals"], strict=True)]
    return pd.DataFrame({
        "Plats": ranks["place_id"].map(names), "DeSO": ranks["area_id"], "Namn": ranks["area"], "Mått": ranks["name"],
        "Enhet": ranks["unit"], "Värde": values,
        "Plats bland landets områden": ranks["rank"], "Antal områden": ranks["areas"],
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
    return (
        "Ett högre tal betyder större socioekonomiska utmaningar enligt SCB. "
        f"{municipality}s {int(row['municipal_areas'])} RegSO ligger mellan {spread.replace('–', ' och ')}. "
        "Indexet finns bara för RegSO och kan inte vägas samman."
    )


def index_table(index: pd.DataFrame) -> pd.DataFrame:
    """SCB's index by RegSO."""
    return pd.DataFrame({
        "RegSO": index["area_id"], "Namn": index["area"], "År": index["period_label"], "Index": index["value"],
    })  # fmt: skip


def events_table(events: pd.DataFrame) -> pd.DataFrame:
    """Published events: time, kind and the text as published."""
    return pd.DataFrame({
        "Tid": events["time"].dt.strftime("%Y-%m-%d %H:%M"), "Slag": events["category"], "Rubrik": events["title"],
    })  # fmt: skip
