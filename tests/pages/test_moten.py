"""Möten: a plan's meetings with one click, an agenda that is kept when the meeting is held, and what it settles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from store.records import Actor, Decision, Deviation, Goal, Meeting, Plan, Role, Work, open_work
from tests.pages.conftest import OpenPage
from tests.pages.test_local import areas, text_of

ME = Actor("Handläggare", Role.EDITOR)
TODAY = pd.Timestamp.now("Europe/Stockholm").date()


@pytest.fixture
def work(tmp_path: Path, literal: Callable[..., None]) -> Work:
    literal(**areas())
    return open_work(tmp_path / "records.sqlite", tmp_path)


def opened(open_page: OpenPage, **choices: str) -> AppTest:
    app = open_page("moten", **choices)
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception


def test_the_partnerships_meetings_are_made_with_one_click(work: Work, open_page: OpenPage) -> None:
    app = opened(open_page)
    assert "Här finns inga möten än." in text_of(app)
    plan = Plan(kind="activity", title="Aktivitetsplan", starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))
    work.create(ME, plan)
    app = opened(open_page)
    press(app, "Lägg in 6 möten")
    made = work.all(Meeting)
    assert [one.planned_on for one in made] == [
        date(2025, 4, 8), date(2025, 8, 12), date(2025, 12, 9), date(2026, 4, 14), date(2026, 8, 11), date(2026, 12, 8),
    ]  # fmt: skip
    assert made[0].title == "Uppföljningsmöte april 2025"
    assert "saknas några" not in text_of(app)


def test_an_agenda_is_kept_when_the_meeting_is_held(work: Work, open_page: OpenPage) -> None:
    with work.together(ME) as writing:
        earlier = writing.create(Meeting(title="Förra", planned_on=TODAY - timedelta(days=90), kind="council"))
        writing.create(Meeting(title="Rådet", planned_on=TODAY, kind="council"))
        writing.create(Decision(meeting_id=earlier.id, what="Ta fram underlag", due_on=TODAY - timedelta(days=30)))
        goal = writing.create(Goal(title="Färre stölder", due_on=TODAY + timedelta(days=30)))
    app = opened(open_page, mote="2")
    lines = [one.value for one in app.markdown]
    assert any(one.startswith("- Ta fram underlag: skulle ha varit klart") for one in lines)
    assert any(one.startswith("- Färre stölder: senast") for one in lines)
    assert [one.label for one in app.get("page_link")].count("Öppna") >= 2
    fields = {field.label: field for field in [*app.text_area, *app.text_input, *app.selectbox]}
    answers = {
        "Hölls": TODAY.year, "Hölls, månad": TODAY.month, "Hölls, dag": TODAY.day, "Minnesanteckningar": "Lugnt läge.",
    }  # fmt: skip
    for label, value in answers.items():
        fields[label].set_value(value)
    press(app, "Spara anteckningarna")
    held = work.get(Meeting, 2)
    assert held is not None
    assert (held.held_on, held.minutes) == (TODAY, "Lugnt läge.")
    assert [point["title"] for point in held.agenda["points"]][1:3] == [
        "Beslut som inte är klara",
        "Mål att följa upp till nästa möte",
    ]
    work.delete(ME, Goal, goal.id, 1)
    app = opened(open_page, mote="2", visa="Läs och skriv ut")
    read = text_of(app)
    assert "# Rådet" in read
    assert "Färre stölder: senast" in read
    assert "Lugnt läge." in read


def test_what_is_settled_is_written_down_and_done(work: Work, open_page: OpenPage) -> None:
    work.create(ME, Meeting(title="Mötet", planned_on=TODAY))
    app = opened(open_page, mote="1")
    what = {field.label: field for field in app.text_area} | {field.label: field for field in app.text_input}
    what["Avvikelse – krävs"].set_value("Leveransen är sen")
    press(app, "Lägg till avvikelsen")
    what = {field.label: field for field in app.text_area} | {field.label: field for field in app.text_input}
    what["Beslut – krävs"].set_value("Byt leverantör")
    what["Ansvarig roll"].set_value("Upphandlare")
    press(app, "Lägg till beslutet")
    assert [one.what for one in work.all(Deviation, meeting_id=1)] == ["Leveransen är sen"]
    assert "**Byt leverantör** · Upphandlare · inte klart" in text_of(app)
    press(app, "Klart")
    assert [one.done_on for one in work.all(Decision)] == [TODAY]
