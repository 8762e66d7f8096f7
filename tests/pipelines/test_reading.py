"""What readers share: workbooks that are damaged or unpack to more than a computer holds, and ids out of words."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.frames import slug
from pipelines.reading import require_whole_workbook, within_workbook_limits
from pipelines.source import DeliveryError, Peek, sources


def workbook(path: Path, megabytes: int) -> Path:
    """A workbook with a sheet of so many megabytes of spaces, which pack to a thousandth."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (megabytes * 2**20))
    return path


@pytest.mark.parametrize(("megabytes", "fits"), [(1, True), (63, True), (65, False)])
def test_a_workbook_that_unpacks_to_very_much_is_not_opened(tmp_path: Path, megabytes: int, fits: bool) -> None:
    path = workbook(tmp_path / "x.xlsx", megabytes)
    assert within_workbook_limits(path) == fits
    if fits:
        require_whole_workbook(path)
        return
    with pytest.raises(DeliveryError, match="Excel-filen blir orimligt stor"):
        require_whole_workbook(path)
    for source in sources().values():
        assert not any(layout.matches(Peek.at(path)) for layout in source.layouts)


def test_a_damaged_workbook_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", 1)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DeliveryError, match="Excel"):
        require_whole_workbook(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("  ", ""), ("Mord", "mord"), ("brott  mot\u00a0Person 2", "brott_mot_person_2")],
)
def test_ids_of_plain_words(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text(alphabet="aåäöAÅ ,_-–1", max_size=8), st.text(alphabet="aåäöAÅ ,_-–1", max_size=8))
def test_texts_have_the_same_id_only_when_they_are_the_same(first: str, second: str) -> None:
    same = " ".join(first.casefold().split()) == " ".join(second.casefold().split())
    assert (slug(first) == slug(second)) == same
    assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789_" for c in slug(first))
