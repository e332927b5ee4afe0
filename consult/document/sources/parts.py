"""The XML parts of an office document: unpacked within bounds, and without a document type."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from accounts.inspecting.flaws import Flaw, FlawFound
from accounts.inspecting.markup import read_markup
from accounts.inspecting.packages import MOST_UNPACKED

Element = ET.Element


class Package:
    """An office document's parts by their names."""

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._names = set(self._archive.namelist())

    def part(self, name: str) -> Element | None:
        """The root of this part; None where the document has none. Raises FlawFound."""
        if name not in self._names:
            return None
        with self._archive.open(name) as stream:
            content = stream.read(MOST_UNPACKED + 1)
        if len(content) > MOST_UNPACKED:
            raise FlawFound(Flaw.TOO_MUCH_INSIDE)
        # A document type, whose entities may swell or reach out, is refused here.
        read_markup(name, content)
        return ET.fromstring(content)  # noqa: S314 - just seen to have no document type


def local(element: Element) -> str:
    """An element's name without its namespace: Word has two for one thing."""
    return element.tag.rpartition("}")[2]


def named(element: Element, name: str) -> Element | None:
    """The first child of this name."""
    return next((child for child in element if local(child) == name), None)


def all_named(element: Element, name: str) -> Iterator[Element]:
    """Every child of this name."""
    return (child for child in element if local(child) == name)


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute, whatever its namespace; None also where there is no element."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return None


def number_in(element: Element | None, name: str) -> int | None:
    """An attribute that is a number; None where it is none or absurd."""
    value = attribute(element, name) or ""
    return int(value) if value.isdecimal() and value.isascii() and len(value) <= 6 else None  # noqa: PLR2004 - digits of a sane number
