"""Texts never seen before: other numberings, other languages, other accidents."""

from collections.abc import Iterator

import pytest

from consult.document.outline import Outline, OutlineSection
from consult.document.reading import read, read_outline


def tree(outline: Outline) -> list[str]:
    """Every section as reference and title, every provision as reference and kind."""

    def walk(section: OutlineSection) -> Iterator[str]:
        yield f"{section.ref} {section.title}".strip()
        yield from (f"{each.ref} [{each.kind}]" for each in section.provisions)
        for child in section.sections:
            yield from walk(child)

    return [line for section in outline.sections for line in walk(section)]


def texts(outline: Outline) -> list[str]:
    def walk(section: OutlineSection) -> Iterator[str]:
        yield from (each.text for each in section.provisions)
        for child in section.sections:
            yield from walk(child)

    return [text for section in outline.sections for text in walk(section)]


def test_english_with_numbered_headings() -> None:
    outline = read_outline("""\
Policy Framework for Skills
Draft Version 2.1

1 Introduction

This policy framework sets out how vocational education will be reviewed every
two years. It applies to all schools and to every training institution that
receives public money, and to the bodies which oversee them.

1.1 Scope

The scope is as wide as the law allows, and it includes every association that
speaks for an industry:

(a) schools;
(b) enterprises, including those which are small and those which are medium and
    those which are large.

2 Goals

The goals are these.

Annex A Coordination

Some text.
""")
    assert outline.title == "Policy Framework for Skills"
    assert outline.label == "Draft Version 2.1"
    assert tree(outline) == [
        "1 Introduction",
        "1-1 [paragraph]",
        "1.1 Scope",
        "1.1-1 [paragraph]",
        "1.1-2 [item]",
        "1.1-3 [item]",
        "2 Goals",
        "2-1 [paragraph]",
        "AnnexA Coordination",
        "AnnexA-1 [paragraph]",
    ]
    assert texts(outline)[0].endswith(
        "will be reviewed every two years. It applies to all "
        "schools and to every training institution that receives public money, and to the "
        "bodies which oversee them."
    )
    assert outline.warnings == ()


def test_english_parts_chapters_and_articles() -> None:
    outline = read_outline(
        "Skills Act\nPart I General\nChapter 1 Purpose\nArticle 1\nThis Act has a purpose.\n"
        "Article 2 Terms\nTerms are used thus:\n(a) one;\n(b) two.\nChapter 2 Means\n"
        "Article 3\nThere are means.\nPart II Final\nArticle 4\nThe end.\n"
    )
    assert tree(outline) == [
        "PartI General",
        "PartI-Chapter1 Purpose",
        "Article1",
        "Article1-1 [paragraph]",
        "Article2 Terms",
        "Article2-1 [paragraph]",
        "Article2-1-1 [item]",
        "Article2-1-2 [item]",
        "PartI-Chapter2 Means",
        "Article3",
        "Article3-1 [paragraph]",
        "PartII Final",
        "Article4",
        "Article4-1 [paragraph]",
    ]


def test_markdown() -> None:
    reading = read("""\
# 技職教育草案

## 一、總則

這是**重要**的段落，
接續一行。

- 項目一
- 項目二

1. 甲
2. 乙

```
# 不是標題
```

| 項目 | 部會 |
|------|------|
| 產學 | 經濟部 |

## 二、附則 ##

### C# 與其他

文字。
""")
    assert reading.outline.title == "技職教育草案"
    assert tree(reading.outline) == [
        "一 總則",
        "一-1 [paragraph]",
        "一-2 [item]",
        "一-3 [item]",
        "一-4 [item]",
        "一-5 [item]",
        "一-6 [paragraph]",
        "一-7 [row]",
        "一-8 [row]",
        "二 附則",
        "二-§1 C# 與其他",
        "二-§1-1 [paragraph]",
    ]
    assert texts(reading.outline)[0] == "這是重要的段落，接續一行。"
    assert texts(reading.outline)[5] == "# 不是標題"
    assert {each.reason for each in reading.left_out} == {"code fence", "rule of a table"}


