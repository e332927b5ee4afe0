"""Count a report's comments: PostgreSQL gives whole columns, and numpy counts them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from django.db import connection
from django.db.models import Case, Count, F, Func, IntegerField, Model, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, TruncDate

from accounts.groups import StakeholderGroup
from accounts.models import Organisation
from comments.models import Comment, Endorsement
from consult.reports.analysing.chapter import Head
from consult.reports.columns import EPOCH, NONE, TAIPEI, Columns, Keys, LineColumns, Numbers
from consult.reports.models import Report
from consult.reports.reading import Places
from consult.reports.selecting import counted_in
from consult.reports.tallying import Json, counted

GROUPS: Sequence[str] = StakeholderGroup.values
STANCES: Sequence[str] = Comment.Stance.values
# A column may be too long for one value of PostgreSQL, or for one message.
PIECES = 64
_Row = TypeVar("_Row", bound=Model)


def count_comments(report: Report, head: Head) -> Json:
    """The counts of the report's comments."""
    pk, thread, group, stance, author, organisation, day, has_wording, as_drafter = copied(
        comment_columns(report), columns=9
    )
    counties = Keys()
    columns = Columns(
        section=_looked_up(thread, _places_of_threads(report, head)),
        group=group,
        stance=stance,
        author=author,
        organisation=organisation,
        county=_looked_up(organisation, _counties(organisation, counties)),
        day=day,
        endorsements=_endorsements(pk, report),
        has_wording=has_wording,
        as_drafter=as_drafter,
    )
    return counted(
        columns, sections=head.sections, groups=GROUPS, stances=STANCES, counties=counties.names
    )


def line_columns(head: Head) -> LineColumns:
    """What makes the same columns of downloaded lines."""
    refs = [section["ref"] for section in head.sections]
    return LineColumns(sections=refs, groups=GROUPS, stances=STANCES)


def comment_columns(report: Report) -> QuerySet[Comment, tuple[Any, ...]]:
    """What counting reads of each comment, as integers: each row is as long as the next."""
    return (
        counted_in(report)
        .order_by()
        .values_list(
            "pk",
            "thread_id",
            _place_in(GROUPS, "group"),
            _place_in(STANCES, "stance"),
            "author_id",
            Coalesce("organisation_id", NONE),
            _days_since_1970(),
            Case(When(proposed_text="", then=0), default=1),
            Cast("as_drafter", IntegerField()),
        )
    )


def copied(rows: QuerySet[_Row, tuple[Any, ...]], *, columns: int) -> list[Numbers]:
    """The columns of a query that gives nothing but integers, the first one at least 0.

    PostgreSQL strings each column together: a message for every row takes four times as long.
    """
    select, parameters = rows.query.sql_with_params()
    names = [f"c{place}" for place in range(columns)]
    strung = ", ".join(f"string_agg(int8send({name}), '')" for name in names)
    statement = (
        f"COPY (SELECT {strung} FROM ({select}) AS found ({', '.join(names)})"  # noqa: S608 - our own
        f" GROUP BY mod(c0, {PIECES})) TO STDOUT (FORMAT binary)"
    )
    # On the cursor beneath Django's: what that wraps for debugging takes no parameters.
    with connection.cursor() as cursor, cursor.cursor.copy(statement, parameters) as copy:
        copy.set_types(["bytea"] * columns)
        pieces = list(copy.rows())
    return [
        np.frombuffer(b"".join(column), dtype=">i8").astype(np.int64)
        for column in (zip(*pieces, strict=True) if pieces else [()] * columns)
    ]


def _place_in(names: Sequence[str], column: str) -> Func:
    listed = Value("{" + ",".join(names) + "}")
    return Func(
        listed,
        F(column),
        template="array_position(%(expressions)s) - 1",
        arg_joiner="::text[], ",
        output_field=IntegerField(),
    )


def _days_since_1970() -> Func:
    return Func(
        TruncDate("created_at", tzinfo=TAIPEI),
        Value(EPOCH),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def _places_of_threads(report: Report, head: Head) -> Mapping[int, int]:
    places = {section["ref"]: place for place, section in enumerate(head.sections)}
    threads = Places.of(report.draft).by_thread
    return {
        thread: places[section] for thread, (_, section, _) in threads.items() if section in places
    }


def _counties(organisations: Numbers, counties: Keys) -> Mapping[int, int]:
    rows = (
        Organisation.objects.filter(pk__in=np.unique(organisations).tolist())
        .exclude(county="")
        .order_by("county")
        .values_list("pk", "county")
    )
    return {pk: counties.number(county) for pk, county in rows}


def _looked_up(keys: Numbers, values: Mapping[int, int]) -> Numbers:
    """The value of each key; NONE where it has none."""
    different, places = np.unique(keys, return_inverse=True)
    found = np.array([values.get(key, NONE) for key in different.tolist()], dtype=np.int64)
    return found[places] if different.size else keys


def _endorsements(comments: Numbers, report: Report) -> Numbers:
    """How many endorsements each comment had by the cutoff."""
    found = np.zeros_like(comments)
    if not comments.size:
        return found
    # By their keys' range: to ask for each comment once more costs as much as counting.
    rows = (
        Endorsement.objects.filter(
            comment__gte=int(comments.min()),
            comment__lte=int(comments.max()),
            created_at__lte=report.cutoff,
        )
        .order_by()
        .values_list("comment_id")
        .annotate(endorsements=Count("pk"))
    )
    endorsed, endorsements = copied(rows, columns=2)
    order = np.argsort(comments)
    places = order[np.searchsorted(comments[order[:-1]], endorsed)]
    ours = comments[places] == endorsed
    found[places[ours]] = endorsements[ours]
    return found
