"""What stands with a comment: who endorses it, and the files that came with it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.groups import StakeholderGroup
from accounts.models import Organisation
from comments.models.comments import Comment


class Endorsement(models.Model):
    """附議: one account's support for a comment, in its own name or an organisation's."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="endorsements")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="endorsements"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="endorsements"
    )
    # As they were when it was given.
    organisation_name = models.CharField(_("organisation's name"), max_length=120, blank=True)
    group = models.CharField(
        _("stakeholder group"), max_length=12, choices=StakeholderGroup.choices
    )
    created_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "user"],
                name="endorsement_once",
                violation_error_message=_("You have endorsed this comment already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} + {self.comment_id}"


class Attachment(models.Model):
    """A file that came with a comment; it is shown and hidden with it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField(_("position"))
    stored_name = models.CharField(max_length=100, unique=True, editable=False)
    shown_name = models.CharField(_("file name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=4)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "position"], name="attachment_position")
        ]

    def __str__(self) -> str:
        return self.shown_name
