"""How headings and items are numbered, in Taiwanese official texts and in English ones.

`STYLES` is the table of every style known. `enumerators` says in which of them a line may begin;
whether it truly does depends on the lines around it, which this module never sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

# --- Numerals -----------------------------------------------------------------------------------

_DIGITS = {
    **{character: value for value, character in enumerate("〇一二三四五六七八九")},
    **{character: value for value, character in enumerate("零壹貳參肆伍陸柒捌玖")},
    "○": 0,
    "貮": 2,
    "叁": 3,
    "叄": 3,
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_SIGNS = {
    chr(first + offset): offset + 1
    for first, count in ((0x2460, 20), (0x2474, 20), (0x3220, 10))
    for offset in range(count)
}


def counted(numeral: str) -> int | None:
    """What a Chinese or Arabic numeral is worth (二十一, 三  十, １２); None if it is none."""
    text = "".join(numeral.split())
    if text.isdecimal():
        return int(text)
    if not text or any(each not in _DIGITS and each not in _UNITS for each in text):
        return None
    if not any(each in _UNITS for each in text):
        return int("".join(str(_DIGITS[each]) for each in text))
    total = digit = 0
    for each in text:
        if each in _UNITS:
            total += (digit or 1) * _UNITS[each]
            digit = 0
        else:
            digit = _DIGITS[each]
    return total + digit


def _roman(numeral: str) -> int | None:
    values = [_ROMAN[each] for each in numeral.upper()]
    total = sum(
        -value if value < max(values[place:]) else value for place, value in enumerate(values)
    )
    return total if total > 0 else None


def _lettered(numeral: str) -> int | None:
    return ord(numeral.upper()) - ord("A") + 1


def _stem(numeral: str) -> int | None:
    return _STEMS.index(numeral) + 1


def _english(numeral: str) -> int | None:
    if numeral.isdecimal():
        return int(numeral)
    return _roman(numeral) if set(numeral) <= set(_ROMAN) else _lettered(numeral)


# --- The styles ---------------------------------------------------------------------------------


class Role(Enum):
    """What a style's numbers stand before."""

    DIVISION = auto()  # a chapter or section: always a heading
    ARTICLE = auto()  # always a heading, numbered through the whole text
    ANNEX = auto()  # always a heading, and never beneath another
    LIST = auto()  # a heading or an item: what surrounds it decides
    BULLET = auto()  # an item without a number


HEADING_ROLES = frozenset({Role.DIVISION, Role.ARTICLE, Role.ANNEX})


@dataclass(frozen=True)
class Style:
    """One way to number. Of two styles with a rank, the one of the smaller rank stands above."""

    name: str
    rank: int | None
    role: Role
    pattern: re.Pattern[str]
    value: Callable[[str], int | None]


_CHINESE = r"[一二三四五六七八九十百千零〇○](?:\s{0,2}[一二三四五六七八九十百千零〇○]){0,6}"
_FORMAL = r"[壹貳貮參叁叄肆伍陸柒捌玖拾]{1,3}"
_ARABIC = r"[0-9０-９]{1,4}"
_EITHER = rf"(?:{_ARABIC}|{_CHINESE})"
_ENGLISH = rf"(?:{_ARABIC}|[IVXLC]{{1,6}}|[A-Z])"
_POINT = r"\s{0,2}[、．.：:](?![0-9０-９])"
_GOAL = "目標|策略|主軸|重點|議題|構面|面向|原則|任務|方案|措施|行動"
# The mark after an English number; a following small letter would make it running text.
_ENGLISH_END = r"(?:[.:]|\s*[–—-])?(?=$|\s+[^a-z\s])"
_ARTICLE = (
    rf"(?P<number>第\s{{0,3}}(?P<n>{_EITHER})(?:\s?[-－‐–]\s?(?P<sub>{_ARABIC}))?\s{{0,3}}條"
    rf"(?:\s?之\s?(?P<sub2>{_EITHER}))?)"
)


def _division(unit: str, rank: int) -> Style:
    number = rf"第\s{{0,3}}(?P<n>{_EITHER})\s{{0,3}}{unit}(?:\s?之\s?(?P<sub>{_EITHER}))?"
    pattern = rf"(?P<number>{number})(?=$|[\s：:、])[：:、]?"
    return Style(f"第一{unit}", rank, Role.DIVISION, re.compile(pattern), counted)


