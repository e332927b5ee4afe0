"""Files of comments, to be saved: a shown one's for everyone, any other's for moderators."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from accounts.uploads import handed_out
from comments.access import attachment_to_moderate, attachment_to_read
from comments.models import Attachment


@require_safe
def attachment(
    request: HttpRequest,  # noqa: ARG001 - a view
    reference: str,
    public_id: UUID,
) -> HttpResponse:
    """A file of a comment that everyone can read."""
    return _handed_out(attachment_to_read(reference=reference, public_id=public_id))


@login_required
@require_safe
def moderated_attachment(request: SignedInRequest, reference: str, public_id: UUID) -> HttpResponse:
    """A file of any comment, for a moderator: what is held or hidden is kept as evidence."""
    found = attachment_to_moderate(request.user, reference=reference, public_id=public_id)
    return _handed_out(found)


def _handed_out(file: Attachment) -> HttpResponse:
    try:
        return handed_out(file.stored_name, name=file.shown_name)
    except FileNotFoundError as error:
        raise Http404 from error
