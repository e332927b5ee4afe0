"""統一編號 by the rule in force since April 2023."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.business_numbers import (
    WEIGHTS,
    is_well_formed,
    normalised,
    validate_business_number,
)

DIGITS = "0123456789"
NUMBERS = st.text(DIGITS, min_size=8, max_size=8)
# How often one mistyped digit goes unnoticed: the divisor is small.
UNNOTICED = 0.16


def sums(number: str) -> set[int]:
    """The sums that the published table allows, worked out by its two columns Z1 and Z2."""
    products = [int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)]
    others = sum(sum(map(int, str(product))) for product in products[:6] + products[7:])
    last = {0, 1} if number[6] == "7" else {sum(map(int, str(products[6])))}
    return {others + each for each in last}


@pytest.mark.parametrize(
    "number",
    [
        "22099131",  # 台積電
        "04541302",  # 鴻海
        "04595257",
        "53212539",
        "10458575",  # a 7 in the seventh place
        "00501508",  # divisible by 5 alone
        "62140097",  # the same, given out since
        "00000074",
    ],
)
def test_numbers_of_either_rule_are_well_formed(number: str) -> None:
    assert is_well_formed(number), sums(number)


@pytest.mark.parametrize(
    "number",
    [
        "22099132",
        "04595258",
        "10458576",
        "00501502",
        "00000072",
        "1234567",
        "123456789",
        "",
        "2209913a",
        "A0342336",
        "２２０９９１３１",
        "22099131\n",
        " 22099131",
        "٢٢٠٩٩١٣١",
    ],
)
def test_others_are_not(number: str) -> None:
    assert not is_well_formed(number)


@given(NUMBERS)
def test_the_rule_is_the_published_table(number: str) -> None:
    assert is_well_formed(number) == any(each % 5 == 0 for each in sums(number))


@given(st.text(DIGITS, min_size=7, max_size=7))
def test_numbers_given_out_before_stay_well_formed(start: str) -> None:
    for total in sums(f"{start}0"):
        number = f"{start}{-total % 10}"
        assert any(each % 10 == 0 for each in sums(number))
        assert is_well_formed(number)


def test_most_slips_of_one_digit_are_found() -> None:
    slips = unnoticed = 0
    for number in (f"{start:08}" for start in range(0, 10**8, 75_013)):
        if not is_well_formed(number):
            continue
        for place, digit in ((place, digit) for place in range(8) for digit in DIGITS):
            if digit != number[place]:
                slips += 1
                unnoticed += is_well_formed(number[:place] + digit + number[place + 1 :])
    assert slips > 10_000
    assert unnoticed / slips < UNNOTICED


@given(st.text(max_size=12))
def test_anything_else_is_no_number(text: str) -> None:
    assert not is_well_formed(text) or (len(text) == 8 and set(text) <= set(DIGITS))


@pytest.mark.parametrize(
    "written",
    ["22099131", " 2209 9131\n", "２２０９９１３１", "2209-9131", "2209\u30009131", "2209–9131"],
)
def test_what_people_write_is_normalised(written: str) -> None:
    assert normalised(written) == "22099131"


@given(st.text(max_size=20))
def test_normalising_again_changes_nothing(written: str) -> None:
    assert normalised(normalised(written)) == normalised(written)


@given(NUMBERS)
def test_the_validator_says_what_the_rule_says(number: str) -> None:
    if is_well_formed(number):
        validate_business_number(number)
    else:
        with pytest.raises(ValidationError) as refused:
            validate_business_number(number)
        assert refused.value.code == "check_digit"


def test_the_validator_says_what_is_wrong() -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="eight digits"):
        validate_business_number("1234")
    with translation.override("zh-hant"), pytest.raises(ValidationError, match="統一編號"):
        validate_business_number("22099132")
