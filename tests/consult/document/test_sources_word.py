"""DOCX: what Word prints is what is read."""

from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from accounts.inspecting.kinds import FileKind
from consult.document.outline import Outline
from consult.document.sources.documents import read_source
from consult.document.sources.word import gathered_from_docx
from tests.consult.document.written import number, saved, with_lists

W = nsdecls("w")


def lines_of(document: Document) -> list[str]:
    return [line.text for line in gathered_from_docx(saved(document)).lines]


def outline_of(document: Document) -> Outline:
    return read_source(saved(document), FileKind.DOCX).outline


def levels(key: int, *described: str, extra: str = "") -> str:
    """A definition of lists whose levels are described as 「format pattern」."""
    written = ""
    for depth, level in enumerate(described):
        form, pattern = level.split(" ", 1)
        written += (
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{pattern}"/>{extra}</w:lvl>'
        )
    return f'<w:abstractNum {W} w:abstractNumId="{key}">{written}</w:abstractNum>'


def raw(paragraph: Any, xml: str) -> None:  # noqa: ANN401 - python-docx's own
    """Append this markup to a paragraph."""
    paragraph._p.append(parse_xml(xml))


@pytest.mark.parametrize(
    ("level", "printed"),
    [
        ("taiwaneseCountingThousand %1、", ["一、甲", "二、甲", "三、甲"]),
        ("chineseCountingThousand (%1)", ["(一)甲", "(二)甲", "(三)甲"]),
        ("ideographTraditional %1、", ["甲、甲", "乙、甲", "丙、甲"]),
        ("ideographLegalTraditional %1、", ["壹、甲", "貳、甲", "參、甲"]),
        ("taiwaneseCountingThousand 第%1條", ["第一條 甲", "第二條 甲", "第三條 甲"]),
        ("decimal %1.", ["1. 甲", "2. 甲", "3. 甲"]),
        ("decimalFullWidth %1．", ["１．甲", "２．甲", "３．甲"]),
        ("lowerLetter %1)", ["a) 甲", "b) 甲", "c) 甲"]),
        ("upperRoman %1.", ["I. 甲", "II. 甲", "III. 甲"]),
        ("decimalEnclosedCircle %1", ["① 甲", "② 甲", "③ 甲"]),
        ("bullet \uf0b7", ["• 甲", "• 甲", "• 甲"]),
        ("none ", ["甲", "甲", "甲"]),
        ("somethingNew %1.", ["1. 甲", "2. 甲", "3. 甲"]),
    ],
)
def test_automatic_numbers_are_printed(level: str, printed: list[str]) -> None:
    document, lists = with_lists(levels(90, level))
    for _item in range(3):
        number(document.add_paragraph("甲"), lists[90], 0)
    assert lines_of(document) == printed


def test_levels_count_within_the_one_above() -> None:
    document, lists = with_lists(
        levels(
            90, "taiwaneseCountingThousand %1、", "taiwaneseCountingThousand (%2)", "decimal %3."
        )
    )
    for level in (0, 1, 1, 2, 2, 1, 2, 0, 1):
        number(document.add_paragraph("甲"), lists[90], level)
    assert lines_of(document) == [
        "一、甲", "(一)甲", "(二)甲", "1. 甲", "2. 甲", "(三)甲", "1. 甲", "二、甲", "(一)甲",
    ]  # fmt: skip


def test_numbers_of_several_levels() -> None:
    document, lists = with_lists(
        levels(90, "upperRoman %1.", "decimal %1.%2", extra="<w:isLgl/>"),
    )
    for level in (0, 1, 1, 0, 1):
        number(document.add_paragraph("甲"), lists[90], level)
    assert lines_of(document) == ["1. 甲", "1.1 甲", "1.2 甲", "2. 甲", "2.1 甲"]


def test_lists_of_one_definition_count_on_unless_they_start_anew() -> None:
    document, lists = with_lists(levels(90, "decimal %1."))
    numbering: Any = document.part.numbering_part.element
    going_on, anew = numbering.add_num(90), numbering.add_num(90)
    anew.add_lvlOverride(0).add_startOverride(1)
    for key in (lists[90], lists[90], going_on.numId, anew.numId, anew.numId):
        number(document.add_paragraph("甲"), key, 0)
    assert lines_of(document) == ["1. 甲", "2. 甲", "3. 甲", "1. 甲", "2. 甲"]


