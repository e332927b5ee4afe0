"""Sheets open elsewhere with the same cells in them, of the same types."""

import csv
import datetime as dt
import io
import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.parsers.expat import ParserCreate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.reports.exporting.data_files import csv_pieces, write_csv_package, write_json
from consult.reports.exporting.ods import MIMETYPE, write_ods
from consult.reports.exporting.sheet import Book, Column, Kind, Layout, Row, Sheet, in_sheets
from consult.reports.exporting.xlsx import LONGEST_CELL, write_xlsx
from tests.consult.reports.exporting.test_exporting import program

Write = Callable[[Book, IO[bytes]], None]

MADE_AT = dt.datetime(2026, 11, 25, 19, 30, tzinfo=dt.UTC)
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
LAYOUT = Layout(
    "comments",
    "意見",
    "One comment.",
    (
        Column("reference", Kind.TEXT, "編號", ""),
        Column("endorsements", Kind.NUMBER, "附議", ""),
        Column("day", Kind.DAY, "日期", ""),
        Column("as_drafter", Kind.FLAG, "研修人員", ""),
        Column("group", Kind.CHOICE, "類別", "", choices={"ngo": "民間團體"}),
        Column("posted", Kind.MOMENT, "時間", ""),
        Column("address", Kind.LINK, "網址", ""),
    ),
)
MOMENT, ADDRESS = "2026-11-23T06:05:00.000000Z", "https://example.org/c/ABC/?a=1&b=2"
ROWS: list[Row] = [
    ("技職<b>&amp;", 12, dt.date(2026, 11, 23), True, "ngo", MOMENT, ADDRESS),
    ("=1+1", 0, None, False, "", "", ""),
    ("一行\n 兩  行  縮", None, None, None, "", "", ""),
]


def book(*sheets: Sheet) -> Book:
    return Book("意見<彙整>", "教育部", "zh-TW", MADE_AT, sheets)


def written(write: Write, *sheets: Sheet) -> bytes:
    file = io.BytesIO()
    write(book(*sheets), file)
    return file.getvalue()


def of_texts(*texts: str) -> Sheet:
    return Sheet(
        Layout("t", "t", "", (Column("a", Kind.TEXT, "a", ""),)), [(text,) for text in texts]
    )


@pytest.fixture
def sheet() -> Sheet:
    return Sheet(LAYOUT, ROWS)


def converted(name: str, content: bytes, folder: Path, *options: str) -> Path:
    """The file as LibreOffice understands it, in its flat form."""
    (folder / name).write_bytes(content)
    soffice = program("soffice", package="libreoffice-calc-nogui")
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            *("--convert-to", "fods", "--outdir", str(folder / "out")),
            *options,
            str(folder / name),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    path = (folder / "out" / name).with_suffix(".fods")
    if not path.exists():
        needed = "This test needs Calc: apt-get install libreoffice-calc-nogui"
        pytest.fail(needed) if "CI" in os.environ else pytest.skip(needed)
    return path


def cells(path: Path) -> dict[str, list[list[tuple[str, str]]]]:
    """By sheet: each cell's type and value, as LibreOffice understood them."""
    found: dict[str, list[list[tuple[str, str]]]] = {}
    for table in ElementTree.parse(path).iter(f"{TABLE}table"):  # noqa: S314 - LibreOffice's own
        rows = []
        for row in table.iter(f"{TABLE}table-row"):
            values = [
                cell_of(each)
                for each in row.findall(f"{TABLE}table-cell")
                for _ in range(min(40, int(each.get(f"{TABLE}number-columns-repeated", 1))))
            ]
            if any(kind for kind, _ in values):
                rows.append(values)
        found[table.get(f"{TABLE}name", "")] = rows
    return found


def cell_of(cell: ElementTree.Element) -> tuple[str, str]:
    kind = cell.get(f"{OFFICE}value-type", "")
    formula = cell.get(f"{TABLE}formula", "")
    # What is true or false comes out of XLSX as the function of that name.
    if formula in {"of:=TRUE()", "of:=FALSE()"}:
        return "boolean", formula[4:-2].lower()
    assert not formula
    for name in ("value", "date-value", "boolean-value"):
        if value := cell.get(f"{OFFICE}{name}"):
            return kind, value
    return kind, "\n".join(map(text_of, cell.findall(f"{TEXT}p")))


def text_of(element: ElementTree.Element) -> str:
    found = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            found += " " * int(child.get(f"{TEXT}c", 1))
        else:
            found += text_of(child)
        found += child.tail or ""
    return found


@pytest.mark.parametrize(("suffix", "write"), [("xlsx", write_xlsx), ("ods", write_ods)])
def test_libreoffice_reads_the_same_cells_of_the_same_types(
    sheet: Sheet, suffix: str, write: Write, tmp_path: Path
) -> None:
    content = written(write, sheet, of_texts("另一張"))
    path = converted(f"意見.{suffix}", content, tmp_path)
    found = cells(path)
    assert list(found) == ["意見", "t"]
    head, first, second, third = found["意見"]
    assert [text for _, text in head[:7]] == [column.heading for column in LAYOUT.columns]
    assert first[:7] == [
        ("string", "技職<b>&amp;"),
        ("float", "12"),
        ("date", "2026-11-23"),
        ("boolean", "true"),
        ("string", "民間團體"),
        ("string", MOMENT),
        ("string", ADDRESS),
    ]
    assert second[:2] == [("string", "=1+1"), ("float", "0")]
    assert third[0] == ("string", "一行\n 兩  行  縮")
    assert found["t"][1][0] == ("string", "另一張")


