"""Letters about membership and mandates, to the invited, to representatives and to members.

Each names a row and says how that row stands when it is sent.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import (
    Invitation,
    JoinRequest,
    Mandate,
    Membership,
    Organisation,
    OrganisationRecord,
    User,
)

# A task that was lost with Redis, or a mail server that was away, is made up for after this.
WAITS_FOR = timedelta(minutes=2)


def send_invitation(
    invitation_id: int, *, language: str | None = None, at: datetime | None = None
) -> bool:
    """Make the link and send it to the invited address, once; whether a letter went out.

    Only here is the link's secret known; what is stored is its digest.
    """
    now = at or timezone.now()
    with transaction.atomic():
        # Two who send at once take turns; the second finds it sent.
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .usable(at=now)
            .filter(pk=invitation_id, mailed_at=None)
            .select_related("organisation", "invited_by")
            .first()
        )
        if invitation is None:
            return False
        token = secrets.token_urlsafe(32)
        invitation.token_sha256 = digest_of(token)
        invitation.mailed_at = now
        invitation.save(update_fields=["token_sha256", "mailed_at"])
        _send(
            invitation.email,
            "invitation",
            language=language,
            invitation=invitation,
            organisation=invitation.organisation,
            link=address("invitation", token),
        )
    return True


def send_waiting_invitations(*, at: datetime | None = None) -> int:
    """Send what should have gone out by now; how many letters that were."""
    now = at or timezone.now()
    waiting = Invitation.objects.usable(at=now).filter(
        mailed_at=None, created_at__lt=now - WAITS_FOR
    )
    return sum(send_invitation(pk, at=now) for pk in list(waiting.values_list("pk", flat=True)))


def digest_of(token: str) -> str:
    """What is stored of a link's secret."""
    return sha256(token.encode()).hexdigest()


def tell_of_decline(invitation_id: int, *, language: str | None = None) -> None:
    """Tell whoever invited that the invited person said no."""
    invitation = Invitation.objects.select_related("organisation", "invited_by").get(
        pk=invitation_id
    )
    _tell(
        [invitation.invited_by],
        "declined",
        language=language,
        invitation=invitation,
        organisation=invitation.organisation,
    )


def tell_of_request(request_id: int, *, language: str | None = None) -> None:
    """Tell the representatives that someone asks to join."""
    request = JoinRequest.objects.select_related("organisation", "user").get(pk=request_id)
    organisation = request.organisation
    managing = Membership.objects.managing(on=timezone.localdate())
    representatives = User.objects.filter(
        memberships__in=managing.filter(organisation=organisation)
    )
    _tell(
        representatives.distinct(),
        "request",
        language=language,
        request=request,
        organisation=organisation,
        link=members_page(organisation),
    )


def tell_of_answer(request_id: int, *, language: str | None = None) -> None:
    """Tell whoever asked to join what the representative decided."""
    request = JoinRequest.objects.select_related("organisation", "user").get(pk=request_id)
    _tell(
        [request.user],
        "answer",
        language=language,
        request=request,
        organisation=request.organisation,
        link=members_page(request.organisation),
    )


def tell_of_removal(membership_id: int, *, language: str | None = None) -> None:
    """Tell a member that they were removed, unless that was undone meanwhile."""
    membership = Membership.objects.select_related("organisation", "user").get(pk=membership_id)
    if membership.left_at:
        _tell([membership.user], "removal", language=language, organisation=membership.organisation)


def tell_of_mandate(mandate_id: int, *, language: str | None = None) -> None:
    """Tell the mandated person what was decided."""
    mandate = Mandate.objects.select_related("membership__user", "membership__organisation").get(
        pk=mandate_id
    )
    organisation = mandate.membership.organisation
    _tell(
        [mandate.membership.user],
        "mandate",
        language=language,
        mandate=mandate,
        organisation=organisation,
        link=members_page(organisation),
    )


def tell_of_verification(record_id: int, *, at: datetime | None = None) -> bool:
    """Tell the representatives of a step of their organisation's verification, once.

    In the language in which it was applied for; whether letters went out.
    """
    with transaction.atomic():
        step = (
            OrganisationRecord.objects.untold()
            .select_for_update(of=("self",))
            .select_related("organisation")
            .filter(pk=record_id)
            .first()
        )
        if step is None:
            return False
        step.told_at = at or timezone.now()
        step.save(update_fields=["told_at"])
        organisation = step.organisation
        representing = organisation.memberships.current().representatives()
        _tell(
            User.objects.filter(pk__in=representing.values("user")),
            "verification",
            language=organisation.language,
            step=step,
            organisation=organisation,
            link=address("my_organisation", organisation.public_id),
        )
    return True


def tell_of_waiting_verifications(*, at: datetime | None = None) -> int:
    """Send what should have gone out by now; of how many steps that was."""
    now = at or timezone.now()
    waiting = OrganisationRecord.objects.untold().filter(recorded_at__lt=now - WAITS_FOR)
    keys = list(waiting.values_list("pk", flat=True))
    return sum(tell_of_verification(pk, at=now) for pk in keys)


def members_page(organisation: Organisation) -> str:
    """The address of the organisation's members, for a letter."""
    return address("members", organisation.public_id)


def address(page: str, *args: object) -> str:
    """A page of this site, as a letter names it."""
    site: str = settings.SITE_URL
    return site.rstrip("/") + reverse(page, args=args)


def _tell(people: Iterable[User], letter: str, *, language: str | None, **context: object) -> None:
    """One letter to each, so that nobody reads who else gets it."""
    for person in people:
        if person.is_active:
            _send(person.email, letter, language=language, person=person, **context)


def _send(to: str, letter: str, *, language: str | None, **context: object) -> None:
    with translation.override(language or settings.LANGUAGE_CODE):
        context["site"] = settings.SITE_URL
        subject = render_to_string(f"accounts/letters/{letter}_subject.txt", context)
        body = render_to_string(f"accounts/letters/{letter}_message.txt", context)
    send_mail(" ".join(subject.split()), body, None, [to])
