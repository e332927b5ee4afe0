"""Read a thread: a part of it, what changed after a number, and where one comment stands.

Whatever the thread's length, a part is read by index and holds no more text than `ROOM` lets in:
of a branch the first replies are shown, and the rest is folded behind its count.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Length

from accounts.access import Visitor, is_signed_in
from comments.attaching import files_of, with_files
from comments.models import Comment, CommentQuerySet, Thread
from comments.paths import BEHIND_ALL, above, behind_branch, number_of_root, path_of, root_of
from comments.wanted import ENDORSED, NEWEST, Cursor, Wanted
from consult.document.models import Section

# First comments on a page, at most; and how many replies to each are shown before it is folded.
PAGE_SIZE = 50
REPLIES_SHOWN = 3
# A page's room, so that it is sent in 20 KB whatever its comments say: each takes one line for
# itself and one for so many characters of its text.
ROOM = 50.0
LINE = 160
# Comments above the one that a link leads to that are shown with it.
ABOVE_SHOWN = 3
# Who missed more than this fetches the page afresh.
MOST_CAUGHT_UP = 100


@dataclass(frozen=True)
class Branch:
    """A first comment with replies, or one comment of a flat list.

    `more` replies are folded away, None where it is not known how many; those behind the comment
    `behind`. `earlier` says that some before the ones shown are, too.
    """

    comments: Sequence[Comment]
    more: int | None = 0
    behind: str = ""
    earlier: bool = False

    @property
    def number(self) -> int:
        return number_of_root(self.comments[0].path)


@dataclass(frozen=True)
class ThreadPart:
    """Branches in the order asked for, and where the next page begins (None: that is all)."""

    branches: Sequence[Branch]
    next_after: Cursor | None = None

    @property
    def comments(self) -> list[Comment]:
        """All comments of the part, in reading order."""
        return [comment for branch in self.branches for comment in branch.comments]


def read_part(thread: Thread | None, wanted: Wanted, *, reader: Visitor) -> ThreadPart:
    """The part asked for, in one query, three for a branch; `reader` is whose comments are mine."""
    if thread is None:
        return ThreadPart(())
    if wanted.branch:
        return _branch(thread, wanted)
    if wanted.is_filtered:
        return _flat(thread, wanted, reader)
    return _branches(thread, wanted)


def _cost(comment: Comment) -> float:
    text = len(comment.body) + 2 * len(comment.proposed_text) + len(comment.anchor_exact)
    return 1 + text / LINE + len(files_of(comment))


def _fitting(comments: Sequence[Comment]) -> Sequence[Comment]:
    """As many of them as a page has room for, and one at least."""
    used = 0.0
    for place, comment in enumerate(comments):
        used += _cost(comment)
        if place and used > ROOM:
            return comments[:place]
    return comments


def _in_order(found: CommentQuerySet, wanted: Wanted) -> CommentQuerySet:
    """In the order asked for, beyond the cursor."""
    after = wanted.after
    if wanted.order == ENDORSED:
        if after:
            # The first condition is the index's; the others part what is equally endorsed.
            found = found.filter(
                Q(endorsement_count__lt=after.endorsements) | Q(sequence__lt=after.sequence),
                endorsement_count__lte=after.endorsements,
            )
        return found.order_by("-endorsement_count", "-sequence")
    if wanted.order == NEWEST:
        found = found.filter(sequence__lt=after.sequence) if after else found
        return found.order_by("-sequence")
    found = found.filter(sequence__gt=after.sequence) if after else found
    return found.order_by("sequence")


def _cursor(comment: Comment, wanted: Wanted) -> Cursor:
    endorsements = comment.endorsement_count if wanted.order == ENDORSED else 0
    return Cursor(comment.sequence, endorsements)


# --- filtered: a flat list --------------------------------------------------------------------


def _flat(thread: Thread, wanted: Wanted, reader: Visitor) -> ThreadPart:
    found = _filtered(thread.comments.shown(), wanted, reader)
    page = list(with_files(_in_order(found, wanted).in_talk())[: PAGE_SIZE + 1])
    shown = _fitting(page[:PAGE_SIZE])
    more = len(shown) < len(page)
    return ThreadPart(
        [Branch([comment]) for comment in shown], _cursor(shown[-1], wanted) if more else None
    )


def _filtered(found: CommentQuerySet, wanted: Wanted, reader: Visitor) -> CommentQuerySet:
    filters: Mapping[str, str] = {
        "stance": wanted.stance,
        "group": wanted.group,
        "organisation__public_id": wanted.organisation,
    }
    found = found.filter(**{name: value for name, value in filters.items() if value})
    if wanted.wording:
        found = found.with_wording()
    if wanted.unanswered:
        found = found.unanswered()
    if wanted.mine:
        found = found.filter(author=reader) if is_signed_in(reader) else found.none()
    return found


# --- unfiltered: branches ---------------------------------------------------------------------


def _branches(thread: Thread, wanted: Wanted) -> ThreadPart:
    roots = _in_order(thread.comments.listed().filter(parent=None), wanted)[: PAGE_SIZE + 1]
    found = list(_with_first_replies(thread, roots, at=wanted.at))
    replies: dict[str, list[Comment]] = {}
    for comment in found:
        if comment.depth:
            replies.setdefault(root_of(comment.path), []).append(comment)
    firsts = sorted((comment for comment in found if not comment.depth), key=_key(wanted))
    branches = _fitting_branches(firsts[:PAGE_SIZE], replies, at=wanted.at)
    more = len(branches) < len(firsts)
    after = _cursor(branches[-1].comments[0], wanted) if more else None
    return ThreadPart(branches, after)


def _with_first_replies(thread: Thread, roots: CommentQuerySet, *, at: str) -> CommentQuerySet:
    """These first comments, the first replies to each, and one that is asked for.

    However long a branch is, no more of it is read.
    """
    first_replies = (
        Comment.objects.listed()
        .filter(
            thread=thread,
            path__gt=OuterRef("path"),
            path__lt=Concat(OuterRef("path"), Value(BEHIND_ALL)),
        )
        .order_by("path")
        .values("pk")[:REPLIES_SHOWN]
    )
    page = roots.annotate(first_replies=ArraySubquery(first_replies)).values("pk", "first_replies")
    sql, parameters = page.query.sql_with_params()
    # As an array, so that it is looked up by key however long the thread is.
    together = RawSQL(  # noqa: S611 - made by the ORM
        f"comments_comment.id = ANY(ARRAY(SELECT unnest(array_append(root.replies, root.id))"  # noqa: S608
        f" FROM ({sql}) AS root(id, replies)))",
        parameters,
        output_field=BooleanField(),
    )
    asked_for = Q(thread=thread, reference=at, parent__isnull=False) if at else Q()
    found = Comment.objects.listed().filter(Q(together) | asked_for if at else together)
    return with_files(found.in_talk()).order_by("path")


def _key(wanted: Wanted) -> Callable[[Comment], tuple[int, int]]:
    if wanted.order == ENDORSED:
        return lambda comment: (-comment.endorsement_count, -comment.sequence)
    if wanted.order == NEWEST:
        return lambda comment: (0, -comment.sequence)
    return lambda comment: (0, comment.sequence)


def _fitting_branches(
    roots: Sequence[Comment], replies: Mapping[str, Sequence[Comment]], *, at: str
) -> list[Branch]:
    """As many branches as a page has room for; replies that it has no room for are folded."""
    branches: list[Branch] = []
    used = 0.0
    # A page that must show one comment is not full before it does.
    is_owed = any(
        at == comment.reference for root in roots for comment in (root, *replies.get(root.path, ()))
    )
    for root in roots:
        used += _cost(root)
        if branches and used > ROOM and not is_owed:
            break
        beneath = replies.get(root.path, ())
        is_asked_for = any(comment.reference == at for comment in (root, *beneath))
        shown: list[Comment] = []
        for reply in beneath:
            if used + _cost(reply) > ROOM and not is_asked_for:
                break
            used += _cost(reply)
            shown.append(reply)
        is_owed = is_owed and not is_asked_for
        branches.append(_folded(root, shown))
    return branches


def _folded(root: Comment, shown: Sequence[Comment]) -> Branch:
    more = root.reply_count - sum(reply.is_shown for reply in shown)
    # The rest begins behind the first replies, also where a later one that was asked for is shown.
    last = [root, *shown[:REPLIES_SHOWN]][-1]
    return Branch([root, *shown], more=max(0, more), behind=last.reference)


# --- one branch -------------------------------------------------------------------------------


def _branch(thread: Thread, wanted: Wanted) -> ThreadPart:
    root = path_of(wanted.branch)
    listed = with_files(thread.comments.listed().in_talk())
    mark = _mark(thread, wanted)
    around = [root, *above(mark)[-ABOVE_SHOWN:], mark] if mark and wanted.at else [root]
    head = list(listed.filter(path__in=around).order_by("path"))
    if not head or head[0].path != root:
        return ThreadPart(())
    beneath = listed.filter(path__gt=mark or root, path__lt=behind_branch(root)).order_by("path")
    rest = list(beneath[: PAGE_SIZE + 1])
    shown = _fitting([*head, *rest[:PAGE_SIZE]])
    more = len(shown) < len(head) + len(rest)
    return ThreadPart(
        [
            Branch(
                shown,
                more=None if more else 0,
                behind=shown[-1].reference,
                earlier=bool(mark) and mark != root,
            )
        ]
    )


def _mark(thread: Thread, wanted: Wanted) -> str:
    """The path of the comment of this branch from which on, or around which, replies are shown."""
    reference = wanted.at or wanted.behind
    if not reference:
        return ""
    paths = thread.comments.listed().filter(reference=reference).values_list("path", flat=True)
    mark = paths.first() or ""
    return mark if root_of(mark) == path_of(wanted.branch) else ""


# --- what changed, and where one comment stands -----------------------------------------------


def changes_after(thread: Thread | None, sequence: int) -> list[Comment] | None:
    """What a reader missed who holds this number, in reading order; None where it is too much."""
    if thread is None:
        return []
    changed = with_files(thread.comments.listed().changed_after(sequence).in_talk())
    found = list(changed.order_by("path")[: MOST_CAUGHT_UP + 1])
    return found if len(found) <= MOST_CAUGHT_UP else None


def place_after_posting(comment: Comment) -> Wanted:
    """Where whoever posted a comment is led: to a part that shows it, without asking for it."""
    root = number_of_root(comment.path)
    if root <= PAGE_SIZE:
        return Wanted(at=comment.reference)
    if comment.depth:
        return Wanted(branch=root, at=comment.reference)
    return Wanted(order=NEWEST)


def place_of(comment: Comment) -> Wanted:
    """The part of the thread, oldest first, in which this comment stands.

    A page that begins some comments before its branch, or the first page where that holds it; a
    reply that is folded away there has its branch for a page.
    """
    listed = Comment.objects.listed().filter(thread_id=comment.thread_id)
    root = root_of(comment.path)
    if comment.depth:
        beneath = listed.filter(path__gt=root, path__lt=behind_branch(root)).order_by("path")
        if comment.path not in set(beneath.values_list("path", flat=True)[:REPLIES_SHOWN]):
            return Wanted(branch=number_of_root(root), at=comment.reference)
    before = listed.filter(parent=None, sequence__lt=number_of_root(root)).order_by("-sequence")
    text = Length("body") + 2 * Length("proposed_text") + Length("anchor_exact")
    room = ROOM / 2
    # Each takes one line at least: no more of them can fit.
    for sequence, length, replies in before.values_list("sequence", text, "reply_count")[
        : int(room) + 1
    ]:
        room -= 1 + length / LINE + 2 * min(replies, REPLIES_SHOWN)
        if room < 0:
            return Wanted(after=Cursor(sequence), at=comment.reference)
    return Wanted(at=comment.reference if comment.depth else "")


# --- how far threads are ----------------------------------------------------------------------


@dataclass(frozen=True)
class ThreadState:
    """How far a thread is: its last number and how many comments it has."""

    ref: str
    sequence: int
    comments: int
    # Comments of earlier drafts that stand here now.
    carried: int = 0


def states_in(sections: Iterable[Section]) -> list[ThreadState]:
    """How far every thread on these sections and their provisions is."""
    rows = Thread.objects.filter(section__in=sections).values_list(
        "provision__ref", "section__ref", "sequence", "comment_count"
    )
    return [
        ThreadState(provision or section or "", sequence, comments)
        for provision, section, sequence, comments in rows
    ]


def anchored_stretches(sections: Iterable[Section]) -> dict[int, list[tuple[int, int, int]]]:
    """The stretches of text commented on and by how many, by the provision's key."""
    rows = (
        Comment.objects.shown()
        .filter(thread__section__in=sections, anchor_start__isnull=False)
        .values_list("thread__provision_id", "anchor_start", "anchor_end")
        .annotate(comments=Count("pk"))
        .order_by()
    )
    stretches: dict[int, list[tuple[int, int, int]]] = {}
    for provision, start, end, comments in rows:
        if provision is not None and start is not None and end is not None:
            stretches.setdefault(provision, []).append((start, end, comments))
    return stretches
