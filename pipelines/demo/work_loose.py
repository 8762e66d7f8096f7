"""The example's threads that are not whole: each breaks somewhere, so that the breaks can be seen and mended."""

from __future__ import annotations

from datetime import date

from pipelines.demo import work_figures as figures
from pipelines.demo.truth import Truth
from pipelines.demo.work_parts import Tied, cause_of, goal_of, measure_of, problem_of
from store.records import CauseAnalysis, Evidence, FollowUp, Problem, Writing
from store.records.choices import (
    Approach,
    Branch,
    Certainty,
    Direction,
    EvidenceKind,
    Grade,
    Light,
    Outcome,
    ProblemStage,
    Progress,
    Reach,
)
from store.warehouse import Build, fetch

_AT = "2026-02-03T08:00:00+00:00"
_RESIDENTS, _DARK = "Trygghetsundersökningen", "Hur trygg känner du dig utomhus i ditt område när det är mörkt?"
_BUSINESS, _MOVE = "FTU, företagens trygghet", "Hur orolig är du för att företaget ska utsättas för brott?"
_REPORTS = "EST, lägesrapporter"

#: A change takes two years to see.
_FEWEST = 2


def write_loose(writing: Writing, build: Build, truth: Truth, here: tuple[str, str], tied: Tied) -> None:
    """The threads that the example's sources can carry."""
    rows = fetch(build, "SELECT name FROM area WHERE area_id = $area", {"area": truth.cluster.place})
    there = (truth.cluster.place, str(rows["name"].iloc[0]))
    _cluster(writing, build, truth, there, tied)
    _dark(writing, build, there, tied)
    _business(writing, build, here, tied)
    _reporting(writing, build, truth, tied)


def _cluster(writing: Writing, build: Build, truth: Truth, area: tuple[str, str], tied: Tied) -> None:
    """A cause without a measure; a measure without a goal; and one that is late."""
    source = figures.source_of(build, truth.cluster.series)
    if source is None:
        return
    seen = figures.events(build, source, truth.cluster.series, truth.cluster.category, area)
    years = sorted(seen.years)
    if len(years) < _FEWEST:
        return
    newest = years[-1]
    words = (
        f"Felanmäld skadegörelse i {seen.place}: {seen.years[newest]} under {newest}",
        f"{seen.years[newest]} felanmälningar {newest} mot {seen.years[newest - 1]} året före. Ökningen började i "
        "september och ligger inom några hundra meter.",
        "händelser",
    )
    kept = figures.frozen(
        build, source, words, seen.place, [(str(year), seen.years[year]) for year in years], measured=seen.measured,
        at=_AT, page=f"tid_och_plats?plats={seen.place}",
    )  # fmt: skip
    problem = problem_of(
        writing, tied, seen, kept, title=f"Anhopning av skadegörelse i {seen.place} hösten 2025", weighed=(3, 3),
        description="Många felanmälda skador inom några hundra meter, från september och framåt.",
        grounds="Väl avgränsad plats, skadorna återkommer och ligger nära en skola.",
    )  # fmt: skip
    writing.create(
        CauseAnalysis(
            problem_id=problem.id, held_on=date(2026, 3, 12), participants="Trygghetssamordnaren, rektor, vaktmästare",
            known="Skadorna ligger inom 250 meter och började i september.",
            believed="En ny samlingsplats på kvällarna.", unknown="Vilka som är där, och varför just där.",
        )
    )  # fmt: skip
    place = cause_of(writing, problem.id, 0, "En ny samlingsplats utan insyn", Branch.SETTING, (3, Certainty.BELIEVED))
    cause_of(writing, problem.id, 1, "Inga vuxna på plats efter skoldagen", Branch.OFFENDER, (2, Certainty.BELIEVED))
    writing.create(
        Evidence(
            cause_id=place.id, kind=EvidenceKind.OBSERVATION.value, title="Rond i mars 2026",
            note="Cykelskjulet skymmer hörnet där de flesta skadorna finns.",
        )
    )  # fmt: skip
    measure_of(
        writing, tied, problem.id, area, [place], title="Flytta cykelskjulet och öppna upp hörnet",
        approach=Approach.SITUATIONAL, reach=Reach.UNIVERSAL, grade=Grade.PROMISING, role="Fastighetschefen",
        grade_grounds="Mer insyn gör det svårare att göra skada osedd.", unit="Samhällsbyggnadskontoret",
        starts_on=date(2026, 5, 4), ends_on=date(2026, 8, 31), cost_sek=85_000, funding="Driftbudget",
        progress=Progress.PLANNED,
    )  # fmt: skip


