"""What is held about a person who drafts."""

from accounts.holding import HeldPart
from consult.document.models import Drafter, WaitingFile, WindowRecord, WorkingRecord, WorkingText

PARTS = (
    HeldPart("drafting", Drafter, "user", ("framework__code", "framework__title")),
    HeldPart(
        "publishing",
        WindowRecord,
        "actor",
        (
            "section__draft__framework__code",
            "section__draft__number",
            "section__ref",
            "act",
            "recorded_at",
        ),
    ),
    HeldPart(
        "waiting_files",
        WaitingFile,
        "owner",
        ("framework__code", "shown_name", "kind", "sha256", "handed_in_at"),
    ),
    HeldPart(
        "writing_drafts",
        WorkingRecord,
        "actor",
        ("piece__working_text__framework__code", "act", "recorded_at", "before", "after"),
    ),
    HeldPart("next_drafts_started", WorkingText, "started_by", ("framework__code", "started_at")),
    HeldPart(
        "next_drafts_finished",
        WorkingText,
        "finished_by",
        ("framework__code", "finished_at", "draft__number"),
    ),
)
