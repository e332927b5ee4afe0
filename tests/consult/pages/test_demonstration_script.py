"""The demonstration as it is written down fits the real text, the calendar and the cast."""

import datetime as dt
from collections import Counter
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from accounts.groups import StakeholderGroup
from comments.models import Comment
from comments.nearness import are_near, bare
from comments.rules import Rule
from consult.document.outline import Outline, every_section
from consult.document.reading import read_outline
from consult.pages.demonstration.script import (
    ANNOUNCED,
    NINE,
    OPEN,
    TEXT,
    WHOLE,
    CommentLine,
    days_before,
    read_script,
)

TAIPEI = ZoneInfo("Asia/Taipei")
SCRIPT = read_script()
BY_KEY = {line.key: line for line in SCRIPT.comments}
LETTER = [line for line in SCRIPT.comments if line.key.startswith("letter-")]
# The hours at which a day's edge could put something wrong.
LOADINGS = [dt.datetime(2025, 11, 23, hour, 5, tzinfo=TAIPEI) for hour in (0, 3, 12, 23)]


@pytest.fixture(scope="module")
def outline() -> Outline:
    return read_outline(TEXT.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def texts(outline: Outline) -> dict[str, str]:
    """What each reference stands for; a section as a whole has no words of its own."""
    sections = list(every_section(outline.sections))
    return {section.ref: "" for section in sections} | {
        provision.ref: provision.text for section in sections for provision in section.provisions
    }


def depth(line: CommentLine) -> int:
    return 1 + depth(BY_KEY[line.reply_to]) if line.reply_to else 0


def root(line: CommentLine) -> CommentLine:
    return root(BY_KEY[line.reply_to]) if line.reply_to else line


def test_names_are_used_once() -> None:
    for lines in (SCRIPT.organisations, SCRIPT.people, SCRIPT.comments):
        assert max(Counter(line.key for line in lines).values()) == 1
    for names in (SCRIPT.organisations, SCRIPT.people):
        assert max(Counter(line.name for line in names).values()) == 1


def test_no_organisation_can_be_taken_for_a_real_one() -> None:
    assert [line.name for line in SCRIPT.organisations if not line.name.startswith("示範")] == []


def test_there_are_two_or_three_verified_organisations_of_each_group() -> None:
    counts = Counter(line.group for line in SCRIPT.organisations if line.is_verified)
    assert set(counts) == set(StakeholderGroup.values) - {StakeholderGroup.PUBLIC}
    assert set(counts.values()) <= {2, 3}


def test_one_drafts_one_moderates_and_everyone_can_be_tried() -> None:
    roles = Counter(line.role for line in SCRIPT.people)
    assert roles["drafter"] == roles["moderator"] == roles["administrator"] == 1
    assert {line.role for line in SCRIPT.people if line.sign_in} == set(roles)


def test_each_organisation_has_someone_to_speak_for_it() -> None:
    assert Counter(
        line.organisation for line in SCRIPT.people if line.role == "representative"
    ) == Counter(line.key for line in SCRIPT.organisations)


def test_every_comment_is_about_something_that_is_open(texts: dict[str, str]) -> None:
    opened = tuple(opening.ref for opening in OPEN)
    for line in SCRIPT.comments:
        assert bool(line.on) != bool(line.reply_to), line.key
        if root(line).on != WHOLE:
            assert root(line).on in texts, line.key
            assert root(line).on.split("-")[0] in opened, line.key


def test_the_words_commented_on_stand_there_once(texts: dict[str, str]) -> None:
    anchored = [line for line in SCRIPT.comments if line.words]
    assert len(anchored) > 30
    assert [line.key for line in anchored if texts[line.on].count(line.words) != 1] == []


@pytest.mark.parametrize("loaded_at", LOADINGS)
def test_all_was_said_in_the_past_in_order_and_while_the_section_was_open(
    loaded_at: dt.datetime,
) -> None:
    opened = {o.ref: days_before(loaded_at, days=o.opens, at=NINE) for o in OPEN}
    opened[WHOLE] = min(opened.values())
    for line in SCRIPT.comments:
        moment = line.moment(loaded_at=loaded_at)
        assert opened[root(line).on.split("-")[0]] < moment < loaded_at, line.key
        if line.reply_to:
            assert BY_KEY[line.reply_to].moment(loaded_at=loaded_at) < moment, line.key


@pytest.mark.parametrize("loaded_at", LOADINGS)
def test_all_was_done_in_the_past_by_others_than_the_author(loaded_at: dt.datetime) -> None:
    steps = SCRIPT.in_order(loaded_at=loaded_at)
    assert all(step.at < loaded_at for step in steps)
    assert {step.act for step in steps} == {
        *("post", "endorse", "report", "hide", "change", "withdraw")
    }
    for step in steps:
        by_author = step.act in ("post", "change", "withdraw")
        assert (step.by == step.line.by) == by_author, step.line.key
    for line in SCRIPT.comments:
        assert len(set(line.endorsed_by)) == len(line.endorsed_by), line.key
        assert line.words or not line.proposes, line.key
        assert line.hidden_by in ("", *Rule.values), line.key
        # A tombstone is not endorsed, and nothing stays marked for it.
        if line.hidden_by or line.withdrawn:
            assert (line.endorsed_by, line.words, line.first) == ((), "", ""), line.key


def test_nothing_that_is_announced_has_opened() -> None:
    for loaded_at in LOADINGS:
        assert days_before(loaded_at, days=ANNOUNCED.opens, at=NINE) > loaded_at


def test_it_is_a_discussion() -> None:
    depths = Counter(depth(line) for line in SCRIPT.comments)
    assert depths[0] >= 35
    assert depths.total() - depths[0] >= 20
    assert max(depths) >= 5
    assert {line.stance for line in SCRIPT.comments} == set(Comment.Stance.values)
    assert sum(line.by == "drafter" for line in SCRIPT.comments) >= 4


def test_comments_are_short_and_long_and_never_the_same() -> None:
    lengths = sorted(len(line.text) for line in SCRIPT.comments)
    assert lengths[0] >= 20
    assert 200 <= lengths[-1] <= 400
    texts = [line.text for line in SCRIPT.comments if line not in LETTER]
    assert len(set(texts)) == len(texts)


def test_one_letter_is_handed_on_and_nothing_else_is_nearly_the_same() -> None:
    texts = [bare(line.text) for line in SCRIPT.comments]
    pairs = np.array([*combinations(range(len(texts)), 2)])
    near = pairs[are_near(texts, pairs)].tolist()
    places = [place for place, line in enumerate(SCRIPT.comments) if line in LETTER]
    assert near == [list(pair) for pair in combinations(places, 2)]
    assert len({line.by for line in LETTER}) == len(LETTER)
    assert max(Counter(line.text for line in LETTER).values()) == 3
    assert len({line.day for line in LETTER}) == 3
    assert sum(bool(line.endorsed_by) for line in LETTER) == 2


def test_they_come_over_two_weeks_and_round_the_clock() -> None:
    moments = [line.moment(loaded_at=LOADINGS[2]) for line in SCRIPT.comments]
    assert len({moment.date() for moment in moments}) >= 14
    assert len({moment.hour for moment in moments}) >= 12


def test_every_stakeholder_group_speaks() -> None:
    groups = {line.key: line.group for line in SCRIPT.organisations} | {"": "public"}
    people = {line.key: line for line in SCRIPT.people}
    spoken = {
        groups[people[line.by].organisation if people[line.by].role == "representative" else ""]
        for line in SCRIPT.comments
    }
    assert spoken == set(StakeholderGroup.values)
