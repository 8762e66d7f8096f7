"""Where a change lies: a planted cause is found first, noise says nothing, and nothing small is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.verdict import Verdict
from queries import causes, causes_official, causes_surveys
from queries.causes import MEAN, REST, YEAR, Causes
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build
from tests.queries.test_local_events import AREAS, DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO, SOURCE, WITHIN, build_of
from tests.queries.test_offences import BURGLARY, NAMES, THEFT, TOTAL, figures, indicators
from tests.queries.test_time_and_place import ends, happened, spread

CALLED = [Verdict.HIGHER, Verdict.LOWER]
FRIDAY = pd.Timestamp(2025, 1, 3, 21)


def told(found: Causes | None) -> pd.DataFrame:
    assert found is not None
    return found.found.set_index(["dimension", "value"])


def called(found: Causes | None) -> list[tuple[str, str]]:
    rows = told(found)
    return rows.index[rows["verdict"].isin(CALLED)].tolist()


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Two even years in Hallstavik and Rimbo; in 2025 160 thefts more on Friday nights in Hallstavik; and three
    robberies in Rimbo each year."""
    rows = [*ends(), *spread(600, 1), *spread(600, 2, place=DESO_R), *spread(100, 3, category="Klotter")]
    rows += [*spread(90, 4, place=DESO_R, category="Klotter"), *spread(80, 5, place=None)]
    rows += [row for one in range(160) for row in happened(FRIDAY + pd.Timedelta(weeks=one % 50))]
    rows += [
        row for year in (2024, 2025) for one in range(3) for row in happened(f"{year}-03-0{one + 3}", DESO_R, "Rån")
    ]
    rows += happened("2025-05-05 08:00", events=30, occurred_to=pd.Timestamp("2025-05-06 08:00"))
    return build_of(tmp_path_factory.mktemp("causes"), rows)


def test_the_planted_cause_is_found_first(build: Build) -> None:
    assert causes.comparisons(build, HERE, SOURCE, HERE) == [YEAR]
    found = causes.breakdown(build, HERE, SOURCE, HERE, "", (), YEAR)
    assert found is not None
    assert called(found)[0] == ("Veckodag", "fredag")
    assert {("Tid på dygnet", "kväll"), ("Kommundel", "Hallstavik")} <= set(called(found))
    friday = told(found).loc[("Veckodag", "fredag")]
    assert friday["verdict"] == Verdict.HIGHER
    assert friday["moved"] == pytest.approx(160, abs=35)
    assert friday["low"] > 1
    assert (found.before_label, found.after_label, found.scale) == ("2024", "2025", 1)
    assert found.dimensions["dimension"].iloc[0] == "Veckodag"


def test_the_path_parts_what_is_left(build: Build) -> None:
    path = (("Kommundel", "Hallstavik"), ("Veckodag", "fredag"), ("Slag", "Stöld"))
    found = causes.breakdown(build, HERE, SOURCE, HERE, "", path, YEAR)
    assert called(found)[0] == ("Tid på dygnet", "kväll")
    assert set(told(found).index.get_level_values("dimension")) == {"Tid på dygnet"}
    # A step to a district or a kind is the same as choosing it.
    chosen = causes.breakdown(build, HERE, SOURCE, HALLSTAVIK, "Stöld", (("Veckodag", "fredag"),), YEAR)
    pd.testing.assert_frame_equal(told(found), told(chosen))
    weekend = told(causes.breakdown(build, HERE, SOURCE, HERE, "", (("Del av veckan", "helg"),), YEAR))
    assert set(weekend.loc["Veckodag"].index) == {"lördag", "söndag"}


def test_a_long_span_has_no_time_of_day(tmp_path: Path) -> None:
    span = happened("2025-05-05 08:00", events=30, occurred_to=pd.Timestamp("2025-05-06 08:00"))
    rows = told(
        causes.breakdown(build_of(tmp_path, [*ends(), *spread(900, 1), *span]), HERE, SOURCE, HERE, "", (), YEAR)
    )
    assert rows.loc[("Tid på dygnet", "okänd tid"), "after"] == 30
    assert rows.loc[("Veckodag", "okänd dag"), "after"] == 30


def test_kinds_and_districts_are_exact_and_all_else_in_steps(build: Build) -> None:
    rows = told(causes.breakdown(build, HERE, SOURCE, HERE, "", (), YEAR))
    assert (rows.loc["Slag", "step"] == 1).all()
    steps = rows[rows["step"] > 1]
    assert set(steps.index.get_level_values(0)) == {"Del av veckan", "Veckodag", "Tid på dygnet", "Årstid"}
    assert (steps[["before", "after"]].dropna() % 5 == 0).all(axis=None)
    # Three robberies are told neither here nor as what is left of all.
    assert rows.loc[("Slag", "Rån"), ["before", "after"]].isna().all()
    assert rows.loc[("Slag", "Rån"), "verdict"] == Verdict.TOO_LITTLE
    assert rows.loc["Slag", "before"].isna().sum() > 1


