"""No count of a protected source leaves ``queries`` without passing the gate.

Read: who may ask the store, and who may ask for rows. Run: every public function of ``queries`` on a build with tiny
counts in every protected source. A new function must be entered below, or the test fails.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import queries
from analysis.disclosure import HIDDEN, Policy
from analysis.goal_outcome import Terms
from queries import event_rows, gate, local_tables, local_window
from queries.measured import Measured
from store.warehouse import Build
from tests.queries.literal import Rows, literal_build, school_year, year
from tests.queries.test_local_events import HALLSTAVIK, HERE, RIMBO
from tests.queries.test_local_maps import AREAS, WITHIN

ROOT = Path(__file__).parent.parent.parent
POLICE, SURVEY, SERIES, WALKS, OFFICIAL = "lokal_polisen", "lokal_enkat", "lokal_serie", "lokal_rond", "polisen_events"
SCHOOL = "15312030"
SMALLEST = 5
#: Numbers of persons or events, by what columns and fields of answers are called.
COUNTS = {"events", "count", "people", "base", "rest_base", "observed", "before", "respondents", "reported", "unplaced",
          "outside", "newest", "answers"}  # fmt: skip

#: Functions that work on rows inside queries, and hand nothing to readers: what they answer is gated by who asks.
INSIDE = {
    "local_observations.hidden",
    "event_rows.within",
    "event_rows.cut",
    "event_rows.exact_parts",
    "event_rows.hidden_quarters",
    "local_tables.protected",
    "causes_parts.counts",
    "causes_parts.parts",
    "survey_groups.by_district",
}

#: Functions that ask for rows of protected sources and answer without counts: dates, labels, names, yes or no.
NO_COUNTS = {
    "catalogue.sources": "the newest day of each source",
    "event_rows.period": "first and last month",
    "local_events.covered_days": "first and last month",
    "local_window.window": "first and last month",
    "time_and_place.sources": "what a source can tell of",
    "time_and_place.categories": "names of categories",
    "time_and_place.period_label": "the name of a period",
    "time_and_place_change.starts": "days",
    "local_maps.indicators": "which measures there are",
    "local_surveys.choices": "questions and answers",
    "profiles.coverage": "whether there are any",
    "profiles.events": "published by the police themselves",
    "offences.notices": "published by the police themselves",
    "school_surveys.surveys": "which surveys there are",
    "school_surveys.questions": "which questions there are",
    "survey_waves.surveys": "which surveys there are",
    "causes.comparisons": "what can be compared",
    "causes.steps": "names of parts",
    "causes_surveys.questions": "which questions there are",
    "causes_surveys.steps": "names of parts",
    "survey_waves.about_safety": "which survey is about safety",
}

#: Functions whose small numbers are no counts of a protected source.
NO_FEW = {
    "profiles.events": "published by the police themselves",
    "offences.notices": "published by the police themselves",
    "profiles.coverage": "1 where there is any",
    "time_and_place_spots.places": "a curve of shares",
    "causes_surveys.breakdown": "shares of those who answered",
    "survey_inside.by_district": "shares of those who answered",
    "evaluation.own_course": "numbers of periods",
    "evaluation.beside": "numbers of periods",
}

#: What the functions are asked, by the names of their arguments.
ASKED: dict[str, Any] = {
    "municipality_id": HERE, "place_id": HALLSTAVIK, "area_id": HALLSTAVIK, "source_id": POLICE, "wave": "2025",
    "place_ids": (HERE, HALLSTAVIK), "area_ids": (HERE, RIMBO), "indicator_ids": ("pupils", "scores", "attendance"),
    "indicator_id": "pupils", "level": "district", "period_label": "2025", "breakdown": "", "category": "",
    "today": date(2026, 1, 15), "layer": "ingen", "period_type": "year", "at": (date(2025, 1, 1),), "parts": (),
    "added": (), "between": None, "start": date(2025, 7, 1), "question_id": "brott", "choice": "Ja",
    "source": (POLICE, "Polisens utdrag"), "path": (), "against": "year", "old_wave": "2023",
    "measured": Measured("events", HALLSTAVIK, source_id=POLICE, category="Rån"), "by_year": False,
    "control_id": RIMBO, "buffer_id": HERE, "baseline": 50.0, "target": 30.0, "fall": True, "months": 12,
    "terms": Terms(fall=True, baseline=50.0, target=30.0), "since": date(2024, 1, 1), "citations": ("Polisens utdrag",),
    "then": "start,end,label,value\n2024-01-01,2024-12-31,2024,60\n",
}  # fmt: skip
_EVENT_MAP = {"indicator_id": f"händelser|{POLICE}|antal"}
_ANSWER_MAP = {"indicator_id": f"svar|{SURVEY}|brott|Ja"}
_OF_SURVEY = {"source_id": SURVEY}
#: Series of every kind of protected source, by month and by year.
_MEASURED: list[dict[str, Any]] = [
    {"measured": one, "by_year": by_year}
    for one in (
        *(Measured("events", area, source_id=POLICE, category=kind) for area in (HERE, HALLSTAVIK)
          for kind in ("", "Rån")),
        Measured("survey", HALLSTAVIK, source_id=SURVEY, question_id="brott", choice="Ja"),
        Measured("indicator", HALLSTAVIK, indicator_id="pupils"),
        Measured("indicator", RIMBO, indicator_id="pupils", breakdown="kön=flickor"),
        Measured("indicator", SCHOOL, indicator_id="attendance"),
    )
    for by_year in (False, True)
]  # fmt: skip
#: The same for questions that have periods of their own.
_EACH = _MEASURED[::2]
#: Pages ask these only of measures of one official source, which they know by name.
_OFFICIAL = {"indicator_ids": ("bra_total",)}

#: Every public function of queries that takes a build, and what it is asked beside or instead of ``ASKED``; several
#: where it answers about several things. Those of no protected source are asked too: they must not tell of one.
_PLAIN: list[dict[str, Any]] = [{}]
FUNCTIONS: dict[str, list[dict[str, Any]]] = dict.fromkeys(
    (
        "catalogue.provenance", "catalogue.caveats", "catalogue.sources", "catalogue.deliveries", "catalogue.brought",
        "catalogue.refusals", "catalogue.breaks", "catalogue.indicators", "local.sources", "local.deliveries",
        "local_events.years", "local_events.latest", "local_events.covered_days", "local_window.window",
        "maps.layers", "maps.indicators", "maps.schools", "offences.groups",
        "offences.breaks", "offences.peers", "offences.notices", "places.choices", "places.years", "profiles.places",
        "profiles.population_source", "profiles.population", "profiles.national", "profiles.profile", "profiles.ranks",
        "profiles.socioeconomic_index", "profiles.recent", "profiles.coverage", "profiles.events", "schools.schools",
        "schools.named", "surveys.newest", "surveys.changes", "event_rows.period", "event_rows.step",
        "school_attendance.measures", "school_surveys.surveys", "survey_waves.surveys", "three_views.reported",
        "three_views.official", "three_views.inspections", "time_and_place.sources", "time_and_place.categories",
        "time_and_place.period_label", "time_and_place_change.starts", "time_and_place_spots.areas",
        "vulnerability.measures", "vulnerability.areas", "vulnerability.values", "vulnerability.country",
        "vulnerability.more", "vulnerability.own_index", "local_events.placements",
    ),
    _PLAIN,
) | {
    "local_events.series": [{}, {"place_id": HERE}], "local_events.reporting": [{}, {"place_id": HERE}],
    "local_figures.newest": [{}, {"place_id": HERE}],
    "local_maps.indicators": [{"level": level} for level in ("district", "regso", "deso")],
    "local_maps.slices": [_EVENT_MAP, _ANSWER_MAP],
    "local_maps.values": [*({**_EVENT_MAP, "level": one} for one in ("district", "regso", "deso")), _ANSWER_MAP],
    "local_maps.wholes": [_EVENT_MAP, _ANSWER_MAP],
    "local_surveys.waves": [_OF_SURVEY], "local_surveys.shares": [_OF_SURVEY], "local_surveys.choices": [_OF_SURVEY],
    "offences.series": [_OFFICIAL], "offences.expected": [_OFFICIAL], "schools.figures": [_OFFICIAL],
    "maps.boundary": [], "maps.slices": [{}], "maps.values": [{}, {"indicator_id": "scores"}], "maps.wholes": [{}],
    "school_attendance.figures": [{"indicator_id": "attendance"}], "school_surveys.questions": [_OF_SURVEY],
    "school_surveys.indices": [_OF_SURVEY], "survey_groups.by_group": [_OF_SURVEY],
    "survey_waves.answered": [_OF_SURVEY], "survey_waves.over_waves": [_OF_SURVEY],
    "survey_waves.about_safety": [_OF_SURVEY], "three_views.events": [{}], "three_views.felt": [_OF_SURVEY],
    "causes.comparisons": [{}], "causes.steps": [{}], "causes_official.comparisons": [{}],
    "causes_official.steps": [{}],
    "causes_official.breakdown": [{}], "causes_surveys.questions": [_OF_SURVEY],
    "causes_harm.harms": [{}, {"place_id": HERE}], "causes_surveys.steps": [_OF_SURVEY],
    "survey_inside.by_district": [_OF_SURVEY],
    "causes_surveys.breakdown": [_OF_SURVEY, {**_OF_SURVEY, "path": (("Kommundel", "Rimbo"),)}],
    "causes.breakdown": [{}, {"place_id": HERE}, {"place_id": HERE, "path": (("Veckodag", "onsdag"),)},
                         {"place_id": HERE, "path": (("Slag", "Rån"), ("Tid på dygnet", "natt"))}],
    "measured_series.municipality_of": [{}], "measured_series.unit": _EACH, "measured_series.series": _MEASURED,
    "measured_series.baseline": _EACH, "measured_series.by_chance": _EACH, "measured_series.of_events": _EACH,
    "measured_choices.choices": [{}, {"place_id": HERE}],
    "outcomes.points": _EACH,
    "outcomes.outcome": _EACH, "outcomes.sides": _EACH, "outcomes.sources": _EACH, "evaluation.before_after": _EACH,
    "evaluation.own_course": _EACH, "evaluation.beside": [*_EACH, *({**one, "control_id": HERE} for one in _EACH)],
    "since_frozen.telling": _EACH, "since_frozen.since": _EACH, "since_frozen.unused": _PLAIN,
    "since_frozen.newest_deliveries": _PLAIN,
    "measured_around.counts_around": _EACH, "measured_plan.can_be_found": _EACH,
    "vulnerability.added": [{}], "vulnerability_index.result": [], "vulnerability_index.contributions": [],
    "vulnerability_index.national": [{}], "vulnerability_index.beside_own_index": [],
} | {
    name: [{}, {"place_id": HERE}, {"category": "Rån"}]
    for name in (
        "time_and_place_calendar.season", "time_and_place_calendar.weeks", "time_and_place_change.change",
        "time_and_place_repeats.repeats", "time_and_place_reports.reports", "time_and_place_spots.spots",
        "time_and_place_spots.places", "time_and_place_week.weekday_hours", "time_and_place_months.levels",
        "time_and_place_months.apart", "time_and_place_months.part",
    )
}  # fmt: skip


def functions() -> dict[str, Callable[..., Any]]:
    """Every public function of queries that takes a build, but the gate's own."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(queries.__path__):
        code = importlib.import_module(f"queries.{module.name}")
        for name, one in vars(code).items():
            own = inspect.isfunction(one) and one.__module__ == code.__name__ and not name.startswith("_")
            if own and code is not gate and next(iter(inspect.signature(one).parameters), "") == "build":
                found[f"{module.name}.{name}"] = one
    return found


