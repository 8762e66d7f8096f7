"""The importer's own process: whatever it does, the one who asks gets an answer or a Swedish sentence, in time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store.settings import PROJECT
from ui import worker
from ui.worker import Job, Pool, WorkerError

FAKE = (sys.executable, str(PROJECT / "tests" / "fixtures" / "worker" / "behaving.py"))


def ignore(share: float, text: str) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def ask(pool: Pool, seconds: float = 20, **request: object) -> object:
    return pool.ask(FAKE, request, ignore, seconds=seconds)


def wait_until(true: Callable[[], bool], seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def is_gone(pid: int) -> bool:
    """Whether the process has ended and left no zombie of ours."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # before, or in the midst of reading
        return True
    return stat.rpartition(")")[2].split()[0] == "Z" and int(stat.rpartition(")")[2].split()[1]) != os.getpid()


def test_progress_is_told_and_the_answer_given(pool: Pool) -> None:
    told: list[tuple[float, str]] = []
    request = {"behave": "progress", "path": "å.xlsx"}
    answer = pool.ask(FAKE, request, lambda share, text: told.append((share, text)), seconds=20)
    assert answer == {"echo": request}
    assert told == [(0.25, "Läser"), (1.0, "Placerar")]


def test_odd_progress_is_passed_over(pool: Pool) -> None:
    assert ask(pool, behave="odd share") == "still here"


def test_the_process_own_error_is_the_error(pool: Pool) -> None:
    with pytest.raises(WorkerError, match=r"^Filen är tom\.$"):
        ask(pool, behave="error")


@pytest.mark.parametrize("behave", ["crash", "exit", "garbage", "list"])
@pytest.mark.parametrize(
    ("command", "message"), [("examine", "för stor eller skadad"), ("undo", "Arbetet avbröts")], ids=["file", "other"]
)
def test_what_breaks_off_is_told_calmly(pool: Pool, behave: str, command: str, message: str) -> None:
    with pytest.raises(WorkerError, match=message):
        ask(pool, behave=behave, command=command)
    assert isinstance(ask(pool, behave="pid"), int), "the next one works"


def test_a_process_that_cannot_start_is_told_calmly(pool: Pool) -> None:
    with pytest.raises(WorkerError, match="Arbetet avbröts"):
        pool.ask((*FAKE, "stillborn"), {"behave": "pid"}, ignore, seconds=20)
    with pytest.raises(WorkerError, match="Arbetet avbröts"):
        pool.ask((str(PROJECT / "nothing-here"),), {"behave": "pid"}, ignore, seconds=20)


def test_one_that_never_gets_ready_is_ended(pool: Pool) -> None:
    with pytest.raises(WorkerError, match="för lång tid"):
        pool.ask((*FAKE, "deaf"), {"behave": "pid"}, ignore, seconds=0.5)


def test_one_that_hangs_is_ended_with_all_it_has_started(pool: Pool, tmp_path: Path) -> None:
    note = tmp_path / "note"
    started = time.monotonic()
    with pytest.raises(WorkerError, match="för lång tid"):
        ask(pool, seconds=1.5, behave="hang", note=str(note))
    assert time.monotonic() - started < 4
    for pid in map(int, note.read_text().split()):
        assert wait_until(lambda pid=pid: is_gone(pid)), pid


def test_one_that_is_withdrawn_is_ended(pool: Pool, tmp_path: Path) -> None:
    note = tmp_path / "note"
    withdrawn = threading.Event()
    with ThreadPoolExecutor() as threads:
        request = {"behave": "hang", "note": str(note)}
        asked = threads.submit(pool.ask, FAKE, request, ignore, seconds=60, withdrawn=withdrawn)
        assert wait_until(lambda: note.exists() and " " in note.read_text())
        withdrawn.set()
        with pytest.raises(WorkerError):
            asked.result(5)
    assert wait_until(lambda: is_gone(int(note.read_text().split()[0])))


