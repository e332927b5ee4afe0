"""Everything held about a person, as a ZIP of JSON files and the files they handed in."""

import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts import holding as accounts_holding
from accounts import uploads
from accounts.auditing import Act, record
from accounts.holding import HeldPart, Rows, done_to, invitations_to
from accounts.models import EvidenceFile, User
from comments import holding as comments_holding
from comments.models import Attachment
from consult.document import holding as document_holding
from consult.reports import holding as reports_holding

PARTS: tuple[HeldPart, ...] = (
    *accounts_holding.PARTS,
    *document_holding.PARTS,
    *comments_holding.PARTS,
    *reports_holding.PARTS,
)
BYTES_AT_ONCE = 64 * 1024


def download_own_data(user: User) -> IO[bytes]:
    """The ZIP, as a file that is gone once it is closed; a line in the audit log says so."""
    with transaction.atomic():
        record(Act.DATA_DOWNLOADED, actor=user, about=user)
    archive = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            _write(zipped, user)
    except BaseException:
        archive.close()
        raise
    archive.seek(0)
    return archive


def _write(zipped: zipfile.ZipFile, user: User) -> None:
    for name, rows in parts_of(user):
        with zipped.open(f"{name}.json", "w") as file:
            for piece in _json(rows):
                file.write(piece)
    for name, stored_name in _files(user):
        try:
            zipped.writestr(name, uploads.read(stored_name))
        except FileNotFoundError:
            # Its row tells of it: name, size and SHA-256.
            continue


def parts_of(user: User) -> Iterator[tuple[str, Rows]]:
    """Each file's name and its rows."""
    for part in PARTS:
        yield part.name, part.rows(user)
    yield "invitations-to-you", invitations_to(user)
    yield "done-to-your-account", done_to(user)


def _files(user: User) -> Iterator[tuple[str, str]]:
    held: Iterable[EvidenceFile | Attachment] = [
        *EvidenceFile.objects.filter(uploaded_by=user),
        *Attachment.objects.filter(comment__author=user),
    ]
    for file in held:
        yield f"files/{file.public_id}-{uploads.safe_name(file.shown_name)}", file.stored_name


def _json(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """A JSON array, a row a line, without holding all of it."""
    before = "[\n"
    for row in rows:
        text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield f"{before}{text}".encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


async def pieces_of(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file's bytes while it is sent."""
    try:
        while piece := await sync_to_async(file.read)(BYTES_AT_ONCE):
            yield piece
    finally:
        file.close()


def file_name() -> str:
    """Under which the browser keeps it."""
    return f"my-data-{timezone.localdate().isoformat()}.zip"
