"""Answers to surveys that people have brought: weighted shares by district, with how uncertain they are.

What is small is hidden here (analysis.disclosure): for each answer, those who gave it and those who gave another are a
table by district with its totals, so that neither a share nor its complement tells of a few. ``status`` is then
``suppressed`` and the share empty.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure import ENOUGH, hidden, small
from analysis.weighted import difference, verdicts, weighted_share
from queries.local import HIDDEN
from store.warehouse import Build, fetch

#: Answers of yes-or-no questions, lower case; others are no opinion.
_YES = ("ja", "j", "yes", "y", "true", "sant", "x", "✓", "✔", "☑", "1")
_NO = ("nej", "n", "no", "false", "falskt", "0")

#: Of questions where one answer of several is chosen, at most this many answers are shown, the most common ones.
_MOST_ANSWERS = 12

#: What a question about safety has in it; such questions come first.
SAFETY = "trygg|oro|säker|utsatt|rädd|rädsla|undvik"

_KEY = ["question_id", "choice", "area_id"]
_SUMS = ["people", "weight", "squares", "people_part", "weight_part"]


def waves(build: Build, source_id: str) -> pd.DataFrame:
    """The waves of a survey, newest first: wave, period_start, period_end, respondents (how many answered)."""
    return fetch(
        build,
        """
        SELECT wave, min(period_start) AS period_start, max(period_end) AS period_end,
               count(DISTINCT respondent) AS respondents
        FROM survey_answer WHERE source_id = $source AND placement <> 'outside'
        GROUP BY wave ORDER BY period_end DESC, wave DESC
        """,
        {"source": source_id},
    )


def shares(build: Build, municipality_id: str, source_id: str, wave: str) -> pd.DataFrame:
    """What part of the answers to each question were of the kind told, in each district and in the municipality.

    Of a scale, the answers above its middle; of a yes-or-no question, yes; of other questions, each answer. Numbers are
    left out. Those without an opinion (an answer outside the scale) are not counted.

    Columns: question_id, question, position, safety (a question about safety), choice (the answers counted, Swedish),
    area_id (empty without a known district), base (how many answered, unweighted), share, lower, upper (0-1, weighted,
    95 %), effective, status (final or suppressed), few (a base under analysis.disclosure.ENOUGH), and for a district
    beside all the others: rest_share, rest_lower, rest_upper, rest_base, verdict (analysis.weighted).
    """
    asked = _asked(build, source_id)
    counts = _counts(build, municipality_id, source_id, wave)
    counted = counts.merge(_kinds(asked, counts), on=["question_id", "answer"])
    if counted.empty:
        return pd.DataFrame(columns=[*_KEY, "question", "base", "share", "status"])
    several = set(asked.loc[asked["kind"].isin(["choice", "multi"]), "question_id"])
    whole = _bases(build, municipality_id, source_id, wave, counted, several)
    part = counted[counted["counts"]].groupby(_KEY)[["people", "weight"]].sum()
    found = whole.join(part.add_suffix("_part")).fillna(0.0).reset_index()
    judged = _judged(pd.concat([_hidden(rows, municipality_id) for _, rows in found.groupby(_KEY[:2])]))
    out = asked.drop(columns=["kind", "scale"]).merge(judged, on="question_id")
    return out.sort_values(["position", "choice", "area_id"], kind="stable", ignore_index=True)


def choices(build: Build, municipality_id: str, source_id: str, wave: str) -> pd.DataFrame:
    """What ``shares`` tells of, questions about safety first: question_id, question, choice."""
    asked = _asked(build, source_id)
    kinds = _kinds(asked, _counts(build, municipality_id, source_id, wave))
    known = asked.merge(kinds[["question_id", "choice"]].drop_duplicates(), on="question_id")
    ordered = known.sort_values(["safety", "position", "choice"], ascending=[False, True, True], kind="stable")
    return ordered[["question_id", "question", "choice"]].reset_index(drop=True)


def _asked(build: Build, source_id: str) -> pd.DataFrame:
    """The questions whose answers have shares: question_id, question, kind, scale, position, safety."""
    return fetch(
        build,
        """
        SELECT question_id, text AS question, kind, scale, position,
               regexp_matches(lower(text), $safety) AS safety
        FROM survey_question WHERE source_id = $source AND kind <> 'number'
        """,
        {"source": source_id, "safety": SAFETY},
    )


def _counts(build: Build, municipality_id: str, source_id: str, wave: str) -> pd.DataFrame:
    """Answers by question, district and answer: people, weight, squares (sum of squared weights)."""
    return fetch(
        build,
        """
        WITH placed AS (
            SELECT w.area_id, d.area_id AS district FROM area d JOIN area_within w ON w.within_id = d.area_id
            WHERE d.level = 'district' AND d.parent_id = $municipality
        )
        SELECT question_id, coalesce(district, '') AS area_id, answer, count(*)::DOUBLE AS people,
               sum(weight) AS weight, sum(weight * weight) AS squares
        FROM survey_answer LEFT JOIN placed USING (area_id)
        WHERE source_id = $source AND wave = $wave AND placement <> 'outside' GROUP BY ALL
        """,
        {"municipality": municipality_id, "source": source_id, "wave": wave},
    )


def _kinds(asked: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Which answers count, under which name: question_id, answer, choice, counts. Answers left out are no opinion."""
    given = counts.groupby(["question_id", "answer"])["people"].sum().reset_index()
    rows: list[tuple[str, str, str, bool]] = []
    for question in asked.to_dict("records"):
        identity = str(question["question_id"])
        answers = given[given["question_id"] == identity].sort_values("people", ascending=False)["answer"].tolist()
        if question["kind"] == "yes_no":
            rows += [(identity, one, "Ja", one.lower() in _YES) for one in answers if one.lower() in (*_YES, *_NO)]
        elif question["kind"] == "scale" and isinstance(question["scale"], str):
            rows += _upper_half(identity, answers, question["scale"].split("\n"))
        else:
            shown = answers[:_MOST_ANSWERS]
            rows += [(identity, one, choice, one == choice) for choice in shown for one in answers]
    return pd.DataFrame(rows, columns=["question_id", "answer", "choice", "counts"])


