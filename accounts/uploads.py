"""Files that people hand in: looked through before they are kept, and kept where no address leads.

`guard` decides by the content, in a process of its own; `keep` stores what it let through under a
random name outside the web root; `handed_out` is the only way back out. Who may see a file is
decided by the caller.
"""

import hashlib
import unicodedata
import uuid
import weakref
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.confining import Overspent, ProcessBroken, run_confined
from accounts.inspecting.flaws import Flaw
from accounts.inspecting.kinds import FileKind, begins_as, kind_by_name

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 120
# Beside the files that people hand in.
MADE = "made"
# What a name on some system can't hold.
_NOT_IN_NAMES = '<>:"/\\|?*'


class UploadRefused(Exception):
    """The file isn't taken; the message says why and what to do."""


class InspectionFailed(Exception):
    """The inspecting process itself broke: a fault of ours. Nothing is taken meanwhile."""


@dataclass(frozen=True)
class GuardedFile:
    """A file that was looked through. `name` is for people: cleaned, never a path."""

    name: str
    kind: FileKind
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def guard(
    file: UploadedFile, *, kinds: Collection[FileKind], for_the_public: bool = False
) -> GuardedFile:
    """The file, if it is whole, harmless and of one of these kinds. Raises UploadRefused.

    A picture `for_the_public` comes back without what it tells beside what it shows.
    """
    try:
        return _guard(file, kinds=kinds, for_the_public=for_the_public)
    finally:
        # Django keeps a large upload in a temporary file until it is closed.
        file.close()


def keep(file: GuardedFile) -> str:
    """Store the file; its stored name. It goes again if the transaction doesn't commit."""
    storage = private_files()
    name = f"{uuid.uuid4().hex}.{file.kind.value}"
    try:
        storage.save(name, ContentFile(file.content))
    except BaseException:
        # As on a full disk: nothing half-written stays.
        storage.delete(name)
        raise
    transaction.on_commit(_Commitment(name))
    return name


def discard(stored_name: str) -> None:
    """Remove a stored file once the transaction commits; one that is gone already is fine."""
    transaction.on_commit(lambda: private_files().delete(stored_name))


def read(stored_name: str) -> bytes:
    """The content of a stored file. Raises FileNotFoundError."""
    with private_files().open(stored_name) as file:
        return bytes(file.read())


