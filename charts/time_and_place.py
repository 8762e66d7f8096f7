"""What the charts of time and place share: numbers told in steps, shades of a grid, and words for a verdict.

Frames have ``events`` (rounded down to a step; empty when hidden), ``status`` and often ``verdict``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.style import base
from charts.swedish import number
from charts.verdicts import HIGHER, LOWER, NORMAL, TOO_LITTLE

HIDDEN = "suppressed"
#: Beside a number that is more than chance makes; the sentence says what it stands for.
MARK = "▲"
#: Beside a number that is less than chance makes, where none is more.
LESS = "▼"

#: Shades of one colour over the page's own ground, light or dark: the last has white text, the others the page's.
_SHADES = (
    "rgba(184, 64, 79, 0.04)", "rgba(184, 64, 79, 0.14)", "rgba(184, 64, 79, 0.26)", "rgba(184, 64, 79, 0.4)",
    "rgba(184, 64, 79, 1)",
)  # fmt: skip
#: Pixels above a grid, for the names of its columns, and below.
_ABOVE, _BELOW = 30, 8
_NO_FIGURE = "rgba(124, 135, 151, 0.18)"
#: Where nothing is more than chance makes the scale ends so much higher: nothing then has the darkest shade.
_CALM = 1.3


def amount(events: float, step: int) -> str:
    """A number as it may be told: "23", or within its step "20–24", or "färre än 5"."""
    if pd.isna(events):
        return f"färre än {step if step > 1 else 5}"
    return number(events) if step == 1 else f"{number(events)}–{number(events + step - 1)}"


def about(events: float, step: int) -> str:
    """A larger number in running text: "1 234", or "drygt 1 230"."""
    if pd.isna(events):
        return amount(events, step)
    return number(events) if step == 1 else f"drygt {number(events)}"


def unit(step: int) -> str:
    """The unit of numbers in steps."""
    return "Antal händelser" if step == 1 else f"Antal händelser, avrundat nedåt till jämna {step}-tal"


def steps_note(step: int) -> str:
    """Why numbers are in steps; empty when they are not."""
    if step == 1:
        return ""
    return (
        f"Antalen är avrundade nedåt till jämna {step}-tal, och dolda där de är färre än {step} eller skulle röja "
        "sådana, så att ingen kan pekas ut."
    )


def shown(events: float, step: int) -> str:
    """A number that can be hidden for what it would tell of others: "23", "20–24" or "dolt antal"."""
    return "dolt antal" if pd.isna(events) else amount(events, step)


def told_column(frame: pd.DataFrame, step: int) -> list[str]:
    """What a table says of numbers in steps, in words."""
    return [shown(events, step) for events in frame["events"]]


def grid(
    values: pd.DataFrame,
    texts: pd.DataFrame,
    hover: pd.DataFrame,
    *,
    row: int,
    left: int,
    gap: int = 2,
    ends: tuple[float, float] | None = None,
) -> go.Figure:
    """A grid of shaded cells with their numbers written in them.

    The three frames have the same rows (from the top) and columns; cells without a value are grey. ``row``, ``left``
    and ``gap``: pixels of a row, for the names on the left, and between cells. ``ends``: the values of the lightest and
    the darkest shade; else from nothing to the highest.
    """
    shape = values.shape
    figure = base(shape[0] * row + _ABOVE + _BELOW, room=(left, _BELOW))
    level = _levels(values.to_numpy(dtype=float), ends)
    figure.add_heatmap(
        z=np.where(np.isnan(level), -1, level), x=list(range(shape[1])), y=list(range(shape[0])),
        colorscale=_scale(), zmin=-1.5, zmax=len(_SHADES) - 0.5, showscale=False, xgap=gap, ygap=gap,
        customdata=hover.to_numpy(), hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    down, across = (place.ravel() for place in np.indices(shape))
    last = (level == len(_SHADES) - 1).ravel()
    for chosen, colour in ((~last, None), (last, "#FFFFFF")):
        figure.add_scatter(
            x=across[chosen], y=down[chosen], text=texts.to_numpy().ravel()[chosen], mode="text", hoverinfo="skip",
            textfont={"size": 11, "color": colour},
        )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(shape[1])),
        ticktext=list(values.columns),
        side="top",
        ticks="",
        range=[-0.5, shape[1] - 0.5],
        zeroline=False,
    )
    figure.update_yaxes(
        tickvals=list(range(shape[0])), ticktext=list(values.index), range=[shape[0] - 0.5, -0.5], showgrid=False
    )
    figure.update_layout(hovermode="closest", margin={"t": _ABOVE})
    return figure


def shades(frame: pd.DataFrame, low: float = 0.0) -> tuple[float, float]:
    """The ends of a grid's shades, the darkest kept for grids with something that is more than expected."""
    high = float(frame["events"].max())
    return low, high if (frame["verdict"] == HIGHER).any() else low + _CALM * (high - low)


def _levels(values: np.ndarray, ends: tuple[float, float] | None) -> np.ndarray:
    """Which shade each value has: even parts of the way from the lightest to the darkest."""
    if not np.isfinite(values).any():
        return values
    low, high = ends or (0.0, float(np.nanmax(values)))
    part = np.clip((values - low) / ((high - low) or 1.0), 0, 1)
    return np.where(np.isnan(values), np.nan, np.minimum(np.floor(part * len(_SHADES)), len(_SHADES) - 1))


def _scale() -> list[list[float | str]]:
    colours = (_NO_FIGURE, *_SHADES)
    steps: list[list[float | str]] = []
    for place, colour in enumerate(colours):
        steps += [[place / len(colours), colour], [(place + 1) / len(colours), colour]]
    return steps


def called(frame: pd.DataFrame, verdict: str) -> pd.DataFrame:
    """The parts with this verdict, most events first."""
    return frame[frame["verdict"] == verdict].sort_values("events", ascending=False, kind="stable")


def overall(verdicts: Sequence[str]) -> str:
    """One verdict of many parts judged together: whether any has more, or else fewer, than chance makes."""
    told = [one for one in verdicts if one]
    return next((one for one in (HIGHER, LOWER, NORMAL) if one in told), TOO_LITTLE)
