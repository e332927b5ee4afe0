"""Where the pieces of a working text stand: in one row, with room between neighbours.

Whoever calls this holds the working text.
"""

from collections.abc import Sequence

from consult.document.models import WorkingPiece, WorkingText

# So many halvings fit between two neighbours before the row is numbered anew.
STEP = 1 << 20
AT_ONCE = 1000


def room_behind(
    piece: WorkingPiece | None,
    *,
    within: WorkingText,
    count: int,
    without: Sequence[WorkingPiece] = (),
) -> list[int]:
    """So many positions right behind a piece, or before all others, the block's own not counted."""
    left = _left_behind(piece, within, without)
    if left is None:
        last = _position(piece) if piece else 0
        return [last + STEP * place for place in range(1, count + 1)]
    first, beyond = left
    step = (beyond - first) // (count + 1)
    if not step:
        _number_anew(within)
        return room_behind(piece, within=within, count=count, without=without)
    return [first + step * place for place in range(1, count + 1)]


def put_behind(
    piece: WorkingPiece | None, block: Sequence[WorkingPiece], *, within: WorkingText
) -> None:
    """The pieces of the block, in their order, right behind another one, or before all others."""
    positions = room_behind(piece, within=within, count=len(block), without=block)
    for moved, position in zip(block, positions, strict=True):
        moved.position = position
    WorkingPiece.objects.bulk_update(block, ["position"], batch_size=AT_ONCE)


def _left_behind(
    piece: WorkingPiece | None, within: WorkingText, without: Sequence[WorkingPiece]
) -> tuple[int, int] | None:
    """The positions between which there is room; None behind the last piece."""
    others = within.pieces.exclude(pk__in=[each.pk for each in without]).in_order()
    if piece is None:
        following = others.first()
        return None if following is None else (following.position - STEP, following.position)
    position = _position(piece)
    following = others.filter(position__gt=position).first()
    return None if following is None else (position, following.position)


def _position(piece: WorkingPiece) -> int:
    """As it stands now: numbering the row anew changes it."""
    return WorkingPiece.objects.values_list("position", flat=True).get(pk=piece.pk)


def _number_anew(within: WorkingText) -> None:
    pieces = list(within.pieces.in_order().only("pk", "position"))
    for place, piece in enumerate(pieces, start=1):
        piece.position = place * STEP
    WorkingPiece.objects.bulk_update(pieces, ["position"], batch_size=AT_ONCE)
