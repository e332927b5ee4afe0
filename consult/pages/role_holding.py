"""Who holds which role, and the forms by which an administrator changes that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role, account_for_role, give_role, take_role
from consult.document.drafting import give_drafting, take_drafting
from consult.document.models import Drafter, Framework

# What stands in a form for the drafting of a framework, before its code.
DRAFTS = "drafts:"

RIGHTS = {
    Role.ADMINISTRATOR: _(
        "Verifies organisations, gives roles, reads the audit log. Takes no part in the discussion."
    ),
    Role.MODERATOR: _("Hides comments with a rule cited, restores them, confirms campaigns."),
}


@dataclass(frozen=True)
class Holders:
    """One role, and who holds it."""

    key: str
    name: str
    rights: str
    people: Sequence[User]


@dataclass(frozen=True)
class RolesPage:
    """Every role with its holders, and the form that gives one."""

    form: "GiveRoleForm"
    refusal: str = ""
    roles: Sequence[Holders] = field(default_factory=lambda: tuple(_every_role()))


def _every_role() -> list[Holders]:
    holders = list(
        User.objects.filter(Q(is_staff=True) | Q(is_moderator=True), is_active=True).order_by(
            "display_name", "pk"
        )
    )
    drafters = Drafter.objects.select_related("user").filter(user__is_active=True)
    drafting: dict[int, list[User]] = {}
    for drafter in drafters.order_by("user__display_name", "user_id"):
        drafting.setdefault(drafter.framework_id, []).append(drafter.user)
    rights = _("Publishes its sections, runs reports, answers comments.")
    return [
        _holders(Role.ADMINISTRATOR, [user for user in holders if user.is_staff]),
        _holders(Role.MODERATOR, [user for user in holders if user.is_moderator]),
        *(
            Holders(
                DRAFTS + framework.code,
                drafting_of(framework),
                str(rights),
                drafting.get(framework.pk, []),
            )
            for framework in Framework.objects.order_by("code")
        ),
    ]


def _holders(role: Role, people: Sequence[User]) -> Holders:
    return Holders(role.value, str(role.label), str(RIGHTS[role]), people)


def drafting_of(framework: Framework) -> str:
    """The role of drafting this framework, by name."""
    return _("Drafter of %(framework)s") % {"framework": framework.title}


class RoleField(forms.ChoiceField):
    """A role of the site, or the drafting of a framework."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Role"), choices=_choices, **options)


def _choices() -> list[tuple[str, str]]:
    return [
        *((role.value, str(role.label)) for role in Role),
        *((DRAFTS + f.code, drafting_of(f)) for f in Framework.objects.order_by("code")),
    ]


class GiveRoleForm(forms.Form):
    """A role for the account with this address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Of an account whose address is confirmed."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = RoleField()


class TakeRoleForm(forms.Form):
    """A role away from the person who holds it."""

    person = forms.ModelChoiceField(
        User.objects.filter(is_active=True), to_field_name="public_id", empty_label=None
    )
    role = RoleField()


def give(chosen: Mapping[str, Any], *, actor: User) -> User:
    """Who has the role now that the form chose. Raises RoleRefused."""
    person = account_for_role(chosen["email"])
    if chosen["role"].startswith(DRAFTS):
        return give_drafting(_framework(chosen["role"]), to=person, actor=actor).user
    return give_role(Role(chosen["role"]), to=person, actor=actor)


def take(chosen: Mapping[str, Any], *, actor: User) -> User:
    """Who no longer has the role that the form chose. Raises RoleRefused."""
    person: User = chosen["person"]
    if chosen["role"].startswith(DRAFTS):
        take_drafting(_framework(chosen["role"]), away_from=person, actor=actor)
        return person
    return take_role(Role(chosen["role"]), away_from=person, actor=actor)


def name_of(role: str) -> str:
    """The role that a form chose, in words."""
    return drafting_of(_framework(role)) if role.startswith(DRAFTS) else str(Role(role).label)


def _framework(role: str) -> Framework:
    return Framework.objects.get(code=role.removeprefix(DRAFTS))
