"""Skolverket's schools and results: every kind of cell kept apart, in every layout; broken files; fetching."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines.fetching import FetchError
from pipelines.municipalities import municipalities
from pipelines.source import DeliveryError, Parsed, Peek
from pipelines.sources.skolverket_grades import FIGURE_COLUMNS, SCHOOL_COLUMNS, SOURCE, check
from store.settings import PROJECT
from tests.pipelines.replay import FakeTime, client_for

OPEN = PROJECT / "data" / "open" / "skolverket_grades"


def layouts(path: Path) -> list[str]:
    return [layout.id for layout in SOURCE.layouts if layout.matches(Peek.at(path))]


def parse(path: Path) -> Parsed:
    (layout,) = [layout for layout in SOURCE.layouts if layout.matches(Peek.at(path))]
    return layout.parse(path)


def deliver(folder: Path, name: str, content: str | dict[str, Any], encoding: str = "utf-8") -> Path:
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    return path


def plain(value: Any) -> Any:
    return None if pd.isna(value) else value


def figures(parsed: Parsed) -> dict[tuple[str, str, str], tuple[float | None, str, str | None]]:
    """Value, status and text by school, measure (without prefix) and school year."""
    return {
        (row.area_id, row.indicator_id.removeprefix("skolverket_"), row.period_label): (
            plain(row.value), row.status, plain(row.value_text),
        )
        for row in parsed.tables["observation"].itertuples()
    }  # fmt: skip


def schools(parsed: Parsed) -> dict[str, tuple[Any, ...]]:
    """Name, municipality, organiser, latitude and longitude by school."""
    area = parsed.tables["area"].query("level == 'school'")
    return {
        row.area_id: (row.name, plain(row.parent_id), plain(row.kind), plain(row.lat), plain(row.lon))
        for row in area.itertuples(index=False)
    }


# --- What ships -------------------------------------------------------------------------------------------------------


def test_shipped_files_are_recognised_and_read_whole() -> None:
    for path, layout in ((OPEN / "schools.csv", "open_schools"), (OPEN / "school_figures.csv", "open_figures")):
        assert layouts(path) == [layout]
        parsed = parse(path)
        assert parsed.rows_kept == parsed.rows_read > 0
        assert parsed.refusals == ()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(("54806839", "merit_value", "2024/25"), (250.1, "final", None), id="number"),
        pytest.param(("72471883", "eligible_vocational", "2024/25"), (None, "rounded", "~100"), id="about 100"),
        pytest.param(("99749462", "pupils", "2025/26"), (430, "rounded", "cirka 430"), id="rounded number of pupils"),
        pytest.param(("67743631", "certified_teachers", "2025/26"), (None, "not_applicable", "*"), id="no requirement"),
        pytest.param(("56662185", "pupils_per_teacher", "2025/26"), (None, "suppressed", ".."), id="too few"),
        pytest.param(("96646603", "merit_value", "2025/26"), (None, "missing", "."), id="missing"),
        pytest.param(("98239828", "eligible_vocational", "2024/25"), (100, "final", None), id="exactly 100"),
    ],
)
def test_shipped_figures_keep_every_kind_of_cell(key: tuple[str, str, str], expected: tuple[Any, ...]) -> None:
    assert figures(parse(OPEN / "school_figures.csv"))[key] == expected


def test_shipped_schools_lie_in_norrtalje() -> None:
    found = schools(parse(OPEN / "schools.csv"))
    assert len(found) == 15
    assert {school[1] for school in found.values()} == {"0188"}
    assert found["24146389"] == ("Hallsta skola", "0188", "Kommunal", 60.05547, 18.599193)
    assert set(parse(OPEN / "school_figures.csv").tables["observation"]["area_id"]) <= set(found)


# --- The export -------------------------------------------------------------------------------------------------------

HEAD = """Statistik från Skolverket, https://www.skolverket.se;;;;;;;;;;
;;;;;;;;;;
Grundskola - Slutbetyg årskurs 9, samtliga elever;;;;;;;;;;
Valt läsår: 2024/25;;;;;;;;;;
;;;;;;;;;;
"""
COLUMNS = (
    "Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;Antal elever;"
    "Andel (%) elever som uppfyllt betygskriterierna i alla ämnen;Andel (%) elever behöriga till yrkesprog.;"
    "Genomsnittligt meritvärde (17 ämnen)\n"
)
ROWS = """Oasens skola;48000763;Aneby;0604;Enskild;Oasen AB;5566501796;..;.;.;..
Länna skola;72471883;Norrtälje;0188;Kommunal;Norrtälje kommun;2120000217;42;85,7;~100;239,6
"Ekebyholmsskolan, gr";98239828;Norrtälje;0188;Enskild;Ekebyholmsskolan AB;5562512425;25;72;100;248,7
"""
FOOT = """;;;;;;;;;;
Rapportbeskrivning och definitioner etc.  ;;;;;;;;;;
Antal elever;Antal elever som har avslutat årskurs 9;;;;;;;;;
"""
EXPORT = HEAD + COLUMNS + ROWS + FOOT


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_export(tmp_path: Path, encoding: str) -> None:
    path = deliver(tmp_path, "Skolenhet.csv", EXPORT.replace("\n", "\r\n"), encoding)
    assert layouts(path) == ["export_grade9"]
    parsed = parse(path)
    assert (parsed.rows_read, parsed.rows_kept, parsed.refusals) == (3, 3, ())
    year = "2024/25"
    assert figures(parsed) == {
        ("48000763", "pupils_grade9", year): (None, "suppressed", ".."),
        ("48000763", "all_subjects", year): (None, "missing", "."),
        ("48000763", "eligible_vocational", year): (None, "missing", "."),
        ("48000763", "merit_value", year): (None, "suppressed", ".."),
        ("72471883", "pupils_grade9", year): (42, "final", None),
        ("72471883", "all_subjects", year): (85.7, "final", None),
        ("72471883", "eligible_vocational", year): (None, "rounded", "~100"),
        ("72471883", "merit_value", year): (239.6, "final", None),
        ("98239828", "pupils_grade9", year): (25, "final", None),
        ("98239828", "all_subjects", year): (72, "final", None),
        ("98239828", "eligible_vocational", year): (100, "final", None),
        ("98239828", "merit_value", year): (248.7, "final", None),
    }
    assert schools(parsed)["98239828"] == ("Ekebyholmsskolan, gr", "0188", "Fristående", None, None)
    based = parsed.tables["observation"].set_index(["area_id", "indicator_id"])["base"]
    assert based[("72471883", "skolverket_all_subjects")] == 42
    assert pd.isna(based[("72471883", "skolverket_merit_value")])


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("Riket;;;;;;;100;80;90;220\n", "Skol-enhetskod", id="total"),
        pytest.param("Ny skola;123;Norrtälje;0188;Kommunal;;;1;1;1;1\n", "Skol-enhetskod", id="short code"),
        pytest.param("Ny skola;12345678;Atlantis;9999;Kommunal;;;1;1;1;1\n", "Kommun-kod", id="municipality"),
        pytest.param("Länna skola;72471883;Norrtälje;0188;Kommunal;;;1;1;1;1\n", "Skol-enhetskod", id="twice"),
        pytest.param("Ny skola;12345678;Norr\n", "", id="cut off"),
        pytest.param("Ny skola;12345678;Norrtälje;0188;Kommunal;;;9;ja;1;1\n", "all_subjects", id="strange cell"),
        pytest.param("Ny skola;12345678;Norrtälje;0188;Kommunal;;;9;;1;1\n", "all_subjects", id="blank cell"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(tmp_path: Path, row: str, column: str) -> None:
    parsed = parse(deliver(tmp_path, "a.csv", HEAD + COLUMNS + ROWS + row + FOOT))
    (refusal,) = parsed.refusals
    assert (refusal.row, refusal.column) == (10, column)
    assert refusal.reason
    assert refusal.remedy


def test_a_missing_end_and_an_unknown_column_are_told(tmp_path: Path) -> None:
    wider = COLUMNS.strip() + ";Ny uppgift\n" + ROWS.replace("\n", ";1\n")
    parsed = parse(deliver(tmp_path, "a.csv", HEAD + wider))
    assert [refusal.reason for refusal in parsed.refusals] == [
        "Kolumnen känns inte igen och har inte lästs.",
        "Filens slut med rapportbeskrivningen saknas.",
    ]
    assert parsed.rows_kept == 3


# --- The API ----------------------------------------------------------------------------------------------------------


def entry(value: str | None, value_type: str = "EXISTS", period: str | None = "2024/25") -> dict[str, Any]:
    return {"value": value, "valueType": value_type, "timePeriod": period}


UNIT = {
    "code": "39351914", "name": "Norrsundsskolan", "geographicalAreaCode": "0188",
    "wgs84_Lat": "59.97361605203046", "wgs84_Long": "18.817032073997673", "principalOrganizerType": "Kommunal",
}  # fmt: skip
STATISTICS = {
    "schoolUnit": "39351914",
    "docLinks": None,
    "totalNumberOfPupils": [entry("cirka 430", period="2025/26")],
    "averageGradesMeritRating9thGrade": [entry("193,3"), entry(".", "MISSING", "2023/24")],
    "specialTeacherPositions": [entry("..", "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS")],
    "ratioOfPupils9thGradeEligibleForNationalProgramYR": [entry("~100", "ROUNDED_OFF_DUE_TO_FEW_PUPILS_NOT_ELIGIBLE")],
    "certifiedTeachersQuota": [entry("*", "TEACHERS_EXCLUDED_DUE_TO_NO_REQUIRED_LEGITIMATION")],
    "ratioOfPupilsIn6thGradeWithAllSubjectsPassed": [entry(None, "MISSING", None)],
    "averageResultNationalTestsSubjectSVE9thGrade": [],
}
LISTED = {
    "_embedded": {"listedSchoolUnits": [{key: UNIT[key] for key in UNIT if not key.startswith("wgs84")}]},
    "page": {"size": 50, "totalElements": 1, "totalPages": 1, "number": 0},
}  # fmt: skip
FIGURES = {
    ("39351914", "pupils", "2025/26"): (430, "rounded", "cirka 430"),
    ("39351914", "merit_value", "2024/25"): (193.3, "final", None),
    ("39351914", "merit_value", "2023/24"): (None, "missing", "."),
    ("39351914", "special_teacher_positions", "2024/25"): (None, "suppressed", ".."),
    ("39351914", "eligible_vocational", "2024/25"): (None, "rounded", "~100"),
    ("39351914", "certified_teachers", "2024/25"): (None, "not_applicable", "*"),
}
SCHOOL = ("Norrsundsskolan", "0188", "Kommunal", 59.97361605203046, 18.817032073997673)


def response(body: dict[str, Any]) -> dict[str, Any]:
    return {"status": "OK", "message": "Success", "body": body}


def test_api_bundle(tmp_path: Path) -> None:
    path = deliver(tmp_path, "a.json", {"listed": [LISTED], "units": [UNIT], "statistics": [STATISTICS]})
    assert layouts(path) == ["api_v4"]
    parsed = parse(path)
    assert parsed.refusals == ()
    assert figures(parsed) == FIGURES
    assert schools(parsed) == {"39351914": SCHOOL}


@pytest.mark.parametrize(
    ("body", "school", "observed"),
    [
        pytest.param(LISTED, ("Norrsundsskolan", "0188", "Kommunal", None, None), {}, id="list"),
        pytest.param(UNIT, SCHOOL, {}, id="unit"),
        # The name equal to the code marks a row that only stands in until the school itself comes.
        pytest.param(STATISTICS, ("39351914", None, None, None, None), FIGURES, id="statistics"),
    ],
)
def test_single_api_responses(tmp_path: Path, body: dict[str, Any], school: tuple[Any, ...], observed: Any) -> None:
    path = deliver(tmp_path, "a.json", response(body))
    assert layouts(path) == ["api_v4"]
    parsed = parse(path)
    assert schools(parsed) == {"39351914": school}
    assert (figures(parsed) if "observation" in parsed.tables else {}) == observed


@pytest.mark.parametrize(
    ("field", "item", "reason"),
    [
        pytest.param("certifiedTeachersQuota", entry("1", "NEW_TYPE"), "valueType NEW_TYPE är okänt", id="value type"),
        pytest.param("certifiedTeachersQuota", entry("x"), "är inget tal", id="existing but no number"),
        pytest.param("certifiedTeachersQuota", entry("5", "MISSING"), "är ett tal trots", id="missing but a number"),
        pytest.param("certifiedTeachersQuota", entry("5", period="2024/26"), "inget läsår", id="period"),
        pytest.param("certifiedTeachersQuota", "5", "väntade formen", id="entry"),
        pytest.param("newQuota", entry("5"), "Fältet newQuota är okänt", id="field"),
    ],
)
def test_an_api_figure_that_is_not_understood_is_refused(tmp_path: Path, field: str, item: Any, reason: str) -> None:
    body = {"schoolUnit": "39351914", "averageGradesMeritRating9thGrade": [entry("193,3")], field: [item]}
    parsed = parse(deliver(tmp_path, "a.json", response(body)))
    (refusal,) = parsed.refusals
    assert reason in refusal.reason
    assert "39351914" in str(refusal.value)
    assert (parsed.rows_read, parsed.rows_kept) == (2, 1)


@pytest.mark.parametrize("point", [("0", "0"), ("59,9", ""), ("norr", "öster")])
def test_a_school_with_a_bad_point_is_kept_without_it(tmp_path: Path, point: tuple[str, str]) -> None:
    body = UNIT | {"wgs84_Lat": point[0], "wgs84_Long": point[1]}
    parsed = parse(deliver(tmp_path, "a.json", response(body)))
    assert schools(parsed)["39351914"][3:] == (None, None)
    assert [refusal.column for refusal in parsed.refusals] == ["wgs84_Lat"]


# --- Broken files -----------------------------------------------------------------------------------------------------

_UNIT_TEXT = json.dumps(response(UNIT))


@pytest.mark.parametrize(
    ("layout", "text", "message"),
    [
        pytest.param("export_grade9", "", "filen är tom", id="export, empty"),
        pytest.param("export_grade9", HEAD, "Skol-enhetskod saknas", id="export, no header"),
        pytest.param("export_grade9", HEAD.replace("Valt", "") + COLUMNS + ROWS, "Valt läsår", id="export, no year"),
        pytest.param("export_grade9", HEAD + COLUMNS.replace("Kommun-kod", "Kod"), "kommunkod", id="export, changed"),
        pytest.param("export_grade9", HEAD + COLUMNS + FOOT, "inga skolor", id="export, no rows"),
        pytest.param("api_v4", '{"body": ' + "[" * 200_000, "inte hel JSON", id="API, nested without end"),
        pytest.param("api_v4", _UNIT_TEXT[:-20], "inte hel JSON", id="API, truncated"),
        pytest.param("api_v4", "{}", "saknar body", id="API, no body"),
        pytest.param("api_v4", '{"body": {"_embedded": {}}}', "inte en lista", id="API, list changed"),
        pytest.param("api_v4", '{"body": {"code": "1"}}', "inga skolor", id="API, nothing usable"),
        pytest.param("open_schools", "a,b\n1,2\n", "rad 1", id="schools, header"),
        pytest.param("open_figures", ",".join(FIGURE_COLUMNS) + "\n", "inga rader", id="figures, no rows"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, layout: str, text: str, message: str) -> None:
    chosen = next(item for item in SOURCE.layouts if item.id == layout)
    with pytest.raises(DeliveryError, match=message):
        chosen.parse(deliver(tmp_path, "a", text))


@pytest.mark.parametrize(
    ("columns", "good", "bad", "column"),
    [
        pytest.param(SCHOOL_COLUMNS, "12345678,S,0188,Kommunal,,", "1,S,0188,Kommunal,,", "school_unit", id="code"),
        pytest.param(SCHOOL_COLUMNS, "12345678,S,0188,Kommunal,,", "12345679,S,1,K,,", "municipality_code", id="place"),
        pytest.param(SCHOOL_COLUMNS, "12345678,S,0188,Kommunal,,", "12345679,S,0188,K,1,2", "lat", id="point"),
        pytest.param(FIGURE_COLUMNS, "12345678,2024/25,pupils,9,final,", "12345678,2024,pupils,9,final,", "school_year",
                     id="year"),
        pytest.param(FIGURE_COLUMNS, "12345678,2024/25,pupils,9,final,", "12345678,2025/26,pupils,,final,", "value",
                     id="no value"),
        pytest.param(FIGURE_COLUMNS, "12345678,2024/25,pupils,9,final,", "12345678,2024/25,pupils,9,final,", "measure",
                     id="twice"),
    ],
)  # fmt: skip
def test_an_open_row_that_cannot_be_read_is_refused(
    tmp_path: Path, columns: tuple[str, ...], good: str, bad: str, column: str
) -> None:
    parsed = parse(deliver(tmp_path, "a.csv", "\n".join((",".join(columns), good, bad)) + "\n"))
    assert [(refusal.row, refusal.column) for refusal in parsed.refusals] == [(3, column)]


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_recognising_never_raises(content: bytes) -> None:
    peek = Peek(Path("fil"), "fil", content)
    assert not any(layout.matches(peek) for layout in SOURCE.layouts)


@pytest.mark.parametrize(
    ("indicator", "value", "faults"),
    [
        ("skolverket_all_subjects", 100.0, 0),
        ("skolverket_all_subjects", 100.1, 1),
        ("skolverket_merit_value", 340.0, 0),
        ("skolverket_merit_value", 341.0, 1),
        ("skolverket_pupils", None, 0),
    ],
)
def test_what_is_impossible_is_told(indicator: str, value: float | None, faults: int) -> None:
    row = {"indicator_id": indicator, "area_id": "12345678", "period_label": "2024/25", "value": value}
    assert len(check({"observation": pd.DataFrame([row])})) == faults


# --- Fetching ---------------------------------------------------------------------------------------------------------


def serve(server: HTTPServer, statistics: Response | dict[str, Any], listed: dict[str, Any]) -> list[Request]:
    """Skolverket's API with one school; returns the requests as they come."""
    asked: list[Request] = []
    root = "/planned-educations/v4/school-units"

    def answering(answer: Response | dict[str, Any]) -> Any:
        def handler(request: Request) -> Response:
            asked.append(request)
            if isinstance(answer, Response):
                return answer
            return Response(json.dumps(response(answer)), content_type="application/vnd.skolverket.hal+json")

        return handler

    server.expect_request(root).respond_with_handler(answering(listed))
    server.expect_request(f"{root}/39351914").respond_with_handler(answering(UNIT))
    server.expect_request(f"{root}/39351914/statistics/gr").respond_with_handler(answering(statistics))
    return asked