def test_markdown_headings_with_a_line_drawn_beneath() -> None:
    reading = read(
        "Skills Plan\n===========\n\n1. Aims\n-------\n\nFirst aim.\n\n---\n\nSecond aim.\n\n"
        "- an item\n---\n\nMeans\n-----\nA sentence of\ntwo lines.\n---\n"
    )
    assert reading.outline.title == "Skills Plan"
    assert tree(reading.outline) == [
        "1 Aims",
        "1-1 [paragraph]",
        "1-2 [paragraph]",
        "1-3 [item]",
        "§1 Means",
        "§1-1 [paragraph]",
    ]
    assert [each.reason for each in reading.left_out] == [
        "heading's underline",
        "heading's underline",
        "rule between paragraphs",
        "rule between paragraphs",
        "heading's underline",
        "rule between paragraphs",
    ]


def test_a_bar_within_a_cell_of_a_markdown_table() -> None:
    outline = read_outline("# Plan\n\n## Tasks\n\n| Body | Task |\n|---|---|\n| A | x \\| y |\n")
    assert texts(outline) == ["Body｜Task", "A｜x | y"]


def test_a_hyphen_at_the_end_of_a_line_is_kept_and_asked_about() -> None:
    outline = read_outline(
        "Plan\n\n1. Aims\n\nEvery provider of voca-\ntional work is seen by a well-\nknown body.\n"
    )
    assert texts(outline) == ["Every provider of voca-tional work is seen by a well-known body."]
    assert outline.warnings == (
        "Line 6: the hyphen before this line may only have parted a word.",
        "Line 7: the hyphen before this line may only have parted a word.",
    )


PLAN = """\
\ufeff某某計畫（草案）

目　錄
壹、緣起........................1
貳、目標 …………………… 3
\f壹、緣起
　　依據某某法第三條規定，訂定本計畫。
　　第二段。
- 1 -
\f貳、目標
一、現況
（一）學校
　　學校之現況如下。
（二）產業
　　產業之現況如下：
1、第一項。
2、第二項。
二、策略
　　策略內容。
第 2 頁，共 2 頁
參、附則
　　本計畫自核定日施行。
"""


def test_a_plan_with_contents_page_numbers_and_indents() -> None:
    reading = read(PLAN)
    assert tree(reading.outline) == [
        "壹 緣起",
        "壹-1 [paragraph]",
        "壹-2 [paragraph]",
        "貳 目標",
        "貳-一 現況",
        "貳-一-（一） 學校",
        "貳-一-（一）-1 [paragraph]",
        "貳-一-（二） 產業",
        "貳-一-（二）-1 [paragraph]",
        "貳-一-（二）-2 [item]",
        "貳-一-（二）-3 [item]",
        "貳-二 策略",
        "貳-二-1 [paragraph]",
        "參 附則",
        "參-1 [paragraph]",
    ]
    assert reading.outline.title == "某某計畫（草案）"
    assert reading.outline.warnings == ("Line 3: a table of contents, up to line 5, was left out.",)
    assert [each.line for each in reading.left_out] == [3, 4, 5, 9, 20]


def test_contents_without_leaders() -> None:
    outline = read_outline(
        "計畫\n目次\n第一章 總則 1\n第二章 附則 2\n第一章 總則\n甲說明。\n第二章 附則\n乙說明。\n"
    )
    assert tree(outline) == [
        "第一章 總則",
        "第一章-1 [paragraph]",
        "第二章 附則",
        "第二章-1 [paragraph]",
    ]


def test_articles_with_titles_and_deleted_ones() -> None:
    outline = read_outline(
        "測試辦法\n第一條（立法目的）\n本辦法依法訂定之。\n第二條 名詞定義\n本辦法用詞如下：\n"
        "一、甲：指甲。\n（一）乙。\n1.丙。\n(1)丁。\n第二條之一　（刪除）\n第三條\n（刪除）\n"
    )
    assert tree(outline) == [
        "第1條 立法目的",
        "第1條-1 [paragraph]",
        "第2條 名詞定義",
        "第2條-1 [paragraph]",
        "第2條-1-1 [item]",
        "第2條-1-1-1 [item]",
        "第2條-1-1-1-1 [item]",
        "第2條-1-1-1-1-1 [item]",
        "第2-1條",
        "第2-1條-1 [paragraph]",
        "第3條",
        "第3條-1 [paragraph]",
    ]


