"""What a reader typed into the search, as words to look for. Pure.

Words apart are all asked for, in any order; what stands in quotation marks is asked for as it is.
A word that the dictionary lacks is asked for by its characters side by side; a single character
also by what begins with it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.document.segmenting import (
    HAN,
    NO_TERMS,
    Token,
    Vocabulary,
    segments_of,
    words_of,
)
from consult.document.vectors import all_of, phrase

LONGEST_QUERY = 200
MOST_PHRASES = 12

_QUOTED = re.compile('["“”「『＂]([^"“”「」『』＂]+)["“”」』＂]')
_ONE_CHARACTER = re.compile(f"[{HAN}]")


@dataclass(frozen=True)
class Phrase:
    """Words at their distances from the first; nearly always one word alone."""

    words: tuple[tuple[str, int], ...]

    @property
    def beginning(self) -> str:
        """A single character, which also what begins with it is found by; empty otherwise."""
        word = self.words[0][0]
        return word if len(self.words) == 1 and _ONE_CHARACTER.fullmatch(word) else ""


@dataclass(frozen=True)
class Query:
    """Phrases that must all be there."""

    phrases: tuple[Phrase, ...]

    @property
    def has_phrases(self) -> bool:
        """Whether places matter, not words alone."""
        return any(len(phrase.words) > 1 for phrase in self.phrases)

    @property
    def needed(self) -> str:
        """The words alone, as a tsquery: an index answers it without looking at any text."""
        words = {
            word: None for each in self.phrases if not each.beginning for word, _ in each.words
        }
        return all_of(words, beginnings=self._beginnings)

    @property
    def exact(self) -> str:
        """The words at their distances, as a tsquery."""
        alone = [each.words[0][0] for each in self.phrases if len(each.words) == 1]
        words = [word for word in alone if word not in self._beginnings]
        together = [phrase(each.words) for each in self.phrases if len(each.words) > 1]
        rest = all_of(words, beginnings=self._beginnings)
        return " & ".join([*together, *([rest] if rest else [])])

    @property
    def _beginnings(self) -> list[str]:
        return [each.beginning for each in self.phrases if each.beginning]


def read_query(typed: str, vocabulary: Vocabulary = NO_TERMS) -> Query:
    """The phrases of what was typed; none where it has no word that can be looked for."""
    found: dict[Phrase, None] = {}
    for text, is_quoted in _chunks(typed[:LONGEST_QUERY]):
        tokens = segments_of(text, vocabulary)
        if is_quoted:
            found.update(dict.fromkeys([_phrase(tokens)] if tokens else []))
        else:
            found.update(dict.fromkeys(map(_phrase, _side_by_side(tokens))))
    return Query(tuple(found)[:MOST_PHRASES])


def _chunks(typed: str) -> Iterator[tuple[str, bool]]:
    """What stands in quotation marks, and what stands between."""
    place = 0
    for match in _QUOTED.finditer(typed):
        yield typed[place : match.start()], False
        yield match.group(1), True
        place = match.end()
    yield typed[place:], False


def _side_by_side(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Each word by itself, but single characters of one run together."""
    group: list[Token] = []
    for token in tokens:
        is_character = _ONE_CHARACTER.fullmatch(token.word) is not None
        follows = bool(group) and group[-1].end == token.start
        if group and not (is_character and follows):
            yield group
            group = []
        if is_character:
            group.append(token)
        else:
            yield [token]
    if group:
        yield group


def _phrase(tokens: Sequence[Token]) -> Phrase:
    first = tokens[0].place
    return Phrase(tuple((token.word, token.place - first) for token in tokens))


def hits(text: str, query: Query, vocabulary: Vocabulary = NO_TERMS) -> list[tuple[int, int]]:
    """From where to where the text has what is asked for, in its own code points and in order."""
    by_word: dict[str, list[Token]] = {}
    for token in words_of(text, vocabulary):
        by_word.setdefault(token.word, []).append(token)
    stretches: list[tuple[int, int]] = []
    for each in query.phrases:
        if each.beginning:
            beginnings = (word for word in by_word if word.startswith(each.beginning))
            stretches.extend((t.start, t.end) for word in beginnings for t in by_word[word])
        else:
            stretches.extend(_phrase_hits(each, by_word))
    return _merged(stretches)


def _phrase_hits(each: Phrase, by_word: dict[str, list[Token]]) -> Iterator[tuple[int, int]]:
    places = [
        {token.place - place: token for token in by_word.get(word, ())}
        for word, place in each.words
    ]
    for first in places[0]:
        if all(first in tokens for tokens in places):
            for tokens in places:
                yield tokens[first].start, tokens[first].end


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
