"""What beat clears away."""

from celery import shared_task
from django.utils import timezone

from accounts.limits import purge_counts


@shared_task(name="accounts.tasks.purge_rate_counts")
def purge_rate_counts() -> int:
    """Remove counts that are over; how many rows."""
    return purge_counts(at=timezone.now())
