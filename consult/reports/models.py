"""What comes of it: reports, made in parts so that a killed worker costs one part."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consult.document.models import Draft, Section


class ReportQuerySet(models.QuerySet["Report"]):
    def running(self) -> Self:
        return self.filter(state=Report.State.RUNNING)

    def standing_still(self, *, since: datetime) -> Self:
        """Reports that are being made and of which no part went forward since then."""
        return self.running().filter(progressed_at__lt=since)

    def made_before(self, report: "Report") -> Self:
        """Finished reports on the same draft and cutoff that are older, newest first."""
        return self.filter(
            draft_id=report.draft_id,
            cutoff=report.cutoff,
            state=Report.State.DONE,
            requested_at__lt=report.requested_at,
        ).newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-requested_at", "-pk")


class Report(models.Model):
    """彙整報告: the aggregation of a draft's comments as of a cutoff.

    `result` and `inputs_sha256` are set together when all parts are merged; the same comments,
    text and cutoff give the same bytes of both.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Failure(models.TextChoices):
        COUNTING = (
            "counting",
            _("A section could not be counted, although it was tried again several times."),
        )
        MERGING = (
            "merging",
            _("The sections were counted but could not be put together."),
        )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="reports")
    cutoff = models.DateTimeField(_("cutoff"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested"))
    # When a part of it last went forward: beat takes up a report that has stood still.
    progressed_at = models.DateTimeField(_("last progress"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    result = models.JSONField(_("result"), null=True, blank=True)
    inputs_sha256 = models.CharField(_("SHA-256 of the inputs"), max_length=64, blank=True)
    # How often its merging was begun; a report that keeps failing is given up.
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
                | Q(result__isnull=False, finished_at__isnull=False) & ~Q(inputs_sha256=""),
                name="report_done_has_result",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(failure=""), name="report_failed_says_why"
            ),
            # Two presses of the button make one report.
            models.UniqueConstraint(
                fields=["draft"],
                condition=Q(state="running"),
                name="report_one_at_a_time",
                violation_error_message=_("A report on this draft is being made already."),
            ),
        ]
        # A draft's reports, newest first.
        indexes = [models.Index(fields=["draft", "-requested_at"], name="report_newest")]

    def __str__(self) -> str:
        return f"{self.draft} {self.cutoff:%Y-%m-%d %H:%M}"


class ReportPartQuerySet(models.QuerySet["ReportPart"]):
    def done(self) -> Self:
        return self.filter(done_at__isnull=False)

    def not_done(self) -> Self:
        return self.filter(done_at__isnull=True)

    def in_reading_order(self) -> Self:
        """By section; the draft as a whole comes last."""
        return self.order_by(F("section__position").asc(nulls_last=True))


class ReportPart(models.Model):
    """The counts of one section, or of the draft as a whole, stored when they are done."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="parts")
    # Empty in the part on the draft as a whole.
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.JSONField(_("result"), null=True, blank=True)
    inputs_sha256 = models.CharField(_("SHA-256 of the inputs"), max_length=64, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    # How often its counting was begun.
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("report part")
        verbose_name_plural = _("report parts")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "section"], nulls_distinct=False, name="report_part_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(result__isnull=False) & ~Q(inputs_sha256=""),
                name="report_part_done_has_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.section_id}"