@pytest.mark.parametrize(
    ("place", "category", "path"),
    [
        (HERE, "Rån", ()),
        (HERE, "", (("Slag", "Rån"),)),
        (HERE, "", (("Tid på dygnet", "natt"), ("Slag", "Rån"))),
        (HERE, "", (("Kommundel", "Rimbo"), ("Kommundel", "Hallstavik"))),
        (HERE, "", (("Veckodag", "blådag"),)),
        (HERE, "", (("Veckodag", "lördag"), ("Slag", "Rån"))),
    ],
    ids=["kind", "step", "deep", "two districts", "no such part", "after another"],
)
def test_what_is_hidden_is_not_parted(build: Build, place: str, category: str, path: causes.Path) -> None:
    found = causes.breakdown(build, HERE, SOURCE, place, category, path, YEAR)
    assert found is not None
    assert found.found.empty


def test_a_source_that_does_not_cover_it_says_nothing(build: Build) -> None:
    assert causes.breakdown(build, HERE, SOURCE, f"{HERE}-vaddo", "", (), YEAR) is None
    assert causes.breakdown(build, HERE, SOURCE, HERE, "", (), MEAN) is None
    assert causes.comparisons(build, HERE, "unknown", HERE) == []
    assert causes.steps(build, HERE, "unknown") == {}


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_noise_says_nothing(tmp_path: Path, seed: int) -> None:
    rows = [*ends(), *spread(500, seed), *spread(400, seed + 50, place=DESO_R, category="Klotter")]
    found = causes.breakdown(build_of(tmp_path, rows), HERE, SOURCE, HERE, "", (), YEAR)
    assert called(found) == []
    assert len(told(found)) > 15


def test_a_level_is_set_against_the_rest_per_inhabitant(tmp_path: Path) -> None:
    """Rimbo has a third of the people and as many thefts as the rest, but no more graffiti a head."""
    people = {HERE: 4000, RIMBO: 1000}
    observed = [
        {"indicator_id": "scb_population", "area_id": area, "period_type": "year", "value": number,
         "period_start": pd.Timestamp(2025, 1, 1), "period_end": pd.Timestamp(2025, 12, 31), "period_label": "2025"}
        for area, number in people.items()
    ]  # fmt: skip
    rows = [*ends(), *spread(600, 1), *spread(600, 2, place=DESO_R)]
    rows += [*spread(600, 3, category="Klotter"), *spread(200, 4, place=DESO_R, category="Klotter")]
    source = {"source_id": SOURCE, "kind": "events", "protected": True}
    built = literal_build(tmp_path, area=AREAS, area_within=WITHIN, event=rows, observation=observed, source=[source])
    assert causes.comparisons(built, HERE, SOURCE, RIMBO) == [YEAR, REST]
    found = causes.breakdown(built, HERE, SOURCE, RIMBO, "", (), REST)
    assert found is not None
    assert found.scale == pytest.approx(1 / 3)
    rows_told = told(found)
    assert rows_told.loc[("Slag", "Stöld"), "verdict"] == Verdict.HIGHER
    assert rows_told.loc[("Slag", "Stöld"), "contribution"] == pytest.approx(1, abs=0.15)
    assert "Kommundel" not in rows_told.index.get_level_values("dimension")


