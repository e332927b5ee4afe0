"""Whoever holds an office needs a second factor; the page that says so leads there and back."""

import pytest
from allauth.mfa.models import Authenticator
from django.http import Http404
from django.utils import timezone

from accounts.access import (
    SecondFactorNeeded,
    has_second_factor,
    require_administrator,
    require_moderator,
)
from accounts.models import User
from consult.document import access
from consult.document.models import Draft
from tests.accounts.visits import text_of, visit
from tests.cast import person, with_second_factor

pytestmark = pytest.mark.django_db
Type = Authenticator.Type


@pytest.fixture
def careless(draft: Draft) -> User:
    """Drafts, moderates and administers with a password alone."""
    user = person("careless", is_moderator=True, is_staff=True, is_superuser=True)
    draft.framework.drafters.add(user)
    return user


@pytest.mark.parametrize(
    ("types", "enough"),
    [
        ([], False),
        ([Type.RECOVERY_CODES], False),
        ([Type.TOTP], True),
        ([Type.WEBAUTHN, Type.RECOVERY_CODES], True),
    ],
)
def test_what_a_second_factor_is(visitor: User, types: list[str], enough: bool) -> None:  # noqa: FBT001
    for each in types:
        Authenticator.objects.create(user=visitor, type=each, data={})
    assert has_second_factor(visitor) is enough


def test_anothers_factor_does_not_count(visitor: User) -> None:
    with_second_factor(person("other"))
    assert not has_second_factor(visitor)


def test_the_demonstrations_accounts_are_exempt(visitor: User) -> None:
    visitor.is_demonstration = True
    assert has_second_factor(visitor)


def test_an_office_asks_for_it(careless: User, draft: Draft) -> None:
    with pytest.raises(SecondFactorNeeded):
        require_administrator(careless)
    with pytest.raises(SecondFactorNeeded):
        require_moderator(careless)
    with pytest.raises(SecondFactorNeeded):
        access.draft_to_change(careless, code="tve", number=draft.number)
    with pytest.raises(SecondFactorNeeded):
        access.section_to_change(careless, code="tve", number=draft.number, ref="伍")
    with pytest.raises(SecondFactorNeeded):
        access.frameworks_to_change(careless)
    with_second_factor(careless)
    assert require_administrator(careless) == require_moderator(careless) == careless
    assert access.draft_to_change(careless, code="tve", number=draft.number) == draft
    assert access.frameworks_to_change(careless) == [draft.framework]


def test_who_holds_no_office_learns_nothing_of_it(visitor: User, draft: Draft) -> None:
    for load in (
        lambda: require_administrator(visitor),
        lambda: require_moderator(visitor),
        lambda: access.draft_to_change(visitor, code="tve", number=draft.number),
    ):
        with pytest.raises(Http404):
            load()
    assert access.frameworks_to_change(visitor) == []


@pytest.mark.parametrize(
    "address",
    [
        "/desk/",
        "/desk/tve/1/",
        "/desk/tve/1/window/肆/",
        "/desk/tve/1/preview/伍/",
        "/desk/tve/1/reports/",
        "/admin/",
        "/admin/accounts/user/",
        "/admin/login/",
    ],
)
def test_the_page_says_why_and_leads_back(careless: User, address: str) -> None:
    browser = visit()
    browser.force_login(careless)
    answer = browser.get(address)
    assert answer.status_code == 403
    page = text_of(answer)
    assert "a password alone is not enough" in page
    assert "/accounts/2fa/totp/activate/" in page
    with_second_factor(careless)
    page = text_of(browser.get("/accounts/2fa/"))
    assert "Go on to the page you wanted" in page
    back = browser.get("/accounts/me/back/")
    assert back.headers["Location"] == browser.get(address).wsgi_request.get_full_path()
    assert browser.get(back.headers["Location"]).status_code in (200, 302)
    assert browser.get("/accounts/me/back/").headers["Location"] == "/accounts/me/"


def test_a_refused_form_changes_nothing_and_is_not_sent_again(careless: User, draft: Draft) -> None:
    browser = visit()
    browser.force_login(careless)
    answer = browser.post("/desk/tve/1/window/肆-二/", {"act": "open"})
    assert answer.status_code == 403
    assert not draft.sections.open(at=timezone.now()).filter(ref="肆-二").exists()
    assert browser.get("/accounts/me/back/").headers["Location"] == "/accounts/me/"


def test_any_other_refusal_keeps_its_page(visitor: User) -> None:
    browser = visit()
    browser.force_login(visitor)
    answer = browser.get("/admin/login/")
    assert answer.status_code == 403
    assert "second factor" not in text_of(answer)