def test_a_level_that_never_restarts() -> None:
    document, lists = with_lists(
        levels(90, "decimal %1.", "decimal (%2)", extra='<w:lvlRestart w:val="0"/>')
    )
    for level in (0, 1, 1, 0, 1):
        number(document.add_paragraph("甲"), lists[90], level)
    assert lines_of(document) == ["1. 甲", "(1) 甲", "(2) 甲", "2. 甲", "(3) 甲"]


def test_a_style_numbers_its_paragraphs_and_one_may_opt_out() -> None:
    document, lists = with_lists(levels(90, "ideographLegalTraditional %1、"))
    style: Any = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {W}><w:numId w:val="{lists[90]}"/></w:numPr>')
    )
    document.add_paragraph("序言", style="Heading 1")
    number(document.add_paragraph("附錄一　架構", style="Heading 1"), 0, 0)
    document.add_paragraph("願景", style="Heading 1")
    assert lines_of(document) == ["壹、序言", "附錄一　架構", "貳、願景"]


def test_headings_are_told_by_their_style_or_their_outline_level() -> None:
    document = docx.Document()
    document.add_paragraph("大標題", style="Heading 1")
    document.add_paragraph("內文。")
    raw_level = document.add_paragraph("小標題")
    raw_level._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="1"/>'))
    document.add_paragraph("內文。")
    document.add_paragraph("另一大標題", style="Heading 1")
    [first, second] = outline_of(document).sections
    assert (first.title, first.sections[0].title, second.title) == (
        "大標題", "小標題", "另一大標題",
    )  # fmt: skip


def test_typed_headings_beneath_styled_ones_are_headings_too() -> None:
    document = docx.Document()
    for title in ("壹、序言", "貳、願景"):
        document.add_paragraph(title, style="Heading 1")
        for beneath in ("一、現況", "二、方向"):
            document.add_paragraph(beneath)
            document.add_paragraph("一段說明，有句號。")
    refs = [section.ref for section in outline_of(document).sections[0].sections]
    assert refs == ["壹-一", "壹-二"]


def test_where_all_headings_are_marked_a_list_is_a_list() -> None:
    document = docx.Document()
    document.add_paragraph("壹、序言", style="Heading 1")
    document.add_paragraph("一、現況", style="Heading 2")
    for words in ("1. 學校", "由學校說明。", "2. 企業", "由企業說明。"):
        document.add_paragraph(words)
    document.add_paragraph("貳、願景", style="Heading 1")
    [beneath] = outline_of(document).sections[0].sections
    assert [each.kind for each in beneath.provisions] == ["item", "paragraph"] * 2


def test_every_paragraph_stays_one_however_it_ends() -> None:
    document = docx.Document()
    document.add_paragraph("壹、序言")
    for words in ("第一段沒有寫完，", "第二段", "- 3 -", "# 不是標題", "| 不是 | 表格 |"):
        document.add_paragraph(words)
    [section] = outline_of(document).sections
    assert [each.text for each in section.provisions] == [
        "第一段沒有寫完，", "第二段", "- 3 -", "# 不是標題", "| 不是 | 表格 |",
    ]  # fmt: skip


def test_tracked_changes_are_read_as_accepted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("技職教育")
    raw(paragraph, f"<w:del {W}><w:r><w:delText>舊的</w:delText></w:r></w:del>")
    raw(paragraph, f"<w:ins {W}><w:r><w:t>新的</w:t></w:r></w:ins>")
    raw(paragraph, f"<w:moveFrom {W}><w:r><w:t>移走</w:t></w:r></w:moveFrom>")
    raw(paragraph, f"<w:moveTo {W}><w:r><w:t>移來</w:t></w:r></w:moveTo>")
    gone = document.add_paragraph()
    raw(gone, f"<w:del {W}><w:r><w:delText>整段刪除</w:delText></w:r></w:del>")
    gone._p.get_or_add_pPr().append(parse_xml(f"<w:rPr {W}><w:del/></w:rPr>"))
    joined = document.add_paragraph("前一段")
    joined._p.get_or_add_pPr().append(parse_xml(f"<w:rPr {W}><w:del/></w:rPr>"))
    document.add_paragraph("接著後一段。")
    assert lines_of(document) == ["技職教育新的移來", "前一段接著後一段。"]


def test_deleted_paragraphs_and_rows_do_not_count() -> None:
    document, lists = with_lists(levels(90, "decimal %1."))
    number(document.add_paragraph("甲"), lists[90], 0)
    gone = document.add_paragraph()
    number(gone, lists[90], 0)
    gone._p.get_or_add_pPr().append(parse_xml(f"<w:rPr {W}><w:del/></w:rPr>"))
    number(document.add_paragraph("乙"), lists[90], 0)
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, ("留下", "刪除"), strict=True):
        row.cells[0].text = words
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {W}/>"))
    assert lines_of(document) == ["1. 甲", "2. 乙", "| 留下 |  |"]


