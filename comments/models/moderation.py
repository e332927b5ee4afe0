"""Moderation that keeps evidence: what was reported, what was decided, and the text taken away."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comments import Comment
from comments.rules import Rule


class Original(models.Model):
    """The text of a comment that is held, hidden or withdrawn: for moderators' eyes alone.

    Apart from the comment itself, so that no page, search or export can show it by an oversight.
    """

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="original")
    body = models.TextField(_("comment"))
    proposed_text = models.TextField(_("proposed wording"), blank=True)
    anchor_exact = models.TextField(blank=True)
    anchor_prefix = models.TextField(blank=True)
    anchor_suffix = models.TextField(blank=True)
    anchor_start = models.PositiveIntegerField(null=True, blank=True)
    anchor_end = models.PositiveIntegerField(null=True, blank=True)
    kept_at = models.DateTimeField(_("kept"), default=timezone.now)

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")

    def __str__(self) -> str:
        return str(self.comment_id)


class FlagQuerySet(models.QuerySet["Flag"]):
    def waiting(self) -> Self:
        """What no moderator has dealt with yet."""
        return self.filter(handled_at__isnull=True)


class Flag(models.Model):
    """That a reader, or a check of the text, finds something wrong with a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="flags")
    # Empty where the software itself saw it: a card number, a telephone number, many links.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="flags"
    )
    rule = models.CharField(_("rule"), max_length=16, choices=Rule.choices)
    words = models.TextField(_("in the reporter's words"), blank=True)
    created_at = models.DateTimeField(_("reported"), default=timezone.now)
    handled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"],
                condition=Q(handled_at__isnull=True, reporter__isnull=False),
                name="flag_once_a_reporter",
                violation_error_message=_("You have reported this comment already."),
            ),
            models.UniqueConstraint(
                fields=["comment", "rule"],
                condition=Q(handled_at__isnull=True, reporter__isnull=True),
                name="flag_once_a_check",
            ),
        ]
        indexes = [
            # The moderators' queue, oldest first.
            models.Index(
                fields=["created_at"], condition=Q(handled_at__isnull=True), name="flag_queue"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.rule}"


class ModerationRecord(models.Model):
    """One step of moderation, with who and why. Never edited."""

    class Act(models.TextChoices):
        HOLD = "hold", _("Held")
        RELEASE = "release", _("Released")
        HIDE = "hide", _("Hidden")
        RESTORE = "restore", _("Restored")
        KEEP = "keep", _("Left as it is")
        APPEAL = "appeal", _("Appealed")
        UPHOLD = "uphold", _("Appeal refused")
        WITHDRAW = "withdraw", _("Withdrawn by the author")

    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, related_name="moderation_records"
    )
    act = models.CharField(_("act"), max_length=8, choices=Act.choices)
    rule = models.CharField(_("rule"), max_length=16, choices=Rule.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # Empty where a setting decided, not a person.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    class Meta:
        verbose_name = _("moderation record")
        verbose_name_plural = _("moderation records")
        indexes = [
            # A comment's history, and the log's page, newest first.
            models.Index(fields=["comment", "recorded_at"], name="moderation_of_a_comment"),
            models.Index(fields=["-recorded_at", "-id"], name="moderation_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act="hide") | ~Q(rule=""), name="moderation_hides_by_a_rule"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.act} {self.recorded_at:%Y-%m-%d %H:%M}"
