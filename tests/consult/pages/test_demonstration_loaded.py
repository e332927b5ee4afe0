"""The demonstration as it stands in the database."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.groups import StakeholderGroup
from accounts.models import Mandate, Membership, Organisation, OrganisationRecord, User
from comments.models import (
    Comment,
    CommentVersion,
    Endorsement,
    ModerationRecord,
    Notification,
    Thread,
)
from comments.moderating import hide, waiting_comments
from comments.showing import DEEPEST_SHOWN, comment_views
from consult.document.models import Draft, Section
from consult.document.windows import WindowState
from consult.pages.demonstration.loading import load_demonstration
from consult.pages.demonstration.script import read_script
from consult.reports.requesting import request_report
from tests.cast import with_second_factor
from tests.comments.talk import assert_counts_equal_rows
from tests.consult.reports.making import make

pytestmark = [pytest.mark.usefixtures("loaded"), pytest.mark.django_db]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:  # noqa: ARG001 - must come first
    """Loaded once for all the tests here, which only read, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demonstration()
        yield
        transaction.set_rollback(True)


def states() -> dict[str, WindowState]:
    now = timezone.now()
    sections = Section.objects.select_related("window").in_reading_order()
    return {section.ref: section.state(at=now) for section in sections}


def test_three_sections_are_open_one_is_announced_and_the_rest_unpublished() -> None:
    top = {ref: state for ref, state in states().items() if "-" not in ref}
    assert top == {
        "壹": WindowState.OPEN,
        "貳": WindowState.UNPUBLISHED,
        "參": WindowState.OPEN,
        "肆": WindowState.OPEN,
        "伍": WindowState.UNPUBLISHED,
        "附錄一": WindowState.UNPUBLISHED,
        "附錄二": WindowState.ANNOUNCED,
    }
    assert {state for ref, state in states().items() if "-" in ref} == {WindowState.OPEN}


def test_sections_close_and_open_at_official_hours_ahead() -> None:
    now = timezone.now()
    windows = {
        section.ref: section.window_dates
        for section in Section.objects.select_related("window").filter(window__isnull=False)
    }
    assert all(dates.closes_at and dates.closes_at > now for dates in windows.values())
    closing = {timezone.localtime(dates.closes_at).time() for dates in windows.values()}
    assert closing == {dt.time(18)}
    opening = windows["附錄二"].opens_at
    assert opening is not None
    assert opening > now
    assert timezone.localtime(opening).time() == dt.time(9)


def test_the_draft_is_the_real_one() -> None:
    draft = Draft.objects.select_related("framework").get()
    assert draft.label == "114 年第 5 版（研修階段）"
    assert (draft.framework.code, draft.framework.owner_body) == ("tve", "教育部")
    assert draft.coordination_items.count() == 26
    assert draft.warnings == []


def test_everything_is_marked_and_every_address_verified() -> None:
    for model in (User, Organisation, Comment):
        assert set(model._default_manager.values_list("is_demonstration", flat=True)) == {True}
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == User.objects.count()
    today = timezone.localdate()
    verified = Organisation.objects.verified(on=today)
    assert Mandate.objects.in_force(on=today).count() == verified.count() == 16


def test_organisations_are_described_and_the_queue_is_not_empty() -> None:
    assert not Organisation.objects.filter(county="").exists()
    assert not Organisation.objects.exclude(group="school").filter(sector="").exists()
    assert not Organisation.objects.filter(group="school", school_level="").exists()
    (waiting,) = Organisation.objects.awaiting_decision().longest_waiting_first()
    (asked,) = Organisation.objects.filter(state=Organisation.State.INCOMPLETE)
    for found in (waiting, asked):
        assert found.applied_by is not None
        assert found.evidence_files.get().size > 1000
        assert not Mandate.objects.in_force(on=timezone.localdate()).filter(
            membership__organisation=found
        )
    assert asked.records.in_order().last().reason  # type: ignore[union-attr]
    assert not OrganisationRecord.objects.untold().exists()


def test_some_belong_without_a_mandate_and_one_waits_for_it() -> None:
    plain = Membership.objects.current().filter(role=Membership.Role.MEMBER)
    assert plain.values("organisation").distinct().count() == 4
    assert not Mandate.objects.in_force(on=timezone.localdate()).filter(membership__in=plain)
    waiting = Mandate.objects.awaiting_decision().get()
    assert (waiting.membership in plain, waiting.framework_codes) == (True, ["tve"])


