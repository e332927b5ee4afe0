"""What was changed between two texts, as a Chinese reader expects it: whole stretches, no crumbs.

The shortest difference of two Chinese texts is full of single characters that happen to stand in
both. So the characters' difference (Myers, 1986) is cleaned up by meaning (Fraser, 2006): what is
shared between two changes and shorter than they are counts as changed, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from diff_match_patch import diff_match_patch

Kind = Literal["same", "deleted", "inserted"]

KINDS: dict[int, Kind] = {
    diff_match_patch.DIFF_EQUAL: "same",
    diff_match_patch.DIFF_DELETE: "deleted",
    diff_match_patch.DIFF_INSERT: "inserted",
}
# One or two characters that stand between two changes are a chance, not a sense.
CRUMB = 2


@dataclass(frozen=True)
class Stretch:
    """A run of characters that is the same in both texts, or stands in one of them alone."""

    kind: Kind
    text: str


def difference(old: str, new: str) -> list[Stretch]:
    """The stretches of both texts in order; of one change, what was deleted comes first.

    Those that are not inserted make up the old text, those not deleted the new one.
    """
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    found = engine.diff_main(old, new, checklines=False)
    engine.diff_cleanupSemantic(found)
    return list(_joined(_without_crumbs([Stretch(KINDS[op], text) for op, text in found])))


def _without_crumbs(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Count as changed what is shared by chance between two changes."""
    last = len(stretches) - 1
    for place, stretch in enumerate(stretches):
        is_between = 0 < place < last and stretch.kind == "same"
        if is_between and len(stretch.text) <= CRUMB and stretch.text.isalnum():
            yield Stretch("deleted", stretch.text)
            yield Stretch("inserted", stretch.text)
        else:
            yield stretch


def _joined(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Each change as one deletion and one insertion, whatever it was put together from."""
    for is_same, run in groupby(stretches, key=lambda stretch: stretch.kind == "same"):
        parts = list(run)
        kinds: tuple[Kind, ...] = ("same",) if is_same else ("deleted", "inserted")
        for kind in kinds:
            text = "".join(part.text for part in parts if part.kind == kind)
            if text:
                yield Stretch(kind, text)
