"""Who may read which part of a document: what may not be seen is not found."""

from collections.abc import Callable

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.access import Visitor
from accounts.models import User
from consult.document import access
from consult.document.models import Draft, Framework, Section
from consult.document.publishing import announce_section, open_section

READABLE = {"壹", "參", "肆", "肆-一", "伍-一", "附錄二"}
LISTED = READABLE | {"貳"}
HIDDEN = {"肆-二", "伍", "陸"}


def found(load: Callable[[], object]) -> bool:
    try:
        load()
    except Http404:
        return False
    return True


def test_sections_are_found_from_their_announcement_on(draft: Draft) -> None:
    refs = set(draft.sections.values_list("ref", flat=True))
    assert refs == LISTED | HIDDEN
    assert {
        ref
        for ref in refs
        if found(lambda: access.section_to_read(code="tve", number=draft.number, ref=ref))  # noqa: B023
    } == LISTED


def test_provisions_are_found_from_the_opening_on(draft: Draft) -> None:
    provisions = draft.sections.values_list("provisions__ref", "ref")
    assert {
        section
        for ref, section in provisions
        if found(lambda: access.provision_to_read(code="tve", number=draft.number, ref=ref))  # noqa: B023
    } == READABLE


def test_the_query_rules_say_the_same(draft: Draft) -> None:
    now = timezone.now()
    assert set(draft.sections.listed(at=now).values_list("ref", flat=True)) == LISTED
    assert set(draft.sections.readable(at=now).values_list("ref", flat=True)) == READABLE
    assert set(draft.sections.open(at=now).values_list("ref", flat=True)) == READABLE - {"參"}


def test_a_draft_is_found_once_something_of_it_is_shown(unpublished_draft: Draft) -> None:
    with pytest.raises(Http404):
        access.draft_to_read(code="tve", number=unpublished_draft.number)


def test_a_published_draft_is_found(draft: Draft) -> None:
    assert access.draft_to_read(code="tve", number=draft.number) == draft


def test_only_its_drafter_changes_a_draft(
    draft: Draft,
    drafter: User,
    moderator: User,
    representative: User,
    member: User,
    visitor: User,
    outsider: User,
    anonymous: Visitor,
) -> None:
    def loads(user: Visitor) -> tuple[bool, bool]:
        return (
            found(lambda: access.draft_to_change(user, code="tve", number=draft.number)),
            found(
                lambda: access.section_to_change(user, code="tve", number=draft.number, ref="伍")
            ),
        )

    assert loads(drafter) == (True, True)
    for user in (moderator, representative, member, visitor, outsider, anonymous):
        assert loads(user) == (False, False)


def test_drafters_of_another_framework_change_nothing_here(draft: Draft, visitor: User) -> None:
    other = Framework.objects.create(code="other", title="另一份綱領", owner_body="勞動部")
    other.drafters.add(visitor)
    with pytest.raises(Http404):
        access.draft_to_change(visitor, code="tve", number=draft.number)


def test_a_blocked_account_drafts_nothing(draft: Draft, drafter: User) -> None:
    drafter.is_active = False
    assert not access.may_draft(drafter, draft.framework)


def test_frameworks_are_shown_by_what_is_shown_of_them(
    unpublished_draft: Draft, drafter: User, visitor: User, anonymous: Visitor
) -> None:
    now = timezone.now()
    assert list(Framework.objects.visible_to(visitor, at=now)) == []
    assert list(Framework.objects.visible_to(anonymous, at=now)) == []
    assert list(Framework.objects.visible_to(drafter, at=now)) == [unpublished_draft.framework]


def test_a_section_knows_its_subtree(section: Callable[[str], Section]) -> None:
    beneath = Section.objects.within(section("肆")).values_list("ref", flat=True)
    assert set(beneath) == {"肆", "肆-一", "肆-二"}
    above = Section.objects.above(section("肆-二")).values_list("ref", flat=True)
    assert list(above) == ["肆"]


def test_two_drafts_are_compared_where_text_of_both_is_shown(
    draft: Draft, next_draft: Draft
) -> None:
    def pair(old: int, new: int) -> list[Draft]:
        return list(access.drafts_to_compare(code="tve", old=old, new=new))

    assert not found(lambda: pair(1, 2))
    announce_section(next_draft.sections.get(ref="壹"), actor=None)
    assert not found(lambda: pair(1, 2))
    open_section(next_draft.sections.get(ref="壹"), actor=None)
    assert pair(1, 2) == pair(2, 1) == [draft, next_draft]
    assert not found(lambda: pair(1, 1))
    assert not found(lambda: pair(1, 3))
