"""Hand in a file as the next draft, look at what is read out of it, and store that or don't.

| from \\ act | hand in | confirm | put back | a day goes by |
|---|---|---|---|---|
| – | waiting | – | – | – |
| waiting | waiting, from now | a draft, unpublished | – | – |

Nothing is stored in the framework before it is confirmed. The file itself waits in private storage
and goes with its row.
"""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts import uploads
from accounts.auditing import Act, record
from accounts.inspecting.kinds import FileKind
from accounts.models import User
from accounts.uploads import GuardedFile
from consult.document.drafting import hold_drafting
from consult.document.importing import import_draft
from consult.document.models import Draft, Framework, WaitingFile
from consult.document.sources.documents import SourceRead
from consult.document.sources.files import read_draft


@transaction.atomic
def hand_in(file: GuardedFile, *, framework: Framework, owner: User) -> WaitingFile:
    """The file waits for a day; the same file of the same person is one and waits anew.

    Http404 where the person no longer drafts the framework.
    """
    hold_drafting(framework, user=owner)
    # Held by the row above: the same person can't hand in the same file twice at once.
    waiting = WaitingFile.objects.filter(
        framework=framework, owner=owner, sha256=file.digest
    ).first()
    if waiting is None:
        return WaitingFile.objects.create(
            framework=framework,
            owner=owner,
            stored_name=uploads.keep(file),
            shown_name=file.name,
            kind=file.kind.value,
            sha256=file.digest,
        )
    waiting.handed_in_at = timezone.now()
    waiting.save(update_fields=["handed_in_at"])
    return waiting


def read_waiting(waiting: WaitingFile) -> SourceRead:
    """The draft in a file that waits; Http404 where the file itself is gone.

    Raises DraftUnreadable and UnreadableText.
    """
    try:
        content = uploads.read(waiting.stored_name)
    except FileNotFoundError:
        raise Http404 from None
    return read_draft(content, FileKind(waiting.kind))


def confirm(waiting: WaitingFile, *, actor: User, label: str = "") -> Draft:
    """Store what the file holds as the next draft, nothing of it published.

    Http404 where it waits no longer, or the person no longer drafts the framework. Raises
    AlreadyImported, DraftUnreadable and UnreadableText.
    """
    # Outside the transaction: it takes seconds, and what is stored of the file never changes.
    found = read_waiting(waiting)
    with transaction.atomic():
        hold_drafting(waiting.framework, user=actor)
        _held(waiting, owner=actor)
        draft = import_draft(
            framework=waiting.framework, outline=found.outline, source=found.source, label=label
        )
        record_import(draft, actor=actor)
        _remove(waiting)
    return draft


@transaction.atomic
def put_back(waiting: WaitingFile, *, actor: User) -> None:
    """The file waits no longer. Http404 where it doesn't."""
    _remove(_held(waiting, owner=actor))


def remove_forgotten(*, at: datetime) -> int:
    """Remove what has waited its time; how many files."""
    keys = list(WaitingFile.objects.forgotten(at=at).values_list("pk", flat=True))
    return sum(_remove_if_forgotten(key, at=at) for key in keys)


def record_import(draft: Draft, *, actor: User | None) -> None:
    """A line in the audit log: who made this draft, and of which text."""
    details = {"framework": draft.framework.code, "sha256": draft.source_sha256}
    record(Act.DRAFT_IMPORTED, actor=actor, about=draft, details=details)


@transaction.atomic
def _remove_if_forgotten(key: int, *, at: datetime) -> bool:
    """Whether this call removed it: it may have been handed in again, or confirmed."""
    waiting = WaitingFile.objects.forgotten(at=at).select_for_update().filter(pk=key).first()
    if waiting is None:
        return False
    _remove(waiting)
    return True


def _held(waiting: WaitingFile, *, owner: User) -> WaitingFile:
    """The row, held until the transaction ends; Http404 where it is gone or another's."""
    held = WaitingFile.objects.select_for_update().filter(pk=waiting.pk, owner=owner).first()
    if held is None:
        raise Http404
    return held


def _remove(waiting: WaitingFile) -> None:
    uploads.discard(waiting.stored_name)
    waiting.delete()
