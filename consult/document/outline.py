"""A draft's text as a tree of values: what reading a text yields and what importing stores.

An outline knows nothing of databases or files. Its JSON form is stable, and `Outline.from_json`
gives back exactly the outline that `to_json` wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from consult.document.numbering import article_reference, reference_part

ProvisionKind = Literal["paragraph", "item", "row", "caption"]


@dataclass(frozen=True)
class OutlineProvision:
    """The smallest addressable text of a section, with its reference (肆-一-2)."""

    ref: str
    kind: str
    text: str


@dataclass(frozen=True)
class OutlineSection:
    """A heading with what stands beneath it: its own provisions first, then its subsections.

    `number` is the heading's number as it is printed (肆, 目標一, 第 5 條, 1.1), without the mark
    that parts it from the title; it is empty for a section that has none.
    """

    number: str
    title: str
    ref: str
    provisions: tuple[OutlineProvision, ...]
    sections: tuple[OutlineSection, ...]


@dataclass(frozen=True)
class OutlineCoordinationItem:
    """One row of a coordination table: which body helps with what under which key point."""

    key_point: str
    body: str
    item: str


@dataclass(frozen=True)
class EarlierVersion:
    """One entry of a text's history.

    `date` is ISO 8601 or None, `document_number` and `note` (訂定, 修正) may be empty, `text` is
    the entry as it is printed.
    """

    date: str | None
    document_number: str
    note: str
    text: str


@dataclass(frozen=True)
class Outline:
    """A whole draft. Each warning begins with the line of the text that it speaks of."""

    title: str
    label: str
    history: tuple[EarlierVersion, ...]
    sections: tuple[OutlineSection, ...]
    coordination_items: tuple[OutlineCoordinationItem, ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The outline as plain JSON values. Section references are left out: they are derived."""
        return {
            "title": self.title,
            "label": self.label,
            "history": [
                {
                    "date": entry.date,
                    "document_number": entry.document_number,
                    "note": entry.note,
                    "text": entry.text,
                }
                for entry in self.history
            ],
            "sections": [_section_to_json(section) for section in self.sections],
            "coordination_items": [
                {"key_point": row.key_point, "body": row.body, "item": row.item}
                for row in self.coordination_items
            ],
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outline:
        """The outline that `to_json` wrote. Raises ValueError where `data` has another shape."""
        try:
            references = SectionReferences()
            return cls(
                title=_text(data["title"]),
                label=_text(data["label"]),
                history=tuple(_earlier_version(entry) for entry in data["history"]),
                sections=tuple(_section_from_json(each, references) for each in data["sections"]),
                coordination_items=tuple(
                    OutlineCoordinationItem(
                        key_point=_text(row["key_point"]),
                        body=_text(row["body"]),
                        item=_text(row["item"]),
                    )
                    for row in data["coordination_items"]
                ),
                warnings=tuple(_text(warning) for warning in data["warnings"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"This is not the JSON of an outline: {error!r}") from error


class References:
    """The references given so far in one draft; none is given twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last_count: Counter[str] = Counter()

    def take(self, wanted: str) -> str:
        """`wanted`, or `wanted~2` and so on where that is taken."""
        reference = wanted
        while reference in self._taken:
            self._last_count[wanted] += 1
            reference = f"{wanted}~{self._last_count[wanted] + 1}"
        self._taken.add(reference)
        return reference


class SectionReferences:
    """Gives each section of one draft its reference, in document order.

    A reference is the parent's and the section's own number (肆-一). Articles are numbered
    through a whole law, so theirs stands alone (第5條); so does a number that spells out its
    parent's (1.1 under 1). A bare Arabic number under another section gets a §, since 肆-1 is
    that section's first paragraph; a section without a number is § and its place among such.
    A reference already taken gets ~2, ~3 and so on.
    """

    def __init__(self) -> None:
        self._references = References()
        self._unnumbered: Counter[str] = Counter()

    def take(self, number: str, *, parent: str = "", parent_number: str = "") -> str:
        """The next section's reference, given its parent's reference and number."""
        return self._references.take(self._wanted(number, parent, parent_number))

    def of_provisions(self) -> References:
        """What gives provisions theirs, once every section has its own."""
        return self._references

    def _wanted(self, number: str, parent: str, parent_number: str) -> str:
        article = article_reference(number)
        if article:
            return article
        part = reference_part(number)
        if not part:
            self._unnumbered[parent] += 1
            part = f"§{self._unnumbered[parent]}"
        elif parent and part.isdecimal():
            part = f"§{part}"
        spelt_out = parent_number and part.startswith(f"{reference_part(parent_number)}.")
        return part if spelt_out or not parent else f"{parent}-{part}"


def every_section(sections: Iterable[OutlineSection]) -> Iterable[OutlineSection]:
    """All sections of a tree in document order."""
    for section in sections:
        yield section
        yield from every_section(section.sections)


def _section_to_json(section: OutlineSection) -> dict[str, Any]:
    return {
        "number": section.number,
        "title": section.title,
        "provisions": [
            {"ref": provision.ref, "kind": provision.kind, "text": provision.text}
            for provision in section.provisions
        ],
        "sections": [_section_to_json(child) for child in section.sections],
    }


def _section_from_json(
    data: Mapping[str, Any],
    references: SectionReferences,
    *,
    parent: str = "",
    parent_number: str = "",
) -> OutlineSection:
    number = _text(data["number"])
    ref = references.take(number, parent=parent, parent_number=parent_number)
    children: Sequence[Mapping[str, Any]] = data["sections"]
    return OutlineSection(
        number=number,
        title=_text(data["title"]),
        ref=ref,
        provisions=tuple(_provision(each) for each in data["provisions"]),
        sections=tuple(
            _section_from_json(child, references, parent=ref, parent_number=number)
            for child in children
        ),
    )


def _provision(data: Mapping[str, Any]) -> OutlineProvision:
    kind = _text(data["kind"])
    if kind not in get_args(ProvisionKind):
        raise ValueError(f"A provision cannot be of the kind {kind!r}")
    return OutlineProvision(ref=_text(data["ref"]), kind=kind, text=_text(data["text"]))


def _earlier_version(data: Mapping[str, Any]) -> EarlierVersion:
    return EarlierVersion(
        date=None if data["date"] is None else _text(data["date"]),
        document_number=_text(data["document_number"]),
        note=_text(data["note"]),
        text=_text(data["text"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a text, got {value!r}")
    return value
