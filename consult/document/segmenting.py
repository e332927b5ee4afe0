"""Take a text apart into words for the search, each with its place in the text as written.

Pure. The search key is folded: compatibility forms, letter case and traditional characters are
made alike, English words are stemmed. The text itself is never changed: every word knows from
where to where it stands in the original. A framework's own terms are kept whole; what is whole is
also found by its parts, so 技職教育 by 技職 and by 教育.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import opencc
import rjieba
import Stemmer

# Words of grammar: they are in nearly every text and tell nothing of its matter.
STOP_WORDS = frozenset(
    [
        *"的了是在和与及或也就都而于之以为有我你您他她它这那吗呢吧啊并等被把将",
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in"),
        *("is", "it", "its", "of", "on", "or", "that", "the", "this", "to", "was", "were"),
        *("will", "with"),
    ]
)
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
LONGEST_WORD = 60
SHORTEST_TERM, LONGEST_TERM = 2, 12
# Runs of Chinese up to here are taken apart once; a hostile one fills a comment.
LONGEST_KEPT = 64
# Format characters, and halves of characters, which no text should have.
SHOWS_NOTHING = ("Cf", "Cs")
# Farther apart than the words of any phrase that is asked for.
BETWEEN_TEXTS = 300

_PIECE = re.compile(
    rf"(?P<han>[{HAN}]+)"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?!\d)|\d+\.\d+)"
    rf"|(?P<word>(?:(?![{HAN}])[^\W_])+(?:['’](?:(?![{HAN}])[^\W_])+)*)"
    r"|(?P<mark>\S)"
)
_HAN_ALONE = re.compile(f"[{HAN}]+")

# A word with its beginning and its end in what it is a part of.
_Word = tuple[str, int, int]

_to_simplified = opencc.OpenCC("t2s")
_english = Stemmer.Stemmer("english")


class Token(NamedTuple):
    """A word as it is looked for, and where it stands.

    `start` and `end` count code points of the text as written; `place` counts characters of
    Chinese, words and punctuation marks, but no spaces: words of a phrase stand at its distances.
    """

    word: str
    start: int
    end: int
    place: int


@dataclass(frozen=True)
class Folded:
    """A text as it is compared. Character n stands for `starts[n]` to `ends[n]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold(text: str) -> Folded:
    """The text with compatibility forms, case and traditional characters made alike."""
    folded = text.translate(_folding)
    # Nearly always: each character by itself, and one for one.
    if len(folded) == len(text):
        return Folded(_simplified(folded), range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _units(text):
        for character in _folded_unit(text[start:end]):
            characters.append(character)
            starts.append(start)
            ends.append(end)
    return Folded(_simplified("".join(characters)), starts, ends)


def is_in_dictionary(word: str) -> bool:
    """Whether a folded word is one that needs no term of its own."""
    # By the library's own, to which nothing is added: each `Jieba()` takes 25 MB.
    return bool(rjieba.has_word(word))


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Each character with the marks that combine with it, and what shows nothing."""
    borders = [place for place, character in enumerate(text) if not (place and _joins(character))]
    yield from pairwise([*borders, len(text)])


@lru_cache(maxsize=2**16)
def _joins(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me", "Cf")


@lru_cache(maxsize=2**16)
def _folded_unit(unit: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", unit).casefold())
    parts = unicodedata.normalize("NFD", folded)
    if parts[:1].isascii():
        # Who can't type an accent finds the word all the same.
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    return "".join(part for part in folded if unicodedata.category(part) not in SHOWS_NOTHING)


def _simplified(text: str) -> str:
    simplified = str(_to_simplified.convert(text))
    # By phrases, which looks around; where that moved anything, one by one.
    if len(simplified) != len(text):
        simplified = "".join(_simplified_character(character) for character in text)
    return simplified


@lru_cache(maxsize=2**16)
def _simplified_character(character: str) -> str:
    simplified = str(_to_simplified.convert(character))
    return simplified if len(simplified) == 1 else character


class _Folding(dict[int, str]):
    """Each character folded by itself; one that is not folded one for one as two or more."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = "" if _joins(character) else _folded_unit(character)
        self[code] = folded or 2 * character
        return self[code]


_folding = _Folding()


class Vocabulary:
    """Terms that are kept whole, folded."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        folded = {fold(term).text.strip() for term in terms}
        self.terms = frozenset(term for term in folded if is_term(term))
        by_beginning: dict[str, list[str]] = {}
        for term in sorted(self.terms, key=lambda term: (-len(term), term)):
            by_beginning.setdefault(term[0], []).append(term)
        self._by_beginning = by_beginning

    def found_in(self, run: str) -> list[tuple[int, str]]:
        """Every term in a run of Chinese with its place, also those within others."""
        if not self._by_beginning:
            return []
        return [
            (place, term)
            for place, character in enumerate(run)
            for term in self._by_beginning.get(character, ())
            if run.startswith(term, place)
        ]


def is_term(folded: str) -> bool:
    """Whether this can be a term: a Chinese word of some characters."""
    fits = SHORTEST_TERM <= len(folded) <= LONGEST_TERM
    return fits and _HAN_ALONE.fullmatch(folded) is not None


NO_TERMS = Vocabulary()


def words_of(text: str, vocabulary: Vocabulary = NO_TERMS) -> list[Token]:
    """The words by which the text is found: terms, words and their parts, in reading order."""
    return _tokens(text, vocabulary, with_parts=True)


def places_of_words(
    texts: Iterable[str], vocabulary: Vocabulary = NO_TERMS
) -> dict[str, list[int]]:
    """At which places each word of several texts of one thing stands, as `words_of` has them.

    No phrase reaches from one text into the next.
    """
    found: dict[str, list[int]] = {}
    place = 0
    for text in texts:
        folded = fold(text).text
        for words, _, begin in _stretches(folded, vocabulary, with_parts=True):
            for word, first, _ in words:
                found.setdefault(word, []).append(place + begin + first)
        # No text has more places than characters.
        place += len(folded) + BETWEEN_TEXTS
    return found


def segments_of(text: str, vocabulary: Vocabulary = NO_TERMS) -> list[Token]:
    """The text's words side by side, each as long as it can be: what a query asks for."""
    return _tokens(text, vocabulary, with_parts=False)


def parts_of(text: str) -> list[str]:
    """The text cut into words, marks and white space: put together, they give it back."""
    folded = fold(text)
    starts = [*folded.starts, len(text)]
    borders = {0, len(text)}
    for piece in _PIECE.finditer(folded.text):
        begin, end = piece.span()
        borders.update((starts[begin], starts[end]))
        if piece.lastgroup == "han":
            words = _by_dictionary(piece.group(), begin)
            borders.update(starts[place] for _, place, _ in words)
    return [text[start:end] for start, end in pairwise(sorted(borders))]


def _tokens(text: str, vocabulary: Vocabulary, *, with_parts: bool) -> list[Token]:
    folded = fold(text)
    starts, ends = folded.starts, folded.ends
    return [
        Token(word, starts[begin + first], ends[begin + end - 1], place + first)
        for words, begin, place in _stretches(folded.text, vocabulary, with_parts=with_parts)
        for word, first, end in words
    ]


class _Stretch(NamedTuple):
    """What stands side by side in a folded text, by its words with their beginnings and ends."""

    words: Sequence[_Word]
    start: int
    place: int


def _stretches(folded: str, vocabulary: Vocabulary, *, with_parts: bool) -> Iterator[_Stretch]:
    han_words = _words_with_parts if with_parts else _words_side_by_side
    place = 0
    for piece in _PIECE.finditer(folded):
        kind, found = piece.lastgroup, piece.group()
        if kind == "han":
            yield _Stretch(han_words(found, vocabulary), piece.start(), place)
            place += len(found)
        else:
            if kind != "mark" and (word := _bare(found)) not in STOP_WORDS:
                yield _Stretch([(word, 0, len(found))], piece.start(), place)
            place += 1


@lru_cache(maxsize=2**16)
def _bare(word: str) -> str:
    """A word of letters or digits as it is looked for."""
    if word[0].isdigit():
        return word.replace(",", "")[:LONGEST_WORD]
    return str(_english.stemWord(word.replace("’", "'")[:LONGEST_WORD]))


def _words_side_by_side(run: str, vocabulary: Vocabulary) -> Sequence[_Word]:
    """The words of a run of Chinese, each as long as it can be."""
    return _without_stop_words(_side_by_side(run, vocabulary.found_in(run)))


def _words_with_parts(run: str, vocabulary: Vocabulary) -> Sequence[_Word]:
    """All words by which a run of Chinese is found, in its order."""
    return (_kept if len(run) <= LONGEST_KEPT else _taken_apart)(run, vocabulary)


def _taken_apart(run: str, vocabulary: Vocabulary) -> Sequence[_Word]:
    terms = vocabulary.found_in(run)
    if not terms:
        return _without_stop_words(_with_parts(_by_dictionary(run, 0)))
    # A term may cut a word in two, as 職訓 does 在職訓練: the run as it is without is found, too.
    found = {*_with_parts(_side_by_side(run, terms)), *_with_parts(_by_dictionary(run, 0))}
    found.update((term, place, place + len(term)) for place, term in terms)
    for place, term in terms:
        found.update((word, place + begin, place + end) for word, begin, end in _within(term))
    return _without_stop_words(sorted(found, key=itemgetter(1, 2)))


# Who proposes a wording repeats most of a provision, and who signs a letter all of it.
_kept = lru_cache(maxsize=2**11)(_taken_apart)


def _without_stop_words(words: Iterable[_Word]) -> Sequence[_Word]:
    return tuple([word for word in words if word[0] not in STOP_WORDS])


@lru_cache(maxsize=2**12)
def _within(term: str) -> Sequence[_Word]:
    return tuple(_with_parts(_by_dictionary(term, 0)))


def _side_by_side(run: str, terms: Iterable[tuple[int, str]]) -> list[_Word]:
    """The first and longest terms, and what the dictionary makes of the text between them."""
    found: list[_Word] = []
    place = 0
    for begin, term in terms:
        if begin < place:
            continue
        found.extend(_by_dictionary(run[place:begin], place))
        place = begin + len(term)
        found.append((term, begin, place))
    return [*found, *_by_dictionary(run[place:], place)]


def _by_dictionary(run: str, offset: int) -> list[_Word]:
    # Without guessing at words that the dictionary lacks: a guess depends on what stands around,
    # and would part a query otherwise than the text. What is unknown becomes single characters.
    found: list[_Word] = []
    for word in rjieba.cut(run, hmm=False) if run else ():
        found.append((word, offset, offset + len(word)))
        offset += len(word)
    return found


def _with_parts(words: Iterable[_Word]) -> Iterator[_Word]:
    for word, begin, end in words:
        yield word, begin, end
        for part, offset in _parts(word):
            yield part, begin + offset, begin + offset + len(part)


@lru_cache(maxsize=2**16)
def _parts(word: str) -> tuple[tuple[str, int], ...]:
    """Words of two and three characters within a longer one; what is in none, by itself."""
    if len(word) <= 2:  # noqa: PLR2004
        return ()
    grams = [
        (word[place : place + length], place)
        for length in (2, 3)
        for place in range(len(word) - length + 1)
        if length < len(word)
    ]
    parts = [(gram, place) for gram, place in grams if rjieba.has_word(gram)]
    covered = {place + n for gram, place in parts for n in range(len(gram))}
    alone = [(word[place], place) for place in range(len(word)) if place not in covered]
    return tuple(sorted([*parts, *alone], key=lambda part: part[1]))
