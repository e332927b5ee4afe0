"""How many comments stand where, and from whom: one query each, whatever the number of comments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from comments.models import Comment, Thread
from consult.document.models import Draft


@dataclass(frozen=True)
class Coverage:
    """How many comments anyone may read: by the section's key, and by the draft's on it as a whole.

    What has none is not there.
    """

    by_section: Mapping[int, int]
    general: Mapping[int, int]


def readable_comments(drafts: Iterable[Draft], *, at: datetime) -> Coverage:
    """The number of comments that anyone may read, wherever they stand."""
    counted = list(
        Thread.objects.readable(at=at)
        .filter(draft__in=drafts, comment_count__gt=0)
        .values_list("draft_id", "section_id")
        .annotate(total=Sum("comment_count"))
    )
    return Coverage(
        by_section={section: total for _, section, total in counted if section is not None},
        general={draft: total for draft, section, total in counted if section is None},
    )


def comments_by_section_and_group(draft: Draft) -> dict[tuple[int | None, str], int]:
    """Every comment on a draft, by the section's key and the stakeholder group that said it.

    None is the draft as a whole. Counts what stands on unpublished text as well: for the draft's
    own drafters.
    """
    counted = (
        Comment.objects.shown()
        .filter(thread__draft=draft)
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
