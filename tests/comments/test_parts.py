# ruff: noqa: ARG001 - a fixture that is asked for by name for its effect
"""A part is rendered once for all readers, holds nothing of any, and is never out of date."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.access import Visitor
from accounts.models import User
from accounts.voices import Voice
from comments.access import talk_to_read
from comments.contexts import ReaderMarks
from comments.editing import edit_comment, withdraw_comment
from comments.endorsing import endorse
from comments.models import Comment
from comments.moderating import hide, restore
from comments.parts import RenderedPart, rendered_changes, rendered_part
from comments.wanted import Wanted
from consult.document.models import Provision, Section
from consult.document.publishing import close_section
from tests.comments.talk import say
from tests.config.test_caching import NOWHERE

NamedProvision = Callable[[str], Provision]
Named = Callable[[str], Section]


@pytest.fixture(autouse=True)
def _fresh_minute() -> None:
    cache.clear()


@pytest.fixture
def target(provision: NamedProvision) -> Provision:
    return provision("壹-1")


@pytest.fixture
def comment(target: Provision, visitor: User) -> Comment:
    return say(target, visitor, body="第一句話")


def part(reader: Visitor, wanted: Wanted | None = None, **also: Any) -> RenderedPart:
    talk = talk_to_read(code="tve", number=1, ref="壹-1")
    return rendered_part(talk, wanted or Wanted(), reader=reader, **also)


def comments_read(act: Callable[[], object]) -> int:
    """How often the act asks for comments' texts."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return sum('"comments_comment"."body"' in query["sql"] for query in queries)


def test_a_thousand_readers_cost_one_rendering(
    comment: Comment, anonymous: Visitor, visitor: User, member: User, drafter: User
) -> None:
    assert comments_read(lambda: part(anonymous)) == 1
    assert comments_read(lambda: part(anonymous)) == 0
    assert comments_read(lambda: part(visitor)) == 1
    assert comments_read(lambda: [part(reader) for reader in (visitor, member, drafter)]) == 0


def test_nothing_of_a_reader_reaches_another(
    comment: Comment, visitor: User, member: User, moderator: User
) -> None:
    endorse(comment, voice=Voice(member, None))
    seen = [part(reader).html for reader in (visitor, member, moderator)]
    assert seen[0] == seen[1] == seen[2]
    cache.clear()
    assert [part(reader).html for reader in (moderator, member, visitor)] == seen
    marks = [ReaderMarks.of(reader, part(reader)) for reader in (visitor, member, moderator)]
    reference = comment.reference
    assert [(mark.own, mark.endorsed) for mark in marks] == [
        ([reference], []),
        ([], [reference]),
        ([], []),
    ]


def test_a_receipt_and_ones_own_comments_are_for_nobody_else(
    comment: Comment, visitor: User, member: User, anonymous: Visitor
) -> None:
    posted = comment.reference
    with override("en"):
        assert "Receipt number" in part(visitor, posted=posted).html
        for reader in (visitor, member, anonymous):
            assert "Receipt number" not in part(reader).html
        for reader in (member, anonymous):
            assert "Receipt number" not in part(reader, posted=posted).html
        assert "第一句話" in part(visitor, Wanted(mine=True)).html
        assert "第一句話" not in part(member, Wanted(mine=True)).html
        assert "第一句話" not in part(anonymous, Wanted(mine=True)).html


def test_every_language_has_its_own(comment: Comment, anonymous: Visitor) -> None:
    with override("en"):
        english = part(anonymous).html
    with override("zh-hant"):
        chinese = part(anonymous).html
    assert "Oldest first" in english
    assert "Oldest first" not in chinese


@pytest.fixture(params=["with Redis", "without Redis"])
def _with_and_without_redis(request: pytest.FixtureRequest, settings: Any) -> None:  # noqa: ANN401
    if request.param == "without Redis":
        away = settings.CACHES["default"] | {"LOCATION": NOWHERE}
        settings.CACHES = settings.CACHES | {"default": away}


@pytest.mark.usefixtures("_with_and_without_redis")
def test_what_changes_is_seen_at_once(
    target: Provision,
    section: Named,
    comment: Comment,
    anonymous: Visitor,
    visitor: User,
    member: User,
    moderator: User,
    drafter: User,
) -> None:
    reply = say(target, member, body="一句回覆", parent=comment)

    def seen() -> str:
        # Twice: the second is what was kept.
        assert part(anonymous).html == part(anonymous).html
        return part(anonymous).html

    with override("en"):
        assert "第一句話" in seen()
        edit_comment(comment, author=visitor, body="改過的話", stance="oppose")
        assert "第一句話" not in seen()
        assert "改過的話" in seen()
        hide(comment, moderator=moderator, rule="attack", reason="罵人")
        assert "改過的話" not in seen()
        assert "Attacks or threatens people" in seen()
        assert "一句回覆" in seen()
        assert visitor.display_name not in seen()
        restore(comment, moderator=moderator, reason="看錯了")
        assert "改過的話" in seen()
        withdraw_comment(comment, author=visitor)
        assert "Withdrawn by its author" in seen()
        assert visitor.display_name not in seen()
        endorse(reply, voice=Voice(drafter, None))
        assert "data-endorsements>1<" in seen()
        close_section(section("壹"), actor=drafter)
        assert "data-reply" not in seen()


@pytest.mark.usefixtures("_with_and_without_redis")
def test_what_was_missed_is_never_out_of_date(
    target: Provision, comment: Comment, visitor: User
) -> None:
    def changes(since: int) -> str:
        talk = talk_to_read(code="tve", number=1, ref="壹-1")
        return rendered_changes(talk, since=since) or ""

    assert "第一句話" in changes(0)
    assert "<li" not in changes(1)
    withdraw_comment(comment, author=visitor)
    assert "第一句話" not in changes(0)
    assert comment.reference in changes(1)
    say(target, visitor, body="又一句話")
    assert "又一句話" in changes(2)


def test_a_page_that_missed_the_same_as_others_costs_no_rendering(comment: Comment) -> None:
    talk = talk_to_read(code="tve", number=1, ref="壹-1")
    assert comments_read(lambda: rendered_changes(talk, since=0)) == 1
    assert comments_read(lambda: rendered_changes(talk, since=0)) == 0
