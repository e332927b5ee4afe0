"""Keep who judged what of a part's comments, compactly, and put the parts together. Pure.

Whoever writes or endorses a comment agrees with it; and, by its stance, with what it is about: the
comment it answers, or else the provision, section or draft it stands on. Support is agreement,
opposition is disagreement, and any other stance shows only that they had it before them. What
drafters said as such is left out, and with it every judgement on it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from consult.reports.analysing.chapter import Kept, Line

Integers = NDArray[np.int64]
Texts = NDArray[np.bytes_]
Arrays = dict[str, NDArray[Any]]

SIDES: Final = {"support": 1, "oppose": -1}
NOWHERE: Final = -1
SECTION: Final = "§"


def place_of(comment: Line) -> str:
    """What a first comment is about: a provision, or § and a section (nothing: the whole draft)."""
    provision: str | None = comment["provision"]
    return provision or SECTION + comment["section"]


class JudgementTally:
    """Who judged what in the comments of one part; with `on_text`, only for or against the text."""

    def __init__(self, *, on_text: bool = False) -> None:
        self._on_text = on_text
        self._voters: dict[str, int] = {}
        self._groups: dict[str, int] = {}
        self._places: dict[str, int] = {}
        self._references: list[str] = []
        self._parents: list[str] = []
        self._place: list[int] = []
        self._side: list[int] = []
        self._supporters: list[int] = []
        self._who: list[int] = []
        self._for_group: list[int] = []

    def add(self, comment: Line) -> None:
        if comment["as_drafter"]:
            return
        parent, side = comment["parent"], SIDES.get(comment["stance"], 0)
        if self._on_text and (parent or not side):
            return
        place = NOWHERE
        if not parent:
            place = self._places.setdefault(place_of(comment), len(self._places))
        voters, groups, who, for_group = self._voters, self._groups, self._who, self._for_group
        who.append(voters.setdefault(comment["author"], len(voters)))
        for_group.append(groups.setdefault(comment["group"], len(groups)))
        for user, group, _ in comment["endorsed_by"]:
            who.append(voters.setdefault(user, len(voters)))
            for_group.append(groups.setdefault(group, len(groups)))
        self._references.append(comment["reference"])
        self._parents.append(parent or "")
        self._place.append(place)
        self._side.append(side)
        self._supporters.append(1 + len(comment["endorsed_by"]))

    def kept(self) -> bytes:
        names = {"voters": self._voters, "groups": self._groups, "places": self._places}
        return packed(
            {
                **{name: _texts(list(values)) for name, values in names.items()},
                "references": _texts(self._references),
                "parents": _texts(self._parents),
                "place": np.array(self._place, dtype="<i4"),
                "side": np.array(self._side, dtype="<i1"),
                "supporters": np.array(self._supporters, dtype="<i4"),
                "who": np.array(self._who, dtype="<i4"),
                "for_group": np.array(self._for_group, dtype="<i1"),
            }
        )


@dataclass(frozen=True)
class Judged:
    """Who judged what in all parts.

    The comments have `references`, `parents` (b"" for none), `place` (an index into `places`, or
    NOWHERE) and `side`. Then each person's support of a comment, its author's first: `comment`
    and `who` are indices into the comments and `voters`, `for_group` into `groups`.
    """

    voters: Sequence[str]
    groups: Sequence[str]
    places: Sequence[str]
    references: Texts
    parents: Texts
    place: Integers
    side: Integers
    comment: Integers
    who: Integers
    for_group: Integers

    @property
    def first(self) -> Integers:
        """Where each comment's supporters begin: with its author."""
        return np.flatnonzero(np.diff(self.comment, prepend=-1))


def judged_in(kept: Iterable[Kept]) -> Judged:
    """The parts' judgements in one. Names are numbered in their own order, not the parts'."""
    names: dict[str, dict[str, int]] = {"voters": {}, "groups": {}, "places": {}}
    parts: list[Arrays] = []
    comments = 0
    for part in kept:
        found = unpacked(part.data)
        maps = {name: _numbered(found.pop(name), known) for name, known in names.items()}
        found["comment"] = comments + np.repeat(
            np.arange(len(found["side"])), found.pop("supporters")
        )
        found["who"] = maps["voters"][found["who"]]
        found["for_group"] = maps["groups"][found["for_group"]]
        found["place"] = maps["places"][found["place"]]
        comments += len(found["side"])
        parts.append(found)
    orders = {name: _order(list(known)) for name, known in names.items()}
    return Judged(
        **{name: sorted(known) for name, known in names.items()},
        references=_joined(parts, "references", "S1"),
        parents=_joined(parts, "parents", "S1"),
        place=orders["places"][_joined(parts, "place", np.int64)],
        side=_joined(parts, "side", np.int64).astype(np.int64),
        comment=_joined(parts, "comment", np.int64),
        who=orders["voters"][_joined(parts, "who", np.int64)],
        for_group=orders["groups"][_joined(parts, "for_group", np.int64)],
    )


def packed(arrays: Arrays) -> bytes:
    """Arrays of one dimension as bytes: a line of JSON that names them, then what is in them."""
    head = [[name, each.dtype.str, len(each)] for name, each in arrays.items()]
    return b"".join(
        (json.dumps(head).encode(), b"\n", *(each.tobytes() for each in arrays.values()))
    )


def unpacked(data: bytes) -> Arrays:
    """What `packed` made bytes of."""
    end = data.index(b"\n") + 1
    found: Arrays = {}
    for name, kind, length in json.loads(data[:end]):
        found[name] = np.frombuffer(data, dtype=kind, count=length, offset=end)
        end += found[name].nbytes
    return found


def _texts(values: Sequence[str]) -> Texts:
    return np.array([value.encode() for value in values] or [b""], dtype="S")[: len(values)]


def _numbered(texts: NDArray[Any], known: dict[str, int]) -> Integers:
    """The number of each name among those known, and NOWHERE at the end, where -1 points."""
    numbers = [known.setdefault(each.decode(), len(known)) for each in texts.tolist()]
    return np.array([*numbers, NOWHERE], dtype=np.int64)


def _order(names: Sequence[str]) -> Integers:
    """Where each name stands once they are sorted, and NOWHERE at the end."""
    place = {name: number for number, name in enumerate(sorted(names))}
    return np.array([*(place[name] for name in names), NOWHERE], dtype=np.int64)


def _joined(parts: Sequence[Arrays], name: str, kind: DTypeLike) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *(part[name] for part in parts)])