def test_calc_opens_the_csv_with_its_chinese_whole(sheet: Sheet, tmp_path: Path) -> None:
    content = b"".join(csv_pieces(sheet))
    assert content.startswith(b"\xef\xbb\xbfreference,")
    # Its dialogue takes UTF-8 from the mark; without one it must be told.
    path = converted(
        "意見.csv", content, tmp_path, "--infilter=Text - txt - csv (StarCalc):44,34,76"
    )
    (rows,) = cells(path).values()
    assert rows[1][0] == ("string", "技職<b>&amp;")
    assert rows[2][0] == ("string", "'=1+1")


@pytest.mark.parametrize(
    "begin", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\N{FULLWIDTH EQUALS SIGN}"]
)
def test_no_csv_cell_is_taken_for_a_formula(begin: str) -> None:
    content = b"".join(csv_pieces(of_texts(f"{begin}cmd|' /C calc'!A0"))).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline="")))[1][0].startswith("'")


def test_csv_and_json_name_columns_and_choices_as_machines_do(sheet: Sheet) -> None:
    with zipfile.ZipFile(io.BytesIO(written(write_csv_package, sheet, of_texts("x")))) as package:
        assert package.namelist() == ["comments.csv", "t.csv"]
        rows = list(csv.DictReader(io.StringIO(package.read("comments.csv").decode("utf-8-sig"))))
    assert rows[0] == {
        "reference": "技職<b>&amp;",
        "endorsements": "12",
        "day": "2026-11-23",
        "as_drafter": "true",
        "group": "ngo",
        "posted": MOMENT,
        "address": ADDRESS,
    }
    file = io.BytesIO()
    write_json(book(sheet, of_texts()), file, about={"format": "f/1"})
    document = json.loads(file.getvalue())
    assert document["about"] == {"format": "f/1", "title": "意見<彙整>", "language": "zh-TW"}
    assert document["sheets"]["comments"]["columns"][1] == {
        "name": "endorsements",
        "type": "number",
    }
    assert document["sheets"]["comments"]["rows"][0] == {
        "reference": "技職<b>&amp;",
        "endorsements": 12,
        "day": "2026-11-23",
        "as_drafter": True,
        "group": "ngo",
        "posted": MOMENT,
        "address": ADDRESS,
    }
    assert document["sheets"]["t"]["rows"] == []


def names_and_rows(sheet: Sheet, most_rows: int) -> Sequence[tuple[str, list[Row]]]:
    return [(name, list(rows)) for name, _, rows in in_sheets(book(sheet), most_rows=most_rows)]


def test_what_a_sheet_can_not_hold_goes_to_the_next() -> None:
    sheet = of_texts(*"abcde")
    assert names_and_rows(sheet, 3) == [
        ("t", [("a",), ("b",)]),
        ("t (2)", [("c",), ("d",)]),
        ("t (3)", [("e",)]),
    ]
    assert names_and_rows(sheet, 6) == [("t", [(each,) for each in "abcde"])]
    assert names_and_rows(of_texts(), 3) == [("t", [])]
    assert names_and_rows(of_texts("a", "b"), 3) == [("t", [("a",), ("b",)])]


def test_names_of_sheets_fit_and_differ() -> None:
    long = [
        Sheet(Layout("n", title, "", LAYOUT.columns), [])
        for title in ("很長" * 30, "很長" * 30, "a/b", "A b", "[*]")
    ]
    names = [name for name, _, _ in in_sheets(book(*long))]
    assert names == ["很長" * 15 + "很", "很長" * 13 + "很 (2)", "a b", "A b (2)", "n"]


def test_an_ods_says_what_it_is(sheet: Sheet) -> None:
    content = written(write_ods, sheet)
    assert content[30:84] == f"mimetype{MIMETYPE}".encode()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert package.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        manifest = package.read("META-INF/manifest.xml").decode()
        for name in package.namelist():
            if name.endswith(".xml") and "META-INF" not in name:
                assert f'full-path="{name}"' in manifest
                assert 'office:version="1.2"' in package.read(name).decode()
        settings = package.read("settings.xml").decode()
    assert 'manifest:version="1.2"' in manifest
    # The head stays in sight.
    assert 'config:name="意見"><config:config-item config:name="VerticalSplitMode"' in settings


@given(st.lists(st.text(max_size=60), max_size=3))
def test_any_text_makes_a_sound_file(texts: list[str]) -> None:
    for write in (write_xlsx, write_ods):
        content = written(write, of_texts(*texts))
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    ParserCreate().Parse(package.read(name), True)  # noqa: FBT003 - that it is all
    file = io.BytesIO()
    write_json(book(of_texts(*texts)), file, about={})
    assert [row["a"] for row in json.loads(file.getvalue())["sheets"]["t"]["rows"]] == texts


def test_a_text_too_long_for_excel_is_cut_and_says_so() -> None:
    content = written(write_xlsx, of_texts("長" * 40_000, "𠮷" * 20_000, "短"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - ours
    texts = [each.text or "" for each in found.iter() if each.tag.endswith("}t")]
    assert texts[1] == "長" * (LONGEST_CELL - 1) + "…"
    assert texts[2] == "𠮷" * ((LONGEST_CELL - 1) // 2) + "…"
    assert texts[3] == "短"


@pytest.mark.parametrize("write", [write_ods, write_csv_package, write_xlsx])
def test_the_same_sheets_make_the_same_bytes(sheet: Sheet, write: Write) -> None:
    assert written(write, sheet) == written(write, sheet)
