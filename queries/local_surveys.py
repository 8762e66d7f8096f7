"""Answers to surveys that people have brought: weighted shares by district, with how uncertain they are.

What must be hidden is, through the gate: the answers to a question and those who gave none of them are a table by
district with its totals, so that neither a share nor its complement tells of a few. Where several answers can be given,
each is such a table, and they part the same people. ``status`` is then ``suppressed`` and the share empty.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure import ALL, ENOUGH, FINAL, complete
from analysis.weighted import difference, verdicts, weighted_share
from queries import gate
from queries.local import HIDDEN
from store.kinds import NO, YES
from store.warehouse import Build, fetch

#: Of questions where one answer of several is chosen, at most this many answers are shown, the most common ones.
_MOST_ANSWERS = 12

#: What a question about safety has in it; such questions come first.
SAFETY = "trygg|oro|säker|utsatt|rädd|rädsla|undvik"

#: What answers without a known district, and answers that are none of those told of, are called in the tables.
_NOWHERE, _OTHER = "-", "-"

_KEY = ["question_id", "choice", "area_id"]

#: Sums of all who answered, and of those who gave the answer.
SUMS = ["people", "weight", "squares", "people_part", "weight_part"]


def waves(build: Build, source_id: str) -> pd.DataFrame:
    """The waves of a survey, newest first: wave, period_start, period_end, respondents (how many answered; empty when
    few did)."""
    rows = fetch(
        build,
        """
        SELECT wave, min(period_start) AS period_start, max(period_end) AS period_end,
               count(DISTINCT respondent) AS respondents
        FROM survey_answer WHERE source_id = $source AND placement <> 'outside'
        GROUP BY wave ORDER BY period_end DESC, wave DESC
        """,
        {"source": source_id},
    )
    return gate.shown(build, source_id, rows, ["wave"], "respondents").drop(columns="status")


def shares(build: Build, municipality_id: str, source_id: str, wave: str) -> pd.DataFrame:
    """What part of the answers to each question were of the kind told, in each district and in the municipality.

    Of a scale, the answers above its middle; of a yes-or-no question, yes; of other questions, each answer. Numbers are
    left out. Those without an opinion (an answer outside the scale) are not counted.

    Columns: question_id, question, position, safety (a question about safety), choice (the answers counted, Swedish),
    area_id (empty without a known district), base (how many answered, unweighted), share, lower, upper (0-1, weighted,
    95 %), effective, weight (sum of weights of those who answered), status (final or suppressed), few (a base under
    analysis.disclosure.ENOUGH), and for a district beside all the others: rest_share, rest_lower, rest_upper,
    rest_base, verdict (analysis.weighted).
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
    one = set(asked.loc[asked["kind"] != "multi", "question_id"])
    judged = _judged(_beside_all(found, municipality_id).merge(_hidden(build, municipality_id, source_id, found, one)))
    out = asked.drop(columns=["kind", "scale"]).merge(judged, on="question_id")
    return out.sort_values(["position", "choice", "area_id"], kind="stable", ignore_index=True)


def choices(build: Build, municipality_id: str, source_id: str, wave: str) -> pd.DataFrame:
    """What ``shares`` tells of, questions about safety first: question_id, question, choice."""
    asked = _asked(build, source_id)
    kinds = _kinds(asked, _counts(build, municipality_id, source_id, wave))
    known = asked.merge(kinds[["question_id", "choice"]].drop_duplicates(), on="question_id")
    ordered = known.sort_values(["safety", "position", "choice"], ascending=[False, True, True], kind="stable")
    return ordered[["question_id", "question", "choice"]].reset_index(drop=True)


def counted(build: Build, source_id: str, counts: pd.DataFrame) -> pd.DataFrame:
    """Which of the answers given (question_id, answer, people) count, and as what: question_id, kind, answer, choice,
    counts. Answers left out are no opinion."""
    asked = _asked(build, source_id)
    return _kinds(asked, counts).merge(asked[["question_id", "kind"]], on="question_id")


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
            rows += [(identity, one, YES, one == YES) for one in answers if one in (YES, NO)]
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


def _beside_all(found: pd.DataFrame, municipality_id: str) -> pd.DataFrame:
    """The sums of each answer in each district and the municipality, and of all but the district, ``rest_…``."""
    every = found.groupby(_KEY[:2])[SUMS].sum()
    rows = pd.concat([found, every.reset_index().assign(area_id=municipality_id)], ignore_index=True)
    around = every.reindex(pd.MultiIndex.from_frame(rows[_KEY[:2]])).to_numpy()
    return rows.join(pd.DataFrame(around - rows[SUMS].to_numpy(), columns=[f"rest_{name}" for name in SUMS]))


