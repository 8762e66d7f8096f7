"""Series that problems are seen in and goals are followed in: their figures, limits and the numbers around a date."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd
import pytest

from queries import measured, measured_plan
from queries.measured import Measured
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, school_year, year
from tests.queries.test_local_events import AREAS, DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO, SOURCE, WITHIN, events

SURVEY, SCHOOL, OTHER = "lokal_enkat", "15312030", "lokal_ordningsvakter"
THEFTS = Measured("events", RIMBO, source_id=SOURCE, category="Stöld")
SAFE = Measured("survey", HERE, source_id=SURVEY, question_id="brott", choice="Ja")


def figure(identity: str, number: int, value: float | None, area_id: str = HERE, **more: Any) -> dict[str, Any]:
    return {"indicator_id": identity, "area_id": area_id, **year(number), "value": value, **more}


def answers() -> Rows:
    """In 2023, 20 of 80 say yes; in 2025, 30 of 120."""
    return [
        {"source_id": SURVEY, "wave": wave, "period_start": pd.Timestamp(int(wave), 1, 1),
         "period_end": pd.Timestamp(int(wave), 12, 31), "respondent": str(one), "weight": 1.0, "area_id": RIMBO,
         "placement": "placed", "groups": "", "question_id": "brott", "answer": "Ja" if one < yes else "Nej",
         "delivery_id": "d1"}
        for wave, yes, all_of_them in (("2023", 20, 80), ("2025", 30, 120)) for one in range(all_of_them)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Three whole years: 12 thefts a month in Rimbo and 8 in 2025, 20 in Hallstavik always; two robberies elsewhere."""
    happened = [
        one
        for number in range(36)
        for one in (
            *events(12 if number < 24 else 8, f"{2023 + number // 12}-{number % 12 + 1:02d}-04", DESO_R),
            *events(20, f"{2023 + number // 12}-{number % 12 + 1:02d}-25", DESO_H),
        )
    ]
    happened += events(2, "2025-03-03", DESO_R, "Rån", source_id=OTHER)
    happened += [one for month in range(24) for one in events(
        9, f"{2024 + month // 12}-{month % 12 + 1:02d}-25", DESO_R, source_id=OTHER)]  # fmt: skip
    delivery = {"layout": "tolkning", "sha256": "s", "bytes": 1, "received_at": pd.Timestamp(2026, 1, 15),
                "received_by": "Anna", "rows_read": 1, "rows_kept": 1, "rows_refused": 0}  # fmt: skip
    kinds = {SOURCE: "events", OTHER: "events", SURVEY: "answers", "lokal_serie": "observations"}
    school = {"area_id": SCHOOL, "level": "school", "name": "Länna skola", "parent_id": HERE}
    return literal_build(
        tmp_path_factory.mktemp("measured"),
        area=[*AREAS, school],
        area_within=[*WITHIN, *({"area_id": SCHOOL, "within_id": one} for one in (SCHOOL, RIMBO, HERE))],
        event=happened, survey_answer=answers(),
        source=[{"source_id": "bra_reported_offences", "title": "Anmälda brott"}, {"source_id": "kolada"},
                *({"source_id": one, "title": one, "kind": kind, "protected": True} for one, kind in kinds.items())],
        delivery=[{"delivery_id": f"d-{one}", "source_id": one, "file": f"{one}.xlsx", **delivery} for one in kinds],
        survey_question=[{"source_id": SURVEY, "question_id": "brott", "text": "Har du varit utsatt?",
                          "kind": "yes_no", "position": 1}],
        municipality=[{"municipality_id": HERE, "name": "Norrtälje", "peers": "", "peers_source": ""}],
        indicator=[
            {"indicator_id": "theft", "source_id": "bra_reported_offences", "name": "Stöld", "unit": "antal",
             "theme": "Brott", "aggregation": "sum", "decimals": 0},
            {"indicator_id": "theft_rate", "source_id": "bra_reported_offences", "name": "Stöld per 100 000",
             "unit": "per 100 000 invånare", "theme": "Brott", "decimals": 0},
            {"indicator_id": "rent", "source_id": "kolada", "name": "Hyresrätt", "aggregation": "mean_by_base"},
            {"indicator_id": "asked", "source_id": "kolada", "name": "Otrygga"},
            {"indicator_id": "enrolled", "source_id": "lokal_serie", "name": "Anmälda", "unit": "antal",
             "aggregation": "sum", "decimals": 0},
        ],
        observation=[
            *(figure("theft", 2020 + one, 400 - 20 * one) for one in range(6)),
            figure("theft", 2026, 90, status="preliminary"),
            figure("theft_rate", 2025, 500, count=300), figure("rent", 2024, 25, base=200),
            figure("asked", 2024, 30, lower=26, upper=34),
            {**figure("enrolled", 2024, 40, SCHOOL, breakdown="klass=4a"), **school_year(2024)},
            {**figure("enrolled", 2024, 28, SCHOOL, breakdown="klass=5b"), **school_year(2024)},
        ],
    )  # fmt: skip