def test_every_question_is_entered_here() -> None:
    """A new function of queries that takes a build: say above what it is asked, or that only queries may ask it."""
    taken = {"local_surveys.counted"}  # is given its counts
    assert set(functions()) - INSIDE - taken == set(FUNCTIONS)


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}", node.lineno


OUTSIDE = [path for part in ("pages", "ui", "charts", "reports") for path in sorted((ROOT / part).rglob("*.py"))]


@pytest.mark.parametrize("path", [ROOT / "app.py", *OUTSIDE], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_outside_queries_asks_for_rows(path: Path) -> None:
    """Neither the store itself, nor what works on rows inside queries."""
    forbidden = {"warehouse.fetch", "store.warehouse.fetch", "queries.event_rows", "queries.local_tables", *INSIDE}
    tree = ast.parse(path.read_text("utf-8"))
    assert [(name, line) for name, line in calls(tree) if name in forbidden] == []
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if ROWS.search(text)] == []


#: A statement that reads rows of events or answers.
ROWS = re.compile(r"\b(?:FROM|JOIN)\s+(?:event|event_month|survey_answer)\b")


def event(number: int, day: str, place: str | None, category: str, **more: Any) -> dict[str, Any]:
    return {
        "source_id": POLICE, "event_id": f"{number}-{day}-{place}-{category}", "category": category, "events": number,
        "occurred_from": pd.Timestamp(day), "reported": pd.Timestamp(day), "area_id": place,
        "placement": "placed" if place else "unplaced", "reporter": f"Skola {number % 3}", "x": 700000.0 + 40 * number,
        "y": 6640000.0 + 25 * number, "precision": "address", **more,
    }  # fmt: skip


