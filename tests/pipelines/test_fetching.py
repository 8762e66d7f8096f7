"""The client against a real local server: manners, retries, limits, what is remembered."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines.fetching import Client, FetchError, Limit
from pipelines.source import DeliveryError
from tests.pipelines.replay import START, FakeTime, Replay, client_for

URL = "https://data.example/list"
OK = {"values": [1]}


@pytest.fixture
def replay(httpserver: HTTPServer) -> Replay:
    replay = Replay(httpserver)
    httpserver.expect_request("/list").respond_with_handler(replay)
    httpserver.expect_request("/other").respond_with_handler(replay)
    return replay


@pytest.fixture
def clock() -> FakeTime:
    return FakeTime()


@pytest.fixture
def client(tmp_path: Path, replay: Replay, clock: FakeTime) -> Iterator[Client]:
    with client_for(tmp_path, {"data.example": replay.base}, clock) as client:
        yield client


def broken(status: int, **headers: str) -> Response:
    return Response("fel", status=status, headers={name.replace("_", "-"): text for name, text in headers.items()})


def cut_off(request: Request) -> Response:
    return Response(iter([b'{"values": [1']), headers={"Content-Length": "400"}, content_type="application/json")


def dribble(request: Request) -> Response:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            time.sleep(0.05)
            yield b" "

    return Response(pieces(), content_type="application/json")


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(broken(500), id="500"),
        pytest.param(broken(503), id="503"),
        pytest.param(broken(429, Retry_After="7"), id="429"),
        pytest.param(Response('{"values": [1', content_type="application/json"), id="half the JSON"),
        pytest.param(Response("", content_type="application/json"), id="nothing"),
        pytest.param(Response("<html>Underhåll</html>", content_type="text/html"), id="a web page"),
        pytest.param(Response(b"\x1f\x8b broken", headers={"Content-Encoding": "gzip"}), id="bad gzip"),
        pytest.param(cut_off, id="cut off"),
    ],
)
def test_passing_faults_are_tried_again(
    client: Client, replay: Replay, first: Response | Callable[..., Response]
) -> None:
    replay.answers = [first, OK]
    assert client.get_json(URL) == OK
    assert len(replay.asked) == 2


def test_the_servers_own_pause_is_kept(client: Client, replay: Replay, clock: FakeTime) -> None:
    replay.answers = [broken(429, Retry_After="7"), broken(503, Retry_After="Sat, 22 Aug 2026 08:31:00 GMT"), OK]
    client.get_json(URL)
    assert clock.pauses == [7, pytest.approx(53)]  # The date is a minute after the start, of which 7 s have passed.


def test_pauses_grow(client: Client, replay: Replay, clock: FakeTime) -> None:
    replay.answers = [broken(500)]
    with pytest.raises(FetchError):
        client.get(URL)
    assert 1 <= clock.pauses[0] <= 2 <= clock.pauses[1] <= 3 <= clock.pauses[2] <= 5


@pytest.mark.parametrize(
    ("answer", "calls", "message"),
    [
        pytest.param(broken(500), 4, "data.example svarade med fel 500 .* försök igen om en stund", id="500 for ever"),
        pytest.param(broken(404), 1, "data.example har inget på /list .svar 404", id="404 is permanent"),
        pytest.param(broken(403), 1, "nekade eller förstod inte frågan .svar 403", id="403"),
        pytest.param(broken(204), 1, "svar 204", id="no content"),
        pytest.param(broken(429, Retry_After="5000"), 1, "Försök igen efter 2026-08-22 kl. 11.53", id="a long pause"),
        pytest.param(cut_off, 4, "avbröt svaret innan det var helt", id="cut off"),
        pytest.param(
            Response("<html>", content_type="text/html"), 4, "webbsida i stället för data", id="a web page"
        ),
        pytest.param(broken(302, Location="https://evil.example/list"), 1, "till en annan adress", id="leaves"),
        pytest.param(broken(302, Location="https://999.1.1.1/"), 1, "adress som inte går att", id="no address"),
        pytest.param(broken(302, Location="x" * 65_530), 1, "adress som inte går att", id="too long an address"),
        pytest.param(broken(302, Location="/list"), 6, "i en cirkel", id="circle"),
        pytest.param(Response(b"1," * 700_000, content_type="text/plain"), 1, "mer än 1 MB", id="too much"),
    ],
)  # fmt: skip
def test_lasting_faults_are_told_in_one_swedish_line(
    tmp_path: Path, replay: Replay, clock: FakeTime, answer: Response, calls: int, message: str
) -> None:
    replay.answers = [answer]
    with (
        client_for(tmp_path, {"data.example": replay.base}, clock, max_bytes=1_000_000) as client,
        pytest.raises(FetchError, match=message) as caught,
    ):
        client.get_json(URL)
    assert len(replay.asked) == calls
    assert "\n" not in str(caught.value)


def test_slow_answers_are_given_up(tmp_path: Path, replay: Replay, clock: FakeTime) -> None:
    replay.answers = [dribble]
    with (
        client_for(tmp_path, {"data.example": replay.base}, clock, total=0.1, attempts=2) as client,
        pytest.raises(FetchError, match=r"svarade för långsamt .2 försök"),
    ):
        client.get(URL)


def test_silence_is_given_up(tmp_path: Path, clock: FakeTime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hosts = {"data.example": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        with (
            client_for(tmp_path, hosts, clock, read=0.1, attempts=2) as client,
            pytest.raises(FetchError, match="svarade inte i tid"),
        ):
            client.get(URL)


def test_no_server(tmp_path: Path, clock: FakeTime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with (
        client_for(tmp_path, {"data.example": f"http://127.0.0.1:{port}"}, clock) as client,
        pytest.raises(FetchError, match="går inte att nå: kontrollera nätverk och brandvägg"),
    ):
        client.get(URL)


def test_redirects_within_the_host_are_followed(client: Client, replay: Replay) -> None:
    replay.answers = [broken(301, Location="/other?x=1"), OK]
    assert client.get_json(URL) == OK
    assert replay.asked[1].full_path == "/other?x=1"


@pytest.mark.parametrize("url", ["http://data.example/list", "ftp://data.example/list"])
def test_only_encrypted_addresses(tmp_path: Path, clock: FakeTime, url: str) -> None:
    with client_for(tmp_path, {}, clock) as client, pytest.raises(FetchError, match="endast krypterade adresser"):
        client.get(url)


def test_an_address_that_is_none(client: Client) -> None:
    with pytest.raises(FetchError, match="går inte att använda"):
        client.get("https://data.example:port/")


def test_the_request_says_who_asks_and_what(client: Client, replay: Replay) -> None:
    replay.answers = [OK]
    client.get(URL, params={"kommun": "Norrtälje"}, headers={"Accept": "text/csv"})
    asked = replay.asked[0]
    assert asked.user_agent.string.startswith("RodaTraden/")
    assert "test@example.org" in asked.user_agent.string
    assert asked.args["kommun"] == "Norrtälje"
    assert asked.headers["Accept"] == "text/csv"


def test_a_mirror_may_lie_in_a_folder(tmp_path: Path, httpserver: HTTPServer, clock: FakeTime) -> None:
    httpserver.expect_request("/mirror/v3/data", query_string="page=2").respond_with_json(OK)
    with client_for(tmp_path, {"data.example": httpserver.url_for("/mirror/")}, clock) as client:
        assert client.get_json("https://data.example/v3/data?page=2") == OK


@pytest.mark.parametrize(
    ("limits", "calls", "pauses"),
    [
        pytest.param([], 3, [1, 1], id="once a second when nothing is declared"),
        pytest.param([Limit(1, 10), Limit(60, 3600)], 3, [10, 10], id="the police: ten seconds apart"),
        pytest.param([Limit(3, 10)], 7, [10, 10], id="SCB: some at once, then a pause"),
    ],
)
def test_calls_are_kept_apart(
    client: Client, replay: Replay, clock: FakeTime, limits: list[Limit], calls: int, pauses: list[float]
) -> None:
    replay.answers = [OK]
    if limits:
        client.limit("data.example", *limits)
    for _ in range(calls):
        client.get(URL)
    assert clock.pauses == pauses


def test_the_next_command_waits_for_the_one_before(tmp_path: Path, replay: Replay) -> None:
    replay.answers = [OK]
    for start, pauses in ((START, []), (START + 4, [6]), (START + 60, [])):
        clock = FakeTime(start)
        with client_for(tmp_path, {"data.example": replay.base}, clock) as client:
            client.limit("data.example", Limit(1, 10))
            client.get(URL)
        assert clock.pauses == pauses


def test_too_many_calls_in_an_hour_end_with_a_time(client: Client, replay: Replay, clock: FakeTime) -> None:
    replay.answers = [OK]
    client.limit("data.example", Limit(60, 3600))
    for _ in range(60):
        client.get(URL)
    with pytest.raises(FetchError, match=r"får inte frågas oftare. Försök igen efter 2026-08-22 kl. 11.30"):
        client.get(URL)
    assert len(replay.asked) == 60


@pytest.mark.parametrize(
    ("later", "calls"),
    [
        pytest.param(60, 0, id="a minute later: not at all"),
        pytest.param(4950, 1, id="soon: after a pause"),
        pytest.param(6000, 1, id="after the time"),
    ],
)
def test_the_next_command_heeds_a_long_pause(tmp_path: Path, replay: Replay, later: float, calls: int) -> None:
    replay.answers = [broken(429, Retry_After="5000"), OK]
    with (
        client_for(tmp_path, {"data.example": replay.base}, FakeTime()) as client,
        pytest.raises(FetchError, match="ber oss vänta"),
    ):
        client.get(URL)
    clock = FakeTime(START + later)
    with client_for(tmp_path, {"data.example": replay.base}, clock) as client:
        if calls:
            client.get(URL)
        else:
            with pytest.raises(FetchError, match=r"Försök igen efter 2026-08-22 kl. 11.53"):
                client.get(URL)
    assert len(replay.asked) == 1 + calls
    assert clock.now - START >= (5000 if calls else 60)


def test_a_clock_set_back_does_not_block(tmp_path: Path, replay: Replay) -> None:
    replay.answers = [OK]
    for start in (START + 86_400, START):
        clock = FakeTime(start)
        with client_for(tmp_path, {"data.example": replay.base}, clock) as client:
            client.get(URL)
        assert clock.pauses == []


@pytest.mark.parametrize(
    ("validator", "asked"),
    [
        pytest.param({"ETag": '"a1"'}, "If-None-Match", id="ETag"),
        pytest.param({"Last-Modified": "Sat, 22 Aug 2026 08:00:00 GMT"}, "If-Modified-Since", id="Last-Modified"),
    ],
)
def test_an_unchanged_page_is_answered_from_what_was_kept(
    tmp_path: Path, replay: Replay, clock: FakeTime, validator: dict[str, str], asked: str
) -> None:
    replay.answers = [Response("[1]", headers=validator, content_type="application/json"), Response(status=304)]
    for _ in range(2):
        with client_for(tmp_path, {"data.example": replay.base}, clock) as client, client.run("test"):
            assert client.get_json(URL) == [1]
            client.keep()
    assert [asked in request.headers for request in replay.asked] == [False, True]


def test_what_was_not_stored_is_asked_for_in_full(tmp_path: Path, replay: Replay, clock: FakeTime) -> None:
    replay.answers = [Response("[1]", headers={"ETag": '"a1"'}, content_type="application/json")]
    for _ in range(2):
        with client_for(tmp_path, {"data.example": replay.base}, clock) as client, client.run("test"):
            client.get(URL)
    assert not any("If-None-Match" in request.headers for request in replay.asked)


def test_a_damaged_kept_page_is_asked_for_in_full(tmp_path: Path, replay: Replay, clock: FakeTime) -> None:
    replay.answers = [Response("[1]", headers={"ETag": '"a1"'}, content_type="application/json")]
    for _ in range(2):
        with client_for(tmp_path, {"data.example": replay.base}, clock) as client, client.run("test"):
            client.get(URL)
            client.keep()
        for body in (tmp_path / "fetch" / "pages").glob("*.body"):
            body.write_bytes(b"[")
    assert not any("If-None-Match" in request.headers for request in replay.asked)


def broken_run(client: Client, error: Exception) -> None:
    with client.run("test"):
        client.get_json(f"{URL}?page=1")
        client.get_json(f"{URL}?page=2")
        raise error


@pytest.mark.parametrize(
    ("error", "later", "pages"),
    [
        pytest.param(FetchError("borta"), 3600, ["2"], id="within a day: on from where it was"),
        pytest.param(FetchError("borta"), 90_000, ["1", "2"], id="after a day: afresh"),
        pytest.param(DeliveryError("trasig"), 60, ["1", "2"], id="when something could not be used: afresh"),
    ],
)
def test_a_broken_run_goes_on(
    tmp_path: Path, replay: Replay, clock: FakeTime, error: Exception, later: float, pages: list[str]
) -> None:
    replay.answers = [OK]
    with client_for(tmp_path, {"data.example": replay.base}, clock) as client, pytest.raises(type(error)):
        broken_run(client, error)
    replay.asked.clear()
    clock.now += later
    with client_for(tmp_path, {"data.example": replay.base}, clock) as client, client.run("test"):
        assert [client.get_json(f"{URL}?page={page}") for page in (1, 2)] == [OK, OK]
        client.keep()
    assert [request.args["page"] for request in replay.asked] == pages
    assert not list((tmp_path / "fetch").glob("run-*.json"))
    assert not list((tmp_path / "fetch" / "pages").iterdir())  # Without ETag nothing can use them again.


def test_one_run_at_a_time(client: Client, tmp_path: Path, clock: FakeTime) -> None:
    with (
        client.run("test"),
        client_for(tmp_path, {}, clock) as second,
        pytest.raises(FetchError, match="hämtas redan av ett annat kommando"),
        second.run("test"),
    ):
        pass
