"""Two drafts are compared in what anyone may read of both, and nothing else is told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from consult.document.comparing import Comparison, Row, RowKind, compare, stretches_of, texts_of
from consult.document.importing import import_draft
from consult.document.models import Draft, Framework, Provision, Section
from consult.document.outline import Outline, OutlineSection
from consult.document.publishing import open_section, withdraw_section
from consult.document.succeeding import newer_draft, successor_of
from tests.cast import SECRET, outline_section

Named = Callable[[str], Section]


def publish(draft: Draft, *refs: str) -> None:
    for section in draft.sections.filter(ref__in=refs):
        open_section(section, actor=None)


@pytest.fixture
def published(next_draft: Draft) -> Draft:
    """The next draft with 壹, 肆 and 附錄二 published, 貳 and 伍 not."""
    publish(next_draft, "壹", "肆", "附錄二")
    return next_draft


@pytest.fixture
def comparison(draft: Draft, published: Draft) -> Comparison:
    return compare(draft, published, at=timezone.now())


def outline(*sections: OutlineSection) -> Outline:
    return Outline("綱領", "", (), sections, (), ())


def all_published(framework: Framework, *outlines: Outline) -> list[Draft]:
    drafts = [
        import_draft(framework=framework, outline=each, source=str(place))
        for place, each in enumerate(outlines)
    ]
    for draft in drafts:
        for section in draft.sections.filter(parent=None):
            open_section(section, actor=None)
    return drafts


def refs(row: Row) -> tuple[list[str], list[str]]:
    return [place.ref for place in row.old], [place.ref for place in row.new]


def found(comparison: Comparison, ref: str) -> Row:
    return next(row for row in comparison.rows if ref in (*refs(row)[0], *refs(row)[1]))


def test_what_became_of_each_provision(comparison: Comparison) -> None:
    assert found(comparison, "壹-1").kind == RowKind.EDITED
    split = found(comparison, "壹-2")
    assert (split.kind, *refs(split)) == (RowKind.SPLIT, ["壹-2"], ["壹-2", "壹-3"])
    moved = found(comparison, "參-1")
    assert (moved.kind, *refs(moved)) == (RowKind.MOVED, ["參-1"], ["肆-一-2"])
    assert found(comparison, "肆-1").kind == RowKind.KEPT
    assert [chapter.section.ref for chapter in comparison.chapters] == [
        "壹",
        "肆",
        "肆-一",
        "附錄二",
    ]
    assert [chapter.was and chapter.was.ref for chapter in comparison.chapters] == [
        *("壹", "肆", "肆-一", "附錄二"),
    ]


def test_what_has_no_counterpart_is_not_said_to_be_gone(comparison: Comparison) -> None:
    """伍 of the next draft isn't published: nobody may know that 伍-一 is not in it."""
    assert not comparison.is_whole
    assert found(comparison, "附錄二-2").kind == RowKind.UNMATCHED
    assert [(row.kind, *refs(row)) for row in comparison.left] == [
        (RowKind.UNMATCHED, ["伍-一-1"], [])
    ]
    kinds = set(comparison.counts())
    assert not kinds & {RowKind.NEW, RowKind.DELETED}


def test_nothing_that_is_hidden_is_compared(comparison: Comparison) -> None:
    texts = texts_of(comparison.rows)
    assert texts
    assert SECRET not in "".join(texts.values())
    assert not any(
        place.section.ref in ("貳", "伍") for row in comparison.rows for place in row.new
    )


def test_a_part_that_is_hidden_is_not_told_of(draft: Draft, published: Draft) -> None:
    """Of a split with one readable part no one learns that there is another."""
    section = published.sections.get(ref="伍")
    hidden = Provision.objects.get(draft=published, ref="壹-3")
    Provision.objects.filter(pk=hidden.pk).update(section=section, position=7)
    row = found(compare(draft, published, at=timezone.now()), "壹-2")
    assert (row.kind, *refs(row)) == (RowKind.EDITED, ["壹-2"], ["壹-2"])


