"""Find what a reader asks for in comments whose text is shown on text that anyone may read.

Whatever the number of comments, the cost is bounded. Of frequent words the newest comments are
read until enough have them; of rare ones an index knows where they all are. Ranked are the newest
that have them, up to a number that readers are told of. Filters are labels in the same index.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from comments.models import Comment, Thread
from comments.searching import WITH_WORDING, label, texts_of
from consult.document.excerpts import Excerpt
from consult.document.finding import (
    BY_LENGTH,
    MOST_RANKED,
    PAGE_SIZE,
    RANK_UNIT,
    Asked,
    Cursor,
)
from consult.document.models import Draft, Section
from consult.document.vectors import all_of, any_of

# Words that stand in every eightieth comment are found among these; rarer ones by the index.
NEWEST_READ = 40_000
# Where words must stand side by side, more is read of those that have them anywhere.
MOST_COMPARED = 3_000
MICROSECOND = dt.timedelta(microseconds=1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Filters:
    """Which comments are looked through; empty is all."""

    draft: Draft | None = None
    section: Section | None = None
    group: str = ""
    stance: str = ""
    # None is any, and any that speaks for itself.
    organisations: Sequence[int] | None = None
    author_id: int | None = None
    with_wording: bool = False
    unanswered: bool = False

    @property
    def are_of_comments(self) -> bool:
        """Whether any asks for what only a comment has."""
        speakers = self.organisations is not None or self.author_id is not None
        return bool(self.group or self.stance or self.with_wording or self.unanswered) or speakers


@dataclass(frozen=True)
class FoundComment:
    """A comment with its speaker and its place, and the words found in it."""

    comment: Comment
    excerpt: Excerpt
    # Whether the words stand in the wording it proposes, not in what it says.
    is_of_wording: bool


@dataclass(frozen=True)
class FoundComments:
    """A page of comments; how many there are, or that there are more than that.

    `total` is None where a page doesn't begin with the first of them.
    """

    comments: Sequence[FoundComment] = ()
    total: int | None = 0
    is_more: bool = False
    next_after: str = ""


def find_comments(
    asked: Asked,
    *,
    at: dt.datetime,
    filters: Filters,
    newest_first: bool = False,
    after: Cursor | None = None,
    page_size: int = PAGE_SIZE,
) -> FoundComments:
    """The comments that have what was asked for, best first or newest first."""
    if asked.is_empty or (filters.organisations is not None and not filters.organisations):
        return FoundComments()
    most = MOST_COMPARED if asked.has_phrases else MOST_RANKED
    before = after if newest_first else None
    keys = _candidates(asked, filters, at=at, before=before, most=most + 1)
    ranked = _ranked(asked, keys[:most], newest_first=newest_first)
    behind = [
        found
        for found in ranked
        if after is None or (found.value, found.key) < (after.value, after.key)
    ]
    page = behind[:page_size]
    return FoundComments(
        comments=_with_excerpts(asked, [found.key for found in page], at=at),
        total=None if before else len(ranked),
        is_more=len(keys) > most,
        next_after=str(page[-1]) if len(behind) > page_size else "",
    )


# Both give keys, newest first.
_AMONG_NEWEST = """
    SELECT comment_id FROM (
        SELECT comment_id, posted_at, thread_id, words FROM comments_searchentry
        WHERE (%(draft)s::bigint IS NULL OR draft_id = %(draft)s::bigint)
        AND (%(key)s::bigint IS NULL
             OR (posted_at, comment_id) < (%(moment)s::timestamptz, %(key)s::bigint))
        ORDER BY posted_at DESC, comment_id DESC LIMIT %(read)s
    ) newest
    WHERE words @@ %(needed)s::tsquery AND thread_id = ANY(%(threads)s::bigint[])
    AND (NOT %(unanswered)s OR EXISTS (
        SELECT FROM comments_comment WHERE id = comment_id AND reply_count = 0))
    ORDER BY posted_at DESC, comment_id DESC LIMIT %(most)s
