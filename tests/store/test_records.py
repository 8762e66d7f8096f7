"""The work's store, on SQLite and PostgreSQL: rows, history, versions, putting aside and deciding."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.publish import pinned, prune
from store.records import (
    Activity,
    Actor,
    Attachment,
    Cause,
    Comment,
    Evidence,
    Forbidden,
    Goal,
    GoalMeasure,
    Measure,
    MeasureCause,
    Missing,
    Plan,
    Problem,
    Refused,
    Role,
    Row,
    Situation,
    Stale,
    Work,
)
from store.records.choices import Action, PlanKind

PROBLEM = {"title": "Klotter", "place_id": "0188-rimbo", "place": "Rimbo"}
PARTS = {"crime": "Brott", "consequences": "Följder", "other": "Annat", "analysis": "Analys"}
DECISION: dict[str, Any] = {"decided_on": date(2026, 6, 15), "decided_by": "KS", "registry_number": "KS 2026-17"}


def with_build(data_dir: Path, name: str = "b1") -> str:
    (data_dir / "builds").mkdir(exist_ok=True)
    (data_dir / "builds" / f"{name}.duckdb").touch()
    return name


def decided_situation(work: Work, actor: Actor, data_dir: Path) -> Situation:
    build = with_build(data_dir)
    made = work.create(actor, Situation(title="L", place_id="0188", place="Norrtälje", build=build, **PARTS))
    return work.decide(actor, Situation, made.id, 1, **DECISION)


def change_a_problem_and_add_nothing(work: Work, actor: Actor, problem: Problem) -> None:
    with work.together(actor) as writing:
        writing.save(Problem, problem.id, 1, title="Annat")
        writing.create(Cause(problem_id=problem.id, what=""))


def test_a_row_is_stored_as_it_was_written(work: Work, anna: Actor) -> None:
    began = datetime.now(UTC)
    made = work.create(anna, Problem(**PROBLEM, measured={"kind": "indicator", "breakdown": "kön=kvinnor"}))
    row = work.get(Problem, made.id)
    assert row is not None
    assert (row.id, row.version, row.title, row.description, row.stage) == (made.id, 1, "Klotter", "", "open")
    assert row.measured == {"kind": "indicator", "breakdown": "kön=kvinnor"}
    assert (row.created_by, row.changed_by, row.deleted_at) == ("Anna", "Anna", None)
    assert row.created_at.utcoffset() == timedelta(0)
    assert began <= row.created_at <= datetime.now(UTC)


def test_values_of_tables_and_forms_are_made_into_what_columns_hold(work: Work, anna: Actor) -> None:
    written = {
        "title": "  Belysning\x00 ",
        "starts_on": pd.Timestamp("2026-03-04 12:00"),
        "ends_on": pd.NaT,
        "cost_sek": np.int64(25_000),
        "plan_id": float("nan"),
        "unit": None,
    }
    made = work.create(anna, Measure(**written))
    read = work.get(Measure, np.int64(made.id))
    assert read is not None
    assert (read.title, read.starts_on, read.ends_on, read.cost_sek, read.plan_id, read.unit) == (
        "Belysning", date(2026, 3, 4), None, 25_000, None, ""
    )  # fmt: skip


def test_every_change_is_in_the_history_with_who_before_and_after(work: Work, anna: Actor) -> None:
    row = work.create(anna, Problem(**PROBLEM))
    work.save(Actor("Bo", Role.EDITOR), Problem, row.id, 1, title="Skadegörelse", description="Nytt")
    work.delete(anna, Problem, row.id, 2)
    work.restore(anna, Problem, row.id)
    history = work.history(Problem, row.id)
    assert [(entry.by, entry.action, entry.row_version) for entry in history] == [
        ("Anna", Action.CREATED, 1),
        ("Bo", Action.CHANGED, 2),
        ("Anna", Action.PUT_ASIDE, 3),
        ("Anna", Action.RESTORED, 4),
    ]
    assert history[0].before is None
    assert history[0].after["title"] == "Klotter"
    assert history[1].before == {"title": "Klotter", "description": ""}
    assert history[1].after == {"title": "Skadegörelse", "description": "Nytt"}
    assert all(entry.at.utcoffset() == timedelta(0) for entry in history)


def test_a_save_that_changes_nothing_is_no_version_and_no_history(work: Work, anna: Actor) -> None:
    row = work.create(anna, Problem(**PROBLEM))
    assert work.save(anna, Problem, row.id, 1, title="Klotter ").version == 1
    assert len(work.history(Problem, row.id)) == 1


COLUMNS = ", ".join(column.name for column in Evidence.__table__.columns if column.name != "id")
GUARDED = (
    "UPDATE history SET by = 'Bo'",
    "DELETE FROM history",
    "UPDATE situation SET crime = 'Annat' WHERE stage = 'decided'",
    "DELETE FROM situation WHERE stage = 'decided'",
    "UPDATE plan SET title = 'Annan'",
    "DELETE FROM plan",
    "UPDATE evidence SET title = 'Annan' WHERE situation_id = 1",
    "DELETE FROM evidence WHERE situation_id = 1",
    # Into the decided picture: a new figure, and one that belongs to a problem.
    f"INSERT INTO evidence (id, {COLUMNS}) SELECT 9, {COLUMNS} FROM evidence WHERE situation_id = 1",  # noqa: S608 - names of the schema
    "UPDATE evidence SET situation_id = 1, problem_id = NULL WHERE id = 2",
)


def test_the_database_refuses_to_alter_history_and_decisions(work: Work, anna: Actor, tmp_path: Path) -> None:
    situation = work.create(anna, Situation(title="L", place_id="0188", place="N", build=with_build(tmp_path), **PARTS))
    work.create(anna, Evidence(situation_id=situation.id, title="Diagram", frozen={"rows": [[1, 2.5]]}))
    problem = work.create(anna, Problem(**PROBLEM))
    loose = work.create(anna, Evidence(problem_id=problem.id, title="Diagram"))
    work.decide(anna, Situation, situation.id, 1, **DECISION)
    assert (situation.id, loose.id) == (1, 2)
    plan = work.create(anna, Plan(title="Plan", situation_id=situation.id))
    work.create(anna, Measure(title="Belysning", plan_id=plan.id))
    work.decide(anna, Plan, plan.id, 1, **DECISION)
    for statement in (*GUARDED, *(["TRUNCATE history"] if work.engine.dialect.name == "postgresql" else [])):
        with pytest.raises(DBAPIError, match="is not altered"), work.engine.begin() as connection:
            connection.execute(text(statement))
    with work.engine.begin() as connection:  # what is not decided is
        connection.execute(text("UPDATE evidence SET title = 'Annan' WHERE id = 2"))
        connection.execute(text("DELETE FROM evidence WHERE id = 2"))


@pytest.mark.parametrize("way", ["save", "delete"])
def test_a_stale_write_is_refused_and_shows_both_versions(way: str, work: Work, anna: Actor) -> None:
    row = work.create(anna, Problem(**PROBLEM))
    work.save(Actor("Bo", Role.EDITOR), Problem, row.id, 1, title="Bos")
    mine = {"title": "Annas"} if way == "save" else {}
    with pytest.raises(Stale, match="Bo har sparat") as stale:
        getattr(work, way)(anna, Problem, row.id, 1, **mine)
    assert stale.value.mine == mine
    assert isinstance(stale.value.theirs, Problem)
    assert (stale.value.theirs.title, stale.value.theirs.version, stale.value.base_version) == ("Bos", 2, 1)
    assert work.save(anna, Problem, row.id, stale.value.theirs.version, title="Annas").title == "Annas"


def test_what_is_put_aside_goes_with_its_parts_and_comes_back_with_them(work: Work, anna: Actor) -> None:
    problem = work.create(anna, Problem(**PROBLEM))
    above = work.create(anna, Cause(problem_id=problem.id, what="Mörkt"))
    below = work.create(anna, Cause(problem_id=problem.id, what="Trasig lampa", parent_id=above.id))
    alone = work.create(anna, Cause(problem_id=problem.id, what="Ödsligt"))
    measure = work.create(anna, Measure(title="Belysning"))
    work.link(anna, MeasureCause, measure_id=measure.id, cause_id=below.id)
    work.delete(anna, Cause, alone.id, 1)
    work.delete(anna, Cause, above.id, 1)
    assert (len(work.all(Cause)), len(work.all(MeasureCause)), len(work.all(Measure))) == (0, 0, 1)
    with pytest.raises(Missing, match="finns inte längre"):
        work.save(anna, Cause, above.id, 2, what="Ljust")
    work.restore(anna, Cause, above.id)
    assert {row.what for row in work.all(Cause)} == {"Mörkt", "Trasig lampa"}
    assert len(work.all(MeasureCause)) == 1
    assert [row.what for row in work.all(Cause, deleted=True)] == ["Ödsligt"]
    assert work.get(Cause, alone.id) is None


def test_a_part_does_not_come_back_without_what_it_is_part_of(work: Work, anna: Actor) -> None:
    problem = work.create(anna, Problem(**PROBLEM))
    cause = work.create(anna, Cause(problem_id=problem.id, what="Mörkt"))
    work.delete(anna, Problem, problem.id, 1)
    with pytest.raises(Refused, match="«Problem» pekar på något som inte finns längre"):
        work.restore(anna, Cause, cause.id)
    assert work.all(Cause) == []


def test_ties_are_made_and_undone_any_number_of_times(work: Work, anna: Actor) -> None:
    problem = work.create(anna, Problem(**PROBLEM))
    cause = work.create(anna, Cause(problem_id=problem.id, what="Mörkt"))
    ends = {"measure_id": work.create(anna, Measure(title="Belysning")).id, "cause_id": cause.id}
    for _ in range(2):
        work.link(anna, MeasureCause, **ends)
        work.link(anna, MeasureCause, **ends)
        assert len(work.all(MeasureCause)) == 1
        work.unlink(anna, MeasureCause, **ends)
        work.unlink(anna, MeasureCause, **ends)
        assert work.all(MeasureCause) == []


def test_together_is_all_or_nothing(work: Work, anna: Actor) -> None:
    with work.together(anna) as writing:
        problem = writing.create(Problem(**PROBLEM))
        cause = writing.create(Cause(problem_id=problem.id, what="Mörkt"))
        measure = writing.create(Measure(title="Belysning"))
        writing.link(MeasureCause, measure_id=measure.id, cause_id=cause.id)
    assert len(work.all(MeasureCause)) == 1
    revision = work.revision()
    with pytest.raises(Refused):
        change_a_problem_and_add_nothing(work, anna, problem)
    assert work.get(Problem, problem.id).title == "Klotter"  # type: ignore[union-attr]
    assert work.revision() == revision
    with pytest.raises(RuntimeError, match="inside another"), work.together(anna):
        work.create(anna, Problem(**PROBLEM))


def test_what_was_refused_is_not_saved_with_the_rest(work: Work, anna: Actor) -> None:
    problem = work.create(anna, Problem(**PROBLEM))
    with work.together(anna) as writing:
        with pytest.raises(Refused):
            writing.save(Problem, problem.id, 1, title="Annat", consequence=9)
        writing.create(Cause(problem_id=problem.id, what="Mörkt"))
    assert work.get(Problem, problem.id).title == "Klotter"  # type: ignore[union-attr]


def test_rows_come_in_their_order_as_objects_and_as_a_table(work: Work, anna: Actor) -> None:
    problem = work.create(anna, Problem(**PROBLEM))
    for position, what in ((2, "c"), (0, "a"), (1, "b")):
        work.create(anna, Cause(problem_id=problem.id, what=what, position=position))
    work.delete(anna, Cause, work.all(Cause, what="b")[0].id, 1)
    assert [row.what for row in work.all(Cause, problem_id=problem.id)] == ["a", "c"]
    assert [row.what for row in work.all(Cause, what=["c", "b"])] == ["c"]
    assert len(work.all(Cause, parent_id=None)) == 2
    table = work.frame(Cause, problem_id=problem.id)
    assert table["what"].tolist() == ["a", "c"]
    assert table.index.tolist() == [0, 1]
    kinds = {"id": "Int64", "parent_id": "Int64", "created_at": "datetime64[us, UTC]", "what": "str"}
    for found in (table, work.frame(Cause, what="none")):
        assert {name: str(found[name].dtype) for name in kinds} == kinds


def test_files_are_kept_whole_and_read_one_at_a_time(work: Work, anna: Actor) -> None:
    problem = work.create(anna, Problem(**PROBLEM))
    content = bytes(range(256)) * 20
    owner = {"about_table": "problem", "about_id": problem.id}
    made = work.create(anna, Attachment(**owner, file_name="karta.png", content=content))
    # printf of bytes 0-255 twenty times, through sha256sum.
    assert made.sha256 == "4345361085c730756d843f13849c50a996fe2f1fac3a7ac05fb063bb743a423e"
    assert "content" not in work.frame(Attachment)
    assert "content" not in work.history(Attachment, made.id)[0].after
    read = work.get(Attachment, made.id)
    assert read is not None
    assert read.content == content
    with pytest.raises(Refused, match="finns inte längre"):
        work.create(anna, Comment(about_table="problem", about_id=99, what="Hej"))


RIGHTS = {Role.READER: "", Role.EDITOR: "writes", Role.DECIDER: "writes decides", Role.ADMIN: "writes decides"}


def test_every_write_asks_for_the_right(work: Work, anna: Actor, tmp_path: Path) -> None:
    build = with_build(tmp_path)
    for role, rights in RIGHTS.items():
        someone = Actor("Bo", role)
        row = work.create(anna, Problem(**PROBLEM))
        picture = work.create(anna, Situation(title="L", place_id="0188", place="N", build=build, **PARTS))
        attempts: list[tuple[str, Callable[[], object]]] = [
            ("writes", partial(work.create, someone, Problem(**PROBLEM))),
            ("writes", partial(work.save, someone, Problem, row.id, 1, title="Nytt")),
            ("writes", partial(work.delete, someone, Problem, row.id, 2)),
            ("writes", partial(work.restore, someone, Problem, row.id)),
            ("decides", partial(work.decide, someone, Situation, picture.id, 1, **DECISION)),
        ]
        for right, write in attempts:
            if right in rights:
                write()
                continue
            with pytest.raises(Forbidden, match=f"Bo har rollen {role.label.lower()} och får inte"):
                write()


def test_a_picture_is_not_decided_with_an_empty_part_and_never_changed_after(
    work: Work, anna: Actor, tmp_path: Path
) -> None:
    row = work.create(anna, Situation(title="L", place_id="0188", place="N"))
    with pytest.raises(Refused) as refused:
        work.decide(anna, Situation, row.id, 1, decided_on=date(2999, 1, 1), decided_by="", registry_number=" ")
    assert {fault.column for fault in refused.value.faults} == {
        "crime", "consequences", "other", "analysis", "build", "decided_on", "decided_by", "registry_number"
    }  # fmt: skip
    with pytest.raises(Refused, match="Beslut fattas för sig"):
        work.save(anna, Situation, row.id, 1, stage="decided")
    row = work.save(anna, Situation, row.id, 1, **PARTS, build="borta")
    with pytest.raises(Refused, match="finns inte kvar"):
        work.decide(anna, Situation, row.id, row.version, **DECISION)
    row = work.save(anna, Situation, row.id, row.version, build=with_build(tmp_path))
    decided = work.decide(anna, Situation, row.id, row.version, **DECISION)
    assert (decided.stage, decided.decided_on, decided.registry_number) == ("decided", date(2026, 6, 15), "KS 2026-17")
    assert work.history(Situation, row.id)[-1].action == Action.DECIDED
    for write in (
        lambda: work.save(anna, Situation, row.id, decided.version, crime="Annat"),
        lambda: work.delete(anna, Situation, row.id, decided.version),
        lambda: work.decide(anna, Situation, row.id, decided.version, **DECISION),
        lambda: work.create(anna, Evidence(situation_id=row.id, title="Nytt diagram")),
    ):
        with pytest.raises(Refused, match="Lägesbilden är beslutad och ändras inte"):
            write()


def test_builds_of_pictures_are_spared_when_builds_are_pruned(work: Work, anna: Actor, tmp_path: Path) -> None:
    first = work.create(anna, Situation(title="L", place_id="0188", place="N", build=with_build(tmp_path), **PARTS))
    # The figure was taken before the text was saved with a newer build.
    work.create(anna, Evidence(situation_id=first.id, title="Diagram", build=with_build(tmp_path, "b0")))
    assert pinned(tmp_path)["b0"] == "Lägesbild 1, utkast"
    work.decide(anna, Situation, first.id, 1, **DECISION)
    draft = work.create(anna, Situation(title="L", place_id="0188", place="N", build=with_build(tmp_path, "b2")))
    for name in ("b3", "b4"):
        with_build(tmp_path, name)
    decided = "Lägesbild 1, beslutad"
    assert pinned(tmp_path) == {"b0": decided, "b1": decided, "b2": "Lägesbild 2, utkast"}
    prune(tmp_path, keep=1)
    assert {path.stem for path in (tmp_path / "builds").glob("*.duckdb")} == {"b0", "b1", "b2"}
    work.save(anna, Situation, draft.id, 1, build="b1")
    assert set(pinned(tmp_path)) == {"b0", "b1"}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "content", "situation", "message"),
    [
        (PlanKind.LAWFUL, Measure, "none", "Välj lägesbilden som planen bygger på"),
        (PlanKind.LAWFUL, Measure, "draft", "är inte beslutad. Besluta den först"),
        (PlanKind.LAWFUL, None, "decided", "Planen har ingen åtgärd än"),
        (PlanKind.LAWFUL, Measure, "later", "inte vara beslutad före lägesbilden"),
        (PlanKind.LAWFUL, Measure, "decided", ""),
        (PlanKind.ACTIVITY, None, "none", "Planen har ingen aktivitet än"),
        (PlanKind.ACTIVITY, Activity, "none", ""),
    ],
)
def test_a_plan_is_decided_on_the_basis_of_a_decided_picture(
    kind: PlanKind, content: type[Row] | None, situation: str, message: str, work: Work, anna: Actor, tmp_path: Path
) -> None:
    below: Situation | None = None
    if situation == "draft":
        below = work.create(anna, Situation(title="L", place_id="0188", place="N"))
    elif situation != "none":
        below = decided_situation(work, anna, tmp_path)
    plan = work.create(anna, Plan(kind=kind, title="Plan", situation_id=below and below.id))
    if content is not None:
        work.create(anna, content(plan_id=plan.id, title="Belysning"))
    decision = {**DECISION, "decided_on": date(2026, 6, 14 if situation == "later" else 15)}
    if message:
        with pytest.raises(Refused, match=message):
            work.decide(anna, Plan, plan.id, 1, **decision)
    else:
        assert work.decide(anna, Plan, plan.id, 1, **decision).stage == "decided"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_decided_plan_keeps_its_measures_causes_and_goals(work: Work, anna: Actor, tmp_path: Path) -> None:
    below = decided_situation(work, anna, tmp_path)
    problem = work.create(anna, Problem(**PROBLEM))
    cause = work.create(anna, Cause(problem_id=problem.id, what="Mörkt"))
    other = work.create(anna, Cause(problem_id=problem.id, what="Folktomt"))
    plan = work.create(anna, Plan(kind=PlanKind.LAWFUL, title="Plan", situation_id=below.id))
    measure = work.create(anna, Measure(plan_id=plan.id, title="Belysning"))
    goal = work.create(anna, Goal(title="Färre", target=10.0))
    loose = work.create(anna, Goal(title="Löst"))
    ends = {"measure_id": measure.id, "cause_id": cause.id}
    work.link(anna, MeasureCause, **ends)
    work.link(anna, GoalMeasure, goal_id=goal.id, measure_id=measure.id)
    aside = work.link(anna, MeasureCause, measure_id=measure.id, cause_id=other.id)
    work.delete(anna, Cause, other.id, 1)
    work.decide(anna, Plan, plan.id, 1, **DECISION)
    for write in (
        lambda: work.unlink(anna, MeasureCause, **ends),
        lambda: work.link(anna, GoalMeasure, goal_id=loose.id, measure_id=measure.id),
        lambda: work.restore(anna, MeasureCause, aside.id),
        lambda: work.delete(anna, Cause, cause.id, 1),
        lambda: work.delete(anna, Goal, goal.id, 1),
        lambda: work.save(anna, Goal, goal.id, 1, target=12.0),
        lambda: work.save(anna, Measure, measure.id, 1, problem_id=problem.id),
    ):
        with pytest.raises(Refused, match="är beslutad och dess innehåll ändras inte"):
            write()
    work.restore(anna, Cause, other.id)
    assert [one.cause_id for one in work.all(MeasureCause)] == [cause.id]
    assert work.save(anna, Measure, measure.id, 1, progress="ongoing").progress == "ongoing"
    assert work.save(anna, Goal, loose.id, 1, target=3.0).target == 3.0


def test_ten_at_once_lose_nothing(work: Work, anna: Actor) -> None:
    """Each adds to the same text, again and again; whoever is refused reads anew and tries again."""
    row = work.create(anna, Problem(**PROBLEM))
    stale: list[str] = []

    def edit(name: str) -> None:
        actor = Actor(name, Role.EDITOR)
        for turn in range(3):
            read = work.get(Problem, row.id)
            while True:
                assert read is not None
                try:
                    work.save(actor, Problem, row.id, read.version, description=f"{read.description} {name}{turn}")
                    break
                except Stale as error:
                    stale.append(str(error))
                    read = error.theirs  # type: ignore[assignment]

    editors = [threading.Thread(target=edit, args=(f"p{number}",)) for number in range(10)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    last = work.get(Problem, row.id)
    assert last is not None
    assert sorted(last.description.split()) == sorted(f"p{number}{turn}" for number in range(10) for turn in range(3))
    history = work.history(Problem, row.id)
    assert [entry.row_version for entry in history] == list(range(1, 32))
    assert [entry.before["description"] for entry in history[2:]] == [
        entry.after["description"] for entry in history[1:-1]
    ]
