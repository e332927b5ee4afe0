"""What drafters see of the next draft while they write it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from comments.models import Comment, Placement
from consult.document.arranging import depths, outline_of, references_of
from consult.document.difference import Stretch, difference
from consult.document.finishing import families_of, is_changed
from consult.document.models import (
    Draft,
    Framework,
    Lineage,
    Provision,
    WorkingPiece,
    WorkingRecord,
    WorkingText,
)
from consult.document.outline import Outline

LATELY = timedelta(minutes=10)
DEEPEST_SHOWN = 5
RECORDS_SHOWN = 100
BARE = Outline("", "", (), (), (), ())


@dataclass(frozen=True)
class PieceLine:
    """One piece of the working text in its place."""

    piece: WorkingPiece
    depth: int
    ref: str
    # Changed by somebody else in the last minutes.
    is_at_work: bool


@dataclass(frozen=True)
class WorkingPage:
    """The whole text."""

    framework: Framework
    working: WorkingText | None
    lines: Sequence[PieceLine]
    # What was put away last and may be taken up again; the last draft.
    put_away: WorkingText | None
    last: Draft | None
    # The number of a draft that came after the one that this is made from.
    newer: int | None


@dataclass(frozen=True)
class Wording:
    """A wording that a comment proposes, and how it differs from what stands there."""

    comment: Comment
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class PiecePage:
    """One piece with what can be done to it."""

    working: WorkingText
    line: PieceLine
    following: WorkingPiece | None
    wordings: Sequence[Wording]
    since: Sequence[Stretch]

    @property
    def piece(self) -> WorkingPiece:
        return self.line.piece

    @property
    def kinds(self) -> list[tuple[str, object]]:
        """What can be added below as a provision."""
        return [(kind.value, kind.label) for kind in Provision.Kind]


@dataclass(frozen=True)
class RecordLine:
    """One act, with what it changed."""

    record: WorkingRecord
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class Change:
    """What became of provisions of the draft before."""

    kind: str
    olds: Sequence[Provision]
    news: Sequence[str]
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class FinishPage:
    """What the next draft changes."""

    working: WorkingText
    kinds: Sequence[tuple[str, int]]
    headings: int
    changes: Sequence[Change]
    is_changed: bool


def open_text(framework: Framework) -> WorkingText | None:
    """What is written at now."""
    found = WorkingText.objects.open().filter(framework=framework)
    return found.select_related("framework", "based_on__framework", "started_by").first()


def working_page(framework: Framework, *, user: User, at: datetime) -> WorkingPage:
    """The whole text in six queries."""
    working = open_text(framework)
    put_away = WorkingText.objects.filter(
        framework=framework, draft=None, finished_at__isnull=False
    ).order_by("-finished_at")
    last = framework.drafts.order_by("-number").first()
    newer = working and last and last.number > working.based_on.number
    return WorkingPage(
        framework=framework,
        working=working,
        lines=_lines(working, user=user, at=at) if working else (),
        put_away=None if working else put_away.first(),
        last=last,
        newer=last.number if newer and last else None,
    )


def piece_page(working: WorkingText, key: int, *, user: User, at: datetime) -> PiecePage | None:
    """One piece; None where there is none of this key."""
    lines = _lines(working, user=user, at=at)
    place = next((place for place, line in enumerate(lines) if line.piece.pk == key), None)
    if place is None:
        return None
    piece = lines[place].piece
    later = (line.piece for line in lines[place + 1 :] if not line.piece.is_removed)
    following = next(later, None)
    origins = list(piece.came_from.order_by("section__position", "position"))
    before = "\n".join(origin.text for origin in origins)
    return PiecePage(
        working=working,
        line=lines[place],
        following=None if not following or following.is_section else following,
        wordings=[] if piece.is_section else _wordings(working, piece, origins),
        since=difference(before, piece.text) if origins and before != piece.text else (),
    )


def wordings_for(working: WorkingText, origins: Sequence[Provision]) -> list[Comment]:
    """The comments whose proposed wording is about these provisions, the most endorsed first."""
    placed = Placement.objects.settled().filter(draft=working.based_on_id, provision__in=origins)
    found = Comment.objects.shown().with_wording().with_speaker()
    own = Q(thread__provision__in=origins) | Q(pk__in=placed.values("comment"))
    return list(found.filter(own).order_by("-endorsement_count", "pk"))


def typed_beside(conflict: WorkingPiece | None, typed: str | None) -> dict[str, object]:
    """What was typed and not saved, and how it differs from what somebody else saved."""
    stretches = difference(conflict.text, typed) if conflict and typed else ()
    return {"typed": typed, "stretches": stretches}


def refs_of(working: WorkingText) -> dict[str, WorkingPiece]:
    """The pieces that stand, by the references that they have now."""
    pieces = list(working.pieces.in_order())
    refs = references_of(pieces, outline_of(pieces, beside=BARE))
    return {ref: piece for ref, piece in zip(refs, pieces, strict=True) if ref}


def history_lines(working: WorkingText, *, key: int | None) -> list[RecordLine]:
    """The last acts on the text, or on one piece of it, the newest first."""
    records = WorkingRecord.objects.filter(piece__working_text=working)
    if key is not None:
        records = records.filter(piece=key)
    newest = records.select_related("actor", "piece").order_by("-pk")[:RECORDS_SHOWN]
    return [
        RecordLine(record, difference(_said(record.before), _said(record.after)))
        for record in newest
    ]


def finish_page(working: WorkingText) -> FinishPage:
    """What there is to look at before it becomes a draft."""
    pieces = list(working.pieces.in_order())
    refs = references_of(pieces, outline_of(pieces, beside=BARE))
    ref_of = dict(zip((each.pk for each in pieces), refs, strict=True))
    heads = _heads(pieces)
    kinds: Counter[str] = Counter()
    changes = []
    for family in families_of(working, pieces):
        before = "\n".join(each.text for each in family.olds)
        after = "\n".join(each.text for each in family.news)
        old_places = [(each.section.number, each.section.title) for each in family.olds]
        new_places = [heads[each.pk] for each in family.news]
        kind = _kind(old_places, new_places, is_same=before == after)
        kinds[kind] += 1
        if kind != Lineage.Kind.KEPT:
            changes.append(
                Change(
                    str(Lineage.Kind(kind).label),
                    family.olds,
                    [ref_of[each.pk] for each in family.news],
                    difference(before, after),
                )
            )
    return FinishPage(
        working=working,
        kinds=[(str(kind.label), kinds[kind]) for kind in Lineage.Kind if kinds[kind]],
        headings=_headings_changed(working, pieces),
        changes=changes,
        is_changed=is_changed(working, pieces),
    )


def _lines(working: WorkingText, *, user: User, at: datetime) -> list[PieceLine]:
    pieces = list(working.pieces.in_order().select_related("changed_by", "working_text__framework"))
    refs = references_of(pieces, outline_of(pieces, beside=BARE))
    return [
        PieceLine(
            piece,
            min(depth, DEEPEST_SHOWN),
            ref,
            is_at_work=bool(
                piece.changed_at
                and piece.changed_by_id != user.pk
                and piece.changed_at > at - LATELY
            ),
        )
        for piece, depth, ref in zip(pieces, depths(pieces), refs, strict=True)
    ]


def _wordings(
    working: WorkingText, piece: WorkingPiece, origins: Sequence[Provision]
) -> list[Wording]:
    return [
        Wording(comment, difference(piece.text, comment.proposed_text))
        for comment in wordings_for(working, origins)
    ]


def _said(kept: dict[str, object]) -> str:
    """What a record keeps, as words."""
    texts = kept.get("texts")
    if isinstance(texts, list):
        return "\n".join(map(str, texts))
    return " ".join(str(kept[name]) for name in ("number", "title", "text") if kept.get(name))


def _heads(pieces: Sequence[WorkingPiece]) -> dict[int, tuple[str, str]]:
    """The heading that each piece stands under."""
    head = ("", "")
    found = {}
    for piece in pieces:
        if piece.is_section and not piece.is_removed:
            head = (piece.number, piece.title)
        found[piece.pk] = head
    return found


def _kind(olds: Sequence[object], news: Sequence[object], *, is_same: bool) -> str:
    if not olds or not news:
        return Lineage.Kind.NEW if news else Lineage.Kind.DELETED
    if len(olds) > 1 or len(news) > 1:
        return Lineage.Kind.MERGED if len(olds) > 1 else Lineage.Kind.SPLIT
    if not is_same:
        return Lineage.Kind.EDITED
    return Lineage.Kind.KEPT if olds == news else Lineage.Kind.MOVED


def _headings_changed(working: WorkingText, pieces: Sequence[WorkingPiece]) -> int:
    """How many headings were changed, added or deleted."""
    old = Counter(working.based_on.sections.values_list("number", "title"))
    new = Counter(
        (each.number, each.title) for each in pieces if each.is_section and not each.is_removed
    )
    return max((old - new).total(), (new - old).total())
