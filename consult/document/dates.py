"""Dates as officials read them, as plain text in the reader's language, in Taipei time.

Chinese: 114 年 11 月 23 日（日）14:05, in years of the Republic. English: 23 November 2025, 14:05.
"""

from datetime import date, datetime

from django.utils import dateformat, timezone, translation

WEEKDAYS = "一二三四五六日"
FIRST_YEAR_OF_THE_REPUBLIC = 1912


def in_taipei(value: datetime | date | str) -> datetime | date:
    """A moment in Taipei time; a date, or one written as ISO 8601, as the date it is."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value


def day_in_words(value: date) -> str:
    """The day alone, as plain text in the reader's language."""
    if not (translation.get_language() or "").startswith("zh"):
        return dateformat.format(value, "j F Y")
    if value.year < FIRST_YEAR_OF_THE_REPUBLIC:
        return f"西元 {value.year} 年 {value.month} 月 {value.day} 日"
    year = value.year - FIRST_YEAR_OF_THE_REPUBLIC + 1
    return f"{year} 年 {value.month} 月 {value.day} 日"


def moment_in_words(value: datetime) -> str:
    """The day, its weekday in Chinese, and the time, as plain text: for messages and e-mail."""
    local = in_taipei(value)
    if (translation.get_language() or "").startswith("zh"):
        return f"{day_in_words(local)}（{WEEKDAYS[local.weekday()]}）{local:%H:%M}"
    return f"{day_in_words(local)}, {local:%H:%M}"
