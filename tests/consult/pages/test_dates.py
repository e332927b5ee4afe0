"""Dates as officials read them, with the machine's beside them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from consult.document.dates import moment_in_words
from consult.templatetags.dates import (
    machine,
    official_date,
    official_moment,
    remaining,
)

MOMENT = datetime(2025, 11, 23, 6, 5, tzinfo=UTC)


def test_a_moment_in_chinese_counts_years_of_the_republic() -> None:
    with translation.override("zh-hant"):
        assert official_moment(MOMENT) == (
            '<time datetime="2025-11-23T14:05+08:00">114 年 11 月 23 日（日）14:05</time>'
        )


def test_a_moment_in_english() -> None:
    with translation.override("en"):
        assert official_moment(MOMENT) == (
            '<time datetime="2025-11-23T14:05+08:00">23 November 2025, 14:05</time>'
        )
        assert moment_in_words(MOMENT) == "23 November 2025, 14:05"


def test_the_day_is_taipeis() -> None:
    late = datetime(2025, 11, 23, 16, 30, tzinfo=UTC)
    with translation.override("zh-hant"):
        assert official_date(late) == '<time datetime="2025-11-24">114 年 11 月 24 日</time>'


@pytest.mark.parametrize("value", ["2017-03-02", date(2017, 3, 2)])
def test_a_date_without_a_time(value: date | str) -> None:
    with translation.override("zh-hant"):
        assert official_date(value) == '<time datetime="2017-03-02">106 年 3 月 2 日</time>'
    assert machine(value) == "2017-03-02"


def test_before_the_republic_the_common_year_is_used() -> None:
    with translation.override("zh-hant"):
        assert "西元 1911 年 12 月 31 日" in official_date(date(1911, 12, 31))
        assert ">1 年 1 月 1 日<" in official_date(date(1912, 1, 1))


@pytest.mark.parametrize("filter_", [official_date, official_moment, remaining, machine])
def test_nothing_where_there_is_no_date(filter_: object) -> None:
    assert callable(filter_)
    assert filter_(None) == ""


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=9, hours=23), "9 days left"),
        (timedelta(days=1), "1 day left"),
        (timedelta(hours=23, minutes=59), "23 hours left"),
        (timedelta(hours=1), "1 hour left"),
        (timedelta(minutes=59), "Less than an hour left"),
        (timedelta(0), "Time is up"),
    ],
)
def test_what_remains_is_rounded_down(left: timedelta, words: str) -> None:
    with translation.override("en"):
        assert f">{words}<" in remaining(MOMENT + left, MOMENT)
