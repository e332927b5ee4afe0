"""ODT: what a word processor prints is what is read."""

import pytest

from accounts.inspecting.kinds import FileKind
from consult.document.outline import Outline
from consult.document.sources.documents import read_source
from consult.document.sources.open_document import gathered_from_odt
from tests.accounts.files import odf_entries, package

ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = (
    " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "text", "style", "table"))
    + f' xmlns:draw="{ODF}:drawing:1.0"'
)


def odt(text: str, *, styles: str = "", common: str = "") -> bytes:
    """An ODT of this text, with these automatic and common styles."""
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:text>{text}</office:text></office:body>"
        "</office:document-content>"
    )
    part = f"<office:document-styles {NAMES}><office:styles>{common}</office:styles>"
    entries = odf_entries(FileKind.ODT)
    return package(
        entries | {"content.xml": content, "styles.xml": f"{part}</office:document-styles>"}
    )


def lines_of(text: str, *, styles: str = "", common: str = "") -> list[str]:
    return [line.text for line in gathered_from_odt(odt(text, styles=styles, common=common)).lines]


def outline_of(text: str) -> Outline:
    return read_source(odt(text), FileKind.ODT).outline


def list_style(*levels: str, name: str = "L1") -> str:
    """A style of lists whose levels are described as 「format prefix suffix」."""
    written = ""
    for depth, level in enumerate(levels, start=1):
        form, prefix, suffix = level.split("/")
        written += (
            f'<text:list-level-style-number text:level="{depth}" style:num-format="{form}" '
            f'style:num-prefix="{prefix}" style:num-suffix="{suffix}"/>'
        )
    return f'<text:list-style style:name="{name}">{written}</text:list-style>'


def items(*words: str, attributes: str = 'text:style-name="L1"', more: str = "") -> str:
    within = "".join(
        f"<text:list-item><text:p>{each}</text:p>{more}</text:list-item>" for each in words
    )
    return f"<text:list {attributes}>{within}</text:list>"


@pytest.mark.parametrize(
    ("level", "printed"),
    [
        ("一, 二, 三, ...//、", ["一、甲", "二、乙"]),
        ("一, 二, 三, .../(/)", ["(一)甲", "(二)乙"]),
        ("壹, 貳, 參, ...//、", ["壹、甲", "貳、乙"]),
        ("甲, 乙, 丙, ...//、", ["甲、甲", "乙、乙"]),
        ("1//.", ["1. 甲", "2. 乙"]),
        ("i//)", ["i) 甲", "ii) 乙"]),
        ("//", ["甲", "乙"]),
    ],
)
def test_automatic_numbers_are_printed(level: str, printed: list[str]) -> None:
    assert lines_of(items("甲", "乙"), styles=list_style(level)) == printed


def test_bullets_are_bullets() -> None:
    style = '<text:list-style style:name="L1"><text:list-level-style-bullet text:level="1"/>'
    assert lines_of(items("甲"), styles=f"{style}</text:list-style>") == ["• 甲"]


def test_lists_within_items_and_paragraphs_without_numbers() -> None:
    inner = items("丙", "丁", attributes="")
    text = (
        '<text:list text:style-name="L1">'
        f"<text:list-item><text:p>甲</text:p><text:p>續</text:p>{inner}</text:list-item>"
        f"<text:list-item><text:p>乙</text:p>{inner}</text:list-item>"
        "<text:list-header><text:p>無號</text:p></text:list-header></text:list>"
    )
    styles = list_style("一, 二, 三, ...//、", "1/(/)")
    assert lines_of(text, styles=styles) == [
        "一、甲", "續", "(1) 丙", "(2) 丁", "二、乙", "(1) 丙", "(2) 丁", "無號",
    ]  # fmt: skip


def test_a_list_begins_anew_or_goes_on() -> None:
    going_on = 'text:style-name="L1" text:continue-numbering="true"'
    continuing = 'text:style-name="L1" text:continue-list="first"'
    first = 'text:style-name="L1" xml:id="first"'
    text = (
        items("甲", "乙", attributes=first)
        + items("丙", attributes=going_on)
        + items("丁")
        + items("戊", attributes=continuing)
        + '<text:list text:style-name="L1"><text:list-item text:start-value="7"><text:p>己</text:p>'
        "</text:list-item></text:list>"
    )
    assert lines_of(text, styles=list_style("1//.")) == [
        "1. 甲", "2. 乙", "3. 丙", "1. 丁", "4. 戊", "7. 己",
    ]  # fmt: skip


