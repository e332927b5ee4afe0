"""Verification of organisations: apply, look at the evidence, decide, and later another name.

| from \\ act | complete | ask more | verify | refuse | withdraw | propose name | accept name | refuse name |
|---|---|---|---|---|---|---|---|---|
| applied | – | incomplete | verified | refused | – | – | – | – |
| incomplete | applied | – | – | refused | – | – | – | – |
| verified | – | – | verified | – | withdrawn | verified | verified | verified |
| refused | – | – | – | – | – | – | – | – |
| withdrawn | – | – | verified | – | – | – | – | – |

Whoever applies becomes a representative with a proposed mandate, which is decided on together with
the organisation. Administrators decide, and never on an organisation that they belong to. To
verify again renews it. That a verification has lapsed follows from `verified_until`; like one that
is withdrawn, it leaves what was said as it was said. Each act locks the organisation, checks after
the lock, writes, and leaves a record and a line in the audit log.
"""  # noqa: E501 - a table

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import rates
from accounts.access import has_verified_address
from accounts.applications import Application, flaw_of_name, tidy_name
from accounts.limits import spend
from accounts.models import Mandate, Membership, Organisation, OrganisationRecord, User
from accounts.representing import locked, may_manage
from accounts.scrutiny import (
    VerifyingRefused,
    check_applicant,
    check_evidence,
    check_files,
    check_reason,
    checked_application,
    decide_first_mandates,
    first_mandates,
    keep_evidence,
    record_mandate,
    record_step,
    refuse_taken_name,
    require_decider,
    require_nothing_new,
    save_under_name,
)
from accounts.uploads import GuardedFile

Step = OrganisationRecord.Act
State = Organisation.State

ALLOWED: dict[Organisation.State, dict[OrganisationRecord.Act, Organisation.State]] = {
    State.APPLIED: {
        Step.ASK_MORE: State.INCOMPLETE,
        Step.VERIFY: State.VERIFIED,
        Step.REFUSE: State.REFUSED,
    },
    State.INCOMPLETE: {Step.COMPLETE: State.APPLIED, Step.REFUSE: State.REFUSED},
    State.VERIFIED: {
        Step.VERIFY: State.VERIFIED,
        Step.WITHDRAW: State.WITHDRAWN,
        Step.PROPOSE_NAME: State.VERIFIED,
        Step.ACCEPT_NAME: State.VERIFIED,
        Step.REFUSE_NAME: State.VERIFIED,
    },
    State.REFUSED: {},
    State.WITHDRAWN: {Step.VERIFY: State.VERIFIED},
}

# --- the applicant ----------------------------------------------------------------------------


def apply_for_organisation(
    *,
    applicant: User,
    application: Application,
    evidence: str,
    files: Sequence[GuardedFile],
    at: datetime | None = None,
) -> Organisation:
    """A new organisation under review, represented by its applicant.

    Raises VerifyingRefused, and LimitReached.
    """
    now = at or timezone.now()
    application = checked_application(application)
    check_evidence(evidence, files)
    if not files:
        raise VerifyingRefused(
            _("Add a letter or a certificate: an administrator has to see it."), field="papers"
        )
    spend(rates.APPLICATION, whom=applicant, at=now)
    return _apply(applicant, application, evidence=evidence, files=files, now=now)


@transaction.atomic
def _apply(
    applicant: User,
    application: Application,
    *,
    evidence: str,
    files: Sequence[GuardedFile],
    now: datetime,
) -> Organisation:
    # A double click makes one application.
    User.objects.select_for_update(no_key=True).get(pk=applicant.pk)
    check_applicant(applicant, application)
    organisation = Organisation.objects.create(
        **application.fields,
        applied_by=applicant,
        applied_at=now,
        language=get_language() or "",
        is_demonstration=applicant.is_demonstration,
    )
    membership = Membership.objects.create(
        user=applicant,
        organisation=organisation,
        role=Membership.Role.REPRESENTATIVE,
        joined_at=now,
    )
    mandate = Mandate.objects.create(
        membership=membership,
        evidence=evidence.strip(),
        starts_on=timezone.localdate(now),
        proposed_at=now,
    )
    keep_evidence(files, organisation, actor=applicant, at=now)
    record_step(Step.APPLY, organisation, actor=applicant, at=now)
    record_mandate(mandate, organisation, actor=applicant)
    return organisation


