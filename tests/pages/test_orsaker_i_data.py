"""Orsaker i data: the shipped offences, events and a survey that people have brought, the path, and an empty build."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from tests.pages.conftest import OpenPage
from tests.pages.test_local import HALLSTAVIK, HERE, POLICE, areas, text_of
from tests.queries.literal import Rows
from tests.queries.test_time_and_place import spread

PAGE = "orsaker_i_data"


def test_reported_offences_are_there_at_once(open_page: OpenPage) -> None:
    app = open_page(PAGE, jamfor="Alla tidigare år", plats="Hallstavik")
    assert not app.exception
    told = text_of(app)
    assert "Var ligger förändringen i Hallstavik?" in told
    assert "Brå redovisar bara hela Norrtälje kommun" in told
    assert "Anmälda brott i Norrtälje kommun: övriga brott sticker ut mest i förändringen" in told
    assert "8 532 händelser, mot 7 311 i genomsnitt per år 2015–2024" in told
    assert [box.label for box in app.selectbox if box.label != "Plats"] == ["Problem ur", "En uppdelning i taget"]
    button = next(one for one in app.button if one.label == "Gå vidare: Stöld- och tillgreppsbrott")
    button.click().run()
    assert not app.exception
    assert app.multiselect[0].value == ["Brottsgrupp: Stöld- och tillgreppsbrott"]
    assert "Anmälda brott i Norrtälje kommun › Stöld- och tillgreppsbrott: " in text_of(app)


@pytest.fixture
def brought(literal: Callable[..., None]) -> None:
    """Two even years; in the second, twice as many in Hallstavik on Saturday nights."""
    at = {"source_id": POLICE, "delivery_id": "d1", "placement": "placed"}
    rows: Rows = [{**row, **at, "area_id": HALLSTAVIK} for row in spread(500, 1)]
    rows += [{**row, **at, "area_id": f"{HERE}-rimbo"} for row in spread(500, 2)]
    night = pd.Timestamp(2025, 1, 4, 23)
    rows += [
        {**at, "area_id": HALLSTAVIK, "event_id": f"natt{one}", "category": "Stöld", "events": 1,
         "occurred_from": night + pd.Timedelta(weeks=one % 50), "occurred_to": night + pd.Timedelta(weeks=one % 50)}
        for one in range(120)
    ]  # fmt: skip
    rows += [{**at, "area_id": HALLSTAVIK, "event_id": f"slut{day}", "events": 1, "occurred_from": pd.Timestamp(day)}
             for day in ("2024-01-01", "2025-12-31")]  # fmt: skip
    literal(
        **areas(), event=rows, source=[{"source_id": POLICE, "title": "Polisens utdrag", "kind": "events",
                                        "protected": True}],
        delivery=[{"delivery_id": "d1", "source_id": POLICE, "layout": "tolkning", "file": "p.xlsx", "sha256": "a" * 64,
                   "bytes": 1, "received_at": pd.Timestamp(2026, 1, 15), "received_by": "Anna", "rows_read": 9,
                   "rows_kept": 9, "rows_refused": 0}],
    )  # fmt: skip


def test_the_path_is_kept_and_taken_away_step_by_step(brought: None, open_page: OpenPage) -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "Polisens utdrag i Norrtälje kommun: lördag sticker ut mest i förändringen" in text_of(app)
    next(one for one in app.button if one.label == "Gå vidare: lördag").click().run()
    assert app.multiselect[0].value == ["Veckodag: lördag"]
    told = text_of(app)
    assert "Polisens utdrag i Norrtälje kommun › lördag: " in told
    assert "kväll" in told.split("› lördag: ")[1].splitlines()[0] or "Hallstavik" in told.split("› lördag: ")[1]
    app.multiselect[0].set_value(["Veckodag: lördag", "Tid på dygnet: kväll", "Kommundel: Hallstavik"]).run()
    assert not app.exception
    assert "Polisens utdrag i Norrtälje kommun › lördag › kväll › Hallstavik: " in text_of(app)
    app.multiselect[0].set_value(["Tid på dygnet: kväll"]).run()
    assert "Polisens utdrag i Norrtälje kommun › kväll: " in text_of(app)
    app.multiselect[0].set_value(["Veckodag: lördag", "Veckodag: söndag"]).run()
    assert "Två steg på vägen gäller samma uppdelning" in text_of(app)


def test_what_is_too_small_is_not_parted(brought: None, open_page: OpenPage) -> None:
    app = open_page(PAGE, vag="Veckodag: okänd dag")
    assert not app.exception
    assert "Polisens utdrag i Norrtälje kommun › okänd dag: för litet underlag" in text_of(app)


def test_nothing_to_part(literal: Callable[..., None], open_page: OpenPage) -> None:
    literal(**areas())
    app = open_page(PAGE)
    assert not app.exception
    assert "Det finns inget att dela upp för Norrtälje än." in text_of(app)
