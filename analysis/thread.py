"""The thread from source to outcome: what hangs together with what, and where it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

#: The stations of the thread in order, as the pages call them.
STATIONS = {
    "source": "Källa",
    "problem": "Problem",
    "cause": "Orsak",
    "measure": "Åtgärd",
    "goal": "Mål",
    "outcome": "Utfall",
}

#: Breaks by what is missing: where on the thread, and what it is called about one and about many.
BREAKS = {
    "no_source": ("problem", "Problem utan underlag i data", "problem utan underlag i data"),
    "no_cause": ("problem", "Problem utan orsak", "problem utan orsak"),
    "cause_no_measure": ("cause", "Orsak utan åtgärd", "orsaker utan åtgärd"),
    "no_problem": ("measure", "Åtgärd utan problem", "åtgärder utan problem"),
    "measure_no_cause": ("measure", "Åtgärd utan orsak", "åtgärder utan orsak"),
    "measure_no_goal": ("measure", "Åtgärd utan mål", "åtgärder utan mål"),
    "never_followed": ("measure", "Åtgärd som aldrig har följts upp", "åtgärder som aldrig har följts upp"),
    "goal_no_measure": ("goal", "Mål utan åtgärd", "mål utan åtgärd"),
    "goal_no_indicator": ("goal", "Mål utan mått", "mål utan mått"),
    "goal_not_followed": (
        "goal",
        "Mål vars dag har passerat utan uppföljning",
        "mål vars dag har passerat utan uppföljning",
    ),
}


@dataclass(frozen=True)
class Records:
    """The work as frames, one row per live row, with the columns of the work's store."""

    problems: pd.DataFrame
    causes: pd.DataFrame
    measures: pd.DataFrame
    goals: pd.DataFrame
    follow_ups: pd.DataFrame
    measure_cause: pd.DataFrame
    goal_measure: pd.DataFrame
    evidence: pd.DataFrame


@dataclass(frozen=True)
class Ties:
    """Who belongs with whom, as sets of ids. A measure may serve several problems, and a goal several measures."""

    causes: Mapping[int, list[int]]
    measures: Mapping[int, list[int]]
    goals: Mapping[int, list[int]]
    measure_causes: Mapping[int, list[int]]
    measure_goals: Mapping[int, list[int]]
    goal_measures: Mapping[int, list[int]]
    sources: Mapping[int, list[str]]
    covered_causes: frozenset[int]
    followed_measures: frozenset[int]
    held: pd.DataFrame


def _grouped(frame: pd.DataFrame, by: str, what: str) -> dict[int, list[Any]]:
    rows = frame.dropna(subset=[by])
    found: dict[int, list[Any]] = {}
    for key, value in zip(rows[by].astype(int), rows[what], strict=True):
        found.setdefault(key, []).append(value)
    return {key: list(dict.fromkeys(values)) for key, values in found.items()}


