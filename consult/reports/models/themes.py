"""What drafters decided on themes, which every later report keeps."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consult.document.models import Draft, Section


class ThemeDecisionQuerySet(models.QuerySet["ThemeDecision"]):
    def standing(self) -> Self:
        """Those that nobody took back, in the order in which they were made."""
        return self.filter(undone_at=None).order_by("pk")


class ThemeDecision(models.Model):
    """One act of a drafter on the themes of a draft's section, or of all sections.

    The themes that people named are what these acts, one after the other, make of them: so any of
    them can be taken back. `payload` says what it was done to; `consult.reports.replaying` reads
    it.
    """

    class Kind(models.TextChoices):
        RENAME = "rename", _("Named")
        MERGE = "merge", _("Put together")
        SPLIT = "split", _("Split off")
        MOVE = "move", _("Comments moved")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="theme_decisions")
    # Empty: on the themes of all sections.
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("act"), max_length=6, choices=Kind.choices)
    payload = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = ThemeDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on themes")
        verbose_name_plural = _("decisions on themes")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="theme_decision_undone_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.kind}"
