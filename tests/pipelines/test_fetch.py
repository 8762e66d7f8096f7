"""Every source's own fetching code against a local server that replays answers of the documented shapes."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines.deliveries import kept, withdraw
from pipelines.fetch import Outcome, fetch_sources
from pipelines.municipalities import municipalities
from pipelines.source import Fetched, sources
from store.settings import Settings
from tests.pipelines.replay import FakeTime, Replay, client_for

FIXTURES = Path(__file__).parent.parent / "fixtures"
HOME = municipalities()["0188"]


def kolada(request: Request) -> Any:
    """Two pages for the call that holds NTU figures, values for the one with school figures, else none."""
    if request.args.get("page") == "2":
        return json.loads((FIXTURES / "kolada" / "page_2.json").read_text("utf-8"))
    if "N07609" in request.path:
        return json.loads((FIXTURES / "kolada" / "page_1.json").read_text("utf-8"))
    return {"count": 0, "next_url": None, "previous_url": None, "values": []}


def polisen(request: Request) -> Any:
    """The national feed, or that of one county or municipality."""
    events = json.loads((FIXTURES / "polisen" / "events.json").read_text("utf-8"))
    wanted = request.args.get("locationname")
    return [event for event in events if wanted in (None, event["location"]["name"])]


def scb_wfs(request: Request) -> Any:
    """One area of the asked layer, as GeoServer writes it."""
    regso = {"regsokod": "0188R004", "regsonamn": "Hallstavik tätort", "kommunkod": "0188", "lanskod": "01"}
    about = regso if "RegSO" in request.args["typeNames"] else {"desokod": "0188B3010", **regso}
    ring = [[18.58, 60.04], [18.62, 60.04], [18.62, 60.06], [18.58, 60.06], [18.58, 60.04]]
    feature = {
        "type": "Feature", "id": f"{request.args['typeNames']}.1", "geometry_name": "sp_geometry", "properties": about,
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }  # fmt: skip
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
    counts = {"totalFeatures": 1, "numberMatched": 1, "numberReturned": 1}
    return {"type": "FeatureCollection", "features": [feature], **counts, "crs": crs}


def skolverket(request: Request) -> Any:
    """A list of one school, the school, and its statistics."""
    school = {
        "code": "39351914", "name": "Norrsundsskolan", "geographicalAreaCode": "0188", "wgs84_Lat": "59.973616",
        "wgs84_Long": "18.817032", "principalOrganizerType": "Kommunal",
    }  # fmt: skip
    body: dict[str, Any] = school
    if request.path.endswith("/school-units"):
        page = {"size": 50, "totalElements": 1, "totalPages": 1, "number": 0}
        body = {"_embedded": {"listedSchoolUnits": [school]}, "page": page}
    elif request.path.endswith("/statistics/gr"):
        figure = {"value": "193,3", "valueType": "EXISTS", "timePeriod": "2024/25"}
        body = {"schoolUnit": "39351914", "averageGradesMeritRating9thGrade": [figure]}
    return {"status": "OK", "message": "Success", "body": body}


def scb_pxweb(request: Request) -> Any:
    """A table's description, or its newest figure for the municipality, in json-stat2."""
    _, _, table, kind = request.path.rsplit("/", 3)
    asked = request.args.get("valueCodes[Region]", "0188").split(",")
    categories = {"Region": asked, "ContentsCode": ["000001"], "Tid": ["2025"]}
    dimension = {name: {"label": name, "category": {"index": codes}} for name, codes in categories.items()}
    dataset = {
        "version": "2.0", "class": "dataset", "label": f"{table} efter region och år", "id": list(categories),
        "size": [len(codes) for codes in categories.values()], "dimension": dimension,
        "role": {"geo": ["Region"], "time": ["Tid"], "metric": ["ContentsCode"]},
        "extension": {"px": {"tableid": table}},
    }  # fmt: skip
    return dataset if kind == "metadata" else dataset | {"value": [100] * len(asked)}


@dataclass(frozen=True)
class Case:
    """A fetchable source: the host it asks, what a healthy server answers, and how many deliveries that gives."""

    id: str
    host: str
    answer: Callable[[Request], Any]
    deliveries: int


