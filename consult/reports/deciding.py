"""What people had decided when a report was asked for: part of its inputs from then on."""

from typing import Any

from consult.document.models import Draft
from consult.reports.heading import TERMS
from consult.reports.theming import KIND as THEME
from consult.reports.theming import decisions_of


def decisions_on(draft: Draft) -> dict[str, Any]:
    """The decisions by kind, each a list of lines, and the framework's terms."""
    return {TERMS: list(draft.framework.terms), THEME: decisions_of(draft)}
