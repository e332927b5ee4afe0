"""Where the words of a comment stand in a later draft: exact, edited, moved, or nowhere.

Words are carried through the difference between the provision they were said of and the one that
lineage says became of it, never searched for elsewhere: a look-alike sentence is no match. What is
in doubt is orphaned, because a wrong placement is worse than none.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Literal

from consult.document.alignment import Link

Status = Literal["exact", "edited", "moved", "orphaned"]

# All characters are left, but others were put between them.
TORN = 0.99
# With fewer of its characters left, a quote no longer says what it said.
LEAST_LEFT = 0.6
# Words that the difference does not carry but that stand in the text nevertheless, once moved
# within it, count as the same words only with this much of the context around them, of 64
# characters at most: a short Chinese quote stands in many places.
CONTEXT = 32
LEAST_CONTEXT = 16
# So many characters that stand once in each text are the same words in any context.
TELLING_LENGTH = 12


@dataclass(frozen=True)
class Placed:
    """Where words stand now, in code points of the provision `ref`; all None where orphaned.

    `score` is the share of their characters that are left, from 0 to 1. `is_certain` is False
    where the lineage that carried them there is in doubt.
    """

    status: Status
    ref: str | None
    start: int | None
    end: int | None
    score: float
    is_certain: bool = True

    def to_json(self) -> dict[str, Any]:
        """What `manage.py place` prints of it."""
        return {
            "status": self.status,
            "ref": self.ref,
            "start": self.start,
            "end": self.end,
            "score": round(self.score, 4),
        }


@dataclass(frozen=True)
class Span:
    """Where a stretch of the old text went, and how many of its characters are left.

    In `Change` counted without white space.
    """

    start: int
    end: int
    left: int


class _Words:
    """A text without its white space, which says where lines break and nothing else."""

    def __init__(self, text: str) -> None:
        self._places = [at for at, character in enumerate(text) if not character.isspace()]
        self.text = "".join(text[at] for at in self._places)

    def without_space(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch, counted without white space."""
        return bisect_left(self._places, start), bisect_left(self._places, end)

    def with_space(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch, counted with white space; it is not empty."""
        return self._places[start], self._places[end - 1] + 1


class Change:
    """The difference between an old text and a new one, made once for all the words in it.

    Its stretches are counted without white space on both sides.
    """

    def __init__(self, old: str, new: str) -> None:
        self.is_none = old == new
        self.old, self.new = _Words(old), _Words(new)

    @cached_property
    def same_stretches(self) -> Sequence[tuple[int, int, int]]:
        """Stretches that stand in both: start in the old text, in the new one, length.

        Found by Ratcliff and Obershelp's method (1988): the longest first, then what stands
        before and behind it.
        """
        old, new = self.old.text, self.new.text
        if old == new:
            return [(0, 0, len(old))]
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]

    def follow(self, start: int, end: int) -> tuple[float, int, int] | None:
        """The share of these words that is left, and where it stands in the new text.

        1 where all of them are, and nothing between them. None where nothing is left.
        """
        if self.is_none:
            return 1.0, start, end
        first, behind = self.old.without_space(start, end)
        length = behind - first
        span = self._carried(first, behind)
        if not span or not span.left == length == span.end - span.start:
            span = self._found(first, behind) or span
        if span is None:
            return None
        place = self.new.with_space(span.start, span.end)
        spaces_lost = end - start - length - (place[1] - place[0] - (span.end - span.start))
        if spaces_lost > span.left:
            # It was white space that was selected, more than words.
            return None
        share = span.left / length
        is_torn = share == 1 and span.end - span.start > length
        return (TORN if is_torn else share), *place

    def _carried(self, start: int, end: int) -> Span | None:
        """Where the difference carries the words; None where nothing of them is left."""
        spans = [
            (new + max(start - old, 0), new + min(end - old, size))
            for old, new, size in self.same_stretches
            if old < end and start < old + size
        ]
        if not spans:
            return None
        return Span(spans[0][0], spans[-1][1], sum(behind - first for first, behind in spans))

    def _found(self, start: int, end: int) -> Span | None:
        """Where the same words stand though the difference doesn't carry them: in one context."""
        old, new = self.old.text, self.new.text
        words = old[start:end]
        before, behind = old[max(0, start - CONTEXT) : start], old[end : end + CONTEXT]
        found: list[tuple[int, int]] = []
        place = new.find(words) if words else -1
        while place >= 0:
            ends = place + len(words)
            alike = _shared(before[::-1], new[max(0, place - CONTEXT) : place][::-1])
            alike += _shared(behind, new[ends : ends + CONTEXT])
            found.append((alike, place))
            place = new.find(words, place + 1)
        found.sort(reverse=True)
        is_telling = len(found) == old.count(words) == 1 and len(words) >= TELLING_LENGTH
        if not found or (found[0][0] < LEAST_CONTEXT and not is_telling):
            return None
        if len(found) > 1 and found[0][0] - found[1][0] < LEAST_CONTEXT // 2:
            return None
        return Span(found[0][1], found[0][1] + len(words), len(words))


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


class Carriage:
    """What carries words from one draft into another: the lineage, and both drafts' texts.

    `old` and `new` have the texts by reference. Changes are made once for all words of a provision.
    """

    def __init__(
        self, links: Iterable[Link], *, old: Mapping[str, str], new: Mapping[str, str]
    ) -> None:
        self._old, self._new = old, new
        self._links = {ref: link for link in links for ref in link.old}
        self._changes: dict[str, dict[str, Change]] = {}

    def place(self, ref: str, start: int, end: int) -> Placed:
        """Where the words from `start` to `end` of an old provision stand in the new draft.

        Raises KeyError where the lineage knows no such provision.
        """
        link = self._links[ref]
        if ref not in self._changes:
            self._changes[ref] = {new: Change(self._old[ref], self._new[new]) for new in link.new}
        placed = _placed(start, end, self._changes[ref])
        if placed.status == "exact" and link.kind == "moved":
            placed = replace(placed, status="moved")
        return replace(placed, is_certain=link.is_certain or link.kind == "deleted")


def _placed(start: int, end: int, changes: Mapping[str, Change]) -> Placed:
    """Where the words stand in what became of their provision; nowhere where it was deleted."""
    followed = [
        (*found, ref) for ref, change in changes.items() if (found := change.follow(start, end))
    ]
    if not followed:
        return Placed("orphaned", None, None, None, 0.0)
    share, first, behind, ref = max(followed, key=lambda each: each[0])
    if share < LEAST_LEFT:
        return Placed("orphaned", None, None, None, share)
    return Placed("exact" if share == 1 else "edited", ref, first, behind, share)
