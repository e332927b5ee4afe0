"""The audit log: who did what to whom, when and from where. Rows are added, never changed."""

from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class AuditRecordQuerySet(models.QuerySet["AuditRecord"]):
    def newest_first(self) -> Self:
        return self.order_by("-recorded_at", "-pk")

    def older_than(self, record: "AuditRecord") -> Self:
        """What stands after this line in a log that begins with the newest."""
        return self.filter(
            Q(recorded_at__lt=record.recorded_at)
            | Q(recorded_at=record.recorded_at, pk__lt=record.pk)
        )

    def about(self, user: User) -> Self:
        """What was done to this account, by whomever."""
        return self.filter(object_kind="user", object_key=str(user.public_id))


class AuditRecord(models.Model):
    """One line of the audit log. A trigger in the database refuses to change or delete it.

    Free of names and addresses of people but for the network address: who closes their account
    stands here by their key alone.
    """

    class Act(models.TextChoices):
        SIGN_IN = "sign_in", _("Signed in")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        ADDRESS_CHANGED = "address_changed", _("E-mail address changed")
        FACTOR_ADDED = "factor_added", _("Second factor added")
        FACTOR_REMOVED = "factor_removed", _("Second factor removed")
        LOGIN_CONNECTED = "login_connected", _("Sign-in service connected")
        LOGIN_DISCONNECTED = "login_disconnected", _("Sign-in service disconnected")
        ROLE_GIVEN = "role_given", _("Role given")
        ROLE_TAKEN = "role_taken", _("Role taken away")
        ORGANISATION_APPLIED = "organisation_applied", _("Organisation applied for")
        ORGANISATION_COMPLETED = "organisation_completed", _("Application completed")
        ORGANISATION_ASKED = "organisation_asked", _("More asked of an applicant")
        ORGANISATION_VERIFIED = "organisation_verified", _("Organisation verified")
        ORGANISATION_REFUSED = "organisation_refused", _("Organisation refused")
        ORGANISATION_WITHDRAWN = "organisation_withdrawn", _("Verification withdrawn")
        NAME_PROPOSED = "name_proposed", _("New name proposed")
        NAME_ACCEPTED = "name_accepted", _("New name accepted")
        NAME_REFUSED = "name_refused", _("New name refused")
        EVIDENCE_OPENED = "evidence_opened", _("Evidence opened")
        MEMBER_INVITED = "member_invited", _("Member invited")
        INVITATION_CANCELLED = "invitation_cancelled", _("Invitation cancelled")
        MEMBER_JOINED = "member_joined", _("Member joined")
        MEMBER_LEFT = "member_left", _("Member left")
        MEMBER_REMOVED = "member_removed", _("Member removed")
        MEMBER_ROLE_CHANGED = "member_role_changed", _("Member's role changed")
        MANDATE_PROPOSED = "mandate_proposed", _("Mandate proposed")
        MANDATE_ACCEPTED = "mandate_accepted", _("Mandate accepted")
        MANDATE_REFUSED = "mandate_refused", _("Mandate refused")
        MANDATE_WITHDRAWN = "mandate_withdrawn", _("Mandate withdrawn")
        DATA_DOWNLOADED = "data_downloaded", _("Own data downloaded")
        ACCOUNT_CLOSED = "account_closed", _("Account closed")
        EXPORTED = "exported", _("Data exported")
        DISCLOSED = "disclosed", _("Restricted data disclosed")
        DRAFT_IMPORTED = "draft_imported", _("Draft imported")
        REPORT_PUBLISHED = "report_published", _("Report published")
        REPORT_TAKEN_BACK = "report_taken_back", _("Report taken back")
        SCHEDULE_CHANGED = "schedule_changed", _("Schedule of reports changed")
        THEMES_CHANGED = "themes_changed", _("Themes changed")
        VOICE_EXPECTED = "voice_expected", _("Put on the list of those expected")
        VOICES_IMPORTED = "voices_imported", _("List of those expected imported")
        VOICE_CHANGED = "voice_changed", _("Entry of those expected changed")
        VOICE_REMOVED = "voice_removed", _("Taken off the list of those expected")
        VOICE_RESTORED = "voice_restored", _("Put back on the list of those expected")
        VOICE_REMINDED = "voice_reminded", _("Reminded to speak")

    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    act = models.CharField(_("act"), max_length=24, choices=Act.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="audit_records"
    )
    # What it was done to: the table's name, and the public id or key of the row.
    object_kind = models.CharField(_("kind of object"), max_length=40, blank=True)
    object_key = models.CharField(_("object"), max_length=60, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)

    objects = AuditRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit record")
        verbose_name_plural = _("audit log")
        indexes = [
            # The log's page, newest first; and what was done by one person, and to one object.
            models.Index(fields=["-recorded_at", "-id"], name="audit_newest_first"),
            models.Index(fields=["actor", "-recorded_at"], name="audit_of_an_actor"),
            models.Index(fields=["object_kind", "object_key"], name="audit_of_an_object"),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M} {self.act}"
