"""How events lie over the year: the same months year by year, and a calendar of weeks, with their words."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import capital, date, listing, number, percent
from charts.time_and_place import amount, called, grid, overall, shades, shown, steps_note, told_column
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE

_MONTHS = {
    "jan": "januari", "feb": "februari", "apr": "april", "aug": "augusti", "sep": "september", "okt": "oktober",
    "nov": "november", "dec": "december",
}  # fmt: skip
_LEFT = 48
_NAMED = 3
#: Weeks of most years.
_WEEKS = 52
#: Weeks whose numbers stand below the calendar.
_TICKS = (1, 10, 20, 30, 40, 50)


class SeasonRecord(Protocol):
    """What is read of a season."""

    @property
    def parts(self) -> pd.DataFrame: ...
    @property
    def whole(self) -> pd.DataFrame: ...
    @property
    def months(self) -> int: ...
    @property
    def years(self) -> int: ...
    @property
    def step(self) -> int: ...


class LevelsRecord(Protocol):
    """What is read of possible shifts of level."""

    @property
    def shifts(self) -> pd.DataFrame: ...
    @property
    def months(self) -> int: ...


class WeeksRecord(Protocol):
    """What is read of a calendar of weeks."""

    @property
    def weeks(self) -> pd.DataFrame: ...
    @property
    def hidden(self) -> float: ...
    @property
    def step(self) -> int: ...


def season(found: SeasonRecord) -> go.Figure:
    """A line per year over the same parts of the year, the newest in colour and named at its end."""
    figure = base(320, room=(_LEFT, 30))
    labels = found.whole["label"].tolist()
    for back in sorted(found.parts["back"].unique().tolist(), reverse=True):
        rows, newest = found.parts[found.parts["back"] == back], back == 0
        figure.add_scatter(
            x=rows["label"], y=rows["events"], mode="lines+markers", connectgaps=False,
            line={"color": ACCENT if newest else CONTEXT, "width": 2.5 if newest else 1.2},
            marker={"size": 7 if newest else 4}, opacity=1 if newest else max(0.4, 1 - 0.2 * back),
            customdata=[_told(row, found.step) for row in rows.to_dict("records")],
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
        known = rows.dropna(subset=["events"])
        if newest and len(known):
            figure.add_annotation(
                x=known["label"].iloc[-1], y=known["events"].iloc[-1], text=f"<b>{rows['year'].iloc[0]}</b>",
                showarrow=False, yanchor="bottom", xanchor="right", yshift=7,
            )  # fmt: skip
    figure.update_xaxes(categoryorder="array", categoryarray=labels, tickangle=0, ticks="")
    figure.update_yaxes(rangemode="tozero", nticks=5)
    figure.update_layout(hovermode="closest")
    return figure


def _told(row: dict[Any, Any], step: int) -> str:
    return f"<b>{capital(str(row['period']))}</b><br>{shown(row['events'], step)} händelser"


def _in_full(label: str) -> str:
    return "–".join(_MONTHS.get(one, one) for one in label.split("–"))


def season_finding(found: SeasonRecord, what: str) -> str:
    """A title: the parts of the year with more than an even flow gives, or that none has."""
    if not found.months:
        return f"{what} över året: {TOO_LITTLE}"
    verdict = overall(found.whole["verdict"].tolist())
    if verdict == HIGHER:
        return f"{what}: mest i {_named(called(found.whole, HIGHER).head(_NAMED))}"
    if verdict == LOWER:
        return f"{what}: minst i {_named(called(found.whole, LOWER).tail(_NAMED))}"
    return f"{what} över året: {verdict}"


def season_sentence(found: SeasonRecord) -> str:
    """Which parts of the year have more or fewer than chance makes, all years together."""
    if not found.months:
        return "Det är för få händelser för att visa hur de fördelar sig över året."
    whole = found.whole
    years = "Under året" if found.years == 1 else f"Över de {number(found.years)} åren"
    verdict = overall(whole["verdict"].tolist())
    part = "månad" if found.months == 1 else "del av året"
    told = {
        HIGHER: f"{years} är antalet i {_named(called(whole, HIGHER))} {HIGHER}: fler än slumpen ger om alla dagar "
        "vore lika.",
        LOWER: f"{years} är antalet i {_named(called(whole, LOWER))} {LOWER}: färre än slumpen ger om alla dagar "
        "vore lika.",
        NORMAL: f"{years} är skillnaderna {NORMAL}: så mycket kan slumpen ge om alla dagar vore lika.",
        TOO_LITTLE: f"Om någon {part} skiljer sig går inte att säga: {TOO_LITTLE}.",
    }[verdict]
    if found.years == 1:
        told += " Ett enda år säger inte om det är en återkommande årstid."
    else:
        told += f" Den röda linjen är {found.parts['year'].iloc[-1]}, de grå är åren före."
    return f"{told} {steps_note(found.step)}".strip()


def _named(rows: pd.DataFrame) -> str:
    """Parts of the year in the order of the year."""
    return listing([_in_full(one) for one in rows.sort_index()["label"]])


def season_table(found: SeasonRecord) -> pd.DataFrame:
    """The figures behind ``season``, oldest first."""
    if found.parts.empty:
        return pd.DataFrame({"Period": [], "Antal händelser": []})
    return pd.DataFrame(
        {"År": found.parts["year"], "Period": found.parts["period"],
         "Antal händelser": told_column(found.parts, found.step)}
    )  # fmt: skip


def levels_sentence(found: LevelsRecord) -> str:
    """Where the level may have shifted, said to be no judgement."""
    if found.shifts.empty:
        return (
            f"Inget nivåskifte syns i de {number(found.months)} månaderna, när årstiden är borträknad. Små eller korta "
            "skiften syns inte så här."
        )
    told = listing([_shift(row) for row in found.shifts.to_dict("records")])
    return (
        f"**Möjligt nivåskifte {told} – utforskande.** Årstiden är borträknad. Tidpunkten är hittad genom att leta i "
        "siffrorna och är ingen bedömning: den säger inte vad som har ändrats. Det kan vara hur många som rapporterar, "
        "eller hur det registreras. Pröva den mot vad ni vet, och mot uppgifter som inte har använts här."
    )


def _shift(row: dict[Any, Any]) -> str:
    change = 100 * (row["ratio"] - 1)
    size = f"omkring {percent(max(5, 5 * round(abs(change) / 5)))} {'fler' if change > 0 else 'färre'}"
    when = date(row["month"]).split(" ", 1)[1]
    return f"omkring {when} (därefter {size} händelser)"


def weeks(found: WeeksRecord) -> go.Figure:
    """A row per year and a cell per week; grey ones are too few to show or not in the period."""
    frames = []
    weeks_of = found.weeks.assign(hover=[_week_told(row, found.step) for row in found.weeks.to_dict("records")])
    for column in ("events", "hover"):
        wide = weeks_of.pivot(index="year", columns="week", values=column)
        frames.append(wide.reindex(columns=range(1, max(_WEEKS, weeks_of["week"].max()) + 1)))
    values, hover = frames
    figure = grid(
        values.set_axis([str(year) for year in values.index]), values.map(lambda _: "").fillna(""),
        hover.astype(object).where(hover.notna(), "utanför perioden"), row=36, left=_LEFT, gap=1,
        ends=shades(found.weeks, float(found.weeks["events"].min())),
    )  # fmt: skip
    figure.update_xaxes(tickvals=[week - 1 for week in _TICKS], ticktext=[f"v. {week}" for week in _TICKS])
    return figure


def _week_told(row: dict[Any, Any], step: int) -> str:
    told = f"<b>Vecka {row['week']} {row['year']}</b><br>{shown(row['events'], step)} händelser"
    return f"{told}<br>{row['verdict']}" if row["verdict"] else told


def weeks_finding(found: WeeksRecord, what: str) -> str:
    """A title: the weeks that stand out, or that none does."""
    verdict = overall(found.weeks["verdict"].tolist())
    if verdict in (HIGHER, LOWER):
        rows = called(found.weeks, verdict)
        rows = rows.head(_NAMED) if verdict == HIGHER else rows.tail(_NAMED)
        named = listing([f"vecka {row['week']} {row['year']}" for row in rows.to_dict("records")])
        return f"{what}: {'flest' if verdict == HIGHER else 'minst'} {named}"
    return f"{what} vecka för vecka: {verdict}"


def weeks_sentence(found: WeeksRecord) -> str:
    """How many weeks stand out, which has most, and how much is hidden."""
    verdict = overall(found.weeks["verdict"].tolist())
    weeks_of = {one: _weeks(int((found.weeks["verdict"] == one).sum())) for one in (HIGHER, LOWER)}
    every = number(len(found.weeks))
    told = {
        HIGHER: f"{weeks_of[HIGHER]} av {every} är {HIGHER}: fler än slumpen ger om alla veckor vore lika. En årstid "
        "med många händelser räknas också dit.",
        LOWER: f"{weeks_of[LOWER]} av {every} är {LOWER}: färre än slumpen ger om alla veckor vore lika.",
        NORMAL: f"Ingen enskild vecka sticker ut: skillnaderna är {NORMAL}, så mycket kan slumpen ge om alla veckor "
        "vore lika.",
        TOO_LITTLE: f"Det är för få händelser i veckan för att bedöma enskilda veckor: {TOO_LITTLE}.",
    }[verdict]
    most = found.weeks.dropna(subset=["events"]).sort_values("events", ascending=False, kind="stable")
    if len(most):
        top = most.iloc[0]
        least = amount(most["events"].iloc[-1], found.step)
        told += (
            f" Ju mörkare ruta, desto fler händelser: från {least} till {amount(top['events'], found.step)}, flest "
            f"veckan från {date(top['monday'])}."
        )
    if found.hidden > 0 and found.step > 1:
        told += f" Grå veckor ({percent(100 * found.hidden)}) är dolda."
    return f"{told} {steps_note(found.step)}".strip()


def _weeks(number_of: int) -> str:
    return "En vecka" if number_of == 1 else f"{number(number_of)} veckor"


def weeks_table(found: WeeksRecord) -> pd.DataFrame:
    """The figures behind ``weeks``, oldest first."""
    rows = found.weeks
    return pd.DataFrame(
        {
            "År": rows["year"], "Vecka": rows["week"], "Från måndag": [f"{day:%Y-%m-%d}" for day in rows["monday"]],
            "Antal händelser": told_column(rows, found.step),
            "Bedömning": rows["verdict"].where(rows["verdict"] != "", "dold"),
        }
    )  # fmt: skip
