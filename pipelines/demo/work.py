"""The example's work: the partnership's activity plan and threads about what is planted, written as a person writes."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from pipelines.demo.truth import Truth
from pipelines.demo.work_threads import Threads, write_threads
from pipelines.municipalities import CONFIG_DIR
from store.records import (
    Activity,
    Actor,
    Agreement,
    Coordination,
    CouncilMember,
    Decision,
    Deviation,
    Invoice,
    Measure,
    Meeting,
    Plan,
    Problem,
    Role,
    Writing,
    open_work,
)
from store.records.choices import MeetingKind, PlanKind
from store.settings import Settings
from store.warehouse import Build

#: Who has written the example's work.
BY = Actor("Exempel", Role.ADMIN)

#: When the plan was decided.
_AGREED = date(2024, 12, 17)

#: The meetings of the agreement: which are held, and those to come.
_HELD = (date(2025, 4, 10), date(2025, 8, 28), date(2025, 12, 11))
_PLANNED = (date(2026, 4, 16), date(2026, 8, 27), date(2026, 12, 10))


def write_work(example: Settings, build: Build, truth: Truth) -> bool:
    """Write the work of an example workspace, and say whether it was written.

    Where there is work already it stays as it is: whoever has tried something there keeps it.
    """
    work = open_work(example.records, example.data_dir)
    if not (work.frame(Plan).empty and work.frame(Problem).empty):
        return False
    with work.together(BY) as writing:
        threads = write_threads(writing, build, truth)
        _write_registers(writing)
        file = CONFIG_DIR / "partnerskap" / f"{example.municipality}.toml"
        if file.exists():
            plan = _write_partnership(writing, tomllib.loads(file.read_text("utf-8")))
            threads.decide(plan, _AGREED, "KS 2024-733")
    _decide(example, threads)
    return True


def _decide(example: Settings, threads: Threads) -> None:
    """The decisions, each by itself, as they are made."""
    work = open_work(example.records, example.data_dir)
    for model, row_id, (day, number) in threads.to_decide:
        row = work.get(model, row_id)
        # A plan that the example's sources gave no measure stays a draft.
        empty = isinstance(row, Plan) and row.kind == PlanKind.LAWFUL and work.frame(Measure, plan_id=row.id).empty
        if row is not None and not empty:
            work.decide(BY, model, row.id, row.version, decided_on=day, decided_by="Kommunstyrelsen",
                        registry_number=number)  # fmt: skip


def _write_registers(writing: Writing) -> None:
    """The council, the coordinating function and the agreement with the police."""
    writing.create(
        Agreement(
            party="Polismyndigheten, lokalpolisområdet",
            purposes="Att samordna det brottsförebyggande arbetet mellan kommunen och polisen.",
            areas="Lägesbild, ungas trygghet, trafik, brott i offentlig miljö.",
            starts_on=date(2024, 1, 1), ends_on=date(2027, 12, 31), registry_number="KS 2023-871",
        )
    )  # fmt: skip
    members = (
        ("Kommunstyrelsen", "Ordförande", True), ("Kommunstyrelsekontoret", "Kommundirektör", False),
        ("Polismyndigheten", "Lokalpolisområdeschef", False), ("Socialkontoret", "Socialdirektör", False),
        ("Barn- och utbildningskontoret", "Utbildningsdirektör", False), ("Bostadsbolaget", "Vd", False),
    )  # fmt: skip
    for organisation, position, leads in members:
        writing.create(CouncilMember(organisation=organisation, position=position, leads=leads))
    writing.create(
        Coordination(
            function="Trygghetssamordnare", unit="Kommunstyrelsekontoret",
            informs="En sida om läget och åtgärderna på kommunens webbplats, uppdaterad två gånger om året.",
        )
    )  # fmt: skip


def _write_partnership(writing: Writing, told: dict[str, Any]) -> Plan:
    """The agreement, the plan with its activities and invoices, and the meetings; the plan."""
    days = {name: told[name] for name in ("starts_on", "ends_on")}
    writing.create(Agreement(party=told["party"], registry_number="KS 2024-733", **told["agreement"]))
    plan = writing.create(
        Plan(
            kind=PlanKind.ACTIVITY.value, title=told["title"], party=told["party"], budget_sek=told["budget_sek"],
            **days,
        )
    )  # fmt: skip
    made = [writing.create(Activity(plan_id=plan.id, **one)) for one in told["activities"]]
    year, half = plan.starts_on.year if plan.starts_on else 0, told["budget_sek"] // 2
    for name, due, paid in (
        ("första", date(year, 1, 1), date(year, 1, 20)), ("andra", date(year, 7, 1), date(year, 7, 15))
    ):  # fmt: skip
        writing.create(
            Invoice(plan_id=plan.id, half_year=f"{year}, {name} halvåret", amount_sek=half, due_on=due, paid_on=paid)
        )
    meetings = [
        writing.create(
            Meeting(
                kind=MeetingKind.PARTNERSHIP.value, title=f"Uppföljningsmöte {_MONTH[day.month]} {day.year}",
                planned_on=day, held_on=day if day in _HELD else None, plan_id=plan.id, **_minutes(day),
            )
        )
        for day in (*_HELD, *_PLANNED)
    ]  # fmt: skip
    _write_settled(writing, meetings, made)
    return plan


_MONTH = {4: "april", 8: "augusti", 12: "december"}


def _minutes(day: date) -> dict[str, str]:
    if day not in _HELD:
        return {}
    said = {
        4: "Aktiviteterna har kommit i gång. HackShield har börjat senare än planerat.",
        8: "Halvårsredovisningen gicks igenom. Kunskapsserien har tre halvdagar kvar.",
        12: "Året summerades. Planen för 2026 ska ha budget, mål och kriterier för varje aktivitet.",
    }
    who = "Trygghetssamordnaren, stiftelsens projektledare, företrädare för berörda kontor"
    return {"participants": who, "minutes": said[day.month]}


def _write_settled(writing: Writing, meetings: list[Meeting], activities: list[Activity]) -> None:
    """What was decided at the meetings, and the deviation that was agreed on."""
    april, august, december = (one.id for one in meetings[: len(_HELD)])
    for meeting_id, what, role, due, done in (
        (april, "Klasserna som deltar i HackShield anmäls före terminsstarten.", "Utbildningsdirektören",
         date(2025, 8, 15), date(2025, 8, 14)),
        (august, "Sårbarhetsanalysens förslag förs in i åtgärdsplanen.", "Trygghetssamordnaren", date(2025, 11, 30),
         date(2025, 11, 24)),
        (december, "Ett förslag till plan för 2026 med budget, mål och kriterier tas fram.", "Trygghetssamordnaren",
         date(2026, 2, 27), None),
    ):  # fmt: skip
        writing.create(Decision(meeting_id=meeting_id, what=what, role=role, due_on=due, done_on=done))
    late = next(one for one in activities if one.number == 2)
    writing.create(
        Deviation(
            meeting_id=april, activity_id=late.id, what="Aktiviteten började ett halvår senare än planerat.",
            why="Klasserna anmäldes först efter terminsstarten.",
            agreed="Samma kostnad. Starten flyttas till höstterminen.", agreed_on=_HELD[0],
        )
    )  # fmt: skip
