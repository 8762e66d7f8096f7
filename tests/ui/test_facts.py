"""One page, one build; and what is shared between readers is never changed by one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from charts.exhibit import Exhibit
from store.publish import NewBuild, switch
from store.schema import MUNICIPALITY
from store.warehouse import Build, fetch
from ui import facts, parts


def publish(data_dir: Path, build_id: str, name: str) -> None:
    new = NewBuild(data_dir, build_id)
    new.put("municipality", pd.DataFrame([["0188", name, "", ""]], columns=MUNICIPALITY.column_names))
    new.finish()
    switch(data_dir, build_id, "test")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RODA_TRADEN_DATA_DIR", str(tmp_path))
    for forget in (facts.installation.cache_clear, st.cache_data.clear, st.cache_resource.clear):
        forget()
    yield tmp_path
    for forget in (facts.installation.cache_clear, st.cache_data.clear, st.cache_resource.clear):
        forget()


def page_with_a_publisher_in_the_middle() -> None:
    """A page that asks, is overtaken by a new build, and goes on."""
    import streamlit as st

    from tests.ui.test_facts import name, overtake
    from ui import facts

    def composed() -> str:
        return facts.ask(name, 3)

    facts.hold_build()
    first = facts.ask(name, 1)
    overtake()
    st.text(" ".join([first, facts.ask(name, 2), facts.compose(composed), facts.build().id]))


def name(build: Build, _: int) -> str:
    return str(fetch(build, "SELECT name FROM municipality")["name"].item())


def overtake() -> None:
    data_dir = facts.settings().data_dir
    if not (data_dir / "builds" / "b2.duckdb").exists():
        publish(data_dir, "b2", "Nya")


def test_a_build_that_is_published_while_a_page_is_made_shows_at_the_next_run(data_dir: Path) -> None:
    publish(data_dir, "b1", "Gamla")
    app = AppTest.from_function(page_with_a_publisher_in_the_middle).run()
    assert not app.exception
    assert app.text[0].value == "Gamla Gamla Gamla b1"
    assert app.run().text[0].value == "Nya Nya Nya b2"


@pytest.mark.parametrize(("removed", "expected"), [(False, "b1"), (True, "b2")], ids=["still there", "removed since"])
def test_a_part_that_runs_again_keeps_its_page_s_build_while_it_is_there(
    data_dir: Path, removed: bool, expected: str
) -> None:
    def page() -> None:
        import streamlit as st

        from ui import facts

        st.session_state["runs"] = st.session_state.get("runs", 0) + 1
        if st.session_state["runs"] != 2:  # the second is a part of the page alone: app.py does not run
            facts.hold_build()
        st.text(facts.build().id)

    publish(data_dir, "b1", "Gamla")
    app = AppTest.from_function(page).run()
    publish(data_dir, "b2", "Nya")
    if removed:
        (data_dir / "builds" / "b1.duckdb").unlink()
    assert app.run().text[0].value == expected


SHARED = Exhibit(
    id="delad", finding="Rubrik", sentence="Mening.", unit="Antal", place="Plats", period="2025", sources=(),
    table=pd.DataFrame({"År": [2025]}), figure=go.Figure(go.Bar(x=[1], y=[2])),
)  # fmt: skip


def test_a_reader_s_theme_does_not_colour_the_chart_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Build("b1", Path("b1.duckdb"), datetime(2026, 1, 1, tzinfo=UTC), "test")
    monkeypatch.setattr(parts, "build", lambda: here)
    monkeypatch.setattr(parts, "can_draw", lambda: False)

    def page() -> None:
        from tests.ui.test_facts import SHARED
        from ui import parts

        parts.show(SHARED)

    app = AppTest.from_function(page).run()
    assert not app.exception
    sent = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert sent["layout"]["font"]["color"]
    assert SHARED.figure is not None
    assert SHARED.figure.layout.font.color is None
