"""The real draft as people would write it in a word processor: DOCX and ODT, made on the spot.

Each way writes the same words: with headings by style and typed numbers, with automatic numbers,
or with no style at all.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import odfdo
import pikepdf
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from consult.document.outline import Outline, OutlineSection
from consult.document.reading import read_outline

TEXT = (
    Path(__file__).resolve().parents[3]
    / "consult/pages/demonstration/tve-policy-framework-draft-114-5.txt"
)
FRONT = ("技術及職業教育", "政策綱領", "（草案）")
LABEL = "（本版本為 114 年第 5 版---研修階段）"
HEADER = ("發展重點", "相關部會", "協力事項")


def real_outline() -> Outline:
    return read_outline(TEXT.read_text(encoding="utf-8"))


def walk(
    sections: tuple[OutlineSection, ...], depth: int = 1
) -> Iterator[tuple[OutlineSection, int]]:
    """Every section with its depth, in reading order."""
    for section in sections:
        yield section, depth
        yield from walk(section.sections, depth + 1)


def heading(section: OutlineSection) -> str:
    """As it is printed: 壹、序言, 目標一：…, 附錄二  …."""
    return section.number + mark_after(section.number) + section.title


def mark_after(number: str) -> str:
    if number.startswith("附錄"):
        return "　"
    return "：" if number.startswith("目標") else "、"


def rows_of(outline: Outline) -> list[tuple[str, str, str]]:
    """The coordination table with its key points only where they begin."""
    rows: list[tuple[str, str, str]] = []
    last = ""
    for item in outline.coordination_items:
        rows.append(("" if item.key_point == last else item.key_point, item.body, item.item))
        last = item.key_point
    return rows


# --- DOCX ---------------------------------------------------------------------------------------

LISTS = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="90">
  <w:multiLevelType w:val="multilevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="ideographLegalTraditional"/>
    <w:pStyle w:val="Heading1"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="taiwaneseCountingThousand"/>
    <w:suff w:val="nothing"/><w:lvlText w:val="%2、"/></w:lvl>
</w:abstractNum>"""
GOALS = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="91">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
    <w:lvlText w:val="目標%1："/></w:lvl>
</w:abstractNum>"""
KEY_POINTS = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="92">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="taiwaneseCountingThousand"/>
    <w:lvlText w:val="%1、"/></w:lvl>
</w:abstractNum>"""
_OWN_LISTS = {"壹": (90, 0), "一": (90, 1), "目": (91, 0)}


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_lists(*definitions: str) -> tuple[Document, dict[int, int]]:
    """A new document with these definitions of lists; which list leads to which of them."""
    document = docx.Document()
    numbering: Any = document.part.numbering_part.element
    lists = {}
    for definition in definitions:
        element = parse_xml(definition)
        key = int(element.get(qn("w:abstractNumId")))
        numbering.insert(0, element)
        lists[key] = numbering.add_num(key).numId
    return document, lists


def number(paragraph: Any, key: int, level: int) -> None:  # noqa: ANN401 - python-docx's own
    """Put the paragraph on a level of a list."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = key
    properties.get_or_add_ilvl().val = level


def docx_of(
    outline: Outline,
    *,
    styled: bool = True,
    automatic: bool = False,
    front: tuple[str, ...] = (*FRONT, LABEL),
) -> bytes:
    """The outline as a DOCX."""
    document, lists = with_lists(LISTS, GOALS)
    *title, last = front
    for words in title:
        document.add_paragraph(words, style="Title" if styled else None)
    for words in (*(entry.text for entry in outline.history), last):
        document.add_paragraph(words)
    for section, depth in walk(outline.sections):
        style = f"Heading {depth}" if styled else None
        kind = _kind_of(section.number) if automatic else ""
        if kind:
            key, level = _OWN_LISTS[kind]
            number(document.add_paragraph(section.title, style=style), lists[key], level)
        else:
            document.add_paragraph(heading(section), style=style)
        _provisions_to_docx(document, section, outline)
    return saved(document)


def _kind_of(printed: str) -> str:
    if printed.startswith("附"):
        return ""
    if printed.startswith("目"):
        return "目"
    return "一" if printed in "一二三四五六七八九十" else "壹"


def _provisions_to_docx(document: Document, section: OutlineSection, outline: Outline) -> None:
    if any(provision.kind == "row" for provision in section.provisions):
        table = document.add_table(rows=0, cols=3)
        for cells in [HEADER, *rows_of(outline)]:
            row = table.add_row().cells
            for cell, words in zip(row, cells, strict=True):
                cell.text = words
            if not cells[0]:
                row[0]._tc.get_or_add_tcPr().append(parse_xml(f"<w:vMerge {nsdecls('w')}/>"))
        return
    for provision in section.provisions:
        document.add_paragraph(provision.text)


# --- ODT ----------------------------------------------------------------------------------------

ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = f'xmlns:text="{ODF}:text:1.0" xmlns:style="{ODF}:style:1.0"'
HEADINGS = f"""<text:outline-style {NAMES} style:name="Outline">
  <text:outline-level-style text:level="1" style:num-format="壹, 貳, 參, ..."
    style:num-suffix="、"/>
  <text:outline-level-style text:level="2" style:num-format="一, 二, 三, ..."
    style:num-list-format="%2%、" style:num-suffix="、"/>
