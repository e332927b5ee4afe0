"""統一編號, the unified business number, as the tax office gives it out.

The rule is the one in force since April 2023, as the Ministry of Finance explains it:
財政部財政資訊中心, 營利事業統一編號檢查碼邏輯修正說明,
https://www.fia.gov.tw/singlehtml/3?cntId=c4d9cff38c8642ef8872774ee9987283. It widens the older
one, by which sums had to be divisible by 10: numbers given out before stay well-formed. A number
that is well-formed need not have been given to anybody.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)
DIVISOR = 5
# Where a 7 stands here, its product is 28 and the digits' sum 10, which counts as 1 or as 0.
DOUBTFUL_PLACE, DOUBTFUL_DIGIT = 6, "7"
_FORM = re.compile(r"[0-9]{8}", re.ASCII)


def normalised(written: str) -> str:
    """What a person wrote, full-width or with spaces and hyphens between, in plain digits."""
    plain = re.sub(r"[\s\u200b\ufeff‐-―−-]", "", unicodedata.normalize("NFKC", written))
    # What stood apart may now be one character.
    return unicodedata.normalize("NFKC", plain)


def is_well_formed(number: str) -> bool:
    """Whether these are eight plain digits whose check digit fits."""
    if not _FORM.fullmatch(number):
        return False
    products = [int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)]
    total = sum(product // 10 + product % 10 for product in products)
    if number[DOUBTFUL_PLACE] == DOUBTFUL_DIGIT:
        # The total holds 10 for it, as good as 0 to the divisor.
        return total % DIVISOR == 0 or (total + 1) % DIVISOR == 0
    return total % DIVISOR == 0


def validate_business_number(number: str) -> None:
    """A validator for forms and models; it takes numbers as `normalised` gives them."""
    if not _FORM.fullmatch(number):
        raise ValidationError(
            _("A unified business number has eight digits, as in 22099131."), code="form"
        )
    if not is_well_formed(number):
        raise ValidationError(
            _("There is no such unified business number. Look for a mistyped digit."),
            code="check_digit",
        )
