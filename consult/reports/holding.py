"""What is held about a person who has asked for reports."""

from accounts.holding import HeldPart
from consult.reports.models import Report

PARTS = (
    HeldPart(
        "reports",
        Report,
        "requested_by",
        ("public_id", "draft__framework__code", "draft__number", "cutoff", "requested_at", "state"),
    ),
)
