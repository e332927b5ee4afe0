"""What people had decided when a report was asked for: part of its inputs from then on."""

from typing import Any

from consult.document.models import Draft
from consult.reports import coordinating, expecting, theming
from consult.reports.heading import TERMS


def decisions_on(draft: Draft) -> dict[str, Any]:
    """The decisions by kind, each a list of lines, and the framework's terms."""
    return {
        TERMS: list(draft.framework.terms),
        theming.KIND: theming.decisions_of(draft),
        "expected": expecting.decisions_of(draft),
        "coordination": coordinating.coordination_lines(draft),
    }
