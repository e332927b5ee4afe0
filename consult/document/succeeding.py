"""Where a draft's text stands in the newest draft that anyone may read."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from consult.document.comparing import Comparison, Place, Row
from consult.document.models import Draft, Provision, Section


class Newer(NamedTuple):
    """A newer draft, as far as a notice names it."""

    number: int
    label: str


def newer_draft(draft: Draft, *, at: datetime) -> Draft | None:
    """The newest draft of the framework of which text is shown, where it is not this one."""
    later = Draft.objects.filter(framework=draft.framework_id, number__gt=draft.number)
    return later.readable(at=at).order_by("-number").first()


def newer_draft_beside(draft: str, *, at: datetime) -> Subquery:
    """The same as a column of a query on what belongs to a draft: what `Newer` is made of."""
    later = Draft.objects.filter(
        framework=OuterRef(f"{draft}__framework"), number__gt=OuterRef(f"{draft}__number")
    )
    newest = later.readable(at=at).order_by("-number")
    return Subquery(newest.values(named=JSONObject(number="number", label="label"))[:1])


def successor_of(source: Provision | Section, comparison: Comparison) -> Place | Section | None:
    """The same place in the newer draft; None where nothing that is shown answers to it.

    Of what was split, the first part. A section is where most of its provisions are, or else
    where those beneath it are.
    """
    if isinstance(source, Section):
        within = Section.objects.within(source).in_reading_order()
        homes = (comparison.homes.get(section.pk) for section in within)
        return next((home for home in homes if home), None)
    row = row_of(source, comparison)
    return row.new[0] if row and row.new else None


def row_of(source: Provision, comparison: Comparison) -> Row | None:
    """The row of a comparison that an old provision stands in."""
    rows = (row for row in comparison.rows if any(place.key == source.pk for place in row.old))
    return next(rows, None)
