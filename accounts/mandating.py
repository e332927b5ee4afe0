"""Mandates: propose one with its evidence, decide on it, withdraw it.

| from \\ act | accept | refuse | withdraw |
|---|---|---|---|
| proposed | accepted | refused | withdrawn |
| accepted | – | – | withdrawn |
| refused | – | – | – |
| withdrawn | – | – | – |

A representative proposes one for any member; where nobody represents the organisation, members and
former representatives do so for themselves. An administrator accepts or refuses on the evidence,
and never on their own behalf. The mandated person, a representative or an administrator withdraws.
An accepted mandate runs from its first day to its last; what was said under it stays. Each act
locks the organisation, checks after the lock, writes, and leaves a line in the audit log.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rates, tasks
from accounts.access import is_signed_in, may_speak
from accounts.auditing import Act, record
from accounts.belonging import give_role
from accounts.limits import spend
from accounts.models import EvidenceFile, Mandate, Membership, Organisation, User
from accounts.representing import (
    MembershipRefused,
    locked,
    may_manage,
    require_another_representative,
    require_verified,
    tell_after_commit,
)
from accounts.uploads import GuardedFile, keep

MOST_FILES = 3
LONGEST_EVIDENCE = 2000


class MandateAct(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


ALLOWED_ACTS: dict[Mandate.State, dict[MandateAct, Mandate.State]] = {
    Mandate.State.PROPOSED: {
        MandateAct.ACCEPT: Mandate.State.ACCEPTED,
        MandateAct.REFUSE: Mandate.State.REFUSED,
        MandateAct.WITHDRAW: Mandate.State.WITHDRAWN,
    },
    Mandate.State.ACCEPTED: {MandateAct.WITHDRAW: Mandate.State.WITHDRAWN},
    Mandate.State.REFUSED: {},
    Mandate.State.WITHDRAWN: {},
}
RECORDED_AS = {
    MandateAct.ACCEPT: Act.MANDATE_ACCEPTED,
    MandateAct.REFUSE: Act.MANDATE_REFUSED,
    MandateAct.WITHDRAW: Act.MANDATE_WITHDRAWN,
}


class MandateRefused(MembershipRefused):
    """The act doesn't fit the mandate or the person; the message says what to do."""


def members_to_propose(user: User, organisation: Organisation, *, on: date) -> list[Membership]:
    """For whom this person may propose a mandate: every member, themselves alone, or nobody."""
    current = organisation.memberships.current().select_related("user")
    if may_manage(user, organisation, on=on):
        return list(current.order_by("joined_at", "pk"))
    own = list(current.filter(user=user))
    orphaned = not Membership.objects.managing(on=on).filter(organisation=organisation).exists()
    was_representative = any(m.role == Membership.Role.REPRESENTATIVE for m in own)
    return own if may_speak(user) and (orphaned or was_representative) else []


def propose_mandate(
    membership: Membership,
    *,
    actor: User,
    evidence: str,
    starts_on: date,
    ends_on: date | None = None,
    framework_codes: Sequence[str] = (),
    files: Sequence[GuardedFile] = (),
    at: datetime | None = None,
) -> Mandate:
    """The mandate, for an administrator to decide on.

    No framework's code means every framework. Raises MembershipRefused, and LimitReached.
    """
    now = at or timezone.now()
    _check_contents(evidence, files, starts_on=starts_on, ends_on=ends_on, at=now)
    spend(rates.MANDATE, whom=actor, at=now)
    mandate = Mandate(
        membership=membership,
        evidence=evidence.strip(),
        framework_codes=sorted(set(framework_codes)),
        starts_on=starts_on,
        ends_on=ends_on,
        proposed_at=now,
    )
    return _propose(mandate, actor=actor, files=files)


@transaction.atomic
def _propose(mandate: Mandate, *, actor: User, files: Sequence[GuardedFile]) -> Mandate:
    organisation = locked(mandate.membership.organisation_id)
    today = timezone.localdate(mandate.proposed_at)
    require_verified(organisation, on=today)
    _check_person(mandate.membership, organisation, actor=actor, on=today)
    mandate.save(force_insert=True)
    for file in files:
        EvidenceFile.objects.create(
            organisation=organisation,
            mandate=mandate,
            stored_name=keep(file),
            shown_name=file.name,
            kind=file.kind.value,
            size=file.size,
            sha256=file.digest,
            uploaded_by=actor,
            uploaded_at=mandate.proposed_at,
        )
    _record(Act.MANDATE_PROPOSED, mandate, actor=actor)
    return mandate


@transaction.atomic
def accept_mandate(mandate: Mandate, *, actor: User, at: datetime | None = None) -> Mandate:
    """The mandate, accepted by an administrator. Raises MandateRefused.

    Where nobody represents the organisation, the person becomes a representative by this.
    """
    organisation, mandate = _locked(mandate)
    now = at or timezone.now()
    today = timezone.localdate(now)
    _require_decider(actor, mandate)
    require_verified(organisation, on=today)
    if mandate.membership.left_at:
        raise MandateRefused(_("This person is no longer a member of the organisation."))
    if mandate.ends_on and mandate.ends_on < today:
        raise MandateRefused(_("This mandate ended before it was decided on. Refuse it."))
    _write(mandate, MandateAct.ACCEPT, actor=actor, at=now)
    managing = Membership.objects.managing(on=today).filter(organisation=organisation)
    if not managing.exists() and mandate.membership.role == Membership.Role.MEMBER:
        give_role(mandate.membership, Membership.Role.REPRESENTATIVE, actor=actor)
    return mandate


