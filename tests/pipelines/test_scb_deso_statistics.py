"""SCB's statistics for small areas: the open figures, Excel exports of every header shape, and PxWeb's json-stat2."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetching import FetchError
from pipelines.frames import conform
from pipelines.municipalities import municipalities
from pipelines.source import DeliveryError, Parsed, Peek
from pipelines.sources.scb_deso_statistics import SOURCE

LAYOUTS = {layout.id: layout for layout in SOURCE.layouts}
EXCEL, JSONSTAT = LAYOUTS["excel"], LAYOUTS["jsonstat"]
OPEN = Path(__file__).parent.parent.parent / "data" / "open" / "scb_deso_statistics"

Sheet = list[list[Any]]


def notes(reference: str, units: list[str]) -> Sheet:
    lines = ["", "Vissa personer går inte att placera. Se <a href='https://www.scb.se/'>sidan</a>.", "x" * 600, ""]
    lines += ["Senaste uppdatering:", "20240322 08:00", "", "Källa:", "SCB", "", "Kontaktperson:", "information@scb.se"]
    lines += [
        "",
        "Sort:",
        *units,
        "",
        "Referenstid:",
        "31 december respektive år",
        "",
        "Intern referenskod:",
        reference,
    ]
    return [[line or None] for line in lines]


def book(path: Path, rows: Sheet, name: str = "Blad1") -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path


HOUSEHOLDS: Sheet = [
    ["Antal hushåll efter region, år och hushållstyp"], [],
    [None, "2022", None], [None, "ensamstående med barn", "övriga hushåll"],
    ["0114A0010", 24, 35], ["2584C1130", 49, 31], *notes("000005F8", ["antal"]),
]  # fmt: skip
POPULATION: Sheet = [
    ["Folkmängden per region efter år, region och kön"], [],
    [None, None, "totalt", "kvinnor"],
    ["2023", "0114A0010", 898, 450], [None, "2584C1130", 1396, 700],
    ["2024", "0114A0010", 900, 451], [None, "2584C1130", 1390, 698], *notes("000005FC", ["antal"]),
]  # fmt: skip
INCOME: Sheet = [
    ["Andel av befolkningen i inkomstklass efter region, tabellinnehåll, år, inkomstslag och kön"], [],
    [None, "Medianvärde, tkr", "Antal personer totalt"], [None, "2022", "2022"],
    [None, "nettoinkomst", "nettoinkomst"], [None, "totalt", "totalt"],
    ["0114A0010", 320.0, 652], ["2584C1130", 339.6, 1123],
    *notes("000005FM", ["Medianvärde, tkr:", "tusentals kronor", "Antal personer totalt:", "antal"]),
]  # fmt: skip
STANDARD: Sheet = [
    ["Låg resp. hög ekonomisk standard efter region, tabellinnehåll, år och ålder"], [],
    [None, "Låg ekonomisk standard, procent"], [None, 2022], [None, "totalt ålder"],
    ["0114A0010", 7], ["2584C1130", ".."],
    *notes("000006TA", ["Låg ekonomisk standard, procent:", "andel"]),
]  # fmt: skip
LABOUR: Sheet = [
    ["Arbetsmarknadsstatus. Årligt register efter region, tabellinnehåll, kön, ålder och år"], [],
    [None, "antal sysselsatta", None, "antal arbetslösa", None],
    [None, "totalt", None, "totalt", None], [None, "16-64 år", None, "16-64 år", None],
    [None, "2021", "2022", "2021", "2022"],
    ["0114A0010", 400, 408, 6, 5], ["2584C1130", 790, 798, 15, 16],
    *notes("000007A8", ["antal sysselsatta:", "antal", "antal arbetslösa:", "antal"]),
]  # fmt: skip


def figures(result: Parsed) -> set[tuple[Any, ...]]:
    """Indicator, area, period, breakdown and value of every observation."""
    frame = conform("observation", result.tables["observation"])
    columns = ["indicator_id", "area_id", "period_label", "breakdown", "value"]
    return set(frame[columns].astype(object).where(frame[columns].notna(), None).itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("sheet", "indicators", "some"),
    [
        pytest.param(
            HOUSEHOLDS,
            {"scb_000005f8": ("Antal hushåll efter hushållstyp", "antal", "sum")},
            {("scb_000005f8", "2584C1130", "2022", "hushållstyp=övriga hushåll", 31.0)},
            id="year merged above the types",
        ),
        pytest.param(
            POPULATION,
            {"scb_000005fc": ("Folkmängden efter kön", "antal", "sum")},
            {
                ("scb_000005fc", "2584C1130", "2023", "", 1396.0),
                ("scb_000005fc", "2584C1130", "2024", "kön=kvinnor", 698.0),
            },
            id="years in column A, codes in B",
        ),
        pytest.param(
            INCOME,
            {
                "scb_000005fm_medianvarde_tkr_0ccaf1": (
                    "Andel av befolkningen i inkomstklass efter inkomstslag: Medianvärde, tkr", "tkr", "none",
                ),
                "scb_000005fm_antal_personer_totalt": (
                    "Andel av befolkningen i inkomstklass efter inkomstslag: Antal personer totalt", "antal", "sum",
                ),
            },
            {("scb_000005fm_medianvarde_tkr_0ccaf1", "2584C1130", "2022", "inkomstslag=nettoinkomst", 339.6)},
            id="four header rows",
        ),
        pytest.param(
            STANDARD,
            {
                "scb_000006ta_lag_ekonomisk_standard_procent_47826e": (
                    "Låg resp. hög ekonomisk standard: Låg ekonomisk standard, procent", "procent", "none",
                )
            },
            {
                ("scb_000006ta_lag_ekonomisk_standard_procent_47826e", "0114A0010", "2022", "", 7.0),
                ("scb_000006ta_lag_ekonomisk_standard_procent_47826e", "2584C1130", "2022", "", None),
            },
            id="year as a number, a sign in a cell",
        ),
        pytest.param(
            LABOUR,
            {
                f"scb_000007a8_{name}": (f"Arbetsmarknadsstatus. Årligt register efter ålder: {text}", "antal", "sum")
                for name, text in (
                    ("antal_sysselsatta", "antal sysselsatta"),
                    ("antal_arbetslosa_d99a15", "antal arbetslösa"),
                )
            },
            {("scb_000007a8_antal_arbetslosa_d99a15", "2584C1130", "2021", "ålder=16-64 år", 15.0)},
            id="merged contents over two years each",
        ),
    ],
)  # fmt: skip
def test_excel_exports(
    tmp_path: Path, sheet: Sheet, indicators: dict[str, tuple[str, str, str]], some: set[tuple[Any, ...]]
) -> None:
    path = book(tmp_path / "export.xlsx", sheet)
    assert [layout.id for layout in SOURCE.layouts if layout.matches(Peek.at(path))] == ["excel"]
    result = EXCEL.parse(path)
    found = conform("indicator", result.tables["indicator"]).set_index("indicator_id")
    assert {i: tuple(found.loc[i, ["name", "unit", "aggregation"]]) for i in found.index} == indicators
    assert some <= figures(result)
    area = conform("area", result.tables["area"])
    assert area[["area_id", "level", "name", "parent_id"]].to_numpy().tolist() == [
        ["0114A0010", "deso", "0114A0010", "0114"], ["2584C1130", "deso", "2584C1130", "2584"],
    ]  # fmt: skip


def test_notes_become_caveats(tmp_path: Path) -> None:
    result = EXCEL.parse(book(tmp_path / "export.xlsx", HOUSEHOLDS))
    assert result.tables["indicator"]["caveats"].iloc[0].split("\n") == [
        "Uppdaterad av SCB 2024-03-22.",
        "Referenstid: 31 december respektive år.",
        "Vissa personer går inte att placera. Se sidan.",
    ]


def test_signs_keep_their_meaning(tmp_path: Path) -> None:
    sheet = [
        ["Antal x efter region och år"],
        [None, "2022", "2023", "2024", "2025"],
        ["0114A0010", "..", ".", "-", None],
    ]
    frame = conform("observation", EXCEL.parse(book(tmp_path / "x.xlsx", sheet)).tables["observation"])
    assert frame["status"].tolist() == ["missing", "not_applicable", "final", "missing"]
    assert frame["value"].fillna(-1).tolist() == [-1, -1, 0, -1]
    assert frame["value_text"].fillna("").tolist() == ["..", ".", "-", ""]


def test_regions_of_several_levels_with_names(tmp_path: Path) -> None:
    regions = ["00 Riket", "0188 Norrtälje", "0188R004 Norrtälje (Hallstavik tätort)", "0188B3010"]
    sheet = [
        ["Antal x efter region och år"],
        [None, "2025"],
        *[[region, 10] for region in regions],
        *notes("A", ["antal"]),
    ]
    result = EXCEL.parse(book(tmp_path / "x.xlsx", sheet))
    assert {row[1] for row in figures(result)} == {"00", "0188", "0188R004", "0188B3010"}
    assert set(result.tables["area"]["area_id"]) == {"0188R004", "0188B3010"}


def test_zeros_outside_the_division_are_missing(tmp_path: Path) -> None:
    """A selection of the 2025 division has nothing but zeros before 2024; a zero of one area is a zero."""
    rows = [["0188C1061", 0, 2208], ["0188C1062", 0, 1189], ["0188C1063", 0, 0]]
    sheet = [["Antal x efter region och år"], [None, "2023", "2025"], *rows, *notes("A", ["antal"])]
    frame = EXCEL.parse(book(tmp_path / "x.xlsx", sheet)).tables["observation"]
    found = frame.set_index(["area_id", "period_label"])
    assert found.xs("2023", level=1)["status"].tolist() == ["missing"] * 3
    assert found.xs("2023", level=1)["value"].isna().all()
    assert found.loc[("0188C1063", "2025"), ["value", "status"]].tolist() == [0.0, "final"]


def test_the_same_code_in_both_divisions(tmp_path: Path) -> None:
    rows = [["0188A0010", 1103, 0], ["0188A0010", 0, 1047], ["0188A0020", 1572, 0], ["0188A0020", 0, 1587]]
    sheet = [["Antal x efter region och år"], [None, "2023", "2025"], *rows, *notes("A", ["antal"])]
    assert {row[1:3] + row[4:] for row in figures(EXCEL.parse(book(tmp_path / "x.xlsx", sheet)))} == {
        ("0188A0010", "2023", 1103.0), ("0188A0010", "2025", 1047.0),
        ("0188A0020", "2023", 1572.0), ("0188A0020", "2025", 1587.0),
    }  # fmt: skip


def test_a_zero_in_both_divisions_is_a_zero(tmp_path: Path) -> None:
    """SCB writes 0 for the division that a year is outside of; where both have 0, the right one has it too."""
    rows = [["0188A0010", 5, 0], ["0188A0010", 0, 0], ["0188A0020", 0, 9]]
    sheet = [["Antal x efter region och år"], [None, "2023", "2025"], *rows, *notes("A", ["antal"])]
    headings_only = EXCEL.parse(book(tmp_path / "x.xlsx", sheet)).tables["observation"]
    regions = {"label": "region", "category": {"index": ["0188A0010", "0188A0010_DeSO2025"]}}
    content = dataset(size=[2, 2, 1, 2], value=[7, 0, 8, 0, 0, 0, 0, 0], status={})
    content["dimension"]["Region"] = regions
    marked = JSONSTAT.parse(response(tmp_path, content)).tables["observation"]
    for frame in (headings_only, marked):
        found = frame[(frame["area_id"] == "0188A0010") & (frame["period_label"] == "2025")]
        assert set(found["status"]) == {"final"}
        assert set(found["value"]) == {0.0}


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        pytest.param([["Fel blad"], ["Välkommen"]], "inga områdeskoder", id="wrong sheet"),
        pytest.param([[None], ["0114A0010", 1]], "A1 har ingen tabellrubrik", id="no title"),
        pytest.param(
            [["Antal x efter region och år"], [None, "2022"], ["Upplands Väsby", 1]], "Välj koder", id="names only"
        ),
        pytest.param([["Antal x efter region och år"], [], ["0114A0010", 1]], "rubrikraderna", id="no header"),
        pytest.param(
            [["Antal x efter region och kön"], [None, "totalt"], ["0114A0010", 1]], "årtal saknas", id="no year"
        ),
        pytest.param(
            [["Antal x efter region och år"], [None, "2022"], ["0114A0010", 1], ["0114A0020", "många"], [], ["2022 x"]],
            "rad 4, kolumn 2: ”många” är inget tal",
            id="text in a cell",
        ),
        pytest.param([["Antal x efter region och år"], [None, "2022"], ["0114A0010"]], "inga siffror", id="no figures"),
        pytest.param(
            [["Antal x efter region och år"], [None, "2022"], ["0114A0010", 5], ["0114A0010", 7]],
            "två olika tal",
            id="contradiction",
        ),
    ],
)
def test_unusable_workbooks_are_explained(tmp_path: Path, sheet: Sheet, message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        EXCEL.parse(book(tmp_path / "x.xlsx", sheet))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.99])
def test_a_workbook_cut_off_is_explained(tmp_path: Path, share: float) -> None:
    content = book(tmp_path / "whole.xlsx", HOUSEHOLDS).read_bytes()
    path = tmp_path / "x.xlsx"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DeliveryError, match=r"inte en hel Excel-fil"):
        EXCEL.parse(path)
    assert not EXCEL.matches(Peek.at(path))


def test_a_row_without_a_code_is_refused(tmp_path: Path) -> None:
    rows = [["0114A0010", 1], ["Okänt område", 2], ["0114A0020", 3]]
    result = EXCEL.parse(book(tmp_path / "x.xlsx", [["Antal x efter region och år"], [None, "2022"], *rows]))
    assert (result.rows_read, result.rows_kept) == (3, 2)
    assert [(refusal.row, refusal.value) for refusal in result.refusals] == [(4, "Okänt område")]


def dataset(**changes: Any) -> dict[str, Any]:
    """TAB6574's shape: two areas, one of them in both divisions, two ages, one kind of contents, two years."""
    regions = ["0188", "0188A0010", "0188A0010_DeSO2025"]
    dimension = {
        "Region": {"label": "region", "category": {"index": {c: i for i, c in enumerate(regions)}}},
        "Alder": {
            "label": "ålder",
            "category": {"index": ["totalt", "80-"], "label": {"totalt": "totalt", "80-": "80- år"}},
        },
        "ContentsCode": {
            "label": "tabellinnehåll",
            "category": {
                "index": {"000007Y7": 0}, "label": {"000007Y7": "Antal"},
                "unit": {"000007Y7": {"base": "antal", "decimals": 0}},
            },
        },
        "Tid": {"label": "år", "category": {"index": {"2023": 0, "2025": 1}}},
    }  # fmt: skip
    return {
        "version": "2.0", "class": "dataset", "label": "Folkmängden efter region, ålder, tabellinnehåll och år",
        "source": "SCB", "updated": "2026-02-22T07:00:00Z", "id": list(dimension), "size": [3, 2, 1, 2],
        "role": {"geo": ["Region"], "time": ["Tid"], "metric": ["ContentsCode"]}, "dimension": dimension,
        "extension": {"px": {"tableid": "TAB6574"}},
        "value": [66_000, 66_832, 3_200, None, 1103, 0, 90, 0, 0, 1047, 0, 95], "status": {"3": "."},
    } | changes  # fmt: skip


