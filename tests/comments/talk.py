"""What tests of comments say and do, and what must hold after it."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection

from accounts.models import User
from accounts.voices import Voice
from comments.models import Comment, Thread
from comments.posting import post_comment
from comments.targets import Target


def say(target: Target, user: User, **changes: Any) -> Comment:
    """Post something unremarkable."""
    said: dict[str, Any] = {
        "voice": Voice(user, None),
        "body": "我贊成。",
        "stance": "support",
        "idempotency_key": uuid.uuid4(),
    }
    return post_comment(target, **said | changes)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each in a thread and a connection of its own."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        barrier.wait(5)
        try:
            results[place] = acts[place]()
        except Exception as error:  # noqa: BLE001 - whatever it was is the result
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def assert_counts_equal_rows() -> None:
    """Every count that is kept is the number of rows that it counts."""
    for thread in Thread.objects.all():
        shown = thread.comments.shown()
        assert thread.comment_count == shown.count()
        tallies = {(row.group, row.stance): row.comments for row in thread.tallies.all()}
        assert +Counter(tallies) == Counter((c.group, c.stance) for c in shown)
        numbers = list(thread.comments.values_list("changed_sequence", flat=True))
        assert max(numbers, default=0) <= thread.sequence
        assert len(numbers) == len(set(numbers))
    for comment in Comment.objects.all():
        beneath = Comment.objects.shown().filter(
            thread=comment.thread_id, path__startswith=comment.path
        )
        assert comment.reply_count == beneath.exclude(pk=comment.pk).count()
        assert comment.endorsement_count == comment.endorsements.count()
