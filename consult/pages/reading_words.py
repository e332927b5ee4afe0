"""What the reading of a text says of its lines, in the reader's language.

The reading itself knows no language but English: its warnings are stored with the draft.
"""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_WARNING = re.compile(r"Line (?P<line>[0-9]+): (?P<words>.+)", re.DOTALL)
_PLACE = re.compile(r"%\((\w+)\)s")
SENTENCES: Sequence[str] = (
    gettext_noop("there is no text here."),
    gettext_noop("there is nothing here but page numbers, headers and tables of contents."),
    gettext_noop("this is not text, or not in an encoding that was understood."),
    gettext_noop("these bytes are not %(encoding)s text; save the file in that encoding."),
    gettext_noop("this row of the table has no end."),
    gettext_noop("these words were taken to end the cell before them."),
    gettext_noop("the cell before this row has no full stop."),
    gettext_noop("「%(name)s」 was taken for a body's name."),
    gettext_noop("its number stands here for the second time; its reference ends in ~."),
    gettext_noop("this line was taken to end the heading before it."),
    gettext_noop("nothing stands before %(number)s."),
    gettext_noop("「%(number)s」 is out of order and was read as text."),
    gettext_noop("%(number)s is out of order and was read as text."),
    gettext_noop("this text stands before the first heading."),
    gettext_noop("no title stands before the text."),
    gettext_noop("no heading was found: the whole text is one section."),
    gettext_noop(
        "a new paragraph was begun here, but the line before it is full: it may be one paragraph."
    ),
    gettext_noop("the hyphen before this line may only have parted a word."),
    gettext_noop("「%(number)s」 continues no list and was read as text."),
    gettext_noop("a number is missing before 「%(number)s」."),
    gettext_noop("「%(number)s」 may be the middle of a sentence."),
    gettext_noop("a table of contents, up to line %(last)s, was left out."),
    gettext_noop("a footnote was left out."),
    gettext_noop("an endnote was left out."),
    gettext_noop("a text box was left out."),
    # The loosest one last.
    gettext_noop("%(number)s follows %(earlier)s."),
)
REASONS = (
    gettext_noop("table of contents"),
    gettext_noop("page number"),
    gettext_noop("date in the page header"),
    gettext_noop("running header"),
    gettext_noop("table header"),
    gettext_noop("rule of a table"),
    gettext_noop("rule between paragraphs"),
    gettext_noop("heading's underline"),
    gettext_noop("code fence"),
)


def said(warning: str) -> str:
    """A warning or a refusal with its line, in the reader's language."""
    found = _WARNING.fullmatch(warning)
    if found is None:
        return sentence(warning)
    return _("Line %(line)s: %(words)s") % {
        "line": found["line"],
        "words": sentence(found["words"]),
    }


def sentence(words: str) -> str:
    """What is said of a line, without the line; as it is where nobody has translated it."""
    for known, pattern in _PATTERNS:
        found = pattern.fullmatch(words)
        if found:
            return _(known) % found.groupdict()
    return words


def reason(words: str) -> str:
    """Why a line was left out."""
    return _(words) if words in REASONS else words


def _pattern(known: str) -> re.Pattern[str]:
    """What matches the sentence with any words in its places."""
    pieces = _PLACE.split(known)
    written = [
        f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces)
    ]
    return re.compile("".join(written), re.DOTALL)


_PATTERNS = [(known, _pattern(known)) for known in SENTENCES]
