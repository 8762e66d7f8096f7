"""Municipality names in the spellings that senders use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import places

ALL = places.all_municipalities()


def test_sweden_has_290_municipalities_in_21_counties() -> None:
    assert len(ALL) == 290
    assert len({place.name for place in ALL.values()}) == 290
    assert len({place.county_code for place in ALL.values()}) == 21


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("Norrtälje", "0188", id="plain"),
        pytest.param("Norrtälje kommun", "0188", id="suffix"),
        pytest.param("NORRTÄLJE  KOMMUN", "0188", id="capitals and double space"),
        pytest.param("Göteborgs kommun", "1480", id="genitive"),
        pytest.param("Stockholms stad", "0180", id="city in the genitive"),
        pytest.param("Alingsås kommun", "1489", id="ends in s without genitive"),
        pytest.param("Borås", "1490", id="name in s"),
        pytest.param("Falu kommun", "2080", id="genitive of its own kind"),
        pytest.param("Västerås stad", "1980", id="name in s with suffix"),
        pytest.param("Upplands–Bro", "0139", id="en dash"),
        pytest.param("Malung - Sälen", "2023", id="spaced hyphen"),
        pytest.param("Upplands\u00a0Väsby", "0114", id="no-break space"),
        pytest.param("Region Gotland", "0980", id="region"),
        pytest.param("\ufeffAle kommun", "1440", id="byte order mark"),
        pytest.param("Håbo", "0305", id="short name"),
    ],
)
def test_municipality_code(name: str, code: str) -> None:
    assert places.municipality_code(name) == code


@pytest.mark.parametrize("name", ["", "Angered", "Norrtäljee", "Stockholms län", "Rinkeby–Kista", "kommun", "s"])
def test_a_name_that_is_no_municipality_has_no_code(name: str) -> None:
    assert places.municipality_code(name) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("Hela landet", "00", id="country in the statistics tool"),
        pytest.param("Riket", "00", id="country elsewhere"),
        pytest.param("Stockholms län", "01", id="county"),
        pytest.param("Västra Götalands län", "14", id="county of two words"),
        pytest.param("Uppsala", "0380", id="municipality, not county"),
    ],
)
def test_region_code(name: str, code: str) -> None:
    assert places.region_code(name) == code


@given(st.sampled_from(sorted(ALL)), st.sampled_from(["{}", "{} kommun", "{}s kommun", " {} "]), st.booleans())
def test_every_municipality_is_found_in_every_spelling(code: str, form: str, shout: bool) -> None:
    name = form.format(ALL[code].name)
    assert places.municipality_code(name.upper() if shout else name) == code


@given(st.text())
def test_any_text_gives_a_code_or_none(text: str) -> None:
    assert places.municipality_code(text) in {None, *ALL}


def test_area_frame_brings_the_larger_places() -> None:
    frame = places.area_frame(["0188", "0114"])
    rows = frame[["area_id", "level", "name", "parent_id"]].astype(object).where(lambda cells: cells.notna(), None)
    assert rows.to_numpy().tolist() == [
        ["00", "country", "Riket", None],
        ["01", "county", "Stockholms län", "00"],
        ["0114", "municipality", "Upplands Väsby", "01"],
        ["0188", "municipality", "Norrtälje", "01"],
    ]
