"""Survey answers by who answered: weighted, beside all the others, and safe against whoever adds and subtracts."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from analysis.verdict import Verdict
from queries import local_surveys, survey_groups
from queries.local import HIDDEN
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, within
from tests.queries.test_local_events import AREAS, DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO, WITHIN
from tests.queries.test_local_surveys import QUESTIONS, SOURCE, answers

SCHOOL_H, OTHER_H, SCHOOL_R = "10000001", "10000002", "10000003"


def given(
    number: int, group: str, answer: str, question: str = "brott", place: str | None = DESO_H, **more: Any
) -> Rows:
    rows = answers(number, place, question, answer, who=f"{group}{answer}{more.get('who', '')}",
                   weight=more.get("weight", 1))  # fmt: skip
    return [row | {"groups": group} for row in rows]


def build_of(folder: Path, *rows: Rows, more_questions: Rows | None = None) -> Build:
    schools = [{"area_id": code, "level": "school", "name": name, "parent_id": HERE}
               for code, name in ((SCHOOL_H, "Hallsta"), (OTHER_H, "Häverö"), (SCHOOL_R, "Rimbo skola"))]  # fmt: skip
    chains = {SCHOOL_H: [HALLSTAVIK, HERE], OTHER_H: [HALLSTAVIK, HERE], SCHOOL_R: [RIMBO, HERE]}
    return literal_build(
        folder, area=[*AREAS, *schools], area_within=[*WITHIN, *within(chains)],
        survey_question=[*QUESTIONS, *(more_questions or [])], survey_answer=[row for each in rows for row in each],
    )  # fmt: skip


def found(build: Build, question: str = "brott") -> dict[tuple[str, str], dict[Any, Any]]:
    rows = survey_groups.by_group(build, HERE, SOURCE, "2025")
    rows = rows[rows["question_id"] == question]
    return {(row["dimension"], row["group"]): row for row in rows.to_dict("records")}


def test_groups_with_an_equals_sign_in_them_stay_apart(tmp_path: Path) -> None:
    build = build_of(tmp_path, given(30, "lön=a=1", "Ja"), given(30, "lön=a=1", "Nej"), given(40, "lön=a=2", "Nej"),
                     given(40, "lön=a=2", "Ja"))  # fmt: skip
    assert {key: row["base"] for key, row in found(build).items()} == {("lön", "a=1"): 60, ("lön", "a=2"): 80}


def test_groups_are_weighted_and_beside_all_the_others(tmp_path: Path) -> None:
    build = build_of(
        tmp_path, given(30, "kön=Kvinna|ålder=Ung", "Ja", weight=2), given(20, "kön=Kvinna|ålder=Ung", "Nej"),
        given(10, "kön=Man|ålder=Gammal", "Ja", place=DESO_R), given(90, "kön=Man|ålder=Ung", "Nej"),
        given(10, "", "Nej"),
    )  # fmt: skip
    rows = found(build)
    woman = rows["kön", "Kvinna"]
    assert (woman["base"], woman["share"]) == (50, pytest.approx(60 / 80))
    assert woman["rest_share"] == pytest.approx(10 / 110)  # the ten who said nothing of themselves are among the others
    assert woman["lower"] < 0.75 < woman["upper"]
    assert (woman["verdict"], rows["kön", "Man"]["verdict"]) == (Verdict.HIGHER, Verdict.LOWER)
    assert set(rows) == {("kön", "Kvinna"), ("kön", "Man"), ("ålder", "Ung"), ("ålder", "Gammal")}
    assert rows["ålder", "Gammal"]["few"]


def test_who_chooses_several_counts_once(tmp_path: Path) -> None:
    both = [given(10, "kön=Man", one, "platser", who="a") for one in ("Torget", "Parken")]
    for rows in both:
        for number, row in enumerate(rows):
            row["respondent"] = f"a{number}"
    build = build_of(
        tmp_path, *both, given(30, "kön=Man", "Parken", "platser"), given(40, "kön=Kvinna", "Torget", "platser")
    )
    shown = survey_groups.by_group(build, HERE, SOURCE, "2025")
    of_men = shown[shown["group"] == "Man"].set_index("choice")
    assert of_men["base"].tolist() == [40, 40]
    assert of_men.loc["Torget", "share"] == pytest.approx(0.25)


def test_schools_stand_in_their_district_and_go_with_it(tmp_path: Path) -> None:
    build = build_of(
        tmp_path, given(20, "", "Ja", place=SCHOOL_H), given(30, "", "Nej", place=SCHOOL_H),
        given(25, "", "Ja", place=OTHER_H), given(25, "", "Nej", place=OTHER_H),
        given(2, "", "Ja", place=SCHOOL_R), given(40, "", "Nej", place=SCHOOL_R),
        given(30, "", "Ja", place=None), given(30, "", "Nej", place=None),
    )  # fmt: skip
    rows = found(build)
    districts = local_surveys.shares(build, HERE, SOURCE, "2025").set_index("area_id")["status"]
    assert districts[RIMBO] == HIDDEN
    assert rows["skola", "Rimbo skola"]["status"] == HIDDEN
    assert np.isnan(rows["skola", "Rimbo skola"]["share"])
    shown = {name: rows["skola", name]["status"] for name in ("Hallsta", "Häverö")}
    assert set(shown.values()) == {HIDDEN if districts[HALLSTAVIK] == HIDDEN else "final"}


def test_where_the_municipality_is_hidden_so_are_its_groups(tmp_path: Path) -> None:
    rows = found(build_of(tmp_path, given(3, "kön=Man", "Ja"), given(40, "kön=Man", "Nej"),
                          given(40, "kön=Kvinna", "Nej")))  # fmt: skip
    assert {row["status"] for row in rows.values()} == {HIDDEN}
    assert all(np.isnan(row["share"]) for row in rows.values())


TABLES = [
    {"A": (2, 30), "B": (20, 25), "C": (15, 18)},
    {"A": (30, 2), "B": (20, 25), "C": (15, 3), "D": (40, 41)},
    {"A": (1, 2), "B": (8, 9), "C": (15, 18), "D": (6, 40)},
    {"A": (4, 12), "B": (0, 25), "C": (7, 5)},
]


@pytest.mark.parametrize("counts", TABLES, ids=["one small", "complements", "a small base", "a zero"])
def test_nobody_can_work_out_what_is_hidden(tmp_path: Path, counts: dict[str, tuple[int, int]]) -> None:
    """Everything shown is put in equations: no small number may be narrowed to fewer than five possibilities."""
    rows = [given(number, f"kön={group}", answer) for group, both in counts.items()
            for number, answer in zip(both, ("Ja", "Nej"), strict=True)]  # fmt: skip
    build = build_of(tmp_path, *rows)
    shown = found(build)
    everywhere = local_surveys.shares(build, HERE, SOURCE, "2025")
    whole: dict[Any, Any] = everywhere[everywhere["area_id"] == HERE].to_dict("records")[0]
    cells = {key: place for place, key in enumerate(product(counts, ("Ja", "Nej")))}
    equations, values = [], []

    def learn(terms: list[tuple[str, str]], value: float) -> None:
        equations.append([1.0 if key in terms else 0.0 for key in cells])
        values.append(value)

    if whole["status"] != HIDDEN:
        learn([(group, "Ja") for group in counts], round(whole["share"] * whole["base"]))
        learn(list(cells), whole["base"])
    for group in counts:
        row = shown["kön", group]
        if not np.isnan(row["base"]):
            learn([(group, "Ja"), (group, "Nej")], row["base"])
        if not np.isnan(row["share"]):
            learn([(group, "Ja")], round(row["share"] * row["base"]))
            learn([(group, "Nej")], row["base"] - round(row["share"] * row["base"]))
    for (group, answer), place in cells.items():
        count = counts[group][("Ja", "Nej").index(answer)]
        if not 0 < count < 5:
            continue
        goal = np.eye(len(cells))[place]
        known = {"A_eq": equations, "b_eq": values} if equations else {}
        low, high = (linprog(sign * goal, **known, bounds=(0, 500)).fun * sign for sign in (1, -1))
        assert high - low >= 5 - 1e-6, (group, answer)


def test_without_groups_or_answers(tmp_path: Path) -> None:
    build = build_of(tmp_path, given(30, "", "Ja"), given(30, "", "Nej"))
    assert survey_groups.by_group(build, HERE, SOURCE, "2025").empty
    assert survey_groups.by_group(build, HERE, SOURCE, "1999").empty
    assert isinstance(survey_groups.by_group(build, HERE, SOURCE, "1999"), pd.DataFrame)
