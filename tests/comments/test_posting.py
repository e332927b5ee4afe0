"""A comment is posted once, in order, in an open window, by who may, or not at all."""

import datetime as dt
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Mandate, Organisation, User
from accounts.voices import Voice
from comments import pace
from comments.anchors import Anchor, describe
from comments.models import MAXIMUM_BODY_LENGTH, Comment, Original, Thread
from comments.posting import (
    DEEPEST,
    PaceRefused,
    ParentRefused,
    PostingRefused,
    VoiceRefused,
    WindowRefused,
    WordsRefused,
)
from comments.writing import BodyRefused, StanceRefused
from consult.document.models import Draft, Provision, Section
from consult.document.publishing import close_section, open_section, withdraw_section
from tests.comments.talk import at_once, say

Named = Callable[[str], Section]
NamedProvision = Callable[[str], Provision]


def test_a_comment_takes_the_next_number(provision: NamedProvision, visitor: User) -> None:
    first, second = (say(provision("壹-1"), visitor) for _ in range(2))
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.changed_sequence == 1
    assert first.path < second.path
    assert first.created_at < second.created_at
    thread = Thread.objects.get()
    assert (thread.sequence, thread.comment_count) == (2, 2)
    assert thread.ref == "壹-1"


def test_replies_stand_behind_what_they_reply_to(provision: NamedProvision, visitor: User) -> None:
    target = provision("壹-1")
    first = say(target, visitor)
    second = say(target, visitor)
    reply = say(target, visitor, parent=first)
    answer = say(target, visitor, parent=reply)
    assert [c.pk for c in Comment.objects.order_by("path")] == [
        c.pk for c in (first, reply, answer, second)
    ]
    assert (reply.depth, answer.depth) == (1, 2)


def test_endless_replies_stay_within_the_index(provision: NamedProvision, visitor: User) -> None:
    target = provision("壹-1")
    comment = say(target, visitor, at=timezone.now())
    for _ in range(DEEPEST + 5):
        comment = say(target, visitor, parent=comment, at=timezone.now())
    assert comment.depth == DEEPEST


def test_a_section_as_a_whole_has_a_thread_of_its_own(
    section: Named, provision: NamedProvision, visitor: User
) -> None:
    whole = say(section("肆"), visitor)
    part = say(provision("肆-1"), visitor)
    assert whole.thread != part.thread
    assert whole.thread.ref == "肆"


def test_who_speaks_is_kept_as_it_was(
    provision: NamedProvision, representative: User, association: Organisation
) -> None:
    comment = say(provision("壹-1"), representative, voice=Voice(representative, association))
    assert (comment.organisation, comment.group) == (association, "association")
    alone = say(provision("壹-1"), representative)
    assert (alone.organisation, alone.group) == (None, "public")


def test_a_drafter_is_marked(provision: NamedProvision, drafter: User, visitor: User) -> None:
    assert say(provision("壹-1"), drafter).as_drafter
    assert not say(provision("壹-1"), visitor).as_drafter


# --- once -------------------------------------------------------------------------------------


def test_the_same_key_again_is_the_same_comment(
    provision: NamedProvision, visitor: User, drafter: User, section: Named
) -> None:
    key = uuid.uuid4()
    first = say(provision("壹-1"), visitor, idempotency_key=key)
    assert say(provision("壹-1"), visitor, idempotency_key=key) == first
    close_section(section("壹"), actor=drafter)
    # The answer to the first try was lost, and the window closed since.
    assert say(provision("壹-1"), visitor, idempotency_key=key) == first
    assert Thread.objects.get().comment_count == 1


