"""What is kept of the comments of one part for finding themes: their words, as numbers.

A comment becomes the row of its words as they were written; marks between them stay as borders, so
that words that keep together can be found once all parts are read.
"""

import re
from array import array
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.document.whole_words import WholeWords
from consult.reports.analysing.chapter import Head, Line
from consult.reports.analysing.packing import (
    Codes,
    Numbers,
    byte_strings,
    lines,
    packed,
    short,
    unpacked,
)

# What stands in a row for a mark or a new line, and for a space.
BORDER, SPACE = 0, 1
LONGEST_ROW = 2_000

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")


@lru_cache(maxsize=2)
def cutter(terms: tuple[str, ...]) -> WholeWords:
    """What cuts texts with these terms kept whole; a dictionary takes 25 MB."""
    return WholeWords(terms)


class _Numbers(dict[str, int]):
    """Words in the order in which they came, each with its number."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = ["", " "]

    def __missing__(self, word: str) -> int:
        if word[0].isalnum():
            number = len(self.words)
            self.words.append(word)
        else:
            number = SPACE if word.isspace() and "\n" not in word else BORDER
        self[word] = number
        return number


class PartTally:
    """The words of a part's comments, and who said them with what stance."""

    def __init__(self, head: Head) -> None:
        self._cut = cutter(tuple(head.report.get("terms", ()))).words
        self._numbers = _Numbers()
        self._rows = array("I")
        self._lengths = array("I")
        self._references: list[str] = []
        self._authors: list[str] = []
        self._groups = Codes()
        self._stances = Codes()

    def add(self, comment: Line) -> None:
        """See one comment; what drafters say as such is in no theme."""
        if comment["as_drafter"]:
            return
        text = comment["body"] or comment["proposed_text"]
        if "@" in text or "www." in text or "://" in text:
            text = _ADDRESS.sub(" ", text)
        places = accumulate(map(len, self._cut(text)), initial=0)
        written = [text[start:end] for start, end in pairwise(places)][:LONGEST_ROW]
        self._rows.extend(map(self._numbers.__getitem__, written))
        self._lengths.append(len(written))
        self._references.append(comment["reference"])
        self._authors.append(comment["author"])
        self._groups.append(comment["group"])
        self._stances.append(comment["stance"])

    def kept(self) -> bytes:
        rows = np.frombuffer(self._rows, dtype=np.uint32)
        lengths = np.frombuffer(self._lengths, dtype=np.uint32)
        is_kept = rows != SPACE
        owners = np.repeat(np.arange(len(lengths)), lengths)
        small = len(self._numbers.words) < 2**16
        return packed(
            words="\n".join(self._numbers.words),
            rows=rows[is_kept].astype(np.uint16 if small else np.uint32),
            lengths=np.bincount(owners[is_kept], minlength=len(lengths)).astype(np.uint16),
            references="\n".join(self._references),
            authors=np.array([short(author) for author in self._authors], dtype=np.uint64),
            groups=self._groups.names,
            group=np.array(self._groups.codes, dtype=np.uint8),
            stances=self._stances.names,
            stance=np.array(self._stances.codes, dtype=np.uint8),
        )


class ReadPart:
    """What a part's tally kept, read again."""

    def __init__(self, data: bytes) -> None:
        kept = unpacked(data)
        self.words = lines(kept["words"])
        self.rows: NDArray[Any] = kept["rows"]
        self.lengths: NDArray[Any] = kept["lengths"].astype(np.int64)
        self.references = byte_strings(kept["references"], len(self.lengths))
        self.authors: Numbers = kept["authors"]
        self.groups = lines(kept["groups"])
        self.group: NDArray[np.uint8] = kept["group"]
        self.stances = lines(kept["stances"])
        self.stance: NDArray[np.uint8] = kept["stance"]
