"""The real draft: what is read out of it, against an outline checked by hand."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.document.outline import Outline, OutlineSection, every_section
from consult.document.reading import Reading, UnreadableText, decoded, read, read_outline

HERE = Path(__file__).parent
DRAFT = HERE.parents[2] / "consult/pages/demonstration/tve-policy-framework-draft-114-5.txt"
CHECKED_BY_HAND = HERE / "data/tve-policy-framework-draft-114-5.json"


@pytest.fixture(scope="module")
def source() -> str:
    return DRAFT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reading(source: str) -> Reading:
    return read(source)


@pytest.fixture(scope="module")
def outline(reading: Reading) -> Outline:
    return reading.outline


def section(outline: Outline, ref: str) -> OutlineSection:
    return next(each for each in every_section(outline.sections) if each.ref == ref)


def words(outline: Outline) -> Iterator[str]:
    """Every word of an outline in the order of the page; a table's are taken row by row."""
    for each in every_section(outline.sections):
        yield each.number + each.title
        for provision in each.provisions:
            if provision.kind != "row":
                yield provision.text


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def test_it_is_the_outline_checked_by_hand(outline: Outline) -> None:
    expected = json.loads(CHECKED_BY_HAND.read_text(encoding="utf-8"))
    assert outline.to_json() == expected


def test_title_label_and_history(outline: Outline) -> None:
    assert outline.title == "技術及職業教育政策綱領（草案）"
    assert outline.label == "114 年第 5 版（研修階段）"
    assert [(entry.date, entry.document_number, entry.note) for entry in outline.history] == [
        ("2017-03-02", "院臺教字第 1060165689 號", "訂定"),
        ("2019-02-21", "院臺教字第 1080002957 號", "修正"),
        ("2021-02-24", "院臺教字第 1100005046 號", "修正"),
        ("2023-02-21", "院臺教字第 1121002242 號", "修正"),
    ]


def test_sections(outline: Outline) -> None:
    goals = ["參-目標一", "參-目標二", "參-目標三"]
    points = ["肆-一", "肆-二", "肆-三", "肆-四", "肆-五", "肆-六"]
    refs = [each.ref for each in every_section(outline.sections)]
    assert refs == ["壹", "貳", "參", *goals, "肆", *points, "伍", "附錄一", "附錄二"]
    assert section(outline, "貳").title == "願景 ― 建構務實、創新、智慧及永續之技職教育"
    assert section(outline, "附錄一").title == "技術及職業教育政策綱領架構"


def test_the_architecture_is_a_listing_and_not_headings(outline: Outline) -> None:
    annex = section(outline, "附錄一")
    assert annex.sections == ()
    assert [provision.kind for provision in annex.provisions] == (
        ["paragraph"] * 2 + ["item"] * 3 + ["paragraph"] + ["item"] * 6
    )


def test_coordination_items(outline: Outline) -> None:
    items = outline.coordination_items
    assert [
        sum(row.key_point.startswith(number) for row in items) for number in "一二三四五六"
    ] == [
        4,
        5,
        4,
        6,
        4,
        3,
    ]
    labour = items[1]
    assert labour.key_point == "一、創新技職教育入學及學習模式"
    assert labour.body == "勞動部"
    assert labour.item == "協助在職人員職業繼續教育推動事宜；協助人才就業資訊分析事宜。"
    assert items[3].body == "各目的事業主管機關"


def test_a_cell_goes_on_over_the_page(outline: Outline) -> None:
    [row] = [row for row in outline.coordination_items if "資訊安全宣導" in row.item]
    assert row.item == "協助技職校院建構數位基礎建設、環境整備及資訊安全宣導。"


def test_rows_can_be_commented_on(outline: Outline) -> None:
    annex = section(outline, "附錄二")
    assert [provision.text for provision in annex.provisions] == [
        f"{row.key_point}｜{row.body}｜{row.item}" for row in outline.coordination_items
    ]
    assert {provision.kind for provision in annex.provisions} == {"row"}


