"""Personal data is found in any form, masked whole, and other numbers are left alone."""

from __future__ import annotations

import re
import string
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from store.personal import mask, personal_header, scan


def column(*cells: object) -> npt.NDArray[np.object_]:
    values = np.empty(len(cells), dtype=object)
    values[:] = cells
    return values


def masked(text: str) -> str:
    return mask(text, scan(column(text)).get(0, ()))


def check_digit(nine: str) -> str:
    """The digit that makes ten digits right (Luhn), worked out apart from the code under test."""
    total = 0
    for place, digit in enumerate(nine):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return str(-total % 10)


@pytest.mark.parametrize(
    "ten",
    [
        "8112189876",  # Skatteverket's own example of a check digit
        "6403273813", "5108189167", "0001010107",  # test numbers of the personnummer project
    ],
)  # fmt: skip
def test_the_check_digit_here_agrees_with_published_numbers(ten: str) -> None:
    assert check_digit(ten[:9]) == ten[9]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19811218-9876", "[personnummer]"),
        ("811218-9876", "[personnummer]"),
        ("811218+9876", "[personnummer]"),
        ("198112189876", "[personnummer]"),
        ("8112189876", "[personnummer]"),
        ("811218 9876", "[personnummer]"),
        ("811218–9876", "[personnummer]"),
        ("811218\u200b-9876", "[personnummer]"),
        ("19811218 - 9876", "[personnummer]"),
        ("1981-12-18-9876", "[personnummer]"),
        ("1981-12-18 9876", "[personnummer]"),
        ("198112 189876", "[personnummer]"),
        ("198112-18 9876", "[personnummer]"),
        ("81-12-18-9876", "[personnummer]"),
        ("1981.12.18-9876", "[personnummer]"),
        ("1981/12/18 9876", "[personnummer]"),
        ("1981 12 18 9876", "[personnummer]"),
        ("811218/9876", "[personnummer]"),
        ("811218_9876", "[personnummer]"),
        ("född (811218)9876 i Rimbo", "född [personnummer] i Rimbo"),
        ("811218 (9876)", "[personnummer]"),
        ("811218\u2007\u2010\u20079876", "[personnummer]"),
        ("１９８１１２１８９８７６", "[personnummer]"),
        ("Pnr ８１１２１８－９８７６ i Rimbo", "Pnr [personnummer] i Rimbo"),
        ("٨١١٢١٨-٩٨٧٦", "[personnummer]"),
        ("㎡ 8\u200b112\u200d18\ufeff-98\u206076.", "㎡ [personnummer]."),
        ("ring ０７０－１２３ ４５ ６７ nu", "ring [telefon] nu"),
        ("ａｎｎａ．ｌ＠ｓｋｏｌａ．ｓｅ eller anna＠skola.se", "[e-post] eller [e-post]"),
        ("Pnr:811218-9876, bor i Rimbo", "Pnr:[personnummer], bor i Rimbo"),
        ("811218-9876/510818-9167", "[personnummer]/[personnummer]"),
        ("20000101-P220", "[personnummer]"),
        ("000101-T220", "[personnummer]"),
        ("20100515-TF23", "[personnummer]"),
        ("20050515-XXXX", "[personnummer]"),
        ("811218-****", "[personnummer]"),
        (f"811278-987{check_digit('811278987')}", "[samordningsnummer]"),
        (f"19811278987{check_digit('811278987')}", "[samordningsnummer]"),
        ("ring 070-123 45 67 nu", "ring [telefon] nu"),
        ("väntat 9\u00a0010–14\u00a0665", "väntat 9\u00a0010–14\u00a0665"),
        ("0701234567", "[telefon]"),
        ("tel0701234567", "tel[telefon]"),
        ("070 123 45 67", "[telefon]"),
        ("+46 70 123 45 67", "[telefon]"),
        ("+46701234567", "[telefon]"),
        ("0046 70 123 45 67", "[telefon]"),
        ("+46 (0)70-123 45 67", "[telefon]"),
        ("46701234567", "[telefon]"),
        ("+358 40 123 4567", "[telefon]"),
        ("08-123 456 78", "[telefon]"),
        ("08 123 45 67", "[telefon]"),
        ("0176-715 50", "[telefon]"),
        ("0176-71000", "[telefon]"),
        ("0176/71 550", "[telefon]"),
        ("018-12 34 56", "[telefon]"),
        ("anna.andersson@skola.norrtalje.se", "[e-post]"),
        ("mejla x+y@example.com.", "mejla [e-post]."),
        ("Anna Andersson ringde", "[namn] ringde"),
        ("Anderssons son", "Anderssons son"),
        ("ANNA ANDERSSON", "[namn]"),
        ("anna andersson", "[namn]"),
        ("Andersson, Anna", "[namn]"),
        ("Anna Anderssons mamma", "[namn] mamma"),
        ("Anna Maria K. von Essen slog", "[namn] slog"),
        ("Karl-Johan Berg Lund", "[namn]"),
        ("Fatima Al-Hassan och Mohammed Alhussaini", "[namn] och [namn]"),
        ("Max Lund", "[namn]"),
        ("Elev Olle Qwertin i 4A", "Elev [namn] i 4A"),
    ],
)
def test_found_and_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "811218-9875",
        "19811318-9876",
        "5000-K12345-25",
        "5000-811218-9876",
        "5/811218/9876",
        "81-12-18-9876-2",
        "0105-K12345-24",
        "2025-03-04_1430",
        "2025/03/04 1430",
        "2025-03-04 - 2025-03-10",
        "１２ ㎡",
        "81121898761",
        "7350053850019",
        "2025-03-04",
        "2025-03-04 14:30",
        "2025-03-04 1430",
        "20250304",
        "4/3 2025 kl 14.30",
        "kl. 08.15-10.30",
        "mellan 08-15 och 10-12",
        "08-15 2025",
        "0188-2025-0012",
        "556012-5790",
        "1 234 567 kr",
        "+12 000 000 kr",
        "59.7612345678, 18.7041231234",
        "59,0701234567",
        "6629000 708000",
        "0188C1060",
        "K0701234567",
        "v. 12 2025",
        "@rimbo",
        "tre @ fem",
        "Erik Dahlbergs gata",
        "Karl Johans skola",
        "Drottning Kristinas väg 5",
        "Sankt Eriksgatan",
        "Anna Norrtälje",
        "Polisen Norrtälje",
        "Rimbo Kommun",
        "Per Brott",
        "2 ggr per dag",
        "max lund",
        "Lisa och Kalle",
        "Anna. Polisen kom",
    ],
)
def test_left_alone(text: str) -> None:
    assert scan(column(text)) == {}


