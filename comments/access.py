"""Which comments and threads may be read; what stands on unpublished text is not found."""

import functools
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from accounts.access import Visitor, is_signed_in, require_moderator
from comments.models import (
    Attachment,
    Campaign,
    Comment,
    CommentQuerySet,
    Placement,
    Thread,
    ThreadQuerySet,
)
from comments.targets import Target, draft_of, state_of, target_of
from consult.document.access import READABLE, draft_to_read, provision_to_read, section_to_read
from consult.document.models import Section
from consult.document.succeeding import Newer, newer_draft, newer_draft_beside
from consult.document.windows import WindowState


@dataclass(frozen=True)
class Talk:
    """What is talked about, its thread (None before the first comment), and its window's state."""

    target: Target
    thread: Thread | None
    state: WindowState

    def newer(self, *, at: datetime) -> Newer | None:
        """The newest draft that anyone may read, where it is not this one.

        No query where a thread is.
        """
        if self.thread:
            known = self.thread.newer_draft  # type: ignore[attr-defined]
            return Newer(**known) if known else None
        found = newer_draft(draft_of(self.target), at=at)
        return Newer(found.number, found.label) if found else None

    @property
    def receives(self) -> bool:
        """Whether comments of earlier drafts may stand here; False says that none does."""
        return self.thread is None or self.thread.receives  # type: ignore[attr-defined]


def talk_to_read(*, code: str, number: int, ref: str = "", at: datetime | None = None) -> Talk:
    """The talk on a provision, a section, or with no reference the draft as a whole.

    One query where a thread is. Http404 for what is not shown.
    """
    now = at or timezone.now()
    named = Thread.objects.named(code=code, number=number, ref=ref).with_target()
    threads = named.with_tallies().with_last_act_on_organisations()
    threads = threads.annotate(
        newer_draft=newer_draft_beside("draft", at=now), receives=_any_carried_here(ref)
    )
    thread = (threads if ref else _with_state(threads, at=now)).first()
    if thread is None:
        target = target_to_read(code=code, number=number, ref=ref, at=now)
        return Talk(target, None, state_of(target, at=now))
    if thread.section is None:
        return Talk(thread.draft, thread, _state(thread))
    target = _joined(thread)
    state = state_of(target, at=now)
    if state not in READABLE:
        raise Http404
    return Talk(target, thread, state)


def target_to_read(*, code: str, number: int, ref: str = "", at: datetime | None = None) -> Target:
    """What a thread is about, whose text is shown; Http404 otherwise."""
    if not ref:
        draft = draft_to_read(code=code, number=number, at=at)
        if state_of(draft, at=at or timezone.now()) not in READABLE:
            raise Http404
        return draft
    try:
        return provision_to_read(code=code, number=number, ref=ref, at=at)
    except Http404:
        section = section_to_read(code=code, number=number, ref=ref, at=at)
    if section.state(at=at or timezone.now()) not in READABLE:
        raise Http404
    return section


def _joined(thread: Thread) -> Target:
    """What the thread is about, knowing its section and draft from the same query."""
    section = thread.section
    if section is not None:
        section.draft = thread.draft
    if thread.provision is not None and section is not None:
        thread.provision.section = section
    return target_of(thread)


def _any_carried_here(ref: str) -> Exists:
    """Whether any comment was carried to the section of a thread, or to its draft as a whole."""
    if ref:
        return Exists(Placement.objects.filter(section=OuterRef("section")))
    return Exists(Placement.objects.filter(draft=OuterRef("draft"), section=None))


def _with_state(threads: ThreadQuerySet, *, at: datetime) -> ThreadQuerySet:
    """Threads on drafts as a whole, with what their sections make of them."""
    sections = Section.objects.filter(draft=OuterRef("draft"))
    return threads.annotate(
        takes_comments=Exists(sections.open(at=at)), is_readable=Exists(sections.readable(at=at))
    )


def _state(thread: Thread) -> WindowState:
    if not thread.is_readable:  # type: ignore[attr-defined]
        raise Http404
    return WindowState.OPEN if thread.takes_comments else WindowState.CLOSED  # type: ignore[attr-defined]


def comment_to_read(*, reference: str, at: datetime | None = None) -> Comment:
    """A comment on text that is shown, if only its tombstone; Http404 for any other."""
    comment = _with_place(Comment.objects.listed()).filter(reference=reference.upper()).first()
    if (
        comment is None
        or state_of(_joined(comment.thread), at=at or timezone.now()) not in READABLE
    ):
        raise Http404
    return comment


def comment_to_find(*, reference: str, at: datetime | None = None) -> Comment:
    """The same without its text: to say where it is, and whether it was carried on."""
    comment = _to_find().filter(reference=reference.upper()).first()
    if (
        comment is None
        or state_of(_joined(comment.thread), at=at or timezone.now()) not in READABLE
    ):
        raise Http404
    return comment


@functools.cache
def _to_find() -> CommentQuerySet:
    """Built once: that takes longer than asking the database, and a link is no more than this."""
    carried = Exists(Placement.objects.filter(comment=OuterRef("pk")))
    return _with_place(Comment.objects.listed().annotate(is_carried=carried)).only(
        "path",
        "depth",
        "reference",
        "thread__provision__ref",
        "thread__section__ref",
        "thread__section__window",
        "thread__draft__number",
        "thread__draft__framework__code",
    )


def _with_place(comments: CommentQuerySet) -> CommentQuerySet:
    """With what their threads are about, and the windows that those stand in."""
    return comments.select_related(
        "thread__provision", "thread__section__window", "thread__draft__framework"
    )


def own_comment(user: Visitor, *, reference: str) -> Comment:
    """A comment of this person's own, however it stands; Http404 for any other."""
    if not is_signed_in(user):
        raise Http404
    comment = (
        Comment.objects.filter(author=user, reference=reference.upper())
        .select_related("thread__provision", "thread__section", "thread__draft__framework")
        .first()
    )
    if comment is None:
        raise Http404
    return comment


def comment_to_moderate(user: Visitor, *, reference: str) -> Comment:
    """Any comment, for a moderator; Http404 for everyone else."""
    require_moderator(user)
    comment = (
        Comment.objects.filter(reference=reference.upper())
        .select_related(
            "author", "original", "thread__provision", "thread__section", "thread__draft__framework"
        )
        .first()
    )
    if comment is None:
        raise Http404
    return comment


def campaign_to_moderate(user: Visitor, *, public_id: UUID) -> Campaign:
    """Any campaign with its counts, for a moderator; Http404 for everyone else."""
    require_moderator(user)
    campaigns = Campaign.objects.counted().select_related("draft__framework")
    campaign = campaigns.filter(public_id=public_id).first()
    if campaign is None:
        raise Http404
    return campaign


def attachment_to_read(
    *, reference: str, public_id: UUID, at: datetime | None = None
) -> Attachment:
    """A file of a comment that is shown; Http404 for any other, also to its author."""
    comment = comment_to_read(reference=reference, at=at)
    if not comment.is_shown:
        raise Http404
    return _attachment(comment, public_id=public_id)


def attachment_to_moderate(user: Visitor, *, reference: str, public_id: UUID) -> Attachment:
    """A file of any comment, for a moderator; Http404 for everyone else."""
    return _attachment(comment_to_moderate(user, reference=reference), public_id=public_id)


def _attachment(comment: Comment, *, public_id: UUID) -> Attachment:
    found = comment.attachments.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
