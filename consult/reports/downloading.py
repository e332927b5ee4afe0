"""The inputs of a report as a download that anyone can hash and count again."""

from collections.abc import AsyncIterator, Iterator
from itertools import islice

from asgiref.sync import sync_to_async

from accounts.auditing import Act, record
from accounts.models import User
from consult.reports.aggregating import scope_of
from consult.reports.counting import LINES_AT_ONCE, section_fields, section_lines
from consult.reports.models import Report
from consult.reports.selecting import Place


def export_inputs(report: Report, *, actor: User) -> Iterator[bytes]:
    """The inputs for a download, which leaves a line in the audit log."""
    record(Act.EXPORTED, actor=actor, about=report, details={"what": "report inputs"})
    return inputs_of(report)


def inputs_of(report: Report) -> Iterator[bytes]:
    """The inputs line by line, read as they are sent."""
    yield scope_of(report).line
    places: list[Place] = [*report.draft.sections.in_reading_order(), report.draft]
    for place in places:
        fields = section_fields(place, cutoff=report.cutoff)
        yield from section_lines(place, fields, cutoff=report.cutoff)


async def streamed(lines: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The lines in pieces, read while they are sent: a plain iterator would be read up first."""
    read = sync_to_async(lambda: b"".join(islice(lines, LINES_AT_ONCE)))
    while piece := await read():
        yield piece
