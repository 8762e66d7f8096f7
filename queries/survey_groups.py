"""Answers to surveys that people have brought, by who answered: sex, age, trade, size, school, whatever was asked.

Every group's answers are a table with their totals, and pass the gate as such. The municipality's own shares are shown
elsewhere (``local_surveys``), so a table that would have to hide them too is hidden whole; and so are the schools of a
district whose own share is hidden or would have to be.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure import ALL, complete, small
from queries import gate, local_surveys
from queries.local import HIDDEN
from queries.local_surveys import SUMS
from store.warehouse import Build, fetch

#: The dimension of those who answered about a school.
SCHOOL = "skola"

#: The group of those who said nothing of themselves; the answer of those who gave none of the answers shown; and what
#: stands before those, so that none is taken for a total.
UNTOLD, OTHER, GIVEN = "\N{EM DASH}", "\N{HORIZONTAL ELLIPSIS}", "="

_COLUMNS = [
    "question_id", "question", "position", "choice", "dimension", "group", "base", "share", "lower", "upper", "status",
    "few", "rest_share", "rest_lower", "rest_upper", "verdict", "weight", "effective",
]  # fmt: skip


def by_group(build: Build, municipality_id: str, source_id: str, wave: str) -> pd.DataFrame:
    """What part of each group gave the answers that ``local_surveys.shares`` tells of, beside all the others.

    Columns: question_id, question, position, choice, dimension ("kön"; the groups' own words, and ``SCHOOL``), group,
    base (answers, unweighted), share, lower, upper (0-1, weighted, 95 %), status (final or suppressed), few (a base
    too small to judge), rest_share, rest_lower, rest_upper (all but the group), verdict, weight (sum of weights
    of those who answered) and effective (analysis.weighted), empty where the share is hidden. In the whole
    municipality; those who did not say what group they are of are in no group, but among the others.
    """
    whole = local_surveys.shares(build, municipality_id, source_id, wave)
    if whole.empty:
        return pd.DataFrame(columns=_COLUMNS)
    rows = _answers(build, source_id, wave)
    if rows.empty:
        return pd.DataFrame(columns=_COLUMNS)
    # Schools stand in their district; all other groups in the municipality.
    rows["district"] = rows["district"].where(rows["dimension"] == SCHOOL, "")
    sums = _sums(build, source_id, rows, whole)
    every = sums.groupby(["question_id", "choice", "dimension"])[SUMS].transform("sum")
    sums = sums.join((every - sums[SUMS]).add_prefix("rest_"))
    told = [
        _protected(build, source_id, own, _open_around(whole, str(inside) if dimension == SCHOOL else municipality_id))
        for (dimension, inside), own in sums.groupby(["dimension", "district"], sort=False)
    ]
    asked = whole[["question_id", "question", "position", "choice"]].drop_duplicates()
    out = asked.merge(_judged(pd.concat(told)), on=["question_id", "choice"])
    order = ["position", "choice", "dimension", "group"]
    return out[_COLUMNS].sort_values(order, kind="stable", ignore_index=True)


def by_district(build: Build, source_id: str, wave: str, whole: pd.DataFrame) -> pd.DataFrame:
    """The sums of each answer in every group of every district, as they are: only for queries that protect them.

    ``whole`` as ``local_surveys.shares``. Columns: question_id, kind, choice, dimension, district (area_id; empty when
    unknown), group (``UNTOLD`` of those who said nothing), and the sums ``local_surveys.SUMS``. Schools are left out.
    """
    rows = _answers(build, source_id, wave)
    return _sums(build, source_id, rows[rows["dimension"] != SCHOOL], whole)


def _open_around(whole: pd.DataFrame, area_id: str) -> set[str]:
    """The questions whose shares and bases are all shown for the area around the groups."""
    own = whole[whole["area_id"] == area_id]
    hidden = own.loc[(own["status"] == HIDDEN) | own["base"].isna(), "question_id"]
    return set(own["question_id"]) - set(hidden)


def _sums(build: Build, source_id: str, rows: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Per question, choice, dimension, district and group: the sums of all who answered (people, weight, squares) and
    of those who gave the answer (people_part, weight_part); and the question's kind."""
    given, people = rows[rows["answer"].notna()], rows[rows["answer"].isna()]
    kinds = local_surveys.counted(build, source_id, given)
    asked = whole[["question_id", "choice"]].drop_duplicates()
    counted = given.merge(kinds, on=["question_id", "answer"]).merge(asked, on=["question_id", "choice"])
    key = ["question_id", "choice", "dimension", "district", "group"]
    part = counted[counted["counts"]].groupby(key)[["people", "weight"]].sum().add_suffix("_part")
    # Who chose several answers counts once; who had no opinion on a scale not at all.
    once = counted[~counted["kind"].isin(["choice", "multi"])]
    several = counted.loc[counted["kind"].isin(["choice", "multi"]), ["question_id", "choice"]].drop_duplicates()
    base = pd.concat([once, several.merge(people, on="question_id")])
    out = base.groupby(key)[["people", "weight", "squares"]].sum().join(part).fillna(0.0).reset_index()
    return out.merge(kinds[["question_id", "kind"]].drop_duplicates(), on="question_id")


def _answers(build: Build, source_id: str, wave: str) -> pd.DataFrame:
    """Answers by question, group, district and answer: people, weight, squares; without an answer all who answered,
    once each."""
    return fetch(
        build,
        """
        WITH given AS (
            SELECT a.*, p.name AS school, coalesce(d.within_id, '') AS inside
            FROM survey_answer a LEFT JOIN area p ON p.area_id = a.area_id AND p.level = 'school'
            LEFT JOIN (
                SELECT w.area_id, w.within_id FROM area_within w JOIN area d ON d.area_id = w.within_id
                WHERE d.level = 'district'
            ) d ON d.area_id = a.area_id
            WHERE a.source_id = $source AND a.wave = $wave AND a.placement <> 'outside'
        ), pairs AS (
            SELECT groups, split_part(pair, '=', 1) AS dimension, min(pair[instr(pair, '=') + 1:]) AS "group"
            FROM (SELECT DISTINCT groups, unnest(string_split(groups, '|')) AS pair FROM given) WHERE pair <> ''
            GROUP BY ALL
        ), told AS (  -- who said nothing of a dimension is in its unnamed group, so that the groups add up
            SELECT g.question_id, g.respondent, g.weight, g.answer, n.dimension, inside AS district,
                   coalesce(p."group", $untold) AS "group"
            FROM given g CROSS JOIN (SELECT DISTINCT dimension FROM pairs) n
            LEFT JOIN pairs p ON p.groups = g.groups AND p.dimension = n.dimension
            UNION ALL
            SELECT question_id, respondent, weight, answer, $school, inside, coalesce(school, $untold)
            FROM given WHERE (SELECT count(school) FROM given) > 0
        ), people AS (
            SELECT DISTINCT question_id, respondent, weight, dimension, district, "group" FROM told
        ), every AS (
            SELECT question_id, dimension, district, "group", answer, weight FROM told
            UNION ALL
            SELECT question_id, dimension, district, "group", NULL, weight FROM people
        )
        SELECT question_id, dimension, district, "group", answer, count(*)::DOUBLE AS people, sum(weight) AS weight,
               sum(weight * weight) AS squares
        FROM every GROUP BY ALL
        """,
        {"source": source_id, "wave": wave, "untold": UNTOLD, "school": SCHOOL},
    )


def _protected(build: Build, source_id: str, rows: pd.DataFrame, around: set[str]) -> pd.DataFrame:
    """The rows of one dimension with what is hidden of them: ``lost`` (the share) and ``lost_base``."""
    given = rows.groupby(["question_id", "group"])["people_part"].transform("sum")
    several = (given > rows["people"]).groupby(rows["question_id"]).transform("any") | (rows["kind"] == "multi")
    # A question where several answers can be given is a table for each of them: they overlap.
    out = rows.assign(table=rows["question_id"] + np.where(several, "\n" + rows["choice"], ""))
    lone = out.groupby("table")["choice"].transform("nunique") == 1
    batches = [out[lone], *(one for _, one in out[~lone].groupby("table", sort=False))]
    hidden = pd.concat([_hidden(build, source_id, batch) for batch in batches if len(batch)])
    out = out.merge(hidden, on=["table", "choice", "group"])
    sealed = out.groupby("question_id")["lost_total"].transform("any") | ~out["question_id"].isin(around)
    out["lost_base"] = out.groupby(["question_id", "group"])["lost_base"].transform("any") | sealed
    out["lost"] = out["lost"] | out["lost_base"]
    return out


def _hidden(build: Build, source_id: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Tables of groups and answers through the gate: table, choice, group, and whether the answer (lost), the group's
    base (lost_base) and any of the totals (lost_total) is hidden. Tables of one choice each, or one of several."""
    single = bool(rows["table"].nunique() == len(rows[["table", "choice"]].drop_duplicates()))
    given = rows.assign(answer=GIVEN if single else GIVEN + rows["choice"])
    asked = given.groupby(["table", "group"]).agg(people=("people", "max"), part=("people_part", "sum")).reset_index()
    rest = asked.assign(people=asked["people"] - asked["part"], answer=OTHER)
    cells = pd.concat([given[["table", "group", "answer"]].assign(people=given["people_part"]), rest])
    labels = {name: sorted(cells[name].unique()) for name in ("table", "group", "answer")}
    whole = complete(cells, labels, ["group", "answer"], "people")
    there = set(asked[["table", "group"]].itertuples(index=False, name=None))
    pairs = whole[["table", "group"]].itertuples(index=False, name=None)
    # A group that nobody was asked in has no row, so everybody knows that there is nothing.
    whole["known"] = [pair not in there and pair[1] != ALL for pair in pairs]
    passed = gate.shown(build, source_id, whole, ["table", "group", "answer"], "people")
    lost = passed.assign(lost=passed["status"] == HIDDEN).pivot(
        index=["table", "group"], columns="answer", values="lost"
    )
    cell = lost.drop(columns=[OTHER, ALL]).reset_index().melt(["table", "group"], value_name="lost")
    around = pd.DataFrame({"lost_other": lost[OTHER], "lost_base": lost[ALL]}).reset_index()
    sealed = set(passed.loc[(passed["group"] == ALL) & (passed["status"] == HIDDEN), "table"])
    out = given[["table", "choice", "group", "answer"]].merge(cell).merge(around)
    out["lost_total"] = out["table"].isin(sealed)
    # Of two answers, one tells of the other.
    return out.assign(lost=out["lost"] | (out["lost_other"] & single)).drop(columns=["answer", "lost_other"])


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """The shares of all groups beside all the others', without what is hidden and without the unnamed groups."""
    rows = rows[rows["group"] != UNTOLD].reset_index(drop=True)
    given, rest = rows["rest_people_part"], rows["rest_people"]
    lost_rest = rows["lost"] | small(given) | small(rest - given)
    key = ["question_id", "choice", "dimension", "group"]
    return local_surveys.beside_rest(rows, key, lost_rest, ~rows["lost"])
