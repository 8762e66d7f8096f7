"""Surveys wave by wave: who answered, what has changed and how sure that is, and that free text is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.verdict import Verdict
from queries import survey_waves
from queries.local import HIDDEN
from store.schema import TABLES
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build
from tests.queries.test_local_events import AREAS, DESO_H, HALLSTAVIK, HERE, RIMBO, WITHIN
from tests.queries.test_local_surveys import QUESTIONS, SOURCE, answers


def build_of(folder: Path, *rows: Rows, mappings: tuple[str, ...] = ()) -> Build:
    deliveries = [
        {"delivery_id": f"d{number}", "source_id": SOURCE, "layout": "tolkning", "file": "svar.xlsx", "sha256": "s",
         "bytes": 1, "received_at": pd.Timestamp(2026, 1, number + 1), "received_by": "Anna", "rows_read": 1,
         "rows_kept": 1, "rows_refused": 0, "mapping": mapping}
        for number, mapping in enumerate(mappings)
    ]  # fmt: skip
    source = {"source_id": SOURCE, "title": "Trygghetsundersökningen", "kind": "answers", "protected": True}
    return literal_build(
        folder, area=AREAS, area_within=WITHIN, survey_question=QUESTIONS, source=[source], delivery=deliveries,
        survey_answer=[row for each in rows for row in each],
    )  # fmt: skip


def wave(yes: int, no: int, when: str, place: str | None = DESO_H) -> Rows:
    return [
        *answers(yes, place, "brott", "Ja", wave=when),
        *answers(no, place, "brott", "Nej", wave=when),
    ]


def newest(build: Build, place: str = HALLSTAVIK) -> dict[Any, Any]:
    rows = survey_waves.over_waves(build, HERE, SOURCE)
    return dict(rows[rows["area_id"] == place].iloc[-1])


def test_a_change_has_newcombes_interval_and_a_verdict(tmp_path: Path) -> None:
    row = newest(build_of(tmp_path, wave(30, 70, "2023"), wave(60, 60, "2025")))
    assert (row["wave"], row["old_wave"], row["old_share"], row["share"]) == ("2025", "2023", 0.3, 0.5)
    low, high = confint_proportions_2indep(60, 120, 30, 100, method="newcomb")
    assert row["change"] == pytest.approx(0.2)
    assert (row["change_lower"], row["change_upper"]) == (pytest.approx(low), pytest.approx(high))
    assert (row["change_verdict"], row["change_few"]) == (Verdict.HIGHER, False)


@pytest.mark.parametrize(
    ("before", "after", "verdict", "status"),
    [((30, 70), (33, 67), Verdict.NORMAL, "final"), ((7, 8), (60, 40), Verdict.TOO_LITTLE, "final"),
     ((2, 60), (60, 40), Verdict.TOO_LITTLE, HIDDEN)],
    ids=["alike", "few before", "hidden before"],
)  # fmt: skip
def test_what_is_not_a_change(
    tmp_path: Path, before: tuple[int, int], after: tuple[int, int], verdict: Verdict, status: str
) -> None:
    row = newest(build_of(tmp_path, wave(*before, "2023"), wave(*after, "2025")))
    assert (row["change_verdict"], row["change_status"]) == (verdict, status)
    assert pd.isna(row["change"]) is (status == HIDDEN)


def test_the_first_wave_has_nothing_before_it(tmp_path: Path) -> None:
    row = newest(build_of(tmp_path, wave(30, 70, "2025")))
    assert pd.isna(row["old_wave"])
    assert (row["change_verdict"], row["change_status"]) == (Verdict.TOO_LITTLE, "final")


def test_the_wave_before_is_the_one_that_asked_the_same(tmp_path: Path) -> None:
    other = answers(50, DESO_H, "platser", "Torget", wave="2024")
    row = newest(build_of(tmp_path, wave(30, 70, "2023"), other, wave(60, 60, "2025")))
    assert row["old_wave"] == "2023"


ADDED = '[decisions]\noverlap = "add"\n'


def told(number: str, when: str = "2025") -> str:
    return f'[options]\nsurvey = "T"\nwave = "{when}"\ninvited = "{number}"\n'


@pytest.mark.parametrize(
    ("mappings", "rate", "invited"),
    [((told("200"),), 0.62, 200), ((told("200", "2023"),), None, None),
     ((told("1 240"),), 0.1, 1240), ((told("många"),), None, None),
     ((told("50"),), None, None),
     ((told("100"), told("300")), 0.41, 300),
     ((told("100"),
       told("300") + ADDED), 0.31, 400),
     ((), None, None)],
    ids=["told", "of another wave", "with a space", "no number", "fewer than answered", "told again", "added",
         "untold"],
)  # fmt: skip
def test_the_response_rate_where_it_is_known(
    tmp_path: Path, mappings: tuple[str, ...], rate: float | None, invited: float | None
) -> None:
    (row,) = survey_waves.answered(build_of(tmp_path, wave(63, 61, "2025"), mappings=mappings), SOURCE).to_dict(
        "records"
    )
    assert (row["wave"], row["respondents"]) == ("2025", 125)  # 124, rounded
    assert row["rate"] == pytest.approx(rate) if rate else pd.isna(row["rate"])
    assert row["invited"] == invited if invited else pd.isna(row["invited"])


def test_few_respondents_are_not_told(tmp_path: Path) -> None:
    (row,) = survey_waves.answered(build_of(tmp_path, wave(1, 3, "2025")), SOURCE).to_dict("records")
    assert pd.isna(row["respondents"])


def test_surveys_and_where_they_have_asked_about_safety(tmp_path: Path) -> None:
    build = build_of(tmp_path, wave(30, 70, "2025"), answers(9, DESO_H, "morker", "Mycket trygg"))
    assert survey_waves.surveys(build)["title"].tolist() == ["Trygghetsundersökningen"]
    for place, asked in ((HERE, ["morker"]), (HALLSTAVIK, ["morker"]), (RIMBO, [])):
        assert survey_waves.about_safety(build, place)["question_id"].tolist() == asked


def test_no_kind_of_question_holds_free_text() -> None:
    kind = next(column for column in TABLES["survey_question"].columns if column.name == "kind")
    assert set(kind.allowed) == {"yes_no", "scale", "choice", "multi", "number"}