@transaction.atomic
def refuse_mandate(
    mandate: Mandate, *, actor: User, reason: str, at: datetime | None = None
) -> Mandate:
    """The mandate, refused by an administrator with a reason. Raises MandateRefused."""
    _organisation, mandate = _locked(mandate)
    _require_decider(actor, mandate)
    if not reason.strip():
        raise MandateRefused(_("Give the reason: the person reads it."))
    _write(mandate, MandateAct.REFUSE, actor=actor, at=at or timezone.now(), reason=reason)
    return mandate


@transaction.atomic
def withdraw_mandate(
    mandate: Mandate, *, actor: User, reason: str = "", at: datetime | None = None
) -> Mandate:
    """The mandate, ended as of now. Raises MembershipRefused.

    Only an administrator, with a reason, may so leave an organisation without a representative.
    """
    organisation, mandate = _locked(mandate)
    now = at or timezone.now()
    today = timezone.localdate(now)
    within = actor.pk == mandate.membership.user_id or may_manage(actor, organisation, on=today)
    if not within and not _is_administrator(actor):
        raise MandateRefused(_("Only the mandated person, a representative or an administrator."))
    if not within and not reason.strip():
        raise MandateRefused(_("Give the reason: the person reads it."))
    if within and _is_last(mandate, on=today):
        require_another_representative(mandate.membership, on=today)
    _write(mandate, MandateAct.WITHDRAW, actor=actor, at=now, reason=reason)
    return mandate


def _locked(mandate: Mandate) -> tuple[Organisation, Mandate]:
    organisation = locked(mandate.membership.organisation_id)
    return organisation, Mandate.objects.select_related(
        "membership__user", "membership__organisation"
    ).get(pk=mandate.pk)


def _is_last(mandate: Mandate, *, on: date) -> bool:
    """Whether the person's voice hangs on this one: another running one would do as well."""
    running = Mandate.objects.running(on=on).filter(membership=mandate.membership)
    return {found.pk for found in running} == {mandate.pk}


def _is_administrator(user: User) -> bool:
    return is_signed_in(user) and user.is_staff


def _require_decider(actor: User, mandate: Mandate) -> None:
    if not _is_administrator(actor):
        raise MandateRefused(_("Only an administrator decides on mandates."))
    if actor.pk == mandate.membership.user_id:
        raise MandateRefused(_("Another administrator decides on a mandate of your own."))


def _check_person(
    membership: Membership, organisation: Organisation, *, actor: User, on: date
) -> None:
    possible = {found.pk for found in members_to_propose(actor, organisation, on=on)}
    if membership.pk not in possible:
        raise MandateRefused(
            _("Only a representative of %(name)s may propose a mandate for this person.")
            % {"name": organisation.name}
        )
    if membership.mandates.filter(state=Mandate.State.PROPOSED).exists():
        raise MandateRefused(
            _("A mandate of this person is under review. Wait for it, or take it back first.")
        )


def _check_contents(
    evidence: str,
    files: Sequence[GuardedFile],
    *,
    starts_on: date,
    ends_on: date | None,
    at: datetime,
) -> None:
    if not evidence.strip():
        raise MandateRefused(_("Say what the mandate rests on: who decided it, and when."))
    if len(evidence) > LONGEST_EVIDENCE:
        raise MandateRefused(
            _("That is too long: %(limit)s characters are possible.")
            % {"limit": f"{LONGEST_EVIDENCE:,}"}
        )
    if len(files) > MOST_FILES:
        raise MandateRefused(_("Up to %(count)s files are possible.") % {"count": MOST_FILES})
    if ends_on and ends_on < starts_on:
        raise MandateRefused(_("A mandate can't end before it starts."))
    if ends_on and ends_on < timezone.localdate(at):
        raise MandateRefused(_("That last day has passed. Choose a later one, or none."))


def _write(
    mandate: Mandate, act: MandateAct, *, actor: User, at: datetime, reason: str = ""
) -> None:
    """Change the state where the table allows it, record it, and tell the person."""
    new_state = ALLOWED_ACTS[Mandate.State(mandate.state)].get(act)
    if new_state is None:
        raise MandateRefused(
            _("This can't be done now: the mandate is “%(state)s”.")
            % {"state": mandate.get_state_display()}
        )
    mandate.state, mandate.decided_at, mandate.decided_by = new_state, at, actor
    mandate.reason = reason.strip()
    mandate.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    _record(RECORDED_AS[act], mandate, actor=actor)
    if actor.pk != mandate.membership.user_id:
        tell_after_commit(tasks.tell_of_mandate.delay, mandate.pk)


def _record(act: Act, mandate: Mandate, *, actor: User) -> None:
    details = {"organisation": str(mandate.membership.organisation.public_id)}
    record(act, actor=actor, about=mandate, details=details)