def fetched(folder: Path, server: HTTPServer) -> list[Path]:
    assert SOURCE.fetch is not None
    base = server.url_for("").rstrip("/")
    with client_for(folder, {"api.skolverket.se": base}, FakeTime()) as client:
        responses = list(SOURCE.fetch(client, municipalities()["0188"]))
    paths = [folder / item.filename for item in responses]
    for path, item in zip(paths, responses, strict=True):
        path.write_bytes(item.content)
    return paths


def test_what_is_fetched_can_be_read(tmp_path: Path, httpserver: HTTPServer) -> None:
    asked = serve(httpserver, STATISTICS, LISTED)
    (path,) = fetched(tmp_path, httpserver)
    assert layouts(path) == ["api_v4"]
    parsed = parse(path)
    assert (figures(parsed), schools(parsed)) == (FIGURES, {"39351914": SCHOOL})
    assert asked[0].args["geographicalAreaCode"] == "0188"
    assert {request.headers["Accept"] for request in asked} == {
        "application/vnd.skolverket.plannededucations.api.v4.hal+json"
    }


def test_a_school_without_statistics_is_still_fetched(tmp_path: Path, httpserver: HTTPServer) -> None:
    serve(httpserver, Response("", status=404), LISTED)
    (path,) = fetched(tmp_path, httpserver)
    assert schools(parse(path)) == {"39351914": SCHOOL}


