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
from typing import Any

import pandas as pd
import pytest

from pipelines import engine
from pipelines.deliveries import active
from store.publish import BuildError, pin, prune
from store.settings import PROJECT, Settings
from store.warehouse import build_path, current_build, fetch

# On Windows SIGTERM ends a process at once, as SIGKILL does elsewhere.
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)

#: How a file is opened that may be changed.
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

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
    """In a process of its own: add a file and die at the n-th writing, renaming, making or removing of a file.

    Where a file is only read, the disk is as it was left by the change before.
    """
    seen = 0

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        changes = event in {"os.rename", "os.mkdir", "os.remove"} or (event == "open" and args[2] & WRITING)
        if changes and str(settings.data_dir) in str(args[0]):
            seen += 1
            if seen == fatal_event:
                os.kill(os.getpid(), KILL)

    sys.addaudithook(hook)
    engine.add(settings, [path])


@pytest.mark.timeout(900)  # some thirty processes, each killed, looked into and built upon
def test_killed_at_any_file_operation_leaves_a_readable_build_and_no_lost_delivery(
    settings: Settings, tmp_path: Path
) -> None:
    engine.build(settings)
    (earlier,) = engine.add(settings, [revised(tmp_path / "in", 1)]).accepted
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
        ids = {d.delivery_id for d in active(victim)}
        assert earlier.staged.delivery.delivery_id in ids, f"a delivery that had come is gone after point {point}"
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
    (added,) = engine.add(settings, [revised(tmp_path / "in", 7)]).accepted
    assert not added.already_known
    assert reported(settings) == 8532 + 7
    engine.undo(settings, added.staged.delivery.delivery_id)
    assert reported(settings) == 8532
    assert contents(settings) == before


def test_the_same_file_twice_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    path = revised(tmp_path / "in", 7)
    first, second = engine.add(settings, [path]), engine.add(settings, [path])
    assert [item.already_known for item in (*first.accepted, *second.accepted)] == [False, True]
    assert first.build
    assert second.build
    assert second.build.id == first.build.id


def contradictory(folder: Path) -> Path:
    """Norrtälje 2024 with more offences against persons than offences in all."""
    frame = pd.read_csv(OPEN_FILE, dtype=str)
    frame = frame[(frame["municipality_code"] == "0188") & (frame["year"] == "2024")]
    frame.loc[frame["offence_group"] == "person", "reported"] = "999999"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "contradiction.csv"
    frame.to_csv(path, index=False)
    return path


