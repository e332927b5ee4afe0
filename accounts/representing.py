"""Who represents an organisation: what joining, leaving and mandates all ask before they write.

Acts on an organisation's members take turns: each locks the organisation first, then looks.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import may_speak
from accounts.models import Mandate, Membership, Organisation, User


class MembershipRefused(Exception):
    """The act was not done; the message says why, and what to do first."""


class LastRepresentative(MembershipRefused):
    """Without this person nobody would represent the organisation."""


def locked(organisation_id: int) -> Organisation:
    """The organisation as it is now, held until the transaction ends.

    Comments that name it need not wait: its key isn't held.
    """
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def may_manage(user: User, organisation: Organisation, *, on: date) -> bool:
    """Whether this person manages the members: a representative whose mandate is in force."""
    managing = Membership.objects.managing(on=on)
    return may_speak(user) and managing.filter(user=user, organisation=organisation).exists()


def require_representative(actor: User, organisation: Organisation, *, on: date) -> None:
    """Raises MembershipRefused for whoever doesn't manage the members, or no longer."""
    if not may_manage(actor, organisation, on=on):
        raise MembershipRefused(
            _("Only a representative whose mandate is in force may do this for %(name)s.")
            % {"name": organisation.name}
        )


def require_verified(organisation: Organisation, *, on: date) -> None:
    """Raises MembershipRefused where its verification is not in force."""
    if not organisation.is_verified(on=on):
        raise MembershipRefused(
            _("%(name)s is not verified at present.") % {"name": organisation.name}
        )


def require_another_representative(membership: Membership, *, on: date) -> None:
    """Raises LastRepresentative where the organisation would be left without one.

    Those with a running mandate count; where nobody has one, every representative does. Wants
    the organisation locked. One that was refused needs nobody.
    """
    organisation = membership.organisation
    if organisation.state == Organisation.State.REFUSED:
        return
    representatives = Membership.objects.current().representatives()
    there = set(representatives.filter(organisation=organisation).values_list("pk", flat=True))
    running = Mandate.objects.running(on=on).filter(membership__in=there)
    counting = set(running.values_list("membership_id", flat=True)) or there
    if counting == {membership.pk}:
        raise LastRepresentative(
            _(
                "%(person)s is the last representative of %(name)s. First make another member a "
                "representative and have their mandate accepted."
            )
            % {"person": membership.user.shown_name, "name": organisation.name}
        )


def tell_after_commit(task: Callable[..., object], key: int) -> None:
    """Have a letter about this row sent once the transaction stands, in the actor's language.

    Where Redis can't be reached what was done still stands; the letter is missing.
    """
    transaction.on_commit(partial(task, key, get_language()), robust=True)
