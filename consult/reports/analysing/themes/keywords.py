"""By which words a theme is told from the others, as people wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from consult.reports.analysing.themes.corpus import Integers, Rows
from consult.reports.analysing.themes.phrases import Stretch
from consult.reports.analysing.themes.words import Classes

MOST_KEYWORDS = 8
# Looked at from the best on, until there are enough.
CANDIDATES = 24
LEAST_COMMENTS = 2
MORE_THAN_ELSEWHERE = 1.5
# A term of several words stands for one of its words where it makes up so much of its use.
STANDS_FOR = 0.4
MOST_PARTS = 3
MOST_CHARACTERS = 8


@dataclass(frozen=True)
class Terms:
    """Each term as the row of words that it is made of: single words first, then those of several
    words from `several` on."""

    parts: Sequence[tuple[int, ...]]
    several: int


class Keywords:
    """Chooses them from the sample: `counts` are comments × terms, `labels` their themes."""

    def __init__(
        self, terms: Terms, counts: sp.csr_array, labels: Integers, weights: Integers, themes: int
    ) -> None:
        self._terms = terms
        present = counts.copy()
        present.data[:] = 1
        is_in = np.flatnonzero(labels >= 0)
        member = sp.csr_array(
            (np.ones(len(is_in), np.int64), (labels[is_in], is_in)), shape=(themes, len(labels))
        )
        self._in_theme = (member @ present).toarray()
        sizes = np.maximum(self._in_theme.sum(axis=1, keepdims=True), 1)
        all_of = np.maximum(self._in_theme.sum(axis=0), 1)
        # c-TF-IDF: frequent in the theme, rare in the average one, and rarer outside than inside.
        share = self._in_theme / sizes
        score = share * np.log(1 + sizes.sum() / len(sizes) / all_of) if themes else share
        outside = all_of - self._in_theme
        score[share * (sizes.sum() - sizes) < MORE_THAN_ELSEWHERE * outside] = 0
        self._scores = np.rint(score * weights * 1e7).astype(np.int64)

    def of(self, theme: int) -> list[int]:
        """The theme's terms, the best first: no two of which one holds the other."""
        chosen: list[int] = []
        several = self._terms.several
        scores = self._scores[theme].copy()
        scores[self._in_theme[theme] < LEAST_COMMENTS] = 0
        for term in np.argsort(-scores[:several], kind="stable")[:CANDIDATES].tolist():
            if scores[term] <= 0 or len(chosen) == MOST_KEYWORDS:
                break
            best = self._longer(theme, term)
            if not any(self._overlaps(best, other) for other in chosen):
                chosen.append(best)
        return chosen

    def _longer(self, theme: int, term: int) -> int:
        """The term of several words that this one stands for here, or itself."""
        in_theme, several = self._in_theme[theme], self._terms.several
        part = self._terms.parts[term]
        longer = [
            number
            for number in range(several, len(self._terms.parts))
            if in_theme[number] >= max(LEAST_COMMENTS, STANDS_FOR * in_theme[term])
            and _holds(self._terms.parts[number], part)
        ]
        return max(longer, key=lambda number: (in_theme[number], -number), default=term)

    def _overlaps(self, one: int, other: int) -> bool:
        parts, others = self._terms.parts[one], self._terms.parts[other]
        return bool(set(parts) & set(others))


def _holds(parts: tuple[int, ...], fewer: tuple[int, ...]) -> bool:
    return any(
        parts[start : start + len(fewer)] == fewer for start in range(len(parts) - len(fewer) + 1)
    )


def terms_of_several(
    phrases: Sequence[Stretch], words: Sequence[str], classes: Classes
) -> list[Stretch]:
    """Those stretches that can be keywords, in an order that depends on nothing but them."""
    fit = [
        phrase
        for phrase in phrases
        if len(phrase) <= MOST_PARTS
        and classes.tells[list(phrase)].all()
        and not classes.is_saying[list(phrase)].any()
        and (words[phrase[0]].isascii() or _length(phrase, words) <= MOST_CHARACTERS)
    ]
    return sorted(fit, key=lambda phrase: [words[part] for part in phrase])


def _length(phrase: Stretch, words: Sequence[str]) -> int:
    return sum(len(words[part]) for part in phrase)


class Spelling:
    """How terms are written most often, from the sample's words as they were written."""

    def __init__(self, rows: Rows, written: Integers, spellings: Sequence[str]) -> None:
        self._words, self._written, self._spellings = rows.words, written, spellings
        self._owners = rows.owners
        self._order = np.argsort(rows.words, kind="stable")
        self._sorted = rows.words[self._order]

    def of(self, parts: tuple[int, ...]) -> str:
        """The commonest spelling of these words in a row; of equals the first by code points."""
        first, behind = np.searchsorted(self._sorted, [parts[0], parts[0] + 1])
        places = self._order[first:behind]
        places = places[places + len(parts) <= len(self._words)]
        for offset, part in enumerate(parts):
            places = places[self._words[places + offset] == part]
        places = places[self._owners[places] == self._owners[places + len(parts) - 1]]
        found: dict[str, int] = {}
        rows = np.stack([self._written[places + n] for n in range(len(parts))], axis=1)
        kinds, times = np.unique(rows, axis=0, return_counts=True)
        for kind, count in zip(kinds.tolist(), times.tolist(), strict=True):
            text = _put_together([self._spellings[number] for number in kind])
            found[text] = found.get(text, 0) + count
        return min(found, key=lambda text: (-found[text], text))


def _put_together(words: Sequence[str]) -> str:
    text = words[0]
    for word in words[1:]:
        text += f" {word}" if text[-1].isascii() and word[0].isascii() else word
    return text
