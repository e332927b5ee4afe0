"""The last publishing act can be taken back, exactly."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import User
from consult.document.models import Draft, Section, WindowRecord
from consult.document.publishing import (
    PublishingRefused,
    announce_section,
    close_section,
    open_section,
    withdraw_section,
)
from consult.document.undoing import last_change, take_back_change
from consult.document.windows import WindowDates, WindowState


def dates(draft: Draft) -> dict[str, WindowDates]:
    return {s.ref: s.window_dates for s in draft.sections.select_related("window")}


def take_back_last(draft: Draft, actor: User) -> list[Section]:
    change = last_change(draft)
    assert change is not None
    return take_back_change(draft, recorded_at=change.recorded_at, actor=actor)


@pytest.mark.parametrize(
    ("act", "ref"), [(close_section, "肆"), (withdraw_section, "肆"), (open_section, "參")]
)
def test_each_section_has_its_former_dates_again(
    draft: Draft,
    drafter: User,
    section: Callable[[str], Section],
    act: Callable[..., list[Section]],
    ref: str,
) -> None:
    before = dates(draft)
    changed = act(section(ref), actor=drafter)
    assert dates(draft) != before
    assert take_back_last(draft, drafter) == changed
    assert dates(draft) == before


@pytest.mark.parametrize("act", [open_section, announce_section])
def test_what_was_never_shown_is_hidden_again(
    unpublished_draft: Draft, drafter: User, act: Callable[..., list[Section]]
) -> None:
    first = unpublished_draft.sections.get(ref="壹")
    act(first, actor=drafter)
    take_back_last(unpublished_draft, drafter)
    found = Section.objects.get(pk=first.pk)
    assert found.state(at=timezone.now()) == WindowState.UNPUBLISHED


def test_it_is_recorded_and_not_taken_back_in_turn(
    draft: Draft, drafter: User, section: Callable[[str], Section]
) -> None:
    close_section(section("壹"), actor=drafter)
    take_back_last(draft, drafter)
    change = last_change(draft)
    assert change is not None
    assert (change.act, change.actor) == (WindowRecord.Act.TAKE_BACK, drafter)
    with pytest.raises(PublishingRefused):
        take_back_last(draft, drafter)


def test_a_later_act_stands_in_the_way(
    draft: Draft, drafter: User, section: Callable[[str], Section]
) -> None:
    close_section(section("壹"), actor=drafter)
    change = last_change(draft)
    assert change is not None
    close_section(section("肆"), actor=drafter)
    before = dates(draft)
    with pytest.raises(PublishingRefused):
        take_back_change(draft, recorded_at=change.recorded_at, actor=drafter)
    assert dates(draft) == before


def test_nothing_was_done_yet(unpublished_draft: Draft, drafter: User) -> None:
    assert last_change(unpublished_draft) is None
    with pytest.raises(PublishingRefused):
        take_back_change(unpublished_draft, recorded_at=timezone.now(), actor=drafter)
