"""Whatever the reading may say of a line can be said in Chinese, too."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from consult.pages.reading_words import REASONS, SENTENCES, reason, said, sentence

ROOMS = Path(__file__).resolve().parents[3] / "consult/document"
SOURCE = "\n".join(
    path.read_text()
    for room in ("reading", "sources")
    for path in sorted((ROOMS / room).glob("*.py"))
)
IN_CODE = re.compile(
    r"[dD]oubt\((?:[^()\"]|\([^()]*\))*?,?\s*f?((?:\"[^\"\n]*\"\s*f?)+)", re.DOTALL
)
PLACE = re.compile(r"\{[^{}]*\}")


def doubts_in_code() -> list[str]:
    found = []
    for match in IN_CODE.finditer(SOURCE):
        words = "".join(re.findall(r"\"([^\"\n]*)\"", match[1]))
        found.append(PLACE.sub("某", words))
    return found


def test_there_are_many() -> None:
    assert len(doubts_in_code()) >= 20


@pytest.mark.parametrize("words", doubts_in_code())
def test_each_doubt_is_known(words: str) -> None:
    with translation.override("zh-hant"):
        assert sentence(f"{words}.") != f"{words}."


@pytest.mark.parametrize("words", SENTENCES)
def test_sentences_stay_as_they_are_in_english(words: str) -> None:
    filled = re.sub(r"%\(\w+\)s", "5", words)
    with translation.override("en"):
        assert said(f"Line 12: {filled}") == f"Line 12: {filled}"
    with translation.override("zh-hant"):
        assert "12" in said(f"Line 12: {filled}")
        assert not re.search(r"[a-z]{4}", said(f"Line 12: {filled}"))


@pytest.mark.parametrize("words", re.findall(r"LeftOut\([^\"\n]*\"([^\"]+)\"\)", SOURCE))
def test_each_reason_is_known(words: str) -> None:
    assert words in REASONS
    with translation.override("zh-hant"):
        assert reason(words) != words


def test_what_nobody_translated_stays() -> None:
    with translation.override("zh-hant"):
        assert sentence("something new.") == "something new."
        assert said("no line at all") == "no line at all"
