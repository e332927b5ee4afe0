"""Files that wait between being handed in and becoming a draft."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.uploads import LONGEST_NAME
from consult.document.models.texts import Framework

WAITS = timedelta(days=1)


class WaitingFileQuerySet(models.QuerySet["WaitingFile"]):
    def forgotten(self, *, at: datetime) -> Self:
        """Files that nobody has made a draft of in the time that they wait."""
        return self.filter(handed_in_at__lte=at - WAITS)


class WaitingFile(models.Model):
    """A file that a drafter handed in as the next draft and hasn't confirmed yet."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="waiting_files")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="waiting_files"
    )
    stored_name = models.CharField(_("stored name"), max_length=60, unique=True)
    shown_name = models.CharField(_("name"), max_length=LONGEST_NAME)
    kind = models.CharField(_("kind"), max_length=5)
    sha256 = models.CharField("SHA-256", max_length=64)
    handed_in_at = models.DateTimeField(_("handed in"), default=timezone.now)

    objects = WaitingFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiting file")
        verbose_name_plural = _("waiting files")
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "owner", "sha256"],
                name="waiting_file_once",
                violation_error_message=_("This file waits already."),
            )
        ]
        # What is forgotten is looked for each hour.
        indexes = [models.Index(fields=["handed_in_at"], name="waiting_file_age")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def removed_at(self) -> datetime:
        """Until when it waits."""
        return self.handed_in_at + WAITS
