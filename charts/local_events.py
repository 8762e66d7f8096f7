"""Events that people have brought: quarter by quarter, by category, and on each who reports. With their words.

Frames as ``queries.local_events`` gives them; ``status`` is ``suppressed`` where a number is hidden.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from textwrap import shorten
from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.sentences import ExpectationRecord, expectation_sentence
from charts.style import ACCENT, CONTEXT, base
from charts.swedish import capital, listing, number

HIDDEN = "suppressed"
#: What is written where a number is hidden, and why.
HIDDEN_WORDS = "dold"
HIDDEN_NUMBER = "ett antal som är dolt"
WHY_HIDDEN = "Tal under fem är dolda, och ibland ett större tal för att de dolda inte ska kunna räknas fram."

_LEFT = 48  # pixels for the numbers of the vertical axis
_ROW = 40
#: So many letters of a category have room on a phone beside its number; all of them are in hover and table.
_LETTERS = 50
#: A title names the most common categories that it has room for.
_TITLE = 90
_MOST_CATEGORIES = 12
_HATCH = {"shape": "/", "size": 5, "fillmode": "overlay", "solidity": 0.35}


class LatestRecord(Protocol):
    """What is read of the newest twelve months in a place."""

    @property
    def label(self) -> str: ...
    @property
    def months(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def expected(self) -> ExpectationRecord: ...
    @property
    def before_label(self) -> str: ...
    @property
    def before(self) -> float | None: ...


def shown(value: float | None, status: str) -> str:
    """A number, or that it is hidden."""
    return HIDDEN_WORDS if status == HIDDEN else number(value)


def finding(latest: LatestRecord, title: str, place: str) -> str:
    """A title: what the newest twelve months were beside what was expected."""
    what = f"{capital(title)} i {place} {latest.label}"
    if latest.status == HIDDEN and not latest.expected.reason:
        return f"{what}: {latest.expected.verdict}"
    told = f"{what}: {_events(latest)}"
    return f"{told}, {_verdict(latest)}"


def _events(latest: LatestRecord) -> str:
    if latest.status == HIDDEN:
        return "antalet är dolt"
    count = latest.expected.observed
    return "1 händelse" if count == 1 else f"{number(count)} händelser"


def _verdict(latest: LatestRecord) -> str:
    if latest.expected.reason == "short_history":
        return "för få jämförbara år för en bedömning"
    return str(latest.expected.verdict)


def sentence(latest: LatestRecord, place: str) -> str:
    """The newest twelve months beside the place's own history, or why they cannot be judged, and those before."""
    if latest.status == HIDDEN:
        start = f"Antalet händelser i {place} {latest.label} är dolt. {WHY_HIDDEN}"
    else:
        start = expectation_sentence(latest.expected, f"händelser i {place}", latest.label)
    return f"{start}{_before(latest)}"


def _before(latest: LatestRecord) -> str:
    if latest.before is None or math.isnan(latest.before):
        return ""
    return f" {capital(latest.before_label)} var det {number(latest.before)}."


def quarters(series: pd.DataFrame) -> go.Figure:
    """A bar per quarter, the newest four in colour; a hidden one is a hatched stub with the word."""
    figure = base(260, room=(_LEFT, 40))
    lost = series["status"] == HIDDEN
    highest = max(float(series["events"].max()) if (~lost).any() else 0.0, 5.0)
    # Dark enough for the axis to be read; a stub is as high for 1 as for 4.
    height = series["events"].where(~lost, highest * 0.04)
    newest = series["back"] < 4
    told = [
        f"<b>{row['period_label']}</b><br>{_in_words(row['events'], row['status'])}"
        for row in series.to_dict("records")
    ]
    figure.add_bar(
        x=series["period_start"], y=height, customdata=told, hovertemplate="%{customdata}<extra></extra>",
        marker={
            "color": [ACCENT if one else CONTEXT for one in newest],
            "pattern": {**_HATCH, "shape": ["/" if one else "" for one in lost]},
        },
    )  # fmt: skip
    _label_bars(figure, series, height)
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f", nticks=5, range=[0, highest * 1.16])
    figure.update_xaxes(ticks="", **_years(series))
    figure.update_layout(hovermode="closest", bargap=0.25)
    return figure


def _label_bars(figure: go.Figure, series: pd.DataFrame, height: pd.Series) -> None:
    """The numbers of the newest four, and the word on every hidden one."""
    for row, y in zip(series.to_dict("records"), height, strict=True):
        if row["back"] >= 4 and row["status"] != HIDDEN:
            continue
        figure.add_annotation(
            x=row["period_start"], y=y, text=shown(row["events"], row["status"]), showarrow=False, yanchor="bottom",
            font={"size": 11},
        )  # fmt: skip


