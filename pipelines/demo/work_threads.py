"""The example's situation pictures and plans, and the whole thread: the problem that the planted measure acts on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.demo import work_figures as figures
from pipelines.demo.truth import Truth
from pipelines.demo.work_loose import write_loose
from pipelines.demo.work_parts import Tied, cause_of, goal_of, measure_of, problem_of
from store.records import CauseAnalysis, ChainStep, Evidence, FollowUp, Plan, Row, Situation, Writing
from store.records.choices import (
    Approach,
    Branch,
    Certainty,
    EvidenceKind,
    Grade,
    Light,
    Outcome,
    Phase,
    PlanKind,
    Progress,
    Reach,
)
from store.warehouse import Build, fetch

#: When the figures of the first situation picture were taken, and those of the second.
FIRST, SECOND = "2024-04-02T08:00:00+00:00", "2026-02-03T08:00:00+00:00"

#: What the goal asks for, of the year before.
_WANTED = 0.65


@dataclass
class Threads:
    """What is decided once all is written: model, id, and the day and registry number of the decision."""

    to_decide: list[tuple[type[Situation] | type[Plan], int, tuple[date, str]]] = field(default_factory=list)

    def decide(self, row: Situation | Plan, day: date, number: str) -> None:
        """To be decided, after what has been put here before."""
        self.to_decide.append((type(row), row.id, (day, number)))


def write_threads(writing: Writing, build: Build, truth: Truth) -> Threads:
    """The pictures, the plans and the threads."""
    threads = Threads()
    here = (truth.municipality, f"{name_of(build, truth.municipality)} kommun")
    first, second = _situations(writing, build, here)
    old, new = _plans(writing, first, second)
    _damage(writing, build, truth, Tied(first.id, old.id))
    write_loose(writing, build, truth, here, Tied(second.id, new.id))
    threads.decide(first, date(2024, 5, 21), "KS 2024-118")
    threads.decide(old, date(2024, 6, 18), "KS 2024-119")
    threads.decide(second, date(2026, 5, 12), "KS 2026-97")
    return threads


def name_of(build: Build, area_id: str) -> str:
    """The name of an area."""
    rows = fetch(build, "SELECT name FROM area WHERE area_id = $area", {"area": area_id})
    return str(rows["name"].iloc[0])


def _situations(writing: Writing, build: Build, here: tuple[str, str]) -> tuple[Situation, Situation]:
    first = writing.create(
        Situation(
            title="Lägesbild 2024", place_id=here[0], place=here[1], period="2023", build=build.id,
            crime="Skadegörelse och stölder är de vanligaste brotten i polisens ärenden. Skadegörelsen ligger samlad i "
            "tätorterna.",
            consequences="Återkommande skador på belysning, hållplatser och skolgårdar kostar och gör platser otrygga.",
            other="Trygghetsundersökningen, lägesrapporterna (EST) och felanmälningarna.",
            analysis="Skadegörelsen sker mest på kvällar, på platser utan insyn och utan vuxna i närheten.",
            uncertainty="Källorna börjar 2023. Det går därför inte att säga om läget är ovanligt.",
            sources_left_out="Företagens trygghetsundersökning fanns inte än.",
        )
    )  # fmt: skip
    second = writing.create(
        Situation(
            title="Lägesbild 2026", place_id=here[0], place=here[1], period="2023–2025", build=build.id,
            follows_id=first.id,
            crime="Skadegörelsen har minskat där åtgärderna gjordes. Hösten 2025 kom en anhopning av felanmälda skador "
            "på en annan plats.",
            consequences="Många är otrygga ute när det är mörkt. Företag överväger att flytta.",
            other="Trygghetsundersökningen 2025, företagens trygghetsundersökning och skolornas enkäter.",
            analysis="Minskningen är större än i övriga kommundelar. Anhopningen ligger runt en skola och började i "
            "september.",
            uncertainty="Fler rapportörer ger fler lägesrapporter. De kan inte läsas som fler händelser.",
            sources_left_out="Ingen nationell undersökning bland förtroendevalda (PTU): den finns inte per kommun.",
            other_statutes="Samordnas med översiktsplanens genomförande och elevhälsans planering.",
        )
    )  # fmt: skip
    return first, second


def _plans(writing: Writing, first: Situation, second: Situation) -> tuple[Plan, Plan]:
    old, new = (
        writing.create(
            Plan(kind=PlanKind.LAWFUL.value, title=title, situation_id=situation.id, starts_on=starts, ends_on=ends)
        )
        for title, situation, starts, ends in (
            ("Åtgärdsplan 2024–2026", first, date(2024, 7, 1), date(2026, 6, 30)),
            ("Åtgärdsplan 2026–2028", second, date(2026, 7, 1), date(2028, 6, 30)),
        )
    )
    return old, new


def _damage(writing: Writing, build: Build, truth: Truth, tied: Tied) -> None:
    """The whole thread: from the figure to the decided follow-up."""
    source = figures.source_of(build, truth.effect.series)
    if source is None:
        return
    area = (truth.effect.place, truth.effect.place_name)
    begins = date.fromisoformat(truth.effect.starts)
    before, year = begins.year - 1, begins.year
    per_category = [figures.events(build, source, truth.effect.series, one, area) for one in truth.effect.categories]
    seen = max(per_category, key=lambda one: one.years.get(before, 0))
    if not {before - 1, before, year} <= set(seen.years):
        return
    everywhere = figures.events(
        build, source, truth.effect.series, seen.measured["category"], (truth.municipality, "kommunen")
    )
    what, count = seen.measured["category"], seen.years
    words = (
        f"{what} i {seen.place}: {count[before - 1]} fall {before - 1}",
        f"{seen.place} hade {count[before - 1]} fall {before - 1}. Ett enda år säger inget om utvecklingen.",
        "händelser",
    )
    kept = figures.frozen(
        build, source, words, seen.place, [(str(before - 1), count[before - 1])], measured=seen.measured, at=FIRST,
        page=f"tid_och_plats?plats={seen.place}",
    )  # fmt: skip
    problem = problem_of(
        writing, tied, seen, kept, title=f"Skadegörelse kvällstid i {seen.place}", weighed=(3, 4),
        description="Skador på belysning, hållplatser och skolgård, mest på kvällar och helger.",
        grounds="Återkommer varje vecka, kostar att laga och gör platsen otrygg. Trygghetsundersökningen visar oro.",
    )  # fmt: skip
    causes = _causes(writing, problem.id)
    measures = _measures(writing, tied, problem.id, area, causes, begins)
    target = round(_WANTED * count[before])
    low, high = seen.interval(before)
    others = [one for one in truth.effect.controls if one.startswith(truth.effect.place)]
    goal = goal_of(
        writing, problem, [one.id for one in measures], title=f"Färre fall av skadegörelse i {seen.place}",
        indicator=what, measured=seen.measured, unit="händelser", baseline=float(count[before]), baseline_lower=low,
        baseline_upper=high, baseline_period=str(before), target=float(target), due_on=date(year, 12, 31),
        criterion=f"Högst {target} fall under {year}.", control_id=truth.municipality,
        buffer_id=others[0] if others else "",
        detectable=figures.can_be_found(seen, before, target, everywhere).as_json(),
    )  # fmt: skip
    _follow_ups(writing, goal.id, [one.id for one in measures], seen, before)


def _causes(writing: Writing, problem_id: int) -> list[Row]:
    writing.create(
        CauseAnalysis(
            problem_id=problem_id, held_on=date(2024, 9, 17),
            participants="Trygghetssamordnaren, kommunpolisen, fältare, rektor, fastighetsskötare",
            known="Skadorna sker mest kvällar och helger, runt skolgården och busstorget.",
            believed="Samma mindre grupp står för en stor del.",
            unknown="Hur mycket som aldrig anmäls.",
            victim="Belysning, hållplatser, fönster och cyklar utan tillsyn.",
            offender="Unga som samlas utan vuxna i närheten.",
            setting="Skolgård och busstorg efter stängning: mörkt, ingen insyn, ingen som ansvarar.",
        )
    )  # fmt: skip
    for position, (phase, what, how) in enumerate(
        (
            (Phase.BEFORE, "Fritidsgården stänger och gruppen går till busstorget.", "Öppet längre på fredagar."),
            (Phase.DURING, "Skadan görs där ingen ser.", "Ljus och fri sikt från vägen."),
            (Phase.AFTER, "Skadan är kvar i veckor och fler följer.", "Laga inom ett dygn."),
        )
    ):
        writing.create(
            ChainStep(problem_id=problem_id, phase=phase.value, position=position, what=what, break_here=how)
        )
    dark = cause_of(writing, problem_id, 0, "Platsen är mörk och utan insyn efter stängning", Branch.SETTING,
                    (3, Certainty.KNOWN))  # fmt: skip
    cause_of(writing, problem_id, 0, "Buskar skymmer gångvägen", Branch.SETTING, (2, Certainty.KNOWN), dark)
    kept = cause_of(writing, problem_id, 1, "Skador lagas sent, och fler följer", Branch.VICTIM,
                    (2, Certainty.BELIEVED))  # fmt: skip
    alone = cause_of(writing, problem_id, 2, "Unga samlas utan vuxna i närheten", Branch.OFFENDER,
                     (3, Certainty.KNOWN))  # fmt: skip
    closed = cause_of(writing, problem_id, 0, "Fritidsgården stänger tidigt på fredagar", Branch.OFFENDER,
                      (2, Certainty.KNOWN), alone)  # fmt: skip
    for cause, kind, title, note in (
        (dark, EvidenceKind.OBSERVATION, "Trygghetsrond i september 2024", "Fem av sju lampor vid torget lyste inte."),
        (closed, EvidenceKind.INTERVIEW, "Samtal med fältare", "Gruppen samlas när fritidsgården stänger klockan 19."),
    ):  # fmt: skip
        writing.create(Evidence(cause_id=cause.id, kind=kind.value, title=title, note=note))
    return [dark, kept, closed]


def _measures(
    writing: Writing, tied: Tied, problem_id: int, area: tuple[str, str], causes: list[Row], begins: date
) -> list[Row]:
    dark, kept, closed = causes
    year_end = date(begins.year, 12, 31)
    rows: list[tuple[list[Row], dict[str, Any]]] = [
        ([dark], {
            "title": "Ny belysning och fri sikt vid skolgård och busstorg", "approach": Approach.SITUATIONAL,
            "reach": Reach.UNIVERSAL, "grade": Grade.STRONG, "role": "Gatuchefen", "unit": "Samhällsbyggnadskontoret",
            "grade_grounds": "Systematiska översikter visar att bättre belysning minskar brott på platsen.",
            "starts_on": begins, "ends_on": date(begins.year, 3, 31), "cost_sek": 240_000,
            "funding": "Investeringsbudget", "progress": Progress.DONE,
        }),
        ([kept], {
            "title": "Skador lagas inom ett dygn", "approach": Approach.SITUATIONAL, "reach": Reach.UNIVERSAL,
            "grade": Grade.PROMISING, "grade_grounds": "Rimlig mekanism: det som lagas drar inte till sig fler skador.",
            "role": "Fastighetschefen", "unit": "Samhällsbyggnadskontoret", "starts_on": begins, "ends_on": year_end,
            "cost_sek": 60_000, "funding": "Driftbudget", "progress": Progress.DONE,
        }),
        ([closed], {
            "title": "Fältare och öppen fritidsgård fredagskvällar", "approach": Approach.SOCIAL,
            "reach": Reach.SELECTIVE, "grade": Grade.SOME, "role": "Enhetschefen för fältverksamheten",
            "grade_grounds": "Några utvärderingar av vuxennärvaro på platsen är positiva.", "unit": "Socialkontoret",
            "starts_on": date(begins.year, 2, 1), "ends_on": year_end, "cost_sek": 310_000, "funding": "Driftbudget",
            "progress": Progress.DONE,
        }),
    ]  # fmt: skip
    return [measure_of(writing, tied, problem_id, area, on, **told) for on, told in rows]


def _follow_ups(writing: Writing, goal_id: int, measures: list[int], seen: figures.Counted, before: int) -> None:
    """Half-way of the measures, and at the end of the goal."""
    year = before + 1
    for measure_id, light, grounds in zip(
        measures,
        (Light.GREEN, Light.GREEN, Light.YELLOW),
        (
            "Klart enligt plan i mars.",
            "Nio av tio skador lagades inom ett dygn.",
            "Öppet två av tre fredagar: personal saknades i maj.",
        ),
        strict=True,
    ):
        writing.create(
            FollowUp(
                measure_id=measure_id, due_on=date(year, 6, 12), held_on=date(year, 6, 12), light=light.value,
                done=grounds, grounds=grounds, outcome=Outcome.CONTINUE.value, decided_by="Styrgruppen",
                outcome_grounds="Åtgärderna går som tänkt.",
            )
        )  # fmt: skip
    told = f"{seen.years[year]} fall {year} mot {seen.years[before]} fall {before}."
    writing.create(
        FollowUp(
            goal_id=goal_id, due_on=date(year + 1, 1, 31), held_on=date(year + 1, 1, 27), hours=16.0,
            cost_sek=598_000, light=Light.GREEN.value, done="Alla tre åtgärderna är genomförda.", verdict=told,
            grounds=f"Målet nåddes: {told}", outcome=Outcome.CONTINUE.value, decided_by="Brottsförebyggande rådet",
            outcome_grounds="Öppet på fredagar och snabb lagning blir ordinarie verksamhet.",
        )
    )  # fmt: skip
