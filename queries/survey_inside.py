"""Answers to a survey inside one district, or one group: the groups of every district, through the gate.

Districts by groups by answers are one table, whose margins are shown elsewhere (``local_surveys``, ``survey_groups``).
Districts and groups that are hidden there are one rest here, of which nothing is shown; where more of a margin would
have to be hidden, all inside it is hidden instead. Each dimension is parted by district and none by another: so the
tables have nothing in common but the districts' own answers, and nothing in one can be told from another (they are
decomposable: Lauritzen 1996, Graphical Models, 4.4).
"""

from __future__ import annotations

import pandas as pd

from analysis.disclosure import ALL, FINAL, complete
from analysis.weighted import weighted_share
from queries import gate, local_surveys, survey_groups
from queries.local import HIDDEN
from queries.survey_groups import GIVEN, OTHER, SCHOOL, UNTOLD
from store.warehouse import Build

#: Answers without a known district.
_NOWHERE = "-"

_TABLE = ["district", "group", "answer"]
_COLUMNS = ["choice", "dimension", "area_id", "group", "share", "weight", "effective"]

#: What is hidden where it is shown whole, together.
_REST = "–"


def by_district(build: Build, municipality_id: str, source_id: str, wave: str, question_id: str) -> pd.DataFrame:
    """The share of each group in each district who gave the answers that ``local_surveys.shares`` tells of.

    Columns: choice, dimension, area_id (the district), group, share (0-1, weighted), weight and effective
    (analysis.weighted); the last three empty where hidden. Schools are left out: they part the districts themselves.
    """
    whole = local_surveys.shares(build, municipality_id, source_id, wave)
    whole = whole[whole["question_id"] == question_id]
    groups = survey_groups.by_group(build, municipality_id, source_id, wave)
    groups = groups[(groups["question_id"] == question_id) & (groups["dimension"] != SCHOOL)]
    if whole.empty or groups.empty:
        return pd.DataFrame(columns=_COLUMNS)
    sums = survey_groups.by_district(build, source_id, wave, whole)
    sums = sums[sums["question_id"] == question_id].assign(district=lambda f: f["district"].replace({"": _NOWHERE}))
    areas = whole.assign(name=whole["area_id"].replace({municipality_id: ALL, "": _NOWHERE}))
    groups = groups.assign(name=groups["group"])
    tables = [
        _protected(build, source_id, own, areas, groups[groups["dimension"] == dimension])
        for dimension, own in sums.groupby("dimension", sort=False)
    ]
    out = pd.concat(tables, ignore_index=True)
    out = out[(out["district"] != _NOWHERE) & (out["group"] != UNTOLD)].reset_index(drop=True)
    shares = weighted_share(out["weight_part"], out["weight"], out["squares"])
    known = ~out["lost"]
    told = out[["choice", "dimension", "group"]].assign(
        area_id=out["district"], share=shares["share"].where(known), weight=out["weight"].where(known),
        effective=shares["effective"].where(known),
    )  # fmt: skip
    return told[_COLUMNS]


def _protected(build: Build, source_id: str, rows: pd.DataFrame, areas: pd.DataFrame, groups: pd.DataFrame) -> (
    pd.DataFrame
):  # fmt: skip
    """The rows of one dimension of a question, with ``lost``: whose share is hidden. ``areas`` and ``groups``: name,
    choice, status and base, of whole districts (ALL is the municipality) and whole groups."""
    given = rows.groupby(["district", "group"])["people_part"].transform("sum")
    # Answers that overlap are a table each.
    several = bool((given > rows["people"]).any() or (rows["kind"] == "multi").any())
    batches = [own for _, own in rows.groupby("choice", sort=False)] if several else [rows]
    return pd.concat([_hidden(build, source_id, one, areas, groups) for one in batches], ignore_index=True)


def _shown(whole: pd.DataFrame, choices: set[str]) -> set[str]:
    """The districts or groups whose base and answers are all shown."""
    own = whole[whole["choice"].isin(choices)]
    lost = (own["status"] == HIDDEN) | own["base"].isna()
    return set(own["name"]) - set(own.loc[lost, "name"])


def _hidden(build: Build, source_id: str, rows: pd.DataFrame, areas: pd.DataFrame, groups: pd.DataFrame) -> (
    pd.DataFrame
):  # fmt: skip
    """One table: the answers to a question, or one of those where several can be given."""
    choices = set(rows["choice"])
    districts, kinds = _shown(areas, choices), _shown(groups, choices)
    if ALL not in districts:
        return rows.assign(lost=True)
    if kinds == set(groups["name"]):  # then who said nothing is known too: what all the others leave
        kinds.add(UNTOLD)
    given = rows.assign(
        district=rows["district"].where(rows["district"].isin(districts), _REST),
        group=rows["group"].where(rows["group"].isin(kinds), _REST), answer=GIVEN + rows["choice"],
    )  # fmt: skip
    passed = _passed(build, source_id, _table(given))
    lost = passed.assign(lost=passed["status"] == HIDDEN).pivot(
        index=["district", "group"], columns="answer", values="lost"
    )
    # Of two answers, one tells of the other.
    sealed = lost[ALL] | (lost[OTHER] if len(choices) == 1 else False)
    cells = zip(given["district"], given["group"], given["answer"], strict=True)
    return rows.assign(lost=[bool(lost.loc[(d, g), answer] or sealed[d, g]) for d, g, answer in cells])


def _table(given: pd.DataFrame) -> pd.DataFrame:
    """The complete table of districts, groups and answers, those who gave none of them among these."""
    whole = given.groupby(["district", "group", "choice"])["people"].sum().groupby(["district", "group"]).max()
    rest = whole - given.groupby(["district", "group"])["people_part"].sum()
    parts = given[_TABLE].assign(people=given["people_part"])
    cells = pd.concat([parts, rest.rename("people").reset_index().assign(answer=OTHER)])
    return complete(cells, {name: sorted(cells[name].unique()) for name in _TABLE}, _TABLE, "people")


def _passed(build: Build, source_id: str, whole: pd.DataFrame) -> pd.DataFrame:
    """The table through the gate. Where it would hide a margin that is shown, all inside that margin is hidden instead,
    and the gate asked again, until it asks for none; in the end everything inside is hidden."""
    district, group = whole["district"], whole["group"]
    inside = (district != ALL) & (group != ALL)
    lost = inside & ((district == _REST) | (group == _REST))
    whole = whole.assign(elsewhere=~inside)
    while True:
        asked = whole.assign(status=lost.map({True: HIDDEN, False: FINAL}))
        passed = gate.shown(build, source_id, asked, _TABLE, "people")
        more = ~inside & (passed["status"] == HIDDEN)
        if not more.any() or lost[inside].all():
            return passed
        around = district.isin(district[more & (district != ALL)]) | group.isin(group[more & (group != ALL)])
        # Where all inside those is hidden already, or the municipality would have to be, nothing inside is shown.
        lost |= inside & (around if (around & inside & ~lost).any() else True)