def _years(series: pd.DataFrame) -> dict[str, list[object]]:
    """Ticks at the middle of each year's quarters (or at the only one), named by the year."""
    starts = series.groupby(series["period_start"].dt.year)["period_start"].agg(["min", "max"])
    middles = starts["min"] + (starts["max"] - starts["min"]) / 2
    return {"tickvals": middles.tolist(), "ticktext": [str(year) for year in starts.index]}


def _in_words(events: float, status: str) -> str:
    if status == HIDDEN:
        return "dold, för att ingen ska kunna pekas ut"
    return "1 händelse" if events == 1 else f"{number(events)} händelser"


def quarter_table(series: pd.DataFrame) -> pd.DataFrame:
    """The figures behind ``quarters``."""
    return pd.DataFrame(
        {
            "Period": series["period_label"],
            "Antal händelser": series["events"],
            "Uppgift": series["status"].map({HIDDEN: HIDDEN_WORDS}).fillna(""),
        }
    )


def categories(rows: pd.DataFrame, place: str) -> go.Figure:
    """The most common categories of the newest year as bars, the year before as a hollow mark.

    ``rows``: category, events, status and before, before_status of one place, the most common first.
    """
    top = rows.head(_MOST_CATEGORIES).iloc[::-1]
    figure = base(len(top) * _ROW + 46)
    figure.add_bar(
        x=top["events"], y=list(range(len(top))), orientation="h", marker={"color": ACCENT}, width=0.3,
        customdata=[f"<b>{name}</b><br>{_in_words(events, status)}" for name, events, status in zip(
            top["category"], top["events"], top["status"], strict=True)],
        hovertemplate="%{customdata}<extra>" + place + "</extra>",
    )  # fmt: skip
    known = top["before"].notna()
    figure.add_scatter(
        x=top.loc[known, "before"], y=[y for y, one in enumerate(known) if one], mode="markers", hoverinfo="skip",
        marker={"symbol": "line-ns-open", "size": 8, "color": CONTEXT, "line": {"width": 3}},
    )  # fmt: skip
    for y, row in enumerate(top.to_dict("records")):
        told = f"<b>{shown(row['events'], row['status'])}</b> {shorten(row['category'], _LETTERS, placeholder=' …')}"
        figure.add_annotation(
            x=0, y=y + 0.42, text=told, showarrow=False, xanchor="left", font={"size": 13}, xref="x", yref="y"
        )
    figure.update_xaxes(rangemode="tozero", nticks=5, showgrid=True, gridcolor="rgba(124, 135, 151, 0.25)", ticks="")
    figure.update_yaxes(visible=False, range=[-0.4, len(top) - 0.2])
    figure.update_layout(hovermode="closest")
    return figure


def beside_before(years: pd.DataFrame, place_id: str) -> pd.DataFrame:
    """One place's categories in the newest year beside the year before, the most common first, hidden ones last.

    Columns: category, events, status, before, before_status. ``years`` as ``queries.local_events.years``.
    """
    own = years[(years["area_id"] == place_id) & (years["category"] != "")]
    newest = own.loc[own["back"] == 0, ["category", "events", "status"]]
    earlier = own.loc[own["back"] == 1, ["category", "events", "status"]]
    out = newest.merge(
        earlier.rename(columns={"events": "before", "status": "before_status"}), on="category", how="left"
    )
    out = out[(out["status"] == HIDDEN) | (out["events"] > 0) | (out["before"].fillna(0) > 0)]
    return out.sort_values("events", ascending=False, na_position="last", kind="stable", ignore_index=True)


def category_finding(rows: pd.DataFrame, place: str, label: str) -> str:
    """A title: the most common categories."""
    known = rows[rows["events"] > 0]
    if known.empty:
        return f"Vanligaste händelserna i {place} {label}: talen är för små för att visas"
    names = [f"{row['category'][:1].lower()}{row['category'][1:]}" for row in known.head(3).to_dict("records")]
    while len(names) > 1 and sum(map(len, names)) > _TITLE:
        names.pop()
    told = "; ".join(names) if any("," in name for name in names) else listing(names)
    return f"Vanligast i {place} {label}: {told}"


def category_sentence(rows: pd.DataFrame, before_label: str, place: str) -> str:
    """How many categories there are, which are left out of the picture, and which are hidden."""
    lost = int((rows["status"] == HIDDEN).sum())
    told = [f"I {place} finns {number(len(rows))} slag av händelser."]
    if len(rows) > _MOST_CATEGORIES:
        told.append(f"Bilden visar de {_MOST_CATEGORIES} vanligaste; alla finns i filerna.")
    if before_label:
        told.append(f"Det grå strecket är {before_label}. Små tal varierar mycket från år till år.")
    if lost:
        told.append(f"{'Ett av talen är dolt' if lost == 1 else f'{number(lost)} av talen är dolda'}. {WHY_HIDDEN}")
    return " ".join(told)


