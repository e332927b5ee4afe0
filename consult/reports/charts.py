"""Charts as coordinates: values in, places out; the template draws them.

Widths and places across are in per cent of the chart, heights in pixels: so a chart fills a phone
and a page alike while its words keep their size.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What a bar may fill across; the rest is for the number behind the longest one.
WIDEST = 88.0
ROW = 52
BAR = 20
# From this width on (per cent of the chart), a segment has room for its number on a phone.
ROOM_FOR_NUMBER = 9.0
COLUMNS_HEIGHT = 120
COLUMNS_TOP = 20
GAP_BETWEEN_COLUMNS = 0.25
LABEL_LENGTH = 20


@dataclass(frozen=True)
class Part:
    """One value of a bar, or the whole of it: its kind, how much, where its number leads."""

    kind: str
    value: int
    address: str = ""
    label: str = ""


@dataclass(frozen=True)
class Segment:
    """A part with its place."""

    part: Part
    x: str
    width: str
    middle: str
    has_room: bool


@dataclass(frozen=True)
class Bar:
    """One row: its label above, its segments side by side, its total behind them."""

    label: str
    whole: Part
    label_y: int
    bar_y: int
    number_y: int
    end: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class BarChart:
    height: int
    bar_height: int
    bars: tuple[Bar, ...]


def stacked_bars(rows: Sequence[tuple[Part, Sequence[Part]]]) -> BarChart:
    """One bar a row, as long as its whole, which is its parts' sum; all on one scale."""
    longest = max((whole.value for whole, _ in rows), default=0)
    scale = WIDEST / longest if longest else 0.0
    return BarChart(
        height=len(rows) * ROW,
        bar_height=BAR,
        bars=tuple(_bar(place, whole, parts, scale) for place, (whole, parts) in enumerate(rows)),
    )


def _bar(place: int, whole: Part, parts: Sequence[Part], scale: float) -> Bar:
    segments, before = [], 0.0
    for part in parts:
        width = part.value * scale
        if part.value:
            segments.append(
                Segment(
                    part=part,
                    x=per_cent(before),
                    width=per_cent(width),
                    middle=per_cent(before + width / 2),
                    has_room=width >= ROOM_FOR_NUMBER,
                )
            )
        before += width
    top = place * ROW
    return Bar(
        label=shortened(whole.label),
        whole=whole,
        label_y=top + 15,
        bar_y=top + 22,
        number_y=top + 22 + BAR - 5,
        end=per_cent(before),
        segments=tuple(segments),
    )


@dataclass(frozen=True)
class Column:
    """One day: its column, and its number where that is the highest."""

    day: dt.date
    value: int
    x: str
    width: str
    middle: str
    y: float
    height: float


@dataclass(frozen=True)
class ColumnChart:
    """Every day from the first to the last, those without a comment included."""

    height: int
    baseline: int
    columns: tuple[Column, ...]
    peak: Column | None


def day_columns(days: Mapping[dt.date, int]) -> ColumnChart:
    """A column a day on one scale; the first of the highest is the peak."""
    every = _every_day(days)
    highest = max(days.values(), default=0)
    step = 100 / len(every) if every else 0.0
    columns = tuple(
        _column(place, day, days.get(day, 0), step, highest) for place, day in enumerate(every)
    )
    peak = next((column for column in columns if column.value == highest), None)
    baseline = COLUMNS_TOP + COLUMNS_HEIGHT
    return ColumnChart(height=baseline + 24, baseline=baseline, columns=columns, peak=peak)


def _column(place: int, day: dt.date, value: int, step: float, highest: int) -> Column:
    height = round(COLUMNS_HEIGHT * value / highest, 1) if highest else 0.0
    # A few days shall not become slabs.
    width = min(step * (1 - GAP_BETWEEN_COLUMNS), 6.0)
    middle = (place + 0.5) * step
    return Column(
        day=day,
        value=value,
        x=per_cent(middle - width / 2),
        width=per_cent(width),
        middle=per_cent(min(max(middle, 3.0), 97.0)),
        y=COLUMNS_TOP + COLUMNS_HEIGHT - height,
        height=height,
    )


def _every_day(days: Mapping[dt.date, int]) -> list[dt.date]:
    if not days:
        return []
    first, last = min(days), max(days)
    return [first + dt.timedelta(days=after) for after in range((last - first).days + 1)]


def per_cent(value: float) -> str:
    """As an SVG attribute, free of the reader's locale."""
    return f"{value:.3f}%"


def shortened(label: str) -> str:
    """Words in a drawing don't wrap: a Latin letter takes half the room of a Chinese one."""
    room = float(LABEL_LENGTH)
    for place, character in enumerate(label):
        room -= 0.55 if character.isascii() else 1.0
        if room < 0:
            return label[:place].rstrip() + "…"
    return label


def heat(value: int, *, highest: int) -> int:
    """Which of the four tints a number gets; 0 for none."""
    if value <= 0 or highest <= 0:
        return 0
    return min(4, 1 + (value - 1) * 4 // highest)
