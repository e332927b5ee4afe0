"""The sheet of a report's comments, read from the database as it is written."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.groups import PublicRole, SchoolLevel
from accounts.places import County
from comments.models import Comment, Endorsement
from consult.document.dates import WEEKDAYS, day_in_words
from consult.reports.canonical import moment
from consult.reports.exporting.sheet import Column, Kind, Layout, Row
from consult.reports.files.columns import (
    GROUP_COLUMN,
    HEADING_COLUMN,
    PERSON,
    SECTION_COLUMN,
    STANCE_COLUMN,
    choices_of,
)
from consult.reports.headings import section_heading
from consult.reports.models import Report, ReportSet
from consult.reports.printing import absolute
from consult.reports.reading import Places
from consult.reports.selecting import counted_in, in_order_of_inputs

COMMENTS = Layout(
    "comments",
    _("Comments"),
    _(
        "One comment that the report is about a row, in the order of the text; those posted up to "
        "the cutoff that are shown now."
    ),
    (
        Column(
            "reference",
            Kind.TEXT,
            _("Receipt number"),
            _("The comment's short name; it never changes."),
            example="K7XQ2M9A",
            width=12,
        ),
        Column(
            "address",
            Kind.LINK,
            _("Address"),
            _("The comment's permanent page."),
            example="https://example.org/c/K7XQ2M9A/",
            width=36,
        ),
        SECTION_COLUMN,
        HEADING_COLUMN,
        Column(
            "provision",
            Kind.TEXT,
            _("Provision"),
            _("The provision's reference; empty where the comment is on the whole section."),
            example="肆-一-2",
            width=12,
        ),
        STANCE_COLUMN,
        GROUP_COLUMN,
        Column(
            "author",
            Kind.TEXT,
            _("Author's key"),
            _("The same for all that one person wrote, and nothing else; names stay on the site."),
            example="6f1c…",
            width=36,
        ),
        Column(
            "organisation_name",
            Kind.TEXT,
            _("Organisation"),
            _(
                "In whose name it was said, as it was called then; empty where a person spoke for "
                "themselves."
            ),
            example="臺灣機械工業同業公會",
            width=28,
        ),
        Column(
            "school_level",
            Kind.CHOICE,
            _("School level"),
            _("The kind of school, where a school speaks."),
            example="technical",
            choices=choices_of(SchoolLevel.choices),
        ),
        Column(
            "county",
            Kind.CHOICE,
            _("County"),
            _("Where the organisation is at home."),
            example="TPE",
            choices=choices_of(County.choices),
        ),
        Column(
            "role",
            Kind.CHOICE,
            _("Role"),
            _("What a person who speaks for themselves says they are."),
            example="teacher",
            choices=choices_of(PublicRole.choices),
        ),
        Column(
            "as_drafter",
            Kind.FLAG,
            _("Said as a drafter"),
            _("Whether a drafter of the framework said it as such; no number counts these."),
            example="false",
            width=10,
        ),
        Column(
            "replies_to",
            Kind.TEXT,
            _("Replies to"),
            _("The receipt number of the comment that it replies to."),
            example="9DT3WQ7C",
            width=12,
        ),
        Column(
            "body",
            Kind.TEXT,
            _("Comment"),
            _("What was said."),
            example="建議增列偏鄉學校的交通費。",
            width=60,
        ),
        Column(
            "proposed_wording",
            Kind.TEXT,
            _("Proposed wording"),
            _("What the provision should say instead."),
            example="推動產學合作及創新精神。",
            width=40,
        ),
        Column(
            "words",
            Kind.TEXT,
            _("Words commented on"),
            _("The exact words of the provision; empty where it is about all of it."),
            example="產學合作",
            width=24,
        ),
        Column(
            "posted",
            Kind.MOMENT,
            _("Posted (UTC)"),
            _("When it was posted."),
            example="2026-11-23T06:05:00.000000Z",
            width=27,
        ),
        Column(
            "posted_day",
            Kind.DAY,
            _("Day"),
            _("The day in Taipei."),
            example="2026-11-23",
            width=12,
        ),
        Column(
            "posted_taipei",
            Kind.TEXT,
            _("Posted (Taipei)"),
            _("The same moment in Taipei, in years of the Republic."),
            example="115 年 11 月 23 日（一）14:05",
            width=28,
        ),
        Column(
            "endorsements",
            Kind.NUMBER,
            _("Endorsements"),
            _("How many people endorsed it up to the cutoff."),
            PERSON,
            "24",
            width=10,
        ),
        Column(
            "themes",
            Kind.TEXT,
            _("Themes"),
            _("The themes that it belongs to in this report, separated by semicolons."),
            example="實習津貼; 師資",
            width=28,
        ),
        Column(
            "campaign",
            Kind.TEXT,
            _("Campaign"),
            _("The group of near-identical comments that it belongs to, by its key."),
            example="K7XQ2M9A",
            width=16,
        ),
    ),
)

ROWS_AT_ONCE = 500
FIELDS = (
    "reference",
    "thread_id",
    "stance",
    "group",
    "author__public_id",
    "organisation_name",
    "school_level",
    "organisation__county",
    "public_role",
    "as_drafter",
    "parent__reference",
    "body",
    "proposed_text",
    "anchor_exact",
    "created_at",
    "endorsed",
)
# Of a reference: what the sets say that it belongs to.
Belonging = Mapping[str, str]


def comments_rows(report: Report, *, themes: Belonging, campaigns: Belonging) -> Iterator[Row]:
    """The rows in the order of the inputs; some hundred comments are in memory at once."""
    places = Places.of(report.draft)
    headings = {
        section["ref"]: section_heading(section) for section in (report.result or {})["sections"]
    }
    page = absolute(reverse("comment", args=["-"]))
    for found in _of(report).values_list(*FIELDS).iterator(chunk_size=ROWS_AT_ONCE):
        reference, thread, stance, group, author, organisation, level, county = found[:8]
        role, as_drafter, parent, body, proposed_text, words, posted, endorsed = found[8:]
        _place, section, provision = places.by_thread[thread]
        local = timezone.localtime(posted)
        yield (
            reference,
            page.replace("/-/", f"/{reference}/"),
            section,
            headings.get(section, ""),
            provision or "",
            stance,
            group,
            str(author),
            organisation,
            level,
            county or "",
            role,
            as_drafter,
            parent or "",
            body,
            proposed_text,
            words,
            moment(posted),
            local.date(),
            f"{_in_the_republic(local.date())}{local:%H:%M}",
            endorsed,
            themes.get(reference, ""),
            campaigns.get(reference, ""),
        )


def _of(report: Report) -> QuerySet[Comment]:
    endorsements = (
        Endorsement.objects.filter(comment=OuterRef("pk"), created_at__lte=report.cutoff)
        .order_by()
        .values("comment")
        .annotate(times=Count("pk"))
        .values("times")
    )
    return in_order_of_inputs(counted_in(report)).annotate(
        endorsed=Coalesce(Subquery(endorsements), 0)
    )


@lru_cache(maxsize=400)
def _in_the_republic(day: date) -> str:
    """As officials write it, whatever the language of the file."""
    with override("zh-hant"):
        return f"{day_in_words(day)}（{WEEKDAYS[day.weekday()]}）"


def belonging(report: Report, names: Mapping[str, str]) -> Belonging:
    """What each comment belongs to by the report's sets: `names` says what to call each key."""
    found: dict[str, str] = {}
    sets = ReportSet.objects.filter(report=report, key__in=names).order_by("key")
    for key, references in sets.values_list("key", "references").iterator(chunk_size=20):
        for reference in references:
            before = found.get(reference)
            found[reference] = f"{before}; {names[key]}" if before else names[key]
    return found
