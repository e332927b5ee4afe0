"""Numbers that name a person are found by their check digits; other numbers are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.personal_data import find, is_card_number, is_identity_number


def found(text: str) -> list[tuple[str, str]]:
    return [(each.finding.value, text[each.start : each.end]) for each in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我是A123456789。", [("identity", "A123456789")]),
        ("我是Ａ１２３４５６７８９。", [("identity", "Ａ１２３４５６７８９")]),
        ("居留證A800000014", [("identity", "A800000014")]),
        ("打0912-345-678給我", [("telephone", "0912-345-678")]),
        ("+886 912 345 678", [("telephone", "+886 912 345 678")]),
        ("(02)2321-4567", [("telephone", "(02)2321-4567")]),
        ("電話 02-2321-4567", [("telephone", "02-2321-4567")]),
        ("4111 1111 1111 1111", [("card", "4111 1111 1111 1111")]),
        ("https://a.tw https://b.tw http://c.tw", [("links", "https://a.tw https://b.tw ")]),
    ],
)
def test_what_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A123456788",
        "114年11月25日",
        "臺教技（一）字第1140012345號",
        "統一編號12345678",
        "4111 1111 1111 1112",
        "經費1,234,567,890,123元",
        "https://a.tw https://b.tw",
        "肆-一-2",
        "",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert found(text) == []


@given(st.text())
def test_places_are_those_of_the_text(text: str) -> None:
    for each in find(text):
        assert 0 <= each.start < each.end <= len(text)


@given(st.integers(10**8, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_a_slip_in_an_identity_number_is_seen(rest: int, place: int, slip: int) -> None:
    """The weights of places two to nine are no divisors of ten but for 2, 4, 5, 6 and 8."""
    valid = next(
        number
        for last in range(10)
        if is_identity_number(number := f"A{1 + rest % 2}{str(rest)[1:8]}{last}")
    )
    digits = list(valid[1:])
    digits[place] = str((int(digits[place]) + slip) % 10)
    weight = (8, 7, 6, 5, 4, 3, 2, 1, 1)[place]
    changed = int(digits[place]) - int(valid[1 + place])
    assert is_identity_number("A" + "".join(digits)) == (weight * changed % 10 == 0)


@given(st.integers(4 * 10**14, 5 * 10**14 - 1), st.integers(0, 14), st.integers(1, 9))
def test_a_slip_in_a_card_number_is_seen(number: int, place: int, slip: int) -> None:
    card = next(f"{number}{last}" for last in range(10) if is_card_number(f"{number}{last}"))
    digits = list(card)
    digits[place] = str((int(digits[place]) + slip) % 10)
    assert not is_card_number("".join(digits))
