"""The work's store with a municipality's work of many years: what pages read, and twenty who write at once."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.report import Measured, median, quantile, tell
from store.records import (
    Activity,
    Actor,
    Cause,
    Decision,
    Deviation,
    Evidence,
    FollowUp,
    Goal,
    GoalMeasure,
    History,
    Measure,
    MeasureCause,
    Meeting,
    Plan,
    Problem,
    Role,
    Row,
    Situation,
    Stale,
    Work,
    open_work,
)

ROUNDS = 20
MEASURES, HISTORY = 1_000, 5_000
EDITORS, SECONDS = 20, 60.0
MOST_READ_MS, MOST_SAVE_MS = 50.0, 300.0
_ME = Actor("Bench", Role.ADMIN)
_FIRST = date(2024, 1, 1)

#: The tables that each page reads whole.
READS: dict[str, tuple[type[Row], ...]] = {
    "start": (Situation, Plan, Measure, Goal, FollowUp, Meeting),
    "problem": (Problem, Cause, Measure),
    "orsaksanalys": (Problem, Cause),
    "atgardsplan": (Plan, Measure, MeasureCause, Cause, Goal, GoalMeasure),
    "uppfoljning": (Goal, GoalMeasure, Measure, FollowUp),
    "moten": (Meeting, Decision, Deviation, Activity),
    "roda_traden": (Problem, Cause, MeasureCause, Measure, GoalMeasure, Goal, FollowUp),
    "efterlevnad": (Situation, Plan, Meeting),
}


def main(rounds: int) -> None:
    """Fill a store, time the reads of each page, then let many write for a minute."""
    with tempfile.TemporaryDirectory() as folder:
        work = open_work(Path(folder) / "records.sqlite")
        fill(work)
        reads = [_read(page, rounds, work) for page in READS]
        # What is saved between two clicks is read anew, with the numbers of the history.
        reads.append(_timed("number of the last change", work.revision, rounds))
        reads.append(_timed("history of one measure", lambda: work.history(Measure, 1), rounds))
        tell(f"The work: {MEASURES} measures, {HISTORY} rows of history (SQLite)", reads)
        tell(f"{EDITORS} editors at once for {SECONDS:.0f} s (SQLite)", _write_at_once(work))
        work.engine.dispose()


def fill(work: Work) -> None:
    """A work of many years: a hundred problems with causes, measures, goals and follow-ups, some changed often."""
    choose = random.Random(5)
    with work.together(_ME) as writing:
        plan = writing.create(Plan(title="Åtgärdsplan"))
        measures = []
        for number in range(MEASURES // 10):
            problem = writing.create(Problem(title=f"Problem {number}", place_id="0188", place="Norrtälje"))
            causes = [writing.create(Cause(problem_id=problem.id, what=f"Orsak {n}")) for n in range(4)]
            goal = writing.create(Goal(title=f"Mål {number}", problem_id=problem.id))
            writing.create(
                Evidence(problem_id=problem.id, title="Diagram", frozen={"rows": [[n, n / 3] for n in range(60)]})
            )
            for n in range(10):
                starts = _FIRST + timedelta(days=choose.randrange(900))
                made = Measure(title=f"Åtgärd {number}.{n}", problem_id=problem.id, plan_id=plan.id, starts_on=starts)
                measures.append(writing.create(made))
                writing.link(MeasureCause, measure_id=made.id, cause_id=choose.choice(causes).id)
            writing.link(GoalMeasure, goal_id=goal.id, measure_id=measures[-1].id)
            writing.create(FollowUp(goal_id=goal.id, due_on=_FIRST + timedelta(days=number)))
    left = HISTORY - _kept(work)
    with work.together(_ME) as writing:
        for measure in choose.choices(measures, k=left):
            version = measure.version
            measure.version = writing.save(Measure, measure.id, version, description=f"Ändring {version}").version


def _kept(work: Work) -> int:
    """How many writes the history holds."""
    with work.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(History)).scalar_one()


def _read(page: str, rounds: int, work: Work) -> Measured:
    return _timed(f"{page}: {len(READS[page])} tables", lambda: [work.frame(model) for model in READS[page]], rounds)


def _timed(what: str, read: Callable[[], object], rounds: int) -> Measured:
    read()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        read()
        taken.append((time.perf_counter() - began) * 1000)
    return Measured.at_most(f"{what}, median", median(taken), MOST_READ_MS, "ms")


def _write_at_once(work: Work) -> list[Measured]:
    """Each editor reads a measure that others also edit, adds to its text and saves; when stale, tries again."""
    end = time.monotonic() + SECONDS
    taken: list[float] = []
    stale: list[int] = []
    counts: list[int] = []
    before = _kept(work)

    def edit(number: int) -> None:
        choose = random.Random(number)
        actor = Actor(f"Handläggare {number}", Role.EDITOR)
        saved = 0
        while time.monotonic() < end:
            measure = work.get(Measure, choose.randint(1, EDITORS))
            assert measure is not None
            began = time.perf_counter()
            try:
                text = f"{measure.description[-200:]} {number}.{saved}"
                work.save(actor, Measure, measure.id, measure.version, description=text)
                saved += 1
            except Stale:
                stale.append(measure.id)
            taken.append((time.perf_counter() - began) * 1000)
            time.sleep(choose.uniform(0.5, 1.5))  # a person writes
        counts.append(saved)

    editors = [threading.Thread(target=edit, args=(number,)) for number in range(EDITORS)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    kept = _kept(work) - before
    return [
        Measured.at_most("save, 95th percentile", quantile(taken, 0.95), MOST_SAVE_MS, "ms"),
        Measured("save, median", f"{median(taken):.1f} ms"),
        Measured("saves", str(sum(counts))),
        Measured("stale saves refused", str(len(stale))),
        Measured("saves that the history lacks", str(sum(counts) - kept), "0", sum(counts) == kept),
    ]
