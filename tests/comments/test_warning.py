"""A writer is asked once whether they mean to give away what they wrote; then it is posted."""

import pytest
from django.utils import translation

from comments.warning import LONGEST_QUOTE, TextGivesAway, Warned, ask_whether_meant

GIVES_AWAY = "我是A123456789，打0912-345-678給我。"


def asked(*texts: str, seen: str = "") -> Warned:
    with translation.override("en"), pytest.raises(TextGivesAway) as refusal:
        ask_whether_meant(*texts, seen=seen)
    return refusal.value.warned


def test_a_harmless_text_is_nobodys_business() -> None:
    ask_whether_meant("我贊成。https://example.com 114 年", "", seen="")


def test_what_was_found_is_said_as_it_stands() -> None:
    assert asked(GIVES_AWAY).found == [
        ("an identity card number", "A123456789"),
        ("a telephone number", "0912-345-678"),
    ]


def test_links_stand_too_far_apart_to_be_quoted() -> None:
    text = "https://a.tw 和 https://b.tw 和 https://c.tw"
    assert asked(text).found == [("many links", "")]


def test_the_proposed_wording_counts_too_and_nothing_twice() -> None:
    assert asked("打0912-345-678", "打0912-345-678").found == [
        ("a telephone number", "0912-345-678")
    ]
    assert asked("沒有", GIVES_AWAY).found == asked(GIVES_AWAY).found


def test_a_quote_is_not_endless() -> None:
    spread = " ".join("4111111111111111")
    [(_words, quote)] = asked(spread).found
    assert len(quote) == LONGEST_QUOTE


def test_the_same_text_with_its_digest_is_meant() -> None:
    digest = asked(GIVES_AWAY, "").digest
    ask_whether_meant(GIVES_AWAY, "", seen=digest)


@pytest.mark.parametrize(
    "texts", [(GIVES_AWAY + "！", ""), (GIVES_AWAY, "打0912-345-678"), ("", GIVES_AWAY)]
)
def test_a_changed_text_is_looked_at_anew(texts: tuple[str, str]) -> None:
    digest = asked(GIVES_AWAY, "").digest
    assert asked(*texts, seen=digest).digest != digest