def test_a_series_is_kept_as_json_and_read_again() -> None:
    assert THEFTS.as_json() == {"kind": "events", "area_id": RIMBO, "source_id": SOURCE, "category": "Stöld"}
    assert Measured.from_json(THEFTS.as_json()) == THEFTS
    for kept in (None, {}, {"kind": "något", "area_id": HERE}, {"kind": "events"}):
        assert Measured.from_json(kept) is None


def test_events_come_by_month_in_steps_and_by_year_exactly(build: Build) -> None:
    months = measured.series(build, THEFTS)
    assert len(months) == 36
    assert months["start"].iloc[0] == pd.Timestamp(2023, 1, 1)
    assert months["end"].iloc[-1] == pd.Timestamp(2025, 12, 31)
    # 12 is told as 10-14 and 8 as 5-9; what is reckoned with is the middle.
    assert months["value"].tolist() == [10.0] * 24 + [5.0] * 12
    assert months["count"].tolist() == [12.0] * 24 + [7.0] * 12
    years = measured.series(build, THEFTS, by_year=True)
    assert years[["label", "value", "step"]].to_numpy().tolist() == [
        ["2023", 144, 1],
        ["2024", 144, 1],
        ["2025", 96, 1],
    ]


def test_what_is_hidden_stays_hidden(build: Build) -> None:
    robberies = Measured("events", RIMBO, source_id=OTHER, category="Rån")
    found = measured.series(build, robberies, by_year=True)
    assert found.loc[found["label"] == "2025", ["value", "status"]].to_numpy().tolist()[0][1] == "suppressed"
    base = measured.baseline(build, robberies)
    assert base is not None
    assert (math.isnan(base.value), math.isnan(base.lower), base.status) == (True, True, "suppressed")


@pytest.mark.parametrize(
    ("one", "value", "limits", "period"),
    [
        # Byar for 96: 96(1 - 1/864 - 1.95996/(3√96))³ and 97(1 - 1/873 + 1.95996/(3√97))³.
        pytest.param(THEFTS, 96, (77.76, 117.23), "2025", id="events"),
        # Byar for 300 and so for the rate, 500 of which is 300 / 60 000.
        pytest.param(Measured("indicator", HERE, indicator_id="theft"), 300, (267.01, 335.94), "2025", id="final year"),
        pytest.param(Measured("indicator", HERE, indicator_id="theft_rate"), 500, (445.02, 559.90), "2025", id="rate"),
        # Wilson for 50 of 200.
        pytest.param(Measured("indicator", HERE, indicator_id="rent"), 25, (19.51, 31.43), "2024", id="share"),
        pytest.param(Measured("indicator", HERE, indicator_id="asked"), 30, (26, 34), "2024", id="as published"),
        # Wilson for 30 of 120.
        pytest.param(SAFE, 25, (18.10, 33.45), "2025", id="survey"),
        pytest.param(Measured("indicator", SCHOOL, indicator_id="enrolled"), 68, (math.nan, math.nan), "2024/25",
                     id="parts added up"),
    ],
)  # fmt: skip
def test_a_baseline_has_its_limits(
    build: Build, one: Measured, value: float, limits: tuple[float, float], period: str
) -> None:
    base = measured.baseline(build, one)
    assert base is not None
    assert base.value == pytest.approx(value)
    assert (base.lower, base.upper) == pytest.approx(limits, abs=0.01, nan_ok=True)
    assert base.period == period


