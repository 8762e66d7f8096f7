"""Broken and hostile files, always the same for the same seed: whatever is made of them must be told or be right.

``python -m tests.intake.hostile FOLDER`` writes them all to a folder, for trying by hand.
"""

from __future__ import annotations

import csv
import io
import os
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

import xlwt

#: What must come of a file: cells, a message, or either of them.
Expectation = Literal["book", "error", "either"]

HEADERS = ["Datum", "Plats", "Händelse", "Antal"]
ROWS = [
    ["2025-03-04", "Hallstavik", "Skadegörelse", "3"],
    ["2025-03-05", "Rimbo", "Ordningsstörning; musik", "1"],
    ["2025-03-09", "Älmsta", 'Klotter "TAG"', "12"],
]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17)


@dataclass(frozen=True)
class Hostile:
    """One file; ``name`` says what is wrong with it."""

    name: str
    path: Path
    expectation: Expectation


def hostile_files(folder: Path, seed: int = 3) -> Iterator[Hostile]:
    """Writes the files one by one and yields each; more than 300."""
    chance = random.Random(seed)
    made: set[str] = set()
    for part in (_truncated, _flipped, _wrong_names, _text_oddities, _xlsx_oddities, _heavy, _zips, _not_tables):
        for name, content, expectation in part(chance):
            assert name not in made, name
            made.add(name)
            path = folder / name
            path.write_bytes(content)
            yield Hostile(name, path, expectation)


Made = Iterator[tuple[str, bytes, Expectation]]


def as_csv(rows: list[list[str]], delimiter: str = ";") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def packed(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, method)
    return out.getvalue()


def swollen(parts: dict[str, str | bytes], name: str, megabytes: int) -> bytes:
    """A zip whose part ``name`` unpacks to so many megabytes more."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for part, content in parts.items():
            info = zipfile.ZipInfo(part)
            info.compress_type = zipfile.ZIP_DEFLATED
            with file.open(info, "w") as stream:
                stream.write(content.encode() if isinstance(content, str) else content)
                for _ in range(megabytes if part == name else 0):
                    stream.write(b" " * 10**6)
    return out.getvalue()


def workbook_parts(
    sheet: str | bytes, *, sheets: str = "", properties: str = "", texts: str = ""
) -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet, given as its XML."""
    listed = sheets or '<sheet name="Blad1" sheetId="1" r:id="r1"/>'
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="r4" Type="{RELATIONS}/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": texts or f'<sst xmlns="{MAIN}"/>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
    }


def sheet_xml(data: str, after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{after}</worksheet>'


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def rows_xml(rows: list[list[str]]) -> str:
    return "".join(
        f'<row r="{r}">' + "".join(cell(f"{chr(64 + c)}{r}", text) for c, text in enumerate(row, 1)) + "</row>"
        for r, row in enumerate(rows, 1)
    )


def xlsx(data: str | None = None, **parts: str) -> bytes:
    return packed(workbook_parts(sheet_xml(data if data is not None else rows_xml([HEADERS, *ROWS])), **parts))


def xls(rows: list[list[str]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Blad1")
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            sheet.write(r, c, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: list[list[str]], extra: str = "") -> bytes:
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("manifest", "manifest"))
    )
    content = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Blad1">{body}{extra}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": f'<manifest:manifest{names}><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        }
    )


def whole() -> dict[str, bytes]:
    """One sound file of each kind."""
    rows = [HEADERS, *ROWS]
    return {
        "xlsx": xlsx(),
        "xls": xls(rows),
        "ods": ods(rows),
        "csv": as_csv(rows).encode(),
        "tsv": as_csv(rows, "\t").encode("cp1252"),
        "txt": as_csv(rows, "\t").encode("utf-16"),
        "zip": packed({"mars.csv": as_csv(rows), "april.xlsx": xlsx()}),
    }


