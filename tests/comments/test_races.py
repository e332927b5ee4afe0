"""Many at once in one thread, each in a connection of its own: counts equal rows, no number lacks.

A change takes the thread's next number in its own transaction, so that as many numbers are taken
as changes were made, each once, and none is left out.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import transaction

from accounts.models import Organisation, User
from accounts.voices import Voice
from comments.editing import EditingRefused, edit_comment, withdraw_comment
from comments.endorsing import EndorsingRefused, endorse, support_of, take_back_endorsement
from comments.models import Comment, Endorsement, ModerationRecord, Original, SearchEntry, Thread
from comments.moderating import ModeratingRefused, hide, restore
from comments.posting import ParentRefused
from comments.rules import Rule
from comments.standing import StandingRefused
from comments.threads import changes_after
from consult.document.models import Draft, Provision
from tests.cast import person
from tests.comments.talk import assert_counts_equal_rows, at_once, say

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], object]
REFUSALS = (EditingRefused, EndorsingRefused, ModeratingRefused, ParentRefused, StandingRefused)


@pytest.fixture
def target(draft: Draft) -> Provision:
    found: Provision = draft.provisions.select_related("section__draft__framework").get(ref="壹-1")
    return found


@pytest.fixture
def comment(target: Provision, visitor: User) -> Comment:
    return say(target, visitor, body="起初")


def done(results: Sequence[object]) -> list[bool]:
    """Which acts were done; the others were refused, in words, and by nothing else."""
    wrong = [r for r in results if isinstance(r, Exception) and not isinstance(r, REFUSALS)]
    assert wrong == []
    return [not isinstance(result, Exception) for result in results]


def assert_numbers_are_whole(target: Provision, *, changes: int) -> None:
    """As many numbers as changes; posts bear the ones they took, in the order of their times."""
    thread = Thread.objects.get(provision=target)
    assert thread.sequence == changes
    posted = list(thread.comments.order_by("sequence").values_list("sequence", "created_at"))
    assert len({number for number, _ in posted}) == len(posted)
    assert [moment for _, moment in posted] == sorted(moment for _, moment in posted)
    assert_counts_equal_rows()
    # Whoever holds no number is given every comment once, as it stands.
    caught_up = changes_after(thread, 0)
    assert caught_up is not None
    assert Counter(each.pk for each in caught_up) == Counter(
        thread.comments.values_list("pk", flat=True)
    )


def assert_text_stands_once() -> None:
    """Shown, in the comment and the search; otherwise in the original alone."""
    for comment in Comment.objects.all():
        is_shown = comment.state == Comment.State.SHOWN
        assert bool(comment.body) == is_shown
        assert Original.objects.filter(comment=comment).exists() != is_shown
        assert SearchEntry.objects.filter(comment=comment).exists() == is_shown


def test_the_same_form_sent_many_times_is_one_comment(target: Provision) -> None:
    people = [person(f"person-{number}") for number in range(3)]
    keys = {user: uuid.uuid4() for user in people}
    acts: list[Act] = [
        lambda user=user: say(target, user, idempotency_key=keys[user]).pk  # type: ignore[misc]
        for user in people * 5
    ]
    results = at_once(*acts)
    assert all(done(results))
    assert len(set(results)) == Comment.objects.count() == 3
    assert_numbers_are_whole(target, changes=3)


def test_fifty_reply_at_once_to_one_comment(target: Provision, comment: Comment) -> None:
    people = [person(f"person-{number}") for number in range(50)]
    acts: list[Act] = [
        lambda user=user: say(Provision.objects.get(pk=target.pk), user, parent=comment)  # type: ignore[misc]
        for user in people
    ]
    assert all(done(at_once(*acts)))
    comment.refresh_from_db()
    assert comment.reply_count == 50
    assert_numbers_are_whole(target, changes=51)


def test_endorsing_and_undoing_are_counted_by_group(
    target: Provision,
    comment: Comment,
    representative: User,
    association: Organisation,
) -> None:
    people = [person(f"person-{number}") for number in range(6)]
    voices = [Voice(representative, association), *(Voice(user, None) for user in people)]
    # Each once, however often they press.
    assert all(done(at_once(*[lambda v=v: endorse(comment, voice=v) for v in voices * 2])))
    assert_numbers_are_whole(target, changes=1 + len(voices))
    undone = people[:4]
    take_back: list[Act] = [
        lambda user=user: take_back_endorsement(comment, user=user)  # type: ignore[misc]
        for user in undone * 2
    ]
    assert all(done(at_once(*take_back)))
    assert_numbers_are_whole(target, changes=1 + len(voices) + len(undone))
    comment.refresh_from_db()
    by_group = Counter(Endorsement.objects.values_list("group", flat=True))
    assert by_group == {"association": 1, "public": 2}
    assert sorted(count for _, count in support_of(comment).by_group) == [1, 2]
    assert support_of(comment).organisations == (association.name,)
    assert comment.endorsement_count == 3


@pytest.mark.parametrize("turn", range(4))
def test_a_change_and_a_hiding_at_once(
    target: Provision, comment: Comment, visitor: User, moderator: User, turn: int
) -> None:
    """Whichever comes first: the text that was last kept is the one that is hidden."""
    acts: list[Act] = [
        lambda: edit_comment(comment, author=visitor, body="後來", stance="oppose"),
        lambda: hide(comment, moderator=moderator, rule=Rule.ATTACK),
    ]
    edited, hidden = done(at_once(*acts[:: 1 - 2 * (turn % 2)]))[:: 1 - 2 * (turn % 2)]
    assert hidden
    comment.refresh_from_db()
    assert comment.state == "hidden"
    assert Original.objects.get().body == ("後來" if edited else "起初")
    assert_text_stands_once()
    assert_numbers_are_whole(target, changes=2 + edited)


@pytest.mark.parametrize("turn", range(4))
def test_a_hiding_and_a_withdrawing_at_once(
    target: Provision, comment: Comment, visitor: User, moderator: User, turn: int
) -> None:
    """It ends withdrawn, whoever was first; a moderator who came late is told so."""
    acts: list[Act] = [
        lambda: hide(comment, moderator=moderator, rule=Rule.ATTACK),
        lambda: withdraw_comment(comment, author=visitor),
    ]
    hidden, withdrawn = done(at_once(*acts[:: 1 - 2 * (turn % 2)]))[:: 1 - 2 * (turn % 2)]
    assert withdrawn
    comment.refresh_from_db()
    assert (comment.state, comment.hidden_by_rule) == ("withdrawn", "")
    assert Original.objects.get().body == "起初"
    assert ModerationRecord.objects.count() == 1 + hidden
    assert_text_stands_once()
    assert_numbers_are_whole(target, changes=2 + hidden)


def test_everything_at_once(
    target: Provision, comment: Comment, visitor: User, moderator: User
) -> None:
    """Posts, replies, endorsements, changes, hidings and withdrawals, all in one thread."""
    people = [person(f"person-{number}") for number in range(8)]
    others = [say(target, user, body="別的話") for user in people]
    acts: list[Act] = []
    for place, user in enumerate(people):
        other, parent = others[place], others[(place + 1) % len(people)]
        acts += [
            lambda user=user: say(target, user),  # type: ignore[misc]
            lambda user=user, parent=parent: say(target, user, parent=parent),  # type: ignore[misc]
            lambda user=user: endorse(comment, voice=Voice(user, None)),  # type: ignore[misc]
            lambda user=user, it=other: edit_comment(it, author=user, body="改", stance="oppose"),  # type: ignore[misc]
            lambda it=other: hide(it, moderator=moderator, rule=Rule.ATTACK),  # type: ignore[misc]
        ]
        if place % 2:
            acts.append(lambda user=user, it=other: withdraw_comment(it, author=user))  # type: ignore[misc]
        else:
            acts.append(lambda it=other: restore(it, moderator=moderator))  # type: ignore[misc]
    acts.append(lambda: withdraw_comment(comment, author=visitor))
    changes = sum(done(at_once(*acts)))
    assert_text_stands_once()
    assert_numbers_are_whole(target, changes=1 + len(others) + changes)


def test_what_is_rolled_back_leaves_no_gap(target: Provision, visitor: User) -> None:
    """A number is taken by who keeps it: the next one takes it after a failure."""

    def fail() -> None:
        with transaction.atomic():
            say(target, visitor, body="不算數")
            transaction.set_rollback(True)

    def post() -> Comment:
        return say(target, person(f"person-{uuid.uuid4().hex[:8]}"))

    at_once(*[fail, post] * 4)
    assert_numbers_are_whole(target, changes=4)
    numbers = Comment.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2, 3, 4]
