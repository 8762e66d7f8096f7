"""Skola with what people have brought: attendance and pupils' answers, with regression to the mean named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from tests.pages.conftest import OpenPage, words
from tests.queries.literal import Rows, within
from tests.queries.test_school_attendance import delivered, month

HERE, DISTRICT, EMPTY = "9999", "9999-norr", "9999-soder"
SCHOOLS = [f"1000000{n}" for n in range(1, 9)]
ATTENDANCE, SURVEY = "lokal_narvaro", "lokal_elever"


def places() -> dict[str, Rows]:
    schools: Rows = [
        {"area_id": code, "level": "school", "name": f"Skola {n}", "kind": "Kommunal"}
        for n, code in enumerate(SCHOOLS, 1)
    ]
    areas: Rows = [
        {"area_id": HERE, "level": "municipality", "name": "Provkommun"},
        {"area_id": DISTRICT, "level": "district", "name": "Norr", "parent_id": HERE},
        {"area_id": EMPTY, "level": "district", "name": "Söder", "parent_id": HERE},
        {"area_id": "10000009", "level": "school", "name": "Söderskolan", "kind": "Kommunal"},
    ]
    chains: dict[str, list[str]] = {HERE: [], DISTRICT: [HERE], EMPTY: [HERE], "10000009": [EMPTY, HERE]}
    chains |= {code: [DISTRICT, HERE] for code in SCHOOLS}
    return {"area": [*areas, *schools], "area_within": within(chains)}


def attendance() -> Rows:
    """Seven schools alike and one far below, the same two autumns."""
    return [
        {"indicator_id": "n", "area_id": code, "value": 80.0 if n == 7 else 92.0 + n / 10, **month(f"{year}-{at}")}
        for n, code in enumerate(SCHOOLS) for year in (2024, 2025) for at in ("08", "09")
    ]  # fmt: skip


def answers() -> Rows:
    return [
        {"source_id": SURVEY, "wave": "2025", "period_start": pd.Timestamp(2025, 1, 1), "groups": "",
         "period_end": pd.Timestamp(2025, 12, 31), "respondent": f"{code}{value}{one}", "weight": 1.0,
         "area_id": code, "placement": "placed", "question_id": "q", "answer": str(value), "value": value,
         "delivery_id": "d2"}
        for code, given in ((SCHOOLS[0], {2: 15, 3: 15}), (SCHOOLS[1], {3: 4})) for value, number in given.items()
        for one in range(number)
    ]  # fmt: skip


@pytest.fixture
def brought(literal: Callable[..., None]) -> None:
    common: dict[str, Any] = {"protected": True}
    literal(
        **places(),
        source=[
            {"source_id": ATTENDANCE, "kind": "observations", "title": "Närvaro", "citation": "Närvaro", **common},
            {"source_id": SURVEY, "kind": "answers", "title": "Elevenkät", "citation": "Elevenkät", **common},
        ],
        indicator=[{"indicator_id": "n", "source_id": ATTENDANCE, "name": "Närvaro"}],
        delivery=[delivered(ATTENDANCE), {**delivered(SURVEY), "delivery_id": "d2", "sha256": "cd"}],
        observation=attendance(),
        survey_question=[{"source_id": SURVEY, "question_id": "q", "text": "Är du trygg?", "kind": "scale",
                          "scale": "Aldrig\nSällan\nOfta\nAlltid", "position": 1}],
        survey_answer=answers(),
    )  # fmt: skip


def test_attendance_and_answers_beside_results(open_page: OpenPage, brought: None) -> None:
    app = open_page("skola", municipality=HERE)
    assert not app.exception
    told = words(app)
    assert "Närvaro 2025/26, aug–sep: 80,0–92,6 % i 8 skolor" in told
    # The one that stands out stood out as much the year before: hardly anything of it is expected to go.
    assert "Regression mot medelvärdet" in told
    assert "Skola 8 (80,0 %, väntat härnäst omkring 80,0 %)" in told
    assert "omkring 0 % av avståndet väntas försvinna" in told
    # Half gave the second and half the third of four answers: the middle of the scale.
    assert "Medelsvaret på «Är du trygg?» 2025 är 5,0 i Skola 1" in told
    assert "Skola 2 (dold här, för få)" in told


def test_a_district_whose_schools_have_nothing(open_page: OpenPage, brought: None) -> None:
    app = open_page("skola", municipality=HERE, plats="Söder")
    assert not app.exception
    told = words(app)
    assert "Det finns inga uppgifter om närvaro för skolorna i Söder." in told
    assert "Ingen skola i Söder har svar på frågan." in told