CASES = (
    Case("kolada_indicators", "api.kolada.se", kolada, 1),
    # The feeds of the country, the county and the municipality.
    Case("polisen_events", "polisen.se", polisen, 3),
    Case("scb_areas", "geodata.scb.se", scb_wfs, 2),
    Case("scb_deso_statistics", "statistikdatabasen.scb.se", scb_pxweb, 7),
    Case("skolverket_grades", "api.skolverket.se", skolverket, 1),
)
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation without any deliveries."""
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "delivered.toml").write_text("", "utf-8")
    return Settings(data_dir=tmp_path / "data", open_dir=tmp_path / "open")


@pytest.fixture
def replay(httpserver: HTTPServer) -> Replay:
    replay = Replay(httpserver)
    httpserver.expect_request(re.compile("/.*")).respond_with_handler(replay)
    return replay


def fetched(
    settings: Settings, replay: Replay, *ids: str, time: FakeTime | None = None, **patience: Any
) -> list[Outcome]:
    hosts = {case.host: replay.base for case in CASES}
    settings.data_dir.mkdir(exist_ok=True)
    return fetch_sources(
        settings, ids, HOME,
        new_client=lambda s: client_for(s.data_dir, hosts, time or FakeTime(), **patience),
    )  # fmt: skip


def test_every_fetchable_source_is_in_the_table() -> None:
    fetchable = {source.id for source in sources().values() if source.fetch}
    assert {case.id for case in CASES} == fetchable


@EVERY
def test_answers_become_deliveries(settings: Settings, replay: Replay, case: Case) -> None:
    replay.answers = [case.answer]
    [outcome] = fetched(settings, replay, case.id)
    assert outcome.error is None
    assert len(outcome.deliveries) == case.deliveries
    assert {(d.delivery_id, d.source_id) for d in kept(settings)} == {(i, case.id) for i in outcome.deliveries}
    assert all("RodaTraden" in request.user_agent.string for request in replay.asked)


@EVERY
def test_the_same_answers_again_are_nothing_new(settings: Settings, replay: Replay, case: Case) -> None:
    replay.answers = [case.answer]
    fetched(settings, replay, case.id)
    [outcome] = fetched(settings, replay, case.id)
    assert (outcome.deliveries, outcome.unchanged, outcome.error) == ((), case.deliveries, None)
    assert str(outcome) == f"{sources()[case.id].title}: inget nytt."


@EVERY
def test_a_stumbling_server_is_asked_again(settings: Settings, replay: Replay, case: Case) -> None:
    replay.answers = [Response(status=500), Response(status=429, headers={"Retry-After": "3"}), case.answer]
    [outcome] = fetched(settings, replay, case.id)
    assert outcome.error is None
    assert len(outcome.deliveries) == case.deliveries


FAULTS = pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Response(status=404), id="404"),
        pytest.param(Response(status=503), id="503"),
        pytest.param(Response("<html>Underhåll</html>", content_type="text/html"), id="web page"),
        pytest.param(Response('[{"id": 1, "va', content_type="application/json"), id="cut off"),
        pytest.param({"oväntat": True}, id="changed fields"),
        pytest.param([{"oväntat": True}], id="changed fields in a list"),
        pytest.param({}, id="empty object"),
        pytest.param([], id="empty list"),
        pytest.param(
            {"values": [], "count": 0, "next_url": None, "features": [], "body": {"_embedded": {}, "page": {}}},
            id="no rows",
        ),
        pytest.param(Response("null", content_type="application/json"), id="null"),
        pytest.param({"values": 1, "features": 1, "body": 1}, id="numbers for lists"),
    ],
)


@EVERY
@FAULTS
def test_what_cannot_be_used_is_told_in_one_line_and_leaves_what_was_there(
    settings: Settings, replay: Replay, case: Case, fault: Any
) -> None:
    replay.answers = [case.answer]
    fetched(settings, replay, case.id)
    before = kept(settings)
    replay.answers = [fault]
    [outcome] = fetched(settings, replay, case.id)
    assert outcome.error
    assert "\n" not in str(outcome)
    assert str(outcome).startswith(f"{sources()[case.id].title}: ej hämtat.")
    assert outcome.deliveries == ()
    assert kept(settings) == before


@EVERY
def test_no_network(settings: Settings, case: Case) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        hosts = {case.host: f"http://127.0.0.1:{closed.getsockname()[1]}"}
    settings.data_dir.mkdir()
    [outcome] = fetch_sources(settings, [case.id], HOME, new_client=lambda s: client_for(s.data_dir, hosts, FakeTime()))
    assert f"{case.host} går inte att nå" in str(outcome)
    assert kept(settings) == []


def test_others_go_on_when_one_fails(settings: Settings, replay: Replay) -> None:
    replay.answers = [lambda r: polisen(r) if r.path.startswith("/api/events") else Response(status=404)]
    failed, came = fetched(settings, replay, "kolada_indicators", "polisen_events")
    assert failed.error
    assert came.error is None
    assert str(came) == "Polisens händelser: 3 nya leveranser."


def test_what_came_before_the_failure_is_kept_and_not_asked_for_again(settings: Settings, replay: Replay) -> None:
    time = FakeTime()
    replay.answers = [polisen, polisen, Response(status=404)]
    [outcome] = fetched(settings, replay, "polisen_events", time=time)
    assert len(outcome.deliveries) == 2
    assert str(outcome).startswith("Polisens händelser: 2 nya leveranser, sedan avbrutet. polisen.se har inget på")
    replay.asked.clear()
    replay.answers = [polisen]
    [outcome] = fetched(settings, replay, "polisen_events", time=time)
    assert (len(outcome.deliveries), outcome.unchanged, outcome.error) == (1, 2, None)
    assert [request.args.get("locationname") for request in replay.asked] == ["Norrtälje"]


def test_pages_of_a_broken_answer_are_not_asked_for_again(settings: Settings, replay: Replay) -> None:
    time = FakeTime()
    replay.answers = [kolada, Response(status=404)]  # The first call has two pages.
    fetched(settings, replay, "kolada_indicators", time=time)
    replay.asked.clear()
    replay.answers = [kolada]
    [outcome] = fetched(settings, replay, "kolada_indicators", time=time)
    assert outcome.error is None
    assert replay.asked[0].args.get("page") == "2"


def test_unchanged_pages_are_not_sent_again(settings: Settings, replay: Replay) -> None:
    def with_etag(request: Request) -> Response:
        if "If-None-Match" in request.headers:
            return Response(status=304)
        return Response(json.dumps(polisen(request)), headers={"ETag": '"1"'}, content_type="application/json")

    replay.answers = [with_etag]
    fetched(settings, replay, "polisen_events")
    replay.asked.clear()
    [outcome] = fetched(settings, replay, "polisen_events", time=FakeTime(FakeTime().now + 3600))
    assert (outcome.deliveries, outcome.unchanged, outcome.error) == ((), 3, None)
    assert all("If-None-Match" in request.headers for request in replay.asked)


def test_a_withdrawn_delivery_that_comes_again_is_new(settings: Settings, replay: Replay) -> None:
    replay.answers = [kolada]
    [first] = fetched(settings, replay, "kolada_indicators")
    withdraw(settings, first.deliveries[0])
    [second] = fetched(settings, replay, "kolada_indicators")
    assert second.deliveries == first.deliveries


def test_the_police_are_asked_ten_seconds_apart(settings: Settings, replay: Replay) -> None:
    time = FakeTime()
    replay.answers = [polisen]
    fetched(settings, replay, "polisen_events", time=time)
    assert time.pauses == [10, 10]
    assert [request.args.get("locationname") for request in replay.asked] == [None, "Stockholms län", "Norrtälje"]


def test_no_events_in_the_municipality_is_no_fault(settings: Settings, replay: Replay) -> None:
    replay.answers = [lambda request: [] if request.args else polisen(request)]
    [outcome] = fetched(settings, replay, "polisen_events")
    assert (len(outcome.deliveries), outcome.error) == (1, None)


def test_kolada_is_asked_for_the_municipality_its_peers_and_the_country(settings: Settings, replay: Replay) -> None:
    replay.answers = [kolada]
    fetched(settings, replay, "kolada_indicators")
    path, areas = replay.asked[0].path.split("/municipality/")
    assert path.startswith("/v3/data/kpi/")
    assert areas.split(",") == ["0188", "0114", "0480", "1290", "1293", "1485", "2081", "2181", "0000"]
    assert replay.asked[0].args["per_page"] == "5000"


@pytest.mark.parametrize(
    ("next_url", "message"),
    [
        pytest.param("https://api.kolada.se/v3/data?page=2", "bläddrar i en cirkel", id="the same page for ever"),
        pytest.param("https://evil.example/v3/data?page=2", "främmande adress", id="another host"),
        pytest.param("//[", "främmande adress", id="no address"),
        pytest.param(7, "främmande adress", id="a number"),
    ],
)
def test_paging_that_leads_nowhere(settings: Settings, replay: Replay, next_url: Any, message: str) -> None:
    replay.answers = [lambda request: {"count": 0, "next_url": next_url, "values": []}]
    [outcome] = fetched(settings, replay, "kolada_indicators")
    assert outcome.error
    assert message in outcome.error


def test_an_unforeseen_fault_is_told_and_logged_and_the_others_go_on(
    settings: Settings, replay: Replay, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumbling(client: Any, municipality: Any) -> Iterator[Fetched]:
        yield from ()
        raise AttributeError("'int' object has no attribute 'get'")

    broken = replace(sources()["kolada_indicators"], fetch=stumbling)
    monkeypatch.setattr("pipelines.fetch.sources", lambda: sources() | {"kolada_indicators": broken})
    replay.answers = [polisen]
    failed, came = fetched(settings, replay, "kolada_indicators", "polisen_events")
    assert str(failed).startswith("Kolada, nyckeltal: ej hämtat. Svaret har inte den väntade formen")
    assert "no attribute 'get'" in caplog.text
    assert str(came) == "Polisens händelser: 3 nya leveranser."


def test_a_list_of_schools_in_another_shape(settings: Settings, replay: Replay) -> None:
    body = {"_embedded": {"listedSchoolUnits": [7]}, "page": {"totalPages": 1}}
    replay.answers = [{"body": body}]
    [outcome] = fetched(settings, replay, "skolverket_grades")
    assert "har inte den väntade formen. Skolverket kan ha ändrat sitt API" in str(outcome)


def test_progress_names_each_source(settings: Settings, replay: Replay) -> None:
    replay.answers = [polisen]
    told: list[tuple[float, str]] = []
    settings.data_dir.mkdir()
    fetch_sources(
        settings, ["polisen_events"], HOME, lambda share, text: told.append((share, text)),
        lambda s: client_for(s.data_dir, {"polisen.se": replay.base}, FakeTime()),
    )  # fmt: skip
    assert told == [(0.0, "Hämtar Polisens händelser")]