def _hidden(
    build: Build, municipality_id: str, source_id: str, found: pd.DataFrame, one_answer: set[str]
) -> pd.DataFrame:
    """What must be hidden of each answer in every district and the municipality: the columns of the key, ``lost`` (the
    share) and ``lost_base``. ``one_answer``: the questions where an answer leaves the others out."""
    rows = found.assign(answer=found.groupby("question_id")["choice"].rank("dense").astype(int).astype(str))
    everyone = rows.groupby(["question_id", "area_id"])["people"].transform("max")
    given = rows.groupby(["question_id", "area_id"])["people_part"].transform("sum")
    alone = rows["question_id"].isin(one_answer - set(rows.loc[given > everyone, "question_id"]))
    rows["table"] = np.where(alone, "", rows["answer"])
    tables = {str(name): _table(part) for name, part in rows.groupby("table")}
    passed = gate.linked(
        build, source_id, tables, ["question_id", "area_id"], {key: ["answer"] for key in tables}, "people"
    )
    lost = pd.concat([part.assign(table=name) for name, part in passed.items()])
    lost["area_id"] = lost["area_id"].replace({ALL: municipality_id, _NOWHERE: ""})
    lost["lost"] = lost["status"] == HIDDEN
    base = lost.loc[lost["answer"] == ALL, ["question_id", "area_id", "table", "lost"]]
    named = rows[["question_id", "choice", "answer", "table"]].drop_duplicates()
    out = named.merge(lost[["question_id", "area_id", "table", "answer", "lost"]]).merge(
        base.rename(columns={"lost": "lost_base"})
    )
    return out.assign(lost=out["lost"] | out["lost_base"])[[*_KEY, "lost", "lost_base"]]


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Questions that are answered side by side: each one's districts by answers, those who gave none of them, and the
    totals. Answers that a question does not have, and districts where nobody was asked, are known to have nobody."""
    rows = rows.assign(area_id=rows["area_id"].replace({"": _NOWHERE}))
    asked = rows.groupby(["question_id", "area_id"]).agg(people=("people", "max"), given=("people_part", "sum"))
    rest = (asked["people"] - asked["given"]).rename("people").reset_index().assign(answer=_OTHER)
    parts = rows[["question_id", "area_id", "answer"]].assign(people=rows["people_part"])
    cells = pd.concat([parts, rest])
    labels = {name: sorted(cells[name].unique()) for name in ("question_id", "area_id", "answer")}
    table = complete(cells, labels, ["area_id", "answer"], "people")
    pairs = [set(cells[["question_id", name]].itertuples(index=False, name=None)) for name in ("area_id", "answer")]
    known = np.zeros(len(table), dtype=bool)
    for name, there in zip(("area_id", "answer"), pairs, strict=True):
        keys = table[["question_id", name]].itertuples(index=False, name=None)
        known |= (table[name] != ALL).to_numpy() & ~np.array([key in there for key in keys])
    return table.assign(known=known)


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """The shares of all answers and districts, beside all others', without what is hidden."""
    rows = rows.reset_index(drop=True)
    # The rest is what all are less the district: it tells of both.
    whole = rows["lost"].where(rows["rest_people"] == 0, False)
    lost_rest = rows["lost"] | whole.groupby([rows["question_id"], rows["choice"]]).transform("any")
    return beside_rest(rows, _KEY, lost_rest, ~lost_rest)


def beside_rest(rows: pd.DataFrame, key: list[str], lost_rest: pd.Series, judged: pd.Series) -> pd.DataFrame:
    """The shares of sums (``SUMS``, and ``rest_…`` of all the others) without what is hidden, as ``shares`` has them.

    ``rows`` has an index from 0, the columns of ``key``, lost (the share) and lost_base; ``lost_rest``: whose others'
    share is hidden; ``judged``: which can be judged, where both bases are large enough.
    """
    own, others = (
        weighted_share(rows[f"{who}weight_part"], rows[f"{who}weight"], rows[f"{who}squares"]) for who in ("", "rest_")
    )
    few, rest = rows["people"] < ENOUGH, rows["rest_people"]
    told = verdicts(difference(own, others), judged & ~few & (rest >= ENOUGH))
    beside = others.assign(base=rest).drop(columns="effective").add_prefix("rest_")
    return (
        rows[key]
        .assign(
            base=rows["people"].mask(rows["lost_base"]),
            weight=rows["weight"].mask(rows["lost"]),
            status=np.where(rows["lost"], HIDDEN, FINAL),
            few=few,
            verdict=[str(one) for one in told],
        )
        .join([own[~rows["lost"]], beside[~lost_rest]])
    )
