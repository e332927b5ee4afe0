"""The inputs of a report as lines that anyone can download, hash and count again.

The inputs are JSON Lines in UTF-8: one object a line, keys sorted, no space between tokens,
characters written as they are, each line ended by one line feed. First a head line; then, for
each section of the draft in reading order, a section line and after it one line for each
comment on that section, ordered by provision (the section as a whole first) and by number in
its thread. Last comes the draft as a whole, as a section without reference, number and title,
with the comments on it. Moments are in UTC with microseconds.

The SHA-256 of a section is that of its lines, line feeds included. The SHA-256 of the inputs is
that of the head line (line feed included) followed by the SHA-256 of each section in order, in
hexadecimal, each followed by a line feed. So sections can be hashed apart and in any order.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

FORMAT = "consult-report-inputs/1"

Kind = Literal["report", "section", "comment"]


@dataclass(frozen=True)
class Scope:
    """What is reported on: a draft's text and the comments on it up to a cutoff."""

    framework: str
    draft: int
    source_sha256: str
    cutoff: datetime

    @property
    def line(self) -> bytes:
        """The head line of the inputs."""
        return written(
            "report",
            {
                "format": FORMAT,
                "framework": self.framework,
                "draft": self.draft,
                "source_sha256": self.source_sha256,
                "cutoff": moment(self.cutoff),
            },
        )


def moment(at: datetime) -> str:
    """A moment as it stands in the inputs: 2026-11-23T06:05:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def written(kind: Kind, fields: Mapping[str, Any]) -> bytes:
    """One line of the inputs."""
    text = json.dumps(
        {"kind": kind, **fields}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode() + b"\n"


def section_sha256(lines: Iterable[bytes]) -> str:
    """The SHA-256 of one section, given its own line and those of its comments."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


def inputs_sha256(head: bytes, sections: Iterable[str]) -> str:
    """The SHA-256 of a report's inputs, given the head line and its sections' in order."""
    digest = hashlib.sha256(head)
    for section in sections:
        digest.update(section.encode() + b"\n")
    return digest.hexdigest()


@dataclass(frozen=True)
class ReadSection:
    """One section of downloaded inputs: its fields, its comments', and their SHA-256."""

    section: Mapping[str, Any]
    comments: tuple[Mapping[str, Any], ...]
    sha256: str


def read_sections(lines: Iterable[bytes]) -> Iterator[ReadSection]:
    """The sections of inputs whose head line has been read already.

    `lines` must be split at line feeds only, as a file opened for bytes is.
    """
    block: list[bytes] = []
    for line in lines:
        if block and json.loads(line)["kind"] == "section":
            yield _read_section(block)
            block = []
        block.append(line)
    if block:
        yield _read_section(block)


def _read_section(block: list[bytes]) -> ReadSection:
    section, *comments = (json.loads(line) for line in block)
    del section["kind"]
    return ReadSection(section, tuple(comments), section_sha256(block))
