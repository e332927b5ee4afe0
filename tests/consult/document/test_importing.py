"""An outline is stored as it is: every section in its place, every word, once."""

from collections.abc import Iterator

import pytest

from consult.document.importing import AlreadyImported, import_draft
from consult.document.models import Draft, Framework
from consult.document.outline import Outline, OutlineSection
from tests.cast import small_outline


def walk(sections: tuple[OutlineSection, ...]) -> Iterator[OutlineSection]:
    for section in sections:
        yield section
        yield from walk(section.sections)


def test_everything_is_stored_in_reading_order(unpublished_draft: Draft) -> None:
    outline = list(walk(small_outline().sections))
    stored = list(unpublished_draft.sections.order_by("position"))
    assert [(s.ref, s.number, s.title) for s in stored] == [
        (s.ref, s.number, s.title) for s in outline
    ]
    for section, wanted in zip(stored, outline, strict=True):
        assert [
            (provision.ref, provision.kind, provision.text)
            for provision in section.provisions.order_by("position")
        ] == [(p.ref, p.kind, p.text) for p in wanted.provisions]
        assert section.last_position - section.position == len(list(walk(wanted.sections)))


def test_parents_and_depths_follow_the_tree(unpublished_draft: Draft) -> None:
    found = unpublished_draft.sections.get(ref="肆-一")
    assert found.parent is not None
    assert (found.parent.ref, found.depth) == ("肆", 1)


def test_nothing_is_shown_by_importing(unpublished_draft: Draft) -> None:
    assert not unpublished_draft.sections.filter(window__isnull=False).exists()


def test_the_same_text_twice_is_one_draft(framework: Framework, unpublished_draft: Draft) -> None:
    with pytest.raises(AlreadyImported) as refusal:
        import_draft(framework=framework, outline=small_outline(), source="small")
    assert refusal.value.draft == unpublished_draft
    assert framework.drafts.count() == 1


def test_another_text_is_the_next_draft(framework: Framework, unpublished_draft: Draft) -> None:
    second = import_draft(framework=framework, outline=small_outline(), source="another")
    assert second.number == unpublished_draft.number + 1
    assert second.sections.count() == unpublished_draft.sections.count()


def test_the_same_text_may_be_another_frameworks(unpublished_draft: Draft) -> None:
    other = Framework.objects.create(code="other", title="另一份綱領", owner_body="勞動部")
    draft = import_draft(framework=other, outline=small_outline(), source="small", label="初稿")
    assert (draft.number, draft.label) == (1, "初稿")
    assert unpublished_draft.label == "第 5 版"


def test_coordination_items_find_the_section_they_name(unpublished_draft: Draft) -> None:
    items = unpublished_draft.coordination_items.order_by("position")
    assert [item.body for item in items] == ["勞動部", "經濟部"]


def test_an_empty_outline_is_an_empty_draft(framework: Framework) -> None:
    outline = Outline("空", "", (), (), (), ())
    assert import_draft(framework=framework, outline=outline, source="").sections.count() == 0
