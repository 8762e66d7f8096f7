"""A municipality among those like it: over time, and in a funnel. Never a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.labels import overlaps
from charts.offences import Break, draw_break, records
from charts.sentences import FunnelRecord
from charts.style import ACCENT, BAND, CONTEXT, base
from charts.swedish import alphabetical, capital, number, span
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE


class DrawnFunnel(FunnelRecord, Protocol):
    """What is drawn of a funnel."""

    @property
    def limits(self) -> pd.DataFrame: ...


def over_time(
    rates: pd.DataFrame,
    level: pd.Series[float],
    area_id: str,
    names: Mapping[str, str],
    breaks: list[Break],
    chosen: int,
) -> go.Figure:
    """Rates per 100 000 by year: one area as accent, its peers as quiet lines, and their common level dashed.

    ``rates``: area_id, period_start, rate (empty where there is no figure). ``level``: the peers' common rate by
    period_start. ``names``: area_id to name. The area and the level carry their names; peers say theirs to the pointer.
    """
    figure = base(380)
    years = pd.RangeIndex(rates["period_start"].dt.year.min(), rates["period_start"].dt.year.max() + 1)
    for one, rows in rates.groupby("area_id"):
        if one != area_id:
            _line(figure, rows, years, names[str(one)], {"color": CONTEXT, "width": 1}, opacity=0.55)
    common = pd.DataFrame({"period_start": level.index, "rate": level.to_numpy()})
    _line(figure, common, years, "jämförelsekommunerna tillsammans", {"color": CONTEXT, "width": 2.5, "dash": "dash"})
    own = rates[rates["area_id"] == area_id]
    _line(figure, own, years, names[area_id], {"color": ACCENT, "width": 3})
    marked = own[(own["period_start"].dt.year == chosen) & own["rate"].notna()]
    figure.add_scatter(
        x=[chosen] * len(marked), y=marked["rate"].to_list(), mode="markers", marker={"size": 11, "color": ACCENT},
        hoverinfo="skip",
    )  # fmt: skip
    _end_labels(figure, own, names[area_id], common)
    for year in sorted(one.first_day.year for one in breaks):
        if years[0] < year <= years[-1]:
            early = year - years[0] < len(years) / 2
            draw_break(figure, year - 0.5, f"ändrat räknesätt {year}", early=early)
    figure.update_layout(hovermode="closest", hoverdistance=30, margin={"r": 96})
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f", nticks=6)
    figure.update_xaxes(tickformat="d", nticks=8, range=[years[0] - 0.3, years[-1] + 0.3])
    return figure


def _line(
    figure: go.Figure, rows: pd.DataFrame, years: pd.RangeIndex, name: str, line: dict[str, Any], opacity: float = 1
) -> None:
    y = pd.Series(rows["rate"].to_numpy(), index=rows["period_start"].dt.year).reindex(years)
    told = [f"<b>{name}</b><br>{year}: {number(one)} per 100 000 invånare" for year, one in y.items()]
    figure.add_scatter(
        x=years.to_list(), y=y.to_list(), mode="lines", connectgaps=False, line=line, opacity=opacity,
        customdata=told, hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _end_labels(figure: go.Figure, own: pd.DataFrame, name: str, common: pd.DataFrame) -> None:
    """Names where the lines end; the higher one is put above, so that they do not meet."""
    ends = [
        (rows.dropna(subset="rate").iloc[-1], text)
        for rows, text in ((own, f"<b>{name}</b>"), (common, "jämförelse-<br>kommunerna"))
        if rows["rate"].notna().any()
    ]
    ends.sort(key=lambda end: end[0]["rate"])
    for (row, text), anchor in zip(ends, ("top", "bottom"), strict=False):
        figure.add_annotation(
            x=row["period_start"].year, y=row["rate"], text=text, showarrow=False, align="left", xanchor="left",
            xshift=6, yanchor=anchor if len(ends) > 1 else "middle",
        )  # fmt: skip


def funnel(record: DrawnFunnel, area_id: str, names: Mapping[str, str]) -> go.Figure:
    """Each area's rate beside the peers' level and what its size explains: 95 % and 99.8 % limits, names on all points.

    ``record.areas``: area_id, population, rate, lower_95, upper_95, verdict. ``record.limits``: population and the
    limits as rates.
    """
    figure = base(420)
    limits = record.limits
    for low, high in (("lower_998", "upper_998"), ("lower_95", "upper_95")):
        figure.add_scatter(
            x=[*limits["population"], *limits["population"][::-1]], y=[*limits[high], *limits[low][::-1]],
            fill="toself", fillcolor=BAND, line={"width": 0}, mode="lines", hoverinfo="skip",
        )  # fmt: skip
    figure.add_hline(y=record.level, line={"color": CONTEXT, "width": 1.5, "dash": "dash"})
    _funnel_words(figure, record)
    _points(figure, record.areas, area_id, names)
    figure.update_layout(hovermode="closest", hoverdistance=30, margin={"t": 26})
    figure.update_xaxes(title="Invånare", tickformat=",.0f", nticks=6)
    figure.update_yaxes(tickformat=",.0f", nticks=6)
    return figure


def _funnel_words(figure: go.Figure, record: DrawnFunnel) -> None:
    last = record.limits.iloc[-1]
    for y, text in ((last["upper_95"], "95 %"), (last["upper_998"], "99,8 %")):
        figure.add_annotation(x=last["population"], y=y, text=text, showarrow=False, xanchor="right", yanchor="bottom")
    figure.add_annotation(
        x=0, y=1, xref="paper", yref="paper", text=f"streckad linje: gemensam nivå {number(record.level)}",
        showarrow=False, xanchor="left", yanchor="bottom",
    )  # fmt: skip


def _points(figure: go.Figure, areas: pd.DataFrame, area_id: str, names: Mapping[str, str]) -> None:
    # The area itself comes first, so that its name takes the best place, and is drawn last.
    rows = areas.assign(mine=areas["area_id"] == area_id).sort_values(["mine", "population"], ascending=False)
    told = [
        f"<b>{names[row.area_id]}</b><br>{number(row.rate)} per 100 000 invånare<br>"
        f"väntat för storleken {span(row.lower_95, row.upper_95)}<br>{row.verdict}"
        for row in records(rows)
    ]
    labels = [names[one] for one in rows["area_id"]]
    x, y, own = rows["population"].to_list(), rows["rate"].to_list(), rows["mine"].to_list()
    figure.add_scatter(
        x=x[::-1], y=y[::-1], mode="markers+text",
        text=[f"<b>{name}</b>" if mine else name for name, mine in zip(labels, own, strict=True)][::-1],
        textposition=_label_places(rows, labels)[::-1], textfont={"size": 11},
        marker={
            "size": [13 if mine else 8 for mine in own][::-1],
            "color": [ACCENT if mine else CONTEXT for mine in own][::-1],
            "symbol": ["diamond" if mine else "circle" for mine in own][::-1],
        },
        customdata=told[::-1], hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
    )  # fmt: skip


def _label_places(rows: pd.DataFrame, labels: Sequence[str]) -> list[str]:
    """Where each point's name stands so that it covers no point and no other name, judged on a phone's screen."""
    # In pixels of a plot of 300 x 330, over the range that the limits take up around the points.
    left, right = rows["population"].min() * 0.8, rows["population"].max() * 1.2
    high, low = rows["upper_998"].max(), rows["lower_998"].min()
    points = [
        ((x - left) / (right - left) * 300, (y - low) / (high - low) * 330)
        for x, y in zip(rows["population"], rows["rate"], strict=True)
    ]
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in points]
    places = []
    for (x, y), label in zip(points, labels, strict=True):
        half = len(label) * 3.0
        sides = {"center": x - half, "right": x + 5, "left": x - 5 - 2 * half}
        heights = {"top": y + 7, "bottom": y - 19, "middle": y - 6}
        boxes = {
            f"{v} {h}": (sides[h], heights[v], sides[h] + 2 * half, heights[v] + 12)
            for h in sides
            for v in heights
            if (v, h) != ("middle", "center")
        }
        free = [place for place, box in boxes.items() if not overlaps(box, taken)]
        places.append(free[0] if free else "top center")
        taken.append(boxes[places[-1]])
    return places


def over_time_table(rates: pd.DataFrame, level: pd.Series[float], names: Mapping[str, str]) -> pd.DataFrame:
    """The figures behind ``over_time``: a row per municipality and year, by name, then the common level."""
    rows = _by_name(rates.sort_values("period_start"), names)
    common = pd.DataFrame(
        {"name": "Jämförelsekommunerna tillsammans", "period_start": level.index, "rate": level.round()}
    )
    both = pd.concat([rows, common])
    return pd.DataFrame(
        {
            "Kommun": both["name"],
            "År": both["period_start"].dt.year,
            "Antal": both["count"],
            "Per 100 000 invånare": both["rate"],
            "Uppgift": both["status"].map({"final": "slutlig", "preliminary": "preliminär"}).fillna("beräknad"),
        }
    ).reset_index(drop=True)


def funnel_table(record: FunnelRecord, names: Mapping[str, str]) -> pd.DataFrame:
    """The figures behind ``funnel``, by name and not by size of the figure."""
    rows = _by_name(record.areas, names)
    return pd.DataFrame(
        {
            "Kommun": rows["name"],
            "Antal": rows["count"],
            "Invånare (enligt Brå)": rows["population"].round(),
            "Per 100 000 invånare": rows["rate"].round(),
            "Väntat för storleken, lägst": rows["lower_95"].round(),
            "Väntat för storleken, högst": rows["upper_95"].round(),
            "Bedömning": rows["verdict"].astype(str),
        }
    ).reset_index(drop=True)


def _by_name(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    named = rows.assign(name=rows["area_id"].map(names))
    return named.sort_values("name", key=lambda column: column.map(alphabetical), kind="stable")


def finding(name: str, what: str, period: str, verdict: str) -> str:
    """A title for the funnel, from the verdict."""
    where = {
        HIGHER: "ligger över jämförelsekommunernas nivå",
        LOWER: "ligger under jämförelsekommunernas nivå",
        NORMAL: "skiljer sig inte säkert från jämförelsekommunerna",
        TOO_LITTLE: "har för litet underlag för en jämförelse",
    }[verdict]
    return f"{name} {where} i {what} {period}"


def time_finding(both: pd.DataFrame, name: str, what: str) -> str:
    """A title: on which side of the common level the area was in the last year of ``beside``, and in how many."""
    if both.empty:
        return f"{capital(what)} per invånare, år för år"
    above = both["rate"] > both["level"]
    side = "över" if above.iloc[-1] else "under"
    title = f"{both.index[-1].year} låg {name} {side} jämförelsekommunernas nivå i {what} per invånare"
    if len(both) == 1:
        return title
    return f"{title}; så {int((above == above.iloc[-1]).sum())} av {len(both)} år sedan {both.index[0].year}"


def since_sentence(both: pd.DataFrame, name: str, what: str) -> str:
    """The first and the last year side by side; whether a difference is more than chance is for the funnel to say."""
    if both.empty:
        return f"Det finns inga år med uppgifter om {what} för både {name} och alla jämförelsekommuner."
    first, last = both.iloc[0], both.iloc[-1]
    earlier = (
        f" {both.index[0].year} var det {number(first['rate'])} mot {number(first['level'])}." if len(both) > 1 else ""
    )
    return (
        f"{both.index[-1].year} hade {name} {number(last['rate'])} {what} per 100 000 invånare, jämförelsekommunerna "
        f"tillsammans {number(last['level'])}.{earlier} Om skillnaden är större än vanligt visar tratten nedanför."
    )


def beside(
    rates: pd.DataFrame, level: pd.Series[float], area_id: str, year: int, breaks: Sequence[Break]
) -> pd.DataFrame:
    """The area's rate and the common level, by period_start: the years up to ``year`` that can be compared with it.

    Years before the latest break are left out, and so is a year that either has no figure for.
    """
    own = rates[rates["area_id"] == area_id].set_index("period_start")["rate"]
    both = pd.DataFrame({"rate": own, "level": level}).dropna().sort_index()
    start = max((one.first_day.year for one in breaks if one.first_day.year <= year), default=0)
    years = pd.DatetimeIndex(both.index).year
    return both[(years >= start) & (years <= year)]
