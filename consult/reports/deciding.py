"""What people had decided when a report was asked for: part of its inputs from then on."""

from collections.abc import Collection
from typing import Any

from comments import campaigning
from consult.document.models import Draft
from consult.reports import coordinating, expecting, silence, theming
from consult.reports.analysing import campaigns
from consult.reports.heading import TERMS


def decisions_on(draft: Draft, *, sections: Collection[str] = ()) -> dict[str, Any]:
    """The decisions by kind, each a list of lines, and the framework's terms.

    `sections` are those that the report is about; none is all.
    """
    return {
        TERMS: list(draft.framework.terms),
        theming.KIND: theming.decisions_of(draft),
        campaigns.DECISION: campaigning.decisions_of(draft),
        "expected": expecting.decisions_of(draft),
        "sector": silence.sector_lines(draft),
        "coordination": coordinating.coordination_lines(draft, sections=sections),
    }
