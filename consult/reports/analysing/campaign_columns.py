"""What is kept of comments to find campaigns among them: columns, and each text once. Pure."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from comments.near_groups import Texts
from comments.nearness import SIGNATURE, Quotable, bare, is_long_enough, signatures
from consult.reports.analysing.chapter import Head, Kept, Line
from consult.reports.analysing.packing import (
    Codes,
    Numbers,
    byte_strings,
    lines,
    packed,
    renumbered,
    short,
    unpacked,
)

Integers = NDArray[np.int64]

# By what campaigns are counted.
CODED = ("section", "group", "stance")
# A comment without a text that others may have, too.
NO_TEXT = -1
# Bare texts hold letters and new lines alone.
_BETWEEN = "\0"


def quotable(head: Head) -> Quotable:
    """The draft's text, which comments quote."""
    return Quotable(provision["text"] for provision in head.provisions)


class CampaignTally:
    """The comments of a part, and signatures of what they say in words of their own."""

    def __init__(self, head: Head) -> None:
        self._quotable = quotable(head)
        self._references: list[str] = []
        self._authors: list[int] = []
        self._organisations: list[int] = []
        self._moments: list[str] = []
        self._coded = {name: Codes() for name in CODED}
        # Each text with its number here, and what of it is not quoted.
        self._numbers: dict[str, int] = {}
        self._own: list[str] = []
        self._texts: list[int] = []

    def add(self, comment: Line) -> None:
        if comment["as_drafter"]:
            return
        body = comment["organisation"]
        self._references.append(comment["reference"])
        self._authors.append(short(comment["author"]))
        self._organisations.append(short(body) if body else 0)
        self._moments.append(comment["created_at"])
        for name, codes in self._coded.items():
            codes.append(comment[name])
        self._texts.append(self._number(bare(comment["body"])))

    def _number(self, told: str) -> int:
        if told in self._numbers:
            return self._numbers[told]
        own = self._quotable.left_of(told)
        # What is short, or another's words alone, is the same by chance.
        if not is_long_enough(told) or not own.strip():
            return NO_TEXT
        self._own.append(own)
        return self._numbers.setdefault(told, len(self._numbers))

    def kept(self) -> bytes:
        return packed(
            references="\n".join(self._references),
            authors=np.array(self._authors, dtype=np.uint64),
            organisations=np.array(self._organisations, dtype=np.uint64),
            moments="\n".join(self._moments),
            texts=np.array(self._texts, dtype=np.int32),
            told=_BETWEEN.join(self._numbers),
            signatures=signatures(self._own),
            **{name: np.array(codes.codes, np.uint16) for name, codes in self._coded.items()},
            **{f"{name}_names": codes.names for name, codes in self._coded.items()},
        )


@dataclass(frozen=True)
class Said:
    """All comments, in one row each; `texts` are places in `told`, or NO_TEXT."""

    references: NDArray[np.bytes_]
    authors: Numbers
    # 0 where it was said for nobody.
    organisations: Numbers
    moments: NDArray[np.bytes_]
    texts: Integers
    coded: dict[str, NDArray[np.uint16]]
    names: dict[str, list[str]]
    told: list[str]
    signatures: NDArray[np.uint16]

    @classmethod
    def of(cls, kept: Iterable[Kept]) -> "Said":
        """What the tallies of all parts kept, whatever the order of the parts."""
        gathered = _Gathered()
        parts, texts = [], []
        for _, data in kept:
            columns = unpacked(data)
            texts.append(gathered.numbers(columns))
            parts.append(_Part(columns))
        names = {
            name: sorted({each for part in parts for each in part.names[name]}) for name in CODED
        }
        told, places, table = gathered.sorted()
        return cls(
            references=_joined([part.references for part in parts], "S1"),
            authors=_joined([part.authors for part in parts], np.uint64),
            organisations=_joined([part.organisations for part in parts], np.uint64),
            moments=_joined([part.moments for part in parts], "S1"),
            texts=places[_joined(texts, np.int64)],
            coded={
                name: _joined(
                    [renumbered(part.names[name], names[name])[part.coded[name]] for part in parts],
                    np.uint16,
                )
                for name in CODED
            },
            names=names,
            told=told,
            signatures=table,
        )

    def compared(self, head: Head) -> Texts:
        """Each text without what it quotes, to find those that are nearly the same."""
        left_of = quotable(head).left_of
        return Texts(map(left_of, self.told), self.signatures)

    def reference(self, row: int) -> str:
        """The reference of a comment."""
        return str(self.references[row].decode())

    def tallied(self, name: str, rows: Integers) -> dict[str, int]:
        """How many of these there are by section, group or stance."""
        names = self.names[name]
        counts = np.bincount(self.coded[name][rows], minlength=len(names)).tolist()
        return {each: count for each, count in zip(names, counts, strict=True) if count}


class _Part:
    """Who said what where, of the comments of one part."""

    def __init__(self, kept: Mapping[str, NDArray[Any]]) -> None:
        self.authors: Numbers = kept["authors"]
        count = len(self.authors)
        self.references = byte_strings(kept["references"], count)
        self.organisations: Numbers = kept["organisations"]
        self.moments = byte_strings(kept["moments"], count)
        self.coded = {name: kept[name] for name in CODED}
        self.names = {name: lines(kept[f"{name}_names"]) if count else [] for name in CODED}


class _Gathered:
    """The texts of all parts, each once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._tables: deque[NDArray[np.uint16]] = deque()

    def numbers(self, kept: Mapping[str, NDArray[Any]]) -> Integers:
        """Of each comment of a part, its text's number here."""
        known = len(self._numbers)
        told = kept["told"].tobytes().decode()
        texts = told.split(_BETWEEN) if told else []
        own = [self._numbers.setdefault(text, len(self._numbers)) for text in texts]
        # Texts are numbered as they come: those that are new stand in order.
        numbers = np.array(own, dtype=np.int64)
        new = numbers >= known
        self._tables.append(kept["signatures"][new])
        found: Integers = np.append(numbers, NO_TEXT)[kept["texts"]]
        return found

    def sorted(self) -> tuple[list[str], Integers, NDArray[np.uint16]]:
        """The texts in order, of each number its place in it, and their signatures."""
        told = sorted(self._numbers)
        order = np.array([self._numbers[text] for text in told], dtype=np.int64)
        # The last one stands for NO_TEXT.
        places = np.full(len(told) + 1, NO_TEXT, dtype=np.int64)
        places[order] = np.arange(len(told))
        return told, places, self._table(places)

    def _table(self, places: Integers) -> NDArray[np.uint16]:
        """The signatures in that order, with no more than one part's in memory twice."""
        table = np.zeros((len(places) - 1, SIGNATURE), dtype=np.uint16)
        start = 0
        while self._tables:
            some = self._tables.popleft()
            table[places[start : start + len(some)]] = some
            start += len(some)
        return table


def _joined(columns: list[Any], kind: DTypeLike) -> NDArray[Any]:
    return np.concatenate(columns) if columns else np.zeros(0, dtype=kind)
