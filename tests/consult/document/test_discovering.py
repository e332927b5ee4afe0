"""What no dictionary has but the text keeps together is offered as a term."""

from consult.document.discovering import discover
from consult.document.segmenting import NO_TERMS, Vocabulary
from consult.pages.demonstration.script import TEXT

SENTENCES = TEXT.read_text(encoding="utf-8").replace("\n", "").split("。")


def test_the_drafts_own_words_are_found() -> None:
    found = {each.term: each.times for each in discover(SENTENCES, known=NO_TERMS)}
    assert {"技職教育", "技職校院", "職業繼續教育", "少子女化", "永續發展"} <= set(found)
    assert all(times >= 3 for times in found.values())


def test_what_is_known_is_not_offered_again() -> None:
    known = Vocabulary(["技職教育", "少子女化"])
    found = {each.term for each in discover(SENTENCES, known=known)}
    assert found.isdisjoint({"技職教育", "少子女化"})
    # Nor what the dictionary has.
    assert "國民中學" not in found


def test_nothing_is_found_in_nothing() -> None:
    assert discover([], known=NO_TERMS) == []
    assert discover(["English only", "一二三"], known=NO_TERMS) == []
