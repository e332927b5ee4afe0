"""All comments of a scope as rows of numbers, and a sample of them to learn from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.document.whole_words import WholeWords, folded_one_for_one, stem
from consult.reports.analysing.themes.reading import BORDER, ReadPart

Integers = NDArray[np.int64]

MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Rows:
    """Comments as words side by side: the words of comment n from `starts[n]` on."""

    words: Integers
    lengths: Integers

    @property
    def owners(self) -> Integers:
        """Of each word, the number of its comment."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    def chosen(self, places: Integers) -> "Rows":
        """These comments alone, in this order."""
        starts = np.cumsum(self.lengths) - self.lengths
        lengths = self.lengths[places]
        begins = np.repeat(starts[places] - (np.cumsum(lengths) - lengths), lengths)
        return Rows(self.words[begins + np.arange(lengths.sum())], lengths)

    def holding(self, term: Sequence[int]) -> NDArray[np.bool_]:
        """Which comments have these words side by side."""
        owners = self.owners
        places = np.flatnonzero(self.words[: len(self.words) - len(term) + 1] == term[0])
        for offset, word in enumerate(term):
            places = places[self.words[places + offset] == word]
        places = places[owners[places] == owners[places + len(term) - 1]]
        return np.bincount(owners[places], minlength=len(self.lengths)) > 0


class Corpus:
    """The parts of a scope with one numbering of words; `words` are folded, English ones stemmed.

    Which number a word has depends on the order of the parts: nothing else may.
    """

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.words: list[str] = [""]
        self.parts: list[ReadPart] = []
        self.numbers: dict[str, int] = {"": BORDER}
        self._written: dict[str, int] = {}
        # Of each part, the number of each of its words here, and as it is written.
        self._numbers_of: list[Integers] = []
        self._spellings_of: list[Integers] = []
        for data in parts:
            self._take(ReadPart(data))
        self.spellings = list(self._written)

    @property
    def comments(self) -> int:
        return sum(len(part.lengths) for part in self.parts)

    def rows(self, place: int, chosen: Integers | None = None) -> Rows:
        """The comments of that part, or some of them."""
        part = self.parts[place]
        rows = Rows(part.rows, part.lengths)
        if chosen is not None:
            rows = rows.chosen(chosen)
        return Rows(self._numbers_of[place][rows.words], rows.lengths)

    def read(self, texts: Iterable[str], cut: WholeWords) -> Rows:
        """Other texts as rows of the same words."""
        rows: list[int] = []
        lengths: list[int] = []
        for text in texts:
            words = [word for word in cut.words(text) if word != " "]
            rows += [self._number(stem(word)) if word[0].isalnum() else BORDER for word in words]
            lengths.append(len(words))
        return Rows(np.array(rows, np.int64), np.array(lengths, np.int64))

    def sample(self, most: int) -> tuple[Rows, Integers, list[tuple[int, int]]]:
        """At most so many comments, whatever parts they are in and in whatever order these come.

        Gives their rows, the words as they are written, and each one's part and place in it.
        """
        if not self.comments:
            return Rows(np.empty(0, np.int64), np.empty(0, np.int64)), np.empty(0, np.int64), []
        references = np.concatenate([part.references for part in self.parts])
        chosen = np.lexsort((references, scattered(references)))[:most]
        firsts = np.cumsum([0, *(len(part.lengths) for part in self.parts)])
        owners = np.searchsorted(firsts, chosen, side="right") - 1
        words, spellings, order = [], [], []
        lengths = np.zeros(len(chosen), np.int64)
        for number, part in enumerate(self.parts):
            mine = np.flatnonzero(owners == number)
            rows = Rows(part.rows, part.lengths).chosen(chosen[mine] - firsts[number])
            words.append(self._numbers_of[number][rows.words])
            spellings.append(self._spellings_of[number][rows.words])
            lengths[mine] = rows.lengths
            order.append(mine)
        back = np.argsort(np.concatenate(order), kind="stable")
        mixed = Rows(np.concatenate(words), lengths[np.concatenate(order)])
        places = list(zip(owners.tolist(), (chosen - firsts[owners]).tolist(), strict=True))
        written = Rows(np.concatenate(spellings), mixed.lengths).chosen(back).words
        return mixed.chosen(back), written, places

    def _number(self, word: str) -> int:
        number = self.numbers.get(word)
        if number is None:
            number = self.numbers[word] = len(self.words)
            self.words.append(word)
        return number

    def _take(self, part: ReadPart) -> None:
        folded = folded_one_for_one("\n".join(part.words)).split("\n")
        numbers = np.zeros(len(folded), np.int64)
        for place, word in enumerate(folded):
            numbers[place] = self._number(stem(word) if place > 1 else "")
        written = self._written
        self._spellings_of.append(
            np.array([written.setdefault(word, len(written)) for word in part.words], np.int64)
        )
        self._numbers_of.append(numbers)
        self.parts.append(part)


def scattered(references: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """A number for each reference that looks like chance and is the same everywhere."""
    width = -(-references.dtype.itemsize // 8) * 8
    halves = references.astype(f"S{width}").view(np.uint64).reshape(len(references), -1)
    mixed = np.zeros(len(references), np.uint64)
    for half in halves.T:
        mixed = (mixed ^ half) * MIX
        mixed ^= mixed >> np.uint64(29)
    return mixed * MIX
