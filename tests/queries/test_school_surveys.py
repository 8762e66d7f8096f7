"""Pupils' answers as an index per school, hidden where a mean would tell of few."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries import school_surveys
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build
from tests.queries.test_school_attendance import AREAS, HERE, NORTH, SOUTH, WITHIN, delivered

SOURCE = "lokal_elever"
SCALE = "Aldrig\nSällan\nOfta\nAlltid"


def answers(school: str | None, wave: int, given: dict[int, int], question: str = "trygg") -> Rows:
    """``given``: how many answered each place on the scale, from 1."""
    return [
        {"source_id": SOURCE, "wave": str(wave), "period_start": pd.Timestamp(wave, 1, 1), "groups": "",
         "period_end": pd.Timestamp(wave, 12, 31), "respondent": f"{school}{value}{one}", "weight": 1.0,
         "area_id": school, "placement": "placed", "question_id": question, "answer": str(value),
         "value": None if value > 4 else value, "delivery_id": "d1"}
        for value, number in given.items() for one in range(number)
    ]  # fmt: skip


def build_of(folder: Path, *rows: Rows) -> Build:
    return literal_build(
        folder, area=AREAS, area_within=WITHIN, survey_answer=[row for each in rows for row in each],
        source=[{"source_id": SOURCE, "title": "Elevenkät", "kind": "answers", "protected": True}],
        delivery=[delivered(SOURCE)],
        survey_question=[
            {"source_id": SOURCE, "question_id": "mat", "text": "Är maten god?", "kind": "scale", "scale": SCALE,
             "position": 1},
            {"source_id": SOURCE, "question_id": "trygg", "text": "Är du trygg?", "kind": "scale", "scale": SCALE,
             "position": 2},
            {"source_id": SOURCE, "question_id": "fritt", "text": "Vilken klass?", "kind": "choice", "position": 3},
        ],
    )  # fmt: skip


def test_the_mean_of_the_scale_from_0_to_10(tmp_path: Path) -> None:
    """Twelve gave 2 and twelve 4: the mean is 3, two of three steps up. Those outside the scale do not count."""
    build = build_of(tmp_path, answers(NORTH, 2025, {2: 12, 4: 12, 9: 5}), answers(NORTH, 2024, {1: 10, 4: 11}))
    assert school_surveys.surveys(build, HERE)["title"].tolist() == ["Elevenkät"]
    asked = school_surveys.questions(build, SOURCE)
    # Safety first; questions without a scale have no mean.
    assert asked[["question_id", "lowest", "highest"]].to_numpy().tolist() == [
        ["trygg", "Aldrig", "Alltid"], ["mat", "Aldrig", "Alltid"],
    ]  # fmt: skip
    found = school_surveys.indices(build, HERE, SOURCE, "trygg")
    assert found["period_label"].tolist() == ["2024", "2025"]
    assert found["value"].tolist() == pytest.approx([11 / 21 * 10, 20 / 3])
    # 24 and 21 answers, rounded to five.
    assert found["base"].tolist() == [20, 25]
    assert ((found["lower"] < found["value"]) & (found["value"] < found["upper"])).all()


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        pytest.param({2: 10, 3: 9}, True, id="few answers"),
        pytest.param({2: 10, 3: 10}, False, id="enough"),
        pytest.param({4: 40, 3: 4}, True, id="four steps from the top"),
        pytest.param({4: 40, 1: 1}, True, id="one far from the top is three steps"),
        pytest.param({4: 40, 3: 5}, False, id="five steps from the top"),
        pytest.param({2: 40}, True, id="all alike"),
        pytest.param({1: 2, 2: 40, 3: 2}, True, id="four unlike the others"),
        pytest.param({1: 40, 2: 2}, True, id="near the bottom"),
        pytest.param({4: 40}, True, id="all alike"),
    ],
)
def test_means_that_tell_of_few_are_hidden(tmp_path: Path, given: dict[int, int], hidden: bool) -> None:
    build = build_of(tmp_path, answers(NORTH, 2025, given), answers(SOUTH, 2025, {2: 30, 3: 30}))
    found: dict[Any, Any] = school_surveys.indices(build, HERE, SOURCE, "trygg").set_index("area_id").to_dict("index")
    assert found[NORTH]["status"] == ("protected" if hidden else "final")
    assert [pd.isna(found[NORTH][name]) for name in ("value", "lower", "upper", "base")] == [hidden] * 4
    assert found[SOUTH]["value"] == pytest.approx(5)


def test_without_schools_there_is_nothing(tmp_path: Path) -> None:
    build = build_of(tmp_path, answers(None, 2025, {2: 30}))
    assert school_surveys.surveys(build, HERE).empty
    assert school_surveys.indices(build, HERE, SOURCE, "trygg").empty
