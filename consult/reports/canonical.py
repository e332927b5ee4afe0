"""The inputs of a report as lines that anyone can download, hash and count again.

The inputs are JSON Lines in UTF-8: one object a line, keys sorted, no space between tokens,
characters written as they are, each line ended by one line feed. Moments are in UTC with
microseconds.

First comes the head: a line of kind `report` (framework, draft and its text's SHA-256, cutoff,
scope, the framework's terms), what people had decided, a line each (`theme`, `campaign`,
`expected` …), and then, for each section in reading order, a line of kind `section` and after it
one of kind `provision` for each of its provisions. The draft as a whole comes last, as a section
without reference, number and title.

Then come the parts: a line of kind `part` and after it one of kind `comment` for each comment,
ordered by provision (the section as a whole first) and by number in its thread. The comments of
one section are in one or more parts, in the order of the sections in the head.

The SHA-256 of a part is that of its lines, line feeds included. The SHA-256 of the inputs is that
of the head's lines followed by the SHA-256 of each part in order, in hexadecimal, each followed by
a line feed. So parts can be hashed apart and in any order.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from consult.reports.analysing.chapter import Head, Line

_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

FORMAT = "consult-report-inputs/2"
# What a report's bundle holds.
INPUTS, RESULT, HASHES = "inputs.jsonl", "result.jsonl", "hashes.json"


class InputsBroken(Exception):
    """These lines are not the inputs of a report; the message names the line."""


def moment(at: datetime) -> str:
    """A moment as it stands in the inputs: 2026-11-23T06:05:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Mapping[str, Any]) -> bytes:
    """A value as JSON that is the same bytes everywhere."""
    return _encoder.encode(value).encode()


def written(kind: str, fields: Mapping[str, Any]) -> bytes:
    """One line of the inputs."""
    return canonical({"kind": kind, **fields}) + b"\n"


def head_lines(head: Head) -> Iterator[bytes]:
    """The lines before the parts."""
    yield written("report", {"format": FORMAT, **head.report})
    for kind in sorted(head.decisions):
        for decision in head.decisions[kind]:
            yield written(kind, decision)
    by_section: dict[str, list[Line]] = {}
    for provision in head.provisions:
        by_section.setdefault(provision["section"], []).append(provision)
    for section in head.sections:
        yield written("section", section)
        for provision in by_section.get(section["ref"], ()):
            yield written("provision", provision)


def part_line(section: str, number: int) -> bytes:
    """The line before the comments of a section's part of this number, from 0 on."""
    return written("part", {"section": section, "number": number})


def inputs_sha256(head: Iterable[bytes], parts: Iterable[str]) -> str:
    """The SHA-256 of a report's inputs, given the head's lines and its parts' in order."""
    digest = hashlib.sha256()
    for line in head:
        digest.update(line)
    for part in parts:
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()


@dataclass(frozen=True)
class ReadPart:
    """One part of downloaded inputs: its comments, and the SHA-256 of its lines."""

    section: str
    comments: Sequence[Line]
    sha256: str


def read_inputs(lines: Iterable[bytes]) -> tuple[Head, Iterator[ReadPart]]:
    """The head of downloaded inputs, and the parts, which are read as they are asked for.

    `lines` must be split at line feeds only, as a file opened for bytes is. Raises InputsBroken,
    also while the parts are read.
    """
    numbered = enumerate(lines, start=1)
    head: list[Line] = []
    for number, line in numbered:
        fields = _read(line, number)
        if fields["kind"] == "part":
            return _head(head), _parts(line, fields, numbered)
        head.append(fields)
    return _head(head), iter(())


def _read(line: bytes, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise InputsBroken(f"Line {number} is no JSON: {error}") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("kind"), str):
        raise InputsBroken(f"Line {number} is not a line of a report's inputs.")
    return fields


def _head(lines: Sequence[Line]) -> Head:
    if not lines or lines[0]["kind"] != "report" or lines[0].get("format") != FORMAT:
        raise InputsBroken(f"Line 1 is not the head of inputs in the format {FORMAT}.")
    of_kind: dict[str, list[Line]] = {}
    for line in lines[1:]:
        fields = {name: value for name, value in line.items() if name != "kind"}
        of_kind.setdefault(line["kind"], []).append(fields)
    report = {name: v for name, v in lines[0].items() if name not in {"kind", "format"}}
    return Head(
        report=report,
        sections=of_kind.pop("section", []),
        provisions=of_kind.pop("provision", []),
        decisions=of_kind,
    )


def _parts(line: bytes, fields: Line, numbered: Iterator[tuple[int, bytes]]) -> Iterator[ReadPart]:
    section, digest = fields["section"], hashlib.sha256(line)
    comments: list[Line] = []
    for number, following in numbered:
        read = _read(following, number)
        if read["kind"] == "part":
            yield ReadPart(section, comments, digest.hexdigest())
            section, digest, comments = read["section"], hashlib.sha256(following), []
            continue
        digest.update(following)
        comments.append(read)
    yield ReadPart(section, comments, digest.hexdigest())
