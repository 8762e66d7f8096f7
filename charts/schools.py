"""Schools beside each other over the years: one row per school, by district and name, never ordered by result."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base, write
from charts.swedish import alphabetical, capital, listing, number, signed, span
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE

#: How each kind of cell is told in words; ``value_text`` (the source's own sign) follows in brackets.
IN_WORDS = {
    "suppressed": "dold av källan",
    "protected": "dold här, för få",
    "missing": "uppgift saknas",
    "not_applicable": "redovisas inte",
    "rounded": "utan exakt tal",
}

#: Heading for schools whose position is unknown.
UNPLACED = "Läge saknas"

_ROW, _SILENT_ROW, _HEADING, _TOP, _BOTTOM = 60, 42, 34, 34, 46
_PERIODS_IN_WORDS = 2

#: Under this many persons the words warn that a few of them move the figure.
_SMALL = 30


@dataclass(frozen=True)
class Measure:
    """What a chart of schools shows. ``what`` is singular and definite, in lower case ("meritvärdet").

    ``whole_scale``: the axis runs from floor to ceiling, for scales on which a cut axis would make small differences
    look large.
    """

    what: str
    unit: str
    decimals: int
    persons: str
    floor: float | None = None
    ceiling: float | None = None
    whole_scale: bool = False


def cell(value: float | None, status: str, value_text: str | None, decimals: int) -> str:
    """One published cell in words: "218,5", "cirka 300", "dold av källan (..)", "~100 (1–4 elever ej behöriga)"."""
    written = None if value_text is None or pd.isna(value_text) else str(value_text)
    if value is not None and not pd.isna(value):
        return written if status == "rounded" and written else number(value, decimals)
    if status == "rounded":
        return f"{written or '~'} (1–4 elever ej behöriga)"
    return f"{IN_WORDS.get(status, status)} ({written})" if written else IN_WORDS.get(status, status)


def _cell_of(row: dict[Hashable, Any], decimals: int) -> str:
    return cell(row["value"], row["status"], row["value_text"], decimals)


def by_school(figures: pd.DataFrame, measure: Measure) -> go.Figure:
    """One row per school with a mark per period: hollow for earlier ones, filled for the newest, interval as a line.

    ``figures``: area_id, school, district, period_start, period_label, value, base, lower, upper (limits of the value;
    empty when unknown), status, value_text; in the order that the schools shall stand.
    """
    placed, headings, height = _places(figures)
    figure = base(round(height) + _TOP + _BOTTOM)
    newest = figures["period_start"].max()
    known = figures.dropna(subset=["value"]).assign(y=lambda f: f["area_id"].map(placed))
    _add_lines(figure, known)
    _add_intervals(figure, known)
    _add_marks(figure, known[known["period_start"] < newest], measure, filled=False)
    _add_marks(figure, known[known["period_start"] == newest], measure, filled=True)
    for text, y in headings:
        write(figure, f"<b>{text}</b>", y, 14, CONTEXT)
    for area_id, rows in figures.groupby("area_id", sort=False):
        write(figure, _label(rows, measure), placed[str(area_id)] - 27)
    figure.update_layout(hovermode="closest", margin={"l": 14, "r": 14, "t": _TOP, "b": _BOTTOM})
    figure.update_xaxes(side="top", range=_range(known, measure), showgrid=True, gridcolor="rgba(124, 135, 151, 0.25)",
                        ticks="", nticks=7)  # fmt: skip
    figure.update_yaxes(visible=False, range=[height, 0])
    _add_key(figure, figures)
    return figure


def finding(figures: pd.DataFrame, measure: Measure) -> str:
    """A title from the newest period: the spread among the schools, or the one school's figure."""
    newest = figures[figures["period_start"] == figures["period_start"].max()]
    known, period = newest.dropna(subset=["value"]), newest["period_label"].iloc[0]
    what = capital(measure.what)
    if known.empty:
        return f"{what} {period}: ingen av skolorna har något tal"
    low, high = known["value"].min(), known["value"].max()
    if len(known) == 1:
        row = known.iloc[0]
        return f"{what} {period} är {_with_unit(row['value'], measure)} i {row['school']}"
    if low == high:
        return f"{what} {period} är {_with_unit(low, measure)} i {_schools(len(known))}"
    return f"{what} {period}: {span(low, high, measure.decimals)}{_percent(measure)} i {_schools(len(known))}"


def sentence(figures: pd.DataFrame, measure: Measure) -> str:
    """What the chart shows in plain words: change since the period before, size of the base, and who has no figure.

    With the column ``changed`` (on rows of the newest period: the verdict of the change since the period before) only
    changes that are more than chance gives are told of as such.
    """
    periods = sorted(figures["period_start"].unique())
    newest = figures[figures["period_start"] == periods[-1]]
    parts = [_change(figures, periods, measure), _bases(figures, measure), _unsure(newest), _without(newest)]
    return " ".join(part for part in parts if part)


