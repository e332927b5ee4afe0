"""Read a draft out of its text: `read_outline`, and what it can't read is an `UnreadableText`."""

from consult.document.reading.lines import UnreadableText
from consult.document.reading.reader import Reading, decoded, read, read_document, read_outline

__all__ = ["Reading", "UnreadableText", "decoded", "read", "read_document", "read_outline"]
