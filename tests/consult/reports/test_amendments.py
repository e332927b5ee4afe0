"""The table of amendments reads as an official one: what changed is underlined, and said."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from consult.document.comparing import Comparison, compare
from consult.document.importing import import_draft
from consult.document.models import Draft, Framework
from consult.document.outline import Outline, OutlineSection
from consult.document.publishing import open_section
from consult.reports import amendments
from consult.reports.amendments import TableTooLong, amendment_table
from consult.reports.exporting.paper import Cell, Paper, Table
from tests.cast import SECRET, outline_section

MADE_AT = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


def compared(framework: Framework, *sections: tuple[OutlineSection, ...]) -> Comparison:
    drafts = [
        import_draft(
            framework=framework,
            outline=Outline("綱領", f"第 {number} 版", (), each, (), ()),
            source=str(number),
        )
        for number, each in enumerate(sections, start=5)
    ]
    for draft in drafts:
        for section in draft.sections.filter(parent=None):
            open_section(section, actor=None)
    return compare(*drafts, at=timezone.now())


@pytest.fixture
def comparison(framework: Framework) -> Comparison:
    """一 is renamed; of its provisions one stays, one is reworded, one goes and one comes."""
    return compared(
        framework,
        (
            outline_section("零", "緣起", "民國三十年訂定舊制。"),
            outline_section(
                "一",
                "目標",
                "提升學生的實務能力。",
                "推動產學合作，由各校辦理職業試探教育。",
                "改善技職校院的教學設備。",
                "鼓勵企業提供實習機會。",
            ),
        ),
        (
            outline_section(
                "一",
                "目標與策略",
                "提升學生的實務能力。",
                "推動產學合作及創新，由各校辦理職業試探教育。",
                "鼓勵企業提供實習機會。",
                "另設諮詢窗口一處。",
            ),
        ),
    )


def marked(cell: Cell) -> str:
    """The cell's words: what is underlined in brackets, a new paragraph after a bar."""
    return "|".join(
        "".join(f"[{run.text}]" if run.is_underlined else run.text for run in paragraph.runs)
        for paragraph in cell.paragraphs
    )


def rows(paper: Paper) -> list[tuple[str, ...]]:
    (table,) = (block for block in paper.blocks if isinstance(block, Table))
    return [tuple(map(marked, row)) for row in table.rows]


def test_the_three_columns(comparison: Comparison) -> None:
    paper = amendment_table(comparison, is_short=False, made_at=MADE_AT)
    assert paper.title == "技術及職業教育政策綱領修正對照表"
    (table,) = (block for block in paper.blocks if isinstance(block, Table))
    assert tuple(map(marked, table.head)) == ("修正規定", "現行規定", "說明")
    assert rows(paper) == [
        ("一 目標[與策略]", "一 目標", "章節名稱修正。"),
        ("一-1|提升學生的實務能力。", "一-1|提升學生的實務能力。", "未修正。"),
        (
            "一-2|推動產學合作[及創新]，由各校辦理職業試探教育。",
            "一-2|推動產學合作，由各校辦理職業試探教育。",
            "文字修正。",
        ),
        ("", "一-3|[改善技職校院的教學設備。]", "刪除。"),
        ("一-3|鼓勵企業提供實習機會。", "一-4|鼓勵企業提供實習機會。", "由一-4移列，內容未修正。"),
        ("一-4|[另設諮詢窗口一處。]", "", "新增。"),
        ("", "零 緣起", ""),
        ("", "零-1|[民國三十年訂定舊制。]", "刪除。"),
    ]


def test_a_short_table_leaves_out_what_stayed(comparison: Comparison) -> None:
    paper = amendment_table(comparison, is_short=True, made_at=MADE_AT)
    assert "未修正" not in "".join("".join(row) for row in rows(paper))
    assert "未修正的條文段落未列入。" in paper.text
    assert len(rows(paper)) == 6


def test_what_was_split_and_moved_is_said(draft: Draft, next_draft: Draft) -> None:
    for section in next_draft.sections.filter(ref__in=("壹", "肆")):
        open_section(section, actor=None)
    comparison = compare(draft, next_draft, at=timezone.now())
    paper = amendment_table(comparison, is_short=False, made_at=MADE_AT)
    said = {row[2] for row in rows(paper)}
    assert "由壹-2分列為壹-2、壹-3。" in said
    assert "由參-1移列，內容未修正。" in said
    assert "較新版本已公開的部分裡沒有對應的內容。" in said
    assert "這兩個版本尚未全部公開，只能比對已公開的部分。" in paper.text
    assert SECRET not in paper.text
    split = next(row for row in rows(paper) if "分列" in row[2])
    assert split[0].startswith("壹-2|𠮷野家徵才🧑‍🏭，")
    assert "|壹-3|培養ｅ化人才é。" in split[0]


def test_the_language_is_that_of_the_text(comparison: Comparison, framework: Framework) -> None:
    with translation.override("en"):
        paper = amendment_table(comparison, is_short=False, made_at=MADE_AT)
    assert (paper.language, paper.title) == ("zh-TW", f"{framework.title}: table of amendments")
    elsewhere = Framework.objects.create(code="plan", title="Plan", owner_body="City")
    english = compared(
        elsewhere,
        (outline_section("1", "Aims", "Every school offers an internship."),),
        (outline_section("1", "Aims", "Every school offers two internships."),),
    )
    with translation.override("en"):
        paper = amendment_table(english, is_short=False, made_at=MADE_AT)
    assert paper.language == "en"


def test_too_long_a_table_is_refused(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amendments, "MOST_ROWS", 5)
    with pytest.raises(TableTooLong):
        amendment_table(comparison, is_short=False, made_at=MADE_AT)
    assert amendment_table(comparison, is_short=True, made_at=MADE_AT)
