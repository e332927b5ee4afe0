"""Tell people in the product what concerns them: never the text itself, only where it stands."""

from datetime import datetime

from comments.models import Comment, Notification

Kind = Notification.Kind


def tell_author(comment: Comment, *, at: datetime) -> None:
    """Tell the author that a moderator has decided on their comment."""
    Notification.objects.create(
        user_id=comment.author_id, kind=Kind.MODERATION, comment=comment, created_at=at
    )


def tell_endorsed(comment: Comment, *, at: datetime) -> None:
    """Tell the author that their comment is endorsed; one line however many do."""
    Notification.objects.bulk_create(
        [
            Notification(
                user_id=comment.author_id, kind=Kind.ENDORSEMENT, comment=comment, created_at=at
            )
        ],
        ignore_conflicts=True,
    )
