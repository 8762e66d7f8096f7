"""SMART hints on literal goals: what each letter asks for, and that a whole goal gets none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from analysis.smart import GoalParts, hints

WHOLE = GoalParts(
    title="Färre fall av skadegörelse i Rimbo", today=date(2026, 1, 10), place="Rimbo", indicator="Skadegörelse",
    baseline=90, baseline_lower=72, baseline_upper=111, target=60, due_on=date(2026, 12, 31),
    criterion="Högst 60 fall under 2026.", measures=2, starts_on=date(2026, 2, 1), can_be_found=True,
)  # fmt: skip


def test_a_whole_goal_has_nothing_to_add() -> None:
    found = hints(WHOLE)
    assert [hint.letter for hint in found] == ["S", "M", "A", "R", "T"]
    assert all(hint.good for hint in found)


@pytest.mark.parametrize(
    ("letter", "changes", "says"),
    [
        pytest.param("S", {"title": "Ökad trygghet"}, "hel mening", id="too short"),
        pytest.param("S", {"title": "Förbättra tryggheten i centrala Rimbo"}, "allmänna ordet", id="vague"),
        pytest.param("S", {"title": "Genomföra trygghetsvandringar i Rimbo"}, "låter som en åtgärd", id="a measure"),
        pytest.param("S", {"place": ""}, "Välj plats", id="no place"),
        pytest.param("M", {"indicator": ""}, "Välj ett mått", id="no indicator"),
        pytest.param("M", {"baseline": None}, "Utgångsläget saknas", id="no baseline"),
        pytest.param("M", {"target": None}, "Målvärdet saknas", id="no target"),
        pytest.param("A", {"measures": 0}, "Ingen åtgärd", id="no measure"),
        pytest.param("A", {"without_role": 1}, "saknar ansvarig roll", id="nobody responsible"),
        pytest.param("R", {"target": 95}, "lägre än utgångsläget", id="the wrong way"),
        pytest.param("R", {"fall": False}, "högre än utgångsläget", id="should rise"),
        pytest.param("R", {"target": 90}, "redan nått", id="reached already"),
        pytest.param("R", {"target": 72}, "slumpen", id="within chance"),
        pytest.param("R", {"target": 0}, "Noll", id="none at all"),
        pytest.param("R", {"can_be_found": False}, "inte se", id="cannot be found"),
        pytest.param("R", {"baseline": None}, "Går att bedöma", id="not to be judged yet"),
        pytest.param("T", {"due_on": None}, "Sätt en dag", id="no day"),
        pytest.param("T", {"due_on": date(2026, 1, 10)}, "redan varit", id="passed"),
        pytest.param("T", {"due_on": date(2026, 2, 1)}, "innan åtgärden", id="before it begins"),
        pytest.param("T", {"criterion": ""}, "avgörs", id="no criterion"),
    ],
)
def test_what_is_wanting_is_said(letter: str, changes: dict[str, Any], says: str) -> None:
    found = {hint.letter: hint for hint in hints(replace(WHOLE, **changes))}
    assert not found[letter].good
    assert says in found[letter].text


def test_an_untried_evaluation_is_no_fault() -> None:
    assert all(hint.good for hint in hints(replace(WHOLE, can_be_found=None)))
