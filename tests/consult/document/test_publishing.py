"""Each act fits some states, takes effect at its time, and leaves a record."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from consult.document import publishing
from consult.document.models import Draft, Provision, Section, WindowRecord
from consult.document.publishing import (
    ALLOWED_ACTS,
    PublishingRefused,
    announce_section,
    close_section,
    open_section,
    withdraw_section,
)
from consult.document.windows import WindowState

Act = WindowRecord.Act
State = WindowState
Named = Callable[[str], Section]
IN = {
    State.UNPUBLISHED: "肆-二",
    State.ANNOUNCED: "貳",
    State.OPEN: "壹",
    State.CLOSED: "參",
}
VERBS: dict[WindowRecord.Act, Callable[..., list[Section]]] = {
    Act.ANNOUNCE: announce_section,
    Act.OPEN: open_section,
    Act.CLOSE: close_section,
    Act.WITHDRAW: withdraw_section,
}
AFTER = {
    Act.ANNOUNCE: State.ANNOUNCED,
    Act.OPEN: State.OPEN,
    Act.CLOSE: State.CLOSED,
    Act.WITHDRAW: State.UNPUBLISHED,
}


def state_of(section: Section, later: timedelta = timedelta(0)) -> WindowState:
    found = Section.objects.select_related("window").get(pk=section.pk)
    return found.state(at=timezone.now() + later)


@pytest.mark.parametrize("act", list(VERBS))
@pytest.mark.parametrize("state", list(State))
def test_the_transition_table_holds(
    section: Named, drafter: User, state: WindowState, act: WindowRecord.Act
) -> None:
    found = section(IN[state])
    records = found.window_records.count()
    # With no plan there is nothing to withdraw.
    if act not in ALLOWED_ACTS[state] or (state, act) == (State.UNPUBLISHED, Act.WITHDRAW):
        with pytest.raises(PublishingRefused):
            VERBS[act](found, actor=drafter)
        assert state_of(found) == state
        assert found.window_records.count() == records
        return
    VERBS[act](found, actor=drafter)
    assert state_of(found) == AFTER[act]
    record = found.window_records.latest("pk")
    assert (record.act, record.actor) == (act, drafter)


def test_the_table_in_the_docstring_is_the_table_in_the_code() -> None:
    rows = re.findall(r"^\| (\w+) \|(.+)\|$", publishing.__doc__ or "", re.MULTILINE)
    acts = [Act.ANNOUNCE, Act.OPEN, Act.CLOSE, Act.WITHDRAW]
    told = {
        State(state): {
            act for act, cell in zip(acts, cells.split("|"), strict=True) if cell.strip() != "–"
        }
        for state, cells in rows
    }
    assert told == {state: set(allowed) for state, allowed in ALLOWED_ACTS.items()}


@pytest.mark.parametrize(
    ("act", "ref"), [(Act.OPEN, "貳"), (Act.CLOSE, "壹"), (Act.WITHDRAW, "壹")]
)
def test_a_set_time_changes_nothing_before_it_comes(
    section: Named, drafter: User, act: WindowRecord.Act, ref: str
) -> None:
    found = section(ref)
    before = state_of(found)
    VERBS[act](found, actor=drafter, when=timezone.now() + timedelta(hours=2))
    assert state_of(found, timedelta(hours=1)) == before
    assert state_of(found, timedelta(hours=3)) == AFTER[act]


def test_an_announcement_can_be_planned_and_the_plan_dropped(section: Named, drafter: User) -> None:
    found = section("肆-二")
    announce_section(found, actor=drafter, when=timezone.now() + timedelta(hours=2))
    assert state_of(found) == State.UNPUBLISHED
    assert state_of(found, timedelta(hours=3)) == State.ANNOUNCED
    withdraw_section(found, actor=drafter)
    assert state_of(found, timedelta(hours=3)) == State.UNPUBLISHED


def test_subsections_follow_where_the_act_fits_them(section: Named, drafter: User) -> None:
    changed = close_section(section("肆"), actor=drafter)
    assert [found.ref for found in changed] == ["肆", "肆-一"]
    assert state_of(section("肆-二")) == State.UNPUBLISHED


def test_a_planned_opening_leaves_a_closed_subsection_as_it_is(
    section: Named, drafter: User
) -> None:
    close_section(section("肆-一"), actor=drafter)
    withdraw_section(section("肆"), actor=drafter, with_subsections=False)
    changed = open_section(section("肆"), actor=drafter, when=timezone.now() + timedelta(hours=2))
    assert [found.ref for found in changed] == ["肆", "肆-二"]
    assert state_of(section("肆-一"), timedelta(hours=3)) == State.CLOSED
    assert state_of(section("肆"), timedelta(hours=3)) == State.OPEN


def test_a_section_can_be_opened_without_its_subsections(section: Named, drafter: User) -> None:
    changed = open_section(section("伍"), actor=drafter, with_subsections=False)
    assert [found.ref for found in changed] == ["伍"]


def test_times_that_make_no_sense_are_refused(section: Named, drafter: User) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    refusals: tuple[Callable[[], object], ...] = (
        lambda: open_section(section("貳"), actor=drafter, when=now - hour),
        lambda: open_section(section("貳"), actor=drafter, closes_at=now - hour),
        lambda: announce_section(section("貳"), actor=drafter, opens_at=now - hour),
        lambda: announce_section(section("貳"), actor=drafter, closes_at=now + hour),
        lambda: announce_section(
            section("貳"), actor=drafter, opens_at=now + hour, closes_at=now + hour
        ),
        lambda: open_section(section("參"), actor=drafter, when=now + hour),
    )
    for refused in refusals:
        with pytest.raises(PublishingRefused):
            refused()
    assert state_of(section("貳")) == State.ANNOUNCED
    assert state_of(section("參")) == State.CLOSED


def test_publishing_changes_no_text(draft: Draft, section: Named, drafter: User) -> None:
    def text() -> list[tuple[str, str]]:
        return list(Provision.objects.filter(draft=draft).order_by("pk").values_list("ref", "text"))

    before = text()
    for ref in ("壹", "肆"):
        withdraw_section(section(ref), actor=drafter)
        open_section(section(ref), actor=drafter)
    assert text() == before


def test_records_keep_the_dates_of_each_act(section: Named, drafter: User) -> None:
    found = section("壹")
    ends = timezone.now() + timedelta(days=3)
    open_section(found, actor=drafter, closes_at=ends)
    close_section(found, actor=drafter)
    extended, closed = found.window_records.order_by("pk")[1:]
    assert extended.closes_at == ends
    assert closed.closes_at is not None
    assert closed.closes_at < ends
