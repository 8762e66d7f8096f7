"""Numbers and dates as Swedes write them."""

from datetime import UTC, datetime
from datetime import date as day

import numpy as np
import pandas as pd
import pytest

from charts import swedish


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (swedish.number(1234.5, 1), "1\u00a0234,5"),
        (swedish.number(8532), "8\u00a0532"),
        (swedish.number(1_234_567), "1\u00a0234\u00a0567"),
        (swedish.number(-12.34, 1), "−12,3"),
        (swedish.number(-0.2), "0"),
        (swedish.number(np.int64(5), 2), "5,00"),
        (swedish.number(12.5), "13"),
        (swedish.number(-2.675, 2), "−2,68"),
        (swedish.number(np.inf), "–"),
        (swedish.number(None), "–"),
        (swedish.number(np.nan, 1), "–"),
        (swedish.number(pd.NA), "–"),
        (swedish.signed(3.14, 1), "+3,1"),
        (swedish.signed(-3), "−3"),
        (swedish.signed(0.2), "0"),
        (swedish.signed(None), "–"),
        (swedish.percent(12.5, 1), "12,5\u00a0%"),
        (swedish.percent(None), "–"),
        (swedish.date(day(2026, 3, 4)), "4 mars 2026"),
        (swedish.date(pd.Timestamp("2025-12-24 15:00")), "24 december 2025"),
        (swedish.date(pd.NaT), "–"),
        (swedish.local_day(pd.Timestamp("2026-03-04 23:30")), day(2026, 3, 5)),
        (swedish.local_day(datetime(2026, 7, 4, 21, 59, tzinfo=UTC)), day(2026, 7, 4)),
        (swedish.local_day(datetime(2026, 7, 4, 22, 0, tzinfo=UTC)), day(2026, 7, 5)),
        (
            sorted(["Öja", "Ängby", "årsta", "Zinken", "Édsbro", "Ekeby"], key=swedish.alphabetical),
            ["Édsbro", "Ekeby", "Zinken", "årsta", "Ängby", "Öja"],
        ),
        (swedish.date(None), "–"),
        (swedish.listing([]), ""),
        (swedish.listing(["a"]), "a"),
        (swedish.listing(["a", "b"]), "a och b"),
        (swedish.listing(["a", "b", "c"]), "a, b och c"),
        (swedish.span(6841, 9391), "6\u00a0841–9\u00a0391"),
        (swedish.span(-2, 3.5, 1), "−2,0 till 3,5"),
        (swedish.capital("åtgärder i Rimbo"), "Åtgärder i Rimbo"),
    ],
)
def test_written_form(found, expected):
    assert found == expected
