"""What stands before a text's first heading: its title, its label and its history."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from consult.document.numbering import counted
from consult.document.outline import EarlierVersion
from consult.document.reading.blocks import Block, Form, looks_like_title
from consult.document.reading.layout import joined

_NUMBER = r"[0-9０-９]{1,3}|[一二三四五六七八九十百零〇○]{1,7}"
_REPUBLIC_DATE = re.compile(
    rf"(?P<year>{_NUMBER})\s?年\s?(?P<month>{_NUMBER})\s?月\s?(?P<day>{_NUMBER})\s?日"
)
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff（）()]{1,16}字\s?第\s?[0-9０-９A-Za-z]{1,16}\s?號")
_NOTE = re.compile(r"(?:訂定|修正|制定|核定|發布|公布|函頒|頒布|廢止|施行)+")
_HISTORY_START = re.compile(
    r"[（(]|中華民國|民國|(?:訂定|修正|發布|公布|核定)日期|[0-9]{1,2}[.、]\s?中華民國"
)
_LONGEST_HISTORY_ENTRY = 200
_FIRST_YEAR_OF_THE_REPUBLIC = 1912

_VERSION = re.compile(
    r"[（(]?\s?(?:本版本?[為係]|版本[：:])?\s?"
    r"(?P<name>(?:[0-9]{2,4}\s?年\s?)?第\s?[0-9一二三四五六七八九十]{1,3}\s?(?:版|稿|次草案)"
    r"|(?:Draft\s)?(?:Version|Revision|Draft)\s[0-9]{1,3}(?:\.[0-9]{1,3})*)"
    r"(?:\s?[-–—─：:,]{1,4}\s?(?P<stage>[^（）()]{1,60}))?\s?[）)]?"
)
_DRAFT_MARK = re.compile(r"[（(][^（）()]{0,20}(?:草案|[Dd]raft)[^（）()]{0,20}[）)]")
_MOST_TITLE_LINES = 4
_LONGEST_TITLE_LINE = 40


@dataclass(frozen=True)
class FrontMatter:
    """What was recognised, and the blocks that were not."""

    title: str
    label: str
    history: tuple[EarlierVersion, ...]
    rest: tuple[Block, ...]


def read_front_matter(
    blocks: Sequence[Block], *, title: str = "", double_spaced: bool, spaced_scripts: bool
) -> FrontMatter:
    """Title, label and history out of the blocks before the first heading.

    `title` is the title where it is already known. Whatever follows the first block that is none
    of these is text.
    """
    title_lines = _MOST_TITLE_LINES if title else 0
    label = ""
    history: list[EarlierVersion] = []
    for place, block in enumerate(blocks):
        entry = _history_entry(block.text)
        version = _VERSION.fullmatch(block.text[:_LONGEST_HISTORY_ENTRY])
        if entry:
            history.append(entry)
        elif version and not label:
            label = _label(version)
        elif not (history or label) and _belongs_to_title(
            block, title_lines, double_spaced=double_spaced
        ):
            title = (
                joined(title, block.text, spaced_scripts=spaced_scripts) if title else block.text
            )
            title_lines += 1
        else:
            return FrontMatter(title, label, tuple(history), tuple(blocks[place:]))
    return FrontMatter(title, label, tuple(history), ())


def _belongs_to_title(block: Block, title_lines: int, *, double_spaced: bool) -> bool:
    if block.form is not Form.TEXT or block.reading or not looks_like_title(block.text):
        return False
    if title_lines == 0:
        return True
    goes_on = not block.spaced or double_spaced or _DRAFT_MARK.fullmatch(block.text)
    short = len(block.text) <= _LONGEST_TITLE_LINE
    return bool(goes_on) and short and title_lines < _MOST_TITLE_LINES


def _label(version: re.Match[str]) -> str:
    """114 年第 5 版（研修階段）, whichever way the stage was set off."""
    stage = version["stage"]
    return f"{version['name']}（{stage.strip()}）" if stage else version["name"]


def _history_entry(text: str) -> EarlierVersion | None:
    """（行政院 106 年 3 月 2 日院臺教字第 1060165689 號函訂定） and its like."""
    if len(text) > _LONGEST_HISTORY_ENTRY or not _HISTORY_START.match(text):
        return None
    date = _REPUBLIC_DATE.search(text)
    note = _NOTE.search(text, date.end()) or _NOTE.search(text) if date else None
    if date is None or note is None:
        return None
    number = _DOCUMENT_NUMBER.search(text, date.end())
    return EarlierVersion(
        date=_iso_date(date),
        document_number=number[0] if number else "",
        note=note[0],
        text=text,
    )


def _iso_date(date: re.Match[str]) -> str | None:
    """A date of the Republic's calendar as ISO 8601; None where there is no such day."""
    year, month, day = (counted(date[part]) for part in ("year", "month", "day"))
    if year is None or month is None or day is None:
        return None
    try:
        return datetime.date(year + _FIRST_YEAR_OF_THE_REPUBLIC - 1, month, day).isoformat()
    except ValueError:
        return None