def test_nothing_known_is_no_baseline(build: Build) -> None:
    assert measured.baseline(build, Measured("indicator", HERE, indicator_id="okänd")) is None
    assert measured.baseline(build, SAFE.at(HALLSTAVIK)) is None


def test_what_can_be_measured_for_a_place(build: Build) -> None:
    found = measured.choices(build, RIMBO)
    told = {(row["group"], row["label"]) for row in found.to_dict("records")}
    assert (SOURCE, "Stöld") in told
    assert (OTHER, "Alla händelser") in told
    assert (SURVEY, "Har du varit utsatt?: Ja") in told
    assert ("lokal_serie", "Länna skola: Anmälda") in told
    # Two robberies are few; official offences are told of the municipality alone.
    assert not {label for _, label in told} & {"Rån", "Stöld per 100 000"}
    one = found.loc[found["label"] == "Stöld", "measured"].iloc[0]
    assert one == Measured("events", RIMBO, "Stöld", source_id=SOURCE, category="Stöld")
    whole = measured.choices(build, HERE)
    assert {"Stöld", "Stöld per 100 000", "Hyresrätt"} <= set(whole["label"])


def test_counts_around_a_start_are_of_the_same_season(build: Build) -> None:
    found = measured.counts_around(build, THEFTS, date(2025, 1, 1), HERE, HALLSTAVIK).set_index("role")
    # 144 and 96 are told as 140-144 and 95-99; the other districts have 240 each year, told as 240-244.
    assert found[["before", "after"]].to_numpy().tolist() == [[142, 97], [242, 242], [242, 242]]
    assert found.loc["place", ["before_label", "after_label", "months", "step"]].tolist() == ["2024", "2025", 12, 5]


@pytest.mark.parametrize(
    ("start", "told"),
    [
        pytest.param(date(2023, 1, 1), (360, 340, "2022", "2023"), id="a year that begins then"),
        pytest.param(date(2023, 6, 1), (360, 320, "2022", "2024"), id="the year that it began in is left out"),
        pytest.param(date(2025, 6, 1), None, id="no final year after"),
    ],
)
def test_years_around_a_start(build: Build, start: date, told: tuple[float, float, str, str] | None) -> None:
    found = measured.counts_around(build, Measured("indicator", HERE, indicator_id="theft"), start)
    columns = ["before", "after", "before_label", "after_label"]
    assert [tuple(row) for row in found[columns].to_numpy().tolist()] == ([told] if told else [])


def test_shares_are_not_counted_around_a_start(build: Build) -> None:
    assert measured.counts_around(build, SAFE, date(2024, 1, 1)).empty


@pytest.mark.parametrize(
    ("one", "target", "control", "told"),
    [
        # 144 a year in Rimbo and 240 in the rest: log 0.5 = -0.693 against √(1/144 + 1/72 + 2/240) = 0.1708.
        pytest.param(THEFTS, 72, HERE, True, id="events"),
        pytest.param(THEFTS, 130, HERE, False, id="too small a fall"),
        # 25 per cent of 120 answers: to 20 the error is √((0.1875 + 0.16)/120) = 0.0538, more than the difference.
        pytest.param(SAFE, 20, "", False, id="survey"),
        pytest.param(Measured("indicator", HERE, indicator_id="theft"), 200, "", True, id="official events"),
    ],
)
def test_whether_the_evaluation_can_find_the_effect(
    build: Build, one: Measured, target: float, control: str, told: bool
) -> None:
    base = {"events": 144.0, "survey": 25.0, "indicator": 300.0}[one.kind]
    found = measured_plan.can_be_found(build, one, base, target, True, 12, control, date(2025, 1, 1))
    assert found.reason == ""
    assert found.can_be_found is told
    assert found.has_control == bool(control)


def test_what_is_not_counted_has_no_answer(build: Build) -> None:
    rent = Measured("indicator", HERE, indicator_id="rent")
    assert measured_plan.can_be_found(build, rent, 25.0, 20.0, True, 12).reason == "no_counts"
    robberies = Measured("events", RIMBO, source_id=OTHER, category="Rån")
    assert measured_plan.can_be_found(build, robberies, 8.0, 4.0, True, 12).reason == "hidden"
