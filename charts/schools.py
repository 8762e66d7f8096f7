"""Schools beside each other over the years: one row per school, by district and name, never ordered by result."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import MISSING, capital, listing, number, span

#: How each kind of cell is told in words; ``value_text`` (the source's own sign) follows in brackets.
IN_WORDS = {
    "suppressed": "dold av källan",
    "missing": "uppgift saknas",
    "not_applicable": "redovisas inte",
    "rounded": "utan exakt tal",
}

#: Heading for schools whose position is unknown.
UNPLACED = "Läge saknas"

_ROW, _HEADING, _TOP, _BOTTOM = 62, 40, 34, 46
_PERIODS_IN_WORDS = 2


@dataclass(frozen=True)
class Measure:
    """What a chart of schools shows. ``what`` is singular and definite, in lower case ("meritvärdet")."""

    what: str
    unit: str
    decimals: int
    persons: str
    floor: float | None = None
    ceiling: float | None = None


def cell(value: float | None, status: str, value_text: str | None, decimals: int) -> str:
    """One published cell in words: "218,5", "cirka 300", "dold av källan (..)", "~100 (1–4 elever ej behöriga)"."""
    written = None if value_text is None or pd.isna(value_text) else str(value_text)
    if value is not None and not pd.isna(value):
        return written if status == "rounded" and written else number(value, decimals)
    if status == "rounded":
        return f"{written or '~'} (1–4 elever ej behöriga)"
    return f"{IN_WORDS.get(status, status)} ({written})" if written else IN_WORDS.get(status, status)


def by_school(figures: pd.DataFrame, measure: Measure) -> go.Figure:
    """One row per school with a mark per period: hollow for earlier ones, filled for the newest, interval as a line.

    ``figures``: area_id, school, district, period_start, period_label, value, base, lower, upper (limits of the value;
    empty when unknown), status, value_text; in the order that the schools shall stand.
    """
    placed, headings, height = _places(figures)
    figure = base(height + _TOP + _BOTTOM)
    newest = figures["period_start"].max()
    known = figures.dropna(subset=["value"]).assign(y=lambda f: f["area_id"].map(placed))
    _add_lines(figure, known)
    _add_intervals(figure, known)
    _add_marks(figure, known[known["period_start"] < newest], measure, filled=False)
    _add_marks(figure, known[known["period_start"] == newest], measure, filled=True)
    for text, y in headings:
        _write(figure, f"<b>{text}</b>", y, 14, CONTEXT)
    for area_id, rows in figures.groupby("area_id", sort=False):
        _write(figure, _label(rows, measure), placed[str(area_id)] - 27, 13)
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
        return f"{what} {period} är {_with_unit(low, measure)} i {len(known)} skolor"
    return f"{what} {period}: {span(low, high, measure.decimals)}{_percent(measure)} i {len(known)} skolor"


def sentence(figures: pd.DataFrame, measure: Measure) -> str:
    """What the chart shows in plain words: change since the period before, size of the base, and who has no figure."""
    periods = sorted(figures["period_start"].unique())
    newest = figures[figures["period_start"] == periods[-1]]
    parts = [_change(figures, periods), _bases(figures, measure), _without(newest)]
    return " ".join(part for part in parts if part)


def judgement(judged: pd.DataFrame, period: str, measure: Measure) -> str:
    """Which schools differ from the others together by more than chance gives: columns school, rest (0-1), verdict."""
    if (judged["verdict"] == "för litet underlag").all():
        return f"Underlaget {period} är för litet för att jämföra skolorna med varandra."
    higher = judged.loc[judged["verdict"] == "högre än väntat", "school"].tolist()
    lower = judged.loc[judged["verdict"] == "lägre än väntat", "school"].tolist()
    start = f"{period}, då antalet elever är känt för alla {len(judged)} skolor,"
    if not higher and not lower:
        return f"{start} skiljer sig ingen skola från de övriga tillsammans mer än slumpen kan ge: inom normal variation."
    told = [f"högre än väntat: {listing(higher)}"] if higher else []
    told += [f"lägre än väntat: {listing(lower)}"] if lower else []
    return (
        f"{start} skiljer sig {measure.what} från de övriga skolornas mer än så små årskullar ger av en slump "
        f"({'; '.join(told)}). De andra ligger inom normal variation. Ungefär en skola av tjugo hamnar utanför av en slump, "
        "och siffrorna säger inte vad skillnaden beror på."
    )


def table(figures: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The figures behind the chart, with Swedish headings, numbers as numbers and every other cell in words."""
    out = pd.DataFrame({
        "Kommundel": figures["district"].fillna(UNPLACED),
        "Skola": figures["school"],
        "Period": figures["period_label"],
        f"Värde ({measure.unit})": figures["value"],
        "Uppgift": [
            "" if row.status == "final" else cell(row.value, row.status, row.value_text, measure.decimals)
            for row in figures.itertuples()
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
    schools = figures.drop_duplicates("area_id")
    for area_id, name in zip(schools["area_id"], schools["district"].fillna(UNPLACED), strict=True):
        if name != district:
            headings.append((name, at + _HEADING / 2))
            at, district = at + _HEADING, name
        placed[area_id] = at + 46
        at += _ROW
    return placed, headings, at


def _range(known: pd.DataFrame, measure: Measure) -> list[float]:
    if known.empty:
        return [measure.floor or 0, measure.ceiling or 1]
    low = known[["value", "lower"]].min().min()
    high = known[["value", "upper"]].max().max()
    room = max((high - low) * 0.06, 10**-measure.decimals)
    floor = low - room if measure.floor is None else max(measure.floor - 0.02 * (high - measure.floor), low - room)
    ceiling = high + room if measure.ceiling is None else min(measure.ceiling * 1.02, high + room)
    return [floor, ceiling]


def _add_lines(figure: go.Figure, known: pd.DataFrame) -> None:
    """A thin line from the lowest to the highest mark of each school."""
    spans = known.groupby("area_id", sort=False).agg(low=("value", "min"), high=("value", "max"), y=("y", "first"))
    x = [end for row in spans.itertuples() for end in (row.low, row.high, None)]
    y = [end for row in spans.itertuples() for end in (row.y, row.y, None)]
    figure.add_scatter(x=x, y=y, mode="lines", line={"width": 1.5, "color": CONTEXT}, hoverinfo="skip")


def _add_intervals(figure: go.Figure, known: pd.DataFrame) -> None:
    sure = known.dropna(subset=["lower", "upper"])
    x = [end for row in sure.itertuples() for end in (row.lower, row.upper, None)]
    y = [end for row in sure.itertuples() for end in (row.y, row.y, None)]
    figure.add_scatter(x=x, y=y, mode="lines", line={"width": 9, "color": "rgba(124, 135, 151, 0.30)"}, hoverinfo="skip")


def _add_marks(figure: go.Figure, rows: pd.DataFrame, measure: Measure, *, filled: bool) -> None:
    figure.add_scatter(
        x=rows["value"], y=rows["y"], mode="markers", cliponaxis=False,
        marker={"size": 12 if filled else 10, "color": ACCENT if filled else CONTEXT, "line": {"width": 2},
                "symbol": "circle" if filled else "circle-open"},
        text=[_hover(row, measure) for _, row in rows.iterrows()], hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _hover(row: pd.Series, measure: Measure) -> str:
    lines = [f"<b>{row['school']}</b>", f"{row['period_label']}: {_with_unit(row['value'], measure)}"]
    if pd.notna(row["base"]):
        lines.append(f"{number(row['base'])} {measure.persons}")
    if pd.notna(row["lower"]):
        lines.append(f"osäkerhet {span(row['lower'], row['upper'], measure.decimals)}{_percent(measure)}")
    return "<br>".join(lines)


def _label(rows: pd.DataFrame, measure: Measure) -> str:
    """ "Hallsta skola  2024/25: 198,1 · 2025/26: 218,5", cells without a number in words."""
    last = rows.sort_values("period_start").tail(_PERIODS_IN_WORDS)
    told = [
        f"{row.period_label}: {cell(row.value, row.status, row.value_text, measure.decimals)}" for row in last.itertuples()
    ]
    if len(last) == 1 and pd.notna(last["base"].iloc[0]):
        told.append(f"{number(last['base'].iloc[0])} {measure.persons}")
    return f"<b>{rows['school'].iloc[0]}</b><br>{' · '.join(told)}"


def _write(figure: go.Figure, text: str, y: float, size: int, color: str | None = None) -> None:
    figure.add_annotation(
        text=text, x=0, xref="paper", xanchor="left", y=y, yref="y", yanchor="middle", showarrow=False, align="left",
        font={"size": size, **({"color": color} if color else {})},
    )  # fmt: skip


def _add_key(figure: go.Figure, figures: pd.DataFrame) -> None:
    """What the marks mean, in words below the rows."""
    periods = figures.drop_duplicates("period_start").sort_values("period_start")["period_label"].tolist()
    earlier = "tidigare" if len(periods) > 2 else periods[0]
    key = [f"● {periods[-1]}"] + ([f"○ {earlier}"] if len(periods) > 1 else [])
    key += ["▬ osäkerhet i en så liten årskull"] if figures["lower"].notna().any() else []
    figure.add_annotation(
        text="    ".join(key), x=0, xref="paper", xanchor="left", y=0, yref="paper", yanchor="top", yshift=-10,
        showarrow=False, align="left", font={"size": 13},
    )  # fmt: skip


def _with_unit(value: float, measure: Measure) -> str:
    text = number(value, measure.decimals)
    return f"{text}\u00a0%" if measure.unit == "procent" else f"{text} {measure.unit}" if measure.unit == "poäng" else text


def _percent(measure: Measure) -> str:
    return "\u00a0%" if measure.unit == "procent" else ""


def _change(figures: pd.DataFrame, periods: list[pd.Timestamp]) -> str:
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
    if len(both) == 1:
        direction = "högre än" if up else "lägre än" if down else "samma som"
        return f"Talet är {direction} {label}. Ett enskilt år kan bero på vilka elever som gick just då."
    same = f", oförändrat i {len(both) - up - down}" if len(both) > up + down else ""
    return f"Jämfört med {label} är talet högre i {up} skolor och lägre i {down}{same}."


def _bases(figures: pd.DataFrame, measure: Measure) -> str:
    bases = figures["base"].dropna()
    if bases.empty:
        return f"Källan säger inte hur många {measure.persons} varje tal bygger på, så små skillnader ska inte tolkas."
    low, high = bases.min(), bases.max()
    size = f"{number(low)} {measure.persons}" if low == high else f"{span(low, high)} {measure.persons}"
    small = "; i en så liten grupp flyttar några få personer talet mycket" if low < 30 else ""
    return f"Varje tal bygger på {size}{small}."


def _without(newest: pd.DataFrame) -> str:
    silent = newest[newest["value"].isna()]
    if silent.empty:
        return ""
    told = [
        f"{row.school} ({cell(row.value, row.status, row.value_text, 0)})".replace("((", "(") for row in silent.itertuples()
    ]
    return f"Utan tal {newest['period_label'].iloc[0]}: {listing(told)}."


def overview(newest: pd.DataFrame) -> pd.DataFrame:
    """One row per school and one column per measure, every cell as the source wrote it."""
    told = newest.assign(
        cell=[cell(row.value, row.status, row.value_text, int(row.decimals)) for row in newest.itertuples()],
        heading=[_heading(row) for _, row in newest.iterrows()],
        district=newest["district"].fillna(UNPLACED),
    )
    order = told.drop_duplicates("heading")["heading"].tolist()
    wide = told.pivot(index=["district", "school"], columns="heading", values="cell").reindex(columns=sorted(order))
    wide = wide.reindex(told.drop_duplicates("area_id").set_index(["district", "school"]).index)
    return wide.fillna(MISSING).reset_index().rename(columns={"district": "Kommundel", "school": "Skola"})


def _heading(row: pd.Series) -> str:
    unit = "" if row["unit"] == "antal" else f", {row['unit']}"
    return f"{row['name']}{unit} ({row['period_label']})"
