"""A meeting as a text: to read, print or paste into a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from charts.swedish import date as swedish_date
from store.records import Decision, Deviation, Meeting
from store.records.choices import MeetingKind
from ui.meetings.settled import decision_line


def made_on(agenda: dict[str, Any]) -> date:
    """The day that an agenda was made."""
    return date.fromisoformat(agenda["made_on"])


def text(
    meeting: Meeting, agenda: dict[str, Any], decisions: Sequence[Decision], deviations: Sequence[Deviation]
) -> str:
    """All of the meeting in Markdown."""
    held = f"Hölls {swedish_date(meeting.held_on)}" if meeting.held_on else "Har inte hållits än"
    facts = [
        MeetingKind(meeting.kind).label,
        f"Planerat till {swedish_date(meeting.planned_on)}. {held}.",
        f"Diarienummer: {meeting.registry_number}" if meeting.registry_number else "",
        f"Deltagare: {_line(meeting.participants)}" if meeting.participants else "",
    ]
    parts = [f"# {meeting.title}", "  \n".join(filter(None, facts)), "## Dagordning", _points(agenda)]
    if meeting.minutes:
        parts += ["## Minnesanteckningar", meeting.minutes]
    if deviations:
        parts += ["## Avvikelser", "\n".join(f"- {_deviation(one)}" for one in deviations)]
    if decisions:
        parts += ["## Beslut", "\n".join(f"- {decision_line(one)}" for one in decisions)]
    return "\n\n".join(parts)


def _points(agenda: dict[str, Any]) -> str:
    lines = []
    for number, point in enumerate(agenda["points"], start=1):
        lines.append(f"{number}. {point['title']}")
        lines += [f"    - {line['text']}" for line in point["lines"]]
    return "\n".join(lines)


def _deviation(one: Deviation) -> str:
    agreed = f"överenskommet {swedish_date(one.agreed_on)}" if one.agreed_on else "inte överenskommet än"
    why = f" Orsak: {_line(one.why)}" if one.why else ""
    how = f" Hantering: {_line(one.agreed)}" if one.agreed else ""
    return f"**{one.what}** ({agreed}).{why}{how}"


def _line(told: str) -> str:
    """A text on one line."""
    return ", ".join(line.strip() for line in told.splitlines() if line.strip())