@pytest.mark.parametrize(
    ("statistics", "listed", "message"),
    [
        pytest.param(Response("", status=403), LISTED, "403", id="refused"),
        pytest.param(STATISTICS, {"page": {"totalPages": 0}}, "inga grundskolor", id="no schools"),
        pytest.param(STATISTICS, {"_embedded": {}}, "totalPages", id="paging changed"),
        pytest.param(STATISTICS, {"_embedded": {"listedSchoolUnits": [{"id": 1}]}, "page": {"totalPages": 1}},
                     "skolenhetskod", id="code changed"),
    ],
)  # fmt: skip
def test_a_failed_fetch_gives_nothing_and_says_why(
    tmp_path: Path, httpserver: HTTPServer, statistics: Any, listed: dict[str, Any], message: str
) -> None:
    serve(httpserver, statistics, listed)
    with pytest.raises((FetchError, DeliveryError), match=message):
        fetched(tmp_path, httpserver)


# --- Genuine deliveries -----------------------------------------------------------------------------------------------


@pytest.mark.genuine
def test_the_genuine_export_has_1714_schools_12_of_them_in_norrtalje(genuine: Path) -> None:
    (path,) = (genuine / "skolverket").glob("Grundskola*.csv")
    parsed = parse(path)
    assert (parsed.rows_read, parsed.rows_kept, parsed.refusals) == (1714, 1714, ())
    found = schools(parsed)
    assert len(found) == 1714
    assert sum(school[1] == "0188" for school in found.values()) == 12
    observed = parsed.tables["observation"].dropna(subset="value_text")
    kinds = set(zip(observed["value_text"], observed["status"], strict=True))
    assert kinds == {("..", "suppressed"), (".", "missing"), ("~100", "rounded")}
    assert check(parsed.tables) == []


@pytest.mark.genuine
def test_genuine_api_responses_are_read_whole(genuine: Path) -> None:
    for path in sorted((genuine / "skolverket" / "api_v4").glob("*.json")):
        assert layouts(path) == ["api_v4"]
        assert parse(path).refusals == ()
