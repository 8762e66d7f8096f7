"""Shares of survey answers by district: weighted, with their uncertainty, and hidden where they would tell of few."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.verdict import Verdict
from queries import local_surveys
from queries.local import HIDDEN
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build
from tests.queries.test_local_events import AREAS, DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO, WITHIN

SOURCE = "lokal_trygghet"
SAFE = "Mycket otrygg\nGanska otrygg\nGanska trygg\nMycket trygg"
QUESTIONS: Rows = [
    {"source_id": SOURCE, "question_id": "morker", "text": "Hur trygg är du när det är mörkt?", "kind": "scale",
     "scale": SAFE, "position": 1},
    {"source_id": SOURCE, "question_id": "brott", "text": "Har du drabbats?", "kind": "yes_no", "position": 2},
    {"source_id": SOURCE, "question_id": "platser", "text": "Undviker du platser?", "kind": "multi", "position": 3},
    {"source_id": SOURCE, "question_id": "alder", "text": "Ålder", "kind": "number", "position": 4},
]  # fmt: skip


def answers(
    number: int, place: str | None, question: str, answer: str, *, weight: float = 1, who: str = "", wave: str = "2025"
) -> Rows:
    """``number`` respondents who answered so; ``who`` lets the same respondents answer again."""
    return [
        {"source_id": SOURCE, "wave": wave, "period_start": pd.Timestamp(int(wave), 1, 1),
         "period_end": pd.Timestamp(int(wave), 12, 31), "respondent": f"{who or answer}{place}{one}", "weight": weight,
         "area_id": place, "placement": "placed" if place else "unplaced", "groups": "", "question_id": question,
         "answer": answer, "delivery_id": "d1"}
        for one in range(number)
    ]  # fmt: skip


def build_of(folder: Path, *rows: Rows) -> Build:
    return literal_build(
        folder, area=AREAS, area_within=WITHIN, survey_question=QUESTIONS,
        survey_answer=[row for each in rows for row in each],
    )  # fmt: skip


def found(build: Build, question: str, choice: str | None = None) -> dict[str, dict[Any, Any]]:
    rows = local_surveys.shares(build, HERE, SOURCE, "2025")
    rows = rows[rows["question_id"] == question]
    rows = rows if choice is None else rows[rows["choice"] == choice]
    return {row["area_id"]: row for row in rows.to_dict("records")}


def test_shares_of_a_scale_are_weighted_and_beside_the_rest(tmp_path: Path) -> None:
    build = build_of(
        tmp_path,
        answers(30, DESO_H, "morker", "Mycket otrygg", weight=2), answers(20, DESO_H, "morker", "ganska trygg"),
        answers(6, DESO_H, "morker", "Vet ej"),
        answers(10, DESO_R, "morker", "Ganska otrygg"), answers(80, RIMBO, "morker", "Mycket trygg"),
        answers(10, None, "morker", "Mycket trygg"), answers(99, DESO_R, "morker", "Mycket otrygg", wave="2023"),
    )  # fmt: skip
    rows = found(build, "morker")
    own = rows[HALLSTAVIK]
    assert own["choice"] == "Ganska trygg eller Mycket trygg"
    assert (own["base"], own["share"]) == (50, pytest.approx(20 / 80))
    assert own["effective"] == pytest.approx(80**2 / (30 * 4 + 20))
    assert own["lower"] < 0.25 < own["upper"]
    assert (own["rest_base"], own["rest_share"], own["verdict"]) == (100, pytest.approx(0.9), Verdict.LOWER)
    assert rows[RIMBO]["verdict"] == Verdict.HIGHER
    assert (rows[HERE]["base"], rows[HERE]["share"]) == (150, pytest.approx(110 / 180))
    assert rows[""]["few"]
    assert rows[""]["verdict"] == Verdict.TOO_LITTLE
    assert own["safety"]


@pytest.mark.parametrize(
    ("yes", "no", "status", "few"),
    [(2, 28, HIDDEN, False), (28, 2, HIDDEN, False), (0, 30, "final", False), (6, 9, "final", True),
     (1, 2, HIDDEN, True)],
    ids=["two said yes", "two said no", "nobody", "fifteen answered", "three answered"],
)  # fmt: skip
def test_few_are_hidden(tmp_path: Path, yes: int, no: int, status: str, few: bool) -> None:
    rows = [answers(yes, DESO_H, "brott", "Ja"), answers(no, DESO_H, "brott", "Nej")]
    rows += [answers(50, DESO_R, "brott", "Ja"), answers(60, DESO_R, "brott", "Nej", who="n")]
    rows += [answers(70, None, "brott", "Ja"), answers(60, None, "brott", "Nej", who="n")]
    own = found(build_of(tmp_path, *rows), "brott")[HALLSTAVIK]
    assert (own["status"], own["few"]) == (status, few)
    assert pd.isna(own["share"]) is (status == HIDDEN)
    assert pd.isna(own["rest_share"]) is (status == HIDDEN)
    assert pd.isna(own["base"]) is (yes + no < 5)


def test_another_district_is_hidden_with_the_only_small_one(tmp_path: Path) -> None:
    rows = [answers(2, DESO_H, "brott", "Ja"), answers(40, DESO_H, "brott", "Nej")]
    rows += [answers(15, DESO_R, "brott", "Ja"), answers(60, DESO_R, "brott", "Nej")]
    rows += [answers(30, None, "brott", "Ja"), answers(60, None, "brott", "Nej")]
    told = found(build_of(tmp_path, *rows), "brott")
    assert {place: row["status"] for place, row in told.items()} == {
        HALLSTAVIK: HIDDEN, RIMBO: HIDDEN, "": "final", HERE: "final",
    }  # fmt: skip


def test_who_chooses_several_counts_once(tmp_path: Path) -> None:
    build = build_of(
        tmp_path, answers(10, DESO_H, "platser", "Torget", who="a"), answers(10, DESO_H, "platser", "Parken", who="a"),
        answers(30, DESO_H, "platser", "Parken", who="b"), answers(9, DESO_H, "alder", "44"),
    )  # fmt: skip
    assert found(build, "platser", "Torget")[HALLSTAVIK]["share"] == pytest.approx(10 / 40)
    parken = found(build, "platser", "Parken")[HALLSTAVIK]
    assert (parken["share"], parken["base"]) == (1, 40)
    assert found(build, "alder") == {}


def test_waves_newest_first(tmp_path: Path) -> None:
    build = build_of(tmp_path, answers(30, DESO_H, "brott", "Ja"), answers(4, DESO_H, "brott", "Nej", wave="2023"))
    told = local_surveys.waves(build, SOURCE).fillna({"respondents": -1})
    assert told[["wave", "respondents"]].to_numpy().tolist() == [["2025", 30], ["2023", -1]]
    assert local_surveys.shares(build, HERE, SOURCE, "1999").empty
