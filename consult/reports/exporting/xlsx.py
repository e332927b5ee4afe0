"""Sheets as an Excel workbook, row by row: what is written leaves the memory at once."""

from typing import IO, Any

from xlsxwriter import Workbook

from consult.reports.exporting.sheet import (
    MOST_ROWS,
    Book,
    Column,
    Kind,
    Value,
    in_sheets,
    printable,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Excel counts a cell's length as UTF-16 does.
LONGEST_CELL = 32_767
CUT = "…"


def write_xlsx(book: Book, file: IO[bytes], *, most_rows: int = MOST_ROWS) -> None:
    """Write the workbook. A text longer than a cell may be is cut, and ends in an ellipsis."""
    workbook = Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    workbook.set_properties(
        {
            "title": printable(book.title),
            "author": printable(book.author),
            # Without its zone it is taken as UTC.
            "created": book.made_at.replace(tzinfo=None),
        }
    )
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    looks = {kind: workbook.add_format({"valign": "top"}) for kind in Kind}
    looks[Kind.DAY].set_num_format("yyyy-mm-dd")
    looks[Kind.NUMBER].set_num_format("General")
    for name, columns, rows in in_sheets(book, most_rows=most_rows):
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, printable(str(column.heading)), head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write(sheet, last, place, column, value, looks)
        sheet.autofilter(0, 0, last, len(columns) - 1)
    workbook.close()


def _write(
    sheet: Any,  # noqa: ANN401 - XlsxWriter has no types
    row: int,
    place: int,
    column: Column,
    value: Value,
    looks: dict[Kind, Any],
) -> None:
    if value is None or value == "":
        return
    look = looks[column.kind]
    if column.kind == Kind.NUMBER:
        sheet.write_number(row, place, value, look)
    elif column.kind == Kind.DAY:
        sheet.write_datetime(row, place, value, look)
    elif column.kind == Kind.FLAG:
        sheet.write_boolean(row, place, value, look)
    else:
        sheet.write_string(row, place, _fitting(printable(str(column.named(value)))), look)


def _fitting(text: str) -> str:
    if len(text) * 2 <= LONGEST_CELL or len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return text
    room = (LONGEST_CELL - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT
