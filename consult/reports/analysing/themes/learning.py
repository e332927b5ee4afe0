"""What a sample of the comments teaches: which words there are, where they stand, what themes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from consult.document.whole_words import WholeWords, folded_one_for_one, stem
from consult.reports.analysing.themes.clusters import nearest, themes_of
from consult.reports.analysing.themes.corpus import Corpus, Integers, Rows
from consult.reports.analysing.themes.human import HumanWord
from consult.reports.analysing.themes.keywords import terms_of_several
from consult.reports.analysing.themes.phrases import (
    OF_A_TERM,
    OF_A_WORD,
    Joining,
    Measure,
    find_phrases,
    is_one_word,
)
from consult.reports.analysing.themes.space import Floats, Space, space_of
from consult.reports.analysing.themes.words import Classes

# The words that tell themes stand in at least two comments, in a large sample in more.
LEAST_COMMENTS, ONCE_IN = 2, 2_500
APART = -1


@dataclass(frozen=True)
class Lexicon:
    """The words of a scope, crumbs put together; `classes` knows them all."""

    words: Sequence[str]
    classes: Classes
    # Of each word, the words it was put together from.
    parts: Sequence[tuple[int, ...]]
    joining: Joining
    # Terms of several words, in numbers of `words`.
    several: Sequence[tuple[int, ...]]

    @classmethod
    def of(cls, corpus: Corpus, sample: Rows, text: Rows, cut: WholeWords) -> "Lexicon":
        seen = np.bincount(sample.words, minlength=len(corpus.words)) > 0
        seen |= np.bincount(text.words, minlength=len(corpus.words)) > 0
        words = [word if is_seen else "" for word, is_seen in zip(corpus.words, seen, strict=True)]
        classes = Classes.of(words, cut)
        whole = [
            phrase
            for phrase in _phrases(sample, text, classes, OF_A_WORD)
            if is_one_word(phrase, classes)
        ]
        whole.sort(key=lambda phrase: [words[part] for part in phrase])
        joining = Joining(whole, first_number=len(words))
        parts = [(number,) for number in range(len(words))] + whole
        words += ["".join(words[part] for part in phrase) for phrase in whole]
        classes = Classes.of(words, cut)
        several = _phrases(joining.joined(sample), joining.joined(text), classes, OF_A_TERM)
        return cls(words, classes, parts, joining, terms_of_several(several, words, classes))

    @property
    def telling(self) -> Integers:
        """The words that tell something, in an order that depends on nothing but them."""
        numbers = np.flatnonzero(self.classes.tells).tolist()
        return np.array(sorted(numbers, key=lambda number: self.words[number]), np.int64)


@dataclass(frozen=True)
class Labels:
    """Of each comment its theme (`APART` for none), how near it is to it, and its words."""

    themes: Integers
    nearness: Integers
    counts: sp.csr_array


class Learned:
    """Tells of any comment which theme it is on: first those that people named, then the rest."""

    def __init__(
        self,
        corpus: Corpus,
        lexicon: Lexicon,
        space: Space,
        sample: Rows,
        human: HumanWord,
        cut: WholeWords,
    ) -> None:
        self.lexicon, self.space, self.human = lexicon, space, human
        vectors = space.placed(space.weighed(space.counted(lexicon.joining.joined(sample))))
        fixed, owners = human.centres(space, lexicon.words)
        self._centres: Floats = themes_of(vectors, fixed)
        machine = len(self._centres) - len(fixed)
        self.themes = len(human.themes) + machine
        self._owners = np.concatenate([owners, np.arange(machine) + len(human.themes), [APART]])
        self._held, self._moved = _Put(human.held()), _Put(human.moved())
        self._taken = [
            (number, parent, [_numbers(term, corpus, cut) for term in terms])
            for number, parent, terms in human.taken()
        ]

    def labels(self, rows: Rows, references: NDArray[np.bytes_]) -> Labels:
        """The themes of comments, given their words as they were cut."""
        counts = self.space.counted(self.lexicon.joining.joined(rows))
        vectors = self.space.placed(self.space.weighed(counts))
        centres, nearness = nearest(vectors, self._centres)
        themes = self._owners[centres]
        self._held.put(themes, references)
        for number, parent, terms in self._taken:
            speaks = np.zeros(len(themes), np.bool_)
            for term in terms:
                speaks |= rows.holding(term)
            themes[(themes == parent) & speaks] = number
        self._moved.put(themes, references)
        return Labels(themes, nearness, counts)


def _phrases(sample: Rows, text: Rows, classes: Classes, measure: Measure) -> list[tuple[int, ...]]:
    """Stretches that keep together in the comments, or in the text that they are on."""
    return list({*find_phrases(sample, classes, measure), *find_phrases(text, classes, measure)})


class _Put:
    """Comments that are in a theme whatever they say."""

    def __init__(self, theme_of: Mapping[bytes, int]) -> None:
        self._theme_of = theme_of
        self._references = np.array(sorted(theme_of), np.bytes_)

    def put(self, themes: Integers, references: NDArray[np.bytes_]) -> None:
        for place in np.flatnonzero(np.isin(references, self._references)).tolist():
            themes[place] = self._theme_of[bytes(references[place])]


def learn(
    corpus: Corpus, sample: Rows, human: HumanWord, cut: WholeWords, *, texts: Sequence[str]
) -> Learned:
    """Learn from the sample, from the texts commented on, and from what people said."""
    lexicon = Lexicon.of(corpus, sample, corpus.read(texts, cut), cut)
    least = max(LEAST_COMMENTS, len(sample.lengths) // ONCE_IN)
    space = space_of(lexicon.joining.joined(sample), lexicon.telling, least)
    return Learned(corpus, lexicon, space, sample, human, cut)


def _numbers(term: str, corpus: Corpus, cut: WholeWords) -> tuple[int, ...]:
    """The words of a term as the corpus has them; -1 for one that it hasn't."""
    words = [word for word in cut.words(folded_one_for_one(term)) if word[0].isalnum()]
    return tuple(corpus.numbers.get(stem(word), -1) for word in words)
