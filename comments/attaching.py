"""Files that come with a comment: looked through, set aside until it is posted, shown with it.

A file is looked through once. Where the comment isn't posted yet – something is missing, or the
writer is asked whether they mean it – the file is set aside and the form names it by a ticket, so
that nobody chooses it twice; what is set aside and never posted goes with the files that no row
names. Posting stores a copy of its own: the same form sent again finds its files still there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts.inspecting.kinds import FileKind
from accounts.limits import LimitReached, spend
from accounts.models import User
from accounts.rates import UPLOAD
from accounts.uploads import LARGEST, GuardedFile, UploadRefused, discard, guard, keep, read
from comments.models import Attachment, Comment, CommentQuerySet
from comments.writing import WritingRefused

MOST_FILES = 3
MEGABYTES = LARGEST // 1024 // 1024
KINDS = (
    FileKind.PDF,
    FileKind.ODT,
    FileKind.ODS,
    FileKind.DOCX,
    FileKind.XLSX,
    FileKind.PNG,
    FileKind.JPEG,
)
SALT = "comments.attaching"
# Shorter than files that no row names are kept.
TICKET_KEPT = timedelta(hours=20)


class FilesRefused(WritingRefused):
    """A file isn't taken, or there are too many; the message says which and why."""

    field = "files"


@dataclass(frozen=True)
class InHand:
    """A file that came with a form and was looked through; its ticket where it is set aside."""

    file: GuardedFile
    ticket: str = ""

    @property
    def kind(self) -> str:
        """As people call it."""
        return self.file.kind.name


@dataclass(frozen=True)
class TakenIn:
    """What of a form's files is taken, and a sentence for each that isn't."""

    files: Sequence[InHand] = ()
    refusals: Sequence[str] = ()

    def check(self) -> None:
        """Raises FilesRefused where a file isn't taken."""
        if self.refusals:
            raise FilesRefused(" ".join(self.refusals))


def take_in(uploaded: Sequence[UploadedFile], *, tickets: Sequence[str], uploader: User) -> TakenIn:
    """A form's files: those set aside before, and new ones, each looked through."""
    files, refusals = _taken_up(tickets[:MOST_FILES], uploader=uploader)
    if len(files) + len(uploaded) > MOST_FILES:
        words = _("Up to %(count)s files are possible. Choose again which ones.")
        return TakenIn(files, [*refusals, words % {"count": MOST_FILES}])
    for each in uploaded:
        try:
            spend(UPLOAD, whom=uploader)
            files.append(InHand(guard(each, kinds=KINDS, for_the_public=True)))
        except (UploadRefused, LimitReached) as refusal:
            refusals.append(f"{each.name}{_(': ')}{refusal}")
    return TakenIn(files, refusals)


def set_aside(files: Iterable[InHand], *, uploader: User) -> list[InHand]:
    """The same files, each with a ticket by which this person's form gets it back."""
    return [each if each.ticket else _set_aside(each, uploader) for each in files]


def _set_aside(in_hand: InHand, uploader: User) -> InHand:
    file = in_hand.file
    with transaction.atomic():
        stored_name = keep(file)
    said = [uploader.pk, stored_name, file.name, file.kind.value, file.digest]
    return replace(in_hand, ticket=signing.dumps(said, salt=SALT, compress=True))


def _taken_up(tickets: Iterable[str], *, uploader: User) -> tuple[list[InHand], list[str]]:
    files: list[InHand] = []
    refusals: list[str] = []
    for ticket in dict.fromkeys(tickets):
        try:
            files.append(InHand(_named_by(ticket, uploader=uploader), ticket))
        except (signing.BadSignature, FileNotFoundError):
            refusals.append(_("A file you chose before is no longer here. Choose it again."))
    return files, refusals


def _named_by(ticket: str, *, uploader: User) -> GuardedFile:
    """The file set aside. Raises BadSignature, also for another's ticket, or FileNotFoundError."""
    owner, stored_name, name, kind, digest = signing.loads(ticket, salt=SALT, max_age=TICKET_KEPT)
    if owner != uploader.pk:
        raise signing.BadSignature
    file = GuardedFile(name=name, kind=FileKind(kind), content=read(stored_name))
    if file.digest != digest:
        raise FileNotFoundError(stored_name)
    return file


# --- with the comment -------------------------------------------------------------------------


def store(files: Sequence[GuardedFile]) -> list[tuple[GuardedFile, str]]:
    """Each file with the name that it is stored under; within the transaction that posts.

    Before its locks: others wait for those, and a disk may be slow. Raises FilesRefused.
    """
    if len(files) > MOST_FILES:
        raise FilesRefused(_("Up to %(count)s files are possible.") % {"count": MOST_FILES})
    return [(file, keep(file)) for file in files]


def attach(comment: Comment, stored: Sequence[tuple[GuardedFile, str]]) -> None:
    """Let these stored files stand with a comment just posted."""
    Attachment.objects.bulk_create(
        Attachment(
            comment=comment,
            position=position,
            stored_name=stored_name,
            shown_name=file.name,
            kind=file.kind.value,
            size=file.size,
            sha256=file.digest,
        )
        for position, (file, stored_name) in enumerate(stored, start=1)
    )


def let_go(stored: Sequence[tuple[GuardedFile, str]]) -> None:
    """Remove stored files of a comment that was posted before."""
    for _file, stored_name in stored:
        discard(stored_name)


# --- shown ------------------------------------------------------------------------------------


def with_files(comments: CommentQuerySet) -> CommentQuerySet:
    """With each comment's files in `attached`, read along with the comments."""
    files: Any = Attachment.objects.filter(comment=OuterRef("pk")).order_by("position")
    described = JSONObject(public_id="public_id", name="shown_name", kind="kind", size="size")
    return comments.annotate(attached=ArraySubquery(files.values_list(described)))


@dataclass(frozen=True)
class AttachedFile:
    """A file as it is listed under its comment."""

    public_id: str
    name: str
    kind: str
    size: int


def files_of(comment: Comment) -> list[AttachedFile]:
    """The files that were read along with a shown comment; none where it isn't shown."""
    attached: Sequence[dict[str, Any]] = getattr(comment, "attached", ())
    if not comment.is_shown:
        return []
    return [AttachedFile(**each | {"kind": FileKind(each["kind"]).name}) for each in attached]
