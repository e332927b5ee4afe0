"""Numerals, the styles of numbering, and the references made from them."""

import time

import pytest

from consult.document.numbering import (
    Role,
    article_reference,
    counted,
    enumerators,
    reference_part,
)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三  十", 30),
        ("九十九", 99),
        ("一百零二", 102),
        ("百十", 110),
        ("一千二百", 1200),
        ("一○五", 105),
        ("參", 3),
        ("拾壹", 11),
        ("12", 12),
        ("１２", 12),
        ("甲", None),
        ("", None),
    ],
)
def test_numerals(numeral: str, value: int | None) -> None:
    assert counted(numeral) == value


@pytest.mark.parametrize(
    ("line", "role", "ordinal", "number", "rest"),
    [
        ("第一編 總則", Role.DIVISION, (1,), "第一編", "總則"),
        ("第 一 章 總則", Role.DIVISION, (1,), "第 一 章", "總則"),
        ("第五章之一 災害保險", Role.DIVISION, (5, 1), "第五章之一", "災害保險"),
        ("第二節　通則", Role.DIVISION, (2,), "第二節", "通則"),
        ("第三款 特則", Role.DIVISION, (3,), "第三款", "特則"),
        ("第 5 條", Role.ARTICLE, (5,), "第 5 條", ""),
        ("第 5-1 條", Role.ARTICLE, (5, 1), "第 5-1 條", ""),
        ("第１２條", Role.ARTICLE, (12,), "第１２條", ""),
        ("第一條之一　本法", Role.ARTICLE, (1, 1), "第一條之一", "本法"),
        ("第二條　第三條所定事項", Role.ARTICLE, (2,), "第二條", "第三條所定事項"),
        ("附錄二  協力事項", Role.ANNEX, (2,), "附錄二", "協力事項"),
        ("附件", Role.ANNEX, (1,), "附件", ""),
        ("壹、序言", Role.LIST, (1,), "壹", "序言"),
        ("拾壹、附則", Role.LIST, (11,), "拾壹", "附則"),
        ("目標三：創建", Role.LIST, (3,), "目標三", "創建"),
        ("十二、人事", Role.LIST, (12,), "十二", "人事"),
        ("（一）學校", Role.LIST, (1,), "（一）", "學校"),
        ("(二) 企業", Role.LIST, (2,), "(二)", "企業"),
        ("㈢訓練", Role.LIST, (3,), "㈢", "訓練"),
        ("1.甲", Role.LIST, (1,), "1", "甲"),
        ("２、乙", Role.LIST, (2,), "２", "乙"),
        ("(3)丙", Role.LIST, (3,), "(3)", "丙"),
        ("④丁", Role.LIST, (4,), "④", "丁"),
        ("甲、總論", Role.LIST, (1,), "甲", "總論"),
        ("1 Introduction", Role.LIST, (1,), "1", "Introduction"),
        ("2.3 Scope", Role.LIST, (3,), "2.3", "Scope"),
        ("Part IV Final provisions", Role.DIVISION, (4,), "Part IV", "Final provisions"),
        ("Chapter 2: Goals", Role.DIVISION, (2,), "Chapter 2", "Goals"),
        ("Section 3 – Means", Role.DIVISION, (3,), "Section 3", "Means"),
        ("Article 7", Role.ARTICLE, (7,), "Article 7", ""),
        ("Annex B", Role.ANNEX, (2,), "Annex B", ""),
        ("(a) schools", Role.LIST, (1,), "(a)", "schools"),
        ("(iv) others", Role.LIST, (4,), "(iv)", "others"),
        ("- a dash", Role.BULLET, (1,), "-", "a dash"),
    ],
)
def test_styles(line: str, role: Role, ordinal: tuple[int, ...], number: str, rest: str) -> None:
    reading = enumerators(line)[0]
    assert (reading.role, reading.ordinal, reading.number, reading.rest) == (
        role,
        ordinal,
        number,
        rest,
    )


@pytest.mark.parametrize(
    "line",
    [
        "第二條所定對象",
        "第六條至第八條之規定",
        "第二條、第十六條及第十七條應檢具之文件",
        "第 3 條 第 2 項 規定",
        "第一項會議，應作成紀錄。",
        "第三代行動通信業務",
        "附件一所列文件",
        "三十日內補正。",
        "106 年 3 月 2 日",
        "2024.05.05",
        "1.5 倍",
        "Section 2 of the Act",
        "Part of it",
        "序言",
    ],
)
def test_what_only_resembles_a_number(line: str) -> None:
    assert [each for each in enumerators(line) if each.role is not Role.LIST] == []
    assert [each for each in enumerators(line) if each.begins()] == []


def test_a_letter_may_be_a_roman_numeral() -> None:
    assert [reading.ordinal for reading in enumerators("(i) first")] == [(1,), (9,)]


@pytest.mark.parametrize(
    ("earlier", "later", "follows"),
    [
        ("第 4 條", "第 5 條", True),
        ("第 4 條", "第 4-1 條", True),
        ("第 4-1 條", "第 4-2 條", True),
        ("第 4-2 條", "第 5 條", True),
        ("第 4 條", "第 6 條", False),
        ("第 4 條", "第 4 條", False),
        ("第 4-2 條", "第 4-1 條", False),
    ],
)
def test_what_follows_what(earlier: str, later: str, *, follows: bool) -> None:
    assert enumerators(later)[0].follows(enumerators(earlier)[0].ordinal) is follows


@pytest.mark.parametrize(
    ("number", "reference"),
    [
        ("第 5 條", "第5條"),
        ("第五條", "第5條"),
        ("第 44-3 條", "第44-3條"),
        ("第四十四條之三", "第44-3條"),
        ("Article 3", "Article3"),
        ("肆", ""),
        ("第五章", ""),
    ],
)
def test_references_of_articles(number: str, reference: str) -> None:
    assert article_reference(number) == reference


def test_references_hold_nothing_an_address_cannot() -> None:
    assert reference_part("第 一 章 / #?") == "第一章"


@pytest.mark.parametrize("line", ["第" * 200_000, "第 " * 200_000, "（" * 200_000, "1." * 200_000])
def test_a_hostile_line_costs_no_time(line: str) -> None:
    start = time.process_time()
    enumerators(line)
    assert time.process_time() - start < 0.5
