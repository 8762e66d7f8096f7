"""The municipality's look of documents: read, and refused with what is wrong and where."""

from pathlib import Path

import pytest

from reports.theme import Theme, ThemeError, theme_of


def test_without_a_file_the_house_has_its_own(tmp_path: Path) -> None:
    assert theme_of("9999", tmp_path) == Theme()


def test_the_file_is_read_and_its_logo_found(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"")
    (tmp_path / "9998.toml").write_text('name = "Ön"\naccent = "#123456"\nlogo = "logo.png"\n', "utf-8")
    found = theme_of("9998", tmp_path)
    assert (found.name, found.accent, found.logo) == ("Ön", "#123456", tmp_path / "logo.png")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "går inte att läsa som TOML"),
        ('accent = "röd"', "«accent»"),
        ('farg = "#123456"', "«farg»"),
        ('logo = "saknas.png"', "nämner logotypen saknas.png"),
    ],
)
def test_a_fault_says_where_it_is(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "9997.toml").write_text(text, "utf-8")
    with pytest.raises(ThemeError, match=told):
        theme_of("9997", tmp_path)


def test_the_one_that_ships_can_be_used() -> None:
    assert theme_of("0188").name == "Norrtälje kommun"
