"""Headers made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake import headers


@pytest.mark.parametrize(
    ("header", "words", "least", "most"),
    [
        pytest.param("BROTTSDATUM", ("brottsdatum",), 1.0, 1.0, id="case"),
        pytest.param("Brott_kod", ("brottkod",), 0.9, 0.99, id="underscore"),
        pytest.param("Närvaro (%)", ("närvaro",), 1.0, 1.0, id="unit aside"),
        pytest.param("3. Kön", ("kön",), 0.9, 0.99, id="numbering"),
        pytest.param("DeSO2018", ("deso",), 0.9, 0.99, id="vintage"),
        pytest.param("Händelserna", ("händelse",), 0.9, 0.99, id="plural and definite"),
        pytest.param("Brotsdatum", ("brottsdatum",), 0.8, 0.9, id="misspelt"),
        pytest.param("Typ av brott enligt anmälan", ("typ av brott",), 0.6, 0.85, id="inside"),
        pytest.param("Skadedatum", ("datum",), 0.5, 0.5, id="compound"),
        pytest.param("Födelsedatum", ("datum",), 0.0, 0.0, id="date of birth"),
        pytest.param("Hur trygg är du i skolan?", ("är du",), 0.0, 0.0, id="thin words inside"),
        pytest.param("Ort", ("ört",), 0.0, 0.0, id="å, ä and ö are letters"),
        pytest.param("Plats – DeSO", ("deso",), 0.9, 0.99, id="second row"),
        pytest.param("", ("datum",), 0.0, 0.0, id="empty"),
    ],
)
def test_likeness(header: str, words: tuple[str, ...], least: float, most: float) -> None:
    assert least <= headers.likeness(header, words) <= most


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Trygg på kvällen", "Trygg på kvällarna", True, id="inflected"),
        pytest.param("Trygg på kvällen", "Trygg på dagen", False, id="another word"),
        pytest.param("Fråga 1", "Fråga 2", False, id="figures"),
        pytest.param("Närvaro 2024", "Närvaro 2025", True, id="years"),
        pytest.param("Antal anmälda", "Antal aktiva", False, id="another number"),
        pytest.param("Trygg på kvällen", "Trygg på den kvällen", True, id="a small word more"),
    ],
)
def test_same_with_other_spelling(one: str, other: str, same: bool) -> None:
    assert (headers.same_with_other_spelling(one, other) >= 0.7) is same
    assert headers.same_with_other_spelling(one, other) == headers.same_with_other_spelling(other, one)


@pytest.mark.parametrize(
    ("header", "asks"),
    [
        ("Vad har hänt?", True),
        ("Hur trygg är du", True),
        ("Jag trivs i skolan", True),
        ("Datum", False),
        ("Antal lektioner", False),
    ],
)
def test_is_question(header: str, asks: bool) -> None:
    assert headers.is_question(header) is asks


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_a_header(text: str) -> None:
    assert 0 <= headers.likeness(text, ("datum", "plats")) <= 1
    assert headers.same_with_other_spelling(text, text) in {0.0, 1.0}
    assert headers.plain(headers.plain(text)) == headers.plain(text)
    headers.is_question(text), headers.is_made_up(text), headers.is_percent(text), headers.parts(text)
