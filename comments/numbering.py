"""Change a thread: its lock, its next number, its counts, and word to the live pages.

Whoever posts, changes, hides or endorses goes the same way: lock the thread, check, write, take
the next number for the change, keep the counts, tell.
"""

from django.db.models import F

from accounts.groups import StakeholderGroup
from comments.live import (
    Notice,
    draft_topic,
    publish,
    publish_in_section,
    publish_to,
    section_topic,
)
from comments.models import Comment, Thread, ThreadTally
from comments.paths import above
from comments.targets import Target, draft_of, section_of, threads_on
from consult.document.models import Provision


def locked_thread_on(target: Target) -> Thread:
    """The thread of the target, made where it has none, locked until the transaction ends."""
    locked = Thread.objects.select_for_update(of=("self",)).with_sections_above()
    thread = locked.filter(threads_on(target)).first()
    if thread is None:
        new = Thread(
            draft_id=draft_of(target).pk,
            section=section_of(target),
            provision=target if isinstance(target, Provision) else None,
        )
        Thread.objects.bulk_create([new], ignore_conflicts=True)
        thread = locked.get(threads_on(target))
    # Known already: telling the live pages needs no query for them.
    thread.draft, thread.section = draft_of(target), section_of(target)
    thread.provision = target if isinstance(target, Provision) else None
    return thread


def locked_comment(comment: Comment) -> Comment:
    """The comment as it is now, with its thread, both locked until the transaction ends."""
    Thread.objects.select_for_update(of=("self",)).get(pk=comment.thread_id)
    found: Comment = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("thread__section", "thread__provision", "author")
        .get(pk=comment.pk)
    )
    return found


def take_number(thread: Thread, *, shown: int = 0) -> int:
    """The next number of a locked thread, stored; `shown` more comments are shown than before.

    Live pages are told after commit.
    """
    thread.sequence += 1
    thread.comment_count += shown
    thread.save(update_fields=["sequence", "comment_count"])
    tell(thread)
    return thread.sequence


def tell(thread: Thread) -> None:
    """Tell the pages on which the thread stands how far it is, once this is committed."""
    notice: Notice = {"thread": thread.ref, "sequence": thread.sequence}
    if thread.section is None:
        publish(draft_topic(thread.draft_id), notice)
    elif hasattr(thread, "sections_above"):
        sections = [*thread.sections_above, thread.section.pk]
        publish_to([section_topic(section) for section in sections], notice)
    else:
        publish_in_section(thread.section, notice)


def count(comment: Comment, *, by: int) -> None:
    """Add the comment to its thread's tally and to all it replies to, or take it away (-1)."""
    add_to_tally(comment.thread, group=comment.group, stance=comment.stance, by=by)
    if comment.parent_id:
        replied_to = Comment.objects.filter(thread=comment.thread_id, path__in=above(comment.path))
        replied_to.update(reply_count=F("reply_count") + by)


def add_to_tally(thread: Thread, *, group: StakeholderGroup | str, stance: str, by: int) -> None:
    """Keep how many comments of one group and stance are shown in a locked thread."""
    row = ThreadTally.objects.filter(thread=thread, group=group, stance=stance)
    if not row.update(comments=F("comments") + by):
        ThreadTally.objects.create(thread=thread, group=group, stance=stance, comments=by)
