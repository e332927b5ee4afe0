"""Ask a writer, before everyone can read it, whether they mean to give away what they wrote.

Once: the form comes back with what was found and a digest of the text. The same text sent with its
digest is posted; a text changed since is looked at anew. What is posted all the same is flagged for
a moderator as ever.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.personal_data import Finding, find
from comments.writing import WritingRefused

WORDS_FOR: dict[Finding, Promise] = {
    Finding.IDENTITY_NUMBER: gettext_lazy("an identity card number"),
    Finding.TELEPHONE: gettext_lazy("a telephone number"),
    Finding.CARD_NUMBER: gettext_lazy("a card number"),
    Finding.LINKS: gettext_lazy("many links"),
}
# Long enough to find it again in the text.
LONGEST_QUOTE = 30


@dataclass(frozen=True)
class Warned:
    """What a text gives away, in words, each with how it stands there; and the text's digest."""

    found: Sequence[tuple[str, str]]
    digest: str


class TextGivesAway(WritingRefused):
    """The writer hasn't said yet that they mean it; nothing is stored."""

    field = "body"

    def __init__(self, warned: Warned) -> None:
        super().__init__(_("Look at it once more before everyone can read it."))
        self.warned = warned


def ask_whether_meant(*texts: str, seen: str) -> None:
    """Raises TextGivesAway, unless nothing is found or `seen` is the digest of these texts."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    if seen == digest:
        return
    found = [
        (str(WORDS_FOR[each.finding]), _quoted(text, each.finding, each.start, each.end))
        for text in texts
        for each in find(text)
    ]
    if found:
        raise TextGivesAway(Warned(list(dict.fromkeys(found)), digest))


def _quoted(text: str, finding: Finding, start: int, end: int) -> str:
    """How it stands in the text; nothing of links, which stand far apart."""
    return "" if finding == Finding.LINKS else text[start:end][:LONGEST_QUOTE]
