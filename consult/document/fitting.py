"""Whether an outline fits the tables: a title may not be as long as a chapter."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from consult.document.likeness import walk
from consult.document.models import CoordinationItem, Draft, Provision, Section
from consult.document.outline import Outline

_SHOWN = 40


def too_long_in(outline: Outline) -> str | None:
    """A sentence about the first text that is too long to be what it was read as."""
    for text, most in _bounded(outline):
        if len(text) > most:
            return _("“%(text)s…” is too long to be a title: %(most)s characters are possible.") % {
                "text": text[:_SHOWN],
                "most": most,
            }
    return None


def _bounded(outline: Outline) -> Iterator[tuple[str, int]]:
    yield outline.title, _most(Draft, "title")
    yield outline.label, _most(Draft, "label")
    for section in walk(outline.sections):
        yield section.number, _most(Section, "number")
        yield section.title, _most(Section, "title")
        yield section.ref, _most(Section, "ref")
        yield from ((provision.ref, _most(Provision, "ref")) for provision in section.provisions)
    for item in outline.coordination_items:
        yield item.key_point, _most(CoordinationItem, "key_point")
        yield item.body, _most(CoordinationItem, "body")


def _most(model: type[Draft | Section | Provision | CoordinationItem], name: str) -> int:
    field = model._meta.get_field(name)  # noqa: SLF001 - Django documents it
    return getattr(field, "max_length", None) or 0
