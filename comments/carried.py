"""What was said on earlier drafts and stands here now: beside a thread, and counted in the text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from comments.models import Comment, Placement, PlacementQuerySet
from comments.showing import CommentView, comment_views
from comments.targets import Target
from consult.document.difference import Stretch, difference
from consult.document.models import Draft, Provision, Section

SHOWN = 20


@dataclass(frozen=True)
class CarriedView:
    """One comment of an earlier draft, where it stands now, and what became of its words."""

    view: CommentView
    placement: Placement

    @property
    def comment(self) -> Comment:
        return self.view.comment

    @property
    def status(self) -> str:
        """In words; that a drafter has not decided yet goes before what is proposed."""
        return str(self.placement.get_status_display()) if self.placement.is_settled else ""

    @property
    def old_text(self) -> str:
        """The provision as it was when this was said; empty where it was on no provision."""
        provision = self.comment.thread.provision
        return provision.text if provision else ""

    @property
    def before(self) -> str:
        """What stands in the new provision before the words."""
        return self._new_text[: self.placement.start or 0]

    @property
    def words(self) -> str:
        """The words as they stand now; all of the provision, where it is on no words."""
        return self._new_text[self.placement.start : self.placement.end]

    @property
    def behind(self) -> str:
        """What stands behind the words."""
        end = self.placement.end
        return "" if end is None else self._new_text[end:]

    @property
    def _new_text(self) -> str:
        return self.placement.provision.text if self.placement.provision else ""

    @property
    def changes(self) -> Sequence[Stretch]:
        """What changed in the words it is about; in the whole text, where it is on no words."""
        if self.placement.status != Placement.Status.EDITED:
            return ()
        return difference(self.comment.anchor_exact or self.old_text, self.words)


@dataclass(frozen=True)
class Carried:
    """The first of the comments that were carried to one place, and how many there are."""

    views: Sequence[CarriedView] = ()
    total: int = 0
    next_before: int | None = None

    def __bool__(self) -> bool:
        return bool(self.views)


def carried_to(target: Target, *, at: datetime, before: int | None = None) -> Carried:
    """Comments of earlier drafts that stand on this target, newest first.

    On a section also those whose words are gone or that wait for a drafter. `before` is the key of
    the last comment of the page before. Two queries at most.
    """
    placements = Placement.objects.visible(at=at).filter(_on(target))
    found = placements if before is None else placements.filter(comment__lt=before)
    views = carried_views(found.order_by("-comment")[: SHOWN + 1])
    is_all = before is None and len(views) <= SHOWN
    return Carried(
        views[:SHOWN],
        len(views) if is_all else placements.count(),
        views[SHOWN - 1].comment.pk if len(views) > SHOWN else None,
    )


def carried_views(placements: PlacementQuerySet) -> list[CarriedView]:
    """These placements with their comments, in one query."""
    rows = placements.select_related(
        "comment__author",
        "comment__organisation",
        "comment__thread__provision",
        "comment__thread__section",
        "comment__thread__draft__framework",
        "provision",
    ).defer("comment__thread__provision__search", "provision__search")
    return [
        CarriedView(view, placement)
        for placement in rows
        for view in comment_views([placement.comment], text=_text_of(placement.comment))
    ]


def carried_counts(sections: Iterable[Section], *, at: datetime) -> dict[str, int]:
    """How many comments of earlier drafts stand where, by reference of provision or section."""
    rows = (
        Placement.objects.visible(at=at)
        .filter(section__in=sections)
        .values_list("section__ref", "provision__ref", "is_certain", "decided_at")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts = Counter[str]()
    for section, provision, is_certain, decided_at, count in rows:
        is_settled = is_certain or decided_at is not None
        counts[provision if provision and is_settled else section] += count
    return dict(counts)


def later_place_of(comment: Comment, *, at: datetime) -> Placement | None:
    """Where a comment stands in the newest draft it was carried to that may be read."""
    # Most weren't, which is read along with a comment that is looked for.
    if not getattr(comment, "is_carried", True):
        return None
    return (
        Placement.objects.visible(at=at)
        .filter(comment=comment)
        .select_related("draft__framework", "section", "provision")
        .order_by("-draft__number")
        .first()
    )


def _on(target: Target) -> Q:
    settled = Q(is_certain=True) | Q(decided_at__isnull=False)
    if isinstance(target, Provision):
        return Q(provision=target) & settled
    if isinstance(target, Section):
        return Q(section=target) & (Q(provision=None) | ~settled)
    assert isinstance(target, Draft)  # noqa: S101 - the last kind of target
    return Q(draft=target, section=None)


def _text_of(comment: Comment) -> str | None:
    return comment.thread.provision.text if comment.thread.provision else None
