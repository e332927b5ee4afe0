"""The part of a thread that a page shows, rendered once for all its readers.

A thousand readers of one thread see the same comments: their HTML is kept in Redis under the
thread's number, which every change takes anew. So what is posted, changed, hidden or withdrawn is
seen at once, by the next page that is asked for, and nothing is ever thrown out. Without Redis each
page is rendered by itself.

Nothing of a reader stands in what is kept. What is theirs alone – which comments are their own,
which they endorse – stands around it as `ReaderMarks`, for the page's script; a page that shows a
receipt, or the reader's comments only, is not kept. An act on an organisation is known by its
record, a verification that lapses by the day; a person's new name alone is seen once what was kept
is a minute old.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.access import Visitor, is_signed_in
from comments.access import Talk
from comments.addresses import thread_address
from comments.choices import Choices, choices_of
from comments.models import Comment, Thread
from comments.showing import CommentView, comment_views
from comments.targets import draft_of, ref_of, text_of
from comments.threads import Branch, ThreadPart, changes_after, place_of, read_part
from comments.wanted import Wanted
from consult.document.windows import WindowState

KEPT_SECONDS = 60
KEPT_PLACE_SECONDS = 3600


@dataclass(frozen=True)
class Kept:
    """One comment of a rendered part: enough to find out what of it is a reader's own."""

    key: int
    reference: str
    author: int


@dataclass(frozen=True)
class RenderedPart:
    """A part's HTML, the same for every reader, and which comments stand in it."""

    html: SafeString
    comments: Sequence[Kept] = ()
    # Whether all that was said stands here, in the order in which it was said.
    is_whole: bool = True

    @property
    def keys(self) -> list[int]:
        return [comment.key for comment in self.comments]

    def references_by(self, author: int) -> list[str]:
        """The comments of one person."""
        return [comment.reference for comment in self.comments if comment.author == author]


@dataclass(frozen=True)
class BranchView:
    """A branch as it is shown: its comments, and links to what of it is folded away."""

    comments: Sequence[CommentView]
    branch: Branch

    @property
    def has_more(self) -> bool:
        return self.branch.more is None or self.branch.more > 0

    @property
    def path_of_rest(self) -> str:
        """Sorts behind the branch, so that a live reply comes to stand before the link."""
        return f"{self.comments[0].comment.path}~"

    @property
    def first(self) -> Sequence[CommentView]:
        return self.comments[:1]

    @property
    def rest(self) -> Sequence[CommentView]:
        return self.comments[1:]

    @property
    def earlier(self) -> str:
        """Where the branch is read from its beginning."""
        return Wanted(branch=self.branch.number).query

    @property
    def later(self) -> str:
        """Where it is read on."""
        return Wanted(branch=self.branch.number, behind=self.branch.behind).query


def rendered_part(talk: Talk, wanted: Wanted, *, reader: Visitor, posted: str = "") -> RenderedPart:
    """The part asked for; `posted` is the comment that this reader has just posted, if any."""
    if talk.thread is None or wanted.mine or posted:
        return _render(talk, wanted, reader=reader, posted=posted)
    key = _key(talk, talk.thread, "part", is_signed_in(reader), astuple(wanted))
    kept = cache.get(key)
    if kept is None:
        part = _render(talk, wanted, reader=reader)
        kept = (_packed(part.html), [astuple(each) for each in part.comments], part.is_whole)
        cache.set(key, kept, KEPT_SECONDS)
    packed, comments, is_whole = kept
    html = mark_safe(_unpacked(packed))  # noqa: S308 - rendered above
    return RenderedPart(html, [Kept(*comment) for comment in comments], is_whole)


def rendered_changes(talk: Talk, *, since: int) -> str | None:
    """What a page missed that holds a number, as HTML; None where it is too much."""
    key = _key(talk, talk.thread, "changes", since)
    kept: bytes | None = cache.get(key)
    if kept is None:
        changed = changes_after(talk.thread, since)
        if changed is None:
            return None
        context = _surroundings(talk) | {
            "views": comment_views(changed, new_after=since, text=text_of(talk.target)),
            "sequence": max((comment.changed_sequence for comment in changed), default=since),
        }
        kept = _packed(render_to_string("comments/_changes.html", context))
        cache.set(key, kept, KEPT_SECONDS)
    return _unpacked(kept)


def kept_place_of(comment: Comment) -> Wanted:
    """Where a comment stands, looked for once an hour.

    What comes before a comment doesn't change, and a page that is asked for a comment shows it.
    """
    key = f"place:{comment.pk}"
    kept = cache.get(key)
    if kept is None:
        kept = place_of(comment).query
        cache.set(key, kept, KEPT_PLACE_SECONDS)
    return Wanted.read(dict(parse_qsl(kept.removeprefix("?"))))


def _packed(html: str) -> bytes:
    """A fifth of it: who asks for a thousand different pages of a thread fills no memory."""
    return zlib.compress(html.encode(), 1)


def _unpacked(packed: bytes) -> str:
    return zlib.decompress(packed).decode()


def _key(talk: Talk, thread: Thread | None, *words: object) -> str:
    """Whatever the HTML depends on."""
    place = (
        get_language(),
        timezone.localdate(),
        talk.state,
        thread and (thread.pk, thread.sequence, getattr(thread, "last_act_on_organisations", 0)),
    )
    digest = hashlib.sha256(repr((place, words)).encode()).hexdigest()
    return f"thread:{digest}"


def _render(talk: Talk, wanted: Wanted, *, reader: Visitor, posted: str = "") -> RenderedPart:
    thread = talk.thread
    part = read_part(thread, wanted, reader=reader)
    own = {comment.reference for comment in part.comments if comment.author_id == reader.pk}
    context = _surroundings(talk) | {
        "wanted": wanted,
        "choices": _choices(thread, wanted, part, reader) if thread else None,
        "total": thread.comment_count if thread else 0,
        "branches": list(_views(talk, wanted, part, posted=posted if posted in own else "")),
        "whole": wanted.but(),
        "next": wanted.going_on(part.next_after).query if part.next_after else "",
    }
    html = SafeString(render_to_string("comments/_part.html", context))
    kept = [Kept(comment.pk, comment.reference, comment.author_id) for comment in part.comments]
    is_whole = not (wanted.is_filtered or wanted.order or wanted.branch or part.next_after)
    return RenderedPart(html, kept, is_whole)


def _choices(thread: Thread, wanted: Wanted, part: ThreadPart, reader: Visitor) -> Choices:
    spoke = (comment.organisation.name for comment in part.comments if comment.organisation)
    return choices_of(
        thread,
        wanted,
        signed_in=is_signed_in(reader),
        organisation=next(spoke, "") if wanted.organisation else "",
    )


def _views(talk: Talk, wanted: Wanted, part: ThreadPart, *, posted: str) -> Iterator[BranchView]:
    for branch in part.branches:
        views = comment_views(
            branch.comments, flat=wanted.is_filtered, posted=posted, text=text_of(talk.target)
        )
        yield BranchView(views, branch)


def _surroundings(talk: Talk) -> dict[str, Any]:
    draft, ref = draft_of(talk.target), ref_of(talk.target)
    return {
        "address": thread_address(draft, ref),
        "draft": draft,
        "ref": ref,
        "is_open": talk.state == WindowState.OPEN,
    }
