"""Write the next draft in place: the verbs on a working text and its pieces.

| from \\ act | change, adopt | split | merge with next | move | delete | restore |
|---|---|---|---|---|---|---|
| standing | standing | standing, and new ones | both in one | standing | removed | – |
| removed | – | – | – | – | – | standing |

Each act locks the working text, so that drafters take turns, checks after the lock, writes, and
appends a record. Who changes words has seen the last ones: else EditConflict says what came in
between, and nothing is written.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consult.document.arranging import depths, end_of
from consult.document.drafting import hold_drafting
from consult.document.models import WorkingPiece, WorkingRecord, WorkingText
from consult.document.placing_pieces import put_behind, room_behind

Act = WorkingRecord.Act
Kind = WorkingPiece.Kind
LONGEST_TEXT = 20_000
DEEPEST = 8


class WorkingRefused(Exception):
    """The act doesn't fit what stands there now; the message says what to do."""


class EditConflict(Exception):
    """Somebody else changed the piece meanwhile; `piece` is as it stands now."""

    def __init__(self, piece: WorkingPiece) -> None:
        super().__init__(_("Somebody else has changed it meanwhile."))
        self.piece = piece


@dataclass(frozen=True)
class Words:
    """What a drafter types: the text of a provision, or a heading's number, title and depth."""

    text: str = ""
    number: str = ""
    title: str = ""
    depth: int | None = None


@contextmanager
def held(working: WorkingText, *, actor: User) -> Iterator[WorkingText]:
    """The working text, locked: one drafter acts at a time.

    Http404 for who drafts the framework no longer. Raises WorkingRefused where it is finished.
    """
    with transaction.atomic():
        hold_drafting(working.framework, user=actor)
        found = WorkingText.objects.select_for_update(no_key=True).get(pk=working.pk)
        if found.finished_at is not None:
            raise WorkingRefused(_("This text isn't written at any more."))
        yield found


def change_piece(
    piece: WorkingPiece, *, words: Words, version: int, actor: User, at: datetime | None = None
) -> WorkingPiece:
    """The piece with these words; saving the words that stand there already changes nothing.

    Raises WorkingRefused and EditConflict.
    """
    with held(piece.working_text, actor=actor):
        found = _standing(piece, version=version)
        before = words_of(found)
        _put(found, words)
        if words_of(found) != before:
            found.adopted_reference = ""
            _save_words(found, actor, at)
            _record(found, Act.CHANGE, before, words_of(found), actor, at)
        return found


def adopt_wording(
    piece: WorkingPiece,
    *,
    text: str,
    reference: str,
    version: int,
    actor: User,
    at: datetime | None = None,
) -> WorkingPiece:
    """The piece with the wording that the comment of this reference proposes.

    Raises WorkingRefused and EditConflict.
    """
    with held(piece.working_text, actor=actor):
        found = _standing(piece, version=version)
        if found.is_section:
            raise WorkingRefused(_("A heading has no text of its own."))
        before = words_of(found)
        _put(found, Words(text=text))
        found.adopted_reference = reference
        _save_words(found, actor, at)
        _record(found, Act.ADOPT, before, words_of(found) | {"comment": reference}, actor, at)
        return found


def split_piece(
    piece: WorkingPiece,
    *,
    texts: Sequence[str],
    version: int,
    actor: User,
    at: datetime | None = None,
) -> list[WorkingPiece]:
    """One provision for each of the texts, all of them from where the piece came from.

    Raises WorkingRefused and EditConflict.
    """
    with held(piece.working_text, actor=actor):
        found = _standing(piece, version=version)
        parts = [part.strip() for part in texts if part.strip()]
        if found.is_section:
            raise WorkingRefused(_("A heading can't be split."))
        if len(parts) == 1 or not parts:
            raise WorkingRefused(_("Put a line with --- or an empty line where it is to be split."))
        before = words_of(found)
        _put(found, Words(text=parts[0]))
        _save_words(found, actor, at)
        ancestors = list(found.came_from.all())
        positions = room_behind(found, within=found.working_text, count=len(parts) - 1)
        new = []
        for position, text in zip(positions, parts[1:], strict=True):
            part = _new(found, found.kind, Words(text=text), position, actor, at)
            part.came_from.set(ancestors)
            new.append(part)
        _record(found, Act.SPLIT, before, {"texts": parts}, actor, at)
        for part in new:
            _record(part, Act.SPLIT, {}, words_of(part), actor, at)
        return [found, *new]


