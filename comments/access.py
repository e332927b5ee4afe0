"""Which comments and threads may be read; what stands on unpublished text is not found."""

from datetime import datetime

from django.http import Http404
from django.utils import timezone

from accounts.access import Visitor, is_signed_in, require_moderator
from comments.models import Comment
from comments.targets import Target
from consult.document.access import READABLE, provision_to_read, section_to_read


def target_to_read(*, code: str, number: int, ref: str, at: datetime | None = None) -> Target:
    """What a thread is about: a provision or a section whose text is shown; Http404 otherwise."""
    try:
        return provision_to_read(code=code, number=number, ref=ref, at=at)
    except Http404:
        section = section_to_read(code=code, number=number, ref=ref, at=at)
    if section.state(at=at or timezone.now()) not in READABLE:
        raise Http404
    return section


def comment_to_read(*, reference: str, at: datetime | None = None) -> Comment:
    """A comment on text that is shown; Http404 for any other."""
    comment = (
        Comment.objects.readable(at=at or timezone.now())
        .select_related("thread__provision", "thread__section", "thread__draft__framework")
        .filter(reference=reference.upper())
        .first()
    )
    if comment is None:
        raise Http404
    return comment


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