def event_rows_planted() -> Rows:
    """Two years: plenty in the districts, and one to four in many a category, quarter, month and small area."""
    rows = []
    for number, (place, months) in enumerate({"0188A0010": 24, "0188B3010": 24, "0188A0030": 12}.items()):
        for month in range(months):
            day = f"{2024 + month // 12}-{month % 12 + 1:02d}-{3 + number * 5:02d} {number * 7 + 1:02d}:15"
            rows.append(event(11 + (month * 7 + number) % 17, day, place, "Stöld"))
            rows.append(event(1 + (month + number) % 4, day.replace(":15", ":45"), place, ("Rån", "Hot")[month % 2]))
    rows += [event(3, "2025-04-04 10:00", "0188A0020", "Rån"), event(2, "2025-08-08 11:00", None, "Hot"),
             event(4, "2024-02-02 12:00", None, "Stöld"), event(9, "2025-12-31 12:00", None, "Stöld"),
             event(3, "2025-05-05 12:00", None, "Hot", placement="outside")]  # fmt: skip
    official = [event(2, "2025-06-06 13:00", HERE, "Brand", source_id=OFFICIAL, precision="municipality")]
    return rows + official


def answer_rows_planted() -> Rows:
    rows: Rows = []
    spread = {"0188A0010": (40, 3), "0188A0030": (20, 25), "0188B3010": (2, 31), None: (6, 4), SCHOOL: (3, 9)}
    for wave in ("2023", "2025"):
        for place, numbers in spread.items():
            for answer, number in zip(("Ja", "Nej"), numbers, strict=True):
                common = {
                    "source_id": SURVEY, "wave": wave, "period_start": pd.Timestamp(int(wave), 1, 1),
                    "period_end": pd.Timestamp(int(wave), 12, 31), "weight": 1.0, "area_id": place,
                    "placement": "placed" if place else "unplaced", "question_id": "brott", "answer": answer,
                    "delivery_id": "d1",
                }  # fmt: skip
                rows += [
                    {**common, "respondent": f"{place}{answer}{one}", "groups": f"kön={'Kvinna' if one % 9 else 'Man'}"}
                    for one in range(number)
                ]
    return rows


