"""Read comments as lines of a report's inputs, a part at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Expression, F, Func, Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from comments.models import Comment, Endorsement, Thread
from consult.document.models import Draft
from consult.reports.analysing.chapter import Line
from consult.reports.models import Report, ReportPart
from consult.reports.planning import ThreadSize
from consult.reports.selecting import counted_in

ANCHOR = ("exact", "prefix", "suffix", "start", "end")


def _text(name: str) -> Expression:
    return Cast(name, TextField())


def _moment(name: str) -> Expression:
    """A moment as `canonical.moment` writes it."""
    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return Func(F(name), template=template, output_field=TextField())


# Written by PostgreSQL, which is done with it sooner than Python.
COLUMNS: Sequence[str | Expression] = (
    "pk",
    "thread_id",
    "sequence",
    "reference",
    "parent__reference",
    _text("author__public_id"),
    _text("organisation__public_id"),
    "organisation_name",
    "organisation__county",
    "group",
    "school_level",
    "public_role",
    "as_drafter",
    "stance",
    "body",
    "proposed_text",
    _moment("created_at"),
    *(f"anchor_{name}" for name in ANCHOR),
)


def thread_sizes(report: Report) -> list[ThreadSize]:
    """How many comments of each thread the report is about, in the order of its inputs."""
    sizes = {
        thread: (comments, last)
        for thread, comments, last in counted_in(report)
        .values_list("thread_id")
        .annotate(comments=Count("pk"), last=Max("sequence"))
        .order_by()
    }
    return [
        ThreadSize(thread.section_id, thread.pk, *sizes[thread.pk])
        for thread in threads_in_order(report.draft)
        if thread.pk in sizes
    ]


def threads_in_order(draft: Draft) -> QuerySet[Thread]:
    """By section, then provision (the section as a whole first); the draft as a whole last."""
    return (
        Thread.objects.filter(draft=draft)
        .select_related("section", "provision")
        .order_by(
            F("section__position").asc(nulls_last=True),
            F("provision__position").asc(nulls_first=True),
        )
    )


@dataclass(frozen=True)
class Places:
    """Where each thread of a draft stands: its place in the order, its section and provision."""

    by_thread: Mapping[int, tuple[int, str, str | None]]

    @classmethod
    def of(cls, draft: Draft) -> "Places":
        return cls(
            {
                thread.pk: (
                    place,
                    thread.section.ref if thread.section else "",
                    thread.provision.ref if thread.provision else None,
                )
                for place, thread in enumerate(threads_in_order(draft))
            }
        )


def part_comments(report: Report, part: ReportPart, places: Places) -> Iterator[Line]:
    """The comments of a part as they stand in the inputs; at most some ten thousand."""
    stretches = _stretches(part)
    # Of what is hidden as well: it may be shown again before the comments are read.
    endorsed = _endorsed_by(Comment.objects.filter(stretches), report)
    rows = list(counted_in(report).filter(stretches).order_by().values_list(*COLUMNS))
    rows.sort(key=lambda row: (places.by_thread[row[1]][0], row[2]))
    for row in rows:
        _, section, provision = places.by_thread[row[1]]
        yield _line(row, section, provision, endorsed.get(row[0], []))


def _stretches(part: ReportPart) -> Q:
    whole = [thread for thread, _, upto in part.stretches if upto is None]
    where = Q(thread__in=whole)
    for thread, after, upto in part.stretches:
        if upto is not None:
            where |= Q(thread=thread, sequence__gt=after, sequence__lte=upto)
    return where


def _endorsed_by(comments: QuerySet[Comment], report: Report) -> dict[int, list[list[str | None]]]:
    """Who had endorsed each comment by the cutoff, for whom: sorted, by the comment's key."""
    rows = Endorsement.objects.filter(
        comment__in=comments, created_at__lte=report.cutoff
    ).values_list("comment_id", _text("user__public_id"), "group", _text("organisation__public_id"))
    found: dict[int, list[list[str | None]]] = {}
    for comment, *endorsement in rows:
        found.setdefault(comment, []).append(endorsement)
    for each in found.values():
        each.sort(key=lambda row: row[0] or "")
    return found


def _line(
    row: Sequence[Any], section: str, provision: str | None, endorsed: list[list[str | None]]
) -> Line:
    reference, parent, author, organisation, organisation_name, county = row[3:9]
    group, school_level, public_role, as_drafter, stance, body = row[9:15]
    proposed_text, created_at, *anchor = row[15:]
    return {
        "kind": "comment",
        "reference": reference,
        "section": section,
        "provision": provision,
        "parent": parent,
        "author": author,
        "organisation": organisation,
        "organisation_name": organisation_name,
        "county": county or "",
        "group": group,
        "school_level": school_level,
        "public_role": public_role,
        "as_drafter": as_drafter,
        "stance": stance,
        "body": body,
        "proposed_text": proposed_text,
        "created_at": created_at,
        "anchor": dict(zip(ANCHOR, anchor, strict=True)) if anchor[0] else None,
        "endorsed_by": endorsed,
    }