def test_one_persons_key_is_not_anothers(
    provision: NamedProvision, visitor: User, member: User
) -> None:
    key = uuid.uuid4()
    mine = say(provision("壹-1"), visitor, idempotency_key=key)
    assert say(provision("壹-1"), member, idempotency_key=key) != mine


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_comment(provision: NamedProvision, visitor: User) -> None:
    target, key = provision("壹-1"), uuid.uuid4()
    results = at_once(*[lambda: say(target, visitor, idempotency_key=key)] * 6)
    assert len({result.pk for result in results if isinstance(result, Comment)}) == 1
    assert all(isinstance(result, Comment) for result in results), results
    thread = Thread.objects.get()
    assert (thread.comment_count, thread.sequence, Comment.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_one_key_on_two_threads_makes_one_comment(provision: NamedProvision, visitor: User) -> None:
    targets, key = [provision("壹-1"), provision("壹-2")] * 3, uuid.uuid4()
    acts = [lambda target=target: say(target, visitor, idempotency_key=key) for target in targets]
    results = at_once(*acts)
    assert len({result.pk for result in results if isinstance(result, Comment)}) == 1, results
    assert sum(Thread.objects.values_list("comment_count", flat=True)) == 1


@pytest.mark.parametrize("held", [0, 5])
def test_who_draws_the_reference_of_another_comment_draws_again(
    provision: NamedProvision,
    visitor: User,
    settings: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
    held: int,
) -> None:
    first = say(provision("壹-1"), visitor)
    settings.HOLD_FIRST_COMMENTS = held
    letters, choice = iter(first.reference), secrets.choice
    monkeypatch.setattr(secrets, "choice", lambda some: next(letters, None) or choice(some))
    second = say(provision("壹-1"), visitor, body="第二則。")
    assert [*letters] == []
    assert (first.pk, first.reference) != (second.pk, second.reference)
    kept = Original.objects.get(comment=second) if held else Comment.objects.get(pk=second.pk)
    assert kept.body == "第二則。"
    assert second.sequence == first.sequence + 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_and_times_in_one_order(
    provision: NamedProvision, visitor: User, member: User, drafter: User
) -> None:
    target = provision("壹-1")
    acts = [lambda user=user: say(target, user) for user in (visitor, member, drafter) * 4]
    results = at_once(*acts)
    assert all(isinstance(result, Comment) for result in results), results
    comments = list(Comment.objects.order_by("sequence"))
    assert [comment.sequence for comment in comments] == list(range(1, 13))
    assert [c.created_at for c in comments] == sorted(c.created_at for c in comments)
    assert Thread.objects.get().comment_count == 12


@pytest.mark.django_db(transaction=True)
def test_a_closing_waits_for_a_post_on_its_way(
    provision: NamedProvision, section: Named, visitor: User, drafter: User
) -> None:
    """No comment bears a time after its section's closing."""
    target = provision("壹-1")
    say(target, visitor)
    held, closing = threading.Event(), threading.Event()

    def hold_the_thread() -> None:
        with transaction.atomic():
            Thread.objects.select_for_update().get()
            held.set()
            closing.wait(5)
            time.sleep(0.3)

    def post() -> Comment:
        held.wait(5)
        return say(target, visitor)

    def close() -> None:
        held.wait(5)
        # Long enough for the post to stand in line for the thread.
        time.sleep(0.3)
        closing.set()
        close_section(section("壹"), actor=drafter)

    posted = at_once(hold_the_thread, post, close)[1]
    assert isinstance(posted, Comment), posted
    closes_at = section("壹").window.closes_at
    assert closes_at is not None
    assert posted.created_at < closes_at


@pytest.mark.django_db(transaction=True)
def test_a_post_waits_for_a_closing_on_its_way(
    provision: NamedProvision, section: Named, visitor: User, drafter: User
) -> None:
    """Whoever waits asks for the window when their turn has come."""
    target = provision("壹-1")
    closing = threading.Event()

    def close() -> None:
        with transaction.atomic():
            close_section(section("壹"), actor=drafter)
            closing.set()
            time.sleep(0.3)

    def post() -> Comment:
        closing.wait(5)
        return say(target, visitor)

    results = at_once(close, post)
    assert isinstance(results[1], WindowRefused), results
    assert not Comment.objects.exists()


# --- refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ref", ["貳-1", "參-1", "肆-二-1", "伍-1", "陸-1"])
def test_only_an_open_section_takes_comments(
    provision: NamedProvision, visitor: User, ref: str
) -> None:
    with pytest.raises(WindowRefused):
        say(provision(ref), visitor)
    assert not Comment.objects.exists()


def test_a_closed_window_says_when_it_closed(provision: NamedProvision, visitor: User) -> None:
    target = provision("參-1")
    closed = timezone.localtime(target.section.window.closes_at)
    with pytest.raises(WindowRefused, match=f"{closed:%H:%M}"):
        say(target, visitor)


def test_an_announced_window_says_when_it_opens(provision: NamedProvision, visitor: User) -> None:
    target = provision("貳-1")
    opens = timezone.localtime(target.section.window.opens_at)
    with pytest.raises(WindowRefused, match=f"{opens:%H:%M}"):
        say(target, visitor)


@pytest.mark.parametrize("body", ["", " \n\t", "\u3000\u200b\ufeff", "\x00"])
def test_nothing_is_not_posted(provision: NamedProvision, visitor: User, body: str) -> None:
    with pytest.raises(BodyRefused):
        say(provision("壹-1"), visitor, body=body)


def test_too_much_is_not_posted_and_says_how_much(provision: NamedProvision, visitor: User) -> None:
    say(provision("壹-1"), visitor, body="𠮷" * MAXIMUM_BODY_LENGTH)
    with pytest.raises(BodyRefused, match=r"5,001.*5,000"):
        say(provision("壹-1"), visitor, body="𠮷" * (MAXIMUM_BODY_LENGTH + 1))


def test_a_stance_is_needed(provision: NamedProvision, visitor: User) -> None:
    for stance in ("", "neutral"):
        with pytest.raises(StanceRefused):
            say(provision("壹-1"), visitor, stance=stance)


def test_a_parent_of_another_thread_is_refused(provision: NamedProvision, visitor: User) -> None:
    elsewhere = say(provision("壹-2"), visitor)
    with pytest.raises(ParentRefused):
        say(provision("壹-1"), visitor, parent=elsewhere)
    assert Comment.objects.count() == 1


def test_unverified_people_do_not_post(provision: NamedProvision, outsider: User) -> None:
    with pytest.raises(VoiceRefused):
        say(provision("壹-1"), outsider)


def test_a_blocked_account_does_not_post(provision: NamedProvision, visitor: User) -> None:
    visitor.is_active = False
    with pytest.raises(VoiceRefused):
        say(provision("壹-1"), visitor)


def test_only_the_mandated_speak_for_an_organisation(
    provision: NamedProvision,
    association: Organisation,
    representative: User,
    member: User,
    moderator: User,
) -> None:
    for user in (member, moderator):
        with pytest.raises(VoiceRefused):
            say(provision("壹-1"), user, voice=Voice(user, association))
    Mandate.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(VoiceRefused):
        say(provision("壹-1"), representative, voice=Voice(representative, association))


def test_an_unverified_organisation_has_no_voice(
    provision: NamedProvision, association: Organisation, representative: User
) -> None:
    Organisation.objects.update(state=Organisation.State.WITHDRAWN)
    with pytest.raises(VoiceRefused):
        say(provision("壹-1"), representative, voice=Voice(representative, association))


def test_a_withdrawn_section_takes_nothing_and_keeps_what_it_has(
    provision: NamedProvision, section: Named, visitor: User, drafter: User
) -> None:
    say(provision("壹-1"), visitor)
    withdraw_section(section("壹"), actor=drafter)
    with pytest.raises(WindowRefused):
        say(provision("壹-1"), visitor)
    assert not Comment.objects.readable(at=timezone.now()).exists()
    open_section(section("壹"), actor=drafter)
    assert Comment.objects.readable(at=timezone.now()).count() == 1


# --- words ------------------------------------------------------------------------------------


def test_marked_words_are_kept(provision: NamedProvision, visitor: User) -> None:
    target = provision("壹-2")
    comment = say(target, visitor, anchor=describe(target.text, start=0, end=3))
    assert (comment.anchor_exact, comment.anchor_start, comment.anchor_end) == ("𠮷野家", 0, 3)


def test_words_that_are_not_there_are_refused(
    provision: NamedProvision, section: Named, visitor: User
) -> None:
    made_up = Anchor("沒有這些字", "", "", 0, 5)
    for target in (provision("壹-1"), section("壹")):
        with pytest.raises(WordsRefused):
            say(target, visitor, anchor=made_up)


# --- pace -------------------------------------------------------------------------------------


def test_posting_very_fast_is_slowed_down(provision: NamedProvision, visitor: User) -> None:
    for _ in range(pace.POSTS_A_MINUTE):
        last = say(provision("壹-1"), visitor)
    with pytest.raises(PaceRefused):
        say(provision("壹-1"), visitor)
    # A retry of what was posted is no new post.
    key = last.idempotency_key
    assert say(provision("壹-1"), visitor, idempotency_key=key) == last


def test_without_redis_posts_are_counted_all_the_same(
    provision: NamedProvision,
    visitor: User,
    settings: Any,  # noqa: ANN401
) -> None:
    away = settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/redis.sock"}
    settings.CACHES = settings.CACHES | {"default": away}
    for _ in range(pace.POSTS_A_MINUTE):
        say(provision("壹-1"), visitor)
    with pytest.raises(PaceRefused):
        say(provision("壹-1"), visitor)


# --- told -------------------------------------------------------------------------------------


def test_live_pages_are_told_numbers_only(
    provision: NamedProvision,
    visitor: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,  # noqa: ANN401
) -> None:
    told: list[tuple[tuple[str, ...], str]] = []
    monkeypatch.setattr("comments.live._send", lambda topics, text: told.append((topics, text)))
    with django_capture_on_commit_callbacks(execute=True):
        say(provision("肆-一-1"), visitor, body="不可外流的內文")
    [(topics, text)] = told
    assert len(topics) == 2
    assert "不可" not in text.encode().decode("unicode-escape")
    assert '"sequence": 1' in text


def test_a_refusal_tells_nobody(
    provision: NamedProvision,
    visitor: User,
    django_capture_on_commit_callbacks: Any,  # noqa: ANN401
) -> None:
    with (
        django_capture_on_commit_callbacks() as callbacks,
        pytest.raises(PostingRefused),
    ):
        say(provision("參-1"), visitor)
    assert callbacks == []


def test_the_draft_of_a_thread_is_its_sections(
    provision: NamedProvision, visitor: User, draft: Draft
) -> None:
    assert say(provision("壹-1"), visitor).thread.draft == draft
