"""What is held about a person who has asked for, published or annotated reports."""

from accounts.holding import HeldPart
from consult.reports.models import (
    ExpectedVoice,
    Reminder,
    Report,
    ReportFile,
    ReportNote,
    ThemeDecision,
)

PARTS = (
    HeldPart("decisions on themes", ThemeDecision, "made_by", ("kind", "draft_id", "made_at")),
    HeldPart(
        "decisions on themes taken back",
        ThemeDecision,
        "undone_by",
        ("kind", "draft_id", "undone_at"),
    ),
    HeldPart(
        "reports",
        Report,
        "requested_by",
        ("public_id", "draft__framework__code", "draft__number", "cutoff", "requested_at", "state"),
    ),
    HeldPart("published reports", Report, "published_by", ("public_id", "published_at")),
    HeldPart(
        "files of reports",
        ReportFile,
        "requested_by",
        ("public_id", "report__public_id", "format", "language", "requested_at"),
    ),
    HeldPart(
        "notes on reports",
        ReportNote,
        "author",
        ("report__public_id", "chapter", "text", "written_at"),
    ),
    HeldPart(
        "expected-voices-added",
        ExpectedVoice,
        "added_by",
        ("public_id", "framework__code", "kind", "name", "added_at"),
    ),
    HeldPart("expected-voices-removed", ExpectedVoice, "removed_by", ("public_id", "removed_at")),
    HeldPart(
        "reminders-to-you",
        Reminder,
        "user",
        ("voice__name", "draft__framework__code", "asked_at", "outcome", "settled_at"),
    ),
    HeldPart(
        "reminders-asked-for",
        Reminder,
        "asked_by",
        ("voice__public_id", "draft__framework__code", "asked_at", "outcome"),
    ),
)
