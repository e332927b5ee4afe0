"""Read a draft out of a file that someone hands in: looked through first, then read, each in a
process of its own with little time and memory."""

import json
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from accounts.confining import Overspent, run_confined
from accounts.inspecting.flaws import Flaw
from accounts.inspecting.kinds import FileKind, kind_by_name
from accounts.uploads import LARGEST, GuardedFile, UploadRefused, guard, sentence_of
from consult.document.reading import UnreadableText
from consult.document.sources.documents import KINDS, SourceRead
from consult.document.sources.flaws import Unread


class DraftUnreadable(Exception):
    """No draft can be read out of the file; the message says why and what to do."""


def read_draft(content: bytes, kind: FileKind) -> SourceRead:
    """The draft in a file that was looked through.

    Raises DraftUnreadable, and UnreadableText where a line is to blame.
    """
    try:
        said = run_confined("consult.document.sources", kind.value, content=content)
    except Overspent:
        raise DraftUnreadable(sentence_of(Flaw.TOO_MUCH_INSIDE, kind)) from None
    answer: dict[str, Any] = json.loads(said)
    if "unreadable" in answer:
        raise UnreadableText(answer["unreadable"], line=answer["line"])
    if "flaw" in answer:
        raise DraftUnreadable(sentence_of(Flaw(answer["flaw"]), kind))
    if "unread" in answer:
        raise DraftUnreadable(_sentence(Unread(answer["unread"])))
    return SourceRead.from_json(answer)


def read_draft_at(path: Path) -> SourceRead:
    """The draft in a file on this machine; a file of an unknown ending is a plain text.

    Raises OSError, and what `guard` and `read_draft` raise.
    """
    guarded = guarded_at(path)
    return read_draft(guarded.content, guarded.kind)


def guarded_at(path: Path) -> GuardedFile:
    """A file on this machine, looked through like an upload. Raises OSError or UploadRefused."""
    with path.open("rb") as file:
        # One byte more than may be: however large the file is, no more of it comes into memory.
        content = file.read(LARGEST + 1)
    name = path.name if kind_by_name(path.name) else f"{path.name}.txt"
    return guard(SimpleUploadedFile(name, content), kinds=KINDS)


def _sentence(unread: Unread) -> str:
    sentences = {
        Unread.NO_TEXT_LAYER: _(
            "This PDF holds pictures of pages and no text, as scanners make it. Hand in the "
            "document that it was printed from, or a PDF with a text layer."
        ),
        Unread.TOO_LONG: _("The text is longer than a draft can be: 4 million characters."),
    }
    return sentences[unread]


__all__ = ["KINDS", "DraftUnreadable", "UploadRefused", "guarded_at", "read_draft", "read_draft_at"]