def _dark(writing: Writing, build: Build, area: tuple[str, str], tied: Tied) -> None:
    """A goal that no measure leads to, and one whose measure is followed up late."""
    source = figures.source_of(build, _RESIDENTS)
    seen = figures.answers(build, source, _DARK, area) if source else None
    if source is None or seen is None:
        return
    newest = seen.waves.iloc[-1]
    share, wave = float(newest["share"]), str(newest["wave"])
    words = (
        f"{share:.0f} procent i {seen.place} är trygga ute när det är mörkt",
        f"{share:.0f} procent svarade {wave} att de är ganska eller mycket trygga.",
        "procent",
    )
    kept = figures.frozen(
        build, source, words, seen.place,
        [(str(one["wave"]), round(float(one["share"]), 1)) for one in seen.waves.to_dict("records")],
        measured=seen.measured, at=_AT, page=f"undersokningar?plats={seen.place}",
    )  # fmt: skip
    problem = problem_of(
        writing, tied, seen, kept, title=f"Otrygghet i mörker i {seen.place}", weighed=(2, 4),
        description="Färre än i kommunen som helhet är trygga ute när det är mörkt.",
        grounds="Många berörs och undviker platser. Lägre än i övriga kommundelar i båda omgångarna.",
    )  # fmt: skip
    cause = cause_of(writing, problem.id, 0, "Gångvägen till stationen är dåligt belyst", Branch.SETTING,
                     (2, Certainty.KNOWN))  # fmt: skip
    lamps = measure_of(
        writing, tied, problem.id, area, [cause], title="Belysning längs gångvägen", approach=Approach.SITUATIONAL,
        reach=Reach.UNIVERSAL, grade=Grade.STRONG, role="Gatuchefen", unit="Samhällsbyggnadskontoret",
        grade_grounds="Systematiska översikter visar att bättre belysning minskar brott och oro.",
        starts_on=date(2026, 3, 2), ends_on=date(2027, 3, 31), cost_sek=420_000,
        funding="Investeringsbudget", progress=Progress.ONGOING,
    )  # fmt: skip
    common = {
        "indicator": seen.measured["label"], "measured": seen.measured, "unit": "procent",
        "direction": Direction.RISE.value, "baseline": round(share, 6), "baseline_period": wave,
        "baseline_lower": float(newest["lower"]), "baseline_upper": float(newest["upper"]),
    }  # fmt: skip
    more, most = round(share) + 5, round(share) + 15
    goal_of(
        writing, problem, [lamps.id], title=f"Fler är trygga ute i mörker i {seen.place}", target=float(most),
        due_on=date(2027, 12, 31), criterion=f"Minst {most} procent i nästa trygghetsundersökning.",
        detectable=seen.can_be_found(most).as_json(), **common,
    )  # fmt: skip
    goal_of(
        writing, problem, [], title="Fler vågar ta bussen på kvällen", target=float(more), due_on=date(2027, 12, 31),
        detectable=seen.can_be_found(more).as_json(), **common,
    )  # fmt: skip
    writing.create(
        FollowUp(
            measure_id=lamps.id, due_on=date(2026, 6, 11), held_on=date(2026, 6, 11), light=Light.YELLOW.value,
            done="Stolparna är på plats, ljuset är inte påkopplat.", grounds="Elanslutningen är försenad.",
            outcome=Outcome.CONTINUE.value, outcome_grounds="Klart före hösten.", decided_by="Styrgruppen",
        )
    )  # fmt: skip
    writing.create(FollowUp(measure_id=lamps.id, due_on=date(2026, 10, 15)))


def _business(writing: Writing, build: Build, here: tuple[str, str], tied: Tied) -> None:
    """A problem whose causes nobody has looked for, and a measure that was begun anyway, with nobody responsible."""
    source = figures.source_of(build, _BUSINESS)
    seen = figures.answers(build, source, _MOVE, here) if source else None
    if source is None or seen is None:
        return
    newest = seen.waves.iloc[-1]
    words = (
        f"{float(newest['share']):.0f} procent av företagen oroar sig sällan eller aldrig",
        "Resten oroar sig åtminstone ibland för att utsättas för brott.",
        "procent",
    )
    kept = figures.frozen(
        build, source, words, seen.place,
        [(str(one["wave"]), round(float(one["share"]), 1)) for one in seen.waves.to_dict("records")],
        measured=seen.measured, at=_AT, page="undersokningar",
    )  # fmt: skip
    problem = problem_of(
        writing, tied, seen, kept, title="Företag oroar sig för brott", weighed=(2, 3),
        description="Många företag oroar sig för stölder och skadegörelse.",
        grounds="En av tre har utsatts för brott det senaste året enligt undersökningen.",
    )  # fmt: skip
    measure_of(
        writing, tied, problem.id, here, [], title="Frukostmöten om stöldskydd", approach=Approach.SOCIAL,
        reach=Reach.UNIVERSAL, grade=Grade.UNTRIED, starts_on=date(2026, 2, 16), progress=Progress.ONGOING,
    )  # fmt: skip


def _reporting(writing: Writing, build: Build, truth: Truth, tied: Tied) -> None:
    """What was taken for a problem: more reports, from more who report."""
    source = figures.source_of(build, _REPORTS)
    if source is None or not truth.reporting:
        return
    told = truth.reporting[0]
    seen = figures.events(build, source, _REPORTS, "", (told.place, told.place_name))
    if len(seen.years) < _FEWEST:
        return
    halves = list(told.rapporteurs.items())
    words = (
        f"Fler lägesrapporter i {told.place_name} år för år",
        "Rapporterna har blivit fler. Det har också de som rapporterar.",
        "händelser",
    )
    kept = figures.frozen(
        build, source, words, seen.place, [(str(year), number) for year, number in sorted(seen.years.items())],
        measured=seen.measured, at=_AT, page=f"tid_och_plats?plats={told.place_name}",
    )  # fmt: skip
    problem = problem_of(
        writing, tied, seen, kept, title=f"Fler lägesrapporter i {told.place_name}", weighed=(1, 1),
        description=f"Rapportörerna har blivit fler: {halves[0][1]} {halves[0][0]} och {halves[-1][1]} "
        f"{halves[-1][0]}. Rapporterna per rapportör är oförändrade.",
        grounds="Ökningen förklaras av att fler rapporterar. Ingen åtgärd behövs.",
    )  # fmt: skip
    writing.save(Problem, problem.id, problem.version, stage=ProblemStage.CLOSED.value)
