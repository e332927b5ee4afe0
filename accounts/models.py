"""Who speaks: people, organisations, who belongs to them and who may speak for them."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.groups import StakeholderGroup


class UserManager(BaseUserManager["User"]):
    """Makes accounts that sign in with an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account with this address; without a password it can't sign in by one."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator's account, for `manage.py createsuperuser`."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """One person. Two people never share an account."""

    email = models.EmailField(_("e-mail address"))
    display_name = models.CharField(_("display name"), max_length=60)
    # Stands for the person in open data and reports, where no e-mail address may.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_moderator = models.BooleanField(_("moderator"), default=False)
    is_staff = models.BooleanField(_("administrator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("An account with this e-mail address exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        return self.display_name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def verified(self) -> Self:
        return self.filter(verified_at__isnull=False)


class Organisation(models.Model):
    """組織: a body that takes part under its own name once it is verified."""

    # Stands for the organisation in a report's inputs, whatever it is called later.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    group = models.CharField(
        _("stakeholder group"),
        max_length=12,
        choices=[choice for choice in StakeholderGroup.choices if choice[0] != "public"],
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"],
                name="organisation_name_unique_in_group",
                violation_error_message=_("An organisation of this name exists in this group."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """成員: that a person belongs to an organisation, and in which role."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        REPRESENTATIVE = "representative", _("Representative")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=14, choices=Role.choices, default=Role.MEMBER)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_once",
                violation_error_message=_("This person is a member already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, *, on: date) -> Self:
        """Accepted mandates of verified organisations that run on this day."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            starts_on__lte=on,
            accepted_at__isnull=False,
            membership__organisation__verified_at__isnull=False,
        )


class Mandate(models.Model):
    """授權: the evidence that a member may speak for the organisation, and for how long."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="mandates")
    evidence = models.TextField(_("evidence"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="mandate_ends_after_start",
                violation_error_message=_("A mandate can't end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.starts_on}–{self.ends_on or ''}"
