"""The rule of a window's state stands twice, as a value and as a query: they say the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.document import windows
from consult.document.models import Draft, Window
from consult.document.windows import WindowDates, WindowState

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
State = WindowState

moments = st.integers(0, 6).map(lambda hours: NOON + timedelta(hours=hours))


@st.composite
def dates(draw: st.DrawFn) -> WindowDates:
    """Any dates that the table takes."""
    announced = draw(moments)
    opens = draw(st.none() | moments.map(lambda moment: max(announced, moment)))
    closes = draw(st.none() | moments) if opens else None
    if opens and closes and closes <= opens:
        closes = opens + timedelta(hours=1)
    return WindowDates(announced, opens, closes, draw(st.none() | moments))


@given(dates=dates(), at=moments)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_value_and_query_agree(unpublished_draft: Draft, dates: WindowDates, at: datetime) -> None:
    section = unpublished_draft.sections.get(ref="壹")
    Window.objects.filter(section=section).delete()
    Window.objects.create(
        section=section,
        announced_at=dates.announced_at or NOON,
        opens_at=dates.opens_at,
        closes_at=dates.closes_at,
        withdrawn_at=dates.withdrawn_at,
    )
    state = dates.state(at=at)
    found = Window.objects.filter(section=section)
    assert found.filter(windows.is_listed(at=at)).exists() == (state != State.UNPUBLISHED)
    assert found.filter(windows.is_readable(at=at)).exists() == (
        state in (State.OPEN, State.CLOSED)
    )
    assert found.filter(windows.is_open(at=at)).exists() == (state == State.OPEN)
    assert found.filter(windows.not_withdrawn(at=at)).exists() == (
        dates.withdrawn_at is None or dates.withdrawn_at > at
    )


@pytest.mark.parametrize(
    ("hour", "state"),
    [
        (-1, State.UNPUBLISHED),
        (0, State.ANNOUNCED),
        (1, State.OPEN),
        (2, State.CLOSED),
        (3, State.UNPUBLISHED),
    ],
)
def test_each_moment_counts_from_itself_on(hour: int, state: WindowState) -> None:
    hours = [NOON + timedelta(hours=later) for later in range(4)]
    assert WindowDates(*hours).state(at=NOON + timedelta(hours=hour)) == state


def test_a_section_without_a_window_is_not_published(unpublished_draft: Draft) -> None:
    section = unpublished_draft.sections.get(ref="壹")
    assert section.state(at=NOON) == State.UNPUBLISHED
    assert not unpublished_draft.sections.listed(at=NOON).exists()