def judgement(judged: pd.DataFrame, shown: Sequence[str], period: str, measure: Measure) -> str:
    """Which of the ``shown`` schools (area_id) differ from all the others together by more than chance gives.

    ``judged``: area_id, school and verdict of every school that was judged.
    """
    if (judged["verdict"] == TOO_LITTLE).all():
        return f"Underlaget {period} är för litet för att jämföra skolorna med varandra."
    here = judged[judged["area_id"].isin(shown)]
    if here.empty:
        return ""
    higher = here.loc[here["verdict"] == HIGHER, "school"].tolist()
    lower = here.loc[here["verdict"] == LOWER, "school"].tolist()
    start = f"{period}, då antalet elever är känt för kommunens alla {len(judged)} skolor med tal,"
    if not higher and not lower:
        who = here["school"].iloc[0] if len(here) == 1 else "ingen skola här"
        differs = "skiljer sig inte" if len(here) == 1 else "skiljer sig"
        return f"{start} {differs} {who} från de övriga tillsammans mer än slumpen kan ge: {NORMAL}."
    told = [f"{HIGHER}: {listing(higher)}"] if higher else []
    told += [f"{LOWER}: {listing(lower)}"] if lower else []
    rest = f" De andra ligger {NORMAL}." if len(here) > len(higher) + len(lower) else ""
    return (
        f"{start} skiljer sig {measure.what} från de övriga skolornas mer än så små årskullar ger av en slump "
        f"({'; '.join(told)}).{rest} Ungefär en skola av tjugo hamnar utanför av en slump, och siffrorna "
        "säger inte vad skillnaden beror på."
    )


def table(figures: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The figures behind the chart, with Swedish headings, numbers as numbers and every other cell in words."""
    out = pd.DataFrame({
        "Kommundel": figures["district"].fillna(UNPLACED),
        "Skola": figures["school"],
        "Period": figures["period_label"],
        f"Värde ({measure.unit})": figures["value"],
        "Uppgift": [
            "" if row["status"] == "final" else _cell_of(row, measure.decimals)
            for row in figures.to_dict("records")
        ],
        f"Underlag (antal {measure.persons})": figures["base"],
    })  # fmt: skip
    if figures["lower"].notna().any():
        out["Osäkerhet från"], out["Osäkerhet till"] = figures["lower"].round(1), figures["upper"].round(1)
    return out.reset_index(drop=True)


def _places(figures: pd.DataFrame) -> tuple[dict[str, float], list[tuple[str, float]], float]:
    """Pixel rows: where each school's line lies, the district headings, and the height of it all."""
    placed: dict[str, float] = {}
    headings: list[tuple[str, float]] = []
    at, district = 0.0, None
    schools = figures.assign(district=figures["district"].fillna(UNPLACED)).groupby("area_id", sort=False)
    told = schools.agg(district=("district", "first"), known=("value", "count"))
    for area_id, name, known in zip(told.index, told["district"], told["known"], strict=True):
        if name != district:
            headings.append((name, at + _HEADING / 2))
            at, district = at + _HEADING, name
        placed[area_id] = at + 46
        at += _ROW if known else _SILENT_ROW
    return placed, headings, at


def _range(known: pd.DataFrame, measure: Measure) -> list[float]:
    if known.empty:
        return [measure.floor or 0, measure.ceiling or 1]
    if measure.whole_scale and measure.floor is not None and measure.ceiling is not None:
        room = 0.02 * (measure.ceiling - measure.floor)
        return [measure.floor - room, measure.ceiling + room]
    low = known[["value", "lower"]].min().min()
    high = known[["value", "upper"]].max().max()
    room = max((high - low) * 0.06, 10**-measure.decimals)
    floor = low - room if measure.floor is None else max(measure.floor - 0.02 * (high - measure.floor), low - room)
    ceiling = high + room if measure.ceiling is None else min(measure.ceiling * 1.02, high + room)
    return [floor, ceiling]


def _add_lines(figure: go.Figure, known: pd.DataFrame) -> None:
    """A thin line from the lowest to the highest mark of each school."""
    spans = known.groupby("area_id", sort=False).agg(low=("value", "min"), high=("value", "max"), y=("y", "first"))
    x = [end for row in spans.to_dict("records") for end in (row["low"], row["high"], None)]
    y = [end for row in spans.to_dict("records") for end in (row["y"], row["y"], None)]
    figure.add_scatter(x=x, y=y, mode="lines", line={"width": 1.5, "color": CONTEXT}, hoverinfo="skip")


def _add_intervals(figure: go.Figure, known: pd.DataFrame) -> None:
    sure = known.dropna(subset=["lower", "upper"])
    x = [end for row in sure.to_dict("records") for end in (row["lower"], row["upper"], None)]
    y = [end for row in sure.to_dict("records") for end in (row["y"], row["y"], None)]
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"width": 9, "color": "rgba(124, 135, 151, 0.30)"}, hoverinfo="skip"
    )


