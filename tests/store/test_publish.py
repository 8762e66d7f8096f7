"""Publishing survives anything: killed at any moment, done twice at once, done again, undone."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from pipelines import engine
from pipelines.deliveries import active
from store.publish import BuildError, pin, prune
from store.settings import PROJECT, Settings
from store.warehouse import build_path, current_build, fetch

# On Windows SIGTERM ends a process at once, as SIGKILL does elsewhere.
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)

OPEN_FILE = PROJECT / "data" / "open" / "bra_reported_offences" / "reported_offences_by_year.csv"

# A clean process to fork from: it has imported the code but holds no connection, lock or thread.
_processes = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
if os.name == "posix":
    _processes.set_forkserver_preload(["pipelines.engine", "store.publish"])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation whose only open figures are the yearly offences, so that a build takes a moment."""
    folder = tmp_path / "open" / "bra_reported_offences"
    folder.mkdir(parents=True)
    shutil.copy(OPEN_FILE, folder)
    shutil.copy(PROJECT / "data" / "open" / "delivered.toml", tmp_path / "open")
    return Settings(data_dir=tmp_path / "data", open_dir=tmp_path / "open", keep_builds=3)


def revised(folder: Path, number: int) -> Path:
    """Norrtälje 2025 with every count ``number`` higher, and rates to match: a later revision of the open file."""
    frame = pd.read_csv(OPEN_FILE, dtype=str)
    frame = frame[(frame["municipality_code"] == "0188") & (frame["year"] == "2025")]
    counts = frame["reported"].astype(int) + number
    frame = frame.assign(reported=counts, reported_per_100000=(counts / 66_708 * 100_000).round().astype(int))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"revised_{number}.csv"
    frame.to_csv(path, index=False)
    return path


