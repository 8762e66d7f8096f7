"""An action plan as a document: Brå's columns, its goals, costs and activities, what it rests on, and its decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from analysis.action_plan import board, budget, carried_out, costs
from analysis.cause_tree import numbered
from charts import swedish
from reports.description import Bullets, Fillable, Part, Report, Section, Tabled, Text
from reports.documents.words import DRAFT, EXAMPLE_DATA
from store.records import (
    Activity,
    Cause,
    FollowUp,
    Goal,
    GoalMeasure,
    Measure,
    MeasureCause,
    Plan,
    Situation,
    Work,
    about,
)
from store.records.choices import GrantPossible, Light, PlanKind, Progress, Stage
from store.warehouse import Build


def about_plan(work: Work, build: Build, plan_id: int, exported: date) -> Report:
    """The plan with this id as it is on the day ``exported``. Raises LookupError."""
    plan = work.get(Plan, plan_id)
    if plan is None:
        raise LookupError(f"Planen med nummer {plan_id} finns inte.")
    rows = _board(work, plan, exported)
    decided = plan.stage == Stage.DECIDED
    situation = work.get(Situation, plan.situation_id) if plan.situation_id else None
    return Report(
        id="atgardsplan" if plan.kind == PlanKind.LAWFUL else "aktivitetsplan",
        title=plan.title,
        subtitle=PlanKind(plan.kind).label + (f" med {plan.party}" if plan.party else ""),
        place=situation.place if situation else _places(work, rows),
        period=_years(plan),
        build=situation.build if situation and situation.build else build.id,
        exported=exported,
        sections=(
            _activities(work, plan) if plan.kind == PlanKind.ACTIVITY else _rests_on(situation),
            *_measures(work, rows),
            *_goals(work, rows),
            _decision(plan, decided=decided),
        ),
        marks=(*((EXAMPLE_DATA,) if build.example else ()), *(() if decided else (DRAFT,))),
    )  # fmt: skip


def _board(work: Work, plan: Plan, today: date) -> pd.DataFrame:
    """The plan's measures with their causes, goals and newest light."""
    causes = numbered(work.frame(Cause))
    measures = work.frame(Measure, plan_id=plan.id)
    links = (work.frame(MeasureCause), work.frame(Goal), work.frame(GoalMeasure), work.frame(FollowUp))
    return board(measures, causes, *links, today)


def _places(work: Work, rows: pd.DataFrame) -> str:
    """Where the measures are; of a plan without any, the place that the work's situation pictures are about."""
    pictured = [one.place for one in work.all(Situation)][-1:]
    named = [str(one) for one in dict.fromkeys(rows["place"]) if one] or pictured
    return swedish.listing(named) if named else "Kommunen"


def _years(plan: Plan) -> str:
    years = [day.year for day in (plan.starts_on, plan.ends_on) if day is not None]
    return "–".join(str(year) for year in dict.fromkeys(years))


def _rests_on(situation: Situation | None) -> Section:
    """The situation picture that the law says a plan rests on."""
    heading = "Det planen bygger på (5 §)"
    if situation is None:
        return Section(heading, (Fillable("Den lägesbild som planen bygger på"),))
    told = f"Planen bygger på {situation.title}, {situation.place}"
    if situation.stage != Stage.DECIDED:
        return Section(heading, (Text((f"{told}, som inte är beslutad än.",)),))
    decided = f"beslutad {swedish.date(situation.decided_on)}, diarienummer {situation.registry_number}"
    return Section(heading, (Text((f"{told}, {decided}.",)),))


def _measures(work: Work, rows: pd.DataFrame) -> Iterator[Section]:
    """Brå's columns; then what they cost and who pays."""
    goals = dict(zip(*(work.frame(Goal)[name].tolist() for name in ("id", "title")), strict=True))
    if rows.empty:
        yield Section("Åtgärder", (Text(("Ingen åtgärd är införd i planen än.",)),))
        return
    told = [
        {
            "Orsak": "; ".join(f"{number} {what}" for number, what in row["causes"]) or "saknas",
            "Åtgärd": row["title"],
            "Operativa mål": "; ".join(goals[one] for one in row["goals"]) or "saknas",
            "När": "–".join(swedish.date(_day(row[name])) for name in ("starts_on", "ends_on") if _day(row[name])),
            "Vem": ", ".join(filter(None, (row["role"], row["unit"]))) or "saknas",
            "Uppföljning": _followed(row),
        }
        for row in rows.to_dict("records")
    ]
    missing = sum(one[name] == "saknas" for one in told for name in ("Orsak", "Operativa mål", "Vem"))
    note = (
        f"«saknas» står på {missing} {'ställe' if missing == 1 else 'ställen'}: där är tråden bruten."
        if missing
        else ""
    )
    yield Section("Åtgärder", (Tabled("Åtgärder", pd.DataFrame(told), note),))
    paid = rows.loc[rows["cost_sek"].notna(), ["title", "place", "cost_sek", "funding"]]
    if not paid.empty:
        named = paid.set_axis(["Åtgärd", "Plats", "Kostnad, kr", "Finansiering"], axis=1)
        unknown = len(rows) - len(paid)
        total = f"Tillsammans {swedish.number(float(paid['cost_sek'].sum()))} kr."
        lacking = f" För {unknown} av {len(rows)} åtgärder finns ingen kostnad skriven." if unknown else ""
        yield Section("Kostnader", (Tabled("Kostnader", named, total + lacking),))


