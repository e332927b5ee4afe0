"""People: one account each."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.groups import PublicRole


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
    # What a person who speaks for themselves says they are.
    public_role = models.CharField(_("role"), max_length=8, choices=PublicRole.choices, blank=True)
    # Which version of the privacy notice this person agreed to, and when.
    privacy_version = models.CharField(_("privacy notice"), max_length=20, blank=True)
    privacy_agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    # Set when the person left: their name and address are gone, what they said in public stays.
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
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

    @property
    def shown_name(self) -> str:
        """The name that others see: of someone who has left, only that they have."""
        return gettext("Former user") if self.closed_at else self.display_name
