"""What a measure may have done, by three methods; each says why when the figures do not carry it.

All counts are as ``queries.measured`` tells them: middles of steps, and nothing where they are hidden. A month that is
hidden is never filled in, nor left out: the hidden are the smallest, so a series without them would say too much.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analysis.around import Around, Counted, around
from analysis.effect import Effect, difference_in_differences, interrupted
from analysis.verdict import Verdict, effect_verdicts
from queries.local import HIDDEN
from queries.measured import EVENTS, Measured, counts_around, of_events, series
from store.warehouse import Build, fetch

#: Fewer periods before the start than this cannot tell a course from chance.
MINIMUM_BEFORE = 8
#: Counts of fewer steps than this are told too coarsely to be followed period by period.
_STEPS = 2


@dataclass(frozen=True)
class BeforeAfter:
    """``found`` and the counts behind it (``counts_around``); None with the ``reason`` why not."""

    counts: pd.DataFrame
    found: Around | None = None
    reason: str = ""


@dataclass(frozen=True)
class Followed:
    """An effect on a series of periods. ``months`` in a period; ``before`` and ``after``: how many of them; ``hidden``:
    how many are; ``areas``: the names of those it was set beside. ``effect.reason`` says why there is none: beside
    those of ``Effect``, ``not_counts``, ``no_series``, ``hidden``, ``short``, ``coarse``, ``no_control``."""

    effect: Effect
    months: int = 0
    before: int = 0
    after: int = 0
    hidden: int = 0
    areas: tuple[str, ...] = ()


def before_after(
    build: Build, measured: Measured, start: date, control_id: str = "", buffer_id: str = ""
) -> BeforeAfter:
    """Counts in two equally long periods of the same season, beside a control area and a buffer."""
    if not of_events(build, measured):
        return BeforeAfter(pd.DataFrame(), reason="not_counts")
    counts = counts_around(build, measured, start, control_id, buffer_id)
    sides = {
        str(row["role"]): Counted(float(row["before"]), float(row["after"]), int(row["step"]))
        for row in counts.to_dict("records")
    }
    if "place" not in sides:
        return BeforeAfter(counts, reason="short")
    if control_id and "control" not in sides:
        return BeforeAfter(counts, reason="no_control")
    return BeforeAfter(counts, around(sides["place"], sides.get("control"), sides.get("buffer")))


def own_course(build: Build, measured: Measured, start: date) -> Followed:
    """The series after the start against its own course before: level, trend and season (``interrupted``)."""
    rows, empty = _periods(build, measured, start)
    if empty.effect.reason:
        return empty
    counted = rows[["start", "count", "exposure"]].rename(columns={"start": "period_start"})
    found = interrupted(counted, start, periods_per_year=max(12 // empty.months, 1))
    return replace(empty, effect=_with_steps(found, rows))


def beside(build: Build, measured: Measured, start: date, control_id: str) -> Followed:
    """Period by period beside the control, or beside each of the other districts when the control is the municipality
    (``difference_in_differences``). Districts with a hidden period are left out, whole."""
    rows, empty = _periods(build, measured, start)
    if empty.effect.reason:
        return empty
    names = _names(build, measured, control_id)
    told = {area: _periods(build, measured.at(area), start) for area in names}
    whole = {area: found[0] for area, found in told.items() if not found[1].effect.reason}
    alike = {area: one for area, one in whole.items() if set(one["start"]) >= set(rows["start"])}
    if not alike:
        hidden = max((found[1].hidden for found in told.values()), default=0)
        return replace(empty, effect=Effect(np.nan, reason="no_control"), hidden=hidden)
    every = pd.concat([one.assign(area_id=area) for area, one in {measured.area_id: rows, **alike}.items()])
    every = every[every["start"].isin(rows["start"])]
    counted = every.rename(columns={"start": "period_start"}).assign(treated=every["area_id"] == measured.area_id)
    found = difference_in_differences(counted, start)
    return replace(empty, effect=_with_steps(found, rows), areas=tuple(names[area] for area in alike))


def _periods(build: Build, measured: Measured, start: date) -> tuple[pd.DataFrame, Followed]:
    """The final periods of the series without the one that the start falls in (start, count, exposure, step), and a
    record without an effect, which says why if there can be none."""
    none = Effect(np.nan)
    if not of_events(build, measured):
        return pd.DataFrame(), Followed(replace(none, reason="not_counts"))
    rows = series(build, measured)
    begin = pd.Timestamp(start)
    rows = rows[(rows["status"] != "preliminary") & ((rows["end"] < begin) | (rows["start"] >= begin))]
    if rows.empty:
        return rows, Followed(replace(none, reason="no_series"))
    months = round((rows["end"].iloc[0] - rows["start"].iloc[0]).days / (365.25 / 12))
    before, after = int((rows["end"] < begin).sum()), int((rows["start"] >= begin).sum())
    hidden = int((rows["status"] == HIDDEN).sum())
    reason = _reason(rows, before, after, hidden, months)
    # Local events are set against days; a published rate has its own inhabitants.
    persons = rows["base"].astype(float) if rows["base"].notna().all() else 1.0
    exposure = (rows["end"] - rows["start"]).dt.days + 1.0
    kept = rows.assign(exposure=exposure if measured.kind == EVENTS else persons)[
        ["start", "count", "exposure", "step"]
    ]
    return kept, Followed(replace(none, reason=reason), months, before, after, hidden)


def _reason(rows: pd.DataFrame, before: int, after: int, hidden: int, months: int) -> str:
    if hidden:
        return "hidden"
    if rows["count"].isna().any():
        return "not_counts"
    if before < max(MINIMUM_BEFORE, 2 * 12 // months):
        return "short"
    if not after:
        return "no_after"
    step = rows["step"].max()
    return "coarse" if step > 1 and rows["count"].mean() < _STEPS * step else ""


def _with_steps(found: Effect, rows: pd.DataFrame) -> Effect:
    """The effect with what the steps add to the variance of each count: that of a number anywhere in its step, (step² -
    1) / 12 (Sheppard's correction), over the mean count."""
    if found.reason or found.verdict is Verdict.TOO_LITTLE:
        return replace(found, reason=found.reason or "small_counts")
    wider = float(np.sqrt(1 + (rows["step"].max() ** 2 - 1) / 12 / (found.dispersion * rows["count"].mean())))
    lower, upper = (found.ratio * (limit / found.ratio) ** wider for limit in (found.lower, found.upper))
    verdict = Verdict(effect_verdicts([lower], [upper], 1.0, [found.expected])[0])
    return replace(found, lower=lower, upper=upper, verdict=verdict)


def _names(build: Build, measured: Measured, control_id: str) -> dict[str, str]:
    """The control by name, or the other districts when it is the municipality that the place lies in."""
    rows = fetch(
        build,
        """
        SELECT area_id, name FROM area
        WHERE area_id <> $own AND CASE
            WHEN $control = (SELECT parent_id FROM area WHERE area_id = $own AND level = 'district')
            THEN level = 'district' AND parent_id = $control ELSE area_id = $control END
        ORDER BY name COLLATE sv
        """,
        {"own": measured.area_id, "control": control_id},
    )
    return {str(area): str(name) for area, name in zip(rows["area_id"], rows["name"], strict=True)}