def test_a_deeper_level_goes_on_where_a_paragraph_stood_between() -> None:
    def deeper(words: str, attributes: str) -> str:
        within = items(words, attributes="")
        return f"<text:list {attributes}><text:list-item>{within}</text:list-item></text:list>"

    style = 'text:style-name="L1"'
    going_on = f'{style} text:continue-numbering="true"'
    text = (
        items("甲", attributes=style)
        + deeper("乙", going_on)
        + "<text:p>中間的一段。</text:p>"
        + deeper("丙", going_on)
        + items("丁", attributes=going_on)
        + deeper("戊", going_on)
    )
    styles = list_style("一, 二, 三, ...//、", "1/(/)")
    assert lines_of(text, styles=styles) == [
        "一、甲", "(1) 乙", "中間的一段。", "(2) 丙", "二、丁", "(1) 戊",
    ]  # fmt: skip


def test_headings_have_the_numbers_of_their_own_list() -> None:
    common = (
        '<text:outline-style style:name="Outline">'
        '<text:outline-level-style text:level="1" style:num-format="壹, 貳, 參, ..." '
        'style:num-suffix="、"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" style:num-suffix="." '
        'text:display-levels="2"/>'
        "</text:outline-style>"
    )
    text = "".join(f'<text:h text:outline-level="{level}">甲</text:h>' for level in (1, 2, 2, 1, 2))
    assert lines_of(text, common=common) == ["壹、甲", "壹.1. 甲", "壹.2. 甲", "貳、甲", "貳.1. 甲"]


def test_a_heading_within_a_list_is_a_heading() -> None:
    text = (
        '<text:list text:style-name="L1"><text:list-item><text:h text:outline-level="1">序言'
        "</text:h></text:list-item></text:list>"
    )
    [line] = gathered_from_odt(odt(text, styles=list_style("一, 二//、"))).lines
    assert (line.text, line.level) == ("一、序言", 1)


def test_tracked_deletions_are_not_read() -> None:
    text = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>刪去的段落</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>留下的<text:change text:change-id="c1"/>文字<text:change-start/>與新字'
        "<text:change-end/>。</text:p>"
    )
    assert lines_of(text) == ["留下的文字與新字。"]


def test_tables_keep_their_rows_and_covered_cells_their_place() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"

    def row(*words: str) -> str:
        cells = "".join(
            cell.format(each) if each else "<table:covered-table-cell/>" for each in words
        )
        return f"<table:table-row>{cells}</table:table-row>"

    header = row("發展重點", "相關部會", "協力事項")
    text = (
        "<text:p>壹、分工</text:p><table:table>"
        f"<table:table-header-rows>{header}</table:table-header-rows>"
        + row("一、創新學習", "教育部", "辦理課程。")
        + row("", "勞動部", "提供訓練。")
        + "</table:table><text:p>表後的一段。</text:p>"
    )
    outline = outline_of(text)
    assert [(each.key_point, each.body) for each in outline.coordination_items] == [
        ("一、創新學習", "教育部"), ("一、創新學習", "勞動部"),
    ]  # fmt: skip
    assert outline.sections[0].provisions[-1].text == "表後的一段。"


def test_a_row_that_repeats_a_cell_without_end() -> None:
    text = (
        '<table:table><table:table-row><table:table-cell table:number-columns-repeated="999999">'
        "<text:p>甲</text:p></table:table-cell></table:table-row></table:table>"
    )
    [line] = lines_of(text)
    assert line.count("甲") == 64


def test_what_is_left_out_is_said() -> None:
    text = (
        '<text:p>綱領</text:p><text:h text:outline-level="1">序言</text:h>'
        "<text:p>有註<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>註文</text:p></text:note-body></text:note>的一段。</text:p>"
        "<text:p>有框的<draw:frame><draw:text-box><text:p>框中字</text:p></draw:text-box>"
        "</draw:frame>一段。</text:p>"
    )
    outline = outline_of(text)
    assert outline.warnings == (
        "Line 3: a footnote was left out.",
        "Line 4: a text box was left out.",
    )
    assert [each.text for each in outline.sections[0].provisions] == [
        "有註的一段。",
        "有框的一段。",
    ]


def test_a_table_of_contents_is_left_out() -> None:
    text = (
        "<text:table-of-content><text:index-body><text:p>序言 1</text:p></text:index-body>"
        '</text:table-of-content><text:h text:outline-level="1">序言</text:h>'
        "<text:p>內文。</text:p>"
    )
    assert lines_of(text) == ["序言", "內文。"]


def test_what_only_stands_beside_the_words_is_not_read() -> None:
    text = (
        '<text:h text:outline-level="1"><text:number>壹、</text:number>序言</text:h>'
        "<text:p>甲<office:annotation><text:p>批註</text:p></office:annotation><text:ruby>"
        "<text:ruby-base>乙</text:ruby-base><text:ruby-text>注音</text:ruby-text></text:ruby></text:p>"
    )
    assert lines_of(text) == ["序言", "甲乙"]


def test_spaces_breaks_and_sections() -> None:
    text = (
        '<text:section><text:p>甲<text:s text:c="3"/>乙<text:tab/>丙\n  丁<text:line-break/>戊'
        "</text:p></text:section>"
    )
    assert lines_of(text) == ["甲 乙 丙 丁", "戊"]
