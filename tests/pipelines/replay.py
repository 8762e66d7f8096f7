"""What the tests of fetching share: a client whose pauses take no time, pointed at a local server."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines.fetching import Client, Patience

#: Half past ten in Sweden, 22 August 2026.
START = 1_787_387_400.0


@dataclass
class FakeTime:
    """A clock that stands still but for the pauses that are asked for."""

    now: float = START
    pauses: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@dataclass
class Replay:
    """A local server that gives the listed answers in turn, the last one again and again, and notes what was asked."""

    server: HTTPServer
    answers: list[Response | Any] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        answer = answer(request) if callable(answer) and not isinstance(answer, Response) else answer
        if isinstance(answer, Response):
            return answer
        return Response(json.dumps(answer, ensure_ascii=False), content_type="application/json; charset=utf-8")

    @property
    def base(self) -> str:
        return self.server.url_for("").rstrip("/")


def client_for(data_dir: Path, hosts: dict[str, str], time: FakeTime, **patience: Any) -> Client:
    return Client(
        data_dir, hosts=hosts, contact="test@example.org", clock=time.clock, sleep=time.sleep,
        patience=Patience(**({"read": 2, "connect": 2, "total": 5} | patience)),
    )  # fmt: skip
