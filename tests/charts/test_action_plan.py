"""The measures on a line of time: every one that has a day, late ones in words, the axis in Swedish."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from charts.action_plan import timeline, when

TODAY = date(2026, 3, 4)


def rows(*told: tuple[str, Any, Any, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(told), columns=["title", "starts_on", "ends_on", "progress", "late"])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("starts_on", "ends_on")})


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        pytest.param(date(2025, 1, 1), date(2025, 3, 31), "1 jan–31 mars 2025", id="within a year"),
        pytest.param(date(2025, 11, 1), date(2026, 2, 1), "1 nov 2025–1 feb 2026", id="over a year's end"),
        pytest.param(date(2025, 1, 1), None, "från 1 jan 2025", id="no end"),
        pytest.param(pd.NaT, date(2025, 1, 1), "till 1 jan 2025", id="no beginning"),
        pytest.param(None, pd.NaT, "ingen tid satt", id="neither"),
    ],
)
def test_when_in_words(starts: Any, ends: Any, told: str) -> None:
    assert when(starts, ends) == told


def test_every_dated_measure_has_a_name_and_a_line() -> None:
    figure = timeline(
        rows(
            ("Sen", "2025-02-01", "2025-06-30", "ongoing", "skulle vara klar"),
            ("Först", "2025-01-01", None, "ongoing", ""), ("Utan dag", None, None, "planned", ""),
            ("Bara slut", None, "2026-12-31", "planned", ""),
        ),
        TODAY,
    )  # fmt: skip
    assert figure is not None
    texts = [one.text for one in figure.layout.annotations]
    assert texts == ["Först", "<b>Sen</b> – skulle vara klar", "Bara slut", "i dag"]
    assert sum(len([x for x in trace.x if x is not None]) for trace in figure.data) == 6
    assert {trace.name: trace.line.dash for trace in figure.data} == {"Pågår": "solid", "Planerad": "dot"}
    assert figure.layout.xaxis.ticktext[0].endswith("<br>2025")


def test_sixty_measures_get_room_each_and_few_ticks() -> None:
    many = [(f"Åtgärd {one} med ett namn som är för långt för en telefon", f"2025-{one % 12 + 1:02d}-01", "2027-06-30",
             "planned", "") for one in range(60)]  # fmt: skip
    figure = timeline(rows(*many), TODAY)
    assert figure is not None
    assert figure.layout.height >= 60 * 40
    assert len(figure.layout.xaxis.tickvals) <= 5
    assert all(len(one.text) <= 40 for one in figure.layout.annotations)


def test_without_days_there_is_nothing_to_draw() -> None:
    assert timeline(rows(("Utan dag", None, None, "planned", "")), TODAY) is None
