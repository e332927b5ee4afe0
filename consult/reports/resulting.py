"""Put a report's counts and chapters together, and hash them. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consult.reports.analysing.chapter import ChapterModule
from consult.reports.canonical import canonical

Json = dict[str, Any]


def result_of(counts: Json, chapters: Iterable[tuple[ChapterModule, str, Json]]) -> Json:
    """The result of a report; a chapter made for each section stands there by its reference.

    `chapters` names the section ("" for all of them) of what was found.
    """
    found: Json = {}
    for module, section, what in chapters:
        if module.BY_SECTION:
            found.setdefault(module.NAME, {})[section] = what
        else:
            found[module.NAME] = what
    return {**counts, "chapters": found}


def result_sha256(result: Json, sets: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The SHA-256 of the result's line and one line for each set of comments, sorted by key."""
    digest = hashlib.sha256()
    for line in result_lines(result, sets):
        digest.update(line)
    return digest.hexdigest()


def result_lines(
    result: Mapping[str, Any], sets: Iterable[tuple[str, Sequence[str]]]
) -> Iterable[bytes]:
    """What is hashed: JSON Lines, as the inputs are."""
    yield canonical({"kind": "result", "result": result}) + b"\n"
    for key, references in sets:
        yield canonical({"kind": "set", "key": key, "references": list(references)}) + b"\n"
