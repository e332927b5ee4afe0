"""Begin to write the next draft in place, make a draft of what was written, or put it away.

| from \\ act | start | make it the next draft | put away | take up |
|---|---|---|---|---|
| – | open, with the last draft's text | – | – | – |
| open | the same | finished, as a draft | finished, without one | – |
| put away | open, a new one | – | – | open again |
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consult.document.arranging import families, outline_of, references_of
from consult.document.drafting import hold_drafting
from consult.document.fitting import too_long_in
from consult.document.handing_in import record_import
from consult.document.importing import import_draft
from consult.document.models import (
    CoordinationItem,
    Draft,
    Framework,
    Provision,
    Section,
    WorkingPiece,
    WorkingText,
)
from consult.document.outline import EarlierVersion, Outline, OutlineCoordinationItem
from consult.document.placing_pieces import STEP
from consult.document.reading.tables import CELL_MARK
from consult.document.relating import confirm_links, declare_link, earlier_draft_of, stored_links
from consult.document.working import WorkingRefused, held

CELLS = 3


@dataclass(frozen=True)
class Family:
    """Provisions of the draft before, and the pieces that they became; either side may be empty."""

    olds: Sequence[Provision]
    news: Sequence[WorkingPiece]


@transaction.atomic
def start_working(framework: Framework, *, actor: User, at: datetime | None = None) -> WorkingText:
    """The working text of the framework, begun with the text of its last draft where none is open.

    Raises WorkingRefused where the framework has no draft yet.
    """
    # Two who start at once get the same one.
    framework = Framework.objects.select_for_update(no_key=True).get(pk=framework.pk)
    hold_drafting(framework, user=actor)
    found = WorkingText.objects.open().filter(framework=framework).first()
    if found:
        return found
    last = framework.drafts.order_by("-number").first()
    if last is None:
        raise WorkingRefused(_("This framework has no draft yet: import the first one."))
    working = WorkingText.objects.create(
        framework=framework, based_on=last, started_by=actor, started_at=at or timezone.now()
    )
    _copy(last, working)
    return working


def put_away(working: WorkingText, *, actor: User, at: datetime | None = None) -> WorkingText:
    """Write at it no more, for now; nothing of it is lost. Raises WorkingRefused."""
    with held(working, actor=actor) as found:
        found.finished_by, found.finished_at = actor, at or timezone.now()
        found.save(update_fields=["finished_by", "finished_at"])
        return found


@transaction.atomic
def take_up(working: WorkingText, *, actor: User) -> WorkingText:
    """Write on at what was put away. Raises WorkingRefused."""
    framework = Framework.objects.select_for_update(no_key=True).get(pk=working.framework_id)
    hold_drafting(framework, user=actor)
    found = WorkingText.objects.select_for_update(no_key=True).get(pk=working.pk)
    if found.draft_id or WorkingText.objects.open().filter(framework=framework).exists():
        raise WorkingRefused(_("It can't be taken up now: look at what is written."))
    found.finished_by = found.finished_at = None
    found.save(update_fields=["finished_by", "finished_at"])
    return found


@transaction.atomic
def finish_working(
    working: WorkingText, *, actor: User, label: str, at: datetime | None = None
) -> Draft:
    """The working text as the next draft, nothing of it published, with its lineage.

    Raises WorkingRefused where nothing was changed or nothing is left, and AlreadyImported.
    """
    # As in `take_up`, the framework first: an import holds it, too.
    Framework.objects.select_for_update().get(pk=working.framework_id)
    with held(working, actor=actor) as found:
        pieces = list(found.pieces.in_order())
        if not any(not piece.is_removed for piece in pieces):
            raise WorkingRefused(_("Nothing is left of the text."))
        if not is_changed(found, pieces):
            raise WorkingRefused(_("Nothing is changed: there is no other draft to make of it."))
        outline = outline_of(pieces, beside=_beside(found, pieces, label=label))
        too_long = too_long_in(outline)
        if too_long:
            raise WorkingRefused(too_long)
        draft = import_draft(
            framework=found.framework,
            outline=outline,
            source=json.dumps(outline.to_json(), ensure_ascii=False, sort_keys=True),
            label=label,
        )
        record_import(draft, actor=actor)
        _declare(draft, found, pieces, outline, actor=actor)
        found.draft, found.finished_by, found.finished_at = draft, actor, at or timezone.now()
        found.save(update_fields=["draft", "finished_by", "finished_at"])
        return draft


def is_changed(working: WorkingText, pieces: Sequence[WorkingPiece]) -> bool:
    """Whether the text isn't the draft's any more."""
    copied = [_said(piece) for piece in _copies(working.based_on, working)]
    return copied != [_said(piece) for piece in pieces if not piece.is_removed]


def families_of(working: WorkingText, pieces: Sequence[WorkingPiece]) -> list[Family]:
    """What became of every provision of the draft before, in its order; new pieces last."""
    provisions = {
        provision.pk: provision
        for provision in Provision.objects.filter(draft=working.based_on_id)
        .select_related("section")
        .defer("search")
        .order_by("section__position", "position")
    }
    standing = {each.pk: each for each in pieces if not (each.is_section or each.is_removed)}
    ancestors: dict[int, list[int]] = {key: [] for key in standing}
    links = WorkingPiece.came_from.through.objects.filter(workingpiece__working_text=working)
    for piece, provision in links.order_by("pk").values_list("workingpiece_id", "provision_id"):
        if piece in ancestors:
            ancestors[piece].append(provision)
    order = {key: place for place, key in enumerate(provisions)}
    found = [(sorted(olds, key=order.__getitem__), news) for olds, news in families(ancestors)]
    kept = {old for olds, _news in found for old in olds}
    found += [([key], []) for key in provisions if key not in kept]
    found.sort(key=lambda each: order[each[0][0]] if each[0] else len(order))
    return [
        Family([provisions[old] for old in olds], [standing[new] for new in news])
        for olds, news in found
    ]


def _declare(
    draft: Draft,
    working: WorkingText,
    pieces: Sequence[WorkingPiece],
    outline: Outline,
    *,
    actor: User,
) -> None:
    """Say what the pieces know for certain and aligning took for something else.

    Aligning may have followed the last draft that was shown, of which the pieces know nothing.
    """
    if earlier_draft_of(draft) != working.based_on:
        return
    refs = dict(zip((each.pk for each in pieces), references_of(pieces, outline), strict=True))
    proposed = {
        (frozenset(each.link.old), frozenset(each.link.new)): each
        for each in stored_links(working.based_on, draft)
    }
    right = []
    for family in families_of(working, pieces):
        old, new = [each.ref for each in family.olds], [refs[each.pk] for each in family.news]
        stored = proposed.get((frozenset(old), frozenset(new)))
        if stored is None:
            declare_link(draft, old=old, new=new, actor=actor)
        elif stored.is_waiting:
            right.append(stored.number)
    confirm_links(draft, numbers=right, actor=actor)


def _beside(working: WorkingText, pieces: Sequence[WorkingPiece], *, label: str) -> Outline:
    """What an outline has beside its sections."""
    based_on = working.based_on
    history = tuple(EarlierVersion(**entry) for entry in based_on.history)
    items = tuple(_coordination_items(based_on, pieces))
    return Outline(based_on.title, label, history, (), items, ())


def _coordination_items(
    draft: Draft, pieces: Sequence[WorkingPiece]
) -> Iterator[OutlineCoordinationItem]:
    """The rows of the tables that had any: what else stands there in three cells is one, too."""
    known = {
        CELL_MARK.join(cells)
        for cells in CoordinationItem.objects.filter(draft=draft).values_list(
            "key_point", "body", "item"
        )
    }
    tables: list[list[str]] = [[]]
    has_items: list[bool] = [False]
    for piece in pieces:
        if piece.is_removed:
            # Its words tell what table this is.
            has_items[-1] |= piece.text in known
        elif piece.is_section:
            tables.append([])
            has_items.append(False)
        elif piece.kind == WorkingPiece.Kind.ROW:
            tables[-1].append(piece.text)
            has_items[-1] |= piece.text in known
    for rows, are_items in zip(tables, has_items, strict=True):
        for cells in (row.split(CELL_MARK) for row in rows if are_items):
            if len(cells) == CELLS:
                yield OutlineCoordinationItem(*cells)


def _said(piece: WorkingPiece) -> tuple[object, ...]:
    return piece.kind, piece.depth, piece.number, piece.title, piece.text


def _copy(draft: Draft, working: WorkingText) -> None:
    copies = WorkingPiece.objects.bulk_create(_copies(draft, working))
    provisions = Provision.objects.filter(draft=draft).order_by("section__position", "position")
    own = (piece for piece in copies if not piece.is_section)
    links = WorkingPiece.came_from.through
    links.objects.bulk_create(
        links(workingpiece_id=piece.pk, provision_id=key)
        for piece, key in zip(own, provisions.values_list("pk", flat=True), strict=True)
    )


def _copies(draft: Draft, working: WorkingText) -> list[WorkingPiece]:
    """The draft's headings and provisions as pieces that aren't stored yet."""
    provisions = Provision.objects.filter(draft=draft).order_by("section__position", "position")
    beneath = {
        section: list(found)
        for section, found in groupby(
            provisions.values_list("section_id", "kind", "text"), key=lambda row: row[0]
        )
    }
    pieces = []
    for section in Section.objects.filter(draft=draft).in_reading_order():
        pieces.append(
            WorkingPiece(
                kind=WorkingPiece.Kind.SECTION,
                depth=section.depth,
                number=section.number,
                title=section.title,
            )
        )
        pieces += [
            WorkingPiece(kind=kind, text=text)
            for _section, kind, text in beneath.get(section.pk, ())
        ]
    for place, piece in enumerate(pieces, start=1):
        piece.working_text, piece.position = working, place * STEP
    return pieces
