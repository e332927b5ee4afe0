"""Give and take away the roles of the whole site: moderator and administrator.

| from \\ act | give | take away |
|---|---|---|
| without the role | with it | – |
| with the role | – | without it |

The last administrator keeps that role: nobody could give it again. Each act locks the accounts
concerned, checks after the lock, writes, and leaves a line in the audit log. The first
administrator is made by `manage.py createsuperuser`.
"""

from allauth.account.models import EmailAddress
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.auditing import Act, record
from accounts.models import User


class Role(models.TextChoices):
    """A role on the whole site."""

    MODERATOR = "moderator", gettext_lazy("Moderator")
    ADMINISTRATOR = "administrator", gettext_lazy("Administrator")


class RoleRefused(Exception):
    """The role was neither given nor taken away; the message says why."""


class LastAdministrator(RoleRefused):
    """Without this person nobody could give roles any more."""


@transaction.atomic
def give_role(role: Role, *, to: User, actor: User) -> User:
    """The account with the role. Raises RoleRefused."""
    held = hold_accounts(to, actor=actor)
    if has_role(held, role):
        raise RoleRefused(
            _("%(person)s has this role already.") % {"person": held.shown_name},
        )
    _write(held, role, has=True)
    record(Act.ROLE_GIVEN, actor=actor, about=held, details={"role": role.value})
    return held


@transaction.atomic
def take_role(role: Role, *, away_from: User, actor: User) -> User:
    """The account without the role. Raises RoleRefused; LastAdministrator for the last one."""
    held = hold_accounts(away_from, actor=actor)
    if not has_role(held, role):
        raise RoleRefused(_("%(person)s no longer has this role.") % {"person": held.shown_name})
    if role == Role.ADMINISTRATOR:
        require_another_administrator(held)
    _write(held, role, has=False)
    record(Act.ROLE_TAKEN, actor=actor, about=held, details={"role": role.value})
    return held


def has_role(user: User, role: Role) -> bool:
    """Whether this account has the role."""
    return user.is_moderator if role == Role.MODERATOR else user.is_staff


def account_for_role(email: str) -> User:
    """The account that can get a role by this address. Raises RoleRefused.

    One sentence for every other address: who gives roles need not learn who has merely signed up.
    """
    verified = EmailAddress.objects.filter(
        email__iexact=email.strip(), verified=True, user__is_active=True
    ).select_related("user")
    address = verified.first()
    if address is None:
        raise RoleRefused(
            _(
                "No account with this confirmed address can get a role. "
                "The person signs up and confirms the address first."
            )
        )
    found: User = address.user
    return found


def hold_accounts(about: User, *, actor: User) -> User:
    """Lock an account whose roles are to change, and all administrators; the account as it is now.

    Raises RoleRefused where the actor is no longer an administrator, or the account is closed.
    """
    ids = {about.pk, actor.pk}
    # In one order, so that two who take each other's role away wait instead of blocking.
    held = {
        user.pk: user
        for user in User.objects.filter(Q(pk__in=ids) | Q(is_staff=True))
        .order_by("pk")
        .select_for_update(no_key=True)
    }
    if not (held[actor.pk].is_staff and held[actor.pk].is_active):
        raise RoleRefused(_("You are no longer an administrator."))
    if not held[about.pk].is_active:
        raise RoleRefused(_("This account is closed."))
    return held[about.pk]


def require_another_administrator(user: User) -> None:
    """Raises LastAdministrator where no other live account has the role. Wants them locked."""
    others = User.objects.filter(is_staff=True, is_active=True).exclude(pk=user.pk)
    if not others.exists():
        raise LastAdministrator(
            _("The last administrator keeps the role. Give it to someone else first.")
        )


def _write(user: User, role: Role, *, has: bool) -> None:
    if role == Role.MODERATOR:
        user.is_moderator = has
        user.save(update_fields=["is_moderator"])
        return
    user.is_staff = has
    # Django's admin, for rare repairs, stays with those made by `createsuperuser`.
    user.is_superuser = user.is_superuser and has
    user.save(update_fields=["is_staff", "is_superuser"])
