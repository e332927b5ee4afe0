"""How long it takes to carry a hundred thousand comments into the next draft."""

import itertools
import time
import uuid
from collections.abc import Iterator

from comments.carrying import carry_comments
from comments.models import Comment, Placement
from consult.document.importing import import_draft
from consult.document.publishing import open_section
from tests.benchmarks.ground import Ground
from tests.benchmarks.table import Row, at_most
from tests.benchmarks.talk import Crowd
from tests.cast import next_outline

MANY = 100_000
AT_ONCE = 5000


def measure(_ground: Ground) -> Iterator[Row]:
    """Comments on words of a provision that was edited: each is placed through the difference."""
    crowd = Crowd.gather()
    provision = crowd.provision("壹-1")
    thread = crowd.fill(provision, 1)
    first = thread.comments.get()
    ends = itertools.cycle(range(2, len(provision.text)))
    for begin in range(2, MANY + 1, AT_ONCE):
        Comment.objects.bulk_create(
            Comment(
                thread=thread,
                path=f"{number:010}",
                sequence=number,
                changed_sequence=number,
                author=first.author,
                group="public",
                stance="other",
                body="這幾個字。",
                anchor_exact=provision.text[end - 2 : end],
                anchor_start=end - 2,
                anchor_end=end,
                idempotency_key=uuid.uuid4(),
            )
            for number, end in zip(range(begin, min(begin + AT_ONCE, MANY + 1)), ends, strict=False)
        )
    later = import_draft(framework=crowd.draft.framework, outline=next_outline(), source="next")
    open_section(later.sections.get(ref="壹"), actor=crowd.people[0])
    begun = time.perf_counter()
    placed = carry_comments(later)
    took = time.perf_counter() - begun
    note = f" for {placed:,}, {Placement.objects.count():,} placed"
    yield at_most("carrying 100,000 comments", 120, took, unit="s", note=note)
