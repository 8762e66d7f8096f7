"""Reported offences in a municipality: the long trend, the same quarter year by year, and what the total is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.sentences import TrendRecord
from charts.style import ACCENT, BAND, CONTEXT, SERIES, base
from charts.swedish import capital, listing, number, percent, span, uncapital
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE, Judged

_PER = 100_000
_UNITS = {"count": "antal", "rate": "per 100 000 invånare"}
_HATCH = {"shape": "/", "size": 6, "fillmode": "overlay", "fgcolor": "rgba(255, 255, 255, 0.7)"}
_GAP = 5  # empty places between the quarters of ``same_quarter``
_LEFT = 58  # pixels for the numbers of the vertical axis, up to six digits


class Expected(Judged, Protocol):
    """What is read of a period's expected interval; all as counts, ``exposure`` in persons."""

    @property
    def period_start(self) -> pd.Timestamp: ...
    @property
    def exposure(self) -> float: ...


@dataclass(frozen=True)
class Break:
    """Figures from ``first_day`` on are counted in another way than those before."""

    first_day: date
    why: str


def breaks_of(rows: pd.DataFrame) -> list[Break]:
    """Breaks from a frame with period_start and why."""
    return [Break(day.date(), str(why)) for day, why in zip(rows["period_start"], rows["why"], strict=True)]


def reports_of(name: str) -> str:
    """A group's name as a plural inside a sentence: "anmälda brott mot person", "anmälda fall av skadegörelse"."""
    lowered = uncapital(name)
    if "anmälda brott" in lowered:
        return "anmälda brott"
    return f"anmälda {lowered}" if re.search(r"(brott|inbrott)\b", lowered) else f"anmälda fall av {lowered}"


def headline_finding(
    verdicts: Mapping[str, str], period: str, trends: Mapping[str, TrendRecord] | None = None, *, short: bool = False
) -> str:
    """A title for a year's figures: which groups (name to verdict) lie outside what was expected.

    ``trends`` (name to trend of the rate) adds those that have risen or fallen over the comparable years, since what is
    expected follows them. ``short``: it is for want of comparable years that nothing is judged.
    """
    moved = _moved(trends or {})
    told = [
        f"{verdict} för {listing([uncapital(name) for name, one in verdicts.items() if one == verdict])}"
        for verdict in (HIGHER, LOWER)
        if verdict in verdicts.values()
    ]
    if told:
        return f"{period}: {listing(told)}" + (f"; {moved}" if moved else "")
    if NORMAL in verdicts.values():
        return f"{period}: inget sticker ut från det väntade" + (f", men {moved}" if moved else "")
    if short:
        return f"{period}: för få jämförbara år före för en bedömning"
    return f"{period}: {TOO_LITTLE} för en bedömning"


def _moved(trends: Mapping[str, TrendRecord]) -> str:
    """The established trends in words, by the year that they are counted from."""
    known = {
        uncapital(name): (one.first.year, one.direction)
        for name, one in trends.items()
        if one.first is not None and one.direction in ("up", "down")
    }
    told = []
    for since in sorted({year for year, _ in known.values()}):
        parts = [
            f"{listing(names)} {change}"
            for direction, change in (("up", "ökat"), ("down", "minskat"))
            if (names := [name for name, one in known.items() if one == (since, direction)])
        ]
        told.append(f"sedan {since} har {' och '.join(parts)}")
    return f"{'; '.join(told)} per invånare" if told else ""


def trend_finding(record: TrendRecord, what: str, counts: TrendRecord | None = None) -> str:
    """A title: whether the rate has risen or fallen over the comparable years; first the numbers, when ``counts`` has
    their trend."""
    if counts is not None and counts.first is not None and counts.direction != "unknown":
        return _counts_finding(counts.direction, record.direction, f"antalet {what}", f"sedan {counts.first.year}")
    if record.first is None or record.direction == "unknown":
        return f"{capital(what)} år för år"
    since = f"sedan {record.first.year}"
    return {
        "up": f"{capital(what)} per invånare har ökat {since}",
        "down": f"{capital(what)} per invånare har minskat {since}",
        "none": f"Ingen säker ökning eller minskning av {what} per invånare {since}",
    }[record.direction]


def _counts_finding(counts: str, rate: str, what: str, since: str) -> str:
    start = {
        "up": f"{capital(what)} har ökat {since}",
        "down": f"{capital(what)} har minskat {since}",
        "none": f"Ingen säker ökning eller minskning av {what} {since}",
    }[counts]
    if rate == counts:
        return f"{start}, inte heller per invånare" if rate == "none" else f"{start}, också per invånare"
    beside = {"up": "en ökning", "down": "en minskning", "none": "ingen säker förändring"}
    return f"{start}; per invånare {beside[rate]}" if rate in beside else start