</text:outline-style>"""


def saved_odt(document: Any) -> bytes:  # noqa: ANN401 - odfdo's own
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def odt_of(
    outline: Outline,
    *,
    styled: bool = True,
    automatic: bool = False,
    front: tuple[str, ...] = (*FRONT, LABEL),
) -> bytes:
    """The outline as an ODT."""
    document = odfdo.Document("text")
    body = document.body
    body.clear()
    part: Any = document.get_part("styles.xml")
    styles = part.root.get_element("office:styles")
    # odfdo's own template numbers its headings 1, 2, 3.
    for old in styles.get_elements("text:outline-style"):
        styles.delete(old)
    if automatic:
        styles.append(odfdo.Element.from_tag(HEADINGS))
    *title, last = front
    for words in (*title, *(entry.text for entry in outline.history), last):
        body.append(odfdo.Paragraph(words))
    for section, depth in walk(outline.sections):
        counted = automatic and _kind_of(section.number) in ("壹", "一")
        words = section.title if counted else heading(section)
        if styled:
            head = odfdo.Header(depth, words)
            if automatic and not counted:
                head.set_attribute("text:is-list-header", "true")
            body.append(head)
        else:
            body.append(odfdo.Paragraph(words))
        _provisions_to_odt(body, section, outline)
    return saved_odt(document)


def _provisions_to_odt(body: Any, section: OutlineSection, outline: Outline) -> None:  # noqa: ANN401
    if any(provision.kind == "row" for provision in section.provisions):
        table = odfdo.Table("協力事項")
        for cells in [HEADER, *rows_of(outline)]:
            row = odfdo.Row()
            for words in cells:
                row.append_cell(odfdo.Cell(text=words))
            table.append_row(row)
        body.append(table)
        return
    for provision in section.provisions:
        body.append(odfdo.Paragraph(provision.text))


# --- PDF ----------------------------------------------------------------------------------------

_LEFT, _TOP, _LEADING, _LINES = 72, 760, 20, 34


def pdf_of(text: str, *, size: int = 12) -> bytes:
    """The lines of a text printed page by page, with a text layer and a number on each page."""
    made = pikepdf.new()
    font = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name("/MSung-Light"),
            Encoding=pikepdf.Name("/UniCNS-UTF16-H"),
            DescendantFonts=pikepdf.Array([_han_font()]),
        )
    )
    lines = [line.rstrip() for line in text.splitlines()]
    for number_of_page, first in enumerate(range(0, len(lines), _LINES), start=1):
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        placed = [
            (_TOP - place * _LEADING, line)
            for place, line in enumerate(lines[first : first + _LINES])
        ]
        page.obj.Contents = made.make_stream(
            b"".join(_printed(line, base, size) for base, line in placed if line.strip())
            + _printed(f"- {number_of_page} -", 40, size)
        )
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _han_font() -> pikepdf.Dictionary:
    """A font that every PDF program has or stands in for, and so none is in the file."""
    system = pikepdf.Dictionary(
        Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("CNS1"), Supplement=5
    )
    described = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name("/MSung-Light"),
        Flags=6,
        FontBBox=pikepdf.Array([0, -200, 1000, 900]),
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=700,
        StemV=80,
    )
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0,
        BaseFont=pikepdf.Name("/MSung-Light"),
        CIDSystemInfo=system,
        FontDescriptor=described,
    )


def _printed(line: str, base: int, size: int) -> bytes:
    words = line.lstrip()
    left = _LEFT + (len(line) - len(words)) * size // 2
    return b"BT /F1 %d Tf %d %d Td <%b> Tj ET\n" % (
        size,
        left,
        base,
        words.encode("utf-16-be").hex().encode(),
    )
