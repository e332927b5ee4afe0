"""What may be written in a comment: checked the same when it is posted and when it is changed."""

import unicodedata

from django.utils.translation import gettext as _

from comments.models import MAXIMUM_BODY_LENGTH, Comment
from comments.targets import Target
from consult.document.models import Provision

LONGEST_PROPOSAL = 10_000
INVISIBLE = ("Cf", "Cc", "Zs", "Zl", "Zp")


class WritingRefused(Exception):
    """The comment was not stored; the message says why and what to do.

    `field` names the field of the form that it speaks of; empty for the form as a whole.
    """

    field = ""


class BodyRefused(WritingRefused):
    """Nothing is written, or too much."""

    field = "body"


class StanceRefused(WritingRefused):
    """No stance is chosen, or none that there is."""

    field = "stance"


class ProposalRefused(WritingRefused):
    """The proposed wording is too long, or for no text."""

    field = "proposal"


def checked_body(body: str) -> str:
    """The text as it is stored. Raises BodyRefused."""
    body = _plain(body)
    # A text of blanks and marks that show nothing is empty to its reader.
    if all(unicodedata.category(character) in INVISIBLE for character in body):
        raise BodyRefused(_("Write what you want to say."))
    if len(body) > MAXIMUM_BODY_LENGTH:
        raise BodyRefused(_too_long(body, limit=MAXIMUM_BODY_LENGTH))
    return body


def checked_stance(stance: str) -> str:
    """A stance that there is. Raises StanceRefused."""
    if stance not in Comment.Stance.values:
        raise StanceRefused(_("Choose what your comment is: support, oppose, and so on."))
    return stance


def checked_proposal(target: Target, *, stance: str, proposed_text: str) -> str:
    """The proposed wording as it is stored; empty where it changes nothing.

    Only a comment that suggests a change to a provision has one. Raises ProposalRefused.
    """
    proposed_text = _plain(proposed_text)
    if stance != Comment.Stance.SUGGEST or not isinstance(target, Provision):
        return ""
    if len(proposed_text) > LONGEST_PROPOSAL:
        raise ProposalRefused(_too_long(proposed_text, limit=LONGEST_PROPOSAL))
    return "" if proposed_text == target.text.strip() else proposed_text


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _too_long(text: str, *, limit: int) -> str:
    return _(
        "Your text has %(length)s characters; %(limit)s are possible. Shorten it a little."
    ) % {
        "length": f"{len(text):,}",
        "limit": f"{limit:,}",
    }
