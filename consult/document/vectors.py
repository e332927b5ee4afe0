"""Words as PostgreSQL keeps them and asks for them: the text forms of `tsvector` and `tsquery`.

Pure. Beside its words a vector may hold labels, as `group:school`: facts that a filter asks for.
They have no place in the text, and no word has a colon, so that one index answers words and
filters together and neither is taken for the other.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from consult.document.segmenting import Token

# PostgreSQL keeps no place beyond this one, nor more than this many of a word.
LAST_PLACE = 16_383
MOST_PLACES = 255


def vector(tokens: Iterable[Token], *, labels: Iterable[str] = ()) -> str:
    """The text form of a vector of these words at their places, and of these labels."""
    places: dict[str, list[int]] = {}
    for token in tokens:
        places.setdefault(token.word, []).append(min(token.place + 1, LAST_PLACE))
    words = [f"{_quoted(word)}:{_listed(found)}" for word, found in places.items()]
    return " ".join([*words, *map(_quoted, labels)])


def all_of(words: Iterable[str], *, beginnings: Iterable[str] = ()) -> str:
    """A query for all of these words or labels, and for a word that begins with each of those."""
    return " & ".join([*map(_quoted, words), *(f"{_quoted(word)}:*" for word in beginnings)])


def any_of(queries: Sequence[str]) -> str:
    """A query for what at least one of these finds."""
    return " | ".join(f"({query})" for query in queries)


def phrase(words: Sequence[tuple[str, int]]) -> str:
    """A query for these words at just these distances from the first."""
    parts = [_quoted(words[0][0])]
    for (_, before), (word, place) in pairwise(words):
        parts.append(f"<{place - before}> {_quoted(word)}")
    return f"({' '.join(parts)})"


def _listed(places: list[int]) -> str:
    # Most words stand at one place.
    if len(places) == 1:
        return str(places[0])
    return ",".join(map(str, sorted(set(places))[:MOST_PLACES]))


@lru_cache(maxsize=2**16)
def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