def test_the_caption_is_a_caption(outline: Outline) -> None:
    captions = [
        provision
        for each in every_section(outline.sections)
        for provision in each.provisions
        if provision.kind == "caption"
    ]
    assert [(each.ref, each.text) for each in captions] == [
        ("參-目標三-5", "圖 1 技術及職業教育綱領核心概念 (草案)")
    ]


@pytest.mark.parametrize(
    ("joined", "why"),
    [
        ("產業 AI（Artificial Intelligence）化", "Latin words keep a space between them"),
        ("STEAM（ Science, Technology, Engineering", "a space of the source stays"),
        ("公協會及非營利/非政府組織資源，提供", "no space before a slash"),
        ("此外，於強化 AI 應用同時", "Latin and Chinese are spaced as elsewhere"),
        ("108 年 2 月 21 日、110 年 2 月 24 日及", "so are figures"),
        ("政府、學校、產業及公協會與", "a page turned here"),
    ],
)
def test_lines_are_joined(outline: Outline, joined: str, why: str) -> None:
    assert any(joined in text for text in words(outline)), why


def test_no_word_is_lost_added_or_moved(source: str, outline: Outline) -> None:
    """Counted on the source itself, by a rule that knows nothing of how it is read."""
    table_header = "發展重點 相關部會 協力事項"
    prose, _, table = source.partition(table_header)
    for furniture in ("2024.05.05", "\n2 \n"):
        assert prose.count(furniture) == 1
        prose = prose.replace(furniture, "\n")
    body = bare(prose)[bare(prose).index("壹、序言") :]
    mark = re.compile("[、：]")
    assert mark.sub("", "".join(map(bare, words(outline)))) == mark.sub("", body)

    cells = bare(table.replace(table_header, ""))
    key_point = ""
    for row in outline.coordination_items:
        printed = bare(("" if row.key_point == key_point else row.key_point) + row.body + row.item)
        assert cells.startswith(printed)
        cells = cells.removeprefix(printed)
        key_point = row.key_point
    assert cells == ""


def test_compatibility_ideographs_are_brought_to_nfc_and_no_further(
    source: str, outline: Outline
) -> None:
    compatibility = re.compile("[\uf900-\ufaff]")
    assert len(compatibility.findall(source)) == 32
    text = "".join(words(outline))
    assert not compatibility.search(text)
    assert unicodedata.is_normalized("NFC", text)
    assert "，" in text
    assert "（" in text


def test_what_is_left_out_is_listed(reading: Reading) -> None:
    assert [(each.line, each.text) for each in reading.left_out] == [
        (68, "2024.05.05"),
        (70, "2"),
        (549, "發展重點 相關部會 協力事項"),
        (603, "發展重點 相關部會 協力事項"),
        (668, "發展重點 相關部會 協力事項"),
    ]


def test_nothing_is_doubted_without_cause(outline: Outline) -> None:
    assert outline.warnings == ()


def test_a_written_outline_is_read_back(outline: Outline) -> None:
    written = json.dumps(outline.to_json(), ensure_ascii=False)
    assert Outline.from_json(json.loads(written)) == outline


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        (" \n\t\r\n\u3000\f", 1),
        ("一、甲\n\x00\x01", 2),
        ("甲\n\n\ud800", 3),
        ("\n- 3 -\n", 1),
    ],
)
def test_what_cannot_be_read_names_the_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableText, match=f"Line {line}:") as refusal:
        read_outline(text)
    assert refusal.value.line == line


def test_bytes_that_are_no_text_name_the_line() -> None:
    with pytest.raises(UnreadableText, match="Line 2: these bytes are not UTF-8"):
        decoded("一\n".encode() + "技職".encode("big5"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(source: str, outline: Outline, encoding: str) -> None:
    assert read_outline(decoded(source.encode(encoding))) == outline


def test_line_ends_do_not_matter(source: str, outline: Outline) -> None:
    assert read_outline(source.replace("\n", "\r\n")) == outline