def _add_marks(figure: go.Figure, rows: pd.DataFrame, measure: Measure, *, filled: bool) -> None:
    figure.add_scatter(
        x=rows["value"], y=rows["y"], mode="markers", cliponaxis=False,
        marker={"size": 12, "color": ACCENT} if filled else
               {"size": 10, "color": CONTEXT, "symbol": "circle-open", "line": {"width": 2}},
        text=[_hover(row, measure) for row in rows.to_dict("records")], hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _hover(row: dict[Hashable, Any], measure: Measure) -> str:
    lines = [f"<b>{row['school']}</b>", f"{row['period_label']}: {_with_unit(row['value'], measure)}"]
    if pd.notna(row["base"]):
        lines.append(f"{number(row['base'])} {measure.persons}")
    if pd.notna(row["lower"]):
        lines.append(f"osäkerhet {span(row['lower'], row['upper'], measure.decimals)}{_percent(measure)}")
    return "<br>".join(lines)


def _label(rows: pd.DataFrame, measure: Measure) -> str:
    """ "Hallsta skola  2024/25: 198,1 · 2025/26: 218,5", cells without a number in words."""
    last = rows.sort_values("period_start").tail(_PERIODS_IN_WORDS)
    told = [f"{row['period_label']}: {_cell_of(row, measure.decimals)}" for row in last.to_dict("records")]
    if len(last) == 1 and pd.notna(last["base"].iloc[0]):
        told.append(f"{number(last['base'].iloc[0])} {measure.persons}")
    return f"<b>{rows['school'].iloc[0]}</b><br>{' · '.join(told)}"


def _add_key(figure: go.Figure, figures: pd.DataFrame) -> None:
    """What the marks mean, in words below the rows."""
    periods = figures.drop_duplicates("period_start").sort_values("period_start")["period_label"].tolist()
    earlier = "tidigare" if len(periods) > 2 else periods[0]
    key = [f"● {periods[-1]}"] + ([f"○ {earlier}"] if len(periods) > 1 else [])
    unsure = figures.loc[figures["lower"].notna(), "period_label"].drop_duplicates().tolist()
    key += [f"━━ osäkerhet {listing(unsure)}"] if unsure else []
    figure.add_annotation(
        text="    ".join(key), x=0, xref="paper", xanchor="left", y=0, yref="paper", yanchor="top", yshift=-10,
        showarrow=False, align="left", font={"size": 13},
    )  # fmt: skip


def _with_unit(value: float, measure: Measure) -> str:
    text = number(value, measure.decimals)
    return (
        f"{text}\u00a0%" if measure.unit == "procent" else f"{text} {measure.unit}" if measure.unit == "poäng" else text
    )


def _percent(measure: Measure) -> str:
    return "\u00a0%" if measure.unit == "procent" else ""


def _change(figures: pd.DataFrame, periods: list[pd.Timestamp], measure: Measure) -> str:
    if len(periods) < 2:
        return ""
    before, after = (
        figures[figures["period_start"] == period].set_index("area_id")["value"].dropna() for period in periods[-2:]
    )
    both = before.index.intersection(after.index)
    label = figures.loc[figures["period_start"] == periods[-2], "period_label"].iloc[0]
    up = int((after[both] > before[both]).sum())
    down = int((after[both] < before[both]).sum())
    if both.empty:
        return f"Ingen skola har ett tal både då och {label}."
    if "changed" in figures:
        return _judged_change(figures[figures["period_start"] == periods[-1]].set_index("area_id").loc[both], label)
    if len(both) == 1:
        direction = "högre än" if up else "lägre än" if down else "samma som"
        name = figures.loc[figures["area_id"] == both[0], "school"].iloc[0]
        return f"I {name} är talet {direction} {label}. Ett enskilt år kan bero på vilka elever som gick just då."
    told = [
        f"{word} i {_schools(count)}"
        for word, count in (("högre", up), ("lägre", down), ("oförändrat", len(both) - up - down)) if count
    ]  # fmt: skip
    largest = _largest(figures, after[both] - before[both], measure)
    return f"Jämfört med {label} är talet {listing(told)}. {largest}".strip()


def _judged_change(newest: pd.DataFrame, before: str) -> str:
    """The schools whose figure has changed by more than chance gives, and how the others are judged."""
    words = ((HIGHER, "Högre"), (LOWER, "Lägre"))
    named = {verdict: newest.loc[newest["changed"] == verdict, "school"].tolist() for verdict, _ in words}
    told = [f"{word} än {before}, mer än slumpen ger: {listing(named[verdict])}." for verdict, word in words
            if named[verdict]]  # fmt: skip
    calm, few = (int((newest["changed"] == one).sum()) for one in (NORMAL, TOO_LITTLE))
    start = "I övriga" if told else "I"
    if calm:
        told.append(f"{start} {_schools(calm)} är ändringen sedan {before} {NORMAL}: så mycket kan slumpen ge.")
    if few:
        told.append(f"För {_schools(few)} är det {TOO_LITTLE} för att bedöma ändringen.")
    if len(newest) > 1:
        told.append("Ungefär en skola av tjugo ger utslag av en slump.")
    return " ".join(told)


def _largest(figures: pd.DataFrame, change: pd.Series, measure: Measure) -> str:
    """The largest rise and the largest fall, with the caution that they are of small groups."""
    names = figures.drop_duplicates("area_id").set_index("area_id")["school"]
    unit = {"procent": "\u00a0procentenheter", "poäng": "\u00a0poäng"}.get(measure.unit, "")
    told = [
        f"{names[str(at)]} ({signed(moved, measure.decimals)}{unit})"
        for at, moved, real in (
            (change.idxmax(), change.max(), change.max() > 0), (change.idxmin(), change.min(), change.min() < 0),
        ) if real
    ]  # fmt: skip
    if not told:
        return ""
    return f"Mest ändrades talet i {listing(told)}. I små grupper kan några få {measure.persons} ändra talet mycket."


def _schools(count: int) -> str:
    return f"{count} {'skola' if count == 1 else 'skolor'}"


def _bases(figures: pd.DataFrame, measure: Measure) -> str:
    known = figures[figures["value"].notna()]
    with_base, without = known[known["base"].notna()], known[known["base"].isna()]
    unknown = listing(without["period_label"].drop_duplicates().tolist())
    if with_base.empty:
        return f"Källan säger inte hur många {measure.persons} talen bygger på, så små skillnader ska inte tolkas."
    low, high = with_base["base"].min(), with_base["base"].max()
    size = number(low) if low == high else span(low, high)
    periods = listing(with_base["period_label"].drop_duplicates().tolist())
    which = "en så liten grupp" if low == high else "de minsta grupperna"
    small = f"; i {which} flyttar några få personer talet mycket" if low < _SMALL else ""
    rest = f" För {unknown} är antalet inte känt." if unknown else ""
    return f"Talen för {periods} bygger på {size} {measure.persons}{small}.{rest}"


def _unsure(newest: pd.DataFrame) -> str:
    """That nothing can be judged where the newest figures have no limits; empty where they have."""
    known = newest[newest["value"].notna()]
    if known.empty or known["lower"].notna().any():
        return ""
    return (
        f"Osäkerheten är inte känd för {newest['period_label'].iloc[0]}: det går inte att säga om skillnader mellan "
        "skolor eller år är mer än slump."
    )


def _without(newest: pd.DataFrame) -> str:
    silent = newest[newest["value"].isna()]
    if silent.empty:
        return ""
    reasons = silent["status"].map(lambda status: IN_WORDS.get(status, status))
    told = [f"{listing(silent.loc[reasons == reason, 'school'].tolist())} ({reason})" for reason in reasons.unique()]
    return f"Utan tal {newest['period_label'].iloc[0]}: {'; '.join(told)}."


def overview(newest: pd.DataFrame) -> pd.DataFrame:
    """One row per school, by name, and one column of numbers per measure; whatever is no plain number, as the source
    wrote it, in the column Anmärkning."""
    told = newest.assign(
        heading=[_heading(row) for row in newest.to_dict("records")],
        district=newest["district"].fillna(UNPLACED),
        note=[
            "" if row["status"] == "final" else f"{row['name']}: {_cell_of(row, int(row['decimals']))}"
            for row in newest.to_dict("records")
        ],
    )
    index = ["area_id", "school", "district"]
    wide = told.pivot(index=index, columns="heading", values="value").astype(float)
    wide["Anmärkning"] = told.groupby(index)["note"].agg(lambda notes: "; ".join(note for note in notes if note))
    wide = wide[[*dict.fromkeys(told["heading"]), "Anmärkning"]].reset_index()
    wide = wide.sort_values("school", key=lambda names: names.map(alphabetical), kind="stable", ignore_index=True)
    return wide.drop(columns="area_id").rename(columns={"district": "Kommundel", "school": "Skola"})


def _heading(row: dict[Hashable, Any]) -> str:
    unit = "" if row["unit"] == "antal" else f", {row['unit']}"
    return f"{row['name']}{unit} ({row['period_label']})"
