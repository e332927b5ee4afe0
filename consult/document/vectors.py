"""Words as PostgreSQL keeps them and asks for them: the text forms of `tsvector` and `tsquery`.

Pure. Beside its words a vector may hold labels, as `group:school`: facts that a filter asks for.
They have no place in the text, and no word has a colon, so that one index answers words and
filters together and neither is taken for the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

# PostgreSQL keeps no place beyond this one, nor more than this many of a word.
LAST_PLACE = 16_383
MOST_PLACES = 255


def vector(places: Mapping[str, Sequence[int]], *, labels: Iterable[str] = ()) -> str:
    """The text form of a vector of these words, each at its places, and of these labels."""
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


def _listed(places: Sequence[int]) -> str:
    """Places as PostgreSQL counts them: from 1."""
    # Most words stand at one place.
    if len(places) == 1:
        return str(min(places[0] + 1, LAST_PLACE))
    kept = sorted({min(place + 1, LAST_PLACE) for place in places})
    return ",".join(map(str, kept[:MOST_PLACES]))


@lru_cache(maxsize=2**16)
def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
