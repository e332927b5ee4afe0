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

# Words that stand in every 200th comment are found among these; for rarer ones the index is asked,
# which then has no more than some thousands.
NEWEST_READ = 40_000
# Where words must stand side by side, more is read of those that have them anywhere, and again.
MOST_COMPARED, MOST_TIMES = 1_500, 8


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
    before = after.key if after and newest_first else None
    looked = _look(asked, filters, at=at, newest_first=newest_first, before=before)
    behind = [
        found
        for found in looked.ranked
        if after is None or (found.value, found.key) < (after.value, after.key)
    ]
    page = behind[:page_size]
    if len(behind) > page_size:
        next_after = str(page[-1])
    else:
        next_after = str(Cursor(0, looked.last)) if newest_first and looked.is_more else ""
    return FoundComments(
        comments=_with_excerpts(asked, [found.key for found in page], threads=looked.threads),
        total=None if before else len(looked.ranked),
        is_more=looked.is_more,
        next_after=next_after,
    )


@dataclass(frozen=True)
class _Looked:
    """What was found in order, whether there is more to look through, and the last looked at."""

    threads: Sequence[int] = ()
    ranked: Sequence[Cursor] = ()
    is_more: bool = False
    last: int = 0


def _look(
    asked: Asked, filters: Filters, *, at: dt.datetime, newest_first: bool, before: int | None
) -> _Looked:
    """Look through the newest comments that have the words; for phrases, through some more."""
    values = _values(asked, filters, at=at)
    if not values["threads"]:
        return _Looked()
    most = MOST_COMPARED if asked.has_phrases else MOST_RANKED
    ranked: list[Cursor] = []
    keys: list[int] = []
    for _ in range(MOST_TIMES if asked.has_phrases else 1):
        keys = _newest(values | {"before": before}, most=most + 1)
        ranked += _ranked(asked, keys[:most], newest_first=newest_first)
        if len(keys) <= most or len(ranked) > PAGE_SIZE:
            break
        before = keys[most - 1]
    ranked.sort(key=lambda found: (found.value, found.key), reverse=True)
    is_more = len(keys) > most
    return _Looked(values["threads"], ranked, is_more, last=keys[most - 1] if is_more else 0)


# Both give keys, newest first. What is asked of the comment itself is asked one by one, until
# there are enough.
_AMONG_NEWEST = """
    SELECT comment_id FROM (
        SELECT comment_id, thread_id, words FROM comments_searchentry
        WHERE (%(draft)s::bigint IS NULL OR draft_id = %(draft)s::bigint)
        AND (%(before)s::bigint IS NULL OR comment_id < %(before)s::bigint)
        ORDER BY comment_id DESC LIMIT %(read)s
    ) newest
    WHERE words @@ %(needed)s::tsquery AND thread_id = ANY(%(threads)s::bigint[])
    AND (NOT %(unanswered)s
         OR (SELECT reply_count = 0 FROM comments_comment WHERE id = comment_id))
    ORDER BY comment_id DESC LIMIT %(most)s
"""
_BY_INDEX = """
    WITH found AS MATERIALIZED (
        SELECT comment_id FROM comments_searchentry
        WHERE words @@ %(needed)s::tsquery AND thread_id = ANY(%(threads)s::bigint[])
        AND (%(before)s::bigint IS NULL OR comment_id < %(before)s::bigint)
    ), newest AS MATERIALIZED (
        SELECT comment_id FROM found ORDER BY comment_id DESC
    )
    SELECT comment_id FROM newest
    WHERE NOT %(unanswered)s
        OR (SELECT reply_count = 0 FROM comments_comment WHERE id = comment_id)
    LIMIT %(most)s
"""


def _values(asked: Asked, filters: Filters, *, at: dt.datetime) -> dict[str, Any]:
    """What the statements are given: where to look, and what for."""
    threads = Thread.objects.readable(at=at)
    if filters.section is not None:
        threads = threads.within(filters.section)
    elif filters.draft is not None:
        threads = threads.filter(draft=filters.draft)
    return {
        "threads": list(threads.values_list("pk", flat=True)),
        "draft": filters.section.draft_id
        if filters.section
        else filters.draft and filters.draft.pk,
        "needed": " & ".join([f"({asked.needed})", *_labels(filters)]),
        "unanswered": filters.unanswered,
        "read": NEWEST_READ,
    }


def _newest(values: dict[str, Any], *, most: int) -> list[int]:
    """The keys of the newest entries that have the words and pass the filters."""
    values = values | {"most": most}
    found = _keys(_AMONG_NEWEST, values)
    return found if len(found) >= most else _keys(_BY_INDEX, values)


def _keys(statement: str, values: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [key for (key,) in cursor.fetchall()]


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
    SELECT entry.comment_id, ts_rank_cd(words, %(exact)s::tsquery, %(by_length)s)
    FROM comments_searchentry entry
    JOIN comments_comment comment ON comment.id = entry.comment_id
    WHERE entry.comment_id = ANY(%(keys)s::bigint[]) AND comment.state = %(shown)s
    AND words @@ %(exact)s::tsquery
"""


def _ranked(asked: Asked, keys: Sequence[int], *, newest_first: bool) -> list[Cursor]:
    """Those of them that have the words as asked for, with their ranks."""
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
    # Newest first, all ranks are alike: later ones have higher keys.
    return [Cursor(0 if newest_first else round(rank * RANK_UNIT), key) for key, rank in rows]


def _with_excerpts(
    asked: Asked, keys: Sequence[int], *, threads: Sequence[int]
) -> list[FoundComment]:
    comments = (
        Comment.objects.shown()
        .filter(thread__in=threads)
        .select_related(
            "author", "thread__section", "thread__provision", "thread__draft__framework"
        )
        .in_bulk(keys)
    )
    return [_found(asked, comments[key]) for key in keys if key in comments]


def _found(asked: Asked, comment: Comment) -> FoundComment:
    framework_id = comment.thread.draft.framework_id
    said, wording = texts_of(comment)
    of_wording = bool(wording) and not asked.is_in(said, framework_id=framework_id)
    found_in = wording if of_wording else said
    return FoundComment(comment, asked.excerpt(found_in, framework_id=framework_id), of_wording)
