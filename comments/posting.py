"""Post a comment: once, in an open window, with its number in the thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app, signature
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import is_signed_in, verified_addresses
from accounts.uploads import GuardedFile
from accounts.voices import Voice, mandates_to_speak
from comments.anchors import Anchor, AnchorMismatch, locate
from comments.attaching import attach, let_go, store
from comments.models import Comment, Original
from comments.moderating import flag_findings, must_be_held, record_hold
from comments.numbering import count, locked_thread_on, take_number
from comments.pace import is_too_fast
from comments.paths import path_of
from comments.searching import index
from comments.standing import TEXT, blank
from comments.targets import Target, draft_of, section_of, state_of
from comments.writing import WritingRefused, checked_body, checked_proposal, checked_stance
from consult.document.dates import moment_in_words
from consult.document.models import Drafter, Provision, Section
from consult.document.windows import WindowDates, WindowState

# A path is indexed, and an index takes no more than some 2,700 bytes.
DEEPEST = 100
SPREAD_WORD = "comments.tasks.spread_word"


class PostingRefused(WritingRefused):
    """The comment was not posted: what is written is well, but not here, not so, or not now."""


class WordsRefused(PostingRefused):
    """The words commented on are not in the text."""

    field = "words"


class VoiceRefused(PostingRefused):
    """This person may not speak in this name."""

    field = "voice"


class ParentRefused(PostingRefused):
    """What is replied to is not there, or in another thread."""


class WindowRefused(PostingRefused):
    """The section takes no comments now."""


class PaceRefused(PostingRefused):
    """Too many comments in a short time."""


def post_comment(
    target: Target,
    *,
    voice: Voice,
    body: str,
    stance: str,
    idempotency_key: UUID,
    proposed_text: str = "",
    anchor: Anchor | None = None,
    parent: Comment | None = None,
    files: Sequence[GuardedFile] = (),
    at: datetime | None = None,
) -> Comment:
    """The new comment on a provision, or on a section or a draft as a whole, with its files.

    The same key of the same person again gives the comment that is there. `at` dates it back,
    for a demonstration; it is now otherwise. Raises WritingRefused.
    """
    stance = checked_stance(stance)
    new_comment = partial(
        Comment,
        parent=parent,
        author=voice.user,
        organisation=voice.organisation,
        stance=stance,
        body=checked_body(body),
        proposed_text=checked_proposal(target, stance=stance, proposed_text=proposed_text),
        idempotency_key=idempotency_key,
        is_demonstration=voice.user.is_demonstration,
        **voice.snapshot,
        **_anchor_fields(target, anchor),
    )
    post = partial(_post_with_files, target, voice=voice, files=files, at=at)
    try:
        return post(new_comment())
    except IntegrityError:
        # Its reference is made by chance, and was another comment's: where a million stand, it is
        # so with one in a million.
        return post(new_comment())


def _post_with_files(
    target: Target,
    comment: Comment,
    *,
    voice: Voice,
    files: Sequence[GuardedFile],
    at: datetime | None,
) -> Comment:
    """The comment with its files, or the one that is there. Raises IntegrityError."""
    try:
        with transaction.atomic():
            stored = store(files)
            posted = _post(target, comment, voice=voice, at=at)
            attach(comment, stored) if posted is comment else let_go(stored)
            return posted
    except IntegrityError:
        # The same key was posted to another thread at the same moment.
        key = comment.idempotency_key
        there = Comment.objects.filter(author=voice.user, idempotency_key=key).first()
        if there is None:
            raise
        return there


def _post(target: Target, comment: Comment, *, voice: Voice, at: datetime | None) -> Comment:
    _hold_sections(target)
    thread = locked_thread_on(target)
    # Whatever must be true is asked after the lock; the time of posting is taken after it, too,
    # so that numbers and times in a thread run alike.
    standing = _standing(target, comment, at=at)
    _check_voice(voice, standing)
    if standing.twin_id:
        return Comment.objects.get(pk=standing.twin_id)
    now = at or timezone.now()
    _refuse_unless_open(standing.target, at=now)
    comment.as_drafter = standing.by_drafter
    if at is None and is_too_fast(comment.author):
        raise PaceRefused(
            _("You have posted several comments within a minute. Wait a moment, then send it.")
        )
    comment.thread = thread
    comment.created_at = now
    if at is not None:
        # Nobody is told of what was said long ago.
        comment.spread_at = at
    # What is dated back was said before there was anybody to hold it.
    is_held = at is None and must_be_held(comment.author)
    _place(comment, number=take_number(thread, shown=0 if is_held else 1))
    if is_held:
        _store_held(comment)
    else:
        comment.save(force_insert=True)
        count(comment, by=1)
        index(comment, due_since=now)
        flag_findings(comment, at=now)
        if comment.spread_at is None:
            transaction.on_commit(partial(_enqueue_spreading, comment.pk), robust=True)
    return comment


def _enqueue_spreading(comment_id: int) -> None:
    """Tell whom it concerns, later: the writer need not wait. Beat finds what was lost."""
    signature(SPREAD_WORD, (comment_id,), app=current_app).delay()


def _store_held(comment: Comment) -> None:
    """Store a comment that readers see once a moderator has released it."""
    original = Original(**{name: getattr(comment, name) for name in TEXT})
    comment.state = Comment.State.HELD
    blank(comment)
    comment.save(force_insert=True)
    original.comment = comment
    original.save(force_insert=True)
    record_hold(comment, at=comment.created_at)


def _hold_sections(target: Target) -> None:
    """Let publishing and counting wait until the comment is stored; other posts need not wait.

    So no comment bears a time after its section's closing, nor arrives behind a report's cutoff.
    """
    section = section_of(target)
    column, key = ("id", section.pk) if section else ("draft_id", draft_of(target).pk)
    table = connection.ops.quote_name(Section._meta.db_table)  # noqa: SLF001 - Django documents it
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE {column} = %s FOR SHARE", [key])  # noqa: S608 - our own names


def _place(comment: Comment, *, number: int) -> None:
    parent = comment.parent
    if parent is not None and (parent.thread_id != comment.thread_id or not parent.is_shown):
        raise ParentRefused(
            _("The comment you reply to is no longer there. You can post yours on its own.")
        )
    if parent is not None and parent.depth >= DEEPEST:
        parent = comment.parent = parent.parent
    comment.depth = parent.depth + 1 if parent else 0
    comment.sequence = comment.changed_sequence = number
    comment.path = path_of(number, above=parent.path if parent else "")


@dataclass(frozen=True)
class _Standing:
    """How things stand once the locks are held."""

    target: Target
    by_drafter: bool
    is_verified: bool
    is_mandated: bool
    twin_id: int | None


def _standing(target: Target, comment: Comment, *, at: datetime | None) -> _Standing:
    """The target as it is now, who speaks by which right, and the same comment if posted."""
    framework = draft_of(target).framework_id
    drafts = Drafter.objects.filter(framework=framework, user=comment.author)
    twin = Comment.objects.filter(
        author=comment.author, idempotency_key=comment.idempotency_key
    ).values("pk")
    of_it = Section.objects.select_related("window")
    section = section_of(target)
    found: Any = (
        (of_it.filter(pk=section.pk) if section else of_it.filter(draft=draft_of(target)))
        .annotate(
            by_drafter=Exists(drafts),
            is_verified=Exists(verified_addresses(comment.author)),
            is_mandated=Exists(
                mandates_to_speak(
                    comment.author,
                    comment.organisation,
                    framework_code=draft_of(target).framework.code,
                    at=at,
                )
            ),
            twin_id=Subquery(twin),
        )
        .first()
    )
    by_drafter = found.by_drafter and comment.organisation is None
    now_it_is = found if section else target
    return _Standing(
        now_it_is,
        by_drafter=by_drafter,
        is_verified=found.is_verified,
        is_mandated=found.is_mandated,
        twin_id=found.twin_id,
    )


def _refuse_unless_open(target: Target, *, at: datetime) -> None:
    state = state_of(target, at=at)
    section = section_of(target)
    if section is None and state != WindowState.OPEN:
        raise WindowRefused(_("This draft takes no comments now. Your text has not been posted."))
    dates = section.window_dates if section else WindowDates(announced_at=None)
    if state == WindowState.CLOSED and dates.closes_at:
        raise WindowRefused(
            _("This section closed for comments on %(moment)s. Your text has not been posted.")
            % {"moment": moment_in_words(dates.closes_at)}
        )
    if state == WindowState.ANNOUNCED and dates.opens_at:
        raise WindowRefused(
            _("This section opens for comments on %(moment)s. Your text has not been posted.")
            % {"moment": moment_in_words(dates.opens_at)}
        )
    if state != WindowState.OPEN:
        raise WindowRefused(_("This section takes no comments now. Your text has not been posted."))


def _check_voice(voice: Voice, standing: _Standing) -> None:
    if voice.user.is_staff:
        raise VoiceRefused(_("Administrators take no part in the discussion."))
    if not (is_signed_in(voice.user) and standing.is_verified):
        raise VoiceRefused(_("Confirm your e-mail address first; then you can comment."))
    if voice.organisation is not None and not standing.is_mandated:
        raise VoiceRefused(
            _("You may not speak for %(name)s at present. Choose another name to speak in.")
            % {"name": voice.organisation.name}
        )


def _anchor_fields(target: Target, anchor: Anchor | None) -> dict[str, str | int]:
    if anchor is None:
        return {}
    try:
        found = locate(target.text if isinstance(target, Provision) else "", anchor)
    except AnchorMismatch:
        raise WordsRefused(
            _("The words you marked are not in this text. Mark them again, or remove them.")
        ) from None
    return {
        "anchor_exact": found.exact,
        "anchor_prefix": found.prefix,
        "anchor_suffix": found.suffix,
        "anchor_start": found.start,
        "anchor_end": found.end,
    }
