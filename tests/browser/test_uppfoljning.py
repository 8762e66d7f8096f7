"""Uppföljning and Möten in a real browser: a follow-up held and read again, taken up at a meeting; readable for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from store.records import Actor, FollowUp, Goal, GoalMeasure, Measure, Meeting, Role, Work, open_work
from tests.browser.harness import Server, assert_accessible, settle

ME = Actor("Handläggare", Role.EDITOR)


@pytest.fixture
def work(built: Path) -> Iterator[Work]:
    """A goal on official figures with a measure and a late follow-up, and a meeting; put aside afterwards."""
    work = open_work(built / "records.sqlite", built)
    with work.together(ME) as writing:
        measure = writing.create(Measure(title="Grannsamverkan", starts_on=date(2022, 1, 1), cost_sek=50_000))
        series = {
            "kind": "indicator",
            "indicator_id": "bra_offences_total",
            "area_id": "0188",
            "label": "Anmälda brott",
        }
        goal = writing.create(
            Goal(title="Färre anmälda brott", place_id="0188", place="Norrtälje", measured=series, direction="fall",
                 baseline=5000.0, baseline_period="2021", target=3000.0, due_on=date(2027, 12, 31))
        )  # fmt: skip
        writing.link(GoalMeasure, goal_id=goal.id, measure_id=measure.id)
        writing.create(FollowUp(goal_id=goal.id, due_on=date(2025, 1, 1)))
        writing.create(Meeting(kind="council", title="Rådets möte", planned_on=date(2037, 3, 2)))
    yield work
    for model in (FollowUp, Meeting, Goal, Measure):
        for row in work.all(model):
            work.delete(ME, model, row.id, row.version)


def test_a_follow_up_is_held_and_taken_up_at_a_meeting(server: Server, page: Page, work: Work) -> None:
    page.goto(f"{server.url}/uppfoljning")
    settle(page)
    expect(page.get_by_text("Försenad uppföljning", exact=True)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Färre anmälda brott").click()
    expect(page.get_by_role("heading", name=re.compile("Anmälda brott i Norrtälje: "))).to_be_visible()
    page.get_by_role("radio", name="Seriens egen kurs").click()
    expect(page.get_by_text("serien hade fortsatt som före starten")).to_be_visible()
    settle(page)
    page.get_by_label("Grund för bedömningen").fill("Halva området är med.")
    page.get_by_role("combobox", name="Bedömning").click()
    page.get_by_role("option", name="Gul: delvis, eller försenad").click()
    settle(page)
    assert_accessible(page)
    page.get_by_role("button", name="Spara uppföljningen").click()
    held = page.get_by_text(re.compile("Gul: delvis, eller försenad · inget beslut"))
    expect(held).to_be_visible()
    settle(page)
    held.click()
    settle(page)
    expect(page.get_by_text(re.compile("Siffrorna är som de var"))).to_have_count(len(work.all(FollowUp)) * 2)
    assert_accessible(page)

    page.goto(f"{server.url}/moten")
    settle(page)
    expect(page.get_by_role("heading", name="Nästa möte")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Rådets möte, 2 mars 2037").first.click()
    expect(page.get_by_role("heading", name="Rådets möte")).to_be_visible()
    expect(page.get_by_text("Mötet öppnas och dagordningen godkänns")).to_be_visible()
    settle(page)
    assert_accessible(page)
    page.get_by_role("radio", name="Läs och skriv ut").click()
    expect(page.get_by_text("Planerat till 2 mars 2037. Har inte hållits än.")).to_be_visible()
    settle(page)
    assert_accessible(page)
