"""How much of a new text the last draft has already."""

from dataclasses import replace

import pytest

from consult.document.fitting import too_long_in
from consult.document.likeness import likeness_to_last
from consult.document.models import Draft, Framework
from tests.cast import outline_section, small_outline


def test_a_framework_without_drafts_has_nothing_to_compare(framework: Framework) -> None:
    assert likeness_to_last(small_outline(), framework) is None


def test_the_same_text_is_all_the_same(unpublished_draft: Draft) -> None:
    found = likeness_to_last(small_outline(), unpublished_draft.framework)
    assert found is not None
    assert found.draft == unpublished_draft
    assert found.sections == found.same_sections == unpublished_draft.sections.count()
    assert found.provisions == found.same_provisions == unpublished_draft.provisions.count()
    assert (found.other_provisions, found.gone_provisions) == (0, 0)


def test_what_changed_is_counted_once_a_text(unpublished_draft: Draft) -> None:
    first, *others = small_outline().sections
    twice = outline_section("壹", "前言", *[first.provisions[0].text] * 2, "新的一段。")
    found = likeness_to_last(
        replace(small_outline(), sections=(twice, *others)), unpublished_draft.framework
    )
    assert found is not None
    assert found.sections - found.same_sections == 1
    assert (found.other_provisions, found.gone_provisions) == (2, 2)


@pytest.mark.usefixtures("unpublished_draft")
def test_it_costs_three_queries(framework: Framework, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        likeness_to_last(small_outline(), framework)


def test_what_is_too_long_for_a_title_is_said() -> None:
    outline = small_outline()
    assert too_long_in(outline) is None
    long = replace(outline.sections[0], title="長" * 301)
    said = too_long_in(replace(outline, sections=(long,)))
    assert said
    assert "300" in said
    assert too_long_in(replace(outline, title="長" * 201))