def test_earlier_years_tell_how_much_parts_vary(tmp_path: Path) -> None:
    """Five years where Rimbo and Hallstavik change places every year: one more such change is nothing new."""
    rows: Rows = [*happened("2021-01-01"), *happened("2025-12-31")]
    for year in range(2021, 2026):
        for place, number in ((DESO_H, 300), (DESO_R, 200)) if year % 2 else ((DESO_H, 200), (DESO_R, 300)):
            rows += [row for month in range(1, 13) for row in happened(f"{year}-{month}-15 12:00", place,
                                                                       events=number // 12)]  # fmt: skip
    built = build_of(tmp_path, rows)
    assert causes.comparisons(built, HERE, SOURCE, HERE) == [YEAR, MEAN]
    found = causes.breakdown(built, HERE, SOURCE, HERE, "", (), YEAR)
    assert called(found) == []
    mean = causes.breakdown(built, HERE, SOURCE, HERE, "", (), MEAN)
    assert mean is not None
    assert (mean.before_label, mean.scale) == ("jan 2021–dec 2024", 0.25)


def official(tmp_path: Path) -> Build:
    """Ten years alike; in 2025 a hundred burglaries more, all in the first quarter."""
    observed: list[dict[str, Any]] = []
    for year in range(2015, 2026):
        more = 100 * (year == 2025)
        wobble = year % 3
        for group, count in ((TOTAL, 1000), (THEFT, 400), (BURGLARY, 100)):
            observed += figures(group, HERE, year, count + wobble + more, count)
        for quarter in (1, 2, 3, 4):
            of_quarter = figures(TOTAL, HERE, year, 250 + (quarter == 1) * (more + wobble), 10, quarter)
            observed += [{**row, "period_end": pd.Timestamp(year, 3 * quarter, 27)} for row in of_quarter]
    return literal_build(tmp_path, indicator=indicators(), observation=observed, area=AREAS)


def test_reported_offences_are_parted_by_group_and_quarter(tmp_path: Path) -> None:
    built = official(tmp_path)
    assert causes_official.comparisons(built, HERE) == [YEAR, MEAN]
    assert causes_official.steps(built, HERE) == {"Brottsgrupp": [NAMES[THEFT]]}
    found = causes_official.breakdown(built, HERE, (), MEAN)
    assert found is not None
    assert (found.before_label, found.after_label, found.scale) == ("2015–2024", "2025", 0.1)
    assert called(found)[0] == ("Kvartal", "kvartal 1")
    inside = told(causes_official.breakdown(built, HERE, (("Brottsgrupp", NAMES[THEFT]),), YEAR))
    # 100 of 2024, which is 100 + 2024 % 3; in 2025 a hundred more.
    burglary = inside.loc[("Grupp inom gruppen", NAMES[BURGLARY])]
    assert burglary[["before", "after"]].tolist() == [102, 200]
    assert burglary["contribution"] == pytest.approx(1)
    assert causes_official.breakdown(built, "1485", (), YEAR) is None


def answers(wave: str, group: str, place: str, yes: int, no: int) -> Rows:
    common = {"source_id": "lokal_enkat", "wave": wave, "period_start": pd.Timestamp(int(wave), 1, 1),
              "period_end": pd.Timestamp(int(wave), 12, 31), "weight": 1.0, "area_id": place, "placement": "placed",
              "question_id": "brott", "delivery_id": "d1", "groups": f"kön={group}"}  # fmt: skip
    return [
        {**common, "answer": answer, "respondent": f"{group}{place}{answer}{one}"}
        for answer, number in (("Ja", yes), ("Nej", no))
        for one in range(number)
    ]


def test_the_group_that_changed_is_found(tmp_path: Path) -> None:
    """Among women yes goes from 20 to 60 per cent, in both districts alike; among men it stays."""
    rows: Rows = []
    for place in (DESO_H, DESO_R):
        rows += answers("2023", "Kvinna", place, 40, 160) + answers("2025", "Kvinna", place, 120, 80)
        rows += answers("2023", "Man", place, 40, 160) + answers("2025", "Man", place, 40, 160)
    built = literal_build(
        tmp_path, area=AREAS, area_within=WITHIN, survey_answer=rows,
        source=[{"source_id": "lokal_enkat", "kind": "answers", "protected": True}],
        survey_question=[{"source_id": "lokal_enkat", "question_id": "brott", "text": "Utsatt?", "kind": "yes_no",
                          "position": 1}],
    )  # fmt: skip
    asked = causes_surveys.questions(built, HERE, "lokal_enkat")
    assert asked.to_numpy().tolist() == [["brott", "Utsatt?", "Ja", "2025", "2023"]]
    found = causes_surveys.breakdown(built, HERE, "lokal_enkat", "brott", "Ja", "2025", "2023")
    assert found.shares
    assert (found.before, found.after) == pytest.approx((0.2, 0.4))
    assert called(found) == [("Kön", "Kvinna")]
    women = told(found).loc[("Kön", "Kvinna")]
    assert women[["before", "after", "expected_after", "apart", "contribution", "moved"]].tolist() == pytest.approx(
        [0.2, 0.6, 0.2, 0.4, 1, 0.2]
    )
    assert np.isclose(told(found).loc["Kommundel", "apart"], 0).all()


def test_one_wave_has_no_change(tmp_path: Path) -> None:
    built = literal_build(
        tmp_path, area=AREAS, area_within=WITHIN, survey_answer=answers("2025", "Man", DESO_H, 40, 60),
        source=[{"source_id": "lokal_enkat", "kind": "answers", "protected": True}],
        survey_question=[{"source_id": "lokal_enkat", "question_id": "brott", "text": "Utsatt?", "kind": "yes_no",
                          "position": 1}],
    )  # fmt: skip
    assert causes_surveys.questions(built, HERE, "lokal_enkat").empty
