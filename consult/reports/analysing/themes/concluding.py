"""The chapter on themes: learn from a sample, give every comment its theme, and tell of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from consult.reports.analysing.chapter import Chapter, Head, Json
from consult.reports.analysing.packing import renumbered
from consult.reports.analysing.themes.corpus import Corpus, Integers, Rows
from consult.reports.analysing.themes.human import HumanWord
from consult.reports.analysing.themes.keywords import Keywords, Spelling, Terms
from consult.reports.analysing.themes.learning import Learned, learn
from consult.reports.analysing.themes.reading import cutter
from consult.reports.analysing.themes.representatives import (
    CANDIDATES,
    Candidate,
    representatives,
    value_of,
)

# Learnt from at most so many comments, of one section and of all.
SAMPLE_OF_SECTION, SAMPLE_OF_ALL = 3_000, 20_000
# A theme is remembered by so many words, the heaviest of which weighs so much.
REMEMBERED, HEAVIEST = 24, 1_000
# Comments looked at for quotes, before those that say the same are left out.
LOOKED_AT = 2_000


def conclude_themes(parts: Iterable[bytes], head: Head, *, name: str) -> Chapter:
    """The chapter from the tallies of the parts of its scope."""
    # Workers share the processors: threads that wait for each other cost more than they bring.
    with threadpool_limits(limits=1):
        return _concluded(parts, head, name)


def _concluded(parts: Iterable[bytes], head: Head, name: str) -> Chapter:
    section = head.section or ""
    corpus = Corpus(parts)
    cut = cutter(tuple(head.report.get("terms", ())))
    human = HumanWord.of(head, section)
    sample, written, places = corpus.sample(SAMPLE_OF_SECTION if section else SAMPLE_OF_ALL)
    texts = [provision["text"] for provision in head.provisions]
    learned = learn(corpus, sample, human, cut, texts=texts)
    named = _Naming(corpus, learned, sample, written, places)
    assigned = _Assigned.of(corpus, learned)
    return _chapter(assigned, named, human, f"{name}/{section or 'all'}")


class _Naming:
    """What tells themes apart, from the sample."""

    def __init__(
        self,
        corpus: Corpus,
        learned: Learned,
        sample: Rows,
        written: Integers,
        places: Sequence[tuple[int, int]],
    ) -> None:
        lexicon, space = learned.lexicon, learned.space
        references = np.array(
            [corpus.parts[part].references[place] for part, place in places], np.bytes_
        )
        labels = learned.labels(sample, references)
        joined = lexicon.joining.joined(sample)
        several = np.array(
            [joined.holding(phrase) for phrase in lexicon.several],
            np.int64,
        ).reshape(len(lexicon.several), len(sample.lengths))
        singles = space.words.tolist()
        self._parts = [lexicon.parts[number] for number in singles] + [
            tuple(part for number in phrase for part in lexicon.parts[number])
            for phrase in lexicon.several
        ]
        weights = np.concatenate(
            [lexicon.classes.names[space.words], np.full(len(lexicon.several), 100)]
        )
        self._keywords = Keywords(
            Terms(self._parts, len(singles)),
            sp.csr_array(sp.hstack([labels.counts, sp.csr_array(several.T)])),
            labels.themes,
            weights,
            learned.themes,
        )
        self._spelling = Spelling(sample, written, corpus.spellings)
        self._weighed = space.weighed(labels.counts)
        self._labels = labels.themes
        self._words = [lexicon.words[number] for number in singles]

    def keywords(self, theme: int) -> list[str]:
        """The theme's terms as they are written."""
        return [self._spelling.of(self._parts[term]) for term in self._keywords.of(theme)]

    def remembered(self, theme: int) -> dict[str, int]:
        """The words that make up the theme's middle, with their weights."""
        mass = np.asarray(self._weighed[np.flatnonzero(self._labels == theme)].sum(axis=0)).ravel()
        if not mass.any():
            return {}
        order = np.argsort(-mass, kind="stable")[:REMEMBERED]
        weights = (mass[order] * HEAVIEST // mass[order[0]]).tolist()
        return {
            self._words[number]: weight
            for number, weight in zip(order.tolist(), weights, strict=True)
            if weight
        }


_COLUMNS = ("themes", "values", "signatures", "authors", "groups", "stances")


@dataclass(frozen=True)
class _Assigned:
    """Every comment of the scope, in one row each."""

    references: NDArray[np.bytes_]
    themes: Integers
    values: Integers
    signatures: Integers
    authors: Integers
    groups: Integers
    stances: Integers
    group_names: Sequence[str]
    stance_names: Sequence[str]
    corpus: Corpus
    learned: Learned

    @classmethod
    def of(cls, corpus: Corpus, learned: Learned) -> "_Assigned":
        group_names = sorted({name for part in corpus.parts for name in part.groups})
        stance_names = sorted({name for part in corpus.parts for name in part.stances})
        chance = np.random.RandomState(1).randint(1, 2**40, len(learned.space.words))
        columns: dict[str, list[NDArray[Any]]] = {
            name: [np.empty(0, np.int64)] for name in _COLUMNS
        }
        columns["references"] = [np.empty(0, np.bytes_)]
        for place, part in enumerate(corpus.parts):
            labels = learned.labels(corpus.rows(place), part.references)
            telling = np.diff(labels.counts.indptr).astype(np.int64)
            columns["references"].append(part.references)
            columns["themes"].append(labels.themes)
            columns["values"].append(value_of(labels.nearness, telling))
            columns["signatures"].append(labels.counts @ chance)
            columns["authors"].append(part.authors.view(np.int64))
            columns["groups"].append(renumbered(part.groups, group_names)[part.group])
            columns["stances"].append(renumbered(part.stances, stance_names)[part.stance])
        return cls(
            **{name: np.concatenate(column) for name, column in columns.items()},
            group_names=group_names,
            stance_names=stance_names,
            corpus=corpus,
            learned=learned,
        )

    def counted(self, is_in: Integers) -> Json:
        """The numbers of these comments."""
        return {
            "comments": len(is_in),
            "authors": len(np.unique(self.authors[is_in])),
            "groups": _tallied(self.groups[is_in], self.group_names),
            "stances": _tallied(self.stances[is_in], self.stance_names),
        }

    def quotes(self, is_in: Integers) -> list[str]:
        """The references of the comments that speak for these."""
        values = self.values[is_in]
        if len(is_in) > LOOKED_AT:
            least = np.partition(values, len(values) - LOOKED_AT)[len(values) - LOOKED_AT]
            is_in = is_in[values >= least]
        order = is_in[np.lexsort((self.references[is_in], -self.values[is_in]))]
        _, first = np.unique(self.signatures[order], return_index=True)
        best = order[np.sort(first)][:CANDIDATES]
        best = best[self.values[best] > 0]
        candidates = [
            Candidate(
                value=int(self.values[place]),
                reference=self.references[place].decode(),
                author=int(self.authors[place]),
                group=int(self.groups[place]),
                stance=int(self.stances[place]),
                row=row,
            )
            for row, place in enumerate(best.tolist())
        ]
        return representatives(candidates, self._words_of(best))

    def _words_of(self, places: Integers) -> sp.csr_array:
        firsts = np.cumsum([0, *(len(part.lengths) for part in self.corpus.parts)])
        owners = np.searchsorted(firsts, places, side="right") - 1
        space, joining = self.learned.space, self.learned.lexicon.joining
        tables, order = [sp.csr_array((0, len(space.words)), dtype=np.int64)], [owners[:0]]
        for owner in np.unique(owners).tolist():
            mine = np.flatnonzero(owners == owner)
            rows = self.corpus.rows(owner, places[mine] - firsts[owner])
            tables.append(space.counted(joining.joined(rows)))
            order.append(mine)
        return sp.csr_array(sp.vstack(tables))[np.argsort(np.concatenate(order))]


def _tallied(numbers: Integers, names: Sequence[str]) -> dict[str, int]:
    counts = np.bincount(numbers, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _chapter(assigned: _Assigned, named: _Naming, human: HumanWord, prefix: str) -> Chapter:
    themes: list[Json] = []
    sets: dict[str, list[str]] = {}
    is_apart = assigned.themes < 0
    for number in range(assigned.learned.themes):
        is_in = np.flatnonzero(assigned.themes == number)
        # What has no words of its own is no theme, unless somebody says so.
        if number >= len(human.themes) and not (len(is_in) and named.keywords(number)):
            is_apart[is_in] = True
            continue
        theme = _theme(number, is_in, assigned, named, human)
        themes.append(theme)
        sets[f"{prefix}/{theme['key']}"] = _sorted(assigned.references[is_in])
    apart = np.flatnonzero(is_apart)
    sets[f"{prefix}/"] = _sorted(assigned.references[apart])
    themes.sort(key=lambda theme: (-theme["comments"], theme["key"]))
    found = {
        "comments": len(assigned.references),
        "apart": len(apart),
        "prefix": prefix,
        "themes": themes,
    }
    quotes = [reference for theme in themes for reference in theme["quotes"]]
    return Chapter(found, {key: refs for key, refs in sets.items() if refs}, quotes)


def _theme(
    number: int, is_in: Integers, assigned: _Assigned, named: _Naming, human: HumanWord
) -> Json:
    keywords = named.keywords(number)
    quotes = assigned.quotes(is_in)
    remembered = named.remembered(number)
    by_hand = human.themes[number] if number < len(human.themes) else None
    if by_hand is not None:
        key, name = by_hand.key, by_hand.name
        keywords = keywords or list(by_hand.keywords)
        remembered = dict(by_hand.remembered[0]) if by_hand.remembered else remembered
    else:
        first = min(quotes or _sorted(assigned.references[is_in]))
        key, name = f"{keywords[0] if keywords else ''}.{first}", ""
    return {
        "key": key,
        "name": name,
        "keywords": keywords,
        "words": remembered,
        **assigned.counted(is_in),
        "quotes": quotes,
    }


def _sorted(references: NDArray[np.bytes_]) -> list[str]:
    found: list[str] = np.sort(references).astype(np.str_).tolist()
    return found
