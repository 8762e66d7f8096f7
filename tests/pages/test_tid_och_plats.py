"""Tid och plats: the shipped notices, what people have brought, one question at a time, and nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from queries import time_and_place_repeats, time_and_place_spots
from tests.pages.conftest import OpenPage
from tests.pages.test_local import HALLSTAVIK, POLICE, RIMBO, areas, delivered, text_of
from tests.queries.literal import Rows
from ui import boundaries

Literal = Callable[..., None]


@pytest.fixture(autouse=True)
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "STATIC", tmp_path / "static")


def brought(*, points: bool) -> dict[str, Rows]:
    """Two years: events any time in Hallstavik, on Fridays too, and few in Rimbo; a cluster at last, with points."""
    rng = np.random.default_rng(1)
    days = [*rng.integers(0, 731, 500), *(4 + 7 * n for n in range(100)), *rng.integers(670, 731, 40)]
    near = np.array([0] * 600 + [1] * 40)
    east = np.where(near, 700_400, 690_000 + rng.uniform(0, 9_000, 640))
    told = [
        {"source_id": POLICE, "event_id": f"{n:05d}", "events": 1, "category": "Klotter" if near[n] else "Stöld",
         "occurred_from": pd.Timestamp(2024, 1, 1) + pd.Timedelta(days=int(day), hours=21 if n // 100 == 5 else n % 24),
         "area_id": RIMBO if n < 12 else HALLSTAVIK, "placement": "placed",
         **({"x": float(east[n]), "y": 6_663_000.0 + n % 60, "precision": "address"} if points else {})}
        for n, day in enumerate(days)
    ]  # fmt: skip
    ends = [{**told[20], "event_id": day, "occurred_from": pd.Timestamp(day)} for day in ("2024-01-01", "2025-12-31")]
    return {
        **areas(), "event": [*told, *ends], "delivery": [delivered("d1", POLICE)],
        "source": [{"source_id": POLICE, "title": "Polisens utdrag", "kind": "events", "citation": "Polisen",
                    "protected": True}],
    }  # fmt: skip


def opened(open_page: OpenPage, **choices: str) -> tuple[AppTest, str]:
    app = open_page("tid_och_plats", **choices)
    assert not app.exception
    return app, text_of(app)


def test_the_shipped_notices_are_shown_and_said_to_be_few(open_page: OpenPage) -> None:
    app, text = opened(open_page)
    assert app.selectbox(key="kalla").value == "Polisens händelser"
    assert "Polisens händelser i Norrtälje kommun" in text
    assert "inom normal variation" in text
    assert "avrundade" not in text  # published figures are told as they are
    assert "Källa: Polisen" in text


def test_a_source_of_municipalities_says_nothing_of_a_district(open_page: OpenPage) -> None:
    _, text = opened(open_page, plats="Hallstavik")
    assert "Polisens händelser har inga händelser av det valda slaget i Hallstavik" in text
    assert "uttag från Polisen med DeSO eller adress" in text


def test_notices_have_no_points(open_page: OpenPage) -> None:
    app, text = opened(open_page, fraga="Platser")
    assert "Polisens händelser har ingen punkt för händelserna" in text
    assert not app.get("plotly_chart")


@pytest.mark.parametrize(
    ("question", "charts", "told"),
    [
        ("Veckan", 1, "sker mest fredagar"),
        ("Året", 2, "Polisens utdrag i Norrtälje kommun vecka för vecka"),
        ("Platser", 2, "Ny: området vid Hallstavik**"),
        ("Upprepning", 1, "gånger så många"),
        ("Före och efter", 0, "2025 mot 2024: går inte att bedöma"),  # one year's number would tell of Rimbo's few
        ("Rapportörer", 0, "säger inte vem som har rapporterat"),
    ],
)
def test_each_question_has_an_answer(
    literal: Literal, open_page: OpenPage, question: str, charts: int, told: str
) -> None:
    literal(**brought(points=True))
    app, text = opened(open_page, fraga=question)
    assert told in text
    assert len(app.get("plotly_chart")) == charts


def test_months_are_looked_closer_at_only_when_asked(literal: Literal, open_page: OpenPage) -> None:
    starts = pd.date_range("2023-01-01", periods=36, freq="MS")
    days = [*((start, 40 if start.year < 2025 else 60) for start in starts), (pd.Timestamp(2025, 12, 31), 1)]
    rows = brought(points=False)
    first = rows["event"][0]
    literal(**rows | {"event": [
        {**first, "event_id": f"{n}", "occurred_from": day, "events": events, "area_id": HALLSTAVIK}
        for n, (day, events) in enumerate(days)
    ]})  # fmt: skip
    app, text = opened(open_page, fraga="Året")
    assert "Möjligt nivåskifte" not in text
    closer = app.button_group(key="manader")
    assert closer.options == ["Årstid och trend var för sig", "Nivåskifte"]  # no part of the whole municipality
    closer.set_value("Nivåskifte").run()
    assert "**Möjligt nivåskifte omkring januari 2025" in text_of(app)
    app.button_group(key="manader").set_value("Årstid och trend var för sig").run()
    assert not app.exception
    told = text_of(app)
    assert "Polisens utdrag i Norrtälje kommun: årstid och trend var för sig" in told
    assert "från januari 2023 till december 2025" in told
    assert "Möjligt nivåskifte" not in told


def test_what_is_not_open_is_not_worked_out(
    literal: Literal, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("worked out without being asked for")

    literal(**brought(points=True))
    monkeypatch.setattr(time_and_place_spots, "spots", refused)
    monkeypatch.setattr(time_and_place_repeats, "repeats", refused)
    opened(open_page)


@pytest.mark.parametrize("question", ["Veckan", "Året", "Platser", "Upprepning"])
def test_little_is_too_little(literal: Literal, open_page: OpenPage, question: str) -> None:
    literal(**brought(points=True))
    app, text = opened(open_page, fraga=question, plats="Rimbo")
    assert "för litet underlag" in text
    assert not app.get("plotly_chart")


def test_the_category_is_kept_in_the_address(literal: Literal, open_page: OpenPage) -> None:
    literal(**brought(points=True))
    app, text = opened(open_page, slag="Stöld", fraga="Platser")
    assert app.selectbox(key="slag").value == "Stöld"
    assert "Stöld i Norrtälje kommun: ingen plats har fått fler än väntat på sistone, inom normal variation" in text


def test_without_points_it_is_said_which_delivery_has_them(literal: Literal, open_page: OpenPage) -> None:
    literal(**brought(points=False))
    for question in ("Platser", "Upprepning"):
        _, text = opened(open_page, fraga=question)
        assert "koordinater" in text


def test_no_events_at_all(literal: Literal, open_page: OpenPage) -> None:
    literal(**areas())
    _, text = opened(open_page)
    assert "Det finns inga händelser med tid och plats för Norrtälje än." in text
    assert "Importera" in text
