"""Cut a text into words as fast as can be, for what counts words rather than looks for them. Pure.

The words put together are as long as the text, character for character: so each can be shown as it
was written. Characters are folded one by one, without looking around: a search asks for more.
"""

from collections.abc import Iterable
from functools import lru_cache

import rjieba
import Stemmer

from consult.document.segmenting import Vocabulary, fold

# More frequent than any word of the dictionary, so that a term is cut in two by none.
FREQUENT = 1_000_000


class _OneForOne(dict[int, str]):
    """Each character as it is compared; what has no single such character stays as it is."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = fold(character).text
        found = folded if len(folded) == 1 else character
        self[code] = found
        return found


_folding = _OneForOne()
_english = Stemmer.Stemmer("english")


def folded_one_for_one(text: str) -> str:
    """The text folded, exactly as long as before."""
    return text.translate(_folding)


@lru_cache(maxsize=2**16)
def stem(word: str) -> str:
    """What a folded English word has in common with its other forms; any other word as it is."""
    return str(_english.stemWord(word)) if word.isascii() else word


class WholeWords:
    """Cuts texts, keeping these terms whole."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self._dictionary = rjieba.Jieba()
        for term in sorted(Vocabulary(terms).terms):
            self._dictionary.add_word(term, FREQUENT, "nz")

    def words(self, text: str) -> list[str]:
        """The text's words, marks and white space side by side, folded."""
        return self._dictionary.cut(folded_one_for_one(text), hmm=False)

    def kind(self, word: str) -> str:
        """What part of speech the dictionary says this folded word is: n, v, d, …; "" of many."""
        tagged = self._dictionary.tag(word, hmm=False)
        return str(tagged[0][1]) if len(tagged) == 1 else ""
