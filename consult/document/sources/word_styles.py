"""What a DOCX's paragraph styles say: which are headings, and which are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from consult.document.sources.parts import Element, all_named, attribute, named, number_in

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"toc (?:[1-9]|heading)", re.IGNORECASE)
# A style may follow another, that one a third; a circle of them ends here.
_LONGEST_DESCENT = 12
_BODY_TEXT = 9


@dataclass(frozen=True)
class NumberedBy:
    """A list and a level of it, each None where it isn't said."""

    key: str | None
    depth: int | None


class Styles:
    """The styles of one document, by their keys."""

    def __init__(self, part: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self.usual = ""
        for style in all_named(part, "style") if part is not None else ():
            key = attribute(style, "styleId") or ""
            self._styles[key] = style
            is_usual = attribute(style, "default") in ("1", "true", "on")
            if is_usual and attribute(style, "type") == "paragraph":
                self.usual = key

    def lists_of_numbering_styles(self) -> dict[str, str]:
        """The list that each style of lists leads to."""
        found = {}
        for key, style in self._styles.items():
            if attribute(style, "type") == "numbering":
                numbered = numbered_by(named(style, "pPr"))
                found[key] = (numbered.key or "") if numbered else ""
        return found

    def level(self, key: str) -> int:
        """The level of the headings in this style; 0 where it is none of headings."""
        for style in self._descent(key):
            name = _HEADING.fullmatch(attribute(named(style, "name"), "val") or "")
            if name:
                return int(name[1])
            outlined = outline_level(named(style, "pPr"))
            if outlined is not None:
                return outlined
        return 0

    def numbering(self, key: str) -> tuple[NumberedBy, str] | None:
        """The list that paragraphs in this style belong to, and the style that says so."""
        for style in self._descent(key):
            found = numbered_by(named(style, "pPr"))
            if found is not None:
                return found, attribute(style, "styleId") or ""
        return None

    def is_of_contents(self, key: str) -> bool:
        """Whether the style is one of a table of contents."""
        style = self._styles.get(key)
        name = attribute(named(style, "name"), "val") if style is not None else ""
        return _CONTENTS.fullmatch(name or "") is not None

    def _descent(self, key: str) -> Iterator[Element]:
        for _generation in range(_LONGEST_DESCENT):
            style = self._styles.get(key)
            if style is None:
                return
            yield style
            key = attribute(named(style, "basedOn"), "val") or ""


def outline_level(properties: Element | None) -> int | None:
    """The level that a paragraph's properties say; 0 for plain text, None where they don't."""
    found = named(properties, "outlineLvl") if properties is not None else None
    level = number_in(found, "val")
    if level is None:
        return None
    return level + 1 if level < _BODY_TEXT else 0


def numbered_by(properties: Element | None) -> NumberedBy | None:
    """The list that a paragraph's properties name; None where they say nothing of lists."""
    found = named(properties, "numPr") if properties is not None else None
    if found is None:
        return None
    return NumberedBy(
        attribute(named(found, "numId"), "val"), number_in(named(found, "ilvl"), "val")
    )
