"""Numbers as word processors print them before headings and items: 二十一, 貳, 乙, iv, ③.

Word and OpenDocument name the same ways of counting differently; both names lead here.
"""

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_FORMAL_DIGITS = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
# Beyond this nobody counts in letters or signs, and Chinese numerals need another unit.
_HIGHEST = 9999
_LETTERS = 26


def _decimal(number: int) -> str:
    return str(number)


def _padded(number: int) -> str:
    return f"{number:02d}"


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


def _counted(number: int, digits: str, units: tuple[str, str, str, str]) -> str:
    """With units: 一百零二; ten is 十 and not 一十, but a hundred and ten is 一百一十."""
    if not 0 < number <= _HIGHEST:
        return digits[0] if number == 0 else str(number)
    said = ""
    for place, digit in zip(range(3, -1, -1), f"{number:04d}", strict=True):
        if digit != "0":
            said += digits[int(digit)] + units[place]
        elif said and not said.endswith("零"):
            said += "零"
    said = said.rstrip("零").replace("〇", "")
    ten = digits[1] + units[1]
    return said.removeprefix(digits[1]) if said.startswith(ten) else said


def _chinese(number: int) -> str:
    return _counted(number, _DIGITS, ("", "十", "百", "千"))


def _formal(number: int) -> str:
    return _counted(number, _FORMAL_DIGITS, ("", "拾", "佰", "仟"))


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _round(signs: str) -> Callable[[int], str]:
    """One sign a number, round and round as calendars count; a plain number where that is long."""
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


def _lettered(number: int) -> str:
    """a to z, then aa to zz, as word processors go on."""
    if not 0 < number <= _LETTERS * 9:
        return str(number)
    return chr(ord("a") + (number - 1) % _LETTERS) * ((number - 1) // _LETTERS + 1)


def _roman(number: int) -> str:
    if not 0 < number <= _HIGHEST:
        return str(number)
    said = ""
    for worth, letters in _ROMAN:
        times, number = divmod(number, worth)
        said += letters * times
    return said


def _signs(first: str, count: int) -> Callable[[int], str]:
    """Signs that stand one behind another in Unicode: ① ② ③."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


def _upper(write: Callable[[int], str]) -> Callable[[int], str]:
    return lambda number: write(number).upper()


_WORD: dict[str, Callable[[int], str]] = {
    "decimal": _decimal,
    "decimalZero": _padded,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalHalfWidth": _decimal,
    "upperRoman": _upper(_roman),
    "lowerRoman": _roman,
    "upperLetter": _upper(_lettered),
    "lowerLetter": _lettered,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseDigital": _digit_by_digit,
    "ideographDigital": _digit_by_digit,
    "ideographTraditional": _round(_STEMS),
    "ideographZodiac": _round(_BRANCHES),
    "ideographLegalTraditional": _formal,
    "chineseLegalSimplified": _formal,
    "japaneseLegal": _formal,
    "decimalEnclosedCircle": _signs("①", 20),
    "decimalEnclosedCircleChinese": _signs("①", 20),
    "decimalEnclosedParen": _signs("⑴", 20),
    "decimalEnclosedFullstop": _signs("⒈", 20),
    "ideographEnclosedCircle": _signs("㊀", 10),
    "ideographParenthesized": _signs("㈠", 10),
}
# OpenDocument shows a way of counting by its beginning.
_OPEN_DOCUMENT: dict[str, Callable[[int], str]] = {
    "1": _decimal,
    "01": _padded,
    "１": _full_width,
    "I": _upper(_roman),
    "i": _roman,
    "A": _upper(_lettered),
    "a": _lettered,
    "一": _chinese,
    "壹": _formal,
    "壱": _formal,
    "甲": _round(_STEMS),
    "子": _round(_BRANCHES),
    "①": _signs("①", 20),
    "⑴": _signs("⑴", 20),
    "㈠": _signs("㈠", 10),
}


def word_numeral(number: int, *, form: str) -> str:
    """The number in the way that a DOCX calls by this name; plain where it is unknown."""
    return _WORD.get(form, _decimal)(number)


def open_document_numeral(number: int, *, form: str) -> str:
    """The number in the way of `style:num-format` (「一, 二, 三, ...」); plain where unknown."""
    return _OPEN_DOCUMENT.get(form.partition(",")[0].strip(), _decimal)(number)


def before(text: str, *, number: str, close: bool = False) -> str:
    """The text with its printed number: 一、序言, (一)學校, but 1. Schools and 第五條 目的.

    `close` says that nothing stands between them in the document itself.
    """
    chinese = any("\u3400" <= each <= "\u9fff" for each in number)
    if not number or close or number.endswith(("、", "．", "：", "）")):
        return number + text
    return number + text if chinese and number.endswith((")", ",")) else f"{number} {text}"
