"""What a text file's bytes say: UTF-8, UTF-16 or Big5, told apart by the bytes themselves."""

from __future__ import annotations

from consult.document.reading.lines import UnreadableText

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_BIG5 = "cp950"
# A text in UTF-16 without its mark holds zeros, and read the right way round line ends and stops.
_BEGINNING = 4096
_MARKS_OF_TEXT = "\n ，。、"
_FEWEST_MARKS = 1 / 100
# Big5 keeps its rarer characters behind this first byte. Simplified texts, and bytes that are no
# text, seem to be full of them.
_RARE = 0xC9
_BEYOND_ASCII = 0x80
_BEYOND_ASCII = 0x80
_MOST_RARE = 1 / 10


def decoded(data: bytes) -> str:
    """A file's text. Raises UnreadableText naming the line."""
    encoding = _MARKS.get(data[:2]) or _unmarked_utf_16(data) or "utf-8"
    text, broken_at = _tried(data, encoding)
    if text is not None:
        return text.removeprefix("\ufeff")
    if encoding == "utf-8":
        text, broken_later = _tried(data, _BIG5)
        if text is not None and _is_likely_big5(data):
            return text
        # Whichever gets further before it breaks is what the file was meant to be.
        if text is None and broken_later > broken_at and _is_likely_big5(data[:broken_later]):
            raise _broken(data, "Big5", broken_later)
    raise _broken(data, _NAMES[encoding], broken_at)


def _tried(data: bytes, encoding: str) -> tuple[str | None, int]:
    """The text, or None and the place of the first byte that is none of this encoding."""
    try:
        return data.decode(encoding), len(data)
    except UnicodeDecodeError as error:
        return None, error.start


def _unmarked_utf_16(data: bytes) -> str | None:
    beginning = data[:_BEGINNING]
    if 0 not in beginning:
        return None
    texts = {name: beginning.decode(name, "replace") for name in ("utf-16-le", "utf-16-be")}
    marks = {name: sum(map(text.count, _MARKS_OF_TEXT)) for name, text in texts.items()}
    likelier = max(marks, key=lambda name: marks[name])
    return likelier if marks[likelier] >= len(beginning) / 2 * _FEWEST_MARKS else None


def _is_likely_big5(data: bytes) -> bool:
    pairs = rare = place = 0
    while place < len(data):
        if data[place] < _BEYOND_ASCII:
            place += 1
            continue
        pairs += 1
        rare += data[place] >= _RARE
        place += 2
    return pairs > 0 and rare <= max(1, pairs * _MOST_RARE)


def _broken(data: bytes, name: str, place: int) -> UnreadableText:
    line = data.count(b"\n", 0, place) + 1
    return UnreadableText(
        f"these bytes are not {name} text; save the file in that encoding.", line=line
    )
