"""The tables of the room: texts, their windows, and what became of which provision."""

from consult.document.models.lineage import Lineage, LineageQuerySet, LineageRecord
from consult.document.models.texts import (
    CoordinationItem,
    Draft,
    Drafter,
    DraftQuerySet,
    Framework,
    FrameworkQuerySet,
    Provision,
    Section,
    SectionQuerySet,
)
from consult.document.models.waiting import WaitingFile, WaitingFileQuerySet
from consult.document.models.windows import Window, WindowQuerySet, WindowRecord
from consult.document.models.working import (
    WorkingPiece,
    WorkingPieceQuerySet,
    WorkingRecord,
    WorkingText,
    WorkingTextQuerySet,
)

__all__ = [
    "CoordinationItem",
    "Draft",
    "DraftQuerySet",
    "Drafter",
    "Framework",
    "FrameworkQuerySet",
    "Lineage",
    "LineageQuerySet",
    "LineageRecord",
    "Provision",
    "Section",
    "SectionQuerySet",
    "WaitingFile",
    "WaitingFileQuerySet",
    "Window",
    "WindowQuerySet",
    "WindowRecord",
    "WorkingPiece",
    "WorkingPieceQuerySet",
    "WorkingRecord",
    "WorkingText",
    "WorkingTextQuerySet",
]
