"""Carry open comments into the next draft, along its lineage, once any of it is published.

| from \\ verb | carry | lineage changes | drafter decides |
|---|---|---|---|
| not placed | placed | – | – |
| placed | – | placed anew | decided |
| decided | – | – | decided otherwise |

A comment keeps its first anchor for ever; a placement says where it stands in a later draft. From
draft to draft it goes on from where it stood last, so that what a drafter decided is kept. Each
chunk is a transaction of its own: a killed worker costs one, and carrying again finds what is left.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from celery import current_app, signature
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.crossing import Crossing, Standing
from comments.models import Comment, CommentQuerySet, Placement, PlacementQuerySet
from comments.notifying import tell_orphaned
from consult.document.alignment import Link
from consult.document.models import Draft, LineageRecord, Provision, Section
from consult.document.relating import earlier_draft_of, links_between, propose_lineage

Status = Placement.Status

CARRY_COMMENTS = "comments.tasks.carry_comments"
CHUNK = 2000


class PlacingRefused(Exception):
    """A comment can't be placed so; the message says what to do."""


def carry_comments(later: Draft, *, at: datetime | None = None) -> int:
    """Place every comment that is not placed yet; how many those were.

    Nothing is carried while none of the draft may be read, or where it follows no other. May run
    any number of times, also at once.
    """
    now = at or timezone.now()
    earlier = propose_lineage(later, at=now)
    if earlier is None or not later.sections.readable(at=now).exists():
        return 0
    placed = 0
    record, crossing = _last_record(later), Crossing(earlier, later)
    while (count := _carry_chunk(crossing, record, at=now)) is not None:
        placed += count
        if count == 0:
            record, crossing = _last_record(later), Crossing(earlier, later)
    return placed


@transaction.atomic
def _carry_chunk(crossing: Crossing, record: int | None, *, at: datetime) -> int | None:
    """How many comments were placed; 0 where the lineage has changed, None where none is left."""
    # The lineage can't change until these stand.
    Draft.objects.select_for_update(no_key=True).get(pk=crossing.later.pk)
    if _last_record(crossing.later) != record:
        return 0
    standings = list(not_carried(crossing.earlier, crossing.later))
    if not standings:
        return None
    placements = [crossing.place(standing) for standing in standings]
    Placement.objects.bulk_create(placements, ignore_conflicts=True)
    authors = {standing.comment: standing.author for standing in standings}
    gone = [each.comment_id for each in placements if each.status == Status.ORPHANED]
    tell_orphaned(((comment, authors[comment]) for comment in gone), at=at)
    return len(placements)


def drafts_to_carry_into(*, at: datetime) -> list[Draft]:
    """Drafts that may be read in part and whose draft before has comments without a place."""
    shown = Draft.objects.filter(
        Exists(Section.objects.readable(at=at).filter(draft=OuterRef("pk")))
    )
    found = []
    for later in shown.order_by("pk"):
        earlier = earlier_draft_of(later, at=at)
        if earlier and any(some.exists() for some in _open_comments(earlier, later)):
            found.append(later)
    return found


def carry_on_commit(draft_id: int) -> None:
    """Have a worker carry once this transaction stands; where Redis is away, beat asks again."""
    task = signature(CARRY_COMMENTS, (draft_id,), app=current_app)
    transaction.on_commit(task.delay, robust=True)


def not_carried(earlier: Draft, later: Draft) -> Iterator[Standing]:
    """A chunk of the earlier draft's comments that have no place in the later one yet."""
    own, placed_before = _open_comments(earlier, later)
    rows = own.values_list(
        "pk",
        "author_id",
        "thread__section_id",
        "thread__provision__ref",
        "anchor_start",
        "anchor_end",
    )
    for comment, author, section, ref, start, end in rows.order_by("pk")[:CHUNK]:
        yield Standing(comment, author, section, ref or "", start, end, is_orphaned=False)
    rows_before = placed_before.values_list(
        "pk",
        "author_id",
        "placements__section_id",
        "placements__provision__ref",
        "placements__start",
        "placements__end",
        "placements__status",
    )
    for comment, author, section, ref, start, end, status in rows_before.order_by("pk")[:CHUNK]:
        is_orphaned = status == Status.ORPHANED
        yield Standing(comment, author, section, ref or "", start, end, is_orphaned=is_orphaned)


