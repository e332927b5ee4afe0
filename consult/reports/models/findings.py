"""What a report's numbers and sentences stand on: sets of comments, and quoted words."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, SearchEntry
from consult.reports.models.reports import Report


class ReportSet(models.Model):
    """The comments behind numbers of a report that no column tells."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sets")
    # By code points: the order in which the sets are hashed.
    key = models.TextField(db_collation="C")
    references = ArrayField(models.CharField(max_length=12))

    class Meta:
        verbose_name = _("set of comments")
        verbose_name_plural = _("sets of comments")
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="report_set_once")]

    def __str__(self) -> str:
        return self.key


class ReportQuote(models.Model):
    """A comment's words as the report shows them.

    It hangs on what the search knows of the comment, which goes in the same moment as the comment
    is hidden or withdrawn: so no report shows what readers may not see any more, and showing a
    report asks nothing of the table of comments.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="quotes")
    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=12)
    section = models.TextField(blank=True)
    provision = models.TextField(blank=True)
    speaker = models.CharField(max_length=150)
    group = models.CharField(max_length=12)
    stance = models.CharField(max_length=8)
    body = models.TextField()
    proposed_text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.UniqueConstraint(fields=["report", "reference"], name="report_quote_once")
        ]

    def __str__(self) -> str:
        return self.reference


class ReportFlag(models.Model):
    """That a comment which the report counts is no longer shown, or was changed since."""

    class Reason(models.TextChoices):
        HIDDEN = "hidden", _("Hidden by a moderator")
        WITHDRAWN = "withdrawn", _("Withdrawn by its author")
        EDITED = "edited", _("Changed by its author")
        RESTORED = "restored", _("Shown again")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="flags")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=9, choices=Reason.choices)
    noticed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("flag on a report")
        verbose_name_plural = _("flags on reports")
        constraints = [
            models.UniqueConstraint(fields=["report", "comment", "reason"], name="report_flag_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.comment_id} {self.reason}"


class ReportNote(models.Model):
    """What a drafter writes beside a chapter of a report; published with it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="notes")
    # Empty is the report as a whole.
    chapter = models.CharField(max_length=20, blank=True)
    text = models.TextField(_("note"), max_length=5000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(fields=["report", "chapter"], name="report_note_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.chapter}"


class ReportSchedule(models.Model):
    """When reports on a draft are made by themselves; a draft without a row has both."""

    draft = models.OneToOneField(
        "consult.Draft", on_delete=models.CASCADE, related_name="report_schedule"
    )
    is_daily = models.BooleanField(_("daily while sections are open"), default=True)
    is_at_closing = models.BooleanField(_("when a section closes"), default=True)

    class Meta:
        verbose_name = _("schedule of reports")
        verbose_name_plural = _("schedules of reports")

    def __str__(self) -> str:
        return str(self.draft_id)
