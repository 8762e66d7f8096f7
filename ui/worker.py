"""The importer in a process of its own, so that no file, however broken, can harm the server or make it wait.

A process serves one request: it says that it is ready, takes a line of JSON, tells how far it has come in lines of
JSON, answers and ends. One is always kept warm, so that what it imports is loaded when a file is dropped.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from store.settings import PROJECT
from ui.facts import settings

#: Called with the share done, 0 to 1, and what is being done, in Swedish.
Told = Callable[[float, str], None]

#: How many requests are worked on at once; the others wait for their turn.
_AT_ONCE = 2

#: No answer is longer than this, in bytes.
_LONGEST_LINE = 64 * 1024 * 1024

#: How often, in seconds, one who waits looks whether the request was withdrawn.
_SLICE = 0.2

#: Seconds that a process has to end in after its answer.
_GRACE = 5.0

_OF_A_FILE = {"examine", "members", "take"}
_BROKE_OFF_FILE = (
    "Filen är för stor eller skadad: läsningen avbröts. Inga uppgifter har ändrats. Öppna filen i Excel eller "
    "LibreOffice, spara den på nytt som .xlsx, eller dela den i mindre delar, och försök igen."
)
_BROKE_OFF = "Arbetet avbröts innan det blev klart. Inga uppgifter har ändrats. Försök igen."
_TOO_LONG = (
    "Filen tog för lång tid att läsa, och läsningen avbröts. Inga uppgifter har ändrats. Ta bort blad och kolumner "
    "som inte behövs, eller dela filen i mindre delar, och försök igen."
)


class WorkerError(Exception):
    """The importer did not answer. The message is Swedish and says what to do."""


class _BrokenOffError(Exception):
    """The process ended, or wrote something else than lines of JSON, before its answer."""


class _Worker:
    """One process, from its start until it has ended; a thread of its own reads what it writes."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = tuple(command)
        self._process = subprocess.Popen(
            self.command,
            cwd=PROJECT,
            env={**os.environ, "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a process group of its own, that can be ended as a whole
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="importer-reader", daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def answer(self, request: dict[str, Any], told: Told, until: float, withdrawn: threading.Event) -> Any:
        """The answer to the one request that the process takes, before the time ``until`` (monotonic)."""
        line = json.dumps(request, ensure_ascii=False).encode() + b"\n"
        while True:
            message = self._message(until, withdrawn)
            if "ready" in message:
                # In a thread: a long request to a process that does not read would never be sent.
                threading.Thread(target=self._write, args=(line,), name="importer-writer", daemon=True).start()
            elif isinstance(message.get("share"), int | float):
                told(min(max(message["share"], 0.0), 1.0), str(message.get("text", "")))
            elif "error" in message:
                raise WorkerError(str(message["error"]))
            elif "answer" in message:
                return message["answer"]

    def finish(self) -> None:
        """Let the process end by itself after its answer; see to it that it does."""
        timer = threading.Timer(_GRACE, self.kill)
        timer.daemon = True
        timer.start()

    def kill(self) -> None:
        """End the process and whatever it has started, at once."""
        if not self.alive:
            return
        if sys.platform == "win32":
            self._process.kill()
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _message(self, until: float, withdrawn: threading.Event) -> dict[str, Any]:
        while True:
            left = until - time.monotonic()
            if withdrawn.is_set():
                raise WorkerError(_BROKE_OFF)
            if left <= 0:
                raise WorkerError(_TOO_LONG)
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=min(_SLICE, left))
                break
        try:
            message = json.loads(line)
        except ValueError:
            raise _BrokenOffError from None
        if not isinstance(message, dict):
            raise _BrokenOffError
        return message

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101
        with self._process.stdout as out:
            while line := out.readline(_LONGEST_LINE):
                self._lines.put(line)
        self._lines.put(b"")
        self._process.wait()  # whoever ended it, and whenever: no zombie is left

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101
        # Its end is heard by the one who waits for the answer. Stdin stays open: the process ends when it is closed.
        with contextlib.suppress(BrokenPipeError, ValueError):
            self._process.stdin.write(line)
            self._process.stdin.flush()


class Pool:
    """The processes of one server, shared by all who use it."""

    def __init__(self, at_once: int = _AT_ONCE) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._warm: _Worker | None = None
        self._busy: set[_Worker] = set()
        self._closed = False

    def warm(self, command: Sequence[str]) -> None:
        """See to it that a process for this command is started, without waiting for it."""
        with self._lock:
            self._keep_warm(tuple(command))

    def ask(
        self,
        command: Sequence[str],
        request: dict[str, Any],
        told: Told,
        *,
        seconds: float,
        withdrawn: threading.Event | None = None,
    ) -> Any:
        """The answer to a request, within ``seconds`` from when its turn comes. Raises WorkerError."""
        withdrawn = withdrawn or threading.Event()
        while not self._turns.acquire(timeout=_SLICE):
            if withdrawn.is_set():
                raise WorkerError(_BROKE_OFF)
        try:
            return self._ask(tuple(command), request, told, seconds, withdrawn)
        except (_BrokenOffError, OSError):
            raise WorkerError(_BROKE_OFF_FILE if request.get("command") in _OF_A_FILE else _BROKE_OFF) from None
        finally:
            self._turns.release()

    def close(self) -> None:
        """End every process; nothing can be asked after that."""
        with self._lock:
            self._closed = True
            for worker in (*self._busy, *filter(None, [self._warm])):
                worker.kill()

    def _ask(
        self, command: tuple[str, ...], request: dict[str, Any], told: Told, seconds: float, withdrawn: threading.Event
    ) -> Any:
        worker = self._take(command)
        answered = False
        try:
            answer = worker.answer(request, told, time.monotonic() + seconds, withdrawn)
            answered = True
            return answer
        finally:
            if answered:
                worker.finish()
            else:
                worker.kill()
            with self._lock:
                self._busy.discard(worker)

    def _take(self, command: tuple[str, ...]) -> _Worker:
        with self._lock:
            if self._closed:
                raise WorkerError(_BROKE_OFF)
            worker = self._keep_warm(command)
            self._busy.add(worker)
            self._warm = None
            self._keep_warm(command)
            return worker

    def _keep_warm(self, command: tuple[str, ...]) -> _Worker:
        """The warm process, a new one if there is none, if it has ended or if it was started for another command."""
        if self._warm is not None and self._warm.command != command:
            self._warm.kill()
        if self._warm is None or self._warm.command != command or not self._warm.alive:
            self._warm = _Worker(command)
        return self._warm


class Job:
    """A request under way in a thread: a page that runs again meanwhile finds it where it was."""

    def __init__(self, request: dict[str, Any], *, seconds: float) -> None:
        self.share = 0.0
        self.text = "Väntar på tur"
        self._request = request
        self._seconds = seconds
        self._withdrawn = threading.Event()
        self._answer: Any = None
        self._error: WorkerError | None = WorkerError(_BROKE_OFF)
        self._thread = threading.Thread(target=self._run, args=(command(),), name="importer", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether there is an answer, or an error."""
        return not self._thread.is_alive()

    def answer(self) -> Any:
        """Wait until it is done, and give the answer. Raises WorkerError."""
        self._thread.join()
        if self._error:
            raise self._error
        return self._answer

    def withdraw(self) -> None:
        """Nobody waits for the answer any more: the work is broken off."""
        self._withdrawn.set()

    def _run(self, started_by: Sequence[str]) -> None:
        try:
            self._answer = pool().ask(
                started_by, self._request, self._tell, seconds=self._seconds, withdrawn=self._withdrawn
            )
            self._error = None
        except WorkerError as error:
            self._error = error

    def _tell(self, share: float, text: str) -> None:
        self.share, self.text = share, text


def command() -> tuple[str, ...]:
    """What starts the importer on this installation's data."""
    return (sys.executable, "-m", "pipelines", "worker", "--data-dir", str(settings().data_dir))


@cache
def pool() -> Pool:
    """The server's one pool; its processes end with the server."""
    made = Pool()
    atexit.register(made.close)
    return made


def warm_up() -> None:
    """Start a process in the background, for the request that is soon to come."""
    pool().warm(command())
