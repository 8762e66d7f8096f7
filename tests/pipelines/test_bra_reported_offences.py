"""Brå's reported offences: every layout, broken files, and what must hold for the figures that ship."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.frames import indicator_frame
from pipelines.source import DeliveryError, Parsed, Peek
from pipelines.sources.bra_reported_offences import INDICATORS, OPEN_COLUMNS, SOURCE, check
from store.settings import PROJECT

OPEN = sorted((PROJECT / "data" / "open" / "bra_reported_offences").glob("*.csv"))
BOM = "\ufeff"


def layouts(path: Path) -> list[str]:
    return [layout.id for layout in SOURCE.layouts if layout.matches(Peek.at(path))]


def parse(path: Path) -> Parsed:
    (layout,) = [layout for layout in SOURCE.layouts if layout.matches(Peek.at(path))]
    return layout.parse(path)


def deliver(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def figures(parsed: Parsed) -> dict[tuple[str, str, str], tuple[float | None, str]]:
    """Value and status by indicator (without prefix), area and period."""
    return {
        (row.indicator_id.removeprefix("bra_offences_"), row.area_id, row.period_label): (
            None if pd.isna(row.value) else row.value,
            row.status,
        )
        for row in parsed.tables["observation"].itertuples()
    }


def tables(*frames: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "observation": pd.concat(frames, ignore_index=True),
        "indicator": indicator_frame(SOURCE.id, INDICATORS),
    }


# --- What ships -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    return pd.concat([parse(path).tables["observation"] for path in OPEN], ignore_index=True)


def test_shipped_files_are_recognised_and_read_whole() -> None:
    for path in OPEN:
        assert layouts(path) == ["open"]
        parsed = parse(path)
        assert parsed.rows_kept == parsed.rows_read > 0
        assert parsed.refusals == ()


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("bra_offences_total", 8532),
        ("bra_offences_total_rate", 12790),
        ("bra_offences_person", 2195),
        ("bra_offences_theft", 1586),
        ("bra_offences_burglary", 340),
        ("bra_offences_vandalism", 1085),
        ("bra_offences_drugs_weapons", 855),
    ],
)
def test_norrtalje_2025(shipped: pd.DataFrame, indicator: str, value: float) -> None:
    rows = shipped.query("indicator_id == @indicator and area_id == '0188' and period_label == '2025'")
    assert rows[["value", "status"]].to_numpy().tolist() == [[value, "final"]]


def test_quarters_of_2015_to_2025_sum_to_the_year(shipped: pd.DataFrame) -> None:
    total = shipped[shipped["indicator_id"].eq("bra_offences_total")].assign(year=shipped["period_start"].dt.year)
    total = total[total["year"].between(2015, 2025)]
    quarters = total[total["period_type"].eq("quarter")].groupby(["area_id", "year"])["value"].agg(["sum", "size"])
    years = total[total["period_type"].eq("year")].set_index(["area_id", "year"])["value"]
    assert len(years) == 8 * 11
    assert quarters["size"].eq(4).all()
    assert (quarters["sum"] - years).abs().max() == 0


def test_only_2026_is_preliminary_and_2014_lacks_its_second_half(shipped: pd.DataFrame) -> None:
    labels = shipped.loc[shipped["status"].eq("preliminary"), "period_label"].unique()
    assert sorted(labels) == ["2026 kv 1", "2026 kv 2"]
    of_2014 = shipped.loc[shipped["period_label"].str.startswith("2014 kv"), "period_label"].unique()
    assert sorted(of_2014) == ["2014 kv 1", "2014 kv 2"]


def test_the_rate_carries_the_count_and_no_base(shipped: pd.DataFrame) -> None:
    rows = shipped.query("indicator_id == 'bra_offences_total_rate' and area_id == '0188' and period_label == '2025'")
    assert rows["count"].tolist() == [8532]
    assert rows["base"].isna().all()


def test_shipped_figures_hold_together(shipped: pd.DataFrame) -> None:
    assert check(tables(shipped)) == []


# --- The municipality CSV ---------------------------------------------------------------------------------------------

WITH_HEADER = BOM + "Kommun;Antal;Per 100 000 inv.\r\nNorrtälje;8 532;12 790\r\nUpplands-Bro;4\u00a0100;13 000\r\n"
WITHOUT_HEADER = (
    "Ale kommun;2731;8547\r\nGöteborgs kommun;90 000;15 000\r\nUpplands–Bro kommun;4 100;13 000\r\nAngered;9;9\r\n"
)


def test_municipality_csv(tmp_path: Path) -> None:
    path = deliver(tmp_path, "Anmälda brott kommunerna 2025.csv", WITH_HEADER)
    assert layouts(path) == ["municipality_csv"]
    parsed = parse(path)
    assert figures(parsed) == {
        ("total", "0188", "2025"): (8532, "final"),
        ("total_rate", "0188", "2025"): (12790, "final"),
        ("total", "0139", "2025"): (4100, "final"),
        ("total_rate", "0139", "2025"): (13000, "final"),
    }
    assert (parsed.rows_read, parsed.rows_kept) == (2, 2)
    # A whole file has all 290; that this one has not is said, since it may have been cut off.
    assert [refusal.reason for refusal in parsed.refusals] == ["Filen har 2 av Sveriges 290 kommuner."]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_municipality_csv_without_header(tmp_path: Path, encoding: str) -> None:
    path = deliver(tmp_path, "kommuner_2021.csv", WITHOUT_HEADER, encoding)
    assert layouts(path) == ["municipality_csv"]
    parsed = parse(path)
    assert {area for _, area, _ in figures(parsed)} == {"1440", "1480", "0139"}
    district = parsed.refusals[0]
    assert (district.row, district.column, district.value) == (4, "Kommun", "Angered")
    assert "Stadsdelar" in district.remedy


@pytest.mark.parametrize(
    ("name", "label", "status"),
    [
        pytest.param("brott-2025-prel.csv", "2025", "preliminary", id="preliminary"),
        pytest.param("Anm%C3%A4lda%20brott%20kommunerna%202024.csv", "2024", "final", id="address-encoded"),
    ],
)
def test_the_year_and_status_come_from_the_file_name(tmp_path: Path, name: str, label: str, status: str) -> None:
    found = figures(parse(deliver(tmp_path, name, WITH_HEADER)))
    assert found[("total", "0188", label)] == (8532, status)


@pytest.mark.parametrize("name", ["brott.csv", "brott 2024-2025.csv", "brott20251.csv"])
def test_a_file_name_without_one_year_is_refused_with_the_remedy(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeliveryError, match="Döp om den så att året syns"):
        parse(deliver(tmp_path, name, WITH_HEADER))


# --- The statistics tool ----------------------------------------------------------------------------------------------

TOOL = """Region;Brott;År;Period;Antal;/100 000 inv;
Norrtälje kommun;Samtliga brott;2025;Helår;8 532;12 790;
Norrtälje kommun;Bedrägeribrott;..;..;..;..;
Norrtälje kommun;Kortbedrägeri;År;2025;120;180;
Norrtälje kommun;Kortbedrägeri;2026 prel.;Kvartal 1;31;46;
Norrtälje kommun;Kortbedrägeri;2026 prel.;Aug;-;-;
Norrtälje kommun;Cykelstöld;2026 prel.;Mars;..;..;
Norrtälje kommun;Cykelstöld;2026 prel.;April;7;10;
Stockholms län;Cykelstöld;2025;År;900;37;
Hela landet;Cykelstöld;2025;År;50000;470;
"""


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "utf-8-sig"])
def test_statistics_tool(tmp_path: Path, encoding: str) -> None:
    path = deliver(tmp_path, "dbfil.csv", TOOL.replace("\n", "\r\n"), encoding)
    assert layouts(path) == ["statistics_tool"]
    parsed = parse(path)
    assert parsed.refusals == ()
    counts = {key: value for key, value in figures(parsed).items() if not key[0].endswith("_rate")}
    assert counts == {
        ("total", "0188", "2025"): (8532, "final"),
        ("fraud_kortbedrageri_d0cc3c", "0188", "2025"): (120, "final"),
        ("fraud_kortbedrageri_d0cc3c", "0188", "2026 kv 1"): (31, "preliminary"),
        ("fraud_kortbedrageri_d0cc3c", "0188", "augusti 2026"): (0, "preliminary"),
        ("type_cykelstold_3a7117", "0188", "mars 2026"): (None, "suppressed"),
        ("type_cykelstold_3a7117", "0188", "april 2026"): (7, "preliminary"),
        ("type_cykelstold_3a7117", "01", "2025"): (900, "final"),
        ("type_cykelstold_3a7117", "00", "2025"): (50000, "final"),
    }
    # The heading above the chosen offence, echoed with only .., is outside the scope.
    assert (parsed.rows_read, parsed.rows_kept) == (9, 8)


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        pytest.param(["Mord;2025;År;1;1", "Mörd;2025;År;1;1"], ["type_mord", "type_mord_0df13f"], id="å, ä and ö"),
        pytest.param(
            ["Rån;2025;År;2;2", "därav inomhus;2025;År;1;1", "Hot;2025;År;2;2", "därav inomhus;2025;År;1;1"],
            ["type_hot", "type_hot_darav_inomhus_", "type_ran_", "type_ran_darav_inomhus_"],
            id="sub-labels under figures",
        ),
        pytest.param(
            ["Rån;..;..;..;..", "därav inomhus;2025;År;1;1", "därav utomhus;2025;År;1;1"],
            ["type_ran_darav_inomhus_", "type_ran_darav_utomhus_"],
            id="sub-labels under a heading",
        ),
    ],
)
def test_labels_that_differ_become_indicators_that_differ(tmp_path: Path, rows: list[str], ids: list[str]) -> None:
    text = "\n".join([TOOL.split("\n")[0], *(f"Norrtälje kommun;{row};" for row in rows)])
    parsed = parse(deliver(tmp_path, "dbfil.csv", text, "iso-8859-1"))
    assert parsed.refusals == ()
    found = sorted(indicator for indicator, _, _ in figures(parsed) if not indicator.endswith("_rate"))
    assert len(found) == len(ids)
    assert all(indicator.startswith(known) for indicator, known in zip(found, ids, strict=True))


def test_an_offence_whose_every_figure_is_suppressed_is_no_heading(tmp_path: Path) -> None:
    text = "\n".join([TOOL.split("\n")[0], "Norrtälje kommun;Mord;2025;År;..;..;"])
    parsed = parse(deliver(tmp_path, "dbfil.csv", text, "iso-8859-1"))
    assert figures(parsed)[("type_mord", "0188", "2025")] == (None, "suppressed")
    assert (parsed.rows_read, parsed.rows_kept) == (1, 1)


def test_other_labels_become_indicators_of_their_own(tmp_path: Path) -> None:
    found = parse(deliver(tmp_path, "dbfil.csv", TOOL, "iso-8859-1")).tables["indicator"].set_index("indicator_id")
    assert sorted(found.index) == [
        "bra_offences_fraud_kortbedrageri_d0cc3c",
        "bra_offences_fraud_kortbedrageri_d0cc3c_rate",
        "bra_offences_type_cykelstold_3a7117",
        "bra_offences_type_cykelstold_3a7117_rate",
    ]
    assert found.loc["bra_offences_type_cykelstold_3a7117", ["name", "unit", "part_of"]].tolist() == [
        "Cykelstöld", "antal", "bra_offences_total",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("Norrtälje kommun;Cykelstöld;2025;År;många;10;", "Antal", id="count is text"),
        pytest.param("Norrtälje kommun;Cykelstöld;2025;År;5;;", "Per 100 000 inv.", id="rate is blank"),
        pytest.param("Norrtälje kommun;Cykelstöld;2025;År;-5;1;", "Antal", id="negative count"),
        pytest.param("Atlantis;Cykelstöld;2025;År;5;1;", "Region", id="unknown region"),
        pytest.param("Norrtälje kommun;Cykelstöld;2025;Vecka 3;5;1;", "Period", id="unknown period"),
        pytest.param("Norrtälje kommun;Cykelstöld;Kv 1;Kv 2;5;1;", "Period", id="no year"),
        pytest.param("Norrtälje kommun;;2025;År;5;1;", "Brott", id="no offence"),
        pytest.param("Norrtälje kommun;Samtliga brott;2025;År;1;1;", "Brott", id="same thing twice"),
        pytest.param("Norrtälje kommun;Cykel", "", id="cut off"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_place_and_remedy(tmp_path: Path, row: str, column: str) -> None:
    parsed = parse(deliver(tmp_path, "dbfil.csv", TOOL + row + "\n", "iso-8859-1"))
    (refusal,) = parsed.refusals
    assert (refusal.row, refusal.column) == (11, column)
    assert refusal.reason
    assert refusal.remedy


# --- Broken files -----------------------------------------------------------------------------------------------------

OPEN_HEADER = ",".join(OPEN_COLUMNS) + "\n"
OPEN_ROW = "0188,Norrtälje,2025,,total,8532,12790,final\n"


@pytest.mark.parametrize(
    ("layout", "name", "content", "message"),
    [
        pytest.param("open", "a.csv", b"", "filen är tom", id="open, empty"),
        pytest.param("open", "a.csv", OPEN_HEADER.encode(), "inga rader", id="open, only header"),
        pytest.param("open", "a.csv", (OPEN_HEADER + OPEN_ROW + "0188,Norr").encode(), "rad 3", id="open, truncated"),
        pytest.param("open", "a.csv", OPEN_HEADER.replace("year", "år").encode(), "rad 1", id="open, header changed"),
        pytest.param("open", "a.csv", (OPEN_HEADER + OPEN_ROW).encode("utf-16"), "teckenkodning", id="open, UTF-16"),
        pytest.param("municipality_csv", "2025.csv", b"Kommun;Antal;Per 100 000 inv.\r\n", "ingen rad", id="no rows"),
        pytest.param("municipality_csv", "2025.csv", "NorrtÃ¤lje;1;2\n".encode(), "ingen rad", id="garbled names"),
        pytest.param("statistics_tool", "a.csv", b"Region;Brott\nAle;x\n", "rubrikraden", id="tool, header changed"),
        pytest.param("municipality_csv", "2025.csv", b'Ale;1;2\n"Alvesta;1;2\n', "citattecknen", id="open quote"),
        pytest.param("statistics_tool", "a.csv", b"\x00\x01", "inte läsbar text", id="tool, binary"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, layout: str, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    chosen = next(item for item in SOURCE.layouts if item.id == layout)
    with pytest.raises(DeliveryError, match=message):
        chosen.parse(path)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param("9999,Ingenstans,2025,,total,1,1,final\n", "municipality_code", id="municipality"),
        pytest.param("0188,Norrtälje,25,,total,1,1,final\n", "year", id="year"),
        pytest.param("0188,Norrtälje,2025,5,total,1,1,final\n", "quarter", id="quarter"),
        pytest.param("0188,Norrtälje,2025,,annat,1,1,final\n", "offence_group", id="group"),
        pytest.param("0188,Norrtälje,2025,,person,1,1,klar\n", "status", id="status"),
        pytest.param("0188,Norrtälje,2025,,person,x,1,final\n", "Antal", id="count"),
    ],
)
def test_an_open_row_that_cannot_be_read_is_refused(tmp_path: Path, row: str, column: str) -> None:
    parsed = parse(deliver(tmp_path, "a.csv", OPEN_HEADER + OPEN_ROW + row))
    assert [(refusal.row, refusal.column) for refusal in parsed.refusals] == [(3, column)]
    assert (parsed.rows_read, parsed.rows_kept) == (2, 1)


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_recognising_never_raises(content: bytes) -> None:
    peek = Peek(Path("fil"), "fil", content)
    assert [layout.matches(peek) for layout in SOURCE.layouts] in ([False] * 3, [False, True, False])


# --- Checks -----------------------------------------------------------------------------------------------------------


def _open(tmp_path: Path, rows: str) -> pd.DataFrame:
    return parse(deliver(tmp_path, "a.csv", OPEN_HEADER + rows)).tables["observation"]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        pytest.param(
            "".join(f"0188,Norrtälje,2025,{q},total,10,15,final\n" for q in (1, 2, 3, 4))
            + "0188,Norrtälje,2025,,total,41,61,final\n",
            "kvartalen summerar till 40 men året är 41", id="quarters do not sum",
        ),
        pytest.param(
            "0188,Norrtälje,2025,,theft,100,150,final\n0188,Norrtälje,2025,,burglary,101,151,final\n",
            "101 är fler än helheten 100", id="more burglaries than thefts",
        ),
        pytest.param(
            "".join(
                f"0188,Norrtälje,2025,,{group},{number},{number * 2},final\n"
                for group, number in (("total", 100), ("person", 60), ("theft", 50), ("burglary", 50))
            ),
            "tillsammans 110, fler än helheten 100", id="groups that each fit but not together",
        ),
        pytest.param(
            "0188,Norrtälje,2025,,total,1000,1500,final\n0188,Norrtälje,2025,,theft,100,300,final\n",
            "går inte ihop", id="rate against count",
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_told(tmp_path: Path, rows: str, fault: str) -> None:
    (found,) = check(tables(_open(tmp_path, rows)))
    assert fault in found


def test_preliminary_or_missing_quarters_are_not_held_against_the_year(tmp_path: Path) -> None:
    rows = "".join(f"0188,Norrtälje,2025,{q},total,10,15,preliminary\n" for q in (1, 2, 3, 4))
    rows += "0188,Norrtälje,2025,,total,41,61,final\n0188,Norrtälje,2014,1,total,10,15,final\n"
    rows += "0188,Norrtälje,2014,,total,41,61,final\n"
    assert check(tables(_open(tmp_path, rows))) == []
