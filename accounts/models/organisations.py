"""Organisations: bodies that take part under their own name once it is verified."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.groups import ORGANISED, SchoolLevel
from accounts.places import County, Sector


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def verified(self, *, on: date) -> Self:
        """Organisations whose verification is in force on this day."""
        return self.filter(
            Q(verified_until__isnull=True) | Q(verified_until__gte=on),
            state=Organisation.State.VERIFIED,
        )

    def public(self) -> Self:
        """Organisations that have a page of their own: verified now, or once."""
        return self.filter(verified_at__isnull=False)

    def awaiting_decision(self) -> Self:
        """What an administrator has to look at: applications, and names to be reviewed."""
        return self.filter(
            Q(state=Organisation.State.APPLIED)
            | Q(state=Organisation.State.VERIFIED) & ~Q(proposed_name="")
        )

    def longest_waiting_first(self) -> Self:
        """Each with `waiting_since`: when its applicant or representative last came with it."""
        came = Q(records__act__in=OrganisationRecord.TO_DECIDE)
        since = Max("records__recorded_at", filter=came)
        return self.annotate(waiting_since=since).order_by(
            F("waiting_since").asc(nulls_first=True), "applied_at", "pk"
        )

    def ending_by(self, day: date) -> Self:
        """Organisations whose verification has lapsed by this day, or will have."""
        return self.filter(state=Organisation.State.VERIFIED, verified_until__lt=day)

    def named_like(self, words: str) -> Self:
        """Organisations with these words in their name; 台 and 臺 are one."""
        return self.annotate(
            plain_name=Replace("name", Value("台"), Value("臺")),
        ).filter(plain_name__icontains=words.strip().replace("台", "臺"))

    def by_name(self) -> Self:
        return self.order_by("name", "pk")


class Organisation(models.Model):
    """組織: a body that takes part under its own name once it is verified.

    `accounts.verifying` says how `state` changes. That a verification has lapsed is computed from
    `verified_until`, the last day on which it holds.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("Under review")
        INCOMPLETE = "incomplete", _("More is asked for")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Verification withdrawn")

    class Phase(models.TextChoices):
        APPLIED = "applied", _("Under review")
        INCOMPLETE = "incomplete", _("More is asked for")
        VERIFIED = "verified", _("Verified")
        LAPSED = "lapsed", _("Verification lapsed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Verification withdrawn")

    # Stands for the organisation in addresses and in a report's inputs, whatever it is called.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    # A verified organisation's new name, until an administrator has reviewed it.
    proposed_name = models.CharField(_("proposed name"), max_length=120, blank=True)
    group = models.CharField(
        _("stakeholder group"),
        max_length=12,
        choices=ORGANISED,
    )
    school_level = models.CharField(
        _("school level"), max_length=13, choices=SchoolLevel.choices, blank=True
    )
    sector = models.CharField(_("sector"), max_length=1, choices=Sector.choices, blank=True)
    county = models.CharField(_("county or city"), max_length=3, choices=County.choices, blank=True)
    business_number = models.CharField(_("unified business number"), max_length=8, blank=True)
    # In lower case, as in `tami.org.tw`; who has an address there may ask to join.
    email_domain = models.CharField(_("e-mail domain"), max_length=253, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.APPLIED
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations_applied_for",
    )
    applied_at = models.DateTimeField(_("applied"), default=timezone.now)
    # In which the applicant reads the site, for letters.
    language = models.CharField(_("language"), max_length=10, blank=True)
    # Since when the verification holds, or held.
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_until = models.DateField(_("verified until"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            # Two may apply for one name; one of them is who they say.
            models.UniqueConstraint(
                fields=["group", "name"],
                condition=Q(verified_at__isnull=False),
                name="organisation_name_unique_in_group",
                violation_error_message=_("An organisation of this name exists in this group."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "withdrawn"]) | Q(verified_at__isnull=False),
                name="organisation_verified_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(group="school") | Q(school_level=""),
                name="organisation_level_of_schools_only",
                violation_error_message=_("Only a school has a school level."),
            ),
        ]
        indexes = [
            # The administrators' queue, oldest first.
            models.Index(fields=["state", "applied_at"], name="organisation_queue"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_verified(self, *, on: date | None = None) -> bool:
        """Whether its verification is in force on this day (today)."""
        day = on or timezone.localdate()
        lasts = self.verified_until is None or self.verified_until >= day
        return self.state == self.State.VERIFIED and lasts

    def phase(self, *, on: date | None = None) -> Phase:
        """Where it stands on this day (today): its state, and whether a verification lapsed."""
        if self.state == self.State.VERIFIED and not self.is_verified(on=on):
            return self.Phase.LAPSED
        return self.Phase(self.state)


class OrganisationRecordQuerySet(models.QuerySet["OrganisationRecord"]):
    def in_order(self) -> Self:
        return self.order_by("recorded_at", "pk")

    def untold(self) -> Self:
        """Steps that the representatives have still to be told of."""
        return self.filter(act__in=OrganisationRecord.TOLD, told_at__isnull=True)


class OrganisationRecord(models.Model):
    """One step of an organisation's verification, with its reason. Never edited."""

    class Act(models.TextChoices):
        APPLY = "apply", _("Applied")
        COMPLETE = "complete", _("Completed")
        ASK_MORE = "ask_more", _("More asked for")
        VERIFY = "verify", _("Verified")
        REFUSE = "refuse", _("Refused")
        WITHDRAW = "withdraw", _("Verification withdrawn")
        PROPOSE_NAME = "propose_name", _("New name proposed")
        ACCEPT_NAME = "accept_name", _("New name accepted")
        REFUSE_NAME = "refuse_name", _("New name refused")

    # After these an administrator has to decide.
    TO_DECIDE = (Act.APPLY, Act.COMPLETE, Act.PROPOSE_NAME)
    # Of these the representatives are told by e-mail.
    TOLD = (
        Act.APPLY,
        Act.ASK_MORE,
        Act.VERIFY,
        Act.REFUSE,
        Act.WITHDRAW,
        Act.ACCEPT_NAME,
        Act.REFUSE_NAME,
    )

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="records")
    act = models.CharField(_("act"), max_length=12, choices=Act.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The organisation's name that it is about: applied for, verified, proposed, refused.
    name = models.CharField(_("name"), max_length=120, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    # When the representatives were told of it, where they are.
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    objects = OrganisationRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation record")
        verbose_name_plural = _("organisation records")
        # An application's progress, in order.
        indexes = [
            models.Index(fields=["organisation", "recorded_at"], name="organisation_progress"),
            # Letters that have still to go out.
            models.Index(
                fields=["recorded_at"],
                condition=Q(told_at__isnull=True),
                name="organisation_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.act} {self.recorded_at:%Y-%m-%d %H:%M}"


class EvidenceFile(models.Model):
    """佐證文件: a letter or certificate that was uploaded; administrators alone may open it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="evidence_files"
    )
    # Where it is for one person's mandate, not for the organisation itself.
    mandate = models.ForeignKey(
        "accounts.Mandate",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence_files",
    )
    stored_name = models.CharField(max_length=100, unique=True, editable=False)
    shown_name = models.CharField(_("file name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=4)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence_files"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = [F("uploaded_at").asc(), "pk"]

    def __str__(self) -> str:
        return self.shown_name
