"""What comes of it: reports."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _

from accounts.groups import StakeholderGroup
from consult.document.models import Draft


class ReportQuerySet(models.QuerySet["Report"]):
    def running(self) -> Self:
        return self.filter(state=Report.State.RUNNING)

    def standing_still(self, *, since: datetime) -> Self:
        """Reports that are being made and of which no part went forward since then."""
        return self.running().filter(progressed_at__lt=since)

    def done(self) -> Self:
        return self.filter(state=Report.State.DONE)

    def published(self) -> Self:
        """Reports that anyone may read."""
        return self.done().filter(published_at__isnull=False)

    def with_scope_of(self, report: "Report") -> Self:
        """Reports on the same sections of the same draft, and the same group."""
        return self.filter(draft_id=report.draft_id, sections=report.sections, group=report.group)

    def made_before(self, report: "Report") -> Self:
        """Finished reports with the same scope and cutoff that are older, newest first."""
        return (
            self.done()
            .with_scope_of(report)
            .filter(cutoff=report.cutoff, requested_at__lt=report.requested_at)
            .newest_first()
        )

    def with_earlier_cutoff(self, report: "Report") -> Self:
        """Finished reports that this one can be compared with, the latest cutoff first."""
        return (
            self.done()
            .with_scope_of(report)
            .filter(cutoff__lt=report.cutoff)
            .order_by("-cutoff", "-requested_at")
        )

    def with_flagged(self) -> Self:
        """With how many of the counted comments were flagged since."""
        return self.annotate(flagged=Count("flags__comment", distinct=True))

    def with_sections(self) -> Self:
        """With the counts of their sections, and without the rest of their results."""
        return self.defer("result", "decisions").annotate(
            counted_sections=KeyTransform("sections", "result")
        )

    def newest_first(self) -> Self:
        return self.order_by("-requested_at", "-pk")


class Report(models.Model):
    """彙整報告: the aggregation of a draft's comments as of a cutoff.

    `result` and the hashes are set together when all parts are merged; the same comments, text,
    cutoff, scope and decisions give the same bytes of all. A result holds no words of comments.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Failure(models.TextChoices):
        PLANNING = "planning", _("The comments could not be divided into parts.")
        COUNTING = (
            "counting",
            _("A part could not be made, although it was tried again several times."),
        )
        MERGING = "merging", _("The parts were made but could not be put together.")

    class Origin(models.TextChoices):
        HAND = "hand", _("By hand")
        DAILY = "daily", _("Daily")
        CLOSING = "closing", _("At a closing")

    # Set by `with_flagged` alone.
    flagged: int
    # Set by `with_sections` alone.
    counted_sections: list[dict[str, Any]]

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="reports")
    cutoff = models.DateTimeField(_("cutoff"))
    # References of the sections it is about, in reading order; empty is all, and the whole.
    sections = ArrayField(models.TextField(), verbose_name=_("sections"), default=list, blank=True)
    # Empty is every group.
    group = models.CharField(
        _("stakeholder group"), max_length=12, choices=StakeholderGroup.choices, blank=True
    )
    # What people had decided when it was asked for, by kind, and the framework's terms.
    decisions = models.JSONField(default=dict, editable=False)
    origin = models.CharField(
        _("asked for"), max_length=7, choices=Origin.choices, default=Origin.HAND
    )
    # Empty where the schedule asked.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested"))
    # When a part of it last went forward: beat takes up a report that has stood still.
    progressed_at = models.DateTimeField(_("last progress"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.RUNNING)
    result = models.JSONField(_("result"), null=True, blank=True)
    inputs_sha256 = models.CharField(_("SHA-256 of the inputs"), max_length=64, blank=True)
    result_sha256 = models.CharField(_("SHA-256 of the result"), max_length=64, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Chapters that readers of the published report don't get.
    withheld = ArrayField(models.TextField(), verbose_name=_("left out"), default=list, blank=True)
    # How often its planning or merging was begun; a report that keeps failing is given up.
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    failure = models.CharField(
        _("why it failed"), max_length=8, choices=Failure.choices, blank=True
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(result__isnull=False, finished_at__isnull=False)
                & ~Q(inputs_sha256="")
                & ~Q(result_sha256=""),
                name="report_done_has_result",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(failure=""), name="report_failed_says_why"
            ),
            # Two presses of the button make one report.
            models.UniqueConstraint(
                fields=["draft", "sections", "group"],
                condition=Q(state="running"),
                name="report_one_at_a_time",
                violation_error_message=_("A report on this is being made already."),
            ),
            # The schedule asks once for each moment.
            models.UniqueConstraint(
                fields=["draft", "sections", "group", "cutoff", "origin"],
                condition=~Q(origin="hand") & ~Q(state__in=["failed", "cancelled"]),
                name="report_scheduled_once",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False, state="done"),
                name="report_published_when_done",
                violation_error_message=_("Only a finished report can be published."),
            ),
        ]
        # A draft's reports, newest first.
        indexes = [models.Index(fields=["draft", "-requested_at"], name="report_newest")]

    def __str__(self) -> str:
        return f"{self.draft} {self.cutoff:%Y-%m-%d %H:%M}"

    @property
    def file_name(self) -> str:
        """What files made of it are called, without their ending."""
        draft = self.draft
        return f"{draft.framework.code}-{draft.number}-{self.public_id}"
