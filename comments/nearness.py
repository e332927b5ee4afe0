"""Which comments are nearly the same text, whoever changed a word of it. Pure.

What may be near is found by MinHash over triples of characters in bands (Broder 1997; Indyk and
Motwani 1998), and then two texts are compared: by their longest common subsequence, or sentence
by sentence where these were moved, added or left out. `comments.near_groups` finds which of many
texts belong together.
"""

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np
import rensa
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cpdist

Signatures = NDArray[np.uint16]
Pairs = NDArray[np.int64]

# 40 bands of 3: of texts that share a third of their triples, 4 in 5 meet; of strangers on one
# topic, who share a fiftieth, 3 in 10,000.
BANDS, ROWS = 40, 3
SIGNATURE = BANDS * ROWS
SEED = 114
# Shorter ones ("贊成", "同意以上意見") are the same by chance, not by a campaign.
SHORTEST = 15
# What must be shared of the longer text, by the length of the shorter one: short texts on one
# topic share turns of phrase.
LEAST_SHARED = {30: 0.85, 60: 0.72, 10**9: 0.6}
_UP_TO, _LEAST = np.array([*LEAST_SHARED]), np.array([*LEAST_SHARED.values()])
# What a text that was added to or shortened must share with the other, of its own length, and
# in characters.
LEAST_KEPT, LEAST_LENGTH = 0.55, 25
# Of the longer one of two sentences, to be one sentence.
LEAST_OF_SENTENCE = 0.6
# So many characters in a row that stand in the draft's text are quoted from it.
SHORTEST_QUOTE = 24
# A shorter sentence is a greeting; and so many are told of.
SHORTEST_OWN_SENTENCE, MOST_OWN_SENTENCES = 8, 12

_SENTENCE = re.compile(r"[。！？!?；;．\n]+|\.(?=\s|$)")
_MARKS = re.compile(r"[^\w\n]+|_+")
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))


def bare(text: str) -> str:
    """The text without marks, width and case, its sentences on lines of their own."""
    told = unicodedata.normalize("NFKC", _SENTENCE.sub("\n", text)).lower()
    return "\n".join(filter(None, _MARKS.sub("", told).split("\n")))


def written_sentences(text: str) -> list[str]:
    """The sentences as they are written, one for each line of the bare text."""
    found = (sentence.strip() for sentence in _SENTENCE.split(text))
    return [sentence for sentence in found if bare(sentence)]


def is_long_enough(bared: str) -> bool:
    """Whether it is a text that somebody may have handed on."""
    return len(bared) >= SHORTEST


def signatures(bared: Sequence[str]) -> Signatures:
    """A MinHash signature for each bare text, a row of `SIGNATURE` numbers."""
    joined = ["".join(text.split("\n")) for text in bared]
    lengths = np.array([len(text) for text in joined], dtype=np.int64)
    if not lengths.size:
        return np.zeros((0, SIGNATURE), dtype=np.uint16)
    tokens, offsets = _triples("".join(joined), lengths)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(tokens, offsets, SIGNATURE, SEED)
    numbers = chain.from_iterable(matrix.to_rows())
    table = np.fromiter(numbers, dtype=np.uint32, count=len(joined) * SIGNATURE)
    # The lower half of each number tells as much, in half the memory.
    return table.astype(np.uint16).reshape(len(joined), SIGNATURE)


def _triples(joined: str, lengths: NDArray[np.int64]) -> tuple[NDArray[np.uint64], list[int]]:
    """The hashes of all triples of characters that lie within one text, and where each begins."""
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    # Texts of one or two characters have no triple.
    if codes.size < 3:  # noqa: PLR2004
        return np.zeros(0, dtype=np.uint64), [0] * (lengths.size + 1)
    with np.errstate(over="ignore"):
        hashes = (codes[:-2] * _MIX[0] + codes[1:-1]) * _MIX[1] + codes[2:]
        hashes ^= hashes >> np.uint64(29)
        hashes *= _MIX[0]
        hashes ^= hashes >> np.uint64(32)
    ends = np.repeat(np.cumsum(lengths), lengths)[: hashes.size]
    within = np.arange(hashes.size) + 3 <= ends
    offsets = np.concatenate([[0], np.cumsum(np.maximum(lengths - 2, 0))])
    return hashes[within], offsets.tolist()


