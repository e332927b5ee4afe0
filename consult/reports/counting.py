"""Count what was said on one section, or on the draft as a whole, in SQL, and hash it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate

from comments.models import Comment
from consult.document.models import Draft, Section, WindowRecord
from consult.document.windows import WindowDates, WindowState
from consult.reports.canonical import moment, section_sha256, written
from consult.reports.selecting import Place, in_order_of_inputs, said_on
from consult.reports.tallying import TAIPEI, Cell, Count, SectionTally

LINES_AT_ONCE = 2000
MOST_OPEN_FIRST = (WindowState.OPEN, WindowState.CLOSED, WindowState.ANNOUNCED)
ANCHOR = ("exact", "prefix", "suffix", "start", "end")


@dataclass(frozen=True)
class CountedSection:
    """A section's counts and the SHA-256 of the lines they were taken from."""

    tally: SectionTally
    sha256: str


def count_section(place: Place, *, cutoff: datetime) -> CountedSection:
    """The counts of the comments on this section (not beneath it), or draft, up to the cutoff."""
    said = said_on(place, cutoff=cutoff)
    counted = said.filter(as_drafter=False)
    fields = section_fields(place, cutoff=cutoff)
    tally = SectionTally(
        section=fields,
        cells=_cells(counted),
        days=_days(counted),
        by_drafters=said.filter(as_drafter=True).count(),
    )
    return CountedSection(tally, section_sha256(section_lines(place, fields, cutoff=cutoff)))


def section_fields(place: Place, *, cutoff: datetime) -> dict[str, Any]:
    """What the inputs say of the section itself; its state is that of the cutoff.

    The draft as a whole has no reference, number or title, and is open while any section is.
    """
    if isinstance(place, Draft):
        states = _states_at(place, cutoff=cutoff)
        state = next((each for each in MOST_OPEN_FIRST if each in states), WindowState.UNPUBLISHED)
        return {"ref": "", "number": "", "title": "", "depth": 0, "state": state.value}
    return {
        "ref": place.ref,
        "number": place.number,
        "title": place.title,
        "depth": place.depth,
        "state": _state_at(place, cutoff=cutoff),
    }


def section_lines(place: Place, fields: dict[str, Any], *, cutoff: datetime) -> Iterator[bytes]:
    """The section's lines of the inputs, never all in memory at once."""
    yield written("section", fields)
    said = in_order_of_inputs(said_on(place, cutoff=cutoff)).values(
        "reference",
        "thread__provision__ref",
        "parent__reference",
        "author__public_id",
        "organisation__public_id",
        "group",
        "as_drafter",
        "stance",
        "body",
        "created_at",
        *(f"anchor_{name}" for name in ANCHOR),
    )
    for row in said.iterator(chunk_size=LINES_AT_ONCE):
        yield written("comment", _comment_fields(fields["ref"], row))


def _comment_fields(section: str, row: Mapping[str, Any]) -> dict[str, Any]:
    anchor = {name: row[f"anchor_{name}"] for name in ANCHOR}
    return {
        "reference": row["reference"],
        "section": section,
        "provision": row["thread__provision__ref"],
        "parent": row["parent__reference"],
        "author": str(row["author__public_id"]),
        "organisation": _written_id(row["organisation__public_id"]),
        "group": row["group"],
        "as_drafter": row["as_drafter"],
        "stance": row["stance"],
        "body": row["body"],
        "created_at": moment(row["created_at"]),
        "anchor": anchor if row["anchor_exact"] else None,
    }


def _written_id(public_id: UUID | None) -> str | None:
    return str(public_id) if public_id else None


def _cells(counted: QuerySet[Comment]) -> tuple[Cell, ...]:
    rows = counted.values_list("group", "stance").annotate(
        comments=CountOf("pk"),
        authors=ArrayAgg("author__public_id", distinct=True),
        organisations=ArrayAgg(
            "organisation__public_id",
            distinct=True,
            filter=Q(organisation__isnull=False),
            default=[],
        ),
    )
    return tuple(
        Cell(
            group,
            stance,
            Count(
                comments,
                {str(author) for author in authors},
                {str(organisation) for organisation in organisations},
            ),
        )
        for group, stance, comments, authors, organisations in rows.order_by("group", "stance")
    )


def _days(counted: QuerySet[Comment]) -> dict[str, int]:
    rows = (
        counted.annotate(day=TruncDate("created_at", tzinfo=TAIPEI))
        .values_list("day")
        .annotate(comments=CountOf("pk"))
        .order_by("day")
    )
    return {day.isoformat(): comments for day, comments in rows}


def _state_at(section: Section, *, cutoff: datetime) -> str:
    """What readers met at the cutoff, by the record: a window's dates may have changed since."""
    record = (
        WindowRecord.objects.filter(section=section, recorded_at__lte=cutoff)
        .order_by("-recorded_at", "-pk")
        .first()
    )
    return _dates_of(record).state(at=cutoff).value if record else WindowState.UNPUBLISHED.value


def _states_at(draft: Draft, *, cutoff: datetime) -> set[WindowState]:
    """The same of all the draft's sections that have a record."""
    last = (
        WindowRecord.objects.filter(section__draft=draft, recorded_at__lte=cutoff)
        .order_by("section_id", "-recorded_at", "-pk")
        .distinct("section_id")
    )
    return {_dates_of(record).state(at=cutoff) for record in last}


def _dates_of(record: WindowRecord) -> WindowDates:
    return WindowDates(record.announced_at, record.opens_at, record.closes_at, record.withdrawn_at)
