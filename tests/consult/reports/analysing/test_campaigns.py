"""Near-identical comments are found, whatever their order, and counted both ways."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.nearness import are_near, bare
from consult.reports.analysing import campaigns
from consult.reports.analysing.chapter import Chapter, Line
from tests.benchmarks.campaigns import found_in as judge
from tests.benchmarks.letters import changed as characters_changed
from tests.benchmarks.letters import letters_among_others
from tests.consult.reports.lines import a_comment, a_head, conclude, reference

LETTER = (
    "我們是第一線的技職教師，實習時數不足已經影響學生的就業能力。請教育部把實習時數寫進課綱，"
    "並且補助學校聘請業界師資。設備更新的經費也應該每年編列，不要只靠競爭型計畫。"
)
OTHERS = (
    "產學合作應該以學生的學習為主，不能變成廉價勞工，請勞動部派員到實習場所檢查。",
    "偏鄉學校交通不便，學生要轉三班車才能到工廠實習，希望能有專車或宿舍補助。",
    "少子女化之後很多科系招不到學生，建議整併時先和家長說明，不要突然停招。",
)
HEAD = a_head()


def found_in(comments: list[Line], *, at_once: int = 7) -> Chapter:
    return conclude(campaigns, comments, HEAD, at_once=at_once)


def changed(text: str, share: float, seed: int) -> str:
    """The text with so many of its characters replaced."""
    return characters_changed(text, share, random.Random(seed))  # noqa: S311 - a test's


def a_campaign() -> list[Line]:
    """Seven who sign one letter, each in another way, among three who write their own."""
    sentences = [f"{each}。" for each in LETTER.split("。") if each]
    variants = [
        LETTER,
        LETTER,
        changed(LETTER, 0.1, 1),
        changed(LETTER, 0.2, 2),
        "".join(reversed(sentences)),
        "".join(sentences[:-1]),
        f"{LETTER}我的學生去年因為沒有實習機會，畢業後只好轉行去送外送。",
    ]
    return [
        a_comment(number, body=body, group="school" if number % 2 else "public")
        for number, body in enumerate([*variants, *OTHERS], start=1)
    ]


def test_a_letter_and_its_variants_are_one_campaign() -> None:
    chapter = found_in(a_campaign())
    (campaign,) = chapter.found["campaigns"]
    assert (campaign["comments"], campaign["people"], campaign["texts"]) == (7, 7, 6)
    assert campaign["groups"] == {"public": 3, "school": 4}
    assert chapter.sets[f"campaigns/{campaign['key']}"] == [reference(n) for n in range(1, 8)]
    assert campaign["shared"] == reference(1)
    assert campaign["sharing"] == 2
    # What one of them added is told.
    assert {"reference": reference(7), "sentence": 3} in campaign["own_sentences"]


def test_it_is_counted_both_ways() -> None:
    counted = found_in(a_campaign()).found["counted"]
    assert (counted["comments"], counted["texts"]) == (10, 4)
    assert counted["groups"] == {
        "public": {"comments": 5, "texts": 3},
        "school": {"comments": 5, "texts": 2},
    }


@settings(max_examples=20, deadline=None)
@given(st.permutations(a_campaign()), st.integers(1, 10))
def test_neither_order_nor_parts_matter(comments: list[Line], at_once: int) -> None:
    found = found_in(comments, at_once=at_once)
    expected = found_in(a_campaign())
    assert found.found["counted"] == expected.found["counted"]
    assert found.found["campaigns"] == expected.found["campaigns"]


def test_short_words_are_no_campaign() -> None:
    comments = [a_comment(number, body="贊成！") for number in range(1, 6)]
    assert found_in(comments).found["campaigns"] == []


def test_width_and_marks_make_no_difference() -> None:
    assert bare("實習 ＡＢＣ，時數！") == bare("實習abc時數")
    texts = [bare(LETTER), bare(LETTER.replace("，", ""))]
    assert are_near(texts, np.array([[0, 1]])).all()


def test_what_a_moderator_decided_stands() -> None:
    comments = a_campaign()
    line = {
        "key": reference(1),
        "members": [reference(1), reference(2)],
        "state": "confirmed",
        "left_out": [reference(4)],
    }
    (campaign,) = conclude(campaigns, comments, a_head(campaign=[line])).found["campaigns"]
    assert (campaign["state"], campaign["comments"]) == ("confirmed", 6)
    rejected = a_head(campaign=[{**line, "state": "rejected"}])
    chapter = conclude(campaigns, comments, rejected)
    assert chapter.found["campaigns"] == []
    assert chapter.found["counted"]["texts"] == 10


def test_a_decision_reaches_a_report_that_lacks_the_campaigns_first_comment() -> None:
    line = {
        "key": reference(1),
        "members": [reference(number) for number in range(1, 8)],
        "state": "confirmed",
        "left_out": [reference(6)],
    }
    (campaign,) = conclude(campaigns, a_campaign()[3:], a_head(campaign=[line])).found["campaigns"]
    assert (campaign["state"], campaign["comments"]) == ("confirmed", 3)


def test_nothing_is_left_of_a_campaign_of_which_all_was_taken_out() -> None:
    references = [reference(number) for number in range(1, 8)]
    line = {"key": reference(1), "members": references, "state": "proposed"}
    head = a_head(campaign=[{**line, "left_out": references}])
    assert conclude(campaigns, a_campaign(), head).found["campaigns"] == []


POLICY = "教育部應會同相關部會，就產業人才需求與技職教育之科系設置，建立定期檢視與調整之機制。"
OWN = (
    "這樣一來小型學校會先被裁掉。",
    "請寫明多久檢視一次，由誰負責。",
    "我在業界三十年，從來沒有人問過我們缺什麼人。",
)


def quoting(*own: str) -> list[Line]:
    return [a_comment(n, body=f"「{POLICY}」{each}") for n, each in enumerate(own, start=1)]


def test_who_quotes_the_same_sentence_of_the_draft_signs_no_letter() -> None:
    head = a_head([("壹-1", f"技職教育是國家發展的根本。{POLICY}")])
    assert conclude(campaigns, quoting(*OWN), head).found["campaigns"] == []
    # Nor who says nothing but that.
    assert conclude(campaigns, quoting("", "", ""), head).found["campaigns"] == []
    # Elsewhere the same sentence is a letter's.
    assert len(conclude(campaigns, quoting(*OWN), HEAD).found["campaigns"]) == 1


def test_a_letter_may_quote_the_draft() -> None:
    head = a_head([("壹-1", POLICY)])
    letters = [*quoting(LETTER, changed(LETTER, 0.1, 1)), *quoting("請刪除。", "請刪除！")]
    comments = [a_comment(n, body=each["body"]) for n, each in enumerate(letters, start=1)]
    found = conclude(campaigns, comments, head).found["campaigns"]
    # What is too short to be compared is still one text where it is the same.
    assert [campaign["comments"] for campaign in found] == [2, 2]


def test_who_proposes_a_wording_of_one_provision_signs_no_letter() -> None:
    wordings = [POLICY.replace("定期", often) for often in ("每年", "每兩年", "每季")]
    comments = [
        a_comment(n, body=body, proposed_text=wording, stance="suggest")
        for n, (body, wording) in enumerate(zip(OWN, wordings, strict=True), start=1)
    ]
    assert found_in(comments).found["campaigns"] == []


def test_drafters_words_are_not_counted() -> None:
    comments = [a_comment(n, body=LETTER, as_drafter=True) for n in (1, 2)]
    assert found_in(comments).found["counted"]["comments"] == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_letters_are_told_from_what_others_say_on_the_same_topic(seed: int) -> None:
    found = judge(letters_among_others(seed, 0.2, others=800))
    assert found.precision >= 0.99
    assert found.recall >= 0.95
