"""Sheets as files for programs, with machine names: CSV, packed together, and JSON."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import IO

from consult.reports.exporting.sheet import Book, Column, Row, Sheet, Value, printable

ROWS_AT_ONCE = 50
# By which a spreadsheet knows the file for UTF-8.
MARK = "\ufeff"
# A spreadsheet takes what begins with one of these, after blanks, for a formula; some take the
# full-width ones, too.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write_csv_package(book: Book, file: IO[bytes]) -> None:
    """A ZIP with a CSV file for each sheet, called by its name."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for sheet in book.sheets:
            name = f"{sheet.layout.name}.csv"
            entry = zipfile.ZipInfo(name, book.made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with package.open(entry, "w", force_zip64=True) as part:
                for piece in csv_pieces(sheet):
                    part.write(piece)


def csv_pieces(sheet: Sheet) -> Iterator[bytes]:
    """A sheet as CSV (RFC 4180) in UTF-8 with its mark, some rows at a time."""
    columns = sheet.layout.columns
    yield (MARK + _csv_lines([[column.name for column in columns]])).encode()
    rows = iter(sheet.rows)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield _csv_lines([[_csv_value(value) for value in row] for row in some]).encode()


def _csv_lines(rows: Sequence[Sequence[Value]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _csv_value(value: Value) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return "" if value is None else value
    text = printable(value)
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def write_json(book: Book, file: IO[bytes], *, about: Mapping[str, str]) -> None:
    """One document: what it is, and each sheet with its columns and its rows as objects."""
    head = {**about, "title": book.title, "language": book.language}
    file.write(f'{{"about":{_json(head)},"sheets":{{'.encode())
    for number, sheet in enumerate(book.sheets):
        columns = [
            {"name": column.name, "type": column.kind.value} for column in sheet.layout.columns
        ]
        file.write(b",\n" if number else b"\n")
        file.write(f'{_json(sheet.layout.name)}:{{"columns":{_json(columns)},"rows":['.encode())
        for piece in _json_rows(sheet):
            file.write(piece.encode())
        file.write(b"]}")
    file.write(b"}}\n")


def _json_rows(sheet: Sheet) -> Iterator[str]:
    columns, rows, before = sheet.layout.columns, iter(sheet.rows), "\n"
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield before + ",\n".join(_json(_object(columns, row)) for row in some)
        before = ",\n"


def _object(columns: Sequence[Column], row: Row) -> dict[str, Value]:
    """Nothing said is null, but for texts, which are empty."""
    return {
        column.name: value.isoformat() if isinstance(value, date) else value
        for column, value in zip(columns, row, strict=True)
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
