"""Numbers as word processors print them, and as the reader counts them again."""

import pytest

from consult.document.numbering import counted
from consult.document.sources.numerals import before, open_document_numeral, word_numeral


@pytest.mark.parametrize("form", ["taiwaneseCountingThousand", "chineseCounting"])
def test_chinese_numerals_are_counted_as_they_were_written(form: str) -> None:
    numbers = [*range(1, 130), 200, 201, 210, 219, 999, 1000, 1001, 1010, 1100, 2345]
    assert [counted(word_numeral(number, form=form)) for number in numbers] == numbers


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (10, "taiwaneseCountingThousand", "十"),
        (20, "taiwaneseCountingThousand", "二十"),
        (110, "taiwaneseCountingThousand", "一百一十"),
        (12, "ideographLegalTraditional", "拾貳"),
        (21, "ideographLegalTraditional", "貳拾壹"),
        (105, "taiwaneseDigital", "一〇五"),
        (11, "ideographTraditional", "甲"),
        (12, "ideographZodiac", "亥"),
        (4, "lowerRoman", "iv"),
        (1994, "upperRoman", "MCMXCIV"),
        (27, "lowerLetter", "aa"),
        (3, "decimalEnclosedCircle", "③"),
        (30, "decimalEnclosedCircle", "30"),
        (5, "decimalZero", "05"),
        (0, "ideographTraditional", "0"),
        (99999, "taiwaneseCountingThousand", "99999"),
    ],
)
def test_numerals_of_word(number: int, form: str, printed: str) -> None:
    assert word_numeral(number, form=form) == printed


@pytest.mark.parametrize(
    ("form", "printed"),
    [("一, 二, 三, ...", "三"), ("壹, 貳, 參, ...", "參"), ("I", "III"), ("①, ②, ③, ...", "③")],
)
def test_numerals_of_open_document(form: str, printed: str) -> None:
    assert open_document_numeral(3, form=form) == printed


@pytest.mark.parametrize(
    ("number", "printed"),
    [("壹、", "壹、甲"), ("(一)", "(一)甲"), ("1.", "1. 甲"), ("第五條", "第五條 甲"), ("", "甲")],
)
def test_what_stands_between_a_number_and_its_text(number: str, printed: str) -> None:
    assert before("甲", number=number) == printed
