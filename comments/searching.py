"""Keep what the search knows of comments: written with each change, in its transaction.

Whoever posts, changes, hides, holds, restores or withdraws a comment calls `index` for it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from comments import prepared
from comments.campaigning import COMPARISON_IS_DUE
from comments.models import Comment, SearchEntry, Thread
from consult.document.models import Framework
from consult.document.terms import words_for_search

CHUNK = 500
# A label has a colon, which no word has.
WITH_WORDING = "with:wording"

# The columns of a search entry: comment, thread, draft, words, version of the terms.
_Entry = tuple[int, int, int, str, int]


def label(kind: str, value: object) -> str:
    """A fact about a comment that a filter asks for, as the index keeps it."""
    return f"{kind}:{value}"


def index(comment: Comment, *, due_since: datetime) -> None:
    """Let the search find the comment as it is now, or no more where its text isn't shown.

    A text that is shown waits from `due_since` on to be compared with what others say. To be called
    after the comment is saved, in the same transaction.
    """
    if not comment.is_shown:
        SearchEntry.objects.filter(pk=comment.pk).delete()
        return
    thread = comment.thread
    entry = _entry(comment, thread, thread.draft.framework)
    prepared.run(_WRITE_NEW, (comment.pk, due_since, *entry))


def _entry(comment: Comment, thread: Thread, framework: Framework) -> _Entry:
    words = words_for_search(texts_of(comment), framework, labels=_labels(comment, thread))
    return comment.pk, thread.pk, thread.draft_id, words, framework.terms_version


def texts_of(comment: Comment) -> tuple[str, str]:
    """What is looked through: what was said, and the wording proposed."""
    return comment.body, comment.proposed_text


def _labels(comment: Comment, thread: Thread) -> list[str]:
    facts = {
        "section": thread.section_id,
        "group": comment.group,
        "stance": comment.stance,
        "organisation": comment.organisation_id,
        "author": comment.author_id,
    }
    labels = [label(kind, value) for kind, value in facts.items() if value is not None]
    return [*labels, WITH_WORDING] if comment.proposed_text else labels


_WRITE = """
    INSERT INTO comments_searchentry (comment_id, thread_id, draft_id, words, terms_version)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (comment_id) DO UPDATE
    SET words = EXCLUDED.words, terms_version = EXCLUDED.terms_version
"""


# One way to the server and back, with each comment, in the place of two.
_WRITE_NEW = f"WITH due AS ({COMPARISON_IS_DUE}) {_WRITE}"


# --- after a framework's terms have changed ---------------------------------------------------


def bring_up_to_date(framework: Framework) -> int:
    """Take some comments apart anew that were with other terms; how many. 0: all are done.

    Each call is a transaction of its own: whoever is stopped goes on where they were.
    """
    with transaction.atomic():
        current = Framework.objects.get(pk=framework.pk)
        # An entry that a change of its comment is writing is left to that.
        stale = _stale(current).order_by("pk").select_for_update(skip_locked=True)
        keys = list(stale.values_list("pk", flat=True)[:CHUNK])
        # Read after the lock: what changed before it is there to be read.
        comments = Comment.objects.filter(pk__in=keys).select_related("thread")
        shown = [comment for comment in comments if comment.is_shown]
        prepared.run_each(_WRITE, [_entry(each, each.thread, current) for each in shown])
    return len(shown)


def _stale(framework: Framework) -> QuerySet[SearchEntry]:
    version = framework.terms_version
    return SearchEntry.objects.filter(
        # Two stretches of an index; one condition that is not equal would read all of it.
        Q(terms_version__lt=version) | Q(terms_version__gt=version),
        draft__in=framework.drafts.values("pk"),
    )


def add_missing(framework: Framework) -> int:
    """Index some comments that the search doesn't know; how many. 0: it knows all."""
    with transaction.atomic():
        missing = (
            Comment.objects.shown()
            .filter(thread__draft__framework=framework, search_entry=None)
            .select_related("thread")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("pk")[:CHUNK]
        )
        entries = [_entry(comment, comment.thread, framework) for comment in missing]
        prepared.run_each(_WRITE, entries)
    return len(entries)
