"""Surveys that people have brought, wave by wave: who answered, each place's shares, and what has changed."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pandas as pd

from analysis.weighted import difference, verdicts
from queries import local_surveys
from queries.local import HIDDEN
from store.warehouse import Build, fetch

#: How many answered is rounded to this, so that it does not tell how many a question's base lacks.
ROUNDED = 5

_KEY = ["question_id", "choice", "area_id"]
_LIMITS = ["share", "lower", "upper"]


def surveys(build: Build) -> pd.DataFrame:
    """The surveys that people have brought, the one with most respondents in a wave first: source_id, title."""
    return fetch(
        build,
        """
        SELECT s.source_id, s.title FROM source s JOIN (
            SELECT source_id, wave, count(DISTINCT respondent) AS respondents FROM survey_answer
            WHERE placement <> 'outside' GROUP BY source_id, wave
        ) a USING (source_id)
        GROUP BY s.source_id, s.title ORDER BY max(respondents) DESC, s.title COLLATE sv
        """,
    )


def about_safety(build: Build, place_id: str) -> pd.DataFrame:
    """The questions about safety with one answer each that someone in the place has answered: source_id, question_id,
    position, in their order."""
    return fetch(
        build,
        """
        SELECT DISTINCT source_id, question_id, q.position
        FROM survey_answer a JOIN survey_question q USING (source_id, question_id)
        WHERE q.kind IN ('scale', 'yes_no') AND regexp_matches(lower(q.text), $safety) AND a.placement <> 'outside'
          AND ((SELECT level FROM area WHERE area_id = $place) = 'municipality'
               OR a.area_id IN (SELECT area_id FROM area_within WHERE within_id = $place))
        ORDER BY source_id, q.position
        """,
        {"place": place_id, "safety": local_surveys.SAFETY},
    )


def answered(build: Build, source_id: str) -> pd.DataFrame:
    """Who answered, newest wave first: wave, period_start, period_end, respondents, invited, rate (0-1).

    ``respondents`` is rounded to ``ROUNDED`` and empty when fewer answered. ``invited`` and ``rate`` are empty where no
    delivery says how many were asked (the option ``invited`` of its mapping).
    """
    waves = local_surveys.waves(build, source_id)
    asked = _invited(build, source_id)
    invited = waves["wave"].map(asked).astype(float)
    rate = waves["respondents"] / invited
    possible = rate.le(1)
    return waves.assign(
        respondents=rounded(waves["respondents"]).where(waves["respondents"] >= ROUNDED),
        invited=invited.where(possible),
        rate=rate.where(possible).round(2),
    )


def rounded(people: pd.Series) -> pd.Series:
    """How many answered, to the nearest ``ROUNDED``."""
    return (people / ROUNDED).round() * ROUNDED


def _invited(build: Build, source_id: str) -> dict[str, float]:
    """How many were asked, by wave, as the deliveries say it; parts of a wave that were added are added up."""
    rows = fetch(
        build,
        "SELECT mapping FROM delivery WHERE source_id = $source AND mapping IS NOT NULL ORDER BY received_at",
        {"source": source_id},
    )
    out: dict[str, float] = {}
    for text in rows["mapping"]:
        mapping: dict[str, Any] = tomllib.loads(text)
        options = mapping.get("options", {})
        number = str(options.get("invited", "")).replace("\u00a0", "").replace(" ", "")
        if number.isdecimal() and int(number) > 0:
            wave = str(options.get("wave", ""))
            added = mapping.get("decisions", {}).get("overlap") == "add"
            out[wave] = int(number) + (out.get(wave, 0.0) if added else 0.0)
    return out


def over_waves(build: Build, municipality_id: str, source_id: str) -> pd.DataFrame:
    """Every place's shares in every wave, oldest first, each beside the wave before that asked the same.

    Columns: wave, period_start, period_end, those of ``local_surveys.shares``, and of the wave before: old_wave,
    old_share, old_lower, old_upper, old_base; change, change_lower, change_upper (-1 to 1; other people answered each
    time), change_status (suppressed when either share is), change_few (either base is too small to judge) and
    change_verdict (higher or lower when the whole interval is on one side of no change). Empty without answers.
    """
    waves = local_surveys.waves(build, source_id).sort_values("period_start", kind="stable")
    frames = [
        local_surveys.shares(build, municipality_id, source_id, str(one["wave"])).assign(
            **{name: one[name] for name in ("wave", "period_start", "period_end")}
        )
        for one in waves.to_dict("records")
    ]
    kept = [frame for frame in frames if len(frame)]
    return _beside_before(pd.concat(kept, ignore_index=True)) if kept else pd.DataFrame(columns=["wave", *_KEY])


def _beside_before(rows: pd.DataFrame) -> pd.DataFrame:
    """With the wave before, by question, answer and place, and what has changed since."""
    columns = ["wave", *_LIMITS, "base", "status", "few"]
    before = rows.groupby(_KEY, sort=False)[columns].shift().add_prefix("old_")
    return rows.join(before.drop(columns=["old_status", "old_few"])).join(_change(rows, before))


def _change(rows: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    none = before["old_wave"].isna()
    lost = ~none & ((rows["status"] == HIDDEN) | (before["old_status"] == HIDDEN))
    few = ~none & (rows["few"].astype(bool) | before["old_few"].eq(True))
    old = before[[f"old_{name}" for name in _LIMITS]].set_axis(_LIMITS, axis="columns").astype(float)
    apart = difference(rows[_LIMITS], old)
    told = verdicts(apart, ~(lost | few | none).to_numpy())
    shown = apart.where(~lost.reset_index(drop=True))
    return pd.DataFrame(
        {
            "change": shown["difference"].to_numpy(),
            "change_lower": shown["lower"].to_numpy(),
            "change_upper": shown["upper"].to_numpy(),
            "change_status": np.where(lost, HIDDEN, "final"),
            "change_few": few.to_numpy(),
            "change_verdict": [str(one) for one in told],
        },
        index=rows.index,
    )
