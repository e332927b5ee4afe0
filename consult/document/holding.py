"""What is held about a person who drafts."""

from accounts.holding import HeldPart
from consult.document.models import Drafter, WindowRecord

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
)