def _english_division(word: str, rank: int) -> Style:
    pattern = rf"(?P<number>(?:{word}|{word.upper()})\s(?P<n>{_ENGLISH})){_ENGLISH_END}"
    return Style(word, rank, Role.DIVISION, re.compile(pattern), _english)


def _list(
    name: str,
    rank: int | None,
    pattern: str,
    value: Callable[[str], int | None] = counted,
) -> Style:
    return Style(name, rank, Role.LIST, re.compile(pattern), value)


STYLES: tuple[Style, ...] = (
    Style(
        "附錄",
        0,
        Role.ANNEX,
        re.compile(
            rf"(?P<number>(?P<word>附[錄件表篇冊])\s?(?P<n>{_EITHER})?)(?=$|[\s：:、．.])[：:、．.]?"
        ),
        counted,
    ),
    Style(
        "Annex",
        0,
        Role.ANNEX,
        re.compile(
            rf"(?P<number>(?P<word>Annex|Appendix|Schedule|ANNEX|APPENDIX|SCHEDULE)"
            rf"(?:\s(?P<n>{_ENGLISH}))?){_ENGLISH_END}"
        ),
        _english,
    ),
    *(_division(unit, rank) for unit, rank in (("編", 1), ("篇", 1), ("部分", 1), ("章", 2))),
    *(_division(unit, rank) for unit, rank in (("節", 3), ("款", 4), ("目", 5))),
    *(
        _english_division(word, rank)
        for word, rank in (("Part", 1), ("Title", 1), ("Chapter", 2), ("Section", 3))
    ),
    Style(
        "第一條",
        10,
        Role.ARTICLE,
        # 「第 3 條 第 2 項」 is a citation, but an article's own text may begin 「第二條所定…」.
        re.compile(rf"{_ARTICLE}(?=$|[\s：:（(])(?! 第\s?{_EITHER}\s?[項款目])[：:]?"),
        counted,
    ),
    Style(
        "Article",
        10,
        Role.ARTICLE,
        re.compile(rf"(?P<number>(?:Article|ARTICLE)\s(?P<n>{_ENGLISH})){_ENGLISH_END}"),
        _english,
    ),
    _list("壹、", 20, rf"(?P<number>(?P<n>{_FORMAL}))(?:{_POINT}|\s+(?=\S))"),
    _list("一、", 30, rf"(?P<number>(?P<n>{_CHINESE}))(?:{_POINT}|\u3000+(?=\S))"),
    _list("（一）", 40, rf"(?P<number>[（(]\s?(?P<n>{_CHINESE})\s?[）)])[、：]?"),
    _list("㈠", 40, r"(?P<number>(?P<n>[㈠-㈩]))", _SIGNS.get),
    _list("1.", 50, rf"(?P<number>(?P<n>{_ARABIC})){_POINT}"),
    _list("1", 50, r"(?P<number>(?P<n>[0-9]{1,2}))\s+(?=[A-Z])"),
    _list(
        "1.1",
        51,
        r"(?P<number>(?P<path>[0-9]{1,3}(?:\.[0-9]{1,3}){0,3})\.(?P<n>[0-9]{1,3}))\.?(?=\s)",
    ),
    _list("1)", 56, rf"(?P<number>(?P<n>{_ARABIC})[）)])[、：]?"),
    _list("(1)", 60, rf"(?P<number>[（(]\s?(?P<n>{_ARABIC})\s?[）)])[、：]?"),
    _list("⑴", 60, r"(?P<number>(?P<n>[⑴-⒇]))", _SIGNS.get),
    _list("①", 70, r"(?P<number>(?P<n>[①-⑳]))", _SIGNS.get),
    _list("甲、", None, rf"(?P<number>(?P<n>[{_STEMS}])){_POINT}", _stem),
    _list("（甲）", None, rf"(?P<number>[（(](?P<n>[{_STEMS}])[）)])", _stem),
    _list("I.", None, r"(?P<number>(?P<n>[IVXLC]{1,6}))[.、．](?=\s|[^\x00-\x7f])", _roman),
    _list("A.", None, r"(?P<number>(?P<n>[A-Z]))[.、．](?=\s|[^\x00-\x7f])", _lettered),
    _list("a.", None, r"(?P<number>(?P<n>[a-z]))[.)](?=\s)", _lettered),
    _list("(i)", None, r"(?P<number>[（(](?P<n>[ivxlc]{1,6})[）)])", _roman),
    _list("(a)", None, r"(?P<number>[（(](?P<n>[a-zA-Z])[）)])", _lettered),
    _list(
        "目標一", None, rf"(?P<number>(?P<word>{_GOAL})\s?(?P<n>{_EITHER}))(?:{_POINT}|\s+(?=\S))"
    ),
    Style("•", None, Role.BULLET, re.compile(r"(?P<number>[-*+–•●○■□◆◇▪‧])\s+(?=\S)"), counted),
)


