"""How much of a new text stands in the last draft already: a first look, before any lineage."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from consult.document.models import Draft, Framework
from consult.document.outline import Outline, OutlineSection


@dataclass(frozen=True)
class Likeness:
    """What a new text has in common with a draft; `gone` is what only the draft has."""

    draft: Draft
    sections: int
    same_sections: int
    provisions: int
    same_provisions: int
    gone_provisions: int

    @property
    def other_provisions(self) -> int:
        """New or changed ones."""
        return self.provisions - self.same_provisions


def likeness_to_last(outline: Outline, framework: Framework) -> Likeness | None:
    """Against the framework's last draft, in three queries; None where it has none.

    A section is the same by number and title, a provision word for word, wherever it stands.
    """
    last = framework.drafts.order_by("-number").first()
    if last is None:
        return None
    sections = list(walk(outline.sections))
    texts = [provision.text for section in sections for provision in section.provisions]
    stored = list(last.provisions.values_list("text", flat=True))
    same = _in_common(texts, stored)
    return Likeness(
        draft=last,
        sections=len(sections),
        same_sections=_in_common(
            ((section.number, section.title) for section in sections),
            last.sections.values_list("number", "title"),
        ),
        provisions=len(texts),
        same_provisions=same,
        gone_provisions=len(stored) - same,
    )


def walk(sections: Iterable[OutlineSection]) -> Iterator[OutlineSection]:
    """Every section in reading order."""
    for section in sections:
        yield section
        yield from walk(section.sections)


def _in_common(new: Iterable[Hashable], old: Iterable[Hashable]) -> int:
    return (Counter(new) & Counter(old)).total()
