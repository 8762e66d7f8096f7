"""Kolada: figures with sex and uncertainty, what is missing, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.municipalities import municipalities
from pipelines.source import DeliveryError, Parsed, Peek
from pipelines.sources.kolada_indicators import SOURCE, _batches, uncertainty_of

DATA, KPIS = SOURCE.layouts
FIXTURES = Path(__file__).parent.parent / "fixtures" / "kolada"
SHIPPED = Path(__file__).parent.parent.parent / "data" / "open" / "kolada_indicators" / "kpis.csv"
BY_ID = {indicator.id: indicator for indicator in SOURCE.indicators}


def parsed(tmp_path: Path, *rows: Any) -> Parsed:
    path = tmp_path / "kolada.json"
    path.write_text(json.dumps({"count": len(rows), "next_url": None, "values": rows}), "utf-8")
    return DATA.parse(path)


def a_row(**changes: Any) -> dict[str, Any]:
    values = [{"gender": "T", "count": 1, "status": "", "value": 12.5}]
    return {"kpi": "N07540", "municipality": "0188", "period": 2025, "values": values} | changes


def figures(result: Parsed) -> pd.DataFrame:
    frame = result.tables["observation"]
    return frame.set_index(["indicator_id", "area_id", "period_label", "breakdown"])


def test_pages_of_one_answer(tmp_path: Path) -> None:
    pages = [(FIXTURES / f"page_{number}.json").read_text("utf-8") for number in (1, 2)]
    path = tmp_path / "kolada.json"
    path.write_text(f"[{','.join(pages)}]", "utf-8")
    result = DATA.parse(path)
    found = figures(result)
    assert (result.rows_read, result.rows_kept, len(result.refusals)) == (6, 5, 1)
    assert "N99999 är inte efterfrågat" in result.refusals[0].reason
    assert result.refusals[0].row == 6
    # 24.5 ± 3.2 percentage points; the country's uncertainty was not published.
    home = found.loc[("kolada_N07609", "0188", "2024", "")]
    assert (home.value, home.lower, home.upper) == (24.5, pytest.approx(21.3), pytest.approx(27.7))
    country = found.loc[("kolada_N07609", "00", "2024", "")]
    assert country.value == 26.1
    assert pd.isna(country.lower)
    assert "kolada_N07657" not in found.index.get_level_values(0)
    assert found.loc[("kolada_N15419", "0188", "2025", "kön=kvinnor"), "value"] == 78.25
    assert found.loc[("kolada_N15419", "0188", "2025", "kön=män"), "value"] == 70
    assert found.loc[("kolada_N15419", "0188", "2025", ""), "period_end"] == pd.Timestamp("2025-12-31")


@pytest.mark.parametrize(
    ("value", "status", "text"),
    [
        pytest.param({"status": "Private", "value": None}, "suppressed", "Private", id="private"),
        pytest.param({"status": "Missing", "value": None}, "missing", "Missing", id="missing"),
        pytest.param({"status": "", "value": None}, "missing", None, id="no reason"),
        pytest.param({"status": "Annat", "value": None}, "missing", "Annat", id="a reason not seen before"),
        pytest.param({"value": 3, "isdeleted": True}, "missing", "borttagen av källan", id="taken away"),
    ],
)
def test_no_figure_is_never_zero(tmp_path: Path, value: dict[str, Any], status: str, text: str | None) -> None:
    row = figures(parsed(tmp_path, a_row(values=[{"gender": "T", "count": 0} | value]))).iloc[0]
    assert pd.isna(row.value)
    assert row.status == status
    assert row.value_text == text if text else pd.isna(row.value_text)


def test_zero_is_a_figure(tmp_path: Path) -> None:
    row = figures(parsed(tmp_path, a_row(values=[{"gender": "T", "value": 0}]))).iloc[0]
    assert (row.value, row.status) == (0, "final")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(a_row(kpi="N00001"), "Nyckeltalet N00001 är inte efterfrågat", id="another key figure"),
        pytest.param(a_row(kpi=None), "Nyckeltalet None är inte efterfrågat", id="no key figure"),
        pytest.param(a_row(municipality="0001"), "varken en kommun eller riket", id="a region"),
        pytest.param(a_row(period="2025-01"), "är inget år", id="a month"),
        pytest.param(a_row(values={"T": 1}), "saknar listan", id="values as object"),
        pytest.param(a_row(values=[{"gender": "X", "value": 1}]), "saknar kön", id="unknown sex"),
        pytest.param(a_row(values=[{"gender": "T", "value": "1,5"}]), "inget tal", id="value as text"),
        pytest.param(a_row(values=[{"gender": "T", "value": True}]), "inget tal", id="value as yes"),
        pytest.param(a_row(values=[{"gender": "T", "value": float("nan")}]), "inget tal", id="NaN"),
        pytest.param(a_row(values=[{"gender": "T", "value": 10**400}]), "inget tal", id="beyond all numbers"),
        pytest.param(a_row(values=[{"gender": "T", "value": -1}]), "omöjligt", id="fewer than none"),
        pytest.param(a_row(kpi="N07609", values=[{"gender": "T", "value": 101}]), "omöjligt", id="more than all"),
        pytest.param("rad", "saknar listan", id="a row as text"),
        pytest.param(a_row(municipality=["0188"]), "varken en kommun eller riket", id="a list of places"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_row(tmp_path: Path, row: Any, reason: str) -> None:
    result = parsed(tmp_path, a_row(), row)
    assert (result.rows_read, result.rows_kept) == (2, 1)
    assert [(refusal.row, reason in refusal.reason) for refusal in result.refusals] == [(2, True)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param('{"values": [{"kpi": "N0', "avbruten eller skadad", id="cut off"),
        pytest.param('{"data": []}', "listan «values» saknas", id="other fields"),
        pytest.param('["a"]', "listan «values» saknas", id="list of text"),
        pytest.param("", "filen är tom", id="empty"),
    ],
)
def test_unusable_files_are_explained(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "kolada.json"
    path.write_text(content, "utf-8")
    with pytest.raises(DeliveryError, match=message):
        DATA.parse(path)


@pytest.mark.parametrize(
    ("indicator_id", "name", "unit", "theme", "polarity"),
    [
        pytest.param("kolada_N07540", "Anmälda brott totalt", "per 100 000 invånare", "Brott", "lower_is_better"),
        pytest.param("kolada_N07544", "Anmälda narkotikabrott", "per 100 000 invånare", "Brott", "neutral"),
        pytest.param(
            "kolada_N00610", "Medborgarundersökningen: Trygg utomhus i området där du bor när det är mörkt ute",
            "procent", "Trygghet", "higher_is_better",
        ),
        pytest.param(
            "kolada_N07609", "NTU: Otrygghet vid utomhusvistelse sen kväll i det egna bostadsområdet",
            "procent", "Trygghet", "lower_is_better",
        ),
        pytest.param(
            "kolada_N07601", "NTU: Förtroende för polisens sätt att bedriva sitt arbete",
            "procent", "Trygghet", "higher_is_better",
        ),
        pytest.param(
            "kolada_N15505", "Elever i åk. 9, meritvärde kommunala skolor", "poäng", "Skola", "higher_is_better"
        ),
        pytest.param("kolada_U31804", "Unga vuxna med ekonomiskt bistånd", "procent", "Ekonomi", "lower_is_better"),
        pytest.param(
            "kolada_N00301", "Trygghet och säkerhet - Kommunindex", "index", "Trygghet", "higher_is_better"
        ),
    ],
)  # fmt: skip
def test_indicators_from_titles(indicator_id: str, name: str, unit: str, theme: str, polarity: str) -> None:
    found = BY_ID[indicator_id]
    assert (found.name, found.unit, found.theme, found.polarity) == (name, unit, theme, polarity)


def test_the_choice_of_key_figures() -> None:
    result = KPIS.parse(SHIPPED)
    assert (result.rows_read, result.rows_kept, dict(result.tables)) == (146, 146, {})
    # 146 chosen, of which 48 are uncertainties that become limits of other figures.
    assert len(SOURCE.indicators) == 98
    assert not any("(%)" in i.name or "100 000" in i.name or "  " in i.name for i in SOURCE.indicators)


@pytest.mark.parametrize(
    ("kpi", "partner"),
    [("N07609", "N07657"), ("N07600", "N07648"), ("N07647", "N07695"), ("N07648", None), ("U07417", None)],
)
def test_uncertainty_is_48_numbers_higher(kpi: str, partner: str | None) -> None:
    assert uncertainty_of(kpi) == partner


def test_each_call_has_both_the_figure_and_its_uncertainty() -> None:
    batches = _batches()
    assert sorted(kpi for batch in batches for kpi in batch) == sorted(
        row["id"] for row in csv.DictReader(SHIPPED.read_text("utf-8").splitlines())
    )
    assert all(len(batch) <= 25 for batch in batches)
    assert all((uncertainty_of(kpi) or kpi) in batch for batch in batches for kpi in batch)


def test_the_configured_peers_are_koladas_group() -> None:
    home = municipalities()["0188"]
    with (FIXTURES / "similar_municipalities.csv").open(encoding="utf-8", newline="") as file:
        group = [row["member_id"] for row in csv.DictReader(file) if row["group_title"] in home.peers_source]
    assert sorted(group) == sorted(home.peers)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param((FIXTURES / "page_1.json").read_bytes(), ["data"], id="a page"),
        pytest.param(b"[" + (FIXTURES / "page_2.json").read_bytes() + b"]", ["data"], id="pages"),
        pytest.param((FIXTURES / "page_2.json").read_bytes()[:700], ["data"], id="beginning of a page"),
        pytest.param(b'{"values": [], "count": 0, "next_url": null}', ["data"], id="no values"),
        pytest.param(SHIPPED.read_bytes(), ["kpis"], id="choice"),
        pytest.param(b'{"values": [1, 2], "id": ["Region"]}', [], id="another JSON"),
        pytest.param(b"id;title\r\n", [], id="another CSV"),
    ],
)
def test_recognition(content: bytes, expected: list[str]) -> None:
    peek = Peek(Path("x"), "x", content)
    assert [layout.id for layout in SOURCE.layouts if layout.matches(peek)] == expected


@given(st.binary(max_size=200) | st.text(alphabet='[]{}":,\\aekmluvsi1 ', max_size=80).map(lambda text: text.encode()))
def test_recognition_never_raises(content: bytes) -> None:
    for layout in SOURCE.layouts:
        assert layout.matches(Peek(Path("x"), "x", content)) in (True, False)
