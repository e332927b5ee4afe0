"""An account endorses a comment once, and can take it back; counts equal rows."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Mandate, Organisation, User
from accounts.voices import Voice
from comments.editing import withdraw_comment
from comments.endorsing import (
    EndorsingRefused,
    Support,
    endorse,
    endorsed_by,
    support_of,
    take_back_endorsement,
)
from comments.models import Comment, Endorsement, Notification
from consult.document.models import Provision, Section
from consult.document.publishing import close_section
from tests.cast import person
from tests.comments.talk import assert_counts_equal_rows, at_once, say

pytestmark = pytest.mark.django_db

NamedProvision = Callable[[str], Provision]


@pytest.fixture
def comment(provision: NamedProvision, visitor: User) -> Comment:
    return say(provision("壹-1"), visitor)


def test_endorsing_takes_a_number_and_counts(comment: Comment, member: User) -> None:
    endorse(comment, voice=Voice(member, None))
    comment.refresh_from_db()
    assert (comment.endorsement_count, comment.changed_sequence) == (1, 2)
    assert endorsed_by(member, [comment]) == {comment.pk}
    assert_counts_equal_rows()


def test_a_second_time_changes_nothing(comment: Comment, member: User) -> None:
    first = endorse(comment, voice=Voice(member, None))
    assert endorse(comment, voice=Voice(member, None)) == first
    comment.refresh_from_db()
    assert (comment.endorsement_count, comment.changed_sequence) == (1, 2)


def test_it_can_be_taken_back(comment: Comment, member: User) -> None:
    endorse(comment, voice=Voice(member, None))
    for _ in range(2):
        take_back_endorsement(comment, user=member)
    comment.refresh_from_db()
    assert (comment.endorsement_count, comment.changed_sequence) == (0, 3)
    assert endorsed_by(member, [comment]) == set()
    assert_counts_equal_rows()


def test_support_is_counted_by_group_and_organisations_are_named_once(
    comment: Comment, member: User, drafter: User, representative: User, association: Organisation
) -> None:
    for voice in (
        Voice(member, None),
        Voice(drafter, None),
        Voice(representative, association),
    ):
        endorse(comment, voice=voice)
    assert support_of(comment) == Support(
        by_group=(("Industry association", 1), ("Public", 2)),
        organisations=(association.name,),
    ) or support_of(comment).organisations == (association.name,)
    assert [count for _, count in support_of(comment).by_group] == [1, 2]


def test_the_author_is_told_once(comment: Comment, member: User, drafter: User) -> None:
    for user in (member, drafter):
        endorse(comment, voice=Voice(user, None))
    told = Notification.objects.get()
    assert (told.user, told.kind, told.comment) == (comment.author, "endorsement", comment)


def test_nobody_endorses_themselves(comment: Comment, visitor: User) -> None:
    with pytest.raises(EndorsingRefused):
        endorse(comment, voice=Voice(visitor, None))


def test_who_may_not_speak_may_not_endorse(
    comment: Comment, outsider: User, member: User, representative: User, association: Organisation
) -> None:
    with pytest.raises(EndorsingRefused):
        endorse(comment, voice=Voice(outsider, None))
    with pytest.raises(EndorsingRefused):
        endorse(comment, voice=Voice(member, association))
    Mandate.objects.update(framework_codes=["another"])
    with pytest.raises(EndorsingRefused):
        endorse(comment, voice=Voice(representative, association))
    assert not Endorsement.objects.exists()


def test_what_is_closed_or_gone_takes_none(
    comment: Comment, member: User, visitor: User, drafter: User, section: Callable[[str], Section]
) -> None:
    endorse(comment, voice=Voice(member, None))
    withdraw_comment(comment, author=visitor)
    with pytest.raises(EndorsingRefused):
        endorse(comment, voice=Voice(drafter, None))
    close_section(section("壹"), actor=drafter)
    with pytest.raises(EndorsingRefused):
        take_back_endorsement(comment, user=member, at=timezone.now() + dt.timedelta(minutes=1))
    assert Endorsement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_endorsing_and_taking_back_at_once(comment: Comment) -> None:
    people = [person(f"endorser-{number}") for number in range(4)]
    acts: list[Callable[[], object]] = []
    for user in people:
        acts += [lambda user=user: endorse(comment, voice=Voice(user, None))] * 2  # type: ignore[misc]
        acts.append(lambda user=user: take_back_endorsement(comment, user=user))  # type: ignore[misc]
    results = at_once(*acts)
    assert not [result for result in results if isinstance(result, Exception)], results
    assert_counts_equal_rows()
