"""Membership: who belongs to an organisation, and who may speak for it."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
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

    def managing(self, *, on: date) -> Self:
        """Representatives whose mandate is in force on this day: they manage the members."""
        mandates = Mandate.objects.in_force(on=on).filter(membership=OuterRef("pk"))
        return self.current().representatives().filter(Exists(mandates))


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
    # Who removed this person; empty for one who left, or stays.
    removed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

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
            ),
            models.CheckConstraint(
                condition=Q(removed_by__isnull=True) | Q(left_at__isnull=False),
                name="membership_removed_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    def running(self, *, on: date) -> Self:
        """Accepted mandates of current members that this day lies in."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            starts_on__lte=on,
            state=Mandate.State.ACCEPTED,
            membership__left_at__isnull=True,
        )

    def in_force(self, *, on: date) -> Self:
        """Running mandates of organisations whose verification is in force, too."""
        verified = Organisation.objects.verified(on=on).values("pk")
        return self.running(on=on).filter(membership__organisation__in=verified)

    def for_framework(self, code: str) -> Self:
        """Mandates whose scope takes in the framework of this code."""
        return self.filter(Q(framework_codes=[]) | Q(framework_codes__contains=[code]))

    def awaiting_decision(self) -> Self:
        """Mandates proposed in verified organisations, for an administrator to look at."""
        return self.filter(
            state=Mandate.State.PROPOSED,
            membership__left_at__isnull=True,
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

    class Phase(models.TextChoices):
        PROPOSED = "proposed", _("Under review")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        TO_COME = "to_come", _("To come")
        RUNNING = "running", _("In force")
        OVER = "over", _("Ended")

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

    def phase(self, *, on: date) -> Phase:
        """Where it stands on this day: its state, and of an accepted one whether it runs."""
        if self.state != self.State.ACCEPTED:
            return self.Phase(self.state)
        if self.starts_on > on:
            return self.Phase.TO_COME
        return self.Phase.OVER if self.ends_on and self.ends_on < on else self.Phase.RUNNING


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self, *, at: datetime) -> Self:
        """Invitations whose link still works."""
        return self.unanswered().filter(expires_at__gt=at)

    def unanswered(self) -> Self:
        """Invitations that were neither accepted nor cancelled, expired ones too."""
        return self.filter(accepted_at__isnull=True, cancelled_at__isnull=True)


class Invitation(models.Model):
    """A link sent to one address, good once and for a time, to join an organisation.

    `accounts.joining` says how its state changes, which follows from its times.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    # In lower case.
    email = models.EmailField(_("e-mail address"))
    # SHA-256 of the link's secret: who reads the database can't use the link. The secret is made
    # when the message is sent; until then this is the digest of nothing that anyone knows.
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent")
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                name="invitation_once",
                violation_error_message=_("This address has been invited already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.created_at:%Y-%m-%d}"

    def state(self, *, at: datetime) -> State:
        """What has become of it by now."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.cancelled_at:
            return self.State.CANCELLED
        return self.State.OPEN if self.expires_at > at else self.State.EXPIRED


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def asked(self) -> Self:
        """Requests that a representative has still to decide on."""
        return self.filter(state=JoinRequest.State.ASKED)


class JoinRequest(models.Model):
    """That a person with an address on the organisation's own domain asks to join it.

    `accounts.joining` says how `state` changes.
    """

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

    objects = JoinRequestQuerySet.as_manager()

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
