"""Charts as coordinates."""

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from consult.reports.charts import WIDEST, Part, day_columns, heat, shortened, stacked_bars

VALUES = st.lists(st.integers(0, 5000), min_size=1, max_size=5)


def number(per_cent: str) -> float:
    return float(per_cent.removesuffix("%"))


@given(st.lists(VALUES, max_size=8))
def test_bars_fit_and_keep_proportion(rows: list[list[int]]) -> None:
    chart = stacked_bars(
        [(Part("whole", sum(row)), [Part("a", value) for value in row]) for row in rows]
    )
    highest = max((sum(row) for row in rows), default=0)
    for row, bar in zip(rows, chart.bars, strict=True):
        assert bar.whole.value == sum(row)
        assert number(bar.end) <= WIDEST + 0.01
        assert len(bar.segments) == sum(1 for value in row if value)
        if highest:
            assert abs(number(bar.end) - WIDEST * sum(row) / highest) < 0.01
        widths = sum(number(segment.width) for segment in bar.segments)
        assert abs(widths - number(bar.end)) < 0.01
    assert chart.height >= len(rows) * chart.bar_height


@given(
    st.dictionaries(
        st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 1)), st.integers(1, 99), max_size=9
    )
)
def test_every_day_has_a_column(days: dict[dt.date, int]) -> None:
    chart = day_columns(days)
    assert {c.day: c.value for c in chart.columns if c.value} == days
    assert sum(column.value for column in chart.columns) == sum(days.values())
    dates = [column.day for column in chart.columns]
    assert all(b - a == dt.timedelta(days=1) for a, b in itertools.pairwise(dates))
    assert (chart.peak.value if chart.peak else 0) == max(days.values(), default=0)
    for column in chart.columns:
        assert 0 <= number(column.x) <= 100
        assert column.y + column.height == chart.baseline


def test_nothing_makes_an_empty_chart() -> None:
    assert stacked_bars([]).bars == ()
    assert day_columns({}).columns == ()
    assert day_columns({}).peak is None


def test_long_labels_are_cut() -> None:
    assert shortened("短") == "短"
    assert shortened("發" * 30) == "發" * 20 + "…"


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_heat_has_four_steps(value: int, highest: int) -> None:
    assert 0 <= heat(value, highest=highest) <= 4
    assert (heat(value, highest=highest) == 0) == (value == 0)


def test_the_highest_is_hottest() -> None:
    assert heat(100, highest=100) == 4
    assert heat(1, highest=100) == 1
