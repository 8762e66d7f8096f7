"""Asking other hosts for data, politely: pauses, retries, conditional requests, limits on time and size."""

from __future__ import annotations

import email.utils
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import tenacity
from filelock import FileLock, Timeout

from pipelines.source import DeliveryError

#: What is tried again: the server says that it is busy or broken for the moment.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SWEDEN = ZoneInfo("Europe/Stockholm")
_DAY = 86_400.0


class FetchError(Exception):
    """A request gave nothing to use. The message is one Swedish line: what failed, and what to do."""


class GoneError(FetchError):
    """The address does not exist (404, 410), which does not pass by itself."""


@dataclass(frozen=True)
class Limit:
    """At most ``calls`` requests in any ``seconds`` seconds."""

    calls: int
    seconds: float


@dataclass(frozen=True)
class Patience:
    """What is put up with: seconds to connect, between two pieces, in all, and of pause; attempts; bytes in a body."""

    connect: float = 10
    read: float = 30
    total: float = 180
    pause: float = 120
    attempts: int = 4
    max_bytes: int = 100_000_000


class _PassingError(Exception):
    """An attempt failed in a way that may pass; ``after`` is the pause that the server asked for, in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Client:
    """HTTP for sources; every source's ``fetch`` is given one.

    ``get`` returns a complete response with status 200. Where JSON was asked for (Accept) or promised (Content-Type)
    its body is valid JSON. A page that has not changed (304) is answered from what was kept, so a source need not think
    of it. Everything that can go wrong is a FetchError.

    ``hosts`` points a host at another base address (tests, mirrors in closed networks). State lies in
    ``data_dir/fetch``: recent calls per host, pages kept, and runs that broke off.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        hosts: Mapping[str, str] | None = None,
        contact: str = "",
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        directory = data_dir / "fetch"
        directory.mkdir(parents=True, exist_ok=True)
        self._hosts = dict(hosts or {})
        self._patience = patience or Patience()
        self._clock = clock
        self._sleep = sleep
        self._pace = _Pace(directory, clock, sleep, self._patience.pause)
        self._memory = _Memory(directory, clock)
        self._http = httpx.Client(
            timeout=httpx.Timeout(self._patience.read, connect=self._patience.connect),
            headers={"User-Agent": _user_agent(contact)},
            # A proxy set in the environment is for the world outside, never for this machine.
            mounts={"all://127.0.0.1": None, "all://[::1]": None, "all://localhost": None},
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._http.close()

    def limit(self, host: str, *limits: Limit) -> None:
        """Declare how often ``host`` may be asked; undeclared hosts are asked at most once a second."""
        self._pace.limits[host] = limits

    def get(
        self, url: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The page at ``url``."""
        try:
            request = self._http.build_request("GET", url, params=params, headers=headers)
        except httpx.InvalidURL as error:  # Addresses of further pages come from the servers.
            raise FetchError(
                f"Adressen {url[:100]!r} går inte att använda. Kontrollera om källan har ändrats."
            ) from error
        return self._send(request)

    def get_json(
        self, url: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """The JSON at ``url``, decoded; use ``get`` when the bytes are to be kept as they came."""
        return self.get(url, params=params, headers={"Accept": "application/json", **(headers or {})}).json()

    @contextmanager
    def run(self, name: str) -> Iterator[None]:
        """One run through a source's pages: if it breaks off, the next run of ``name`` goes on after the kept pages.

        A page is kept once the source asks for another, for then it was content with it, or when ``keep`` is called.
        After a DeliveryError the run is begun afresh: something among the pages cannot be used.
        """
        with self._memory.run(name):
            yield

    def keep(self) -> None:
        """Remember what has come, for resuming and for conditional requests: it is stored as a delivery."""
        self._memory.keep()

    def _send(self, request: httpx.Request) -> httpx.Response:
        self._memory.keep()
        key = _key(request)
        response = self._memory.resumed(key, request)
        if response is None:
            response = self._retrying(request, key)
        self._memory.hold(key, response)
        return response

    def _retrying(self, request: httpx.Request, key: str) -> httpx.Response:
        retrying = tenacity.Retrying(
            sleep=self._sleep,
            stop=tenacity.stop_after_attempt(self._patience.attempts),
            retry=tenacity.retry_if_exception_type(_PassingError),
            wait=_pause,
            reraise=True,
        )
        try:
            return retrying(self._attempt, request, key)
        except _PassingError as error:
            raise FetchError(
                f"{request.url.host} {error} ({self._patience.attempts} försök gjordes). "
                "Det som redan fanns är kvar; försök igen om en stund."
            ) from error

    def _attempt(self, request: httpx.Request, key: str) -> httpx.Response:
        kept = self._memory.page(key, request)
        conditional = _validators(kept) if kept else {}
        response = self._follow(request, conditional)
        if response.status_code == 304 and kept:
            return kept
        if response.status_code != 200:
            raise self._refused(request, response)
        _require_json(request, response)
        return response

    def _follow(self, request: httpx.Request, extra: Mapping[str, str]) -> httpx.Response:
        """The answer after at most five redirects within the same host."""
        url = self._actual(request.url)
        for _ in range(6):
            self._pace.wait(request.url.host)
            response = self._exchange(request, url, extra)
            if response.status_code not in _REDIRECTS:
                return response
            target = url.join(response.headers.get("Location", ""))
            if (target.scheme, target.netloc) != (url.scheme, url.netloc):
                raise FetchError(
                    f"{request.url.host} hänvisar till en annan adress ({target.scheme}://{target.host}), "
                    "vilket inte följs. Kontrollera om källan har flyttat."
                )
            url = target
        raise FetchError(f"{request.url.host} hänvisar runt i en cirkel. Kontrollera om källan har flyttat.")

    def _actual(self, url: httpx.URL) -> httpx.URL:
        """Where to send a request for ``url``: another base where one is set, HTTPS except on this machine."""
        actual = url
        if base := self._hosts.get(url.host):
            root = httpx.URL(base)
            actual = root.copy_with(raw_path=root.raw_path.rstrip(b"/") + url.raw_path)
        if actual.scheme != "https" and not (actual.scheme == "http" and actual.host in _LOOPBACK):
            raise FetchError(f"{actual} hämtas inte: endast krypterade adresser (https) används.")
        return actual

    def _exchange(self, request: httpx.Request, url: httpx.URL, extra: Mapping[str, str]) -> httpx.Response:
        """One request and its whole body."""
        headers = {k: v for k, v in request.headers.items() if k != "host"} | dict(extra)
        sent = self._http.build_request(request.method, url, headers=headers, content=request.content)
        try:
            response = self._http.send(sent, stream=True)
            try:
                body = self._body(response)
            finally:
                response.close()
        except httpx.TimeoutException as error:
            raise _PassingError("svarade inte i tid") from error
        except httpx.ConnectError as error:
            raise _PassingError("går inte att nå: kontrollera nätverk och brandvägg") from error
        except httpx.DecodingError as error:
            raise _PassingError("skickade ett skadat svar") from error
        except (httpx.TransportError, httpx.InvalidURL) as error:
            # httpx reads the Location of a redirect itself; what it cannot read it tells in either of these ways.
            if isinstance(error, httpx.InvalidURL) or isinstance(error.__context__, httpx.InvalidURL):
                raise FetchError(
                    f"{request.url.host} hänvisar till en adress som inte går att använda. "
                    "Kontrollera om källan har ändrats."
                ) from error
            raise _PassingError("avbröt svaret innan det var helt") from error
        kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        return httpx.Response(response.status_code, headers=kept, content=body, request=request)

    def _body(self, response: httpx.Response) -> bytes:
        deadline = time.monotonic() + self._patience.total
        pieces, size = [], 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > self._patience.max_bytes:
                raise FetchError(
                    f"{response.url.host} skickar mer än {self._patience.max_bytes // 1_000_000} MB, "
                    "vilket är orimligt mycket. Kontrollera om källan har ändrats."
                )
            if time.monotonic() > deadline:
                raise _PassingError("svarade för långsamt")
            pieces.append(piece)
        return b"".join(pieces)

    def _refused(self, request: httpx.Request, response: httpx.Response) -> Exception:
        """What a status other than 200 means: an error that may pass, or one that stays."""
        status, host = response.status_code, request.url.host
        if status in _PASSING:
            after = _retry_after(response, self._clock())
            if after is not None and after > self._patience.pause:
                self._pace.put_off(host, self._clock() + after)
                return FetchError(f"{host} ber oss vänta. Försök igen efter {_clock_time(self._clock() + after)}.")
            return _PassingError(f"svarade med fel {status}", after)
        if status in (404, 410):
            return GoneError(
                f"{host} har inget på {request.url.path} (svar {status}). "
                "Källan kan ha flyttat eller ändrat sina adresser; försök inte igen förrän det är utrett."
            )
        return FetchError(f"{host} nekade eller förstod inte frågan (svar {status}). Kontrollera källans villkor.")


_KEPT_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Retry-After", "Location")


def _user_agent(contact: str) -> str:
    # Header values are ASCII on one line; a contact is an e-mail address or a web address.
    told = "".join(c for c in contact if c.isascii() and c.isprintable())
    return f"RodaTraden/0.1 (situation picture for Swedish municipalities{f'; {told}' if told else ''})"


def _key(request: httpx.Request) -> str:
    parts = (request.method.encode(), str(request.url).encode(), request.headers.get("Accept", "").encode())
    return hashlib.sha256(b"\n".join((*parts, request.content))).hexdigest()


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _PassingError) and error.after is not None:
        return error.after
    return tenacity.wait_exponential_jitter(initial=1, max=30)(state)


def _retry_after(response: httpx.Response, now: float) -> float | None:
    """Seconds in Retry-After, which is a number or a date; None when absent or unreadable."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return None


def _clock_time(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, _SWEDEN):%Y-%m-%d kl. %H.%M}"


def _require_json(request: httpx.Request, response: httpx.Response) -> None:
    """Where JSON is asked for or promised, anything else is taken for a passing fault: cut off, or an error page."""
    given = response.headers.get("Content-Type", "")
    if "json" not in request.headers.get("Accept", "") and "json" not in given:
        return
    if "html" in given:
        raise _PassingError("svarade med en webbsida i stället för data")
    try:
        response.json()
    except (ValueError, RecursionError) as error:
        raise _PassingError("skickade ett svar som inte går att läsa (trasig JSON)") from error


def _validators(kept: httpx.Response) -> dict[str, str]:
    pairs = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
    return {ask: kept.headers[told] for ask, told in pairs if told in kept.headers}


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


def _read_json(path: Path) -> Any:
    """What ``path`` holds; None when it is absent or was damaged, for all state here can be made anew."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


class _Pace:
    """Keeps requests apart, also those of separate commands: each takes its turn in a file per host."""

    def __init__(
        self, directory: Path, clock: Callable[[], float], sleep: Callable[[float], None], longest: float
    ) -> None:
        self.limits: dict[str, Sequence[Limit]] = {}
        self._directory, self._clock, self._sleep, self._longest = directory, clock, sleep, longest

    def wait(self, host: str) -> None:
        """Sleep until ``host`` may be asked. Raises FetchError when that is too far off."""
        limits = self.limits.get(host) or (Limit(1, 1),)
        path = self._file(host, "calls")
        with FileLock(path.with_suffix(".lock")):
            now = self._clock()
            oldest, newest = now - max(limit.seconds for limit in limits), now + self._longest
            # Times beyond reach come from a clock that has been set back.
            calls = sorted(call for call in _read_json(path) or [] if oldest < call <= newest)
            turns = [calls[-limit.calls] + limit.seconds for limit in limits if len(calls) >= limit.calls]
            turn = max([now, self._put_off_until(host, now), *turns])
            if turn > newest:
                raise FetchError(f"{host} får inte frågas oftare. Försök igen efter {_clock_time(turn)}.")
            _write(path, json.dumps([*calls, turn]).encode())
        if turn > now:
            self._sleep(turn - now)

    def put_off(self, host: str, until: float) -> None:
        """The server asked not to be disturbed before ``until``: later commands heed it too."""
        _write(self._file(host, "wait"), json.dumps(until).encode())

    def _put_off_until(self, host: str, now: float) -> float:
        until = _read_json(self._file(host, "wait"))
        return until if isinstance(until, float) and now < until <= now + _DAY else now

    def _file(self, host: str, kind: str) -> Path:
        return self._directory / f"{kind}-{host.replace(':', '-')}.json"


@dataclass
class _Run:
    """A run in progress: the keys of pages that are stored, and pages that have come but are not yet stored."""

    path: Path
    started: float
    done: list[str] = field(default_factory=list)
    held: list[tuple[str, httpx.Response]] = field(default_factory=list)


class _Memory:
    """Pages kept on disk, and how far a run has come."""

    def __init__(self, directory: Path, clock: Callable[[], float]) -> None:
        self._directory, self._clock = directory, clock
        self._pages = directory / "pages"
        self._pages.mkdir(exist_ok=True)
        self._run: _Run | None = None

    @contextmanager
    def run(self, name: str) -> Iterator[None]:
        path = self._directory / f"run-{name}.json"
        try:
            with FileLock(path.with_suffix(".lock"), timeout=0):
                self._run = self._begin(path)
                try:
                    yield
                except DeliveryError:
                    self._end(self._run)
                    raise
                self._end(self._run)
        except Timeout as error:
            raise FetchError("Källan hämtas redan av ett annat kommando. Vänta tills det är klart.") from error
        finally:
            self._run = None

    def _begin(self, path: Path) -> _Run:
        state = _read_json(path)
        if state and 0 <= self._clock() - state["started"] < _DAY:  # Older pages may no longer fit together.
            return _Run(path, state["started"], state["done"])
        if state:
            self._end(_Run(path, state["started"], state["done"]))
        return _Run(path, self._clock())

    def _end(self, run: _Run) -> None:
        """Forget how far the run came, and pages that no conditional request can use."""
        run.path.unlink(missing_ok=True)
        for key in run.done:
            if not any(name in (_read_json(self._pages / f"{key}.json") or {}) for name in ("ETag", "Last-Modified")):
                (self._pages / f"{key}.json").unlink(missing_ok=True)
                (self._pages / f"{key}.body").unlink(missing_ok=True)

    def hold(self, key: str, response: httpx.Response) -> None:
        if self._run:
            self._run.held.append((key, response))

    def keep(self) -> None:
        if not self._run or not self._run.held:
            return
        for key, response in self._run.held:
            about = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
            about["sha256"] = hashlib.sha256(response.content).hexdigest()
            _write(self._pages / f"{key}.body", response.content)
            _write(self._pages / f"{key}.json", json.dumps(about).encode())
        self._run.done += [key for key, _ in self._run.held if key not in self._run.done]
        self._run.held.clear()
        _write(self._run.path, json.dumps({"started": self._run.started, "done": self._run.done}).encode())

    def resumed(self, key: str, request: httpx.Request) -> httpx.Response | None:
        """The page, if the run that broke off had already stored it."""
        return self.page(key, request) if self._run and key in self._run.done else None

    def page(self, key: str, request: httpx.Request) -> httpx.Response | None:
        """The page as it was kept; None when it never was, or when it has been damaged since."""
        about, body = _read_json(self._pages / f"{key}.json"), self._pages / f"{key}.body"
        if not about or not body.exists():
            return None
        content = body.read_bytes()
        if hashlib.sha256(content).hexdigest() != about.pop("sha256"):
            return None
        return httpx.Response(200, headers=about, content=content, request=request)