DATES = st.dates(date(1900, 1, 1), date(2024, 12, 31))
SERIAL = st.integers(1, 999).map(lambda n: f"{n:03}")
FORMS = st.sampled_from(
    ["{c}{d}-{n}", "{d}-{n}", "{c}{d}{n}", "{d}{n}", "{d}+{n}", "{c}{d} {n}", "{d}–{n}", "{c}{d}/{n}", "{d}_{n}"]
)
#: Anything that does not go on with the number itself.
AROUND = st.text(string.ascii_letters + "åäö .,;:()!?\n\t\u00a0", max_size=20)


#: SCB's names that most people have; the file's head says which.
COMMON = Path(__file__).parent.parent / "fixtures" / "names" / "scb_2021_topp_100.txt"


def most_common(part: str) -> list[str]:
    return COMMON.read_text("utf-8").partition(f"[{part}]")[2].partition("[")[0].split()


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("Tilltalsnamn kvinnor", "Igår ringde {} Svensson om saken"),
        ("Tilltalsnamn män", "Igår ringde {} Svensson om saken"),
        ("Efternamn", "Igår ringde Max {} om saken"),  # max is a word too: only with a surname that is known
    ],
)
def test_the_most_common_names_are_known(part: str, text: str) -> None:
    names = most_common(part)
    assert len(names) == 100
    found = {name: masked(text.format(name)) for name in names}
    assert {name: said for name, said in found.items() if said != "Igår ringde [namn] om saken"} == {}


def written(born: date, serial: str, form: str, sixty: bool, wrong: int = 0) -> str:
    day = f"{born:%y%m}{born.day + 60 * sixty:02}"
    digit = (int(check_digit(day + serial)) + wrong) % 10
    return form.format(c=f"{born:%Y}"[:2], d=day, n=f"{serial}{digit}")


@settings(max_examples=60)
@given(DATES, SERIAL, FORMS, st.booleans(), AROUND, AROUND)
def test_right_numbers_are_found_in_any_text(
    born: date, serial: str, form: str, sixty: bool, before: str, after: str
) -> None:
    # Without a century 29 February belongs to the latest year of that number.
    assume((born.month, born.day) != (2, 29) or "{c}" in form)
    number = written(born, serial, form, sixty)
    text = f"{before}{number}{after}"
    hits = scan(column(text))[0]
    kind = "samordningsnummer" if sixty else "personnummer"
    assert [hit.kind for hit in hits if hit.start <= len(before) < hit.end] == [kind]
    assert re.search("[0-9]", mask(text, hits)) is None