def bands(signature: Signatures) -> NDArray[np.int64]:
    """The hash of each band of some signatures, a column a band."""
    return _mixed(signature.reshape(len(signature), BANDS, ROWS))


def band(signature: Signatures, number: int) -> NDArray[np.int64]:
    """The hash of one band of some signatures."""
    return _mixed(signature[:, number * ROWS : (number + 1) * ROWS])


def _mixed(numbers: Signatures) -> NDArray[np.int64]:
    rows = numbers.astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (rows[..., 0] * _MIX[0] + rows[..., 1]) * _MIX[1] + rows[..., 2]
        mixed ^= mixed >> np.uint64(31)
    return mixed.astype(np.int64)


class Quotable:
    """The words of a draft, which comments quote: what many quote makes them no campaign."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._stretches = {
            sentence[start : start + SHORTEST_QUOTE // 2]
            for text in texts
            for sentence in bare(text).split("\n")
            for start in range(len(sentence) - SHORTEST_QUOTE // 2 + 1)
        }

    def left_of(self, bared: str) -> str:
        """What a bare text says in words of its own, on the same lines."""
        end, kept = 0, ""
        for first, last in self._quotes(bared):
            kept += bared[end:first]
            end = last
        return kept + bared[end:] if end else bared

    def _quotes(self, bared: str) -> Iterator[tuple[int, int]]:
        """Where quotes begin and end. A quote holds one of the stretches looked up, whole."""
        size, end = SHORTEST_QUOTE // 2, 0
        for start in range(0, len(bared) - size + 1, size):
            if start < end or bared[start : start + size] not in self._stretches:
                continue
            first = last = start
            while first > end and bared[first - 1 : first - 1 + size] in self._stretches:
                first -= 1
            while bared[last + 1 : last + 1 + size] in self._stretches:
                last += 1
            if last + size - first >= SHORTEST_QUOTE:
                end = last + size
                yield first, end


def are_near(bared: Sequence[str], pairs: Pairs) -> NDArray[np.bool_]:
    """Of each pair of places, whether the bare texts there are one text, changed."""
    return Compared(bared).are_near(pairs)


class Compared:
    """Bare texts taken apart to be compared, each sentence once."""

    def __init__(self, bared: Iterable[str]) -> None:
        numbers: dict[str, int] = {}
        flat, starts = array("i"), array("i", [0])
        for text in bared:
            flat.extend([numbers.setdefault(each, len(numbers)) for each in text.split("\n")])
            starts.append(len(flat))
        self._sentences = list(numbers)
        # Twice the same: one number of an array of Python's is had sooner, many of numpy's.
        self._numbers, self._places = flat, starts
        self._flat = np.frombuffer(flat, dtype=np.int32)
        self._starts = np.frombuffer(starts, dtype=np.int32)[:-1]
        self._counts = np.diff(np.frombuffer(starts, dtype=np.int32))
        self._of_sentences = _lengths(self._sentences)
        upto = np.concatenate([[0], np.cumsum(self._of_sentences[self._flat])])
        self._lengths = upto[self._starts + self._counts] - upto[self._starts]

    def are_near(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Of each pair of places, whether the texts there are one text, changed."""
        # The shorter text of each pair first.
        turned = self._lengths[pairs[:, 0]] > self._lengths[pairs[:, 1]]
        ordered = np.where(turned[:, None], pairs[:, ::-1], pairs)
        short, long = self._lengths[ordered].T
        least = _LEAST[np.searchsorted(_UP_TO, short, side="right")] * long
        is_text = short >= SHORTEST
        near: NDArray[np.bool_] = is_text & (short >= least)
        near[near] = self._shared(ordered[near]) >= least[near]
        rest = np.flatnonzero(is_text & ~near & (short >= LEAST_LENGTH))
        if rest.size:
            near[rest] = self._shared_by_sentences(ordered[rest]) >= np.maximum(
                LEAST_KEPT * short[rest], LEAST_LENGTH
            )
        return near

    def _shared(self, pairs: Pairs) -> NDArray[np.int64]:
        """How many characters the texts of each pair share, in order."""
        ones, others = (map(self._text, column) for column in pairs.T.tolist())
        return _shared([*ones], [*others])

    def _text(self, place: int) -> str:
        sentences = self._numbers[self._places[place] : self._places[place + 1]]
        return "".join([self._sentences[sentence] for sentence in sentences])

    def _shared_by_sentences(self, pairs: Pairs) -> NDArray[np.int64]:
        """How much of each pair's first text stands in the second one, sentence by sentence."""
        first, second = pairs.T
        # Each sentence of the first text stands beside each of the second one.
        counts = self._counts[first]
        owners = np.repeat(np.arange(len(pairs)), counts)
        sentences = self._flat[_ranges(self._starts[first], counts)]
        beside = self._counts[second][owners]
        others = self._flat[_ranges(self._starts[second][owners], beside)]
        ones = np.repeat(sentences, beside)
        beside_each = np.stack([ones, others], axis=1).astype(np.int64)
        kept = _kept(self._sentences, self._of_sentences, beside_each)
        best = np.maximum.reduceat(kept, np.cumsum(beside) - beside) if len(kept) else kept
        return np.bincount(owners, weights=best, minlength=len(pairs)).astype(np.int64)