def _merged(*parts: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    keys = dict.fromkeys(key for part in parts for key in part)
    return {key: list(dict.fromkeys(i for part in parts for i in part.get(key, ()))) for key in keys}


def ties(records: Records) -> Ties:
    """How the rows hang together."""
    causes = _grouped(records.causes, "problem_id", "id")
    # The ties of rows that were put aside are left in the store: only those of rows that live count.
    links = records.measure_cause
    links = links[links["measure_id"].isin(records.measures["id"]) & links["cause_id"].isin(records.causes["id"])]
    through = links.merge(records.causes[["id", "problem_id"]], left_on="cause_id", right_on="id")
    measures = _merged(_grouped(through, "problem_id", "measure_id"), _grouped(records.measures, "problem_id", "id"))
    aims = records.goal_measure
    aims = aims[aims["measure_id"].isin(records.measures["id"]) & aims["goal_id"].isin(records.goals["id"])]
    measure_goals = _grouped(aims, "measure_id", "goal_id")
    by_measure = {p: [g for m in ids for g in measure_goals.get(m, ())] for p, ids in measures.items()}
    goals = _merged(by_measure, _grouped(records.goals, "problem_id", "id"))
    held = records.follow_ups.dropna(subset=["held_on"]).sort_values(["held_on", "id"])
    goal_measures = _grouped(aims, "goal_id", "measure_id")
    of_goals = {m for goal in held["goal_id"].dropna() for m in goal_measures.get(int(goal), ())}
    return Ties(
        causes=causes,
        measures=measures,
        goals=goals,
        measure_causes=_grouped(links, "measure_id", "cause_id"),
        measure_goals=measure_goals,
        goal_measures=goal_measures,
        sources=_sources(records),
        covered_causes=_covered(records.causes, set(links["cause_id"])),
        followed_measures=frozenset({int(m) for m in held["measure_id"].dropna()} | of_goals),
        held=held,
    )


def _sources(records: Records) -> dict[int, list[str]]:
    """For each problem what it rests on: the sources of its evidence, or its measure when nothing was frozen."""
    shown = records.evidence.dropna(subset=["problem_id"])
    shown = shown.assign(source=shown["source"].where(shown["source"] != "", shown["title"]))
    found = _grouped(shown, "problem_id", "source")
    measured = records.problems[records.problems["measured"].notna()]
    for key, indicator in zip(measured["id"], measured["indicator"], strict=True):
        found.setdefault(int(key), [indicator or "Serie i data"])
    return found


def _covered(causes: pd.DataFrame, with_measure: set[int]) -> frozenset[int]:
    """Causes that a measure acts on, themselves or above or below in the tree."""
    parents = {int(i): None if pd.isna(p) else int(p) for i, p in zip(causes["id"], causes["parent_id"], strict=True)}
    covered = {i for i in with_measure if i in parents}
    above = set()
    for cause in covered:
        step = parents[cause]
        while step is not None and step in parents and step not in above:
            above.add(step)
            step = parents[step]
    below = {i for i in parents if i not in covered and _has_ancestor(i, parents, covered)}
    return frozenset(covered | above | below)


def _has_ancestor(cause: int, parents: Mapping[int, int | None], wanted: set[int]) -> bool:
    step, seen = parents.get(cause), set()
    while step is not None and step not in seen:
        if step in wanted:
            return True
        seen.add(step)
        step = parents.get(step)
    return False


def breaks(records: Records, today: date) -> pd.DataFrame:
    """Every place where the thread breaks: fault (a key of BREAKS), kind, id, title, place, place_id.

    A problem that rests or is closed, and a measure that was stopped, has no breaks of its own. A measure counts as
    never followed up once it has started; a goal as not followed once its day has passed.
    """
    tied = ties(records)
    open_problems = records.problems[records.problems["stage"] == "open"]
    live_causes = records.causes[records.causes["problem_id"].isin(open_problems["id"])]
    measures = records.measures[records.measures["progress"] != "stopped"]
    goals = records.goals
    with_problem = {m for ids in tied.measures.values() for m in ids}
    started = measures["progress"].isin(["ongoing", "done"]) | (
        pd.to_datetime(measures["starts_on"]) <= pd.Timestamp(today)
    )
    late = pd.to_datetime(goals["due_on"]) < pd.Timestamp(today)
    parts = {
        "no_source": open_problems[~open_problems["id"].isin(tied.sources.keys())],
        "no_cause": open_problems[~open_problems["id"].isin(tied.causes.keys())],
        "cause_no_measure": live_causes[~live_causes["id"].isin(tied.covered_causes)],
        "no_problem": measures[~measures["id"].isin(with_problem)],
        "measure_no_cause": measures[~measures["id"].isin(tied.measure_causes.keys())],
        "measure_no_goal": measures[~measures["id"].isin(tied.measure_goals.keys())],
        "never_followed": measures[started & ~measures["id"].isin(tied.followed_measures)],
        "goal_no_measure": goals[~goals["id"].isin(tied.goal_measures.keys())],
        "goal_no_indicator": goals[goals["measured"].isna() & (goals["indicator"].str.strip() == "")],
        "goal_not_followed": goals[late & ~goals["id"].isin(_followed_after_due(goals, tied.held))],
    }
    return pd.concat([_broken(fault, rows, records.problems) for fault, rows in parts.items()], ignore_index=True)


def _followed_after_due(goals: pd.DataFrame, held: pd.DataFrame) -> set[int]:
    rows = held[["goal_id", "held_on"]].dropna().merge(goals[["id", "due_on"]], left_on="goal_id", right_on="id")
    return set(rows.loc[pd.to_datetime(rows["held_on"]) >= pd.to_datetime(rows["due_on"]), "id"])


def _broken(fault: str, rows: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    kind = BREAKS[fault][0]
    titles = rows["what"] if kind == "cause" else rows["title"]
    if kind == "cause":
        at = problems.set_index("id")
        rows = rows.assign(**{c: rows["problem_id"].map(at[c]) for c in ("place", "place_id")})
    return pd.DataFrame(
        {
            "fault": fault, "kind": kind, "id": rows["id"].astype(int), "title": titles,
            "place": rows["place"], "place_id": rows["place_id"],
        }
    )  # fmt: skip


@dataclass(frozen=True)
class Link:
    """The thread between two stations of one problem: how many hang on, and what does not.

    ``whole`` when nothing is missing, ``partly`` when ``count`` things are, otherwise it is cut; ``missing`` says it in
    words.
    """

    whole: bool
    partly: bool
    missing: str = ""
    count: int = 0


@dataclass(frozen=True)
class Line:
    """One problem's thread: the ids at each station, the links between them, and the worst light of its outcomes."""

    problem_id: int | None
    title: str
    place: str
    ids: Mapping[str, list[Any]]
    links: tuple[Link, ...]
    light: str = ""

    @property
    def broken(self) -> int:
        """How many of the links are not whole."""
        return sum(not link.whole for link in self.links)


def lines(records: Records, found: pd.DataFrame) -> list[Line]:
    """A thread per problem in order of their ids, then one of what belongs to no problem, if anything does.

    ``found``: the breaks (``breaks``).
    """
    tied = ties(records)
    outcomes = _outcomes(tied.held)
    broken = {str(fault): set(part["id"]) for fault, part in found.groupby("fault")}
    rows = records.problems.sort_values("id")
    made = [
        _line(int(problem), title, place, tied, outcomes, broken)
        for problem, title, place in zip(rows["id"], rows["title"], rows["place"], strict=True)
    ]
    loose = _loose(records, tied, outcomes, broken)
    return [*made, loose] if loose else made


def _outcomes(held: pd.DataFrame) -> dict[tuple[str, int], int]:
    """The latest held follow-up of each goal and measure."""
    found: dict[tuple[str, int], int] = {}
    for kind in ("goal", "measure"):
        rows = held.dropna(subset=[f"{kind}_id"])
        found |= {(kind, int(key)): int(i) for key, i in zip(rows[f"{kind}_id"], rows["id"], strict=True)}
    return found


def _line(
    problem: int,
    title: str,
    place: str,
    tied: Ties,
    outcomes: Mapping[tuple[str, int], int],
    broken: Mapping[str, set[int]],
) -> Line:
    measures, goals = tied.measures.get(problem, []), tied.goals.get(problem, [])
    ids: dict[str, list[Any]] = {
        "source": tied.sources.get(problem, []),
        "problem": [problem],
        "cause": tied.causes.get(problem, []),
        "measure": measures,
        "goal": goals,
        "outcome": _outcomes_of(measures, goals, tied, outcomes),
    }
    return Line(problem, title, place, ids, _links(ids, broken), _worst(ids["outcome"], tied.held))


def _worst(outcomes: list[int], held: pd.DataFrame) -> str:
    lights = set(held.loc[held["id"].isin(outcomes), "light"])
    return next((light for light in ("red", "yellow", "green") if light in lights), "")


def _outcomes_of(
    measures: list[int], goals: list[int], tied: Ties, outcomes: Mapping[tuple[str, int], int]
) -> list[int]:
    """The newest of each goal, and of each measure whose goals have none: a goal's follow-up tells of its measures."""
    own = [m for m in measures if not any(("goal", g) in outcomes for g in tied.measure_goals.get(m, ()))]
    keys = [("goal", g) for g in goals] + [("measure", m) for m in own]
    return list(dict.fromkeys(outcomes[key] for key in keys if key in outcomes))


def _links(ids: Mapping[str, list[Any]], broken: Mapping[str, set[int]]) -> tuple[Link, ...]:
    def lacking(fault: str, one: str, many: str, without: str) -> tuple[int, str]:
        count = len(broken.get(fault, set()) & set(ids[BREAKS[fault][0]]))
        return count, f"{count} {one if count == 1 else many} utan {without}"

    return (
        _link(ids["source"], "inget underlag"),
        _link(ids["cause"], "ingen orsak"),
        _link(
            ids["measure"],
            "ingen åtgärd",
            lacking("cause_no_measure", "orsak", "orsaker", "åtgärd"),
            lacking("measure_no_cause", "åtgärd", "åtgärder", "orsak"),
        ),
        _link(
            ids["goal"],
            "inget mål",
            lacking("measure_no_goal", "åtgärd", "åtgärder", "mål"),
            lacking("goal_no_measure", "mål", "mål", "åtgärd"),
            lacking("goal_no_indicator", "mål", "mål", "mått"),
        ),
        _link(
            ids["outcome"],
            "inte uppföljt",
            lacking("never_followed", "åtgärd", "åtgärder", "uppföljning"),
            lacking("goal_not_followed", "mål", "mål", "uppföljning"),
        ),
    )


def _link(there: list[Any], cut: str, *missing: tuple[int, str]) -> Link:
    if not there:
        return Link(whole=False, partly=False, missing=cut)
    lacking = [(count, words) for count, words in missing if count]
    total = sum(count for count, _ in lacking)
    return Link(whole=not total, partly=bool(total), missing=", ".join(words for _, words in lacking), count=total)


def _loose(
    records: Records, tied: Ties, outcomes: Mapping[tuple[str, int], int], broken: Mapping[str, set[int]]
) -> Line | None:
    """What belongs to no problem: measures and goals."""
    bound_measures = {m for ids in tied.measures.values() for m in ids}
    bound_goals = {g for ids in tied.goals.values() for g in ids}
    measures = [int(m) for m in records.measures["id"] if m not in bound_measures]
    goals = [int(g) for g in records.goals["id"] if g not in bound_goals]
    if not measures and not goals:
        return None
    found = _outcomes_of(measures, goals, tied, outcomes)
    ids: dict[str, list[Any]] = {
        "source": [], "problem": [], "cause": [], "measure": measures, "goal": goals, "outcome": found,
    }  # fmt: skip
    cut = Link(whole=False, partly=False)
    links = (cut, cut, *_links(ids, broken)[2:])
    return Line(None, "Hör inte till något problem", "", ids, links, _worst(found, tied.held))