def test_a_file_that_contradicts_leaves_everything_as_it_was(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    before, deliveries = contents(settings), active(settings)
    added = engine.add(settings, [contradictory(tmp_path)])
    assert added.accepted == ()
    (refused,) = added.refused
    assert refused.file == "contradiction.csv"
    assert "2024" in refused.why
    assert contents(settings) == before
    assert active(settings) == deliveries


def test_a_good_file_does_not_fall_with_a_bad_one(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    picture = tmp_path / "bild.csv"
    picture.write_bytes(b"\x89PNG")
    added = engine.add(settings, [contradictory(tmp_path / "in"), revised(tmp_path / "in", 7), picture])
    assert [item.staged.delivery.file for item in added.accepted] == ["revised_7.csv"]
    assert sorted(item.file for item in added.refused) == ["bild.csv", "contradiction.csv"]
    assert reported(settings) == 8532 + 7


def test_a_bad_file_that_a_crash_left_behind_stops_nobody(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    engine.take_in(settings, contradictory(tmp_path / "in"))  # and then the power went
    added = engine.add(settings, [revised(tmp_path / "in", 7)])
    assert [item.staged.delivery.file for item in added.accepted] == ["revised_7.csv"]
    assert [item.file for item in added.refused] == ["contradiction.csv"]
    assert reported(settings) == 8532 + 7
    assert engine.build(settings).refused == ()


def counted(folder: Path, group: str, count: int) -> Path:
    """One group of Norrtälje 2025 with another count, and a rate to match."""
    frame = pd.read_csv(revised(folder, 0), dtype=str)
    frame = frame[frame["offence_group"] == group]
    frame = frame.assign(reported=count, reported_per_100000=round(count / 66_708 * 100_000))
    path = folder / f"{group}_{count}.csv"
    frame.to_csv(path, index=False)
    return path


def test_undo_that_the_rest_cannot_do_without_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    (base,) = engine.add(settings, [counted(tmp_path / "in", "total", 20_000)]).accepted
    (_,) = engine.add(settings, [counted(tmp_path / "in", "person", 15_000)]).accepted
    before, deliveries = contents(settings), active(settings)
    with pytest.raises(BuildError):
        engine.undo(settings, base.staged.delivery.delivery_id)
    assert contents(settings) == before
    assert active(settings) == deliveries
    engine.build(settings)


def test_of_two_files_in_one_command_the_last_one_named_wins(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    later, earlier = revised(tmp_path / "a", 5), revised(tmp_path / "b", 3)
    later = later.rename(later.with_name("a_corrected.csv"))
    earlier = earlier.rename(earlier.with_name("b_original.csv"))
    engine.add(settings, [earlier, later])
    assert reported(settings) == 8532 + 5


def test_a_late_preliminary_figure_does_not_replace_the_final_one(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    path = revised(tmp_path / "in", 9)
    frame = pd.read_csv(path, dtype=str).assign(status="preliminary")
    frame.to_csv(path, index=False)
    engine.add(settings, [path])
    assert reported(settings) == 8532


def test_the_same_content_under_another_name_can_be_another_delivery(settings: Settings, tmp_path: Path) -> None:
    engine.build(settings)
    wrong = tmp_path / "Anmälda brott 2024.csv"
    wrong.write_text("\ufeffKommun;Antal;Per 100 000 inv.\r\nAlvesta;1 234;6 100\r\n", "utf-8")
    (first,) = engine.add(settings, [wrong]).accepted
    engine.undo(settings, first.staged.delivery.delivery_id)
    (second,) = engine.add(settings, [wrong.rename(wrong.with_name("Anmälda brott 2023.csv"))]).accepted
    build = current_build(settings.data_dir)
    assert build is not None
    years = fetch(build, "SELECT DISTINCT period_label FROM observation WHERE area_id = '0764'")["period_label"]
    assert years.tolist() == ["2023"]
    assert second.staged.delivery.file == "Anmälda brott 2023.csv"


def test_half_a_staged_folder_is_never_used(settings: Settings, tmp_path: Path) -> None:
    path = revised(tmp_path / "in", 7)
    (added,) = engine.add(settings, [path]).accepted
    engine.undo(settings, added.staged.delivery.delivery_id)
    folder = added.staged.folder
    assert not folder.exists()
    # What a crash in the middle of the removal leaves has another name, and goes with the next publishing.
    hidden = folder.with_name(".old-1")
    hidden.mkdir()
    (hidden / "parsed.json").write_text("{}")
    engine.add(settings, [path])
    assert reported(settings) == 8532 + 7
    assert not hidden.exists()


def test_old_builds_are_pruned_but_never_the_current_or_a_pinned_one(settings: Settings, tmp_path: Path) -> None:
    first = engine.build(settings).build
    pin(settings.data_dir, first.id, "beslutad lägesbild")
    added = [engine.add(settings, [revised(tmp_path / "in", n)]).build for n in range(1, 6)]
    made = [build.id for build in added if build]
    assert len(made) == 5
    kept = {path.stem for path in (settings.data_dir / "builds").glob("*.duckdb")}
    assert kept == {first.id, *made[-3:]}
    assert prune(settings.data_dir, keep=1) == [made[-2], made[-3]]
    assert build_path(settings.data_dir, made[-1]).exists()
    assert fetch(first, "SELECT count(*) AS n FROM observation")["n"].item() > 0


def test_what_a_crash_left_in_the_folders_is_no_delivery_and_is_cleared(settings: Settings) -> None:
    engine.build(settings)
    deliveries = active(settings)
    half, empty = settings.data_dir / "raw" / ".new-1", settings.data_dir / "raw" / ".new-2"
    for folder in (half, empty):
        folder.mkdir(parents=True)
    (half / "delivery.json").write_text("")
    assert active(settings) == deliveries
    engine.build(settings)
    assert not half.exists()
    assert not empty.exists()
