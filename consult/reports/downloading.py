"""The inputs of a report, and the bundle with which anyone can count it again."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice

from asgiref.sync import sync_to_async

from accounts.access import Visitor, is_signed_in
from accounts.auditing import Act, record
from consult.reports.canonical import HASHES, INPUTS, RESULT, canonical, head_lines, part_line
from consult.reports.heading import head_of
from consult.reports.merging import sets_of
from consult.reports.models import Report
from consult.reports.reading import Places, part_comments
from consult.reports.resulting import result_lines

LINES_AT_ONCE = 2000


def export_inputs(report: Report, *, actor: Visitor) -> Iterator[bytes]:
    """The inputs for a download, which leaves a line in the audit log."""
    _record("report inputs", actor=actor, about=report)
    return inputs_of(report)


def export_bundle(report: Report, *, actor: Visitor) -> Iterator[bytes]:
    """The bundle for a download, which leaves a line in the audit log."""
    _record("report bundle", actor=actor, about=report)
    return bundle_of(report)


def _record(what: str, *, actor: Visitor, about: Report) -> None:
    """What is published anyone may have, unseen: only who is signed in is noted."""
    if is_signed_in(actor):
        record(Act.EXPORTED, actor=actor, about=about, details={"what": what})


def inputs_of(report: Report) -> Iterator[bytes]:
    """The inputs line by line, read as they are sent."""
    yield from head_lines(head_of(report))
    places = Places.of(report.draft)
    for part in report.parts.reading().select_related("section"):
        yield part_line(part.section.ref if part.section else "", part.number)
        for comment in part_comments(report, part, places):
            yield canonical(comment) + b"\n"


def bundle_of(report: Report) -> Iterator[bytes]:
    """A ZIP of inputs, result and hashes, packed as it is sent."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        yield from _packed(archive, sink, INPUTS, inputs_of(report))
        yield from _packed(
            archive, sink, RESULT, result_lines(report.result or {}, sets_of(report))
        )
        hashes = {"inputs_sha256": report.inputs_sha256, "result_sha256": report.result_sha256}
        yield from _packed(archive, sink, HASHES, [canonical(hashes) + b"\n"])
    yield sink.taken()


def _packed(
    archive: zipfile.ZipFile, sink: "_Sink", name: str, lines: Iterable[bytes]
) -> Iterator[bytes]:
    # A moment of its own would make each download differ.
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    lines = iter(lines)
    with archive.open(entry, "w", force_zip64=True) as file:
        while some := b"".join(islice(lines, LINES_AT_ONCE)):
            file.write(some)
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What was packed since it was last asked; it can't be wound back, so nothing is kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def streamed(lines: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The lines in pieces, read while they are sent: a plain iterator would be read up first."""
    read = sync_to_async(lambda: b"".join(islice(lines, LINES_AT_ONCE)))
    while piece := await read():
        yield piece