def _open_comments(earlier: Draft, later: Draft) -> tuple[CommentQuerySet, CommentQuerySet]:
    """First comments without a place in the later draft: made on the earlier one, or put there."""
    placed = Placement.objects.filter(comment=OuterRef("pk"), draft=later)
    first = Comment.objects.shown().filter(~Exists(placed), parent=None)
    return first.filter(thread__draft=earlier), first.filter(placements__draft=earlier)


@dataclass(frozen=True)
class Progress:
    """How many of a draft's earlier comments have their place in it, and how many wait."""

    placed: int
    left: int
    waiting: int


def progress_of(later: Draft) -> Progress | None:
    """How far carrying is; None where the draft follows no other."""
    earlier = earlier_draft_of(later)
    if earlier is None:
        return None
    placements = Placement.objects.filter(draft=later)
    return Progress(
        placed=placements.count(),
        left=sum(some.count() for some in _open_comments(earlier, later)),
        waiting=placements.waiting().count(),
    )


@contextmanager
def lineage_changing(later: Draft) -> Iterator[None]:
    """What is done to the lineage within, in one transaction, has comments placed anew.

    Those that it moves; what a drafter decided about a comment stays.
    """
    with transaction.atomic():
        Draft.objects.select_for_update(no_key=True).get(pk=later.pk)
        earlier = earlier_draft_of(later)
        before = _by_old(links_between(earlier, later)) if earlier else {}
        yield
        if earlier is None:
            return
        after = _by_old(links_between(earlier, later))
        changed = [ref for ref in after if before.get(ref) != after[ref]]
        moved = Placement.objects.filter(draft=later, decided_at=None)
        _standing_on(moved, earlier, changed).delete()
        carry_on_commit(later.pk)


def decide_placement(
    placement: Placement, *, actor: User, ref: str | None = None, at: datetime | None = None
) -> Placement:
    """Decide where a comment stands: as proposed, on the provision of this reference, or nowhere.

    None agrees with the proposal, an empty `ref` says that its words are gone. Raises
    PlacingRefused where the draft has no such provision.
    """
    now = at or timezone.now()
    with transaction.atomic():
        found = Placement.objects.select_for_update().select_related("comment").get(pk=placement.pk)
        if ref:
            provision = Provision.objects.filter(draft=found.draft_id, ref=ref).first()
            if provision is None:
                raise PlacingRefused(_("This draft has no provision %(refs)s.") % {"refs": ref})
            if provision.pk != found.provision_id:
                found.provision, found.section_id = provision, provision.section_id
                found.start = found.end = None
                found.status = Status.EDITED
        elif ref == "":
            found.provision = found.start = found.end = None
            found.status = Status.ORPHANED
            tell_orphaned([(found.comment_id, found.comment.author_id)], at=now)
        found.decided_by, found.decided_at = actor, now
        found.save()
    return found


def _last_record(later: Draft) -> int | None:
    records = LineageRecord.objects.filter(later_draft=later).order_by("-pk")
    return records.values_list("pk", flat=True).first()


def _by_old(links: Iterable[Link]) -> dict[str, Link]:
    return {ref: link for link in links for ref in link.old}


def _standing_on(
    placements: PlacementQuerySet, earlier: Draft, refs: Sequence[str]
) -> PlacementQuerySet:
    """Placements of comments that stood on these provisions of the earlier draft."""
    own = Comment.objects.filter(thread__draft=earlier, thread__provision__ref__in=refs)
    before = Comment.objects.filter(placements__draft=earlier, placements__provision__ref__in=refs)
    return placements.filter(comment__in=own.values("pk").union(before.values("pk")))
