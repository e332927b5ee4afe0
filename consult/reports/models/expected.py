"""Who is expected to speak on a framework, and who was reminded to."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.groups import SchoolLevel, StakeholderGroup
from accounts.models import Organisation
from accounts.places import County, Sector
from consult.document.models import Draft, Framework


class ExpectedVoiceQuerySet(models.QuerySet["ExpectedVoice"]):
    def listed(self) -> Self:
        """All but those taken off the list."""
        return self.filter(removed_at__isnull=True)

    def organisations(self) -> Self:
        return self.filter(kind=ExpectedVoice.Kind.ORGANISATION)

    def in_order(self) -> Self:
        """Organisations first, by name; then levels, sectors, counties and groups."""
        return self.order_by(
            F("kind_order"), "name", "group", "school_level", "sector", "county", "pk"
        ).alias(kind_order=ExpectedVoice.order_of_kinds())

    def removed_before(self, moment: datetime) -> Self:
        return self.filter(removed_at__lt=moment)

    def with_address(self) -> Self:
        return self.exclude(email="")


class ExpectedVoice(models.Model):
    """One who is expected to speak: an invited organisation, or a kind of them.

    An invitation is no account: an organisation may stand here that the site doesn't know yet.
    Whose kind is a category has that category alone.
    """

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        GROUP = "group", _("Stakeholder group")
        LEVEL = "level", _("School level")
        SECTOR = "sector", _("Sector")
        COUNTY = "county", _("County or city")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="expected_voices"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="expected_on",
        verbose_name=_("organisation"),
    )
    group = models.CharField(
        _("stakeholder group"), max_length=12, choices=StakeholderGroup.choices, blank=True
    )
    school_level = models.CharField(
        _("school level"), max_length=13, choices=SchoolLevel.choices, blank=True
    )
    sector = models.CharField(_("sector"), max_length=1, choices=Sector.choices, blank=True)
    county = models.CharField(_("county or city"), max_length=3, choices=County.choices, blank=True)
    # Whom to remind; where there is none, those who represent the organisation here. In no report.
    email = models.EmailField(_("contact e-mail"), blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    removed_at = models.DateTimeField(_("taken off"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ExpectedVoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("expected voice")
        verbose_name_plural = _("expected voices")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="organisation") & ~Q(name="")
                | Q(kind="group", name="", school_level="", sector="", county="") & ~Q(group="")
                | Q(kind="level", name="", group="", sector="", county="") & ~Q(school_level="")
                | Q(kind="sector", name="", group="", school_level="", county="") & ~Q(sector="")
                | Q(kind="county", name="", group="", school_level="", sector="") & ~Q(county=""),
                name="expected_voice_is_one_thing",
                violation_error_message=_("Choose one thing: an organisation, or one kind."),
            ),
            models.CheckConstraint(
                condition=Q(kind="organisation") | Q(organisation__isnull=True, email=""),
                name="expected_voice_contact_of_organisations",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="expected_voice_removed_by_someone",
            ),
            models.UniqueConstraint(
                fields=["framework", "organisation"],
                condition=Q(removed_at__isnull=True, organisation__isnull=False),
                name="expected_organisation_once",
                violation_error_message=_("This organisation is on the list already."),
            ),
            models.UniqueConstraint(
                fields=["framework", "kind", "name", "group", "school_level", "sector", "county"],
                condition=Q(removed_at__isnull=True),
                name="expected_voice_once",
                violation_error_message=_("This is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def order_of_kinds() -> models.Case:
        """The kinds as they are listed."""
        return models.Case(
            *(
                models.When(kind=kind, then=place)
                for place, kind in enumerate(ExpectedVoice.Kind.values)
            ),
            output_field=models.IntegerField(),
        )

    @property
    def is_organisation(self) -> bool:
        return self.kind == self.Kind.ORGANISATION

    @property
    def title(self) -> str:
        """What it is called: an organisation's name, or a category's."""
        if self.is_organisation:
            return self.name
        return str(getattr(self, f"get_{FIELD_OF_KIND[self.kind]}_display")())


# Which field says what a category is.
FIELD_OF_KIND = {
    ExpectedVoice.Kind.GROUP.value: "group",
    ExpectedVoice.Kind.LEVEL.value: "school_level",
    ExpectedVoice.Kind.SECTOR.value: "sector",
    ExpectedVoice.Kind.COUNTY.value: "county",
}


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def waiting(self) -> Self:
        return self.filter(outcome=Reminder.Outcome.WAITING)

    def counting(self) -> Self:
        """Those that another would come too soon after: sent, or about to be."""
        return self.filter(outcome__in=[Reminder.Outcome.WAITING, Reminder.Outcome.SENT])

    def asked_since(self, moment: datetime) -> Self:
        return self.filter(asked_at__gte=moment)

    def newest_first(self) -> Self:
        return self.order_by("-asked_at", "-pk")


class Reminder(models.Model):
    """A letter that reminds an invited organisation of what is open; one a recipient.

    `consult.reports.reminding` says how `outcome` changes.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("About to be sent")
        SENT = "sent", _("Sent")
        SPOKE = "spoke", _("Not sent: they have spoken meanwhile")
        NOTHING_OPEN = "nothing_open", _("Not sent: nothing is open any more")
        NO_MORE = "no_more", _("Not sent: they want no more reminders")
        REFUSED = "refused", _("Not sent: the mail server refused the address")
        GONE = "gone", _("Not sent: no longer on the list, or no longer reachable")

    voice = models.ForeignKey(ExpectedVoice, on_delete=models.PROTECT, related_name="reminders")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    # A representative; empty is the contact that stands on the list.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome.choices, default=Outcome.WAITING
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="waiting", settled_at__isnull=True)
                | ~Q(outcome="waiting") & Q(settled_at__isnull=False),
                name="reminder_settled_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["voice", "user"],
                condition=Q(outcome="waiting"),
                nulls_distinct=False,
                name="reminder_one_waiting",
            ),
        ]
        indexes = [
            # What beat looks for, and a voice's reminders, newest first.
            models.Index(
                fields=["asked_at"], condition=Q(outcome="waiting"), name="reminder_waiting"
            ),
            models.Index(fields=["voice", "-asked_at"], name="reminder_of_a_voice"),
        ]

    def __str__(self) -> str:
        return f"{self.voice_id} {self.asked_at:%Y-%m-%d} {self.outcome}"


class NoMoreReminders(models.Model):
    """That whoever reads mail at an address wants no more reminders. The address isn't kept."""

    # SHA-256 of the address in lower case.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    said_at = models.DateTimeField(_("said"), default=timezone.now)

    class Meta:
        verbose_name = _("end of reminders")
        verbose_name_plural = _("ends of reminders")

    def __str__(self) -> str:
        return f"{self.said_at:%Y-%m-%d}"
