"""Orsaker i data: where a change or a level lies, as bars, as sentences and as a table.

The record has found, dimensions, before, after, scale, step, noise and shares (queries.causes.Causes).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.style import ACCENT, CONTEXT, base
from charts.swedish import capital, listing, number, percent, signed, span
from charts.time_and_place import LESS, MARK, about
from charts.verdicts import HIGHER, LOWER, TOO_LITTLE

#: So many bars are drawn at most: of everything, and of one dimension.
MOST, MOST_OF_ONE = 8, 16

#: Pixels of a row: its words above, its bar below.
_ROW = 46
_MARKS = {HIGHER: f"{MARK} {HIGHER}", LOWER: f"{LESS} {LOWER}", TOO_LITTLE: TOO_LITTLE}

#: A part whose number the gate does not show; one with too little to judge says TOO_LITTLE.
HIDDEN = "dold"
_WHY_HIDDEN = "Där det står «dold» är antalet så litet att det inte visas, eller skulle röja ett så litet antal."

#: Said wherever causes are looked for.
NOT_WHY = "Det visar var förändringen ligger, inte varför."


class CausesRecord(Protocol):
    """What is read of a breakdown."""

    @property
    def found(self) -> pd.DataFrame: ...
    @property
    def dimensions(self) -> pd.DataFrame: ...
    @property
    def before(self) -> float: ...
    @property
    def after(self) -> float: ...
    @property
    def before_label(self) -> str: ...
    @property
    def after_label(self) -> str: ...
    @property
    def scale(self) -> float: ...
    @property
    def step(self) -> int: ...
    @property
    def noise(self) -> float: ...
    @property
    def shares(self) -> bool: ...


def moved(record: CausesRecord) -> float:
    """How much more the whole is than the reference led to: events, or points of a share (0-1)."""
    return record.after - record.scale * record.before


def clear(record: CausesRecord) -> bool:
    """Whether the whole has changed by more than chance often makes, so that parts of the change mean something."""
    return bool(abs(moved(record)) > record.noise)


def called(record: CausesRecord) -> pd.DataFrame:
    """The values that differ from the others by more than chance, in order."""
    if record.found.empty:
        return record.found
    return record.found[record.found["verdict"].isin([HIGHER, LOWER])]


def change_word(record: CausesRecord, level: bool) -> str:
    """What the whole change is called: "ökningen", "minskningen"; of a level "skillnaden"."""
    if level:
        return "skillnaden"
    return "ökningen" if moved(record) > 0 else "minskningen"


def finding(record: CausesRecord, what: str, level: bool = False) -> str:
    """A title that says what stands out, or that nothing does."""
    if record.found.empty:
        return f"{what}: {TOO_LITTLE}"
    if record.found["p_adjusted"].isna().all():
        return f"{what}: {TOO_LITTLE}"
    rows = called(record)
    if rows.empty:
        return f"{what}: inget sticker ut mer än slumpen ger"
    first = rows.iloc[0]
    tail = "mot resten av kommunen" if level else "i förändringen"
    return f"{what}: {first['value']} sticker ut mest {tail}"


def whole_sentence(record: CausesRecord, reference: str) -> str:
    """The whole beside the reference, and whether the difference is more than chance. ``reference``: what it is set
    against, inside a sentence: "året före (2024)"."""
    if record.shares:
        told = (
            f"Andelen var {percent(record.before * 100)} {record.before_label} och "
            f"{percent(record.after * 100)} {record.after_label}."
        )
    else:
        compared = record.scale * record.before
        told = (
            f"{record.after_label}: {about(record.after, record.step)} händelser, mot "
            f"{about(round(compared), record.step)} {reference}."
        )
    if clear(record):
        return f"{told} Det är en större skillnad än slumpen ofta ger."
    return f"{told} Så stor skillnad uppstår ofta av en slump, så det är inte säkert att något har ändrats i stort."


def sentence(record: CausesRecord, reference: str, level: bool = False) -> str:
    """The whole, and in a sentence or two what stands out of it."""
    told = whole_sentence(record, reference)
    rows = called(record)
    if record.found["p_adjusted"].isna().all():
        return f"{told} Delarna är dolda eller för små för att bedömas."
    if rows.empty:
        return (
            f"{told} Inget av det som källan skiljer på sticker ut: fördelningen är så lik som när bara slumpen råder. "
            "Orsaken kan ändå finnas i något som källan inte berättar."
        )
    names = listing([f"{row['value']} ({str(row['dimension']).lower()})" for row in rows.head(3).to_dict("records")])
    verb = "skiljer sig från resten av kommunen" if level else "skiljer sig från de andra"
    more = f" {len(rows) - 3} till gör det." if len(rows) > 3 else ""
    return f"{told} {capital(names)} {verb} mer än slumpen ger.{more} {NOT_WHY}"


def lines(record: CausesRecord, level: bool = False) -> list[str]:
    """A line for each dimension that has something, then one for those that have not."""
    rows = called(record)
    out = [
        _line(record, dimension, side, level)
        for dimension in rows["dimension"].drop_duplicates()
        for _, side in rows[rows["dimension"] == dimension].groupby("verdict", sort=False)
    ]
    told = record.dimensions[record.dimensions["called"] == 0]
    quiet = [str(one).lower() for one in told.loc[told["p_adjusted"].notna(), "dimension"]]
    little = [str(one).lower() for one in told.loc[told["p_adjusted"].isna(), "dimension"]]
    if quiet:
        out.append(f"{capital(listing(quiet))}: inget sticker ut mer än slumpen ger.")
    if little:
        out.append(f"{capital(listing(little))}: {TOO_LITTLE}.")
    if _hidden(record.found).any():
        out.append(_WHY_HIDDEN)
    return out


def _hidden(rows: pd.DataFrame) -> pd.Series:
    return rows["before"].isna() | rows["after"].isna()


def _line(record: CausesRecord, dimension: str, rows: pd.DataFrame, level: bool) -> str:
    """Values of one dimension that stand out in the same way."""
    names = listing([str(one) for one in rows["value"]])
    part = float(rows["contribution"].sum())
    up = str(rows["verdict"].iloc[0]) == HIGHER
    if clear(record) and part > 0 and up == (moved(record) > 0):
        start = f"{capital(names)} står för {percent(part * 100)} av {change_word(record, level)}, mer än slumpen ger"
    elif level:
        start = f"{capital(names)} är {'vanligare' if up else 'ovanligare'} här än i resten av kommunen, mer än " \
                "slumpen ger"  # fmt: skip
    else:
        way = "ökat mer eller minskat mindre" if up else "minskat mer eller ökat mindre"
        start = f"{capital(names)} har {way} än de andra, mer än slumpen ger"
    return f"**{dimension}.** {start}. {' '.join(_figures(record, row) for row in rows.to_dict('records'))}"


def suggested(record: CausesRecord, level: bool = False, most: int = 4) -> list[tuple[str, str]]:
    """Parts that have grown, or are more common, more than chance gives: what can be asked «varför?» about, in words,
    and its figures."""
    rows = called(record)
    rows = rows[rows["verdict"] == HIGHER].head(most) if len(rows) else rows
    tail = "är vanligare här än i resten av kommunen" if level else "har ökat mer, eller minskat mindre, än de andra"
    return [
        (f"{capital(str(row['value']))} ({str(row['dimension']).lower()}) {tail}", _figures(record, row))
        for row in rows.to_dict("records")
    ]


def _figures(record: CausesRecord, row: dict[object, object]) -> str:
    name = capital(str(row["value"]))
    low, high = float(str(row["low"])), float(str(row["high"]))
    if record.shares:
        before, after, apart = (float(str(row[one])) * 100 for one in ("before", "after", "apart"))
        return (
            f"{name}: {percent(before)} före och {percent(after)} efter, {signed(apart, 1)} procentenheter mot om "
            f"gruppen följt de andra ({span(low * 100, high * 100, 1)})."
        )
    before, step = float(str(row["before"])) * record.scale, int(str(row["step"]))
    return (
        f"{name}: {about(round(before), step)} i jämförelsen och {about(float(str(row['after'])), step)} nu, "
        f"{number(float(str(row['ratio'])), 1)} gånger så många som om det följt de andra ({span(low, high, 2)})."
    )


def figure(record: CausesRecord, rows: pd.DataFrame, level: bool = False, *, told: bool = True) -> go.Figure:
    """Bars of how much each value has moved from what the reference led to, the values' names and verdicts in words
    above them. ``rows`` of ``record.found``; ``told``: with the name of the dimension."""
    shown = rows.head(MOST if told else MOST_OF_ONE).reset_index(drop=True)
    figure = base(_ROW * len(shown) + 24, room=(8, 16))
    size = shown["moved"].to_numpy(dtype=float) * (100 if record.shares else 1)
    labels = [_label(record, moved_by, part, level) for moved_by, part in zip(size, shown["contribution"], strict=True)]
    names = [_name(row, told) for row in shown.to_dict("records")]
    figure.add_bar(
        x=np.nan_to_num(size), y=list(range(len(shown))), orientation="h", width=0.34, text=labels,
        textposition="outside", cliponaxis=False, constraintext="none",
        marker_color=[ACCENT if one in (HIGHER, LOWER) else CONTEXT for one in shown["verdict"]],
        customdata=[f"{name}<br>{label}" for name, label in zip(names, labels, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    for place, name in enumerate(names):
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=place, yshift=18, text=name, showarrow=False, font_size=13
        )
    reach = float(np.nanmax(np.abs(size), initial=0.0)) or 1.0
    low = -reach if np.nanmin(size, initial=0.0) < 0 else 0.0
    # Room for the words at the end of a bar, which are longer than the bar on a phone.
    figure.update_xaxes(range=[low * 2.3, reach * 2.3], zeroline=True, zerolinecolor=CONTEXT, showticklabels=False,
                        ticks="")  # fmt: skip
    lines = [place - 0.68 for place in range(1, len(shown))]
    figure.update_yaxes(range=[len(shown) - 0.6, -0.8], showticklabels=False, tickvals=lines, ticks="")
    figure.update_layout(hovermode="closest")
    return figure


def _name(row: dict[object, object], told: bool) -> str:
    mark = HIDDEN if np.isnan(float(str(row["moved"]))) else _MARKS.get(str(row["verdict"]), "")
    value, dimension = str(row["value"]), str(row["dimension"])
    short = value if len(value) <= 40 else f"{value[:38]}…"
    head = f"<b>{capital(short)}</b>" if mark not in ("", HIDDEN, TOO_LITTLE) else capital(short)
    return " · ".join(filter(None, (f"{head} ({dimension.lower()})" if told else head, mark)))


def _label(record: CausesRecord, moved_by: float, part: float, level: bool) -> str:
    if pd.isna(moved_by):
        return HIDDEN
    size = f"{signed(moved_by, 1)} p.e." if record.shares else signed(moved_by)
    if not clear(record) or pd.isna(part):
        return size
    return f"{size} ({percent(part * 100)})"


def unit(record: CausesRecord, level: bool = False) -> str:
    """What the bars are."""
    whole = f", och del av hela {change_word(record, level)}" if clear(record) else ""
    if record.shares:
        return f"Procentenheter som gruppen bidrar med till förändringen{whole}"
    if level:
        return f"Händelser fler eller färre än om platsen hade lika många per invånare som resten{whole}"
    return f"Händelser fler eller färre än i jämförelsen{whole}"


def table(record: CausesRecord, rows: pd.DataFrame) -> pd.DataFrame:
    """The figures with Swedish headings."""
    head = {"Uppdelning": rows["dimension"], "Värde": rows["value"]}
    tail = {
        "Bedömning": rows["verdict"].astype(str).mask(_hidden(rows), HIDDEN).tolist(),
        "Avrundning": ["exakt" if one == 1 else f"nedåt till jämna {one}-tal" for one in rows["step"]],
    }
    if record.shares:
        return pd.DataFrame(
            {
                **head, f"{record.before_label}, procent": rows["before"] * 100,
                f"{record.after_label}, procent": rows["after"] * 100,
                "Om som de andra, procent": rows["expected_after"] * 100,
                "Skillnad mot de andra, procentenheter": rows["apart"] * 100, "Lägst": rows["low"] * 100,
                "Högst": rows["high"] * 100, "Bidrag, procentenheter": rows["moved"] * 100,
                "Bedömning": tail["Bedömning"],
            }
        ).round(1).reset_index(drop=True)  # fmt: skip
    return pd.DataFrame(
        {
            **head, "Jämförelsen, antal": rows["before"] * record.scale, "Nu, antal": rows["after"],
            "Om som de andra, antal": rows["expected_after"], "Gånger så många som väntat": rows["ratio"].round(2),
            "Lägst": rows["low"].round(2), "Högst": rows["high"].round(2), "Fler eller färre": rows["moved"],
            "Del av förändringen, procent": rows["contribution"] * 100, **tail,
        }
    ).round(2).reset_index(drop=True)  # fmt: skip
