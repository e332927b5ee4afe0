"""The kinds of file that people may hand in, and how a kind is told by name and by content."""

from enum import StrEnum
from pathlib import PurePosixPath


class FileKind(StrEnum):
    """One kind of file; the value is the ending that it is stored under."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    ODT = "odt"
    ODS = "ods"
    DOCX = "docx"
    XLSX = "xlsx"
    TXT = "txt"
    MD = "md"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.TXT: "text/plain",
    FileKind.MD: "text/markdown",
}
_ENDINGS = {kind.value: kind for kind in FileKind} | {
    "jpeg": FileKind.JPEG,
    "markdown": FileKind.MD,
}
PACKAGES = frozenset({FileKind.ODT, FileKind.ODS, FileKind.DOCX, FileKind.XLSX})
TEXTS = frozenset({FileKind.TXT, FileKind.MD})
# How a file of the kind begins, at its very first byte.
_OPENINGS = {
    FileKind.PDF: b"%PDF-",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n",
    FileKind.JPEG: b"\xff\xd8\xff",
} | dict.fromkeys(PACKAGES, b"PK\x03\x04")


def kind_by_name(name: str) -> FileKind | None:
    """The kind that the name's ending says; None for any other ending."""
    return _ENDINGS.get(PurePosixPath(name).suffix.removeprefix(".").lower())


def begins_as(kind: FileKind, content: bytes) -> bool:
    """Whether the content begins as a file of this kind does; a text, as none of the others."""
    if kind in TEXTS:
        return not content.startswith(tuple(_OPENINGS.values()))
    return content.startswith(_OPENINGS[kind])
