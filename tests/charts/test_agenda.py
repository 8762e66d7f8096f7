"""An agenda in words, as it is kept and printed."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from charts.agenda import points

ON = date(2025, 8, 12)


def item(point: str, title: str, about: str, **more: object) -> SimpleNamespace:
    plain = {"about_id": 1, "day": None, "role": "", "note": "", "amount": float("nan"), "per": ""}
    return SimpleNamespace(point=point, title=title, about=about, **{**plain, **more})


@pytest.mark.parametrize(
    ("one", "told", "page"),
    [
        (item("Beslut som inte är klara", "Ta fram underlag", "meeting", day=date(2025, 6, 1), role="Samordnare"),
         "Ta fram underlag: skulle ha varit klart 1 juni 2025, Samordnare", "moten"),
        (item("Beslut som inte är klara", "Boka lokal", "meeting", day=date(2025, 9, 1)),
         "Boka lokal: ska vara klart 1 september 2025", "moten"),
        (item("Beslut som inte är klara", "Boka lokal", "meeting"), "Boka lokal", "moten"),
        (item("Försenade uppföljningar", "Färre inbrott", "goal", day=date(2025, 6, 15)),
         "Färre inbrott: skulle ha gjorts 15 juni 2025", "uppfoljning"),
        (item("Mål att följa upp till nästa möte", "Färre inbrott", "goal", day=date(2025, 11, 30)),
         "Färre inbrott: senast 30 november 2025", "uppfoljning"),
        (item("Åtgärder som är sena", "Belysning", "measure", day=date(2025, 6, 30), role="Gatuchef", note="not_done"),
         "Belysning: skulle ha varit klar 30 juni 2025, Gatuchef", "uppfoljning"),
        (item("Åtgärder som är sena", "Rond", "measure", day=date(2025, 5, 1), note="not_started"),
         "Rond: skulle ha startat 1 maj 2025", "uppfoljning"),
        (item("Avvikelser att komma överens om", "Stolparna är sena", "measure"), "Stolparna är sena", "uppfoljning"),
        (item("Optioner att ta ställning till", "Tryggare Skola", "plan", note="on", amount=123_000.0, per="skola"),
         "Tryggare Skola: nu påslagen, 123 000 kr per skola", "atgardsplan"),
        (item("Fakturor", "2025 andra halvåret", "plan", day=date(2025, 7, 31), amount=500_000.0),
         "2025 andra halvåret: förföll 31 juli 2025, 500 000 kr", "atgardsplan"),
    ],
    ids=lambda one: getattr(one, "title", None),
)  # fmt: skip
def test_each_thing_says_when_who_and_how_much(one: SimpleNamespace, told: str, page: str) -> None:
    line = points([one], ON, [], "9 december 2025")[1]["lines"][0]
    assert line["text"].replace("\xa0", " ") == told
    assert (line["page"], line["id"]) == (page, 1)


def test_the_first_point_and_the_last_are_always_there() -> None:
    assert [one["title"] for one in points([], ON, [], "9 december 2025")] == [
        "Mötet öppnas och dagordningen godkänns",
        "Nästa möte",
    ]


def test_new_figures_come_before_the_next_meeting_and_nothing_leads_nowhere() -> None:
    nowhere = item("Avvikelser att komma överens om", "Utan möte", "meeting", about_id=0)
    made = points([nowhere, nowhere], ON, ["Polisens ärenden, 1 juni 2025"], "Bestäm en dag.")
    assert [(one["title"], len(one["lines"])) for one in made[1:]] == [
        ("Avvikelser att komma överens om", 2),
        ("Nya uppgifter sedan förra mötet", 1),
        ("Nästa möte", 1),
    ]
    assert made[1]["lines"][0] == {"text": "Utan möte"}
