"""The part of a text that shows why it was found. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LENGTH = 140
# A sentence that begins this near before the words found is shown from its beginning.
RUN_UP = 40
ENDS_OF_SENTENCES = "。！？；\n!?;"


@dataclass(frozen=True)
class Part:
    """A stretch of the text as it is written, and whether it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Excerpt:
    """The stretches in order, and whether there is more text on either side."""

    parts: tuple[Part, ...]
    is_cut_before: bool
    is_cut_after: bool


def excerpt(text: str, hits: Sequence[tuple[int, int]], *, length: int = LENGTH) -> Excerpt:
    """The stretch of the text with the most of these hits, which are in order and apart."""
    start, end = _window(text, hits, length)
    parts: list[Part] = []
    place = start
    for begin, finish in hits:
        if finish <= start or begin >= end:
            continue
        begin, finish = max(begin, start), min(finish, end)  # noqa: PLW2901 - what of it is shown
        parts += [Part(text[place:begin], is_hit=False), Part(text[begin:finish], is_hit=True)]
        place = finish
    parts.append(Part(text[place:end], is_hit=False))
    return Excerpt(
        parts=tuple(part for part in parts if part.text),
        is_cut_before=bool(text[:start].strip()),
        is_cut_after=bool(text[end:].strip()),
    )


def _window(text: str, hits: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    if len(text) <= length + RUN_UP:
        return 0, len(text)
    first, last = _most_hits(hits, room=length - RUN_UP) if hits else (0, 0)
    start = _beginning_before(text, first)
    end = min(len(text), max(start + length, last))
    start = max(0, min(start, end - length))
    return _between_characters(text, start), _between_characters(text, end)


def _most_hits(hits: Sequence[tuple[int, int]], *, room: int) -> tuple[int, int]:
    """The hit from which the most others are near; where there are several, the first."""
    return max(hits, key=lambda hit: sum(hit[0] <= start <= hit[0] + room for start, _ in hits))


def _beginning_before(text: str, place: int) -> int:
    """Where the sentence begins, if that is near."""
    nearest = max(text.rfind(mark, max(0, place - RUN_UP), place) for mark in ENDS_OF_SENTENCES)
    return nearest + 1 if nearest >= 0 else max(0, place - RUN_UP // 2)


def _between_characters(text: str, place: int) -> int:
    """The same place, or the next that is not before a combining mark."""
    while place < len(text) and unicodedata.category(text[place]) in ("Mn", "Me", "Cf"):
        place += 1
    return place
