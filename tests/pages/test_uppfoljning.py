"""Uppföljning: what needs it first, a goal in figures, a follow-up held with its figures, and one of what was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from queries.measured import EVENTS, Measured
from store.records import Actor, Evidence, FollowUp, Goal, GoalMeasure, Measure, Role, Work, open_work
from tests.pages.conftest import OpenPage
from tests.pages.test_local import HALLSTAVIK, POLICE, RIMBO, areas, delivered, text_of

ME = Actor("Handläggare", Role.EDITOR)
TODAY = pd.Timestamp.now("Europe/Stockholm").date()


@pytest.fixture
def followed(tmp_path: Path, literal: Callable[..., None], open_page: OpenPage) -> Work:
    """Three years of a published source: 100 events a year in both places, and 60 in Rimbo once the measure began."""
    counts = {RIMBO: (10, 10, 6), HALLSTAVIK: (10, 10, 10)}
    rows = [
        {"source_id": POLICE, "event_id": f"{area}-{year}-{month}", "events": counts[area][year - 2023] - (month > 10),
         "occurred_from": pd.Timestamp(year, month, 3 if month == 1 else 28), "area_id": area, "placement": "placed"}
        for area in counts for year in (2023, 2024, 2025) for month in range(1, 13)
    ]  # fmt: skip
    literal(
        **areas(), event=rows, delivery=[delivered("d1", POLICE)],
        source=[{"source_id": POLICE, "title": "Polisens utdrag", "kind": "events", "citation": "Polisen"}],
    )  # fmt: skip
    work = open_work(tmp_path / "records.sqlite", tmp_path)
    measured = Measured(EVENTS, RIMBO, "Stöld", source_id=POLICE, category="Stöld").as_json()
    with work.together(ME) as writing:
        for title, start in (("Ny belysning", date(2025, 1, 1)), ("Utbildning", None)):
            writing.create(Measure(title=title, place="Rimbo", starts_on=start, cost_sek=200_000, progress="ongoing"))
        goal = Goal(
            title="Färre stölder", place_id=RIMBO, place="Rimbo", measured=measured, direction="fall", baseline=118.0,
            baseline_lower=97.7, baseline_upper=141.3, baseline_period="2024", target=90.0, control_id=HALLSTAVIK,
            due_on=date(2025, 12, 31),
        )  # fmt: skip
        writing.create(goal)
        writing.create(Goal(title="Ett mål utan mått", place="Hallstavik"))
        writing.link(GoalMeasure, goal_id=1, measure_id=1)
        writing.create(FollowUp(goal_id=1, due_on=TODAY - timedelta(days=10)))
    return work


def opened(open_page: OpenPage, **choices: str) -> tuple[AppTest, str]:
    app = open_page("uppfoljning", **choices)
    assert not app.exception
    return app, text_of(app)


def test_what_needs_it_comes_first_with_where_it_stands(followed: Work, open_page: OpenPage) -> None:
    _, text = opened(open_page)
    assert "**Behöver göras:** 1 försenad uppföljning." in text
    assert "10 dagar sedan" in text
    assert text.index("**Försenad uppföljning**") < text.index("**Ingen uppföljning planerad**")
    assert "Stöld i Rimbo: **når målet**" in text
    assert "Ett mål utan mått i Hallstavik: **går inte att följa i siffror**" in text
    assert "Åtgärder utan mål i siffror (1)" in text


def test_a_follow_up_is_held_with_its_figures_and_the_next_is_planned(followed: Work, open_page: OpenPage) -> None:
    app, text = opened(open_page, mal="1")
    assert "Målet är högst 90 händelser senast 31 december 2025, från 118 händelser (2024)." in text
    assert "2025 är siffran 70 händelser" in text
    assert "Planerad kostnad är 200 000 kr." in text
    app.button_group(key="metod-1").set_value("Sida vid sida").run()
    assert not app.exception
    # 70 of 118 in Rimbo beside 118 of 118 in Hallstavik.
    assert "I Rimbo blev det 41 % färre händelser än utvecklingen i Hallstavik gav att vänta" in text_of(app)
    fields = {field.label: field for field in [*app.text_area, *app.text_input, *app.selectbox, *app.number_input]}
    assert fields["Vad siffrorna säger"].value.startswith("Målet är högst 90 händelser")
    send = next(one for one in app.button if one.label == "Spara uppföljningen")
    send.click().run()
    assert "Välj bedömning: grön, gul eller röd." in app.error[0].value
    answers = {
        "Vad har gjorts": "All belysning är på plats.", "Timmar": 40, "Kostnad hittills (kr)": 150_000,
        "Bedömning": "green", "Grund för bedömningen": "Målet är nått.", "Beslut": "continue",
        "Skäl till beslutet": "Verkar hålla.", "Beslutad av (roll eller organ)": "Rådet",
    }  # fmt: skip
    fields = {field.label: field for field in [*app.text_area, *app.text_input, *app.selectbox, *app.number_input]}
    for label, value in answers.items():
        fields[label].set_value(value)
    following = fields["Nästa uppföljning"]
    following.set_value(next(day for day in following.options if "6 månader" in day))
    next(one for one in app.button if one.label == "Spara uppföljningen").click().run()
    assert not app.exception
    assert not app.error
    held, planned = followed.all(FollowUp)
    assert (held.held_on, held.light, held.outcome, held.cost_sek) == (TODAY, "green", "continue", 150_000)
    assert planned.held_on is None
    assert planned.due_on > TODAY + timedelta(days=150)
    kept = followed.all(Evidence, follow_up_id=held.id)
    assert [one.title for one in kept] == [
        "Stöld i Rimbo: når målet",
        "Stöld i Rimbo: 41\xa0% färre än utvecklingen i Hallstavik gav att vänta",
    ]
    assert kept[0].frozen["table"]["rows"][-1][1] == 70.0
    assert "Hittills har det kostat 150 000 kr av planerade 200 000 kr (75 %). 40 timmar" in text_of(app)


@pytest.mark.parametrize("label", ["Spara uppföljningen", "Spara dagen"])
def test_what_somebody_else_saved_meanwhile_is_not_written_over(
    followed: Work, open_page: OpenPage, label: str
) -> None:
    app, _ = opened(open_page, mal="1")
    followed.save(Actor("Bo", Role.EDITOR), FollowUp, 1, 1, done="Bo har skrivit", due_on=TODAY)
    fields = {field.label: field for field in [*app.text_area, *app.selectbox]}
    fields["Bedömning"].set_value("green")
    fields["Grund för bedömningen"].set_value("Målet är nått.")
    next(one for one in app.selectbox if one.label == "Planerad till – krävs, dag").set_value(1)
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    assert "Bo har sparat en ändring av samma sak" in text_of(app)
    (kept,) = followed.all(FollowUp)
    assert (kept.version, kept.done, kept.due_on, kept.held_on) == (2, "Bo har skrivit", TODAY, None)


def test_a_measure_without_a_goal_is_followed_up_by_what_was_done(followed: Work, open_page: OpenPage) -> None:
    app, text = opened(open_page, atgard="2")
    assert "Åtgärden har inget mål i siffror." in text
    assert "Nästa uppföljning: ingen är planerad." in text
    assert not app.get("plotly_chart")


def test_what_is_gone_and_nothing_at_all(literal: Callable[..., None], open_page: OpenPage) -> None:
    literal(**areas())
    app, text = opened(open_page, mal="77")
    assert "Målet finns inte längre." in app.info[0].value
    assert "Här finns inget att följa upp än." in text
