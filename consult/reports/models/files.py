"""Files of a report that take long to make: made by a worker, kept for a day."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.reports.models.reports import Report


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def running(self) -> Self:
        return self.filter(state=ReportFile.State.RUNNING)

    def done(self) -> Self:
        return self.filter(state=ReportFile.State.DONE)

    def asked_before(self, moment: datetime) -> Self:
        return self.filter(requested_at__lt=moment)


class ReportFile(models.Model):
    """One format of a report in one language, without the chapters withheld from who asked.

    `stood` tells which comments stood in it: once another set of them is shown, the file is
    handed out no more.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(_("format"), max_length=5)
    language = models.CharField(_("language"), max_length=10)
    withheld = ArrayField(models.TextField(), verbose_name=_("left out"), default=list, blank=True)
    # Empty where someone asked who isn't signed in.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.RUNNING)
    # How often it was begun.
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    stored_name = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    stood = models.CharField(max_length=64, blank=True, editable=False)

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints = [
            # Two presses of the button make one file.
            models.UniqueConstraint(
                fields=["report", "format", "language", "withheld"],
                condition=Q(state="running"),
                name="report_file_one_at_a_time",
                violation_error_message=_("This file is being made already."),
            ),
            models.CheckConstraint(
                condition=Q(state="done") ^ Q(stored_name=""), name="report_file_done_is_stored"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.format} {self.language}"
