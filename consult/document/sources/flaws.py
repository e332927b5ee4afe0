"""Why a document can't be read as a draft, where its file is sound."""

from __future__ import annotations

from enum import StrEnum


class Unread(StrEnum):
    """What is wrong, in one word that a person is told in their own."""

    NO_TEXT_LAYER = "no text layer"  # a scanned PDF: pictures of a text
    TOO_LONG = "too long"


class DocumentUnread(Exception):
    """The document can't be read for this reason."""

    def __init__(self, reason: Unread) -> None:
        super().__init__(reason)
        self.reason = reason
