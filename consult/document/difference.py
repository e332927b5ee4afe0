"""What was changed between two texts, as a Chinese reader expects it: whole words, no crumbs.

The shortest difference of two Chinese texts is full of single characters that happen to stand in
both. So words are compared, not characters (Myers, 1986), and what is shared between two changes
counts as changed, too, where it is shorter than they are (Fraser, 2006) or next to nothing.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from typing import Literal

from diff_match_patch import diff_match_patch

from consult.document.segmenting import parts_of

Kind = Literal["same", "deleted", "inserted"]

KINDS: dict[int, Kind] = {
    diff_match_patch.DIFF_EQUAL: "same",
    diff_match_patch.DIFF_DELETE: "deleted",
    diff_match_patch.DIFF_INSERT: "inserted",
}
# What stands between two changes and is shorter is a chance, not a sense.
SHORTEST_BETWEEN = 3
# What is longer was kept on purpose, however long the changes around it are.
LONGEST_CHANCE = 10
# Otherwise it is a chance where the changes on both sides are so many times as long.
OUTWEIGHED = 2
# At the edge of a change so much may be set apart: 技術教育 and 職業教育 share their 教育.
SHORTEST_EDGE = 2
# Beyond so many words, the sentences are compared.
MOST_WORDS = 1_500
ENDS_OF_SENTENCES = "。！？；\n"
# The best of them first.
MARKS = f"{ENDS_OF_SENTENCES}，：、"
FIRST_SIGN = 0x10000
FIRST_TWO = 2


@dataclass(frozen=True)
class Stretch:
    """A run of characters that is the same in both texts, or stands in one of them alone."""

    kind: Kind
    text: str


@dataclass
class _Change:
    """What stands in the old text and what in the new one, and what is the same behind it."""

    deleted: str
    inserted: str
    same: str

    @property
    def size(self) -> int:
        return max(len(self.deleted), len(self.inserted))


def difference(old: str, new: str) -> list[Stretch]:
    """The stretches of both texts in order; of one change, what was deleted comes first.

    Those that are not inserted make up the old text, those not deleted the new one.
    """
    if old == new:
        return [Stretch("same", old)] if old else []
    changes = _without_chances(_slid(_changes(_by_words(old, new))))
    return list(_stretches(_with_edges_apart(changes)))


def _by_words(old: str, new: str) -> Iterator[Stretch]:
    """The difference of the texts' words; each word stands as one character of an alphabet."""
    parts = [parts_of(old), parts_of(new)]
    if max(map(len, parts)) > MOST_WORDS:
        parts = [list(_sentences(each)) for each in parts]
    alphabet: dict[str, str] = {}
    signs = [
        "".join(alphabet.setdefault(part, chr(FIRST_SIGN + len(alphabet))) for part in each)
        for each in parts
    ]
    words = list(alphabet)
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    for operation, run in engine.diff_main(*signs, checklines=False):
        yield Stretch(KINDS[operation], "".join(words[ord(sign) - FIRST_SIGN] for sign in run))


def _sentences(parts: Sequence[str]) -> Iterator[str]:
    sentence = ""
    for part in parts:
        sentence += part
        if part in ENDS_OF_SENTENCES:
            yield sentence
            sentence = ""
    if sentence:
        yield sentence


def _changes(stretches: Iterable[Stretch]) -> list[_Change]:
    """Each change with what follows it; the first changes nothing, and the texts begin with it."""
    changes = [_Change("", "", "")]
    for is_same, run in groupby(stretches, key=lambda stretch: stretch.kind == "same"):
        parts = list(run)
        if is_same:
            changes[-1].same = "".join(part.text for part in parts)
        else:
            deleted = "".join(part.text for part in parts if part.kind == "deleted")
            inserted = "".join(part.text for part in parts if part.kind == "inserted")
            changes.append(_Change(deleted, inserted, ""))
    return changes


