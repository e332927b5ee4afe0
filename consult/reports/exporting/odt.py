"""A paper as an OpenDocument text, version 1.2 as CNS 15251 has it."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from consult.reports.exporting.paper import Block, Cell, Heading, Paper, Paragraph, Run, Table

MIMETYPE = "application/vnd.oasis.opendocument.text"
# The styles of every paper; what differs from one to the next is put in by name.
STYLES = Path(__file__).with_name("paper-styles.xml")
# An A4 sheet, upright and lying, in centimetres; and what its margins take of the width.
SHEETS = {False: (21.0, 29.7), True: (29.7, 21.0)}
MARGINS = 4.0
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
MANIFEST = f"""{DECLARATION}<manifest:manifest manifest:version="1.2"
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2"
 manifest:media-type="{MIMETYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
# Writer takes these from the content alone.
TABLE_STYLES = """<style:style style:name="Table" style:family="table">
<style:table-properties table:align="margins" table:border-model="collapsing"/></style:style>
<style:style style:name="Cell" style:family="table-cell">
<style:table-cell-properties fo:padding="0.15cm" fo:border="0.5pt solid #808080"/></style:style>"""
# Blanks that XML would run together or drop.
_BLANKS = re.compile("^ | {2,}| $")


def write_odt(paper: Paper) -> bytes:
    """The paper as an .odt file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        # First and as it is, so that the file's kind can be told from its beginning.
        package.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE)
        for name, text in (
            ("content.xml", _content(paper)),
            ("styles.xml", _styles(paper)),
            ("meta.xml", _meta(paper)),
            ("META-INF/manifest.xml", MANIFEST),
        ):
            entry = zipfile.ZipInfo(name, paper.made_at.timetuple()[:6])
            package.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _styles(paper: Paper) -> str:
    width, height = SHEETS[paper.is_wide]
    return STYLES.read_text().format(
        namespaces=NAMESPACES,
        latin=escape(paper.latin.partition("-")[0]),
        latin_region=escape(paper.latin.partition("-")[2] or "none"),
        language=escape(paper.language_alone),
        region=escape(paper.region or "none"),
        width=width,
        height=height,
        orientation="landscape" if paper.is_wide else "portrait",
        footer=f"{_words(paper.footer)}<text:line-break/>" if paper.footer else "",
    )


def _meta(paper: Paper) -> str:
    moment = paper.made_at.replace(tzinfo=None).isoformat(timespec="seconds")
    return (
        f'{DECLARATION}<office:document-meta {NAMESPACES} office:version="1.2"><office:meta>'
        f"<dc:title>{escape(paper.title)}</dc:title>"
        f"<meta:initial-creator>{escape(paper.author)}</meta:initial-creator>"
        f"<dc:creator>{escape(paper.author)}</dc:creator>"
        f"<meta:creation-date>{moment}</meta:creation-date><dc:date>{moment}</dc:date>"
        f"<dc:language>{escape(paper.language)}</dc:language>"
        "</office:meta></office:document-meta>"
    )


def _content(paper: Paper) -> str:
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    columns = "".join(
        column
        for number, table in enumerate(tables)
        for column in _column_styles(table, number, room=SHEETS[paper.is_wide][0] - MARGINS)
    )
    numbers = iter(range(len(tables)))
    body = "".join(part for block in paper.blocks for part in _block(block, numbers))
    return (
        f'{DECLARATION}<office:document-content {NAMESPACES} office:version="1.2">'
        f"<office:automatic-styles>{TABLE_STYLES}{columns}</office:automatic-styles>"
        "<office:body><office:text>"
        f'<text:h text:style-name="Heading_20_1" text:outline-level="1">{_run(Run(paper.title))}'
        f"</text:h>{body}</office:text></office:body></office:document-content>"
    )


def _column_styles(table: Table, number: int, *, room: float) -> Iterator[str]:
    for place, share in enumerate(table.widths):
        width = room * share / sum(table.widths)
        yield (
            f'<style:style style:name="T{number}.{place}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width:.2f}cm"/></style:style>'
        )


def _block(block: Block, numbers: Iterator[int]) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _table(block, next(numbers))
    elif isinstance(block, Heading):
        level = block.level + 1
        yield f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">'
        yield f"{_run(Run(block.text))}</text:h>"
    else:
        yield _paragraph(block, "Text_20_body")


def _table(table: Table, number: int) -> Iterator[str]:
    yield f'<table:table table:name="T{number}" table:style-name="Table">'
    for place in range(len(table.widths)):
        yield f'<table:table-column table:style-name="T{number}.{place}"/>'
    yield "<table:table-header-rows>"
    yield from _row(table.head, "Table_20_Heading")
    yield "</table:table-header-rows>"
    for row in table.rows:
        yield from _row(row, "Table_20_Contents")
    yield "</table:table>"


def _row(cells: Sequence[Cell], style: str) -> Iterator[str]:
    yield "<table:table-row>"
    for cell in cells:
        paragraphs = cell.paragraphs or (Paragraph(()),)
        yield '<table:table-cell table:style-name="Cell" office:value-type="string">'
        yield from (_paragraph(paragraph, style) for paragraph in paragraphs)
        yield "</table:table-cell>"
    yield "</table:table-row>"


def _paragraph(paragraph: Paragraph, style: str) -> str:
    return f'<text:p text:style-name="{style}">{"".join(map(_run, paragraph.runs))}</text:p>'


def _run(run: Run) -> str:
    words = "<text:line-break/>".join(map(_words, run.lines))
    style = {
        (True, False): "Underlined",
        (False, True): "Strong",
        (True, True): "Strong_20_Underlined",
    }.get((run.is_underlined, run.is_bold))
    if run.is_struck:
        words = f'<text:span text:style-name="Struck">{words}</text:span>'
    if style:
        words = f'<text:span text:style-name="{style}">{words}</text:span>'
    if run.address:
        address = quoteattr(run.address)
        words = f'<text:a xlink:type="simple" xlink:href={address}>{words}</text:a>'
    return words


def _words(line: str) -> str:
    return _BLANKS.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(line))
