"""What a worker does for one part: read comments, count them, or make a chapter."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db.models import Func, Value

from consult.reports.analysing.chapter import Head, Kept
from consult.reports.analysing.registry import CHAPTERS, chapter_named
from consult.reports.canonical import canonical, part_line
from consult.reports.counting import count_comments
from consult.reports.heading import head_of
from consult.reports.models import ReportPart, ReportSet, ReportTally
from consult.reports.reading import Places, part_comments

Kind = ReportPart.Kind
# Tallies of a part may take a megabyte.
TALLIES_AT_ONCE = 4


def fill_part(part: ReportPart) -> None:
    """Set what the part found, and store what stands beside it, within the caller's transaction."""
    head = head_of(part.report)
    if part.kind == Kind.READING:
        _read(part, head)
    elif part.kind == Kind.COUNTING:
        part.result = count_comments(part.report, head)
    else:
        _make_chapter(part, head)


def _read(part: ReportPart, head: Head) -> None:
    tallies = {chapter.NAME: chapter.tally(head) for chapter in CHAPTERS}
    section = part.section.ref if part.section else ""
    digest = hashlib.sha256(part_line(section, part.number))
    for comment in part_comments(part.report, part, Places.of(part.report.draft)):
        digest.update(canonical(comment) + b"\n")
        for tally in tallies.values():
            tally.add(comment)
    part.inputs_sha256 = digest.hexdigest()
    ReportTally.objects.bulk_create(
        ReportTally(part=part, chapter=name, data=tally.kept()) for name, tally in tallies.items()
    )


def _make_chapter(part: ReportPart, head: Head) -> None:
    head = replace(head, section=part.section.ref if part.section else None)
    chapter = chapter_named(part.chapter).conclude(_kept(part), head)
    part.result = {"found": chapter.found, "quotes": list(chapter.quotes)}
    ReportSet.objects.bulk_create(
        ReportSet(report=part.report, key=key, references=_array(references))
        for key, references in chapter.sets.items()
    )


def _array(references: Sequence[str]) -> Func:
    """An array that PostgreSQL takes apart: Django would look at each of a million references."""
    return Func(Value(" ".join(references)), Value(" "), function="string_to_array")


def _kept(part: ReportPart) -> Iterator[Kept]:
    """The tallies of the part's chapter in the order of the inputs, read as they are wanted."""
    read = part.report.parts.reading()
    if part.section_id:
        read = read.filter(section=part.section_id)
    keys = list(read.values_list("pk", "section__ref"))
    for start in range(0, len(keys), TALLIES_AT_ONCE):
        some = keys[start : start + TALLIES_AT_ONCE]
        data = dict(
            ReportTally.objects.filter(
                part__in=[key for key, _ in some], chapter=part.chapter
            ).values_list("part_id", "data")
        )
        for key, section in some:
            yield Kept(section or "", bytes(data[key]))
