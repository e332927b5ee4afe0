"""A paper as a Word document.

The package and its styles are python-docx's affair. Tables are written as XML at once: python-docx
looks through the whole table for each cell.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from consult.reports.exporting.paper import Block, Cell, Heading, Paper, Paragraph, Run, Table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Noto Sans TC"
# An A4 sheet lying has its width upright and the other way round; the margins, in centimetres.
SHEET = (21.0, 29.7)
MARGIN = 2.0
HEADING_SIZES = {1: 16, 2: 13, 3: 11}
TWIPS = 567


def write_docx(paper: Paper) -> bytes:
    """The paper as a .docx file."""
    document = Document()
    _properties(document, paper)
    _sheet(document, paper)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        _fonts(document.styles[name], paper)
    document.styles["Normal"].font.size = Pt(11)
    body = document.element.body
    end = body.sectPr
    for element in _elements(document, paper):
        end.addprevious(element)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _properties(document: Any, paper: Paper) -> None:  # noqa: ANN401 - python-docx has no types
    properties = document.core_properties
    properties.title = paper.title
    properties.author = properties.last_modified_by = paper.author
    properties.language = paper.language
    properties.comments = ""
    properties.created = properties.modified = paper.made_at.replace(tzinfo=None)


def _sheet(document: Any, paper: Paper) -> None:  # noqa: ANN401
    section = document.sections[0]
    width, height = reversed(SHEET) if paper.is_wide else SHEET
    section.orientation = WD_ORIENT.LANDSCAPE if paper.is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(MARGIN))
    if paper.footer:
        _footer(section, paper)


def _footer(section: Any, paper: Paper) -> None:  # noqa: ANN401
    words = f'<w:t xml:space="preserve">{escape(paper.footer)}</w:t><w:br/>'
    look = '<w:rPr><w:sz w:val="16"/></w:rPr>'
    paragraph = section.footer.paragraphs[0]._p  # noqa: SLF001 - python-docx has no other way
    paragraph.getparent().replace(
        paragraph,
        _parsed(
            f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r>{look}{words}</w:r>'
            f'<w:fldSimple w:instr="PAGE"><w:r>{look}<w:t>1</w:t></w:r></w:fldSimple></w:p>'
        ),
    )


def _fonts(style: Any, paper: Paper) -> None:  # noqa: ANN401
    """The font and the language, for Latin and for Chinese letters."""
    style.font.name = FONT
    level = style.name.removeprefix("Heading ")
    if level.isdigit():
        style.font.size = Pt(HEADING_SIZES[int(level)])
        style.font.color.rgb = None
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), paper.latin)
    language.set(qn("w:eastAsia"), paper.language)
    properties.append(language)


def _elements(document: Any, paper: Paper) -> Iterator[Any]:  # noqa: ANN401
    yield _parsed(_paragraph(document, Paragraph.of(paper.title), style="Heading1"))
    for block in paper.blocks:
        yield _parsed(_block(document, block, paper))


def _parsed(xml: str) -> Any:  # noqa: ANN401
    return parse_xml(xml.replace(">", f" {nsdecls('w', 'r')}>", 1))


def _block(document: Any, block: Block, paper: Paper) -> str:  # noqa: ANN401
    if isinstance(block, Heading):
        style = f"Heading{block.level + 1}"
        return _paragraph(document, Paragraph.of(block.text), style=style)
    if isinstance(block, Table):
        return _table(document, block, paper)
    return _paragraph(document, block)


def _table(document: Any, table: Table, paper: Paper) -> str:  # noqa: ANN401
    room = (SHEET[1] if paper.is_wide else SHEET[0]) - 2 * MARGIN
    widths = [round(TWIPS * room * share / sum(table.widths)) for share in table.widths]
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = [_row(document, table.head, widths, is_head=True)]
    rows += [_row(document, row, widths) for row in table.rows]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:firstRow="1" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(
    document: Any,  # noqa: ANN401
    cells: Sequence[Cell],
    widths: Sequence[int],
    *,
    is_head: bool = False,
) -> str:
    # The head stands again on every page.
    properties = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if is_head else ""
    written = []
    for cell, width in zip(cells, widths, strict=True):
        paragraphs = cell.paragraphs or (Paragraph(()),)
        inner = "".join(
            _paragraph(document, paragraph, size=20, is_bold=is_head) for paragraph in paragraphs
        )
        written.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inner}</w:tc>')
    return f"<w:tr>{properties}{''.join(written)}</w:tr>"


def _paragraph(
    document: Any,  # noqa: ANN401
    paragraph: Paragraph,
    *,
    style: str = "",
    size: int = 0,
    is_bold: bool = False,
) -> str:
    """`size` in half points, for the text of tables."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    if size:
        look = '<w:pPr><w:spacing w:after="60"/></w:pPr>'
    runs = "".join(
        _run(document, run, size=size, is_bold=is_bold or run.is_bold) for run in paragraph.runs
    )
    return f"<w:p>{look}{runs}</w:p>"


def _run(document: Any, run: Run, *, size: int, is_bold: bool) -> str:  # noqa: ANN401
    look = "".join(
        [
            "<w:b/>" if is_bold else "",
            "<w:strike/>" if run.is_struck else "",
            f'<w:sz w:val="{size}"/>' if size else "",
            '<w:u w:val="single"/>' if run.is_underlined or run.address else "",
        ]
    )
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' if line else "" for line in run.lines
    )
    written = f"<w:r><w:rPr>{look}</w:rPr>{lines}</w:r>"
    if not run.address:
        return written
    link = document.part.relate_to(run.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return f'<w:hyperlink r:id="{link}">{written}</w:hyperlink>'
