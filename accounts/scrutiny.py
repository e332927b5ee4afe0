"""What is asked before an act of verification is written, and what each act leaves behind.

`accounts.verifying` has the acts; all of this wants the organisation locked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import tasks
from accounts.access import has_verified_address, is_signed_in
from accounts.applications import Application, flaws_of, tidied
from accounts.auditing import Act, record
from accounts.models import EvidenceFile, Mandate, Organisation, OrganisationRecord, User
from accounts.representing import tell_after_commit
from accounts.uploads import GuardedFile, keep

MOST_WAITING = 3
MOST_FILES = 3
MOST_FILES_ALTOGETHER = 20
LONGEST_EVIDENCE = 2000
LONGEST_REASON = 1000

Step = OrganisationRecord.Act
State = Organisation.State

AUDITED_AS = {
    Step.APPLY: Act.ORGANISATION_APPLIED,
    Step.COMPLETE: Act.ORGANISATION_COMPLETED,
    Step.ASK_MORE: Act.ORGANISATION_ASKED,
    Step.VERIFY: Act.ORGANISATION_VERIFIED,
    Step.REFUSE: Act.ORGANISATION_REFUSED,
    Step.WITHDRAW: Act.ORGANISATION_WITHDRAWN,
    Step.PROPOSE_NAME: Act.NAME_PROPOSED,
    Step.ACCEPT_NAME: Act.NAME_ACCEPTED,
    Step.REFUSE_NAME: Act.NAME_REFUSED,
}
MANDATE_AUDITED_AS = {
    Mandate.State.PROPOSED: Act.MANDATE_PROPOSED,
    Mandate.State.ACCEPTED: Act.MANDATE_ACCEPTED,
    Mandate.State.REFUSED: Act.MANDATE_REFUSED,
}


class VerifyingRefused(Exception):
    """The act was not done; the message says why, and `field` names what it speaks of."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


# --- before -----------------------------------------------------------------------------------


def checked_application(application: Application) -> Application:
    """The application as it is stored. Raises VerifyingRefused."""
    application = tidied(application)
    for field, flaw in flaws_of(application).items():
        raise VerifyingRefused(flaw, field=field)
    refuse_taken_name(application.name, application.group)
    return application


def check_applicant(applicant: User, application: Application) -> None:
    """Raises VerifyingRefused for whoever may not apply, or has done so already."""
    if not has_verified_address(applicant):
        raise VerifyingRefused(_("Confirm your e-mail address first; then you can apply."))
    waiting = Organisation.objects.filter(
        applied_by=applicant, state__in=(State.APPLIED, State.INCOMPLETE)
    )
    if waiting.filter(name=application.name, group=application.group).exists():
        raise VerifyingRefused(
            _("You have applied for this organisation already. See “My organisations”."),
            field="name",
        )
    if waiting.count() >= MOST_WAITING:
        raise VerifyingRefused(
            _("%(count)s of your applications are not decided on yet. Wait for one of them.")
            % {"count": MOST_WAITING}
        )


def check_evidence(evidence: str, files: Sequence[GuardedFile]) -> None:
    """Raises VerifyingRefused where nothing is said, or too much is handed in."""
    if not evidence.strip():
        raise VerifyingRefused(
            _("Say what shows that you may speak for it: who decided it, and when."),
            field="evidence",
        )
    if len(evidence) > LONGEST_EVIDENCE:
        raise VerifyingRefused(_too_long(LONGEST_EVIDENCE), field="evidence")
    check_files(files)


def check_files(files: Sequence[GuardedFile], *, there: int = 0) -> None:
    """Raises VerifyingRefused where these, with those that are there, are too many."""
    if len(files) > MOST_FILES:
        raise VerifyingRefused(
            _("Up to %(count)s files are possible.") % {"count": MOST_FILES}, field="papers"
        )
    if files and there + len(files) > MOST_FILES_ALTOGETHER:
        raise VerifyingRefused(
            _("There are %(count)s files already. Describe the rest in words.") % {"count": there},
            field="papers",
        )


def check_reason(reason: str, wanting: str) -> None:
    """Raises VerifyingRefused with the sentence on what is wanting, or on its length."""
    if not reason.strip():
        raise VerifyingRefused(wanting, field="reason")
    if len(reason) > LONGEST_REASON:
        raise VerifyingRefused(_too_long(LONGEST_REASON), field="reason")