def merge_with_next(
    piece: WorkingPiece,
    *,
    following: WorkingPiece,
    version: int,
    following_version: int,
    actor: User,
    at: datetime | None = None,
) -> WorkingPiece:
    """The provision with the words of the next one behind its own; the next one is removed.

    Raises WorkingRefused and EditConflict.
    """
    with held(piece.working_text, actor=actor):
        found = _standing(piece, version=version)
        next_one = _next_standing(found)
        if next_one is None or next_one.pk != following.pk:
            raise WorkingRefused(_("Something else stands behind it now. Look at it again."))
        if found.is_section or next_one.is_section:
            raise WorkingRefused(_("Only two provisions can be merged."))
        next_one = _standing(next_one, version=following_version)
        before, before_next = words_of(found), words_of(next_one)
        _put(found, Words(text=_joined(found.text, next_one.text)))
        _save_words(found, actor, at)
        found.came_from.add(*next_one.came_from.all())
        next_one.is_removed, next_one.merged_into = True, found
        _save_words(next_one, actor, at)
        _record(found, Act.MERGE, before, words_of(found), actor, at)
        _record(next_one, Act.MERGE, before_next, {}, actor, at)
        return found


def move_piece(
    piece: WorkingPiece, *, behind: WorkingPiece | None, actor: User, at: datetime | None = None
) -> WorkingPiece:
    """The piece behind another one, or first of all; a heading takes along what is beneath it.

    Raises WorkingRefused.
    """
    with held(piece.working_text, actor=actor):
        found = _standing(piece)
        pieces = _pieces(found)
        place = pieces.index(found)
        block = pieces[place : end_of(pieces, place)]
        if behind in block:
            raise WorkingRefused(_("It can't stand behind itself."))
        if behind is not None and behind not in pieces:
            raise WorkingRefused(_("What it is to stand behind isn't there any more."))
        before = _place(found)
        put_behind(behind, block, within=found.working_text)
        _save_place(found, actor, at)
        _record(found, Act.MOVE, before, _place(found), actor, at)
        return found


def move_step(
    piece: WorkingPiece, *, up: bool, actor: User, at: datetime | None = None
) -> WorkingPiece:
    """The piece one place up or down: a provision past what stands there, a heading past the
    heading beside it with all that is beneath each.

    Raises WorkingRefused where there is nothing to move it past.
    """
    with held(piece.working_text, actor=actor):
        found = _standing(piece)
        pieces = _pieces(found)
        behind = _step_up(pieces, found) if up else _step_down(pieces, found)
        return move_piece(found, behind=behind, actor=actor, at=at)


def add_piece(
    behind: WorkingPiece, *, kind: str, words: Words, actor: User, at: datetime | None = None
) -> WorkingPiece:
    """A new piece behind another one. Raises WorkingRefused."""
    with held(behind.working_text, actor=actor):
        if kind == Kind.SECTION and words.depth is None:
            words = replace(words, depth=_depth_at(behind))
        (position,) = room_behind(behind, within=behind.working_text, count=1)
        added = _new(behind, kind, words, position, actor, at)
        _record(added, Act.ADD, {}, words_of(added), actor, at)
        return added


def delete_piece(
    piece: WorkingPiece, *, version: int, actor: User, at: datetime | None = None
) -> list[WorkingPiece]:
    """Remove a provision, or a heading with all that stands beneath it; gives what was removed.

    Raises WorkingRefused and EditConflict.
    """
    with held(piece.working_text, actor=actor):
        found = _standing(piece, version=version)
        pieces = _pieces(found)
        place = pieces.index(found)
        removed = [each for each in pieces[place : end_of(pieces, place)] if not each.is_removed]
        beneath = [each.pk for each in removed[1:]]
        now = at or timezone.now()
        rows = WorkingPiece.objects.filter(pk__in=[found.pk, *beneath])
        rows.update(is_removed=True, changed_by=actor, changed_at=now)
        WorkingPiece.objects.filter(pk__in=beneath).update(removed_with=found)
        _record(found, Act.DELETE, words_of(found), {"beneath": len(beneath)}, actor, now)
        return removed


def restore_piece(piece: WorkingPiece, *, actor: User, at: datetime | None = None) -> WorkingPiece:
    """Bring back what was deleted, and with a heading what went with it.

    Raises WorkingRefused where it was merged: its words stand in another.
    """
    with held(piece.working_text, actor=actor):
        found = _fresh(piece)
        if not found.is_removed:
            raise WorkingRefused(_("It isn't deleted."))
        if found.merged_into_id:
            raise WorkingRefused(_("It was merged into another. Split that one instead."))
        now = at or timezone.now()
        rows = WorkingPiece.objects.filter(pk=found.pk)
        rows |= WorkingPiece.objects.filter(removed_with=found)
        rows.update(is_removed=False, removed_with=None, changed_by=actor, changed_at=now)
        _record(found, Act.RESTORE, {}, words_of(found), actor, now)
        return _fresh(found)


def words_of(piece: WorkingPiece) -> dict[str, object]:
    """What a record keeps of a piece's words."""
    if piece.is_section:
        return {"number": piece.number, "title": piece.title, "depth": piece.depth}
    return {"text": piece.text}


def _pieces(piece: WorkingPiece) -> list[WorkingPiece]:
    return list(WorkingPiece.objects.filter(working_text=piece.working_text_id).in_order())


