"""Read a thread: a page of it, what changed after a number, and where one comment stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet

from accounts.access import Visitor, is_signed_in
from comments.models import Comment, CommentQuerySet, Endorsement, Thread
from comments.posting import PATH_WIDTH
from comments.targets import Target, threads_on
from consult.document.models import Section

PAGE_SIZE = 50
# Who missed more than this fetches the page afresh.
MOST_CAUGHT_UP = 100
# Behind every path, which is made of digits.
BEHIND_ALL = "~"


@dataclass(frozen=True)
class Wanted:
    """Which part of a thread: of one stance or all, from which end, beyond which number."""

    stance: str = ""
    newest_first: bool = False
    after: int = 0


@dataclass(frozen=True)
class ThreadPart:
    """Comments in reading order, and the number to ask beyond for more (0: that is all)."""

    comments: Sequence[Comment]
    next_after: int = 0


def thread_on(target: Target) -> Thread | None:
    """The thread of a provision or a section with its counts by stance; None before its first
    comment."""
    counts = {
        f"of_{stance}": Count("comments", filter=Q(comments__stance=stance))
        for stance in Comment.Stance.values
    }
    return _threads_on(target).annotate(**counts).first()


def counts_by_stance(thread: Thread | None) -> dict[str, int]:
    """How many comments of each stance, of a thread that `thread_on` found."""
    return {stance: getattr(thread, f"of_{stance}", 0) for stance in Comment.Stance.values}


def _threads_on(target: Target) -> "QuerySet[Thread]":
    return Thread.objects.filter(threads_on(target))


def read_part(thread: Thread | None, wanted: Wanted, *, reader: Visitor) -> ThreadPart:
    """Fifty first comments with all their replies; of one stance, fifty comments of it.

    One query, by the index on the path, whatever the thread's length. Each comment says in
    `is_endorsed` whether the reader endorses it.
    """
    if thread is None:
        return ThreadPart(())
    comments = _marked_for(reader, thread.comments.with_speaker())
    if wanted.stance:
        return _of_one_stance(comments, wanted)
    return _branches(comments, wanted)


def _marked_for(reader: Visitor, comments: CommentQuerySet) -> CommentQuerySet:
    if not is_signed_in(reader):
        return comments
    given = Endorsement.objects.filter(comment=OuterRef("pk"), user=reader)
    return comments.annotate(is_endorsed=Exists(given))


def _of_one_stance(comments: CommentQuerySet, wanted: Wanted) -> ThreadPart:
    found = comments.shown().filter(stance=wanted.stance).select_related("parent")
    found = _beyond(found, wanted, "sequence")
    page = list(found[: PAGE_SIZE + 1])
    more = len(page) > PAGE_SIZE
    page = page[:PAGE_SIZE]
    return ThreadPart(page, page[-1].sequence if more else 0)


def _beyond(found: CommentQuerySet, wanted: Wanted, field: str) -> CommentQuerySet:
    if wanted.newest_first:
        if wanted.after:
            found = found.filter(**{f"{field}__lt": wanted.after})
        return found.order_by(f"-{field}")
    return found.filter(**{f"{field}__gt": wanted.after}).order_by(field)


def _branches(comments: CommentQuerySet, wanted: Wanted) -> ThreadPart:
    listed = comments.listed()
    roots = _beyond(listed.filter(parent=None), wanted, "sequence")
    edge = roots[PAGE_SIZE - 1 : PAGE_SIZE].values("path")
    limits: dict[str, Any]
    if wanted.newest_first:
        limits = {"path__gte": Coalesce(edge, Value(""))}
        if wanted.after:
            limits["path__lt"] = root_path(wanted.after)
    else:
        # One beyond the page is read along: it tells whether there is more.
        beyond = roots[PAGE_SIZE : PAGE_SIZE + 1].values("path")
        limits = {"path__lte": Coalesce(beyond, Value(BEHIND_ALL))}
        if wanted.after:
            limits["path__gt"] = root_path(wanted.after) + BEHIND_ALL
    page = list(listed.filter(**limits).order_by("path"))
    if wanted.newest_first:
        return _newest_branches(page)
    found = [comment.sequence for comment in page if comment.depth == 0]
    if len(found) <= PAGE_SIZE:
        return ThreadPart(page)
    return ThreadPart(page[:-1], found[-2])


def _newest_branches(comments: list[Comment]) -> ThreadPart:
    branches: dict[str, list[Comment]] = {}
    for comment in comments:
        branches.setdefault(comment.path[:PATH_WIDTH], []).append(comment)
    newest = [comment for path in sorted(branches, reverse=True) for comment in branches[path]]
    # A full page may be the last one; then the next is empty and says so.
    last = min((branch[0].sequence for branch in branches.values()), default=0)
    return ThreadPart(newest, last if len(branches) == PAGE_SIZE and last > 1 else 0)


def root_path(sequence: int) -> str:
    """The path of the first comment of a branch."""
    return f"{sequence:0{PATH_WIDTH}}"


def changes_after(target: Target, sequence: int) -> list[Comment] | None:
    """What a reader missed who holds this number, in reading order; None where it is too much."""
    thread = _threads_on(target).first()
    if thread is None:
        return []
    changed = thread.comments.listed().changed_after(sequence).with_speaker().order_by("path")
    found = list(changed[: MOST_CAUGHT_UP + 1])
    return found if len(found) <= MOST_CAUGHT_UP else None


def page_of(comment: Comment) -> Wanted:
    """The part of the thread, oldest first, in which this comment stands."""
    root = comment.path[:PATH_WIDTH]
    if int(root) <= PAGE_SIZE:
        # No more than a page stands before it, whatever the numbers in between were for.
        return Wanted()
    roots = Comment.objects.listed().filter(thread_id=comment.thread_id, parent=None)
    before = roots.filter(path__lt=root).count()
    first = before - before % PAGE_SIZE
    if not first:
        return Wanted()
    last_of_page_before = roots.order_by("path").values_list("sequence", flat=True)[first - 1]
    return Wanted(after=last_of_page_before)


@dataclass(frozen=True)
class ThreadState:
    """How far a thread is: its last number and how many comments it has."""

    ref: str
    sequence: int
    comments: int


def states_in(sections: Iterable[Section]) -> list[ThreadState]:
    """How far every thread on these sections and their provisions is."""
    rows = Thread.objects.filter(section__in=sections).values_list(
        "provision__ref", "section__ref", "sequence", "comment_count"
    )
    return [
        ThreadState(provision or section, sequence, comments)
        for provision, section, sequence, comments in rows
    ]


def anchored_stretches(sections: Iterable[Section]) -> dict[int, list[tuple[int, int]]]:
    """The stretches of text commented on, by the provision's key."""
    rows = Comment.objects.filter(
        thread__section__in=sections, anchor_start__isnull=False
    ).values_list("thread__provision_id", "anchor_start", "anchor_end")
    stretches: dict[int, list[tuple[int, int]]] = {}
    for provision, start, end in rows:
        if provision is not None and start is not None and end is not None:
            stretches.setdefault(provision, []).append((start, end))
    return stretches