# --- The long trend -----------------------------------------------------------------------------------------------


def trend(
    years: pd.DataFrame,
    expected: Sequence[Expected],
    breaks: Sequence[Break],
    *,
    measure: str,
    chosen: int,
    latest: pd.DataFrame | None = None,
) -> go.Figure:
    """Whole years as a line, with breaks, and the interval that each year's own history led to expect.

    ``years``: period_start, count, rate (per 100 000), exposure (persons), preliminary. ``measure`` is ``count`` or
    ``rate``. ``latest``: the newest four quarters as one row (period_start of the last of them, count, exposure), drawn
    hollow. Years without a figure leave a gap.
    """
    figure = base(room=(_LEFT, 30))
    rows = years.assign(x=years["period_start"].dt.year, y=years[measure])
    _band(figure, expected, measure)
    starts = sorted(one.first_day.year for one in breaks)
    for first, last in pairwise([-np.inf, *starts, np.inf]):
        part = rows[(rows["x"] >= first) & (rows["x"] < last)]
        _line(figure, part, _told(part, expected, measure), colour=ACCENT if last == np.inf else CONTEXT)
    _rolling(figure, rows, latest, measure)
    _mark(figure, rows[rows["x"] == chosen])
    for year in starts:
        if rows["x"].min() < year <= rows["x"].max():
            early = year - rows["x"].min() < (rows["x"].max() - rows["x"].min()) / 2
            draw_break(figure, year - 0.5, f"ändrat räknesätt {year}", early=early)
    figure.update_layout(hovermode="closest", hoverdistance=40)
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f", nticks=6)
    figure.update_xaxes(tickformat="d", nticks=8, range=[rows["x"].min() - 0.7, rows["x"].max() + 1])
    return figure


