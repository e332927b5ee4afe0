"""Lineage: which provisions of a later draft come from which of an earlier one."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.document.models.texts import Draft, Provision


class LineageQuerySet(models.QuerySet["Lineage"]):
    def between(self, earlier: Draft, later: Draft) -> Self:
        """What is known of these two drafts, link by link in the order of the earlier one."""
        return self.filter(earlier_draft=earlier, later_draft=later).order_by("number", "pk")

    def waiting(self) -> Self:
        """What a drafter has to look at: all but what stayed the same beyond doubt."""
        return self.filter(decided_at=None).exclude(kind=Lineage.Kind.KEPT, is_certain=True)


class Lineage(models.Model):
    """沿革: that a provision of a later draft comes from one of an earlier draft.

    The rows of one link have its number: a provision that was split or merged stands in several.
    What was deleted has no `later`, what is new no `earlier`.
    """

    class Kind(models.TextChoices):
        KEPT = "kept", pgettext_lazy("provision", "Unchanged")
        EDITED = "edited", pgettext_lazy("provision", "Edited")
        SPLIT = "split", pgettext_lazy("provision", "Split")
        MERGED = "merged", pgettext_lazy("provision", "Merged")
        MOVED = "moved", pgettext_lazy("provision", "Moved")
        DELETED = "deleted", pgettext_lazy("provision", "Deleted")
        NEW = "new", pgettext_lazy("provision", "New")

    earlier_draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    later_draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="lineage")
    number = models.PositiveIntegerField(_("number"))
    earlier = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="descendants"
    )
    later = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="ancestors"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    # From 0 (nothing in common) to 1 (the same words); whether it stands out from every rival.
    score = models.FloatField(_("likeness"))
    is_certain = models.BooleanField(_("certain"))
    # A drafter confirmed what was proposed, or declared something else.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = LineageQuerySet.as_manager()

    class Meta:
        verbose_name = _("lineage")
        verbose_name_plural = _("lineage")
        constraints = [
            models.UniqueConstraint(
                fields=["later_draft", "earlier_draft", "earlier", "later"],
                name="lineage_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind="new", earlier=None, later__isnull=False)
                | Q(kind="deleted", later=None, earlier__isnull=False)
                | Q(
                    kind__in=["kept", "edited", "split", "merged", "moved"],
                    earlier__isnull=False,
                    later__isnull=False,
                ),
                name="lineage_kind_fits_its_sides",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="lineage_decided_by_somebody",
            ),
        ]
        indexes = [
            # The links between two drafts in order.
            models.Index(fields=["later_draft", "earlier_draft", "number"], name="lineage_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.later_id} ({self.kind})"


class LineageRecord(models.Model):
    """One act on the lineage of two drafts, by whom and which links. Never edited."""

    class Act(models.TextChoices):
        PROPOSE = "propose", pgettext_lazy("act", "Proposed")
        CONFIRM = "confirm", pgettext_lazy("act", "Confirmed")
        DECLARE = "declare", pgettext_lazy("act", "Declared")

    earlier_draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    later_draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(_("act"), max_length=7, choices=Act.choices)
    # Nobody where it was proposed without being asked for.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    # [{"from": [refs], "to": [refs], "kind": …}, …]; of a proposal only how many of which kind.
    links = models.JSONField(_("links"))

    class Meta:
        verbose_name = _("lineage record")
        verbose_name_plural = _("lineage records")
        # The history of one draft's lineage, newest first.
        indexes = [models.Index(fields=["later_draft", "-recorded_at"], name="lineage_history")]

    def __str__(self) -> str:
        return f"{self.later_draft_id} {self.act} {self.recorded_at:%Y-%m-%d %H:%M}"
