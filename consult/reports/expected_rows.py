"""A pasted list, or a CSV file, as rows of named cells. Pure: text in, values out."""

import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

# What columns may be called, in either language.
COLUMNS: Mapping[str, str] = {
    name: field
    for field, names in {
        "name": (
            "名稱",
            "組織",
            "組織名稱",
            "單位",
            "單位名稱",
            "機關名稱",
            "學校名稱",
            "name",
            "organisation",
            "organization",
        ),
        "group": ("類別", "利害關係人類別", "group", "stakeholder group"),
        "school_level": ("學制", "school level"),
        "sector": ("行業", "行業別", "sector"),
        "county": ("縣市", "county", "county or city"),
        "email": ("電子郵件", "聯絡信箱", "聯絡電子郵件", "email", "e-mail", "contact e-mail"),
        "business_number": ("統一編號", "統編", "business number", "unified business number"),
    }.items()
    for name in names
}
DELIMITERS = "\t,;"


@dataclass(frozen=True)
class Row:
    """One line of the list: its number, and its cells by field; `is_too_long` has cells left."""

    line: int
    cells: Mapping[str, str]
    is_too_long: bool = False


def alike(text: str) -> str:
    """A text so that ways of writing it fall together: width, case, spaces, 台 and 臺."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("台", "臺")
    return " ".join(folded.split())


def rows_of(text: str) -> list[Row]:
    """The rows of a list. Where its first line names no columns, each line is a name alone."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in lines.split("\n") if line.strip()), "")
    delimiter = next((mark for mark in DELIMITERS if mark in first), ",")
    named = _columns(next(csv.reader([first], delimiter=delimiter), []))
    if named is None:
        return [
            Row(number, {"name": line.strip()})
            for number, line in enumerate(lines.split("\n"), start=1)
            if line.strip()
        ]
    return list(_named_rows(lines, named, delimiter))


def _columns(cells: Sequence[str]) -> list[str] | None:
    """The fields that a head names; None where it is none. An unknown column is no field."""
    found = [COLUMNS.get(alike(cell), "") for cell in cells]
    return found if any(found) else None


def _named_rows(text: str, columns: Sequence[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(text.split("\n"), delimiter=delimiter)
    is_head = True
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if is_head:
            is_head = False
            continue
        found = {
            field: cell.strip()
            for field, cell in zip(columns, cells, strict=False)
            if field and cell.strip()
        }
        too_long = any(cell.strip() for cell in cells[len(columns) :])
        yield Row(reader.line_num, found, is_too_long=too_long)
