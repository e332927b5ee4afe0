"""Membership: who belongs to an organisation, and who may speak for it."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Organisation
from accounts.models.people import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Memberships that have not ended."""
        return self.filter(left_at__isnull=True)

    def representatives(self) -> Self:
        return self.filter(role=Membership.Role.REPRESENTATIVE)


class Membership(models.Model):
    """成員: that a person belongs to an organisation, and in which role. Kept when it has ended."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        REPRESENTATIVE = "representative", _("Representative")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=14, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(left_at__isnull=True),
                name="membership_once",
                violation_error_message=_("This person is a member already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, *, on: date) -> Self:
        """Accepted mandates of current members of verified organisations, running on this day."""
        verified = Organisation.objects.verified(on=on).values("pk")
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            starts_on__lte=on,
            state=Mandate.State.ACCEPTED,
            membership__left_at__isnull=True,
            membership__organisation__in=verified,
        )

    def for_framework(self, code: str) -> Self:
        """Mandates whose scope takes in the framework of this code."""
        return self.filter(Q(framework_codes=[]) | Q(framework_codes__contains=[code]))

    def awaiting_decision(self) -> Self:
        """Mandates proposed in verified organisations, for an administrator to look at."""
        return self.filter(
            state=Mandate.State.PROPOSED,
            membership__organisation__state=Organisation.State.VERIFIED,
        )


class Mandate(models.Model):
    """授權: the evidence that a member may speak for the organisation, on what and for how long.

    `accounts.mandating` says how `state` changes. That one has run out follows from `ends_on`, its
    last day.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Under review")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="mandates")
    # What the mandate rests on, in words: a board's decision, a letter.
    evidence = models.TextField(_("evidence"))
    # Codes of frameworks; none means every framework. No foreign key: it would point up.
    framework_codes = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, verbose_name=_("scope")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.PROPOSED
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="mandate_ends_after_start",
                violation_error_message=_("A mandate can't end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_at__isnull=False),
                name="mandate_decided_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.starts_on}–{self.ends_on or ''}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self, *, at: datetime) -> Self:
        """Invitations whose link still works."""
        return self.filter(accepted_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=at)


class Invitation(models.Model):
    """A link sent to one address, good once and for a time, to join an organisation."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField(_("e-mail address"))
    # SHA-256 of the link's secret: who reads the database can't use the link.
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="invitation_accepted_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.created_at:%Y-%m-%d}"


class JoinRequest(models.Model):
    """That a person with an address on the organisation's own domain asks to join it."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="join_requests"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="join_requests")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(state="asked"),
                name="join_request_once",
                violation_error_message=_("You have asked to join already."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_at__isnull=False),
                name="join_request_decided_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.organisation_id}"