def response(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "TAB6574_0188_1.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), "utf-8")
    return path


SPARSE = {str(i): value for i, value in enumerate(dataset()["value"]) if value is not None}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="list"),
        pytest.param({"value": SPARSE}, id="sparse object"),
        pytest.param({"status": [None, None, None, ".", *[None] * 8]}, id="status as a list"),
    ],
)
def test_jsonstat(tmp_path: Path, changes: dict[str, Any]) -> None:
    path = response(tmp_path, dataset(**changes))
    assert [layout.id for layout in SOURCE.layouts if layout.matches(Peek.at(path))] == ["jsonstat"]
    result = JSONSTAT.parse(path)
    assert figures(result) == {
        ("scb_population", "0188", "2023", "", 66_000.0), ("scb_population", "0188", "2025", "", 66_832.0),
        ("scb_population", "0188", "2023", "ålder=80+ år", 3200.0),
        ("scb_population", "0188", "2025", "ålder=80+ år", None),
        ("scb_population", "0188A0010", "2023", "", 1103.0), ("scb_population", "0188A0010", "2025", "", 1047.0),
        ("scb_population", "0188A0010", "2023", "ålder=80+ år", 90.0),
        ("scb_population", "0188A0010", "2025", "ålder=80+ år", 95.0),
    }  # fmt: skip
    missing = result.tables["observation"].dropna(subset=["value_text"])
    assert missing[["status", "value_text"]].to_numpy().tolist() == [["not_applicable", "."]]
    assert result.tables["indicator"].empty