def _truncated(_: random.Random) -> Made:
    for kind, content in whole().items():
        for part in (1, 5, 12, 25, 40, 55, 70, 85, 95, 99):
            yield f"avbruten-{part:02d}.{kind}", content[: len(content) * part // 100], "either"


def _flipped(chance: random.Random) -> Made:
    for kind, content in whole().items():
        for number in range(0, 12, 2):
            damaged = bytearray(content)
            for _ in range(1 + number * 2):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            yield f"skadad-{number:02d}.{kind}", bytes(damaged), "either"
        for number in range(3):
            yield f"brus-{number}.{kind}", chance.randbytes(chance.randrange(1, 5000)), "either"


def _wrong_names(_: random.Random) -> Made:
    for kind, content in whole().items():
        if kind == "zip":
            continue
        for suffix in ("xlsx", "xls", "ods", "csv", "txt", "xlsm", "png", ""):
            if suffix != kind:
                yield f"{kind}-som-heter.{suffix}", content, "book"
    web = "<html><body><table><tr><td>Datum</td></tr></table></body></html>"
    for suffix in ("xls", "xlsx", "csv"):
        yield f"bild.{suffix}", PNG, "error"
        yield f"pdf.{suffix}", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "error"
        yield f"webbsida.{suffix}", web.encode(), "error"
        yield f"tom.{suffix}", b"", "error"
        yield f"bara-blanksteg.{suffix}", b" \r\n\t\r\n  \n", "error"
        yield f"xml.{suffix}", b'<?xml version="1.0"?><a><b>1</b></a>', "error"
        yield f"json.{suffix}", b'[{"a": 1}]', "error"


def _text_oddities(chance: random.Random) -> Made:
    rows = [HEADERS, *ROWS]
    for encoding in (
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-be",
        "utf-32",
        "cp1252",
        "iso-8859-1",
        "mac-roman",
        "cp850",
    ):
        for called, delimiter in (("semikolon", ";"), ("komma", ","), ("tabb", "\t"), ("lodstreck", "|")):
            yield f"{encoding}-{called}.csv", as_csv(rows, delimiter).encode(encoding), "book"
    lines = as_csv(rows * 20).splitlines()
    mixed = b"\r\n".join(line.encode(chance.choice(["utf-8", "cp1252"])) for line in lines)
    text = as_csv(rows)
    long = "å" * 2**19
    odd: dict[str, tuple[str | bytes, Expectation]] = {
        "blandade-teckenkodningar": (mixed, "book"),
        "nul": (text.replace("Rimbo", "Rim\0bo"), "book"),
        "bara-nul": (b"\0" * 5000, "error"),
        "nul-i-varje-cell": (text.replace(";", "\0;\0"), "either"),
        "dos-slut": (text + "\x1a", "book"),
        "sep": ("sep=;\r\n" + text, "book"),
        "sep-udda": ("sep=^\r\n" + text.replace(";", "^"), "book"),
        "bara-sep": ("sep=;\r\n", "either"),
        "citattecken-utan-slut": (text.replace("Rimbo", '"Rimbo'), "book"),
        "citattecken-overallt": (text.replace("a", '"a"'), "book"),
        "bara-citattecken": ('"' * 5001, "book"),
        "megabyte-cell": (text + f"2025-01-01;Rimbo;{long};1\r\n", "book"),
        "megabyte-cell-citerad": (text + f'2025-01-01;Rimbo;"{long}\n{long}";1\r\n', "book"),
        "tjugo-megabyte-rad": ("x" * 20_000_000, "error"),
        "miljon-tomma-kolumner": (";" * 1_000_000 + "\n" + text, "either"),
        "miljon-semikolon-per-rad": ((";" * 500_000 + "\n") * 20, "error"),
        "fyra-miljoner-blankrader": ("\n" * 5_000_000 + text, "error"),
        "formler": (as_csv([HEADERS, ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"]]), "book"),
        "formel-lank": (as_csv([HEADERS, ['=HYPERLINK("http://x.invalid";"klicka")', "", "", ""]]), "book"),
        "dubbla-rubriker": (as_csv([["Datum", "Datum", "datum ", "Datum"], *ROWS]), "book"),
        "tomma-rubriker": (as_csv([["", " ", "Händelse", ""], *ROWS]), "book"),
        "hoger-till-vanster": (
            as_csv([["تاريخ", "מקום", "حدث", "عدد"], ["\u202e2025", "רימבו", "\u200fشغب", "١٢"]]),
            "book",
        ),
        "emoji": (as_csv([["📅", "📍", "👩‍👩‍👧‍👦", "🔢"], ["2025-03-04", "🏴‍☠️", "💥" * 500, "3️⃣"]]), "book"),
        "zalgo": (as_csv([HEADERS, ["Z" + "\u0336\u0340" * 3000, "", "", ""]]), "book"),
        "unika-radslut": (text.replace("Rimbo", "Rim\u2028bo\x0b\x0c\x85"), "book"),
        "gamla-mac": (text.replace("\r\n", "\r"), "book"),
        "blandade-radslut": (text.replace("\r\n", "\r", 1).replace("\r\n", "\n", 1), "book"),
        "nan-inf": (as_csv([HEADERS, ["nan", "inf", "-Infinity", "1e999"], ["NaN", "NULL", "None", "-0"]]), "book"),
        "negativa-antal": (as_csv([HEADERS, ["2025-03-04", "Rimbo", "Brand", "-7"]]), "book"),
        "orimliga-datum": (
            as_csv(
                [
                    HEADERS,
                    *([day, "Rimbo", "x", "1"] for day in ("1900-02-29", "9999-12-31", "0000-00-00", "2025-13-45")),
                ]
            ),
            "book",
        ),
        "orimliga-tal": (as_csv([HEADERS, ["2025-03-04", "Rimbo", "x", "9" * 5000]]), "book"),
        "en-rad": ("Datum;Plats\n", "book"),
        "ett-tecken": ("x", "book"),
        "bara-semikolon": (";;;;\n;;;;\n", "either"),
        "olika-langa-rader": ("".join(";".join("x" * chance.randrange(30)) + "\n" for _ in range(40)), "book"),
        "djup-json": ("[" * 100_000, "either"),
        "regex-falla": ("a" * 50_000 + "!\n" + "0" * 50_000 + "x\n" + "1," * 50_000, "either"),
        "sql": (as_csv([HEADERS, ["'; DROP TABLE event; --", "Robert'); --", "%s%n", "{{7*7}}"]]), "book"),
        "stora-ojamn": ((text * 20_000).replace("Rimbo", '"Rimbo', 1), "book"),
    }
    for name, (content, expectation) in odd.items():
        yield f"{name}.csv", content.encode() if isinstance(content, str) else content, expectation


def _xlsx_oddities(chance: random.Random) -> Made:
    table = rows_xml([HEADERS, *ROWS])
    merges = "".join(
        f'<mergeCell ref="{chr(65 + chance.randrange(20))}{chance.randrange(1, 50)}:'
        f'{chr(65 + chance.randrange(20))}{chance.randrange(1, 50)}"/>'
        for _ in range(2000)
    )
    many = "".join(f'<sheet name="Blad{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, 400))
    dates = "".join(
        f'<row r="{r}"><c r="A{r}" s="1"><v>{value}</v></c></row>'
        for r, value in enumerate(
            ("0", "1", "60", "61", "-1", "2958465", "2958466", "1e10", "1e300", "NaN", "inf", "45000.5"), 1
        )
    )
    unusual = '<x:row><x:c t="str"><x:v>A</x:v></x:c></x:row>'
    unusual = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{unusual}</x:sheetData></x:worksheet>'
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    entity = f'<!DOCTYPE a [<!ENTITY a0 "lol">{bomb}]>{sheet_xml(cell("A1", "x")).replace("x</t>", "&a9;</t>")}'
    outside = f'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>{sheet_xml("")}'
    sheets: dict[str, tuple[str, Expectation]] = {
        "vilsen-cell": (sheet_xml(table + f'<row r="1048576">{cell("XFD1048576", "vilse")}</row>'), "book"),
        "vilsna-format": (sheet_xml(table + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'), "book"),
        "tomt-blad": (sheet_xml(""), "error"),
        "sjalvstangt-blad": (f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>', "error"),
        "utan-sheetdata": (f'<worksheet xmlns="{MAIN}"></worksheet>', "either"),
        "bara-format": (sheet_xml('<row r="1"><c r="A1" s="1"/></row>'), "error"),
        "utanfor-bladet": (sheet_xml(f'<row r="9999999">{cell("ZZZ9999999", "x")}</row>'), "error"),
        "cell-i-fel-rad": (sheet_xml(f'<row r="1">{cell("A1", "a")}{cell("XFD1048576", "b")}</row>'), "either"),
        "rader-baklanges": (
            sheet_xml("".join(f'<row r="{r}">{cell(f"A{r}", "x")}</row>' for r in range(50, 0, -1))),
            "either",
        ),
        "samma-rad-tusen": (sheet_xml(f'<row r="1">{cell("A1", "x")}</row>' * 1000), "either"),
        "samma-rad-manga": (sheet_xml(f'<row r="1">{cell("A1", "x")}</row>' * 20000), "either"),
        "sammanfogat-kaos": (sheet_xml(table, f"<mergeCells>{merges}</mergeCells>"), "book"),
        "sammanfogat-allt": (sheet_xml(table, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "book"),
        "datum": (sheet_xml(dates), "book"),
        "fel-i-celler": (
            sheet_xml('<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c><c r="B1" t="e"><v>#N/A</v></c></row>'),
            "book",
        ),
        "okand-celltyp": (sheet_xml('<row r="1"><c r="A1" t="zzz"><v>1</v></c></row>'), "either"),
        "text-utanfor-listan": (sheet_xml('<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'), "either"),
        "negativt-textnummer": (sheet_xml('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "either"),
        "okant-format": (sheet_xml('<row r="1"><c r="A1" s="99999999"><v>1</v></c></row>'), "either"),
        "formler-utan-resultat": (sheet_xml('<row r="1"><c r="A1"><f>1/0</f></c><c r="B1"><v>1</v></c></row>'), "book"),
        "formel-som-text": (sheet_xml(f'<row r="1">{cell("A1", "=cmd|calc!A0")}{cell("B1", "@SUM(1)")}</row>'), "book"),
        "megabyte-cell": (sheet_xml(f'<row r="1">{cell("A1", "x" * 2**20)}{cell("B1", "y" * 2**20)}</row>'), "book"),
        "emoji": (sheet_xml(rows_xml([["📅", "👩‍👩‍👧‍👦", "\u202eRTL", "שלום"], ["💥", "", "مرحبا", "1"]])), "book"),
        "styrtecken": (sheet_xml(f'<row r="1">{cell("A1", "x&#0;_x0000_")}</row>'.replace("&amp;", "&")), "either"),
        "prefix": (unusual, "book"),
        "utan-cellplats": (sheet_xml("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"), "book"),
        "entiteter": (entity, "error"),
        "yttre-entitet": (outside, "error"),
        "fel-nastlat": (f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"></row></c></sheetData>', "either"),
        "kommentar": (sheet_xml(f'<!-- <c r="XFD1048576"> -->{table}'), "either"),
        "cdata": (
            sheet_xml('<row r="1"><c r="A1" t="str"><v><![CDATA[</sheetData><c r="ZZ9">]]></v></c></row>'),
            "either",
        ),
        "djupt-nastlat": (sheet_xml("<a>" * 200_000), "either"),
        "utf16": (sheet_xml(table).encode("utf-16").decode("latin-1"), "either"),
        "tomt-blad-noll-byte": ("", "error"),
    }
    for name, (sheet, expectation) in sheets.items():
        content: str | bytes = sheet.encode("latin-1") if name == "utf16" else sheet
        yield f"blad-{name}.xlsx", packed(workbook_parts(content)), expectation
    yield "epok-1904.xlsx", xlsx(dates, properties='<workbookPr date1904="1"/>'), "book"
    yield "fyrahundra-blad.xlsx", xlsx(sheets=many), "error"
    yield "diagramblad.xlsx", xlsx(sheets='<sheet name="D" sheetId="1" r:id="r4"/>'), "error"
    yield "dolt-blad.xlsx", xlsx(sheets='<sheet name="D" sheetId="1" state="veryHidden" r:id="r1"/>'), "book"
    yield "bladnamn-saknas.xlsx", xlsx(sheets='<sheet sheetId="1" r:id="r1"/>'), "either"
    yield "blad-som-inte-finns.xlsx", xlsx(sheets='<sheet name="D" sheetId="1" r:id="r77"/>'), "error"
    for missing in (
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
    ):
        parts = workbook_parts(sheet_xml(table))
        del parts[missing]
        yield f"saknar-{Path(missing).name}.xlsx", packed(parts), "either"
    for part, text in (
        ("xl/sharedStrings.xml", "<sst><si>"),
        ("xl/styles.xml", "<styleSheet"),
        ("xl/workbook.xml", "<workbook"),
    ):
        parts = workbook_parts(sheet_xml(table))
        parts[part] = text
        yield f"trasig-{Path(part).name}.xlsx", packed(parts), "either"
    yield (
        "makron.xlsm",
        packed({**workbook_parts(sheet_xml(table)), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99}),
        "book",
    )
    yield "yttre-lankar.xlsx", packed({**workbook_parts(sheet_xml(table)), "xl/externalLinks/e1.xml": "<x/>"}), "book"
    yield (
        "losenord.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
        "error",
    )
    yield "losenord.xls", _locked_xls(), "error"
    yield "losenord.ods", _locked_ods(), "error"
    for repeat in ("columns", "rows"):
        kind = "table:table-cell" if repeat == "columns" else "table:table-row"
        inner = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
        many_cells = inner.replace(
            "<table:table-cell", f'<table:table-cell table:number-{repeat}-repeated="1000000000"', 1
        )
        row = f"<table:table-row>{many_cells}</table:table-row>"
        if repeat == "rows":
            row = f'<{kind} table:number-rows-repeated="1000000000">{inner}</{kind}>'
        yield f"upprepat-{repeat}.ods", ods([HEADERS], row), "either"
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048570">{empty}</table:table-row>'
    yield "tomma-rader.ods", ods([HEADERS, *ROWS], empty), "book"


def _locked_xls() -> bytes:
    """A workbook whose second record says that the rest is encrypted."""
    content = bytearray(xls([HEADERS, *ROWS]))
    start = content.index(b"\x09\x08\x10\x00")
    second = start + 20
    length = struct.unpack_from("<H", content, second + 2)[0]
    struct.pack_into("<HH", content, second, 0x2F, length)
    return bytes(content)


def _locked_ods() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ods([HEADERS]))) as parts, zipfile.ZipFile(out, "w") as copy:
        for name in parts.namelist():
            text = parts.read(name)
            if name.startswith("META-INF"):
                locked = b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
                text = text.replace(b"</manifest:manifest>", locked + b"</manifest:file-entry></manifest:manifest>")
            copy.writestr(name, zlib.compress(text) if name == "content.xml" else text)
    return out.getvalue()


def _heavy(_: random.Random) -> Made:
    formulas = "".join(f'<row r="{r}"><c r="A{r}"><f>B{r}*2</f></c></row>' for r in range(1, 1_000_001))
    yield "miljon-formler.xlsx", xlsx(formulas), "either"
    wide = "".join(f'<c r="{_letters(c)}1" s="1"/>' for c in range(1, 16385))
    yield (
        "sextontusen-tomma-kolumner.xlsx",
        xlsx(f'<row r="1">{wide}</row>' + rows_xml([HEADERS, *ROWS])[14:]),
        "either",
    )
    far = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="XFD{r}"><v>2</v></c></row>' for r in range(1, 60_001))
    yield "tva-kolumner-langt-isar.xlsx", xlsx(far), "either"
    sparse = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, 1_048_577, 2000))
    yield "glest.xlsx", xlsx(sparse), "book"
    yield (
        "bomb-i-bladet.xlsx",
        swollen(workbook_parts("<worksheet><sheetData>"), "xl/worksheets/sheet1.xml", 1200),
        "error",
    )
    yield "bomb-i-texterna.xlsx", swollen(workbook_parts(sheet_xml("")), "xl/sharedStrings.xml", 300), "error"
    yield "ljugande-storlek.xlsx", _lying(xlsx('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 50_000_000)), "either"


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _lying(content: bytes) -> bytes:
    """The zip with every size in its list given as 100 bytes."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", changed, at + 24, 100)
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def _zips(_: random.Random) -> Made:
    text = as_csv([HEADERS, *ROWS])
    nested: bytes = packed({"a.csv": text})
    for _depth in range(30):
        nested = packed({"inre.zip": nested})
    yield "nastlad.zip", nested, "error"
    yield "bomb.zip", swollen({"a.csv": text}, "a.csv", 150), "error"
    yield "stor-medlem.zip", swollen({"stor.csv": text}, "stor.csv", 260), "error"
    yield "ljuger.zip", _lying(packed({"stor.csv": bytes(3_000_000)})), "error"
    yield "tom.zip", packed({}), "error"
    yield "tusen-filer.zip", packed({f"{n}.csv": "a;b\n" for n in range(1100)}), "error"
    paths = {
        "../../ut.csv": text,
        "/etc/absolut.csv": text,
        "C:\\windows\\x.csv": text,
        "..\\upp.csv": text,
        "a/../../b.csv": text,
    }
    yield "sokvagar.zip", packed(paths), "error"
    leftovers = {"__MACOSX/._mars.csv": b"\0\5\x16\7", ".DS_Store": b"\0", "~$mars.xlsx": b"x", "mars.csv": text}
    yield "lasfiler.zip", packed(leftovers), "book"
    yield "bara-lasfiler.zip", packed({"__MACOSX/a": b"", "Thumbs.db": b"x"}), "error"
    yield (
        "konstiga-namn.zip",
        packed({"\u202egpj.csv": text, "å ä ö 📅.csv": text, "con.csv": text, "a" * 200 + ".csv": text}),
        "book",
    )
    yield "genvag.zip", _linked(), "error"
    yield "losenord.zip", _locked_zip(packed({"mars.csv": text})), "error"
    yield "samma-namn.zip", _doubled(text), "book"
    yield "okand-packning.zip", _method(packed({"mars.csv": text})), "error"


def _linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        info = zipfile.ZipInfo("genvag.csv")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        file.writestr(info, "/etc/passwd")
    return out.getvalue()


def _locked_zip(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[6] |= 1
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def _method(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[changed.index(b"PK\x01\x02") + 10] = 97
    changed[8] = 97
    return bytes(changed)


def _doubled(text: str) -> bytes:
    return packed({"mars.csv": text, "mars.csw": text}).replace(b"mars.csw", b"mars.csv")


def _not_tables(chance: random.Random) -> Made:
    ends: dict[str, bytes] = {
        "program.csv": b"MZ" + chance.randbytes(3000),
        "rtf.txt": b"{\\rtf1\\ansi Hej}",
        "gzip.csv": b"\x1f\x8b\x08" + chance.randbytes(500),
        "rar.xlsx": b"Rar!\x1a\x07\x00" + bytes(99),
        "biff5.xls": b"\x09\x08\x08\x00\x00\x05\x10\x00" + bytes(200),
        "parquet.csv": b"PAR1" + chance.randbytes(400),
        "sqlite.csv": b"SQLite format 3\x00" + bytes(400),
        "word.xlsx": packed({"word/document.xml": "<a/>", "[Content_Types].xml": "<a/>"}),
        "presentation.xlsx": packed({"ppt/presentation.xml": "<a/>", "[Content_Types].xml": "<a/>"}),
        "zip-som-xlsx.xlsx": PNG + packed({"a.csv": "a;b\n"}),
        "ole-tom.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        "ole-brus.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(9000),
        "xlsb-falsk.xlsb": packed({"xl/workbook.bin": chance.randbytes(900), "xl/_rels/workbook.bin.rels": "<a/>"}),
        "jpeg.csv": b"\xff\xd8\xff\xe0" + chance.randbytes(900),
        "gif.xls": b"GIF89a" + bytes(100),
        "bmp.csv": b"BM" + bytes(400),
    }
    for name, content in ends.items():
        yield f"ingen-tabell-{name}", content, "error"
    yield f"ingen-tabell-{date(2025, 1, 1):%Y}.csv", os.fsencode("\udcff\udcfe") * 50, "either"


def main(write: Callable[[str], object] = sys.stdout.write) -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for made in hostile_files(folder):
        write(f"{made.expectation}\t{made.name}\n")


if __name__ == "__main__":
    main()