@transaction.atomic
def complete_application(
    organisation: Organisation,
    *,
    actor: User,
    application: Application,
    evidence: str,
    files: Sequence[GuardedFile] = (),
    answer: str = "",
    at: datetime | None = None,
) -> Organisation:
    """The application with what was asked for, under review again. Raises VerifyingRefused."""
    organisation = locked(organisation.pk)
    now = at or timezone.now()
    own = organisation.memberships.current().representatives().filter(user=actor)
    if not has_verified_address(actor) or not own.exists():
        raise VerifyingRefused(_("Only whoever applied for the organisation may complete this."))
    new_state = _next_state(Step.COMPLETE, organisation)
    application = checked_application(application)
    check_evidence(evidence, files)
    check_files(files, there=organisation.evidence_files.count())
    for field, value in application.fields.items():
        setattr(organisation, field, value)
    organisation.state, organisation.language = new_state, get_language() or ""
    organisation.save(update_fields=[*application.fields, "state", "language"])
    for mandate in first_mandates(organisation):
        mandate.evidence = evidence.strip()
        mandate.save(update_fields=["evidence"])
    keep_evidence(files, organisation, actor=actor, at=now)
    record_step(Step.COMPLETE, organisation, actor=actor, at=now, reason=answer)
    return organisation


def propose_name(
    organisation: Organisation,
    *,
    actor: User,
    name: str,
    reason: str,
    files: Sequence[GuardedFile] = (),
    at: datetime | None = None,
) -> Organisation:
    """The organisation with another name to be reviewed, in the place of an earlier proposal.

    It goes by its name until an administrator accepts the new one. Raises VerifyingRefused, and
    LimitReached.
    """
    now = at or timezone.now()
    name = tidy_name(name)
    flaw = flaw_of_name(name)
    if flaw:
        raise VerifyingRefused(flaw, field="name")
    check_reason(reason, _("Say what the new name rests on: who decided it, and when."))
    spend(rates.APPLICATION, whom=actor, at=now)
    return _propose_name(organisation, actor=actor, name=name, reason=reason, files=files, now=now)


@transaction.atomic
def _propose_name(
    organisation: Organisation,
    *,
    actor: User,
    name: str,
    reason: str,
    files: Sequence[GuardedFile],
    now: datetime,
) -> Organisation:
    organisation = locked(organisation.pk)
    if not may_manage(actor, organisation, on=timezone.localdate(now)):
        raise VerifyingRefused(
            _("Only a representative whose mandate is in force may do this for %(name)s.")
            % {"name": organisation.name}
        )
    organisation.state = _next_state(Step.PROPOSE_NAME, organisation)
    if name == organisation.name:
        raise VerifyingRefused(_("The organisation goes by this name already."), field="name")
    refuse_taken_name(name, organisation.group, besides=organisation)
    check_files(files, there=organisation.evidence_files.count())
    organisation.proposed_name = name
    organisation.save(update_fields=["state", "proposed_name"])
    keep_evidence(files, organisation, actor=actor, at=now)
    record_step(Step.PROPOSE_NAME, organisation, actor=actor, at=now, reason=reason, name=name)
    return organisation


# --- the administrator ------------------------------------------------------------------------
# `seen` is the key of the last record that the administrator knew of: what came since is not
# decided on unseen.


@transaction.atomic
def ask_more(
    organisation: Organisation,
    *,
    actor: User,
    reason: str,
    seen: int | None = None,
    at: datetime | None = None,
) -> Organisation:
    """The application, given back with what is missing. Raises VerifyingRefused."""
    organisation, new_state = _to_decide(organisation, Step.ASK_MORE, actor=actor, seen=seen)
    check_reason(reason, _("Say what is missing: the applicant reads it."))
    organisation.state = new_state
    organisation.save(update_fields=["state"])
    record_step(Step.ASK_MORE, organisation, actor=actor, at=at or timezone.now(), reason=reason)
    return organisation


@transaction.atomic
def verify(
    organisation: Organisation,
    *,
    actor: User,
    until: date | None = None,
    seen: int | None = None,
    at: datetime | None = None,
) -> Organisation:
    """The organisation, verified to this last day or without end, and its first mandate accepted.

    Of a verified one this is the renewal. Raises VerifyingRefused.
    """
    organisation, new_state = _to_decide(organisation, Step.VERIFY, actor=actor, seen=seen)
    now = at or timezone.now()
    today = timezone.localdate(now)
    if until and until < today:
        raise VerifyingRefused(
            _("That last day has passed. Choose a later one, or none."), field="until"
        )
    was_applied = organisation.state == State.APPLIED
    was_verified = organisation.is_verified(on=today)
    organisation.state, organisation.verified_until = new_state, until
    if not was_verified:
        organisation.verified_at = now
    save_under_name(organisation, ["state", "verified_until", "verified_at"])
    record_step(Step.VERIFY, organisation, actor=actor, at=now, details={"until": until})
    if was_applied:
        decide_first_mandates(organisation, Mandate.State.ACCEPTED, actor=actor, at=now)
    return organisation