def stands_in(sentence: str, sentences: Sequence[str]) -> bool:
    """Whether a bare sentence is one of these, changed or not."""
    texts = [sentence, *sentences]
    pairs = np.array([[0, place] for place in range(1, len(texts))], dtype=np.int64)
    return bool(_kept(texts, _lengths(texts), pairs.reshape(-1, 2)).any())


def own_sentences(bared: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Sentences that one bare text alone has, by its place and theirs in it: what a writer added.

    The first few of them.
    """
    return islice(_own_sentences([text.split("\n") for text in bared]), MOST_OWN_SENTENCES)


def _own_sentences(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    times = Counter(chain.from_iterable(map(set, texts)))
    for place, sentences in enumerate(texts):
        alone = {each for each in sentences if times[each] == 1}
        others = [each for each in times if each not in alone] if alone else []
        for number, sentence in enumerate(sentences):
            is_looked_at = sentence in alone and len(sentence) >= SHORTEST_OWN_SENTENCE
            if is_looked_at and not stands_in(sentence, others):
                yield place, number


def _shared(ones: Sequence[str], others: Sequence[str]) -> NDArray[np.int64]:
    """How many characters two texts share, in order."""
    shared = cpdist(ones, others, scorer=LCSseq.similarity, dtype=np.int32)
    return np.asarray(shared, dtype=np.int64)


def _ranges(starts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """The numbers from each start on, so many of each."""
    begins = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    return begins + np.arange(len(begins))


def _kept(sentences: Sequence[str], lengths: NDArray[np.int64], pairs: Pairs) -> NDArray[np.int64]:
    """How much the sentences of each pair share, where they are one sentence, changed."""
    both = lengths[pairs]
    longest = both.max(axis=1)
    shared = np.where(pairs[:, 0] == pairs[:, 1], longest, 0)
    asked = (shared == 0) & (both.min(axis=1) >= LEAST_KEPT * longest) & (longest > 0)
    ones, others = ([sentences[place] for place in column] for column in pairs[asked].T.tolist())
    shared[asked] = _shared(ones, others)
    return np.where(shared >= LEAST_OF_SENTENCE * longest, shared, 0)


def _lengths(texts: Sequence[str]) -> NDArray[np.int64]:
    return np.array([len(text) for text in texts], dtype=np.int64)