def _followed(row: dict[Any, Any]) -> str:
    """How far it has come, the newest light and the next day, in words."""
    stands = Progress(row["progress"]).label + (f", {row['late']}" if row["late"] else "")
    light = f"{Light(row['light']).label} ({swedish.date(_day(row['judged_on']))})" if row["light"] else ""
    following = _day(row["next_on"])
    coming = f"nästa {swedish.date(following)}" if following else ""
    return "; ".join((stands, *(filter(None, (light, coming)) if light or coming else ("ingen uppföljning planerad",))))


def _goals(work: Work, rows: pd.DataFrame) -> Iterator[Section]:
    """Each goal with what it starts from, its target and how it is decided whether it is reached."""
    wanted = list(dict.fromkeys(one for aims in rows["goals"] for one in aims)) if len(rows) else []
    if not wanted:
        return
    goals = work.frame(Goal).set_index("id").loc[wanted]
    told = [
        {
            "Mål": row["title"],
            "Mått": ", ".join(filter(None, (row["indicator"], row["place"]))),
            "Utgångsläge": _baseline(row),
            "Målvärde": _figure(row["target"], row["unit"]),
            "Senast": swedish.date(_day(row["due_on"])) if _day(row["due_on"]) else "saknas",
            "Så avgörs det": row["criterion"] or "saknas",
        }
        for row in goals.to_dict("records")
    ]
    yield Section("Operativa mål", (Tabled("Operativa mål", pd.DataFrame(told)),))


def _baseline(row: dict[Any, Any]) -> str:
    told = _figure(row["baseline"], str(row["unit"]))
    if not pd.isna(row["baseline_lower"]) and not pd.isna(row["baseline_upper"]):
        told += f" ({_plain(row['baseline_lower'])}–{_plain(row['baseline_upper'])})"
    return f"{told}, {row['baseline_period']}" if row["baseline_period"] else told


def _figure(value: object, unit: str) -> str:
    return "saknas" if pd.isna(value) else f"{_plain(value)} {unit}".strip()  # type: ignore[call-overload]


def _plain(value: object) -> str:
    known = float(value)  # type: ignore[arg-type]
    return swedish.number(known, 0 if known == int(known) else 1)


def _activities(work: Work, plan: Plan) -> Section:
    """What the partnership does, each option's price, and whether it holds within the budget."""
    rows = work.frame(Activity, plan_id=plan.id)
    if rows.empty:
        return Section("Aktiviteter", (Text(("Ingen aktivitet är införd i planen än.",)),))
    done = carried_out(rows)
    told = pd.DataFrame(
        {
            "Nr": rows["number"],
            "Aktivitet": rows["title"],
            "Option": rows["option"],
            "Genomförs": done,
            "Kostnad, kr": costs(rows),
            "Statsbidrag möjligt": [GrantPossible(one).label for one in rows["grant"]],
        }
    )
    found = budget(rows, plan.budget_sek)
    parts: list[Part] = [Tabled("Aktiviteter", told), Bullets(tuple(_sums(found.chosen, found.left, plan.budget_sek)))]
    if found.unpriced:
        parts.append(Text((f"Utan fast pris: {swedish.listing(list(found.unpriced))}.",)))
    return Section("Aktiviteter", tuple(parts))


def _sums(chosen: int, left: int | None, amount: int | None) -> Iterator[str]:
    yield f"De aktiviteter som genomförs kostar {swedish.number(chosen)} kr."
    if left is not None and amount is not None:
        told = f"{swedish.number(left)} kr är kvar" if left >= 0 else f"det är {swedish.number(-left)} kr för mycket"
        yield f"Årets budget är {swedish.number(amount)} kr: {told}."


def _decision(plan: Plan, *, decided: bool) -> Section:
    if not decided:
        labels = (about(Plan, name).label for name in ("decided_by", "decided_on", "registry_number"))
        return Section("Beslut", tuple(Fillable(label) for label in labels))
    number = f", diarienummer {plan.registry_number}" if plan.registry_number else ""
    return Section("Beslut", (Text((f"Beslutad {swedish.date(plan.decided_on)} av {plan.decided_by}{number}.",)),))


def _day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]