@transaction.atomic
def refuse(
    organisation: Organisation,
    *,
    actor: User,
    reason: str,
    seen: int | None = None,
    at: datetime | None = None,
) -> Organisation:
    """The application, refused with a reason, and its mandate with it. Raises VerifyingRefused."""
    organisation, new_state = _to_decide(organisation, Step.REFUSE, actor=actor, seen=seen)
    now = at or timezone.now()
    check_reason(reason, _("Give the reason: the applicant reads it."))
    organisation.state = new_state
    organisation.save(update_fields=["state"])
    record_step(Step.REFUSE, organisation, actor=actor, at=now, reason=reason)
    decide_first_mandates(organisation, Mandate.State.REFUSED, actor=actor, at=now, reason=reason)
    return organisation


@transaction.atomic
def withdraw_verification(
    organisation: Organisation,
    *,
    actor: User,
    reason: str,
    seen: int | None = None,
    at: datetime | None = None,
) -> Organisation:
    """The organisation without its verification: nobody speaks for it. Raises VerifyingRefused.

    What was said in its name stays, marked. A name under review goes with the verification.
    """
    organisation, new_state = _to_decide(organisation, Step.WITHDRAW, actor=actor, seen=seen)
    check_reason(reason, _("Give the reason: the representatives read it."))
    organisation.state, organisation.proposed_name = new_state, ""
    organisation.save(update_fields=["state", "proposed_name"])
    record_step(Step.WITHDRAW, organisation, actor=actor, at=at or timezone.now(), reason=reason)
    return organisation


@transaction.atomic
def accept_name(
    organisation: Organisation,
    *,
    actor: User,
    seen: int | None = None,
    at: datetime | None = None,
) -> Organisation:
    """The organisation under its new name; comments keep the one they were made under.

    Raises VerifyingRefused.
    """
    organisation, new_state = _to_decide(organisation, Step.ACCEPT_NAME, actor=actor, seen=seen)
    _require_proposed_name(organisation)
    organisation.state = new_state
    organisation.name, organisation.proposed_name = organisation.proposed_name, ""
    save_under_name(organisation, ["state", "name", "proposed_name"])
    record_step(Step.ACCEPT_NAME, organisation, actor=actor, at=at or timezone.now())
    return organisation


@transaction.atomic
def refuse_name(
    organisation: Organisation,
    *,
    actor: User,
    reason: str,
    seen: int | None = None,
    at: datetime | None = None,
) -> Organisation:
    """The organisation under the name it had, with a reason. Raises VerifyingRefused."""
    organisation, new_state = _to_decide(organisation, Step.REFUSE_NAME, actor=actor, seen=seen)
    _require_proposed_name(organisation)
    check_reason(reason, _("Give the reason: the representatives read it."))
    refused, organisation.proposed_name = organisation.proposed_name, ""
    organisation.state = new_state
    organisation.save(update_fields=["state", "proposed_name"])
    now = at or timezone.now()
    record_step(Step.REFUSE_NAME, organisation, actor=actor, at=now, reason=reason, name=refused)
    return organisation


def _to_decide(
    organisation: Organisation, step: OrganisationRecord.Act, *, actor: User, seen: int | None
) -> tuple[Organisation, Organisation.State]:
    """The organisation, locked, and the state that the step leads to. Raises VerifyingRefused."""
    organisation = locked(organisation.pk)
    require_decider(actor, organisation)
    require_nothing_new(organisation, seen=seen)
    return organisation, _next_state(step, organisation)


def _next_state(step: OrganisationRecord.Act, organisation: Organisation) -> Organisation.State:
    new_state = ALLOWED[State(organisation.state)].get(step)
    if new_state is None:
        raise VerifyingRefused(
            _("This can't be done now: the organisation is “%(state)s”.")
            % {"state": organisation.get_state_display()}
        )
    return new_state


def _require_proposed_name(organisation: Organisation) -> None:
    if not organisation.proposed_name:
        raise VerifyingRefused(_("No new name is under review."))