def category_table(rows: pd.DataFrame, label: str, before_label: str) -> pd.DataFrame:
    """The figures behind ``categories``."""
    out = pd.DataFrame({"Slag": rows["category"], f"Antal {label}": rows["events"]})
    if before_label:
        out[f"Antal {before_label}"] = rows["before"]
    lost = (rows["status"] == HIDDEN) | (rows["before_status"] == HIDDEN)
    return out.assign(Uppgift=lost.map({True: "tal är dolt", False: ""}))


def reporting(rows: pd.DataFrame) -> go.Figure:
    """Reports per active rapporteur, month by month, with how many there were under the axis' end."""
    figure = base(240, room=(_LEFT, 30))
    told = [
        f"<b>{row['period_label']}</b><br>{_in_words(row['events'], row['status'])} från "
        f"{number(row['reporters'])} rapportörer"
        for row in rows.to_dict("records")
    ]
    figure.add_scatter(
        x=rows["period_start"], y=rows["per_reporter"], mode="lines+markers", line={"color": ACCENT, "width": 2},
        marker={"size": 6}, connectgaps=False, customdata=told, hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    known = rows.dropna(subset=["per_reporter"])
    if len(known):
        last = known.iloc[-1]
        figure.add_annotation(
            x=last["period_start"], y=last["per_reporter"], text=f"<b>{number(last['per_reporter'], 1)}</b>",
            showarrow=False, xanchor="right", yanchor="bottom", yshift=6,
        )  # fmt: skip
    figure.update_yaxes(rangemode="tozero", nticks=5)
    figure.update_xaxes(tickformat="%Y", dtick="M12", ticklabelmode="period")
    figure.update_layout(hovermode="closest")
    return figure


def reporting_finding(rows: pd.DataFrame, place: str) -> str:
    """A title that puts the number of rapporteurs and of reports on each beside those a year before."""
    now, before = _year(rows, 0), _year(rows, 1)
    if now is None:
        return f"Rapporter per rapportör i {place}"
    text = f"{capital(place)}: {number(now['each'], 1)} rapporter per rapportör och månad"
    if before is None:
        return text
    return f"{text}, {number(before['each'], 1)} året före"


def reporting_sentence(rows: pd.DataFrame) -> str:
    """Whether more reports come from more rapporteurs or from more reports on each."""
    now, before = _year(rows, 0), _year(rows, 1)
    start = "Antalet rapporter ökar när fler rapporterar, också om inget mer händer."
    if now is None or before is None:
        return f"{start} Jämför därför rapporter per rapportör."
    return (
        f"{start} De senaste tolv månaderna rapporterade i snitt {number(now['reporters'], 1)} rapportörer i månaden, "
        f"mot {number(before['reporters'], 1)} de tolv månaderna före."
    )


def _year(rows: pd.DataFrame, back: int) -> Mapping[str, float] | None:
    """Means over twelve months, ``back`` years before the newest; None without all twelve."""
    end = len(rows) - 12 * back
    part = rows.iloc[max(end - 12, 0) : end]
    if len(part) < 12 or part["per_reporter"].isna().all():
        return None
    return {"each": float(part["per_reporter"].mean()), "reporters": float(part["reporters"].mean())}


def reporting_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The figures behind ``reporting``."""
    return pd.DataFrame(
        {
            "Månad": rows["period_label"],
            "Antal händelser": rows["events"],
            "Rapportörer": rows["reporters"],
            "Rapporter per rapportör": rows["per_reporter"],
            "Uppgift": rows["status"].map({HIDDEN: HIDDEN_WORDS}).fillna(""),
        }
    )


def placement_sentence(placements: Mapping[str, float]) -> str:
    """How many events of the newest twelve months could not be put on a place, and how many lie outside; empty when all
    are here. NaN is a hidden number."""
    told = {name: HIDDEN_NUMBER if math.isnan(count) else number(count) for name, count in placements.items()}
    total = sum(placements.values())
    parts = []
    if placements["unplaced"]:
        parts.append(f"{told['unplaced']} har ingen känd plats och räknas bara för hela kommunen")
    if placements["outside"]:
        parts.append(f"{told['outside']} ligger utanför kommunen och räknas inte")
    of = "händelser" if math.isnan(total) else f"{number(total)} händelser"
    return f"Av källans {of} de senaste tolv månaderna: {'; '.join(parts)}." if parts else ""
