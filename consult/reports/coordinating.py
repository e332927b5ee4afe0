"""The coordination table of a draft, as lines of a report's inputs."""

from collections.abc import Collection
from typing import Any

from consult.document.models import Draft, Provision
from consult.document.reading.tables import CELL_MARK


def coordination_lines(draft: Draft, *, sections: Collection[str] = ()) -> list[dict[str, Any]]:
    """Each row: key point, body, what it helps with; its own reference and the key point's.

    A row of the table is a provision of the same words; where two rows say the same, the first
    stands for the first. Of a report on some sections, the rows that stand in these alone: another
    may not be published.
    """
    rows: dict[str, list[str]] = {}
    stored = draft.provisions.filter(kind=Provision.Kind.ROW)
    if sections:
        stored = stored.filter(section__ref__in=sections)
    for ref, text in stored.order_by("section__position", "position").values_list("ref", "text"):
        rows.setdefault(text, []).append(ref)
    items = draft.coordination_items.select_related("section").order_by("position")
    lines = []
    for item in items:
        refs = rows.get(CELL_MARK.join((item.key_point, item.body, item.item)), [])
        if sections and not refs:
            continue
        lines.append(
            {
                "key_point": item.key_point,
                "body": item.body,
                "item": item.item,
                "provision": refs.pop(0) if refs else None,
                "section": item.section.ref if item.section else None,
            }
        )
    return lines