def figure(identity: str, area_id: str, value: float, **more: Any) -> dict[str, Any]:
    return {"indicator_id": identity, "area_id": area_id, **year(2025), "value": value, **more}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    common = {"layout": "tolkning", "sha256": "3f5a" * 16, "bytes": 1, "received_by": "Anna", "rows_read": 900,
              "rows_kept": 900, "rows_refused": 0, "received_at": pd.Timestamp(2026, 1, 15)}  # fmt: skip
    kinds = {POLICE: "events", SURVEY: "answers", SERIES: "observations", WALKS: "inspections", OFFICIAL: "official"}
    school = {"area_id": SCHOOL, "level": "school", "name": "Skolan", "parent_id": HERE}
    return literal_build(
        tmp_path_factory.mktemp("gate"), area=[*AREAS, school],
        area_within=[*WITHIN, *({"area_id": SCHOOL, "within_id": one} for one in (SCHOOL, HALLSTAVIK, HERE))],
        source=[{"source_id": one, "title": one.replace("lokal_", "").title(), "kind": kind,
                 "protected": kind != "official"} for one, kind in kinds.items()],
        delivery=[{"delivery_id": f"d-{one}", "source_id": one, "file": f"{one}.xlsx", **common} for one in kinds],
        event=event_rows_planted(), survey_answer=answer_rows_planted(),
        survey_question=[{"source_id": SURVEY, "question_id": "brott", "text": "Har du varit otrygg?", "kind": "yes_no",
                          "position": 1}],
        municipality=[{"municipality_id": HERE, "name": "Norrtälje", "peers": "", "peers_source": ""}],
        indicator=[
            {"indicator_id": "pupils", "source_id": SERIES, "name": "Deltagare", "unit": "antal", "aggregation": "sum"},
            {"indicator_id": "attendance", "source_id": SERIES, "name": "Närvaro", "unit": "procent"},
            {"indicator_id": "scores", "source_id": WALKS, "name": "Belysning", "unit": "poäng"},
        ],
        observation=[
            figure("pupils", HERE, 60), figure("pupils", RIMBO, 57), figure("pupils", HALLSTAVIK, 3),
            figure("pupils", SCHOOL, 3), figure("pupils", RIMBO, 55, breakdown="kön=pojkar"),
            figure("pupils", RIMBO, 2, breakdown="kön=flickor"), figure("attendance", SCHOOL, 75.0, base=4),
            {**figure("attendance", SCHOOL, 50.0, base=2), **school_year(2024)}, figure("scores", SCHOOL, 3.0, base=2),
        ],
    )  # fmt: skip


