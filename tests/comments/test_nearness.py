"""Sentences that stand in one of several texts alone."""

from comments.nearness import bare, own_sentences, written_sentences

TEXT = "我們反對刪除技職學校的實習經費。學生在業界學到的手藝，是教室裡給不了的。"
ADDED = "身為高三學生的家長，我看了很難過。"


def own(*texts: str) -> list[str]:
    """What only one of the texts says, as it is written."""
    found = own_sentences([bare(text) for text in texts])
    return [written_sentences(texts[place])[number] for place, number in found]


def test_what_one_alone_says_is_found_as_it_is_written() -> None:
    assert own(TEXT, f"{TEXT}{ADDED}", TEXT) == ["身為高三學生的家長，我看了很難過"]


def test_a_sentence_that_was_changed_here_and_there_is_nobodys_own() -> None:
    assert own(TEXT, TEXT.replace("手藝", "功夫")) == []


def test_what_two_added_is_neithers_own() -> None:
    assert own(TEXT, f"{TEXT}{ADDED}", f"{ADDED}{TEXT}") == []


def test_a_sentence_near_one_that_both_have_is_nobodys_own() -> None:
    assert own(TEXT, f"{TEXT}我們反對刪除技職學校的實習費用。") == []


def test_greetings_are_left_out_and_the_rest_has_an_end() -> None:
    assert own(TEXT, f"您好！{TEXT}") == []
    many = "".join(f"{chr(0x4E00 + 97 * number) * 9}。" for number in range(30))
    assert len(own(TEXT, f"{TEXT}{many}")) == 12
