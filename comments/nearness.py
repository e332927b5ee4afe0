"""Which comments are nearly the same text, whoever changed a word of it. Pure.

What may be near is found by MinHash over triples of characters in bands (Broder 1997; Indyk and
Motwani 1998), and then two texts are compared: by their longest common subsequence, or sentence
by sentence where these were moved, added or left out. Groups are what is connected by such pairs,
so neither the order of the texts nor how they are divided makes a difference.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import rensa
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Signatures = NDArray[np.uint32]
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
LEAST_SHARED = ((30, 0.85), (60, 0.72), (10**9, 0.6))
# What a text that was added to or shortened must share with the other, of its own length, and
# in characters.
LEAST_KEPT, LEAST_LENGTH = 0.55, 25
# Of the longer one of two sentences, to be one sentence.
LEAST_OF_SENTENCE = 0.6
# In a crowded band each text is compared with so many before it: enough to connect them all.
MOST_NEIGHBOURS = 4
# Exemplars of a group with which those that met nobody are compared once more.
EXEMPLARS, MOST_EXEMPLARS = 6, 3000
# Of the signatures of two that meet, so much must be equal before they are compared: in a band,
# and with an exemplar.
EQUAL_IN_BAND, EQUAL_TO_EXEMPLAR = 0.13, 0.06

_SENTENCE = re.compile(r"[。！？!?；;．\n]+|\.(?=\s|$)")
_MARKS = re.compile(r"[\W_]+")
PAIRS_AT_ONCE = 100_000
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))


def bare(text: str) -> str:
    """The text without marks, width and case, its sentences on lines of their own."""
    return "\n".join(_bare_sentence(sentence) for sentence in written_sentences(text))


def written_sentences(text: str) -> list[str]:
    """The sentences as they are written, one for each line of the bare text."""
    found = (sentence.strip() for sentence in _SENTENCE.split(text))
    return [sentence for sentence in found if _bare_sentence(sentence)]


def _bare_sentence(sentence: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", sentence).lower())


def is_long_enough(bared: str) -> bool:
    """Whether it is a text that somebody may have handed on."""
    return len(bared) >= SHORTEST


def signatures(bared: Sequence[str]) -> Signatures:
    """A MinHash signature for each bare text, a row of `SIGNATURE` numbers."""
    joined = ["".join(text.split("\n")) for text in bared]
    lengths = np.array([len(text) for text in joined], dtype=np.int64)
    if not lengths.size:
        return np.zeros((0, SIGNATURE), dtype=np.uint32)
    tokens, offsets = _triples("".join(joined), lengths)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(tokens, offsets, SIGNATURE, SEED)
    return np.array(matrix.to_rows(), dtype=np.uint32)


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
    rows = signature.reshape(signature.shape[0], BANDS, ROWS).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (rows[:, :, 0] * _MIX[0] + rows[:, :, 1]) * _MIX[1] + rows[:, :, 2]
        mixed ^= mixed >> np.uint64(31)
    return mixed.astype(np.int64)


def is_near(one: str, other: str) -> bool:
    """Whether two bare texts are one text, changed."""
    short, long = sorted((one.replace("\n", ""), other.replace("\n", "")), key=len)
    if not is_long_enough(short):
        return False
    least = next(share for length, share in LEAST_SHARED if len(short) < length)
    if len(short) >= least * len(long) and _shared(short, long) >= least * len(long):
        return True
    return _shares_sentences(one, other, len(short))


def stands_in(sentence: str, sentences: Iterable[str]) -> bool:
    """Whether a bare sentence is one of these, changed or not."""
    return any(_kept(sentence, each) for each in sentences)


def _shared(one: str, other: str) -> int:
    return int(LCSseq.similarity(one, other))


def _shares_sentences(one: str, other: str, length: int) -> bool:
    """Whether most of the shorter text stands in the longer one, sentence by sentence."""
    if length < LEAST_LENGTH:
        return False
    fewer, more = sorted(
        (one.split("\n"), other.split("\n")), key=lambda sentences: sum(map(len, sentences))
    )
    kept = 0
    for sentence in fewer:
        kept += max((_kept(sentence, each) for each in more), default=0)
    return kept >= max(LEAST_KEPT * length, LEAST_LENGTH)


def _kept(sentence: str, other: str) -> int:
    """How much of a sentence stands in another, where they are one sentence, changed."""
    longest = max(len(sentence), len(other))
    if min(len(sentence), len(other)) < LEAST_KEPT * longest:
        return 0
    shared = _shared(sentence, other)
    return shared if shared >= LEAST_OF_SENTENCE * longest else 0


@dataclass(frozen=True)
class Texts:
    """Bare texts with their signatures, by place; no two are the same."""

    bare: Sequence[str]
    signatures: Signatures


def groups(texts: Texts) -> list[list[int]]:
    """The places of texts that are nearly the same, each group in order, by its first."""
    size = len(texts.bare)
    near = _near(texts, _met(texts.signatures))
    labels = _connected(near, size)
    met = _near(texts, _met_by_exemplars(texts, labels))
    labels = _connected(np.concatenate([near, met]), size)
    found: dict[int, list[int]] = {}
    for place, label in enumerate(labels.tolist()):
        found.setdefault(label, []).append(place)
    return [places for places in found.values() if len(places) > 1]


def _connected(pairs: Pairs, size: int) -> NDArray[np.int64]:
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return labels.astype(np.int64)


def _met(signature: Signatures) -> Pairs:
    """Places of texts that share a band and look alike, the earlier one first, each pair once."""
    columns = bands(signature)
    return _once(
        np.concatenate(
            [
                _alike(signature, _neighbours(columns[:, band]), EQUAL_IN_BAND)
                for band in range(BANDS)
            ]
        )
    )


def _neighbours(hashes: NDArray[np.int64]) -> Pairs:
    order = np.argsort(hashes, kind="stable")
    sorted_hashes = hashes[order]
    found = []
    for step in range(1, MOST_NEIGHBOURS + 1):
        same = np.flatnonzero(sorted_hashes[step:] == sorted_hashes[:-step])
        if not same.size:
            break
        found.append(np.stack([order[same], order[same + step]], axis=1))
    return np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)


def _once(pairs: Pairs) -> Pairs:
    if not len(pairs):
        return pairs
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    keys = np.unique(low * (int(high.max()) + 1) + high)
    return np.stack(np.divmod(keys, int(high.max()) + 1), axis=1)


def _near(texts: Texts, pairs: Pairs) -> Pairs:
    """The pairs that are near, without asking of two that are connected already."""
    leaders = list(range(len(texts.bare)))

    def leader(place: int) -> int:
        while leaders[place] != place:
            leaders[place] = leaders[leaders[place]]
            place = leaders[place]
        return place

    found = []
    for one, other in pairs.tolist():
        first, second = leader(one), leader(other)
        if first != second and is_near(texts.bare[one], texts.bare[other]):
            leaders[max(first, second)] = min(first, second)
            found.append((one, other))
    return np.array(found, dtype=np.int64).reshape(len(found), 2)


def _alike(signature: Signatures, pairs: Pairs, least: float) -> Pairs:
    """The pairs of whose signatures so much is equal that their texts are worth comparing."""
    found = [np.zeros((0, 2), dtype=np.int64)]
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[start : start + PAIRS_AT_ONCE]
        equal = (signature[some[:, 0]] == signature[some[:, 1]]).mean(axis=1)
        found.append(some[equal >= least])
    return np.concatenate(found)


def _met_by_exemplars(texts: Texts, labels: NDArray[np.int64]) -> Pairs:
    """Who met nobody, with the exemplars of groups that share two numbers in a row with them."""
    sizes = np.bincount(labels, minlength=len(labels))
    alone = np.flatnonzero(sizes[labels] == 1)
    exemplars = np.array(_exemplars(labels, sizes), dtype=np.int64)
    if not exemplars.size or not alone.size:
        return np.zeros((0, 2), dtype=np.int64)
    found = []
    for column in range(0, SIGNATURE, 2):
        theirs = _paired(texts.signatures[exemplars], column)
        ours = _paired(texts.signatures[alone], column)
        order = np.argsort(theirs, kind="stable")
        first = np.searchsorted(theirs, ours, side="left", sorter=order)
        count = np.searchsorted(theirs, ours, side="right", sorter=order) - first
        # One exemplar a place and column is enough: there are sixty columns.
        hit = np.flatnonzero(count)
        found.append(np.stack([exemplars[order[first[hit]]], alone[hit]], axis=1))
    return _alike(texts.signatures, _once(np.concatenate(found)), EQUAL_TO_EXEMPLAR)


def _paired(signature: Signatures, column: int) -> NDArray[np.uint64]:
    high = signature[:, column].astype(np.uint64) << np.uint64(32)
    return high | signature[:, column + 1].astype(np.uint64)


def _exemplars(labels: NDArray[np.int64], sizes: NDArray[np.int64]) -> list[int]:
    """The first texts of each group, of the largest groups where there are too many."""
    chosen: dict[int, list[int]] = {}
    for place in np.flatnonzero(sizes[labels] > 1).tolist():
        of_group = chosen.setdefault(int(labels[place]), [])
        if len(of_group) < EXEMPLARS:
            of_group.append(place)
    largest = sorted(chosen, key=lambda label: (-int(sizes[label]), chosen[label][0]))
    return sorted(
        each for label in largest[: MOST_EXEMPLARS // EXEMPLARS] for each in chosen[label]
    )
