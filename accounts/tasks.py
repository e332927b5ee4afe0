"""The accounts' tasks: letters, and what beat clears away. Each may run any number of times."""

from celery import shared_task
from django.utils import timezone

from accounts import letters
from accounts.limits import purge_counts
from accounts.retention import purge


@shared_task(name="accounts.tasks.purge_rate_counts")
def purge_rate_counts() -> int:
    """Remove counts that are over; how many rows."""
    return purge_counts(at=timezone.now())


@shared_task(ignore_result=True)
def send_invitation(invitation_id: int, language: str | None = None) -> None:
    letters.send_invitation(invitation_id, language=language)


@shared_task(ignore_result=True)
def send_waiting_invitations() -> None:
    letters.send_waiting_invitations()


@shared_task(ignore_result=True)
def tell_of_decline(invitation_id: int, language: str | None = None) -> None:
    letters.tell_of_decline(invitation_id, language=language)


@shared_task(ignore_result=True)
def tell_of_request(request_id: int, language: str | None = None) -> None:
    letters.tell_of_request(request_id, language=language)


@shared_task(ignore_result=True)
def tell_of_answer(request_id: int, language: str | None = None) -> None:
    letters.tell_of_answer(request_id, language=language)


@shared_task(ignore_result=True)
def tell_of_removal(membership_id: int, language: str | None = None) -> None:
    letters.tell_of_removal(membership_id, language=language)


@shared_task(ignore_result=True)
def tell_of_mandate(mandate_id: int, language: str | None = None) -> None:
    letters.tell_of_mandate(mandate_id, language=language)


@shared_task(ignore_result=True)
def tell_of_verification(record_id: int, language: str | None = None) -> None:  # noqa: ARG001 - the actor's; the reader's is known
    letters.tell_of_verification(record_id)


@shared_task(ignore_result=True)
def tell_of_waiting_verifications() -> None:
    letters.tell_of_waiting_verifications()


@shared_task(name="accounts.tasks.purge_what_is_over")
def purge_what_is_over() -> dict[str, int]:
    """Remove what is kept for a time only; how many rows of each."""
    return purge(at=timezone.now())