def handed_out(stored_name: str, *, name: str) -> HttpResponse:
    """The stored file as a download under this name, which nothing on the way keeps or runs."""
    kind = kind_by_name(stored_name)
    response = HttpResponse(
        read(stored_name), content_type=kind.media_type if kind else "application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"  # noqa: FBT003 - Django's own
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def remove_unclaimed(*, claimed: Collection[str], before: datetime) -> int:
    """Remove files stored before this moment that no row names; how many.

    A process that is killed between storing and committing leaves such a file.
    """
    storage = private_files()
    _folders, names = storage.listdir("") if storage.exists("") else ([], [])
    unclaimed = [
        name
        for name in set(names) - set(claimed)
        if kind_by_name(name) and storage.get_modified_time(name) < before
    ]
    for name in unclaimed:
        storage.delete(name)
    return len(unclaimed)


def keep_made(file: IO[bytes], *, ending: str) -> str:
    """Store a file that was made here, however large; its stored name.

    It goes again if the transaction doesn't commit.
    """
    storage = private_files()
    name = f"{MADE}/{uuid.uuid4().hex}.{ending}"
    try:
        storage.save(name, File(file))
    except BaseException:
        storage.delete(name)
        raise
    transaction.on_commit(_Commitment(name))
    return name


def opened(stored_name: str) -> IO[bytes]:
    """A stored file, to be read in pieces and closed. Raises FileNotFoundError."""
    return private_files().open(stored_name)


def remove_unclaimed_made(*, claimed: Collection[str], before: datetime) -> int:
    """Remove files that were made here before this moment and that no row names; how many."""
    storage = private_files()
    _folders, names = storage.listdir(MADE) if storage.exists(MADE) else ([], [])
    unclaimed = [
        name
        for name in {f"{MADE}/{name}" for name in names} - set(claimed)
        if storage.get_modified_time(name) < before
    ]
    for name in unclaimed:
        storage.delete(name)
    return len(unclaimed)


def private_files() -> Storage:
    """Where stored files lie; only this module asks."""
    return storages["private"]


def safe_name(name: str) -> str:
    """The name as people may see it: no path, nothing invisible, not too long, its ending kept."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(
        " " if unicodedata.category(character).startswith("Z") else character
        for character in name
        # Control characters, also those that turn the direction of writing or show nothing.
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    for character in _NOT_IN_NAMES:
        name = name.replace(character, "_")
    stem, dot, ending = " ".join(name.split()).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    ending = f"{dot}{ending}"[:LONGEST_NAME]
    stem = stem.strip(". ")[: max(1, LONGEST_NAME - len(ending))].rstrip(". ")
    return (stem or _("document")) + ending


class _Commitment:
    """Held by the open transaction alone: when that lets go of it uncalled, the file is removed.

    Django tells nobody of a rollback, but it drops what waits for the commit, of a savepoint too.
    """

    def __init__(self, name: str) -> None:
        self._removal = weakref.finalize(self, _remove, name)

    def __call__(self) -> None:
        self._removal.detach()


def _remove(name: str) -> None:
    private_files().delete(name)


def _guard(file: UploadedFile, *, kinds: Collection[FileKind], for_the_public: bool) -> GuardedFile:
    name = safe_name(file.name or "")
    kind = kind_by_name(name)
    if kind is None or kind not in kinds:
        raise UploadRefused(
            _("This kind of file isn't taken. Choose one of these: %(kinds)s.")
            % {"kinds": _listed(kinds)}
        )
    content = _content(file)
    if not begins_as(kind, content):
        raise UploadRefused(sentence_of(Flaw.OTHER_KIND, kind))
    flaw, bare = _looked_through(content, kind, for_the_public=for_the_public)
    if flaw is not None:
        raise UploadRefused(sentence_of(flaw, kind))
    return GuardedFile(name=name, kind=kind, content=bare)


def _content(file: UploadedFile) -> bytes:
    too_large = _("The file is larger than %(limit)s MB. Make it smaller, or hand in a part.") % {
        "limit": LARGEST // 1024 // 1024
    }
    if file.size is not None and file.size > LARGEST:
        raise UploadRefused(too_large)
    file.seek(0)
    # The size above is what was said of it.
    content = bytes(file.read(LARGEST + 1))
    if len(content) > LARGEST:
        raise UploadRefused(too_large)
    if not content:
        raise UploadRefused(_("The file is empty. Choose it again, or choose another one."))
    return content


def _looked_through(
    content: bytes, kind: FileKind, *, for_the_public: bool
) -> tuple[Flaw | None, bytes]:
    """What a process of its own finds, and the file to keep. Raises InspectionFailed."""
    asked = [kind.value, "strip"] if for_the_public else [kind.value]
    try:
        answer = run_confined("accounts.inspecting", *asked, content=content)
    except Overspent:
        return Flaw.TOO_MUCH_INSIDE, b""
    except ProcessBroken as fault:
        raise InspectionFailed(str(fault)) from fault
    found, _line, bare = answer.partition(b"\n")
    return Flaw(found.decode()) if found else None, bare if for_the_public else content


def _listed(kinds: Collection[FileKind]) -> str:
    return get_text_list([kind.name for kind in FileKind if kind in kinds], _("or"))


def sentence_of(flaw: Flaw, kind: FileKind) -> str:
    """What is wrong with a file of this kind, and what to do."""
    sentences = {
        Flaw.OTHER_KIND: _(
            "The file is called %(kind)s but is none. Open it where it was made and save it as "
            "%(kind)s."
        ),
        Flaw.DAMAGED: _(
            "The file is damaged or not complete. Open it where it was made, save it again and "
            "choose the new file."
        ),
        Flaw.LOCKED: _(
            "The file is protected by a password. Save it without one, or print it to a new PDF."
        ),
        Flaw.ACTIVE: _(
            "The file holds scripts, macros or actions that run by themselves. Save it without "
            "them, or print it to a new PDF."
        ),
        Flaw.ATTACHED: _(
            "Other files lie inside this file. Remove them, or hand them in one by one."
        ),
        Flaw.LINKED: _(
            "The file fetches parts of itself from elsewhere. Save it as a PDF and choose that."
        ),
        Flaw.CONCEALING: _(
            "There is more in this file than it shows. Open it, save it again under a new name "
            "and choose the new file; of a picture, a screenshot will do."
        ),
        Flaw.TOO_MANY_PIXELS: _(
            "The picture has too many pixels. Make it smaller: 40 million pixels are possible."
        ),
        Flaw.TOO_MUCH_INSIDE: _(
            "The file is too involved to be looked through. Save it as a simple PDF or picture, "
            "or hand in a part."
        ),
    }
    return sentences[flaw] % {"kind": kind.name}