@settings(max_examples=60)
@given(DATES, SERIAL, FORMS, st.booleans(), st.integers(1, 9), AROUND, AROUND)
def test_wrong_check_digits_are_not_identity_numbers(
    born: date, serial: str, form: str, sixty: bool, wrong: int, before: str, after: str
) -> None:
    text = f"{before}{written(born, serial, form, sixty, wrong)}{after}"
    kinds = {hit.kind for hit in scan(column(text)).get(0, ())}
    assert not kinds & {"personnummer", "samordningsnummer"}


@given(st.lists(st.one_of(st.text(), st.integers(), st.floats(), st.none()), max_size=5))
def test_any_cells_are_scanned_and_masked(cells: list[object]) -> None:
    for at, hits in scan(column(*cells)).items():
        text = str(cells[at])
        assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
        assert all(one.end <= other.start for one, other in pairwise(hits))
        mask(text, hits)


def test_half_characters_are_survived() -> None:
    assert masked("\ud800 811218-9876") == "\ud800 [personnummer]"


def numbers(count: int, right: int) -> list[str]:
    """Ten-digit numbers with a date in them, the first ``right`` of them with a right check digit."""
    nine = [f"81{1 + n % 12:02}{1 + n % 28:02}{100 + n:03}" for n in range(count)]
    return [
        body + (check_digit(body) if n < right else str((int(check_digit(body)) + 1) % 10))
        for n, body in enumerate(nine)
    ]


@pytest.mark.parametrize("as_cell", [str, int], ids=["text", "number"])
@pytest.mark.parametrize(
    ("count", "right", "found"),
    [
        pytest.param(100, 10, 0, id="one in ten, as by chance"),
        pytest.param(100, 50, 50, id="half of them"),
        pytest.param(100, 100, 100, id="all of them"),
        pytest.param(10, 1, 1, id="too few to judge"),
    ],
)
def test_cells_that_are_only_numbers_are_judged_together(as_cell: type, count: int, right: int, found: int) -> None:
    assert len(scan(column(*map(as_cell, numbers(count, right))))) == found


def test_numbers_within_text_count_among_case_numbers() -> None:
    cells = [*numbers(100, 10), "gäller 811218-9876"]
    assert list(scan(column(*cells))) == [100]


def test_numbers_without_their_leading_zero() -> None:
    body = "090304123"
    identity = int(body + check_digit(body))
    assert [hit.kind for hit in scan(column(identity))[0]] == ["personnummer"]
    assert [hits[0].kind for hits in scan(column(701234567, 46701234567)).values()] == ["telefon", "telefon"]
    assert scan(column(701234567, 12, 13, 14)) == {}


@pytest.mark.parametrize(
    "cell",
    ["1 " * 500_000, "a" * 1_000_000 + "@", "@" * 1_000_000, "0701-" * 200_000, "Anna " * 200_000, "1" * 1_000_000,
     "811218-" * 140_000, "a.a@" * 250_000, "a@a.aa " * 100_000, "８１１２１８－" * 140_000],
    ids=["spaced", "token", "signs", "phones", "names", "digits", "dates", "at", "addresses", "wide"],
)  # fmt: skip
@pytest.mark.timeout(20)
def test_a_cell_of_a_million_signs_is_no_trouble(cell: str) -> None:
    scan(column(cell))


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Personnummer", "personnummer"),
        ("PERSONNR.", "personnummer"),
        ("Elevens personnummer", "personnummer"),
        ("Personnummer (12 siffror)", "personnummer"),
        ("Samordningsnummer", "samordningsnummer"),
        ("Namn", "namn"),
        ("Förnamn", "namn"),
        ("För- och efternamn", "namn"),
        ("Elevens namn", "namn"),
        ("Namn på elev", "namn"),
        ("Anmälare", "namn"),
        ("Telefon (hem)", "telefon"),
        ("Vårdnadshavare 1, e-post", "epost"),
        ("E-post", "epost"),
        ("Email", "epost"),
        ("Bostadsadress", "adress"),
        ("IP Address", "ip-adress"),
        ("Skolans namn", ""),
        ("Områdesnamn", ""),
        ("Elever", ""),
        ("Antal elever", ""),
        ("Misstänkt brott", ""),
        ("Hot via telefon", ""),
        ("Har du blivit hotad via telefon?", ""),
        ("Mobil polisstation", ""),
        ("", ""),
        ("123", ""),
    ],
)
def test_headers_of_personal_data(header: str, kind: str) -> None:
    assert personal_header(header) == kind
