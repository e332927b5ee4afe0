"""The desk: only its drafters, publishing by one form, who has spoken, and undo."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.groups import StakeholderGroup
from accounts.models import User
from consult.document.models import Draft, Framework, Section, WindowRecord
from consult.document.publishing import open_section
from consult.document.windows import WindowState
from consult.pages.desk_contexts import draft_desk
from consult.pages.window_acts import act_on_section
from consult.reports.models import ReportSchedule
from tests.cast import SECRET
from tests.consult.pages.test_front import said

DESK = "/desk/tve/1/"
WINDOW = DESK + "window/{}/"
PREVIEW = DESK + "preview/{}/"
OWN_PAGES = [DESK, WINDOW.format("肆"), PREVIEW.format("肆-二")]

Named = Callable[[str], Section]


@pytest.fixture
def site(drafter: User) -> Client:
    """The site as the drafter sees it."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(drafter)
    return client


def state(section: Section) -> WindowState:
    return Section.objects.get(pk=section.pk).state(at=timezone.now())


def local(moment: datetime) -> str:
    """As the site's picker sends it."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("address", OWN_PAGES)
def test_others_find_no_desk(
    address: str, visitor: User, moderator: User, client_for: Callable[[User], Client]
) -> None:
    for person in (visitor, moderator):
        assert client_for(person).get(address).status_code == 404
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", [DESK + "undo/", WINDOW.format("肆")])
def test_others_change_nothing(
    draft: Draft, address: str, visitor: User, client_for: Callable[[User], Client]
) -> None:
    before = WindowRecord.objects.count()
    assert client_for(visitor).post(address, {"act": "close"}).status_code == 404
    assert WindowRecord.objects.filter(section__draft=draft).count() == before


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize("address", ["/desk/", *OWN_PAGES])
def test_no_cache_keeps_the_desk(address: str, site: Client) -> None:
    answer = site.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_desk_lists_own_frameworks_only(draft: Draft, site: Client) -> None:
    Framework.objects.create(code="other", title="他人的綱領", owner_body="勞動部")
    page = site.get("/desk/").content.decode()
    assert draft.framework.title in page
    assert "他人的綱領" not in page


def test_without_a_framework_the_desk_says_so(
    visitor: User, client_for: Callable[[User], Client]
) -> None:
    page = client_for(visitor).get("/desk/", headers={"accept-language": "en"}).content.decode()
    assert "You draft no framework" in page


@pytest.mark.usefixtures("draft")
def test_the_preview_shows_unpublished_text_and_says_so(site: Client) -> None:
    page = site.get(PREVIEW.format("肆-二")).content.decode()
    assert f"{SECRET}尚未公開的內文" in page
    assert "Only the drafters of this framework see this page" in page
    # The reading page's own blocks, without a way to comment.
    assert 'class="provision provision--' in page
    assert "data-talk" not in page


def test_opening_now(site: Client, draft: Draft, section: Named) -> None:
    closes_at = timezone.now() + timedelta(days=14)
    answer = site.post(
        WINDOW.format("肆-二"), {"act": "open", "when": "", "closes_at": local(closes_at)}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == DESK
    found = Section.objects.select_related("window").get(pk=section("肆-二").pk)
    assert state(found) == WindowState.OPEN
    assert found.window.closes_at == closes_at.replace(second=0, microsecond=0)
    record = WindowRecord.objects.filter(section__draft=draft).latest("pk")
    assert record.actor is not None
    assert record.actor.display_name == "drafter"


def test_a_time_is_taipeis(site: Client, section: Named) -> None:
    day = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%d")
    site.post(WINDOW.format("肆-二"), {"act": "open", "when": f"{day}T09:00"})
    opens_at = section("肆-二").window_dates.opens_at
    assert opens_at is not None
    assert opens_at.isoformat().startswith(f"{day}T01:00:00+00:00")
    assert state(section("肆-二")) == WindowState.UNPUBLISHED


def test_alone_or_with_its_subsections(site: Client, section: Named) -> None:
    site.post(WINDOW.format("肆"), {"act": "close"})
    assert (state(section("肆")), state(section("肆-一"))) == (WindowState.CLOSED, WindowState.OPEN)
    site.post(WINDOW.format("肆"), {"act": "withdraw", "with_subsections": "on"})
    assert state(section("肆-一")) == WindowState.UNPUBLISHED


def test_what_is_refused_says_why_and_keeps_what_was_typed(site: Client, section: Named) -> None:
    past = local(timezone.now() - timedelta(days=1))
    answer = site.post(WINDOW.format("肆-二"), {"act": "open", "when": past})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That time has passed" in page
    assert f'value="{past}"' in page
    assert "checked" in page
    assert state(section("肆-二")) == WindowState.UNPUBLISHED


@pytest.mark.usefixtures("draft")
def test_an_act_must_be_chosen(site: Client) -> None:
    answer = site.post(WINDOW.format("肆"), {"act": ""})
    assert answer.status_code == 422
    assert 'href="#id_act_0"' in answer.content.decode() or "There is a problem" in (
        answer.content.decode()
    )


@pytest.mark.parametrize(
    ("ref", "acts"),
    [
        ("肆-二", ["announce", "open"]),
        ("貳", ["announce", "open", "withdraw"]),
        ("肆", ["open", "close", "withdraw"]),
        ("參", ["open", "withdraw"]),
        ("陸", ["announce", "open"]),
    ],
)
@pytest.mark.usefixtures("draft")
def test_only_acts_that_fit_are_offered(site: Client, ref: str, acts: list[str]) -> None:
    page = site.get(WINDOW.format(ref)).content.decode()
    offered = [a for a in ("announce", "open", "close", "withdraw") if f'value="{a}"' in page]
    assert offered == acts


@pytest.mark.usefixtures("draft")
def test_the_form_alone_for_the_table(site: Client) -> None:
    page = site.get(WINDOW.format("肆"), headers={"x-fragment": "form"}).content.decode()
    assert "<form" in page
    assert "<html" not in page


def test_undo(site: Client, draft: Draft, section: Named) -> None:
    site.post(WINDOW.format("肆"), {"act": "withdraw", "with_subsections": "on"})
    assert state(section("肆-一")) == WindowState.UNPUBLISHED
    page = site.get(DESK).content.decode()
    assert "and 1 more section" in page
    change = draft_desk(draft, at=timezone.now()).change
    assert change is not None
    assert f'value="{change.recorded_at.isoformat()}"' in page
    answer = site.post(DESK + "undo/", {"recorded_at": change.recorded_at.isoformat()})
    assert answer.status_code == 302
    assert state(section("肆-一")) == WindowState.OPEN
    again = site.post(DESK + "undo/", {"recorded_at": change.recorded_at.isoformat()})
    assert again.status_code == 422
    assert "Something else was changed since" in again.content.decode()


def test_who_has_spoken_where(draft: Draft, section: Named, visitor: User) -> None:
    said(section("肆-一"), visitor, times=4)
    said(section("壹"), visitor)
    matrix = draft_desk(draft, at=timezone.now()).matrix
    rows = {row.section.ref: row for row in matrix.rows if row.section}
    public = [value for value, _ in matrix.groups].index(StakeholderGroup.PUBLIC)
    assert [cell.count for cell in rows["肆-一"].cells] == [0] * public + [4]
    assert (rows["肆-一"].cells[public].heat, rows["壹"].cells[public].heat) == (4, 1)
    assert rows["參"].total == 0
    assert (matrix.total, len(matrix.silent)) == (5, len(StakeholderGroup) - 1)
    assert "貳" not in rows


def test_new_since_yesterday_and_closing_soon(
    draft: Draft, section: Named, visitor: User, drafter: User
) -> None:
    said(section("壹"), visitor, times=2)
    soon = timezone.now() + timedelta(days=2)
    open_section(section("肆"), actor=drafter, closes_at=soon)
    desk = draft_desk(draft, at=timezone.now())
    assert desk.new_comments == 2
    # 肆-二 is opened with its parent; it closes with it and isn't named again.
    assert [line.section.ref for line in desk.closing_soon] == ["肆"]
    later = draft_desk(draft, at=timezone.now() + timedelta(days=1, minutes=1))
    assert later.new_comments == 0


@pytest.mark.parametrize("address", ["/desk/", *OWN_PAGES])
def test_pages_cost_the_same_whatever_was_said(
    draft: Draft, site: Client, address: str, visitor: User, drafter: User
) -> None:
    said(draft.sections.get(ref="壹"), visitor)
    site.get(address)
    with CaptureQueriesContext(connection) as few:
        site.get(address)
    for found in draft.sections.all():
        said(found, visitor, times=4)
        open_section(found, actor=drafter, with_subsections=False)
    with CaptureQueriesContext(connection) as many:
        site.get(address)
    assert len(many) == len(few) <= 18


def test_every_act_of_the_form_has_its_verb(unpublished_draft: Draft, drafter: User) -> None:
    first = unpublished_draft.sections.get(ref="壹")
    opens_at = timezone.now() + timedelta(days=1)
    for act, expected in (
        ("announce", WindowState.ANNOUNCED),
        ("open", WindowState.OPEN),
        ("close", WindowState.CLOSED),
        ("withdraw", WindowState.UNPUBLISHED),
    ):
        chosen = {
            "act": act,
            "when": None,
            "opens_at": opens_at,
            "closes_at": None,
            "with_subsections": True,
        }
        act_on_section(Section.objects.get(pk=first.pk), actor=drafter, chosen=chosen)
        assert state(first) == expected


SCHEDULE = DESK + "reports/schedule/"


def ticked(site: Client) -> list[str]:
    """The boxes of the desk's schedule of reports that are ticked."""
    page = site.get(DESK).content.decode()
    boxes = re.findall(r'<input type="checkbox" name="(is_\w+)"([^>]*)>', page)
    assert [name for name, _ in boxes] == ["is_daily", "is_at_closing"]
    return [name for name, more in boxes if "checked" in more]


@pytest.mark.usefixtures("draft")
def test_drafters_choose_which_reports_are_made_by_themselves(site: Client) -> None:
    assert ticked(site) == ["is_daily", "is_at_closing"]
    answer = site.post(SCHEDULE, {"is_at_closing": "on"}, follow=True)
    assert answer.redirect_chain == [(DESK + "#reports", 302)]
    assert "Your choice is kept." in answer.content.decode()
    assert ticked(site) == ["is_at_closing"]
    # An empty form is a choice, too.
    site.post(SCHEDULE, {})
    assert ticked(site) == []


def test_others_choose_no_reports(
    draft: Draft, visitor: User, client_for: Callable[[User], Client]
) -> None:
    assert client_for(visitor).post(SCHEDULE, {}).status_code == 404
    assert not ReportSchedule.objects.filter(draft=draft).exists()


@pytest.mark.usefixtures("draft")
def test_the_schedule_is_only_changed_from_the_site(drafter: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(drafter)
    assert client.post(SCHEDULE, {}).status_code == 403
