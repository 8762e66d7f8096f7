"""What pupils answer in the surveys that people have brought, school by school and wave by wave.

Of a question on a scale, the mean is shown as an index from 0 (all gave the lowest answer) to 10. A mean of many
answers tells of no single one, but for three: a mean of few, a mean so near an end of the scale that only a few can
have answered something else, and one where nearly all gave the same answer, as its narrow limits would tell. They are
hidden (``status`` is ``protected``), and the number of answers is rounded, so that a school's cannot be worked out from
its district's.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure import ENOUGH
from analysis.scale_mean import scale_index
from queries import gate, schools
from queries.local_maps import PROTECTED
from queries.local_surveys import SAFETY
from queries.survey_waves import rounded
from store.warehouse import Build, fetch


def surveys(build: Build, municipality_id: str) -> pd.DataFrame:
    """The surveys with a question on a scale that pupils of a school here have answered: source_id, title, citation,
    delivered (UTC)."""
    return fetch(
        build,
        """
        SELECT s.source_id, s.title, s.citation, max(d.received_at) AS delivered
        FROM source s JOIN delivery d USING (source_id)
        WHERE s.source_id IN (
            SELECT v.source_id FROM survey_answer v JOIN survey_question q USING (source_id, question_id)
            JOIN area a USING (area_id) JOIN area_within w USING (area_id)
            WHERE a.level = 'school' AND w.within_id = $municipality AND q.kind = 'scale' AND v.value IS NOT NULL
        )
        GROUP BY s.source_id, s.title, s.citation ORDER BY s.title COLLATE sv
        """,
        {"municipality": municipality_id},
    )


def questions(build: Build, source_id: str) -> pd.DataFrame:
    """The survey's questions on a scale, those about safety first: question_id, question, lowest and highest (the ends
    of the scale in words)."""
    return fetch(
        build,
        """
        SELECT question_id, text AS question, string_split(scale, chr(10))[1] AS lowest,
               string_split(scale, chr(10))[-1] AS highest
        FROM survey_question WHERE source_id = $source AND kind = 'scale' AND scale IS NOT NULL
        ORDER BY NOT regexp_matches(lower(text), $safety), position
        """,
        {"source": source_id, "safety": SAFETY},
    )


def indices(build: Build, municipality_id: str, source_id: str, question_id: str) -> pd.DataFrame:
    """The index of one question by school and wave, by district and school, oldest first.

    Columns: area_id, school, district (may be empty), period_start, period_end, period_label (the wave), value, lower,
    upper (0-10, weighted, 95 %), base (answers, rounded to ``survey_waves.ROUNDED``), status, value_text (empty).
    Answers outside the scale are not counted.
    """
    rows = fetch(
        build,
        """
        WITH asked AS (
            SELECT len(string_split(scale, chr(10))) AS levels FROM survey_question
            WHERE source_id = $source AND question_id = $question
        )
        SELECT v.area_id, min(v.period_start) AS period_start, max(v.period_end) AS period_end,
               v.wave AS period_label, any_value(levels) AS levels, count(*)::DOUBLE AS people,
               sum(v.weight) AS weight, sum(v.weight * v.weight) AS squares, sum(v.weight * v.value) AS total,
               sum(v.weight * v.value * v.value) AS total_squares, sum(v.value - 1) AS from_lowest,
               sum(levels - v.value) AS from_highest,
               count(*) - list_max(map_values(histogram(v.value))) AS from_commonest
        FROM survey_answer v, asked
        WHERE v.source_id = $source AND v.question_id = $question AND v.value BETWEEN 1 AND levels
        GROUP BY v.area_id, v.wave ORDER BY min(v.period_start)
        """,
        {"source": source_id, "question": question_id},
    )
    rows = schools.named(build, municipality_id).merge(rows, on="area_id")
    told = scale_index(*(rows[name] for name in ("weight", "squares", "total", "total_squares", "levels")))
    lost = _lost(build, source_id, rows)
    columns = ["area_id", "school", "district", "period_start", "period_end", "period_label"]
    return rows[columns].assign(
        value=told["index"].mask(lost), lower=told["lower"].mask(lost), upper=told["upper"].mask(lost),
        base=rounded(rows["people"]).mask(lost),
        status=np.where(lost, PROTECTED, "final"), value_text=None,
    )  # fmt: skip


def _lost(build: Build, source_id: str, rows: pd.DataFrame) -> pd.Series:
    """Which means tell of few: few answered, few steps on the scale part them all from one of its ends, or few gave
    another answer than the most common one."""
    rule = gate.policy(build, source_id)
    if rule is None:
        return pd.Series(False, index=rows.index)
    few = rows["people"] < max(ENOUGH, rule.smallest)
    return few | (rows[["from_lowest", "from_highest", "from_commonest"]].min(axis=1) < rule.smallest)
