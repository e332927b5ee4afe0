"""How a comment stands, and the text that goes and comes with it.

| from \\ to | shown | held | hidden | withdrawn |
|---|---|---|---|---|
| shown | – | – | hide | withdraw |
| held | release | – | hide | withdraw |
| hidden | restore | – | – | withdraw |
| withdrawn | – | – | – | – |

While a comment isn't shown its text stands in `Original`, apart from all that readers are given.
Who may take which step, and the record of it, is for the verbs of `moderating` and `editing`.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from comments.campaigning import let_go
from comments.models import Comment, Original
from comments.numbering import count, take_number
from comments.searching import index

State = Comment.State

ALLOWED: dict[State, frozenset[State]] = {
    State.SHOWN: frozenset({State.HIDDEN, State.WITHDRAWN}),
    State.HELD: frozenset({State.SHOWN, State.HIDDEN, State.WITHDRAWN}),
    State.HIDDEN: frozenset({State.SHOWN, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}
TEXT = (
    "body",
    "proposed_text",
    "anchor_exact",
    "anchor_prefix",
    "anchor_suffix",
    "anchor_start",
    "anchor_end",
)
STANDING = ("state", "hidden_by_rule", "changed_sequence", *TEXT)


class StandingRefused(Exception):
    """The comment can't go from how it stands to how it should; the message says why."""


def change_standing(comment: Comment, *, to: Comment.State, rule: str = "") -> None:
    """Let a locked comment stand so from now on, with its number, its counts and its text.

    `rule` is the one that a hidden comment breaks. Raises StandingRefused.
    """
    before = State(comment.state)
    if to not in ALLOWED[before]:
        raise StandingRefused(
            _("This comment is “%(state)s” now; reload the page.") % {"state": before.label.lower()}
        )
    if before == State.SHOWN:
        put_away(comment)
    if to == State.SHOWN:
        bring_back(comment)
    comment.state = to
    comment.hidden_by_rule = rule if to == State.HIDDEN else ""
    shown = (to == State.SHOWN) - (before == State.SHOWN)
    comment.changed_sequence = take_number(comment.thread, shown=shown)
    comment.save(update_fields=STANDING)
    # Beat lets one that comes back be compared: it was read once, a minute later is early enough.
    index(comment, due_since=timezone.now())
    if shown:
        count(comment, by=shown)
    if before == State.SHOWN:
        # Last: whoever compares may hold one that is replied to, and waits for nothing held here.
        let_go(comment.pk)


def put_away(comment: Comment) -> None:
    """Move the text to where readers don't get it; the comment itself is saved by the caller."""
    Original.objects.update_or_create(
        comment=comment, defaults={name: getattr(comment, name) for name in TEXT}
    )
    blank(comment)


def blank(comment: Comment) -> None:
    """Take the text out of the comment at hand."""
    for name in TEXT:
        setattr(comment, name, None if name in ("anchor_start", "anchor_end") else "")


def bring_back(comment: Comment) -> None:
    """Move the text back; the comment itself is saved by the caller."""
    original = Original.objects.get(comment=comment)
    for name in TEXT:
        setattr(comment, name, getattr(original, name))
    original.delete()