def contents(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the current build that does not tell when a delivery came."""
    build = current_build(settings.data_dir)
    assert build is not None
    tables = ("area", "area_within", "indicator", "observation", "event", "series_break", "source")
    frames = {table: fetch(build, f"SELECT * FROM {table}") for table in tables}  # noqa: S608
    return {table: [tuple(map(str, row)) for row in frame.itertuples(index=False)] for table, frame in frames.items()}


def reported(settings: Settings) -> int:
    """The count for Norrtälje 2025 in the current build."""
    build = current_build(settings.data_dir)
    assert build is not None
    sql = (
        "SELECT value FROM observation WHERE indicator_id = 'bra_offences_total' AND area_id = '0188' "
        "AND period_label = '2025'"
    )
    return int(fetch(build, sql)["value"].item())


def _add_until_killed(settings: Settings, path: Path, fatal_event: int) -> None:
    """In a process of its own: add a file and die at the n-th opening, renaming, making or removing of a file."""
    seen = 0

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        if event in {"open", "os.rename", "os.mkdir", "os.remove"} and str(settings.data_dir) in str(args[0]):
            seen += 1
            if seen == fatal_event:
                os.kill(os.getpid(), KILL)

    sys.addaudithook(hook)
    engine.add(settings, [path])


def test_killed_at_any_file_operation_leaves_a_readable_build_and_no_lost_delivery(
    settings: Settings, tmp_path: Path
) -> None:
    engine.build(settings)
    _, (earlier,) = engine.add(settings, [revised(tmp_path / "in", 1)])
    path = revised(tmp_path / "in", 2)
    received, exitcode, point = 0, None, 0
    while exitcode != 0:
        point += 1
        victim = settings.model_copy(update={"data_dir": tmp_path / f"victim{point}"})
        shutil.copytree(settings.data_dir, victim.data_dir)
        process = _processes.Process(target=_add_until_killed, args=(victim, path, point))
        process.start()
        process.join(60)
        exitcode = process.exitcode
        assert exitcode in {0, -KILL, KILL}
        assert reported(victim) in {8532 + 1, 8532 + 2}, f"unreadable after point {point}"
        kept = {d.file for d in active(victim)}
        assert earlier.staged.delivery.file in kept, f"a delivery that had come is gone after point {point}"
        received += path.name in kept
        engine.build(victim)
        assert reported(victim) == (8532 + 2 if path.name in kept else 8532 + 1)
        assert not list((victim.data_dir / "builds").glob(".new-*")), f"rubbish left after point {point}"
        shutil.rmtree(victim.data_dir)
    assert received < point, "some kills must come before the delivery was received"
    assert received > 1, "some kills must come after the delivery was received"
    assert point > 20, f"only {point} points were tried"


def _add(settings: Settings, path: Path) -> None:
    engine.add(settings, [path])


def test_killed_at_random_times_leaves_a_readable_build(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    chance = random.Random(20261123)
    for number in range(1, 13):
        process = _processes.Process(target=_add, args=(settings, revised(tmp_path / "in", number)))
        process.start()
        time.sleep(chance.uniform(0.02, 0.8))
        process.kill()
        process.join(60)
        found = current_build(settings.data_dir)
        assert found is not None
        assert fetch(found, "SELECT count(*) AS n FROM observation")["n"].item() > 0
    engine.build(settings)


def test_two_publishers_at_once_both_end_up_in(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    processes = [
        _processes.Process(target=_add, args=(settings, revised(tmp_path / "in", number))) for number in (1, 2, 3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    build = current_build(settings.data_dir)
    assert build is not None
    files = fetch(build, "SELECT file FROM delivery WHERE received_by NOT LIKE 'öppna%' ORDER BY file")["file"]
    assert files.tolist() == ["revised_1.csv", "revised_2.csv", "revised_3.csv"]


def test_readers_never_see_anything_but_a_whole_build(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    expected = len(contents(settings)["observation"])
    stop = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not stop.is_set():
            build = current_build(settings.data_dir)
            assert build is not None
            seen.append(fetch(build, "SELECT count(*) AS n FROM observation")["n"].item())

    reader = threading.Thread(target=read)
    reader.start()
    for number in (1, 2, 3, 4, 5):
        engine.add(settings, [revised(tmp_path / "in", number)])
    stop.set()
    reader.join()
    assert len(seen) > 5
    assert set(seen) == {expected}


def test_same_deliveries_give_the_same_content_row_for_row(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    again = settings.model_copy(update={"data_dir": tmp_path / "again"})
    engine.build(again)
    first, second = current_build(settings.data_dir), current_build(again.data_dir)
    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert contents(settings) == contents(again)


def test_a_later_delivery_replaces_and_undo_brings_back(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    before = contents(settings)
    _, (added,) = engine.add(settings, [revised(tmp_path / "in", 7)])
    assert not added.already_known
    assert reported(settings) == 8532 + 7
    engine.undo(settings, added.staged.delivery.delivery_id)
    assert reported(settings) == 8532
    assert contents(settings) == before


def test_the_same_file_twice_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    path = revised(tmp_path / "in", 7)
    first, _ = engine.add(settings, [path])
    second, (added,) = engine.add(settings, [path])
    assert added.already_known
    assert second.id == first.id


def test_a_file_that_contradicts_leaves_everything_as_it_was(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    before, deliveries = contents(settings), active(settings)
    frame = pd.read_csv(OPEN_FILE, dtype=str)
    frame = frame[(frame["municipality_code"] == "0188") & (frame["year"] == "2025")]
    frame.loc[frame["offence_group"] == "person", "reported"] = "999999"
    path = tmp_path / "contradiction.csv"
    frame.to_csv(path, index=False)
    with pytest.raises(BuildError) as caught:
        engine.add(settings, [path])
    assert "2025" in str(caught.value)
    assert contents(settings) == before
    assert active(settings) == deliveries


def test_old_builds_are_pruned_but_never_the_current_or_a_pinned_one(settings: Settings, tmp_path: Path) -> None:
    first = engine.build(settings)
    pin(settings.data_dir, first.id, "beslutad lägesbild")
    made = [engine.add(settings, [revised(tmp_path / "in", n)])[0].id for n in range(1, 6)]
    kept = {path.stem for path in (settings.data_dir / "builds").glob("*.duckdb")}
    assert kept == {first.id, *made[-3:]}
    assert prune(settings.data_dir, keep=1) == [made[-2], made[-3]]
    assert build_path(settings.data_dir, made[-1]).exists()
    assert fetch(first, "SELECT count(*) AS n FROM observation")["n"].item() > 0


def test_what_a_crash_left_in_the_folders_is_cleared_once_it_is_old(settings: Settings) -> None:
    engine.build(settings)
    old, young = settings.data_dir / "raw" / ".new-old", settings.data_dir / "staged" / ".new-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "half").write_text("half")
    os.utime(old, (0, 0))
    engine.build(settings)
    assert not old.exists()
    assert young.exists(), "somebody may still be writing it"