def _fresh(piece: WorkingPiece) -> WorkingPiece:
    return WorkingPiece.objects.select_related("working_text", "changed_by").get(pk=piece.pk)


def _standing(piece: WorkingPiece, *, version: int | None = None) -> WorkingPiece:
    """The piece as it is now, of this version. Raises WorkingRefused and EditConflict."""
    found = _fresh(piece)
    if version is not None and found.version != version:
        raise EditConflict(found)
    if found.is_removed:
        raise WorkingRefused(_("It was deleted meanwhile. Restore it first."))
    return found


def _next_standing(piece: WorkingPiece) -> WorkingPiece | None:
    later = WorkingPiece.objects.standing().filter(
        working_text=piece.working_text_id, position__gt=piece.position
    )
    return later.in_order().first()


def _depth_at(piece: WorkingPiece) -> int:
    pieces = _pieces(piece)
    return depths(pieces)[pieces.index(piece)]


def _step_up(pieces: Sequence[WorkingPiece], piece: WorkingPiece) -> WorkingPiece | None:
    """Behind what it stands after one step up."""
    place = pieces.index(piece)
    deep = depths(pieces)
    for earlier in range(place - 1, -1, -1):
        passed = pieces[earlier]
        if passed.is_removed or (piece.is_section and not passed.is_section):
            continue
        if piece.is_section and deep[earlier] > deep[place]:
            continue
        if piece.is_section and deep[earlier] < deep[place]:
            break
        return pieces[earlier - 1] if earlier else None
    raise WorkingRefused(_("It stands first already."))


def _step_down(pieces: Sequence[WorkingPiece], piece: WorkingPiece) -> WorkingPiece:
    """Behind what it stands after one step down."""
    place = end_of(pieces, pieces.index(piece))
    while place < len(pieces) and pieces[place].is_removed:
        place += 1
    deep = depths(pieces)
    is_last = place == len(pieces) or (piece.is_section and deep[place] < deep[pieces.index(piece)])
    if is_last:
        raise WorkingRefused(_("It stands last already."))
    end = end_of(pieces, place) if piece.is_section else place + 1
    return pieces[end - 1]


def _put(piece: WorkingPiece, words: Words) -> None:
    """Put the words where the piece's kind has them. Raises WorkingRefused where there are none."""
    if piece.is_section:
        piece.number, piece.title = words.number.strip(), words.title.strip()
        if words.depth is not None:
            piece.depth = max(0, min(words.depth, DEEPEST))
        if not piece.number and not piece.title:
            raise WorkingRefused(_("Give the heading a number or a title."))
        return
    text = words.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise WorkingRefused(_("Nothing is written there. To take it out, delete it."))
    if len(text) > LONGEST_TEXT:
        raise WorkingRefused(
            _("That is longer than %(most)s characters. Split it.") % {"most": LONGEST_TEXT}
        )
    piece.text = text


def _joined(text: str, more: str) -> str:
    """Two texts as one; words of an alphabet keep their space."""
    is_spaced = text[-1:].isascii() and more[:1].isascii()
    return text + (" " if is_spaced else "") + more


def _new(
    beside: WorkingPiece,
    kind: str,
    words: Words,
    position: int,
    actor: User,
    at: datetime | None,
) -> WorkingPiece:
    piece = WorkingPiece(
        working_text=beside.working_text,
        position=position,
        kind=Kind(kind),
        changed_by=actor,
        changed_at=at or timezone.now(),
    )
    _put(piece, words)
    piece.save()
    return piece


def _save_words(piece: WorkingPiece, actor: User, at: datetime | None) -> None:
    piece.version += 1
    piece.changed_by, piece.changed_at = actor, at or timezone.now()
    piece.save(
        update_fields=[
            "depth",
            "number",
            "title",
            "text",
            "adopted_reference",
            "version",
            "changed_by",
            "changed_at",
            "is_removed",
            "merged_into",
        ]
    )


def _save_place(piece: WorkingPiece, actor: User, at: datetime | None) -> None:
    piece.refresh_from_db(fields=["position"])
    piece.changed_by, piece.changed_at = actor, at or timezone.now()
    piece.save(update_fields=["changed_by", "changed_at"])


def _place(piece: WorkingPiece) -> dict[str, object]:
    """What a record keeps of where a piece stands: behind which one."""
    earlier = WorkingPiece.objects.filter(
        working_text=piece.working_text_id, position__lt=piece.position
    )
    last = earlier.aggregate(last=Max("position"))["last"]
    behind = earlier.filter(position=last).first()
    return {"behind": words_of(behind) if behind else None}


def _record(
    piece: WorkingPiece,
    act: WorkingRecord.Act,
    before: dict[str, object],
    after: dict[str, object],
    actor: User,
    at: datetime | None,
) -> None:
    WorkingRecord.objects.create(
        piece=piece,
        act=act,
        actor=actor,
        recorded_at=at or timezone.now(),
        before=before,
        after=after,
    )
