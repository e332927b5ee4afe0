"""Tell people in the product what concerns them: never the text itself, only where it stands.

What one act concerns one person with is written with the act. What a new comment may concern many
with is spread by a task afterwards: `spread_at` says that it was, so that a task which runs twice
tells once, and one that was lost is found.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comments.models import Comment, Follow, Notification
from consult.document.models import Section

Kind = Notification.Kind

# A task that was lost is made up for after this.
WAITS_FOR = timedelta(minutes=1)
AT_ONCE = 1000
# Mentions are looked for among as many of the newest voices of a thread.
VOICES = 500


def tell_author(comment: Comment, *, at: datetime) -> None:
    """Tell the author that a moderator has decided on their comment."""
    Notification.objects.create(
        user_id=comment.author_id, kind=Kind.MODERATION, comment=comment, created_at=at
    )


def tell_endorsed(comment: Comment, *, at: datetime) -> None:
    """Tell the author that their comment is endorsed; one line however many do."""
    _tell({comment.author_id}, Kind.ENDORSEMENT, comment, at=at)


def tell_orphaned(comments: Iterable[tuple[int, int]], *, at: datetime) -> None:
    """Tell authors, by the keys of comment and author, that their words are gone in a new draft."""
    Notification.objects.bulk_create(
        (
            Notification(user_id=author, kind=Kind.ORPHANED, comment_id=comment, created_at=at)
            for comment, author in comments
        ),
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def spread_word(comment_id: int, *, at: datetime | None = None) -> int:
    """Tell whom a shown comment answers, names or concerns as a follower; how many that were.

    Each person once, for the nearest reason; nobody of what they said themselves.
    """
    now = at or timezone.now()
    with transaction.atomic():
        waiting = Comment.objects.shown().filter(pk=comment_id, spread_at=None)
        # Whoever claims it is the one to tell.
        if waiting.update(spread_at=now) != 1:
            return 0
        comment = Comment.objects.select_related("parent", "thread__section").get(pk=comment_id)
        told = {comment.author_id}
        reasons = (
            (Kind.REPLY, {comment.parent.author_id} if comment.parent else set()),
            (Kind.MENTION, _mentioned_in(comment)),
            (Kind.NEW_COMMENT, _followers_of(comment)),
        )
        for kind, people in reasons:
            _tell(people - told, kind, comment, at=now)
            told |= people
    return len(told) - 1


def unspread_comments(*, at: datetime) -> list[int]:
    """Keys of comments whose word should have been spread by now."""
    waiting = Comment.objects.shown().filter(spread_at=None, created_at__lt=at - WAITS_FOR)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def remind_of_closing(*, at: datetime, ahead: timedelta) -> int:
    """Tell who follows a section, or a provision or thread of it, that it closes soon; once.

    How many people were told.
    """
    closing = Section.objects.open(at=at).filter(window__closes_at__lte=at + ahead)
    told = 0
    for section in closing:
        with transaction.atomic():
            follows = Follow.objects.filter(_follows_in(section), reminded_at=None)
            people = set(follows.values_list("user_id", flat=True))
            follows.update(reminded_at=at)
            Notification.objects.bulk_create(
                Notification(user_id=user, kind=Kind.CLOSING, section=section, created_at=at)
                for user in sorted(people)
            )
            told += len(people)
    return told


def _tell(
    people: Iterable[int], kind: Notification.Kind, comment: Comment, *, at: datetime
) -> None:
    Notification.objects.bulk_create(
        (
            Notification(user_id=user, kind=kind, comment=comment, created_at=at)
            for user in sorted(people)
        ),
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def _mentioned_in(comment: Comment) -> set[int]:
    """Whom “@name” names, among those who have spoken in the thread."""
    if "@" not in comment.body and "＠" not in comment.body:
        return set()
    voices = comment.thread.comments.shown().select_related("author").order_by("-sequence")[:VOICES]
    text = comment.body.replace("＠", "@")
    return {voice.author_id for voice in voices if f"@{voice.speaker_name}" in text}


def _followers_of(comment: Comment) -> set[int]:
    thread = comment.thread
    wanted = Q(thread=thread)
    if thread.provision_id:
        wanted |= Q(provision=thread.provision_id)
    if thread.section is not None:
        above = Section.objects.above(thread.section).values("pk")
        wanted |= Q(section__in=above) | Q(section=thread.section)
    return set(Follow.objects.filter(wanted).values_list("user_id", flat=True))


def _follows_in(section: Section) -> Q:
    return Q(section=section) | Q(provision__section=section) | Q(thread__section=section)
