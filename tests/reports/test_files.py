"""What leaves as files: readable by Swedish Excel, with source, filters and period inside, harmless and exact."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.exhibit import Exhibit, Provenance
from reports.files import as_csv

EXPORTED = date(2026, 11, 24)


def exhibit(table: pd.DataFrame) -> Exhibit:
    return Exhibit(
        id="anmalda-brott",
        finding="Anmälda brott i Norrtälje: inom normal variation",
        sentence="Antalet ryms inom det väntade.",
        unit="antal",
        place="Norrtälje kommun",
        period="2024–2025",
        sources=(Provenance("Brå, anmälda brott", date(2026, 3, 4)),),
        table=table,
        filters=(("Brottsgrupp", "Samtliga"),),
    )


TABLE = pd.DataFrame({"År": [2024, 2025], "Antal": [8314, 8532], "Per 100 000": [12580.5, None], "Ö": ["a;b", "=1+1"]})


def test_csv_is_what_swedish_excel_opens() -> None:
    content = as_csv(exhibit(TABLE), "b1", EXPORTED)
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    lines = text.split("\r\n")
    assert lines[:3] == ["År;Antal;Per 100 000;Ö", '2024;8314;12580,5;"a;b"', "2025;8532;;'=1+1"]
    below = dict(row for row in csv.reader(io.StringIO(text), delimiter=";") if len(row) == 2)
    assert below["Källa"] == "Brå, anmälda brott (levererad 4 mars 2026)"
    assert below["Plats"] == "Norrtälje kommun"
    assert below["Period"] == "2024–2025"
    assert below["Brottsgrupp"] == "Samtliga"
    assert below["Uttaget"] == "24 november 2026 ur bygge b1"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    table = pd.DataFrame({"Värde": [f"{start}cmd|'/c calc'!A0"]})
    reader = csv.reader(io.StringIO(as_csv(exhibit(table), "b1", EXPORTED).decode("utf-8-sig")), delimiter=";")
    assert list(reader)[1][0].startswith("'")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_headings_and_provenance_are_made_harmless_too(start: str) -> None:
    """Names of measures, and with them headings, findings and filters, come from delivered files."""
    evil = f"{start}HYPERLINK(1)"
    shown = replace(exhibit(pd.DataFrame({evil: [1]})), finding=evil, sentence=evil, filters=((evil, evil),))
    text = as_csv(shown, "b1", EXPORTED).decode("utf-8-sig")
    written = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row]
    assert [cell[0] for cell in written if "HYPERLINK" in cell] == ["'"] * 5


def test_a_count_is_whole_also_beside_a_gap() -> None:
    table = pd.DataFrame({"Antal": [8532.0, None], "Andel": [12.5, 3.0], "Tomt": [None, None], "Stort": [1e300, 2.0]})
    lines = as_csv(exhibit(table), "b1", EXPORTED).decode("utf-8-sig").split("\r\n")
    assert lines[1:3] == ["8532;12,5;;1e+300", ";3,0;;2,0"]


@given(
    st.lists(
        st.tuples(
            st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1).filter(
                lambda s: s[0] not in "=+-@"
            ),
            st.floats(allow_nan=False, allow_infinity=False, width=32),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_written_comes_back_equal(rows: list[tuple[str, float]]) -> None:
    table = pd.DataFrame(rows, columns=["Text", "Tal"])
    text = as_csv(exhibit(table), "b1", EXPORTED).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1 : len(rows) + 1]
    assert [(name, float(value.replace(",", "."))) for name, value in read] == rows


def test_what_is_made_up_says_so() -> None:
    marked = replace(exhibit(TABLE), mark="Exempeldata")
    assert "Obs;Exempeldata" in as_csv(marked, "b1", EXPORTED).decode("utf-8-sig")
    assert "Exempeldata" not in as_csv(exhibit(TABLE), "b1", EXPORTED).decode("utf-8-sig")
