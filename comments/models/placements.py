"""Placements: where a comment stands in a draft later than the one that it was made on."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models.comments import Comment
from consult.document.models import Draft, Provision, Section


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible(self, *, at: datetime) -> Self:
        """Placements of shown comments, where both the old text and the new may be read."""
        readable = Section.objects.readable(at=at)
        of_draft = Section.objects.readable(at=at).filter(draft=models.OuterRef("draft"))
        return self.filter(
            Q(section__in=readable) | Q(section=None) & models.Exists(of_draft),
            comment__in=Comment.objects.shown().readable(at=at),
        )

    def settled(self) -> Self:
        """Those beyond doubt, or decided by a drafter."""
        return self.filter(Q(is_certain=True) | Q(decided_at__isnull=False))

    def waiting(self) -> Self:
        """What a drafter has to look at: where it is in doubt, and what has lost its words."""
        return self.filter(decided_at=None, comment__state=Comment.State.SHOWN).filter(
            Q(is_certain=False) | Q(status=Placement.Status.ORPHANED)
        )


class Placement(models.Model):
    """安置: where a comment stands in a later draft. Its first anchor stays in the comment.

    `section` is where the comment is listed, also where its words are gone; none is the draft as a
    whole. `start` and `end` count code points of the provision's text. A reply goes with the
    comment that it answers.
    """

    class Status(models.TextChoices):
        EXACT = "exact", pgettext_lazy("placement", "The same words")
        EDITED = "edited", pgettext_lazy("placement", "The words changed")
        MOVED = "moved", pgettext_lazy("placement", "Moved with its words")
        ORPHANED = "orphaned", pgettext_lazy("placement", "Its words are gone")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="placements")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="placements")
    status = models.CharField(_("status"), max_length=8, choices=Status.choices)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="placements"
    )
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="placements"
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    # The share of its words that is left, from 0 to 1.
    score = models.FloatField(_("share of its words that is left"))
    is_certain = models.BooleanField(_("certain"))
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(fields=["comment", "draft"], name="placement_once"),
            models.CheckConstraint(
                condition=Q(start=None, end=None)
                | Q(start__lt=models.F("end"), provision__isnull=False),
                name="placement_words_of_a_provision",
            ),
            models.CheckConstraint(
                condition=~Q(status="orphaned") | Q(provision=None),
                name="placement_orphan_has_no_words",
            ),
        ]
        indexes = [
            # What stands in a section of the new draft, newest comment first.
            models.Index(fields=["section", "provision", "-comment"], name="placement_in_section"),
            # What a drafter has to look at.
            models.Index(
                fields=["draft", "comment"],
                condition=Q(decided_at__isnull=True) & (Q(is_certain=False) | Q(status="orphaned")),
                name="placement_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} → {self.draft_id} ({self.status})"

    @property
    def is_settled(self) -> bool:
        return self.is_certain or self.decided_at is not None