def require_decider(actor: User, organisation: Organisation) -> None:
    """Raises VerifyingRefused for whoever is no administrator, or belongs to the organisation."""
    if not is_signed_in(actor) or not actor.is_staff:
        raise VerifyingRefused(_("Only an administrator decides on organisations."))
    if organisation.memberships.current().filter(user=actor).exists():
        raise VerifyingRefused(
            _("You belong to this organisation: another administrator decides on it.")
        )


def require_nothing_new(organisation: Organisation, *, seen: int | None) -> None:
    """Raises VerifyingRefused where something came after what the administrator had seen."""
    last = organisation.records.order_by("-recorded_at", "-pk").first()
    if seen is not None and last is not None and last.pk != seen:
        raise VerifyingRefused(
            _("Something has changed since you opened this page: look at it again. Last: %(step)s.")
            % {"step": last.get_act_display()}
        )


def refuse_taken_name(name: str, group: str, *, besides: Organisation | None = None) -> None:
    """Raises VerifyingRefused where another verified organisation of the group has the name."""
    others = Organisation.objects.public().filter(name=name, group=group)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise VerifyingRefused(_sentence_on_taken(name), field="name")


def save_under_name(organisation: Organisation, columns: Sequence[str]) -> None:
    """Save what has, or gets, a verified name. Raises VerifyingRefused where it is taken.

    The constraint decides between two at the same moment.
    """
    refuse_taken_name(organisation.name, organisation.group, besides=organisation)
    try:
        with transaction.atomic():
            organisation.save(update_fields=columns)
    except IntegrityError as error:
        raise VerifyingRefused(_sentence_on_taken(organisation.name), field="name") from error


# --- after ------------------------------------------------------------------------------------


def keep_evidence(
    files: Sequence[GuardedFile], organisation: Organisation, *, actor: User, at: datetime
) -> None:
    """Store the files where administrators alone can open them."""
    for file in files:
        EvidenceFile.objects.create(
            organisation=organisation,
            stored_name=keep(file),
            shown_name=file.name,
            kind=file.kind.value,
            size=file.size,
            sha256=file.digest,
            uploaded_by=actor,
            uploaded_at=at,
        )


def decide_first_mandates(
    organisation: Organisation,
    decision: Mandate.State,
    *,
    actor: User,
    at: datetime,
    reason: str = "",
) -> None:
    """Accept or refuse what was proposed with the application."""
    for mandate in first_mandates(organisation):
        mandate.state, mandate.decided_at, mandate.decided_by = decision, at, actor
        mandate.reason = reason.strip()
        mandate.save(update_fields=["state", "decided_at", "decided_by", "reason"])
        record_mandate(mandate, organisation, actor=actor)


def first_mandates(organisation: Organisation) -> list[Mandate]:
    """The applicant's: no other can be proposed before the organisation is verified."""
    return list(
        Mandate.objects.filter(
            membership__organisation=organisation,
            membership__left_at__isnull=True,
            state=Mandate.State.PROPOSED,
        ).select_related("membership")
    )


def record_step(
    step: OrganisationRecord.Act,
    organisation: Organisation,
    *,
    actor: User,
    at: datetime,
    reason: str = "",
    name: str = "",
    details: Mapping[str, object] | None = None,
) -> OrganisationRecord:
    """The step in the organisation's own records and in the audit log; its letter is sent."""
    step_taken = OrganisationRecord.objects.create(
        organisation=organisation,
        act=step,
        actor=actor,
        reason=reason.strip(),
        name=name or organisation.name,
        recorded_at=at,
    )
    record(AUDITED_AS[step], actor=actor, about=organisation, details=details)
    if step in OrganisationRecord.TOLD:
        tell_after_commit(tasks.tell_of_verification.delay, step_taken.pk)
    return step_taken


def record_mandate(mandate: Mandate, organisation: Organisation, *, actor: User) -> None:
    """What became of a mandate, in the audit log."""
    act = MANDATE_AUDITED_AS[Mandate.State(mandate.state)]
    details = {"organisation": str(organisation.public_id)}
    record(act, actor=actor, about=mandate, details=details)


def _too_long(limit: int) -> str:
    return _("That is too long: %(limit)s characters are possible.") % {"limit": f"{limit:,}"}


def _sentence_on_taken(name: str) -> str:
    return _(
        "An organisation of this name is verified in this group already: %(name)s. If it is "
        "yours, ask its representatives to invite you."
    ) % {"name": name}
