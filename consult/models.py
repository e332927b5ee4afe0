"""The consult app's tables, which live in the rooms that own them."""

from consult.document.models import (
    CoordinationItem,
    Draft,
    Drafter,
    Framework,
    Lineage,
    LineageRecord,
    Provision,
    Section,
    WaitingFile,
    Window,
    WindowRecord,
    WorkingPiece,
    WorkingRecord,
    WorkingText,
)
from consult.reports.models import Report, ReportPart

__all__ = [
    "CoordinationItem",
    "Draft",
    "Drafter",
    "Framework",
    "Lineage",
    "LineageRecord",
    "Provision",
    "Report",
    "ReportPart",
    "Section",
    "WaitingFile",
    "Window",
    "WindowRecord",
    "WorkingPiece",
    "WorkingRecord",
    "WorkingText",
]