def test_empty_chapters_stay() -> None:
    outline = read_outline("法\n第 一 章 總則\n第 二 章 罰則\n第 1 條\n違者罰之。\n")
    assert tree(outline)[:3] == ["第一章 總則", "第二章 罰則", "第1條"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("壹、甲", "貳、乙"), ("甲、甲", "乙、乙"), ("一、甲", "二、乙"), ("（一）甲", "（二）乙"),
     ("1. Aims", "2. Means"), ("I. Aims", "II. Means"), ("A. Aims", "B. Means"),
     ("策略一：甲", "策略二：乙"), ("①甲", "②乙"), ("㈠甲", "㈡乙")],
)  # fmt: skip
def test_a_row_of_titles_with_texts_beneath_is_headings(first: str, second: str) -> None:
    outline = read_outline(f"Plan\n{first}\nText beneath it.\n{second}\nMore of it.\n")
    assert [len(section.provisions) for section in outline.sections] == [1, 1]


def test_a_list_is_no_row_of_headings() -> None:
    outline = read_outline(
        "計畫\n壹、緣起\n工作如下：\n一、甲\n二、乙\n三、丙\n以上各項依序辦理。\n"
    )
    assert [each.kind for each in outline.sections[0].provisions] == [
        "paragraph",
        "item",
        "item",
        "item",
        "paragraph",
    ]


FULL = "本計畫之推動應由各部會依其職權分工辦理並應定期檢討其執行成效以達成本計畫所定之"


@pytest.mark.parametrize(
    "torn", ["一、二級主管機關之目標。", "第二章 所定目標。", "三、四年級之目標。"]
)
def test_a_number_that_wrapped_to_the_start_of_a_line_is_no_heading(torn: str) -> None:
    outline = read_outline(f"計畫\n壹、緣起\n{FULL}\n{FULL}\n{FULL}\n{torn}\n貳、附則\n施行。\n")
    assert tree(outline) == ["壹 緣起", "壹-1 [paragraph]", "貳 附則", "貳-1 [paragraph]"]
    assert texts(outline)[0] == FULL * 3 + torn


def test_a_chapter_cited_in_the_middle_of_a_sentence_is_no_chapter() -> None:
    outline = read_outline(
        f"法\n第 1 條\n{FULL}\n{FULL}\n{FULL}\n第五章 {FULL[4:]}\n事項。\n第 2 條\n乙。\n"
    )
    assert [section.ref for section in outline.sections] == ["第1條", "第2條"]


def test_an_article_cited_in_the_middle_of_a_sentence_is_no_article() -> None:
    outline = read_outline(f"法\n第 1 條\n{FULL}\n{FULL}\n{FULL}\n第 9 條 規定辦理。\n")
    assert [section.ref for section in outline.sections] == ["第1條"]


def test_an_article_cited_at_the_start_of_a_line_is_no_article() -> None:
    outline = read_outline(
        "法\n第 1 條\n依下列規定：\n第 50 條 規定者，不適用之。\n第 2 條\n甲。\n第 3 條\n乙。\n"
    )
    assert [section.ref for section in outline.sections] == ["第1條", "第2條", "第3條"]
    assert outline.warnings == ("Line 4: 「第 50 條」 is out of order and was read as text.",)


def test_a_heading_wrapped_over_two_lines() -> None:
    outline = read_outline("法\n第三章 勞動事件處理期間必要生活\n費用之扶助\n第 10 條\n甲。\n")
    assert outline.sections[0].title == "勞動事件處理期間必要生活費用之扶助"
    assert "Line 3: this line was taken to end the heading before it." in outline.warnings


def test_a_missing_chapter_is_doubted_and_read() -> None:
    outline = read_outline("法\n第一章 甲\n第 1 條\n甲。\n第三章 丙\n第 2 條\n丙。\n")
    assert [section.ref for section in outline.sections] == ["第一章", "第三章"]
    assert outline.warnings == ("Line 5: 第三章 follows 第一章.",)


