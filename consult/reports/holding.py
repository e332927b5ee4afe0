"""What is held about a person who has asked for, published or annotated reports."""

from accounts.holding import HeldPart
from consult.reports.models import Report, ReportNote

PARTS = (
    HeldPart(
        "reports",
        Report,
        "requested_by",
        ("public_id", "draft__framework__code", "draft__number", "cutoff", "requested_at", "state"),
    ),
    HeldPart("published reports", Report, "published_by", ("public_id", "published_at")),
    HeldPart(
        "notes on reports",
        ReportNote,
        "author",
        ("report__public_id", "chapter", "text", "written_at"),
    ),
)
