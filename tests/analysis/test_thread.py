"""The thread: which rows hang together, and every place where it breaks. Threads drawn by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.thread import BREAKS, Line, Records, breaks, lines, ties
from analysis.thread_web import web

TODAY = date(2026, 11, 23)


def frame(columns: dict[str, object], rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame([columns | row for row in rows], columns=list(columns))


def records(**parts: list[dict[str, object]]) -> Records:
    """The work with these rows, each with only what matters written out."""
    given_rows = {name: parts.get(name, []) for name in Records.__annotations__}
    empty: dict[str, dict[str, object]] = {
        "problems": {"id": 0, "title": "P", "place": "Rimbo", "place_id": "0188-rimbo", "measured": None,
                     "indicator": "", "stage": "open"},
        "causes": {"id": 0, "problem_id": 1, "parent_id": None, "position": 0, "what": "O"},
        "measures": {"id": 0, "title": "Å", "place": "", "place_id": "", "problem_id": None, "progress": "planned",
                     "starts_on": None},
        "goals": {"id": 0, "title": "M", "place": "", "place_id": "", "problem_id": None, "measured": {"kind": "x"},
                  "indicator": "", "due_on": None},
        "follow_ups": {"id": 0, "goal_id": None, "measure_id": None, "held_on": None, "light": "", "verdict": ""},
        "measure_cause": {"measure_id": 0, "cause_id": 0},
        "goal_measure": {"goal_id": 0, "measure_id": 0},
        "evidence": {"problem_id": None, "source": "", "title": ""},
    }  # fmt: skip
    return Records(**{name: frame(empty[name], rows) for name, rows in given_rows.items()})


def drawn(found: Records) -> list[Line]:
    return lines(found, breaks(found, TODAY))


WHOLE = {
    "problems": [{"id": 1}],
    "evidence": [{"problem_id": 1, "source": "Brå"}],
    "causes": [{"id": 1}, {"id": 2, "parent_id": 1}],
    "measures": [{"id": 1, "progress": "ongoing"}],
    "measure_cause": [{"measure_id": 1, "cause_id": 2}],
    "goals": [{"id": 1, "due_on": pd.Timestamp(2026, 6, 1)}],
    "goal_measure": [{"goal_id": 1, "measure_id": 1}],
    "follow_ups": [{"id": 1, "goal_id": 1, "held_on": pd.Timestamp(2026, 6, 2), "light": "green"}],
}  # fmt: skip


def test_a_whole_thread_has_no_break() -> None:
    found = records(**WHOLE)
    assert breaks(found, TODAY).empty
    (line,) = drawn(found)
    assert [link.whole for link in line.links] == [True] * 5
    assert line.ids == {"source": ["Brå"], "problem": [1], "cause": [1, 2], "measure": [1], "goal": [1], "outcome": [1]}
    assert (line.broken, line.light) == (0, "green")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"evidence": []}, [("no_source", 1)]),
        ({"causes": [], "measure_cause": []}, [("no_cause", 1), ("no_problem", 1), ("measure_no_cause", 1)]),
        ({"causes": [{"id": 1}, {"id": 2}]}, [("cause_no_measure", 1)]),
        ({"measure_cause": []},
         [("cause_no_measure", 1), ("cause_no_measure", 2), ("no_problem", 1), ("measure_no_cause", 1)]),
        ({"goal_measure": [], "follow_ups": []},
         [("measure_no_goal", 1), ("never_followed", 1), ("goal_no_measure", 1), ("goal_not_followed", 1)]),
        ({"goals": [{"id": 1, "measured": None}]}, [("goal_no_indicator", 1)]),
        ({"goals": [{"id": 1, "measured": None, "indicator": "Egen räkning"}]}, []),
        ({"follow_ups": []}, [("never_followed", 1), ("goal_not_followed", 1)]),
        ({"follow_ups": [{"id": 1, "goal_id": 1}]}, [("never_followed", 1), ("goal_not_followed", 1)]),
        ({"follow_ups": [{"id": 1, "goal_id": 1, "held_on": pd.Timestamp(2026, 5, 31)}]}, [("goal_not_followed", 1)]),
        ({"follow_ups": [{"id": 1, "measure_id": 1, "held_on": pd.Timestamp(2026, 6, 2)}]}, [("goal_not_followed", 1)]),
        ({"problems": [{"id": 1, "stage": "closed"}], "evidence": []}, []),
        ({"measures": [{"id": 1, "progress": "stopped"}], "follow_ups": [], "goals": [{"id": 1}]}, []),
        ({"measures": [{"id": 1, "starts_on": pd.Timestamp(2026, 11, 24)}], "follow_ups": [], "goals": [{"id": 1}]},
         []),
        ({"measures": [{"id": 1, "starts_on": pd.Timestamp(2026, 11, 23)}], "follow_ups": [], "goals": [{"id": 1}]},
         [("never_followed", 1)]),
    ],
    ids=[
        "no source", "no cause", "cause without measure", "measure without cause", "goal without measure",
        "goal without figure", "figure named in words", "not followed", "follow-up not held", "followed before its day",
        "measure followed, not goal", "closed problem", "stopped measure", "not begun", "begins today",
    ],
)  # fmt: skip
def test_breaks(changed: dict[str, list[dict[str, object]]], expected: list[tuple[str, int]]) -> None:
    found = breaks(records(**{**WHOLE, **changed}), TODAY)
    assert sorted(zip(found["fault"], found["id"], strict=True)) == sorted(expected)


def test_a_measure_at_the_root_or_a_leaf_covers_the_branch() -> None:
    """Causes 1 > 2 > 3 and 1 > 4: a measure on 2 acts on what is above and below it, but not on its sibling 4."""
    tree = [{"id": 1}, {"id": 2, "parent_id": 1}, {"id": 3, "parent_id": 2}, {"id": 4, "parent_id": 1}]
    tied = ties(records(**{**WHOLE, "causes": tree, "measure_cause": [{"measure_id": 1, "cause_id": 2}]}))
    assert tied.covered_causes == {1, 2, 3}


def test_links_say_how_many_are_missing() -> None:
    more = [{"id": 1, "progress": "ongoing"}, {"id": 2, "problem_id": 1}, {"id": 3, "problem_id": 1}]
    (line,) = drawn(records(**{**WHOLE, "measures": more}))
    assert [link.missing for link in line.links] == ["", "", "2 åtgärder utan orsak", "2 åtgärder utan mål", ""]
    assert [link.count for link in line.links] == [0, 0, 2, 2, 0]


def test_ties_to_rows_put_aside_do_not_count() -> None:
    found = records(**{**WHOLE, "measures": [], "follow_ups": []})
    assert set(breaks(found, TODAY)["fault"]) == {"cause_no_measure", "goal_no_measure", "goal_not_followed"}


def test_what_belongs_to_no_problem_is_a_line_of_its_own() -> None:
    first, loose = drawn(records(**WHOLE | {"measures": [{"id": 1}, {"id": 9}]}))
    assert (first.problem_id, loose.problem_id) == (1, None)
    assert (first.ids["measure"], loose.ids["measure"]) == ([1], [9])


def test_every_break_has_words_for_one_and_many() -> None:
    assert all(one and many and kind in {"problem", "cause", "measure", "goal"} for kind, one, many in BREAKS.values())


def test_a_line_taken_apart() -> None:
    found = records(**WHOLE)
    (line,) = drawn(found)
    made = web(line, found, ties(found), {("measure", 1): "utan mål"})
    assert [(knot.station, knot.label) for knot in made.knots] == [
        ("source", ""), ("problem", ""), ("cause", "1"), ("cause", "1.1"), ("measure", "Å1"), ("goal", "M1"),
        ("outcome", "U1"),
    ]  # fmt: skip
    assert made.ties == (
        (("source", "Brå"), ("problem", 1)), (("problem", 1), ("cause", 1)), (("cause", 1), ("cause", 2)),
        (("cause", 2), ("measure", 1)), (("measure", 1), ("goal", 1)), (("goal", 1), ("outcome", 1)),
    )  # fmt: skip
    assert [knot.lacks for knot in made.knots if knot.station == "measure"] == ["utan mål"]


@settings(max_examples=15, deadline=None)
@given(
    links=st.sets(st.tuples(st.integers(1, 4), st.integers(1, 4))),
    aims=st.sets(st.tuples(st.integers(1, 3), st.integers(1, 4))),
    parents=st.lists(st.integers(0, 4), min_size=4, max_size=4),
)
def test_every_row_is_on_a_line_once_and_in_the_picture(
    links: set[tuple[int, int]], aims: set[tuple[int, int]], parents: list[int]
) -> None:
    """However the rows hang together, rings of causes included, none is lost and none stands twice on a line."""
    found = records(
        problems=[{"id": 1}],
        causes=[{"id": n, "parent_id": parent or None} for n, parent in enumerate(parents, 1)],
        measures=[{"id": n} for n in range(1, 5)],
        goals=[{"id": n} for n in range(1, 4)],
        measure_cause=[{"measure_id": m, "cause_id": c} for m, c in links],
        goal_measure=[{"goal_id": g, "measure_id": m} for g, m in aims],
    )
    made = drawn(found)
    assert {m for line in made for m in line.ids["measure"]} == {1, 2, 3, 4}
    assert {g for line in made for g in line.ids["goal"]} == {1, 2, 3}
    assert all(len(ids) == len(set(ids)) for line in made for ids in line.ids.values())
    picture = web(made[0], found, ties(found), {})
    assert len(picture.knots) == sum(len(ids) for ids in made[0].ids.values())
    assert all(0 < knot.height < 1 for knot in picture.knots)