def _band(figure: go.Figure, expected: Sequence[Expected], measure: str) -> None:
    """The expected interval as a band; neighbouring years share one, a gap or a break in them starts a new."""
    runs: list[list[tuple[int, float, float]]] = []
    for one in expected:
        if np.isnan(one.lower):
            continue
        factor = _factor(one, measure)
        point = (one.period_start.year, one.lower * factor, one.upper * factor)
        if runs and runs[-1][-1][0] == point[0] - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    for run in runs:
        if len(run) == 1:  # a single year would be a band without width
            (year, low, high), shift = run[0], 0.4
            edge = [(year - shift, low, high), (year + shift, low, high)]
        else:
            edge = [(float(year), low, high) for year, low, high in run]
        x, low_edge, high_edge = (list(side) for side in zip(*edge, strict=True))
        figure.add_scatter(
            x=x + x[::-1], y=high_edge + low_edge[::-1], fill="toself", fillcolor=BAND, line={"width": 0},
            mode="lines", hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    if runs:
        year, _, high = runs[-1][0]
        figure.add_annotation(x=year, y=high, text="väntat", showarrow=False, xanchor="left", yanchor="bottom")


def _line(figure: go.Figure, rows: pd.DataFrame, told: list[str], colour: str) -> None:
    if rows.empty:
        return
    whole = pd.RangeIndex(rows["x"].min(), rows["x"].max() + 1)
    text = pd.Series(told, index=rows["x"]).reindex(whole)
    y = rows.set_index("x")["y"].reindex(whole)
    hollow = rows.set_index("x")["preliminary"].reindex(whole, fill_value=False)
    figure.add_scatter(
        x=whole.to_list(), y=y.to_list(), mode="lines+markers", connectgaps=False, line={"color": colour, "width": 2.5},
        marker={"size": 6, "color": colour, "symbol": ["circle-open" if one else "circle" for one in hollow]},
        customdata=text.to_list(), hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _told(rows: pd.DataFrame, expected: Sequence[Expected], measure: str) -> list[str]:
    """What the pointer says at each year."""
    known = {one.period_start: one for one in expected}
    out = []
    for row in records(rows):
        text = f"<b>{row.x}</b><br>{number(row.reported)} anmälda<br>{number(row.rate)} per 100 000 invånare"
        one = known.get(row.period_start)
        if one is not None and not np.isnan(one.lower):
            factor = _factor(one, measure)
            text += f"<br>väntat {span(one.lower * factor, one.upper * factor)}: {one.verdict}"
        out.append(text + ("<br>preliminär" if row.preliminary else ""))
    return out


def _rolling(figure: go.Figure, rows: pd.DataFrame, latest: pd.DataFrame | None, measure: str) -> None:
    """The newest four quarters, hollow and dashed: they are preliminary and overlap the last whole year."""
    whole = rows[rows["y"].notna()]
    if latest is None or latest.empty or whole.empty:
        return
    row = latest.iloc[-1]
    end = row["period_start"] + pd.DateOffset(months=3)
    x = end.year + (end.month - 1) / 12 - 1
    y = row["count"] if measure == "count" else row["count"] / row["exposure"] * _PER
    told = f"<b>senaste fyra kvartalen</b><br>{number(y)} {_UNITS[measure]}<br>preliminär"
    figure.add_scatter(
        x=[whole["x"].iloc[-1], x], y=[whole["y"].iloc[-1], y], mode="lines+markers",
        line={"color": ACCENT, "width": 2, "dash": "dot"},
        marker={"size": [0, 9], "symbol": "diamond-open", "color": ACCENT, "line": {"width": 2}},
        customdata=["", told], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_annotation(
        x=x, y=y, text="preliminär", showarrow=False, xanchor="right", yanchor="top", yshift=-8, xshift=8
    )


def _mark(figure: go.Figure, chosen: pd.DataFrame) -> None:
    """The chosen year, larger and with its figure."""
    if chosen.empty or chosen["y"].isna().all():
        return
    x, y = int(chosen["x"].iloc[0]), float(chosen["y"].iloc[0])
    figure.add_scatter(x=[x], y=[y], mode="markers", marker={"size": 11, "color": ACCENT}, hoverinfo="skip")
    figure.add_annotation(
        x=x, y=y, text=f"<b>{number(y)}</b>", showarrow=False, xanchor="right", xshift=-10, yanchor="bottom", yshift=4
    )


def draw_break(figure: go.Figure, x: float, text: str, *, early: bool = False) -> None:
    """A dotted line where a series breaks, with a few words; on its right side when it comes ``early`` in the chart."""
    figure.add_vline(x=x, line={"color": CONTEXT, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=x, y=1, yref="paper", text=text, showarrow=False, xanchor="left" if early else "right", yanchor="top",
        xshift=4 if early else -4,
    )  # fmt: skip


def trend_table(years: pd.DataFrame, expected: Sequence[Expected], breaks: Sequence[Break]) -> pd.DataFrame:
    """The figures behind ``trend``: year, count, rate, expected interval, verdict, status and breaks."""
    known = {one.period_start: one for one in expected if not np.isnan(one.lower)}
    why = {one.first_day.year: one.why for one in breaks}
    return pd.DataFrame(
        [
            {
                "Period": row.period_label,
                "Antal": row.reported,
                "Per 100 000 invånare": row.rate,
                "Väntat antal, lägst": round(known[row.period_start].lower) if row.period_start in known else None,
                "Väntat antal, högst": round(known[row.period_start].upper) if row.period_start in known else None,
                "Bedömning": str(known[row.period_start].verdict) if row.period_start in known else "",
                "Uppgift": "preliminär" if row.preliminary else "slutlig",
                "Ändrat räknesätt": why.get(row.period_start.year, "") if row.period_start.month == 1 else "",
            }
            for row in records(years)
        ]
    )


# --- The same quarter of each year --------------------------------------------------------------------------------


def same_quarter(quarters: pd.DataFrame, expected: Sequence[Expected], *, measure: str) -> go.Figure:
    """Each quarter beside the same quarter of other years, so that the seasons do not stand in the way.

    ``quarters``: as ``years`` in ``trend``, by quarter. ``expected``: intervals to draw, at most the newest of each
    quarter. The quarter of the newest period carries the colour.
    """
    figure = base(300, room=(_LEFT, 46))  # two lines below
    rows = quarters.assign(
        quarter=quarters["period_start"].dt.quarter, year=quarters["period_start"].dt.year, y=quarters[measure]
    )
    first, width = int(rows["year"].min()), int(rows["year"].max() - rows["year"].min()) + 1 + _GAP
    rows["x"] = (rows["quarter"] - 1) * width + rows["year"] - first
    newest = rows["period_start"].max().quarter
    places = rows.set_index("period_start")["x"]
    for one in expected:
        if not np.isnan(one.lower):
            factor = _factor(one, measure)
            figure.add_scatter(
                x=[places[one.period_start]] * 2, y=[one.lower * factor, one.upper * factor], mode="lines",
                line={"color": BAND, "width": 14}, hoverinfo="skip",
            )  # fmt: skip
    told = _told(rows.assign(x=rows["period_label"]), expected, measure)
    for quarter, part in rows.assign(told=told).groupby("quarter"):
        _dots(figure, part, colour=ACCENT if quarter == newest else CONTEXT)
    spans = rows.groupby("quarter")["year"].agg(["min", "max"])
    middles = [(quarter - 1) * width + (width - _GAP - 1) / 2 for quarter in spans.index]
    labels = [f"Kvartal {one.Index}<br>{one.min}–{one.max}" for one in spans.itertuples()]
    figure.update_xaxes(tickvals=middles, ticktext=labels, ticks="", range=[-2, 4 * width])
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f", nticks=5)
    figure.update_layout(hovermode="closest", hoverdistance=30)
    return figure


def _dots(figure: go.Figure, rows: pd.DataFrame, colour: str) -> None:
    rows = rows.sort_values("year")
    last = f"\u2002\u2002<b>{number(rows['y'].iloc[-1])}</b>" if colour == ACCENT else ""
    labels = [""] * (len(rows) - 1) + [last]
    figure.add_scatter(
        x=rows["x"].to_list(), y=rows["y"].to_list(), mode="lines+markers+text", text=labels,
        textposition="middle right", line={"color": colour, "width": 1},
        marker={"size": 7, "color": colour, "line": {"width": 1.5, "color": colour},
                "symbol": ["circle-open" if one else "circle" for one in rows["preliminary"]]},
        customdata=rows["told"].to_list(), hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
    )  # fmt: skip


# --- What the total is made of ------------------------------------------------------------------------------------


def composition(
    shares: pd.DataFrame, inside: pd.DataFrame, names: Mapping[str, str], breaks: Sequence[Break], *, rest: str
) -> go.Figure:
    """Shares of the total, year by year, stacked; the groups exclude each other and sum to the whole.

    ``shares``: period_start, group, count, total, share (0-1), from ``analysis.composition``. ``inside``: period_start,
    group, parent, count of groups counted inside one of those; drawn hatched within it. ``names``: Swedish name per
    group. ``rest``: the group of what is left of the total. A year where a group is missing has no bar.
    """
    figure = base(380, room=(_LEFT, 30))
    whole = shares.groupby("period_start")["share"].transform(lambda column: column.notna().all())
    known = shares[whole].assign(year=lambda frame: frame["period_start"].dt.year)
    order = _by_size(known, rest)
    tops: list[tuple[float, str]] = []
    below = 0.0
    for group, colour in zip(order, _colours(order, rest), strict=True):
        rows = known[known["group"] == group]
        parts = inside[inside["parent"] == group]
        for text, part in _segments(rows, parts, names[group], names):
            _bars(figure, part, text, colour, hatched=text != names[group] and not part.empty)
        last = rows.iloc[-1]
        tops.append((below + last["share"] * 50, _label(last, parts, names)))
        below += last["share"] * 100
    _label_right(figure, tops)
    for one in breaks:
        if known["year"].min() < one.first_day.year <= known["year"].max():
            figure.add_vline(x=one.first_day.year - 0.5, line={"color": CONTEXT, "width": 1.5, "dash": "dot"})
    figure.update_layout(barmode="stack", bargap=0.15, hovermode="closest", margin={"r": 132})
    figure.update_yaxes(range=[0, 100], ticksuffix=" %", nticks=5)
    figure.update_xaxes(tickformat="d", nticks=7)
    return figure


def composition_finding(shares: pd.DataFrame, names: Mapping[str, str], *, rest: str) -> str:
    """A title: which of the named groups is the largest in the newest year, and how large.

    The remainder is several kinds of offences; when it is larger, the title says so rather than let it seem a group.
    """
    newest = shares[shares["period_start"] == shares["period_start"].max()]
    named = newest[(newest["group"] != rest) & newest["share"].notna()]
    if named.empty:
        return "Vad de anmälda brotten består av"
    largest = named.loc[named["share"].idxmax()]
    year, share = largest["period_start"].year, percent(largest["share"] * 100)
    name = names[largest["group"]]
    title = f"{year} var {name[:1].lower()}{name[1:]} den största enskilda gruppen: {share} av anmälda brott"
    left = newest.loc[newest["group"] == rest, "share"]
    if (left > largest["share"]).any():
        title += f" (övriga brott, flera slag tillsammans: {percent(left.iloc[0] * 100)})"
    return title


def _by_size(known: pd.DataFrame, rest: str) -> list[str]:
    """Largest of the newest period at the bottom, the remainder on top."""
    newest = known[known["period_start"] == known["period_start"].max()].sort_values("share", ascending=False)
    named = [group for group in newest["group"] if group != rest]
    return [*named, rest]


def _colours(order: Sequence[str], rest: str) -> list[str]:
    palette = [colour for colour in SERIES if colour != CONTEXT]
    return [CONTEXT if group == rest else palette[place % len(palette)] for place, group in enumerate(order)]


def _segments(
    rows: pd.DataFrame, parts: pd.DataFrame, name: str, names: Mapping[str, str]
) -> list[tuple[str, pd.DataFrame]]:
    """A group as bars: what lies inside it first, then the rest of it, so that nothing is counted twice."""
    out = []
    rest = rows
    for group, part in parts.groupby("group"):
        counts = part.set_index("period_start")["count"]
        inner = rows.assign(count=rows["period_start"].map(counts), of=name)
        out.append((f"varav {names[str(group)].lower()}", inner))
        rest = rest.assign(count=rest["count"] - inner["count"].fillna(0))
    return [*out, (name, rest)]


def _bars(figure: go.Figure, rows: pd.DataFrame, name: str, colour: str, *, hatched: bool) -> None:
    share = rows["count"] / rows["total"] * 100
    told = [
        f"<b>{year}</b><br>{name}: {percent(one, 1)}<br>{number(count)} anmälda"
        for year, one, count in zip(rows["year"], share, rows["count"], strict=True)
    ]
    figure.add_bar(
        x=rows["year"].to_list(), y=share.to_list(), name=name, customdata=told,
        hovertemplate="%{customdata}<extra></extra>",
        marker={"color": colour, "line": {"width": 0}, "pattern": _HATCH if hatched else None},
    )  # fmt: skip


def _label(last: pd.Series[Any], parts: pd.DataFrame, names: Mapping[str, str]) -> str:
    text = f"<b>{percent(last['share'] * 100)}</b> {_wrapped(names[last['group']])}"
    newest = parts[parts["period_start"] == last["period_start"]]
    for part in records(newest):
        text += f"<br><i>varav {names[part.group].lower()} {percent(part.reported / last['total'] * 100)}</i>"
    return text


def _wrapped(name: str, width: int = 16) -> str:
    """Line breaks in a long name, so that the labels leave room for the chart on a phone."""
    lines = [""]
    for word in name.split():
        joined = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], joined] if len(joined) <= width else [*lines, word]
    return "<br>".join(line for line in lines if line)


def _label_right(figure: go.Figure, labels: Sequence[tuple[float, str]]) -> None:
    """Names beside the newest bars; those that would meet are moved apart."""
    lowest = 0.0
    for place, text in labels:
        height = 5.0 * (1 + text.count("<br>"))
        middle = max(place, lowest + height / 2)
        figure.add_annotation(
            x=1, xref="paper", y=middle, text=text, showarrow=False, xanchor="left", xshift=6, align="left"
        )
        lowest = middle + height / 2


def composition_table(shares: pd.DataFrame, inside: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The figures behind ``composition``: one row per year and group, parts marked "varav"."""
    own = shares.assign(name=shares["group"].map(names))
    totals = shares.drop_duplicates("period_start").set_index("period_start")["total"]
    parts = inside.assign(
        name=[f"varav {names[group].lower()} (ingår i {names[parent].lower()})"
              for group, parent in zip(inside["group"], inside["parent"], strict=True)],
        total=inside["period_start"].map(totals),
    )  # fmt: skip
    parts["share"] = parts["count"] / parts["total"]
    rows = pd.concat([own, parts]).sort_values("period_start", kind="stable")
    return pd.DataFrame(
        {
            "År": rows["period_start"].dt.year,
            "Grupp": rows["name"],
            "Antal": rows["count"],
            "Andel av samtliga, procent": (rows["share"] * 100).round(1),
            "Uppgift": np.where(rows["count"].isna(), "uppgift saknas", ""),
        }
    ).reset_index(drop=True)


def records(rows: pd.DataFrame) -> Iterable[Any]:
    """Rows as named tuples. ``count`` is a method of every tuple, so that column is read as ``reported``."""
    return rows.rename(columns={"count": "reported"}).itertuples()


def _factor(one: Expected, measure: str) -> float:
    return 1.0 if measure == "count" else _PER / one.exposure
