"""Windows: when a section is announced, takes comments, and closes."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consult.document import windows
from consult.document.models.texts import Section
from consult.document.windows import WindowDates


class WindowQuerySet(models.QuerySet["Window"]):
    def due_for_opening_notice(self, *, at: datetime) -> Self:
        """Open windows whose opening no live page has been told of."""
        return self.filter(windows.is_open(at=at), opening_announced_at__isnull=True)

    def due_for_closing_notice(self, *, at: datetime) -> Self:
        """Closed windows whose closing no live page has been told of."""
        return self.filter(
            windows.not_withdrawn(at=at), closes_at__lte=at, closing_announced_at__isnull=True
        )

    def due_for_withdrawal_notice(self, *, at: datetime) -> Self:
        """Withdrawn windows of whose withdrawal no live page has been told."""
        return self.filter(withdrawn_at__lte=at, withdrawal_announced_at__isnull=True)


class Window(models.Model):
    """徵詢期間: from when a section is announced, readable, and closed to comments."""

    section = models.OneToOneField(Section, on_delete=models.PROTECT, related_name="window")
    announced_at = models.DateTimeField(_("announced from"))
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    # Set once by whoever tells the live pages; cleared when the moment itself is changed.
    opening_announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    closing_announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal_announced_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(opens_at__gte=F("announced_at")),
                name="window_opens_after_announcement",
                violation_error_message=_("A section can't open before it is announced."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="window_closes_after_opening",
                violation_error_message=_("A section must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(opens_at__isnull=False),
                name="window_closing_needs_opening",
                violation_error_message=_("A section that closes must have a time it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section.ref} {self.opens_at}–{self.closes_at}"

    @property
    def dates(self) -> WindowDates:
        return WindowDates(self.announced_at, self.opens_at, self.closes_at, self.withdrawn_at)


class WindowRecord(models.Model):
    """One change of a window, by whom and what the dates were after it. Never edited."""

    class Act(models.TextChoices):
        ANNOUNCE = "announce", _("Announced")
        OPEN = "open", _("Opened")
        CLOSE = "close", _("Closed")
        WITHDRAW = "withdraw", _("Withdrawn")
        TAKE_BACK = "take_back", _("Taken back")

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="window_records")
    act = models.CharField(_("act"), max_length=10, choices=Act.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))
    announced_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("window record")
        verbose_name_plural = _("window records")
        # A section's history on the desk, newest first.
        indexes = [models.Index(fields=["section", "-recorded_at"], name="window_record_history")]

    def __str__(self) -> str:
        return f"{self.section_id} {self.act} {self.recorded_at:%Y-%m-%d %H:%M}"
