"""Find words in a text that no dictionary has, for a drafter to take as terms. Pure.

A stretch of characters is a word where they keep together far more often than chance would have
it (pointwise mutual information), and where what stands before and after it varies (entropy).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from consult.document.segmenting import HAN, STOP_WORDS, Vocabulary, fold, is_in_dictionary

SHORTEST, LONGEST = 3, 6
LEAST_TIMES = 3
LEAST_COHESION = 3.0
LEAST_FREEDOM = 1.0
# Words of grammar and of counting: no term begins or ends with one.
AT_NO_EDGE = (
    frozenset("一二三四五六七八九十个各该其此每由从向对更最不未无已应需可能会使让要之所请")
    | STOP_WORDS
)

_RUN = re.compile(f"[{HAN}]+")


@dataclass(frozen=True)
class Discovery:
    """A stretch as it is written, and how often it stands there."""

    term: str
    times: int


def discover(texts: Iterable[str], *, known: Vocabulary) -> list[Discovery]:
    """What may be terms and isn't known yet, the most frequent first."""
    counts: Counter[str] = Counter()
    before: dict[str, Counter[str]] = {}
    after: dict[str, Counter[str]] = {}
    written: dict[str, str] = {}
    for text in texts:
        folded = fold(text)
        for run in _RUN.finditer(folded.text):
            for start, end in _stretches(run.start(), run.end()):
                gram = folded.text[start:end]
                counts[gram] += 1
                if end - start < SHORTEST:
                    continue
                written.setdefault(gram, text[folded.starts[start] : folded.ends[end - 1]])
                left = folded.text[start - 1] if start > run.start() else "|"
                right = folded.text[end] if end < run.end() else "|"
                before.setdefault(gram, Counter())[left] += 1
                after.setdefault(gram, Counter())[right] += 1
    total = sum(count for gram, count in counts.items() if len(gram) == 1)
    found = [
        gram
        for gram in before
        if counts[gram] >= LEAST_TIMES
        and _may_be_a_term(gram, known)
        and _cohesion(gram, counts, total) >= LEAST_COHESION
        and min(_freedom(before[gram]), _freedom(after[gram])) >= LEAST_FREEDOM
    ]
    found.sort(key=lambda gram: (-counts[gram], -len(gram), gram))
    return [Discovery(written[gram], counts[gram]) for gram in found]


def _stretches(start: int, end: int) -> Iterable[tuple[int, int]]:
    for place in range(start, end):
        for length in range(1, min(LONGEST, end - place) + 1):
            yield place, place + length


def _may_be_a_term(gram: str, known: Vocabulary) -> bool:
    if gram[0] in AT_NO_EDGE or gram[-1] in AT_NO_EDGE or gram in known.terms:
        return False
    return not is_in_dictionary(gram) and not any(mark in gram for mark in "的与及和或")


def _cohesion(gram: str, counts: Counter[str], total: int) -> float:
    """How much more often the parts stand together than they would by chance, at the weakest."""
    return min(
        math.log(counts[gram] * total / (counts[gram[:cut]] * counts[gram[cut:]]))
        for cut in range(1, len(gram))
    )


def _freedom(neighbours: Counter[str]) -> float:
    """How varied what stands beside it is; the edge of a run is another neighbour each time."""
    total = neighbours.total()
    edges = neighbours["|"]
    shares = [n / total for mark, n in neighbours.items() if mark != "|"] + [1 / total] * edges
    return -sum(share * math.log(share) for share in shares)