def _slid(changes: list[_Change]) -> list[_Change]:
    """What was put in or taken out whole ends with a mark where it can.

    「甲。[乙。]丙。」 reads better than 「甲[。乙]。丙。」 and says the same.
    """
    for before, change in pairwise(changes):
        whole = change.deleted or change.inserted
        if change.deleted and change.inserted:
            continue
        left = len(_shared(before.same[::-1], whole[::-1]))
        right = len(_shared(whole, change.same))
        around = before.same[len(before.same) - left :] + whole + change.same[:right]
        places = range(left + right + 1)
        place = min(
            places, key=lambda place: (_rank(around[place + len(whole) - 1]), place != left)
        )
        whole = around[place : place + len(whole)]
        before.same = before.same[: len(before.same) - left] + around[:place]
        change.same = around[place + len(whole) :] + change.same[right:]
        change.deleted, change.inserted = (whole, "") if change.deleted else ("", whole)
    return changes


def _rank(character: str) -> int:
    """The lower, the better does a change end with it."""
    marks = MARKS.find(character)
    return len(MARKS) if marks < 0 else marks


def _without_chances(changes: Sequence[_Change]) -> list[_Change]:
    """Changes that are parted by chance alone are one."""
    kept = list(changes[:1])
    for change in changes[1:]:
        kept.append(change)
        # One that has grown may now reach the one before it.
        while len(kept) > FIRST_TWO and _are_one(kept[-2], kept[-1]):
            after = kept.pop()
            before = kept[-1]
            before.deleted += before.same + after.deleted
            before.inserted += before.same + after.inserted
            before.same = after.same
    return kept


def _are_one(before: _Change, after: _Change) -> bool:
    length = len(before.same)
    is_outweighed = OUTWEIGHED * length <= min(before.size, after.size)
    return length < SHORTEST_BETWEEN or (is_outweighed and length <= LONGEST_CHANCE)


def _with_edges_apart(changes: Iterable[_Change]) -> Iterator[_Change]:
    """What a change's two sides begin or end with alike is the same, where it is long enough."""
    for change in changes:
        deleted, inserted = change.deleted, change.inserted
        ahead = _edge(deleted, inserted)
        behind = _edge(deleted[ahead:][::-1], inserted[ahead:][::-1])
        end = len(deleted) - behind
        yield _Change("", "", deleted[:ahead])
        yield _Change(
            deleted[ahead:end],
            inserted[ahead : len(inserted) - behind],
            deleted[end:] + change.same,
        )


def _edge(one: str, other: str) -> int:
    """How many characters both begin with; none where that is too few or would tear one apart."""
    length = len(_shared(one, other))
    around = slice(max(0, length - 1), length + 1)
    is_torn = any(map(_joins, one[around] + other[around]))
    return 0 if length < SHORTEST_EDGE or is_torn else length


def _shared(one: str, other: str) -> str:
    """What both begin with."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(character for character, _ in pairs)


def _joins(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf", "Sk")


def _stretches(changes: Iterable[_Change]) -> Iterator[Stretch]:
    same = ""
    for change in changes:
        if same and (change.deleted or change.inserted):
            yield Stretch("same", same)
            same = ""
        if change.deleted:
            yield Stretch("deleted", change.deleted)
        if change.inserted:
            yield Stretch("inserted", change.inserted)
        same += change.same
    if same:
        yield Stretch("same", same)


def in_parts(
    stretches: Iterable[Stretch],
    lengths: Sequence[int],
    *,
    beside: Kind,
) -> list[list[Stretch]]:
    """The stretches part by part, where one of the texts was put together from parts.

    `lengths` are those of the parts. Stretches of the kind `beside` stand in the other text alone,
    and go with the part that they stand in or behind: "inserted" where the old text has parts.
    """
    left = list(stretches)[::-1]
    parts: list[list[Stretch]] = [[] for _ in lengths]
    for part, length in zip(parts, lengths, strict=True):
        room = length
        while left and (room or left[-1].kind == beside):
            stretch = left.pop()
            size = len(stretch.text) if stretch.kind == beside else room
            part.append(Stretch(stretch.kind, stretch.text[:size]))
            if len(stretch.text) > size:
                left.append(Stretch(stretch.kind, stretch.text[size:]))
            if stretch.kind != beside:
                room -= len(part[-1].text)
    return parts
