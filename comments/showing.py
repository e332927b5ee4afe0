"""One comment as it is shown, wherever comments are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Organisation
from comments.attaching import AttachedFile, files_of
from comments.models import Comment
from consult.document.difference import Stretch, difference

# Beside its word and its colour, each stance has a sign.
SIGNS = {
    Comment.Stance.SUPPORT: "＋",
    Comment.Stance.OPPOSE: "－",
    Comment.Stance.SUGGEST: "△",
    Comment.Stance.QUESTION: "？",
    Comment.Stance.OTHER: "·",
}
DEEPEST_SHOWN = 4


@dataclass(frozen=True)
class CommentView:
    """One comment as it is shown. In a flat list `level` is 0, and a reply says to whom."""

    comment: Comment
    level: int
    is_new: bool = False
    # Posted just now by who reads it: its receipt stands with it.
    is_posted: bool = False
    replies_to: str = ""
    # The provision's text, which a proposed wording is shown against.
    text: str | None = None

    @property
    def sign(self) -> str:
        return SIGNS[Comment.Stance(self.comment.stance)]

    @property
    def proposal(self) -> Sequence[Stretch]:
        """What the wording that it proposes changes in the text; nothing where it proposes none."""
        if not self.comment.proposed_text or self.text is None:
            return ()
        return difference(self.text, self.comment.proposed_text)

    @property
    def files(self) -> Sequence[AttachedFile]:
        """What came with it."""
        return files_of(self.comment)

    @property
    def who(self) -> str:
        return self.comment.speaker_name

    @property
    def is_verified(self) -> bool:
        """Whether an organisation speaks whose identity was checked."""
        organisation = self.comment.organisation
        return organisation is not None and organisation.is_verified()

    @property
    def lost_verification(self) -> str:
        """That the organisation's verification lapsed or was withdrawn since, in words."""
        organisation = self.comment.organisation
        if organisation is None or organisation.is_verified():
            return ""
        return str(organisation.phase().label)

    @property
    def public_organisation(self) -> Organisation | None:
        """The organisation that spoke, where it has a page of its own."""
        organisation = self.comment.organisation
        return organisation if organisation and organisation.verified_at else None


def comment_views(
    comments: Iterable[Comment],
    *,
    flat: bool = False,
    new_after: int | None = None,
    posted: str = "",
    text: str | None = None,
) -> tuple[CommentView, ...]:
    """Comments as they are shown; those after a number are new."""
    return tuple(
        CommentView(
            comment=comment,
            level=0 if flat else min(comment.depth, DEEPEST_SHOWN),
            is_new=new_after is not None and comment.sequence > new_after,
            is_posted=comment.reference == posted,
            replies_to=_replies_to(comment) if flat or comment.depth > DEEPEST_SHOWN else "",
            text=text,
        )
        for comment in comments
    )


def _replies_to(comment: Comment) -> str:
    """The reference of what it replies to, read along with a thread's comments."""
    if hasattr(comment, "parent_reference"):
        return comment.parent_reference or ""
    return comment.parent.reference if comment.parent else ""