# --- Reading ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Enumerator:
    """A line's beginning, read in one style.

    `sequence` names what it is counted among (目標 apart from 策略, 1.1 apart from 2.1), `ordinal`
    its place there (第 5-1 條 is 5, 1), `number` is as printed without the mark that ends it, and
    `rest` is what follows.
    """

    sequence: str
    rank: int | None
    role: Role
    ordinal: tuple[int, ...]
    number: str
    rest: str

    def begins(self) -> bool:
        """Whether a sequence may start here."""
        return self.role is Role.BULLET or self.ordinal in ((0,), (1,))

    def follows(self, earlier: tuple[int, ...]) -> bool:
        """Whether this is the very next after `earlier`: 5 or 4-1 after 4, 5 after 4-2."""
        return self.ordinal in (
            (*earlier[:-1], earlier[-1] + 1),
            (*earlier, 1),
            (earlier[0] + 1,),
        )


# Most lines of a long text begin with none of these: a quick refusal.
_POSSIBLE_START = re.compile(
    rf"[第附壹貳貮參叁叄肆伍陸柒捌玖拾{_STEMS}一二三四五六七八九十百千零〇○（(0-9０-９①-⒇㈠-㈩A-Za-z]"
    rf"|[-*+–•●■□◆◇▪‧]|{_GOAL}"
)
_LONGEST_NUMBER = 40


def enumerators(text: str) -> tuple[Enumerator, ...]:
    """Every style in which `text`, a line without its margins, may begin; likeliest first."""
    return tuple(_readings(text)) if _POSSIBLE_START.match(text) else ()


def _readings(text: str) -> Iterator[Enumerator]:
    for style in STYLES:
        match = style.pattern.match(text)
        if match is None or len(match["number"]) > _LONGEST_NUMBER:
            continue
        ordinal = _ordinal(style, match)
        if ordinal is not None:
            yield Enumerator(
                sequence=_sequence(style, match),
                rank=_rank(style, match),
                role=style.role,
                ordinal=ordinal,
                number=match["number"].strip(),
                rest=text[match.end() :].strip(),
            )


def _sequence(style: Style, match: re.Match[str]) -> str:
    groups = match.groupdict()
    if style.name == "1.1":
        return f"{groups['path']}.1"
    return f"{groups['word']}一" if groups.get("word") else style.name


def _rank(style: Style, match: re.Match[str]) -> int | None:
    """1.1.1 stands beneath 1.1."""
    if style.rank is None or style.name != "1.1":
        return style.rank
    return style.rank + match["path"].count(".")


def _ordinal(style: Style, match: re.Match[str]) -> tuple[int, ...] | None:
    groups = match.groupdict()
    parts = [groups[name] for name in ("n", "sub", "sub2") if groups.get(name)]
    values = [style.value(part) for part in parts if part]
    if any(value is None for value in values):
        return None
    return tuple(value for value in values if value is not None) or (1,)


# --- References ---------------------------------------------------------------------------------


def article_reference(number: str) -> str:
    """第 5 條 and 第五條 as 第5條; 第 5-1 條 and 第五條之一 as 第5-1條; Article 3 as Article3.

    Empty where `number` is no article's.
    """
    for reading in enumerators(number):
        if reading.role is Role.ARTICLE and not reading.rest:
            if reading.sequence == "Article":
                return reference_part(number)
            return f"第{'-'.join(map(str, reading.ordinal))}條"
    return ""


def reference_part(number: str) -> str:
    """A section's number as it stands in references: no spaces, nothing an address can't hold."""
    return "".join(each for each in number if each.isalnum() or each in ".-()（）")