def test_a_withdrawn_section_is_compared_no_longer(draft: Draft, published: Draft) -> None:
    withdraw_section(published.sections.get(ref="壹"), actor=None)
    comparison = compare(draft, published, at=timezone.now())
    assert "壹" not in [chapter.section.ref for chapter in comparison.chapters]
    assert found(comparison, "壹-1").kind == RowKind.UNMATCHED


def test_where_all_is_published_what_is_gone_is_gone(framework: Framework) -> None:
    kept = ("提升學生的實務能力。", "鼓勵企業提供實習機會。", "本辦法自發布日施行。")
    old, new = all_published(
        framework,
        outline(
            outline_section("零", "緣起", "民國三十年訂定舊制。"),
            outline_section("一", "目標", kept[0], "改善技職校院的教學設備。", *kept[1:]),
        ),
        outline(outline_section("一", "目標", *kept[:2], "另設諮詢窗口一處。", kept[2])),
    )
    comparison = compare(old, new, at=timezone.now())
    assert comparison.is_whole
    # What is gone stands behind what it stood behind.
    assert [(row.kind, *refs(row)) for row in comparison.chapters[0].rows] == [
        (RowKind.KEPT, ["一-1"], ["一-1"]),
        (RowKind.DELETED, ["一-2"], []),
        (RowKind.KEPT, ["一-3"], ["一-2"]),
        (RowKind.NEW, [], ["一-3"]),
        (RowKind.KEPT, ["一-4"], ["一-4"]),
    ]
    assert [refs(row)[0] for row in comparison.left] == [["零-1"]]
    assert comparison.counts()[RowKind.DELETED] == 2


def test_a_mark_that_differs_is_a_change_and_a_line_break_is_none(framework: Framework) -> None:
    old, new = all_published(
        framework,
        outline(
            outline_section("一", "", "提升學生的實務能力，培育人才。", "鼓勵企業提供實習機會。")
        ),
        outline(
            outline_section("一", "", "提升學生的實務能力,培育人才。", "鼓勵企業\n提供實習機會。")
        ),
    )
    comparison = compare(old, new, at=timezone.now())
    assert [row.kind for row in comparison.rows] == [RowKind.EDITED, RowKind.KEPT]


def test_a_difference_of_a_row_gives_back_both_sides(comparison: Comparison) -> None:
    texts = texts_of(comparison.rows)
    row = found(comparison, "壹-2")
    stretches = stretches_of(row, texts)
    for side, without in ((row.old, "inserted"), (row.new, "deleted")):
        whole = "".join(texts[place.key] for place in side)
        assert "".join(each.text for each in stretches if each.kind != without) == whole


@pytest.mark.parametrize("count", [3, 300])
def test_comparing_costs_the_same_at_any_size(
    framework: Framework,
    count: int,
    django_assert_max_num_queries: Any,  # noqa: ANN401
) -> None:
    texts = [f"第{place}項應由各主管機關於{place}年內完成規劃。" for place in range(count)]
    old, new = all_published(
        framework,
        outline(outline_section("一", "目標", *texts)),
        outline(outline_section("一", "目標", *texts[1:], "新的一項。")),
    )
    with django_assert_max_num_queries(10):
        compare(old, new, at=timezone.now())


def test_the_newest_draft_with_text_to_read_is_the_newer_one(
    draft: Draft, next_draft: Draft
) -> None:
    now = timezone.now()
    assert newer_draft(draft, at=now) is None
    publish(next_draft, "壹")
    now = timezone.now()
    assert newer_draft(draft, at=now) == next_draft
    assert newer_draft(next_draft, at=now) is None


def test_a_place_leads_to_the_same_place_in_the_newer_draft(
    comparison: Comparison, section: Named, draft: Draft
) -> None:
    def after(source: Provision | Section) -> str | None:
        found = successor_of(source, comparison)
        return found.ref if found else None

    assert after(draft.provisions.get(ref="壹-2")) == "壹-2"
    assert after(draft.provisions.get(ref="參-1")) == "肆-一-2"
    assert after(draft.provisions.get(ref="伍-一-1")) is None
    assert after(section("壹")) == "壹"
    assert after(section("參")) == "肆-一"
    assert after(section("伍-一")) is None
