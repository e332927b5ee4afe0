"""Give and take away the drafting of a framework.

| from \\ act | give | take away |
|---|---|---|
| not a drafter | drafter | – |
| drafter | – | not a drafter |

Each act locks the account, checks after the lock, writes, and leaves a line in the audit log.
Whoever publishes holds their own drafting meanwhile, so that it is not taken away in between.
"""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.auditing import Act, record
from accounts.models import User
from accounts.roles import RoleRefused, hold_accounts
from consult.document.models import Drafter, Framework

DRAFTER = "drafter"


@transaction.atomic
def give_drafting(framework: Framework, *, to: User, actor: User) -> Drafter:
    """That this person drafts the framework from now on. Raises RoleRefused."""
    held = hold_accounts(to, actor=actor)
    drafter, is_new = Drafter.objects.get_or_create(framework=framework, user=held)
    if not is_new:
        raise RoleRefused(_("%(person)s has this role already.") % {"person": held.shown_name})
    details = {"role": DRAFTER, "framework": framework.code}
    record(Act.ROLE_GIVEN, actor=actor, about=held, details=details)
    return drafter


@transaction.atomic
def take_drafting(framework: Framework, *, away_from: User, actor: User) -> None:
    """This person drafts the framework no longer. Raises RoleRefused."""
    held = hold_accounts(away_from, actor=actor)
    removed, _rows = Drafter.objects.filter(framework=framework, user=held).delete()
    if not removed:
        raise RoleRefused(_("%(person)s no longer has this role.") % {"person": held.shown_name})
    details = {"role": DRAFTER, "framework": framework.code}
    record(Act.ROLE_TAKEN, actor=actor, about=held, details=details)


def hold_drafting(framework: Framework, *, user: User) -> None:
    """Keep this person a drafter until the transaction ends; Http404 for one who is none now."""
    held = Drafter.objects.filter(framework=framework, user=user).select_for_update(no_key=True)
    if held.first() is None:
        raise Http404


@transaction.atomic
def give_up_drafting(user: User) -> None:
    """This person, who leaves, drafts nothing any more."""
    drafting = Drafter.objects.select_for_update(of=("self",)).filter(user=user)
    for drafter in drafting.select_related("framework").order_by("pk"):
        details = {"role": DRAFTER, "framework": drafter.framework.code}
        record(Act.ROLE_TAKEN, actor=user, about=user, details=details)
        drafter.delete()
