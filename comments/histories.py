"""What a comment said before it was changed, each version with what the next one changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from comments.models import Comment
from consult.document.difference import Stretch, difference


@dataclass(frozen=True)
class Version:
    """One text of a comment, when it stood, and how it differs from the one before."""

    number: int
    stance: str
    written_at: datetime
    body: Sequence[Stretch]
    proposed_text: Sequence[Stretch]


def versions_of(comment: Comment) -> list[Version]:
    """Every text that the comment has had and has, newest first."""
    if not comment.is_shown:
        return []
    rows = list(comment.versions.order_by("number"))
    texts = [
        (row.get_stance_display(), row.written_at, row.body, row.proposed_text) for row in rows
    ]
    texts.append(
        (
            comment.get_stance_display(),
            comment.edited_at or comment.created_at,
            comment.body,
            comment.proposed_text,
        )
    )
    versions = []
    body_before, proposed_before = texts[0][2], texts[0][3]
    for number, (stance, written_at, body, proposed_text) in enumerate(texts, start=1):
        versions.append(
            Version(
                number=number,
                stance=stance,
                written_at=written_at,
                body=difference(body_before, body),
                proposed_text=difference(proposed_before, proposed_text),
            )
        )
        body_before, proposed_before = body, proposed_text
    return versions[::-1]
