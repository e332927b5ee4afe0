"""Django's admin opens for administrators alone, and changes no record."""

import pytest
from django.test import Client

from accounts.models import Organisation, User
from consult.document.models import Draft
from tests.cast import person


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize(
    "table",
    [
        "accounts/user",
        "accounts/organisation",
        "accounts/organisationrecord",
        "accounts/evidencefile",
        "accounts/membership",
        "accounts/mandate",
        "accounts/auditrecord",
        "consult/framework",
        "consult/draft",
        "consult/window",
        "consult/windowrecord",
        "consult/report",
        "comments/comment",
    ],
)
def test_lists_open(administrator: User, drafter: User, table: str) -> None:
    client = Client()
    client.force_login(administrator)
    assert client.get(f"/admin/{table}/").status_code == 200
    client.force_login(drafter)
    assert client.get(f"/admin/{table}/").status_code == 302


def test_records_are_shown_only(administrator: User, draft: Draft) -> None:
    client = Client()
    client.force_login(administrator)
    window = draft.sections.get(ref="壹").window
    page = f"/admin/consult/window/{window.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 403
    assert client.get("/admin/consult/window/add/").status_code == 403


def test_an_organisations_state_is_changed_in_the_office_alone(
    administrator: User, association: Organisation
) -> None:
    client = Client()
    client.force_login(administrator)
    page = f"/admin/accounts/organisation/{association.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "新名", "state": "refused"}).status_code == 403
    assert client.post(f"/admin/accounts/organisation/{association.pk}/delete/").status_code == 403
    association.refresh_from_db()
    assert association.is_verified()


def test_roles_are_shown_only(administrator: User, visitor: User, draft: Draft) -> None:
    client = Client()
    client.force_login(administrator)
    framework = f"/admin/consult/framework/{draft.framework_id}/change/"
    page = client.get(framework).content.decode()
    assert "drafter_set-0" in page
    assert 'name="drafter_set-0-user"' not in page
    added = {
        "title": "技職綱領",
        "code": "tve",
        "owner_body": "教育部",
        "drafter_set-TOTAL_FORMS": "2",
        "drafter_set-INITIAL_FORMS": "1",
        "drafter_set-1-user": visitor.pk,
    }
    client.post(framework, added)
    assert not draft.framework.drafters.filter(pk=visitor.pk).exists()
    account = f"/admin/accounts/user/{visitor.pk}/change/"
    changed = {"display_name": "visitor", "is_active": "on", "is_staff": "on", "is_moderator": "on"}
    assert client.post(account, changed).status_code == 302
    visitor.refresh_from_db()
    assert not visitor.is_staff
    assert not visitor.is_moderator


def test_there_is_one_door_to_sign_in_by(administrator: User) -> None:
    """Where guessing is limited, and an address must be verified."""
    client = Client()
    answer = client.post("/admin/login/", {"username": administrator.email, "password": "x"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    client.force_login(person("anyone"))
    assert client.get("/admin/login/").status_code == 403
