"""Look through one file."""

import io
import zipfile

from accounts.inspecting.flaws import Flaw, FlawFound
from accounts.inspecting.images import inspect_image
from accounts.inspecting.kinds import PACKAGES, TEXTS, FileKind, begins_as
from accounts.inspecting.packages import inspect_package
from accounts.inspecting.portable import inspect_pdf

# Where a browser that guesses would look for a page.
_FIRST_BYTES = 8192
_PAGE_MARKS = (b"<script", b"<html", b"<!doctype", b"<svg", b"<iframe", b"<body", b"<?php")


def inspect(content: bytes, kind: FileKind) -> None:
    """Raises FlawFound, or whatever a parser raises on a damaged file."""
    if not begins_as(kind, content):
        raise FlawFound(Flaw.OTHER_KIND)
    if kind in PACKAGES:
        inspect_package(content, kind)
        return
    if kind in TEXTS:
        # Plain characters, which nothing runs; whoever reads them sees to their encoding.
        return
    beginning = content[:_FIRST_BYTES].lower()
    if any(mark in beginning for mark in _PAGE_MARKS):
        raise FlawFound(Flaw.CONCEALING)
    # An archive is read from its end, wherever it begins.
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise FlawFound(Flaw.CONCEALING)
    if kind == FileKind.PDF:
        inspect_pdf(content)
    else:
        inspect_image(content, kind)
