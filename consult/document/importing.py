"""Store an outline as a draft."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from consult.document.models import CoordinationItem, Draft, Framework, Provision, Section
from consult.document.outline import Outline, OutlineSection
from consult.document.relating import propose_lineage
from consult.document.terms import words_for_search


class AlreadyImported(Exception):
    """This very text is a draft of the framework already; `draft` is that draft."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            _("This text is draft %(number)s of this framework already.") % {"number": draft.number}
        )
        self.draft = draft


@transaction.atomic
def import_draft(
    *,
    framework: Framework,
    outline: Outline,
    source: str,
    label: str = "",
    number: int | None = None,
) -> Draft:
    """The new draft with all its sections, provisions and coordination items, none published.

    Its lineage from the draft before is proposed with it.

    `source` is the text that was read: the same text twice is one draft. `label` is the outline's
    own where empty, `number` the next one. Raises AlreadyImported.
    """
    # Two imports into one framework take turns, so that numbers don't collide.
    framework = Framework.objects.select_for_update().get(pk=framework.pk)
    twin = twin_of(source, framework=framework)
    if twin:
        raise AlreadyImported(twin)
    last: int | None = framework.drafts.aggregate(last=Max("number"))["last"]
    draft = Draft.objects.create(
        framework=framework,
        number=number or (last or 0) + 1,
        label=label or outline.label,
        title=outline.title,
        history=outline.to_json()["history"],
        warnings=list(outline.warnings),
        source_sha256=digest_of(source),
    )
    sections = _store_sections(draft, outline)
    _store_coordination_items(draft, outline, sections)
    propose_lineage(draft)
    return draft


def twin_of(source: str, *, framework: Framework) -> Draft | None:
    """The draft of the framework that this very text is already."""
    return framework.drafts.filter(source_sha256=digest_of(source)).first()


def digest_of(source: str) -> str:
    """By which a draft's text is known again: its SHA-256."""
    return hashlib.sha256(source.encode()).hexdigest()


@dataclass(frozen=True)
class _Placed:
    """A section of an outline with its place in the tree."""

    section: OutlineSection
    position: int
    last_position: int
    depth: int
    parent_ref: str | None


def _placed(outline: Outline) -> Iterator[_Placed]:
    """Every section in reading order, parents before what stands beneath them."""
    position = -1

    def walk(
        sections: tuple[OutlineSection, ...], depth: int, parent_ref: str | None
    ) -> Iterator[_Placed]:
        nonlocal position
        for section in sections:
            position += 1
            own = position
            beneath = list(walk(section.sections, depth + 1, section.ref))
            yield _Placed(section, own, position, depth, parent_ref)
            yield from beneath

    return walk(outline.sections, 0, None)


def _store_sections(draft: Draft, outline: Outline) -> dict[str, Section]:
    placed = list(_placed(outline))
    stored: dict[str, Section] = {}
    # A level at a time: a section needs its parent's key.
    for depth in range(max((place.depth for place in placed), default=-1) + 1):
        level = [
            Section(
                draft=draft,
                parent=stored[place.parent_ref] if place.parent_ref is not None else None,
                position=place.position,
                last_position=place.last_position,
                depth=depth,
                ref=place.section.ref,
                number=place.section.number,
                title=place.section.title,
            )
            for place in placed
            if place.depth == depth
        ]
        stored.update((section.ref, section) for section in Section.objects.bulk_create(level))
    Provision.objects.bulk_create(
        Provision(
            draft=draft,
            section=stored[place.section.ref],
            position=position,
            ref=provision.ref,
            kind=provision.kind,
            text=provision.text,
            search=words_for_search([provision.text], draft.framework),
        )
        for place in placed
        for position, provision in enumerate(place.section.provisions)
    )
    return stored


def _store_coordination_items(draft: Draft, outline: Outline, sections: dict[str, Section]) -> None:
    by_heading = {_bare(section.number + section.title): section for section in sections.values()}
    CoordinationItem.objects.bulk_create(
        CoordinationItem(
            draft=draft,
            position=position,
            key_point=item.key_point,
            section=by_heading.get(_bare(item.key_point)),
            body=item.body,
            item=item.item,
        )
        for position, item in enumerate(outline.coordination_items)
    )


def _bare(heading: str) -> str:
    """A heading without the marks that stand between its number and its words."""
    return "".join(character for character in heading if character.isalnum())
