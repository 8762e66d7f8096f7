"""A file that is not recognised is told apart by what it is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipelines.source import DeliveryError, Peek, recognise

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as parts:
        for name in names:
            parts.writestr(name, "innehåll " * 100)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        pytest.param("a.csv", b"", "filen är tom", id="empty"),
        pytest.param("a.csv", b" \n", "filen är tom", id="blank"),
        pytest.param("a.xlsx", packed("xl/workbook.xml")[:400], "Excel-filen är avbruten eller skadad", id="cut off"),
        pytest.param("a.csv", b"\xff\xd8\xff\xe0" + bytes(9), "det här är en bild", id="picture"),
        pytest.param("a.csv", b"%PDF-1.7", "det här är en PDF", id="pdf"),
        pytest.param("a.xlsx", packed("word/document.xml"), "det här är ett Word-dokument", id="word"),
        pytest.param("a.zip", packed("a.csv"), "det här är en packad fil", id="zip"),
        pytest.param("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "skyddad med lösenord", id="password"),
        pytest.param("a.xls", OLE, "äldre Office-format", id="old office"),
        pytest.param("a.xlsx", b"<html>", "inte en Excel-fil", id="html"),
        pytest.param("a.csv", b"a;b\n1;2\n", "sidan Källor och i docs/datakatalog.md", id="unknown"),
    ],
)
def test_what_it_is_is_said_shortly(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DeliveryError, match=says) as error:
        recognise(Peek.at(path))
    assert len(str(error.value)) < 200