def test_what_is_said_stands_where_and_when_it_should() -> None:
    script = read_script()
    comments = Comment.objects.select_related("thread__section", "thread__provision", "parent")
    assert comments.count() == len(script.comments)
    assert comments.exclude(anchor_exact="").count() == sum(
        bool(line.words) for line in script.comments
    )
    texts = {line.text for line in script.comments if not (line.hidden_by or line.withdrawn)}
    assert set(comments.shown().values_list("body", flat=True)) == texts
    now = timezone.now()
    for comment in comments:
        assert comment.created_at < now
        if comment.anchor_exact:
            provision = comment.thread.provision
            assert provision is not None
            marked = provision.text[comment.anchor_start : comment.anchor_end]
            assert marked == comment.anchor_exact
        if comment.parent:
            assert comment.parent.created_at < comment.created_at
    assert set(comments.values_list("group", flat=True)) == set(StakeholderGroup.values)
    assert comments.filter(as_drafter=True).exists()


def test_times_and_numbers_in_a_thread_run_alike() -> None:
    for thread in Thread.objects.prefetch_related("comments"):
        by_number = sorted(thread.comments.all(), key=lambda comment: comment.sequence)
        assert by_number == sorted(by_number, key=lambda comment: comment.created_at)
        # Each act takes one, also those that end a comment.
        endorsements = Endorsement.objects.filter(comment__thread=thread).count()
        acts = ModerationRecord.objects.filter(comment__thread=thread).count()
        changes = CommentVersion.objects.filter(comment__thread=thread).count()
        assert thread.sequence == len(by_number) + endorsements + acts + changes
    assert_counts_equal_rows()


def test_a_newcomer_finds_a_comment_in_every_state_that_one_can_be_in() -> None:
    shown = Comment.objects.shown()
    hidden, withdrawn = Comment.objects.exclude(pk__in=shown).order_by("state")
    assert (hidden.state, hidden.hidden_by_rule) == ("hidden", "advertising")
    assert withdrawn.state == "withdrawn"
    # Both leave the replies to them.
    assert shown.filter(parent__in=[hidden, withdrawn]).count() == 2
    (changed,) = shown.exclude(edited_at=None)
    assert [version.body for version in changed.versions.all()] != [changed.body]
    assert max(shown.values_list("depth", flat=True)) > DEEPEST_SHOWN
    proposing = shown.with_wording().select_related("thread__provision")
    assert len(proposing) >= 4
    for comment in proposing:
        (view,) = comment_views([comment], text=comment.thread.provision.text)  # type: ignore[union-attr]
        assert {stretch.kind for stretch in view.proposal} >= {"same", "inserted"}
    assert Endorsement.objects.filter(organisation=None).count() > 10
    assert Endorsement.objects.exclude(organisation=None).count() > 10
    on_the_whole = shown.filter(thread__section=None)
    assert on_the_whole.filter(parent=None).count() > 1
    assert on_the_whole.exclude(endorsement_count=0).exists()
    assert waiting_comments().count() == 1


def test_people_are_told_in_the_product_and_written_to_about_none_of_it() -> None:
    assert Notification.objects.filter(kind=Notification.Kind.ENDORSEMENT).exists()
    assert Notification.objects.filter(kind=Notification.Kind.MODERATION).exists()
    assert not Notification.objects.not_mailed().exists()
    assert not Comment.objects.filter(spread_at=None).exists()


def test_a_report_on_it_has_something_to_show_in_each_chapter() -> None:
    asker = User.objects.get(email="drafter@example.org")
    report = make(request_report(Draft.objects.get(), requested_by=asker))
    assert report.result
    found = report.result["chapters"]
    (campaign,) = found["campaigns"]["campaigns"]
    assert (campaign["comments"], campaign["texts"], len(campaign["own_sentences"])) == (6, 4, 1)
    surest = found["conflicts"]["clashes"][0]
    assert [surest[name] for name in ("place", "for", "against")] == ["肆-二-2", "school", "public"]
    assert surest["at_least"] > 0
    opinions = found["opinions"]
    assert opinions["people_enough"] >= 20
    assert len(opinions["groups"]) >= 2
    assert opinions["shared"]
    assert opinions["dividing"]
    keywords = {word for theme in found["themes"][""]["themes"] for word in theme["keywords"]}
    assert {"實習", "證照"} & keywords
    # A set phrase of the letter is no term.
    assert not any("遠道而來" in word for word in keywords)
    assert found["hot_spots"]["hottest"]
    assert found["wordings"]["proposals"]
    assert found["questions"]["open"]
    assert found["questions"]["answered"]


def test_what_all_agree_on_is_something_that_is_shown() -> None:
    drafter = User.objects.get(email="drafter@example.org")
    report = make(request_report(Draft.objects.get(), requested_by=drafter))
    client = Client()
    client.force_login(with_second_factor(drafter))

    def agreed() -> str:
        page = client.get(f"/reports/{report.public_id}/", headers={"accept-language": "en"})
        (line,) = re.findall("All groups of opinion agree:.*?</li>", page.content.decode())
        return str(re.search(r"/c/(\w+)/", line)[1])  # type: ignore[index]

    first = agreed()
    moderator = User.objects.get(email="moderator@example.org")
    hide(Comment.objects.get(reference=first), moderator=moderator, rule="advertising")
    assert agreed() != first
