"""The lines of a report's inputs, and their SHA-256."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consult.reports.canonical import (
    FORMAT,
    Scope,
    inputs_sha256,
    moment,
    read_sections,
    section_sha256,
    written,
)

# What PostgreSQL stores: anything but lone surrogates and NUL.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
COMMENTS = st.dictionaries(st.text("abc", min_size=1), TEXTS | st.none(), max_size=4)
SECTIONS = st.lists(st.lists(COMMENTS, max_size=5), max_size=5)


def lines_of(sections: list[list[dict[str, Any]]]) -> list[list[bytes]]:
    return [
        [written("section", {"ref": str(at)}), *(written("comment", each) for each in comments)]
        for at, comments in enumerate(sections)
    ]


@given(SECTIONS)
def test_what_is_written_is_read(sections: list[list[dict[str, Any]]]) -> None:
    written_lines = lines_of(sections)
    download = b"".join(line for block in written_lines for line in block)
    read = list(read_sections(download.splitlines(keepends=True)))
    assert [[dict(each) for each in section.comments] for section in read] == [
        [{"kind": "comment", **comment} for comment in comments] for comments in sections
    ]
    assert [section.sha256 for section in read] == [section_sha256(b) for b in written_lines]


@given(TEXTS)
def test_a_line_is_one_line(body: str) -> None:
    line = written("comment", {"body": body})
    assert line.count(b"\n") == 1
    assert line.endswith(b"}\n")
    assert json.loads(line)["body"] == body


@given(st.permutations(["reference", "body", "stance", "中"]))
def test_the_order_of_fields_changes_nothing(names: list[str]) -> None:
    assert written("comment", dict.fromkeys(names, 1)) == written(
        "comment", dict.fromkeys(sorted(names), 1)
    )


@given(SECTIONS, SECTIONS)
def test_other_inputs_have_another_hash(
    one: list[list[dict[str, Any]]], other: list[list[dict[str, Any]]]
) -> None:
    head = b"{}\n"
    hashes = [
        inputs_sha256(head, [section_sha256(block) for block in lines_of(each)])
        for each in (one, other)
    ]
    assert (hashes[0] == hashes[1]) == (one == other)


def test_the_hash_is_as_documented() -> None:
    """Held against a plain computation, so that the documented rule can't drift."""
    scope = Scope("tve", 5, "ab", datetime(2026, 11, 23, 14, 5, tzinfo=UTC))
    head = (
        f'{{"cutoff":"2026-11-23T14:05:00.000000Z","draft":5,"format":"{FORMAT}",'
        '"framework":"tve","kind":"report","source_sha256":"ab"}\n'
    ).encode()
    assert scope.line == head
    first = '{"kind":"section","ref":"壹"}\n{"body":"好","kind":"comment"}\n'.encode()
    part = hashlib.sha256(first).hexdigest()
    assert section_sha256([first]) == part
    assert inputs_sha256(head, [part]) == hashlib.sha256(head + part.encode() + b"\n").hexdigest()


def test_a_moment_is_written_in_utc() -> None:
    taipei = timezone(timedelta(hours=8))
    assert moment(datetime(2026, 11, 23, 0, 0, 0, 7, taipei)) == "2026-11-22T16:00:00.000007Z"