def test_one_that_stays_after_its_answer_is_ended(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_GRACE", 0.1)
    pid = ask(pool, behave="linger")
    assert isinstance(pid, int)
    assert wait_until(lambda: is_gone(pid))


def test_each_request_has_a_process_of_its_own_and_none_is_left(pool: Pool) -> None:
    pids = [ask(pool, behave="pid") for _ in range(3)]
    assert len(set(pids)) == 3
    for pid in pids:
        assert isinstance(pid, int)
        assert wait_until(lambda pid=pid: is_gone(pid))


def test_two_work_at_once_and_a_third_waits(pool: Pool, tmp_path: Path) -> None:
    with ThreadPoolExecutor() as threads:
        pair = [
            threads.submit(ask, pool, behave="meet", folder=str(tmp_path), me=me, other=other)
            for me, other in (("a", "b"), ("b", "a"))
        ]
        third = threads.submit(ask, pool, behave="pid")
        assert [job.result(20) for job in pair] == ["met", "met"]
        assert isinstance(third.result(20), int)


def test_the_next_process_is_started_before_it_is_asked_for(pool: Pool) -> None:
    pool.warm(FAKE)
    assert pool._warm is not None
    first = pool._warm._process.pid
    assert ask(pool, behave="pid") == first
    assert pool._warm.alive
    assert pool._warm._process.pid != first


def test_a_warm_process_that_has_ended_is_replaced(pool: Pool) -> None:
    pool.warm(FAKE)
    assert pool._warm is not None
    ended = pool._warm
    ended.kill()
    assert wait_until(lambda: not ended.alive)
    assert ask(pool, behave="pid") != ended._process.pid


def test_a_warm_process_for_another_command_is_not_used(pool: Pool) -> None:
    pool.warm((*FAKE, "deaf"))
    assert pool._warm is not None
    other = pool._warm._process.pid
    assert isinstance(ask(pool, behave="pid"), int)
    assert wait_until(lambda: is_gone(other))


def test_closing_ends_all_and_nothing_can_be_asked(tmp_path: Path) -> None:
    pool = Pool()
    note = tmp_path / "note"
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(ask, pool, behave="hang", note=str(note))
        assert wait_until(lambda: note.exists() and " " in note.read_text())
        assert pool._warm is not None
        warm = pool._warm._process.pid
        pool.close()
        with pytest.raises(WorkerError):
            asked.result(5)
    assert wait_until(lambda: is_gone(warm))
    assert wait_until(lambda: is_gone(int(note.read_text().split()[0])))
    with pytest.raises(WorkerError):
        ask(pool, behave="pid")


def test_a_warm_process_ends_with_the_server(tmp_path: Path) -> None:
    """Also when the server is killed and can tell nobody: its end of the pipe closes."""
    code = (
        f"import sys, time; sys.path.insert(0, {str(PROJECT)!r})\n"
        f"from ui.worker import Pool\npool = Pool()\npool.warm({FAKE!r})\n"
        "print(pool._warm._process.pid, flush=True)\ntime.sleep(0.5)\nimport os; os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == -9
    assert wait_until(lambda: is_gone(int(done.stdout)))


def test_a_job_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch, pool: Pool) -> None:
    monkeypatch.setattr(worker, "command", lambda: FAKE)
    monkeypatch.setattr(worker, "pool", lambda: pool)
    job = Job({"behave": "progress"}, seconds=20)
    assert job.answer() == {"echo": {"behave": "progress"}}
    assert (job.done, job.share, job.text) == (True, 1.0, "Placerar")
    failing = Job({"behave": "error"}, seconds=20)
    with pytest.raises(WorkerError, match="Filen är tom"):
        failing.answer()


def test_a_withdrawn_job_ends(monkeypatch: pytest.MonkeyPatch, pool: Pool, tmp_path: Path) -> None:
    monkeypatch.setattr(worker, "command", lambda: FAKE)
    monkeypatch.setattr(worker, "pool", lambda: pool)
    note = tmp_path / "note"
    job = Job({"behave": "hang", "note": str(note)}, seconds=60)
    assert wait_until(note.exists)
    job.withdraw()
    assert wait_until(lambda: job.done)
