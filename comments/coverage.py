"""How many comments stand where, and from whom: one query each, whatever the number of comments."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Sum

from comments.models import Comment, Thread
from consult.document.models import Draft


def readable_comments_by_section(drafts: Iterable[Draft], *, at: datetime) -> dict[int, int]:
    """The number of comments that anyone may read, by the section's key; no section has a zero."""
    counted = (
        Thread.objects.readable(at=at)
        .filter(draft__in=drafts, section__isnull=False, comment_count__gt=0)
        .values_list("section_id")
        .annotate(total=Sum("comment_count"))
    )
    return dict(counted)


def comments_by_section_and_group(draft: Draft) -> dict[tuple[int, str], int]:
    """Every comment on a draft, by the section's key and the stakeholder group that said it.

    Counts what stands on unpublished text as well: for the draft's own drafters.
    """
    counted = (
        Comment.objects.shown()
        .filter(thread__draft=draft, thread__section__isnull=False)
        .values_list("thread__section_id", "group")
        .annotate(total=Count("pk"))
    )
    return {(section, group): total for section, group, total in counted}


def comments_since_by_draft(drafts: Iterable[Draft], *, since: datetime) -> dict[int, int]:
    """How many comments were posted after this moment, by the draft's key."""
    counted = (
        Comment.objects.shown()
        .filter(thread__draft__in=drafts, created_at__gt=since)
        .values_list("thread__draft_id")
        .annotate(total=Count("pk"))
    )
    return dict(counted)
