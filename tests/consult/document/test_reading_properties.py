"""What holds of every text: nothing is lost, no reference is given twice, nothing breaks."""

import time
import unicodedata
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.document.outline import Outline, OutlineSection, every_section
from consult.document.reading import Reading, UnreadableText, decoded, read

FRAGMENTS = st.sampled_from(
    [
        "第 一 章 總則", "第二章", "第 1 條", "第二條　本法如下：", "第 2-1 條", "第三條第一項",
        "壹、序言", "貳、目標", "一、甲", "二、乙", "（一）丙", "1.丁", "(1)戊", "①己",
        "目標一：庚", "甲、辛", "附錄一", "附錄二 各項", "圖 1 說明", "文字。", "文字很長" * 12,
        "，接續", "（刪除）", "1 Introduction", "1.1 Scope", "Article 1", "Annex A", "(a) item",
        "running text, and more", "- bullet", "2024.05.05", "2", "- 3 -", "第 3 頁", "", "\f",
        "\u3000\u3000縮排", "\t定位", "\uf98e\ufa08", "e\u0301", "\u0301", "目錄",
        "壹、序言......1", "五、跳號", "（行政院 106 年 3 月 2 日函訂定）",
    ]
)  # fmt: skip
PAGES = st.lists(FRAGMENTS, max_size=40).map("\n".join)
MARKED = st.sampled_from(["# 題", "## 一、節", "###", "```", "| a | b |", "|---|", "**粗**"])
MARKDOWN = st.lists(st.one_of(FRAGMENTS, MARKED), max_size=30).map("\n".join)
ANY_TEXT = st.one_of(st.text(max_size=400), PAGES, MARKDOWN)


def read_or_none(text: str) -> Reading | None:
    """The reading, or None where the text was refused as it should be: naming the line."""
    try:
        return read(text)
    except UnreadableText as refusal:
        return None if names_its_line(refusal) else pytest.fail("a refusal names no line")


def names_its_line(refusal: UnreadableText) -> bool:
    return refusal.line is not None and f"Line {refusal.line}:" in str(refusal)


def all_words(outline: Outline) -> Iterator[str]:
    yield outline.title
    yield outline.label
    yield from (entry.text for entry in outline.history)
    for section in every_section(outline.sections):
        yield section.number
        yield section.title
        yield from (provision.text for provision in section.provisions)


def letters(text: str) -> Counter[str]:
    # Taken apart, for a mark at the start of a line may combine with the line before.
    return Counter(each for each in unicodedata.normalize("NFD", text) if each.isalnum())


@given(ANY_TEXT)
def test_no_letter_is_lost_or_added_but_what_is_listed(text: str) -> None:
    reading = read_or_none(text)
    if reading is not None:
        left_out = "".join(each.text for each in reading.left_out)
        assert letters("".join(all_words(reading.outline)) + left_out) == letters(text)


@given(ANY_TEXT)
def test_references_are_unique_across_sections_and_provisions(text: str) -> None:
    reading = read_or_none(text)
    if reading is not None:
        sections = list(every_section(reading.outline.sections))
        refs = [section.ref for section in sections]
        refs += [each.ref for section in sections for each in section.provisions]
        assert len(refs) == len(set(refs))
        assert all(refs)


@given(ANY_TEXT)
def test_no_text_is_empty_and_all_is_nfc(text: str) -> None:
    reading = read_or_none(text)
    if reading is not None:
        for section in every_section(reading.outline.sections):
            for provision in section.provisions:
                assert provision.text.strip()
                assert unicodedata.is_normalized("NFC", provision.text)


@given(ANY_TEXT)
def test_an_outline_survives_json(text: str) -> None:
    reading = read_or_none(text)
    if reading is not None:
        assert Outline.from_json(reading.outline.to_json()) == reading.outline


@given(ANY_TEXT)
def test_reading_twice_reads_the_same(text: str) -> None:
    assert read_or_none(text) == read_or_none(text)


@given(st.binary(max_size=400))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(decoded(data))
    except UnreadableText as refusal:
        if not names_its_line(refusal):
            raise


SENTENCES = st.lists(
    st.text(alphabet="應辦理推動教育技職產業合作學校人才", min_size=4, max_size=90).map(
        "{}。".format
    ),
    min_size=1,
    max_size=3,
)
TITLES = st.text(alphabet="總則目標推動組織經費附錄說明", min_size=2, max_size=12)
NUMERALS = "壹貳參肆伍"


@given(st.lists(st.tuples(TITLES, SENTENCES), min_size=1, max_size=5), st.integers(20, 40))
def test_a_written_outline_is_read_back(
    sections: list[tuple[str, list[str]]], characters: int
) -> None:
    """Paragraphs are indented and wrapped at a measure, as printed; all come back whole."""
    lines = ["綱領草案"]
    for number, (title, paragraphs) in zip(NUMERALS, sections, strict=False):
        lines.append(f"{number}、{title}")
        for paragraph in paragraphs:
            indented = f"\u3000\u3000{paragraph}"
            lines += [
                indented[start : start + characters]
                for start in range(0, len(indented), characters)
            ]
    outline = read("\n".join(lines)).outline
    expected = [title for title, _ in sections]
    assert [each.title for each in outline.sections] == expected
    for section, (_, paragraphs) in zip(outline.sections, sections, strict=True):
        assert "".join(each.text for each in section.provisions) == "".join(paragraphs)


def depth(section: OutlineSection) -> int:
    return 1 + max((depth(child) for child in section.sections), default=0)


@pytest.mark.parametrize(
    "text",
    [
        "字" * 2_000_000,
        ("字" * 30 + "\n") * 5_000,
        "# a\n#" + " " * 500_000 + "#" * 100_000 + "x",
        "." * 2_000_000,
        ("." * 199 + "x\n") * 10_000,
        "# a\n" + "**a" * 600_000,
        "第 一 " * 400_000,
        "".join(f"第 {n} 條\n本條文。\n" for n in range(1, 2_500)),
        "第 1 條\n" + "一、甲。\n" * 5_000,
        "發展重點 相關部會 協力事項\n附錄一 甲\n" * 2_500,
    ],
    ids=lambda text: text[:12],
)
def test_a_long_text_is_read_in_seconds(text: str) -> None:
    start = time.process_time()
    read_or_none(text)
    # Far above what it takes, far below what a backtracking pattern would.
    assert time.process_time() - start < 10
