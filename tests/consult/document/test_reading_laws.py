"""Sixty laws, each before and after an amendment, written as such texts are and read back."""

import itertools
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from consult.document.outline import Outline, OutlineSection
from consult.document.reading import read_outline

LAWS = Path(__file__).parent / "data/law-amendments.jsonl"
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Law:
    name: str
    when: str
    articles: list[dict[str, str]]

    def __str__(self) -> str:
        return f"{self.name} ({self.when})"


def every_law() -> Iterator[Law]:
    with LAWS.open(encoding="utf-8") as lines:
        for line in lines:
            data: dict[str, Any] = json.loads(line)
            for when in ("before", "after"):
                yield Law(data["name"], when, data[when])


EVERY_LAW = list(every_law())


def chinese(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


def in_chinese(number: str) -> str:
    main, *sub = [int(each) for each in re.findall(r"\d+", number)]
    return f"第{chinese(main)}條" + "".join(f"之{chinese(each)}" for each in sub)


# Each way to write an article: its number and its text.
WRITINGS: dict[str, Callable[[str, str], str]] = {
    "number on its own line": lambda number, text: f"{number}\n{text}",
    "number in Chinese": lambda number, text: f"{in_chinese(number)}\n{text}",
    "number without spaces": lambda number, text: f"{number.replace(' ', '')}\n{text}",
    "number and text on one line": lambda number, text: f"{number}　{text}",
    "one narrow space between them": lambda number, text: f"{number} {text}",
    "Chinese number and text on one line": lambda number, text: f"{in_chinese(number)}　{text}",
    "every line indented": lambda number, text: number + "\n　　" + text.replace("\n", "\n　　"),
    "first line indented": lambda number, text: f"{number}\n　　{text}",
    "number indented": lambda number, text: f"    {number}\n{text}",
    "blank lines around": lambda number, text: f"\n{number}\n\n{text}\n",
    "a blank line after every line": lambda number, text: (
        f"{number}\n\n" + text.replace("\n", "\n\n") + "\n"
    ),
    "Windows line ends": lambda number, text: f"{number}\n{text}".replace("\n", "\r\n"),
}


def written(law: Law, writing: Callable[[str, str], str]) -> str:
    lines = [law.name]
    for chapter, articles in itertools.groupby(law.articles, key=lambda each: each["chapter"]):
        lines += [chapter] if chapter else []
        lines += [writing(each["number"], each["text"]) for each in articles]
    return "\n".join(lines)


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def headings_and_articles(outline: Outline) -> list[tuple[str, str]]:
    """Chapters with an empty text, articles with theirs, as they stand."""

    def walk(section: OutlineSection) -> Iterator[tuple[str, str]]:
        text = "".join(provision.text for provision in section.provisions)
        if section.ref.endswith("條"):
            yield section.ref, bare(section.title + text)
        else:
            yield bare(section.number + section.title), bare(text)
        for child in section.sections:
            yield from walk(child)

    return [pair for section in outline.sections for pair in walk(section)]


def known(law: Law) -> list[tuple[str, str]]:
    pairs = []
    for chapter, articles in itertools.groupby(law.articles, key=lambda each: each["chapter"]):
        pairs += [(bare(chapter), "")] if chapter else []
        pairs += [(bare(each["number"]), bare(each["text"])) for each in articles]
    return pairs


def test_there_are_a_hundred_and_twenty_texts() -> None:
    assert len(EVERY_LAW) == 120


@pytest.mark.parametrize("law", EVERY_LAW, ids=str)
@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS)
def test_every_heading_and_every_word_of_every_article(
    law: Law, writing: Callable[[str, str], str]
) -> None:
    outline = read_outline(written(law, writing))
    assert outline.title == law.name
    assert headings_and_articles(outline) == known(law)


@pytest.mark.parametrize("law", EVERY_LAW, ids=str)
def test_references_are_those_lawyers_cite(law: Law) -> None:
    """第5條-2-1 is 第5條第2項第1款, as far as the text's own lines show paragraphs."""
    outline = read_outline(written(law, WRITINGS["number on its own line"]))

    def refs(section: OutlineSection) -> Iterator[str]:
        yield section.ref
        for provision in section.provisions:
            assert provision.ref.startswith(f"{section.ref}-")
            yield provision.ref
        for child in section.sections:
            yield from refs(child)

    given = [ref for section in outline.sections for ref in refs(section)]
    assert len(given) == len(set(given))


def law_called(name: str) -> Outline:
    [law] = [law for law in EVERY_LAW if law.name == name and law.when == "before"]
    return read_outline(written(law, WRITINGS["number on its own line"]))


def article(outline: Outline, ref: str) -> list[tuple[str, str]]:
    def find(section: OutlineSection) -> Iterator[OutlineSection]:
        if section.ref == ref:
            yield section
        for child in section.sections:
            yield from find(child)

    [found] = [each for section in outline.sections for each in find(section)]
    return [(provision.ref, provision.kind) for provision in found.provisions]


def test_paragraphs_subparagraphs_and_items() -> None:
    outline = law_called("食品及相關產品輸入查驗辦法")
    assert article(outline, "第8條") == [
        ("第8條-1", "paragraph"),
        ("第8條-1-1", "item"),
        ("第8條-1-2", "item"),
        ("第8條-1-2-1", "item"),
        ("第8條-1-2-2", "item"),
        ("第8條-1-3", "item"),
        ("第8條-1-4", "item"),
        ("第8條-1-5", "item"),
        ("第8條-2", "paragraph"),
    ]


def test_a_wrapped_citation_is_no_article() -> None:
    outline = law_called("行政院功能業務與組織調整暫行條例施行期間員工權益保障處理辦法")
    assert article(outline, "第5條") == [("第5條-1", "paragraph")]


def test_two_lists_in_one_article() -> None:
    outline = law_called("蒙特婁議定書列管化學物質管理辦法")
    refs = [ref for ref, _ in article(outline, "第9條")]
    assert refs[:6] == ["第9條-1", *(f"第9條-1-{place}" for place in range(1, 5)), "第9條-2"]


def test_an_item_whose_numeral_is_torn_apart() -> None:
    outline = law_called("財政部北區國稅局處務規程")
    refs = [ref for ref, _ in article(outline, "第4條")]
    assert refs == ["第4條-1", *(f"第4條-1-{place}" for place in range(1, len(refs)))]


def test_an_indented_line_goes_on_with_its_item_though_a_sentence_ended() -> None:
    outline = law_called("行政院功能業務與組織調整暫行條例施行期間員工權益保障處理辦法")
    assert article(outline, "第8條") == [
        ("第8條-1", "paragraph"),
        ("第8條-1-1", "item"),
        ("第8條-1-2", "item"),
        ("第8條-1-3", "item"),
        ("第8條-2", "paragraph"),
        ("第8條-3", "paragraph"),
    ]
