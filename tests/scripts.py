"""What script a page loads: its own modules, and all that these import."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

SOURCE = re.compile(r'<script[^>]* src="([^"]+)"')
IMPORTED = re.compile(r'(?:\bfrom|\bimport)\s*\(?\s*"(\./[^"]+)"')


def scripts_of(html: str, *, find: Callable[[str], Path]) -> set[Path]:
    """The files behind a page; `find` knows where one stands by its name below STATIC_URL."""
    names = [source.removeprefix(settings.STATIC_URL) for source in SOURCE.findall(html)]
    waiting, seen = [find(name) for name in names], set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += [path.parent / name for name in IMPORTED.findall(path.read_text())]
    return seen


def gzipped(scripts: set[Path]) -> int:
    """How many bytes they are on their way, each by itself."""
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in scripts)
