"""Sheets as an OpenDocument spreadsheet, version 1.2 as CNS 15251 has it, row by row."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from consult.reports.exporting.sheet import (
    MOST_ROWS,
    Book,
    Column,
    Kind,
    Row,
    Value,
    in_sheets,
    printable,
)

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
VERSION = "1.2"
ROWS_AT_ONCE = 50
CENTIMETRES = 0.21
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
ROOT = f'{NAMESPACES} office:version="{VERSION}"'
PARTS = ("content.xml", "styles.xml", "meta.xml", "settings.xml")
MANIFEST = (
    f'{DECLARATION}<manifest:manifest manifest:version="{VERSION}"'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">\n'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="{VERSION}"'
    f' manifest:media-type="{MIMETYPE}"/>\n'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{part}" manifest:media-type="text/xml"/>\n'
        for part in PARTS
    )
    + "</manifest:manifest>\n"
)
CELL_STYLES = (
    '<number:date-style style:name="DayForm"><number:year number:style="long"/>'
    '<number:text>-</number:text><number:month number:style="long"/>'
    '<number:text>-</number:text><number:day number:style="long"/></number:date-style>'
    '<style:style style:name="Head" style:family="table-cell" style:parent-style-name="Default">'
    '<style:table-cell-properties fo:border-bottom="0.5pt solid #808080" fo:wrap-option="wrap"/>'
    '<style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>'
    '<style:style style:name="Day" style:family="table-cell" style:parent-style-name="Default"'
    ' style:data-style-name="DayForm"/>'
)
FONTS = (
    "<office:font-face-decls>"
    '<style:font-face style:name="Noto Sans TC" svg:font-family="\'Noto Sans TC\', '
    "'Noto Sans CJK TC', 'Microsoft JhengHei', 'PingFang TC', sans-serif\"/>"
    "</office:font-face-decls>"
)


def write_ods(book: Book, file: IO[bytes], *, most_rows: int = MOST_ROWS) -> None:
    """Write the spreadsheet; only what was not written yet is in memory."""
    names: list[str] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        # First and as it is, so that the file's kind can be told from its beginning.
        package.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE)
        with package.open(_entry("content.xml", book), "w", force_zip64=True) as content:
            for piece in _content(book, names, most_rows):
                content.write(piece.encode())
        for name, text in (
            ("styles.xml", _styles(book)),
            ("meta.xml", _meta(book)),
            ("settings.xml", _settings(names)),
            ("META-INF/manifest.xml", MANIFEST),
        ):
            package.writestr(_entry(name, book), text)


def _entry(name: str, book: Book) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, book.made_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _content(book: Book, names: list[str], most_rows: int) -> Iterator[str]:
    """The content in pieces; `names` is told what the sheets are called."""
    widths = sorted({column.width for sheet in book.sheets for column in sheet.layout.columns})
    yield f"{DECLARATION}<office:document-content {ROOT}><office:automatic-styles>{CELL_STYLES}"
    for width in widths:
        yield (
            f'<style:style style:name="W{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * CENTIMETRES:.2f}cm"/>'
            "</style:style>"
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for name, columns, rows in in_sheets(book, most_rows=most_rows):
        names.append(name)
        yield from _table(name, columns, rows)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _table(name: str, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(name)}>"
    for column in columns:
        look = "Day" if column.kind == Kind.DAY else "Default"
        yield (
            f'<table:table-column table:style-name="W{column.width}"'
            f' table:default-cell-style-name="{look}"/>'
        )
    heads = "".join(
        _text_cell(str(column.heading), ' table:style-name="Head"') for column in columns
    )
    yield f"<table:table-header-rows><table:table-row>{heads}</table:table-row>"
    yield "</table:table-header-rows>"
    rows = iter(rows)
    while some := "".join(_row(columns, row) for row in islice(rows, ROWS_AT_ONCE)):
        yield some
    yield "</table:table>"


def _row(columns: Sequence[Column], row: Row) -> str:
    cells = "".join(_cell(column, value) for column, value in zip(columns, row, strict=True))
    return f"<table:table-row>{cells}</table:table-row>"


def _cell(column: Column, value: Value) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if column.kind == Kind.NUMBER:
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    if isinstance(value, date):
        day = value.isoformat()
        return (
            f'<table:table-cell table:style-name="Day" office:value-type="date"'
            f' office:date-value="{day}"><text:p>{day}</text:p></table:table-cell>'
        )
    if column.kind == Kind.FLAG:
        flag = "true" if value else "false"
        return (
            f'<table:table-cell office:value-type="boolean" office:boolean-value="{flag}">'
            f"<text:p>{flag.upper()}</text:p></table:table-cell>"
        )
    if column.kind == Kind.LINK:
        address = printable(str(value))
        return (
            '<table:table-cell office:value-type="string"><text:p><text:a xlink:type="simple"'
            f" xlink:href={quoteattr(address)}>{escape(address)}</text:a></text:p>"
            "</table:table-cell>"
        )
    return _text_cell(str(column.named(value)))


def _text_cell(text: str, look: str = "") -> str:
    paragraphs = "".join(f"<text:p>{_words(line)}</text:p>" for line in printable(text).split("\n"))
    return f'<table:table-cell{look} office:value-type="string">{paragraphs}</table:table-cell>'


def _words(line: str) -> str:
    """The line with the blanks that XML would run together or drop."""
    words = escape(line)
    if "  " in words or words[:1] == " " or words[-1:] == " ":
        words = words.replace(" ", "<text:s/>")
    return words


def _styles(book: Book) -> str:
    language, _, region = book.language.partition("-")
    return (
        f"{DECLARATION}<office:document-styles {ROOT}>{FONTS}<office:styles>"
        '<style:default-style style:family="table-cell"><style:text-properties'
        ' style:font-name="Noto Sans TC" style:font-name-asian="Noto Sans TC" fo:font-size="10pt"'
        ' style:font-size-asian="10pt" fo:language="en" fo:country="US"'
        f" style:language-asian={quoteattr(language)}"
        f" style:country-asian={quoteattr(region or 'none')}/></style:default-style>"
        '<style:style style:name="Default" style:family="table-cell">'
        '<style:table-cell-properties style:vertical-align="top"/></style:style>'
        "</office:styles></office:document-styles>"
    )


def _meta(book: Book) -> str:
    moment = book.made_at.replace(tzinfo=None).isoformat(timespec="seconds")
    title, author = escape(printable(book.title)), escape(printable(book.author))
    return (
        f"{DECLARATION}<office:document-meta {ROOT}><office:meta><dc:title>{title}</dc:title>"
        f"<meta:initial-creator>{author}</meta:initial-creator><dc:creator>{author}</dc:creator>"
        f"<meta:creation-date>{moment}</meta:creation-date><dc:date>{moment}</dc:date>"
        f"<dc:language>{escape(book.language)}</dc:language></office:meta></office:document-meta>"
    )


def _settings(names: Sequence[str]) -> str:
    """The head of each sheet stays in sight."""
    items = (
        ("VerticalSplitMode", "short", 2),
        ("VerticalSplitPosition", "int", 1),
        ("ActiveSplitRange", "short", 2),
        ("PositionBottom", "int", 1),
    )
    frozen = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}'
        "</config:config-item>"
        for name, kind, value in items
    )
    tables = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(name)}>{frozen}"
        "</config:config-item-map-entry>"
        for name in names
    )
    return (
        f"{DECLARATION}<office:document-settings {ROOT}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
        f'<config:config-item-map-named config:name="Tables">{tables}'
        "</config:config-item-map-named>"
        "</config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )
