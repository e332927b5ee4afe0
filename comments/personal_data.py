"""Find what a person should not give away in public: numbers that name them, and many links.

Pure: text in, findings out. Numbers count only where their own check digit agrees, so that a
postal order or a year is not taken for an identity card.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

# 內政部's letters of the 國民身分證統一編號 and what each stands for.
LETTERS = dict(
    zip(
        "ABCDEFGHJKLMNPQRSTUVXYWZIO",
        [*range(10, 33), 33, 34, 35],
        strict=True,
    )
)
IDENTITY_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
# A letter and nine digits; the second sign is 1 or 2 on citizens' cards, 8 or 9 on residents',
# and A to D on the residents' cards that were made before 2021.
IDENTITY = re.compile(r"(?<![A-Z0-9])[A-Z][1289A-D]\d{8}(?![A-Z0-9])")
MOBILE = re.compile(r"(?<![\d.])(?:\+?886[-\s]?|0)9\d{2}[-\s]?\d{3}[-\s]?\d{3}(?!\d)")
LANDLINE = re.compile(r"(?<![\d.])(?:\(0[2-8]\d?\)[-\s]?|0[2-8]\d?[-\s])\d{3,4}[-\s]?\d{4}(?!\d)")
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
LINK = re.compile(r"https?://", re.IGNORECASE)
MANY_LINKS = 3


class Finding(Enum):
    """What kind of thing was found."""

    IDENTITY_NUMBER = "identity"
    TELEPHONE = "telephone"
    CARD_NUMBER = "card"
    LINKS = "links"


@dataclass(frozen=True)
class Found:
    """One finding and where it stands in the text, in code points."""

    finding: Finding
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Everything in the text that its writer should be asked about, by place."""
    # Full-width digits name a person as well; character for character, so that places hold.
    plain = "".join(_narrow(character) for character in text)
    found = sorted({*_numbers(plain)}, key=lambda each: (each.start, -each.end))
    kept: list[Found] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    links = [match.start() for match in LINK.finditer(plain)]
    if len(links) >= MANY_LINKS:
        kept.append(Found(Finding.LINKS, links[0], links[-1]))
    return kept


def _numbers(text: str) -> Iterator[Found]:
    for match in IDENTITY.finditer(text.upper()):
        if is_identity_number(match.group()):
            yield Found(Finding.IDENTITY_NUMBER, *match.span())
    for pattern in (MOBILE, LANDLINE):
        for match in pattern.finditer(text):
            yield Found(Finding.TELEPHONE, *match.span())
    for match in CARD.finditer(text):
        if is_card_number(match.group()):
            yield Found(Finding.CARD_NUMBER, *match.span())


def _narrow(character: str) -> str:
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if len(narrow) == 1 else character


def is_identity_number(number: str) -> bool:
    """Whether the check digit of a 國民身分證 or 居留證 number of ten signs is right."""
    first, second = number[0], number[1]
    # A resident's old number has a letter for its second sign, of which the last digit counts.
    second_digit = str(LETTERS[second] % 10) if second.isalpha() else second
    digits = f"{LETTERS[first]}{second_digit}{number[2:]}"
    total = sum(int(d) * weight for d, weight in zip(digits, IDENTITY_WEIGHTS, strict=True))
    return total % 10 == 0


def is_card_number(number: str) -> bool:
    """Whether 13 to 19 digits are a payment card's, by its first digit and ISO/IEC 7812's check."""
    digits = [int(d) for d in number if d.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (3, 4, 5, 6):  # noqa: PLR2004 - the standard's
        return False
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0