def test_a_number_given_twice_is_told_apart_and_doubted() -> None:
    outline = read_outline("計畫\n壹、甲\n文。\n貳、乙\n文。\n壹、甲\n文。\n")
    refs = [section.ref for section in outline.sections]
    assert len(set(refs)) == len(refs) == 3


def test_prose_without_headings_is_one_section() -> None:
    outline = read_outline("就是一段文字。\n第二段文字。\n")
    assert tree(outline) == ["§1", "§1-1 [paragraph]", "§1-2 [paragraph]"]
    assert outline.warnings == (
        "Line 1: no title stands before the text.",
        "Line 1: no heading was found: the whole text is one section.",
    )


def test_text_before_the_first_heading_is_kept() -> None:
    outline = read_outline("計畫\n\n前言在此，說明緣由。\n\n壹、甲\n文。\n")
    assert tree(outline)[:3] == ["§1", "§1-1 [paragraph]", "壹 甲"]
    assert outline.warnings == ("Line 3: this text stands before the first heading.",)


def test_a_running_header_is_left_out() -> None:
    pages = "\f".join(
        f"教育部計畫書\n第{n}段文字說明如下，內容詳見附件。\n- {n} -\n" for n in range(1, 5)
    )
    reading = read("計畫\n壹、甲\n" + pages)
    assert [each.reason for each in reading.left_out].count("running header") == 4
    assert len(texts(reading.outline)) == 4


def test_a_form_feed_does_not_shift_the_lines() -> None:
    outline = read_outline("法\n\f第一章 甲\n第 1 條\n甲。\n\f第三章 丙\n第 2 條\n丙。\n")
    assert outline.warnings == ("Line 5: 第三章 follows 第一章.",)


def test_a_list_within_a_section_of_the_same_style() -> None:
    outline = read_outline(
        "計畫\n一、甲\n工作如下：\n一、子。\n二、丑。\n三、寅。\n二、乙\n說明。\n三、丙\n說明。\n"
    )
    assert [section.title for section in outline.sections] == ["甲", "乙", "丙"]
    assert [each.kind for each in outline.sections[0].provisions] == ["paragraph"] + ["item"] * 3


def test_a_row_with_a_sentence_in_it_is_a_list() -> None:
    outline = read_outline("計畫\n壹、緣起\n一、甲\n說明。\n二、乙是一個句子。\n說明。\n")
    assert outline.sections[0].sections == ()


def test_a_chapter_heading_repeated_on_the_next_page_is_left_out() -> None:
    reading = read("法\n第一章 總則\n第 1 條\n甲。\n第一章 總則\n第 2 條\n乙。\n")
    [chapter] = reading.outline.sections
    assert [article.ref for article in chapter.sections] == ["第1條", "第2條"]
    assert [(each.line, each.reason) for each in reading.left_out] == [(5, "running header")]


def test_an_annex_stands_beneath_nothing() -> None:
    outline = read_outline("計畫\n目標一：甲\n說明。\n目標二：乙\n說明。\n附錄一 丙\n說明。\n")
    assert [section.ref for section in outline.sections] == ["目標一", "目標二", "附錄一"]


@pytest.mark.parametrize(
    ("entry", "date", "number", "note"),
    [
        ("中華民國一百零六年三月二日教育部令訂定發布", "2017-03-02", "", "訂定發布"),
        (
            "（教育部 98 年 11 月 26 日臺技(一)字第 0980123456 號令修正）",
            "2009-11-26",
            "臺技(一)字第 0980123456 號",
            "修正",
        ),
        ("修正日期：民國 113 年 02 月 30 日", None, "", "修正"),
    ],
)
def test_history(entry: str, date: str | None, number: str, note: str) -> None:
    [earlier] = read_outline(f"某某辦法\n{entry}\n第 1 條\n本辦法依法訂定之。\n").history
    assert (earlier.date, earlier.document_number, earlier.note) == (date, number, note)
    assert earlier.text == entry