"""
_AMONG_ALL = """
    WITH found AS MATERIALIZED (
        SELECT comment_id, posted_at FROM comments_searchentry
        WHERE words @@ %(needed)s::tsquery AND thread_id = ANY(%(threads)s::bigint[])
        AND (%(key)s::bigint IS NULL
             OR (posted_at, comment_id) < (%(moment)s::timestamptz, %(key)s::bigint))
    )
    SELECT comment_id FROM found
    WHERE NOT %(unanswered)s OR EXISTS (
        SELECT FROM comments_comment WHERE id = comment_id AND reply_count = 0)
    ORDER BY posted_at DESC, comment_id DESC LIMIT %(most)s
"""


def _candidates(
    asked: Asked, filters: Filters, *, at: dt.datetime, before: Cursor | None, most: int
) -> list[int]:
    """The keys of the newest entries that have the words and pass the filters."""
    threads = Thread.objects.readable(at=at)
    if filters.section is not None:
        threads = threads.within(filters.section)
    elif filters.draft is not None:
        threads = threads.filter(draft=filters.draft)
    draft = filters.section.draft_id if filters.section else getattr(filters.draft, "pk", None)
    values: dict[str, Any] = {
        "threads": list(threads.values_list("pk", flat=True)),
        "draft": draft,
        "needed": " & ".join([f"({asked.needed})", *_labels(filters)]),
        "unanswered": filters.unanswered,
        "key": before.key if before else None,
        "moment": EPOCH + before.value * MICROSECOND if before else None,
        "read": NEWEST_READ,
        "most": most,
    }
    if not values["threads"]:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_AMONG_NEWEST, values)
        found = [key for (key,) in cursor.fetchall()]
        if len(found) < most:
            cursor.execute(_AMONG_ALL, values)
            found = [key for (key,) in cursor.fetchall()]
    return found


def _labels(filters: Filters) -> list[str]:
    """What the filters ask for, as parts of a tsquery."""
    wanted: list[list[str]] = []
    if filters.section is not None:
        sections = Section.objects.within(filters.section).values_list("pk", flat=True)
        wanted.append([label("section", key) for key in sections])
    if filters.group:
        wanted.append([label("group", filters.group)])
    if filters.stance:
        wanted.append([label("stance", filters.stance)])
    if filters.organisations is not None:
        wanted.append([label("organisation", key) for key in filters.organisations])
    if filters.author_id is not None:
        wanted.append([label("author", filters.author_id)])
    if filters.with_wording:
        wanted.append([WITH_WORDING])
    return [f"({any_of([all_of([each]) for each in labels])})" for labels in wanted]


# Asked of the comment itself as well: an entry left behind must show nothing, nor be counted.
_RANKS = """
    SELECT entry.comment_id, entry.posted_at, ts_rank_cd(words, %(exact)s::tsquery, %(by_length)s)
    FROM comments_searchentry entry
    JOIN comments_comment comment ON comment.id = entry.comment_id
    WHERE entry.comment_id = ANY(%(keys)s::bigint[]) AND comment.state = %(shown)s
    AND words @@ %(exact)s::tsquery
"""


def _ranked(asked: Asked, keys: Sequence[int], *, newest_first: bool) -> list[Cursor]:
    """Those of them that have the words as asked for, best first or newest first."""
    if not keys:
        return []
    values: dict[str, Any] = {
        "exact": asked.exact,
        "keys": list(keys),
        "shown": Comment.State.SHOWN.value,
        "by_length": BY_LENGTH,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKS, values)
        rows = cursor.fetchall()
    ranked = [
        Cursor((posted_at - EPOCH) // MICROSECOND if newest_first else round(rank * RANK_UNIT), key)
        for key, posted_at, rank in rows
    ]
    return sorted(ranked, key=lambda found: (found.value, found.key), reverse=True)


def _with_excerpts(asked: Asked, keys: Sequence[int], *, at: dt.datetime) -> list[FoundComment]:
    comments = (
        Comment.objects.shown()
        .readable(at=at)
        .with_speaker()
        .select_related("thread__section", "thread__provision", "thread__draft__framework")
        .in_bulk(keys)
    )
    return [_found(asked, comments[key]) for key in keys if key in comments]


def _found(asked: Asked, comment: Comment) -> FoundComment:
    framework_id = comment.thread.draft.framework_id
    said, wording = texts_of(comment)
    of_wording = bool(wording) and not asked.is_in(said, framework_id=framework_id)
    found_in = wording if of_wording else said
    return FoundComment(comment, asked.excerpt(found_in, framework_id=framework_id), of_wording)