def named(answer: Any) -> dict[str, Any]:
    """The fields of a record by name."""
    if dataclasses.is_dataclass(answer):
        return {field.name: getattr(answer, field.name) for field in dataclasses.fields(answer)}
    return {str(key): value for key, value in (answer if isinstance(answer, dict) else answer._asdict()).items()}


def numbers(answer: object, name: str = "") -> Iterator[tuple[str, float]]:
    """Every number in an answer with the name of its column or field."""
    if isinstance(answer, pd.DataFrame):
        for column in answer.select_dtypes("number"):
            yield from ((str(column), float(value)) for value in answer[column].dropna())
    elif dataclasses.is_dataclass(answer) or isinstance(answer, dict) or hasattr(answer, "_asdict"):
        for key, value in named(answer).items():
            yield from numbers(value, key)
    elif isinstance(answer, list | tuple | set):
        for value in answer:
            yield from numbers(value, name)
    elif isinstance(answer, int | float | np.number) and not isinstance(answer, bool):
        yield name, float(answer)


def small_of_protected(answer: object) -> list[tuple[str, float]]:
    """Counts in an answer that are few, without what the police publish themselves."""
    if isinstance(answer, pd.DataFrame) and "source_id" in answer:
        answer = answer[answer["source_id"] != OFFICIAL]
    return [(name, value) for name, value in numbers(answer) if name in COUNTS and 0 < value < SMALLEST]


CASES = [(name, number) for name, asked in FUNCTIONS.items() for number in range(len(asked))]


@pytest.mark.parametrize(("name", "number"), CASES, ids=lambda one: str(one))
def test_what_leaves_queries_has_passed_the_gate(
    build: Build, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    passed, read = [], []
    real_policy, modules = gate.policy, [importlib.import_module(f"queries.{m.name}") for m in
                                         pkgutil.iter_modules(queries.__path__)]  # fmt: skip

    def policy(build: Build, source_id: str) -> Policy | None:
        passed.append(source_id)
        return real_policy(build, source_id)

    monkeypatch.setattr(gate, "policy", policy)
    for module in modules:
        if hasattr(module, "fetch"):
            real = module.fetch

            def fetch(build: Build, sql: str, params: Any = (), real: Any = real) -> pd.DataFrame:
                read.append(sql)
                return pd.DataFrame(real(build, sql, params))

            monkeypatch.setattr(module, "fetch", fetch)
    function = functions()[name]
    asked = {**ASKED, **FUNCTIONS[name][number]}
    wanted = list(inspect.signature(function).parameters)[1:]
    answer = function(build, **{one: asked[one] for one in wanted})
    if any(ROWS.search(sql) for sql in read) and name not in NO_COUNTS:
        assert passed, "rows of events or answers were read, and the gate was never asked"
    if name not in NO_FEW:
        assert small_of_protected(answer) == []


def test_official_events_pass_as_they_are(build: Build) -> None:
    assert gate.policy(build, OFFICIAL) is None
    counts = pd.DataFrame({"kind": ["Brand"], "events": [2]})
    assert gate.shown(build, OFFICIAL, counts, ["kind"])[["events", "status"]].to_numpy().tolist() == [[2.0, "final"]]


@pytest.mark.parametrize("source_id", [POLICE, SURVEY, "lokal_okänd"], ids=["events", "answers", "not known"])
def test_a_source_is_protected_unless_it_says_otherwise(build: Build, source_id: str) -> None:
    rule = gate.policy(build, source_id)
    assert rule is not None
    assert (rule.smallest, rule.rounding) == (5, 0)


def test_a_source_can_hide_more(tmp_path: Path) -> None:
    other = literal_build(tmp_path, source=[{"source_id": POLICE, "kind": "events", "protected": True, "smallest": 10}])
    counts = pd.DataFrame({"kind": ["Rån", "Hot"], "events": [9, 10]})
    assert gate.shown(other, POLICE, counts, ["kind"])["status"].tolist() == [HIDDEN, "final"]


def test_the_functions_that_work_on_rows_are_there() -> None:
    assert {"event_rows.within", "event_rows.cut", "local_tables.protected"} <= set(functions())
    assert callable(event_rows.in_steps)
    assert callable(local_window.window)
    assert local_tables.NOWHERE == ""
