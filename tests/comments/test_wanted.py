"""What an address asks of a thread is read as it was written, and nonsense is left out."""

import uuid
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.wanted import ORDERS, Cursor, Wanted

numbers = st.integers(1, 10**15)
references = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8)
cursors = st.builds(Cursor, numbers, st.integers(0, 10**6))
wanted = st.builds(
    Wanted,
    order=st.sampled_from(ORDERS),
    stance=st.sampled_from(["", *Comment.Stance.values]),
    group=st.sampled_from(["", *StakeholderGroup.values]),
    organisation=st.one_of(st.just(""), st.uuids().map(str)),
    wording=st.booleans(),
    unanswered=st.booleans(),
    mine=st.booleans(),
    after=st.one_of(st.none(), cursors),
    branch=st.one_of(st.just(0), numbers),
    behind=st.one_of(st.just(""), references),
    at=st.one_of(st.just(""), references),
)


def read(query: str) -> Wanted:
    return Wanted.read(dict(parse_qsl(query.removeprefix("?"))))


@given(wanted)
def test_what_is_written_is_read_again(asked: Wanted) -> None:
    assert read(asked.query) == asked


@given(st.dictionaries(st.sampled_from(list(Wanted.__dataclass_fields__)), st.text()))
def test_any_address_asks_for_something(asked: dict[str, str]) -> None:
    found = Wanted.read(asked)
    assert read(found.query) == found


@pytest.mark.parametrize("text", ["", "-", "0", "x", "-5", "5-", "1-2-3", "²", "9" * 19, "1-0"])
def test_a_cursor_is_two_numbers_at_most(text: str) -> None:
    assert Cursor.read(text) in (None, Cursor(5))
    assert Wanted.read({"after": text}).query in ("", "?after=5")


def test_another_choice_begins_at_the_beginning_and_keeps_the_rest() -> None:
    organisation = str(uuid.uuid4())
    asked = Wanted(
        order="newest", stance="oppose", organisation=organisation, after=Cursor(7), at="A" * 8
    )
    other = asked.but(stance="support")
    assert (other.order, other.stance, other.organisation) == ("newest", "support", organisation)
    assert (other.after, other.at) == (None, "")
    assert asked.going_on(Cursor(3)).after == Cursor(3)
