"""What a later build says of a frozen series, on literal figures."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analysis.frozen_change import changed
from analysis.renewal import renewed_by

THEN = {2022: 100.0, 2023: 110.0, 2024: None}


def telling(figures: dict[int, float | None]) -> pd.DataFrame:
    rows = [(f"{one}-01-01", f"{one}-12-31", str(one), value) for one, value in figures.items()]
    return pd.DataFrame(rows, columns=["start", "end", "label", "value"])


@pytest.mark.parametrize(
    ("now", "revised", "added", "filled", "gone", "compared"),
    [
        (THEN, [], [], [], (), 3),
        ({**THEN, 2022: 100.0 + 1e-12}, [], [], [], (), 3),
        ({**THEN, 2023: 112.0}, [("2023", 110.0, 112.0)], [], [], (), 3),
        ({**THEN, 2024: 120.0}, [("2024", None, 120.0)], [], [], (), 3),
        ({**THEN, 2023: None}, [("2023", 110.0, None)], [], [], (), 3),
        ({**THEN, 2025: 90.0}, [], [("2025", 90.0)], [], (), 3),
        ({**THEN, 2021: 95.0}, [], [], [("2021", 95.0)], (), 3),
        ({2023: 110.0, 2024: None}, [], [], [], ("2022",), 2),
        ({}, [], [], [], ("2022", "2023", "2024"), 0),
    ],
    ids=[
        "same",
        "same but for rounding",
        "revised",
        "no longer hidden",
        "hidden now",
        "newer",
        "older",
        "less",
        "none",
    ],
)
def test_what_has_changed(now, revised, added, filled, gone, compared) -> None:  # type: ignore[no-untyped-def]
    found = changed(telling(THEN), telling(now))
    plain = (
        found.revised[["label", "then", "now"]]
        .astype(object)
        .where(found.revised[["label", "then", "now"]].notna(), None)
    )
    assert [*plain.itertuples(index=False, name=None)] == revised
    assert [*found.added.itertuples(index=False, name=None)] == added
    assert [*found.filled.itertuples(index=False, name=None)] == filled
    assert (found.gone, found.compared) == (gone, compared)
    assert found.is_revised is bool(revised or filled or gone)


@pytest.mark.parametrize(
    ("then", "now", "revised"),
    [
        ((12.0, 1), (10.0, 5), []),
        ((10.0, 5), (12.0, 1), []),
        ((10.0, 5), (14.0, 1), []),
        ((10.0, 5), (15.0, 1), [("2025", 10.0, 15.0, 5, 1)]),
        ((10.0, 5), (15.0, 5), [("2025", 10.0, 15.0, 5, 5)]),
        ((12.0, 1), (20.0, 5), [("2025", None, 20.0, 1, 5)]),
        ((12.0, None), (10.0, 5), []),
    ],
    ids=["coarser", "finer", "the end of the step", "past it", "another step", "coarser and another", "kept without"],
)
def test_a_figure_that_may_be_the_same_has_not_changed(
    then: tuple[float, int | None], now: tuple[float, int], revised: list[tuple[object, ...]]
) -> None:
    """10 in steps of 5 is 10-14. An exact old figure is not put beside one that is told in coarser steps now."""
    before = telling({2025: then[0]})
    found = changed(
        before if then[1] is None else before.assign(step=then[1]), telling({2025: now[0]}).assign(step=now[1])
    )
    plain = found.revised.astype(object).where(found.revised.notna(), None)
    assert [*plain.itertuples(index=False, name=None)] == revised


def test_nothing_frozen_and_something_now() -> None:
    found = changed(telling({}), telling({2025: 1.0}))
    assert (len(found.added), found.is_revised) == (1, False)


@pytest.mark.parametrize(
    ("decided", "due"),
    [(date(2026, 3, 4), date(2028, 3, 4)), (date(2028, 2, 29), date(2030, 2, 28))],
    ids=["an ordinary day", "a leap day"],
)
def test_a_situation_picture_is_due_within_two_years(decided: date, due: date) -> None:
    assert renewed_by(decided) == due
