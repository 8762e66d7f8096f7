"""What the page says of files and rows; text from files is shown and never obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from store.intake import Counts, Examination, Finding, Overlap, TableView
from tests.fixtures.worker.examinations import SPOT, TABLE, clean
from ui.importing.words import (
    counts_of,
    file_summary,
    finding_line,
    literal,
    overlap_lines,
    place_of,
    read_as,
    row_span,
    severities,
    summary,
)


def plain(text: str) -> str:
    return text.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rimbo", "Rimbo"),
        ("[klicka](http://x)", r"\[klicka\]\(http\:\/\/x\)".replace(r"\/", "/")),
        ("**stor** :red[x] $a$", r"\*\*stor\*\* \:red\[x\] \$a\$"),
        ("<b>", r"\<b\>"),
        ("två\nrader\t och\x00 mer", "två rader och mer"),
        ("\u202egnirts", "gnirts"),
        ("# rubrik", r"\# rubrik"),
    ],
)
def test_text_from_a_file_is_only_text(text: str, shown: str) -> None:
    assert literal(text) == shown


@given(some.text(max_size=2000))
def test_text_from_a_file_is_one_line_of_limited_length(text: str) -> None:
    shown = literal(text)
    assert "\n" not in shown
    assert len(shown) <= 2 * 300
    assert literal(text, 10).count("…") <= text.count("…") + 1


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            clean(),
            "Polisen, Norrtälje: 8 214 rader, januari 2025–december 2025. Känns igen från «Polisen, Norrtälje»; "
            "«Brottsdatum» hette «Datum» förra gången.",
        ),
        (
            clean().model_copy(update={"differences": ("a", "b")}),
            "Polisen, Norrtälje: 8 214 rader, januari 2025–december 2025. Känns igen från «Polisen, Norrtälje»; "
            "2 saker skiljer sig.",
        ),
        (
            TABLE.model_copy(update={"counts": Counts(read=1), "period": ""}),
            "Polisen, Norrtälje: 1 rad. Ny tolkning: händelser, en rad per händelse.",
        ),
        (
            TableView(spot=SPOT, title="Övrigt", counts=Counts(read=20)),
            "Övrigt: 20 rader. Det gick inte att se vad tabellen innehåller.",
        ),
        (TableView(spot=SPOT), "Tabell: 0 rader. Det gick inte att se vad tabellen innehåller."),
    ],
    ids=["one difference", "two differences", "new", "unknown", "bare"],
)
def test_a_table_is_summed_up(table: TableView, said: str) -> None:
    assert plain(summary(table)) == said


@pytest.mark.parametrize(
    ("tables", "said"), [((), "Ingen tabell hittades."), ((TABLE, TABLE, TABLE), "3 tabeller hittades.")]
)
def test_a_file_with_no_or_many_tables_is_summed_up(tables: tuple[TableView, ...], said: str) -> None:
    assert file_summary(Examination(file="a", bytes=1, tables=tables)) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (Counts(read=1, kept=1), "1 av 1 rad kan läggas in."),
        (
            Counts(read=10, kept=6, refused=1, stopped=3, masked=2, placed=4, outside=1, unplaced=1),
            "6 av 10 rader kan läggas in, 1 rad avvisas, 3 rader stoppas för personuppgifter och 2 celler maskeras. "
            "Av dem som kan läggas in är 4 med plats i kommunen, 1 utanför kommunen och 1 utan plats.",
        ),
    ],
)  # fmt: skip
def test_what_becomes_of_the_rows(counts: Counts, said: str) -> None:
    assert plain(counts_of(counts)) == said


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding(severity="note", rule="kort", text="Kort."), "- Kort.  \n  Regel: kort"),
        (
            Finding(
                severity="stop", rule="rad_avvisad", text="Inget datum.", remedy="Rätta.", sheet="Blad1", row=1204,
                column="Datum", value="[32/13](x)", count=1500,
            ),
            "- Inget datum. (1 500 rader)  \n  Blad1, rad 1 204, «Datum», till exempel «[32/13](x)»  \n"
            "  **Gör så här:** Rätta.  \n  Regel: rad avvisad",
        ),
        (
            Finding(severity="warning", rule="p", text="Namn.", sheet="Blad1", value="(visas inte)"),
            "- Namn.  \n  Blad1  \n  Regel: p",
        ),
    ],
    ids=["short", "whole", "personal"],
)  # fmt: skip
def test_a_finding_is_told_whole(finding: Finding, said: str) -> None:
    assert plain(finding_line(finding)) == said


def test_what_is_there_already_is_told_with_its_rows() -> None:
    one = Overlap(
        file="jan.xlsx", period="1–31 januari 2025", there=1200, places=tuple("abcdefgh"), here=1300, elsewhere=1,
        other_places=("Rimbo",), rows=("4 januari 2025, a, Stöld",),
    )  # fmt: skip
    assert plain(overlap_lines([one])) == (
        "- **jan.xlsx**, 1–31 januari 2025: på samma platser finns 1 200 sedan förut (a, b, c, d, e, f och 2 till) "
        "och på andra platser 1 (Rimbo). Den nya filen har 1 300 de dagarna.\n    - 4 januari 2025, a, Stöld"
    )


@pytest.mark.parametrize(("first", "last", "said"), [(3, 3, "3"), (4, 8217, "4–8 217")])
def test_a_span_of_rows(first: int, last: int, said: str) -> None:
    assert plain(row_span(first, last)) == said


@pytest.mark.parametrize(
    ("table", "said"),
    [(TABLE, "händelser, 4 av 5 kolumner används"), (TableView(spot=SPOT), "inte känt än")],
    ids=["known", "unknown"],
)
def test_what_was_concluded_in_a_few_words(table: TableView, said: str) -> None:
    assert plain(read_as(table)) == said


def test_findings_are_counted_by_severity_and_placed() -> None:
    found = [
        Finding(severity="note", rule="a", text="a", sheet="Blad1"),
        Finding(severity="stop", rule="b", text="b", sheet="Blad1", row=3, column="Ort"),
        Finding(severity="stop", rule="b", text="b", row=4),
    ]
    assert severities(found) == "2 fel och 1 upplysning"
    assert [place_of(finding) for finding in found] == ["Blad1", "Blad1, rad 3, «Ort»", "Rad 4"]