def _upper_half(identity: str, answers: list[str], scale: list[str]) -> list[tuple[str, str, str, bool]]:
    """The answers above the middle of a scale, which may be written with other capitals than it."""
    rank = {level.casefold(): place for place, level in enumerate(scale)}
    first = len(scale) - len(scale) // 2
    name = " eller ".join(scale[first:]) if len(scale) - first < 4 else f"{scale[first]} till {scale[-1]}"
    known = [(one, rank[one.casefold()]) for one in answers if one.casefold() in rank]
    return [(identity, one, name, place >= first) for one, place in known]


def _bases(
    build: Build, municipality_id: str, source_id: str, wave: str, counted: pd.DataFrame, several: set[str]
) -> pd.DataFrame:
    """All who answered, by question, choice and district: people, weight, squares. Who chose several counts once."""
    columns = ["people", "weight", "squares"]
    once = counted[~counted["question_id"].isin(several)].groupby(_KEY)[columns].sum()
    if not several:
        return once
    people = fetch(
        build,
        """
        WITH placed AS (
            SELECT w.area_id, d.area_id AS district FROM area d JOIN area_within w ON w.within_id = d.area_id
            WHERE d.level = 'district' AND d.parent_id = $municipality
        ), asked AS (
            SELECT DISTINCT question_id, respondent, weight, area_id FROM survey_answer
            WHERE source_id = $source AND wave = $wave AND placement <> 'outside'
              AND question_id IN (SELECT unnest($questions))
        )
        SELECT question_id, coalesce(district, '') AS area_id, count(*)::DOUBLE AS people, sum(weight) AS weight,
               sum(weight * weight) AS squares
        FROM asked LEFT JOIN placed USING (area_id) GROUP BY ALL
        """,
        {"municipality": municipality_id, "source": source_id, "wave": wave, "questions": sorted(several)},
    )
    choices = counted.loc[counted["question_id"].isin(several), ["question_id", "choice"]].drop_duplicates()
    return pd.concat([once, choices.merge(people, on="question_id").set_index(_KEY)[columns]])


def _hidden(rows: pd.DataFrame, municipality_id: str) -> pd.DataFrame:
    """One answer to one question in every district and the municipality, with what must be hidden of it: ``lost`` (the
    share), ``lost_base``; and the sums of all but the district, ``rest_…``."""
    unknown = hidden(np.column_stack([rows["people_part"], rows["people"] - rows["people_part"]]))
    sums = rows[_SUMS].to_numpy()
    every = np.vstack([sums, sums.sum(axis=0)])
    out = pd.DataFrame(np.hstack([every, every[-1] - every]), columns=[*_SUMS, *(f"rest_{name}" for name in _SUMS)])
    return out.assign(
        question_id=rows["question_id"].iloc[0],
        choice=rows["choice"].iloc[0],
        area_id=[*rows["area_id"], municipality_id],
        lost=np.append(unknown.cells.any(axis=1) | unknown.rows, unknown.columns.any() or unknown.total),
        lost_base=np.append(unknown.rows, unknown.total),
    )


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """The shares of all answers and districts, beside all others', without what is hidden."""
    rows = rows.reset_index(drop=True)
    own, others = (
        weighted_share(rows[f"{who}weight_part"], rows[f"{who}weight"], rows[f"{who}squares"]) for who in ("", "rest_")
    )
    few, rest = rows["people"] < ENOUGH, rows["rest_people"]
    told = verdicts(difference(own, others), ~rows["lost"] & ~few & (rest >= ENOUGH))
    lost_rest = rows["lost"] | small(rows["rest_people_part"]) | small(rest - rows["rest_people_part"])
    beside = others.assign(base=rest).drop(columns="effective").add_prefix("rest_")
    return (
        rows[_KEY]
        .assign(
            base=rows["people"].mask(rows["lost_base"]),
            status=np.where(rows["lost"], HIDDEN, "final"),
            few=few,
            verdict=[str(one) for one in told],
        )
        .join([own[~rows["lost"]], beside[~lost_rest]])
    )
