"""Groups of districts: hidden with what is hidden around them, and safe against whoever adds and subtracts."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from queries import causes_surveys, local_surveys, survey_groups, survey_inside
from queries.local import HIDDEN
from store.warehouse import Build
from tests.attack import Attacker, Sum
from tests.queries.test_local_events import DESO_H, DESO_R, HALLSTAVIK, HERE, RIMBO
from tests.queries.test_local_surveys import SOURCE
from tests.queries.test_survey_groups import build_of, given

PLACES = {HALLSTAVIK: DESO_H, RIMBO: DESO_R, "": None}
GROUPS, ANSWERS = ("Kvinna", "Man"), ("Ja", "Nej")

#: Answers yes and no of women and men: in Hallstavik, Rimbo, and without a known district.
TABLES: dict[str, list[list[tuple[int, int]]]] = {
    "all large": [[(30, 40), (25, 45)], [(20, 60), (40, 30)], [(9, 11), (12, 14)]],
    "one small": [[(3, 40), (25, 45)], [(20, 60), (40, 30)], [(9, 11), (12, 14)]],
    "a small one in each": [[(3, 40), (25, 45)], [(20, 2), (40, 30)], [(9, 11), (12, 14)]],
    "a hidden district": [[(30, 40), (25, 45)], [(2, 60), (1, 30)], [(2, 11), (9, 14)]],
    "a hidden group": [[(30, 40), (2, 3)], [(20, 60), (0, 2)], [(9, 11), (1, 0)]],
}


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Build]:
    return {
        name: build_of(
            tmp_path_factory.mktemp("inside"),
            *(given(number, f"kön={group}", answer, place=PLACES[district], who=f"{district}")
              for district, of in zip(PLACES, table, strict=True) for group, both in zip(GROUPS, of, strict=True)
              for answer, number in zip(ANSWERS, both, strict=True) if number),
        )
        for name, table in TABLES.items()
    }  # fmt: skip


def inside(build: Build) -> dict[tuple[str, str], dict[Any, Any]]:
    rows = survey_inside.by_district(build, HERE, SOURCE, "2025", "brott")
    return {(row["area_id"], row["group"]): row for row in rows.to_dict("records")}


def test_the_groups_of_a_district_have_their_own_shares(builds: dict[str, Build]) -> None:
    rows = inside(builds["all large"])
    assert set(rows) == set(product((HALLSTAVIK, RIMBO), GROUPS))
    assert rows[HALLSTAVIK, "Kvinna"]["share"] == pytest.approx(30 / 70)
    assert rows[RIMBO, "Man"]["share"] == pytest.approx(40 / 70)
    assert rows[RIMBO, "Man"]["effective"] == pytest.approx(70)


def test_what_is_hidden_of_a_district_or_a_group_is_hidden_inside(builds: dict[str, Build]) -> None:
    areas = local_surveys.shares(builds["a hidden district"], HERE, SOURCE, "2025").set_index("area_id")["status"]
    assert areas[RIMBO] == HIDDEN
    rows = inside(builds["a hidden district"])
    assert np.isnan([rows[RIMBO, group]["share"] for group in GROUPS]).all()
    hidden = inside(builds["a hidden group"])
    assert np.isnan([hidden[place, "Man"]["share"] for place in (HALLSTAVIK, RIMBO)]).all()


@pytest.mark.parametrize("name", TABLES)
def test_nobody_can_work_out_what_is_hidden(builds: dict[str, Build], name: str) -> None:
    """Every share and base that is shown of the municipality, its districts, its groups and the groups of districts is
    put in equations with whole numbers: no small number may be narrowed to fewer than five."""
    build, truth = builds[name], TABLES[name]
    real = {
        (district, group, answer): truth[d][g][a]
        for (d, district), (g, group), (a, answer) in product(enumerate(PLACES), enumerate(GROUPS), enumerate(ANSWERS))
    }
    shown: dict[Any, float | None] = dict.fromkeys(real)
    sums: list[Sum] = []

    def learn(key: str, cells: list[tuple[str, str, str]], share: float, base: float) -> None:
        for answer, part in (("Ja", share * base), ("Nej", base - share * base)):
            if not np.isnan(part):
                shown[(key, answer)] = float(round(part))
                sums.append(((key, answer), [cell for cell in cells if cell[2] == answer]))
        if not np.isnan(base):
            shown[(key, "")] = float(base)
            sums.append(((key, ""), list(cells)))

    areas = local_surveys.shares(build, HERE, SOURCE, "2025").to_dict("records")
    for row in areas:
        own = [cell for cell in real if row["area_id"] in (HERE, cell[0])]
        learn(f"area {row['area_id']}", own, row["share"], row["base"])
    for row in survey_groups.by_group(build, HERE, SOURCE, "2025").to_dict("records"):
        learn(f"group {row['group']}", [cell for cell in real if cell[1] == row["group"]], row["share"], row["base"])
    for (district, group), row in inside(build).items():
        # Every weight is 1: the effective number is the base.
        own = [(district, group, answer) for answer in ANSWERS]
        learn(f"{district} {group}", own, row["share"], row["effective"])
    attacker = Attacker(shown, sums)
    for cell, count in real.items():
        if 0 < count < 5:
            low, high = attacker.interval(cell)
            assert high - low >= 5 - 1e-6, (cell, count, low, high)


def test_a_step_into_a_district_or_a_group_keeps_to_what_is_shown(tmp_path: Path) -> None:
    """Among women in Rimbo yes goes from 20 to 60 per cent; nowhere else anything changes."""
    rows = []
    for (place, group), wave in product(product((DESO_H, DESO_R), GROUPS), ("2023", "2025")):
        yes = 120 if (place, group, wave) == (DESO_R, "Kvinna", "2025") else 40
        for answer, number in (("Ja", yes), ("Nej", 200 - yes)):
            rows += [{**row, "wave": wave} for row in given(number, f"kön={group}", answer, place=place, who=place)]
    build = build_of(tmp_path, rows)
    key = (HERE, SOURCE, "brott", "Ja", "2025", "2023")
    assert causes_surveys.steps(build, *key) == {"Kommundel": ["Hallstavik", "Rimbo"], "Kön": ["Kvinna", "Man"]}
    into = causes_surveys.breakdown(build, *key, (("Kommundel", "Rimbo"),))
    assert (into.before, into.after) == pytest.approx((0.2, 0.4))
    (woman,) = into.found[into.found["value"] == "Kvinna"].to_dict("records")
    assert [woman["before"], woman["after"]] == pytest.approx([0.2, 0.6])
    assert woman["verdict"] == "högre än väntat"
    calm = causes_surveys.breakdown(build, *key, (("Kommundel", "Hallstavik"),))
    assert set(calm.found["verdict"]) == {"inom normal variation"}
    women = causes_surveys.breakdown(build, *key, (("Kön", "Kvinna"),))
    assert women.found.set_index(["dimension", "value"]).loc[("Kommundel", "Rimbo"), "after"] == pytest.approx(0.6)
    assert causes_surveys.breakdown(build, *key, (("Kommundel", "Rimbo"), ("Kön", "Man"))).found.empty