def test_jsonstat_discovers_what_is_not_declared(tmp_path: Path) -> None:
    result = JSONSTAT.parse(response(tmp_path, dataset(extension={"px": {"tableid": "TAB1"}})))
    assert result.tables["indicator"][["indicator_id", "name", "unit", "caveats"]].to_numpy().tolist() == [
        ["scb_tab1_antal", "Folkmängden efter ålder: Antal", "antal", "Uppdaterad av SCB 2026-02-22."]
    ]


def test_early_zeros_of_the_2025_division_are_missing(tmp_path: Path) -> None:
    only = {"label": "region", "category": {"index": {"0188C1061_DeSO2025": 0}}}
    content = dataset(size=[1, 2, 1, 2], value=[0, 2208, 0, 0], status={})
    content["dimension"]["Region"] = only
    frame = JSONSTAT.parse(response(tmp_path, content)).tables["observation"]
    found = frame.set_index(["breakdown", "period_label"])[["status", "value_text"]].fillna("").apply(tuple, axis=1)
    assert found.to_dict() == {
        ("", "2023"): ("missing", "0"), ("", "2025"): ("final", ""),
        ("ålder=80+ år", "2023"): ("missing", "0"), ("ålder=80+ år", "2025"): ("final", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(json.dumps(dataset())[:500], "inte hel JSON", id="cut off"),
        pytest.param(dataset(value=[1, 2]), "2 värden i stället för 12", id="too few values"),
        pytest.param(dataset(size=[4, 2, 1, 2]), "stämmer inte med kategorierna", id="size"),
        pytest.param(dataset(value={"99": 1}), "utanför tabellens 12 celler", id="value outside"),
        pytest.param(dataset(value=["x"] * 12), "inte ett tal", id="text as value"),
        pytest.param({"class": "dataset", "id": []}, "size, dimension, value saknas", id="no dimensions"),
        pytest.param(dataset(dimension={}), "Region saknar kategorier", id="empty dimension"),
        pytest.param(dataset(role={"time": ["Ar"]}), "Tid saknas", id="unknown role"),
        pytest.param([], "saknas i svaret", id="a list"),
    ],
)
def test_unusable_responses_are_explained(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        JSONSTAT.parse(response(tmp_path, content))


def test_unknown_regions_are_refused(tmp_path: Path) -> None:
    content = dataset()
    content["dimension"]["Region"]["category"] = {"index": ["0188", "FA01", "0188A0010"]}
    result = JSONSTAT.parse(response(tmp_path, content))
    assert [refusal.value for refusal in result.refusals] == ["FA01"]
    assert (result.rows_read, result.rows_kept) == (12, 8)


class _Client:
    """Answers descriptions of one shape, and notes what data is asked for."""

    def __init__(self, regions: list[str], others: dict[str, tuple[int, bool]]) -> None:
        codes = {
            "Region": regions,
            **{n: [str(i) for i in range(size)] for n, (size, _) in others.items()},
            "Tid": ["2025"],
        }
        self.about = {
            "id": list(codes),
            "dimension": {
                name: {
                    "category": {"index": {c: i for i, c in enumerate(listed)}},
                    "extension": {"elimination": optional},
                }
                for name, listed in codes.items()
                for optional in [others.get(name, (0, False))[1]]
            },
        }
        self.asked: list[dict[str, str]] = []

    def limit(self, *args: Any) -> None: ...

    def get_json(self, *args: Any, **kwargs: Any) -> Any:
        return self.about

    def get(self, url: str, *, params: dict[str, str], headers: dict[str, str]) -> Any:
        self.asked.append(params)
        return type("Response", (), {"content": b"{}"})()


def fetch(client: _Client) -> Iterator[Any]:
    ask: Callable[[Any, Any], Iterator[Any]] | None = SOURCE.fetch
    assert ask is not None
    return ask(client, municipalities()["0188"])


def test_fetch_asks_for_the_division_in_force_in_one_key() -> None:
    client = _Client(["00", "0188", "0188A0010", "0188A0010_DeSO2025", "0114A0010_DeSO2025"], {"Alder": (3, True)})
    (first, *_) = list(fetch(client))
    assert first.filename == "TAB6574_0188_1.json"
    assert client.asked[0] == {
        "lang": "sv", "outputFormat": "json-stat2", "valueCodes[Region]": "0188,0188A0010_DeSO2025",
        "valueCodes[Alder]": "0,1,2", "valueCodes[Tid]": "top(1)",
    }  # fmt: skip
    assert "valueCodes[Alder]" not in client.asked[1], "other variables are totals where the table allows it"


@pytest.mark.parametrize(
    ("regions", "others", "message"),
    [
        pytest.param(["0114"], {}, "inget för kommun 0188", id="no region of the municipality"),
        pytest.param(["0188"], {"ContentsCode": (0, False)}, "inget för ContentsCode", id="a variable without values"),
    ],
)
def test_fetch_says_what_a_table_lacks(regions: list[str], others: dict[str, Any], message: str) -> None:
    with pytest.raises(FetchError, match=message):
        list(fetch(_Client(regions, others)))


def test_fetch_keeps_within_the_cells_of_a_call() -> None:
    regions = [f"0188A{number:04d}_DeSO2025" for number in range(250)]
    client = _Client(regions, {"Alder": (50, False), "Kon": (100, False)})
    list(fetch(client))
    asked = [params["valueCodes[Region]"].split(",") for params in client.asked[:9]]
    assert [code for codes in asked for code in codes] == regions
    assert max(len(codes) for codes in asked) * 50 * 100 <= 150_000


def test_shipped_population() -> None:
    deso = LAYOUTS["figures"].parse(OPEN / "deso_2025_0188.csv").tables["observation"]
    population = deso[(deso["indicator_id"] == "scb_population") & (deso["breakdown"] == "")]
    assert (len(population), population["value"].sum()) == (40, 66_821)
    share = deso[(deso["indicator_id"] == "scb_foreign_background") & (deso["area_id"] == "0188A0010")]
    # 1 047 inhabitants in 2025 after a fall of 5.249 per cent: 1 105 in 2024.
    assert share.set_index("period_label")["base"].to_dict() == {"2024": 1105, "2025": 1047}


def test_municipality_series_stand_apart() -> None:
    """Monthly employment is not the yearly register, and a projection is not a population."""
    frame = LAYOUTS["figures"].parse(OPEN / "municipality_0188.csv").tables["observation"]
    found = set(frame["indicator_id"])
    assert {"scb_employment_20_64_monthly", "scb_unemployment_20_64_monthly", "scb_population_projection"} <= found
    assert not {"scb_employment_20_64", "scb_unemployment_20_64"} & found
    projection = frame[frame["indicator_id"] == "scb_population_projection"]
    assert (projection["period_label"].min(), projection["period_label"].max()) == ("2026", "2040")
    assert frame.loc[frame["indicator_id"] == "scb_population", "period_label"].tolist().count("2026") == 0


@pytest.mark.parametrize(
    ("regso", "index"), [("0188R004", 15.3), ("0188R013", 12.5), ("0188R017", 15.7), ("0188R016", 3.6)]
)
def test_socioeconomic_index(regso: str, index: float) -> None:
    frame = LAYOUTS["figures"].parse(OPEN / "regso_2025_0188.csv").tables["observation"]
    found = frame[(frame["indicator_id"] == "scb_socioeconomic_index") & (frame["area_id"] == regso)]
    assert found["value"].tolist() == [index]


def test_shares_agree_with_the_tables() -> None:
    """Each share equals the count over the base; the base of households is the sum of SCB's table 000005F8."""
    shares = LAYOUTS["shares_2018"].parse(OPEN / "deso_2018_shares_0188.csv").tables["observation"]
    counted = shares.dropna(subset=["count"])
    assert len(counted) == 38 * 11
    assert (100 * counted["count"] / counted["base"] - counted["value"]).abs().max() <= 0.01
    tables = LAYOUTS["tables_2018"].parse(OPEN / "deso_2018_tables_0188.csv").tables["observation"]
    households = tables[tables["indicator_id"] == "scb_000005f8"].groupby("area_id")["value"].sum()
    single = shares[shares["indicator_id"] == "scb_profile_single_parent_households"].set_index("area_id")
    assert single["base"].to_dict() == households.to_dict()


def test_distribution_over_sweden() -> None:
    frame = LAYOUTS["shares_2018_sweden"].parse(OPEN / "deso_2018_shares_riket.csv").tables["observation"]
    assert set(frame["area_id"]) == {"00"}
    assert set(frame["base"]) == {5984}
    low = frame[frame["indicator_id"] == "scb_profile_low_economic_standard"].set_index("breakdown")["value"]
    assert (low["mått=p50"], low["mått=medel"], low["mått=p95"], len(low)) == (11.0, 13.539, 34.0, 9)


@pytest.mark.parametrize("path", sorted(OPEN.iterdir()), ids=lambda path: path.name)
def test_shipped_files_are_recognised_by_one_layout(path: Path) -> None:
    (layout,) = [layout for layout in SOURCE.layouts if layout.matches(Peek.at(path))]
    result = layout.parse(path)
    assert not result.refusals
    for name, frame in result.tables.items():
        conform(name, frame)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        pytest.param("0188,nyttmått,2025,1,x", ["Måttet känns inte igen."], id="unknown indicator"),
        pytest.param("Norrtälje,population,2025,1,x", ["Områdeskoden känns inte igen."], id="no code"),
        pytest.param("0188,population,i år,1,x", ["Året är inte ett årtal."], id="no year"),
        pytest.param("0188,population,2025,många,x", ["Värdet är inte ett tal."], id="no number"),
        pytest.param(
            "0188,population,2024,6,persons", ["Samma område, år och mått finns redan längre upp i filen."], id="twice"
        ),
    ],
)
def test_faulty_rows_are_refused(tmp_path: Path, text: str, reasons: list[str]) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(f"area,indicator,year,value,unit\n0188,population,2024,5,persons\n{text}\n", "utf-8")
    result = LAYOUTS["figures"].parse(path)
    assert [refusal.reason for refusal in result.refusals] == reasons
    assert (result.rows_read, result.rows_kept, result.refusals[0].row) == (2, 1, 3)


