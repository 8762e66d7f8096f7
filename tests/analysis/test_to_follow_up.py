"""What there is to follow up: one goal for each thing that can need doing."""

from datetime import date

import pandas as pd

from analysis.to_follow_up import ToDo, to_follow_up

TODAY = date(2026, 6, 1)


def test_the_most_urgent_comes_first():
    rows = pd.DataFrame(
        [
            (1, date(2026, 12, 31)),  # planned far away
            (2, date(2026, 12, 31)),  # late since 1 May
            (3, date(2026, 12, 31)),  # nothing planned
            (4, date(2026, 3, 31)),  # its day has passed, never followed up
            (5, date(2026, 12, 31)),  # due within a month
            (6, None),  # ended
            (7, date(2026, 12, 31)),  # ended, but taken up again since
            (8, date(2026, 3, 31)),  # its day has passed, and it was followed up then
            (9, date(2026, 12, 31)),  # late since 1 April
            (10, date(2026, 4, 30)),  # its day has passed, followed up before it, and next far away
        ],
        columns=["id", "due_on"],
    )
    follow_ups = pd.DataFrame(
        [
            (1, date(2026, 8, 15), None, ""),
            (2, date(2026, 5, 1), None, ""),
            (5, date(2026, 7, 1), None, ""),
            (6, date(2026, 2, 1), date(2026, 2, 3), "end"),
            (7, date(2026, 2, 1), date(2026, 2, 3), "end"),
            (7, date(2026, 9, 1), None, ""),
            (8, date(2026, 4, 1), date(2026, 4, 2), "continue"),
            (9, date(2026, 4, 1), None, ""),
            (9, date(2026, 8, 1), None, ""),
            (10, date(2026, 4, 1), date(2026, 4, 2), "continue"),
            (10, date(2026, 12, 1), None, ""),
        ],
        columns=["about", "due_on", "held_on", "outcome"],
    )
    found = to_follow_up(rows, follow_ups, TODAY)
    assert list(zip(found["id"], found["to_do"], found["late"], strict=True)) == [
        (9, ToDo.LATE, 61), (2, ToDo.LATE, 31), (4, ToDo.PASSED, 62), (10, ToDo.PASSED, 32),
        (5, ToDo.SOON, 0), (8, ToDo.UNPLANNED, 0),
        (3, ToDo.UNPLANNED, 0), (1, ToDo.PLANNED, 0), (7, ToDo.PLANNED, 0), (6, ToDo.ENDED, 0),
    ]  # fmt: skip
    assert found.set_index("id")["day"][[9, 5, 6]].tolist() == [date(2026, 4, 1), date(2026, 7, 1), None]
    assert found.set_index("id")["held"][[6, 3]].tolist() == [date(2026, 2, 3), None]


def test_nothing_at_all():
    rows = pd.DataFrame({"id": [], "due_on": []})
    follow_ups = pd.DataFrame({"about": [], "due_on": [], "held_on": [], "outcome": []})
    assert to_follow_up(rows, follow_ups, TODAY).empty
