"""The parts a report is made of, each stored when it is done: a killed worker costs one."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consult.document.models import Section
from consult.reports.models.reports import Report


class ReportPartQuerySet(models.QuerySet["ReportPart"]):
    def done(self) -> Self:
        return self.filter(done_at__isnull=False)

    def not_done(self) -> Self:
        return self.filter(done_at__isnull=True)

    def reading(self) -> Self:
        """The parts of the inputs, in their order: by section, the draft as a whole last."""
        return self.filter(kind=ReportPart.Kind.READING).order_by(
            F("section__position").asc(nulls_last=True), "number"
        )

    def counting(self) -> Self:
        return self.filter(kind=ReportPart.Kind.COUNTING)

    def chapters(self) -> Self:
        """By chapter; all sections together first, then the sections in order."""
        return self.filter(kind=ReportPart.Kind.CHAPTER).order_by(
            "chapter", F("section__position").asc(nulls_first=True)
        )

    def longest_first(self) -> Self:
        """So that what is begun last ends soon and no worker waits long for another."""
        return self.order_by("-comments", "pk")


class ReportPart(models.Model):
    """One piece of work: read some comments, count all, or make a chapter of what was read."""

    class Kind(models.TextChoices):
        READING = "reading", _("Reading")
        COUNTING = "counting", _("Counting")
        CHAPTER = "chapter", _("Chapter")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Empty where it is about the draft as a whole, or about all sections together.
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.PositiveIntegerField(default=0)
    chapter = models.CharField(max_length=20, blank=True)
    # What is to be read: [thread's key, after this number, up to and with this number].
    stretches = models.JSONField(default=list, editable=False)
    # How many comments it is about, as a measure of the work.
    comments = models.PositiveIntegerField(_("comments"), default=0)
    result = models.JSONField(_("result"), null=True, blank=True)
    inputs_sha256 = models.CharField(_("SHA-256 of the inputs"), max_length=64, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    # How often it was begun.
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("report part")
        verbose_name_plural = _("report parts")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "chapter", "section", "number"],
                nulls_distinct=False,
                name="report_part_once",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True)
                | Q(kind="reading") & ~Q(inputs_sha256="")
                | ~Q(kind="reading") & Q(result__isnull=False),
                name="report_part_done_has_result",
            ),
            models.CheckConstraint(
                condition=Q(kind="chapter") ^ Q(chapter=""), name="report_part_names_chapter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind} {self.chapter} {self.number}"


class ReportTally(models.Model):
    """What a chapter keeps of one part of the inputs until the report is done."""

    part = models.ForeignKey(ReportPart, on_delete=models.CASCADE, related_name="tallies")
    chapter = models.CharField(max_length=20)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("report tally")
        verbose_name_plural = _("report tallies")
        constraints = [
            models.UniqueConstraint(fields=["part", "chapter"], name="report_tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.chapter}"