def test_a_share_that_its_count_contradicts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    row = "0188A0010,age_10_19_pct,2022"
    path.write_text(f"deso,indicator,year,value,count,base\n{row},5.84,67,1147\n{row},6.9,67,1147\n", "utf-8")
    result = LAYOUTS["shares_2018"].parse(path)
    assert [refusal.column for refusal in result.refusals] == ["count"]


@pytest.mark.parametrize("layout", ["figures", "tables_2018", "shares_2018", "shares_2018_sweden"])
def test_a_file_without_a_usable_row_gives_refusals(tmp_path: Path, layout: str) -> None:
    header = next(
        p.read_text("utf-8").split("\n")[0] for p in sorted(OPEN.iterdir()) if LAYOUTS[layout].matches(Peek.at(p))
    )
    path = tmp_path / "x.csv"
    path.write_text(header + "\n" + ",".join("x" for _ in header.split(",")) + "\n", "utf-8")
    result = LAYOUTS[layout].parse(path)
    assert (result.rows_read, result.rows_kept, len(result.refusals)) == (1, 0, 1)
    for name, frame in result.tables.items():
        conform(name, frame)


@pytest.mark.parametrize(
    ("indicator", "value", "year", "faults"),
    [
        pytest.param(
            "scb_x", 0.0, "2023", ["0188C1061 finns först från 2024 men har 0 för 2023 (scb_x)."], id="early zero"
        ),
        pytest.param("scb_x", 0.0, "2024", [], id="zero in force"),
        pytest.param("scb_x", -1.2, "2024", [], id="a table's own change in percent"),
        pytest.param("scb_population_growth", -1.2, "2024", [], id="a declared change"),
        pytest.param(
            "scb_profile_unemployed", 101.0, "2024", ["scb_profile_unemployed är 101 procent i 0188C1061 2024."],
            id="more than all",
        ),
    ],
)  # fmt: skip
def test_check(indicator: str, value: float, year: str, faults: list[str]) -> None:
    tables = {
        "area": pd.DataFrame({"area_id": ["0188C1061"], "valid_from": [2025]}),
        "indicator": pd.DataFrame({"indicator_id": [indicator], "unit": ["procent"]}),
        "observation": pd.DataFrame(
            {
                "indicator_id": [indicator], "area_id": ["0188C1061"], "value": [value],
                "period_end": [pd.Timestamp(f"{year}-12-31")], "period_label": [year],
            }
        ),
    }  # fmt: skip
    assert SOURCE.check(tables) == faults


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda rest: b"PK\x03\x04" + rest))
def test_recognition_never_raises(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("x") / "x.xlsx"
    path.write_bytes(content)
    assert not any(layout.matches(Peek.at(path)) for layout in SOURCE.layouts)


@pytest.mark.genuine
@pytest.mark.parametrize(
    ("name", "figures_per_area", "some"),
    [
        ("000005F8_20240813-152932.xlsx", 5, ("scb_000005f8", "2584C1130", "hushållstyp=övriga hushåll", 31)),
        ("000005FC_20240806-102837.xlsx", 1, ("scb_000005fc", "2584C1130", "", 1396)),
        (
            "000005FM_20240813-153407.xlsx",
            3,
            ("scb_000005fm_medianvarde_tkr_0ccaf1", "2584C1130", "inkomstslag=nettoinkomst", 339.6),
        ),
        (
            "000006TA_20240813-153551.xlsx",
            3,
            ("scb_000006ta_lag_ekonomisk_standard_procent_47826e", "2584C1130", "", 6),
        ),
        ("000007A8_20240813-151334.xlsx", 5, ("scb_000007a8_antal_totalt", "2584C1130", "ålder=16-64 år", 918)),
    ],
)
def test_genuine_exports(genuine: Path, name: str, figures_per_area: int, some: tuple[str, str, str, float]) -> None:
    path = genuine / "scb_xlsx" / name
    assert [layout.id for layout in SOURCE.layouts if layout.matches(Peek.at(path))] == ["excel"]
    result = EXCEL.parse(path)
    frame = conform("observation", result.tables["observation"])
    assert (result.rows_read, result.rows_kept, frame["area_id"].nunique()) == (5984, 5984, 5984)
    frame = frame[~frame["indicator_id"].str.startswith("scb_profile_")]
    assert len(frame) == 5984 * figures_per_area
    indicator, area, breakdown, value = some
    found = frame[(frame["indicator_id"] == indicator) & (frame["area_id"] == area) & (frame["breakdown"] == breakdown)]
    assert found["value"].tolist() == [value]
    assert set(frame["status"]) == {"final"}


@pytest.mark.genuine
def test_shipped_tables_are_those_of_the_genuine_exports(genuine: Path) -> None:
    """Same indicators, breakdowns and values for Norrtälje, so that an export replaces rather than repeats."""
    shipped = figures(LAYOUTS["tables_2018"].parse(OPEN / "deso_2018_tables_0188.csv"))
    for path in sorted((genuine / "scb_xlsx").glob("*.xlsx")):
        exported = {row for row in figures(EXCEL.parse(path)) if row[1].startswith("0188")}
        table = f"scb_{path.name[:8].lower()}"
        assert {row for row in exported if row[0].startswith(table)} == {r for r in shipped if r[0].startswith(table)}


def profile_of(result: Parsed) -> pd.DataFrame:
    """The shares of the profile, by indicator, area and year."""
    frame = conform("observation", result.tables["observation"])
    frame = frame[frame["indicator_id"].str.startswith("scb_profile_")]
    return frame.set_index(["indicator_id", "area_id", "period_label"]).sort_index()


def test_the_profile_follows_from_the_tables() -> None:
    """All thirteen shares of all 38 DeSO, as they were once counted and published to two decimals."""
    made = profile_of(LAYOUTS["tables_2018"].parse(OPEN / "deso_2018_tables_0188.csv"))
    known = profile_of(LAYOUTS["shares_2018"].parse(OPEN / "deso_2018_shares_0188.csv"))
    assert len(known) == 13 * 38
    assert list(made.index) == list(known.index)
    assert (made["value"] - known["value"]).abs().max() <= 0.01
    for column in ("count", "base"):
        assert made[column].equals(known[column])


def test_a_profile_is_made_for_any_area_that_has_all_its_parts(tmp_path: Path) -> None:
    kinds = ["sammanboende med barn", "sammanboende utan barn", "ensamstående med barn", "ensamstående utan barn"]
    sheet = [
        ["Antal hushåll efter region, år och hushållstyp"], [None, "2022"], [None, *kinds, "övriga hushåll"],
        ["00 Riket", 10, 20, 30, 40, 100], ["0188 Norrtälje", 1, 1, 1, 1, 0], ["0188A0010", 5, 5, 10, "..", 5],
        ["0188A0020", 0, 0, 0, 0, 0], *notes("000005F8", ["antal"]),
    ]  # fmt: skip
    made = profile_of(EXCEL.parse(book(tmp_path / "x.xlsx", sheet)))
    assert made[["value", "count", "base", "status"]].to_dict("index") == {
        ("scb_profile_single_parent_households", "00", "2022"):
            {"value": 15.0, "count": 30.0, "base": 200.0, "status": "derived"},
        ("scb_profile_single_parent_households", "0188", "2022"):
            {"value": 25.0, "count": 1.0, "base": 4.0, "status": "derived"},
        ("scb_profile_single_person_households", "00", "2022"):
            {"value": 20.0, "count": 40.0, "base": 200.0, "status": "derived"},
        ("scb_profile_single_person_households", "0188", "2022"):
            {"value": 25.0, "count": 1.0, "base": 4.0, "status": "derived"},
    }  # fmt: skip


@pytest.mark.parametrize(("whole", "expected"), [(110, 10 / 110 * 100), (None, 10 / 100 * 100)], ids=["total", "none"])
def test_a_share_is_of_the_total_or_of_all_its_parts(tmp_path: Path, whole: int | None, expected: float) -> None:
    head = ["svensk bakgrund", "utländsk bakgrund", *(["totalt"] if whole else [])]
    sheet = [
        ["Folkmängden per region efter region, utländsk/svensk bakgrund och år"],
        [None, *head], [None, *["2022"] * len(head)], ["0188A0010", 90, 10, *([whole] if whole else [])],
        *notes("000005FE", ["antal"]),
    ]  # fmt: skip
    made = profile_of(EXCEL.parse(book(tmp_path / "x.xlsx", sheet)))
    assert made["value"].tolist() == pytest.approx([expected])


@pytest.mark.genuine
def test_the_profile_of_the_whole_country_has_the_known_spread(genuine: Path) -> None:
    """Six of the thirteen follow from the genuine exports; their percentiles are those that were once published."""
    spread = profile_of(LAYOUTS["shares_2018_sweden"].parse(OPEN / "deso_2018_shares_riket.csv"))
    known = spread.reset_index().set_index(["indicator_id", "breakdown"])["value"]
    made = pd.concat([profile_of(EXCEL.parse(path)) for path in sorted((genuine / "scb_xlsx").glob("*.xlsx"))])
    groups = made.reset_index().groupby("indicator_id")["value"]
    assert groups.count().to_dict() == dict.fromkeys(
        [f"scb_profile_{name}" for name in (
            "low_economic_standard", "median_net_income", "outside_labour_force", "single_parent_households",
            "single_person_households", "unemployed",
        )], 5984,
    )  # fmt: skip
    for indicator, values in groups:
        for level in (5, 10, 25, 50, 75, 90, 95):
            found = values.astype(float).quantile(level / 100)
            assert found == pytest.approx(known[indicator, f"mått=p{level}"], abs=0.001)
