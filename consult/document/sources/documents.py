"""A draft out of the bytes of a file, whatever its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.inspecting.kinds import FileKind
from consult.document.outline import Outline
from consult.document.reading import Reading, decoded, read, read_document
from consult.document.reading.lines import LeftOut, Line, numbered
from consult.document.sources.flaws import DocumentUnread, Unread
from consult.document.sources.gathering import MOST_CHARACTERS, Gathering
from consult.document.sources.open_document import gathered_from_odt
from consult.document.sources.portable import text_of_pdf
from consult.document.sources.word import gathered_from_docx

KINDS = frozenset({FileKind.DOCX, FileKind.ODT, FileKind.PDF, FileKind.TXT, FileKind.MD})
_LINE = re.compile(r"Line ([0-9]{1,9}): ")
_LONGEST_EXCERPT = 80


@dataclass(frozen=True)
class SourceRead:
    """What a file holds: `source` is the text that was read, by which the draft is known again.

    `excerpts` are the beginnings of the lines that a warning speaks of.
    """

    reading: Reading
    source: str
    excerpts: Mapping[int, str]

    @property
    def outline(self) -> Outline:
        return self.reading.outline

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        return {
            "outline": self.outline.to_json(),
            "left_out": [[each.line, each.text, each.reason] for each in self.reading.left_out],
            "source": self.source,
            "excerpts": {str(line): text for line, text in self.excerpts.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SourceRead:
        """What `to_json` wrote."""
        left_out = tuple(LeftOut(*each) for each in data["left_out"])
        return cls(
            Reading(Outline.from_json(data["outline"]), left_out),
            data["source"],
            {int(line): text for line, text in data["excerpts"].items()},
        )


def line_of(warning: str) -> int | None:
    """The line that a warning speaks of."""
    found = _LINE.match(warning)
    return int(found[1]) if found else None


def read_source(content: bytes, kind: FileKind) -> SourceRead:
    """The draft in a file. Raises UnreadableText, DocumentUnread, FlawFound, or what a parser
    raises on a damaged file."""
    if kind is FileKind.DOCX:
        return _read_gathered(gathered_from_docx(content))
    if kind is FileKind.ODT:
        return _read_gathered(gathered_from_odt(content))
    text = text_of_pdf(content) if kind is FileKind.PDF else decoded(content)
    if len(text) > MOST_CHARACTERS:
        raise DocumentUnread(Unread.TOO_LONG)
    reading = read(text)
    return SourceRead(reading, text, _excerpts(reading, numbered(text)))


def _read_gathered(gathered: Gathering) -> SourceRead:
    reading = read_document(gathered.lines, left_out=gathered.left_out, doubts=gathered.doubts)
    return SourceRead(reading, gathered.source, _excerpts(reading, gathered.lines))


def _excerpts(reading: Reading, lines: Sequence[Line]) -> dict[int, str]:
    wanted = {line_of(warning) for warning in reading.outline.warnings}
    return {line.number: _beginning(line.text) for line in lines if line.number in wanted}


def _beginning(text: str) -> str:
    return text if len(text) <= _LONGEST_EXCERPT else f"{text[:_LONGEST_EXCERPT]}…"
