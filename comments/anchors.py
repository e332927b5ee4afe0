"""The words commented on: W3C Web Annotation selectors over one provision's text.

A TextQuote (exact, prefix, suffix) and a TextPosition (start, end) together. Positions count
Unicode code points, as Python does and JavaScript does not.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CONTEXT_LENGTH = 32
# So many comments on the same words make them this warm; beyond the last, the warmest.
HEAT_STEPS = (1, 3, 7)

# A sentence ends behind its mark and the closing quotes that follow it.
SENTENCE = re.compile(r".+?(?:[。！？；!?;…]+[」』）”’\")]*|\.(?=\s|$)|\n|$)\s*", re.DOTALL)


class AnchorMismatch(Exception):
    """The words are not in the text at this place, nor at exactly one other."""


@dataclass(frozen=True)
class Anchor:
    """A quotation with what stands around it, and where it was found."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True)
class Segment:
    """A stretch of text that the same comments are on; `heat` runs from 0 (none) to 4."""

    text: str
    heat: int


def describe(text: str, *, start: int, end: int) -> Anchor:
    """The anchor of text[start:end]. Raises AnchorMismatch where that is no stretch of words."""
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise AnchorMismatch
    return Anchor(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT_LENGTH) : start],
        suffix=text[end : end + CONTEXT_LENGTH],
        start=start,
        end=end,
    )


def locate(text: str, anchor: Anchor) -> Anchor:
    """The anchor as it stands in this text.

    The position holds where its words are the quoted ones. Where they are not, the only place
    that has the quoted words between the same context is taken. Raises AnchorMismatch otherwise.
    """
    if anchor.exact and text[anchor.start : anchor.end] == anchor.exact:
        return describe(text, start=anchor.start, end=anchor.end)
    places = [
        place
        for place in _occurrences(text, anchor.exact)
        if text[:place].endswith(anchor.prefix)
        and text[place + len(anchor.exact) :].startswith(anchor.suffix)
    ]
    if len(places) != 1:
        raise AnchorMismatch
    return describe(text, start=places[0], end=places[0] + len(anchor.exact))


def _occurrences(text: str, words: str) -> Iterator[int]:
    place = text.find(words) if words else -1
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def sentences(text: str) -> list[Anchor]:
    """The sentences of a text, to choose one from."""
    found = []
    for match in SENTENCE.finditer(text):
        words = match.group().rstrip()
        start = match.start() + len(words) - len(words.lstrip())
        if words.strip():
            found.append(describe(text, start=start, end=match.start() + len(words)))
    return found


def segments(text: str, spans: Iterable[tuple[int, int, int]]) -> list[Segment]:
    """The text cut where a commented stretch begins or ends; joined it is the text again.

    A span is a start, an end, and how many comments are on it.
    """
    changes: dict[int, int] = {}
    for begin, stop, comments in spans:
        start, end = max(0, begin), min(stop, len(text))
        if start < end:
            changes[start] = changes.get(start, 0) + comments
            changes[end] = changes.get(end, 0) - comments
    cuts = sorted({0, len(text), *changes})
    found: list[Segment] = []
    covered = 0
    for start, end in itertools.pairwise(cuts):
        covered += changes.get(start, 0)
        heat = _heat(covered)
        if found and found[-1].heat == heat:
            found[-1] = Segment(found[-1].text + text[start:end], heat)
        else:
            found.append(Segment(text[start:end], heat))
    return found


def _heat(count: int) -> int:
    return 0 if count == 0 else 1 + sum(count > step for step in HEAT_STEPS)
