"""The lines of a report's inputs, and their SHA-256."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.reports.canonical import (
    FORMAT,
    InputsBroken,
    head_lines,
    inputs_sha256,
    moment,
    part_line,
    read_inputs,
    written,
)
from tests.consult.reports.lines import a_head

# What PostgreSQL stores: anything but lone surrogates and NUL.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
COMMENTS = st.dictionaries(st.text("abc", min_size=1), TEXTS | st.none(), max_size=4)
PARTS = st.lists(st.lists(COMMENTS, max_size=5), max_size=5)
HEAD = a_head([("壹-1", "一"), ("貳-1", "二")], theme=[{"name": "經費"}])


def part_lines(parts: list[list[dict[str, Any]]]) -> list[list[bytes]]:
    return [
        [part_line(str(at), 0), *(written("comment", each) for each in comments)]
        for at, comments in enumerate(parts)
    ]


def sha256(*lines: bytes) -> str:
    return hashlib.sha256(b"".join(lines)).hexdigest()


@given(PARTS)
def test_what_is_written_is_read(parts: list[list[dict[str, Any]]]) -> None:
    blocks = part_lines(parts)
    download = b"".join([*head_lines(HEAD), *(line for block in blocks for line in block)])
    head, read = read_inputs(download.splitlines(keepends=True))
    assert head == HEAD
    found = list(read)
    assert [[dict(each) for each in part.comments] for part in found] == [
        [{"kind": "comment", **comment} for comment in comments] for comments in parts
    ]
    assert [part.section for part in found] == [str(at) for at in range(len(parts))]
    assert [part.sha256 for part in found] == [sha256(*block) for block in blocks]


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


@given(PARTS, PARTS)
def test_other_inputs_have_another_hash(
    one: list[list[dict[str, Any]]], other: list[list[dict[str, Any]]]
) -> None:
    hashes = [
        inputs_sha256([b"{}\n"], [sha256(*block) for block in part_lines(each)])
        for each in (one, other)
    ]
    assert (hashes[0] == hashes[1]) == (one == other)


def test_the_hash_is_as_documented() -> None:
    """Held against a plain computation, so that the documented rule can't drift."""
    head = list(head_lines(a_head([("壹-1", "一")], theme=[{"name": "經費"}])))
    assert head[0].startswith(b'{"cutoff":"2026-11-24T00:00:00.000000Z","draft":5,"format":')
    assert json.loads(head[0])["format"] == FORMAT
    assert head[1:] == [
        '{"kind":"theme","name":"經費"}\n'.encode(),
        (
            '{"depth":0,"kind":"section","number":"壹","ref":"壹","state":"open",'
            '"title":"第壹章"}\n'
        ).encode(),
        (
            '{"form":"paragraph","kind":"provision","ref":"壹-1","section":"壹","text":"一"}\n'
        ).encode(),
    ]
    part = sha256(part_line("壹", 0))
    assert part_line("壹", 0) == '{"kind":"part","number":0,"section":"壹"}\n'.encode()
    assert inputs_sha256(head, [part]) == sha256(*head, part.encode(), b"\n")


@pytest.mark.parametrize("line", [b"", b"{}\n", b"[1]\n", b"\xff\n", b'{"kind":"comment"}\n'])
def test_other_files_are_no_inputs(line: bytes) -> None:
    with pytest.raises(InputsBroken):
        read_inputs([line])


def test_a_moment_is_written_in_utc() -> None:
    taipei = timezone(timedelta(hours=8))
    assert moment(datetime(2026, 11, 23, 0, 0, 0, 7, taipei)) == "2026-11-22T16:00:00.000007Z"
    assert moment(datetime(2026, 11, 23, tzinfo=UTC)) == "2026-11-23T00:00:00.000000Z"
