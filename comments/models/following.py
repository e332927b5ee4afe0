"""Who wants to hear of what, and what they were told."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comments import Comment
from comments.models.threads import Thread
from consult.document.models import Provision, Section


class FollowQuerySet(models.QuerySet["Follow"]):
    def readable(self, *, at: datetime) -> Self:
        """Of what anyone may read now: what was taken back is named to nobody."""
        sections = Section.objects.readable(at=at).values("pk")
        return self.filter(
            Q(section__in=sections)
            | Q(provision__section__in=sections)
            | Q(thread__in=Thread.objects.readable(at=at).values("pk"))
        )


class Follow(models.Model):
    """That a person follows a section with all beneath it, a provision, or one thread."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, null=True, blank=True, related_name="follows"
    )
    provision = models.ForeignKey(
        Provision, on_delete=models.CASCADE, null=True, blank=True, related_name="follows"
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, null=True, blank=True, related_name="follows"
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    # Set when the person was reminded that the section is about to close; once.
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=False, provision__isnull=True, thread__isnull=True)
                | Q(section__isnull=True, provision__isnull=False, thread__isnull=True)
                | Q(section__isnull=True, provision__isnull=True, thread__isnull=False),
                name="follow_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", what],
                    condition=Q(**{f"{what}__isnull": False}),
                    name=f"follow_{what}_once",
                )
                for what in ("section", "provision", "thread")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.section_id or self.provision_id or self.thread_id}"


class NotificationChoice(models.Model):
    """How a person wants to be written to; who has no row gets a daily digest."""

    class EMail(models.TextChoices):
        DIGEST = "digest", _("One message a day")
        IMMEDIATE = "immediate", _("At once")
        OFF = "off", _("Not at all")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_choice"
    )
    e_mail = models.CharField(
        _("by e-mail"), max_length=9, choices=EMail.choices, default=EMail.DIGEST
    )

    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")

    def __str__(self) -> str:
        return f"{self.user_id} {self.e_mail}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def tellable(self, *, at: datetime) -> Self:
        """All but those about what is no longer shown; what moderators did stays."""
        return self.filter(
            Q(comment=None, section__in=Section.objects.readable(at=at).values("pk"))
            | Q(kind=Notification.Kind.MODERATION)
            | Q(comment__in=Comment.objects.shown().readable(at=at))
        )

    def not_mailed(self) -> Self:
        """What has gone into no message yet."""
        return self.filter(mailed_at__isnull=True)


class Notification(models.Model):
    """One thing a person is told in the product, and perhaps by e-mail: never the text itself."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply to you")
        MENTION = "mention", _("You are mentioned")
        ENDORSEMENT = "endorsement", _("Endorsement")
        NEW_COMMENT = "new_comment", _("New comment on what you follow")
        MODERATION = "moderation", _("Moderation")
        CLOSING = "closing", _("A section you follow closes soon")
        ORPHANED = "orphaned", _("The words you commented on are gone in the new draft")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    created_at = models.DateTimeField(_("told"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            # A task that runs twice tells once; endorsements of one comment are one line.
            models.UniqueConstraint(
                fields=["user", "kind", "comment"],
                condition=Q(comment__isnull=False) & ~Q(kind="moderation"),
                name="notification_once",
            ),
            models.CheckConstraint(
                condition=Q(comment__isnull=False) | Q(section__isnull=False),
                name="notification_about_something",
            ),
        ]
        indexes = [
            # A person's list, newest first, and how many are unread.
            models.Index(fields=["user", "-created_at", "-id"], name="notification_list"),
            models.Index(
                fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread"
            ),
            # What the next digests hold.
            models.Index(
                fields=["user", "created_at"],
                condition=Q(mailed_at__isnull=True),
                name="notification_to_be_mailed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.comment_id or self.section_id}"