def test_tables_keep_their_rows_and_merged_cells_their_place() -> None:
    document, lists = with_lists(levels(90, "taiwaneseCountingThousand %1、"))
    document.add_paragraph("壹、分工")
    table = document.add_table(rows=3, cols=3)
    for cell, words in zip(table.rows[0].cells, ("發展重點", "相關部會", "協力事項"), strict=True):
        cell.text = words
    table.cell(1, 0).merge(table.cell(2, 0)).text = "創新學習"
    number(table.cell(1, 0).paragraphs[0], lists[90], 0)
    for row, body, item in ((1, "教育部", "辦理課程。"), (2, "勞動部", "提供|訓練。")):
        table.cell(row, 1).text, table.cell(row, 2).text = body, item
    document.add_paragraph("表後的一段。")
    outline = outline_of(document)
    assert [(row.key_point, row.body, row.item) for row in outline.coordination_items] == [
        ("一、創新學習", "教育部", "辦理課程。"),
        ("一、創新學習", "勞動部", "提供|訓練。"),
    ]
    assert outline.sections[0].provisions[-1].text == "表後的一段。"


def test_other_tables_are_rows_and_a_box_is_its_paragraphs() -> None:
    document = docx.Document()
    document.add_paragraph("壹、時程")
    box = document.add_table(rows=1, cols=1)
    box.cell(0, 0).text = "方框內的文字。"
    table = document.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, (("年度", "目標"), ("115", "完成試辦")), strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    assert [(each.kind, each.text) for each in outline_of(document).sections[0].provisions] == [
        ("paragraph", "方框內的文字。"), ("row", "年度｜目標"), ("row", "115｜完成試辦"),
    ]  # fmt: skip


def test_what_is_left_out_is_said() -> None:
    document = docx.Document()
    document.add_paragraph("測試綱領")
    document.add_paragraph("壹、序言")
    noted = document.add_paragraph("有註的一段。")
    raw(noted, f'<w:r {W}><w:footnoteReference w:id="2"/></w:r>')
    boxed = document.add_paragraph("有文字方塊的一段。")
    raw(
        boxed,
        f"<w:r {W}><w:pict><w:txbxContent><w:p><w:r><w:t>圖中文字</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r>",
    )
    hidden = document.add_paragraph("看得見")
    raw(hidden, f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>看不見</w:t></w:r>")
    found = read_source(saved(document), FileKind.DOCX)
    assert found.outline.warnings == (
        "Line 3: a footnote was left out.",
        "Line 4: a text box was left out.",
    )
    assert found.excerpts == {3: "有註的一段。", 4: "有文字方塊的一段。"}
    assert found.outline.sections[0].provisions[-1].text == "看得見"


def test_a_table_of_contents_is_left_out() -> None:
    document = docx.Document()
    document.add_paragraph("測試綱領")
    style: Any = document.styles.add_style("toc 1", 1)
    document.add_paragraph("壹、序言\t1", style=style)
    document.add_paragraph("壹、序言", style="Heading 1")
    document.add_paragraph("內文。")
    found = read_source(saved(document), FileKind.DOCX)
    assert [each.text for each in found.reading.left_out] == ["壹、序言 1"]
    assert [section.ref for section in found.outline.sections] == ["壹"]


def test_breaks_within_a_heading_are_none_and_within_a_paragraph_part_it() -> None:
    document = docx.Document()
    document.add_paragraph("壹、技職\n教育", style="Heading 1")
    document.add_paragraph("第一行。\n第二行。")
    assert lines_of(document) == ["壹、技職教育", "第一行。", "第二行。"]


def test_links_fields_and_spaces_are_words() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("依")
    raw(paragraph, f"<w:hyperlink {W}><w:r><w:t>技職法</w:t></w:r></w:hyperlink>")
    raw(paragraph, f"<w:r {W}><w:instrText> PAGE </w:instrText></w:r>")
    raw(
        paragraph,
        f"<w:r {W}><w:ruby><w:rt><w:r><w:t>注音</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>之</w:t>"
        "</w:r></w:rubyBase></w:ruby></w:r>",
    )
    raw(paragraph, f"<w:smartTag {W}><w:r><w:t>規定\u200b</w:t></w:r></w:smartTag>")
    raw(paragraph, f'<w:r {W}><w:tab/><w:t xml:space="preserve">  辦理</w:t></w:r>')
    assert lines_of(document) == ["依技職法之規定 辦理"]
